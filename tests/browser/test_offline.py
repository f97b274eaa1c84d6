"""A secretary in a village without network: what is written on the phone arrives once, whatever happens to line and session."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

NEW = "/meetings/new?unit=cb-bon"
#: What Chromium itself says of a line that was cut on purpose.
CUT = re.compile(r"net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|Failed to fetch|status of 400")


def until(page: Page, question: str) -> None:
    """Wait until the page answers yes; the content policy forbids the browser's own way of waiting."""
    for _try in range(100):
        with contextlib.suppress(Error):  # the page is on its way to another one
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


def test_two_phones_log_one_meeting_and_the_second_is_shown_both(phone):
    first, second = phone(), phone()
    for visitor in (first, second):
        visitor.context.set_offline(True)
        page = visitor.go(NEW)
        page.get_by_label("Địa điểm").fill("Nhà văn hóa" if visitor is first else "Nhà bí thư")
        write(page, "05/11/2026")
        page.wait_for_url("**/offline?kept=queued")
    for visitor in (first, second):
        visitor.context.set_offline(False)
        visitor.page.evaluate("self.outbox.send()")
    expect(first.page.locator("#entries [data-field=state]")).to_have_text(["Đã gửi vào sổ"])
    page = second.page
    expect(page.locator("#entries [data-field=state]")).to_have_text(["Trùng với buổi đã có"])
    both = page.locator("#entries table tbody").inner_text()
    assert "Nhà văn hóa" in both and "Nhà bí thư" in both
    page.get_by_role("button", name="Mở để viết tiếp").click()
    page.get_by_role("button", name="Thay buổi đang lưu bằng bản này").click()
    expect(page.get_by_text("Nhà bí thư").first).to_be_visible()
    assert meetings(second).count("05/11/2026") == 1
    second.go("/offline")
    page.get_by_role("button", name="Bỏ bản trên máy này").click()
    page.get_by_role("button", name="Đồng ý").click()
    expect(page.locator("#nothing")).to_be_visible()


def test_a_session_that_ended_meanwhile_loses_nothing(phone):
    visitor = phone()
    visitor.context.set_offline(True)
    page = visitor.go(NEW)
    page.get_by_label("Địa điểm").fill("Nhà văn hóa")
    write(page, "06/06/2026")
    page.wait_for_url("**/offline?kept=queued")
    visitor.context.clear_cookies()
    visitor.context.set_offline(False)
    page.evaluate("self.outbox.send()")
    expect(page.locator("#entries [data-field=state]")).to_have_text(["Cần đăng nhập để gửi"])
    visitor.sign_in("bithu.bon")
    until(page, "self.outbox.entries().then((all) => all.length === 1 && all[0].state === 'sent')")
    assert meetings(visitor).count("06/06/2026") == 1


def test_a_session_that_ends_while_the_form_is_open_loses_nothing(phone):
    visitor = phone()
    page = visitor.go(NEW)
    visitor.context.clear_cookies()
    write(page, "24/11/2026", "Bất thường")
    page.wait_for_url("**/offline?kept=queued")
    expect(page.locator("#entries [data-field=state]")).to_have_text(["Cần đăng nhập để gửi"])
    visitor.sign_in("bithu.bon")
    until(page, "self.outbox.entries().then((all) => all.some((one) => one.state === 'sent'))")
    assert meetings(visitor).count("24/11/2026") == 1


def test_what_was_begun_is_filled_again_without_network(phone):
    visitor = phone()
    visitor.context.set_offline(True)
    page = visitor.go(NEW)
    page.get_by_label("Ngày họp").fill("08/08/2026")
    page.get_by_text("Thêm một mục").click()
    page.locator("[data-lines=item] li").last.get_by_label("Tên mục").fill("Bàn việc làm đường")
    page.get_by_label("Kết luận", exact=True).fill("Thống nhất")
    until(page, "self.outbox.entries().then((all) => all.length === 1 && all[0].fields.some((one) => one[1] === 'Thống nhất'))")
    page.evaluate("window.onbeforeunload = null")
    page.close()
    visitor.page = page = visitor.context.new_page()
    visitor.go("/offline")
    page.get_by_role("button", name="Mở để viết tiếp").click()
    page.wait_for_url("**kept=**")
    expect(page.get_by_label("Ngày họp")).to_have_value("08/08/2026")
    expect(page.get_by_label("Kết luận", exact=True)).to_have_value("Thống nhất")
    assert "Bàn việc làm đường" in page.locator("[data-lines=item] input").evaluate_all("all => all.map((one) => one.value)")
    page.get_by_role("button", name="Lưu buổi sinh hoạt").click()
    page.wait_for_url("**/offline?kept=queued")
    visitor.context.set_offline(False)
    page.evaluate("self.outbox.send()")
    until(page, "self.outbox.entries().then((all) => all.length === 1 && all[0].state === 'sent')")
    page.get_by_role("link", name="Xem buổi trong sổ").click()
    expect(page.get_by_text("Bàn việc làm đường")).to_be_visible()


def test_what_the_register_refuses_comes_back_to_be_mended(phone):
    visitor = phone()
    visitor.context.set_offline(True)
    page = visitor.go(NEW)
    page.locator("fieldset.segmented").nth(2).get_by_text("Vắng có lý do").click()
    write(page, "09/09/2026")
    page.wait_for_url("**/offline?kept=queued")
    visitor.context.set_offline(False)
    page.evaluate("self.outbox.send()")
    expect(page.locator("#entries [data-field=state]")).to_have_text(["Chưa nhận: cần sửa"])
    assert "Chưa ghi lý do vắng" in page.locator("#entries").inner_text()
    page.get_by_role("button", name="Mở để viết tiếp").click()
    page.locator("#roll input[name^=reason-]").locator("visible=true").first.fill("Ốm")
    page.get_by_role("button", name="Lưu buổi sinh hoạt").click()
    page.wait_for_url(re.compile(r"/meetings/\d+$"))
    until(page, "self.outbox.entries().then((all) => all.every((one) => one.state === 'sent'))")
    assert meetings(visitor).count("09/09/2026") == 1


def test_signing_out_asks_and_then_takes_everything_off_the_phone(phone):
    visitor = phone()
    visitor.context.set_offline(True)
    page = visitor.go(NEW)
    write(page, "10/10/2026")
    page.wait_for_url("**/offline?kept=queued")
    page.evaluate("self.outbox.send = async () => false")
    visitor.context.set_offline(False)
    page = visitor.page
    page.evaluate("self.outbox.entries().then((all) => self.outbox.keep(all[0].key, {state: 'draft'}))")
    visitor.go("/")
    expect(page.locator("#outbox-badge")).to_have_text("1 nháp")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    expect(page.locator("dialog")).to_contain_text("Còn 1 buổi chưa gửi")
    page.get_by_role("button", name="Đồng ý").click()
    page.wait_for_url("**/sign-in**")
    visitor.go("/offline")
    until(page, "Promise.all([self.outbox.all('pages'), self.outbox.all('entries')]).then(([a, b]) => a.length + b.length === 0)")
    expect(page.locator("#no-pages")).to_be_visible()


def test_another_person_on_the_same_phone_sees_and_sends_nothing_of_it(phone):
    visitor = phone()
    visitor.context.set_offline(True)
    page = visitor.go(NEW)
    write(page, "10/10/2026")
    page.wait_for_url("**/offline?kept=queued")
    visitor.context.clear_cookies()
    visitor.context.set_offline(False)
    visitor.sign_in("bithu.he")
    until(page, "self.outbox.all('pages').then((kept) => kept.length === 1 && kept[0].url.endsWith('cb-he'))")
    visitor.go("/offline")
    expect(page.locator("#nothing")).to_be_visible()
    assert "10/10/2026" not in meetings(visitor) and page.evaluate("self.outbox.all('entries').then((all) => all.length)") == 1


def test_a_meeting_is_logged_in_few_taps(visit):
    """From home to a submitted meeting of 27 members with three absences: taps and keys are counted, not guessed."""
    visitor = visit("bithu.lon", phone=True)
    page = visitor.page
    taps = 0

    def tap(target: Any) -> None:
        nonlocal taps
        target.tap()
        taps += 1

    tap(page.get_by_role("link", name="Ghi buổi sinh hoạt").first)
    for number, choice in ((1, "Vắng không lý do"), (2, "Vắng không lý do"), (3, "Vắng có lý do")):
        tap(page.locator("#roll fieldset.segmented").nth(number).get_by_text(choice))
    reason = page.locator("#roll input[name^=reason-]").locator("visible=true").last
    tap(reason)
    reason.press_sequentially("Ốm")
    taps += len("Ốm")
    tap(page.get_by_role("button", name="Lưu buổi sinh hoạt"))
    page.wait_for_url(re.compile(r"/meetings/\d+$"))
    expect(page.get_by_text("24/27 có mặt").first).to_be_visible()
    assert taps <= 12, taps


def worker_of(visitor: Any) -> Any:
    """The worker that keeps things on that phone."""
    return visitor.context.service_workers[0]


def test_what_another_one_left_unsent_outlives_the_next_ones_sign_out(phone):
    visitor = phone()
    visitor.context.set_offline(True)
    page = visitor.go(NEW)
    page.get_by_label("Địa điểm").fill("Của bí thư bản Bon")
    write(page, "24/11/2026", "Bất thường")
    page.wait_for_url("**/offline?kept=queued")
    visitor.context.clear_cookies()
    visitor.context.set_offline(False)
    visitor.sign_in("bithu.he")
    until(page, "self.outbox.all('pages').then((kept) => kept.length === 1)")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.wait_for_url("**/sign-in**")
    visitor.go("/offline")
    assert page.evaluate("self.outbox.all('entries').then((all) => all.length)") == 1
    visitor.sign_in("bithu.bon")
    until(page, "self.outbox.entries().then((all) => all.length === 1 && all[0].state === 'sent')")


def test_signing_out_without_network_is_made_good_as_soon_as_there_is_one(phone):
    visitor = phone()
    page = visitor.go("/")
    visitor.context.set_offline(True)
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.wait_for_url("**/offline?left=1")
    expect(page.locator("#left")).to_be_visible()
    assert page.evaluate("self.outbox.all('pages').then((all) => all.length)") == 0
    visitor.context.set_offline(False)
    with contextlib.suppress(Error):  # it leaves the page
        page.evaluate("self.outbox.send()")
    page.wait_for_url("**/sign-in")
    visitor.go("/members")
    page.wait_for_url("**/sign-in**")


def test_a_phone_that_can_keep_nothing_works_as_without(phone):
    visitor = phone()
    page = visitor.go(NEW)
    for name in ("keep", "wipe"):
        worker_of(visitor).evaluate(f"void (self.outbox.{name} = () => Promise.reject(new Error('full')))")
    write(page, "24/11/2026", "Bất thường")
    page.wait_for_url(re.compile(r"/meetings/\d+$"))
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.wait_for_url("**/sign-in**")


def test_words_added_after_a_lost_answer_are_not_called_sent(phone):
    """The register has the meeting, the phone never heard of it; what she then adds is shown beside it, not thrown away."""
    visitor = phone()
    page = visitor.go(NEW)
    key = page.locator("[name=client_key]").input_value()
    page.get_by_label("Địa điểm").fill("Lần đầu")
    write(page, "24/11/2026", "Bất thường")
    page.wait_for_url(re.compile(r"/meetings/\d+$"))
    until(page, "self.outbox.entries().then((all) => all.length === 1 && all[0].state === 'sent')")
    visitor.go(NEW)
    page.locator("[name=client_key]").evaluate("(field, key) => { field.value = key; }", key)
    page.get_by_label("Loại sinh hoạt").select_option(label="Bất thường")
    page.get_by_label("Ngày họp").fill("24/11/2026")
    page.get_by_label("Địa điểm").fill("Lần hai")
    page.evaluate(
        "self.outbox.keep(document.querySelector('[name=client_key]').value, {state: 'draft', url: '/meetings/new?unit=cb-bon', "
        "fields: self.outbox.fields(new FormData(document.querySelector('form[data-keep]')))})"
    )
    page.evaluate("self.outbox.send()")
    until(page, "self.outbox.entries().then((all) => all[0].state === 'conflict' && all[0].fields.length > 5)")
    page.evaluate("window.onbeforeunload = null")
    visitor.go("/offline")
    expect(page.locator("#entries table")).to_contain_text("Lần hai")
    expect(page.locator("#entries table")).to_contain_text("Lần đầu")


def test_who_logs_no_meetings_finds_nobodys_names_on_the_phone(phone):
    visitor = phone()
    visitor.context.clear_cookies()
    visitor.sign_in("baocao")
    page = visitor.go("/offline")
    until(page, "self.outbox.all('pages').then((all) => all.length === 0)")
    expect(page.locator("#no-pages")).to_be_visible()
    visitor.context.set_offline(True)
    assert "Lò Thị" not in visitor.go(NEW).locator("body").inner_text()
    page.wait_for_timeout(300)  # for what the browser says of the line that was cut
