"""§5(f)(i) §2 - What a Notice of Conversion does to a position, from its telecopy to delivery or revocation."""

from ledger.clauses import adjustment, conversion, dividends
from ledger.events import (
    CommonSharesDelivered,
    ConversionDividendPaid,
    NoticeCompleted,
    NoticeOfConversionReceived,
    NoticeOfConversionRevoked,
    OriginalsReceived,
    TransferAgentInstructed,
)
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.moments import day_of
from ledger.position.preferred import reduce, renumber
from ledger.position.state import COMMON, Position
from ledger.position.stock import Delivery, Listed, Notice, Surrendered
from ledger.timeline import ConversionDate, Step


def receive(position: Position, step: Step, entry: NoticeOfConversionReceived) -> None:
    """§5(f)(i) - A notice came; nothing converts before its deemed receipt with copies of the certificates."""
    notice = Notice(
        id=entry.notice,
        holder=entry.holder,
        entry=step.number,
        telecopied=step.at,
        listed=tuple(Listed(item.certificate, item.shares) for item in entry.surrendered),
        issue_fractions=entry.fractions == "issue",
        copies=entry.copies,
    )
    position.keep_notice(notice)
    position.holdings_of.setdefault(entry.holder, ())


def note(position: Position, step: Step, entry: NoticeCompleted | OriginalsReceived | TransferAgentInstructed) -> None:
    """§5(f)(i) - The copies or the originals came, or the transfer agent was contacted: the notice tells when."""
    _update(position, step, position.notices[entry.notice])


def convert(position: Position, step: Step, fact: ConversionDate) -> None:
    """§5(f)(i) §5(d) §2 - The Conversion Date: preferred shares end, Common begins, their dividends fall due."""
    notice = position.notices[fact.notice]
    day = day_of(step.at)
    taken = []
    for item in notice.listed:
        held = position.certificates[item.certificate]
        paid = held.part_of_paid(item.shares)
        due = dividends.accrued(position.terms, item.shares, held.accrues_from, day) - paid
        taken.append(Surrendered(item.certificate, item.shares, paid, due))
        reduce(position, item.certificate, item.shares)
        position.converted += item.shares
    rate = position.common_rate
    entitled = conversion.entitlement(notice.shares, rate, issue_fractions=notice.issue_fractions)
    others = {security: notice.shares * each for security, each in position.other_rates.items()}
    in_place = None if COMMON in position.into else adjustment.shares_in_place_of(COMMON, others)
    notice = notice._replace(
        conversion=step.at,
        taken=tuple(taken),
        rate=rate,
        common_due=entitled.common,
        others_due=others,
        in_place=in_place,
    )
    position.keep_notice(notice)
    common = position.common
    position.common = common._replace(
        outstanding=common.outstanding + notice.counts_for, moved=common.moved or step.number
    )


def deliver(position: Position, step: Step, entry: CommonSharesDelivered) -> None:
    """§5(f)(i) §5(i) - Common was delivered; what was due stays counted (reading delivered-differs)."""
    delivered = Delivery(step.number, step.at, entry.shares, entry.cash_in_lieu or ZERO, entry.market_price)
    _update(position, step, position.notices[entry.notice]._replace(delivered=delivered))
    for balance in entry.balance_certificates:
        renumber(position, step.number, balance.certificate, balance.new_certificate)


def pay_dividend(position: Position, step: Step, entry: ConversionDividendPaid) -> None:
    """§2 - Part of what fell due on the Conversion Date was paid."""
    notice = position.notices[entry.notice]
    _update(position, step, notice._replace(dividend_paid=notice.dividend_paid + entry.amount))
    position.dividends_paid += entry.amount


def revoke(position: Position, step: Step, entry: NoticeOfConversionRevoked) -> None:
    """§5(f)(i) - Both sides are restored, as if the conversion was never made (reading revocation-restores)."""
    notice = position.notices[entry.notice]
    paid = _shared(notice)
    for item in notice.taken:
        held = position.certificates[item.certificate]
        restored = held.paid + item.paid + paid[item.certificate]
        position.keep(held._replace(shares=held.shares + item.shares, paid=restored))
        position.outstanding += item.shares
        position.converted -= item.shares
    position.common = position.common._replace(outstanding=position.common.outstanding - notice.counts_for)
    _update(position, step, notice)


def _shared(notice: Notice) -> dict[str, Fraction]:
    # §2: dividends paid on the conversion count as paid on the shares, in proportion to what was due on each.
    if not notice.dividend_paid:
        return {item.certificate: ZERO for item in notice.taken}
    return dividends.allocate(notice.dividend_paid, {item.certificate: max(item.due, ZERO) for item in notice.taken})


def _update(position: Position, step: Step, notice: Notice) -> None:
    assert not isinstance(step.fact, ConversionDate)
    position.keep_notice(notice._replace(happened=(*notice.happened, (step.fact.word, step.number, step.at))))
