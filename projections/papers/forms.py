"""The forms a paper can be written in, and whether what each needs is installed."""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.errors import QuestionMustBeUnderstood
from projections.papers import as_pdf, as_xlsx
from projections.papers.as_csv import as_csv
from projections.papers.content import Paper
from projections.papers.errors import ExtraMustBeInstalled


@dataclass(frozen=True)
class Form:
    """A form: its name, which ends a file's name and is that of its extra, its media type, and how it is written."""

    name: str
    media_type: str
    write: Callable[[Paper], bytes]

    @property
    def is_installed(self) -> bool:
        """Whether a paper can be written in this form here."""
        extras = {"pdf": as_pdf.INSTALLED, "xlsx": as_xlsx.INSTALLED}
        return extras.get(self.name, True)

    def written(self, paper: Paper) -> bytes:
        """A paper in this form; ExtraMustBeInstalled where it needs what is not here."""
        if not self.is_installed:
            raise ExtraMustBeInstalled(form=self.name, extra=self.name)
        if self.name not in paper.forms:
            why, hint = f"It is made as {' and '.join(paper.forms)}", "Choose one of those."
            raise QuestionMustBeUnderstood(what=f"{paper.title} as {self.name}", why=why, hint=hint)
        return self.write(paper)


SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMS = {
    form.name: form
    for form in (
        Form("csv", "text/csv; charset=utf-8", as_csv),
        Form("xlsx", SPREADSHEET, as_xlsx.as_xlsx),
        Form("pdf", "application/pdf", as_pdf.as_pdf),
    )
}
"""The forms, by name."""
