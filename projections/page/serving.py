"""Serving: which door an address needs, and the server behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from socket import SOCK_STREAM, getaddrinfo, socket
from socket import create_server as create_server_socket
from threading import Thread

from waitress.server import create_server

from ledger.application import Ledger
from ledger.places import Where
from projections import concordance
from projections.page.application import page
from projections.page.door import LOCAL, BehindProxy, Door, OpenHere, WithPassword, is_local
from projections.page.errors import AddressMustBeFree, ServingMustBeGuarded
from projections.page.people import READER, RECORDER, People, Person


@dataclass(frozen=True)
class Served:
    """What is served, where, and to whom."""

    ledger: Where
    host: str
    port: int
    access: Path | None = None
    user_header: str | None = None
    proxies: tuple[str, ...] = LOCAL
    record_as: str | None = None

    def door(self) -> Door:
        """Who stands at the door; ServingMustBeGuarded where it would stand open to other machines."""
        people = People.read(self.access) if self.access is not None else None
        if self.user_header is not None:
            return BehindProxy(self.user_header, self.proxies, people)
        if people is not None:
            return WithPassword(people)
        if not is_local(self.host):
            raise ServingMustBeGuarded(host=self.host)
        return OpenHere(Person(self.record_as or "", RECORDER if self.record_as else READER), (*LOCAL, self.host))


def serve(served: Served, told: Callable[[str], object]) -> None:
    """Serve the page until it is interrupted; `told` hears the address once it can be opened. AddressMustBeFree."""
    door = served.door()
    Ledger.open(served.ledger).close()  # what is wrong with it is said now, and not to the first who asks
    app = page(served.ledger, door)
    listening = bound(served.host, served.port)
    server = create_server(app, sockets=[listening], ident=None, threads=4, clear_untrusted_proxy_headers=True)
    Thread(target=_read_ahead, daemon=True).start()
    host = f"[{served.host}]" if ":" in served.host else served.host
    told(f"http://{host}:{listening.getsockname()[1]}/")
    server.run()


def bound(host: str, port: int) -> socket:
    """A socket on an address; AddressMustBeFree where the system gives none."""
    try:
        family, *_, address = getaddrinfo(host, port, type=SOCK_STREAM)[0]
        return create_server_socket(address[:2], family=family)
    except OSError as error:
        raise AddressMustBeFree(host=host, port=port, why=error.strerror or error) from None


def _read_ahead() -> None:
    """Read the source for the concordance, so that nobody waits for it who opens the certificate first."""
    concordance.code()
    concordance.tests()
