"""§2 §6 - Which dividend payments and redemptions cannot have happened."""

from datetime import date
from itertools import takewhile

from ledger.clauses import dividends
from ledger.decisions.preferred import balance_is_new, covers, existing
from ledger.events import DividendPaid, RedemptionNoticeMailed, RedemptionPricePaid, SharesRedeemed
from ledger.exact import Fraction
from ledger.moments import day_of
from ledger.position.due import due_by_certificate, preference_left
from ledger.position.state import Position
from ledger.position.stock import Redemption
from ledger.refusals import (
    DividendMustHaveFallenDue,
    PayableOnMustBeAPaymentDate,
    PaymentMustNotExceedWhatIsDue,
    RedemptionDateMustFollowNotice,
    RedemptionMustAllowIt,
    RedemptionMustBeNew,
    RedemptionMustFallOnItsDate,
)
from ledger.terms import Terms
from ledger.timeline import Step


def pay_dividend(position: Position, step: Step, entry: DividendPaid) -> None:
    """§2 §3(c) - A dividend is paid for a payment date, not before it, and not beyond what is due to the cent.

    In a liquidation it is a part of the preference, beyond which the holders are entitled to nothing.
    """
    terms, day = position.terms, day_of(step.at)
    if not dividends.is_payment_date(terms, entry.payable_on):
        raise PayableOnMustBeAPaymentDate(
            payable_on=entry.payable_on,
            payment_days=", ".join(f"{month:02}-{day:02}" for month, day in terms.dividend_payment_days.value),
            first=terms.first_dividend_payment.value,
            near=_near(terms, entry.payable_on),
        )
    if day < entry.payable_on:
        raise DividendMustHaveFallenDue(payable_on=entry.payable_on, day=day)
    PaymentMustNotExceedWhatIsDue.check(
        amount=entry.amount,
        due=sum(due_by_certificate(position, entry.payable_on).values(), Fraction(0)),
        day=day,
        towards=f"as the dividend of {entry.payable_on}",
        clause="§2",
    )
    if position.liquidation is not None:
        PaymentMustNotExceedWhatIsDue.check(
            amount=entry.amount,
            due=preference_left(position, day),
            day=day,
            towards=f"as the dividend of {entry.payable_on}, a part of the Liquidation Preference",
            clause="§3(c)",
        )


def notice_redemption(position: Position, step: Step, entry: RedemptionNoticeMailed) -> None:
    """§6 - A notice names shares that are outstanding, and a date that lies ahead."""
    day = day_of(step.at)
    known = position.redemptions.get(entry.redemption)
    if known is not None:
        raise RedemptionMustBeNew(redemption=entry.redemption, day=day, entry=known.entry)
    if entry.redemption_date < day:
        raise RedemptionDateMustFollowNotice(
            redemption_date=entry.redemption_date, day=day, days=position.terms.redemption_notice_days.value
        )
    for item in entry.shares:
        covers(position, item.certificate, item.shares, day, "noticed for redemption", "§6")


def redeem(position: Position, step: Step, entry: SharesRedeemed) -> None:
    """§6 - A redemption takes effect once, on the date its notice states."""
    noticed = _noticed(position, step, entry.redemption)
    if noticed.effected is not None:
        raise _not_allowed(noticed, step, f"it took effect by entry {noticed.effected}", "Leave this entry out.")
    if day_of(step.at) != noticed.on:
        raise RedemptionMustFallOnItsDate(
            redemption=noticed.id, day=day_of(step.at), redemption_date=noticed.on, entry=noticed.entry
        )


def pay_price(position: Position, step: Step, entry: RedemptionPricePaid) -> None:
    """§6 - The price is paid for redeemed shares, at most what is due to the cent; a balance gets a new number."""
    noticed, day = _noticed(position, step, entry.redemption), day_of(step.at)
    if noticed.effected is None:
        raise _not_allowed(noticed, step, "its shares have not been redeemed by then", "Record SharesRedeemed first.")
    claim = noticed.claims.get(entry.certificate)
    if claim is None:
        redeemed = ", ".join(sorted(noticed.claims)) or "no certificate"
        why = f"it took shares of {redeemed} and none of {entry.certificate}"
        raise _not_allowed(noticed, step, why, "Name a certificate it redeemed.")
    PaymentMustNotExceedWhatIsDue.check(
        amount=entry.amount,
        due=claim.price - claim.paid,
        day=day,
        towards=f"as the redemption price of {entry.certificate}",
        clause="§6",
    )
    if entry.balance_certificate is not None:
        held = existing(position, entry.certificate, day)
        balance_is_new(position, held, entry.balance_certificate, held.shares, day)


def _near(terms: Terms, day: date) -> str:
    """The payment dates around a day that is none: the one before it, if any, and the one after."""
    before = max(takewhile(lambda payable_on: payable_on < day, dividends.payment_dates(terms)), default=None)
    return " or ".join(str(near) for near in (before, dividends.next_payment_date(terms, day)) if near)


def _noticed(position: Position, step: Step, number: str) -> Redemption:
    noticed = position.redemptions.get(number)
    if noticed is None:
        raise RedemptionMustAllowIt(
            what=type(step.fact).__name__,
            redemption=number,
            day=day_of(step.at),
            why="no notice of it has been mailed by then",
            hint="Record RedemptionNoticeMailed first.",
        )
    return noticed


def _not_allowed(noticed: Redemption, step: Step, why: str, hint: str) -> RedemptionMustAllowIt:
    return RedemptionMustAllowIt(
        what=type(step.fact).__name__, redemption=noticed.id, day=day_of(step.at), why=why, hint=hint
    )
