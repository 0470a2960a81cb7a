"""The text of a verdict on the record."""

from ledger.anchor import SETTING
from projections.every_ledger import BROKEN, Verified
from projections.verification import PROVEN, Verdict


def verdict(told: Verdict) -> str:
    """What was verified, and whether that proves that nothing is missing."""
    since = f" after entry {told.since.entry}" if told.since.entry else ""
    said = [
        f"Consistent: {_counted(told.entries, 'entries', 'entry')}{since}, {told.published} published rows and"
        f" {_counted(told.tags, 'tags', 'tag')} fit.",
        f"Head {told.head}",
    ]
    said += [f"Proven by {by}" for by in told.proven_by]
    said += [f"A beginning of it: {by}" for by in told.beginnings]
    if told.verdict != PROVEN:
        why = f"its completeness is unproven. Write heads down elsewhere (`captable head`, {SETTING})"
        said.append(f"No head written down is this one: {why}.")
    return "\n".join(said)


def _counted(number: int, many: str, one: str) -> str:
    return f"{number} {one if number == 1 else many}"


def line(told: Verified) -> str:
    """What came of verifying one ledger of many, in one line."""
    verdict = told.verdict["verdict"]
    if told.error:
        word = verdict.upper() if verdict == BROKEN else verdict.replace("-", " ")
        return f"{told.ledger}: {word}. {told.error} [{told.name}]"
    head = told.verdict["head"]
    return f"{told.ledger}: {verdict}, {head['entry']} entries, head {head['sha256']}"
