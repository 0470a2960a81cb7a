"""§1 §5(g) §7 - Which issues, transfers, replacements and reacquisitions of Series H shares cannot have happened."""

from collections.abc import Iterable
from datetime import date

from ledger.events import (
    CertificateReplaced,
    PreferredSharesIssued,
    PreferredSharesReacquired,
    PreferredSharesTransferred,
)
from ledger.exact import Fraction
from ledger.moments import day_of
from ledger.position.state import Position
from ledger.position.stock import Certificate
from ledger.refusals import (
    BalanceCertificateMustHaveABalance,
    CertificateMustExist,
    CertificateMustHoldShares,
    CertificateNumberMustBeNew,
    IssueMustStayWithinDesignation,
    TransferMustMoveAllThatIsLeft,
)
from ledger.timeline import Step


def issue(position: Position, step: Step, entry: PreferredSharesIssued) -> None:
    """§1 §7 - At most the designated shares, ever: what was converted, redeemed or reacquired frees nothing."""
    numbers_are_new(position, [entry.certificate], day_of(step.at))
    designated = position.terms.designated_shares.value
    if position.issued + entry.shares > designated:
        raise IssueMustStayWithinDesignation(
            holder=entry.holder,
            asked=entry.shares,
            day=day_of(step.at),
            designated=designated,
            issued=position.issued,
            available=designated - position.issued,
        )


def transfer(position: Position, step: Step, entry: PreferredSharesTransferred) -> None:
    """All that a certificate has left goes into new certificates; shares a notice has taken cannot."""
    day = day_of(step.at)
    held = with_shares_left(position, entry.certificate, day, "transferred", "A transfer")
    asked = sum((part.shares for part in entry.into), Fraction(0))
    if asked != held.shares:
        raise TransferMustMoveAllThatIsLeft(certificate=held.number, asked=asked, day=day, left=held.shares)
    numbers_are_new(position, [part.certificate for part in entry.into], day)


def replace_certificate(position: Position, step: Step, entry: CertificateReplaced) -> None:
    """§5(g) - Only a certificate that stands for shares can be replaced."""
    with_shares_left(position, entry.certificate, day_of(step.at), "replaced", "§5(g)")
    numbers_are_new(position, [entry.new_certificate], day_of(step.at))


def reacquire(position: Position, step: Step, entry: PreferredSharesReacquired) -> None:
    """§7 - Only shares that are outstanding can be acquired by the Company."""
    day = day_of(step.at)
    held = covers(position, entry.certificate, entry.shares, day, "reacquired", "§7")
    if entry.balance_certificate is not None:
        balance_is_new(position, held, entry.balance_certificate, held.shares - entry.shares, day)


def existing(position: Position, number: str, day: date) -> Certificate:
    """The certificate of a number, or CertificateMustExist."""
    held = position.certificates.get(number)
    if held is None:
        raise CertificateMustExist(certificate=number, day=day)
    return held


def with_shares_left(position: Position, number: str, day: date, done: str, clause: str) -> Certificate:
    """The certificate of a number that still stands for shares, or CertificateMustHoldShares."""
    held = existing(position, number, day)
    if not held.shares:
        raise CertificateMustHoldShares(
            asked="The", certificate=number, done=done, day=day, clause=clause, left=held.shares
        )
    return held


def covers(position: Position, number: str, shares: Fraction, day: date, done: str, clause: str) -> Certificate:
    """The certificate of a number that has some shares left, or CertificateMustHoldShares."""
    held = existing(position, number, day)
    if shares > held.shares:
        raise CertificateMustHoldShares(
            asked=shares, certificate=number, done=done, day=day, clause=clause, left=held.shares
        )
    return held


def numbers_are_new(position: Position, numbers: Iterable[str], day: date) -> None:
    """Every number is given out for the first time, in the ledger and in this entry."""
    seen: set[str] = set()
    for number in numbers:
        if number in position.certificates or number in seen:
            given = position.certificates.get(number)
            by = f"entry {given.entry}" if given else "this entry itself"
            raise CertificateNumberMustBeNew(certificate=number, day=day, by=by)
        seen.add(number)


def balance_is_new(position: Position, held: Certificate, new_number: str, left: Fraction, day: date) -> None:
    """§5(i) §6 - A balance certificate needs a balance, and a new number."""
    if not left:
        raise BalanceCertificateMustHaveABalance(new_certificate=new_number, certificate=held.number, day=day)
    numbers_are_new(position, [new_number], day)
