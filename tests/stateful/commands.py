"""The commands: record, put right, record late, tag, restart, back up, restore, and ask by any clock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

import naive
from ledger.application import Ledger
from ledger.errors import FieldRefusal, Refusal, TagMustBeNew
from ledger.head import NO_HEAD
from ledger.journal import read_line
from stateful.asking import Asker, run
from stateful.counting import BOTH, KNOWN_AT, LACKS, PAIRS, PAST, TAG, TODAY
from stateful.invariants import Watched
from stateful.second import Known
from stateful.teller import Teller
from stateful.two_ledgers import BEGUN, CHANGED, REFUSED_ONLY, reading
from stateful.whole import WHOLE
from stateful.wrong import HOLDER, impossible, malformed

Line = Mapping[str, Any]
chance = st.integers(0, 2**32 - 1)
CHAINS = (
    ("NoticeOfConversionReceived", "OriginalsReceived", "ConversionDividendPaid", "NoticeOfConversionRevoked"),
    ("NoticeOfConversionReceived", "NoticeCompleted", "OriginalsReceived", "TransferAgentInstructed",
     "CommonSharesDelivered", "ConversionDividendPaid"),
    ("RedemptionNoticeMailed", "NoticeOfConversionReceived", "PreferredSharesTransferred", "SharesRedeemed",
     "RedemptionPricePaid", "RedemptionPricePaid"),
    ("RedemptionNoticeMailed", "NoticeOfConversionReceived", "OriginalsReceived", "CertificateReplaced",
     "NoticeOfConversionRevoked", "SharesRedeemed"),
    ("DividendPaid", "NoticeOfConversionReceived", "OriginalsReceived", "ConversionDividendPaid", "DividendPaid",
     "NoticeOfConversionRevoked", "DividendPaid"),
    ("LiquidationCommenced", "LiquidationDistributionPaid"),
)  # fmt: skip
"""What comes after one another, with other things in between."""

_OPENED = {"event": "CommonStockOpened", "effective": "2001-04-12"}
_ISSUED = {"event": "PreferredSharesIssued", "effective": "2001-04-12"}


class Commands(Watched):
    """Commands on a ledger that is short, and begins with little."""

    most: ClassVar[int] = 30

    def __init__(self) -> None:
        """Begin with nothing that is to follow."""
        super().__init__()
        self.chain: Sequence[str] = ()

    def rested(self) -> bool:
        """Whether some steps have gone by since the last one of the rare ones."""
        return self.turn >= self.rested_at

    def rarely(self, seed: int, step: str) -> Teller:
        """As `by`, for a step that is rare."""
        teller = self.by(seed, step)
        self.rested_at = self.turn + 4
        return teller

    def room(self) -> bool:
        """Whether a ledger has room for more: what is folded at every step must stay small."""
        return self.second.last < self.most

    @initialize(seed=chance)
    def the_ledger_opens(self, seed: int) -> None:
        """A ledger does not stay empty for long."""
        self.open(seed)

    def open(self, seed: int) -> None:
        """Most ledgers begin with the Common Stock and some certificates."""
        teller = self.by(seed, "open")
        if teller.roll(12):
            self.put({**_OPENED, "outstanding": "35000000", "authorized": "99999999", "par_value": "0.05"})
            for place in range(1 + teller.roll(3)):
                shares = teller.pick(("1000", "800", "640.5"))
                self.put({**_ISSUED, "holder": f"Holder {'ABC'[place]}", "certificate": f"H-{place}", "shares": shares})

    def told(self, teller: Teller, known: Known, *, late: bool = False) -> Line:
        """A line of any kind."""
        return teller.tell(known, teller.place(known, late=late), teller.kinds())

    @precondition(room)
    @rule(seed=chance)
    def record(self, seed: int) -> None:
        """Something happens, behind everything so far."""
        teller = self.by(seed, "record")
        line = self.told(teller, self.second.known())
        self.put({**line, "ref": f"REF-{self.second.last}"} if teller.roll(8) == 0 else line)

    @precondition(room)
    @rule(seed=chance)
    def record_more(self, seed: int) -> None:
        """And something else."""
        self.put(self.told(self.by(seed, "record"), self.second.known()))

    @precondition(room)
    @rule(seed=chance)
    def record_what_follows(self, seed: int) -> None:
        """Something happens that follows upon what happened before."""
        teller, known = self.by(seed, "record what follows"), self.second.known()
        self.chain = self.chain or teller.pick(CHAINS)
        kind, *self.chain = self.chain
        self.put(teller.tell(known, teller.place(known, late=False), (kind, *self.chain, *teller.kinds())))

    @precondition(room)
    @rule(seed=chance)
    def record_what_follows_that(self, seed: int) -> None:
        """And what follows that."""
        self.record_what_follows(seed)

    @precondition(room)
    @rule(seed=chance)
    def record_late(self, seed: int) -> None:
        """Something is learned of late, and takes its place before something recorded, if that stays possible."""
        teller = self.by(seed, "record late")
        self.put(self.told(teller, self.second.known(), late=True))

    @precondition(room)
    @rule(seed=chance)
    def amend(self, seed: int) -> None:
        """Something is corrected or voided, be it an amendment itself."""
        teller, known = self.by(seed, "amend"), self.second.known()
        self.put(teller.amendment(known))

    @precondition(room)
    @rule(seed=chance)
    def record_journal(self, seed: int) -> None:
        """A journal is recorded whole or not at all, and half of them end in what is impossible."""
        teller, then, lines = self.by(seed, "record journal"), self.second.copied(), list[Line]()
        for _ in range(2 + teller.roll(3)):
            line = self.told(teller, then.known(), late=teller.roll(4) == 0)
            lines.append(line)
            if then.judged(line):
                break
            then.learn(line, datetime.now(UTC))
        if teller.roll(2):
            lines.append(impossible(teller))
        self.put(*lines)

    @precondition(rested)
    @rule(seed=chance)
    def record_impossible(self, seed: int) -> None:
        """What cannot have happened is refused."""
        assert not self.put(impossible(self.rarely(seed, "record impossible")))

    @precondition(rested)
    @rule(seed=chance)
    def record_what_is_not_understood(self, seed: int) -> None:
        """A line that breaks the form of an entry is not understood, and nothing is recorded."""
        teller = self.rarely(seed, "record not understood")
        line = self.told(teller, self.second.known())
        with pytest.raises(FieldRefusal):
            self.ledger.record(read_line(json.dumps(one), "a line") for one in (line, malformed(teller, line)))
        self.state = REFUSED_ONLY

    @precondition(rested)
    @rule(seed=chance)
    def record_again(self, seed: int) -> None:
        """A reference used again is acknowledged with the same content, and refused with other content."""
        teller = self.rarely(seed, "record again")
        lines = [line for _, line in self.second.entries if "ref" in line]
        line = dict(teller.pick(lines)) if lines else {**HOLDER, "ref": "REF-first"}
        self.put(line if teller.roll(2) else {**line, "note": "something else"})

    @precondition(rested)
    @rule(seed=chance)
    def record_dry(self, seed: int) -> None:
        """A dry run decides as a recording does, and records nothing."""
        teller = self.rarely(seed, "dry run")
        line = self.told(teller, self.second.known(), late=bool(teller.roll(2)))
        rules, names = self.second.judged(line), set[str]()
        try:
            self.ledger.record([read_line(json.dumps(line), "a line")], dry_run=True)
        except Refusal as refusal:
            names = {refusal.name}
        assert names <= rules
        assert bool(names) == bool(rules)
        self.state = REFUSED_ONLY

    # --- tags, restarts and backups ---

    @precondition(rested)
    @rule(seed=chance)
    def tag(self, seed: int) -> None:
        """A day as known at a moment is given a name, once."""
        asker = self.asker(self.rarely(seed, "tag"))
        name, day = f"T-{1 + asker.roll(6)}", asker.past()
        known_at = asker.moment() if asker.roll(2) else None
        if name in self.second.tags:
            with pytest.raises(TagMustBeNew):
                self.ledger.tag(name, day, known_at)
            return
        given = self.ledger.tag(name, day, known_at)
        known_at = min(known_at or self.second.last_recorded, self.second.last_recorded)  # what is to come is not known
        self.second.tags[name] = (day, known_at, self.second.known(known_at).last)
        assert given.entry == self.second.tags[name][2]
        self.state = CHANGED

    @precondition(rested)
    @rule(seed=chance)
    def restart(self, seed: int) -> None:
        """The process ends and begins again: the file is all there is."""
        self.rarely(seed, "restart")
        self.ledger.close()
        self.ledger, self.state = Ledger.open(self.path, to_record=True), CHANGED

    @precondition(lambda self: self.rested() and len(self.backups) < 4)
    @rule(seed=chance)
    def backup(self, seed: int) -> None:
        """A copy is made of the ledger as it is."""
        self.rarely(seed, "backup")
        path = self.new_file()
        assert self.ledger.backup(path) == (self.ledger.head(), {})
        self.backups.append((path, self.second.copied(), self.kept.copied()))

    @precondition(lambda self: self.rested() and self.backups)
    @rule(seed=chance)
    def restore(self, seed: int) -> None:
        """A backup is gone on with: what was recorded since never was, and the backup itself stays as it is."""
        backup, second, kept = self.rarely(seed, "restore").pick(self.backups)
        self.ledger.close()
        self.path = self.new_file()
        with Ledger.open(backup) as source:
            source.backup(self.path)
        self.ledger, self.second, self.kept = Ledger.open(self.path, to_record=True), second.copied(), kept.copied()
        self.stored.close()
        self.stored, self.verified, self.state = reading(self.path), NO_HEAD, CHANGED

    def new_file(self) -> Path:
        """A path at which nothing is yet."""
        self.files += 1
        return Path(self.folder.name) / f"copy-{self.files}.db"

    # --- what is asked ---

    def asker(self, teller: Teller) -> Asker:
        """Whoever asks, by some chance."""
        return Asker(self.path, self.second, naive.day_of(datetime.now(UTC)), self.kept.heads, teller.roll)

    def asked(self, seed: int, clock: str) -> None:
        """Ask some report by a clock, and keep the question where its answer may never change."""
        teller = self.by(seed, f"ask, {clock}")
        reports = [report for report, other in PAIRS if other == clock]
        report = teller.pick([*reports, *(report for report in LACKS if report in reports)])
        answer = self.asker(teller).ask(report, clock)
        if report == "replay":  # it publishes
            self.state = CHANGED
        if answer is None or clock not in (TAG, BOTH) or report in ("verify", "diff"):
            return
        words, said, view = answer
        if view.known_at and view.known_at <= self.second.last_recorded:
            self.kept.said[8:] = []
            self.kept.said.insert(0, (words, said))

    @rule(seed=chance)
    def ask_of_today(self, seed: int) -> None:
        """A question is answered as the second ledger answers it."""
        self.asked(seed, TODAY)

    @rule(seed=chance)
    def ask_of_a_past_day(self, seed: int) -> None:
        """So is one of a past day."""
        self.asked(seed, PAST)

    @rule(seed=chance)
    def ask_as_known_then(self, seed: int) -> None:
        """So is one of what was known at a moment."""
        self.asked(seed, KNOWN_AT)

    @precondition(lambda self: self.second.tags)
    @rule(seed=chance)
    def ask_at_a_tag(self, seed: int) -> None:
        """So is one of a day and a moment that have a name."""
        self.asked(seed, TAG)

    @rule(seed=chance)
    def ask_of_a_past_day_as_known_then(self, seed: int) -> None:
        """So is one by both clocks."""
        self.asked(seed, BOTH)

    @precondition(lambda self: self.kept.said)
    @rule(seed=chance)
    def ask_again(self, seed: int) -> None:
        """A question about what was known at a moment is answered again to the letter, whatever was learned since."""
        words, said = self.by(seed, "ask again").pick(self.kept.said)
        assert run(self.path, *words) == said


class Longer(Commands):
    """Commands on ledgers that grow longer."""

    most = 60


class OnAWholeLedger(Commands):
    """Commands on a ledger that holds every kind of entry to begin with."""

    most = len(WHOLE) + 10

    def open(self, seed: int) -> None:
        """Record the whole journal first, and give a day of it a name."""
        self.by(seed, "open")
        assert self.put(*WHOLE)
        given = self.ledger.tag("T-whole", BEGUN.date())
        self.second.tags["T-whole"] = (BEGUN.date(), self.second.last_recorded, given.entry)
