"""What is around every page: the clocks and the way to other days, the rooms, and the foot: what it rests on."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from ledger.moments import LAST_DAY, as_instant, day_of, end_of, in_new_york
from ledger.readings import REGISTERED
from ledger.timeline import ConversionDate, Step
from projections.page.asking import CLOCKS, Asking, in_address
from projections.page.shown import Cell, Section

NAVIGATION = (
    ("Position", "/"),
    ("Rate", "/rate"),
    ("Dividends", "/dividends"),
    ("Conversions", "/conversions"),
    ("Redemptions", "/redemptions"),
    ("Register", "/register"),
    ("Obligations", "/obligations"),
    ("Findings", "/findings"),
    ("Log", "/log"),
    ("Diff", "/diff"),
    ("Certificate", "/certificate"),
    ("Explain", "/explain"),
    ("Verify", "/verify"),
)
"""The rooms of the page, in the order in which its head names them."""


def frame(asking: Asking, title: str, sections: Sequence[Section], *, own_words: bool = True) -> dict[str, Any]:
    """Everything the template arranges: the page itself and what is around it.

    A page that was posted has no data of its own at its address: `own_words` is False.
    """
    question, book = asking.question, asking.question.book
    rooms = [(name, asking.link(path), path == asking.path) for name, path in NAVIGATION]
    if asking.person.may_record:
        rooms.append(("Record", asking.link("/record"), asking.path == "/record"))
    path = "/asof" if asking.path == "/" else asking.path
    data = [(ending, asking.here().replace(asking.path, f"{path}.{ending.lower()}", 1)) for ending in ("JSON", "CSV")]
    return {
        "title": title,
        "of": book.terms.title,
        "sections": sections,
        "rooms": rooms,
        "day": f"{question.day:%A %Y-%m-%d}",
        "as_of": question.day.isoformat(),
        "known_at": in_new_york(question.known_at) if question.known_at else None,
        "known_at_given": in_address(question.known_at) if question.known_at else "",
        "tag": asking.tag,
        "everything": asking.here(as_of=question.day),
        "tags": [(one.name, asking.here(at=one.name), one.name == asking.tag) for one in asking.tags],
        "own": {name: word for name, word in asking.given.items() if name not in CLOCKS},
        "path": asking.path if asking.path != "/record" else "/",
        **_neighbours(asking),
        "entry": asking.entry(book.last),
        "head": asking.head.sha256,
        "readings": Cell(f"{len(REGISTERED)} readings", asking.link("/readings")),
        "terms": asking.entry(1, "entry {}"),
        "lasting": asking.here(as_of=question.day, known_at=in_address(question.known_at or book.last_recorded)),
        "data": data if own_words else [],
        "person": asking.person,
    }


def _neighbours(asking: Asking) -> dict[str, Any]:
    """The entries that took effect last before the day, on it, and first after it."""
    question = asking.question
    steps = question.book.steps_before(end_of(LAST_DAY))
    first = bisect_left(steps, as_instant(question.day), key=lambda step: step.at)
    after = bisect_left(steps, end_of(question.day), key=lambda step: step.at)
    return {
        "before": _neighbour(asking, steps[first - 1]) if first else None,
        "on_the_day": [Cell(_named(step), asking.link(f"/entry/{step.number}")) for step in steps[first:after]],
        "after": _neighbour(asking, steps[after]) if after < len(steps) else None,
    }


def _neighbour(asking: Asking, step: Step) -> Cell:
    known_at = asking.question.known_at
    clocks = {"known_at": in_address(known_at)} if known_at else {}
    day = day_of(step.at)
    return Cell(f"{day}: {_named(step)}", asking.here(as_of=day, **clocks))


def _named(step: Step) -> str:
    word = "Conversion Date" if isinstance(step.fact, ConversionDate) else step.fact.word
    return f"{word} (entry {step.number})"
