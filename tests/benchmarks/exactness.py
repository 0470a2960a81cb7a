"""§1 to §5 - Exactness is never traded: random answers of a ledger held against a plain fold from the start.

The plain fold is the naive oracle's: one pass over the journal's own lines, sharing nothing with the ledger. It
streams, so that a million lines need no more memory than its books: no line is effective more than a few days before
one ahead of it, and a notice is received a few days after it came.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from heapq import heappop, heappush
from random import Random
from typing import Any

import naive
from ledger.book import Book
from projections.asof import answer_to
from projections.question import Question

SIGNED, SPAN = date(2001, 4, 12), timedelta(30)
"""The first day, and further than any line of a generated history lies from its place in the timeline."""

Placed = tuple[datetime, datetime, int, naive.Line]


@dataclass(frozen=True)
class Moment:
    """A moment a ledger is asked about: how many lines were recorded by then, and when; None: all, now."""

    lines: int
    known_at: datetime | None


def in_order(lines: Iterable[naive.Line]) -> Iterator[Placed]:
    """Lines in the order in which they took effect, a notice at its deemed receipt; entries count from 2."""
    waiting: list[Placed] = []
    newest = released = naive.instant("1900-01-01")
    for number, line in enumerate(lines, 2):
        sent = naive.instant(line["effective"])
        when = naive.deemed(sent, ()) if line["event"] in naive.PAPERS else sent
        assert when >= released, f"entry {number} lies too far from its place"
        heappush(waiting, (when, sent, number, line))
        newest = max(newest, when)
        while waiting[0][0] < newest - SPAN:
            released = waiting[0][0]
            yield heappop(waiting)
    while waiting:
        yield heappop(waiting)


def plainly(lines: Iterable[naive.Line], days: Iterable[date]) -> Iterator[dict[str, Any]]:
    """§1 to §5 - The figures at the end of each of some days, in their order, by one pass over the lines."""
    books, placed = naive.empty_books(), in_order(lines)
    step = next(placed, None)
    for day in sorted(days):
        end = naive.at(day + timedelta(1), time(0))
        while step is not None and step[0] < end:
            when, _, _, line = step
            if line["event"] in naive.HANDLERS:
                naive.HANDLERS[line["event"]](books, line, when)
            step = next(placed, None)
        yield naive.figures(books, day)


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """§1 to §5 - The figures of an `asof` answer in the shape of the plain fold's, exact."""
    preferred, dividends = answer["preferred"], answer["dividends"]
    return {
        "issued": Fraction(preferred["issued"]),
        "outstanding": Fraction(preferred["outstanding"]),
        "conversion_rate": Fraction(answer["conversion_rate"]["exact"]),
        "accrued_unpaid": Fraction(dividends["accrued_unpaid"]["exact"]),
        "due_on_conversion": Fraction(dividends["due_on_conversion"]["exact"]),
        "common_outstanding": Fraction(answer["common"]["outstanding"]),
        "liquidation_preference": Fraction(answer["liquidation_preference"]["exact"]),
        "holders": {
            one["holder"]: {
                "shares": Fraction(one["shares"]),
                "accrued_dividends": Fraction(one["accrued_dividends"]["exact"]),
                "votes": Fraction(one["votes"]),
            }
            for one in preferred["holders"]
        },
    }


def compare(book: Book, lines: Iterable[naive.Line], moment: Moment, days: Sequence[date]) -> int:
    """How many days' answers were the plain fold's, figure by figure; AssertionError names the first that was not."""
    compared = 0
    for day, plain in zip(sorted(days), plainly(lines, days), strict=True):
        answer = answer_to(Question.ask(book, day, moment.known_at))
        assert answer["head"]["entry"] == moment.lines + 1, f"known at {moment.known_at} is another entry"
        asked = told(answer)
        differing = [name for name, figure in plain.items() if asked[name] != figure]
        assert not differing, f"{differing} as of {day}, known at {moment.known_at}, differ from the plain fold"
        compared += 1
    return compared


def random_days(random: Random, last: date, count: int) -> list[date]:
    """Some days between the signing and the last of a history."""
    whole = (last - SIGNED).days
    return [SIGNED + timedelta(random.randint(0, whole)) for _ in range(count)]


def telling_days(random: Random, last: date, count: int) -> list[date]:
    """Some days of a history's time, half of them close to its end, where what is late matters."""
    whole = min((last - SIGNED).days, 20)
    close = [last - timedelta(random.randint(0, whole)) for _ in range(count // 2)]
    return random_days(random, last, count - len(close)) + close
