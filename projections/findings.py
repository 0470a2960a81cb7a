"""What did happen but should not have: recorded, and found, each with its clause, its entries and both numbers."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ledger.clauses import reservation
from ledger.figures import shares
from ledger.moments import end_of, in_new_york
from projections.question import Question


@dataclass(frozen=True)
class Finding:
    """A stable id, the clause, the entries it rests on, and the sentence with both numbers."""

    finding: str
    clause: str
    entries: tuple[int, ...]
    says: str


def findings(question: Question) -> list[dict[str, Any]]:
    """Every finding on a day, in the order of the certificate's clauses."""
    found = [*_deliveries(question), *_reserve(question), *_redemption_notices(question)]
    return [{**asdict(finding), "entries": list(finding.entries)} for finding in found]


def _deliveries(question: Question) -> Iterator[Finding]:
    """§5(f)(i) - Common delivered late, or other than what was due (reading delivered-differs)."""
    for notice in question.position.notices.values():
        deadline, delivery = notice.deadline(question.position.days), notice.delivered
        if delivery and delivery.shares != notice.common_due:
            yield Finding(
                "delivered-differs-from-due",
                "§5(f)(i)",
                (notice.entry, delivery.entry),
                f"{shares(delivery.shares)} shares of Common were delivered on notice {notice.id}, "
                f"{shares(notice.common_due)} were due",
            )
        if deadline is None or notice.revoked:
            continue
        if delivery and delivery.at > deadline:
            yield Finding(
                "delivery-was-late",
                "§5(f)(i)",
                (notice.entry, delivery.entry),
                f"notice {notice.id} was delivered {in_new_york(delivery.at)}, after {in_new_york(deadline)}",
            )
        if not delivery and end_of(question.day) > deadline:
            yield Finding(
                "delivery-is-overdue",
                "§5(f)(i)",
                (notice.entry,),
                f"notice {notice.id} was to be delivered by {in_new_york(deadline)} and is not",
            )


def _reserve(question: Question) -> Iterator[Finding]:
    """§5(j) - Authorized but unissued Common too small for the conversion of all outstanding Series H."""
    position = question.position
    authorized, entry = position.common.authorized, position.common.moved
    if authorized is None or entry is None:
        return
    available = reservation.available(authorized, position.common.outstanding)
    required = reservation.required(position.outstanding, position.rate)
    if available < 0:
        yield Finding(
            "common-beyond-authorized",
            "§5(j)",
            (entry,),
            f"{shares(position.common.outstanding)} shares of Common are outstanding, {shares(authorized)} authorized",
        )
    if available < required:
        yield Finding(
            "reserve-too-small",
            "§5(j)",
            (entry,),
            f"{shares(required)} shares of Common are needed for conversion, "
            f"{shares(available)} are authorized and unissued",
        )


def _redemption_notices(question: Question) -> Iterator[Finding]:
    """§6 - A notice of redemption mailed too few days ahead."""
    needed = question.book.terms.redemption_notice_days.value
    for redemption in question.position.redemptions.values():
        ahead = (redemption.on - redemption.mailed).days
        if ahead < needed:
            yield Finding(
                "redemption-notice-was-short",
                "§6",
                (redemption.entry,),
                f"redemption {redemption.id} was noticed {ahead} days before {redemption.on}, {needed} are required",
            )
