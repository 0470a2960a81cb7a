"""The door: who is at the page, under which name it was opened, and whether a form came from the page itself."""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from flask import Request
from pydantic import TypeAdapter, ValidationError

from ledger.fields import Name
from projections.page.errors import (
    FormMustComeFromThePage,
    HostMustBeTheLedgers,
    PersonMustBeAdmitted,
    PersonMustBeNamed,
    RecorderMustRecord,
)
from projections.page.people import People, Person

LOCAL = ("127.0.0.1", "localhost", "::1")


class Door(Protocol):
    """Whoever stands at the door says who comes in."""

    def admitted(self, request: Request) -> Person:
        """Who is asking; an error of `projections.page.errors` where nobody may."""


@dataclass(frozen=True)
class OpenHere:
    """The page of one machine: whoever is at it is one person, and no other name leads here.

    The name is checked because a site elsewhere may have its own name lead to this machine, and would then read the
    page with the browser of whoever visits it.
    """

    person: Person
    names: Collection[str] = LOCAL

    def admitted(self, request: Request) -> Person:
        """Whoever is at this machine; HostMustBeTheLedgers under any other name."""
        if urlsplit(f"//{request.host}").hostname not in self.names:
            raise HostMustBeTheLedgers(host=request.host, names=", ".join(self.names))
        return self.person


@dataclass(frozen=True)
class WithPassword:
    """The page of the people whom an access file names, each with a password (HTTP Basic, RFC 7617)."""

    people: People

    def admitted(self, request: Request) -> Person:
        """The person with that name and password; PersonMustBeNamed."""
        given = request.authorization
        if given is None or given.type != "basic" or not given.username or given.password is None:
            raise PersonMustBeNamed()
        person = self.people.recognized(given.username, given.password)
        if person is None:
            raise PersonMustBeNamed()
        return person


@dataclass(frozen=True)
class BehindProxy:
    """The page behind a proxy that knows people and names them in a header; without an access file all are readers."""

    header: str
    proxies: Collection[str]
    people: People | None = None

    def admitted(self, request: Request) -> Person:
        """The person whom the proxy names; PersonMustBeAdmitted where it is not the proxy, or names nobody known."""
        if request.remote_addr not in self.proxies:
            why = f"It came from {request.remote_addr}, and only {', '.join(self.proxies)} names people"
            raise PersonMustBeAdmitted(who="somebody who came past the proxy", why=why)
        names = request.headers.getlist(self.header)
        if len(names) != 1 or "," in names[0]:
            raise PersonMustBeAdmitted(who="somebody unnamed", why=f"The proxy names one person in {self.header}")
        try:
            name = TypeAdapter(Name).validate_python(names[0].encode("latin-1").decode("utf-8"))
        except (ValidationError, UnicodeError):
            raise PersonMustBeAdmitted(who="somebody", why=f"What {self.header} holds is no name") from None
        person = Person(name) if self.people is None else self.people.named(name)
        if person is None:
            raise PersonMustBeAdmitted(who=name, why="The access file does not name them")
        return person


def must_be_own_form(request: Request, person: Person) -> None:
    """RecorderMustRecord for a reader, FormMustComeFromThePage for a form that another site had a browser send.

    A browser says where a form comes from, and no site can have it say otherwise; what says nothing is no browser, and
    has the command.
    """
    must_be_recorder(person)
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = urlsplit(origin or "").netloc == request.host
    if site not in (None, "same-origin") or not own:
        raise FormMustComeFromThePage(origin=origin or "nowhere that was named")


def must_be_recorder(person: Person) -> None:
    """RecorderMustRecord for a reader."""
    if not person.may_record:
        raise RecorderMustRecord(who=person.name or "Whoever is at this page")


def is_local(host: str) -> bool:
    """Whether an address to serve on is this machine's alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
