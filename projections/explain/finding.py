"""§2 to §10 - A finding explained: both numbers of what should not have been, as they were at that moment."""

from collections.abc import Callable, Iterable, Iterator

from ledger.clauses import protection, reservation
from ledger.events import CertificateAmended, CommonStockOpened
from ledger.exact import Fraction
from ledger.figures import DOLLARS, PRICE, SHARES, ZERO, Figure, dollars
from ledger.moments import day_of
from ledger.position.company import Fund, total
from ledger.position.due import last_overdue
from ledger.position.fold import advance
from ledger.position.state import Position
from ledger.position.watch import WATCHED, common_par_value
from projections.explain.arrears import in_arrears, overdue_on_conversion
from projections.explain.common import authorized, common_outstanding, outstanding_common, reserve_required
from projections.explain.notice import notice
from projections.explain.preference import preference_unpaid
from projections.explain.rate import rate_as_it_was
from projections.explain.redemption import noticed, noticed_ahead, price_at_mailing
from projections.explain.shared import added, numbered
from projections.explain.shares import held_as_counted, outstanding
from projections.explain.votes import action
from projections.explain.watched import Watched
from projections.findings.every import findings
from projections.findings.finding import Finding
from projections.findings.stock import says


def finding(question: Watched, which: str) -> Figure:
    """§2 to §10 - The finding of that number, as `captable findings` lists them all on the day."""
    found = findings(question)
    one = found[numbered("finding", which, len(found)) - 1]
    parts = MADE_OF.get(one.finding, _nothing)(question, one)
    state = f"{one.severity} since {one.since}" + (f", put right {one.resolved}" if one.resolved else "")
    name = f"finding {which} on {question.day}, {one.finding}"
    return Figure(name, state, one.clause, one.says, one.entries, parts=tuple(parts))


def _nothing(question: Watched, one: Finding) -> Iterable[Figure]:
    """A finding without numbers says all there is to say."""
    return ()


def _other_class(question: Watched, one: Finding) -> Iterator[Figure]:
    """§2 - What was paid on other stock, and what was then in arrears and set apart."""
    then = question.before(one.entries[0])
    apart = then.position.company.set_apart_for(last_overdue(then.position, then.day))
    yield _paid(question, one.entries[0])
    parts = [_on_outstanding(then)._replace(name="on shares outstanding"), overdue_on_conversion(then)]
    arrears = Figure.total("in arrears", DOLLARS, "§2", parts)
    yield arrears
    yield _put_aside("set apart", "§2", apart, arrears, "in arrears")


def _on_outstanding(then: Watched) -> Figure:
    """§2 §3(e)(ii) - What is in arrears on shares outstanding, which in a liquidation is a part of the preference."""
    if then.position.liquidation is None:
        return in_arrears(then)
    return Figure.of("", ZERO, DOLLARS, "§3(e)(ii)", "0", "in a liquidation they are a part of the preference")


def _junior(question: Watched, one: Finding) -> Iterator[Figure]:
    """§3(a) §3(c) - What was paid on junior stock, and what was then unpaid of the preference and in trust."""
    then = question.before(one.entries[0])
    yield _paid(question, one.entries[0])
    owed = preference_unpaid(then)
    yield owed
    yield _put_aside("in trust", "§3(c)", then.position.company.in_trust(), owed, owed.name)


def _paid(question: Watched, entry: int) -> Figure:
    paid = next(one for one in question.position.company.other_dividends if one.entry == entry)
    return Figure.of(f"paid on {paid.stock}", paid.amount, PRICE, "§2", entries=(entry,))


def _put_aside(name: str, clause: str, funds: list[Fund], owed: Figure, called: str) -> Figure:
    """§2 §3(c) - What was put aside and not yet paid out, at most what is owed."""
    value = min(total(funds), Fraction(owed.exact))
    arithmetic = f"the lesser of {added((fund.amount for fund in funds), '$')} and [{called}]"
    by = (fund.entry for fund in funds)
    return Figure.of(name, value, DOLLARS, clause, arithmetic, entries=by, readings=("funds-set-apart",))


def _distributed(question: Watched, one: Finding) -> Iterator[Figure]:
    """§3(b) - What had been distributed by then, and the assets said to be available."""
    begun = question.position.liquidation
    assert begun is not None
    paid = [(entry, amount) for entry, _, amount in begun.payments]
    upto = [entry for entry, _ in paid].index(one.entries[1]) + 1
    amounts, entries = [amount for _, amount in paid[:upto]], [entry for entry, _ in paid[:upto]]
    yield Figure.of("distributed", sum(amounts, ZERO), PRICE, "§3(a)", added(amounts, "$"), entries=entries)
    yield Figure.of("assets", begun.assets, PRICE, "§3(b)", entries=(begun.entry,))


def _notice(question: Watched, one: Finding) -> Iterable[Figure]:
    """§5(f)(i) §5(h) - The notice itself, with what was due and what was delivered."""
    number = next(found.id for found in question.position.notices.values() if found.entry == one.entries[0])
    return notice(question, number).parts


def _action(question: Watched, one: Finding) -> Iterable[Figure]:
    """§4 §8(a) - The action, its consents and its majority."""
    actions = question.position.company.actions.values()
    return action(question, next(taken.id for taken in actions if taken.taken == one.entries[0])).parts


def _redemption(question: Watched, one: Finding) -> Iterator[Figure]:
    """§6 - What the notice states, and what it lists and comes to."""
    found = next(found for found in question.position.redemptions.values() if found.entry == one.entries[0])
    by = (found.entry,)
    yield from noticed_ahead(found)
    yield noticed(found)
    if found.stated_total is not None:
        yield Figure.of("stated total", found.stated_total, SHARES, "§6", entries=by)
    if found.stated_price is not None:
        yield Figure.of("stated price", found.stated_price, DOLLARS, "§6", entries=by)
        yield price_at_mailing(question, found)
    if found.mailed_to:
        yield _names("mailed to", found.mailed_to)
        yield _names("holders", found.holders)


def _names(name: str, names: tuple[str, ...]) -> Figure:
    return Figure.of(name, Fraction(len(names)), SHARES, "§6", str(len(names)), ", ".join(names))


def _count(question: Watched, one: Finding) -> Iterator[Figure]:
    """The transfer agent's count, and the ledger's own of the same shares on that day."""
    count = next(count for count in question.position.company.counts if count.entry == one.entries[0])
    yield Figure.of(f"count of {count.of}", count.shares, SHARES, "record", entries=(count.entry,))
    then = Watched(question.book, count.on, question.known_at)
    own = {"preferred": outstanding, "common": common_outstanding}.get(count.of)
    yield own(then) if own else held_as_counted(then, count.of)


def _while_it_was_so(question: Watched, one: Finding) -> Watched:
    """§5(j) §9(a) - The last moment at which a finding on the Common Stock said what it says."""
    short = WATCHED[one.finding]
    position, steps = Position(question.book.terms, question.book.timeline.days), question.steps
    begun, last = False, 0
    for place, step in enumerate(steps, 1):
        advance(position, step)
        begun = begun or step.number == one.entries[0]
        numbers = short(position) if begun else None
        if numbers is not None and says(one.finding, *numbers) == one.says:
            last = place
        if numbers is None and last:
            break
    return question.upto(last, day_of(steps[last - 1].at))


def _reserve(question: Watched, one: Finding) -> Iterator[Figure]:
    """§5(j) - The Common needed for conversion, what is authorized and unissued, and the difference."""
    then = _while_it_was_so(question, one)
    common, position = then.position.common, then.position
    needed = reserve_required(then)._replace(name="needed")
    available = reservation.available(common.authorized or ZERO, common.outstanding)
    arithmetic = "the greater of [authorized] - [outstanding] and 0"
    parts = (authorized(then), outstanding_common(then))
    yield needed
    yield Figure.of("unissued", max(available, ZERO), SHARES, "§5(j)", arithmetic, parts=parts)
    short = reservation.required(position.outstanding, position.common_rate) - max(available, ZERO)
    yield Figure.of("short by", short, SHARES, "§5(j)", "[needed] - [unissued]")


def short_reserve(question: Watched) -> Iterable[Figure]:
    """§5(j) - The numbers of the finding, open on the day, that the reserve is too small."""
    found = findings(question)
    return _reserve(question, next(one for one in found if one.finding == "reserve-too-small" and not one.resolved))


def _authorized(question: Watched, one: Finding) -> Iterable[Figure]:
    """§5(j) - The Common outstanding, and the number authorized."""
    then = _while_it_was_so(question, one)
    return (outstanding_common(then), authorized(then))


def _par_value(question: Watched, one: Finding) -> Iterator[Figure]:
    """§9(a) - The par value of Common, and what is payable for a share of it on conversion."""
    then = _while_it_was_so(question, one)
    terms, said = then.position.terms, []
    for step in then.steps:
        opened = isinstance(step.fact, CommonStockOpened) and step.fact.par_value is not None
        if opened or (isinstance(step.fact, CertificateAmended) and "common_par_value" in step.fact.terms):
            said.append(step.number)
    par_value, rate = common_par_value(then.position), rate_as_it_was(then)
    payable = protection.conversion_price(terms, then.position.rate)
    yield Figure.of("par value", par_value, PRICE, terms.common_par_value.clause, entries=said[-1:])
    arithmetic = f"{dollars(terms.stated_value.value)} / [{rate.name}]"
    yield Figure.of("payable on conversion", payable, PRICE, "§9(a)", arithmetic, parts=(rate,))


MADE_OF: dict[str, Callable[[Watched, Finding], Iterable[Figure]]] = {
    "other-class-paid-in-arrears": _other_class,
    "junior-paid-before-preference": _junior,
    "distribution-beyond-assets": _distributed,
    "delivery-was-late": _notice,
    "delivery-is-overdue": _notice,
    "delivered-differs-from-due": _notice,
    "market-price-is-missing": _notice,
    "cash-in-lieu-differs-from-due": _notice,
    "reserve-too-small": _reserve,
    "common-beyond-authorized": _authorized,
    "par-value-above-conversion-price": _par_value,
    "redemption-notice-was-short": _redemption,
    "redemption-notice-missed-a-holder": _redemption,
    "stated-total-differs": _redemption,
    "stated-price-differs": _redemption,
    "redemption-date-passed": _redemption,
    "action-without-majority": _action,
    "count-differs": _count,
}
"""What the numbers of a finding are made of, by its id."""
