"""The record written anew: by whoever reckons every link, and by whoever writes what could not have been recorded."""

import json
import re
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from given import SERIES_H
from ledger.anchor import beside
from ledger.application import Ledger
from ledger.rows import TERMS_WORD
from tampering.forgery import (
    EVENTS,
    LINKS,
    Row,
    chained,
    edited,
    gone,
    rewritten,
    rows_of,
    tampered,
    without_tags,
    written,
)
from tampering.remembered import Kept
from tampering.said import Said, entry_named, unproven
from tampering.specimen import HUNDREDS, journal, read_lines

pytestmark = pytest.mark.usefixtures("quickly")

N = HUNDREDS

# --- the whole written anew -----------------------------------------------------------------------------------------


def says(word: str, state: bytes, **fields: Any) -> Row:
    """An entry that says something else, in the form in which entries are stored."""
    told = json.loads(state)
    if word == TERMS_WORD:
        return raw(word, state, **fields)
    return written(word, datetime.fromisoformat(told["recorded"]), told["says"] | fields)


def raw(word: str, state: bytes, **fields: Any) -> Row:
    """An entry that says what no journal line could."""
    told = json.loads(state)
    told["says"] |= fields
    return word, compact(told)


def compact(told: Any) -> bytes:
    """JSON as it is stored."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def moved(word: str, state: bytes, by: timedelta) -> Row:
    """An entry that was recorded at another instant."""
    told = json.loads(state)
    told["recorded"] = (datetime.fromisoformat(told["recorded"]) + by).isoformat()
    return word, compact(told)


def holder(name: str, state: bytes) -> Row:
    """An entry that could have been recorded at the instant of another."""
    recorded = datetime.fromisoformat(json.loads(state)["recorded"])
    return written("HolderRegistered", recorded, {"effective": "2001-05-05", "holder": name})


def shifted(rows: list[Row], by: timedelta) -> list[Row]:
    """Entries recorded so much later each, after others."""
    return [moved(word, state, by) for word, state in rows]


def replaced(rows: list[Row]) -> list[Row]:
    """Entries with another in the place of one that nothing after it rests on."""
    at = next(at for at, (word, _) in enumerate(rows) if word == "BankClosureDeclared" and at > 50)
    return [*rows[:at], holder("Nobody", rows[at][1]), *rows[at + 1 :]]


LATER = timedelta(microseconds=1)
FORGERIES: dict[str, Callable[[list[Row]], list[Row]]] = {
    "terms replaced": lambda rows: [says(*rows[0], title="Another Certificate"), *rows[1:]],
    "an entry says otherwise": lambda rows: [*rows[:99], says(*rows[99], note="forged"), *rows[100:]],
    "the last says otherwise": lambda rows: [*rows[:-1], says(*rows[-1], note="forged")],
    "an entry replaced": replaced,
    "a holder less": lambda rows: [*rows[:-1]],
    "an entry more": lambda rows: [*rows, shifted([holder("More", rows[-1][1])], LATER)[0]],
    "an entry put in late": lambda rows: [
        *rows[:-2],
        holder("More", rows[-2][1]),
        *shifted(rows[-2:], LATER),
    ],
    "the last recorded later": lambda rows: [*rows[:-1], moved(*rows[-1], timedelta(days=1))],
    "all recorded earlier": lambda rows: shifted(rows, timedelta(days=-1)),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_record_rewritten_without_a_flaw_is_found_by_heads_alone(
    path: Path, forgery: str, verify: Callable[..., Said]
) -> None:
    """Hashes bind entries to each other and to nothing else: whoever rewrites all of them is found from outside."""
    more = forgery == "an entry more"
    if not more:
        tampered(path, without_tags())
    rewritten(path, FORGERIES[forgery](rows_of(path)))
    if more:
        assert unproven(verify(path))  # as if somebody had recorded it: the head written down is a beginning
        return
    assert entry_named(verify(path)) == N
    beside(path).unlink()
    assert unproven(verify(path))


@pytest.mark.parametrize("forgery", [each for each in FORGERIES if each != "an entry more"])
def test_a_record_rewritten_without_a_flaw_is_found_by_a_tag(
    path: Path, forgery: str, verify: Callable[..., Said]
) -> None:
    """A tag holds the head of its day: who forgets the tags is found without any head written down."""
    rewritten(path, FORGERIES[forgery](rows_of(path)))
    beside(path).unlink()
    assert entry_named(verify(path)) in (N - 2, N - 1, N)


def test_a_record_rewritten_whose_tables_were_forgotten_is_found_where_it_begins_to_differ(
    path: Path, verify: Callable[..., Said]
) -> None:
    """Links made anew and published rows left: the first entry that says otherwise is named, without any head."""
    tampered(path, without_tags())
    rows = rows_of(path)
    forged = replaced(rows)
    rewritten(path, forged, republished=False)
    beside(path).unlink()
    assert entry_named(verify(path)) == next(at for at, row in enumerate(rows, 1) if row != forged[at - 1])


@pytest.mark.parametrize("renumbered", [False, True])
def test_an_entry_taken_out_and_every_later_link_made_anew_is_found(
    path: Path, renumbered: bool, verify: Callable[..., Said]
) -> None:
    """Numbers with a gap are named at the gap; without one, what was decided after it no longer fits, or the head."""
    rows = rows_of(path)
    left = [*rows[:59], *rows[60:]]
    tampered(path, without_tags())
    if renumbered:
        rewritten(path, left, republished=False)
        assert 60 <= entry_named(verify(path)) <= N
    else:

        def relinked(connection: sqlite3.Connection) -> None:
            connection.execute(gone(EVENTS, 60))
            connection.execute(gone(LINKS, 60))
            for one in chained(left)[59:]:
                connection.execute(edited(LINKS, one.number + 1, "sha256", f"x'{one.sha256}'"))

        tampered(path, relinked)
        assert entry_named(verify(path)) == 60


def test_another_ledger_in_its_place_is_found(path: Path, kept: Kept, verify: Callable[..., Said]) -> None:
    """A whole ledger begun anew at the same path, every instant of it another, does not pass for the old one."""
    head = beside(path).read_text(encoding="utf-8")
    beside(path).unlink()  # a new ledger does not begin where a head of an old one stands
    path.unlink()
    with Ledger.begin(path, SERIES_H) as ledger:
        ledger.record(read_lines(journal(N - 1)))
    beside(path).write_text(head, encoding="utf-8")
    assert entry_named(verify(path)) == N
    beside(path).unlink()
    assert unproven(verify(path))
    assert entry_named(verify(path, "--expect", str(kept.truth.verdict.head))) == N


# --- what nobody could have recorded ----------------------------------------------------------------------------------


def naive_instant(word: str, state: bytes) -> Row:
    """An entry recorded at an instant without an offset."""
    told = json.loads(state)
    told["recorded"] = told["recorded"][:19]
    return word, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


IMPOSSIBLE: dict[str, Callable[[str, bytes], Row]] = {
    "before the one before": lambda word, state: moved(word, state, timedelta(days=-30)),
    "an instant without an offset": naive_instant,
    "an instant that is none": lambda word, state: (word, re.sub(rb'"recorded":"[^"]*"', b'"recorded":"once"', state)),
    "an instant that is a number": lambda word, state: (word, re.sub(rb'"recorded":"[^"]*"', b'"recorded":5', state)),
    "no instant": lambda word, state: (word, re.sub(rb'"recorded":"[^"]*",', b"", state)),
    "nothing said": lambda word, state: (word, state.partition(b',"says"')[0] + b"}"),
    "a list said": lambda word, state: (word, state.partition(b'"says"')[0] + b'"says":[]}'),
    "a number": lambda word, state: (word, b"7"),
    "null": lambda word, state: (word, b"null"),
    "half an object": lambda word, state: (word, state[:-1]),
    "no text": lambda word, state: (word, b"\xff\xfe"),
    "nothing": lambda word, state: (word, b""),
    "an abyss": lambda word, state: (word, b"[" * 100_000),
    "a deep object": lambda word, state: (word, state[:-2] + b',"note":' + b"[" * 5000 + b"]" * 5000 + b"}}"),
    "a space more": lambda word, state: (word, state.replace(b":", b": ", 1)),
    "escapes": lambda word, state: (word, json.dumps(json.loads(state), separators=(",", ": ")).encode()),
    "a key twice": lambda word, state: (word, state.replace(b'{"recorded"', b'{"recorded":"x","recorded"', 1)),
    "a key more": lambda word, state: (word, state[:-1] + b',"more":1}'),
    "a field more": lambda word, state: raw(word, state, more="1"),
    "a float": lambda word, state: raw(word, state, effective=1.5),
    "a huge number": lambda word, state: raw(word, state, effective=10**400),
    "infinity": lambda word, state: (word, state[:-2] + b',"note":1e999}}'),
    "a lone surrogate": lambda word, state: (word, state[:-2] + b',"note":"\\ud800"}}'),
    "an unknown word": lambda word, state: ("Nonsense", state),
    "no word": lambda word, state: ("", state),
    "the terms again": lambda word, state: ("TermsAdopted", state),
    "itself voided": lambda word, state: ("EntryVoided", voiding(state, 100)),
    "a later one voided": lambda word, state: ("EntryVoided", voiding(state, 101)),
    "the terms voided": lambda word, state: ("EntryVoided", voiding(state, 1)),
}


def voiding(state: bytes, entry: int) -> bytes:
    """A voiding recorded at the instant of another entry."""
    told = json.loads(state)
    told["says"] = {"effective": "2001-05-05", "entry": entry, "reason": "forged"}
    return json.dumps(told, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("entry", "forgery"),
    [(entry, each) for entry in (1, 100) for each in IMPOSSIBLE if (entry, each) != (1, "the terms again")],
)
def test_an_entry_that_nobody_could_have_recorded_is_named_though_every_link_is_right(
    path: Path, entry: int, forgery: str, verify: Callable[..., Said]
) -> None:
    """Whatever a forger with right links writes there: words, never a traceback, and the entry's own number."""
    harmless_in_terms = ("before the one before", "a key more", "a space more", "escapes", "a key twice")
    rows = rows_of(path)
    tampered(path, without_tags())
    rewritten(path, [*rows[: entry - 1], IMPOSSIBLE[forgery](*rows[entry - 1]), *rows[entry:]], republished=False)
    if entry == 1 and forgery in harmless_in_terms:
        assert entry_named(verify(path)) == N  # the same terms in other bytes: the head written down tells
    else:
        assert entry_named(verify(path)) == entry
