"""§2 §6 - What dividend payments and redemptions do to a position."""

from collections.abc import Mapping
from datetime import date

from ledger.clauses import dividends, redemption
from ledger.events import DividendPaid, RedemptionNoticeMailed, RedemptionPricePaid, SharesRedeemed
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.moments import day_of
from ledger.position.due import due_by_certificate
from ledger.position.preferred import reduce, renumber
from ledger.position.state import Position
from ledger.position.stock import Claim, Listed, Redemption
from ledger.timeline import Step


def pay_dividend(position: Position, step: Step, entry: DividendPaid) -> None:
    """§2 - A payment is shared over the certificates in proportion to what is due on each."""
    for number, amount in dividends.allocate(entry.amount, due_by_certificate(position, entry.payable_on)).items():
        held = position.certificates[number]
        position.keep(held._replace(paid=held.paid + amount))
    position.dividends_paid += entry.amount
    position.company.pay_out_of(position.company.set_apart_for(entry.payable_on), entry.amount)


def notice_redemption(position: Position, step: Step, entry: RedemptionNoticeMailed) -> None:
    """§6 - Shares are noticed for redemption; they stay outstanding, and may convert, until the date begins."""
    listed = {item.certificate: item.shares for item in entry.shares}
    position.redemptions[entry.redemption] = Redemption(
        id=entry.redemption,
        entry=step.number,
        mailed=day_of(entry.effective),
        on=entry.redemption_date,
        listed=tuple(Listed(item.certificate, item.shares) for item in entry.shares),
        holders=tuple(position.holdings()),
        mailed_to=entry.holders,
        represented=entry.representation is True,
        stated_total=entry.stated_total,
        stated_price=entry.stated_price,
        price_at_mailing=sum((_price(position, *item, entry.redemption_date) for item in listed.items()), ZERO),
        days_required=position.terms.redemption_notice_days.value,
        pro_rata=_is_pro_rata(position, listed),
    )
    for number, shares in listed.items():
        held = position.certificates[number]
        position.keep(held._replace(called={**held.called, entry.redemption: shares}))


def _price(position: Position, number: str, shares: Fraction, on: date) -> Fraction:
    held = position.certificates[number]
    unpaid = held.accrued_unpaid(dividends.Accruals(position.terms, on)) * shares / held.shares
    return redemption.price(position.terms, shares, unpaid)


def _is_pro_rata(position: Position, listed: Mapping[str, Fraction]) -> bool:
    """§6 - Whether every holder is called for the same part of its shares (reading redemption-allocation)."""
    parts = {
        sum((listed.get(one.number, ZERO) for one in held), ZERO) / sum((one.shares for one in held), ZERO)
        for held in position.holdings().values()
    }
    return len(parts) <= 1


def redeem(position: Position, step: Step, entry: SharesRedeemed) -> None:
    """§6 - The lesser of noticed and left ceases to be outstanding; the price becomes a debt (redemption-unpaid)."""
    noticed = position.redemptions[entry.redemption]
    claims = {}
    called_for = (held for held in position.certificates.values() if entry.redemption in held.called)
    for held in sorted(called_for, key=lambda held: held.number):
        taken = redemption.shares_taken(held.called[entry.redemption], held.shares)
        if taken:
            claims[held.number] = Claim(taken, _price(position, held.number, taken, noticed.on))
            reduce(position, held.number, taken)
            position.redeemed += taken
        left = position.certificates[held.number]
        called = {other: shares for other, shares in left.called.items() if other != entry.redemption}
        position.keep(left._replace(called=called))
    position.redemptions[entry.redemption] = noticed._replace(effected=step.number, claims=claims)


def pay_price(position: Position, step: Step, entry: RedemptionPricePaid) -> None:
    """§6 - The price of a surrendered certificate's redeemed shares is paid, in whole or in part."""
    effected = position.redemptions[entry.redemption]
    claim = effected.claims[entry.certificate]
    claims = {**effected.claims, entry.certificate: claim._replace(paid=claim.paid + entry.amount)}
    position.redemptions[entry.redemption] = effected._replace(claims=claims)
    if entry.balance_certificate is not None:
        renumber(position, step.number, entry.certificate, entry.balance_certificate)
