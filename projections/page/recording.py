"""Recording from the page, in two steps: what `--dry-run` would say, and then the same entries recorded.

Every line carries a `ref`, made with the form where the recorder gives none, so that a form sent twice records once.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic import StrictBool

from ledger.application import Ledger
from ledger.commands import said, warnings
from ledger.entries import Entry
from ledger.errors import LedgerMustNotHaveMovedOn, QuestionMustBeUnderstood, Refusal
from ledger.events import KINDS
from ledger.journal import read_fields, read_journal
from ledger.receipt import Receipt
from projections.page.asking import Asking
from projections.page.lines import as_json, hint, inside, parts_of
from projections.page.people import Person
from projections.page.shown import Block, Field, Form, Quoted, Section, Words

JOURNAL = "journal"
ENVELOPE = ("effective", "ref", "note", "document")
_HINTS = {
    "effective": "a day, 2001-09-10, or an instant, 2001-11-09T17:01:00-05:00",
    "ref": "your own unique reference: the same one is never recorded twice",
    "replacement": 'the whole entry that takes its place, as a journal line: {"event": "CommonSharesIssued", ...}',
    "document": ": the paper that proves it",
}


@dataclass(frozen=True)
class Sent:
    """What a form sent: the entries as journal lines, and the head that its dry run was made at."""

    lines: str
    head: int | None = None

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Sent":
        """The lines of a form; FieldRefusal where they cannot be read. A line without a ref gets one."""
        if form.get("kind", JOURNAL) == JOURNAL:
            entries = [entry for _, entry in read_journal(form.get(JOURNAL, "").split("\n"), "the form")]
        else:
            entries = [_of_fields(form)]
        head = form.get("head", "")
        number = int(head) if head.isascii() and head.isdigit() and len(head) < 20 else None
        return cls("\n".join(_with_ref(entries, form.get("form") or secrets.token_hex(8))), number)

    def entries(self) -> Iterator[Entry]:
        """The entries of the lines."""
        return (entry for _, entry in read_journal(self.lines.split("\n"), "the form"))


def _of_fields(form: Mapping[str, str]) -> Entry:
    word = form["kind"]
    if word not in KINDS:
        raise _unknown(word)
    names = [name for name in KINDS[word].model_fields if form.get(name, "").strip()]
    fields = KINDS[word].model_fields
    told = {name: form[name].strip().replace("\r\n", "\n") for name in names}  # a browser ends lines with both
    written = {name: as_json(name, fields[name].annotation, text) for name, text in told.items()}
    return read_fields(word, [f"--{name}={value}" for name, value in written.items()], "the form")


def _unknown(word: str) -> QuestionMustBeUnderstood:
    return QuestionMustBeUnderstood(what=f"The kind {word}", why="There is no such kind of entry", hint="Choose one.")


def _with_ref(entries: Iterable[Entry], form: str) -> Iterator[str]:
    for place, entry in enumerate(entries, 1):
        ref = entry.ref or f"page-{form}-{place}"
        yield json.dumps({**entry.line(), "ref": ref}, ensure_ascii=False)


def blank(asking: Asking) -> list[Section]:
    """The form: which kind of entry, and then its own fields; or a journal."""
    kind = asking.given.get("kind", "")
    if kind not in ("", JOURNAL, *KINDS):
        raise _unknown(kind)
    choices = [*((word, word) for word in sorted(KINDS)), (JOURNAL, "several, as a journal (JSON Lines)")]
    choose = Form("/record", "Go on", [Field("kind", "Kind of entry", kind, choices=choices)], hidden=asking.clocks)
    said = "Nothing is recorded before you have seen what it would do."
    parts = [Section("", [Words([said]), choose])]
    return [*parts, Section(_title(kind), [_form(kind, {}, secrets.token_hex(8))])] if kind else parts


def _title(kind: str) -> str:
    return "A journal" if kind == JOURNAL else kind


def again(form: Mapping[str, str]) -> list[Section]:
    """A form that was refused, with what was written in it."""
    kind = form.get("kind", JOURNAL)
    if kind not in KINDS:
        kind = JOURNAL
    return [Section("Put it right", [_form(kind, form, form.get("form") or secrets.token_hex(8))])]


def _form(kind: str, written: Mapping[str, str], form: str) -> Form:
    if kind == JOURNAL:
        hint = 'one entry a line: {"event": "CommonSharesIssued", "effective": "2001-06-01", ...}'
        fields = [Field(JOURNAL, "Journal", written.get(JOURNAL, ""), hint, required=True, lines=12)]
    else:
        own = [name for name in KINDS[kind].model_fields if name not in ENVELOPE]
        fields = [_field(kind, name, written.get(name, "")) for name in ("effective", *own, *ENVELOPE[1:])]
    return Form(
        "/record/check", "Show what it would do", fields, {"kind": kind, "form": form}, post=True, label=_title(kind)
    )


def _field(kind: str, name: str, value: str) -> Field:
    told = KINDS[kind].model_fields[name]
    annotation, label = told.annotation, name.replace("_", " ").capitalize()
    options = [one for one in inside(annotation) if one is not type(None)]
    choices: list[tuple[str, str]] = []
    for one in options:
        if get_origin(one) is Literal:
            choices = [(word, word.replace("_", " ")) for word in get_args(one)]
    if bool in options or annotation is StrictBool:
        choices = [("true", "yes"), ("false", "no")]
    if choices and not told.is_required():
        choices = [("", "not said"), *choices]
    parts = parts_of(annotation)
    said = hint(parts) if parts is not None else ""
    lines = 3 if parts is not None or name in ("note", "replacement") else 0
    return Field(name, label, value, f"{said}{_HINTS.get(name, '')}", choices, told.is_required(), lines)


def checked(ledger: Ledger, sent: Sent) -> list[Section]:
    """What the entries would do, in the words of `--dry-run`, and the form that records them; or a Refusal."""
    with _where():
        receipt = ledger.record(sent.entries(), dry_run=True)
    told = Quoted(said(receipt, dry_run=True), "What it would do")
    lines = Quoted(sent.lines, "As journal lines")
    if not receipt.new:
        return [Section("", [told]), Section("The entries", [lines])]
    hidden = {"kind": JOURNAL, JOURNAL: sent.lines, "head": str(_head(receipt))}
    confirm: list[Block] = [told, Form("/record", "Record it", [], hidden, post=True, label="Record it")]
    return [Section("", confirm), Section("The entries", [lines])]


def _head(receipt: Receipt) -> int:
    """The last entry before those that a dry run decided."""
    return receipt.first - 1


def recorded(ledger: Ledger, sent: Sent, person: Person) -> tuple[list[int], str]:
    """Record the entries as this person; their numbers, and what was done in words with any warning.

    LedgerMustNotHaveMovedOn where somebody recorded since the dry run: what it showed may no longer be what happens.
    """
    with _where():
        tried = ledger.record(sent.entries(), dry_run=True)
        if tried.new and _head(tried) != sent.head:
            raise LedgerMustNotHaveMovedOn(head=sent.head or 0)
        receipt = ledger.record(sent.entries(), by=person.name)
    told = "\n".join([said(receipt, dry_run=False), *warnings(receipt)])
    return list(receipt.numbers()), told


@contextmanager
def _where() -> Iterator[None]:
    """A refusal says which line of the form it was."""
    try:
        yield
    except Refusal as refusal:
        refusal.where = f"the form, line {refusal.place + 1}"
        raise


def done(asking: Asking, numbers: Sequence[int], told: str) -> list[Section]:
    """What was recorded, in the words of `captable record`, each entry leading to its story."""
    listed = Words([part for number in numbers for part in (asking.entry(number, "entry {}"), " ")])
    return [Section("", [Quoted(told, "What was done"), listed])]
