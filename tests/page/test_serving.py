"""The page served by its command, as a person starts it."""

import base64
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from on_file import ran

COMMAND = Path(sys.executable).parent / "captable"


@contextmanager
def served(*words: object) -> Iterator[str]:
    """The address of a page while its command runs; it must end at Ctrl-C without a complaint."""
    command = [str(COMMAND), "serve", "--port", "0", *map(str, words)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as running:
        try:
            assert running.stdout is not None
            said = running.stdout.readline()
            address = re.search(r"http://\S+/", said)
            assert address, said
            yield address[0]
        finally:
            running.send_signal(signal.SIGINT)
            _, complaint = running.communicate(timeout=20)
    assert "Traceback" not in complaint


def test_the_command_serves_the_ledger_to_this_machine(demo: Path) -> None:
    """It says where, answers there, does not say with what it is made, and ends when it is interrupted."""
    with served("--ledger", demo) as address:
        assert address.startswith("http://127.0.0.1:")
        with urlopen(f"{address}?as-of=2001-11-12") as answer:
            assert "1,467.215734" in answer.read().decode()
            assert "Server" not in answer.headers
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_person_of_the_access_file_comes_in_with_the_token_that_was_shown_once(demo: Path, tmp_path: Path) -> None:
    """`captable person --token` prints the lines and says the token; the page takes it, and nothing else."""
    made = subprocess.run([COMMAND, "person", "reports", "--token"], capture_output=True, text=True, check=True)
    people = tmp_path / "people.toml"
    people.write_text(made.stdout, encoding="utf-8")
    assert tomllib.loads(made.stdout)["people"]["reports"]["role"] == "reader"
    token = made.stderr.rpartition(": ")[2].strip()
    assert len(token) == 43
    assert token not in made.stdout
    with served("--ledger", demo, "--access", people) as address:
        with pytest.raises(HTTPError, match="401"):
            urlopen(address)
        named = base64.b64encode(f"reports:{token}".encode()).decode()
        with urlopen(Request(address, headers={"Authorization": f"Basic {named}"})) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--host", "0.0.0.0"), "[serving-must-be-guarded]"),
        (("--access", "none.toml"), "[people-must-be-understood]"),
        (("--host", "192.0.2.1", "--user-header", "X-User"), "[address-must-be-free]"),
        (("--record-as", "A", "--user-header", "X-User"), "--record-as is for a page that asks nobody's name"),
        (("--proxy", "10.0.0.1"), "--proxy goes with --user-header"),
        (("--record-as", "two  spaces"), "[name-must-be-evenly-spaced]"),
        (("--record-as", ""), 'Write it as it is to be shown, such as "Anna Lee".'),
    ],
)
def test_what_cannot_be_served_is_said_before_anything_is(
    demo: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    """A door left open, a file that is none, an address of another machine: exit 2, in words."""
    told = ran(capsys, "serve", *words, "--ledger", demo)
    assert told.status == 2
    assert says in told.err


def test_a_ledger_that_is_none_is_not_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said at the start, and not to the first who asks."""
    told = ran(capsys, "serve", "--ledger", tmp_path / "none.db")
    assert (told.status, "[ledger-must-exist]" in told.err) == (2, True)
