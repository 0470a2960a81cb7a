"""The entries themselves: the log, and one entry's whole story.

Of a ledger whose positions were kept, one entry's story is told by a few look-ups, and not by reading them all.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ledger.book import Book
from ledger.errors import EntryMustExist
from ledger.events import EntryCorrected, EntryVoided
from ledger.exact import Fraction
from ledger.figures import quantity
from ledger.kept.asked import AskedBook
from ledger.moments import write_moment
from ledger.rows import TERMS_ENTRY
from ledger.timeline import Recorded, amended
from projections.question import Question
from projections.trace import moves_by


def entries(book: Book, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """The entries of a book in recorded order, from 2 on: both clocks, its line, whether it came late and stands.

    All of them, or those recorded after an instant.
    """
    return ({**_entry(book, item), "late": item.number in book.late} for item in book.recorded_since(since))


def entry(book: Book, number: int) -> dict[str, Any]:
    """One entry, from 2 on, as the log tells it."""
    return {**_entry(book, book.entry(number)), "late": book.is_late(number)}


def _entry(book: Book, item: Recorded) -> dict[str, Any]:
    return {
        "entry": item.number,
        "recorded": item.recorded.isoformat(),
        "by": item.by,
        "effective": write_moment(item.entry.effective),
        "event": item.entry.word,
        "status": _status(book, item),
        "line": item.entry.line(),
    }


def _status(book: Book, item: Recorded) -> str:
    if isinstance(book, AskedBook):
        facts, living, in_force = amended(book.chain(item.number))
    else:
        facts, living, in_force = book.timeline.facts, book.timeline.living, book.timeline.in_force
    if item.number in living:
        return "in force" if item.number in in_force else "superseded"
    fact = facts.get(item.number)
    if fact is None:
        return "undone" if isinstance(item.entry, EntryCorrected | EntryVoided) else "voided"
    return f"corrected by entry {fact.amended_by}" if fact.amended_by else "stands"


def show(question: Question, number: int) -> dict[str, Any]:
    """One entry's story: what it says and moved, what it amends, what amended it; EntryMustExist where it is none."""
    book = question.book
    if not 1 <= number <= book.last:
        raise EntryMustExist(entry=number, last=book.last)
    if number == TERMS_ENTRY:
        terms = {"entry": 1, "event": "terms", "line": book.terms.data()}
        return {**terms, "moved": [], "amends": None, "amended_by": []}
    item = book.entry(number)
    if isinstance(item.entry, EntryCorrected | EntryVoided):
        moved = [_by_amending(question, number)]
    else:
        watched = moves_by(question, number, lambda position: position.headline())
        moved = [(move.before, move.after) for move in watched]
    return {
        **entry(book, number),
        "moved": [
            {"figure": label, "before": quantity(before[label]), "after": quantity(value)}
            for before, after in moved
            for label, value in after.items()
            if value != before[label]
        ],
        "amends": _amends(book, item),
        "amended_by": [_amendment(book, one) for one in _beside(book, number) if number in _amended(book, one.number)],
    }


def _by_amending(question: Question, number: int) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """The figures of the day asked about before a correction or voiding was recorded, and right after."""
    before, after = (Question(_up_to(question.book, last), question.day) for last in (number - 1, number))
    return before.position.headline(), after.position.headline()


def _up_to(book: Book, last: int) -> Book:
    """The book as it was when an entry was its last."""
    if isinstance(book, AskedBook):
        return book.up_to(last)
    return Book(book.terms, book.record[: last - TERMS_ENTRY], book.begun)


def _beside(book: Book, number: int) -> Sequence[Recorded]:
    """Every entry that may amend an entry."""
    return book.chain(number) if isinstance(book, AskedBook) else book.record


def _amended(book: Book, number: int) -> list[int]:
    """The entries that a correction or voiding is about: the one it is aimed at, and what that is aimed at in turn."""
    about, amendment = list[int](), book.entry(number).entry
    while isinstance(amendment, EntryCorrected | EntryVoided):
        about.append(amendment.entry)
        amendment = book.entry(amendment.entry).entry
    return about


def _amends(book: Book, item: Recorded) -> dict[str, Any] | None:
    """What a correction or voiding is aimed at, with its kind and reason, and the entry it is about in the end."""
    about = _amended(book, item.number)
    if not about:
        return None
    target, made = book.entry(about[0]), _amendment(book, item)
    told = {"entry": target.number, "event": target.entry.word, "effective": write_moment(target.entry.effective)}
    return {**told, "kind": made["kind"], "reason": made["reason"], "in_the_end": about[-1]}


def _amendment(book: Book, item: Recorded) -> dict[str, Any]:
    """A correction or voiding: what it is aimed at, of which kind it is, why it was made, whether it is in force."""
    entry = item.entry
    assert isinstance(entry, EntryCorrected | EntryVoided)
    kind = entry.kind if isinstance(entry, EntryCorrected) else None
    told = {"entry": item.number, "event": entry.word, "of": entry.entry}
    return {**told, "kind": kind, "reason": entry.reason, "status": _status(book, item)}
