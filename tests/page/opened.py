"""Pages for tests: a ledger's page without a server, opened under the name a browser would use."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from projections.page.application import page
from projections.page.door import Door, OpenHere
from projections.page.people import READER, RECORDER, Person

HERE = "http://localhost"
SAME_ORIGIN = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form that the page itself sent."""

ANNA = Person("Anna Lee", RECORDER)
NOBODY = Person("", READER)

ROOMS = (
    "/", "/rate", "/dividends", "/conversions", "/redemptions", "/register", "/holder", "/obligations", "/findings",
    "/log", "/diff", "/certificate", "/certificate/5(f)", "/readings", "/explain", "/verify", "/entry/1", "/entry/24",
    "/holder?holder=Sykes+Family+Trust", "/explain?what=conversion-rate", "/explain?what=notice&which=N-2",
    "/explain?what=obligation&which=1", "/explain?what=reading&which=day-count",
)  # fmt: skip
"""Every page there is, and some with words of their own."""


class Opened:
    """A page with somebody at it."""

    def __init__(self, path: Path, door: Door | None = None) -> None:
        """Open the page of a ledger file; without a door for a reader on this machine."""
        self.client: FlaskClient = page(path, door or OpenHere(NOBODY)).test_client()

    def get(self, address: str, **headers: str) -> TestResponse:
        """What an address answers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(address, base_url=HERE, headers=named, buffered=True)

    def post(self, address: str, form: Mapping[str, str], headers: Mapping[str, str] = SAME_ORIGIN) -> TestResponse:
        """What a form sent to an address gets."""
        return self.client.post(address, base_url=HERE, data=dict(form), headers=dict(headers))

    def text(self, address: str) -> str:
        """The words of a page, as they are read."""
        return words(self.get(address))


def words(response: TestResponse) -> str:
    """The words of an answer, without its tags, every run of space being one."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.text)).split())


def links(response: TestResponse) -> list[str]:
    """Where an answer leads, in the page itself."""
    return [unescape(href) for href in re.findall(r'href="(/[^"]*)"', response.text)]


def hidden(response: TestResponse) -> dict[str, str]:
    """The hidden fields of the form that a page would post."""
    (form,) = re.findall(r'<form[^>]*method="post".*?</form>', response.text, re.DOTALL)
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)}
