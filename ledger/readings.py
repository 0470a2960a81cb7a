"""Where the certificate is silent: the question, the reading taken, those rejected, and what the choice moves.

Every reading is registered here under a stable id and is named by every explanation that rests on it. Where
alternatives are offered, the terms file chooses between them with one line of data; the other readings are fixed, for
counsel to see.
"""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from ledger.fields import broken, shown


@dataclass(frozen=True, slots=True)
class Reading:
    """A registered reading: `taken` is in force unless the terms choose one of `offered` instead.

    `detail` says what a short name leaves open.
    """

    id: str
    clause: str
    question: str
    taken: str
    rejected: str
    moves: str
    offered: tuple[str, ...] = ()
    detail: str = ""


def _registered() -> dict[str, Reading]:
    said = tomllib.loads((resources.files("ledger") / "readings.toml").read_text(encoding="utf-8"))
    return {name: Reading(name, **{field: _plain(value) for field, value in one.items()}) for name, one in said.items()}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else " ".join(value.split())


REGISTERED = _registered()
"""Every reading by its id, in the order of the file; most are fixed, some offer a choice."""


def chosen(choices: Any) -> dict[str, str]:
    """The reading in force for every question that offers a choice: the default where a terms file is silent."""
    if not isinstance(choices, dict):
        raise broken("readings-must-be-a-table", f"{shown(choices)} is no table of readings")
    for name, choice in choices.items():
        reading = REGISTERED.get(name)
        if reading is None or not reading.offered:
            raise broken("reading-must-be-offered", f"{shown(name)} is no reading that can be chosen")
        if choice not in reading.offered:
            among = " or ".join(repr(option) for option in reading.offered)
            raise broken("reading-must-be-offered", f"{shown(choice)} is not offered for {name}: choose {among}")
    return {reading.id: choices.get(reading.id, reading.taken) for reading in REGISTERED.values() if reading.offered}
