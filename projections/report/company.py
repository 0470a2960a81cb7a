"""The text of the morning's answers: obligations, findings, votes, liquidation."""

from collections.abc import Sequence
from typing import Any

from ledger.citations import in_entries
from projections.findings.every import findings as every_finding
from projections.findings.finding import Finding
from projections.obligations import Obligation
from projections.obligations import obligations as every_obligation
from projections.question import Question
from projections.report.text import alarming, asked, in_cents, in_shares, paragraph, section, table


def findings(question: Question, found: Sequence[Finding]) -> str:
    """The findings, one a paragraph, with since when and until when, each numbered as `explain finding N` takes it."""
    said, all_found = ["Findings", asked(question), ""], every_finding(question)
    for one in found:
        entries = in_entries(one.entries, question.book.late)
        until = f", put right {one.resolved}" if one.resolved else ""
        said += [
            paragraph(f"{all_found.index(one) + 1}  {one.clause}  {one.says}."),
            f"    {alarming(one.severity) if one.is_open_breach else one.severity} since {one.since}{until}",
        ]
        said += [f"    {one.finding}: {entries}"]
    return "\n".join(said if found else [*said, "none"])


def obligations(question: Question, owed: Sequence[Obligation]) -> str:
    """What is owed, the overdue first, in words, numbered as `explain obligation N` takes it."""
    all_owed = every_obligation(question)
    rows = (
        (
            all_owed.index(one) + 1,
            alarming("OVERDUE") if one.overdue else "due",
            one.due,
            one.clause,
            one.what,
            one.owed_to,
        )
        for one in owed
    )
    listed = table(("", "state", "by", "clause", "what the Company owes", "to"), rows, align="rlllll")
    return f"Obligations\n{asked(question)}\n\n{listed}"


def holder(question: Question, told: dict[str, Any]) -> str:
    """One holder and its certificates."""
    rows = ((one["certificate"], one["accrues_from"], in_shares(one["shares"])) for one in told["certificates"])
    said = [
        told["holder"],
        asked(question),
        "",
        f"{in_shares(told['shares'])} shares, {in_cents(told['accrued_dividends'])} accrued and unpaid, convertible "
        f"into {in_shares(told['convertible_into'])} Common, {in_shares(told['votes'])} votes",
        "",
        section("Certificates", table(("certificate", "accrues from", "shares"), rows, align="llr")),
    ]
    return "\n".join(said).rstrip()


def votes(question: Question, told: dict[str, Any]) -> str:
    """Votes by holder and class, and the consents to every action."""
    cast = [(one["holder"], in_shares(one["votes"])) for one in told["holders"]]
    totals = [
        ("all Series H", in_shares(told["preferred"])),
        ("Common Stock", in_shares(told["common"])),
        ("single class", in_shares(told["single_class"])),
    ]
    actions = (
        (one["action"], one["kind"] or "", one["taken"] or "", in_shares(one["consenting"]), one["state"])
        for one in told["actions"]
    )
    listed = table(("action", "kind", "taken", "consenting", "state"), actions, align="lllrl")
    votes = table(("holder", "votes"), [*cast, *totals], align="lr")
    counted = f"counted on {told['counted_on']}"
    return f"Votes (§4), {counted}\n{asked(question)}\n\n{votes}\n\n{section('Actions', listed)}".rstrip()


def liquidation(question: Question, told: dict[str, Any]) -> str:
    """What each holder is owed and paid."""
    rows = ((one["holder"], in_cents(one["preference"]), in_cents(one["payment"])) for one in told["holders"])
    assets, paid, owed = (in_cents(told[name]) for name in ("assets", "paid", "preference"))
    said = f"{assets} of assets pay {paid} of a preference of {owed}"
    listed = table(("holder", "preference", "payment"), rows, align="lrr")
    remainder = f"{in_cents(told['remainder_to_junior'])} remain for the Junior Securities"
    return f"Liquidation (§3)\n{asked(question)}\n\n{said}; {remainder}.\n\n{listed}"
