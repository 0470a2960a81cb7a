"""§2 §3 §4 §8 §10 - What the Company's other acts do to a position: they move no share and no rate, and are kept."""

from ledger.clauses import voting
from ledger.events import (
    ActionTaken,
    CommonAuthorizationChanged,
    ConsentGiven,
    CountAttested,
    FundsSetApart,
    LiquidationCommenced,
    LiquidationDistributionPaid,
    OtherClassDividendPaid,
    RecordDateNoticeMailed,
    RecordDateSet,
)
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.moments import day_of
from ledger.position.company import (
    Action,
    Consent,
    Count,
    Fund,
    Liquidation,
    OtherDividend,
    RecordDate,
    RecordNotice,
    total,
)
from ledger.position.due import deficiency, last_overdue, unpaid_preference
from ledger.position.state import Position
from ledger.timeline import Step


def pay_other_class(position: Position, step: Step, entry: OtherClassDividendPaid) -> None:
    """§2 §3(a) §3(e)(i) - A dividend on another class, junior or issued later, with what Series H was owed then."""
    on, company = day_of(step.at), position.company
    arrears, unpaid = deficiency(position, on), unpaid_preference(position, on)
    company.other_dividends.append(
        OtherDividend(
            entry=step.number,
            on=on,
            stock=entry.stock,
            amount=entry.amount,
            arrears=arrears,
            set_apart=min(total(company.set_apart_for(last_overdue(position, on))), arrears),
            preference=unpaid,
            in_trust=min(total(company.in_trust()), unpaid),
            issued_later=entry.stock in position.terms.stock_issued_later.value,
        )
    )


def set_apart(position: Position, step: Step, entry: FundsSetApart) -> None:
    """§2 §3(c) - A sum set apart for a dividend, or in trust for the preference."""
    position.company.funds.append(Fund(step.number, day_of(step.at), entry.purpose, entry.payable_on, entry.amount))


def authorize(position: Position, step: Step, entry: CommonAuthorizationChanged) -> None:
    """§5(j) - The authorized number of Common changes."""
    position.common = position.common._replace(authorized=entry.authorized)


def commence_liquidation(position: Position, step: Step, entry: LiquidationCommenced) -> None:
    """§3(a) §10(c) - A liquidation begins, with assets to distribute; notice of it is owed."""
    on = day_of(step.at)
    position.liquidation = Liquidation(step.number, on, entry.assets_available)
    position.company.record_dates.append(RecordDate(step.number, entry.action, on, "liquidation"))


def distribute(position: Position, step: Step, entry: LiquidationDistributionPaid) -> None:
    """§3(a) §3(c) - Cash paid on the preference, out of what is in trust for it as far as that goes."""
    begun = position.liquidation
    assert begun is not None
    payment = (step.number, day_of(step.at), entry.amount)
    position.liquidation = begun._replace(payments=(*begun.payments, payment))
    position.company.pay_out_of(position.company.in_trust(), entry.amount)


def consent(position: Position, step: Step, entry: ConsentGiven) -> None:
    """§8(a) - A holder consents; a majority that comes after the action was taken ratifies it."""
    action = position.company.actions.get(entry.action, Action(entry.action))
    action = action._replace(consents=(*action.consents, Consent(step.number, entry.holder, entry.shares)))
    unratified = action.taken is not None and not action.allowed and action.ratified is None
    if unratified and voting.is_majority(position.terms, consenting(position, action), action.outstanding):
        action = action._replace(ratified=step.number)
    position.company.actions[entry.action] = action


def take_action(position: Position, step: Step, entry: ActionTaken) -> None:
    """§4 §8 - An action is taken, and the consents so far tallied against the shares outstanding at that moment."""
    action = position.company.actions.get(entry.action, Action(entry.action))
    tally = consenting(position, action)
    position.company.actions[entry.action] = action._replace(
        taken=step.number,
        on=day_of(step.at),
        kind=entry.kind,
        outstanding=position.outstanding,
        consenting=tally,
        allowed=not position.outstanding or voting.is_majority(position.terms, tally, position.outstanding),
    )


def consenting(position: Position, action: Action) -> Fraction:
    """§8(a) - Shares that consent to an action: each holder's consents, at most what it holds (reading consents)."""
    given: dict[str, Fraction] = {}
    for one in action.consents:
        given[one.holder] = given.get(one.holder, ZERO) + one.shares
    return sum((min(shares, position.held(holder)) for holder, shares in given.items()), ZERO)


def set_record_date(position: Position, step: Step, entry: RecordDateSet) -> None:
    """§4 §10(a) - A record date is fixed; notice of it is owed unless it is for a vote only."""
    position.company.record_dates.append(
        RecordDate(step.number, entry.action, entry.record_date, entry.purpose or "other")
    )


def mail_record_notice(position: Position, step: Step, entry: RecordDateNoticeMailed) -> None:
    """§10 - The notice is mailed."""
    position.company.record_notices.append(
        RecordNotice(step.number, entry.action, day_of(step.at), entry.specified_dates)
    )


def attest(position: Position, step: Step, entry: CountAttested) -> None:
    """The transfer agent's count is kept, to be held against the ledger's own."""
    position.company.counts.append(Count(step.number, day_of(step.at), entry.of, entry.shares, entry.by))
    position.uncounted += 1
