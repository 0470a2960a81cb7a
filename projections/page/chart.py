"""§5 - The conversion rate as a step chart: its line, ticks and marks reckoned in whole units, exactly."""

from collections.abc import Iterator
from datetime import date

from ledger import figures
from ledger.exact import Fraction
from ledger.moments import day_of
from projections import conversion_rate
from projections.page.asking import Asking
from projections.page.shown import Chart, Mark

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 748, 56, 264
_APART = 26  # units that two labels need between them
_LINES = 14
_MARKED = 100  # adjustments that are marked: more lie upon one another
_MOST_YEARS = 12  # labels across; of more years only every so many are named


def step_chart(asking: Asking) -> Chart | None:
    """The rate from the signing of the certificate to the day asked about, each step leading to its entry."""
    position, end = asking.question.position, asking.question.day
    start = asking.question.book.terms.signed_on.value
    if end <= start:
        return None
    first = asking.question.book.terms.conversion_rate.value
    rates = [first, *(step.rate for step in position.adjustments)]
    bottom, top, ticks = scale(min(rates), max(rates))

    def x(day: date) -> int:
        return LEFT + (RIGHT - LEFT) * max((day - start).days, 0) // (end - start).days

    def y(rate: Fraction) -> int:
        return BOTTOM - int((BOTTOM - TOP) * (rate - bottom) / (top - bottom))

    line, marks = [f"M{LEFT} {y(first)}"], list[Mark]()
    for place, step in enumerate(position.adjustments):
        at, height = x(day_of(step.at)), y(step.rate)
        line.append(f"H{at}V{height}")
        if place < len(position.adjustments) - _MARKED:
            continue
        above = height - 10
        if marks and at - marks[-1].x < _APART and abs(above - marks[-1].label_y) < _LINES:
            above = marks[-1].label_y - _LINES
        says = f"{day_of(step.at)}: {figures.rate(step.rate)}, {conversion_rate.cause(step)} (entry {step.entry})"
        marks.append(Mark(at, height, above, str(step.entry), says, asking.link(f"/entry/{step.entry}")))
    says = f"From {start} to {end}: {figures.rate(first)} at issuance, {figures.rate(position.rate)} at the end"
    if len(position.adjustments) > _MARKED:
        says += f"; the last {_MARKED} adjustments are marked"
    return Chart(
        "Common for one share of Series H",
        f"{says}. The table below says the same.",
        WIDTH,
        HEIGHT,
        "".join([*line, f"H{RIGHT}"]),
        [(x(day), said) for day, said in _across(start, end)],
        [(y(tick), figures.shares(tick)) for tick in ticks],
        marks,
        LEFT,
        RIGHT,
        TOP,
        BOTTOM,
    )


def scale(least: Fraction, most: Fraction) -> tuple[Fraction, Fraction, list[Fraction]]:
    """The ends of an axis that holds two values, and round ticks between: 1, 2 or 5 times a power of ten apart."""
    span = most - least or Fraction(100)
    step = Fraction(1)
    while step > span / 4:
        step /= 10
    while True:
        near = next((step * times for times in (1, 2, 5) if step * times >= span / 4), None)
        if near is not None:
            break
        step *= 10
    bottom, top = least // near * near, -(-most // near) * near
    if bottom == top:
        bottom, top = bottom - near, top + near
    return bottom, top, [bottom + near * count for count in range(int((top - bottom) / near) + 1)]


def _across(start: date, end: date) -> Iterator[tuple[date, str]]:
    years = range(start.year + 1, end.year + 1)
    if not years:
        yield start, f"{start:%Y-%m-%d}"
        yield end, f"{end:%Y-%m-%d}"
    every = -(-len(years) // _MOST_YEARS) or 1
    for year in years[::every]:
        yield date(year, 1, 1), str(year)
