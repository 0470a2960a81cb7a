"""Whether what the command line tells of the record is so: its entries, what each moved, how two days differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import naive
from redone import redo
from stateful.second import TICK
from stateful.view import Told, View, number, same


def _plain(value: Any) -> Any:
    """A value of a line however it is written: quantities as numbers."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    try:
        return value if isinstance(value, bool) else Fraction(value)
    except (ValueError, TypeError):
        return value


def _line(told: Told, line: Mapping[str, Any]) -> None:
    for name, value in line.items():
        if name == "replacement":
            _line(told[name], value)
        elif name == "effective":
            same(name, naive.instant(told[name]), naive.instant(value))
        else:
            same(name, _plain(told[name]), _plain(value))
    defaults = {name: value for name, value in told.items() if name not in line}
    assert all(value in ("cash", True, [], ()) for value in defaults.values()), defaults


def log(told: Told, view: View) -> None:
    """Every entry in the order it was recorded, with both clocks, what it says, whether it came late and stands."""
    known = view.known
    same("entries", [one["entry"] for one in told["entries"]], list(known.lines))
    for one in told["entries"]:
        _entry(one, view)


def _entry(told: Told, view: View) -> None:
    number, line = told["entry"], view.known.lines[told["entry"]]
    recorded = view.second.entries[number - 2][0]
    same(f"recorded {number}", datetime.fromisoformat(told["recorded"]), recorded)
    same(f"event {number}", told["event"], line["event"])
    same(f"status {number}", told["status"], view.known.status(number))
    same(f"late {number}", told["late"], number in view.known.late)
    _line(told["line"], line)


def show(told: Told, view: View) -> None:
    """One entry with the amendments about it, and what it moved: an amendment by being known, a fact by its day."""
    entry, known = int(view.named[0]), view.known
    same("entry", told["entry"], entry)
    if entry == 1:
        return
    _entry(told, view)
    about = [(n, line["entry"], known.status(n)) for n, line in known.lines.items() if entry in known.chain(n)]
    same("amended by", [(one["entry"], one["of"], one["status"]) for one in told["amended_by"]], about)
    if chain := known.chain(entry):
        same("amends", (told["amends"]["entry"], told["amends"]["in_the_end"]), (chain[0], chain[-1]))
        recorded = view.second.entries[entry - 2][0]
        before, after = (View(view.second, view.day, recorded - tick).figures for tick in (TICK, 0 * TICK))
        moved = {name: (before[path], after[path]) for name, path in REPLAYED.items() if before[path] != after[path]}
        listed = {one["figure"]: (number(one["before"]), number(one["after"])) for one in told["moved"]}
        same("moved", {name: both for name, both in listed.items() if name in REPLAYED}, moved)
    else:
        assert entry in known.by(view.day) or not told["moved"]


def readings(told: Told, view: View) -> None:
    """Each reading named, with what is taken and, offered, what its alternatives would give."""
    for one in told["readings"]:
        assert one["taken"]
        same("alternatives", len(one["alternatives"]), max(0, len(one["offered"]) - 1))


def clause(told: Told, view: View) -> None:
    """The entries of a clause are entries that stand and had come, each under its own word."""
    come = view.known.by(view.day)
    for one in told["clauses"]:
        for entry in one["entries"] if isinstance(one["entries"], list) else ():
            same("event", entry["event"], come[entry["entry"]]["event"])


_EXPLAINED = {
    "conversion-rate": "conversion_rate", "outstanding": "preferred.outstanding", "issued": "preferred.issued",
    "converted": "preferred.converted", "redeemed": "preferred.redeemed", "reacquired": "preferred.reacquired",
    "in-arrears": "dividends.in_arrears", "due-on-conversion": "dividends.due_on_conversion",
    "common-outstanding": "common.outstanding", "reserve-required": "common.reserve_required",
    "reserve-available": "common.reserve_available", "accrued-dividends": "dividends.accrued_unpaid",
    "liquidation-preference": "liquidation_preference",
}  # fmt: skip
_OF_HOLDER = {
    "shares": "shares", "accrued-dividends": "accrued_dividends", "convertible-into": "convertible_into",
    "votes": "votes",
}  # fmt: skip


def explain(told: Told, view: View) -> None:
    """An explained figure is the second ledger's, and its printed arithmetic gives it."""
    if not view.named or view.named[0] == "entry":
        return
    figure, (what, *which) = told["figure"], view.named
    if "exact" in figure:
        same("redone", redo(figure), Fraction(figure["exact"]))
    if not which and what in _EXPLAINED and _EXPLAINED[what] in view.figures:
        same(what, Fraction(figure["exact"]), view.figures[_EXPLAINED[what]])
    elif which and what in _OF_HOLDER and which[0] in view.holders:
        same(what, Fraction(figure["exact"]), view.held(which[0])[_OF_HOLDER[what]])


REPLAYED = {
    "shares_issued": "preferred.issued", "shares_outstanding": "preferred.outstanding",
    "shares_converted": "preferred.converted", "shares_redeemed": "preferred.redeemed",
    "shares_reacquired": "preferred.reacquired", "dividends_due_on_conversion": "dividends.due_on_conversion",
    "conversion_rate": "conversion_rate", "common_outstanding": "common.outstanding",
}  # fmt: skip


def replay(told: Told, view: View) -> None:
    """A replay ends where the second ledger's books end: at the last of all that happens, or on the day asked about."""
    effective, known = told["order"] == "effective", view.known
    if effective:
        end = naive.at(view.day + timedelta(1), time(0))
        expected = [step.number for step in known.steps if step.at < end]
    else:
        expected = list(known.lines)
    same("entries", [one["entry"] for one in told["entries"]], expected)
    ended = view if effective else View(view.second, date(2099, 1, 1), view.known_at)
    last = {move["figure"]: Fraction(move["after"]) for one in told["entries"] for move in one["moved"]}
    start = {"conversion_rate": naive.FIRST_RATE}
    for name, path in REPLAYED.items():
        same(name, last.get(name, start.get(name, Fraction(0))), ended.figures[path])


def diff(told: Told, view: View) -> None:
    """A figure is named where the second books differ, with both values, and the entries are those that differ."""
    assert view.other is not None
    before, after = view.figures, view.other.figures
    named = {one["figure"]: one for one in told["figures"]}
    for path in before.keys() & after.keys():
        changed = before[path] != after[path]
        same(f"{path} named", (path if path != "conversion_rate" else f"{path}.exact") in named, changed)
    old, new = view.known.by(view.day), view.other.known.by(view.other.day)
    differ = {one for one in old.keys() | new.keys() if _plain(old.get(one)) != _plain(new.get(one))}
    same("entries", {one["entry"] for one in told["entries"]}, differ)


def verify(told: Told, view: View) -> None:
    """The record verifies, is proven by the head beside it, and has as many entries and tags as were given."""
    same("verdict", told["verdict"], "proven")
    same("head", told["head"]["entry"], view.second.last)
    since = told["since"]["entry"] if told["since"] else 0
    same("entries", told["entries"], view.second.last - since)
    same("tags", told["tags"], len(view.second.tags))
