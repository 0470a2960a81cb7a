"""§2 §3(e)(ii) - The rollforward: opening, every movement and closing, exactly, and tied to `asof` at both ends."""

import re
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from given import COMMON, given, issued, on_notice, telecopied
from histories import histories
from ledger.book import Book
from ledger.errors import QuestionMustBeUnderstood
from ledger.moments import day_of, end_of, parse_day
from ledger.position.fold import advance
from ledger.position.state import Position
from on_file import begun, ran
from projections.asof import answer
from projections.question import Question
from projections.rollforward import LINES, MEASURES, Measured, Period, rollforward, whole
from test_properties import days_of
from test_story import story

ZEROS = (0,) * 6

# 3,600 shares accrue 3,600 x $1,000 x 10% / 360 = $1,000 a day; 900 of them $250 a day.
LINES_TOLD: tuple[dict[str, Any], ...] = (
    COMMON,
    issued("3600"),
    {"event": "DividendPaid", "effective": "2001-06-11", "payable_on": "2001-06-10", "amount": "58000.00"},
    telecopied("2001-07-10T10:30:00-04:00", ("H-1", "900")),
    on_notice("ConversionDividendPaid", "2001-07-13", amount="7500.00"),
    {
        "event": "RedemptionNoticeMailed",
        "effective": "2001-08-01",
        "redemption": "R-1",
        "redemption_date": "2001-09-10",
        "shares": [{"certificate": "H-1", "shares": "900"}],
    },
    {"event": "PreferredSharesReacquired", "effective": "2001-08-10", "certificate": "H-1", "shares": "900"},
    {"event": "SharesRedeemed", "effective": "2001-09-10", "redemption": "R-1"},
    {"event": "DividendPaid", "effective": "2001-09-10", "payable_on": "2001-09-10", "amount": "22500.00"},
    {
        "event": "RedemptionPricePaid",
        "effective": "2001-09-12",
        "redemption": "R-1",
        "certificate": "H-1",
        "amount": "922500.00",
    },
    telecopied("2001-10-10T10:30:00-04:00", ("H-1", "900"), notice="N-2"),
    on_notice("OriginalsReceived", "2001-10-11T10:00:00-04:00", "N-2"),
    on_notice("NoticeOfConversionRevoked", "2001-10-17T09:30:00-04:00", "N-2"),
)


def rolled(book: Book, first: str, last: str) -> list[Period]:
    """§2 §3(e)(ii) - The quarters after one day through another."""
    return rollforward(Question.ask(book, parse_day(last)), parse_day(first))


def moved(period: Period) -> dict[str, tuple[int, ...]]:
    """§2 - What each line of a period moved, in the order of the measures; lines of zeros left out."""
    told = {line: tuple(int(value) for value in values.values()) for line, values in period.lines.items()}
    assert all(value.denominator == 1 for values in period.lines.values() for value in values.values())
    return {line: values for line, values in told.items() if values != ZEROS}


def said_of(book: Book, day: str) -> Measured:
    """§2 §3(e)(ii) §6 - The same measures as `captable asof` has them."""
    told = answer(book, parse_day(day))
    unpaid = [Fraction(one["unpaid"]["exact"]) for one in told["redemptions"]]
    shares, preference = Fraction(told["preferred"]["outstanding"]), told["liquidation_preference"]["exact"]
    accrued = Fraction(told["dividends"]["accrued_unpaid"]["exact"])
    values = (
        shares,
        Fraction(preference) - accrued,
        accrued,
        Fraction(preference),
        Fraction(told["dividends"]["due_on_conversion"]["exact"]),
        sum(unpaid, Fraction(0)),
    )
    return dict(zip(MEASURES, values, strict=True))


def must_tie(book: Book, periods: list[Period]) -> None:
    """§2 §3(e)(ii) - Each opening and closing is `asof`'s, each closing the next opening, and the lines between sum."""
    for period in periods:
        assert period.lines["opening"] == said_of(book, period.after.isoformat())
        assert period.lines["closing"] == said_of(book, period.through.isoformat())
        for name in MEASURES:
            assert sum(period.lines[line][name] for line in LINES[:-1]) == period.lines["closing"][name], name
        # Time accrues dividends and moves nothing else.
        still = {name for name, value in period.lines["accrued"].items() if value}
        assert still <= {"accrued_dividends", "preference"}


def test_every_kind_of_movement_stands_on_its_own_line_in_shares_and_dollars() -> None:
    """§2 §5(f) §6 §7 - Three quarters of 3,600 shares, each figure worked out by hand."""
    second, third, fourth = rolled(given(*LINES_TOLD), "2001-04-11", "2001-12-31")
    assert moved(second) == {
        # shares, Stated Value, accrued, both, due on conversion, redemption price
        "issued": (3600, 3_600_000, 0, 3_600_000, 0, 0),
        "accrued": (0, 0, 78_000, 78_000, 0, 0),  # 12 April to 30 June: 2 months and 18 days
        "paid": (0, 0, -58_000, -58_000, 0, 0),
        "closing": (3600, 3_600_000, 20_000, 3_620_000, 0, 0),
    }
    assert moved(third) == {
        "opening": (3600, 3_600_000, 20_000, 3_620_000, 0, 0),
        # 10 days of 3,600 shares, 30 of 2,700, 30 of 1,800, 20 of 900: 10,000 + 22,500 + 15,000 + 5,000
        "accrued": (0, 0, 52_500, 52_500, 0, 0),
        "paid": (0, 0, -22_500, -22_500, -7_500, -922_500),
        "converted": (-900, -900_000, -7_500, -907_500, 7_500, 0),  # 30 days since 10 June
        "redeemed": (-900, -900_000, -22_500, -922_500, 0, 922_500),  # 90 days since 10 June
        "reacquired": (-900, -900_000, -15_000, -915_000, 0, 0),  # 60 days since 10 June, which end with the price
        "closing": (900, 900_000, 5_000, 905_000, 0, 0),
    }
    assert moved(fourth) == {
        "opening": (900, 900_000, 5_000, 905_000, 0, 0),
        "accrued": (0, 0, 21_000, 21_000, 0, 0),  # 10 days to 10 October, 74 from 17 October to 31 December
        "converted": (-900, -900_000, -7_500, -907_500, 7_500, 0),  # 30 days since 10 September
        "restored": (900, 900_000, 9_250, 909_250, -7_500, 0),  # 37 days: as if never converted
        "closing": (900, 900_000, 27_750, 927_750, 0, 0),  # 111 days since 10 September
    }


def test_the_whole_time_is_the_sum_of_its_quarters() -> None:
    """§2 - The first opening, every movement summed, the last closing: 78,000 + 52,500 + 21,000 accrued in all."""
    all_of_it = whole(rolled(given(*LINES_TOLD), "2001-04-11", "2001-12-31"))
    assert (all_of_it.after, all_of_it.through) == (parse_day("2001-04-11"), parse_day("2001-12-31"))
    told = moved(all_of_it)
    assert "opening" not in told
    assert told["accrued"] == (0, 0, 151_500, 151_500, 0, 0)
    assert told["paid"] == (0, 0, -80_500, -80_500, -7_500, -922_500)
    assert told["converted"] == (-1800, -1_800_000, -15_000, -1_815_000, 15_000, 0)
    assert told["closing"] == (900, 900_000, 27_750, 927_750, 0, 0)


def test_a_changed_stated_value_moves_the_dollars_and_no_share() -> None:
    """§8(b) - $1,000 becomes $1,100 on 1 January 2002: $90,000 on 900 shares, and 90 days at $275 to 31 March.

    31 December to 1 January counts no day: 12 April to either is 259 days by 30/360.
    """
    amended = {"event": "CertificateAmended", "effective": "2002-01-01", "terms": {"stated_value": "1100"}}
    (period,) = rolled(given(*LINES_TOLD, amended), "2001-12-31", "2002-03-31")
    told = moved(period)
    assert told["amended"] == (0, 90_000, 0, 90_000, 0, 0)
    assert told["accrued"] == (0, 0, 24_750, 24_750, 0, 0)
    assert told["closing"] == (900, 990_000, 52_500, 1_042_500, 0, 0)
    must_tie(given(*LINES_TOLD, amended), [period])


def test_a_year_is_cut_at_the_ends_of_the_calendar_quarters() -> None:
    """§2 - From mid-quarter to mid-quarter the first and the last piece are short; a quarter's own end cuts nothing."""
    book = given(*LINES_TOLD)
    ends = [one.through.isoformat() for one in rolled(book, "2001-05-15", "2002-02-01")]
    assert ends == ["2001-06-30", "2001-09-30", "2001-12-31", "2002-02-01"]
    assert [one.through.isoformat() for one in rolled(book, "2001-06-30", "2001-09-30")] == ["2001-09-30"]


def test_the_rollforward_of_the_story_ties_to_asof_at_every_quarter() -> None:
    """§2 §3(e)(ii) - Through conversions, a revocation, redemptions, a split, an amendment and a winding up."""
    book = given(*story())
    periods = rolled(book, "2001-04-11", "2005-06-30")
    assert len(periods) == 17
    must_tie(book, periods)
    all_of_it = whole(periods)
    # 5,100 issued; 100 + 1,000 + 500 + 400 + 300 + 200 converted, 1,000 of them restored; 1,162 redeemed; 100 bought
    shares = {line: int(values["shares"]) for line, values in all_of_it.lines.items() if values["shares"]}
    assert shares == {
        "issued": 5100, "converted": -2500, "restored": 1000, "redeemed": -1162, "reacquired": -100, "closing": 2338,
    }  # fmt: skip


def time_alone(book: Book, period: Period) -> Fraction:
    """§2 - What time alone accrues in a period, reckoned on all certificates anew before and after every step."""
    position, day, accrued = Position(book.terms, book.timeline.days), period.after, Fraction(0)
    for step in book.steps_before(end_of(period.through)):
        if step.at >= end_of(period.after):
            accrued += position.accrued_unpaid(day_of(step.at)) - position.accrued_unpaid(day)
            day = day_of(step.at)
        advance(position, step)
    return accrued + position.accrued_unpaid(period.through) - position.accrued_unpaid(day)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@drawn(histories(60), st.randoms(use_true_random=False))
def test_the_rollforward_of_any_history_ties_to_asof_at_every_cut(
    journal: list[dict[str, Any]], random: Random
) -> None:
    """§2 §3(e)(ii) - Opening and movements are closing, both ends are `asof`'s, and time accrues what it must."""
    book = given(*journal)
    first, last = sorted(days_of(journal, random, 1))
    if first == last:
        last += timedelta(days=1)
    periods = rolled(book, first.isoformat(), last.isoformat())
    must_tie(book, periods)
    for period in periods[-2:]:
        assert period.lines["accrued"]["accrued_dividends"] == time_alone(book, period)


@pytest.mark.parametrize("last", ["2001-06-30", "2001-04-11"])
def test_two_days_the_wrong_way_round_are_not_understood(last: str) -> None:
    """A rollforward needs an earlier and a later day: the same day twice is none."""
    with pytest.raises(QuestionMustBeUnderstood) as refusal:
        rolled(given(*LINES_TOLD), "2001-06-30", last)
    assert refusal.value.name == "question-must-be-understood"


def test_the_command_tells_it_in_text_and_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`captable rollforward FROM TO` gives the quarters and the whole; lines that moved nothing only in JSON."""
    ledger = ("--ledger", begun(tmp_path / "ledger.db", *LINES_TOLD))
    told = ran(capsys, "rollforward", "2001-04-11", "2001-12-31", "--json", *ledger).data
    assert (told["schema"], told["from"], told["as_of"]) == ("captable/rollforward/1", "2001-04-11", "2001-12-31")
    assert [one["through"] for one in told["quarters"]] == ["2001-06-30", "2001-09-30", "2001-12-31"]
    assert [one["line"] for one in told["whole"]["lines"]] == list(LINES)
    assert told["quarters"][1]["lines"][4] == {
        "line": "converted",
        "shares": "-900",
        "stated_value": {"amount": "-900000.00", "exact": "-900000"},
        "accrued_dividends": {"amount": "-7500.00", "exact": "-7500"},
        "preference": {"amount": "-907500.00", "exact": "-907500"},
        "due_on_conversion": {"amount": "7500.00", "exact": "7500"},
        "redemption_price": {"amount": "0.00", "exact": "0"},
    }
    text = ran(capsys, "rollforward", "2001-04-11", "2001-12-31", *ledger).out
    assert re.search(r"restored +900 +\$900,000\.00 +\$9,250\.00 +\$909,250\.00 +-\$7,500\.00 +\$0\.00\n", text)
    assert "amended" not in text
    assert "In all, after 2001-04-11 through 2001-12-31" in text
    assert "In all" not in ran(capsys, "rollforward", "2001-06-30", "2001-09-30", *ledger).out


def test_a_tag_fixes_the_day_through_which_it_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --at the rollforward runs to the day of the tag, as known then."""
    ledger = ("--ledger", begun(tmp_path / "ledger.db", *LINES_TOLD))
    assert ran(capsys, "tag", "FY2001", "--as-of", "2001-12-31", *ledger).status == 0
    told = ran(capsys, "rollforward", "2001-09-30", "--at", "FY2001", "--json", *ledger).data
    assert told["as_of"] == "2001-12-31"
    assert ran(capsys, "rollforward", "2001-09-30", "2001-12-31", "--at", "FY2001", *ledger).status == 2
