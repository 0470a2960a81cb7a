"""What takes long on a large ledger, in words: why, how long about, and how to have it all the same."""

import shlex

from ledger.errors import WholeRecordMustBeAskedFor
from projections.page.asking import Asking, in_address
from projections.page.shown import Answer, Cell, Quoted, Section, Words

_A_SECOND = 10_000
"""About how many entries are gone through in a second."""


def about(entries: int) -> str:
    """About how long it takes to go through some entries, in words."""
    seconds = max(-(-entries // _A_SECOND), 1)
    if seconds < 90:
        return f"about {seconds} seconds" if seconds > 1 else "about a second"
    return f"about {-(-seconds // 60)} minutes"


def _command(asking: Asking) -> str:
    """The command that answers as the address does."""
    given = asking.given
    if asking.path == "/diff":
        return shlex.join(["captable", "diff", *filter(None, (given.get("from"), given.get("to")))])
    own = [given[name] for name in ("what", "which", "holder") if name in given]
    known_at = asking.question.known_at
    clocks = ["--as-of", asking.question.day.isoformat()]
    clocks += ["--known-at", in_address(known_at)] if known_at else []
    return shlex.join(["captable", asking.path.strip("/").partition("/")[0] or "asof", *own, *clocks])


def to_be_waited_for(asking: Asking, error: WholeRecordMustBeAskedFor) -> Answer:
    """A page in the place of one that goes through more entries than anybody waits for unasked."""
    entries = error.facts["entries"]
    why, cost = error.sentences()[1], f"That takes {about(entries)} or more. "
    words = Words([why, " ", cost, Cell("Make it all the same", asking.here(whole="yes"))], "note")
    instead = Words(["Nothing is recorded or changed by it. The command gives the same answer, and can be left alone:"])
    sections = [Section("", [words, instead, Quoted(_command(asking), "The command")])]
    return Answer(dict, list, "This takes a while", lambda: sections)
