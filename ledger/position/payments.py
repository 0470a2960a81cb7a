"""§2 §6 - What dividend payments and redemptions do to a position."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from ledger.clauses import dividends, redemption
from ledger.events import DividendPaid, RedemptionNoticeMailed, RedemptionPricePaid, SharesRedeemed
from ledger.moments import day_of
from ledger.position.preferred import reduce, renumber
from ledger.position.state import Claim, Position, Redemption
from ledger.timeline import Step


def due_by_certificate(position: Position, payable_on: date) -> dict[str, Fraction]:
    """§2 - Dollars accrued and unpaid through a payment date, by outstanding certificate (dividend-allocation).

    A certificate that was paid beyond that date has nothing unpaid, and gives nothing back to the others.
    """
    due = {held.number: held.accrued_unpaid(position.terms, payable_on) for held in position.live()}
    return {number: dollars for number, dollars in due.items() if dollars > 0}


def pay_dividend(position: Position, step: Step, entry: DividendPaid) -> None:
    """§2 - A payment is shared over the certificates in proportion to what is due on each."""
    for number, amount in dividends.allocate(entry.amount, due_by_certificate(position, entry.payable_on)).items():
        held = position.certificates[number]
        position.certificates[number] = replace(held, paid=held.paid + amount)


def notice_redemption(position: Position, step: Step, entry: RedemptionNoticeMailed) -> None:
    """§6 - Shares are noticed for redemption; they stay outstanding, and may convert, until the date begins."""
    position.redemptions[entry.redemption] = Redemption(
        entry.redemption, step.number, day_of(entry.effective), entry.redemption_date, entry.shares
    )
    for item in entry.shares:
        held = position.certificates[item.certificate]
        position.certificates[item.certificate] = replace(held, called={**held.called, entry.redemption: item.shares})


def redeem(position: Position, step: Step, entry: SharesRedeemed) -> None:
    """§6 - The lesser of noticed and left ceases to be outstanding; the price becomes a debt (redemption-unpaid)."""
    noticed = position.redemptions[entry.redemption]
    claims = {}
    for held in [held for held in position.certificates.values() if entry.redemption in held.called]:
        taken = redemption.shares_taken(held.called[entry.redemption], held.shares)
        if taken:
            unpaid = held.accrued_unpaid(position.terms, noticed.on) * taken / held.shares
            claims[held.number] = Claim(taken, redemption.price(position.terms, taken, unpaid))
            reduce(position, held.number, taken)
            position.redeemed += taken
        left = position.certificates[held.number]
        called = {other: shares for other, shares in left.called.items() if other != entry.redemption}
        position.certificates[held.number] = replace(left, called=called)
    position.redemptions[entry.redemption] = replace(noticed, effected=step.number, claims=claims)


def pay_price(position: Position, step: Step, entry: RedemptionPricePaid) -> None:
    """§6 - The price of a surrendered certificate's redeemed shares is paid, in whole or in part."""
    effected = position.redemptions[entry.redemption]
    claim = effected.claims[entry.certificate]
    claims = {**effected.claims, entry.certificate: replace(claim, paid=claim.paid + entry.amount)}
    position.redemptions[entry.redemption] = replace(effected, claims=claims)
    if entry.balance_certificate is not None:
        renumber(position, step.number, entry.certificate, entry.balance_certificate)
