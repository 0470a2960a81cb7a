"""The answer of `captable asof DAY`: the three figures of the mission, and all that hangs on them, on one day."""

from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from ledger.head import Head
from ledger.readings.registered import REGISTERED
from projections import accrued_dividends, common_stock, conversion_rate, outstanding_shares
from projections.findings.every import open_findings
from projections.holders import holders, preference
from projections.pending import pending_conversions, redemptions
from projections.question import Question

if TYPE_CHECKING:  # a book decides too, and who only asks needs none of what it takes to do so
    from ledger.book import Book

SCHEMA = "captable/asof/1"


def answer(book: "Book", day: date, known_at: datetime | None = None, head: Head | None = None) -> dict[str, Any]:
    """What was so at the end of a day, as known at an instant; `answer_to` says what is in it."""
    return answer_to(Question.ask(book, day, known_at), head)


def answer_to(question: Question, head: Head | None = None) -> dict[str, Any]:
    """The answer to a question about a day: the JSON tree that outsiders rely on.

    Every quantity is a string: shares as a plain decimal (or `n/d` where it has none), money as dollars rounded half up
    to the cent beside the exact fraction. `head` is the last entry known and its hash, from the store.
    """
    position, known_at = question.position, question.known_at
    return {
        "schema": SCHEMA,
        "as_of": question.day.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "head": {"entry": question.book.last, "sha256": head.sha256 if head else None},
        "preferred": {
            **outstanding_shares.series(position),
            "holders": holders(question),
            "certificates": outstanding_shares.certificates(chain.from_iterable(question.holdings.values())),
        },
        "dividends": accrued_dividends.of_series(question),
        "conversion_rate": conversion_rate.rate(position),
        "common": common_stock.common(position),
        "liquidation_preference": preference(question),
        "pending_conversions": pending_conversions(question),
        "redemptions": redemptions(question),
        "findings": [finding.data(question.book.late) for finding in open_findings(question)],
        "readings": sorted(REGISTERED),
    }
