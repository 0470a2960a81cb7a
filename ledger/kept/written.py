"""The pieces of a position as they are written down, and back: JSON with every quantity and instant as exact text.

A piece is a list of its fields in their order, without those at its end that are as they are by default, and without
the one that is its key. What a field is stands in the views, for whoever asks in SQL.
"""

import json
from collections.abc import Callable, Mapping, Sequence
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
from ledger.position.state import ONCE, SERIES
from ledger.position.stock import (
    NOTICE,
    Adjustment,
    Certificate,
    CommonStock,
    Holder,
    Notice,
    Redemption,
    Stretch,
)
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
    "accruing": Mapping[str, Fraction],
    "holders": Holder,
    "notices": Notice,
    "progress": Notice,
    "open": tuple[str, ...],
    "standing": tuple[str, ...],
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
    "terms": Terms,
    "rate": Fraction,
    "into": Mapping[str, Fraction],
    "splits": Fraction,
    "common": CommonStock,
    "liquidation": Liquidation | None,
    **dict.fromkeys(SERIES[6:15], Fraction),
    "uncounted": int,
}
_SEVERAL = {kind: SERIES[part] for (kind, _), part in ONCE.items()}
"""What a position has once, and is kept in three pieces."""

KINDS = {kind: number for number, kind in enumerate((*_PIECES, *_SEVERAL))}
"""The numbers under which the kinds are stored: a million rows tell one. The two of most rows take no byte."""

_KEYED = ("certificates", "notices", "redemptions", "actions")
"""The kinds whose first field is their key."""

_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def written(kind: str, piece: Any) -> str | None:
    """A piece as JSON; None where there is none."""
    return None if piece is ABSENT else _encoded(_form(kind)[0](piece))


def read(kind: str, key: str, text: str) -> Any:
    """The piece that JSON tells of; of law and series what `Position.put_back` takes, the terms by amendments."""
    return _form(kind)[1](key, json.loads(text))


def read_all(kind: str, told: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    """The pieces of one kind that JSON tells of, each with its key: parsed together, which takes half the time."""
    take = _form(kind)[1]
    parsed = json.loads(f"[{','.join(text for _, text in told)}]")
    return [(key, take(key, data)) for (key, _), data in zip(told, parsed, strict=True)]


Told = Callable[[Any], Any]
"""What makes JSON data of a value, or a value of JSON data."""


@cache
def _form(kind: str) -> tuple[Told, Callable[[str, Any], Any]]:
    """How pieces of a kind are told, and how they are taken back by their key."""
    if kind in _SEVERAL:
        told, taken = zip(*(_both(_ONCE[name]) for name in _SEVERAL[kind]), strict=True)
        return (
            lambda piece: [tell(value) for tell, value in zip(told, piece, strict=True)],
            lambda _, data: tuple(take(value) for take, value in zip(taken, data, strict=True)),
        )
    if kind == "progress":
        tell, take_fields, made = _of_fields(Notice, NOTICE)
        before = (None,) * NOTICE
        return tell, lambda _, data: made(*before, *take_fields(data))[NOTICE:]
    if kind in _KEYED:
        tell, take_fields, made = _of_fields(_PIECES[kind], 1, NOTICE if kind == "notices" else None)
        return lambda piece: tell(piece[1:]), lambda key, data: made(key, *take_fields(data))
    tell_plain, take_plain = _both(_PIECES[kind])
    return tell_plain, lambda _, data: take_plain(data)


def _of_fields(
    kind: Any, first: int, end: int | None = None
) -> tuple[Told, Callable[[list[Any]], list[Any]], Callable[..., Any]]:
    """How some fields of a named tuple are told: each in its order, the last ones left out by default."""
    names, hints, default = kind._fields[first:end], get_type_hints(kind), kind._field_defaults
    by_default = [default.get(name, _NONE) for name in names]
    told, taken = zip(*(_both(hints[name]) for name in names), strict=True)

    def tell(values: Any) -> list[Any]:
        count = len(values)
        while count and (values[count - 1] is by_default[count - 1] or values[count - 1] == by_default[count - 1]):
            count -= 1
        return [told[place](values[place]) for place in range(count)]

    others = [(place, take) for place, take in enumerate(taken) if take is not _same]

    def take_fields(data: list[Any]) -> list[Any]:
        for place, take in others:
            if place >= len(data):
                break
            data[place] = take(data[place])
        return data

    return tell, take_fields, kind


_NONE = object()
"""The default of a field that has none: nothing is equal to it."""


@cache
def _both(kind: Any) -> tuple[Told, Told]:  # noqa: PLR0911 - one line a type
    """How a value of a type is told as JSON data, and taken back."""
    for plain, both in _PLAIN.items():
        if isinstance(kind, type) and issubclass(kind, plain):
            return both
    if kind is Terms:
        tell, take = _both(Amendments)
        return lambda terms: tell(amendments_of(terms)), take
    origin, of = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        tell, take = _both(next(each for each in of if each is not type(None)))
        return (
            lambda value: None if value is None else tell(value),
            lambda data: None if data is None else take(data),
        )
    if origin is tuple and of[-1] is ...:
        tell, take = _both(of[0])
        if take is _same:
            return list, tuple
        return lambda value: list(map(tell, value)), lambda data: tuple(map(take, data))
    if origin is tuple:
        told, taken = zip(*map(_both, of), strict=True)
        return (
            lambda value: [one(each) for one, each in zip(told, value, strict=True)],
            lambda data: tuple(one(each) for one, each in zip(taken, data, strict=True)),
        )
    if origin is not None and issubclass(origin, Mapping):
        tell, take = _both(of[1])
        return (
            lambda value: {name: tell(each) for name, each in value.items()},
            lambda data: {name: take(each) for name, each in data.items()},
        )
    if hasattr(kind, "_fields"):
        tell, take_fields, made = _of_fields(kind, 0)
        return tell, lambda data: made(*take_fields(data))
    return _same, _same


def _same(value: Any) -> Any:
    return value


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_PLAIN: dict[type, tuple[Told, Told]] = {
    Fraction: (exact, Fraction),
    datetime: (lambda at: at.astimezone(UTC).isoformat().replace("+00:00", "Z"), _instant),
    date: (date.isoformat, date.fromisoformat),
    Holder: (lambda holder: [holder.says, holder.entry], lambda data: Holder(*data)),
}


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
