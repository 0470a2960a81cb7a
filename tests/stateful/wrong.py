"""Lines that can never be recorded: impossible ones, and ones that are no entries at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stateful.scene import Chance

Line = Mapping[str, Any]
HOLDER = {"event": "HolderRegistered", "effective": "2001-05-01", "holder": "Holder A"}
_PART = {"certificate": "H-none", "shares": "100"}
_HELD = {"effective": "2003-01-01", "certificate": "H-none"}
_ON = {"effective": "2003-01-02"}

IMPOSSIBLE: tuple[Line, ...] = (
    {"event": "EntryVoided", **_ON, "entry": 1},
    {"event": "EntryVoided", **_ON, "entry": 9999},
    {"event": "EntryCorrected", **_ON, "entry": 9999, "replacement": HOLDER},
    {"event": "PreferredSharesIssued", **_HELD, "holder": "Holder A", "shares": "5100.01"},
    {"event": "PreferredSharesReacquired", **_HELD, "shares": "1"},
    {"event": "CertificateReplaced", **_HELD, "new_certificate": "H-other"},
    {"event": "PreferredSharesTransferred", **_HELD, "into": [{**_PART, "holder": "Holder B"}]},
    {"event": "NoticeOfConversionReceived", "effective": "2003-01-02T10:00:00-05:00", "notice": "N-other",
     "holder": "Holder A", "surrendered": [_PART]},
    {"event": "NoticeOfConversionRevoked", **_ON, "notice": "N-none"},
    {"event": "SharesRedeemed", **_ON, "redemption": "R-none"},
    {"event": "DividendPaid", **_ON, "payable_on": "2003-03-10", "amount": "0.01"},
    {"event": "ConsentGiven", **_ON, "action": "A-1", "holder": "Nobody", "shares": "1"},
    {"event": "CommonSharesRetired", **_ON, "shares": "9" * 20},
    {"event": "CertificateAmended", **_ON, "terms": {"business_opens": "18:00"}},
)  # fmt: skip
"""What no ledger told of here makes possible."""


def impossible(chance: Chance) -> Line:
    """A line that is understood and refused."""
    return chance.pick(IMPOSSIBLE)


def malformed(chance: Chance, line: Line) -> Line:
    """A line that is not understood."""
    retired = {"event": "CommonSharesRetired", "effective": "2001-05-01"}
    corrected = {"event": "EntryCorrected", "effective": "2001-07-01", "entry": 2}
    return chance.pick((
        {**line, "event": "SharesBlessed"}, {**line, "color": "blue"}, {**line, "effective": "2001-4-12"},
        {**line, "effective": "2001-02-30"}, {**line, "effective": 0}, {**line, "ref": ""}, {**line, "ref": " x"},
        {"event": line["event"]}, {**retired, "shares": 1.5}, {**retired, "shares": "0"}, {**retired, "shares": "-1"},
        {"event": "DividendPaid", "effective": "2001-07-01", "payable_on": "2001-06-10", "amount": "0.001"},
        {**corrected, "replacement": {"event": "HolderRegistered"}},
        {**corrected, "replacement": {"event": "EntryVoided", "effective": "2001-07-01", "entry": 2}},
    ))  # fmt: skip
