"""The certificate's numbers and dates as data: each with its clause and the day it is in force from.

The terms are recorded as entry 1 of a ledger, so that the history alone reproduces every figure. Quantities are shares,
dollars, dollars a share, or parts of a whole. `terms_file` reads them from outside, strictly; what is recorded was read
so before, and is taken here as it stands: whoever only asks needs none of that.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from ledger.exact import Fraction
from ledger.figures import quantity
from ledger.readings.registered import in_force

FORM = "captable/terms/1"
"""What terms say they are, as a file and in entry 1."""

DaysOfYear = tuple[tuple[int, int], ...]
Value = TypeVar("Value")


class Row(NamedTuple, Generic[Value]):
    """One number or word of the certificate: its value, its clause, and from when it is in force."""

    value: Value
    clause: str
    in_force_from: date | None = None

    def data(self) -> dict[str, Any]:
        """The row as JSON data, as it is recorded."""
        since = {"from": self.in_force_from.isoformat()} if self.in_force_from else {}
        return {"value": _written(self.value), "clause": self.clause, **since}


def _written(value: Any) -> Any:
    """A value as JSON data: whole numbers and words as they are, everything else as text."""
    if isinstance(value, Fraction):
        return quantity(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [one if isinstance(one, str) else "{:02}-{:02}".format(*one) for one in value]
    return value


_ACCRUE_BY = ("stated_value", "dividend_rate")


class Terms(NamedTuple):
    """§1 to §10 - What the certificate fixes, and the readings taken where it is silent.

    Shares: `authorized_preferred`, `designated_shares`, `conversion_lot`. Dollars a share: `stated_value`, the par
    values, `threshold_price`. Common Stock for one share of Series H: `conversion_rate`. Parts of a whole:
    `dividend_rate` (a year), `majority`, `reorganization_votes`, `subsidiary_votes`.
    """

    title: str
    company: str
    signed_on: Row[date]
    authorized_preferred: Row[Fraction]
    designated_shares: Row[Fraction]
    preferred_par_value: Row[Fraction]
    stated_value: Row[Fraction]
    common_par_value: Row[Fraction]
    dividend_rate: Row[Fraction]
    dividend_payment_days: Row[DaysOfYear]
    first_dividend_payment: Row[date]
    conversion_lot: Row[Fraction]
    conversion_rate: Row[Fraction]
    reorganization_votes: Row[Fraction]
    threshold_price: Row[Fraction]
    business_opens: Row[time]
    business_closes: Row[time]
    business_place: Row[str]
    delivery_business_days: Row[int]
    redemption_notice_days: Row[int]
    subsidiary_votes: Row[Fraction]
    majority: Row[Fraction]
    record_notice_business_days: Row[int]
    stock_issued_later: Row[tuple[str, ...]]
    readings: Mapping[str, str]
    since: date | None = None
    before: "Terms | None" = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Terms":
        """The terms that `data` gave, as entry 1 holds them; ValueError where it holds none."""
        try:
            if data["schema"] != FORM:
                raise ValueError(f"they are {data['schema']!r} and not {FORM!r}")
            rows: dict[str, Any] = {
                name: Row(_taken(kind, one["value"]), _taken(str, one["clause"]), _since(one.get("from")))
                for name, kind in ROWS.items()
                for one in [data[name]]
            }
            title, company = _taken(str, data["title"]), _taken(str, data["company"])
            return cls(title=title, company=company, **rows, readings=in_force(data["readings"]))
        except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
            raise ValueError(f"they are no terms ({type(error).__name__}: {error})") from error

    def amended(self, values: Mapping[str, Any], since: date) -> "Terms":
        """§8(b) - These terms with some values amended from a day on; the terms before are remembered."""
        rows: dict[str, Any] = {
            name: Row(_taken(ROWS[name], value), getattr(self, name).clause, since) for name, value in values.items()
        }
        return self._replace(**rows, since=since, before=self)

    def on(self, day: date) -> "Terms":
        """The terms in force on a day."""
        terms = self
        while terms.before is not None and terms.since is not None and terms.since > day:
            terms = terms.before
        return terms

    def all_payment_days(self) -> set[tuple[int, int]]:
        """§2 - Every month and day that was ever a dividend payment day under these terms."""
        before = self.before.all_payment_days() if self.before else set()
        return before | set(self.dividend_payment_days.value)

    def in_force(self, start: date, end: date) -> Iterator[tuple["Terms", date, date]]:
        """§2 - The terms by which dividends accrue from a start to an end, the latest first, each with its part of it.

        Only an amendment of what they accrue by cuts the span (reading day-count).
        """
        terms = self
        while terms.before is not None and terms.since is not None:
            cut, before = max(terms.since, start), terms.before
            if end > cut and any(getattr(terms, row).value != getattr(before, row).value for row in _ACCRUE_BY):
                yield terms, cut, end
                end = cut
            terms = before
        yield terms, start, end

    def rows(self) -> dict[str, Row[Any]]:
        """Every number and word of the certificate that has a clause, by its name."""
        return {name: getattr(self, name) for name in ROWS}

    def data(self) -> dict[str, Any]:
        """The terms as JSON data, as they are recorded; `Terms.of` takes them back."""
        rows = {name: row.data() for name, row in self.rows().items()}
        return {"schema": FORM, "title": self.title, "company": self.company, **rows, "readings": dict(self.readings)}


ROWS: dict[str, Any] = {
    name: get_args(kind)[0] for name, kind in Terms.__annotations__.items() if getattr(kind, "__origin__", None) is Row
}
"""Every row of the terms by its name, in their order, with the type of its value."""


def _days_of_year(days: Any) -> DaysOfYear:
    return tuple(sorted({(int(day[:2]), int(day[3:])) for day in ([days] if isinstance(days, str) else days)}))


_TAKEN: dict[Any, tuple[tuple[type, ...], Callable[[Any], Any]]] = {
    date: ((str,), date.fromisoformat),
    Fraction: ((str, int), Fraction),
    time: ((str,), time.fromisoformat),
    int: ((int,), int),
    str: ((str,), str),
    tuple[str, ...]: ((list,), tuple),
    DaysOfYear: ((str, list), _days_of_year),
}
"""By the type of a value what it may be in JSON data, and how it is taken from there."""


def _taken(kind: Any, value: Any) -> Any:
    """A value of a type from JSON data, where it was read strictly before it was recorded; TypeError, ValueError."""
    may_be, take = _TAKEN[kind]
    if not isinstance(value, may_be):
        raise TypeError(f"{value!r} is no {getattr(kind, '__name__', kind)}")
    return take(value)


def _since(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)
