"""Trust in the record: verified anew whenever its file has changed, and said when."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from ledger.book import LONG_AGO
from ledger.errors import RecordMustBeReadable, RecordMustVerify
from ledger.moments import in_new_york
from ledger.places import Place
from projections.page.asking import Asking
from projections.page.errors import status_of
from projections.page.shown import Answer, Cell, Pairs, Quoted, Section, Words
from projections.report.audit import verdict as in_words
from projections.verification import PROVEN, Verdict, verify

Misfit = RecordMustVerify | RecordMustBeReadable


@dataclass
class Verified:
    """The last verdict on a file, kept while the file is as it was: recomputing everything takes its time."""

    place: Place
    verdict: Verdict | Misfit | None = None
    at: datetime = LONG_AGO
    _stamp: list[object] = field(default_factory=list)
    _turn: Lock = field(default_factory=Lock)

    def now(self, *, anew: bool = False) -> tuple[Verdict | Misfit, datetime]:
        """What the record is found to be, and when that was found."""
        with self._turn:
            seen = list(self.place.stamp())
            if anew or self.verdict is None or seen != self._stamp:
                try:
                    self.verdict = verify(self.place)
                except (RecordMustVerify, RecordMustBeReadable) as error:
                    self.verdict = error
                self.at, self._stamp = datetime.now(UTC), seen
            return self.verdict, self.at


def trust(asking: Asking, verified: Verified) -> Answer:
    """Whether the record is what was recorded: links, decisions, invariants, tables, heads written down."""
    told, at = verified.now(anew=asking.given.get("anew") == "yes")
    if isinstance(told, Verdict):
        data = {"schema": "captable/verify/1", **told.data()}
        mark, said, status = "" if told.verdict == PROVEN else "note", in_words(told), 200
    else:
        data = {"schema": "captable/verify/1", "verdict": "broken", "error": told.name, "says": list(told.sentences())}
        mark, said, status = "warning", str(told), status_of(told)
    row = {name: value for name, value in data.items() if not isinstance(value, list)}
    anew = Cell("Verify anew", asking.here(anew="yes"))

    def sections() -> list[Section]:
        when = f"Found {in_new_york(at)} (New York); the file has not changed since."
        found = Words([f"{str(data['verdict']).capitalize()}. {when} ", anew], mark)
        means = "Everything is recomputed from the stored bytes: links, decisions, shares, published tables, heads. "
        means += "What is proven is held by a head written down elsewhere; without one a tail may have been cut off."
        head = [("Head to write down", [str(asking.head)]), ("On another machine", ["captable verify --expect HEAD"])]
        return [
            Section("", [found, Quoted(said, "The verdict")]),
            Section("What it means", [Words([means]), Pairs(head)]),
        ]

    return Answer(data, [row], "Verification", sections, status)
