"""The entries: the log with what may be asked of it, one entry's whole story, and what changed between two moments."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ledger.errors import QuestionMustBeUnderstood
from ledger.events import KINDS
from ledger.exact import Fraction
from ledger.figures import headline
from ledger.moments import LAST_DAY, as_instant, end_of, in_new_york, parse_instant, parse_moment
from ledger.position.state import Position
from projections import answers, diff, log
from projections.certificate import find, within
from projections.commands.clocks import moment_of
from projections.commands.entries import entry_number
from projections.commands.questions import understood
from projections.concordance import belonging
from projections.holders import certificates_of
from projections.page.asking import Asking, in_address
from projections.page.shown import Answer, Block, Cell, Field, Form, Pairs, Quoted, Section, Table, Text, Words
from projections.question import Question

FILTERS = ("kind", "holder", "clause", "recorded-since")
"""The words by which the log is narrowed."""

_OF_HOLDER = ("holder", "holders")
_OF_CERTIFICATE = ("certificate", "new_certificate", "balance_certificate")


def entry_log(asking: Asking) -> Answer:
    """Every entry in the order it was recorded, or those of a kind, of a holder, under a clause, since an instant."""
    since = asking.given.get("recorded-since")
    told = answers.entries(asking.question, understood("instant", parse_instant, since) if since else None)
    listed = [*filter(_wanted(asking), told["entries"])]
    data = answers.under("log", asking.question, asking.head, {"entries": listed})

    def sections() -> list[Section]:
        rows = [
            (
                asking.entry(one["entry"]),
                in_new_york(datetime.fromisoformat(one["recorded"])).partition(" ")[2],
                one["by"] or "",
                one["effective"],
                one["event"],
                Cell("LATE", mark="note") if one["late"] else "",
                one["status"] if one["status"] != "stands" else "",
            )
            for one in listed
        ]
        columns = dict.fromkeys(("Recorded (New York)", "By", "Effective", "Event", "Late", "Status"), "l")
        empty = (
            "No entry is as asked for."
            if told["entries"]
            else "The ledger holds its terms (entry 1) and nothing else yet."
        )
        said = f"{len(listed)} of {len(asking.question.book.record)} entries known, beside entry 1, the terms."
        table = Table.of("Entries in the order they were recorded", {"Entry": "r", **columns}, rows, empty)
        return [Section("", [_filters(asking), Words([said]), table])]

    return Answer(data, listed, "Log", sections)


def _filters(asking: Asking) -> Form:
    given = {name: asking.given.get(name, "") for name in FILTERS}
    kinds = [("", "every kind"), *((word, word) for word in sorted(KINDS))]
    holders = [("", "every holder"), *((name, name) for name in sorted(asking.question.book.position.holders))]
    fields = (
        Field("kind", "Kind", given["kind"], choices=kinds),
        Field("holder", "Holder", given["holder"], choices=holders),
        Field("clause", "Clause", given["clause"], "such as 5(e)"),
        Field("recorded-since", "Recorded since", given["recorded-since"], "such as 2003-03-04T12:00:00-05:00"),
    )
    return Form("/log", "Show", fields, hidden=asking.clocks, label="Which entries")


def _wanted(asking: Asking) -> Callable[[Mapping[str, Any]], bool]:
    """Whether an entry is of the kind, under the clause and about the holder asked for."""
    kind, holder, clause = (asking.given.get(name) for name in FILTERS[:3])
    if kind is not None and kind not in KINDS:
        why, hint = "There is no such kind of entry", "`captable record --help` lists them."
        raise QuestionMustBeUnderstood(what=f"The kind {kind}", why=why, hint=hint)
    words = {kind} if kind else set(KINDS)
    if clause is not None:
        words &= {own.name for one in within(find(clause).id) for own in belonging(one).kinds}
    if holder is None:
        return lambda one: one["event"] in words
    whenever = Question(asking.question.book, LAST_DAY)
    certificates_of(whenever, holder)  # whoever is known by any day
    return lambda one: one["event"] in words and is_about(one["line"], holder, whenever.position)


def is_about(line: Mapping[str, Any], holder: str, position: Position) -> bool:
    """Whether an entry names a holder, or a certificate or notice that is or was the holder's."""
    certificates = {held.number for held in position.certificates.values() if held.holder == holder}
    notices = {one.id for one in position.notices.values() if one.holder == holder}
    of_holder = {name: {holder} for name in _OF_HOLDER}
    of_certificate = dict.fromkeys(_OF_CERTIFICATE, certificates)
    names = {**of_holder, **of_certificate, "notice": notices, "of": {holder, *certificates}}
    return any(text in names.get(name, ()) for name, text in _named(line))


def _named(tree: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from _named(branch, key)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _named(branch, name)
    elif isinstance(tree, str):
        yield name, tree


def entry(asking: Asking, number: str) -> Answer:
    """One entry: what was recorded, what it moved, how it was corrected, and its place in the chain of hashes."""
    story = log.show(asking.question, entry_number(number))
    data = answers.under("show", asking.question, asking.head, story)
    return Answer(data, story["moved"], f"Entry {story['entry']}: {story['event']}", lambda: _story(asking, story))


def _story(asking: Asking, story: dict[str, Any]) -> list[Section]:
    number, line = story["entry"], json.dumps(story["line"], indent=1, ensure_ascii=False)
    figures = {
        when: headline({one["figure"]: Fraction(one[when]) for one in story["moved"]}) for when in ("before", "after")
    }
    rows = [(name.replace("_", " "), told, figures["after"][name]) for name, told in figures["before"].items()]
    corrected = story.get("status", "").startswith("corrected")
    title = "Moved, when it was recorded" if story["amends"] else "Moved, as corrected" if corrected else "Moved"
    columns, empty = {"Figure": "l", "Before": "r", "After": "r"}, "It moved none of the headline figures."
    moved = Table.of("Headline figures before and after", columns, rows, empty)
    return [
        Section("", [*_to_come(asking, story), Pairs([*_facts(asking, story)]), _beside(asking, number)]),
        Section("What was recorded", [Quoted(line, f"Entry {number} as a journal line")]),
        Section(title, [moved]),
        *_amendments(asking, story),
        Section("In the record", [Pairs([*_links(asking, number)])]),
    ]


def _to_come(asking: Asking, story: dict[str, Any]) -> Iterator[Words]:
    effective = parse_moment(story["effective"]) if "effective" in story else None
    if effective and as_instant(effective) >= end_of(asking.question.day):
        day = story["effective"][:10]
        again = Cell(f"Ask as of {day}", asking.here(as_of=day))
        yield Words(
            [f"It takes effect after {asking.question.day}, the day asked about: it has moved nothing yet. ", again],
            "note",
        )


def _facts(asking: Asking, story: dict[str, Any]) -> Iterator[tuple[str, list[Text]]]:
    if story["entry"] == 1:
        yield "Recorded", [in_new_york(asking.question.book.begun)]
        return
    yield "Effective", [story["effective"]]
    late: list[Text] = [" ", Cell("LATE", mark="note")] if story["late"] else []
    yield "Recorded", [in_new_york(datetime.fromisoformat(story["recorded"])), " (New York)", *late]
    yield "By", [story["by"] or "whoever used the command, which keeps no name"]
    yield "Status", [story["status"]]


def _beside(asking: Asking, number: int) -> Words:
    last = asking.question.book.last
    parts: list[Text] = [asking.entry(number - 1, "entry {} before it")] if number > 1 else []
    parts += [" "] if 1 < number < last else []
    parts += [asking.entry(number + 1, "entry {} after it")] if number < last else []
    return Words(parts, "quiet")


def _amendments(asking: Asking, story: dict[str, Any]) -> Iterator[Section]:
    if amends := story["amends"]:
        blocks: list[Block] = [
            Words([asking.entry(amends["entry"], "entry {}"), f" ({amends['event']}): {_why(amends)}"])
        ]
        yield Section("Amends", blocks)
    if story["amended_by"]:
        said = [
            Words(
                [
                    asking.entry(by["entry"], "entry {}"),
                    f" ({by['event']} of entry {by['of']}), {by['status']}: {_why(by)}",
                ]
            )
            for by in story["amended_by"]
        ]
        yield Section("Amended by", said)


def _why(amendment: dict[str, Any]) -> str:
    return ", ".join(filter(None, (amendment["kind"], amendment["reason"] or "no reason was given")))


def _links(asking: Asking, number: int) -> Iterator[tuple[str, list[Text]]]:
    book = asking.question.book
    recorded = book.begun if number == 1 else book.entry(number).recorded
    yield "SHA-256 link", [asking.ledger.head(recorded).sha256]
    if number > 1:
        before = book.begun if number == 2 else book.entry(number - 1).recorded
        yield "Over the link of entry " + str(number - 1), [asking.ledger.head(before).sha256]
    yield "Prove it elsewhere", [f"captable prove {number}"]


def difference(asking: Asking) -> Answer:
    """What changed from one moment to another: each a day, a tag, or a day as known at a moment."""
    first, second = asking.given.get("from"), asking.given.get("to")
    if first is None or second is None:
        nothing = answers.under("diff", asking.question, asking.head, {"figures": [], "entries": []})
        return Answer(nothing, [], "Difference", lambda: [Section("", [_between(asking), *_suggested(asking)])])
    before, after = (moment_of(asking.ledger, text) for text in (first, second))
    changed = [one.data() for one in diff.figures(before, after)]
    entries = diff.entries(before, after)
    data = {"schema": "captable/diff/1", "from": first, "to": second, "figures": changed, "entries": entries}

    def sections() -> list[Section]:
        figures = [(one["figure"] or "", one["before"] or "nothing", one["after"] or "nothing") for one in changed]
        listed = [
            (
                asking.entry(one["entry"]),
                one["effective"],
                one["event"],
                one["change"],
                Cell("LATE", mark="note") if one["late"] else "",
            )
            for one in entries
        ]
        nothing = f"Nothing changed from {first} to {second}."
        columns = {"Entry": "r", **dict.fromkeys(("Effective", "Event", "Change", "Late"), "l")}
        moved = Table.of(f"From {first} to {second}", {"Figure": "l", "Before": "r", "After": "r"}, figures, nothing)
        return [
            Section("", [_between(asking)]),
            Section("Figures", [moved]),
            Section("Entries", [Table.of("The entries that changed them", columns, listed, "None.")]),
        ]

    return Answer(data, changed, "Difference", sections)


def _between(asking: Asking) -> Form:
    hint = "a day, a tag, or a day as known at a moment: 2001-11-12@2002-03-31T17:00:00-05:00"
    fields = [
        Field(name, name.capitalize(), asking.given.get(name, ""), hint, required=True) for name in ("from", "to")
    ]
    return Form("/diff", "Compare", fields, hidden=asking.clocks, label="Two moments to compare")


def _suggested(asking: Asking) -> Iterator[Words]:
    question = asking.question
    if question.known_at:
        then = f"{question.day}@{in_address(question.known_at)}"
        yield Words(
            [
                Cell(
                    "What has been learned of this day since",
                    asking.link("/diff", **{"from": then, "to": question.day}),
                )
            ]
        )
