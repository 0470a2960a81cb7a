"""The text of every answer: what its JSON says, in words and aligned tables."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ledger import figures
from ledger.citations import in_entries
from ledger.clauses.adjustment import is_cash
from ledger.exact import Fraction
from ledger.figures import shares
from ledger.moments import day_of, in_new_york
from ledger.position.state import Position
from projections import accrued_dividends, common_stock, conversion_rate, outstanding_shares
from projections.findings.every import open_findings
from projections.findings.finding import Finding
from projections.holders import holders, preference
from projections.payment_dates import by_payment_date
from projections.pending import pending_conversions, redemptions
from projections.question import Question
from projections.report.aside import Aside
from projections.report.pending import notices, redemption_table
from projections.report.text import alarming, asked, in_cents, in_shares, paragraph, section, table, table_lines


def asof(question: Question) -> str:
    """The whole answer for a day: the figures first, then holders, what is under way, and findings."""
    position = question.position
    parts = [position.terms.title, asked(question), "", _figures(question), ""]
    if not position.holdings_of:
        parts.append("Nothing had been issued by then.\n")
    parts += [
        section("Holders", _holders(question)),
        section("Pending conversions", notices(pending_conversions(question))),
        section("Redemptions", redemption_table(redemptions(question))),
        section("Findings", "\n".join(_finding(question, item) for item in open_findings(question)) or "none"),
    ]
    return "\n".join(parts).rstrip()


def _figures(question: Question) -> str:
    return table(("figure", "", "clause", ""), headlines(question), align="lrll")


def headlines(question: Question) -> list[tuple[str, str, str, str]]:
    """The figures of a day for people: each with its name, its clause, and what it is of or goes with."""
    position = question.position
    series, dividends = outstanding_shares.series(position), accrued_dividends.of_series(question)
    common, stock = common_stock.common(position), common_stock.counted_in(position)
    gone = ", ".join(f"{in_shares(series[what])} {what}" for what in ("converted", "redeemed", "reacquired"))
    return [
        (
            "Shares outstanding",
            in_shares(series["outstanding"]),
            "§1",
            f"of {in_shares(series['issued'])} issued; {gone}",
        ),
        ("Accrued dividends", in_cents(dividends["accrued_unpaid"]), "§2", "accrued and unpaid"),
        (
            "In arrears",
            in_cents(dividends["in_arrears"]),
            "§2",
            f"next payment date {dividends['next_payment_date']}",
        ),
        ("Due on conversion", in_cents(dividends["due_on_conversion"]), "§2", "unpaid on shares converted"),
        ("Conversion rate", figures.rate(position.rate), "§5", f"one share converts into {into(position)}"),
        ("Liquidation preference", in_cents(preference(question)), "§3", "of all shares outstanding"),
        (
            "Common outstanding",
            _common(position),
            "§5(e)",
            f"of {in_shares(common['authorized'])} authorized" + (f"; counted in {stock}" if stock else ""),
        ),
        (
            "Common available",
            in_shares(common["reserve_available"]),
            "§5(j)",
            f"{in_shares(common['reserve_required'])} needed",
        ),
    ]


def _common(position: Position) -> str:
    known = position.common.opened is not None
    return shares(position.common.outstanding) if known else "unknown"


def _holders(question: Question) -> str:
    rows = (
        (
            one["holder"],
            in_shares(one["shares"]),
            in_cents(one["accrued_dividends"]),
            in_shares(one["convertible_into"]),
            in_shares(one["votes"]),
        )
        for one in holders(question)
    )
    return table(("holder", "shares", "accrued dividends", "convertible into", "votes"), rows, align="lrrrr")


def _finding(question: Question, found: Finding) -> str:
    entries = in_entries(found.entries, question.book.late)
    says = alarming(found.says) if found.is_open_breach else found.says
    return f"{found.clause}  {says}  [{found.finding}, {entries}]"


def rate(question: Question) -> str:
    """The conversion rate and its history."""
    rows = (
        (
            day_of(step.at),
            step.clause,
            step.entry,
            conversion_rate.cause(step),
            figures.rate(step.rate),
            "late" if step.entry in question.book.late else "",
        )
        for step in question.position.adjustments
    )
    adjustments = table(("from", "clause", "entry", "cause", "rate", ""), rows, align="llrlrl")
    position = question.position
    said = f"Conversion rate {figures.rate(position.rate)}: one share converts into {into(position)}\n{asked(question)}"
    return f"{said}\n\n{section('Adjustments', adjustments)}".rstrip()


def into(position: Position) -> str:
    """§5(b) §5(c) §5(d) - What one share converts into, for people: Common Stock, other securities, cash."""
    each = ((position.rate * amount, security) for security, amount in position.into.items())
    return " and ".join(
        figures.cents(amount) if is_cash(security) else f"{figures.rate(amount)} {security}"
        for amount, security in each
    )


def dividends(question: Question) -> str:
    """The dividends of the series, and of every certificate."""
    series = accrued_dividends.of_series(question)
    rows = (
        (
            one["certificate"],
            one["holder"],
            one["accrues_from"],
            in_shares(one["shares"]),
            in_cents(one["accrued"]),
            in_cents(one["paid"]),
            in_cents(one["accrued_unpaid"]),
            in_cents(one["in_arrears"]),
        )
        for one in accrued_dividends.by_certificate(question)
    )
    headings = ("certificate", "holder", "accrues from", "shares", "accrued", "paid", "unpaid", "in arrears")
    said = (
        "Dividends (§2)",
        asked(question),
        "",
        f"Accrued and unpaid {in_cents(series['accrued_unpaid'])}, in arrears {in_cents(series['in_arrears'])}, "
        f"due on conversion {in_cents(series['due_on_conversion'])}; next payment date {series['next_payment_date']}.",
        "",
        table(headings, rows, align="lllrrrrr"),
        "",
        section("By payment date, on the shares outstanding", _payment_dates(question)).rstrip(),
    )
    return "\n".join(said)


def _payment_dates(question: Question) -> str:
    rows = (
        (
            one["payable_on"],
            one["due"],
            alarming(f"{one['state']}, {one['age']} days") if one["age"] else one["state"],
            in_cents(one["accrued"]),
            in_cents(one["paid"]),
            in_cents(one["unpaid"]),
        )
        for one in by_payment_date(question)
    )
    return table(("payable on", "due", "state", "accrued", "paid", "unpaid"), rows, align="lllrrr")


def register(question: Question) -> str:
    """Every outstanding certificate."""
    rows = (
        (one["certificate"], one["holder"], one["accrues_from"], in_shares(one["shares"]))
        for one in outstanding_shares.certificates(question.position.live())
    )
    listed = table(("certificate", "holder", "accrues from", "shares"), rows, align="lllr")
    status = outstanding_shares.status(question.position)
    told = {name: in_shares(number) for name, number in status.items()}
    said = [
        ("outstanding", told["outstanding"], "§1"),
        ("converted", told["converted"], "§5  cancelled"),
        ("redeemed", told["redeemed"], "§6  cancelled"),
        ("reacquired", told["reacquired"], "§7  cancelled"),
        ("issued, ever", told["issued"], f"§1  of {told['designated']}; {told['may_be_issued']} may be issued"),
        ("returned to no series", told["returned_to_undesignated"], "§7  authorized but unissued preferred stock"),
    ]
    became = section("What became of every share issued", table(("status", "shares", ""), said, align="lrl"))
    return f"Register of certificates\n{asked(question)}\n\n{listed}\n\n{became}".rstrip()


def log(rows: Aside, since: datetime | None = None) -> Iterator[str]:
    """The lines of the log, of the rows of all entries in recorded order, or of those since an instant."""
    if rows:
        headings = ("entry", "recorded (New York)", "effective", "event", "", "status")
        return table_lines(headings, lambda: rows, align="rlllll")
    if since is not None:
        return iter([f"Nothing was recorded after {in_new_york(since)} (New York)."])
    return iter(["The ledger holds its terms (entry 1) and nothing else yet: record a journal with `captable record`."])


def log_row(one: dict[str, Any]) -> tuple[str, ...]:
    """The row of one entry in the log."""
    return (
        str(one["entry"]),
        in_new_york(datetime.fromisoformat(one["recorded"])).partition(" ")[2],
        one["effective"],
        one["event"],
        "late" if one["late"] else "",
        one["status"] if one["status"] != "stands" else "",
    )


def story(one: dict[str, Any]) -> str:
    """One entry's whole story."""
    said = [f"entry {one['entry']}: {one['event']}"]
    if one["entry"] != 1:
        recorded = in_new_york(datetime.fromisoformat(one["recorded"]))
        by = f" by {one['by']}" if one["by"] else ""
        late = " (late)" if one["late"] else ""
        said += [f"effective {one['effective']}, recorded {recorded}{by}{late}; {one['status']}"]
    said += ["", section("Recorded", json.dumps(one["line"], indent=1, ensure_ascii=False))]
    before, after = (
        figures.headline({move["figure"]: Fraction(move[when]) for move in one["moved"]})
        for when in ("before", "after")
    )
    rows = ((name.replace("_", " "), told, after[name]) for name, told in before.items())
    corrected = one.get("status", "").startswith("corrected")
    title = "Moved, when it was recorded" if one["amends"] else "Moved, as corrected" if corrected else "Moved"
    said.append(section(title, table(("figure", "before", "after"), rows, align="lrr")))
    if amends := one["amends"]:
        in_the_end = f", about entry {amends['in_the_end']}" if amends["in_the_end"] != amends["entry"] else ""
        which = f"entry {amends['entry']} ({amends['event']}, {amends['effective']}){in_the_end}"
        said.append(section("Amends", paragraph(f"{which}: {_why(amends)}", rest="  ")))
    if one["amended_by"]:
        made = (
            f"entry {by['entry']} ({by['event']} of entry {by['of']}), {by['status']}: {_why(by)}"
            for by in one["amended_by"]
        )
        said.append(section("Amended by", "\n".join(paragraph(line, rest="  ") for line in made)))
    return "\n".join(said).rstrip()


_KINDS = {"clerical": "a clerical error", "amendment": "an amendment"}


def _why(amendment: dict[str, Any]) -> str:
    """Of which kind a correction is, and why it was made."""
    kind = _KINDS.get(amendment["kind"] or "")
    return ": ".join(filter(None, (kind, amendment["reason"] or "no reason was given")))
