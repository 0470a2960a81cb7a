"""The README is executed: every command in it, and every output it shows."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.places import place_named
from server import Server

HERE = Path(__file__).parent.parent
README = (HERE / "README.md").read_text(encoding="utf-8")
CI = (HERE / ".ci" / "run").read_text(encoding="utf-8")
SETTING_UP = ("python3 -m venv", "export PATH", ".venv/bin/")
"""How commands begin that set up the shell or the environment; those are run by .ci/run as they are written."""


def shell(folder: Path, command: str) -> str:
    """What a command of the README prints, standard error included, with the installed command on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "CAPTABLE_LEDGER": "captable-demo.db"}
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert "Traceback" not in done.stdout
    return done.stdout.rstrip("\n")


def examples() -> list[tuple[str, str]]:
    """Every command of the README's console blocks with the output shown under it."""
    blocks = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    told = [example.partition("\n") for block in blocks for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, output.rstrip("\n")) for command, _, output in told]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the README's commands are run one after the other."""
    return tmp_path_factory.mktemp("readme")


def test_every_command_of_the_readme_prints_what_the_readme_shows(folder: Path) -> None:
    """A stranger who follows the README sees on the screen what is on the page."""
    shell(folder, "captable demo")
    for command, output in examples():
        if not command.startswith(SETTING_UP):
            assert shell(folder, command) == output, command


def test_the_demo_shows_the_answer_the_readme_shows(folder: Path) -> None:
    """The demo's answer on the page is the demo's answer."""
    shown = re.findall(r"^```text\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)[0]
    assert shell(folder, "captable demo").endswith(shown)


def test_the_json_on_the_page_is_part_of_the_answer(folder: Path) -> None:
    """The README's JSON is what the command gives for that day."""
    shown = json.loads(re.findall(r"^```json\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[0])
    assert json.loads(shell(folder, "captable asof 2001-06-10 --json"))["dividends"] == shown


def test_the_commands_for_postgresql_do_what_the_readme_says(
    folder: Path, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are run as they stand on the page, against a server that is there; a ledger moves in and out unchanged."""
    monkeypatch.setenv("CAPTABLE_HOME", str(tmp_path))
    blocks = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if not line.startswith("pip ")]
    exported, *commands = lines
    name, _, address = exported.removeprefix("export ").partition("=")
    assert (name, address.partition("@")[0]) == ("CAPTABLE_STORE", "postgresql://captable")
    monkeypatch.setenv(name, server.url())
    if not (folder / "captable-demo.db").exists():
        shell(folder, "captable demo")
    (folder / "journal.jsonl").write_text((HERE / "fixtures" / "series_h.jsonl").read_text(encoding="utf-8"))
    said = {command: shell(folder, command) for command in commands}
    assert said["captable record journal.jsonl --ledger acme"].startswith("Recorded 118 entries")
    assert said["captable asof 2001-11-12 --ledger acme"].startswith("Certificate of Designation")
    assert "?host=" in said["captable verify --all"]
    assert "acme: proven, 119 entries" in said["captable verify --all"]
    monkeypatch.chdir(folder)
    heads = set()
    for one in ("./captable-demo.db", "nstor", "./nstor-again.db"):
        with Ledger.open(place_named(one)) as ledger:
            heads.add(ledger.head())
    assert [head.entry for head in heads] == [119]


def test_the_readmes_two_commands_and_its_test_command_are_what_ci_runs() -> None:
    """Continuous integration installs and tests with the README's own words."""
    setting_up = [command for command, _ in examples() if command.startswith((".venv/bin/", "python3 -m venv"))]
    assert len(setting_up) == 3
    for command in setting_up:
        for part in command.split(" && "):
            assert part in CI


def test_every_file_the_readme_points_at_is_there() -> None:
    """No link of the README leads nowhere."""
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    for link in links:
        assert (HERE / link).exists(), link
