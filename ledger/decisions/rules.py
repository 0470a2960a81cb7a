"""Which rules each kind of step must pass, at its place in the timeline."""

from collections.abc import Callable
from typing import Any

from ledger import events
from ledger.decisions import common, conversions, corporate, payments, preferred
from ledger.errors import Refusal
from ledger.position.state import Position
from ledger.timeline import ConversionDate, Step

RULES: dict[type, Callable[[Position, Step, Any], None]] = {
    events.CommonStockOpened: common.open_common,
    events.PreferredSharesIssued: preferred.issue,
    events.PreferredSharesTransferred: preferred.transfer,
    events.CertificateReplaced: preferred.replace_certificate,
    events.PreferredSharesReacquired: preferred.reacquire,
    events.DividendPaid: payments.pay_dividend,
    events.NoticeOfConversionReceived: conversions.receive,
    events.NoticeCompleted: conversions.complete,
    ConversionDate: conversions.convert,
    events.OriginalsReceived: conversions.originals,
    events.TransferAgentInstructed: conversions.instruct,
    events.CommonSharesDelivered: conversions.deliver,
    events.ConversionDividendPaid: conversions.pay_dividend,
    events.NoticeOfConversionRevoked: conversions.revoke,
    events.CommonSharesIssued: common.issue,
    events.CommonSharesRetired: common.retire,
    events.RedemptionNoticeMailed: payments.notice_redemption,
    events.SharesRedeemed: payments.redeem,
    events.RedemptionPricePaid: payments.pay_price,
    events.CommonStockReclassified: corporate.change_common,
    events.ReorganizationEffected: corporate.change_common,
    events.LiquidationCommenced: corporate.commence_liquidation,
    events.LiquidationDistributionPaid: corporate.distribute,
    events.ConsentGiven: corporate.consent,
    events.ActionTaken: corporate.take_action,
    events.CertificateAmended: corporate.amend,
}
"""The rules of each kind that has any; a kind that is absent here can always have happened."""


def decide(position: Position, step: Step) -> None:
    """Raise the Refusal of a step that cannot have happened to a position; return where it may be recorded."""
    if rule := RULES.get(type(step.fact)):
        try:
            rule(position, step, step.fact)
        except Refusal as refusal:
            refusal.entry = step.number
            raise
