"""Trust in the record: what it was last found to be, by whom and when; found anew when somebody asks for it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import Any

from ledger.book import LONG_AGO
from ledger.errors import RecordMustBeReadable, RecordMustVerify
from ledger.head import Head
from ledger.moments import in_new_york
from ledger.places import Place
from projections.page.asking import Asking
from projections.page.desk import AT_ONCE
from projections.page.errors import status_of
from projections.page.shown import Answer, Block, Cell, Form, Pairs, Quoted, Section, Words
from projections.page.waiting import about
from projections.report.audit import verdict as in_words
from projections.verification import PROVEN, Verdict, verify

Misfit = RecordMustVerify | RecordMustBeReadable
_SLOWER = 2  # verifying decides every entry anew and holds every table to it: more than going through them once


@dataclass
class Verified:
    """The last verdict on a ledger, and whether one is being found: recomputing everything takes its time."""

    place: Place
    verdict: Verdict | Misfit | None = None
    at: datetime = LONG_AGO
    since: datetime | None = None
    """Since when one is being found, beside the pages; None where none is."""
    _stamp: list[object] = field(default_factory=list)
    _turn: Lock = field(default_factory=Lock)

    def stands(self, head: Head) -> bool:
        """Whether nothing has changed since the verdict: neither the head nor the file."""
        return self.verdict is not None and self._seen(head) == self._stamp

    def now(self, head: Head) -> Verdict | Misfit:
        """What the record is found to be: anew where the ledger has changed."""
        with self._turn:
            if self.verdict is None or not self.stands(head):
                self._find(head)
            assert self.verdict is not None
            return self.verdict

    def anew(self, head: Head) -> None:
        """Find it anew, while whoever asked waits."""
        with self._turn:
            self._find(head)

    def begin(self, head: Head) -> None:
        """Find it anew beside the pages, unless that is being done."""
        if self.since is None:
            self.since = datetime.now(UTC)
            Thread(target=self._aside, args=[head], daemon=True).start()

    def _aside(self, head: Head) -> None:
        try:
            self.anew(head)
        finally:
            self.since = None

    def _seen(self, head: Head) -> list[object]:
        # What SQLite keeps beside the file comes and goes with whoever reads it.
        return [head, *self.place.stamp()[:1]]

    def _find(self, head: Head) -> None:
        seen = self._seen(head)
        try:
            self.verdict = verify(self.place)
        except (RecordMustVerify, RecordMustBeReadable) as error:
            self.verdict = error
        self.at, self._stamp = datetime.now(UTC), seen


def trust(asking: Asking, verified: Verified) -> Answer:
    """Whether the record is what was recorded: links, decisions, invariants, tables, heads written down.

    Opening the page recomputes nothing: somebody asks for it, and on a large ledger it is done beside the pages.
    """

    def data() -> dict[str, Any]:
        return _data(verified.now(asking.ledger.head()))

    def row() -> list[dict[str, Any]]:
        return [{name: value for name, value in data().items() if not isinstance(value, list)}]

    if asking.given.get("anew") == "yes":
        if asking.ledger.last() <= AT_ONCE:
            verified.anew(asking.ledger.head())
        else:
            verified.begin(asking.ledger.head())
    found = verified.verdict
    status = status_of(found) if isinstance(found, Misfit) and verified.since is None else 200
    return Answer(data, row, "Verification", lambda: _sections(asking, verified), status)


def _data(told: Verdict | Misfit) -> dict[str, Any]:
    if isinstance(told, Verdict):
        return {"schema": "captable/verify/1", **told.data()}
    says = list(told.sentences())
    return {"schema": "captable/verify/1", "verdict": "broken", "error": told.name, "says": says}


def _sections(asking: Asking, verified: Verified) -> list[Section]:
    entries = asking.ledger.last()
    means = "Everything is recomputed from the stored bytes: links, decisions, shares, published tables, heads. "
    means += "What is proven is held by a head written down elsewhere; without one a tail may have been cut off."
    head = [("Head to write down", [str(asking.head)]), ("On another machine", ["captable verify --expect HEAD"])]
    cost = f"{entries:,} entries take {about(_SLOWER * entries)}"
    if entries > AT_ONCE:
        cost += ", during which other pages are slower; this one need not stay open"
    again = Form("/verify", "Verify now", [], {**asking.clocks, "anew": "yes"})
    asked: list[Block] = [Words([f"Nothing is recomputed until you ask for it: {cost}."]), again]
    if verified.since is not None:
        asked = [
            Words(
                [
                    f"Being verified since {in_new_york(verified.since)} (New York): {cost}. ",
                    Cell("Is it done?", asking.here()),
                ],
                "note",
            )
        ]
    return [
        Section("", [*_found(verified, asking.ledger.head()), *asked]),
        Section("What it means", [Words([means]), Pairs(head)]),
    ]


def _found(verified: Verified, head: Head) -> list[Block]:
    told = verified.verdict
    if told is None:
        return [Words(["Not verified since this page was started."], "note")]
    when = f"Found {in_new_york(verified.at)} (New York)"
    stands = verified.stands(head)
    since = f"{when}; nothing has changed since." if stands else f"{when}, and changed since: verify anew."
    if isinstance(told, Verdict):
        mark, said = "" if told.verdict == PROVEN and stands else "note", in_words(told)
        verdict = str(told.verdict).capitalize()
    else:
        mark, said, verdict = "warning", str(told), "Broken"
    return [Words([f"{verdict}. {since}"], mark), Quoted(said, "The verdict")]
