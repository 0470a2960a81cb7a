"""A long run by hand: rounds of random commands, each by another seed, on short, long and whole ledgers."""

import argparse
import traceback
from time import monotonic, process_time

from hypothesis import seed as by_seed
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from stateful.commands import Commands, Longer, OnAWholeLedger
from stateful.counting import STEPS, summary
from stateful.runs import SETTINGS, standing_still


def by_hand() -> int:
    """Run for some minutes and print what was found; 1 where something was."""
    parser = argparse.ArgumentParser(description=by_hand.__doc__)
    parser.add_argument("--minutes", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rounds = settings(SETTINGS, derandomize=False, max_examples=30, stateful_step_count=100)
    begun, number, failed = monotonic(), asked.seed, list[int]()
    while monotonic() - begun < 60 * asked.minutes:
        machine = (Commands, Longer, OnAWholeLedger)[number % 3]
        try:
            with standing_still():
                run_state_machine_as_test(by_seed(number)(type("Round", (machine,), {})), settings=rounds)
        except Exception:
            traceback.print_exc()
            failed.append(number)
        print(f"seed {number}: {STEPS.total()} steps in {process_time():.0f} s of work", flush=True)
        number += 1
    print(f"{summary()}\nfailed: seeds {failed}", flush=True)
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(by_hand())
