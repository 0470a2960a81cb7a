"""Ledgers for tests, in memory and in the words of the journal: what is given, and what is refused."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.book import Book
from ledger.errors import LedgerError
from ledger.journal import read_line
from ledger.moments import end_of, parse_day
from ledger.position.fold import fold
from ledger.position.state import Position
from ledger.position.stock import Notice
from ledger.terms import Terms
from ledger.terms_file import read_terms, validated
from ledger.timeline import Recorded

FIRST_RECORDED = datetime(2002, 1, 2, 15, 0, tzinfo=UTC)
"""When the first journal line of a ledger in memory is recorded; each further one is a second later."""

SERIES_H = read_terms()
"""The terms of the certificate under the default readings."""

COMMON: dict[str, Any] = {
    "event": "CommonStockOpened",
    "effective": "2001-04-12",
    "outstanding": "35000000",
    "authorized": "230000000",
    "par_value": "0.05",
}
"""The Common Stock when the ledger opens, as design and fixtures assume it: 35,000,000 outstanding."""


def reading(**choices: str) -> Terms:
    """The terms with other readings chosen: `reading(day_count="Actual/360")`."""
    data = SERIES_H.data()
    data["readings"] = {**data["readings"], **{name.replace("_", "-"): choice for name, choice in choices.items()}}
    return validated(data)


def issued(
    shares: str = "5100", certificate: str = "H-1", holder: str = "Holder A", on: str = "2001-04-12"
) -> dict[str, Any]:
    """A journal line that issues shares."""
    return {
        "event": "PreferredSharesIssued",
        "effective": on,
        "holder": holder,
        "certificate": certificate,
        "shares": shares,
    }


def telecopied(
    at: str, *surrendered: tuple[str, str], notice: str = "N-1", holder: str = "Holder A", **more: Any
) -> dict[str, Any]:
    """A journal line for a notice that converts (certificate, shares)."""
    listed = [{"certificate": certificate, "shares": shares} for certificate, shares in surrendered]
    line = {"event": "NoticeOfConversionReceived", "effective": at, "notice": notice, "holder": holder}
    return {**line, "surrendered": listed, **more}


def on_notice(event: str, at: str, notice: str = "N-1", **more: Any) -> dict[str, Any]:
    """A journal line for what happened to a notice."""
    return {"event": event, "effective": at, "notice": notice, **more}


NOTICE = telecopied("2001-11-09T09:30:00-05:00", ("H-1", "1000"))
"""A notice of 1,000 shares on Friday 9 November 2001, in business hours."""

ORIGINALS = on_notice("OriginalsReceived", "2001-11-09T10:00:00-05:00")
"""Its originals, half an hour later: the window ends on Thursday the 15th at 17:00:00."""

AFTER = "2001-11-15T17:00:01-05:00"
"""The first second after that window."""

REVOKED = on_notice("NoticeOfConversionRevoked", AFTER)
"""The notice revoked at that second."""


def delivered(at: str, **more: Any) -> dict[str, Any]:
    """A journal line for the delivery of the Common due on 1,000 shares."""
    return on_notice("CommonSharesDelivered", at, shares="1388890", **more)


def instructed(at: str) -> dict[str, Any]:
    """A journal line for contacting the transfer agent."""
    return on_notice("TransferAgentInstructed", at)


def transferred(effective: str, *into: tuple[str, str, str]) -> dict[str, Any]:
    """A journal line that divides H-1 into (holder, certificate, shares)."""
    parts = [{"holder": holder, "certificate": number, "shares": shares} for holder, number, shares in into]
    return {"event": "PreferredSharesTransferred", "effective": effective, "certificate": "H-1", "into": parts}


CONVERTED = (COMMON, issued(), NOTICE, ORIGINALS)
"""5,100 shares on H-1, 1,000 of them converted by that notice."""


def sold(on: str, shares: str, cash: str, **more: Any) -> dict[str, Any]:
    """A journal line for Common Stock issued for cash."""
    return {"event": "CommonSharesIssued", "effective": on, "shares": shares, "cash": cash, **more}


def record(book: Book, *lines: Mapping[str, Any]) -> Book:
    """Record further lines in a ledger in memory, each decided in turn."""
    for line in lines:
        recorded = FIRST_RECORDED + timedelta(seconds=len(book.record))
        book.admit(Recorded(book.last + 1, recorded, read_line(json.dumps(line), "the test")))
    return book


def given(*lines: Mapping[str, Any], terms: Terms = SERIES_H) -> Book:
    """A ledger in memory with some lines recorded; the first line is entry 2."""
    return record(Book(terms), *lines)


def on(book: Book, day: str) -> Position:
    """The position at the end of a day."""
    return book.position_before(end_of(parse_day(day)))


def refused(book: Book, line: Mapping[str, Any]) -> str:
    """The name of the error a line is refused with; the ledger must be as it was."""
    last, steps = book.last, list(book.timeline.steps)
    with pytest.raises(LedgerError) as refusal:
        record(book, line)
    assert (book.last, book.timeline.steps) == (last, steps)
    assert book.position == fold(book.terms, book.timeline.days, steps)
    return refusal.value.name


def notice_on(book: Book, day: str) -> Notice:
    """The notice N-1 at the end of a day."""
    return on(book, day).notices["N-1"]
