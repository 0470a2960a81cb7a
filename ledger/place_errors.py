"""How a place says no that holds a whole ledger, which cannot be used there as it is."""

from ledger.errors import NotUnderstood


class LedgerMustBeOfThisMake(NotUnderstood):
    """A ledger whose tables an older captable made: a whole record, which this one neither asks nor records in."""

    cannot = "{path} is a ledger of an older make."
    rule = "It keeps the links of its entries in a table of another form. That speaks against nothing recorded in it."
    instead = "{hint}."
