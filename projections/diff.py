"""What changed between two questions: two days, two tags, or one day known at two moments; and by which entries."""

from typing import Any

from ledger.book import Book
from ledger.entries import Entry
from ledger.events import EntryCorrected, EntryVoided
from ledger.kept.asked import AskedBook
from ledger.moments import as_instant, end_of, write_moment
from ledger.timeline import ConversionDate, root_of
from projections import asof
from projections.difference import Difference, differences
from projections.question import Question

_NOT_FIGURES = ("schema", "as_of", "known_at", "head", "readings")


def figures(first: Question, second: Question) -> list[Difference]:
    """The figures of the answer for a day that differ, by their path."""
    before, after = (
        {name: branch for name, branch in asof.answer_to(one).items() if name not in _NOT_FIGURES}
        for one in (first, second)
    )
    return differences(before, after)


def entries(first: Question, second: Question) -> list[dict[str, Any]]:
    """The entries that one question rests on and the other does not, or that say something else, by number.

    `by` are the corrections and voidings of an entry that were learned between the two moments.
    """
    before, after = _facts(first, second)
    amended = _amendments(first.book, second.book)
    numbers = sorted(number for number in before.keys() | after.keys() if before.get(number) != after.get(number))
    return [
        {**_entry(number, before.get(number), after.get(number), first, second), "by": amended.get(number, [])}
        for number in numbers
    ]


def _facts(first: Question, second: Question) -> tuple[dict[int, Entry], dict[int, Entry]]:
    """What stands at either moment; where positions were kept, only of the facts of which that may differ."""
    if isinstance(first.book, AskedBook) and isinstance(second.book, AskedBook):
        return _looked_up(first, first.book, second, second.book)
    every = [[step for step in one.steps if not isinstance(step.fact, ConversionDate)] for one in (first, second)]
    before, after = ({step.number: step.fact for step in steps if isinstance(step.fact, Entry)} for steps in every)
    return before, after


def _looked_up(
    first: Question, old: AskedBook, second: Question, new: AskedBook
) -> tuple[dict[int, Entry], dict[int, Entry]]:
    known, later = sorted((old, new), key=lambda book: book.last)
    earliest, latest = sorted((first.day, second.day))
    told = {number if about is None else about for number, about in later.told_after(known.last)}
    told.update(later.effective(earliest, latest))
    before, after = (
        {
            fact.number: fact.entry
            for fact in book.facts([number for number in sorted(told) if number <= book.last])
            if as_instant(fact.entry.effective) < end_of(question.day)
        }
        for question, book in ((first, old), (second, new))
    )
    return before, after


def _amendments(first: Book, second: Book) -> dict[int, list[int]]:
    """The corrections and voidings that only one of two books knows, by the entry they are about in the end."""
    known, later = sorted((first, second), key=lambda book: book.last)
    if isinstance(later, AskedBook):
        told = dict[int, list[int]]()
        for number, root in later.told_after(known.last):
            if root is not None:
                told.setdefault(root, []).append(number)
        return told
    amendments = {
        item.number: item.entry for item in later.record if isinstance(item.entry, EntryCorrected | EntryVoided)
    }
    about = dict[int, list[int]]()
    for number in amendments:
        if number > known.last:
            about.setdefault(root_of(number, amendments), []).append(number)
    return about


def _entry(number: int, before: Entry | None, after: Entry | None, first: Question, second: Question) -> dict[str, Any]:
    told = after or before
    assert told is not None
    what = "no longer there" if after is None else "says something else" if before else "added"
    return {
        "entry": number,
        "effective": write_moment(told.effective),
        "event": told.word,
        "change": what,
        "late": _is_late(number, told, first, second),
    }


def _is_late(number: int, entry: Entry, first: Question, second: Question) -> bool:
    """Effective by the first day and learned after the first moment; without a moment, late when it was recorded."""
    if first.known_at is None:
        return second.book.is_late(number)
    if number > second.book.last:
        return False  # learned after the second moment
    recorded = second.book.entry(number).recorded
    return as_instant(entry.effective) < end_of(first.day) and recorded > first.known_at
