"""Which entries moved a figure: the one fold, watched step by step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from ledger.kept.asked import AskedBook
from ledger.moments import as_instant, day_of, end_of
from ledger.position.fold import advance
from ledger.position.state import Position
from ledger.timeline import Step, steps_of
from projections.question import Question

Measure = TypeVar("Measure")


@dataclass(frozen=True)
class Move(Generic[Measure]):
    """A step that moved a figure, with the figure before and after it."""

    step: Step
    before: Measure
    after: Measure


def moves(question: Question, measure: Callable[[Position], Measure]) -> Iterator[Move[Measure]]:
    """Every step by the end of the day asked about that moved a measure of the position, in timeline order."""
    position = Position(question.book.terms, question.book.timeline.days)
    before = measure(position)
    for step in question.steps:
        advance(position, step)
        after = measure(position)
        if after != before:
            yield Move(step, before, after)
            before = after


def moves_by(question: Question, number: int, measure: Callable[[Position], Measure]) -> Iterator[Move[Measure]]:
    """Every step of one entry by the end of the day asked about that moved a measure: the fold of its days alone."""
    book = question.book
    for step in _steps_of(question, number):
        day = day_of(step.at)
        position = book.position_before(as_instant(day))
        for other in _steps_on(question, day):
            if other == step:
                break
            advance(position, other)
        before = measure(position)
        advance(position, step)
        if (after := measure(position)) != before:
            yield Move(step, before, after)


def _steps_of(question: Question, number: int) -> list[Step]:
    if not isinstance(question.book, AskedBook):
        return [step for step in question.steps if step.number == number]
    fact = question.book.standing(number)
    steps = steps_of(fact, question.book.days) if fact is not None else ()
    return [step for step in steps if step.at < end_of(question.day)]


def _steps_on(question: Question, day: date) -> list[Step]:
    if isinstance(question.book, AskedBook):
        return question.book.steps_on(day, day)
    return [step for step in question.book.steps_before(end_of(day)) if step.at >= as_instant(day)]
