"""A journal is UTF-8 JSON Lines, one entry a line, read strictly: every refusal of form has its stable name."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.events import KINDS
from ledger.journal import read_fields, read_journal, read_line

RETIRED = '{"event": "CommonSharesRetired", "effective": "2001-05-01", "shares": "100"}'
SHARES = '{"event": "CommonSharesRetired", "effective": "2001-05-01", "shares": %s}'
DAY = '{"event": "CommonSharesRetired", "effective": %s, "shares": "100"}'
HOLDER = '{"event": "HolderRegistered", "effective": "2001-05-01", "holder": %s}'
PAID = '{"event": "DividendPaid", "effective": "2001-06-11", "payable_on": "2001-06-10", "amount": %s}'
CORRECTED = '{"event": "EntryCorrected", "effective": "2001-06-11", "entry": 2, "replacement": %s}'
AMENDED = '{"event": "CertificateAmended", "effective": "2001-06-11", "terms": %s}'

ENVELOPE: dict[str, Any] = {
    "effective": "2001-11-09T17:01:00-05:00",
    "ref": "line 1",
    "document": {"title": "Letter of 9 November", "sha256": "0123456789abcdef" * 4},
    "note": "as told",
}
EXAMPLES = """
CommonStockOpened {"outstanding": "35000000", "authorized": "230000000", "par_value": "0.05"}
HolderRegistered {"holder": "A", "name": "Holder A", "address": "100 Century Blvd.\\nFlorida", "fax": "640-3160"}
PreferredSharesIssued {"holder": "A", "certificate": "H-1", "shares": "2056.99", "consideration": "notes"}
PreferredSharesTransferred {"certificate": "H-1", "into": [{"holder": "B", "certificate": "H-2", "shares": "0.01"}]}
CertificateReplaced {"certificate": "H-1", "new_certificate": "H-2", "reason": "lost", "indemnity": "bond"}
PreferredSharesReacquired {"certificate": "H-1", "shares": "1", "price": "800.25", "balance_certificate": "H-2"}
DividendPaid {"payable_on": "2001-06-10", "amount": "82166.67"}
OtherClassDividendPaid {"stock": "Series I", "amount": "1"}
FundsSetApart {"purpose": "dividend", "payable_on": "2001-06-10", "amount": "0.01"}
NoticeOfConversionReceived {"notice": "N-1", "holder": "A", "surrendered": [{"certificate": "H-1", "shares": "100"}],\
 "fractions": "issue", "copies": false}
NoticeCompleted {"notice": "N-1"}
OriginalsReceived {"notice": "N-1"}
TransferAgentInstructed {"notice": "N-1"}
CommonSharesDelivered {"notice": "N-1", "shares": "138889", "cash_in_lieu": "0", "market_price": "0.305",\
 "balance_certificates": [{"certificate": "H-1", "new_certificate": "H-2"}]}
ConversionDividendPaid {"notice": "N-1", "amount": "833.33"}
NoticeOfConversionRevoked {"notice": "N-1"}
CommonSharesIssued {"shares": "12345678901234567890.123456789012", "cash": "0.005", "property_fair_value": "1",\
 "board_resolution": "of 9 November", "holder": "B", "exempt": "employee_plan"}
CommonSharesRetired {"shares": "1"}
CommonStockSplit {"new_shares": "3", "old_shares": "2", "action": "X"}
CommonStockReclassified {"into": [{"security": "Cash", "per_share": "0.000000000001"}], "action": "X"}
ReorganizationEffected {"kind": "merger", "per_share": [{"security": "Cash", "per_share": "1"}], "action": "X",\
 "successor": "Successor, Inc.", "assumed_in_writing": true}
CommonAuthorizationChanged {"authorized": "300000000"}
RedemptionNoticeMailed {"redemption": "R-1", "redemption_date": "2001-12-10", "representation": true,\
 "shares": [{"certificate": "H-1", "shares": "100.5"}], "stated_total": "100.5", "stated_price": "0",\
 "surrender_to": "the office", "holders": ["A", "B"]}
SharesRedeemed {"redemption": "R-1"}
RedemptionPricePaid {"redemption": "R-1", "certificate": "H-1", "amount": "1", "balance_certificate": "H-2"}
LiquidationCommenced {"kind": "voluntary", "assets_available": "0", "action": "X"}
LiquidationDistributionPaid {"amount": "1"}
ConsentGiven {"action": "X", "holder": "A", "shares": "1"}
ActionTaken {"action": "X", "kind": "adverse", "description": "a loan"}
RecordDateSet {"action": "X", "record_date": "2001-12-10", "purpose": "vote", "security": "Common Stock"}
RecordDateNoticeMailed {"action": "X", "specified_dates": ["2001-12-10"], "description": "a vote"}
CountAttested {"of": "preferred", "shares": "0", "by": "the transfer agent"}
BankClosureDeclared {"closed_on": "2001-11-12", "reason": "hurricane"}
CertificateAmended {"terms": {"dividend_rate": "0.12"}}
EntryCorrected {"entry": 2, "kind": "clerical", "reason": "mistyped",\
 "replacement": {"event": "CommonSharesRetired", "effective": "2001-05-01", "shares": "1"}}
EntryVoided {"entry": 2, "reason": "never was"}
"""
FIELDS: dict[str, dict[str, Any]] = {
    word: json.loads(fields) for word, _, fields in (line.partition(" ") for line in EXAMPLES.strip().split("\n"))
}
OPTIONAL = [
    (word, name) for word, kind in KINDS.items() for name, field in kind.model_fields.items() if not field.is_required()
]


def name_of(line: str) -> str:
    """The stable name of the refusal of a line."""
    with pytest.raises(LedgerError) as refusal:
        read_line(line, "the journal, line 7")
    assert (refusal.value.exit_code, "the journal, line 7" in str(refusal.value)) == (2, True)
    assert "Nothing was recorded." in str(refusal.value)
    return refusal.value.name


REFUSED = {
    "a float": (SHARES % "100.5", "quantity-must-be-exact"),
    "a float that is whole": (SHARES % "100.0", "quantity-must-be-exact"),
    "an exponent": (SHARES % "1e3", "quantity-must-be-exact"),
    "an exponent in a string": (SHARES % '"1e3"', "quantity-must-be-a-number"),
    "a sign": (SHARES % '"+5"', "quantity-must-be-a-number"),
    "a space": (SHARES % '" 5"', "quantity-must-be-a-number"),
    "a line end": (SHARES % r'"5\n"', "quantity-must-be-a-number"),
    "a thousands separator": (SHARES % '"1,000"', "quantity-must-be-a-number"),
    "digits of another script": (SHARES % '"٣"', "quantity-must-be-a-number"),
    "NaN": (SHARES % "NaN", "quantity-must-be-exact"),
    "Infinity": (SHARES % "-Infinity", "quantity-must-be-exact"),
    "NaN in a string": (SHARES % '"NaN"', "quantity-must-be-a-number"),
    "negative": (SHARES % "-1", "quantity-must-be-positive"),
    "negative in a string": (SHARES % '"-0.01"', "quantity-must-be-positive"),
    "zero": (SHARES % "0", "quantity-must-be-positive"),
    "zero with decimals": (SHARES % '"0.000"', "quantity-must-be-positive"),
    "21 digits": (SHARES % f'"{"9" * 21}"', "quantity-must-be-a-number"),
    "21 digits, bare": (SHARES % ("9" * 21), "quantity-must-be-a-number"),
    "13 decimals": (SHARES % '"0.0000000000001"', "quantity-must-be-a-number"),
    "no decimal after the point": (SHARES % '"1."', "quantity-must-be-a-number"),
    "a million digits": (SHARES % ("9" * 999_000), "quantity-must-be-a-number"),
    "a boolean for a quantity": (SHARES % "true", "quantity-must-be-a-number"),
    "null for a required field": (SHARES % "null", "field-must-be-present"),
    "a list for a quantity": (SHARES % "[100]", "quantity-must-be-a-number"),
    "half a cent paid": (PAID % '"82166.665"', "payment-must-be-whole-cents"),
    "nothing paid": (PAID % '"0.00"', "quantity-must-be-positive"),
    "a compact day": (DAY % '"20010412"', "moment-must-be-strict"),
    "a day as a number": (DAY % "20010412", "moment-must-be-strict"),
    "an American day": (DAY % '"4/12/2001"', "moment-must-be-strict"),
    "a day of no calendar": (DAY % '"2001-02-29"', "moment-must-be-strict"),
    "a day before the bank calendar": (DAY % '"1998-12-31"', "moment-must-be-strict"),
    "a day after the bank calendar": (DAY % '"2101-01-01"', "moment-must-be-strict"),
    "an instant without offset": (DAY % '"2001-11-09T17:01:00"', "moment-must-be-strict"),
    "an instant without seconds": (DAY % '"2001-11-09T17:01-05:00"', "moment-must-be-strict"),
    "an instant with a space": (DAY % '"2001-11-09 17:01:00-05:00"', "moment-must-be-strict"),
    "an hour of no clock": (DAY % '"2001-11-09T25:01:00-05:00"', "moment-must-be-strict"),
    "an instant for a day": ((PAID % 1).replace("06-10", "06-10T00:00:00Z"), "day-must-be-strict"),
    "an unknown kind": (RETIRED.replace("Retired", "Burned"), "kind-must-be-known"),
    "no kind": ('{"effective": "2001-05-01"}', "kind-must-be-known"),
    "a kind that is no text": ('{"event": ["DividendPaid"]}', "kind-must-be-known"),
    "an unknown field": (RETIRED.replace("}", ', "color": "red"}'), "field-must-be-known"),
    "an unknown field of a part": (
        RETIRED.replace("}", ', "document": {"title": "a", "sha256": "%s", "pages": 1}}' % ("0" * 64)),
        "field-must-be-known",
    ),
    "a recorded instant of one's own": (RETIRED.replace("}", ', "recorded": "2001-05-01"}'), "field-must-be-known"),
    "a missing field": (RETIRED.replace(', "shares": "100"', ""), "field-must-be-present"),
    "no effective day": (RETIRED.replace('"effective": "2001-05-01", ', ""), "field-must-be-present"),
    "a key twice": (RETIRED.replace("}", ', "shares": "100"}'), "field-must-be-given-once"),
    "a key of a part twice": (HOLDER % '{"a": 1, "a": 2}', "field-must-be-given-once"),
    "NUL in a name": (HOLDER % r'"A\u0000B"', "name-must-be-printable"),
    "a control character in a name": (HOLDER % r'"A\u001b[2J"', "name-must-be-printable"),
    "half a surrogate pair in a name": (HOLDER % r'"A\ud800"', "name-must-be-printable"),
    "an empty name": (HOLDER % '""', "name-must-have-a-length"),
    "201 characters": (HOLDER % f'"{"é" * 201}"', "name-must-have-a-length"),
    "a name that is no text": (HOLDER % "7", "name-must-be-text"),
    "NUL in a note": (RETIRED.replace("}", r', "note": "\u0000"}'), "name-must-be-printable"),
    "half a pair in a note": (RETIRED.replace("}", r', "note": "\udc00"}'), "name-must-be-printable"),
    "half a pair in a term": (AMENDED % r'{"dividend_rate": "\ud800"}', "quantity-must-be-a-number"),
    "a correction by a correction": (CORRECTED % (CORRECTED % RETIRED), "kind-must-be-known"),
    "a correction with a bad quantity": (CORRECTED % (SHARES % '"1e3"'), "quantity-must-be-a-number"),
    "a certificate listed twice": (
        json.dumps({"event": "RedemptionNoticeMailed", **ENVELOPE, **FIELDS["RedemptionNoticeMailed"]}).replace(
            '"shares": [', '"shares": [{"certificate": "H-1", "shares": "1"}, '
        ),
        "certificate-must-be-listed-once",
    ),
    "a list": (f"[{RETIRED}]", "entry-must-be-an-object"),
    "a string": ('"CommonSharesRetired"', "entry-must-be-an-object"),
    "null": ("null", "entry-must-be-an-object"),
    "a number": ("7", "entry-must-be-an-object"),
    "half a line": (RETIRED[:-9], "line-must-be-json"),
    "two entries on a line": (RETIRED + RETIRED, "line-must-be-json"),
    "a byte order mark": ("\ufeff" + RETIRED, "line-must-be-json"),
    "a raw control character": (HOLDER % '"A\tB"', "line-must-be-json"),
    "nested too deep": ("[" * 100_000, "line-must-be-json"),
    "a line of a million characters": (HOLDER % f'"{"A" * 1_000_000}"', "line-must-be-short"),
}


@pytest.mark.parametrize(("line", "name"), REFUSED.values(), ids=REFUSED.keys())
def test_a_line_that_breaks_a_rule_of_form_is_refused_by_its_name(line: str, name: str) -> None:
    """What is not written as the journal is written is not guessed at: the line and the rule are named."""
    assert name_of(line) == name


def test_the_longest_quantity_and_the_longest_name_are_accepted() -> None:
    """20 digits before the point, 12 after it, and names of 200 characters are within the form."""
    for line in (SHARES % f'"{"9" * 20}.{"9" * 12}"', SHARES % ("9" * 20), HOLDER % f'"{"é" * 200}"'):
        assert isinstance(read_line(line, "a line"), Entry)


@pytest.mark.parametrize("word", KINDS)
def test_an_entry_of_every_kind_is_written_as_it_is_read(word: str) -> None:
    """A line read, written and read again says the same, whatever its kind, and none of its fields is lost."""
    line = {"event": word, **ENVELOPE, **FIELDS[word]}
    assert set(line) == {"event", *KINDS[word].model_fields}
    entry = read_line(json.dumps(line), "a line")
    assert entry.line() == line
    assert read_line(json.dumps(entry.line(), ensure_ascii=False), "a line") == entry


@pytest.mark.parametrize(("word", "field"), OPTIONAL)
def test_an_explicit_null_is_an_absent_field(word: str, field: str) -> None:
    """What may be left out may be given as null and means the same."""
    line = {"event": word, **ENVELOPE, **FIELDS[word]}
    without = {name: value for name, value in line.items() if name != field}
    assert read_line(json.dumps({**line, field: None}), "a line") == read_line(json.dumps(without), "a line")


def entries(lines: Iterable[str]) -> list[tuple[int, str]]:
    """The line numbers and words of a journal."""
    return [(number, entry.word) for number, entry in read_journal(lines, "the journal")]


def test_blank_lines_and_carriage_returns_are_passed_over() -> None:
    """A journal from any system reads the same, and its lines keep their numbers."""
    assert entries(["", RETIRED + "\r", "\r", "  \t ", RETIRED]) == [
        (2, "CommonSharesRetired"),
        (5, "CommonSharesRetired"),
    ]


def test_a_line_separator_in_a_text_does_not_part_a_line() -> None:
    """U+2028 ends a line for some programs; in a journal only the line feed does."""
    entry = read_line(HOLDER % '"A", "address": "A\u2028B"', "a line")
    assert entry.line()["address"] == "A\u2028B"


@pytest.mark.parametrize("lines", [[], [""], ["", "\r", " "]], ids=["no line", "an empty line", "blank lines"])
def test_a_journal_without_an_entry_is_refused(lines: list[str]) -> None:
    """Nothing to record is a mistake worth a word."""
    with pytest.raises(LedgerError) as refusal:
        entries(lines)
    assert refusal.value.name == "journal-must-hold-entries"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (["--shares"], "field-must-have-a-value"),
        (["shares", "1"], "field-must-have-a-value"),
        (["--shares", "1", "--shares=1"], "field-must-be-given-once"),
        (["--shares", "[1"], "line-must-be-json"),
        (["--shares", "true"], "quantity-must-be-a-number"),
        (["--shares", "[1.5]"], "quantity-must-be-exact"),
        (["--shares", "1", "--color", "red"], "field-must-be-known"),
    ],
)
def test_fields_of_the_command_line_keep_the_same_rules(fields: list[str], name: str) -> None:
    """An entry from flags is read as strictly as one from a line."""
    with pytest.raises(LedgerError) as refusal:
        read_fields("CommonSharesRetired", ["--effective=2001-05-01", *fields], "CommonSharesRetired")
    assert refusal.value.name == name


@pytest.mark.parametrize("depth", range(850, 1000, 10))
def test_a_value_nested_to_the_brink_is_still_refused_in_words(depth: int) -> None:
    """Where a parser still bears a depth, what quotes the value must bear it too."""
    assert name_of(SHARES % ("[" * depth + "]" * depth)) in ("quantity-must-be-a-number", "line-must-be-json")


def test_a_line_of_many_fields_is_refused_for_the_one_given_twice() -> None:
    """20,000 fields, the last of them twice, are refused by the one that stands twice."""
    fields = ",".join(f'"{number}":0' for number in [*range(20_000), 19_999])
    assert name_of(f"{{{fields}}}") == "field-must-be-given-once"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["2001-04-12", "1.5", "H-1", *KINDS]),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text() | st.sampled_from(list(ENVELOPE)), values),
    max_leaves=8,
)
LINES = st.builds(
    lambda word, fields, more: json.dumps({"event": word, **ENVELOPE, **FIELDS[word], **fields, **more}),
    st.sampled_from(list(KINDS)),
    st.dictionaries(st.sampled_from(sorted({name for fields in FIELDS.values() for name in fields})), JSON, max_size=2),
    st.dictionaries(st.text(), JSON, max_size=1),
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), JSON.map(json.dumps), LINES))
@example(r'{"event": "CommonSharesRetired", "effective": "2001-04-12", "\ud800": 1}')
@example("-")
@example("1E400")
def test_whatever_stands_on_a_line_is_an_entry_or_is_refused(line: str) -> None:
    """There is no text that is neither read nor refused, and what is read can be stored."""
    try:
        entry = read_line(line, "a line")
    except LedgerError:
        return
    stored = json.dumps(entry.line(), ensure_ascii=False).encode()
    assert read_line(stored.decode(), "a line") == entry
