"""One entry's whole story, and what changed between two moments."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ledger.exact import Fraction
from ledger.figures import dollars, headline, shares
from ledger.moments import as_instant, end_of, in_new_york, parse_moment
from projections import answers, diff, log
from projections.commands.clocks import moment_of
from projections.commands.entries import entry_number
from projections.page.asking import Asking, in_address
from projections.page.paging import first_of, part
from projections.page.paths import is_money, told_in_words
from projections.page.shown import Answer, Block, Cell, Field, Form, Pairs, Quoted, Section, Table, Text, Words

_QUANTITY = re.compile(r"\d+(\.\d+|/\d+)?", re.ASCII)


def entry(asking: Asking, number: str) -> Answer:
    """One entry: what was recorded, what it moved, how it was corrected, and its place in the chain of hashes."""
    story = log.show(asking.question, entry_number(number))
    data = answers.under("show", asking.question, asking.head, story)
    return Answer(
        lambda: data, lambda: story["moved"], f"Entry {story['entry']}: {story['event']}", lambda: _story(asking, story)
    )


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
    link = asking.ledger.rows.link_at
    yield "SHA-256 link", [link(number) or "none is stored"]
    if number > 1:
        yield f"Over the link of entry {number - 1}", [link(number - 1) or "none is stored"]
    yield "Prove it elsewhere", [f"captable prove {number}"]


def difference(asking: Asking) -> Answer:
    """What changed from one moment to another: each a day, a tag, or a day as known at a moment."""
    first, second = asking.given.get("from"), asking.given.get("to")
    if first is None or second is None:
        nothing = answers.under("diff", asking.question, asking.head, {"figures": [], "entries": []})
        return Answer(
            lambda: nothing, list, "Difference", lambda: [Section("", [_between(asking), *_suggested(asking)])]
        )
    before, after = (moment_of(asking.ledger, text) for text in (first, second))
    changed = [one.data() for one in diff.figures(before, after)]
    entries = diff.entries(before, after)
    data = {"schema": "captable/diff/1", "from": first, "to": second, "figures": changed, "entries": entries}

    def sections() -> list[Section]:
        some, ways = part(asking, changed, "figures")
        some_entries, more = first_of(entries, "entries", Cell("JSON lists them all.", _data(asking)))
        figures = [(told_in_words(str(one["figure"])), *_told(one)) for one in some]
        listed = [
            (
                asking.entry(one["entry"]),
                one["effective"],
                one["event"],
                one["change"],
                Cell("LATE", mark="note") if one["late"] else "",
            )
            for one in some_entries
        ]
        nothing = f"Nothing changed from {first} to {second}."
        columns = {"Entry": "r", **dict.fromkeys(("Effective", "Event", "Change", "Late"), "l")}
        moved = Table.of(f"From {first} to {second}", {"Figure": "l", "Before": "r", "After": "r"}, figures, nothing)
        return [
            Section("", [_between(asking)]),
            Section("Figures", [moved, *ways]),
            Section("Entries", [Table.of("The entries that changed them", columns, listed, "None."), *more]),
        ]

    return Answer(lambda: data, lambda: changed, "Difference", sections)


def _data(asking: Asking) -> str:
    return asking.here().replace(asking.path, f"{asking.path}.json", 1)


def _told(changed: Mapping[str, str | None]) -> tuple[str, str]:
    """Both values as the page writes figures; as they are where that would not tell them apart."""
    write_them = dollars if is_money(changed["figure"] or "") else shares
    values = changed["before"], changed["after"]
    written, exact = ([_figure(one, write) for one in values] for write in (write_them, None))
    first, second = written if written[0] != written[1] else exact
    return first, second


def _figure(value: str | None, write: Callable[[Fraction], str] | None) -> str:
    if value is None:
        return "nothing"
    return write(Fraction(value)) if write and _QUANTITY.fullmatch(value) else value


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
