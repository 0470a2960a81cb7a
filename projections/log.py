"""The entries themselves: the log, and one entry's whole story."""

from typing import Any

from ledger.book import TERMS_ENTRY, Book
from ledger.errors import EntryMustExist
from ledger.events import EntryCorrected, EntryVoided
from ledger.figures import quantity
from ledger.moments import write_moment
from ledger.timeline import Recorded
from projections.question import Question
from projections.trace import moves


def entries(book: Book) -> list[dict[str, Any]]:
    """Every entry of a book in recorded order, from 2 on: both clocks, its line, whether it came late and stands."""
    return [{**_entry(book, item), "late": item.number in book.late} for item in book.record]


def _entry(book: Book, item: Recorded) -> dict[str, Any]:
    return {
        "entry": item.number,
        "recorded": item.recorded.isoformat(),
        "effective": write_moment(item.entry.effective),
        "event": item.entry.word,
        "status": _status(book, item),
        "line": item.entry.line(),
    }


def _status(book: Book, item: Recorded) -> str:
    if item.number in book.timeline.living:
        stands = isinstance(item.entry, EntryVoided) or item.number in _in_place(book)
        return "in force" if stands else "superseded"
    fact = book.timeline.facts.get(item.number)
    if fact is None:
        return "undone" if isinstance(item.entry, EntryCorrected | EntryVoided) else "voided"
    return f"corrected by entry {fact.amended_by}" if fact.amended_by else "stands"


def _in_place(book: Book) -> set[int]:
    """The corrections whose replacement stands; an older one of the same entry is superseded."""
    return {fact.amended_by for fact in book.timeline.facts.values() if fact.amended_by is not None}


def show(question: Question, number: int) -> dict[str, Any]:
    """One entry: what was recorded, what it moved, the amendments aimed at it; EntryMustExist where there is none."""
    book = question.book
    if not 1 <= number <= book.last:
        raise EntryMustExist(entry=number, last=book.last)
    if number == TERMS_ENTRY:
        return {"entry": 1, "event": "terms", "line": book.terms.data(), "moved": [], "amended_by": []}
    moved = [
        {"figure": label, "before": quantity(move.before[label]), "after": quantity(after)}
        for move in moves(question, lambda position: position.headline())
        if move.step.number == number
        for label, after in move.after.items()
        if after != move.before[label]
    ]
    amended_by = [
        item.number
        for item in book.record
        if isinstance(item.entry, EntryCorrected | EntryVoided) and item.entry.entry == number
    ]
    return {**entries(book)[number - TERMS_ENTRY - 1], "moved": moved, "amended_by": amended_by}
