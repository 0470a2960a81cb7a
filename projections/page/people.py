"""Who may come: people by name, each a reader or a recorder, with a password that is kept as a hash alone.

The file is TOML, a table a person. Passwords are hashed with Argon2id by argon2-cffi, in its library's own choice of
cost; a token for a program is a password that nobody chose.
"""

import hashlib
import hmac
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ledger.fields import Name, first_broken
from projections.page.errors import PeopleMustBeUnderstood

READER, RECORDER = "reader", "recorder"
ROLES = (READER, RECORDER)


@dataclass(frozen=True)
class Person:
    """Somebody at the page: the name by which an entry says who recorded it (or none), and the role."""

    name: str
    role: str = READER

    @property
    def may_record(self) -> bool:
        """Whether this person may record."""
        return self.role == RECORDER


class _Listed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    role: str
    password: str | None = None


class People:
    """Everybody whom an access file names."""

    def __init__(self, listed: dict[str, _Listed]) -> None:
        """Take the people by name."""
        self._listed = listed
        self._hasher = PasswordHasher()
        # Whoever is unknown costs the same time as whoever is known, so that names cannot be found out by the clock.
        self._nobody = self._hasher.hash(secrets.token_urlsafe())
        self._turn, self._key = Lock(), secrets.token_bytes(32)
        self._before: dict[str, bytes] = {}

    @classmethod
    def read(cls, path: Path) -> "People":
        """The people of an access file; PeopleMustBeUnderstood says what is wrong with it."""
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
            named = TypeAdapter(dict[Name, dict[Name, _Listed]]).validate_python(told)
        except OSError as error:
            raise PeopleMustBeUnderstood(path=path, why=error.strerror or str(error)) from None
        except ValidationError as error:
            facts = first_broken(error)
            raise PeopleMustBeUnderstood(path=path, why=f"{facts['where']}: {facts['why']}") from None
        except ValueError as error:  # TOML that is none, and text that is no UTF-8
            raise PeopleMustBeUnderstood(path=path, why=str(error)) from None
        listed = named.pop("people", {})
        wrong = [name for name, one in listed.items() if one.role not in ROLES]
        if named or not listed or wrong:
            why = (
                f"The role of {wrong[0]} is neither {' nor '.join(ROLES)}" if wrong else "It wants [people.NAME] alone"
            )
            raise PeopleMustBeUnderstood(path=path, why=why)
        return cls(listed)

    def named(self, name: str) -> Person | None:
        """A person of that name, whom somebody else has recognized."""
        one = self._listed.get(name)
        return Person(name, one.role) if one else None

    def recognized(self, name: str, password: str) -> Person | None:
        """The person of that name where this is the password; None for anybody else, after as long."""
        one = self._listed.get(name)
        seen = hmac.new(self._key, password.encode(), hashlib.sha256).digest()
        if one and hmac.compare_digest(self._before.get(name, b""), seen):
            return Person(name, one.role)  # Argon2 is slow on purpose: once for each password, not for each page
        with self._turn:  # one guess at a time, whoever guesses
            try:
                self._hasher.verify(one.password if one and one.password else self._nobody, password)
            except (Argon2Error, InvalidHashError):
                return None
        if one is None or one.password is None:
            return None
        self._before[name] = seen
        return Person(name, one.role)


def listed(name: str, role: str, password: str) -> str:
    """The lines of an access file for a person."""
    quoted = "".join(f"\\{one}" if one in '"\\' else one for one in TypeAdapter(Name).validate_python(name))
    return f'[people."{quoted}"]\nrole = "{role}"\npassword = "{PasswordHasher().hash(password)}"'


def new_token() -> str:
    """A password that nobody chose: 256 bits, for a program or a person with a vault."""
    return secrets.token_urlsafe(32)
