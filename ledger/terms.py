"""The certificate's numbers and dates as data: each with its clause and the day it is in force from.

The terms are read from a TOML file, strictly and exactly, into a frozen model, and recorded as entry 1 of a ledger, so
that the history alone reproduces every figure. Quantities are shares, dollars, dollars a share, or parts of a whole.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from ledger.errors import TermsMustBeUnderstood
from ledger.fields import Day, Name, Positive, broken, first_broken, shown
from ledger.readings import chosen

_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)
_DAY_OF_YEAR = re.compile(r"\d{2}-\d{2}", re.ASCII)


def _time_of_day(value: Any) -> time:
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise broken("time-must-be-strict", f"{shown(value)} is no time of day: write HH:MM")


def _days_of_year(value: Any) -> tuple[tuple[int, int], ...]:
    days = []
    for item in value if isinstance(value, list) and value else [value]:
        if not isinstance(item, str) or not _DAY_OF_YEAR.fullmatch(item):
            raise broken("day-must-be-strict", f"{shown(item)} is no day of the year: write MM-DD")
        month, day = int(item[:2]), int(item[3:])
        if not 1 <= month <= 12 or not 1 <= day <= 28:
            raise broken("day-must-be-strict", f"{shown(item)} is no day that falls in every year")
        days.append((month, day))
    return tuple(sorted(set(days)))


TimeOfDay = Annotated[
    time, BeforeValidator(_time_of_day), PlainSerializer(lambda at: at.strftime("%H:%M"), return_type=str)
]
DaysOfYear = Annotated[
    tuple[tuple[int, int], ...],
    BeforeValidator(_days_of_year),
    PlainSerializer(lambda days: [f"{month:02}-{day:02}" for month, day in days], return_type=list[str]),
]
Count = Annotated[int, Field(strict=True, ge=1, le=3650)]
Value = TypeVar("Value")


class Row(BaseModel, Generic[Value]):
    """One number or word of the certificate: its value, its clause, and from when it is in force."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    value: Value
    clause: Name
    in_force_from: Day | None = Field(default=None, alias="from")


_ACCRUE_BY = ("stated_value", "dividend_rate")

FIXED = ("form", "title", "company", "readings", "signed_on")
"""What no amendment touches: the certificate's identity, its date, and the readings a ledger began with."""


class Terms(BaseModel):
    """§1 to §10 - What the certificate fixes, and the readings taken where it is silent.

    Shares: `authorized_preferred`, `designated_shares`, `conversion_lot`. Dollars a share: `stated_value`, the par
    values, `threshold_price`. Common Stock for one share of Series H: `conversion_rate`. Parts of a whole:
    `dividend_rate` (a year), `majority`, `reorganization_votes`, `subsidiary_votes`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    form: Literal["captable/terms/1"] = Field(alias="schema")
    title: Name
    company: Name
    signed_on: Row[Day]
    authorized_preferred: Row[Positive]
    designated_shares: Row[Positive]
    preferred_par_value: Row[Positive]
    stated_value: Row[Positive]
    common_par_value: Row[Positive]
    dividend_rate: Row[Positive]
    dividend_payment_days: Row[DaysOfYear]
    first_dividend_payment: Row[Day]
    conversion_lot: Row[Positive]
    conversion_rate: Row[Positive]
    reorganization_votes: Row[Positive]
    threshold_price: Row[Positive]
    business_opens: Row[TimeOfDay]
    business_closes: Row[TimeOfDay]
    business_place: Row[Name]
    delivery_business_days: Row[Count]
    redemption_notice_days: Row[Count]
    subsidiary_votes: Row[Positive]
    majority: Row[Positive]
    record_notice_business_days: Row[Count]
    stock_issued_later: Row[tuple[Name, ...]]
    readings: Annotated[dict[str, str], BeforeValidator(chosen)] = Field(default_factory=lambda: chosen({}))

    @model_validator(mode="after")
    def _hours_run_forward(self) -> "Terms":
        if self.business_opens.value >= self.business_closes.value:
            raise broken("hours-must-run-forward", "business_opens does not lie before business_closes")
        return self

    _since: date | None = PrivateAttr(default=None)
    _before: "Terms | None" = PrivateAttr(default=None)

    def amended(self, values: Mapping[str, Any], since: date) -> "Terms":
        """§8(b) - These terms with some values amended from a day on; the terms before are remembered."""
        rows = {}
        for name, value in values.items():
            row = getattr(self, name)
            rows[name] = type(row).model_validate({"value": value, "clause": row.clause, "from": since})
        new = self.model_copy(update=rows)
        new._since, new._before = since, self
        return new

    def on(self, day: date) -> "Terms":
        """The terms in force on a day."""
        terms = self
        while terms._before is not None and terms._since is not None and terms._since > day:
            terms = terms._before
        return terms

    def all_payment_days(self) -> set[tuple[int, int]]:
        """§2 - Every month and day that was ever a dividend payment day under these terms."""
        before = self._before.all_payment_days() if self._before else set()
        return before | set(self.dividend_payment_days.value)

    def in_force(self, start: date, end: date) -> Iterator[tuple["Terms", date, date]]:
        """§2 - The terms by which dividends accrue from a start to an end, the latest first, each with its part of it.

        Only an amendment of what they accrue by cuts the span (reading day-count).
        """
        terms = self
        while terms._before is not None and terms._since is not None:
            cut, before = max(terms._since, start), terms._before
            if end > cut and any(getattr(terms, row).value != getattr(before, row).value for row in _ACCRUE_BY):
                yield terms, cut, end
                end = cut
            terms = before
        yield terms, start, end

    def data(self) -> dict[str, Any]:
        """The terms as JSON data, as they are recorded; `Terms.model_validate` reads them back."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


STANDARD = resources.files("ledger") / "series_h.toml"
"""The terms file of the Series H certificate, which ships inside this package."""


_MOST_BYTES = 100_000  # of a terms file; the certificate's has some 3,000
_LONGEST_LINE = 2_000  # bytes of a line of it: Python's reader takes the square of a number's digits or a key's dots


def _text_of(source: Path | Traversable) -> str:
    with source.open("rb") as file:
        said = file.read(_MOST_BYTES + 1)
    if len(said) > _MOST_BYTES:
        raise ValueError(f"It has more than {_MOST_BYTES} bytes")
    if max(map(len, said.split(b"\n"))) > _LONGEST_LINE:
        raise ValueError(f"A line of it has more than {_LONGEST_LINE} bytes")
    return said.decode("utf-8")


def read_terms(path: Path | None = None) -> Terms:
    """Read a terms file; without a path, that of the Series H certificate. Raises TermsMustBeUnderstood."""
    source = path or STANDARD
    try:
        return Terms.model_validate(tomllib.loads(_text_of(source), parse_float=Decimal))
    except OSError as error:
        why = f"It cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        why = "It is not UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        why = f"It is not TOML: {error}"
    except ValidationError as error:
        why = "{where}: {why}".format(**first_broken(error))
    except RecursionError:
        why = "It is nested too deeply"
    except InvalidOperation:
        why = "It holds a number with an exponent that no number bears"
    except ValueError as error:  # too large, or a name that no file has
        why = str(error)
    raise TermsMustBeUnderstood(path=source, why=why)


def amendable(values: dict[str, Any]) -> dict[str, Any]:
    """Check the names and values of an amendment, each as the terms file would be; PydanticCustomError otherwise."""
    for name, value in values.items():
        if name not in Terms.model_fields or name in FIXED:
            raise broken("term-must-be-known", f"{shown(name)} is no term of the certificate that can be amended")
        row = Terms.model_fields[name].annotation
        assert isinstance(row, type)
        assert issubclass(row, BaseModel)
        try:
            row.model_validate({"value": value, "clause": "§8(b)"})
        except ValidationError as error:
            facts = first_broken(error)
            raise broken(facts["rule_name"], f"{name}: {facts['why']}") from None
    return values
