"""§4 §8 - What needs a majority of Series H: the tally when the action was taken, and the votes with the Common."""

from typing import Any

import pytest

from given import COMMON, SERIES_H, given, issued, reading, record, refused, telecopied
from ledger.book import Book
from ledger.errors import ActionMustBeKnown
from ledger.moments import parse_day
from ledger.terms import Terms
from projections.explain.votes import action as explain_action
from projections.explain.watched import Watched
from projections.findings.every import findings
from projections.findings.finding import Finding
from projections.question import Question
from projections.votes import actions, day_of_votes, votes

A, B = issued("3000"), issued("2100", "H-2", "Holder B")  # entries 2 and 3 where they come first


def consented(
    shares: str, holder: str = "Holder A", effective: str = "2001-07-02", action: str = "X"
) -> dict[str, Any]:
    """A journal line for a holder's consent."""
    line = {"event": "ConsentGiven", "effective": effective, "action": action}
    return {**line, "holder": holder, "shares": shares}


def taken(kind: str | None = "adverse", effective: str = "2001-07-03", action: str = "X") -> dict[str, Any]:
    """A journal line for an action taken."""
    return {"event": "ActionTaken", "effective": effective, "action": action, "kind": kind}


def moved(*into: tuple[str, str, str], certificate: str = "H-1", effective: str = "2001-07-02") -> dict[str, Any]:
    """A journal line for a transfer into (holder, certificate, shares)."""
    listed = [{"holder": holder, "certificate": number, "shares": shares} for holder, number, shares in into]
    return {
        "event": "PreferredSharesTransferred",
        "effective": effective,
        "certificate": certificate,
        "into": listed,
    }


def found(book: Book, day: str = "2001-12-31") -> list[Finding]:
    """Findings of an action without a majority."""
    listed = findings(Question.ask(book, parse_day(day)))
    return [one for one in listed if one.finding == "action-without-majority"]


def state(book: Book, day: str = "2001-12-31") -> str:
    """How the only action stands on a day."""
    (action,) = actions(Question.ask(book, parse_day(day)))
    return str(action["state"])


@pytest.mark.parametrize(
    ("kind", "clause"),
    [("adverse", "§8(a)"), (None, "§8(a)"), ("charter_amendment", "§8(b)"), ("common_written_consent", "§4")],
    ids=str,
)
def test_an_action_and_its_finding_are_explained_by_the_clause_that_asks_for_the_majority(
    kind: str | None, clause: str
) -> None:
    """§4 §8(a) §8(b) - The Common's written consent is section 4's, a charter amendment 8(b)'s, all else 8(a)'s."""
    book = given(A, B, taken(kind))
    explained = explain_action(Watched.of(Question.ask(book, parse_day("2001-12-31"))), "X")
    assert (explained.clause, found(book)[0].clause) == (clause, clause)


@pytest.mark.parametrize(
    ("shares", "tally"),
    [("2549.99", "2,549.99 of 5,100"), ("2550", "2,550 of 5,100"), ("2550.01", None)],
    ids=["under half", "exactly half", "a hundredth of a share over half"],
)
def test_s8a_a_majority_is_more_than_half_of_the_shares_outstanding(shares: str, tally: str | None) -> None:
    """2,550 of 5,100 shares are no majority, and 2,550.01 are."""
    book = given(A, B, consented(shares), taken())
    if tally is None:
        assert (found(book), state(book)) == ([], "approved")
        return
    (finding,) = found(book)
    assert (finding.clause, finding.entries, finding.since) == ("§8(a)", (5, 4), parse_day("2001-07-03"))
    assert tally in finding.says
    assert state(book) == "without majority"


def test_s8a_an_action_nobody_consented_to_is_found_with_its_numbers() -> None:
    """An action without any consent has 0 of 5,100 shares behind it."""
    (finding,) = found(given(A, B, taken()))
    assert finding.entries == (4,)
    assert "0 of 5,100 shares" in finding.says


def test_s8a_consents_of_several_holders_are_added() -> None:
    """1,500 and 1,050.01 shares of two holders are 2,550.01 of 5,100."""
    half = (A, B, consented("1500"), consented("1050.01", "Holder B"), taken())
    assert found(given(*half)) == []


@pytest.mark.parametrize(
    ("shares", "name"),
    [("2999.99", None), ("3000", None), ("3000.01", "consent-must-be-held")],
    ids=["less than held", "all", "more than held"],
)
def test_s8a_a_holder_consents_with_what_it_holds(shares: str, name: str | None) -> None:
    """A holder of 3,000 shares cannot have consented with 3,000.01."""
    book = given(A, B)
    if name:
        assert refused(book, consented(shares)) == name
    else:
        assert found(record(book, consented(shares), taken())) == []


def test_s8a_one_who_holds_nothing_has_no_consent_to_give() -> None:
    """A stranger's consent is refused."""
    assert refused(given(A, B), consented("0.01", "Holder Z")) == "consent-must-be-held"


@pytest.mark.parametrize(
    ("left", "gone", "state_then"),
    [
        ("2549.99", "450.01", "without majority"),
        ("2550", "450", "without majority"),
        ("2550.01", "449.99", "approved"),
    ],
)
def test_s8a_a_consent_counts_at_most_what_is_held_when_the_action_is_taken(
    left: str, gone: str, state_then: str
) -> None:
    """3,000 shares consented; of those transferred before the action was taken none counts any more."""
    transfer = moved(("Holder A", "H-3", left), ("Holder C", "H-4", gone))
    book = given(A, B, consented("3000", effective="2001-06-29"), transfer, taken())
    assert state(book) == state_then


def test_s8a_the_tally_is_against_the_shares_outstanding_at_the_time() -> None:
    """After 1,200 shares converted 2,000 of 3,900 are more than half; before they were less than half of 5,100."""
    notice = telecopied("2001-07-02T10:00:00-04:00", ("H-2", "1200"), holder="Holder B")
    before = given(COMMON, A, B, consented("2000", effective="2001-06-29"), taken(effective="2001-06-29"), notice)
    after = given(COMMON, A, B, consented("2000", effective="2001-06-29"), notice, taken())
    assert state(before) == "without majority"
    assert state(after) == "approved"


def test_s8a_a_consent_after_the_action_ratifies_it_and_the_finding_stays() -> None:
    """An action taken with 2,550 shares and consented to by 0.01 more a week later was taken without approval."""
    book = given(A, B, consented("2550"), taken(), consented("0.01", "Holder B", "2001-07-10"))
    (before,), (after,) = found(book, "2001-07-09"), found(book, "2001-07-10")
    assert "ratified" not in before.says
    assert "ratified by entry 6" in after.says
    assert "2,550 of 5,100" in after.says
    assert after.resolved is None
    assert state(book) == "ratified by entry 6"


def test_s8a_a_later_consent_of_exactly_half_ratifies_nothing() -> None:
    """2,550 shares given afterwards are half of the 5,100 and no more."""
    book = given(A, B, taken(), consented("2550", effective="2001-07-10"))
    (finding,) = found(book)
    assert "ratified" not in finding.says


def test_s8a_a_consent_learned_of_late_counts_where_it_was_given() -> None:
    """A consent given on 2 July and recorded after the action of 3 July was there when the action was taken."""
    book = given(A, B, taken())
    assert state(book) == "without majority"
    assert state(record(book, consented("2550.01"))) == "approved"


@pytest.mark.parametrize(
    ("kind", "clause"),
    [("adverse", "§8(a)"), ("charter_amendment", "§8(b)"), (None, "§8(a)"), ("common_written_consent", "§4")],
)
def test_s4_the_common_acts_by_written_consent_only_with_a_majority_of_series_h(kind: str | None, clause: str) -> None:
    """Written consent of the Common without the prior written consent of Series H is a breach of §4, the rest of §8."""
    (finding,) = found(given(A, B, consented("2550"), taken(kind)))
    assert finding.clause == clause
    assert found(given(A, B, consented("2550.01"), taken(kind))) == []


def test_s8_an_action_is_taken_once() -> None:
    """The same id cannot be taken twice; another id can, with consents of its own."""
    book = given(A, B, consented("2550.01"), taken())
    assert refused(book, taken(effective="2001-07-10")) == "action-must-be-taken-once"
    record(book, taken(effective="2001-07-10", action="Y"))
    (finding,) = found(book)
    assert "action Y" in finding.says
    assert "0 of 5,100" in finding.says


@pytest.mark.parametrize("kind", ["adverse", "common_written_consent"])
def test_s8a_without_shares_outstanding_nobody_has_to_consent(kind: str) -> None:
    """So long as no share of Series H remains outstanding the Company acts freely."""
    whole = (COMMON, issued(), telecopied("2001-07-02T10:00:00-04:00", ("H-1", "5100")))
    assert found(given(*whole, taken(kind))) == []
    assert found(given(*whole[:2], taken(kind))) != []


@pytest.mark.parametrize(
    ("terms", "preferred", "together"),
    [(SERIES_H, "138889", "35138889"), (reading(votes="every share"), "208333", "35208333")],  # 150 × 1,388.89
    ids=["in lots", "every share"],
)
def test_s4_series_h_and_common_vote_as_a_single_class(terms: Terms, preferred: str, together: str) -> None:
    """At a record date 150 shares have 138,889 votes beside 35,000,000 of the Common, or 208,333 counting each."""
    record_date = {
        "event": "RecordDateSet",
        "effective": "2001-11-01",
        "action": "annual meeting",
        "record_date": "2001-11-26",
        "purpose": "vote",
    }
    answer = votes(Question.ask(given(COMMON, issued("150"), record_date, terms=terms), parse_day("2001-11-26")))
    assert answer["holders"] == [{"holder": "Holder A", "votes": preferred}]
    assert (answer["preferred"], answer["common"], answer["single_class"]) == (preferred, "35000000", together)
    assert answer["record_dates"] == [
        {"action": "annual meeting", "record_date": "2001-11-26", "entry": 4, "late": False}
    ]


def test_s4_a_conversion_moves_votes_from_one_side_of_the_class_to_the_other() -> None:
    """100 of 5,100 shares converted: 5,000 × 1,388.89 votes stay, 138,889 are of the Common, the sum is the same."""
    book = given(COMMON, issued(), telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100")))
    answer = votes(Question.ask(book, parse_day("2001-07-02")))
    assert (answer["preferred"], answer["common"], answer["single_class"]) == ("6944450", "35138889", "42083339")


@pytest.mark.parametrize(
    "lines",
    [(), ({"event": "RecordDateSet", "effective": "2001-07-05", "action": "X", "record_date": "2001-07-20"},)],
    ids=["no date", "a record date for something else"],
)
def test_s4_without_a_record_date_for_the_vote_the_day_it_is_taken_counts(lines: tuple[dict[str, Any], ...]) -> None:
    """Consented to on 2 July and not yet taken, an action is voted on by the holders of the day asked about."""
    question = Question.ask(given(A, B, consented("100"), *lines), parse_day("2001-12-31"))
    assert day_of_votes(question, "X") == parse_day("2001-12-31")
    question = Question.ask(given(A, B, consented("100"), *lines, taken()), parse_day("2001-12-31"))
    assert day_of_votes(question, "X") == parse_day("2001-07-03")


def test_s4_the_holders_of_the_record_date_vote() -> None:
    """With 20 July fixed as the record date, a transfer of the 21st moves no vote, whenever it is asked."""
    line = {"event": "RecordDateSet", "effective": "2001-07-05", "action": "X", "purpose": "vote"}
    book = given(A, {**line, "record_date": "2001-07-20"}, moved(("Holder B", "H-2", "3000"), effective="2001-07-21"))
    question = Question.ask(book, parse_day("2001-12-31"))
    counted = Question(book, day_of_votes(question, "X"))
    # 3,000 x 1,388.89 = 4,166,670
    assert votes(counted)["holders"] == [{"holder": "Holder A", "votes": "4166670"}]
    assert votes(question)["holders"] == [{"holder": "Holder B", "votes": "4166670"}]


def test_an_action_nobody_spoke_of_is_not_known() -> None:
    """A question about votes on an action names those there are."""
    with pytest.raises(ActionMustBeKnown, match="names X"):
        day_of_votes(Question.ask(given(A, consented("100")), parse_day("2001-12-31")), "Y")


@pytest.mark.parametrize(("second", "allowed"), [("1549.99", False), ("1550", False), ("1550.01", True)])
def test_s8a_a_second_consent_is_for_further_shares(second: str, allowed: bool) -> None:
    """Reading consents: 1,000 and then 1,550.01 of a holder's 3,000 shares are 2,550.01 of 5,100."""
    book = given(A, B, consented("1000"), consented(second), taken())
    assert (state(book) == "approved") is allowed


def test_s8a_consents_count_for_no_more_shares_than_are_held() -> None:
    """Reading consents: 1,500 and 1,500 of a holder of 2,100 are 2,100, which is no majority of 5,100."""
    book = given(A, B, consented("1500", "Holder B"), consented("1500", "Holder B"), taken())
    (finding,) = found(book)
    assert "2,100 of 5,100" in finding.says
