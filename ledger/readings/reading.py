"""What is registered of one silence of the certificate."""

from typing import NamedTuple


class Reading(NamedTuple):
    """A registered reading: `taken` is in force unless the terms choose one of `offered` instead.

    `offered` are the choices that a terms file may make with one line of data, the first being the default; without it
    a reading is fixed, for counsel to see. `detail` says what a short name leaves open.
    """

    id: str
    clause: str
    question: str
    taken: str
    rejected: str
    moves: str
    offered: tuple[str, ...] = ()
    detail: str = ""
