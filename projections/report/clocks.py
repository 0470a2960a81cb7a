"""The text of the record through time: a replay, the tags, and what changed between two moments."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from ledger.citations import in_entries
from ledger.figures import headline
from projections.difference import Difference
from projections.replay import Replayed
from projections.report.aside import Aside
from projections.report.text import paragraph, section, table


def replay(shown: Aside, digest: str) -> Iterator[str]:
    """The entries that were replayed, as `replayed` says each, and the digest after the last."""
    if not shown:
        return iter(["No entry to replay: the ledger holds its terms (entry 1), or none of the numbers asked for."])
    return chain(shown, ["", f"digest {digest}"])


def replayed(one: Replayed) -> str:
    """An entry with what it moved and found."""
    late = ", late" if one.late else ""
    said = [f"entry {one.item.number}: {one.event}, {one.effective}{late}"]
    before, after = headline(one.moved.before), headline(one.moved.after)
    said += [f"  {name.replace('_', ' ')}: {before[name]} -> {after[name]}" for name in one.moved.figures]
    said += [f"  found: {finding.finding} ({finding.clause})" for finding in one.opened]
    said += [f"  put right: {finding.finding} ({finding.clause})" for finding in one.closed]
    return "\n".join(said)


def tags(rows: Sequence[dict[str, Any]]) -> str:
    """The tags, by name."""
    listed = (
        (one["tag"], one["as_of"], one["known_at"], one["head"]["entry"], one["head"]["sha256"][:16]) for one in rows
    )
    return table(("tag", "as of", "known at", "entry", "sha256 begins"), listed, align="lllrl")


def diff(first: str, second: str, changed: Sequence[Difference], entries: Sequence[dict[str, Any]]) -> str:
    """What changed, figure by figure, and the entries that changed it."""
    if not changed and not entries:
        return f"Nothing changed from {first} to {second}."
    rows = (
        (
            one["entry"],
            one["effective"],
            one["event"],
            one["change"],
            in_entries(one["by"], ()),  # the day a correction was made orders nothing: it is never late
            "late" if one["late"] else "",
        )
        for one in entries
    )
    figures = "\n".join(paragraph(one.text(), rest="  ") for one in changed) or "none"
    return "\n".join(
        [
            f"From {first} to {second}",
            "",
            section("Figures", figures),
            section("Entries", table(("entry", "effective", "event", "change", "by", ""), rows, align="rlllll")),
        ]
    ).rstrip()
