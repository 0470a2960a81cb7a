"""Tells lines for one ledger: things that happen, behind everything so far or late, and what is put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import naive
from histories import HOLDERS, text
from stateful.scene import Chance, Fields, Scene
from stateful.second import Known
from stateful.things import FACTS, TOLD

HOURS = (time(9), time(17), time(11, 30), time(17, 0, 1), time(8, 15), time(21, 40))
GAPS = (timedelta(0), timedelta(0), timedelta(seconds=1), timedelta(hours=2), timedelta(1), timedelta(1), timedelta(3),
        timedelta(9), timedelta(30), timedelta(92))  # fmt: skip
LAST = naive.at(date(2009, 1, 1), time(0))


class Teller(Chance):
    """Tells lines, mostly such as may have happened."""

    def kinds(self) -> tuple[str, ...]:
        """The kinds of facts, beginning with any of them."""
        first = self.roll(len(FACTS))
        return (*FACTS[first:], *FACTS[:first])

    def place(self, known: Known, *, late: bool) -> datetime:
        """When it takes effect: behind all that is known, or about when something known did."""
        instants = [naive.instant(line["effective"]) for line in known.facts.values()]
        signed = naive.at(naive.SIGNED, time(0))
        if late and instants:
            return max(self.pick(instants) + self.pick((-1, 1)) * self.pick(GAPS), signed)
        when = max([*instants, signed]) + self.pick(GAPS)
        if self.roll(3) == 0:
            when = naive.at(naive.day_of(when), self.pick(HOURS))
        return min(when, LAST)

    def tell(self, known: Known, when: datetime, kinds: Sequence[str]) -> Fields:
        """A line of the first of these kinds of which there is something to tell at that place."""
        scene = Scene(self, known, when)
        for kind in kinds:
            fields = TOLD[kind](scene)
            if fields is not None:
                return {"event": kind, "effective": scene.effective(), **fields}
        return {"event": "HolderRegistered", "effective": scene.effective(), "holder": self.pick(HOLDERS)}

    def amendment(self, known: Known) -> Fields:
        """A correction or a voiding of something, mostly of what stands, and often of an amendment."""
        targets = [number for number in known.lines if known.stands(number)]
        if self.roll(4) == 0:
            targets = [number for number in targets if known.amends(number)] or targets
        if not targets or self.roll(10) == 9:
            targets = list(range(1, known.last + 2))
        target = self.pick(targets)
        line: Fields = {"event": "EntryVoided", "effective": "2002-01-02", "entry": target, "reason": "never was"}
        if self.roll(5) < 2:
            return line
        said = known.lines.get(target)
        about = known.says(known.about(target)) if said and said["event"] != "EntryVoided" else None
        replacement = self.replacement(known, dict(about)) if about else {**_REGISTERED}
        kind = self.pick(("clerical", "amendment"))
        line |= {"event": "EntryCorrected", "replacement": replacement, "kind": kind}
        return line

    def replacement(self, known: Known, line: Fields) -> Fields:
        """What stands in the place of a line: a little other, at another time, or another thing altogether."""
        way = self.roll(5)
        line.pop("ref", None)
        if way == 0:
            return {**line, "note": f"put right {self.roll(9)}"}
        if way == 1:
            when = naive.instant(line["effective"]) + self.pick((-1, 1)) * self.pick(GAPS)
            return {**line, "effective": Scene(self, known, when).effective()}
        if way == 4:
            return self.tell(known, naive.instant(line["effective"]), [self.pick(FACTS) for _ in range(4)])
        names = [name for name in ("shares", "amount", "cash", "outstanding") if isinstance(line.get(name), str)]
        for name in names[:1]:
            line[name] = self.pick((*_other(Fraction(line[name])), line[name]))
        if "holder" in line and line["event"] != "NoticeOfConversionReceived" and self.roll(2):
            line["holder"] = self.pick(HOLDERS)
        return line


_REGISTERED = {"event": "HolderRegistered", "effective": "2001-05-01", "holder": "Holder A"}


def _other(value: Fraction) -> list[str]:
    """Amounts beside one: about half of it, a hundred less or more, and twice it, in whole cents or hundredths."""
    amounts = (value / 2 * 100 // 1 / Fraction(100), value - 100, value + 100, value * 2)
    return [written for amount in amounts if amount > 0 and (written := text(amount))]
