"""Asking the command line, in this process: which report, by which clock, about what; and counting what was asked."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

import naive
from histories import HOLDERS
from ledger.errors import LedgerError
from projections.command_line import captable
from stateful.counting import BOTH, BY, CHECKED, KNOWN_AT, PAST, SEES, TAG, TODAY
from stateful.second import Second
from stateful.view import View

T = TypeVar("T")
Roll = Callable[[int], int]
Answer = tuple[tuple[str, ...], tuple[int, str], View]
_SERIES = (
    "conversion-rate", "outstanding", "issued", "converted", "redeemed", "reacquired", "accrued-dividends",
    "in-arrears", "due-on-conversion", "next-payment-date", "liquidation-preference", "common-outstanding",
    "reserve-required", "reserve-available", "votes",
)  # fmt: skip
_OFFERED = ("day-count", "lot", "dilution-threshold", "instruction-cures", "votes")
_CLAUSES = ("1", "2", "3", "5(a)", "5(e)", "5(f)", "6", "8(a)", "10")


def run(path: Path, *words: str) -> tuple[int, str]:
    """Run a command of the command line; its status and what it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = captable.main([*words, "--ledger", str(path)], standalone_mode=False)
    return status if isinstance(status, int) else 0, out.getvalue()


class Asker:
    """Asks one ledger questions, and holds every answer against the second ledger."""

    def __init__(self, path: Path, second: Second, today: date, heads: Sequence[str], roll: Roll) -> None:
        """Ask of a ledger file on a day, what to ask being a matter of chance; `heads` are those seen so far."""
        self.path, self.second, self.today, self.heads_seen, self.roll = path, second, today, heads, roll

    def pick(self, among: Sequence[T]) -> T:
        """One of several."""
        return among[self.roll(len(among))]

    def past(self) -> date:
        """A day on which something may have happened, or near one."""
        lines = list(self.second.known().facts.values())
        near = date.fromisoformat(self.pick(lines)["effective"][:10]) if lines else naive.SIGNED
        return near + timedelta(self.pick((0, 0, 1, -1, 40)))

    def moment(self) -> datetime:
        """An instant at or between recordings, or a little before or after all of them."""
        moments = [self.second.begun, *(recorded for recorded, _ in self.second.entries)]
        return self.pick(moments) + timedelta(microseconds=self.pick((0, 0, 1, -1)))

    def ask(self, report: str, clock: str) -> Answer | None:
        """Ask, check, and count; None where no tag was given yet, or where what is asked for is not there."""
        found = self.clocks(clock)
        if found is None:
            return None
        words, view = found
        if report == "diff":
            named, view = self.two(clock, view)
            words = ()
        elif report == "verify":
            named, words = self.heads(clock), ()
        else:
            named = self.named(report, view)
            words = _written(report, words)
            view = replace(view, named=tuple(named))
        BY[report, clock] += 1
        SEES.update((report, event) for event in {line["event"] for line in view.known.lines.values()})
        return self.check(report, (report, *named, *words), view)

    def check(self, report: str, asked: tuple[str, ...], view: View) -> Answer | None:
        """Run a question in JSON, or now and then as text, and check it; what is not there is said not to be."""
        missing = _missing(report, view)
        if missing:
            with pytest.raises(LedgerError) as error:
                run(self.path, *asked)
            assert error.value.name == missing
            return None
        if self.roll(6) == 0:
            status, said = run(self.path, *asked)
            assert said.strip()
            assert status in (0, 1)
            return asked, (status, said), view
        asked = (*asked, "--json")
        status, said = run(self.path, *asked)
        told = json.loads(said)
        if report not in ("verify", "diff"):
            assert told["as_of"] == view.day.isoformat()
            assert (told["known_at"] and datetime.fromisoformat(told["known_at"])) == view.known_at
            assert told["head"]["entry"] == view.known.last
        CHECKED[report](told, view)
        something = {"findings": "findings", "diff": "figures"}.get(report)
        assert status == int(bool(something and (told[something] or told.get("entries"))))
        return asked, (status, said), view

    def clocks(self, clock: str) -> tuple[tuple[str, ...], View] | None:
        """The words of a clock, and what they mean."""
        if clock == TAG:
            if not self.second.tags:
                return None
            name = self.pick(sorted(self.second.tags))
            return ("--at", name), View(self.second, *self.second.tags[name][:2])
        day, known_at = self.today, None if clock in (TODAY, PAST) else self.moment()
        words: tuple[str, ...] = ()
        if clock in (PAST, BOTH):
            day = self.past()
            words += ("--as-of", day.isoformat())
        if known_at:
            words += ("--known-at", known_at.isoformat())
        return words, View(self.second, day, known_at)

    def two(self, clock: str, view: View) -> tuple[list[str], View]:
        """The two sides of a difference, the first by the clock asked for, the second a past day."""
        other = View(self.second, self.past(), None)
        first = view.day.isoformat()
        if clock == TAG:
            tags = self.second.tags
            first = next(name for name in sorted(tags) if tags[name][:2] == (view.day, view.known_at))
        elif view.known_at:
            first = f"{first}@{view.known_at.isoformat()}"
        return [first, other.day.isoformat()], replace(view, other=other)

    def heads(self, clock: str) -> list[str]:
        """The heads that a verification is held against: one verified before, or that of a tag."""
        if clock == TAG:
            status, said = run(self.path, "tag", "--json")
            assert status == 0
            head = self.pick(json.loads(said)["tags"])["head"]
            return ["--expect", f"{head['entry']} {head['sha256']}"]
        since = [head for head in self.heads_seen if not head.startswith("1 ")]
        return ["--since", self.pick(since)] if clock == KNOWN_AT and since else []

    def named(self, report: str, view: View) -> list[str]:
        """What a question names beside its clocks."""
        books = view.books
        among: dict[str, list[list[str]]] = {
            "holder": [[holder] for holder in HOLDERS],
            "show": [[str(entry)] for entry in range(1, view.known.last + 2)],
            "clause": [[clause] for clause in _CLAUSES],
            "readings": [[reading] for reading in _OFFERED],
            "liquidation": [[], [], *(["--assets", assets] for assets in ("0", "1000000", "123456.78", "99999999"))],
            "votes": [[], [], *(["--action", action] for action in sorted(books["actions"]))],
            "obligations": [[], [], ["--days", str(self.roll(400))]],
        }
        return self.explained(view) if report == "explain" else self.pick(among.get(report, [[]]))

    def explained(self, view: View) -> list[str]:
        """Something that can be explained here."""
        books = view.books
        choices = [[self.pick(_SERIES)], [self.pick(_SERIES)], ["entry", str(1 + self.roll(view.known.last))]]
        if view.holders:
            holder = self.pick(view.holders)
            choices += [[what, holder] for what in ("shares", "accrued-dividends", "convertible-into", "votes")]
            choices += [["shares", self.pick(sorted(view.lots))], ["liquidation-preference", holder]]
        choices += [["notice", name] for name in list(books["received"])[:1]]
        choices += [["redemption", name] for name in list(books["mailed"])[:1]]
        choices += [["action", name] for name in list(books["actions"])[:1]]
        return self.pick(choices)


def _written(report: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The clocks as a report takes them: the day of `asof` is its argument, and the log has none."""
    if report == "asof" and words[:1] == ("--as-of",):
        return words[1:]
    if report == "replay" and words[:1] == ("--as-of",):
        return ("--effective", *words)
    return words


def _missing(report: str, view: View) -> str:
    """The name of the error where what a question names is not there."""
    if report == "holder" and view.named[0] not in view.books["holders"]:
        return "holder-must-be-known"
    entry = view.named[-1] if report == "show" or view.named[:1] == ("entry",) else "1"
    return "" if int(entry) <= view.known.last else "entry-must-exist"
