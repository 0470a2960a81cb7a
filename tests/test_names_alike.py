"""Holders that differ in nothing a reader keeps, and names that mix alphabets: shown as notes, never refused."""

import pytest

from given import given, issued, transferred
from ledger.moments import parse_day
from projections.findings.every import findings
from projections.findings.finding import Finding
from projections.question import Question


def found(*holders: str, day: str = "2001-06-02") -> list[Finding]:
    """What is found on a day where holders were each issued 100 shares, on 12 April 2001 and the days after it."""
    lines = [issued("100", f"H-{n}", holder, f"2001-04-{11 + n}") for n, holder in enumerate(holders, 1)]
    return [one for one in findings(Question.ask(given(*lines), parse_day(day))) if one.clause == "record"]


ALIKE = {
    "case": "Sykes family trust",
    "punctuation": "Sykes Family-Trust.",
    "no spaces": "SykesFamilyTrust",
    "width": "\uff33ykes Family Trust",
}


@pytest.mark.parametrize("other", ALIKE.values(), ids=ALIKE.keys())
def test_two_holders_that_look_alike_are_found_with_the_entries_that_named_them(other: str) -> None:
    """From the day the second is named, the entries of both, 4 and 2; the first alone is nothing to look at."""
    (one,) = found("Sykes Family Trust", "Holder B", other)
    assert (one.finding, one.severity, one.entries) == ("holders-look-alike", "note", (4, 2))
    assert (one.since.isoformat(), one.resolved) == ("2001-04-14", None)
    assert "Sykes Family Trust and " + other in one.says
    assert found("Sykes Family Trust", "Holder B", other, day="2001-04-13") == []


@pytest.mark.parametrize("other", ["Sykes Family Trust 2", "Sykes Family Trusts", "Sikes Family Trust", "Holder Ä"])
def test_two_holders_that_differ_in_a_letter_or_digit_are_not_alike(other: str) -> None:
    """Trusts are numbered, and people are called much the same: what differs in a letter is another name."""
    assert found("Sykes Family Trust", "Holder A", other) == []


def test_a_name_of_signs_alone_is_like_itself_only() -> None:
    """Without a letter nothing is left to compare: such names are told apart as they are written."""
    assert found("+", "-") == []


def test_a_holder_who_came_by_a_transfer_is_found_at_the_transfer() -> None:
    """The entry that named HOLDER A first is the transfer, entry 3; it alone names both of the others."""
    into = ("HOLDER A", "H-2", "2550"), ("Holder B", "H-3", "1000"), ("holder b", "H-4", "1550")
    book = given(issued(), transferred("2001-05-02", *into))
    listed = findings(Question.ask(book, parse_day("2001-06-02")))
    assert [one.entries for one in listed if one.finding == "holders-look-alike"] == [(3, 2), (3,)]


MIXED = {
    "S\u0443kes": "\u0443 is CYRILLIC SMALL LETTER U",  # as y looks
    "\u0405ykes": "\u0405 is CYRILLIC CAPITAL LETTER DZE",  # as S looks
    "Syk\u03b5s": "\u03b5 is GREEK SMALL LETTER EPSILON",
}


@pytest.mark.parametrize("word", MIXED)
def test_a_word_that_mixes_alphabets_is_found_with_the_letters(word: str) -> None:
    """One letter that looks like another: the word, and a letter of each alphabet in it, by its name."""
    (one,) = found(f"{word} Family Trust")
    assert (one.finding, one.severity, one.entries) == ("name-mixes-alphabets", "note", (2,))
    assert (MIXED[word] in one.says, "LATIN" in one.says, word in one.says) == (True, True, True)


@pytest.mark.parametrize(
    "name",
    [
        "\u0421\u0431\u0435\u0440\u0431\u0430\u043d\u043a Trust",
        "Zoë Ångström",
        "\u682a\u5f0f\u4f1a\u793eABC",
        "O'Brien 2nd",
    ],
)
def test_words_of_one_alphabet_each_are_nothing_to_look_at(name: str) -> None:
    """A Russian bank's English trust, accents, Japanese beside Latin and digits are all as names are."""
    assert found(name) == []
