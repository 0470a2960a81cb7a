"""Random commands on a real ledger file against a second ledger, which shares no code with the first.

At least ten thousand steps here; `python -m stateful.by_hand`, from `tests`, goes on by other seeds. What fails is told
with its journal at once; with CAPTABLE_SHRINK set Hypothesis takes its minutes to make it shorter.
"""

from collections.abc import Iterator

import pytest
from hypothesis import seed as by_seed
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from ledger.events import KINDS as ENTRIES
from stateful.commands import Commands, OnAWholeLedger
from stateful.counting import PAIRS, REPORTS, SEES, STEPS, forget, missed, summary
from stateful.runs import SETTINGS, standing_still
from stateful.things import KINDS
from stateful.whole import WHOLE

STEPS_AT_LEAST = 10_000


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """The machine's clock stands still but where a command moves it, and counting begins anew."""
    forget()
    with standing_still():
        yield


def test_every_report_is_right_by_every_clock_where_every_kind_of_entry_stands() -> None:
    """Each report is asked by each of its clocks in a ledger of all thirty-six kinds: no chance leaves a pair out."""
    assert {line["event"] for line in WHOLE} == set(KINDS) == set(ENTRIES)
    machine = OnAWholeLedger()
    machine.the_ledger_opens(0)
    for number, (report, clock) in enumerate(PAIRS):
        for again in range(2):
            asker = machine.asker(machine.by(2 * number + again, f"tour, {clock}"))
            assert asker.ask(report, clock) or report in ("holder", "show", "explain"), (report, clock)
        machine.the_head_is_as_told()
    machine.the_record_holds()
    machine.teardown()
    assert {(report, kind) for report in REPORTS for kind in KINDS} <= set(SEES)


def test_ten_thousand_random_commands_keep_two_ledgers_one_and_meet_every_pair() -> None:
    """Whatever is recorded, put right, asked, restarted or restored: the ledger does as a plain list of lines would.

    Every report is asked with every kind of entry in the ledger, and by every clock it has.
    """
    whole = settings(SETTINGS, max_examples=15, stateful_step_count=30)
    run_state_machine_as_test(OnAWholeLedger, settings=whole)
    run_state_machine_as_test(Commands, settings=SETTINGS)
    for seed in range(60):  # another version of Hypothesis may take shorter runs, or other ways
        if missed() or STEPS.total() < STEPS_AT_LEAST:
            more = settings(whole, derandomize=False, max_examples=5)
            machine = OnAWholeLedger if missed() else Commands
            run_state_machine_as_test(by_seed(seed)(type("More", (machine,), {})), settings=more)
    print(summary())
    assert STEPS.total() >= STEPS_AT_LEAST
    assert not missed()
