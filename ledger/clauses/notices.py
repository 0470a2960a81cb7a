"""§10 - Notices of record date: mailed at least ten business days before the date they specify.

Reading record-notice: before the earliest date the notice specifies.

Pure: no clock, no store, no events.
"""

from collections.abc import Iterable
from datetime import date

from ledger.clauses.business_days import BusinessDays


def mail_by(days: BusinessDays, specified: Iterable[date]) -> date:
    """§10 - The last day to mail a notice that specifies some dates."""
    first = min(specified)
    return days.before(first, days.terms.on(first).record_notice_business_days.value)
