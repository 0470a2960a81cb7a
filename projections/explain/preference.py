"""§3 - The Liquidation Preference explained: Stated Value plus accrued and unpaid dividends, and what is unpaid."""

from ledger.clauses import liquidation
from ledger.exact import Fraction
from ledger.figures import DOLLARS, ZERO, Figure, dollars, shares, written
from ledger.position.due import unpaid_preference
from projections.accrued_dividends import accrued_unpaid
from projections.explain.dividends import accrued_dividends
from projections.explain.shared import added, held_by
from projections.explain.watched import Watched


def liquidation_preference(question: Watched, which: str | None = None) -> Figure:
    """§3(e)(ii) - Dollars of Liquidation Preference of all outstanding shares, or of a holder's or certificate's."""
    terms = question.position.terms
    held = sum((one.shares for one in held_by(question, which)), ZERO)
    accrued = accrued_dividends(question, which)
    unpaid = Figure.total("accrued and unpaid dividends", DOLLARS, "§2", accrued.parts, readings=accrued.readings)
    total = accrued_unpaid(question, held_by(question, which))
    return Figure.of(
        f"liquidation preference of {which or 'the series'} on {question.day}",
        liquidation.preference(terms, held, total),
        DOLLARS,
        "§3(e)(ii)",
        f"{written(held)} x {dollars(terms.stated_value.value)} + [accrued and unpaid dividends]",
        f"{shares(held)} shares outstanding, each at its Stated Value",
        parts=(unpaid,),
    )


def preference_unpaid(question: Watched) -> Figure:
    """§3(a) §3(c) - In a liquidation, what is unpaid of the preference; a residue under a cent is settled."""
    begun, name = question.position.liquidation, "unpaid preference"
    if begun is None:
        return Figure.of(name, ZERO, DOLLARS, "§3(a)", "0", "no liquidation is recorded")
    owed = liquidation_preference(question)
    preference = Figure.of("preference", Fraction(owed.exact), DOLLARS, owed.clause, owed.arithmetic, parts=owed.parts)
    arithmetic, entries = added((amount for _, _, amount in begun.payments), "$"), [one[0] for one in begun.payments]
    paid = Figure.of("paid", begun.paid, DOLLARS, "§3(a)", arithmetic, entries=entries)
    unpaid = unpaid_preference(question.position, question.day)
    arithmetic, said = ("[preference] - [paid]", "") if unpaid else ("0", "less than a cent is left")
    return Figure.of(name, unpaid, DOLLARS, "§3(a)", arithmetic, said, parts=(preference, paid))


def preference_payable(question: Watched) -> Figure:
    """§3(a) §3(b) - In a liquidation, what is unpaid of the preference, as far as the assets go."""
    begun, unpaid = question.position.liquidation, preference_unpaid(question)
    if begun is None:
        return unpaid
    assets = Figure.of("assets", begun.assets, DOLLARS, "§3(a)", entries=(begun.entry,))
    paid = Figure.of("distributed", begun.paid, DOLLARS, "§3(a)", added((one[2] for one in begun.payments), "$"))
    return Figure.of(
        "payable",
        min(Fraction(unpaid.exact), begun.assets - begun.paid),
        DOLLARS,
        "§3(b)",
        f"the lesser of [{unpaid.name}] and [assets] - [distributed]",
        parts=(unpaid, assets, paid),
    )
