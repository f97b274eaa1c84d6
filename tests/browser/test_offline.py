"""A secretary in a village without network: what is written on the phone arrives once, whatever happens to line and session."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

NEW = "/meetings/new?unit=cb-bon"
#: What Chromium itself says of a line that was cut on purpose.
CUT = re.compile(r"net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|Failed to fetch")


def until(page: Page, question: str) -> None:
    """Wait until the page answers yes; the content policy forbids the browser's own way of waiting."""
    for _try in range(100):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {question}")


@pytest.fixture
def phone(visit):
    """phone(username): a phone on which she has signed in and that is ready for a time without network."""
    visitors: list[Any] = []

    def ready(username: str = "bithu.bon") -> Any:
        visitor = visit(username, phone=True)
        visitors.append(visitor)
        until(visitor.page, "navigator.serviceWorker.controller !== null")
        until(visitor.page, "self.outbox.all('pages').then((kept) => kept.length === 1)")
        return visitor

    yield ready
    for visitor in visitors:
        visitor.complaints[:] = [line for line in visitor.complaints if not CUT.search(line)]


def write(page: Page, day: str, kind: str = "Định kỳ", **more: str) -> None:
    """The form is filled with the least, and saved."""
    page.get_by_label("Loại sinh hoạt").select_option(label=kind)
    page.get_by_label("Ngày họp").fill(day)
    for label, value in more.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Lưu buổi sinh hoạt").click()


def states(page: Page) -> list[str]:
    """The states on the page of what waits."""
    return page.locator("#entries [data-field=state]").all_inner_texts()


def meetings(visitor: Any, year: int = 2026) -> list[str]:
    """The days of the cell's meetings, by the list of the register."""
    page = visitor.go(f"/meetings?unit=cb-bon&year={year}")
    return re.findall(r"\d\d/\d\d/\d{4}", " ".join(page.locator("main table tbody").all_inner_texts()))


def test_two_meetings_written_without_network_arrive_once(phone):
    visitor = phone()
    visitor.context.set_offline(True)
    page = visitor.go(NEW)
    expect(page.locator("#kept-note")).to_be_visible()
    write(page, "03/03/2026")
    page.wait_for_url("**/offline?kept=queued")
    expect(page.locator("#entries [data-field=state]")).to_have_text(["Giữ trên máy, chờ gửi"])
    visitor.go(NEW)
    write(page, "04/04/2026")
    page.wait_for_url("**/offline?kept=queued")
    expect(page.locator("#entries [data-field=state]")).to_have_count(2)
    page.close()
    visitor.page = page = visitor.context.new_page()  # the phone was put away and taken out again
    visitor.go("/offline")
    expect(page.locator("#entries [data-field=state]")).to_have_text(["Giữ trên máy, chờ gửi"] * 2)
    visitor.context.set_offline(False)
    page.evaluate("self.outbox.send()")
    expect(page.locator("#entries [data-field=state]")).to_have_text(["Đã gửi vào sổ"] * 2)
    assert sorted(meetings(visitor))[:2] == ["03/03/2026", "04/04/2026"]
    visitor.go("/offline")
    page.get_by_role("button", name="Gửi ngay").click()
    found = meetings(visitor)
    assert (found.count("03/03/2026"), found.count("04/04/2026")) == (1, 1)
