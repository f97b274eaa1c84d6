"""What holds on every page: no complaint of the browser, readable by all, reached by keyboard, light enough for a village phone."""

from importlib.resources import files

import pytest
from playwright.sync_api import expect

PAGES = {
    "tochuc": "/ /members /members/1 /members/1/edit /members/new /admissions /admissions?step=check "
    "/admissions?tab=done /admissions?late=late /admissions/new?unit=cb-he /admissions/reviews /admissions/reviews?unit=cb-na "
    "/admissions/1 /units /units/cb-bon /units/muong-chien /meetings /meetings/new?unit=cb-he /meetings/1 "
    "/meetings/1/renew /meetings/calendar /meetings/calendar?month=2026-12&unit=cb-he /meetings/plans/new?unit=cb-he "
    "/meetings/attendance /meetings/attendance?unit=cb-he "
    "/ratings/2026 /ratings/2026/cb-bon /targets /targets/21b /targets/21e /targets/22 /papers /papers/outside /workdays /reports "
    "/reports/structure /law /rights /audit /account /nowhere",
    "bithu.bon": "/ /meetings /meetings/new /members /admissions /units/cb-bon /ratings/2026/cb-bon /targets /accounts",
    "bithu.na": "/admissions /admissions/4 /admissions/4/edit /admissions/4/votes/new /admissions/new /admissions/reviews",
    "thuongvu": "/ /admissions /admissions/1 /admissions/4 /targets/22 /account",
    "quantri": "/accounts /accounts/new /accounts/1",
}
#: The pages that axe reads, by who opens them.
MAIN = [
    ("tochuc", "/"), ("tochuc", "/members"), ("tochuc", "/members/1"), ("tochuc", "/admissions"), ("tochuc", "/admissions/1"),
    ("tochuc", "/targets"), ("tochuc", "/targets/21b"), ("tochuc", "/ratings/2026"), ("tochuc", "/audit"),
    ("bithu.bon", "/"), ("bithu.bon", "/meetings"), ("bithu.bon", "/meetings/new"), ("bithu.bon", "/ratings/2026/cb-bon"),
    ("quantri", "/accounts"),
    ("tochuc", "/papers"), ("tochuc", "/admissions?step=check"), ("tochuc", "/workdays"), ("tochuc", "/targets/22"),
    ("bithu.na", "/admissions/4"), ("bithu.na", "/admissions/4/edit"), ("bithu.na", "/admissions/4/votes/new"),
    ("thuongvu", "/admissions/4"), ("thuongvu", "/account"),
    ("bithu.he", "/meetings/calendar"), ("bithu.he", "/meetings/attendance"), ("bithu.he", "/meetings/1/renew"),
    ("bithu.he", "/meetings/plans/new"),
]  # fmt: skip
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("username", PAGES)
def test_no_page_makes_the_browser_complain_or_is_wider_than_a_phone(visit, username):
    visitor = visit(username, phone=True)
    for path in PAGES[username].split():
        page = visitor.go(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def violations(page, *rules):
    """What axe calls serious or critical, of these rules or of all: rule and the first element of each."""
    only = {"runOnly": list(rules)} if rules else {}
    found = page.evaluate("only => axe.run(document, {resultTypes: ['violations'], ...only}).then(result => result.violations)", only)
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found if one["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_on_the_main_pages(visit, dark):
    found = {}
    visitors = {}
    rules = ["color-contrast", "link-in-text-block"] if dark else []  # the dark page is the same page in other colours
    stranger = visit(dark=dark)
    for username, path in [(None, "/sign-in"), *MAIN[:: 2 if dark else 1]]:
        if username and username not in visitors:
            visitors[username] = visit(username, phone=username.startswith("bithu"), dark=dark)
        page = (visitors[username] if username else stranger).go(path)
        page.evaluate(AXE)
        if faults := violations(page, *rules):
            found[f"{username} {path}"] = faults
    assert found == {}


def test_a_fault_would_be_found_by_axe(visit):
    page = visit().go("/sign-in")
    page.evaluate(AXE)
    page.evaluate("document.querySelector('label[for]').removeAttribute('for')")
    assert any("label" in one for one in violations(page))


def test_tab_reaches_the_main_action_and_the_focus_is_seen(visit):
    page = visit("bithu.bon").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    action = page.locator("main").get_by_role("link", name="Ghi buổi sinh hoạt").first
    expect(action).to_be_focused()
    assert action.evaluate("element => parseFloat(getComputedStyle(element).outlineWidth)") >= 2
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ghi buổi sinh hoạt")


def test_a_menu_closes_by_escape_and_gives_the_focus_back(visit):
    page = visit("tochuc").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")
    summary = page.locator(".user-menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Đăng xuất", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Đăng xuất", exact=True)).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_first_page_of_a_secretary_is_light(visit):
    visitor = visit("bithu.bon", phone=True)
    wire = visitor.context.new_cdp_session(visitor.page)
    sizes = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    visitor.page.goto(visitor.address, wait_until="networkidle")
    assert len(sizes) >= 5
    assert sum(sizes) <= 150_000
