"""The one fold: every step of the timeline, applied in order to a position.

Deciding and answering share it. It does not judge: what it is given was recorded, or has just been decided.
"""

from collections.abc import Callable, Iterable
from typing import Any

from ledger import events
from ledger.clauses.business_days import BusinessDays
from ledger.position import common, conversions, corporate, payments, preferred, reorganization, watch
from ledger.position.state import Position
from ledger.terms import Terms
from ledger.timeline import ConversionDate, Step


def _nothing(position: Position, step: Step, fact: Any) -> None:
    """A closure acts through the calendar, not through its place in the timeline (reading banks-open)."""


EFFECTS: dict[type, Callable[[Position, Step, Any], None]] = {
    events.CommonStockOpened: common.open_common,
    events.HolderRegistered: preferred.register,
    events.PreferredSharesIssued: preferred.issue,
    events.PreferredSharesTransferred: preferred.transfer,
    events.CertificateReplaced: preferred.replace_certificate,
    events.PreferredSharesReacquired: preferred.reacquire,
    events.DividendPaid: payments.pay_dividend,
    events.NoticeOfConversionReceived: conversions.receive,
    events.NoticeCompleted: conversions.note,
    ConversionDate: conversions.convert,
    events.OriginalsReceived: conversions.note,
    events.TransferAgentInstructed: conversions.note,
    events.CommonSharesDelivered: conversions.deliver,
    events.ConversionDividendPaid: conversions.pay_dividend,
    events.NoticeOfConversionRevoked: conversions.revoke,
    events.CommonSharesIssued: common.issue,
    events.CommonSharesRetired: common.retire,
    events.CommonStockSplit: common.split,
    events.RedemptionNoticeMailed: payments.notice_redemption,
    events.SharesRedeemed: payments.redeem,
    events.RedemptionPricePaid: payments.pay_price,
    events.BankClosureDeclared: _nothing,
    events.CertificateAmended: reorganization.amend,
    events.CommonStockReclassified: reorganization.reclassify,
    events.ReorganizationEffected: reorganization.reorganize,
    events.CommonAuthorizationChanged: corporate.authorize,
    events.OtherClassDividendPaid: corporate.pay_other_class,
    events.FundsSetApart: corporate.set_apart,
    events.LiquidationCommenced: corporate.commence_liquidation,
    events.LiquidationDistributionPaid: corporate.distribute,
    events.ConsentGiven: corporate.consent,
    events.ActionTaken: corporate.take_action,
    events.RecordDateSet: corporate.set_record_date,
    events.RecordDateNoticeMailed: corporate.mail_record_notice,
    events.CountAttested: corporate.attest,
}
"""What each kind of step does to a position."""


def advance(position: Position, step: Step) -> None:
    """Apply one step to a position."""
    watch.before(position, step)
    before = position.short_by()
    EFFECTS[type(step.fact)](position, step, step.fact)
    if before != position.short_by():
        watch.after(position, step)


def fold(terms: Terms, days: BusinessDays, steps: Iterable[Step]) -> Position:
    """The position after some steps, in the order given, from nothing."""
    position = Position(terms, days)
    for step in steps:
        advance(position, step)
    return position
