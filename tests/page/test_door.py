"""The door: who comes in, under which name, and what every answer carries."""

import base64
from pathlib import Path

import pytest

from ledger.errors import LedgerError
from page.opened import ANNA, HERE, Opened, words
from projections.page.application import HEADERS
from projections.page.door import LOCAL, BehindProxy, OpenHere, WithPassword
from projections.page.people import READER, RECORDER, People, Person, listed
from projections.page.serving import Served

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An access file: Anna Lee records, Bo Reyes reads; each with a password of their own."""
    path = tmp_path_factory.mktemp("access") / "people.toml"
    lines = [listed("Anna Lee", RECORDER, PASSWORD), listed("Bo Reyes", READER, "other words")]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def basic(name: str, password: str) -> dict[str, str]:
    """The header by which a browser says a name and a password."""
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


def test_every_answer_forbids_what_the_page_does_not_need(opened: Opened) -> None:
    """No script, no style in the page, nothing from elsewhere, in no frame: on every kind of answer."""
    for address in ("/", "/rate.json", "/rate.csv", "/nowhere", "/?x=1", "/static/page.css", "/record"):
        answer = opened.get(address)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        if not address.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store"
        assert "<script" not in answer.text
        assert "style=" not in answer.text
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy


def test_a_page_of_this_machine_answers_to_no_other_name(demo: Path) -> None:
    """A site whose name leads here would read the page with its visitor's browser."""
    client = Opened(demo).client
    for name in ("localhost", "127.0.0.1:8000", "[::1]:8000"):
        assert client.get("/", base_url=f"http://{name}").status_code == 200
    answer = client.get("/", base_url="http://evil.example")
    assert answer.status_code == 421
    assert "The page cannot be shown under the name evil.example." in words(answer)


def test_a_page_for_named_people_is_shown_to_nobody_else(demo: Path, access: Path) -> None:
    """No name, a wrong password, an unknown name: 401 and not a figure; the right one is let in, again and again."""
    client = Opened(demo, WithPassword(People.read(access))).client
    refused: tuple[dict[str, str], ...] = (
        {},
        basic("Anna Lee", "wrong"),
        basic("Bo Reyes", PASSWORD),
        basic("Nobody", PASSWORD),
        basic("Anna Lee", ""),
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic !"},
    )
    for headers in refused:
        answer = client.get("/?as-of=2001-11-12", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert "1,467" not in answer.text
    for _ in range(2):
        assert client.get("/", headers=basic("Anna Lee", PASSWORD)).status_code == 200
    assert client.get("/", headers=basic("Anna Lee", "wrong")).status_code == 401
    assert "Shown to Bo Reyes, a reader" in words(client.get("/", headers=basic("Bo Reyes", "other words")))


def test_whoever_came_with_a_password_can_leave(demo: Path, access: Path, opened: Opened) -> None:
    """A browser sends a name and a password by itself until it is refused: /leave refuses, in words, whoever asks."""
    client = Opened(demo, WithPassword(People.read(access))).client
    known = basic("Bo Reyes", "other words")
    shown = client.get("/", base_url=HERE, headers=known)
    assert 'Bo Reyes, a reader. <a href="/leave">Leave</a>' in shown.text
    left = client.get("/leave", base_url=HERE, headers=known)
    assert left.status_code == 401
    assert left.headers["WWW-Authenticate"].startswith("Basic ")
    assert "The browser has been told to forget your name and password" in words(left)
    assert "person-has-left" in words(left)
    assert "/leave" not in opened.get("/").text
    assert opened.get("/leave").status_code == 404


def test_a_password_is_kept_as_a_hash_alone(access: Path) -> None:
    """Whoever reads the access file cannot come in with it, and two people with one password are not seen to be so."""
    text = access.read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert text.count("$argon2id$") == 2
    assert listed("A", READER, PASSWORD).splitlines()[2] != listed("A", READER, PASSWORD).splitlines()[2]


def test_a_proxy_names_people_and_nobody_else_does(demo: Path, access: Path) -> None:
    """The header counts where it comes from the proxy, once; without an access file everybody it names is a reader."""
    header = "X-Remote-User"
    for people, name, status in (
        (None, "Whoever", 200),
        (People.read(access), "Anna Lee", 200),
        (People.read(access), "Whoever", 403),
        (None, "", 403),
        (None, "two  spaces", 403),
        (None, "Anna Lee, Bo Reyes", 403),
    ):
        client = Opened(demo, BehindProxy(header, ("127.0.0.1",), people)).client
        assert client.get("/", headers={header: name}).status_code == status, name
        assert client.get("/").status_code == 403
        past = client.get("/", headers={header: name}, environ_base={"REMOTE_ADDR": "10.0.0.7"})
        assert past.status_code == 403
    client = Opened(demo, BehindProxy(header, ("127.0.0.1",), People.read(access))).client
    assert "Shown to Anna Lee, a recorder" in words(client.get("/", headers={header: "Anna Lee"}))


FORM = {"kind": "journal", "journal": "{}"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
        {"Origin": f"{HERE}.evil.example"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_a_form_that_another_site_made_is_not_taken(demo: Path, headers: dict[str, str]) -> None:
    """Both steps want a form of the page's own, whatever name and password a browser sends along."""
    page = Opened(demo, OpenHere(ANNA))
    for step in ("/record/check", "/record"):
        answer = page.post(step, FORM, headers)
        assert answer.status_code == 403
        assert "This form cannot be taken." in words(answer)


def test_a_reader_can_record_nothing(opened: Opened) -> None:
    """Neither the form nor either of its steps; and no page offers it."""
    assert opened.get("/record").status_code == 403
    for step in ("/record/check", "/record"):
        assert opened.post(step, FORM).status_code == 403
    assert 'href="/record' not in opened.get("/").text


def test_nothing_else_takes_a_form(demo: Path) -> None:
    """Every other address only answers; and whoever asks wrongly is told what the address takes (RFC 9110, 15.5.6)."""
    page = Opened(demo, OpenHere(ANNA))
    for address in ("/", "/rate", "/rate.json", "/entry/2", "/verify"):
        answer = page.post(address, FORM)
        assert answer.status_code == 405
        assert set(answer.allow) == {"GET", "HEAD", "OPTIONS"}
    unchecked = page.get("/record/check")
    assert unchecked.status_code == 405
    assert set(unchecked.allow) == {"POST", "OPTIONS"}
    assert "GET cannot be done at /record/check." in words(unchecked)
    assert "record with the form at /record." in words(unchecked)
    assert set(page.client.put("/record", base_url=HERE).allow) == {"GET", "HEAD", "OPTIONS", "POST"}
    too_long = page.post("/record/check", {"kind": "journal", "journal": "x" * 5_000_001})
    assert too_long.status_code == 413
    assert "A form of the page takes 5,000,000 bytes at most." in words(too_long)


def test_beyond_this_machine_the_page_wants_somebody_at_its_door(demo: Path, access: Path) -> None:
    """Served to other machines it is shown to the people of a file, or to those a proxy names."""
    for host in ("0.0.0.0", "::", "192.168.1.5", "ledger.example"):
        with pytest.raises(LedgerError) as refusal:
            Served(demo, host, 8000).door()
        assert refusal.value.name == "serving-must-be-guarded"
        assert isinstance(Served(demo, host, 8000, access).door(), WithPassword)
        assert isinstance(Served(demo, host, 8000, user_header="X-User").door(), BehindProxy)
    assert Served(demo, "127.0.0.2", 8000).door() == OpenHere(Person(""), (*LOCAL, "127.0.0.2"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "It wants [people.NAME] alone"),
        ("[people.A]\nrole = 'boss'", "The role of A is neither reader nor recorder"),
        ("[people.A]\npassword = 'x'", "people.A.role: it is missing"),
        ("[others.A]\nrole = 'reader'", "It wants [people.NAME] alone"),
        ("[people.A]\nrole = 'reader'\nrank = 1", "there is no such field"),
        ("[people.A", "Expected"),
    ],
)
def test_an_access_file_that_says_something_else_is_refused(tmp_path: Path, text: str, why: str) -> None:
    """A slip in the file lets nobody in by accident: nothing is served, and the words say where it is."""
    path = tmp_path / "people.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError) as refusal:
        People.read(path)
    assert refusal.value.name == "people-must-be-understood"
    assert why in str(refusal.value)
    with pytest.raises(LedgerError):
        People.read(tmp_path / "none.toml")


def test_somebody_without_a_password_comes_by_the_proxy_alone(tmp_path: Path) -> None:
    """A person whom only the proxy recognizes has no password that could be guessed, not even an empty one."""
    path = tmp_path / "people.toml"
    path.write_text("[people.A]\nrole = 'recorder'", encoding="utf-8")
    people = People.read(path)
    assert people.recognized("A", "") is None
    assert people.named("A") == Person("A", RECORDER)
