"""The stored record as it is, row by row and read past the event store, for whoever checks it.

What is checked here needs no knowledge of the certificate: that the rows stand in order, each under its number and
with a link that is the hash of all before it.
"""

from collections.abc import Iterator

from ledger.anchor import Anchor, anchored
from ledger.errors import LedgerMustBeALedger, RecordMustVerify
from ledger.head import NO_HEAD, Head
from ledger.links import link
from ledger.opened import asked, in_doubt
from ledger.places import Place, Rows
from ledger.rows import STREAM, Stored


def must_be_a_ledger_still(place: Place) -> None:
    """As must_be_a_ledger has it, but RecordMustVerify where a head beside the ledger says that it has been one."""
    try:
        place.must_be_a_ledger()
    except LedgerMustBeALedger as error:
        if not anchored(place.beside):
            raise
        said = f"what is no ledger any more ({error.facts['why']})"
        raise RecordMustVerify(entry=1, stored=said, computed="a ledger, says the head beside it", before=0) from error


def stored_in(place: Place) -> int:
    """How many entries a ledger says it has, for a progress bar; LedgerMustExist, LedgerMustBeALedger."""
    must_be_a_ledger_still(place)
    with in_doubt(place), place.rows() as rows:
        return rows.last()


def linked(rows: Rows, since: Head = NO_HEAD) -> Iterator[Stored]:
    """The stored entries after a head in the order of the table; RecordMustVerify at the first that does not fit."""
    before, number = since.sha256, since.entry
    links = rows.links(since.entry)
    for number, (row, stream, version, word, state) in enumerate(rows.entries(since.entry), since.entry + 1):
        stored = next(links, (number, "no link"))
        # Rows are counted one by one: a gap is where an entry was taken away before others were recorded.
        if row != number or stream != STREAM or version != number or stored[0] != number:
            said = f"entry {version} of {stream!r}, linked as entry {stored[0]}, in row {row}"
            raise RecordMustVerify(entry=number, stored=said, computed=f"entry {number}", before=number - 1)
        if not isinstance(word, str) or not isinstance(state, bytes):
            said = f"{type(word).__name__} and {type(state).__name__}"
            raise RecordMustVerify(entry=number, stored=said, computed="a word and bytes", before=number - 1)
        computed = link(before, number, word, state)
        if computed != stored[1]:
            raise RecordMustVerify(entry=number, stored=stored[1], computed=computed, before=number - 1)
        yield Stored(number, word, state, computed)
        before = computed
    for beyond, sha256 in links:  # a link whose entry is gone
        said = f"the link {sha256} of entry {beyond}"
        raise RecordMustVerify(entry=number + 1, stored=said, computed="no such entry", before=number)


def must_reach_its_heads(place: Place) -> None:
    """RecordMustVerify where a head written down for a place is no beginning of what is there: something is gone.

    For whoever takes the record elsewhere: a head is written for it there, and says nothing of what was cut off before.
    """
    anchors = anchored(place.beside)  # before the record is looked at: whoever records meanwhile writes a later one
    with asked(place) as opened:
        last, tags = opened.rows.last(), len(opened.rows.tags())
        for file, anchor in anchors.items():
            if not isinstance(anchor, Anchor):
                continue  # what is no head speaks of nothing; `verify` tells of it
            must_be_a_beginning(anchor.head, opened.rows.link_at(anchor.head.entry), last, str(file))
            must_have_tags(anchor, tags, last, str(file))


def must_be_a_beginning(written: Head, found: str | None, last: int, by: str) -> None:
    """RecordMustVerify where a head that was written down is none of a record: by the link found there, and its last.

    `by` is what says so.
    """
    if found != written.sha256:
        entry, stored = min(written.entry, last + 1), f"link {found}" if found else f"{last} entries"
        raise RecordMustVerify(entry=entry, stored=stored, computed=f"{written}, says {by}", before=max(entry - 1, 0))


def must_have_tags(anchor: Anchor, tags: int, last: int, by: str) -> None:
    """RecordMustVerify where a record has fewer tags than an anchor counted."""
    if tags < anchor.tags:
        computed = f"{anchor.tags}, says {by}"
        raise RecordMustVerify(entry=last, stored=f"{tags} tags", computed=computed, before=max(last - 1, 0))
