"""What falls due, who owes it, by which clause, and whether it is overdue."""

from bisect import bisect_left
from collections.abc import Container, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger.citations import entries_data
from ledger.clauses import conversion, notices
from ledger.clauses.adjustment import is_cash
from ledger.exact import Fraction
from ledger.figures import CENT, ZERO, cents, shares
from ledger.moments import day_of, end_of, in_new_york
from ledger.position.due import due_by_certificate, unpaid_preference
from ledger.position.stock import Notice, Redemption
from projections.findings.company import notice_is_owed
from projections.findings.stock import on_common
from projections.payment_dates import payment_dates_so_far
from projections.question import Question


class Obligation(NamedTuple):
    """One thing owed: what, under which clause, to whom, by when, how the day was counted, by which entries.

    `rests_on` are the words by which its numbers are explained: a dividend and its day, a notice and its id.
    """

    what: str
    clause: str
    owed_to: str
    due: date
    overdue: bool
    counted: str
    entries: tuple[int, ...] = ()
    rests_on: tuple[str, ...] = ()

    def data(self, late: Container[int]) -> dict[str, Any]:
        """The obligation as JSON data."""
        return {
            "obligation": self.what,
            "clause": self.clause,
            "owed_by": "the Company",
            "owed_to": self.owed_to,
            "due": self.due.isoformat(),
            "state": "overdue" if self.overdue else "due",
            "counted": self.counted,
            **entries_data(self.entries, late),
        }


def obligations(question: Question, within: int | None = None) -> list[Obligation]:
    """What is owed on a day, the overdue first and then by day; `within` leaves out what is due after so many days."""
    found = [
        *_dividends(question),
        *_preference(question),
        *_conversions(question),
        *_redemptions(question),
        *_record_notices(question),
        *_reserve(question),
    ]
    if within is not None:
        found = [one for one in found if one.due <= question.day + timedelta(days=within)]
    return sorted(found, key=lambda one: (not one.overdue, one.due, one.clause, one.what))


def _dividends(question: Question) -> Iterator[Obligation]:
    """§2 - What is unpaid of the dividends so far, and the next one, each on its day rolled to a business day."""
    position, day = question.position, question.day
    if not position.outstanding or position.liquidation:  # then they are part of the preference
        return
    dates = payment_dates_so_far(question)

    def unpaid(payable_on: date) -> Fraction:
        return sum(due_by_certificate(position, payable_on).values(), ZERO)

    # What is unpaid through a date is never less than through one before it: up to the first cent nothing is owed.
    first = max(bisect_left(dates, CENT, key=unpaid) - 1, 0)
    owed = unpaid(dates[first - 1]) if first else ZERO
    for payable_on in dates[first:]:
        through = unpaid(payable_on)
        item, owed = through - owed, through
        if item >= CENT:
            due = position.days.on_or_after(payable_on)
            rolled = ", rolled to the next business day" if due != payable_on else ""
            counted = f"payable {payable_on:%A %Y-%m-%d}{rolled}"
            what, rests_on = f"dividend of {payable_on}, {cents(item)}", ("dividend", payable_on.isoformat())
            yield Obligation(what, "§2", "every holder", due, due < day, counted, (), rests_on)


def _preference(question: Question) -> Iterator[Obligation]:
    """§3(a) §3(b) - In a liquidation, what is unpaid of the preference, as far as the assets go."""
    begun = question.position.liquidation
    if begun is None:
        return
    unpaid = min(unpaid_preference(question.position, question.day), begun.assets - begun.paid)
    if unpaid >= CENT:
        what, counted = f"Liquidation Preference, {cents(unpaid)}", "before any distribution on Junior Securities"
        rests_on = ("preference",)
        yield Obligation(what, "§3(a)", "every holder, ratably", begun.on, False, counted, (begun.entry,), rests_on)


def _conversions(question: Question) -> Iterator[Obligation]:
    """§2 §5(f)(i) - Common to deliver by the third business day, and dividends due on a Conversion Date."""
    for notice in question.position.open_notices():
        if not notice.stands or notice.conversion is None:
            continue
        unpaid = notice.dividend_unpaid
        if unpaid >= CENT:
            due = day_of(notice.conversion)
            what = f"dividends on notice {notice.id}, {cents(unpaid)}"
            counted = "immediately on the Conversion Date"
            overdue, rests_on = due < question.day, ("conversion-dividends", notice.id)
            yield Obligation(what, "§2", notice.holder, due, overdue, counted, (notice.entry,), rests_on)
        if notice.pending:
            yield from _delivery(question, notice)


def _delivery(question: Question, notice: Notice) -> Iterator[Obligation]:
    days = question.position.days
    received, deadline = notice.originals_count_from(days), notice.deadline(days)
    if received is not None and deadline is not None:
        due = {"Common": notice.common_due, **notice.others_due}
        listed = " and ".join(
            f"{cents(amount) if is_cash(security) else shares(amount)} {security}"
            for security, amount in due.items()
            if amount
        )
        what = f"delivery of {listed} on notice {notice.id}"
        window = conversion.delivery_window(days, received)
        counted = f"{window} business days from the originals, to {in_new_york(deadline)}"
        due_day, passed = day_of(deadline), end_of(question.day) > deadline
        # §5(f)(i) asks the Company to transmit the certificates, or to instruct its transfer agent to.
        cured = conversion.instruction_cures(question.position.terms, notice.instructed, deadline)
        if cured and notice.instructed:
            counted += f"; the transfer agent was contacted {in_new_york(notice.instructed)}, in time"
        overdue = passed and not cured
        rests_on = ("delivery", notice.id)
        yield Obligation(what, "§5(f)(i)", notice.holder, due_day, overdue, counted, (notice.entry,), rests_on)


def _redemptions(question: Question) -> Iterator[Obligation]:
    """§6 - A redemption that was noticed, and a redemption price that is unpaid."""
    for redemption in question.position.redemptions.values():
        left = question.position.called(redemption.id) if redemption.effected is None else ZERO
        if left:
            what = f"redemption {redemption.id} of {shares(left)} shares"
            counted = f"the date its notice of {redemption.mailed} states"
            overdue, by, rests_on = question.day > redemption.on, (redemption.entry,), ("redemption", redemption.id)
            yield Obligation(what, "§6", "the holders noticed", redemption.on, overdue, counted, by, rests_on)
        yield from _prices(question, redemption)


def _prices(question: Question, redemption: Redemption) -> Iterator[Obligation]:
    for number, claim in sorted(redemption.claims.items()):
        if claim.unpaid > 0:
            what = f"redemption price of certificate {number}, {cents(claim.unpaid)}"
            holder = question.position.certificates[number].holder
            counted = "as soon as practical after the redemption date and surrender of the certificate"
            rests_on = ("redemption-price", redemption.id, number)
            yield Obligation(what, "§6", holder, redemption.on, False, counted, (redemption.entry,), rests_on)


def _record_notices(question: Question) -> Iterator[Obligation]:
    """§10 - A notice of record date that has not been mailed."""
    company, days = question.position.company, question.position.days
    told = {notice.action for notice in company.record_notices}
    for owed in notice_is_owed(question.position):
        if owed.action not in told:
            by = notices.mail_by(days, [owed.on])
            what = f"notice of the {owed.what} of {owed.on}"
            counted = (
                f"{days.terms.on(owed.on).record_notice_business_days.value} business days before {owed.on:%A %Y-%m-%d}"
            )
            late, rests_on = by < question.day, ("record-notice", str(owed.entry))
            yield Obligation(what, "§10", "every holder", by, late, counted, (owed.entry,), rests_on)


def _reserve(question: Question) -> Iterator[Obligation]:
    """§5(j) - Common to be authorized where the reserve does not suffice."""
    for finding in on_common(question):
        if finding.finding == "reserve-too-small" and finding.resolved is None:
            what, counted = f"authorize Common: {finding.says}", "best efforts, at any time"
            since, rests_on = finding.since, ("reserve",)
            yield Obligation(what, "§5(j)", "every holder", since, False, counted, finding.entries, rests_on)
