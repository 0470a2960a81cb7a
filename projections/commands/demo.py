"""A ledger to look at: the Series H story, recorded, verified and shown, with what to try next."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from ledger.application import Ledger
from ledger.journal import read_journal
from ledger.moments import parse_day
from ledger.options import json_option, print_json
from ledger.terms_file import read_terms
from projections import asof
from projections.published import publish_views
from projections.question import Question
from projections.report import answer as report
from projections.report.text import paragraph, say
from projections.verification import verify

DAY = parse_day("2001-11-12")
STORY = "series_h.jsonl"


def story() -> Traversable:
    """The journal of the story: beside this module where the package is installed, in the checkout otherwise."""
    installed = resources.files("projections") / "fixtures" / STORY
    return installed if installed.is_file() else Path(__file__).parents[2] / "fixtures" / STORY


@click.command("demo")
@click.option("--ledger", "path", type=click.Path(path_type=Path), default=Path("captable-demo.db"), show_default=True)
@json_option
def demo_command(path: Path, as_json: bool) -> None:
    """Build a ledger from a story, verify it, show one day of it, and say what to try.

    The story's lines carry references, so that running it again records nothing twice.

    \b
    Example:
      captable demo
    """
    journal = story().read_text(encoding="utf-8").split("\n")
    with Ledger.open(path, to_record=True) if path.exists() else Ledger.begin(path, read_terms()) as ledger:
        receipt = ledger.record(entry for _, entry in read_journal(journal, STORY))
        publish_views(ledger.place)
    verdict = verify(path)
    with Ledger.open(path) as ledger:
        head = ledger.head()
        question = Question.ask(ledger.book, DAY)
        data = asof.answer(ledger.book, DAY, head=head)
    if as_json:
        print_json({"schema": "captable/demo/1", "ledger": str(path), "recorded": len(receipt.new), "answer": data})
        return
    say(f"{path}: {len(receipt.new)} entries recorded, {head.entry} in all; verified, {verdict.verdict}.")
    say(f"{paragraph(journal_note(journal))}\n")
    say(report.asof(question))
    say(f"\nTry next:\n{_next(path)}")


def journal_note(journal: list[str]) -> str:
    """What the story's own first line says of itself."""
    _, first = next(iter(read_journal(journal, STORY)))
    return first.note or ""


def _next(path: Path) -> str:
    tries = (
        "asof 2002-09-10",
        "explain notice N-2 --as-of 2001-11-12",
        "explain conversion-rate --as-of 2001-12-31",
        "explain accrued-dividends --as-of 2001-06-10",
        "log",
        "findings --as-of 2003-04-08",
        "verify",
    )
    return "\n".join([f"  export CAPTABLE_LEDGER={path}", *(f"  captable {words}" for words in tries)])
