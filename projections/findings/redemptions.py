"""§6 - Findings on redemptions: the notice's days, its five statements, its representation, and the date itself."""

from collections.abc import Iterator

from ledger.figures import cents, shares, to_the_cent
from ledger.position.stock import Redemption
from projections.findings.finding import BREACH, NOTE, Finding
from projections.question import Question


def on_redemptions(question: Question) -> Iterator[Finding]:
    """§6 - Whatever a redemption lacked or missed."""
    for redemption in sorted(question.position.redemptions.values(), key=lambda one: (one.mailed, one.entry)):
        yield from _mailing(redemption)
        yield from _statements(redemption)
        yield from _passed(question, redemption)


def _found(redemption: Redemption, finding: str, says: str, severity: str = BREACH) -> Finding:
    said = f"redemption {redemption.id}: {says}"
    return Finding(finding, severity, "§6", (redemption.entry,), said, redemption.mailed)


def _mailing(redemption: Redemption) -> Iterator[Finding]:
    ahead, needed = (redemption.on - redemption.mailed).days, redemption.days_required
    if ahead < needed:
        says = f"noticed {ahead} days before {redemption.on}, not less than {needed} are required"
        yield _found(redemption, "redemption-notice-was-short", says)
    # A notice without a list of addressees says nothing of whom it was mailed to.
    missed = sorted(set(redemption.holders) - set(redemption.mailed_to)) if redemption.mailed_to else []
    if missed:
        says = f"mailed to {len(redemption.mailed_to)} holders, each of {len(redemption.holders)} is required: "
        yield _found(redemption, "redemption-notice-missed-a-holder", says + f"not to {', '.join(missed)}")
    if not redemption.represented:
        says = "mailed without the representation that the redemption will not render the Company insolvent"
        yield _found(redemption, "redemption-without-representation", says)


def _statements(redemption: Redemption) -> Iterator[Finding]:
    total = redemption.total
    if redemption.stated_total is not None and redemption.stated_total != total:
        says = f"states {shares(redemption.stated_total)} shares in all, it lists {shares(total)}"
        yield _found(redemption, "stated-total-differs", says)
    price = to_the_cent(redemption.price_at_mailing)
    if redemption.stated_price is not None and redemption.stated_price != price:
        says = f"states an aggregate price of {cents(redemption.stated_price)}, it comes to {cents(price)}"
        yield _found(redemption, "stated-price-differs", says)
    if not redemption.pro_rata:
        says = "takes another part of one holder's shares than of another's (reading redemption-allocation)"
        yield _found(redemption, "redemption-is-not-pro-rata", says, NOTE)


def _passed(question: Question, redemption: Redemption) -> Iterator[Finding]:
    if redemption.effected is None and question.day > redemption.on and question.position.called(redemption.id):
        says = f"redemption {redemption.id} was set for {redemption.on}, and no SharesRedeemed is recorded"
        yield Finding("redemption-date-passed", BREACH, "§6", (redemption.entry,), says, redemption.on)
