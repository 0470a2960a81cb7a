"""What can go wrong with a paper beyond what it says: its form, and the library that writes it."""

from ledger.errors import LedgerError


class ExportMustFit(LedgerError):
    """A form that cannot hold what was to be exported."""

    consequence = "Nothing was written."
    cannot = "A workbook cannot hold the export."
    rule = "{what} has {length} characters, and a cell holds {most}."
    instead = "Export it as csv or pdf."


class ExtraMustBeInstalled(LedgerError):
    """A form whose library is not installed."""

    consequence = "Nothing was written."
    cannot = "A paper cannot be written as {form} here."
    rule = "That form needs the extra `{extra}`, which is not installed."
    instead = "Install it with `pip install 'captable[{extra}]'`; csv needs none."
