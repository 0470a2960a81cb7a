"""§2 §3 §5(f) §5(j) §6 §10 - An obligation explained: how its day was counted, and what its numbers are made of."""

from collections.abc import Callable, Iterable, Iterator

from ledger.clauses import notices
from ledger.exact import Fraction
from ledger.figures import DAYS, DOLLARS, Figure
from ledger.moments import day_of
from projections.explain.arrears import conversion_dividends, payment_date
from projections.explain.finding import short_reserve
from projections.explain.notice import deadline, entitlement
from projections.explain.preference import preference_payable
from projections.explain.redemption import noticed, price_of, redemption_of, unpaid
from projections.explain.shared import numbered
from projections.explain.watched import Watched
from projections.obligations import obligations


def obligation(question: Watched, which: str) -> Figure:
    """§2 §3 §5 §6 §10 - The obligation of that number, as `captable obligations` lists them all on the day."""
    owed = obligations(question)
    one = owed[numbered("obligation", which, len(owed)) - 1]
    parts = RESTS_ON[one.rests_on[0]](question, *one.rests_on[1:])
    state = f"overdue, it was due {one.due}" if one.overdue else f"due {one.due}"
    name, working = f"obligation {which} on {question.day}", f"{one.what}, owed to {one.owed_to}; {one.counted}"
    return Figure(name, state, one.clause, working, one.entries, parts=tuple(parts))


def _dividend(question: Watched, payable_on: str) -> Iterable[Figure]:
    return payment_date(question, payable_on).parts


def _preference(question: Watched) -> Iterable[Figure]:
    return (preference_payable(question),)


def _conversion_dividends(question: Watched, notice: str) -> Iterable[Figure]:
    return (conversion_dividends(question, question.position.notices[notice], "unpaid"),)


def _delivery(question: Watched, number: str) -> Iterator[Figure]:
    notice, days = question.position.notices[number], question.position.days
    yield from entitlement(question, notice)
    yield deadline(notice, days)
    received = notice.originals_count_from(days)
    if received is not None:
        row = days.terms.on(day_of(received)).delivery_business_days
        yield Figure.of(
            "business days to deliver", Fraction(row.value), DAYS, row.clause, readings=("delivery-window",)
        )


def _redemption(question: Watched, number: str) -> Iterable[Figure]:
    found = {part.name: part for part in redemption_of(question, number).parts}
    return (noticed(question.position.redemptions[number]), *found["redeemed"].parts)


def _price(question: Watched, number: str, certificate: str) -> Iterator[Figure]:
    found = question.position.redemptions[number]
    price, rest = price_of(question, found, certificate), unpaid(certificate, found.claims[certificate])
    yield Figure.of("price", Fraction(price.exact), DOLLARS, "§6", price.arithmetic, parts=price.parts)
    yield Figure.of("unpaid", Fraction(rest.exact), DOLLARS, "§6", rest.arithmetic, rest.working)


def _record_notice(question: Watched, entry: str) -> Iterator[Figure]:
    """§10 - The last day to mail the notice, counted back in business days."""
    position = question.position
    owed = next(one for one in position.company.record_dates if one.entry == int(entry))
    row = position.days.terms.on(owed.on).record_notice_business_days
    last, working = (
        notices.mail_by(position.days, [owed.on]),
        f"counted back from {owed.on:%A %Y-%m-%d}, that day excluded",
    )
    yield Figure.of("business days", Fraction(row.value), DAYS, row.clause)
    yield Figure("last day to mail", last.isoformat(), "§10", working, (owed.entry,), ("record-notice", "banks-open"))


RESTS_ON: dict[str, Callable[..., Iterable[Figure]]] = {
    "dividend": _dividend,
    "preference": _preference,
    "conversion-dividends": _conversion_dividends,
    "delivery": _delivery,
    "redemption": _redemption,
    "redemption-price": _price,
    "record-notice": _record_notice,
    "reserve": short_reserve,
}
"""What the numbers of an obligation are made of, by the first of the words it rests on."""
