"""`python -m benchmarks [SIZE ...]`: ratios to bare SQLite and to the peers, at each size, all within one run."""

import argparse
import gc
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.history import HOLDERS
from benchmarks.measured import Asked, Measured, measure
from benchmarks.report import report
from projections.command_line import SELDOM


def main() -> None:
    """Measure each size in turn, and print its tables as soon as they are there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000], help="entries (1000 10000)")
    parser.add_argument("--seed", type=int, default=1, help="which history (1)")
    parser.add_argument("--holders", type=int, default=HOLDERS, help="holders (500)")
    parser.add_argument("--answers", type=int, default=100, help="random answers held against a plain fold (100)")
    parser.add_argument("--seconds", type=int, default=60, help="about how long each measurement is repeated (60)")
    parser.add_argument("--limit", type=int, default=3600, help="seconds after which a process is stopped (3600)")
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help="where the disk to measure is (here)")
    given = parser.parse_args()
    asked = Asked(given.seed, given.holders, given.answers, given.seconds, given.limit)
    gc.set_threshold(SELDOM)  # what runs within this process runs as it does within the command's
    measured: list[Measured] = []
    for size in sorted(given.sizes):
        with TemporaryDirectory(prefix="benchmark-", dir=given.folder) as folder:
            measured.append(measure(Path(folder), size, asked, lambda said: print(f"... {said}", file=sys.stderr)))
        print(f"\n{report(measured)}\n", flush=True)


if __name__ == "__main__":
    main()
