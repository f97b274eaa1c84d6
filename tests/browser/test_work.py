"""The days of four people, in a real browser: a meeting logged, a file checked and decided, a number opened."""

import re

import pytest
from playwright.sync_api import expect


def test_a_wrong_password_is_told_and_the_right_one_leads_home(visit):
    visitor = visit()
    page = visitor.sign_in("tochuc", "không phải mật khẩu này")
    expect(page.get_by_role("alert")).to_contain_text("không đúng")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("tochuc")
    page = visitor.sign_in("tochuc")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")
    expect(page).to_have_url(f"{visitor.address}/")


def test_a_page_that_was_asked_for_comes_after_the_sign_in(visit):
    visitor = visit()
    page = visitor.go("/targets?year=2026")
    page.get_by_label("Tên đăng nhập").fill("baocao")
    page.get_by_label("Mật khẩu").fill("ruong lua ban Bon xanh")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/targets\?year=2026$"))


@pytest.mark.parametrize(("cell", "scripts"), [("bon", True), ("he", False)])
def test_a_secretary_logs_a_meeting_with_one_absence_on_a_phone(visit, cell, scripts):
    visitor = visit(f"bithu.{cell}", phone=True, scripts=scripts)
    page = visitor.page
    page.locator("main").get_by_role("link", name="Ghi buổi sinh hoạt").first.tap()
    expect(page.get_by_label("Ngày họp")).not_to_have_value("")
    if cell == "he":  # its regular meeting of the month is on record
        page.get_by_label("Loại sinh hoạt").select_option(label="Chuyên đề")
    row = page.locator("#roll > li").filter(has_text="Lò Thị Mai")
    row.get_by_text("Vắng có lý do", exact=True).tap()
    row.get_by_label(re.compile("Lý do")).fill("Ốm")
    if scripts:
        expect(page.locator("output.count")).to_have_text("8/9 có mặt")
        expect(page.locator("#roll > li").first.get_by_label(re.compile("Lý do"))).to_be_hidden()
    page.get_by_role("button", name="Lưu buổi sinh hoạt").tap()
    expect(page).to_have_url(re.compile(r"/meetings/\d+$"))
    expect(page.get_by_role("status")).to_contain_text("Đã ghi buổi sinh hoạt")
    expect(page.locator("main")).to_contain_text("8/9")
    expect(page.locator("main")).to_contain_text("Ốm")


def test_what_was_typed_comes_back_with_the_message_beside_its_field(visit):
    page = visit("bithu.bon", phone=True).page
    page.goto(page.url + "meetings/new?unit=cb-bon")
    page.get_by_label("Nội dung chính").fill("Bàn về <b>nước sạch</b>")
    with page.expect_navigation():  # another day brings that day's roll, and what was typed with it
        page.get_by_label("Ngày họp").fill("31/02/2026")
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Lưu buổi sinh hoạt").tap()
    expect(page.locator(".form-summary")).to_be_focused()
    expect(page.get_by_label("Ngày họp")).to_have_value("31/02/2026")
    expect(page.locator("#held_on-error")).to_be_visible()
    expect(page.get_by_label("Nội dung chính")).to_have_value("Bàn về <b>nước sạch</b>")


def test_the_officer_passes_one_file_on_and_returns_another_and_the_committee_decides(visit):
    visitor = visit("tochuc")
    page = visitor.page
    page.locator("main").get_by_role("link", name=re.compile("Quàng Thị Duyệt")).click()
    expect(page.get_by_text("Không có điều nào ngăn cản")).to_be_visible()
    page.get_by_role("button", name="Chuyển tiếp").click()
    expect(page.get_by_role("dialog")).to_contain_text("chuyển hồ sơ lên cấp quyết định")
    page.get_by_role("button", name="Đồng ý").click()
    expect(page.locator(".page-head .page-actions")).to_contain_text("Chờ Ban Thường vụ")

    visitor.go("/admissions").get_by_role("link", name=re.compile("Quàng Thị Trả")).click()
    page.locator("summary").filter(has_text="Trả lại chi bộ").click()
    page.get_by_role("button", name="Trả lại").click()
    expect(page.locator("#return-reason-error")).to_be_visible()
    page.get_by_label("Lý do").first.fill("Thiếu dấu trên nghị quyết.")
    page.get_by_role("button", name="Trả lại").click()
    expect(page.locator("main")).to_contain_text("Thiếu dấu trên nghị quyết.")

    page = visit("thuongvu").page
    page.locator("main").get_by_role("link", name=re.compile("Quàng Thị Duyệt")).click()
    deed = page.locator("form[action$='/decide']")
    for label, text in (("Ngày quyết định", "20/11/2026"), ("Người ký", "Lò Văn Pâng"), ("Tổng số ủy viên", "9"),
                        ("Số ủy viên có mặt", "9"), ("Số phiếu tán thành", "9"), ("ngoài sổ", "125-QĐ/ĐU")):  # fmt: skip
        deed.get_by_label(label).fill(text)
    deed.get_by_role("button", name="Ra quyết định").click()
    page.get_by_role("button", name="Đồng ý").click()
    expect(page.locator(".page-head .page-actions")).to_contain_text("Chờ lễ kết nạp")


def test_a_report_writer_opens_a_target_down_to_a_person(visit):
    page = visit("baocao").page
    page.get_by_role("navigation", name="Các phần việc").get_by_role("link", name="Chỉ tiêu").click()
    card = page.locator("section.box").filter(has_text="21b")
    expect(card.locator("figcaption")).to_contain_text("9/9 = 100,00 %")
    card.get_by_role("link", name=re.compile("Xem từng người")).click()
    expect(page.locator("table").last.locator("tbody tr")).to_have_count(9)
    page.get_by_role("link", name="Lò Thị Mai").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lò Thị Mai")


def test_two_browsers_editing_one_member_see_the_conflict(visit):
    first, second = visit("tochuc"), visit("tochuc")
    path = first.go("/members?q=lo thi nga&unit=cb-bon").get_by_role("link", name="Lò Thị Nga").get_attribute("href")
    for visitor in (first, second):
        visitor.go(f"{path}/edit")
    for visitor, work in ((first, "Giáo viên"), (second, "Kế toán")):
        visitor.page.get_by_label("Nghề nghiệp").fill(work)
        visitor.page.get_by_role("button", name="Lưu", exact=True).click()
    expect(first.page).to_have_url(re.compile(r"/members/\d+$"))
    differing = second.page.locator("tr.differs")
    expect(differing).to_contain_text("Kế toán")
    expect(differing).to_contain_text("Giáo viên")
    expect(second.page.get_by_label("Nghề nghiệp")).to_have_value("Kế toán")
    expect(first.go(path).locator("main")).to_contain_text("Giáo viên")
