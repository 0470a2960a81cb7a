"""Which reports there are and by which clocks they are asked; and what was done and met, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from stateful.answers import (
    asof,
    conversions,
    dividends,
    findings,
    holder,
    liquidation,
    obligations,
    rate,
    redemptions,
    register,
    votes,
)
from stateful.record_answers import clause, diff, explain, log, readings, replay, show, verify
from stateful.things import KINDS
from stateful.view import Told, View

CHECKED: dict[str, Callable[[Told, View], None]] = {
    check.__name__: check
    for check in (
        asof, rate, dividends, register, holder, conversions, redemptions, votes, liquidation, obligations, findings,
        log, show, readings, clause, explain, replay, diff, verify,
    )
}  # fmt: skip
"""Every report with the check of its answer."""

TODAY, PAST, KNOWN_AT, TAG, BOTH = CLOCKS = ("today", "past as_of", "known_at", "tag", "both")
REPORTS = tuple(CHECKED)
LACKS: dict[str, tuple[str, ...]] = {"log": (PAST, BOTH), "clause": (TAG,), "verify": (PAST, BOTH)}
"""The clocks that a report has not: `log` has no day; `clause` takes no tag. To `verify` a head is what is known."""

PAIRS = [(report, clock) for report in REPORTS for clock in CLOCKS if clock not in LACKS.get(report, ())]
STEPS: Counter[str] = Counter()
RECORDED: Counter[str] = Counter()
REFUSED: Counter[str] = Counter()
SEES: Counter[tuple[str, str]] = Counter()
"""How often a report was asked with an entry of a kind in what was known."""

BY: Counter[tuple[str, str]] = Counter()
"""How often a report was asked by a clock."""


def forget() -> None:
    """Begin to count anew."""
    for counter in (STEPS, RECORDED, REFUSED, SEES, BY):
        counter.clear()


def missed() -> list[tuple[str, ...]]:
    """The pairs of report and kind of entry, and of report and clock, and the kinds of entries that were not met."""
    seen = [(report, kind) for report in REPORTS for kind in KINDS if not SEES[report, kind]]
    return [*seen, *(pair for pair in PAIRS if not BY[pair]), *((kind,) for kind in KINDS if not RECORDED[kind])]


def summary() -> str:
    """What was counted, in lines."""
    rarest = min((SEES[report, kind], report, kind) for report in REPORTS for kind in KINDS)
    least = min((BY[pair], *pair) for pair in PAIRS)
    return "\n".join([
        f"{STEPS.total()} steps: {dict(STEPS.most_common())}",
        f"{RECORDED.total()} entries recorded: {dict(RECORDED.most_common())}",
        f"{REFUSED.total()} refused: {dict(REFUSED.most_common())}",
        f"(report, kind of entry): {len(REPORTS) * len(KINDS)} pairs, the rarest {rarest}",
        f"(report, clock): {len(PAIRS)} pairs, the rarest {least}; not met: {missed()}",
    ])  # fmt: skip
