"""§4 - Voting power: as many votes as the largest number of Common into which a holder's shares could be converted.

Reading votes: the multiple of 100 (§5(a)) binds, and votes are whole, floored for each holder.

Pure: no clock, no store, no events.
"""

from ledger.clauses.conversion import in_lots
from ledger.exact import Fraction
from ledger.terms import Terms

EVERY_SHARE = "every share"


def convertible_into(terms: Terms, shares: Fraction, rate: Fraction) -> Fraction:
    """§4 - Common Stock into which a holder's shares could be converted at once, exactly."""
    return (shares if terms.readings["votes"] == EVERY_SHARE else in_lots(terms, shares)) * rate


def votes(terms: Terms, shares: Fraction, rate: Fraction) -> Fraction:
    """§4 - A holder's votes: those of what its shares could be converted into at once."""
    return votes_of(convertible_into(terms, shares, rate))


def votes_of(common: Fraction) -> Fraction:
    """§4 - Votes of the Common that a holder's shares could be converted into: whole shares, rounded down."""
    return Fraction(common.__floor__())


def is_majority(terms: Terms, consenting: Fraction, outstanding: Fraction) -> bool:
    """§4 §8 - Whether consenting shares are a majority: more than half of those outstanding (reading majority)."""
    return consenting > outstanding * terms.majority.value
