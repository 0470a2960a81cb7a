"""What can go wrong with a paper beyond what it says: its name, its form, and the library that writes it."""

from ledger.errors import LedgerError


class PaperMustBeKnown(LedgerError):
    """A paper, or a form of one, that there is not."""

    cannot = "There is no paper {paper}."
    rule = "There are {known}."
    instead = "{hint}"


class ExportMustFit(LedgerError):
    """A form that cannot hold what was to be exported."""

    consequence = "Nothing was written."
    cannot = "A {form} cannot hold the export."
    rule = "{what} has {length}, and {most} are the most that it can have."
    instead = "Export it as {instead}."


class ExtraMustBeInstalled(LedgerError):
    """A form whose library is not installed."""

    consequence = "Nothing was written."
    cannot = "A paper cannot be written as {form} here."
    rule = "That form needs the extra `{extra}`, which is not installed."
    instead = "Install it with `pip install 'captable[{extra}]'`; csv needs none."
