"""§5(j) §9(a) - What is watched at every step: whether the Common Stock falls short, and counts of a day that ended.

Watching is part of the fold, so that since when something was short, and what the ledger itself counted on a day, is
known without going the way again.
"""

from collections.abc import Callable

from ledger.clauses import protection, reservation
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.moments import end_of
from ledger.position.state import Position
from ledger.position.stock import PAR_VALUE, Stretch
from ledger.timeline import Step

Short = tuple[Fraction, Fraction] | None


def reserve(position: Position) -> Short:
    """§5(j) - Shares of Common needed for all conversions and those authorized and unissued, where too few."""
    common = position.common
    if common.authorized is None:
        return None
    available = reservation.available(common.authorized, common.outstanding)
    required = reservation.required(position.outstanding, position.common_rate)
    return (required, max(available, ZERO)) if required and available < required else None


def authorized(position: Position) -> Short:
    """§5(j) - Shares of Common outstanding and those authorized, where too many."""
    common = position.common
    if common.authorized is None or common.outstanding <= common.authorized:
        return None
    return common.outstanding, common.authorized


def common_par_value(position: Position) -> Fraction:
    """§2 §9(a) - Dollars of par value of a share of Common; 0 where it has none."""
    told = position.common.par_value
    return position.terms.common_par_value.value if told is None else told


def par_value(position: Position) -> Short:
    """§9(a) - Dollars of par value and dollars payable for a share on conversion, where too little is payable."""
    par = common_par_value(position)
    if protection.par_value_is_covered(position.terms, position.rate, par):
        return None
    return par, protection.conversion_price(position.terms, position.rate)


WATCHED: dict[str, Callable[[Position], Short]] = {
    "reserve-too-small": reserve,
    "common-beyond-authorized": authorized,
    PAR_VALUE: par_value,
}
"""What can be wrong with the Common Stock, under the name of its finding."""


def before(position: Position, step: Step) -> None:
    """Take down the ledger's own count of every day that has ended when a step comes."""
    counts = position.company.counts
    while position.uncounted and step.at >= end_of(counts[-position.uncounted].on):
        count = counts[-position.uncounted]
        counts[-position.uncounted] = count._replace(own=position.counted(count.of))
        position.uncounted -= 1


def after(position: Position, step: Step) -> None:
    """§5(j) §9(a) - Begin, go on with, or end what is wrong with the Common Stock after a step."""
    for name, short in WATCHED.items():
        stretches = position.stretches.get(name, ())
        numbers = short(position)
        if stretches and stretches[-1].until is None:
            position.stretches[name] = (*stretches[:-1], _gone_on(stretches[-1], step, numbers, name))
        elif numbers is not None:
            position.stretches[name] = (*stretches, Stretch(step.number, step.at, numbers))


def _gone_on(stretch: Stretch, step: Step, numbers: Short, name: str) -> Stretch:
    """§5(j) §9(a) - A stretch that a step ends, or that goes on with other numbers."""
    if numbers is None:
        return stretch._replace(put_right=step.number, until=step.at)
    if name == PAR_VALUE and numbers[0] > stretch.numbers[0]:
        # What is forbidden is to raise the par value: from then on it is this that is wrong, whatever it was before.
        return Stretch(step.number, step.at, numbers)
    return stretch._replace(numbers=numbers)
