"""The page in a real browser: the first five minutes of a new user, and what any visitor may rightly expect.

Chromium is driven by Playwright; it is the system's own, or the one that `playwright install chromium` brings.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from given import COMMON, issued
from on_file import begun
from page.opened import ROOMS
from page.served import serving

DAY = "as-of=2003-04-08"


@pytest.fixture(scope="session")
def site(demo: Path) -> Iterator[str]:
    """The demo's page, served."""
    yield from serving(demo)


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Page]:
    """A visitor with JavaScript off, whose every request must be for the page's own host."""
    with browser.new_context(
        java_script_enabled=False, base_url=site, viewport={"width": 1280, "height": 900}
    ) as context:
        yield from watched(context, site)


def watched(context: BrowserContext, site: str) -> Iterator[Page]:
    """A page of a context, all its requests and complaints watched."""
    asked, complaints = list[str](), list[str]()
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: complaints.append(message.text))
    page = context.new_page()
    yield page
    assert asked
    assert [url for url in asked if not url.startswith(f"{site}/")] == []
    assert complaints == []


def test_the_first_five_minutes_of_a_new_user(visitor: Page) -> None:
    """From the position of a day to the why of its rate, to the entry behind it, its clause, and the day before."""
    visitor.goto("/?as-of=2001-11-12")
    assert visitor.get_by_role("heading", level=1).inner_text() == "Position"
    visitor.get_by_role("link", name="Conversion rate 1,467.215734").click()
    assert "Conversion rate on 2001-11-12: 1,467.215734 a share" in visitor.get_by_role("heading", level=1).inner_text()
    assert "(36,338,889 + 5,000,000) / (36,338,889 + $2,250,000.00 / $0.72)" in visitor.inner_text("main")
    visitor.get_by_role("link", name="entry 18").first.click()
    assert visitor.get_by_role("heading", level=1).inner_text() == "Entry 18: CommonSharesIssued"
    assert "corrected by entry 24" in visitor.inner_text("main")
    visitor.get_by_role("link", name="Conversions").click()
    assert "Veterans Day (observed)" in visitor.inner_text("main")
    visitor.get_by_role("link", name="Certificate").click()
    visitor.get_by_role("link", name="§5(e)", exact=True).click()
    assert "threshold_price $0.72 a share" in " ".join(visitor.inner_text("main").split())
    visitor.get_by_role("link", name="Position").click()
    visitor.get_by_label("Day", exact=True).fill("2001-11-06")
    visitor.get_by_role("button", name="Ask").click()
    assert "As of Tuesday 2001-11-06" in visitor.inner_text("main")
    visitor.get_by_role("link", name="2001-11-05: BankClosureDeclared (entry 19)").click()
    assert "On this day: BankClosureDeclared (entry 19)" in visitor.inner_text("main")
    visitor.get_by_text("As known at a moment").click()
    visitor.get_by_label("Known at").fill("2002-01-02T15:00:21Z")
    visitor.get_by_role("button", name="Ask").click()
    assert "As known at Wednesday 2002-01-02 10:00:21 (New York)." in visitor.inner_text("main")
    visitor.get_by_role("link", name="A link for a memo").click()
    assert "known-at=2002-01-02T15" in visitor.url


def test_a_step_of_the_chart_is_a_link_to_its_entry(visitor: Page) -> None:
    """The drawing is not only looked at: each step can be reached and opened, by pointer or by key."""
    visitor.goto("/rate?as-of=2003-12-31")
    step = visitor.get_by_role("link", name="2001-10-15: 1,400.667513, 1,000,000 sold at $0.50 (entry 32)")
    step.focus()
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/entry/32?**")
    assert "LATE" in visitor.inner_text("main")


@pytest.mark.parametrize("room", [*ROOMS, "/record", "/record?kind=NoticeOfConversionReceived", "/record?kind=journal"])
def test_every_page_is_whole_without_javascript_and_on_a_narrow_screen(visitor: Page, room: str) -> None:
    """A heading, a way past the navigation, a foot; on a screen of 360 points nothing is wider than the screen."""
    address = f"{room}{'&' if '?' in room else '?'}{DAY}"
    visitor.set_viewport_size({"width": 360, "height": 740})
    answer = visitor.goto(address)
    assert answer is not None
    assert answer.status == 200
    assert visitor.get_by_role("heading", level=1).count() == 1
    assert visitor.locator("footer").count() == 1
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 360
    visitor.keyboard.press("Tab")
    assert visitor.locator(".skip:focus").count() == 1


def test_axe_finds_nothing_against_any_page(browser: Browser, site: str) -> None:
    """axe-core, with every rule it has by itself, finds no violation on any page, nor on a refusal."""
    found = []
    with browser.new_context(base_url=site, bypass_csp=True) as context:
        page = context.new_page()
        refused = ("/holder?holder=Nobody", "/nowhere")
        for room in (*ROOMS, "/record", "/record?kind=CommonSharesDelivered", *refused):
            page.goto(f"{room}{'&' if '?' in room else '?'}{DAY}")
            told = Axe().run(page)
            found += [(room, one["id"], one["nodes"][0]["html"]) for one in told.response["violations"]]
    assert found == []


def test_on_paper_the_answer_stands_without_what_only_a_screen_can_use(visitor: Page) -> None:
    """The day, the figures and what they rest on are printed; navigation and forms are not."""
    visitor.goto(f"/?{DAY}")
    visitor.emulate_media(media="print")
    for gone in (".head nav", ".clocks form", ".clocks nav"):
        assert not visitor.locator(gone).first.is_visible()
    for kept in ("h1", ".clocks .day", ".cards", "table", "footer dl"):
        assert visitor.locator(kept).first.is_visible()
    printed = visitor.pdf(format="Letter")
    assert printed.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4


def test_a_recorder_sees_the_effect_and_confirms_it(browser: Browser, tmp_path: Path) -> None:
    """An entry from an empty form: first what it would do, then recorded, with the name of whoever confirmed it."""
    for site in serving(begun(tmp_path / "ledger.db", COMMON, issued())):
        with browser.new_context(base_url=site, java_script_enabled=False) as context:
            page = context.new_page()
            page.goto("/record")
            page.get_by_label("Kind of entry").select_option("CommonSharesIssued")
            page.get_by_role("button", name="Go on").click()
            page.get_by_label("Effective (needed)").fill("2001-06-01")
            page.get_by_label("Shares (needed)").fill("5000000")
            page.get_by_label("Cash", exact=True).fill("2250000")
            page.get_by_role("button", name="Show what it would do").click()
            shown = page.inner_text("main")
            assert "Nothing was recorded. It would be 1 entry: entry 4." in shown
            assert "conversion rate      1,388.89 -> 1,457.196066" in shown
            page.get_by_role("button", name="Record it").click()
            assert "Recorded 1 entry: entry 4." in page.inner_text("main")
            page.get_by_role("link", name="entry 4", exact=True).click()
            assert re.search(r"By\s+Anna Lee", page.inner_text("main"))
