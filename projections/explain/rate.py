"""§5(b) §5(c) §5(d) §5(e) - The conversion rate explained: what one share converts into, and what adjusted that."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from ledger.clauses import adjustment
from ledger.events import CommonSharesIssued, CommonStockReclassified, CommonStockSplit, ReorganizationEffected
from ledger.figures import DOLLARS, PRICE, RATE, SHARES, ZERO, Figure, Unit, dollars, shares, written
from ledger.moments import day_of
from ledger.position.state import COMMON
from ledger.position.stock import Adjustment
from projections.explain.shared import common_since, received_for_one
from projections.explain.watched import Kept, Watched
from projections.trace import Move

START = "at issuance"


def conversion_rate(question: Watched) -> Figure:
    """§5(b) §5(c) §5(e) - Into how many shares of Common one share converts, and every adjustment that made it so."""
    position = question.position
    row = question.book.terms.conversion_rate
    parts = [Figure.of(START, row.value, RATE, row.clause, readings=("rate",))]
    rate, since = START, ""
    for step in position.adjustments:
        if step.clause == "§5(e)(i)":
            parts.append(_base(question, step, since))
            since = parts[-1].name
        parts.append(_adjustment(question, step, rate))
        rate = parts[-1].name
    changed = dict(position.into) != {COMMON: 1}
    return Figure.of(
        f"conversion rate on {question.day}",
        position.rate,
        RATE,
        "§5(b)",
        _product(question, position.adjustments),
        "Common Stock as it was: what that has become since is below" if changed else "Common Stock",
        readings=("rate-scope",),
        parts=(*parts, *(_into(question, rate) if changed else ())),
    )


def rate_at(question: Watched, at: Move[Kept] | None = None, security: str = COMMON) -> Figure:
    """§5(b) §5(c) §5(d) - The rate before a move, or now, into Common or another security, in one expression."""
    position = question.position
    count, into = (at.before.adjustments, at.before.into) if at else (len(position.adjustments), position.into)
    adjustments = position.adjustments[:count]
    last = adjustments[-1].rate if adjustments else question.book.terms.conversion_rate.value
    each = into.get(security, ZERO)
    arithmetic, entries = _product(question, adjustments), [step.entry for step in adjustments]
    if each != 1 or security != COMMON:
        became, by = _became(question, at).get(security, ("0", []))
        arithmetic, entries = f"{arithmetic} x {_factor(became)}", entries + by
    name = "conversion rate" if security == COMMON else f"rate of {security}"
    return Figure.of(name, last * each, unit_of(security, RATE), "§5(b)", arithmetic, entries=entries)


def unit_of(security: str, stock: Unit) -> Unit:
    """§5(d) - Dollars for cash, and for any other security the unit of its stock."""
    return PRICE if adjustment.is_cash(security) else stock


def rate_as_it_was(question: Watched) -> Figure:
    """§5(b) §5(c) §5(e) - The rate in Common Stock as it was at issuance and has been adjusted, in one expression."""
    adjustments = question.position.adjustments
    arithmetic, entries = _product(question, adjustments), [step.entry for step in adjustments]
    return Figure.of("conversion rate", question.position.rate, RATE, "§5(b)", arithmetic, entries=entries)


def _product(question: Watched, adjustments: Sequence[Adjustment]) -> str:
    factors = [written(question.book.terms.conversion_rate.value)]
    for step in adjustments:
        if step.clause == "§8(b)":
            factors = [written(step.rate)]
        elif step.clause == "§5(c)":
            factors.append(f"{written(step.sold)} / {written(step.base)}")
        else:
            base, sold = written(step.base), written(step.sold)
            factors.append(f"({base} + {sold}) / ({base} + {_bought(step)})")
    return " x ".join(factors)


def _bought(step: Adjustment) -> str:
    return f"{written(step.consideration, '$')} / {written(step.limit, '$')}"


def _base(question: Watched, step: Adjustment, since: str) -> Figure:
    name = f"Common outstanding before entry {step.entry}"
    arithmetic, entries = common_since(question, step.entry, since)
    sale = next(move for move in question.moves if move.step.number == step.entry)
    counted_in = () if COMMON in sale.before.into else ("common-replaced",)
    readings = ("dilution-base", "dilution-order", *counted_in)
    return Figure.of(name, step.base, SHARES, step.clause, arithmetic, entries=entries, readings=readings)


def _adjustment(question: Watched, step: Adjustment, rate: str) -> Figure:
    name, readings = f"from {day_of(step.at)} (entry {step.entry})", tuple[str, ...]()
    arithmetic = f"[{rate}] x [factor]"
    if step.clause == "§5(c)":
        factor = Figure.of("factor", step.factor, SHARES, step.clause, f"{written(step.sold)} / {written(step.base)}")
        working, parts = f"a split, {shares(step.sold)} for {shares(step.base)}", (factor, *_shares_of_split(step))
    elif step.clause == "§8(b)":
        parts = (Figure.of("factor", step.factor, SHARES, step.clause, f"[{name}] / [{rate}]"),)
        working, arithmetic = "as amended", ""
    else:
        price = dollars(step.consideration / step.sold)
        working = f"{shares(step.sold)} sold at {price}, below {dollars(step.limit)}"
        parts = (_sale_factor(step), *_sale(question, step))
        readings = ("dilution-base", "dilution-order", "dilution-threshold", "dilution-offered")
    return Figure.of(name, step.rate, RATE, step.clause, arithmetic, working, (step.entry,), readings, parts)


def _shares_of_split(step: Adjustment) -> Iterator[Figure]:
    yield Figure.of("new shares", step.sold, SHARES, step.clause, entries=(step.entry,))
    yield Figure.of("for old shares", step.base, SHARES, step.clause, entries=(step.entry,))


def _sale_factor(step: Adjustment) -> Figure:
    before, bought = f"[Common outstanding before entry {step.entry}]", step.consideration / step.limit
    numerator = Figure.of("numerator", step.base + step.sold, SHARES, step.clause, f"{before} + {written(step.sold)}")
    denominator = Figure.of(
        "denominator",
        step.base + bought,
        SHARES,
        step.clause,
        f"{before} + {_bought(step)}",
        f"{shares(bought)} the money would have bought at {dollars(step.limit)}",
    )
    arithmetic = "[numerator] / [denominator]"
    return Figure.of("factor", step.factor, SHARES, step.clause, arithmetic, parts=(numerator, denominator))


def _sale(question: Watched, step: Adjustment) -> Iterator[Figure]:
    """§5(e)(i) §5(e)(ii) - What was sold, for how much, and the price below which that adjusts the rate."""
    entry, by = question.fact(step.entry), (step.entry,)
    assert isinstance(entry, CommonSharesIssued)
    yield Figure.of("sold", step.sold, SHARES, step.clause, entries=by)
    if entry.property_fair_value is None:
        yield Figure.of(
            "consideration", step.consideration, DOLLARS, step.clause, "" if entry.cash else "0", entries=by
        )
    else:
        arithmetic = f"{written(entry.cash or ZERO, '$')} + {written(entry.property_fair_value, '$')}"
        working = "cash, and property at the Board's fair value"
        yield Figure.of("consideration", step.consideration, DOLLARS, "§5(e)(ii)", arithmetic, working, by)
    price = step.consideration / step.sold
    yield Figure.of("price", price, PRICE, step.clause, "[consideration] / [sold]", readings=("dilution-offered",))
    row = question.position.terms.on(day_of(step.at)).threshold_price
    # Under the reading that scales it the price falls with every split before the sale.
    splits = [one for one in question.position.adjustments if one.clause == "§5(c)" and one.at <= step.at]
    scaled = (
        "".join(f" x {written(one.base)} / {written(one.sold)}" for one in splits) if row.value != step.limit else ""
    )
    arithmetic = f"{written(row.value, '$')}{scaled}" if scaled else ""
    yield Figure.of("threshold", step.limit, PRICE, row.clause, arithmetic, readings=("dilution-threshold",))


def _into(question: Watched, rate: str) -> Iterator[Figure]:
    """§5(c) §5(d) - What one share converts into, security by security, and what it would have received."""
    position = question.position
    became = _became(question)
    for security, each in position.into.items():
        expression, entries = became[security]
        yield Figure.of(
            f"into {security}",
            position.rate * each,
            unit_of(security, RATE),
            "§5(c) §5(d)",
            f"[{rate}] x {_factor(expression)}",
            "for one share of Common as it was",
            entries,
        )


def _factor(expression: str) -> str:
    return f"({expression})" if " + " in expression or " / " in expression else expression


def _became(question: Watched, at: Move[Kept] | None = None) -> dict[str, tuple[str, list[int]]]:
    """§5(c) §5(d) - What stands for one share of the original Common, each as an expression, with its entries."""
    became: dict[str, tuple[str, list[int]]] = {COMMON: ("1", [])}
    for move in takewhile(lambda move: move is not at, question.moves):
        if move.after.into != move.before.into:
            became = _changed(question, became, move)
    return became


def _changed(
    question: Watched, became: dict[str, tuple[str, list[int]]], move: Move[Kept]
) -> dict[str, tuple[str, list[int]]]:
    fact, number = move.step.fact, move.step.number
    if isinstance(fact, CommonStockReclassified | ReorganizationEffected):
        changed, (common, by) = received_for_one(fact), became.get(COMMON, ("0", []))
        kept = {name: told for name, told in became.items() if name != COMMON}
        if each := changed.pop(COMMON, None):
            # The rate has grown as by a split, and what lies beside the Common is told for one share of it.
            over = "" if each == 1 else f" / {written(each)}"
            if over:
                kept = {name: (f"{_factor(told)}{over}", [*said, number]) for name, (told, said) in kept.items()}
            for security, amount in changed.items():
                before, said = kept.get(security, ("", []))
                received = f"{written(amount)}{over}"
                kept[security] = (f"{before} + {received}" if before else received, [*said, *by, number])
            return {COMMON: (common, by), **kept}
        for security, amount in changed.items():
            received = written(amount) if common == "1" else f"{_factor(common)} x {written(amount)}"
            before, entries = kept.get(security, ("", []))
            kept[security] = (f"{before} + {received}" if before else received, [*entries, *by, number])
        return kept
    # §5(c) §5(e)(i): what lies beside the stock that grows is divided by what the rate is multiplied by.
    assert isinstance(fact, CommonSharesIssued | CommonStockSplit)
    factor = question.position.adjustments[move.before.adjustments].factor
    return {
        name: (f"{_factor(told)} / {written(factor)}", [*entries, number])
        if move.after.into[name] != move.before.into[name]
        else (told, entries)
        for name, (told, entries) in became.items()
    }
