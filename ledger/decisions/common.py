"""§5(e) - Which issues and retirements of Common Stock cannot have happened, or cannot be reckoned with."""

from ledger.events import CommonSharesIssued, CommonSharesRetired, CommonStockOpened
from ledger.moments import day_of
from ledger.position.common import consideration, is_dilutive
from ledger.position.state import Position
from ledger.refusals import (
    CommonStockMustBeOpened,
    CommonStockMustCoverRetirement,
    CommonStockMustOpenOnce,
    PropertyMustBeValuedByTheBoard,
)
from ledger.timeline import Step


def open_common(position: Position, step: Step, entry: CommonStockOpened) -> None:
    """The Common Stock opens once, before anything moves it."""
    if position.common.moved is not None:
        raise CommonStockMustOpenOnce(day=day_of(step.at), by=f"entry {position.common.moved}")


def issue(position: Position, step: Step, entry: CommonSharesIssued) -> None:
    """§5(e)(i) §5(e)(ii) - An adjustment needs the Common outstanding before; property needs the Board's value."""
    if entry.property_fair_value and not entry.board_resolution:
        raise PropertyMustBeValuedByTheBoard(value=entry.property_fair_value, day=day_of(step.at))
    if not is_dilutive(position, entry):
        return
    base = position.common.outstanding
    if position.common.opened is None or not base + consideration(entry):
        day, moved = day_of(step.at), position.common.moved
        if position.common.opened is not None:
            why, hint = "none was", "Correct the retirement that left none outstanding."
        else:
            before = f" and before entry {moved}, which moved it" if moved else ""
            why = "no CommonStockOpened says what it was"
            hint = f"Record CommonStockOpened first, effective on or before {day}{before}."
        raise CommonStockMustBeOpened(asked=entry.shares, threshold=position.threshold, day=day, why=why, hint=hint)


def retire(position: Position, step: Step, entry: CommonSharesRetired) -> None:
    """Only Common that is issued and delivered can be retired."""
    outstanding, pending = position.common.outstanding, position.pending_common
    if entry.shares > outstanding - pending:
        raise CommonStockMustCoverRetirement(
            asked=entry.shares,
            day=day_of(step.at),
            outstanding=outstanding,
            pending=pending,
            available=outstanding - pending,
        )
