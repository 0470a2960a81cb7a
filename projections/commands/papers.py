"""`captable export csv|xlsx|pdf PAPER`: a paper as a file; and `captable export papers`: which papers there are."""

import hashlib
from pathlib import Path

import click

from ledger.errors import ExportMustBeNew
from ledger.options import json_option, print_json
from projections.bundle import write
from projections.commands.questions import Asked, as_of, question
from projections.papers.every import PAPERS, made
from projections.papers.forms import FORMS, Form
from projections.report.text import asked as what_was_asked
from projections.report.text import say, table


def _command(form: Form) -> click.Command:
    """The command that writes papers in a form."""

    @click.argument("paper", metavar="PAPER")
    @click.argument("words", metavar="[WHICH]...", nargs=-1)
    @click.option("-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="The file to write.")
    @as_of
    @question
    def written(asked: Asked, paper: str, words: tuple[str, ...], target: Path) -> None:
        if target.exists():
            raise ExportMustBeNew(path=target)  # before the work, and once more after it
        said = made(asked.question, asked.head, paper, words)
        data = form.written(said)
        write(target, data)
        told = {"paper": paper, "words": list(words), "title": said.title, "clause": said.clause}
        file = {"file": str(target), "sha256": hashlib.sha256(data).hexdigest()}
        text = f"{what_was_asked(asked.question)}: wrote {target}, {len(data):,} bytes.\n{said.title}  {said.clause}"
        asked.answer("paper", {**told, **file}, lambda: text)

    written.__doc__ = f"""Write a paper as {form.name}. `captable export papers` lists the papers, and what WHICH is.

    The same question of the same record gives the same bytes each time. Nothing is ever overwritten.

    \b
    Examples:
      captable export {form.name} reserve-letter -o reserve.{form.name} --as-of 2002-12-31
      captable export {form.name} redemption-notice R-1 -o r-1.{form.name} --as-of 2002-07-29
    """
    return click.command(form.name)(written)


@click.command("papers")
@json_option
def papers_command(as_json: bool) -> None:
    """List the papers: what is named beside each, what it tells, and in which forms it can be written here.

    \b
    Example:
      captable export papers
    """
    here = [form.name for form in FORMS.values() if form.is_installed]
    if as_json:
        rows = [{"paper": name, "which": one.words, "tells": one.tells} for name, one in PAPERS.items()]
        print_json({"schema": "captable/papers/1", "papers": rows, "forms": here})
        return
    listed = ((f"{name} {one.words}".rstrip(), one.tells) for name, one in PAPERS.items())
    say(table(("captable export FORM", "tells"), listed, align="ll"))
    say(f"\nFORM here is {', '.join(here)}; xlsx and pdf are extras of their own.")


PAPER_COMMANDS = (papers_command, *map(_command, FORMS.values()))
"""The commands that write papers, for the command line to mount under `export`."""
