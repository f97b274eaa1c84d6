"""The pages of the board: words beside colours, where each box leads, what narrows it; and the reminder."""

import datetime as dt
import re

import pytest

from partyreg import access, clock
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.meetings import waiver_actions
from partyreg.meetings.models import Attendance, MeetingKind
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Title
from tests import make
from tests.make.meetings import meeting

OVERSEER = access.system("test").using(Permission.MEETINGS_OVERSEE)
A = Attendance.ABSENT


@pytest.fixture
def office(as_, cell):
    return as_(Role.ORGANISATION, name="Ban Tổ chức")


def held(cell, day: dt.date, kind=MeetingKind.REGULAR, **facts) -> int:
    return meeting(unit=cell.unit, chair_id=cell.an, held_on=day, kind=kind, **facts).id


def listed(page: str) -> set[str]:
    """The cells in the rows of the board."""
    return set(re.findall(r'<th scope="row"><a href="/meetings\?unit=([\w-]+)&', page))


def test_every_box_is_told_in_words_and_leads_somewhere(cell, office):
    few = held(cell, dt.date(2026, 1, 20), attendance={cell.binh: (A, None), cell.chi: (A, None)})
    kept, late = held(cell, dt.date(2026, 2, 3)), held(cell, dt.date(2026, 3, 20))
    waived = waiver_actions.waive(OVERSEER, cell.unit, 2026, 4, "Bản bị lũ chia cắt")
    thematic = held(cell, dt.date(2026, 2, 3), MeetingKind.THEMATIC)
    page = office.get("/meetings").text
    for told, href in (
        ("Tháng 1: họp thiếu số người 20/01/2026, họp muộn", f"/meetings/{few}"),
        ("Tháng 2: đã họp 03/02/2026", f"/meetings/{kept}"),
        ("Tháng 3: họp muộn 20/03/2026", f"/meetings/{late}"),
        ("Tháng 4: được miễn", f"/meetings/waivers?year=2026#waiver-{waived.id}"),
        ("Tháng 5: không họp", "/meetings/new?unit=cb-bon&amp;held_on=2026-05-03"),
        ("Tháng 11: đến kỳ họp", "/meetings/new?unit=cb-bon&amp;held_on=2026-11-03"),
        ("Chuyên đề quý 1: đã họp 03/02/2026", f"/meetings/{thematic}"),
        ("Chuyên đề quý 2: không họp", "/meetings/new?unit=cb-bon&amp;kind=thematic&amp;held_on=2026-06-03"),
        ("Chuyên đề quý 4: đến kỳ họp", "/meetings/new?unit=cb-bon&amp;kind=thematic&amp;held_on=2026-11-24"),
    ):
        assert re.search(rf'href="{re.escape(href)}" title="{re.escape(told)}"', page), told
    for word in ("đã họp", "họp muộn", "họp thiếu số người", "không họp", "đến kỳ họp", "được miễn", "chưa đến kỳ"):
        assert re.search(rf"</span>\s*{word}\s*</li>", page), word


def test_the_form_behind_a_quarter_is_for_a_thematic_meeting(cell, office):
    assert re.search(r'selected[^>]*value="thematic"', office.get("/meetings/new?unit=cb-bon&kind=thematic&held_on=2026-06-03").text)


def test_a_meeting_in_a_waived_month_says_both(cell, office):
    waiver_actions.waive(OVERSEER, cell.unit, 2026, 9, "Bản bị lũ chia cắt")
    held(cell, dt.date(2026, 9, 3))
    assert "Tháng 9: đã họp 03/09/2026, tháng được miễn" in office.get("/meetings?unit=cb-bon").text


def test_who_may_only_read_is_led_to_no_form(cell, as_):
    page = as_(Role.INSPECTION).get("/meetings").text
    assert "/meetings/new" not in page and "/meetings/reminder" not in page and "Tháng 5: không họp" in page


@pytest.mark.parametrize(
    ("state", "cells"),
    [
        ("late", {"cb-bon"}), ("quorum", {"cb-he"}), ("waived", {"cb-na"}), ("missing", {"cb-bon", "cb-he", "cb-na"}),
        ("", {"cb-bon", "cb-he", "cb-na"}), ("odd", {"cb-bon", "cb-he", "cb-na"}),
    ],
)  # fmt: skip
def test_the_board_is_narrowed_by_a_state(cell, office, state, cells):
    held(cell, dt.date(2026, 1, 20))
    chair = make.member(unit=cell.he)
    others = {make.member(unit=cell.he, full_name=f"Lò Thị {n}").id: (A, None) for n in ("Hai", "Ba")}
    meeting(unit=cell.he, chair_id=chair.id, held_on=dt.date(2026, 1, 3), attendance=others)
    waiver_actions.waive(OVERSEER, make.unit(parent=cell.root, code="cb-na", name="Chi bộ bản Nà"), 2026, 1, "Bản di dời")
    page = office.get(f"/meetings?state={state}").text
    assert listed(page) == cells
    assert ("1/1" if state in ("late", "quorum") else "–" if state == "waived" else "2/2") in page


def test_a_board_narrowed_to_nothing_says_so(cell, office):
    page = office.get("/meetings?state=waived")
    assert page.status_code == 200 and "Không có chi bộ nào như vậy" in page.text


def test_the_pages_take_as_many_statements_for_thirty_cells(cell, office, counting):
    def asked() -> list[int]:
        found = []
        for path in (
            "/meetings",
            "/meetings?state=missing",
            "/meetings/waivers",
            "/meetings/waivers/new",
            "/meetings/reminder?month=2026-10",
        ):
            with counting() as count:
                assert office.get(path).status_code == 200
            found.append(len(count))
        return found

    waiver_actions.waive(OVERSEER, cell.unit, 2026, 4, "Bản bị lũ chia cắt")
    few = asked()
    for number in range(30):
        waiver_actions.waive(OVERSEER, make.unit(parent=cell.root), 2026, 1 + number % 9, "Bản bị lũ chia cắt")
    assert asked() == few


# -- one meeting ------------------------------------------------------------------------------------------------------


def test_the_page_cites_the_rules_on_papers_and_results(cell, office):
    with clock.freeze(dt.date(2026, 11, 5)):
        logged = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 11, 3))
    page = office.get(f"/meetings/{logged.id}").text
    assert 'data-code="meeting.documents"' not in page
    assert re.search(r'data-code="meeting.result">.*?Đạt:.*?đúng hạn 2 ngày.*?42-HD/BTCTW', page, re.S)
    with clock.freeze(dt.datetime(2026, 11, 6, 0, 30, tzinfo=clock.OFFICE_ZONE)):  # the fifth still, by the clock of London
        late = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 11, 3), kind=MeetingKind.THEMATIC)
    assert re.search(r'data-code="meeting.result">.*?Lưu ý:.*?3 ngày sau khi họp', office.get(f"/meetings/{late.id}").text, re.S)


def test_the_day_of_the_papers_is_shown_and_judged(cell, office):
    from partyreg.audit import deed

    @deed
    def note(_actor, one):
        one.documents_on = dt.date(2026, 11, 3)

    logged = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 11, 3))
    note(access.system("test"), logged)
    page = office.get(f"/meetings/{logged.id}").text
    assert re.search(r'data-code="meeting.documents">.*?Lưu ý:.*?ít nhất 1 ngày.*?42-HD/BTCTW', page, re.S)
    assert "Gửi tài liệu ngày" in page


# -- the reminder -----------------------------------------------------------------------------------------------------


def reminder_of(page: str) -> str:
    return re.search(r"<textarea[^>]*readonly>(.*?)</textarea>", page, re.S)[1]


def test_the_reminder_names_the_late_cells_their_secretaries_and_the_rule(cell, office):
    person = db.session.get_one(Person, make.member(unit=cell.he, full_name="Vì Thị Thư").id)
    members.appoint(access.system("test"), person, unit=cell.he, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2020, 1, 1))
    make.unit(parent=cell.root, code="cb-na", name="Chi bộ bản Nà")
    held(cell, dt.date(2026, 11, 3))
    page = office.get("/meetings/reminder").text
    text = reminder_of(page)
    for told in (
        "Theo Điều 24, Điều lệ Đảng, chi bộ sinh hoạt định kỳ mỗi tháng 1 kỳ.", "Theo Chỉ thị 50-CT/TW", "ngày 3 hằng tháng",
        "tuần đầu của tháng, chậm nhất ngày 7", "Đến ngày 24/11/2026", "tháng 11/2026", "- Chi bộ bản Hé (bí thư: đồng chí Vì Thị Thư)",
        "- Chi bộ bản Nà (chưa có bí thư trong sổ)", "42-HD/BTCTW: trong 2 ngày",
    ):  # fmt: skip
        assert told in text, told
    assert "Bon" not in text and "2 chi bộ muộn" in page
    assert 'data-copy="reminder"' in page and "js/copy.js" in page


def test_the_reminder_of_a_month_before_the_present_rules(cell, office):
    text = reminder_of(office.get("/meetings/reminder?month=2025-06").text)
    assert "50-CT" not in text and "42-HD" not in text and "Điều lệ Đảng" in text


def test_in_the_first_week_nobody_is_reminded(cell, office):
    with clock.freeze(dt.date(2026, 11, 7)):
        page = office.get("/meetings/reminder").text
    assert "Không có chi bộ nào muộn" in page and "<textarea" not in page


@pytest.mark.parametrize(
    ("month", "told"),
    [
        ("2026-12", "chưa đến"), ("2016-06", "Sổ chỉ ghi sinh hoạt từ ngày 25/07/2016"), ("odd", "Không đọc được tháng “odd”"),
        ("2026-13", "Không đọc được tháng"), ("9" * 50, "Không đọc được tháng"), ("%00", "Không đọc được tháng"),
    ],
)  # fmt: skip
def test_an_odd_month_is_told(cell, office, month, told):
    answer = office.get(f"/meetings/reminder?month={month}")
    assert answer.status_code == 422 and told in answer.text


def test_a_month_long_past_can_be_asked_for(cell, office):
    answer = office.get("/meetings/reminder?month=2020-05")
    assert answer.status_code == 200 and 'value="2020-05" selected' in answer.text
