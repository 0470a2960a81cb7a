"""§5(j) §9(a) - Findings on the Common Stock: too small a reserve, too many shares, too low a conversion price.

Each stands from the entry that brought it about to the entry that put it right.
"""

from collections.abc import Iterator

from ledger.exact import Fraction
from ledger.figures import dollars, shares
from ledger.moments import day_of
from ledger.position.stock import PAR_VALUE
from projections.findings.finding import BREACH, NOTE, Finding
from projections.question import Question


def on_common(question: Question) -> Iterator[Finding]:
    """§5(j) §9(a) - Every stretch of time in which the Common Stock fell short."""
    for name, stretches in question.position.stretches.items():
        severity, clause = SAID[name]
        for one in stretches:
            if name == PAR_VALUE:
                severity = BREACH if _says_the_par_value(question, one.entry) else NOTE
            entries = (one.entry,) if one.put_right is None else (one.entry, one.put_right)
            until = day_of(one.until) if one.until else None
            yield Finding(name, severity, clause, entries, says(name, *one.numbers), day_of(one.since), until)


def _says_the_par_value(question: Question, entry: int) -> bool:
    """§9(a) - Whether an entry set the par value, and did not let fall what is payable on conversion."""
    fact = question.book.standing(entry)
    says = fact.entry.line() if fact else {}
    return "par_value" in says or "common_par_value" in says.get("terms", {})


def says(name: str, first: Fraction, second: Fraction) -> str:
    """What is wrong while it is so, with both numbers: shares, or dollars a share."""
    if name == "reserve-too-small":
        return (
            f"{shares(first)} shares of Common are needed for conversion, {shares(second)} are authorized and "
            f"unissued: short by {shares(first - second)}"
        )
    if name == "common-beyond-authorized":
        return f"{shares(first)} shares of Common are outstanding, {shares(second)} authorized"
    return f"the par value of Common is {dollars(first)}, {dollars(second)} a share is payable on conversion"


SAID = {
    # §5(j) asks for what is "sufficient or as may be available", and for best efforts: too little is no breach of it.
    "reserve-too-small": (NOTE, "§5(j)"),
    "common-beyond-authorized": (BREACH, "§5(j)"),
    # §9(a) forbids to increase the par value: that what is payable has fallen below it is no breach.
    PAR_VALUE: (BREACH, "§9(a)"),
}
"""How grave each is, and by which clause."""
