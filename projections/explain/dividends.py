"""§2 - Accrued dividends explained: the series, a holder or a certificate; the accrual, and every payment on it."""

from collections.abc import Iterator
from datetime import date

from ledger.clauses import dividends
from ledger.events import DividendPaid, NoticeOfConversionRevoked
from ledger.exact import Fraction
from ledger.figures import CARRIED, DOLLARS, ZERO, Figure, dollars, percent, written
from ledger.moments import day_of
from ledger.position.stock import Certificate
from ledger.terms import Terms
from projections.explain.shared import came_by, cited, held_by, source
from projections.explain.watched import Kept, Watched
from projections.trace import Move

READINGS = ("day-count", "accrual-start", "accrual-days", "arrears")
"""The readings that every accrual rests on."""


def accrued_dividends(question: Watched, which: str | None = None) -> Figure:
    """§2 - Dollars accrued and unpaid of the series, a holder or a certificate, certificate by certificate."""
    name = f"accrued and unpaid dividends of {which or 'the series'} on {question.day}"
    parts = [_certificate(question, one) for one in held_by(question, which)]
    return Figure.total(name, DOLLARS, "§2", parts, readings=READINGS)


def _certificate(question: Watched, one: Certificate) -> Figure:
    terms, day = question.position.terms, question.day
    accrued = accrual("accrued", terms, one.shares, one.accrues_from, day, came_by(question, one.number))
    payments = tuple(_payments(question, one.number))
    shared = ("dividend-allocation",) if payments else ()
    paid = Figure.total("paid", DOLLARS, "§2", payments, readings=shared)
    value, parts = one.accrued_unpaid(question.accruals), (accrued, paid)
    return Figure.of(f"certificate {one.number}", value, DOLLARS, "§2", "[accrued] - [paid]", parts=parts)


def accrual(name: str, terms: Terms, shares: Fraction, start: date, end: date, entries: tuple[int, ...] = ()) -> Figure:
    """§2 - Dollars that shares accrue from a start to an end: shares x Stated Value x rate x days / days a year."""
    arithmetic, working = accrual_written(terms, shares, start, end)
    value = dividends.accrued(terms, shares, start, end)
    return Figure.of(name, value, DOLLARS, terms.dividend_rate.clause, arithmetic, working, entries)


def accrual_written(terms: Terms, shares: Fraction, start: date, end: date) -> tuple[str, str]:
    """§2 - The arithmetic of an accrual, and the days in it: one span for each set of terms in force on the way."""
    method = terms.readings["day-count"]
    year, told, said = dividends.days_a_year(method), [], []
    for law, since, until in reversed(list(terms.in_force(start, max(start, end)))):
        days = dividends.days_accrued(method, since, until)
        stated, rate = dollars(law.stated_value.value), percent(law.dividend_rate.value)
        told.append(f"{written(shares)} x {stated} x {rate} x {days:,} / {year}")
        said.append(f"{days:,} days from {since} to {until}{_counted(method, since, until, days)}")
    return " + ".join(told), f"{', '.join(said)} ({method})"


def _counted(method: str, since: date, until: date, days: int) -> str:
    """§2 - How 30/360 comes to its days: years of 360, months of 30, and the days of the month apart."""
    if method != dividends.THIRTY_360 or not days:
        return ""
    years, months = until.year - since.year, until.month - since.month
    apart = days - 360 * years - 30 * months
    return f" = 360 x {years} {'-' if months < 0 else '+'} 30 x {abs(months)} {'-' if apart < 0 else '+'} {abs(apart)}"


def _payments(question: Watched, number: str) -> Iterator[Figure]:
    """§2 - Every entry that moved what was paid on a certificate's shares (reading dividend-allocation)."""
    for move, before, after in question.changes(number):
        delta = after.paid - (before.paid if before else ZERO)
        if delta:
            arithmetic, said = _share(question, move, number, delta)
            name = f"{type(move.step.fact).__name__}, {day_of(move.step.at)} (entry {move.step.number})"
            yield Figure.of(name, delta, DOLLARS, "§2", arithmetic, said, cited(move))


def _share(question: Watched, move: Move[Kept], number: str, delta: Fraction) -> tuple[str, str]:
    """§2 - How much of a payment fell on a certificate, or came or left with its shares."""
    fact, before, after = move.step.fact, move.before.certificates, move.after.certificates[number]
    if isinstance(fact, DividendPaid):
        due, whole = question.due_before(move.step.number)
        arithmetic = f"{written(fact.amount, '$')} x {written(due[number], '$')} / {written(whole, '$')}"
        said = f"in proportion to what was due on it through {fact.payable_on}, of all that was due"
        if delta != fact.amount * due[number] / whole:
            scale = written(Fraction(10**CARRIED))
            arithmetic = f"floor({arithmetic} x {scale} + 1 / 2) / {scale}"
            said += f"; rounded half up to {CARRIED} decimals"
        return arithmetic, said
    if isinstance(fact, NoticeOfConversionRevoked):
        notice = move.before.notices[fact.notice]
        restored = sum((item.paid for item in notice.taken if item.certificate == number), ZERO)
        with_it, paid_since = written(restored, "$"), written(delta - restored, "$")
        return f"{with_it} + {paid_since}", "came back with the shares, and paid on the conversion"
    if delta < 0:
        own = before[number]
        left, moved = own.shares - after.shares, written(own.paid, "$")
        return f"0 - {moved} x {written(left)} / {written(own.shares)}", "left with the shares"
    own = before[source(fact, number)]
    arithmetic = f"{written(own.paid, '$')} x {written(after.shares)} / {written(own.shares)}"
    return arithmetic, f"came with the shares, from certificate {own.number}"
