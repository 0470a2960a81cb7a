"""§5(f) §6 - What is under way on a day: notices that await delivery, and redemptions."""

from datetime import datetime
from typing import Any

from ledger.exact import Fraction
from ledger.figures import ZERO, money, quantity
from ledger.moments import ZONE
from ledger.position.stock import Notice, Redemption
from projections.question import Question


def pending_conversions(question: Question) -> list[dict[str, Any]]:
    """§5(f)(i) - Every notice neither delivered nor revoked, by id: how far it has come, and what it is due."""
    notices = sorted(question.position.open_notices(), key=lambda notice: notice.id)
    return [conversion(question, notice) for notice in notices if notice.pending]


def conversion(question: Question, notice: Notice) -> dict[str, Any]:
    """§5(f)(i) - One notice: its state, its instants in New York time, and the shares and dollars it is due."""
    return {
        "notice": notice.id,
        "holder": notice.holder,
        "status": notice.status(),
        "surrendered": [{"certificate": item.certificate, "shares": quantity(item.shares)} for item in notice.listed],
        "shares": quantity(notice.shares),
        "telecopied": _local(notice.telecopied),
        "conversion_date": _local(notice.conversion),
        "originals_received": _local(notice.originals),
        "delivery_deadline": _local(notice.deadline(question.position.days)),
        "transfer_agent_instructed": _local(notice.instructed),
        "common_due": quantity(notice.common_due),
        "others_due": [
            {"security": security, "amount": quantity(amount)} for security, amount in notice.others_due.items()
        ],
        "fraction_in_cash": quantity(notice.fraction_in_cash),
        "dividends_due": money(notice.dividend_due),
        "dividends_paid": money(notice.dividend_paid),
    }


def redemptions(question: Question) -> list[dict[str, Any]]:
    """§6 - Every redemption noticed so far, by id: its date, its shares, its price and what was paid of it."""
    return [_redemption(redemption) for _, redemption in sorted(question.position.redemptions.items())]


def _redemption(redemption: Redemption) -> dict[str, Any]:
    claims = redemption.claims.values()
    price = sum((claim.price for claim in claims), Fraction(0))
    paid = sum((claim.paid for claim in claims), Fraction(0))
    return {
        "redemption": redemption.id,
        "status": "noticed" if redemption.effected is None else "redeemed",
        "mailed": redemption.mailed.isoformat(),
        "redemption_date": redemption.on.isoformat(),
        "noticed": quantity(sum((item.shares for item in redemption.listed), Fraction(0))),
        "redeemed": quantity(sum((claim.shares for claim in claims), Fraction(0))),
        "price": money(price),
        "paid": money(paid),
        "unpaid": money(sum((claim.unpaid for claim in claims), ZERO)),
    }


def _local(instant: datetime | None) -> str | None:
    return instant.astimezone(ZONE).isoformat() if instant else None
