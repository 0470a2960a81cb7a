"""The text of what is under way: notices of conversion and redemptions.

Apart from the other answers, since whoever asks for the whole of a day needs no obligations.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from projections.question import Question
from projections.report.text import asked, in_cents, in_shares, table


def conversions(question: Question, rows: Sequence[dict[str, Any]]) -> str:
    """Every notice."""
    return f"Notices of Conversion\n{asked(question)}\n\n{notices(rows)}"


def notices(rows: Sequence[dict[str, Any]]) -> str:
    """Notices as a table: state, instants in New York time, shares and Common due."""
    listed = (
        (
            one["notice"],
            one["holder"],
            one["status"],
            _instant(one["conversion_date"]),
            _instant(one["delivery_deadline"]),
            in_shares(one["shares"]),
            in_shares(one["common_due"]) if one["conversion_date"] else "none yet",
        )
        for one in rows
    )
    headings = ("notice", "holder", "state", "Conversion Date", "deliver by", "shares", "Common due")
    return table(headings, listed, align="lllllrr")


def redemptions(question: Question, rows: Sequence[dict[str, Any]]) -> str:
    """Every redemption."""
    return f"Redemptions\n{asked(question)}\n\n{redemption_table(rows)}"


def redemption_table(rows: Sequence[dict[str, Any]]) -> str:
    """Redemptions as a table: state, date, shares noticed and redeemed, dollars."""
    listed = (
        (
            one["redemption"],
            one["status"],
            one["redemption_date"],
            in_shares(one["noticed"]),
            in_shares(one["redeemed"]),
            in_cents(one["price"]),
            in_cents(one["unpaid"]),
        )
        for one in rows
    )
    headings = ("redemption", "state", "date", "noticed", "redeemed", "price", "unpaid")
    return table(headings, listed, align="lllrrrr")


def _instant(text: str | None) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}" if text else "none yet"
