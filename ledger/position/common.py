"""§5(c) §5(d) §5(e) - What issues, retirements, splits and changes of Common do to a position, and to the rate."""

from collections.abc import Collection

from ledger.clauses import adjustment
from ledger.events import CommonSharesIssued, CommonSharesRetired, CommonStockOpened, CommonStockSplit
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.moments import day_of
from ledger.position.company import RecordDate
from ledger.position.state import COMMON, Position
from ledger.position.stock import Adjustment, CommonStock, Notice
from ledger.timeline import Step


def open_common(position: Position, step: Step, entry: CommonStockOpened) -> None:
    """The Common Stock as it stood when the ledger opened; what it does not say stays as an earlier entry said it."""
    before = position.common
    authorized = before.authorized if entry.authorized is None else entry.authorized
    par_value = before.par_value if entry.par_value is None else entry.par_value
    position.common = CommonStock(entry.outstanding, authorized, par_value, step.number, step.number)


def consideration(entry: CommonSharesIssued) -> Fraction:
    """§5(e)(ii) - Dollars received for Common Stock: cash, and property at the Board's fair value."""
    return (entry.cash or ZERO) + (entry.property_fair_value or ZERO)


def is_dilutive(position: Position, entry: CommonSharesIssued) -> bool:
    """§5(e)(i) - Whether an issue of Common adjusts the rate: not excluded, after the date hereof, below threshold.

    Where all Common has become cash no stock is issuable that a sale could increase (reading common-replaced).
    """
    if entry.exempt is not None or not adjustment.in_place_of(COMMON, position.into):
        return False
    price = consideration(entry) / entry.shares
    return adjustment.dilutes(position.terms, day_of(entry.effective), price, position.threshold)


def issue(position: Position, step: Step, entry: CommonSharesIssued) -> None:
    """§5(e)(i) §5(e)(iii) - Common is issued; below the threshold the rate rises for every share of Series H alike."""
    if is_dilutive(position, entry):
        base, received, limit = position.common.outstanding, consideration(entry), position.threshold
        factor = adjustment.dilution_factor(base, entry.shares, received, limit)
        _only_stock_grows(position, factor)
        rate = position.rate * factor
        position.adjust(Adjustment(step.number, step.at, "§5(e)(i)", factor, rate, base, entry.shares, received, limit))
    _move(position, step, position.common.outstanding + entry.shares)


def retire(position: Position, step: Step, entry: CommonSharesRetired) -> None:
    """Common that was bought back is outstanding no longer."""
    _move(position, step, position.common.outstanding - entry.shares)


def split(position: Position, step: Step, entry: CommonStockSplit) -> None:
    """§5(c) §10(b) - A split multiplies Common, the rate, and what pending notices are to deliver; notice is owed."""
    multiply(position, step, entry.new_shares, entry.old_shares)
    position.company.record_dates.append(RecordDate(step.number, entry.action, day_of(step.at), "split"))


def multiply(position: Position, step: Step, new_shares: Fraction, old_shares: Fraction) -> None:
    """§5(c) - So many new shares of Common for so many old ones, by a split or by whatever else has made them."""
    factor = adjustment.split_factor(new_shares, old_shares)
    rate = position.rate * factor
    position.adjust(Adjustment(step.number, step.at, "§5(c)", factor, rate, old_shares, new_shares))
    position.splits *= factor
    _only_stock_grows(position, factor)
    for notice in position.awaiting_delivery():
        position.keep_notice(_multiplied(notice, adjustment.in_place_of(COMMON, position.into), factor))
    _move(position, step, position.common.outstanding * factor)


def _multiplied(notice: Notice, stock: Collection[str], factor: Fraction) -> Notice:
    """§5(c) - A pending notice once its Common, or the stock in the Common's place, has been multiplied."""
    others = {name: due * factor if name in stock else due for name, due in notice.others_due.items()}
    in_place = None if notice.in_place is None else notice.in_place * factor
    return notice._replace(common_due=notice.common_due * factor, others_due=others, in_place=in_place)


def _only_stock_grows(position: Position, factor: Fraction) -> None:
    """§5(c) §5(e)(i) - The rate grows for the Common Stock, or for what took its place, but not for cash beside it.

    What was received beside the Common Stock is divided by what the rate is multiplied by, and so stays as it was.
    """
    grows = adjustment.in_place_of(COMMON, position.into)
    position.into = {name: each if name in grows else each / factor for name, each in position.into.items()}


def _move(position: Position, step: Step, outstanding: Fraction) -> None:
    common = position.common
    position.common = common._replace(outstanding=outstanding, moved=common.moved or step.number)
