"""Where the certificate is silent: the question, the reading taken, those rejected, and what the choice moves.

Every reading is registered here under a stable id and is named by every explanation that rests on it. Where
alternatives are offered, the terms file chooses between them with one line of data; the other readings are fixed, for
counsel to see.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Reading(NamedTuple):
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
    said = tomllib.loads(Path(__file__).with_name("readings.toml").read_text(encoding="utf-8"))
    return {name: Reading(name, **{field: _plain(value) for field, value in one.items()}) for name, one in said.items()}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else " ".join(value.split())


REGISTERED = _registered()
"""Every reading by its id, in the order of the file; most are fixed, some offer a choice."""


def in_force(choices: Mapping[str, str]) -> dict[str, str]:
    """The reading in force for every question that offers a choice: as chosen, or its default; ValueError otherwise."""
    for name, choice in choices.items():
        if name not in REGISTERED or choice not in REGISTERED[name].offered:
            raise ValueError(f"{choice!r} is not offered for {name}")
    return {reading.id: choices.get(reading.id, reading.taken) for reading in REGISTERED.values() if reading.offered}
