"""§4 - Voting power: as many votes as the largest number of Common into which a holder's shares could be converted.

Reading votes: the multiple of 100 (§5(a)) binds as it binds a conversion, and votes are whole, floored for each holder.

Pure: no clock, no store, no events.
"""

from ledger.clauses.conversion import in_lots, whole_position_exempt
from ledger.exact import Fraction
from ledger.terms import Terms

EVERY_SHARE = "every share"


def by_every_share(terms: Terms) -> bool:
    """§4 §5(a) - Whether every share counts: by the reading of the votes, or because all can be converted (lot)."""
    return terms.readings["votes"] == EVERY_SHARE or whole_position_exempt(terms)


def convertible_into(terms: Terms, shares: Fraction, rate: Fraction) -> Fraction:
    """§4 - Common Stock into which a holder's shares could be converted at once, exactly."""
    return (shares if by_every_share(terms) else in_lots(terms, shares)) * rate


def votes(terms: Terms, shares: Fraction, rate: Fraction) -> Fraction:
    """§4 - A holder's votes: those of what its shares could be converted into at once."""
    return votes_of(convertible_into(terms, shares, rate))


def votes_of(common: Fraction) -> Fraction:
    """§4 - Votes of the Common that a holder's shares could be converted into: whole shares, rounded down."""
    return Fraction(common.__floor__())


def is_majority(terms: Terms, consenting: Fraction, outstanding: Fraction) -> bool:
    """§4 §8 - Whether consenting shares are a majority: more than half of those outstanding (reading majority)."""
    return consenting > outstanding * terms.majority.value
