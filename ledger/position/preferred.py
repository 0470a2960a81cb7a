"""§1 §5(g) §7 - What issues, transfers, replacements and reacquisitions of Series H shares do to a position."""

from collections.abc import Mapping

from ledger.events import (
    CertificateReplaced,
    HolderRegistered,
    PreferredSharesIssued,
    PreferredSharesReacquired,
    PreferredSharesTransferred,
)
from ledger.exact import Fraction
from ledger.moments import day_of
from ledger.position.state import Position
from ledger.position.stock import Certificate, Holder
from ledger.timeline import Step

NEEDS_INDEMNITY = ("lost", "stolen", "destroyed")
"""§5(g) - The reasons for a replacement that need indemnity or security; a mutilated certificate is surrendered."""


def register(position: Position, step: Step, entry: HolderRegistered) -> None:
    """Particulars of a holder; the latest stand."""
    position.holdings_of.setdefault(entry.holder, ())
    position.holders[entry.holder] = Holder(entry.model_dump(mode="json"), step.number)


def issue(position: Position, step: Step, entry: PreferredSharesIssued) -> None:
    """§1 - New shares, which accrue from their day of issue (reading accrual-start)."""
    accrues_from = day_of(entry.effective)
    position.keep(Certificate(entry.certificate, entry.holder, step.number, accrues_from, entry.shares))
    position.issued += entry.shares
    position.outstanding += entry.shares


def transfer(position: Position, step: Step, entry: PreferredSharesTransferred) -> None:
    """A certificate's shares go into new certificates; accrual, paid dividends and redemption notices go with them."""
    for part in entry.into:
        move(position, step.number, entry.certificate, part.certificate, part.holder, part.shares)
    use_up(position, entry.certificate)


def replace_certificate(position: Position, step: Step, entry: CertificateReplaced) -> None:
    """§5(g) - All a certificate has left stands under a new number, of like tenor and date."""
    renumber(position, step.number, entry.certificate, entry.new_certificate)
    if entry.reason in NEEDS_INDEMNITY and not entry.indemnity:
        position.company.replaced_without_indemnity.append((step.number, day_of(step.at)))


def reacquire(position: Position, step: Step, entry: PreferredSharesReacquired) -> None:
    """§7 - Shares are canceled, and what accrued on them ends with their price."""
    reduce(position, entry.certificate, entry.shares)
    position.reacquired += entry.shares
    if entry.balance_certificate is not None:
        renumber(position, step.number, entry.certificate, entry.balance_certificate)


def reduce(position: Position, number: str, shares: Fraction) -> None:
    """Take shares off a certificate, with their part of what was paid on it."""
    held = position.certificates[number]
    position.keep(held._replace(shares=held.shares - shares, paid=held.paid - held.part_of_paid(shares)))
    position.outstanding -= shares


def renumber(position: Position, entry: int, number: str, new_number: str) -> None:
    """Let all that a certificate has left stand under a new number."""
    held = position.certificates[number]
    move(position, entry, number, new_number, held.holder, held.shares)
    use_up(position, number)


def move(position: Position, entry: int, number: str, new_number: str, holder: str, shares: Fraction) -> None:
    """Give a new number and holder to some of a certificate's shares, without yet taking them off the old one."""
    held = position.certificates[number]
    part = shares / held.shares
    called = {redemption: called * part for redemption, called in _called_of_what_is_left(held).items()}
    position.keep(Certificate(new_number, holder, entry, held.accrues_from, shares, held.paid * part, called))


def use_up(position: Position, number: str) -> None:
    """Leave nothing under a number whose shares have moved; what was called beyond them waits for a revocation."""
    held = position.certificates[number]
    gone = _called_of_what_is_left(held)
    called = {redemption: shares - gone[redemption] for redemption, shares in held.called.items()}
    position.keep(held._replace(shares=Fraction(0), paid=Fraction(0), called=called))


def _called_of_what_is_left(held: Certificate) -> Mapping[str, Fraction]:
    # §6, reading redemption-conversion: a conversion takes shares not noticed first, so the noticed ones are the last.
    return {redemption: min(called, held.shares) for redemption, called in held.called.items()}
