"""Questions asked and entries recorded within a process: the one place that knows the ledger's own surface."""

import gc
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random

from benchmarks.floors import Bare
from ledger.application import Ledger
from ledger.book import Book
from ledger.journal import read_line
from projections import holders
from projections.asof import answer_to
from projections.question import Question

Seconds = Mapping[str, Sequence[float]]

FIGURES, HOLDER, ANSWER = "the three figures", "one holder", "the whole answer"
THEN = ", known earlier"
LOOK_UP = "bare look-up"
ONE, COMMIT = "one entry recorded", "bare durable commit"


def three_figures(book: Book, day: date, known_at: datetime | None = None) -> None:
    """§1 §2 §5 - Shares outstanding, dividends accrued and the rate."""
    position = Question.ask(book, day, known_at).position
    _ = position.outstanding, position.accrued_unpaid(day), position.rate


def whole_answer(book: Book, day: date, known_at: datetime | None = None) -> None:
    """All that `captable asof` answers."""
    answer_to(Question.ask(book, day, known_at))


def one_holder(book: Book, day: date, holder: str) -> None:
    """§1 §2 §4 - One holder's shares, dividends, Common and votes."""
    question = Question.ask(book, day)
    holders.of_holder(question, holder, holders.certificates_of(question, holder))


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes; what was dropped before it is cleared away before it."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def questions(
    book: Book, bare: Bare, random: Random, days: Iterable[date], then: Sequence[datetime], seconds: float
) -> Seconds:
    """Every kind of question in turn, each about another random day, beside bare look-ups, for some seconds."""
    known = sorted(book.position.holdings_of)
    asked: dict[str, Callable[[date], object]] = {
        FIGURES: lambda day: three_figures(book, day),
        HOLDER: lambda day: one_holder(book, day, random.choice(known)),
        ANSWER: lambda day: whole_answer(book, day),
        FIGURES + THEN: lambda day: three_figures(book, day, random.choice(then)),
        ANSWER + THEN: lambda day: whole_answer(book, day, random.choice(then)),
    }
    took: dict[str, list[float]] = {name: [] for name in (*asked, LOOK_UP)}
    gc.collect()
    until, coming = time.perf_counter() + seconds, iter(days)
    while time.perf_counter() < until or len(took[FIGURES]) < 3:
        for name, ask in asked.items():
            day = next(coming, None)
            if day is None:
                return took
            took[name].append(timed(lambda ask=ask, day=day: ask(day)))  # type: ignore[misc]
            took[LOOK_UP].append(bare.look_up(random, book.last - 1))
    return took


def recorded_one_by_one(path: Path, bare: Bare, lines: Iterable[str], seconds: float) -> Seconds:
    """Entries recorded one by one, each decided, appended durably and published, in turn with bare durable commits."""
    took: dict[str, list[float]] = {ONE: [], COMMIT: []}
    with Ledger.open(path, to_record=True) as ledger:
        until = time.perf_counter() + seconds
        for line in lines:
            told = json.loads(line)
            row = told.pop("event"), json.dumps(told).encode()
            took[COMMIT].append(bare.commit_one(row))
            took[ONE].append(timed(lambda line=line: _record(ledger, line)))  # type: ignore[misc]
            if time.perf_counter() > until and len(took[ONE]) >= 5:
                break
    return took


def _record(ledger: Ledger, line: str) -> None:
    ledger.record([read_line(line, "the benchmark")])
