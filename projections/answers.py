"""The data of every answer: what the command's --json prints, and the page's address gives with .json."""

from typing import Any

from ledger.head import Head
from projections import accrued_dividends, conversion_rate, outstanding_shares, payment_dates
from projections.findings.every import findings as every_finding
from projections.findings.every import open_findings
from projections.findings.finding import Finding
from projections.holders import certificates_of, of_holder
from projections.obligations import Obligation
from projections.obligations import obligations as every_obligation
from projections.pending import conversion
from projections.question import Question

Data = dict[str, Any]


def under(schema: str, question: Question, head: Head, data: Data) -> Data:
    """An answer under its schema, with both clocks of the question and the head of what was known."""
    known_at = question.known_at
    asked = {"as_of": question.day.isoformat(), "known_at": known_at.isoformat() if known_at else None}
    return {"schema": f"captable/{schema}/1", **asked, "head": head.data(), **data}


def rate(question: Question) -> Data:
    """The conversion rate, and every adjustment with whether it was learned late."""
    return {"conversion_rate": conversion_rate.rate(question.position), "history": conversion_rate.history(question)}


def dividends(question: Question) -> Data:
    """The dividends of the series, by payment date and by certificate."""
    return {
        "dividends": accrued_dividends.of_series(question),
        "payment_dates": payment_dates.by_payment_date(question),
        "certificates": accrued_dividends.by_certificate(question),
    }


def register(question: Question) -> Data:
    """What became of every share, and the outstanding certificates."""
    position = question.position
    return {**outstanding_shares.status(position), "certificates": outstanding_shares.certificates(position.live())}


def findings(question: Question, *, only_open: bool = False) -> list[Finding]:
    """The findings on a day, or those not put right."""
    return open_findings(question) if only_open else every_finding(question)


def obligations(question: Question, days: int | None = None, *, overdue: bool = False) -> list[Obligation]:
    """What is owed on a day, within so many days, or only what is overdue."""
    return [one for one in every_obligation(question, days) if one.overdue or not overdue]


def holder(question: Question, name: str) -> Data:
    """One holder and its certificates; HolderMustBeKnown where the ledger has not heard of it."""
    held = certificates_of(question, name)
    return {**of_holder(question, name, held), "certificates": outstanding_shares.certificates(held)}


def conversions(question: Question) -> Data:
    """Every notice so far, in the order in which they were telecopied."""
    notices = sorted(question.position.notices.values(), key=lambda notice: (notice.telecopied, notice.entry))
    return {"conversions": [conversion(question, notice) for notice in notices]}
