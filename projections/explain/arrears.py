"""§2 - Dividends explained by payment date: what is in arrears, what fell due on conversion, which date comes next."""

from datetime import date

from ledger.clauses import dividends
from ledger.errors import QuestionMustBeUnderstood
from ledger.exact import Fraction
from ledger.figures import CENT, DAYS, DOLLARS, ZERO, Figure, cents, written
from ledger.moments import day_of, parse_day
from ledger.position.due import last_overdue, overdue_notices
from ledger.position.stock import Certificate, Notice
from projections.explain.dividends import READINGS, accrual, accrual_written
from projections.explain.shared import added, came_by, cited, conversion_of, held_by, payments_on
from projections.explain.watched import Watched


def in_arrears(question: Watched) -> Figure:
    """§2 - Dollars unpaid of the dividends whose due day has passed, certificate by certificate."""
    name, overdue = f"in arrears on {question.day}", last_overdue(question.position, question.day)
    readings = ("in-arrears", "payment-roll", "dividend-allocation", *READINGS)
    if overdue is None:
        working = "no payment date's due day has passed"
        return Figure.of(name, ZERO, DOLLARS, "§2", "0", working, readings=readings)
    parts = [_unpaid(question, one, overdue) for one in held_by(question, None)]
    unpaid = sum((Fraction(part.exact) for part in parts), ZERO)
    working = f"{overdue} is the last payment date whose due day has passed"
    if unpaid and unpaid < CENT:
        working += f"; {cents(unpaid)} and less than a cent is left, which is settled"
        parts = [Figure.of(part.name, ZERO, DOLLARS, "§2", "0") for part in parts]
    return Figure.total(name, DOLLARS, "§2", parts, working, readings=readings)


def _through(question: Watched, name: str, payable_on: date) -> Figure:
    """§2 - Dollars accrued and unpaid through a payment date on the shares outstanding."""
    return Figure.total(name, DOLLARS, "§2", [_unpaid(question, one, payable_on) for one in held_by(question, None)])


def _unpaid(question: Watched, one: Certificate, payable_on: date) -> Figure:
    terms, name = question.position.terms, f"certificate {one.number}"
    accrued = accrual(
        f"accrued through {payable_on}", terms, one.shares, one.accrues_from, payable_on, came_by(question, one.number)
    )
    paid = _paid(question, one)
    value = max(Fraction(accrued.exact) - one.paid, ZERO)
    arithmetic = f"the greater of [{accrued.name}] - [{paid.name}] and 0"
    return Figure.of(name, value, DOLLARS, "§2", arithmetic, parts=(accrued, paid))


def _paid(question: Watched, one: Certificate) -> Figure:
    """§2 - What was paid on a certificate's shares, entry by entry, in one expression."""
    moved, entries = list[Fraction](), list[int]()
    for move, before, after in question.changes(one.number):
        delta = after.paid - (before.paid if before else ZERO)
        if delta:
            moved.append(delta)
            entries += cited(move)
    working = f"captable explain accrued-dividends {one.number} tells each" if moved else ""
    return Figure.of("paid", one.paid, DOLLARS, "§2", added(moved, "$"), working, entries)


def due_on_conversion(question: Watched) -> Figure:
    """§2 - Dollars that fell due on Conversion Dates and are unpaid, notice by notice."""
    standing = [notice for _, notice in sorted(question.position.notices.items()) if notice.stands]
    parts = [conversion_dividends(question, notice, f"notice {notice.id}") for notice in standing]
    name = f"due on conversion and unpaid on {question.day}"
    return Figure.total(name, DOLLARS, "§2", parts, readings=("conversion-accrual",))


def overdue_on_conversion(question: Watched) -> Figure:
    """§2 - Dollars that fell due on Conversion Dates before the day and are unpaid, notice by notice."""
    unpaid = sorted(overdue_notices(question.position, question.day), key=lambda notice: notice.id)
    parts = [conversion_dividends(question, notice, f"notice {notice.id}") for notice in unpaid]
    return Figure.total("on shares converted", DOLLARS, "§2", parts, readings=("conversion-accrual",))


def conversion_dividends(question: Watched, notice: Notice, name: str) -> Figure:
    """§2 - What fell due on a notice's Conversion Date, less what was paid of it."""
    due = Figure.total(
        "dividends due",
        DOLLARS,
        "§2",
        [_taken(question, notice, place) for place in range(len(notice.taken))],
        readings=("conversion-accrual", "accrual-days"),
    )
    payments = list(payments_on(question, notice))
    paid = Figure.of(
        "dividends paid",
        notice.dividend_paid,
        DOLLARS,
        "§2",
        added((amount for _, amount in payments), "$"),
        entries=(entry for entry, _ in payments),
    )
    value = notice.dividend_unpaid
    return Figure.of(name, value, DOLLARS, "§2", "[dividends due] - [dividends paid]", parts=(due, paid))


def _taken(question: Watched, notice: Notice, place: int) -> Figure:
    item, converted = notice.taken[place], notice.conversion
    assert converted is not None
    held = conversion_of(question, notice.id).before.certificates[item.certificate]
    terms, name = question.position.terms, f"certificate {item.certificate}"
    accrued = accrual(
        "accrued", terms, item.shares, held.accrues_from, day_of(converted), came_by(question, held.number)
    )
    arithmetic = f"{written(held.paid, '$')} x {written(item.shares)} / {written(held.shares)}"
    working = (
        f"the part of what had been paid on {held.number} before (accrued-dividends tells) that goes with the shares"
    )
    paid = Figure.of("paid", item.paid, DOLLARS, "§2", arithmetic, working)
    return Figure.of(name, item.due, DOLLARS, "§2", "[accrued] - [paid]", parts=(accrued, paid))


def next_payment_date(question: Watched) -> Figure:
    """§2 - The first nominal payment date after the day, and the day it is due on."""
    position, day = question.position, question.day
    following = dividends.next_payment_date(position.terms, day)
    law = position.terms.on(following)
    working = f"payable on {_listed(law.dividend_payment_days.value)} of each year, first on "
    working += f"{position.terms.first_dividend_payment.value}"
    clause, parts = law.dividend_payment_days.clause, (_due_day(question, following),)
    return Figure(f"next payment date after {day}", following.isoformat(), clause, working, parts=parts)


def _listed(days: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{month:02}-{day:02}" for month, day in days)


def _due_day(question: Watched, payable_on: date) -> Figure:
    days = question.position.days
    due, closed = days.on_or_after(payable_on), days.why_closed(payable_on)
    working = f"payable {payable_on:%A %Y-%m-%d}"
    working += f", no business day: {closed}; due the next one" if closed else ", a business day"
    return Figure("due", due.isoformat(), "§2", working, readings=("payment-roll", "banks-open"))


def payment_date(question: Watched, which: str) -> Figure:
    """§2 - A payment date: what accrued in its period on the shares outstanding, is paid and unpaid, and its age."""
    position, day = question.position, question.day
    payable_on = _payment_date(question, which)
    earlier = [one for one in _dates(question) if one < payable_on]
    before = earlier[-1] if earlier else None
    accrued = Figure.total(
        "accrued", DOLLARS, "§2", [_period(question, one, before, payable_on) for one in position.live()]
    )
    through = _through(question, f"unpaid through {payable_on}", payable_on)
    arithmetic, parts = f"[{through.name}]", [through]
    if before is not None:
        parts.append(_through(question, f"unpaid through {before}", before))
        arithmetic += f" - [{parts[-1].name}]"
    owed = sum((sign * Fraction(part.exact) for sign, part in zip((1, -1), parts, strict=False)), ZERO)
    unpaid = Figure.of("unpaid", owed, DOLLARS, "§2", arithmetic, "payments settle the oldest first", parts=parts)
    paid = Figure.of("paid", Fraction(accrued.exact) - owed, DOLLARS, "§2", "[accrued] - [unpaid]")
    due = position.days.on_or_after(payable_on)
    late = due < day and owed >= CENT
    age = Figure.of(
        "age",
        Fraction((day - due).days if late else 0),
        DAYS,
        "§2",
        "" if late else "0",
        f"{(day - due).days} days from {due} to {day}" if late else "nothing of it is in arrears",
        readings=("in-arrears",),
    )
    state = "in arrears" if late else "to come" if payable_on > day else "due" if owed >= CENT else "settled"
    figures = (_due_day(question, payable_on), accrued, paid, unpaid, age)
    return Figure(f"dividend of {payable_on} on {day}", state, "§2", readings=READINGS, parts=figures)


def _dates(question: Watched) -> list[date]:
    """§2 - Every payment date so far, and the next."""
    terms = question.position.terms
    following, dates = dividends.next_payment_date(terms, question.day), []
    for payable_on in dividends.payment_dates(terms):
        if payable_on > following:
            break
        dates.append(payable_on)
    return dates


def _payment_date(question: Watched, which: str) -> date:
    # The last of the dates may lie behind the last day that can be asked about, and is explained all the same.
    dates = _dates(question)
    found = next((one for one in dates if one.isoformat() == which), None)
    if found is not None:
        return found
    try:
        asked = parse_day(which)
    except ValueError as error:
        hint = "A payment date is written 2001-06-10."
        raise QuestionMustBeUnderstood(what="The payment date", why=error, hint=hint) from None
    why = f"{which} is no payment date so far, nor the next one, which is {dates[-1]}"
    near = min(dates, key=lambda one: abs((one - asked).days))
    raise QuestionMustBeUnderstood(what="The payment date", why=why, hint=f"The nearest one is {near}.")


def _period(question: Watched, one: Certificate, before: date | None, payable_on: date) -> Figure:
    """§2 - What a certificate accrued in a period: the difference of two spans from the accrual start."""
    terms = question.position.terms
    arithmetic, working = accrual_written(terms, one.shares, one.accrues_from, payable_on)
    value = dividends.accrued(terms, one.shares, one.accrues_from, payable_on)
    if before is not None and before > one.accrues_from:
        less, and_less = accrual_written(terms, one.shares, one.accrues_from, before)
        arithmetic, working = f"{arithmetic} - ({less})", f"{working}, less {and_less}"
        value -= dividends.accrued(terms, one.shares, one.accrues_from, before)
    return Figure.of(
        f"certificate {one.number}", value, DOLLARS, "§2", arithmetic, working, came_by(question, one.number)
    )
