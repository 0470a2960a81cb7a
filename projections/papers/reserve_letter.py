"""§5(j) - The reserve letter: the Common Stock to reserve for the conversion of Series H, and whether it is there."""

from collections.abc import Iterator

from ledger.exact import Fraction
from projections.common_stock import common, counted_in
from projections.explain.common import reserve_available, reserve_required
from projections.explain.watched import Watched
from projections.findings.stock import on_common
from projections.papers.content import BLANK, RATE, SHARES, Paper, Part, Statement, amount
from projections.question import Question

INSTRUCTION = (
    "The Company shall at all times reserve and keep available out of its authorized but unissued shares of Common "
    "Stock, solely for the purpose of effecting the conversion of the shares of the Series H Preferred Stock, such "
    "number of its shares of Common Stock as shall from time to time be sufficient or as may be available to effect "
    "the conversion of all outstanding shares of the Series H Preferred Stock (§5(j))."
)


def reserve_letter(question: Question) -> Paper:
    """§5(j) - The letter to the transfer agent on the day asked about."""
    position, told = question.position, common(question.position)
    statements = (
        Statement("", "To the transfer agent", BLANK),
        Statement("§5(j)", "On", question.day.isoformat()),
        Statement("§1", "Shares of Series H Preferred Stock outstanding", amount(position.outstanding, SHARES)),
        Statement("§5(b)", "Common Stock into which each converts", amount(position.common_rate, RATE)),
        Statement("§5(j)", "Common Stock to reserve for their conversion", amount(told["reserve_required"], SHARES)),
        Statement("§5(j)", "Common Stock authorized", amount(told["authorized"], SHARES)),
        Statement("§5(j)", "Common Stock outstanding", amount(told["outstanding"], SHARES)),
        Statement("§5(f)(i)", "of which awaiting delivery on notices", amount(position.pending_common, SHARES)),
        Statement("§5(j)", "Common Stock authorized and unissued", amount(told["reserve_available"], SHARES)),
        *_enough(told),
    )
    notes = tuple(f"{one.clause} {one.says}" for one in on_common(question) if one.resolved is None)
    if stock := counted_in(position):
        notes += (f"§5(d) No Common Stock is left: what is outstanding is counted in {stock}",)
    watched = Watched.of(question)
    worked = (reserve_required(watched), reserve_available(watched))
    part = Part("Reservation of Common Stock", statements, (), (INSTRUCTION,), True)
    return Paper(f"Reserve letter of {question.day}", "§5(j)", (part,), worked, notes)


def _enough(told: dict[str, str | None]) -> Iterator[Statement]:
    """§5(j) - Whether what is authorized and unissued suffices; nothing is said where no number is recorded."""
    required, available = told["reserve_required"], told["reserve_available"]
    assert required is not None
    if available is None:
        yield Statement("§5(j)", "Sufficient", BLANK)
        return
    over = Fraction(available) - Fraction(required)
    yield Statement("§5(j)", "Sufficient", "yes" if over >= 0 else "no")
    yield Statement("§5(j)", "Beyond what is to be reserved" if over >= 0 else "Short by", amount(abs(over), SHARES))
