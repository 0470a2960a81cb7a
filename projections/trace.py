"""Which entries moved a figure: the one fold, watched step by step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

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
    book, fact = question.book, question.book.standing(number)
    for step in steps_of(fact, book.days) if fact is not None else ():
        if step.at >= end_of(question.day):
            break
        day = day_of(step.at)
        position = book.position_before(as_instant(day))
        for other in book.steps_on(day, day):
            if other == step:
                break
            advance(position, other)
        before = measure(position)
        advance(position, step)
        if (after := measure(position)) != before:
            yield Move(step, before, after)
