"""The envelope every entry shares and the pieces entries are made of, read strictly from parsed JSON."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt

from ledger.fields import Moment, Name, Positive, Text, broken, shown


class Part(BaseModel):
    """A piece of an entry: frozen, and closed to unknown fields like the entry itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Part):
    """The paper that proves an entry."""

    title: Name
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Entry(Part):
    """What every entry carries: when it takes effect, and optionally the caller's reference and the proof."""

    effective: Moment
    ref: Name | None = None
    document: Document | None = None
    note: Text | None = None

    @property
    def word(self) -> str:
        """The word for this kind of entry, as in a journal line."""
        return type(self).__name__

    def line(self) -> dict[str, Any]:
        """The entry as a journal line: its word first, absent fields left out, every quantity a string."""
        return {"event": self.word, **self.model_dump(mode="json", exclude_none=True)}


class CertificateShares(Part):
    """A number of the shares a certificate represents."""

    certificate: Name
    shares: Positive


class HolderShares(Part):
    """§5(g) - Shares that go to a holder under a new certificate number."""

    holder: Name
    certificate: Name
    shares: Positive


class BalanceCertificate(Part):
    """§5(i) - The new certificate for what was not converted."""

    certificate: Name
    new_certificate: Name


class SecurityPerShare(Part):
    """§5(c) - An amount of a security (or cash) received for one share of Common Stock."""

    security: Name
    per_share: Positive


def _once(what: str) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    def check(listed: tuple[Any, ...]) -> tuple[Any, ...]:
        if len({getattr(item, what) for item in listed}) != len(listed):
            raise broken(f"{what}-must-be-listed-once", f"a {what} is listed twice: put it in one item")
        return listed

    return check


ListedShares = Annotated[tuple[CertificateShares, ...], Field(min_length=1), AfterValidator(_once("certificate"))]
"""§5(f)(i) §6 - Shares of one or more certificates, each certificate once."""

Balances = Annotated[tuple[BalanceCertificate, ...], AfterValidator(_once("certificate"))]
"""§5(i) - Balance certificates, one for a certificate."""

Received = Annotated[tuple[SecurityPerShare, ...], AfterValidator(_once("security"))]
"""§5(c) §5(d) - What was received for one share of Common Stock, each security once."""


def _entry_number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 else value


EntryNumber = Annotated[StrictInt, Field(ge=1), BeforeValidator(_entry_number)]
"""The number of a recorded entry; entry 1 is the terms."""


def read_entry(line: Any, kinds: Mapping[str, type[Entry]]) -> Entry:
    """Read one parsed journal line as one of some kinds, by their words.

    Raises PydanticCustomError or ValidationError; the errors' types are the stable names of the rules broken.
    """
    if isinstance(line, Entry):
        line = line.line()
    if not isinstance(line, dict):
        raise broken("entry-must-be-an-object", f"{shown(line)} is no JSON object")
    word = line.get("event")
    if not isinstance(word, str) or word not in kinds:
        raise broken("kind-must-be-known", f"{shown(word)} is no kind of entry that may stand here")
    fields = {name: value for name, value in line.items() if name != "event" and value is not None}
    return kinds[word].model_validate(fields)
