"""The year's board on a telephone, a month waived and taken back, and the reminder copied, as people do it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("phone", [False, True])
def test_the_board_fits_and_its_boxes_can_be_hit(visit, phone):
    visitor = visit("tochuc", phone=phone)
    for path in ("/meetings", "/meetings?unit=cb-he", "/meetings/waivers", "/meetings/reminder"):
        page = visitor.go(path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    page = visitor.go("/meetings")
    least = page.evaluate(
        "Math.min(...[...document.querySelectorAll('a.month-box')].flatMap(b => [b.getBoundingClientRect().width, b.offsetHeight]))"
    )
    assert least >= 44
    inside = page.evaluate("(w => w.scrollWidth <= w.clientWidth)(document.querySelector('.board-table').parentElement)")
    assert inside or not phone


def test_a_month_is_waived_and_taken_back(visit):
    visitor = visit("tochuc")
    page = visitor.go("/meetings?unit=cb-na")
    page.get_by_role("link", name="Miễn tháng 12").click()
    page.get_by_label("Lý do miễn").fill("Bản bị lũ chia cắt cả tháng")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_text("Đã miễn sinh hoạt định kỳ tháng 12/2026").wait_for()
    page.get_by_role("button", name="Bỏ miễn Tháng 12, Chi bộ bản Nà").click()
    page.get_by_role("button", name="Đồng ý").click()
    page.get_by_text("Đã bỏ miễn; tháng 12/2026 lại phải sinh hoạt.").wait_for()


def test_the_reminder_is_copied_by_a_button_or_by_hand(visit):
    page = visit("tochuc").go("/meetings/reminder")
    page.get_by_role("button", name="Sao chép").click()
    page.get_by_text("Đã sao chép lời nhắc.").wait_for()
    field = page.get_by_label("Lời nhắc", exact=True)
    assert field.evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)") == field.input_value()
    assert "Chi bộ bản Nà" in field.input_value() and "Hé" not in field.input_value()
    plain = visit("tochuc", scripts=False).go("/meetings/reminder")
    assert not plain.get_by_role("button", name="Sao chép").is_visible()
    assert "Chi bộ bản Nà" in plain.get_by_label("Lời nhắc", exact=True).input_value()
