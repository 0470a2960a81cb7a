"""§3 §4 §5(c) §5(d) §8 - Which of the Company's other acts cannot have happened."""

from ledger.events import (
    ActionTaken,
    CertificateAmended,
    CommonStockReclassified,
    ConsentGiven,
    LiquidationCommenced,
    LiquidationDistributionPaid,
    ReorganizationEffected,
)
from ledger.moments import day_of
from ledger.position.due import preference_left
from ledger.position.state import COMMON, Position
from ledger.refusals import (
    ActionMustBeTakenOnce,
    CommonStockMustStillStand,
    ConsentMustBeHeld,
    HoursMustRunForward,
    LiquidationMustBeginOnce,
    LiquidationMustHaveBegun,
    PaymentMustNotExceedWhatIsDue,
)
from ledger.timeline import Step


def commence_liquidation(position: Position, step: Step, entry: LiquidationCommenced) -> None:
    """§3(a) - A company is liquidated once."""
    begun = position.liquidation
    if begun is not None:
        raise LiquidationMustBeginOnce(day=day_of(step.at), entry=begun.entry, on=begun.on)


def distribute(position: Position, step: Step, entry: LiquidationDistributionPaid) -> None:
    """§3(a) §3(c) §3(d) - Series H is paid its preference and no more, once a liquidation proper has begun."""
    day = day_of(step.at)
    if position.liquidation is None:
        raise LiquidationMustHaveBegun(amount=entry.amount, day=day)
    PaymentMustNotExceedWhatIsDue.check(
        amount=entry.amount,
        due=preference_left(position, day),
        day=day,
        towards="on the Liquidation Preference",
        clause="§3(c)",
    )


def consent(position: Position, step: Step, entry: ConsentGiven) -> None:
    """§8(a) - A holder consents with shares it holds."""
    held = position.held(entry.holder)
    if entry.shares > held:
        raise ConsentMustBeHeld(
            holder=entry.holder, asked=entry.shares, action=entry.action, day=day_of(step.at), held=held
        )


def take_action(position: Position, step: Step, entry: ActionTaken) -> None:
    """§8 - An action is taken once."""
    action = position.company.actions.get(entry.action)
    if action is not None and action.taken is not None:
        raise ActionMustBeTakenOnce(action=entry.action, day=day_of(step.at), entry=action.taken)


def change_common(position: Position, step: Step, entry: CommonStockReclassified | ReorganizationEffected) -> None:
    """§5(c) §5(d) - Common Stock is changed while a share still converts into it."""
    per_share = entry.into if isinstance(entry, CommonStockReclassified) else entry.per_share
    if per_share and COMMON not in position.into:
        raise CommonStockMustStillStand(day=day_of(step.at), into=", ".join(sorted(position.into)))


def amend(position: Position, step: Step, entry: CertificateAmended) -> None:
    """§8(b) §5(f)(i) - Amended business hours still run forward."""
    day = day_of(step.at)
    law = position.terms.amended(entry.terms, day)
    opens, closes = law.business_opens.value, law.business_closes.value
    if opens >= closes:
        raise HoursMustRunForward(day=day, opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}")
