"""Heads written down, proofs against them, copies that verify: what a stranger needs to trust a record, or doubt it."""

import copy
import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from given import CONVERTED, issued, sold
from ledger import anchor as anchors
from ledger.anchor import Anchor, beside
from ledger.application import Ledger
from ledger.head import Head
from ledger.kept.tables import TABLES
from ledger.ledger_file import LedgerFile
from ledger.merkle import Tree
from ledger.moments import parse_day
from on_file import Said, altered, asked, begun, copied, corrected, learned, ran, record
from projections.command_line import main

Capture = pytest.CaptureFixture[str]
REGISTERED = {"event": "HolderRegistered", "effective": "2001-11-16", "holder": "Holder B"}
RECORD = ("record", "HolderRegistered", "--effective", "2001-11-16", "--holder", "Holder B")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger of five entries: its terms and a conversion of 1,000 shares."""
    monkeypatch.setenv("CAPTABLE_LEDGER", str(tmp_path / "ledger.db"))
    monkeypatch.delenv(anchors.SETTING, raising=False)
    return copied(tmp_path / "ledger.db", *CONVERTED)


def head_of(path: Path) -> str:
    """The head as the ledger has it, as it would be written down."""
    ((entry, sha256),) = asked(path, "SELECT entry, lower(hex(sha256)) FROM links ORDER BY 1 DESC LIMIT 1")
    return f"{entry} {sha256}"


def written(place: Path) -> Any:
    """What an anchor file says."""
    return json.loads(place.read_text(encoding="utf-8"))


# --- captable head ----------------------------------------------------------------------------------------------------


def test_a_head_is_one_line_to_write_down(path: Path, capsys: Capture) -> None:
    """The number of the last entry and the hash that stands for them all, and nothing else."""
    assert ran(capsys, "head") == Said(0, f"{head_of(path)}\n", "")
    record(path, REGISTERED)
    assert ran(capsys, "head") == Said(0, f"{head_of(path)}\n", "")
    assert head_of(path).startswith("6 ")


def test_a_head_in_json_is_what_is_written_beside_the_ledger(path: Path, capsys: Capture) -> None:
    """Entry, hash, root, the tree to go on from, when the last entry was recorded, and how many tags there are."""
    told = ran(capsys, "head", "--json").data
    assert told == written(beside(path))
    assert list(told) == ["schema", "entry", "sha256", "root", "tree", "recorded", "tags"]
    assert (told["schema"], told["entry"], told["recorded"]) == ("captable/head/1", 5, learned(5).isoformat())
    assert told["tags"] == 0


def test_asking_for_a_head_writes_nothing_down(path: Path, capsys: Capture) -> None:
    """A question leaves every file as it was, also where no anchor is."""
    beside(path).unlink()
    assert ran(capsys, "head").status == 0
    assert not beside(path).exists()


def test_an_old_head_is_a_beginning_of_a_later_record(path: Path, capsys: Capture) -> None:
    """What was written down at entry 5 is found in the record of 6, and proves the first five of it."""
    old = head_of(path)
    record(path, REGISTERED)
    beside(path).unlink()
    told = ran(capsys, "verify", "--expect", old, "--json").data
    assert (told["verdict"], told["proven_by"]) == ("unproven", [])
    assert told["proven_in_part_by"] == [f"the head expected: {old}"]
    told = ran(capsys, "verify", "--expect", old, "--expect", head_of(path), "--json").data
    assert (told["verdict"], told["proven_by"]) == ("proven", [f"the head expected: {head_of(path)}"])


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head[:-1] + ("0" if head[-1] != "0" else "1"),
        lambda head: "4" + head[1:],
        lambda head: "6" + head[1:],
    ],
    ids=["another hash", "the hash of another entry", "an entry that is not there"],
)
def test_a_head_that_is_not_the_ledgers_does_not_verify(
    path: Path, capsys: Capture, change: Callable[[str], str]
) -> None:
    """It exits 4 and names what is stored and what was written down."""
    other = change(head_of(path))
    said = ran(capsys, "verify", "--expect", other)
    assert (said.status, said.out) == (4, "")
    assert "[record-must-verify]" in said.err
    assert f"{other}, says the head expected" in said.err


MALFORMED = {
    "nothing": "",
    "a number alone": "5",
    "a hash alone": "a" * 64,
    "63 digits": f"5 {'a' * 63}",
    "65 digits": f"5 {'a' * 65}",
    "capitals": f"5 {'A' * 64}",
    "no hexadecimal": f"5 {'g' * 64}",
    "a sign": f"-5 {'a' * 64}",
    "a fraction": f"5.0 {'a' * 64}",
    "Arabic-Indic digits": f"٥ {'a' * 64}",
    "two spaces": f"5  {'a' * 64}",
    "two heads": f"5 {'a' * 64} 6 {'b' * 64}",
    "entry 0": f"0 {'a' * 64}",
    "a leading zero": f"05 {'a' * 64}",
}


@pytest.mark.parametrize("option", ["--expect", "--since"])
@pytest.mark.parametrize("line", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_head_is_not_understood(path: Path, capsys: Capture, option: str, line: str) -> None:
    """A line that `captable head` never prints is refused with status 2, and not taken for a record that is wrong."""
    assert path.exists()
    said = ran(capsys, "verify", option, line)
    assert (said.status, said.out) == (2, "")
    assert "[head-must-be-understood]" in said.err


def test_spaces_around_a_head_are_nothing(path: Path, capsys: Capture) -> None:
    """A line copied with its end is the line."""
    assert ran(capsys, "verify", "--expect", f" {head_of(path)}\n").status == 0


# --- captable verify --since ------------------------------------------------------------------------------------------


def heads(path: Path) -> list[str]:
    """Every head the ledger has had, from entry 1 on."""
    return [
        f"{entry} {sha256}" for entry, sha256 in asked(path, "SELECT entry, lower(hex(sha256)) FROM links ORDER BY 1")
    ]


@pytest.mark.parametrize("entry", [1, 2, 3, 4, 5])
def test_since_any_head_only_what_is_new_is_verified(path: Path, capsys: Capture, entry: int) -> None:
    """From each of its heads on the record verifies, and as many entries are told as came after it."""
    told = ran(capsys, "verify", "--since", heads(path)[entry - 1], "--json")
    assert (told.status, told.err) == (0, "")
    assert (told.data["entries"], told.data["since"]["entry"]) == (5 - entry, entry)
    assert told.data["head"] == dict(zip(("entry", "sha256"), (5, head_of(path).split()[1]), strict=True))


def test_since_a_head_what_is_new_is_found_out_where_it_was_altered(path: Path, capsys: Capture) -> None:
    """The instant of entry 2 altered a little does not verify since entry 1; since entry 2 it is left aside."""
    since = heads(path)
    altered(
        path,
        "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), ':00+00:00', ':00.100000+00:00') AS BLOB)"
        " WHERE originator_version = 2",
    )
    for words in ((), ("--since", since[0])):
        said = ran(capsys, "verify", *words)
        assert (said.status, "at entry 2." in said.err) == (4, True)
    assert ran(capsys, "verify", "--since", since[1]).status == 0


def test_since_a_head_of_another_ledger_nothing_verifies(path: Path, capsys: Capture) -> None:
    """A head whose hash is not the one stored there is no beginning of the record."""
    said = ran(capsys, "verify", "--since", f"3 {'a' * 64}")
    assert path.exists()
    assert (said.status, "[record-must-verify]" in said.err) == (4, True)
    said = ran(capsys, "verify", "--since", f"6 {'a' * 64}")
    assert (said.status, "link none" in said.err) == (4, True)


# --- anchors ----------------------------------------------------------------------------------------------------------


def test_an_anchor_is_written_after_each_recording_beside_the_ledger(tmp_path: Path) -> None:
    """After the beginning and after each entry the file beside it has the head of then, readable by others."""
    path = begun(tmp_path / "ledger.db")
    assert f"{written(beside(path))['entry']} {written(beside(path))['sha256']}" == head_of(path)
    for entry in (2, 3, 4):
        record(path, REGISTERED)
        assert f"{written(beside(path))['entry']} {written(beside(path))['sha256']}" == head_of(path)
        assert written(beside(path))["entry"] == entry
        assert written(beside(path))["recorded"] == learned(entry).isoformat()
    assert stat.S_IMODE(beside(path).stat().st_mode) == 0o644


def test_an_anchor_continued_entry_by_entry_is_that_of_the_whole(path: Path, capsys: Capture) -> None:
    """The tree that recording goes on from is the tree of all entries: made anew it is the same, byte for byte."""
    kept = beside(path).read_bytes()
    beside(path).unlink()
    assert ran(capsys, "head", "--json").out.encode().strip() == kept.strip()


def test_anchors_are_written_wherever_the_setting_names(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file and a folder, one after the other as in a PATH, an empty name between them: each has the same head."""
    folder, file = tmp_path / "elsewhere", tmp_path / "kept.head"
    folder.mkdir()
    monkeypatch.setenv(anchors.SETTING, os.pathsep.join((str(folder), "", str(file))))
    assert ran(capsys, *RECORD).err == ""
    texts = {place.read_text(encoding="utf-8") for place in (beside(path), folder / "ledger.db.head", file)}
    assert len(texts) == 1
    assert written(file)["entry"] == 6
    told = ran(capsys, "verify", "--json").data
    assert len(told["proven_by"]) == 3


def test_an_anchor_elsewhere_proves_without_the_one_beside(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes the file beside the ledger away takes nothing from what is kept in another place."""
    monkeypatch.setenv(anchors.SETTING, str(tmp_path / "kept.head"))
    ran(capsys, *RECORD)
    beside(path).unlink()
    assert ran(capsys, "verify", "--json").data["verdict"] == "proven"
    monkeypatch.delenv(anchors.SETTING)
    assert ran(capsys, "verify", "--json").data["verdict"] == "unproven"


def test_an_anchor_is_written_whole_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fails in the middle the old anchor stands, and no half of the new one is left beside it."""
    before = beside(path).read_bytes()

    def failing(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context, Ledger.open(path) as ledger:
        context.setattr("ledger.anchor.os.fsync", failing)
        assert ledger.write_head() == {beside(path): "No space left on device"}
    assert beside(path).read_bytes() == before
    assert not [one.name for one in path.parent.iterdir() if one.name.startswith(".")]


def read_only_folder(tmp_path: Path) -> Path:
    """A place in a folder that may not be written, to the superuser as well."""
    (tmp_path / "a file").touch()
    return tmp_path / "a file" / "kept.head"


UNWRITABLE: dict[str, Callable[[Path], Path]] = {
    "a missing folder": lambda folder: folder / "missing" / "kept.head",
    "a file in the place of a folder": read_only_folder,
    "the kernel's own folder": lambda _: Path("/proc/kept.head"),
    "a name too long": lambda folder: folder / ("a" * 300),
}


@pytest.mark.parametrize("place", UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_where_an_anchor_cannot_be_written_the_entry_is_recorded_with_a_warning(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Callable[[Path], Path]
) -> None:
    """Exit 0, the entry in the log, words on standard error that name the place; the other anchors are written."""
    unwritable = place(tmp_path)
    monkeypatch.setenv(anchors.SETTING, os.pathsep.join((str(unwritable), str(tmp_path / "other.head"))))
    said = ran(capsys, *RECORD)
    assert said.status == 0
    assert said.out.startswith("Recorded 1 entry: entry 6.")
    assert said.err.startswith(f"Recorded, but the head could not be written to {unwritable}: ")
    assert said.err.count("\n") == 1
    assert written(tmp_path / "other.head")["entry"] == written(beside(path))["entry"] == 6
    assert ran(capsys, "log", "--json").data["entries"][-1]["entry"] == 6


def test_the_receipt_in_json_has_the_head_though_it_could_not_be_written_down(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard output stays JSON, the warning is on standard error alone."""
    monkeypatch.setenv(anchors.SETTING, str(tmp_path / "missing" / "kept.head"))
    said = ran(capsys, *RECORD, "--json")
    assert (said.status, f"{said.data['head']['entry']} {said.data['head']['sha256']}") == (0, head_of(path))
    assert "could not be written" in said.err


def test_a_dry_run_writes_no_anchor(path: Path, capsys: Capture) -> None:
    """What is not recorded has no head."""
    before = beside(path).read_bytes()
    assert ran(capsys, *RECORD, "--dry-run").status == 0
    assert beside(path).read_bytes() == before


def lagging(path: Path, **more: str) -> None:
    """Leave the anchor one entry behind, as a crash between an entry and its anchor does."""
    before = beside(path).read_bytes()
    record(path, {**REGISTERED, **more})
    beside(path).write_bytes(before)


def test_an_anchor_one_entry_behind_is_a_beginning_and_proves_no_more(path: Path, capsys: Capture) -> None:
    """The record fits, five of its six entries are proven, and its completeness is said to be unproven; exit 0."""
    old = head_of(path)
    lagging(path)
    said = ran(capsys, "verify")
    assert (said.status, said.err) == (0, "")
    assert f"A beginning of it: the anchor at {beside(path)}: {old}" in said.out
    assert "its completeness is unproven" in said.out
    assert ran(capsys, "verify", "--json").data["verdict"] == "unproven"


def test_the_next_recording_brings_a_lagging_anchor_up_to_date(path: Path, capsys: Capture) -> None:
    """It goes on from where the anchor ends, over the entry it had missed."""
    lagging(path)
    assert ran(capsys, *RECORD).err == ""
    assert written(beside(path))["entry"] == 7
    assert ran(capsys, "verify", "--json").data["verdict"] == "proven"


def test_recording_what_was_recorded_before_brings_a_lagging_anchor_up_to_date(path: Path, capsys: Capture) -> None:
    """A journal sent again after a crash records nothing and still leaves the head written down."""
    lagging(path, ref="r-1")
    said = ran(capsys, *RECORD, "--ref", "r-1")
    assert (said.status, said.err, said.out[:21]) == (0, "", "Nothing was recorded.")
    assert written(beside(path))["entry"] == 6


def test_a_head_is_written_now_at_a_place_that_could_not_be_written_before(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is mounted again has its anchor without anything being recorded; every place is named."""
    place = tmp_path / "disk" / "kept.head"
    monkeypatch.setenv(anchors.SETTING, str(place))
    assert "could not be written" in ran(capsys, *RECORD).err
    place.parent.mkdir()
    line = head_of(path)
    assert ran(capsys, "head", "--write") == Said(0, f"{line}\nWritten to {beside(path)}.\nWritten to {place}.\n", "")
    assert written(place) == written(beside(path))
    assert (head_of(path), written(place)["entry"]) == (line, 6)
    assert len(ran(capsys, "verify", "--json").data["proven_by"]) == 2
    lagging(path)
    told = ran(capsys, "head", "--write", "--json").data
    assert (told["entry"], told["written"], told["unwritten"]) == (7, [str(beside(path)), str(place)], {})
    assert written(beside(path))["entry"] == written(place)["entry"] == 7


def test_a_head_that_is_only_asked_for_is_written_nowhere(path: Path, capsys: Capture) -> None:
    """Without --write the lagging anchor stays as it is, and the answer is the line or the anchor alone."""
    lagging(path)
    assert ran(capsys, "head").out == f"{head_of(path)}\n"
    assert "written" not in ran(capsys, "head", "--json").data
    assert written(beside(path))["entry"] == 5


@pytest.mark.parametrize("place", UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_a_head_that_cannot_be_written_now_either_is_told_with_status_2(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Callable[[Path], Path]
) -> None:
    """The place is named with the reason, and the other places are written."""
    monkeypatch.setenv(anchors.SETTING, str(place(tmp_path)))
    lagging(path)
    said = ran(capsys, "head", "--write")
    assert (said.status, said.out) == (2, f"{head_of(path)}\nWritten to {beside(path)}.\n")
    assert said.err.startswith(f"The head could not be written to {place(tmp_path)}: ")
    assert written(beside(path))["entry"] == 6
    assert list(ran(capsys, "head", "--write", "--json").data["unwritten"]) == [str(place(tmp_path))]


def test_an_anchor_that_speaks_against_the_record_is_kept_with_status_4(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head of five entries stays where four are left, the other places are written, and verify says the same."""
    cut_off(path)
    evidence = beside(path).read_bytes()
    monkeypatch.setenv(
        anchors.SETTING, os.pathsep.join((str(tmp_path / "missing" / "a"), str(tmp_path / "other.head")))
    )
    said = ran(capsys, "head", "--write")
    assert (said.status, beside(path).read_bytes(), written(tmp_path / "other.head")["entry"]) == (4, evidence, 4)
    assert f"The head could not be written to {beside(path)}: {anchors.KEPT}." in said.err
    assert ran(capsys, "verify").status == 4


def test_a_head_waits_for_its_turn_to_be_written(path: Path, capsys: Capture) -> None:
    """While another writes the anchors, nobody writes an older head over a newer one: it is waited for."""
    passed: list[Said] = []
    with LedgerFile(path).turn():
        writing = Thread(target=lambda: passed.append(ran(capsys, "head", "--write")))
        writing.start()
        writing.join(0.3)
        assert not passed
    writing.join()
    assert passed[0].status == 0


DAMAGED = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "another schema": '{"schema": "captable/head/2"}',
    "a field missing": '{"schema": "captable/head/1", "entry": 5}',
    "an entry without end": '{"schema": "captable/head/1", "entry": Infinity, "sha256": "", "tree": "", "root": ""}',
    "deep brackets": "[" * 100_000,
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_anchor_does_not_verify_and_does_not_keep_an_entry_from_being_recorded(
    path: Path, capsys: Capture, text: str
) -> None:
    """Verify names the place, with status 4; recording goes on, exits 0, warns, and leaves it for people to look at."""
    beside(path).write_text(text, encoding="utf-8")
    said = ran(capsys, "verify")
    assert (said.status, str(beside(path)) in said.err) == (4, True)
    said = ran(capsys, *RECORD)
    assert (said.status, said.out.startswith("Recorded 1 entry: entry 6.")) == (0, True)
    assert f"could not be written to {beside(path)}" in said.err
    assert beside(path).read_text(encoding="utf-8") == text


def cut_off(path: Path) -> None:
    """Take the last entry away with every trace of it in the file, as one who knows the file would."""
    altered(
        path,
        "DELETE FROM stored_events WHERE originator_version = 5",
        "DELETE FROM links WHERE entry = 5",
        "DELETE FROM kept_entries WHERE entry = 5",
        "DELETE FROM kept_pieces WHERE entry = 5",
        "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'stored_events'",
    )


def test_a_tail_cut_off_is_found_by_the_anchor_alone(path: Path, capsys: Capture) -> None:
    """With the anchor, entry 5 is missing; without it the four that are left fit, and are said to be unproven."""
    cut_off(path)
    said = ran(capsys, "verify")
    assert (said.status, "at entry 5." in said.err) == (4, True)
    assert "4 entries" in said.err
    beside(path).unlink()
    assert ran(capsys, "verify", "--json").data["verdict"] == "unproven"


def test_recording_after_a_tail_was_cut_off_does_not_hide_it(path: Path, capsys: Capture) -> None:
    """The anchor that shows what is missing is evidence: what is recorded next does not go over it unsaid."""
    cut_off(path)
    evidence = beside(path).read_bytes()
    said = ran(capsys, *RECORD)
    assert "[record-must-verify]" in said.err or str(beside(path)) in said.err
    assert beside(path).read_bytes() == evidence
    assert ran(capsys, "verify").status == 4


TAG = ("tag", "FY2001", "--as-of", "2001-12-31")


def test_a_tag_given_is_counted_in_the_head_written_down(path: Path, capsys: Capture) -> None:
    """The same entries and one tag more: the head is written anew with it, and proves the record as before."""
    before = written(beside(path))
    assert ran(capsys, *TAG).err == ""
    assert written(beside(path)) == {**before, "tags": 1}
    assert ran(capsys, "verify", "--json").data["verdict"] == "proven"


@pytest.mark.parametrize("since", [False, True], ids=["from the beginning", "since a head"])
def test_a_tag_taken_away_is_found_by_the_anchor_alone(path: Path, capsys: Capture, since: bool) -> None:
    """Of no tag in the file there is one in the anchor; without an anchor nothing tells, and nothing is proven."""
    ran(capsys, *TAG)
    altered(path, "DELETE FROM tags")
    words = ("verify", "--since", head_of(path)) if since else ("verify",)
    said = ran(capsys, *words)
    assert (said.status, "0 tags" in said.err, f"1, says the anchor at {beside(path)}" in said.err) == (4, True, True)
    beside(path).unlink()
    assert ran(capsys, *words, "--json").data["verdict"] == "unproven"


def test_recording_after_a_tag_was_taken_away_does_not_hide_it(path: Path, capsys: Capture) -> None:
    """The anchor that counts a tag more is kept through whatever is recorded or tagged next, with a warning each."""
    ran(capsys, *TAG)
    ran(capsys, "tag", "FY2002", "--as-of", "2002-12-31")
    altered(path, "DELETE FROM tags")
    evidence = beside(path).read_bytes()
    for words, done in ((RECORD, "Recorded"), (TAG, "Tagged")):
        said = ran(capsys, *words)
        assert (said.status, said.err.startswith(f"{done}, but the head could not be written")) == (0, True)
    assert beside(path).read_bytes() == evidence
    assert ran(capsys, "verify").status == 4


def test_where_an_anchor_cannot_be_written_the_tag_is_given_with_a_warning(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with an entry: exit 0, the tag there, words on standard error that name the place."""
    monkeypatch.setenv(anchors.SETTING, str(tmp_path / "missing" / "kept.head"))
    said = ran(capsys, *TAG, "--json")
    assert (said.status, [one["tag"] for one in said.data["tags"]]) == (0, ["FY2001"])
    assert said.err.startswith(f"Tagged, but the head could not be written to {tmp_path / 'missing' / 'kept.head'}: ")
    assert said.err.count("\n") == 1
    assert [one["tag"] for one in ran(capsys, "tag", "--json").data["tags"]] == ["FY2001"]
    assert written(beside(path))["tags"] == 1


@pytest.mark.parametrize("tags", [None, True, -1, 1.0, "1", [], float("nan")], ids=repr)
def test_a_number_of_tags_that_is_none_makes_no_anchor(path: Path, tags: object) -> None:
    """A count is a whole number from 0 on; a truth value, a fraction or a text is none, and it is never left out."""
    told = written(beside(path))
    for false in ({**told, "tags": tags}, {name: said for name, said in told.items() if name != "tags"}):
        with pytest.raises(ValueError, match="tags"):
            Anchor.read(json.dumps(false))
    assert Anchor.read(json.dumps({**told, "tags": 7})).tags == 7


def test_a_beginning_warns_where_an_anchor_cannot_be_written(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger begins all the same, and whoever set the place up wrongly hears of it on the first day."""
    monkeypatch.setenv(anchors.SETTING, str(tmp_path / "missing" / "kept.head"))
    said = ran(capsys, "init", "--ledger", tmp_path / "new.db")
    assert said.status == 0
    assert "could not be written" in said.err


# --- captable prove, captable check -----------------------------------------------------------------------------------


def checked(capsys: Capture, file: Path, proof: Any, root: str, size: object, *more: str) -> Said:
    """Check a proof in a file against a root and a size."""
    file.write_text(proof if isinstance(proof, str) else json.dumps(proof), encoding="utf-8")
    return ran(capsys, "check", file, "--root", root, "--size", size, *more)


def roots(path: Path) -> list[str]:
    """The root after every entry, made anew from the stored bytes."""
    with Ledger.open(path) as ledger:
        rows = list(ledger.stored())
    made = [Tree()]
    for row in rows:
        data = f"ledger\n{row.number}\n{row.word}\n".encode() + row.state
        made.append(made[-1].appended([hashlib.sha256(b"\x00" + data).digest()]))
    return [tree.root.hex() for tree in made[1:]]


@pytest.mark.parametrize("entry", [1, 2, 3, 4, 5])
def test_the_presence_of_any_entry_is_proved_against_the_root_of_the_head(
    path: Path, capsys: Capture, tmp_path: Path, entry: int
) -> None:
    """The proof carries the entry's exact text; with the root that was written down it holds, without the ledger."""
    root = ran(capsys, "head", "--json").data["root"]
    proof = ran(capsys, "prove", entry).data
    assert (proof["root"], proof["size"], proof["entry"]) == (root, 5, entry)
    ((text,),) = asked(path, f"SELECT CAST(state AS TEXT) FROM stored_events WHERE originator_version = {entry}")
    assert proof["text"] == text
    path.rename(tmp_path / "away.db")
    said = checked(capsys, tmp_path / "proof.json", proof, root, 5)
    assert said == Said(0, f"Entry {entry} ({proof['word']}) is in the record of 5 entries with that root.\n", "")


@pytest.mark.parametrize("first", [1, 2, 3, 4, 5])
def test_an_older_head_is_proved_to_be_a_beginning(path: Path, capsys: Capture, tmp_path: Path, first: int) -> None:
    """Every older root and size lead to today's root."""
    old, root = roots(path)[first - 1], roots(path)[-1]
    proof = ran(capsys, "prove", "--since", first).data
    assert (proof["old_root"], proof["root"]) == (old, root)
    said = checked(capsys, tmp_path / "proof.json", proof, root, 5, "--old-root", old)
    words = f"The record of {first} entries with the older root is a beginning of that of 5.\n"
    assert said == Said(0, words, "")


def test_a_proof_made_later_holds_against_the_later_root_only(path: Path, capsys: Capture, tmp_path: Path) -> None:
    """A root stands for its record: a proof of entry 3 among 6 does not hold against the root of 5."""
    before, proof = roots(path)[-1], ran(capsys, "prove", "3").data
    record(path, REGISTERED)
    after = roots(path)[-1]
    later = ran(capsys, "prove", "3").data
    assert checked(capsys, tmp_path / "proof.json", proof, before, 5).status == 0
    assert checked(capsys, tmp_path / "proof.json", later, after, 6).status == 0
    assert checked(capsys, tmp_path / "proof.json", later, before, 5).status == 4
    assert checked(capsys, tmp_path / "proof.json", proof, after, 6).status == 4


FALSE: dict[str, dict[str, Any]] = {
    "another number": {"entry": 3},
    "the number before all": {"entry": 0},
    "a number beyond": {"entry": 6},
    "another word": {"word": "DividendPaid"},
    "another text": {"text": "{}"},
    "half the hashes": {"proof": []},
    "another hash": {"proof": ["0" * 64]},
}


@pytest.mark.parametrize("change", FALSE.values(), ids=FALSE.keys())
def test_a_proof_that_does_not_hold_exits_4(
    path: Path, capsys: Capture, tmp_path: Path, change: dict[str, Any]
) -> None:
    """Understood, and false: neither the entry nor the proof is to be trusted."""
    proof, root = ran(capsys, "prove", "4").data, roots(path)[-1]
    said = checked(capsys, tmp_path / "proof.json", {**proof, **change}, root, 5)
    assert (said.status, said.out) == (4, "")
    assert "[proof-must-hold]" in said.err


@pytest.mark.parametrize(("root", "size"), [("f" * 64, 5), (None, 4), (None, 6)], ids=["root", "less", "more"])
def test_a_proof_against_another_head_exits_4(
    path: Path, capsys: Capture, tmp_path: Path, root: str | None, size: int
) -> None:
    """The size is taken from the head that was written down, never from the proof."""
    proof = ran(capsys, "prove", "4").data
    said = checked(capsys, tmp_path / "proof.json", proof, root or roots(path)[-1], size)
    assert (said.status, "[proof-must-hold]" in said.err) == (4, True)


def test_a_beginning_that_does_not_hold_exits_4(path: Path, capsys: Capture, tmp_path: Path) -> None:
    """Neither with another older root nor with another size of it."""
    proof, root = ran(capsys, "prove", "--since", "3").data, roots(path)[-1]
    file = tmp_path / "proof.json"
    assert checked(capsys, file, proof, root, 5, "--old-root", roots(path)[3]).status == 4
    assert checked(capsys, file, {**proof, "old_size": 4}, root, 5, "--old-root", roots(path)[2]).status == 4


NO_PROOF: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nothing": lambda _: "",
    "no JSON": lambda _: "Entry 4 is in the record, I promise",
    "a list": lambda _: "[]",
    "a text": lambda _: '"proof"',
    "deep brackets": lambda _: "[" * 100_000,
    "deep objects": lambda _: '{"schema":' * 50_000,
    "null": lambda _: "null",
    "not a number": lambda _: "NaN",
    "ten thousand digits": lambda _: "1" * 10_000,
    "an empty object": lambda _: "{}",
    "a list for a schema": lambda _: '{"schema": []}',
    "another schema": lambda proof: {**proof, "schema": "captable/proof-of-entry/2"},
    "no hashes": lambda proof: {name: said for name, said in proof.items() if name != "proof"},
    "hashes that are none": lambda proof: {**proof, "proof": ["xyz"]},
    "a number in words": lambda proof: {**proof, "entry": "4"},
    "a number with a fraction": lambda proof: {**proof, "entry": 4.0},
    "a number without end": lambda proof: json.dumps({**proof, "entry": float("inf")}),
    "true for a number": lambda proof: {**proof, "entry": True},
    "half a character": lambda proof: {**proof, "text": "\ud800"},
}


@pytest.mark.parametrize("made", NO_PROOF.values(), ids=NO_PROOF.keys())
def test_what_is_no_proof_exits_2(
    path: Path, capsys: Capture, tmp_path: Path, made: Callable[[dict[str, Any]], Any]
) -> None:
    """Not understood is not the same as not holding: status 2, in words."""
    proof, root = ran(capsys, "prove", "4").data, roots(path)[-1]
    said = checked(capsys, tmp_path / "proof.json", made(copy.deepcopy(proof)), root, 5)
    assert (said.status, said.out) == (2, "")
    assert "[proof-must-be-understood]" in said.err


@pytest.mark.parametrize("root", ["", "f" * 63, "f" * 62, "f" * 66, "xyz", "0x" + "f" * 62])
def test_what_is_no_root_exits_2(path: Path, capsys: Capture, tmp_path: Path, root: str) -> None:
    """A root is 32 bytes in hexadecimal; a typing error in it is not a proof that fails."""
    assert path.exists()
    entry, beginning = ran(capsys, "prove", "4").data, ran(capsys, "prove", "--since", "3").data
    for said in (
        checked(capsys, tmp_path / "proof.json", entry, root, 5),
        checked(capsys, tmp_path / "proof.json", beginning, "f" * 64, 5, "--old-root", root),
    ):
        assert (said.status, "[proof-must-be-understood]" in said.err) == (2, True)


def test_a_beginning_without_its_older_root_exits_2(path: Path, capsys: Capture, tmp_path: Path) -> None:
    """The older root is one that was written down, not the one the proof names: the command asks for it."""
    proof = ran(capsys, "prove", "--since", "3").data
    said = checked(capsys, tmp_path / "proof.json", proof, roots(path)[-1], 5)
    assert (said.status, "--old-root" in said.err) == (2, True)


def test_a_file_that_is_no_text_is_no_proof(path: Path, capsys: Capture, tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are not understood, and a file that is missing is said to be so."""
    (tmp_path / "proof.json").write_bytes(b"\xff\xfe\xfa")
    for name in ("proof.json", "missing.json"):
        said = ran(capsys, "check", tmp_path / name, "--root", roots(path)[-1], "--size", 5)
        assert (said.status, said.out) == (2, "")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ((), "command-must-be-understood"),
        (("4", "--since", "3"), "command-must-be-understood"),
        (("0",), "command-must-be-understood"),
        (("x",), "command-must-be-understood"),
        (("6",), "entry-must-exist"),
        (("--since", "6"), "entry-must-exist"),
    ],
    ids=["nothing", "both", "entry 0", "no number", "an entry too many", "a head to come"],
)
def test_what_cannot_be_proved_exits_2(path: Path, capsys: Capture, words: tuple[str, ...], name: str) -> None:
    """One of the two is asked for, and it must be there."""
    assert path.exists()
    said = ran(capsys, "prove", *words)
    assert (said.status, said.out) == (2, "")
    assert f"[{name}]" in said.err


def test_a_record_that_was_altered_proves_nothing(path: Path, capsys: Capture) -> None:
    """A proof is made from stored bytes that are linked; where one does not fit, there is none, with status 4."""
    altered(path, "UPDATE stored_events SET topic = 'DividendPaid' WHERE originator_version = 3")
    for words in (("prove", "4"), ("prove", "--since", "4")):
        said = ran(capsys, *words)
        assert (said.status, "[record-must-verify]" in said.err) == (4, True)


# --- captable backup --------------------------------------------------------------------------------------------------


def test_a_copy_has_the_head_of_the_ledger_and_verifies(path: Path, capsys: Capture, tmp_path: Path) -> None:
    """It is proven by the head of what was copied, and its own head is written down beside it."""
    target = tmp_path / "copy.db"
    said = ran(capsys, "backup", target, "--json")
    assert (said.status, said.err, said.data["verdict"]) == (0, "", "proven")
    assert head_of(target) == head_of(path)
    assert written(beside(target)) == written(beside(path))
    assert ran(capsys, "asof", "2001-11-09", "--ledger", target) == ran(capsys, "asof", "2001-11-09")


def test_a_copy_warns_where_its_head_cannot_be_written(
    path: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is made and verified all the same; the place and the reason are told on standard error alone."""
    monkeypatch.setenv(anchors.SETTING, str(tmp_path / "missing" / "kept.head"))
    said = ran(capsys, "backup", tmp_path / "copy.db", "--json")
    assert (said.status, said.data["verdict"]) == (0, "proven")
    place = tmp_path / "missing" / "kept.head"
    assert said.err == f"Copied, but the head could not be written to {place}: No such file or directory.\n"


def test_a_copy_is_a_ledger_that_goes_on_by_itself(path: Path, capsys: Capture, tmp_path: Path) -> None:
    """What is recorded in the one is not in the other, and each proves that they begin alike."""
    target, old = tmp_path / "copy.db", head_of(path)
    ran(capsys, "backup", target)
    record(target, sold("2001-12-03", "1", "1"), corrected(3, issued("5000")))
    record(path, REGISTERED)
    assert head_of(target) != head_of(path)
    for one in (path, target):
        said = ran(capsys, "verify", "--expect", old, "--ledger", one)
        assert (said.status, said.err) == (0, "")
    assert ran(capsys, "verify", "--expect", head_of(target)).status == 4


def test_a_copy_of_what_was_altered_is_made_and_said_not_to_verify(path: Path, capsys: Capture, tmp_path: Path) -> None:
    """A copy is as the ledger is: it exits 4 and names the entry, and the copy is there to be looked at."""
    altered(path, "UPDATE stored_events SET topic = 'CommonSharesRetired' WHERE originator_version = 3")
    said = ran(capsys, "backup", tmp_path / "copy.db")
    assert said.status == 4
    assert (tmp_path / "copy.db").is_file()


@pytest.mark.parametrize("target", ["ledger.db", "something", "missing/copy.db"])
def test_a_copy_is_never_made_over_something(path: Path, capsys: Capture, tmp_path: Path, target: str) -> None:
    """Neither over the ledger itself nor over another file, nor where no file can be."""
    (tmp_path / "something").write_text("mine", encoding="utf-8")
    before = head_of(path)
    said = ran(capsys, "backup", tmp_path / target)
    assert (said.status, said.out) == (2, "")
    assert (head_of(path), (tmp_path / "something").read_text(encoding="utf-8")) == (before, "mine")


CUT = (
    "DELETE FROM stored_events WHERE originator_version = 5",
    "DELETE FROM links WHERE entry = 5",
    "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'stored_events'",
    *(f"DROP TABLE {table}" for table in TABLES),
)


@pytest.mark.parametrize("words", ["backup", "copy", "export bundle"])
@pytest.mark.parametrize("lost", ["an entry", "a tag"])
def test_what_a_head_says_is_gone_is_not_copied_as_if_nothing_were(
    path: Path, capsys: Capture, tmp_path: Path, words: str, lost: str
) -> None:
    """A cut-off tail leaves no trace in a copy, for which a head is written that proves it: so none is made."""
    with Ledger.open(path) as ledger:
        ledger.tag("FY2001", parse_day("2001-12-31"))
    altered(path, "DELETE FROM tags", *(CUT if lost == "an entry" else ()))
    target = tmp_path / "made"
    commands = {
        "backup": ("backup", target),
        "copy": ("copy", path, target),
        "export bundle": ("export", "bundle", "-o", target),
    }
    said = ran(capsys, *commands[words])
    assert (said.status, said.out) == (4, "")
    assert f"says {beside(path)}" in said.err
    assert ("Stored there is 4 entries" if lost == "an entry" else "Stored there is 0 tags") in said.err
    assert not target.exists()
    beside(path).unlink()
    assert ran(capsys, *commands[words]).status == 0  # where nothing speaks of it, nobody can know


def test_a_copy_made_while_another_writes_is_of_one_instant(path: Path, capsys: Capture, tmp_path: Path) -> None:
    """An entry that somebody has begun to append and not yet committed is not in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        rival.execute("DELETE FROM kept_entries")
        assert ran(capsys, "backup", tmp_path / "copy.db").status == 0
        rival.execute("ROLLBACK")
    assert ran(capsys, "verify", "--ledger", tmp_path / "copy.db").status == 0


def test_a_head_read_back_is_the_head_written_down(path: Path) -> None:
    """What an anchor file holds is read as what was written, and a line as what `captable head` printed."""
    with Ledger.open(path) as ledger:
        made = ledger.anchor()
    assert Anchor.read(made.text()) == made
    assert Head.read(str(made.head)) == made.head


def test_the_commands_say_what_they_take() -> None:
    """Help of each names its options, so that nobody has to guess what `check` is checked against."""
    for command in ("head", "prove", "check", "backup", "verify"):
        with pytest.raises(SystemExit) as left:
            main([command, "--help"])
        assert left.value.code == 0


def test_no_ledger_begins_beside_the_head_of_one_that_is_gone(tmp_path: Path, capsys: Capture) -> None:
    """A ledger file that was taken away left its head: whoever begins anew there is told, and nothing is made."""
    path = tmp_path / "new.db"
    assert ran(capsys, "init", "--ledger", path).status == 0
    path.unlink()
    said = ran(capsys, "init", "--ledger", path)
    assert (said.status, "[ledger-must-be-new]" in said.err, "new.db.head" in said.err) == (2, True, True)
    assert not path.exists()
    beside(path).unlink()
    assert ran(capsys, "init", "--ledger", path).status == 0
