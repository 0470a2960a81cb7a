"""The pieces of a position as they are written down, and back: JSON with every quantity and instant as exact text.

A piece is written field by field under the fields' own names, those left out that are as they are by default, so that
it can be read in SQL as well.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from ledger.clauses.business_days import BusinessDays
from ledger.exact import Fraction
from ledger.figures import exact
from ledger.position.company import (
    Action,
    Amendment,
    Count,
    Fund,
    Liquidation,
    OtherDividend,
    RecordDate,
    RecordNotice,
    Succession,
)
from ledger.position.pieces import ABSENT
from ledger.position.state import LAW, SERIES
from ledger.position.stock import Adjustment, Certificate, CommonStock, Holder, Notice, Redemption, Stretch
from ledger.terms import Terms

CALENDAR = ("calendar", "")
"""The key of the calendar: as known, whatever the day (reading banks-open)."""

Amendments = tuple[tuple[date, Mapping[str, Any]], ...]


class Calendar(NamedTuple):
    """Amendments of the terms in the order of their days, closures of banks, and the entries that tell of either."""

    amendments: Amendments = ()
    closures: Mapping[str, str] = {}
    entries: tuple[int, ...] = ()


_PIECES: dict[str, Any] = {
    "certificates": Certificate,
    "holdings": tuple[str, ...],
    "accruing": Fraction,
    "holders": Holder | None,
    "notices": Notice,
    "open": tuple[str, ...],
    "redemptions": Redemption,
    "adjustments": Adjustment,
    "stretches": tuple[Stretch, ...],
    "other_dividends": OtherDividend,
    "funds": Fund,
    "actions": Action,
    "record_dates": RecordDate,
    "record_notices": RecordNotice,
    "counts": Count,
    "successions": Succession,
    "amendments": Amendment,
    "replaced_without_indemnity": tuple[int, date],
    "calendar": Calendar,
}
_ONCE: dict[str, Any] = {
    "terms": Amendments,
    "rate": Fraction,
    "into": Mapping[str, Fraction],
    "splits": Fraction,
    "common": CommonStock,
    "liquidation": Liquidation | None,
    **dict.fromkeys(SERIES[6:15], Fraction),
    "uncounted": int,
}


_NAMES = {"law": SERIES[:LAW], "series": SERIES[LAW:]}


def written(kind: str, piece: Any) -> str | None:
    """A piece as JSON; None where there is none."""
    if piece is ABSENT:
        return None
    told = dict(zip(_NAMES[kind], piece, strict=True)) if kind in _NAMES else piece
    return json.dumps(_told(told), ensure_ascii=False, separators=(",", ":"))


def _told(piece: Any) -> Any:  # noqa: PLR0911 - one line a type
    if type(piece) in (str, int, bool, type(None)):
        return piece
    if type(piece) is Fraction:
        return exact(piece)
    if isinstance(piece, date | datetime):
        return piece.isoformat()
    if isinstance(piece, Terms):
        return _told(amendments_of(piece))
    if isinstance(piece, Mapping):
        return {name: _told(value) for name, value in piece.items()}
    if is_dataclass(piece):
        told = ((name, getattr(piece, name), default) for name, default in _defaults(piece.__class__))
        return {name: _told(value) for name, value, default in told if value is not default and value != default}
    return [_told(value) for value in piece]


def amendments_of(terms: Terms) -> Amendments:
    """What was amended of the terms a ledger began with, day by day."""
    if terms.before is None or terms.since is None:
        return ()
    changed = {name: row.data()["value"] for name, row in terms.rows().items() if row != terms.before.rows()[name]}
    return (*amendments_of(terms.before), (terms.since, changed))


def amended(terms: Terms, amendments: Amendments) -> Terms:
    """The terms a ledger began with, amended day by day."""
    for since, values in amendments:
        terms = terms.amended(values, since)
    return terms


def calendar_of(days: BusinessDays, entries: tuple[int, ...]) -> Calendar:
    """A calendar as it is kept, with the entries that tell of it."""
    closures = {day.isoformat(): why for day, why in sorted(days.closures.items())}
    return Calendar(amendments_of(days.terms), closures, entries)


def days_of(terms: Terms, calendar: Calendar) -> BusinessDays:
    """The business days of a calendar that was kept, under the terms a ledger began with."""
    closures = {date.fromisoformat(day): why for day, why in calendar.closures.items()}
    return BusinessDays(amended(terms, calendar.amendments), closures)


def read(kind: str, text: str) -> Any:
    """The piece that JSON tells of; of law and series what `Position.put_back` takes, the terms by amendments."""
    told = json.loads(text)
    if kind in _NAMES:
        return tuple(_reader(_ONCE[name])(told[name]) for name in _NAMES[kind])
    return _reader(_PIECES[kind])(told)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a piece, each with what it is by default."""
    return tuple(
        (one.name, one.default if one.default_factory is MISSING else one.default_factory()) for one in fields(kind)
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _same(told: Any) -> Any:
    return told


def _fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(int(above), int(below)) if below else Fraction(int(above))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:  # noqa: PLR0911 - one line a type
    """What makes a piece of a type from what JSON told of it."""
    for plain, read_plain in ((Fraction, _fraction), (datetime, _instant), (date, _day)):
        if isinstance(kind, type) and issubclass(kind, plain):
            return read_plain
    origin, of = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        one = _reader(next(each for each in of if each is not type(None)))
        return lambda told: None if told is None else one(told)
    if origin is tuple and of[-1] is ...:
        each = _reader(of[0])
        return lambda told: tuple(each(value) for value in told)
    if origin is tuple:
        readers = [_reader(each) for each in of]
        return lambda told: tuple(one(value) for one, value in zip(readers, told, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        value = _reader(of[1])
        return lambda told: {name: value(each) for name, each in told.items()}
    if kind is Calendar:
        parts = [_reader(each) for each in get_type_hints(Calendar).values()]
        return lambda told: Calendar(*(one(value) for one, value in zip(parts, told, strict=True)))
    if is_dataclass(kind) and isinstance(kind, type):
        by_name = {name: _reader(each) for name, each in get_type_hints(kind).items()}
        return lambda told: kind(**{name: by_name[name](value) for name, value in told.items()})
    return _same
