"""Whole random histories: the ledger against a second, naive computation, and against itself."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import HealthCheck, assume, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

import naive
from given import SERIES_H, given, record
from histories import histories
from ledger.book import Book
from ledger.errors import Refusal
from projections.asof import answer
from projections.question import Question

Line = dict[str, Any]

FIRST, LAST = date(2001, 4, 11), date(2004, 12, 31)
whole = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def figures(told: dict[str, Any]) -> dict[str, Any]:
    """The figures of an answer that the naive computation also gives, as fractions."""
    preferred, dividends = told["preferred"], told["dividends"]
    return {
        "issued": Fraction(preferred["issued"]),
        "outstanding": Fraction(preferred["outstanding"]),
        "conversion_rate": Fraction(told["conversion_rate"]["exact"]),
        "accrued_unpaid": Fraction(dividends["accrued_unpaid"]["exact"]),
        "due_on_conversion": Fraction(dividends["due_on_conversion"]["exact"]),
        "common_outstanding": Fraction(told["common"]["outstanding"]),
        "liquidation_preference": Fraction(told["liquidation_preference"]["exact"]),
        "holders": {
            holder["holder"]: {
                "shares": Fraction(holder["shares"]),
                "accrued_dividends": Fraction(holder["accrued_dividends"]["exact"]),
                "votes": Fraction(holder["votes"]),
            }
            for holder in preferred["holders"]
        },
    }


def days_of(journal: list[Line], random: Random, count: int) -> list[date]:
    """Days to ask about: around effective days, where something may just have happened, and far from any."""
    effective = [
        date.fromisoformat(line["effective"][:10]) for line in random.sample(journal, min(count, len(journal)))
    ]
    near = [day + timedelta(days=random.choice((-1, 0, 0, 1, 3))) for day in effective]
    return [*near, FIRST + timedelta(days=random.randrange((LAST - FIRST).days))]


@whole
@drawn(histories(100), st.randoms(use_true_random=False))
def test_every_figure_equals_a_naive_computation_on_any_day(journal: list[Line], random: Random) -> None:
    """Each figure of an answer is what a reader with pencil and paper gets from the same entries."""
    book = given(*journal)
    for day in days_of(journal, random, 6):
        assert figures(answer(book, day)) == naive.answer(journal, day.isoformat())


def reordered(journal: list[Line], random: Random) -> list[Line]:
    """The same entries in another valid order of recording, none overtaking one of its own (deemed) instant."""
    placed = {number: at for at, _, number, _ in naive.timeline(journal)[0]}
    # A notice that is revoked comes in its turn: what follows both may be impossible after the one without the other.
    revoked = {line["notice"] for line in journal if line["event"] == "NoticeOfConversionRevoked"}
    delays = {
        number: 0 if line.get("notice") in revoked else random.choice((0, 0, 0, 20))
        for number, line in enumerate(journal, 2)
    }
    waiting = sorted(enumerate(journal, 2), key=lambda numbered: numbered[0] + delays[numbered[0]])
    book, order = Book(SERIES_H), []
    while waiting:
        left = []
        for number, line in waiting:
            first = min(other for other, _ in waiting if placed.get(other) == placed.get(number))
            try:
                assert number == first or number not in placed
                record(book, line)
            except (AssertionError, Refusal):
                left.append((number, line))
            else:
                order.append(line)
        assume(len(left) < len(waiting))
        waiting = left
    return order


@whole
@drawn(histories(60), st.randoms(use_true_random=False))
def test_the_recorded_order_does_not_matter_to_an_as_of_answer(journal: list[Line], random: Random) -> None:
    """What was learned late takes its place: only entries of one instant keep the order in which they came."""
    days = days_of(journal, random, 4)
    in_order, late = given(*journal), given(*reordered(journal, random))
    for day in days:
        assert figures(answer(late, day)) == figures(answer(in_order, day))


@whole
@drawn(histories(60), st.randoms(use_true_random=False))
def test_replaying_a_record_gives_what_live_recording_gave(journal: list[Line], random: Random) -> None:
    """A position is nothing but its entries: folded anew from the stored record it is the same."""
    live = given(*journal)
    assert Book(SERIES_H, live.record).position == live.position


@whole
@drawn(histories(60), st.randoms(use_true_random=False))
def test_shares_are_conserved_on_every_day(journal: list[Line], random: Random) -> None:
    """§7 - Every share ever issued is outstanding, converted, redeemed or reacquired, and stands on one certificate."""
    book = given(*journal)
    for day in days_of(journal, random, 6):
        position = Question.ask(book, day).position
        gone = position.converted + position.redeemed + position.reacquired
        assert position.issued == position.outstanding + gone <= SERIES_H.designated_shares.value
        assert position.outstanding == sum(held.shares for held in position.live())
        assert all(held.shares > 0 for held in position.live())
        assert position.common.outstanding >= position.pending_common >= 0


@whole
@drawn(histories(40), st.randoms(use_true_random=False))
def test_a_voided_entry_leaves_no_trace_but_in_the_past(journal: list[Line], random: Random) -> None:
    """Voided, an entry is in no answer; asked as known before the voiding, it still is."""
    book = given(*journal)
    before = book.record[-1].recorded
    for number in random.sample(range(2, book.last + 1), 8):
        try:
            record(book, {"event": "EntryVoided", "effective": "2004-01-01", "entry": number})
        except Refusal:
            continue  # something else rests on it
        break
    else:
        assume(False)
    without = [line for other, line in enumerate(journal, 2) if other != number]
    for day in days_of(journal, random, 4):
        assert figures(answer(book, day)) == naive.answer(without, day.isoformat())
        assert figures(answer(book, day, before)) == naive.answer(journal, day.isoformat())


@whole
@drawn(histories(40), st.randoms(use_true_random=False))
def test_a_corrected_entry_reads_as_if_it_had_been_right_at_first(journal: list[Line], random: Random) -> None:
    """The replacement stands in the place of what it corrects, whatever day the correction was made."""
    sales = [number for number, line in enumerate(journal, 2) if line["event"] == "CommonSharesIssued"]
    assume(sales)
    number = random.choice(sales)
    right = {**journal[number - 2], "cash": "1000", "shares": "4000"}
    book = given(*journal)
    try:
        record(book, {"event": "EntryCorrected", "effective": "2004-01-01", "entry": number, "replacement": right})
    except Refusal:
        assume(False)
    corrected = [right if other == number else line for other, line in enumerate(journal, 2)]
    for day in days_of(journal, random, 4):
        assert figures(answer(book, day)) == naive.answer(corrected, day.isoformat())
