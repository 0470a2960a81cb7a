"""A place in the timeline at which one more thing is to be told, and the chance that picks it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

import naive
from histories import text
from stateful.second import Known

T = TypeVar("T")
Fields = dict[str, Any]
ACTIONS = ("A-1", "A-2")
# The rate's digits grow with every dilution, and a long rate makes only a slow ledger.
MOST = {"dilutions": 4, "splits": 3, "fractions": 2}


class Chance:
    """A source of chance for one ledger; numbers it has given out it gives again only on purpose."""

    def __init__(self) -> None:
        """Begin, with no number given out."""
        self.count = 100
        self.told: dict[str, int] = {}
        self.random = Random(0)

    def roll(self, sides: int) -> int:
        """A whole number below sides."""
        return self.random.randint(0, sides - 1)

    def pick(self, among: Sequence[T]) -> T:
        """One of several."""
        return among[self.roll(len(among))]

    def number(self, letter: str, used: Iterable[str] = ()) -> str:
        """A new number, or one time in sixteen one that was used."""
        given = list(used)
        if given and self.roll(16) == 15:
            return self.pick(given)
        self.count += 1
        return f"{letter}-{self.count}"

    def few(self, what: str) -> bool:
        """§5(c) §5(e) §5(h) - Whether one more of what makes fractions long may still happen."""
        self.told[what] = self.told.get(what, 0) + 1
        return self.told[what] <= MOST[what]


class Scene:
    """A place in the timeline: the books there, and the instant, which a thing to be told may yet move."""

    def __init__(self, chance: Chance, known: Known, when: datetime) -> None:
        """Open the books at an instant."""
        self.chance, self.when = chance, when
        self.roll, self.pick, self.few = chance.roll, chance.pick, chance.few
        self.books = known.books(when + timedelta(microseconds=1))
        self.day = naive.day_of(when)

    def effective(self) -> str:
        """The place as a line says it: a day where it is its first moment."""
        local = self.when.astimezone(naive.NEW_YORK)
        if local.time() == time(0) and local.fold == 0:
            return local.date().isoformat()
        return local.isoformat() if self.roll(8) else self.when.strftime("%Y-%m-%dT%H:%M:%SZ")

    def later(self, when: datetime) -> None:
        """Let it happen no sooner than an instant."""
        self.when = max(self.when, when)
        self.day = naive.day_of(self.when)

    def number(self, letter: str) -> str:
        """A certificate, notice or redemption number."""
        used = {"H": self.books["lots"], "N": self.books["received"], "R": self.books["mailed"]}
        return self.chance.number(letter, used[letter])

    def lots(self, holder: str = "") -> list[tuple[str, Fields]]:
        """§5(i) - Certificates with something left that a quantity can write."""
        lots = self.books["lots"].items()
        return [(c, lot) for c, lot in lots if lot["shares"] and text(lot["shares"]) and holder in ("", lot["holder"])]

    def notices(self, **wanted: bool) -> list[str]:
        """§5(f) - The notices not revoked in some state."""
        return [
            notice for notice, own in self.books["received"].items()
            if not own["revoked"] and all(bool(own[name]) == is_so for name, is_so in wanted.items())
        ]  # fmt: skip

    def action(self, *, new: bool = False) -> Fields:
        """§10 - The action an event may name."""
        return {"action": self.pick(ACTIONS)} if new or self.roll(2) else {}
