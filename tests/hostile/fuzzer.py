"""A coverage-guided fuzzer in one page: spoil an input, run it, and keep it where it went a way nobody went before.

By hand, for a quarter of an hour, from the folder `tests`:

    PYTHONPATH=.:.. python -m hostile.fuzzer journal --minutes 15

What fails is printed and belongs among the tests beside this, as an example of its own. No library is needed: Atheris
has no wheel that serves every Python this runs on, and takes over the process; HypoFuzz is a server with a dashboard.
Either can be given the same `judge_...`.
"""

import argparse
import faulthandler
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import ledger
import projections
from hostile import nasty
from hostile.judged import folder, judge_journal, judge_terms, judge_words
from projections.command_line import captable

WATCHED = tuple(str(Path(str(package.__file__)).parent) for package in (ledger, projections))  # installed or not
SLOW = 10  # seconds no input of this size may take
HUNG = 120  # seconds after which the process ends with a traceback
LARGEST = 20_000  # bytes of an input that is kept

Spoil = Callable[[Random, bytes, bytes], bytes]


class Ways:
    """The ways taken through the house: from which line to which, in which function."""

    def __init__(self, watched: tuple[str, ...] = WATCHED) -> None:
        """Watch the files whose paths begin so; nothing was walked yet."""
        self.watched = watched
        self.known: set[int] = set()
        self._walked: set[int] = set()

    def new(self, run: Callable[[], None]) -> int:
        """Run something; how many ways it took that were never taken before."""
        self._walked = set()
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            run()
        finally:
            sys.settrace(before)
            new = len(self._walked - self.known)
            self.known |= self._walked
        return new

    def _enter(self, frame: FrameType, _event: str, _what: Any) -> Callable[..., Any] | None:
        code, walked = frame.f_code, self._walked
        if not code.co_filename.startswith(self.watched):
            return None
        here, last = id(code) << 32, code.co_firstlineno

        def walk(frame: FrameType, event: str, _what: Any) -> Any:
            nonlocal last
            if event == "line":
                line = frame.f_lineno
                walked.add(here | last << 16 | line)
                last = line
            return walk

        return walk


@dataclass
class Hunt:
    """A fuzzing run: what is judged, how inputs are spoilt, what was kept of them, and what failed."""

    judge: Callable[[bytes], None]
    spoil: Spoil
    kept: list[bytes]
    random: Random
    ways: Ways = field(default_factory=Ways)
    executions: int = 0
    failures: dict[str, bytes] = field(default_factory=dict)

    def on(self, executions: int, seconds: int = 3_600) -> None:
        """Judge every seed, then spoilt ones, until so many were executed or so much time has gone."""
        until = time.monotonic() + seconds
        if not self.executions:
            for seed in self.kept[:executions]:
                self.one(seed, keep=False)
        while self.executions < executions and time.monotonic() < until:
            # Half the time something that was kept late: it stands where the seeds do not reach.
            late = self.kept[-50:] if self.random.random() < 0.5 else self.kept
            spoilt = self.random.choice(late)
            for _ in range(self.random.choice((1, 1, 1, 2, 3, 6))):
                spoilt = self.spoil(self.random, spoilt, self.random.choice(self.kept))
            self.one(spoilt[: LARGEST * 2], keep=True)

    def one(self, data: bytes, *, keep: bool) -> None:
        """Judge one input, and keep it where it went a new way."""
        self.executions += 1
        began = time.monotonic()
        new = 0
        try:
            new = self.ways.new(lambda: self.judge(data))
            assert time.monotonic() - began < SLOW, "slow"
        except Exception as error:
            places = [
                f"{Path(place.filename).name}:{place.lineno}" for place in traceback.extract_tb(error.__traceback__)
            ]
            self.failures.setdefault(f"{type(error).__name__} {' '.join(places[-3:])}: {str(error)[:300]}", data)
        if new and keep and len(data) < LARGEST:
            self.kept.append(data)


def spoilt_bytes(random: Random, data: bytes, other: bytes) -> bytes:
    """A byte changed, a piece dropped, repeated or taken from another input, something nasty put in."""
    at = random.randrange(len(data) + 1)
    end = min(len(data), at + random.choice((1, 1, 2, 8, 40)))
    start = random.randrange(len(other) + 1)
    return random.choice(
        (
            lambda: data[:at] + random.choice(nasty.BYTES) + data[at:],
            lambda: data[:at] + random.choice(nasty.BYTES) + data[end:],
            lambda: data[:at] + data[end:],
            lambda: data[:end] + data[at:],
            lambda: data[:at] + random.randbytes(1) + data[at + 1 :],
            lambda: data[:at] + other[start : start + 40] + data[at:],
        )
    )()


_HERE = '"here, and nowhere else"'


def spoilt_journal(random: Random, data: bytes, other: bytes) -> bytes:
    """Lines dropped, moved, repeated, taken from another journal; a field spoilt, exchanged, added or taken away."""
    lines, others = data.split(b"\n"), other.split(b"\n")
    at = random.randrange(len(lines))
    match random.randrange(10):
        case 0:
            return spoilt_bytes(random, data, other)
        case 1:
            del lines[at]
        case 2:
            lines.insert(at, random.choice(others))
        case 3:
            lines.insert(random.randrange(len(lines) + 1), lines[at])
        case 4:
            lines += others[:6]
        case _:
            lines[at] = _spoilt_line(random, lines[at], random.choice(others))
    return b"\n".join(lines[:12])


def _spoilt_line(random: Random, line: bytes, other: bytes) -> bytes:
    try:
        entry, another = json.loads(line), json.loads(other)
    except (ValueError, RecursionError):
        return spoilt_bytes(random, line, other)
    if not isinstance(entry, dict) or not isinstance(another, dict) or not another:
        return spoilt_bytes(random, line, other)
    inside = entry
    while (parts := [part for part in _parts(inside) if part]) and random.random() < 0.4:
        inside = random.choice(parts)
    field = random.choice([*inside, *another]) if random.random() < 0.2 or not inside else random.choice(list(inside))
    token = ""
    match random.randrange(4):
        case 0:
            inside.pop(field, None)
        case 1:
            inside[field] = another.get(field, random.choice(list(another.values())))
        case 2:
            token = random.choice(nasty.JSON_TOKENS)
            inside[field] = json.loads(_HERE)
        case _:
            inside[random.choice((*nasty.TEXTS, "ref", "document", "effective", "event"))] = another.get(field)
    try:
        said = json.dumps(entry, ensure_ascii=random.random() < 0.5)
        return said.replace(_HERE, token, 1).encode()
    except (UnicodeEncodeError, RecursionError):
        return line


def _parts(inside: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [value for value in inside.values() if isinstance(value, dict)]
    for value in inside.values():
        parts += [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return parts


def spoilt_terms(random: Random, data: bytes, other: bytes) -> bytes:
    """Lines dropped, moved or repeated, and values exchanged for others."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    name, equals, value = lines[at].partition(b"=")
    token = random.choice(nasty.TOML_TOKENS).encode()
    match random.randrange(10):
        case 0:
            return spoilt_bytes(random, data, other)
        case 1:
            del lines[at]
        case 2:
            lines.insert(random.randrange(len(lines) + 1), lines[at])
        case 3:
            lines[at] = name + b"=" + token
        case 4:
            lines[at] = random.choice(lines).partition(b"=")[0] + equals + value
        case 5:
            lines.insert(at, random.choice((b"[a]", b"[[a]]", b"[readings]", b"[signed_on]", b"a.b.c = 1", b'"" = 1')))
        case _:
            # The value of a row: { value = ..., clause = ... }
            before, found, after = value.partition(b"value = ")
            end = after.find(b", clause")
            lines[at] = name + equals + (before + found + token + after[end:] if found and end >= 0 else b" " + token)
    return b"\n".join(lines)


OPTIONS = ("--as-of", "--known-at", "--json", "--dry-run", "--help", "--terms", "--days", "--overdue", "--action")
VALUES = (
    *("H-1", "A", "2001-12-31", "2100-12-31", "1999-01-01", "2001-12-31T00:00:00Z", "conversion-rate", "outstanding"),
    *("accrued-dividends", "notice", "entry", "2", "lot", "5(e)", "-", "journal.jsonl", "missing", ".", "--", "--open"),
    *(
        "--holder",
        "--shares=1",
        "--effective=2001-05-01",
        "--effective",
        '[{"certificate": "H-1"}]',
        "true",
        "{",
        "[" * 900,
    ),
    *(
        "[" * 900,
        "9" * 5_000,
        "--assets",
        "99999999999999999999.999999999999",
        "9999999999999999999",
        "\udcff",
        "-9",
        "é",
        "\\",
    ),
)
LEAVES_NOTHING = tuple(sorted(name for name in captable.commands if name not in ("demo", "serve", "export")))
"""The commands that neither write other files than a ledger nor stay."""


def spoilt_words(random: Random, data: bytes, other: bytes) -> bytes:
    """Words put in, left out, exchanged; or the journal that is typed spoilt."""
    said, _, typed = data.partition(b"\0\0")
    words = said.split(b"\0")
    others, _, more = other.partition(b"\0\0")
    at = random.randrange(len(words))
    word = random.choice((*LEAVES_NOTHING, *OPTIONS, *VALUES, *nasty.TEXTS, *nasty.examples()))
    word = word.replace("/", "").replace("\0", "")
    match random.randrange(8):
        case 0:
            typed = spoilt_journal(random, typed or more, more)
        case 1:
            del words[at]
        case 2:
            words[at] = word.encode(errors="surrogateescape")
        case 3:
            words[at] = random.choice(others.split(b"\0"))
        case 4:
            words[at] = spoilt_bytes(random, words[at], others).replace(b"\0", b"").replace(b"/", b"")
        case _:
            words.insert(random.randrange(1, len(words) + 1) if words else 0, word.encode(errors="surrogateescape"))
    return b"\0".join(words[:40]) + b"\0\0" + typed


def words_of(data: bytes) -> tuple[list[str], bytes]:
    """The words of a command line and what is typed into it; the ledger is always that of the folder."""
    said, _, typed = data.partition(b"\0\0")
    words = [word.decode("utf-8", "surrogateescape") for word in said.split(b"\0") if word or said]
    if not words or words[0] not in LEAVES_NOTHING:
        words = [word for word in words if word in captable.commands and word in LEAVES_NOTHING][:1] + words[1:]
    return [word for word in words if not word.startswith("--l")], typed


def command_lines() -> list[bytes]:
    """Every question on a day, and every kind of entry as a command and as a journal that is typed."""
    asked = [b"\0".join([name.encode(), b"--as-of", b"2001-12-31", b"--json"]) for name in LEAVES_NOTHING]
    typed = [b"record\0-\0--dry-run\0\0" + journal for journal in nasty.journals()]
    given = []
    for word, fields in nasty.examples().items():
        said = ["record", word]
        for name, value in fields.items():
            if name != "event":
                said += [f"--{name}", value if isinstance(value, str) else json.dumps(value)]
        given.append("\0".join(said).encode())
    return asked + given + typed


def hunt(what: str, random: Random, scratch: Path) -> Hunt:
    """A run on journals, terms files or words; for words, `scratch` must be the folder worked in."""
    if what == "journal":
        return Hunt(judge_journal, spoilt_journal, list(nasty.journals()), random)
    if what == "terms":
        return Hunt(lambda data: judge_terms(data, scratch / "terms.toml"), spoilt_terms, [nasty.terms()], random)
    return Hunt(lambda data: judge_words(*words_of(data)), spoilt_words, command_lines(), random)


def by_hand() -> None:
    """Hunt for some minutes and print what was found."""
    parser = argparse.ArgumentParser(description=by_hand.__doc__)
    parser.add_argument("what", choices=("journal", "terms", "words"))
    parser.add_argument("--minutes", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, folder(Path(scratch)):
        run = hunt(asked.what, Random(asked.seed), Path(scratch))
        judged, last = run.judge, Path(tempfile.gettempdir()) / f"last-{asked.what}-{asked.seed}"

        def watched(data: bytes) -> None:
            last.write_bytes(data)  # what to look at where the process hangs and is ended
            faulthandler.dump_traceback_later(HUNG, exit=True)
            judged(data)

        run.judge = watched
        told = 0
        for minute in range(1, asked.minutes + 1):
            run.on(executions=sys.maxsize, seconds=60)
            said = f"{run.executions} executions, {len(run.ways.known)} ways, {len(run.kept)} kept"
            print(f"minute {minute}: {said}, {len(run.failures)} failures", flush=True)
            for why, data in list(run.failures.items())[told:]:
                print(f"\n{why}\n  {data[:2_000]!r}\n", flush=True)
            told = len(run.failures)


if __name__ == "__main__":
    by_hand()
