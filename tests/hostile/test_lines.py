"""Whatever stands in a journal is an entry or is refused in words, and nothing of a refused journal is recorded."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile import nasty
from hostile.fuzzer import spoilt_bytes, spoilt_journal
from hostile.judged import BEGUN, folder, judge_error, judge_journal, judge_words, last_entry, say
from ledger.errors import LedgerError
from ledger.events import KINDS
from ledger.journal import read_line
from test_journal import ENVELOPE

ALIKE = settings(derandomize=True, database=None, deadline=None)
"""The same examples every time: by hand the fuzzer finds others."""

WEIRD = st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs", "Mn", "Lo"]), max_size=6)
NEAR_JSON = st.lists(
    st.sampled_from([*'{}[],:"\\', *nasty.JSON_TOKENS, *KINDS, '"event"', '"effective": "2001-05-01"', "\r", "\ufeff"])
    | WEIRD,
    max_size=12,
).map("".join)
RANDOM = st.randoms(use_true_random=False)
JOURNALS = st.sampled_from(nasty.journals())


def spoilt(random: Random, journal: bytes, other: bytes, times: int) -> bytes:
    """A journal spoilt so many times."""
    for _ in range(times):
        journal = (spoilt_journal if random.random() < 0.8 else spoilt_bytes)(random, journal, other)
    return journal


SPOILT = st.builds(spoilt, RANDOM, JOURNALS, JOURNALS, st.integers(1, 4))


@settings(ALIKE, max_examples=100)
@given(st.binary(max_size=200) | NEAR_JSON.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_journal_or_are_refused(journal: bytes) -> None:
    """Noise and what looks like JSON: no other exception, and an error that prints nothing of its own."""
    judge_journal(journal)


@settings(ALIKE, max_examples=100)
@given(SPOILT)
def test_a_spoilt_journal_is_recorded_or_is_refused(journal: bytes) -> None:
    """Lines of every kind with other types, fields, keys and bytes; what is accepted can be asked about."""
    judge_journal(journal)


@settings(ALIKE, max_examples=100)
@given(st.sampled_from(sorted(KINDS)), st.dictionaries(WEIRD, WEIRD, max_size=2), st.data())
def test_a_made_up_field_is_refused_and_quoted(word: str, fields: dict[str, str], data: st.DataObject) -> None:
    """A key is shown as what it is and moves no cursor; half a surrogate pair in it is no exception."""
    line = {**nasty.examples()[word], **fields, data.draw(WEIRD): data.draw(WEIRD)}
    with pytest.raises(LedgerError) as refusal:
        read_line(json.dumps(line), "a line")
    judge_error(refusal.value)


@pytest.mark.parametrize("word", KINDS)
def test_every_field_of_every_kind_bears_every_token(word: str) -> None:
    """Each in its turn, and soon: none of these lines takes a tenth of a second."""
    here = "here, and nowhere else"
    envelope = set(ENVELOPE) if word != "HolderRegistered" else set()  # the same for all: once is enough
    for field in [name for name in nasty.examples()[word] if name not in envelope]:
        line = json.dumps({**nasty.examples()[word], field: here})
        for token in nasty.JSON_TOKENS:
            began = time.process_time()
            try:
                entry = read_line(line.replace(f'"{here}"', token), "a line")
                assert read_line(json.dumps(entry.line()), "a line") == entry
            except LedgerError as error:
                judge_error(error)
            assert time.process_time() - began < 1


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder with a ledger of three entries."""
    with folder(tmp_path_factory.mktemp("lines")):
        yield


@settings(ALIKE, max_examples=40)
@given(journal=SPOILT, dry=st.booleans(), name=st.sampled_from(["-", "typed.jsonl"]))
@pytest.mark.usefixtures("ledger")
def test_a_refused_journal_records_nothing(journal: bytes, dry: bool, name: str) -> None:
    """Good lines before the bad one are not kept either, from a file or from standard input."""
    good = b'{"event": "HolderRegistered", "effective": "2001-05-01", "holder": "B"}\n'
    Path("typed.jsonl").write_bytes(good + journal)
    judge_words(("record", name, *(["--dry-run"] if dry else [])), good + journal)


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    "bad",
    [
        b"\xff",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf" + BEGUN.splitlines()[0],
        b"\0",
        b"\xc2\xa0",
        b"\xe2\x80\xa8",
        b"\x0c",
        BEGUN.splitlines()[1].replace(b"}", b', "shares": "1"}'),
        BEGUN.replace(b"\n", b"\r").rstrip(),
        BEGUN.replace(b"\n", b"\xe2\x80\xa8").rstrip(),
        BEGUN.decode().encode("utf-16"),
    ],
    ids=ascii,
)
def test_what_is_no_line_is_not_passed_over(bad: bytes) -> None:
    """A byte order mark inside, an unseen space, old Macintosh line ends: refused, and the good line before with it."""
    before = last_entry()
    good = b'\xef\xbb\xbf{"event": "HolderRegistered", "effective": "2001-05-01", "holder": "B"}\r\n'
    said = say(("record", "-"), good + bad)
    assert (said.status, last_entry()) == (2, before), said
    assert "line 2" in said.err
    assert say(("record", "-", "--dry-run"), good).status == 0


@pytest.mark.usefixtures("ledger")
def test_a_file_of_data_is_no_journal() -> None:
    """A database may begin with bytes that are UTF-8: its NUL gives it away, whatever stands behind."""
    Path("data").write_bytes(b"SQLite format 3\0\x10\0\1\1\0@  \0\n")
    said = say(("record", "data"))
    assert "[journal-must-be-readable]" in said.err
    assert "byte 16, in line 1" in said.err


@pytest.mark.usefixtures("ledger")
def test_a_byte_that_is_no_utf_8_is_counted_from_the_beginning_of_the_journal() -> None:
    """The byte order mark counts, and so does every line before."""
    said = say(("record", "-"), b"\xef\xbb\xbf\n\n\xff")
    assert "byte 6, in line 3" in said.err
