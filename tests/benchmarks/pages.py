"""`python -m benchmarks.pages LEDGER ...`: what every page takes of the server, in ms and beside the plainest page.

Each ledger is a column. A page is asked for as a browser would, on the last day on which anything happened, without a
server in between: told is the least processor time of some turns, once the source was read for the certificate.
"""

import argparse
import sys
from pathlib import Path
from time import process_time
from urllib.parse import quote

from ledger.moments import LAST_DAY, day_of
from ledger.opened import opened
from ledger.places import place_named
from page.opened import ROOMS, Opened
from projections import concordance
from projections.page.frame import beside
from projections.question import Question
from projections.report.text import table

PLAINEST = "/explain"
"""The page that asks nothing of a position."""

TURNS = 5


def addresses(ledger: str) -> dict[str, str]:
    """The pages to open, each by its name: every room, and in it what a visitor opens next."""
    with opened(place_named(ledger)) as asked:
        question = Question.ask(asked.book, LAST_DAY)
        before, *_ = beside(question)
        if before is None:
            sys.exit(f"Nothing has happened in {ledger}.")
        day, last = day_of(before.at), asked.last()
        holder = min(question.position.holdings_of)
    rooms = [one for one in ROOMS if "?" not in one and not one.startswith("/entry/")]
    further = {
        "/register?page=2": "/register?page=2" if last > 10_000 else "/register",
        "/log?page=2": "/log?page=2",
        "/log?kind=CommonSharesIssued": "/log?kind=CommonSharesIssued",
        "/log?clause=5(f)": "/log?clause=5(f)",
        "/log?holder=...": f"/log?holder={quote(holder)}",
        "/holder?holder=...": f"/holder?holder={quote(holder)}",
        "/entry/FIRST": "/entry/2",
        "/entry/LAST": f"/entry/{last}",
        "/diff?from=...&to=...": f"/diff?from={day}&to={day}",
        "/explain?what=next-payment-date": "/explain?what=next-payment-date",
        "/explain?what=conversion-rate": "/explain?what=conversion-rate",
    }
    told = {**{one: one for one in rooms}, **further}
    return {name: f"{one}{'&' if '?' in one else '?'}as-of={day}" for name, one in told.items()}


def milliseconds(page: Opened, address: str) -> int:
    """The least processor time of an address in some turns; a page that is none is said, and ends the run."""
    least: int | None = None
    for _ in range(TURNS):
        begun = process_time()
        answer = page.get(address)
        took = round(1000 * (process_time() - begun))
        if answer.status_code != 200:
            sys.exit(f"{address} answers {answer.status_code}.")
        least = took if least is None else min(least, took)
    assert least is not None
    return least


def main() -> None:
    """Open every page of each ledger, and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("ledgers", nargs="+", help="ledgers that are there")
    ledgers: list[str] = parser.parse_args().ledgers
    concordance.code()
    concordance.tests()
    columns = []
    for ledger in ledgers:
        page, asked = Opened(Path(ledger)), addresses(ledger)
        plainest = max(milliseconds(page, asked[PLAINEST]), 1)
        took = {name: milliseconds(page, address) for name, address in asked.items()}
        columns.append({name: f"{ms} ms, {ms / plainest:.1f} x" for name, ms in took.items()})
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = ([name, *(column.get(name, "") for column in columns)] for name in names)
    print(table(("page", *(Path(one).name for one in ledgers)), rows, align="l" + "r" * len(ledgers)))


if __name__ == "__main__":
    main()
