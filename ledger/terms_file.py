"""Terms from outside: read from a TOML file or an amendment, strictly and exactly, into the plain data that they are.

What reads strictly takes its time to load: whoever only asks a ledger takes the terms as they were recorded.
"""

import re
import tomllib
from datetime import date, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model, model_validator

from ledger.errors import TermsMustBeUnderstood
from ledger.exact import Fraction
from ledger.fields import Day, Name, Positive, broken, first_broken, shown
from ledger.readings.registered import REGISTERED, in_force
from ledger.terms import ROWS, DaysOfYear, Row, Terms

_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)
_DAY_OF_YEAR = re.compile(r"\d{2}-\d{2}", re.ASCII)


def _time_of_day(value: Any) -> time:
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise broken("time-must-be-strict", f"{shown(value)} is no time of day: write HH:MM")


def _days_of_year(value: Any) -> DaysOfYear:
    days = []
    for item in value if isinstance(value, list) and value else [value]:
        if not isinstance(item, str) or not _DAY_OF_YEAR.fullmatch(item):
            raise broken("day-must-be-strict", f"{shown(item)} is no day of the year: write MM-DD")
        month, day = int(item[:2]), int(item[3:])
        if not 1 <= month <= 12 or not 1 <= day <= 28:
            raise broken("day-must-be-strict", f"{shown(item)} is no day that falls in every year")
        days.append((month, day))
    return tuple(sorted(set(days)))


def _chosen(choices: Any) -> dict[str, str]:
    if not isinstance(choices, dict):
        raise broken("readings-must-be-a-table", f"{shown(choices)} is no table of readings")
    for name, choice in choices.items():
        reading = REGISTERED.get(name)
        if reading is None or not reading.offered:
            raise broken("reading-must-be-offered", f"{shown(name)} is no reading that can be chosen")
        if choice not in reading.offered:
            among = " or ".join(repr(option) for option in reading.offered)
            raise broken("reading-must-be-offered", f"{shown(choice)} is not offered for {name}: choose {among}")
    return in_force(choices)


_READ_AS: dict[Any, Any] = {
    date: Day,
    Fraction: Positive,
    time: Annotated[time, BeforeValidator(_time_of_day)],
    int: Annotated[int, Field(strict=True, ge=1, le=3650)],
    str: Name,
    tuple[str, ...]: tuple[Name, ...],
    DaysOfYear: Annotated[DaysOfYear, BeforeValidator(_days_of_year)],
}
"""How a value of the terms is read, by its type."""


class _Read(BaseModel):
    """What is read from outside: frozen, and closed to unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _row(kind: Any) -> type[_Read]:
    """What reads a row whose value is of a type."""
    fields: dict[str, Any] = {
        "value": (_READ_AS[kind], ...),
        "clause": (Name, ...),
        "in_force_from": (Day | None, Field(default=None, alias="from")),
    }
    return create_model("Row", __base__=_Read, **fields)


class _ReadTerms(_Read):
    @model_validator(mode="after")
    def _hours_run_forward(self) -> Self:
        rows: Any = self
        if rows.business_opens.value >= rows.business_closes.value:
            raise broken("hours-must-run-forward", "business_opens does not lie before business_closes")
        return self


_ROWS: dict[str, Any] = {name: _row(kind) for name, kind in ROWS.items()}
_FIELDS: dict[str, Any] = {
    "form": (Literal["captable/terms/1"], Field(alias="schema")),
    "title": (Name, ...),
    "company": (Name, ...),
    **_ROWS,
    "readings": (Annotated[dict[str, str], BeforeValidator(_chosen)], Field(default_factory=lambda: in_force({}))),
}
_TERMS = create_model("Terms", __base__=_ReadTerms, **_FIELDS)


def validated(data: Any) -> Terms:
    """The terms that parsed TOML or JSON holds, read strictly; ValidationError where it holds none."""
    read: Any = _TERMS.model_validate(data)
    rows: dict[str, Any] = {name: Row(**dict(getattr(read, name))) for name in ROWS}
    return Terms(title=read.title, company=read.company, **rows, readings=read.readings)


STANDARD = Path(__file__).with_name("series_h.toml")
"""The terms file of the Series H certificate, which ships inside this package."""

FIXED = ("signed_on",)
"""The row that no amendment touches: the day from which the certificate is."""


_MOST_BYTES = 100_000  # of a terms file; the certificate's has some 3,000
_LONGEST_LINE = 2_000  # bytes of a line of it: Python's reader takes the square of a number's digits or a key's dots


def _text_of(source: Path) -> str:
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
        return validated(tomllib.loads(_text_of(source), parse_float=Decimal))
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
        if name not in _ROWS or name in FIXED:
            raise broken("term-must-be-known", f"{shown(name)} is no term of the certificate that can be amended")
        try:
            _ROWS[name].model_validate({"value": value, "clause": "§8(b)"})
        except ValidationError as error:
            facts = first_broken(error)
            raise broken(facts["rule_name"], f"{name}: {facts['why']}") from None
    return values
