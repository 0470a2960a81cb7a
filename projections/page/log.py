"""The log: every entry in the order it was recorded, the latest first, and how it is narrowed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ledger.errors import QuestionMustBeUnderstood
from ledger.events import KINDS
from ledger.kept.asked import AskedBook
from ledger.moments import LAST_DAY, in_new_york, parse_instant
from ledger.position.state import Position
from ledger.position.stock import Certificate, Notice
from ledger.rows import TERMS_ENTRY
from projections import answers, log
from projections.certificate import find, within
from projections.commands.entries import entry_number
from projections.commands.questions import understood
from projections.concordance import belonging
from projections.holders import certificates_of
from projections.page.asking import Asking
from projections.page.paging import part
from projections.page.shown import Answer, Block, Cell, Field, Form, Section, Table, Words
from projections.page.waiting import about
from projections.question import Question

FILTERS = ("kind", "holder", "clause", "recorded-since", "before")
"""The words by which the log is narrowed."""

_OF_HOLDER = ("holder", "holders")
_OF_CERTIFICATE = ("certificate", "new_certificate", "balance_certificate")
_READ = 500  # entries read for a page, to see whom each is about
_CHOSEN = 100  # holders that are offered to be chosen; of more one is written


def entry_log(asking: Asking) -> Answer:
    """Every entry in the order it was recorded, or those of a kind, of a holder, under a clause, since an instant."""
    wanted = _Wanted.of(asking)

    def listed() -> list[dict[str, Any]]:
        told = log.entries(asking.question.book, wanted.since)
        return [one for one in told if one["event"] in wanted.kinds and wanted.is_about(one["line"])]

    def data() -> dict[str, Any]:
        return answers.under("log", asking.question, asking.head, {"entries": listed()})

    return Answer(data, listed, "Log", lambda: [Section("", [_filters(asking), *_listed(asking, wanted)])])


class _Wanted:
    """Which entries are asked for."""

    def __init__(self, kinds: set[str], holder: str | None, since: datetime | None, whenever: Question) -> None:
        self.kinds, self.holder, self.since, self._whenever = kinds, holder, since, whenever

    @classmethod
    def of(cls, asking: Asking) -> "_Wanted":
        """What the words of the address want; QuestionMustBeUnderstood, ClauseMustBeKnown, HolderMustBeKnown."""
        kind, holder, clause, since = (asking.given.get(name) for name in FILTERS[:4])
        if kind is not None and kind not in KINDS:
            why, hint = "There is no such kind of entry", "`captable record --help` lists them."
            raise QuestionMustBeUnderstood(what=f"The kind {kind}", why=why, hint=hint)
        kinds = {kind} if kind else set(KINDS)
        if clause is not None:
            kinds &= {own.name for one in within(find(clause).id) for own in belonging(one).kinds}
        whenever = Question(asking.question.book, LAST_DAY)
        if holder is not None:
            certificates_of(whenever, holder)  # whoever is known by any day
        return cls(kinds, holder, understood("instant", parse_instant, since) if since else None, whenever)

    def is_about(self, line: Mapping[str, Any]) -> bool:
        """Whether an entry is about the holder asked for; without one every entry is."""
        return self.holder is None or is_about(line, self.holder, self._whenever.position)

    def numbers(self) -> Sequence[int]:
        """The entries of these kinds since the instant, by number."""
        book = self._whenever.book
        first = max(book.known(self.since).last, TERMS_ENTRY) + 1 if self.since else TERMS_ENTRY + 1
        if self.kinds >= set(KINDS):
            return range(first, book.last + 1)
        if isinstance(book, AskedBook):
            return [number for number in book.recorded_as(self.kinds) if number >= first]
        return [item.number for item in book.record if item.number >= first and item.entry.word in self.kinds]


def _listed(asking: Asking, wanted: _Wanted) -> Iterator[Block]:
    book, numbers = asking.question.book, wanted.numbers()
    if wanted.holder is not None:
        numbers, said = _about(asking, wanted, numbers)
    else:
        said = [f"{len(numbers):,} of {book.last - TERMS_ENTRY:,} entries known, beside entry 1, the terms."]
    shown, ways = part(asking, numbers[::-1], "entries", order=", the latest first")
    rows = [_row(asking, log.entry(book, number)) for number in shown]
    columns = dict.fromkeys(("Recorded (New York)", "By", "Effective", "Event", "Late", "Status"), "l")
    nothing = "The ledger holds its terms (entry 1) and nothing else yet."
    empty = "No entry is as asked for." if book.last > TERMS_ENTRY else nothing
    yield Words(said)
    yield from ways
    yield Table.of("Entries in the order they were recorded, the latest first", {"Entry": "r", **columns}, rows, empty)
    yield from ways


def _about(asking: Asking, wanted: _Wanted, numbers: Sequence[int]) -> tuple[Sequence[int], list[str | Cell]]:
    """The entries about a holder, of the last so many before a number: each is read, to see whom it is about."""
    book, before = asking.question.book, asking.given.get("before")
    if before is not None:
        end = entry_number(before)
        numbers = [number for number in numbers if number < end]
    most = len(numbers) if asking.may_read_all else _READ
    looked, left = numbers[-most:], numbers[:-most]
    found = [number for number in looked if wanted.is_about(book.entry(number).entry.line())]
    said: list[str | Cell] = [f"{len(found):,} entries about {wanted.holder}"]
    if before is None and not left:
        return found, [f"{said[0]}."]
    if looked:
        said = [f"{said[0]} among entries {looked[0]:,} to {looked[-1]:,}. "]
    if left:
        said += [Cell(f"Look through those before entry {looked[0]:,}", asking.here(before=looked[0])), ", or "]
        said += [Cell(f"through all, which takes {about(len(numbers))}", asking.here(whole="yes")), "."]
    return found, said


def _row(asking: Asking, one: dict[str, Any]) -> tuple[str | Cell, ...]:
    return (
        asking.entry(one["entry"]),
        in_new_york(datetime.fromisoformat(one["recorded"])).partition(" ")[2],
        one["by"] or "",
        one["effective"],
        one["event"],
        Cell("LATE", mark="note") if one["late"] else "",
        one["status"] if one["status"] != "stands" else "",
    )


def _filters(asking: Asking) -> Form:
    given = {name: asking.given.get(name, "") for name in FILTERS}
    kinds = [("", "every kind"), *((word, word) for word in sorted(KINDS))]
    known = sorted(Question(asking.question.book, LAST_DAY).position.holdings_of)
    holders = [("", "every holder"), *((name, name) for name in known)] if len(known) <= _CHOSEN else []
    fields = (
        Field("kind", "Kind", given["kind"], choices=kinds),
        Field("holder", "Holder", given["holder"], "" if holders else "by its whole name", choices=holders),
        Field("clause", "Clause", given["clause"], "such as 5(e)"),
        Field("recorded-since", "Recorded since", given["recorded-since"], "such as 2003-03-04T12:00:00-05:00"),
    )
    return Form("/log", "Show", fields, hidden=asking.clocks, label="Which entries")


def is_about(line: Mapping[str, Any], holder: str, position: Position) -> bool:
    """Whether an entry names a holder, or a certificate or notice that is or was the holder's."""
    asks: dict[str, Callable[[str], bool]] = {
        **dict.fromkeys(_OF_HOLDER, lambda name: name == holder),
        **dict.fromkeys(_OF_CERTIFICATE, lambda name: _is_of(position.certificates.get(name), holder)),
        "notice": lambda name: _is_of(position.notices.get(name), holder),
        "of": lambda name: name == holder or _is_of(position.certificates.get(name), holder),
    }
    return any(asks[name](text) for name, text in _named(line) if name in asks)


def _is_of(piece: Certificate | Notice | None, holder: str) -> bool:
    return piece is not None and piece.holder == holder


def _named(tree: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from _named(branch, key)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _named(branch, name)
    elif isinstance(tree, str):
        yield name, tree
