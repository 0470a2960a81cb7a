"""The auditor's bundle: one zip with the record, what it rests on, what it answers, and the programs that check it.

The same question of the same record gives the same bytes, on any machine: names are sorted, times and permissions
fixed, nothing is compressed (a compressor may change). It holds what was known at the moment asked for and nothing
later, so that it does not change when more is recorded.
"""

import hashlib
import json
import os
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

from ledger.application import Ledger
from ledger.audit import must_reach_its_heads
from ledger.clauses import dividends
from ledger.errors import ExportMustBeNew, ExportMustBeWritable
from ledger.head import Head
from ledger.moments import LAST_DAY, day_of
from ledger.readings.registered import REGISTERED
from ledger.rows import Stored
from ledger.terms import Terms
from projections.question import Question
from projections.report.text import progress
from projections.sheets import Sheet, sheets

FORM = "captable/bundle/1"
SUMS = "SHA256SUMS"
PROGRAMS = ("verify.py", "second_reading.py")

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle in memory: its files by name, the question it answers, and the head it rests on."""

    files: dict[str, bytes]
    question: Question
    head: Head

    def packed(self) -> bytes:
        """The zip, byte for byte the same each time."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, data in sorted(self.files.items()):
                member = zipfile.ZipInfo(name, _EPOCH)
                member.create_system, member.external_attr = _UNIX, _FILE_MODE
                archive.writestr(member, data, zipfile.ZIP_STORED)
        return packed.getvalue()


def bundle(ledger: Ledger, question: Question) -> Bundle:
    """The bundle of a question: the entries it knew, once every link has been recomputed. Raises RecordMustVerify."""
    must_reach_its_heads(ledger.place)
    book = question.book
    entries = [_entry(one) for one in progress(ledger.stored(), book.last, "Bundling")][: book.last]
    head = Head(book.last, entries[-1]["sha256"])
    known_at = question.known_at.isoformat() if question.known_at else None
    told = {"schema": FORM, **head.data(), "as_of": question.day.isoformat(), "known_at": known_at}
    texts = {
        "entries.jsonl": "".join(f"{_json(entry)}\n" for entry in entries),
        "journal.jsonl": "".join(f"{_json(line)}\n" for line in _journal(entries)),
        "terms.json": _tree(book.terms.data()),
        "terms.toml": _toml(book.terms),
        "readings.json": _tree(_readings(book.terms)),
        "calendar.csv": _calendar(question).csv(),
        "head.json": _tree(told),
        "README.txt": _readme(question, head),
        **{f"answers/{name}.csv": sheet.csv() for name, sheet in sheets(question).items()},
    }
    files = {name: text.encode() for name, text in texts.items()}
    files |= {name: (resources.files("projections") / "auditor" / name).read_bytes() for name in PROGRAMS}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return Bundle({**files, SUMS: sums.encode()}, question, head)


def write(path: Path, data: bytes) -> None:
    """Write an export whole or not at all; ExportMustBeNew where something is there, ExportMustBeWritable otherwise."""
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        if os.path.lexists(path):
            raise ExportMustBeNew(path=path)
        try:
            with part.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _name(part, path)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise ExportMustBeNew(path=path) from None
    except FileNotFoundError:
        raise ExportMustBeWritable(path=path, why="Its folder does not exist") from None
    except (OSError, ValueError) as error:
        raise ExportMustBeWritable(path=path, why=getattr(error, "strerror", None) or str(error)) from None


def _name(part: Path, path: Path) -> None:
    """Give a file its name, unless somebody else did meanwhile: a link never replaces, as a renaming would."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        part.rename(path)
    with suppress(OSError):  # where a folder can be opened, its new name is made to last as well
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _entry(one: Stored) -> dict[str, Any]:
    """An entry exactly as it is stored, with when it was recorded beside the text that says so."""
    text = one.state.decode()
    recorded = json.loads(text)["recorded"]
    return {"number": one.number, "word": one.word, "recorded": recorded, "text": text, "sha256": one.sha256}


def _journal(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The entries after the terms as lines that can be recorded."""
    return ({"event": entry["word"], **json.loads(entry["text"])["says"]} for entry in entries[1:])


def _readings(terms: Terms) -> list[dict[str, Any]]:
    """Every reading, with what is taken under these terms."""
    return [
        {
            "id": one.id,
            "clause": one.clause,
            "question": one.question,
            "taken": terms.readings.get(one.id, one.taken),
            "detail": one.detail,
            "rejected": one.rejected,
            "moves": one.moves,
            "offered": list(one.offered),
        }
        for one in REGISTERED.values()
    ]


def _calendar(question: Question) -> Sheet:
    """§5(f)(i) - Every day the answers may rest on, whether banks are open, and why not.

    From the year of the first entry to the year after the last day that any answer names.
    """
    days, rows = question.position.days, []
    first, last = _span(question)
    for day in (first + timedelta(days=place) for place in range((last - first).days + 1)):
        why = days.why_closed(day)
        rows.append((day.isoformat(), "closed" if why else "open", why or ""))
    return Sheet(("day", "banks", "why"), tuple(rows))


def _span(question: Question) -> tuple[date, date]:
    position, terms = question.position, question.book.terms
    effective = [day_of(fact.entry.effective) for fact in question.book.timeline.facts.values()]
    first = min(terms.signed_on.value, question.day, *effective)
    deadlines = [notice.deadline(position.days) for notice in position.notices.values()]
    ahead = [
        question.day,
        dividends.next_payment_date(position.terms, question.day),
        *(day_of(deadline) for deadline in deadlines if deadline),
        *(one.on for one in position.company.record_dates),
        *(one.on for one in position.redemptions.values()),
    ]
    return date(first.year, 1, 1), min(LAST_DAY, date(max(ahead).year + 1, 12, 31))


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def _tree(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _toml(terms: Terms) -> str:
    """The terms as a terms file: what `captable init --terms` reads."""
    told, lines = terms.data(), ["# The terms that are entry 1 of the ledger; see terms.json.", ""]
    readings = told.pop("readings")
    for name, row in told.items():
        if isinstance(row, dict):
            row = "{ " + ", ".join(f"{key} = {_json_value(value)}" for key, value in row.items()) + " }"  # noqa: PLW2901
        else:
            row = _json_value(row)  # noqa: PLW2901
        lines.append(f"{name} = {row}")
    lines += ["", "[readings]", *(f"{name} = {_json_value(choice)}" for name, choice in readings.items()), ""]
    return "\n".join(lines)


def _json_value(value: Any) -> str:
    # A JSON string, number or list of them is the same in TOML; names hold no control characters.
    return json.dumps(value, ensure_ascii=False)


def _readme(question: Question, head: Head) -> str:
    known = f"as known at {question.known_at.isoformat()}" if question.known_at else "with all that was recorded"
    return f"""THE AUDITOR'S BUNDLE

{question.book.terms.title}
{question.book.terms.company}

The answers are as of {question.day:%A %Y-%m-%d}, {known}.
The record ends with entry {head.entry}. Its head is

    {head}

Compare that line with one you were given on another way, or wrote down before. It stands for every
entry up to the last: nothing of the record can be changed without changing it.

TO CHECK IT

    unzip audit.zip -d audit
    python3 audit/verify.py

Python 3.8 or later is enough, and nothing is installed. verify.py recomputes every link and the head, and reads the
journal a second time by programs of its own, to compute again the outstanding shares, the accrued dividends, the
conversion rate, the Common Stock outstanding and every certificate. The other answers it holds by their sums alone. It
prints a line for each check, and exits with 0 where everything fits and 4 where anything does not.

A head that was written down, this one or an earlier one, is checked with

    python3 audit/verify.py audit "{head.entry} {head.sha256[:8]}..."

verify.py and second_reading.py are meant to be read: the figures are in the second, clause by clause. A bundle forged
as a whole would bring its own; take them from a bundle you trust, or from the program's source.

WHAT IS IN IT

    entries.jsonl      every entry exactly as it is stored (text), when it was recorded, and its link
    journal.jsonl      the same entries from the second on, as lines that can be recorded again
    terms.json         the numbers and dates of the certificate: entry 1
    terms.toml         the same, as `captable init --terms` reads it
    readings.json      where the certificate is silent: what is taken, what was rejected, what it moves
    calendar.csv       the days on which banks were taken to be open or closed, and why
    answers/           the answers: series, holders, certificates, rate_history, dividends (by payment date),
                       pending_notices, redemptions, findings, obligations
    head.json          the last entry and its link, the day asked about, the moment it is known at
    verify.py          checks all of this
    second_reading.py  the certificate read a second time
    SHA256SUMS         the sum of every other file (sha256sum -c SHA256SUMS)

A link is the SHA-256, in hexadecimal, of the link before (empty before entry 1), the word `ledger`, the entry's number
and its word, each followed by a line feed, and then its text.

In the tables what is exact stands beside what is rounded: dollars to the cent, half up, once. n/d is a fraction. Read
every column as text: a spreadsheet cuts long numbers and takes 1/2 for a day. A cell that a spreadsheet would run, or
that begins with an apostrophe, has an apostrophe before it that is not part of it. The column `late` names those of a
row's entries that came late: recorded after another one, and effective before it.

TO RECORD IT AGAIN

    captable init --terms terms.toml --ledger again.db
    captable record journal.jsonl --ledger again.db

The answers are then the same, but for when each entry was recorded, and so for the head.
"""
