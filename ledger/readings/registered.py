"""Every reading under its stable id, by which it is named in every explanation that rests on it.

They stand as Python in the modules beside this one and not in a file to be parsed: every question needs those in force.
"""

from collections.abc import Mapping

from ledger.readings.conversion import CONVERSION
from ledger.readings.dividends import DIVIDENDS
from ledger.readings.redemption_and_votes import REDEMPTION_AND_VOTES

REGISTERED = {reading.id: reading for reading in (*DIVIDENDS, *CONVERSION, *REDEMPTION_AND_VOTES)}
"""Every reading by its id, in the order of their modules; most are fixed, some offer a choice."""


def in_force(choices: Mapping[str, str]) -> dict[str, str]:
    """The reading in force for every question that offers a choice: as chosen, or its default; ValueError otherwise."""
    for name, choice in choices.items():
        if name not in REGISTERED or choice not in REGISTERED[name].offered:
            raise ValueError(f"{choice!r} is not offered for {name}")
    return {reading.id: choices.get(reading.id, reading.taken) for reading in REGISTERED.values() if reading.offered}
