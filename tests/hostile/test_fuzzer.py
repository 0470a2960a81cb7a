"""The fuzzer finds nothing in a short run that is the same every time; by hand it is given a quarter of an hour."""

from pathlib import Path
from random import Random

import pytest

from hostile.fuzzer import Hunt, Ways, hunt, spoilt_bytes
from hostile.judged import folder


@pytest.mark.parametrize(("what", "executions"), [("journal", 120), ("terms", 200), ("words", 80)])
def test_a_short_hunt_finds_nothing(what: str, executions: int, tmp_path: Path) -> None:
    """Journals, terms files and command lines, each spoilt along the ways it opened."""
    with folder(tmp_path):
        run = hunt(what, Random(20010412), tmp_path)
        run.kept = run.random.sample(run.kept, min(12, len(run.kept)))  # or it would all go into the seeds
        run.on(executions)
    assert not run.failures
    assert run.executions == executions
    assert len(run.ways.known) > 300


def hidden(data: bytes) -> None:
    """Fail behind four doors, each to be seen only by whoever has opened the one before."""
    if data[:1] == b"[":
        if data[1:2] == b"=":
            if data[2:3] == b"]":
                if data[3:4] == b"#":
                    raise ValueError("found")
                return
            return
        return


@pytest.mark.parametrize("guided", [True, False])
def test_the_fuzzer_goes_where_its_feedback_leads(guided: bool) -> None:
    """Four right bytes are found one after the other; to one that keeps nothing they stay hidden."""
    run = Hunt(hidden, spoilt_bytes, [b"some"], Random(1), Ways((__file__,)))
    for _ in range(20_000):
        data = spoilt_bytes(run.random, run.random.choice(run.kept), b"other")
        run.one(data, keep=guided)
    assert [why for why in run.failures if why.endswith("found")] == list(run.failures)
    assert bool(run.failures) is guided
