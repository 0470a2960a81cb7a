"""§6 - The Company's notice of its election to redeem: the five statements to each holder, and the representation.

A notice is recorded (RedemptionNoticeMailed) with the day on which it is to be mailed, and drawn from that entry. Its
prices are those reckoned at mailing, for the redemption date.
"""

from collections.abc import Iterable

from ledger.errors import HolderMustBeKnown
from ledger.events import RedemptionNoticeMailed
from ledger.exact import Fraction
from ledger.figures import ZERO, Figure
from ledger.position.stock import Redemption
from projections.explain.redemption import price_at_mailing, redemption_of
from projections.explain.watched import Watched
from projections.papers.content import (
    DOLLARS,
    SHARES,
    Column,
    Paper,
    Part,
    Statement,
    Table,
    amount,
    fact,
    findings_on,
    known,
)
from projections.papers.stockholder_list import addressed
from projections.question import Question

REPRESENTATION = (
    "The Company represents that the consummation of the redemption will not render the Company insolvent or "
    "unable to pay its debts as they become due, that the consummation of the redemption will not conflict with "
    "or result in a breach or violation of any of the terms or provisions of, or constitute a default (or an "
    "event that with the giving of notice or the lapse of time or both would constitute a default) under, or give "
    "rise to a right of termination, amendment, cancellation or acceleration of any right or obligation of the "
    "Company or any of its subsidiaries under, or give rise to a loss of any material benefit to which the "
    "Company or any of its subsidiaries is entitled under, or require any consent, approval or authorization "
    "under, any indenture, credit agreement or other material agreement to which the Company or any of the "
    "subsidiaries is a party or by which any of them are bound or to which any of their property is subject, or "
    "give the holder of any note, debenture or other evidence of indebtedness the right to require the "
    "repurchase, redemption or repayment of all or a portion of such indebtedness by the Company or any of its "
    "subsidiaries."
)
"""§6 - The representation that accompanies the notice, in the certificate's words."""

CALLED = (
    Column("certificate", lambda row: row[0]),
    Column("shares to be redeemed", lambda row: row[1], SHARES),
    Column("purchase price", lambda row: row[2], DOLLARS),
)


def redemption_notice(question: Question, number: str, holder: str | None = None) -> Paper:
    """§6 - The notice to each holder of called shares, or to one; QuestionMustBeUnderstood, HolderMustBeKnown."""
    watched = Watched.of(question)
    worked = redemption_of(watched, number)
    found = question.position.redemptions[number]
    priced = price_at_mailing(watched, found)
    prices = {part.name.removeprefix("certificate "): part for part in priced.parts}
    called: dict[str, list[tuple[str, Fraction, Fraction]]] = {name: [] for name in found.holders}
    for item in found.listed:
        of = question.position.certificates[item.certificate].holder
        called.setdefault(of, []).append((item.certificate, item.shares, Fraction(prices[item.certificate].exact)))
    if holder is not None:
        if holder not in called:
            raise HolderMustBeKnown(holder=holder, day=found.mailed, known=", ".join(called))
        called = {holder: called[holder]}
    parts = tuple(_to(question, found, priced, name, listed) for name, listed in called.items())
    title = f"Notice of redemption {number} of Series H Preferred Stock"
    by = (found.entry, *((found.effected,) if found.effected else ()))
    return Paper(title, "§6", parts, (worked,), findings_on(question, by), ("redemption-allocation", "accrual-days"))


def _to(
    question: Question,
    found: Redemption,
    priced: Figure,
    holder: str,
    listed: Iterable[tuple[str, Fraction, Fraction]],
) -> Part:
    """§6 - The notice to one holder, with the five statements in the certificate's order."""
    listed = list(listed)
    entry = fact(question, found.entry)
    assert isinstance(entry, RedemptionNoticeMailed)
    his, price = (sum((row[place] for row in listed), ZERO) for place in (1, 2))
    stated = (
        Statement("§6", "To", holder),
        *addressed(question, holder),
        Statement("§6", "Mailed or delivered", found.mailed.isoformat()),
        Statement(
            "§6(i)",
            "the total number of shares of the Series H Preferred Stock being redeemed",
            amount(found.total, SHARES),
        ),
        Statement(
            "§6(ii)",
            "the number of shares of the Series H Preferred Stock held by the holder that the Company intends to "
            "redeem",
            amount(his, SHARES),
        ),
        Statement(
            "§6(iii)",
            "the aggregate purchase price for the shares of Series H Preferred Stock being redeemed",
            amount(priced.exact, DOLLARS),
        ),
        Statement("§6(iii)", "of which for the holder's shares", amount(price, DOLLARS)),
        Statement("§6(iv)", "the redemption date", found.on.isoformat()),
        Statement(
            "§6(v)",
            "the holder is to surrender to the Company, at the office of the Company or the transfer agent for the "
            "Series H Preferred Stock, the certificate or certificates representing the Series H Preferred Stock to be "
            "redeemed; at",
            known(entry.surrender_to),
        ),
    )
    tables = (Table.of("certificates", "Certificates to be surrendered (§6(v))", CALLED, listed),) if listed else ()
    return Part(f"Notice to {holder}", stated, tables, (REPRESENTATION,), to_sign=True)
