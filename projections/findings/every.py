"""Every finding on a day, in the order of the certificate's clauses."""

from projections.findings import company, conversions, names, redemptions, stock
from projections.findings.finding import Finding
from projections.question import Question

SOURCES = (
    company.on_other_dividends,
    company.on_junior_payments,
    company.on_distributions,
    conversions.on_notices,
    conversions.on_replacements,
    stock.on_common,
    redemptions.on_redemptions,
    company.on_actions,
    company.on_amendments,
    company.on_successions,
    company.on_record_dates,
    company.on_counts,
    names.on_names,
)
"""What looks for findings, in the order of the clauses."""


STANDING = {conversions.on_notices: conversions.on_open_notices, company.on_counts: company.on_open_counts}
"""What looks only at what may still stand, for those to whom the rest is much work."""


def findings(question: Question) -> list[Finding]:
    """Every finding up to a day, resolved or open."""
    return [finding for source in SOURCES for finding in source(question)]


def open_findings(question: Question) -> list[Finding]:
    """The findings that stand on a day."""
    sources = (STANDING.get(source, source) for source in SOURCES)
    return [finding for source in sources for finding in source(question) if finding.resolved is None]
