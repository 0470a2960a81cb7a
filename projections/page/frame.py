"""What is around every page: the clocks and the way to other days, the rooms, and the foot: what it rests on."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from ledger.kept.asked import AskedBook
from ledger.moments import LAST_DAY, as_instant, day_of, end_of, in_new_york
from ledger.readings.registered import REGISTERED
from ledger.timeline import ConversionDate, Step
from projections.page.asking import CLOCKS, OF_THIS_PAGE, Asking, in_address
from projections.page.shown import Cell, Section
from projections.question import Question

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

_NAMED_OF_A_DAY = 6


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
    more = {name: asking.given.get(name) for name in OF_THIS_PAGE}
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
        "own": {name: word for name, word in asking.given.items() if name not in (*CLOCKS, *OF_THIS_PAGE)},
        "path": asking.path if asking.path != "/record" else "/",
        **_neighbours(asking),
        "entry": asking.entry(book.last),
        "head": asking.head.sha256,
        "readings": Cell(f"{len(REGISTERED)} readings", asking.link("/readings")),
        "terms": asking.entry(1, "entry {}"),
        "lasting": asking.here(
            as_of=question.day, known_at=in_address(question.known_at or book.last_recorded), **more
        ),
        "data": data if own_words else [],
        "person": asking.person,
    }


def _neighbours(asking: Asking) -> dict[str, Any]:
    """What took effect last before the day, on it, and first after it; and, of a day that is none of these, the last.

    Of a day on which much took effect the first are named.
    """
    question = asking.question
    before, on_the_day, after = beside(question)
    last = _last_day(question, before, on_the_day, after)
    more = len(on_the_day) - _NAMED_OF_A_DAY
    return {
        "before": _neighbour(asking, before) if before else None,
        "on_the_day": [
            Cell(_named(step), asking.link(f"/entry/{step.number}")) for step in on_the_day[:_NAMED_OF_A_DAY]
        ],
        "more": Cell(f"and {more:,} more", _all_of(asking)) if more > 0 else None,
        "after": _neighbour(asking, after) if after else None,
        "latest": _latest(asking, last) if last and last != question.day else None,
    }


def beside(question: Question) -> tuple[Step | None, Sequence[Step], Step | None]:
    """The step before a day, those on it, and the step after it."""
    book, day = question.book, question.day
    if isinstance(book, AskedBook):
        return book.step_before(day), book.steps_on(day, day), book.step_after(day)
    steps = book.steps_before(end_of(LAST_DAY))
    first, end = (bisect_left(steps, at, key=lambda step: step.at) for at in (as_instant(day), end_of(day)))
    return steps[first - 1] if first else None, steps[first:end], steps[end] if end < len(steps) else None


def _last_day(question: Question, before: Step | None, on_the_day: Sequence[Step], after: Step | None) -> date | None:
    """The last day on which anything took effect."""
    if after is None:
        last = on_the_day[-1] if on_the_day else before
    elif isinstance(question.book, AskedBook):
        last = question.book.step_before(LAST_DAY)
    else:
        last = question.book.steps_before(end_of(LAST_DAY))[-1]
    return day_of(last.at) if last else None


def _all_of(asking: Asking) -> str:
    """Everything that a day changed, and by which entries."""
    day, known_at = asking.question.day, asking.question.known_at
    moment = f"@{in_address(known_at)}" if known_at else ""
    return asking.link("/diff", **{"from": f"{day - timedelta(days=1)}{moment}", "to": f"{day}{moment}"})


def _latest(asking: Asking, last: date) -> Cell:
    return Cell(f"The last day on which anything happened, {last}", _on(asking, last))


def _neighbour(asking: Asking, step: Step) -> Cell:
    day = day_of(step.at)
    return Cell(f"{day}: {_named(step)}", _on(asking, day))


def _on(asking: Asking, day: date) -> str:
    known_at = asking.question.known_at
    clocks = {"known_at": in_address(known_at)} if known_at else {}
    return asking.here(as_of=day, **clocks)


def _named(step: Step) -> str:
    word = "Conversion Date" if isinstance(step.fact, ConversionDate) else step.fact.word
    return f"{word} (entry {step.number})"
