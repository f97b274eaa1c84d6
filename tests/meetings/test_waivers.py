"""The organisation committee frees a cell of a month, and takes that back; every refusal says what to do."""

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import access, clock
from partyreg.access import Permission, Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.meetings import waiver_actions, waiver_queries
from partyreg.meetings.models import MeetingWaiver
from partyreg.meetings.waiver_forms import months_back, read_month
from partyreg.org import actions as org
from tests import make
from tests.make.meetings import meeting

OVERSEER = access.system("test").using(Permission.MEETINGS_OVERSEE)
FLOOD = "Bản bị lũ chia cắt cả tháng"


def number() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(MeetingWaiver)) or 0


@pytest.fixture
def office(as_, cell):
    return as_(Role.ORGANISATION, name="Ban Tổ chức")


# -- the deeds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "month"), [(2026, 11), (2026, 12), (2026, 1), (2016, 7)])
def test_a_month_is_waived_on_record(cell, year, month):
    made = waiver_actions.waive(OVERSEER, cell.unit, year, month, f"  {FLOOD} ")
    assert (made.unit_id, made.year, made.month, made.reason, made.version) == (cell.unit.id, year, month, FLOOD, 1)
    assert waiver_queries.waived_already(cell.unit, year, month) and not waiver_queries.waived_already(cell.he, year, month)


@pytest.mark.parametrize(
    ("year", "month", "reason", "code", "field"),
    [
        (2026, 11, " ", "waiver.no_reason", "reason"),
        (2026, 11, "x" * 301, "waiver.long_reason", "reason"),
        (2027, 1, FLOOD, "waiver.too_far", "month"),
        (9999, 12, FLOOD, "waiver.too_far", "month"),
        (2016, 6, FLOOD, "waiver.too_early", "month"),
        (0, 5, FLOOD, "waiver.too_early", "month"),
        (2026, 0, FLOOD, "waiver.no_month", "month"),
        (2026, 13, FLOOD, "waiver.no_month", "month"),
        (2026, 10, FLOOD, "waiver.held", "month"),
        (2026, 9, FLOOD, "waiver.twice", "month"),
    ],
)
def test_what_is_refused(cell, year, month, reason, code, field):
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 31))
    waiver_actions.waive(OVERSEER, cell.unit, 2026, 9, FLOOD)
    with pytest.raises(RuleBroken) as refused:
        waiver_actions.waive(OVERSEER, cell.unit, year, month, reason)
    (finding,) = refused.value.findings
    assert (finding.code, finding.field) == (code, field) and number() == 1


def test_a_month_that_is_not_owed_is_not_waived(cell):
    young = make.unit(parent=cell.root, code="cb-moi", founded_on=dt.date(2026, 9, 2))
    org.dissolve(access.system("test"), young, dt.date(2026, 11, 30))
    for month in (8, 9, 11, 12):
        with pytest.raises(RuleBroken, match="không hoạt động trọn tháng"):
            waiver_actions.waive(OVERSEER, young, 2026, month, FLOOD)
    assert waiver_actions.waive(OVERSEER, young, 2026, 10, FLOOD).month == 10


def test_what_is_no_cell_has_no_month_to_waive(cell):
    with pytest.raises(RuleBroken, match="không phải chi bộ"):
        waiver_actions.waive(OVERSEER, cell.root, 2026, 11, FLOOD)


def test_a_december_is_followed_by_january():
    with clock.freeze(dt.date(2026, 12, 31)):
        assert waiver_actions.latest_month() == (2027, 1)


def test_a_cell_that_is_not_ones_own_is_not_there(cell, actor_):
    hers = actor_(Role.ORGANISATION, cell.unit, Permission.MEETINGS_OVERSEE)
    other = waiver_actions.waive(OVERSEER, cell.he, 2026, 11, FLOOD)
    with pytest.raises(NotVisible):
        waiver_actions.waive(hers, cell.he, 2026, 10, FLOOD)
    with pytest.raises(NotVisible):
        waiver_actions.withdraw_waiver(hers, other, 1)
    with pytest.raises(NotVisible):
        waiver_queries.waiver(hers, other.id)
    secretary = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_OVERSEE)
    with pytest.raises(NotVisible):
        waiver_actions.waive(secretary, cell.unit, 2026, 10, FLOOD)


def test_a_waiver_is_withdrawn_once(cell):
    made = waiver_actions.waive(OVERSEER, cell.unit, 2026, 11, FLOOD)
    with pytest.raises(Conflict, match="người khác sửa"):
        waiver_actions.withdraw_waiver(OVERSEER, made, 2)
    assert number() == 1
    waiver_actions.withdraw_waiver(OVERSEER, made, 1)
    assert number() == 0
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert last.deed == "meetings.withdraw_waiver" and FLOOD in (last.payload or "")
    with pytest.raises(NotVisible):
        waiver_actions.withdraw_waiver(OVERSEER, made, 1)
    waiver_actions.waive(OVERSEER, cell.unit, 2026, 11, FLOOD)


# -- the doors --------------------------------------------------------------------------------------------------------

NEW = "/meetings/waivers/new"


def sent(**more: str) -> dict[str, str]:
    return {"unit": "cb-bon", "month": "2026-11", "reason": FLOOD, **more}


def test_from_the_cells_year_to_the_list_and_back(cell, office):
    page = office.get("/meetings?unit=cb-bon").text
    assert f"{NEW}?unit=cb-bon&amp;month=2026-12" in page and "Miễn tháng 12" in page
    form = office.get(f"{NEW}?unit=cb-bon&month=2026-11").text
    assert 'value="cb-bon"' in form and "11/2026" in form
    answer = office.post(NEW, data=sent())
    assert answer.status_code == 302 and answer.location.endswith("/meetings/waivers?year=2026")
    shown = office.get(answer.location).text
    assert "Đã miễn sinh hoạt định kỳ tháng 11/2026 cho Chi bộ bản Bon" in shown and FLOOD in shown
    made = db.session.scalars(sa.select(MeetingWaiver)).one()
    board = office.get("/meetings?unit=cb-bon").text
    assert f"/meetings/waivers?year=2026#waiver-{made.id}" in board and "Tháng 11: được miễn" in board
    assert "Miễn tháng 11" not in board
    done = office.post(f"/meetings/waivers/{made.id}/withdraw", data={"version": "1"})
    assert done.status_code == 302 and number() == 0
    assert "Đã bỏ miễn; tháng 11/2026 lại phải sinh hoạt" in office.get(done.location).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": ""}, "Chưa nhập mục này"),
        ({"reason": "x" * 301}, "Quá dài: tối đa 300 ký tự"),
        ({"month": ""}, "Chưa nhập mục này"),
        ({"month": "2026-13"}, "Không đọc được tháng “2026-13”"),
        ({"month": "tháng mười"}, "Không đọc được tháng"),
        ({"month": "2026-\x00"}, "Không đọc được tháng"),
        ({"month": "99999999999-11"}, "Không đọc được tháng"),
        ({"month": "2027-01"}, "Chỉ miễn được đến hết tháng 12/2026"),
        ({"month": "2016-06"}, "Sổ chỉ ghi sinh hoạt từ ngày 25/07/2016"),
        ({"unit": ""}, "Chưa nhập mục này"),
        ({"unit": "muong-chien"}, "không có trong danh sách"),
        ({"unit": "cb-\x00"}, "không có trong danh sách"),
    ],
)
def test_wrong_input_is_told_and_kept(cell, office, typed, told):
    answer = office.post(NEW, data=sent(**typed))
    assert answer.status_code == 422 and told in answer.text and number() == 0
    assert typed.get("reason", FLOOD)[:200] in answer.text


def test_the_form_of_an_odd_address(cell, office):
    assert office.get(f"{NEW}?unit=cb-khong").status_code == 404
    assert office.get(f"{NEW}?unit=cb-%00").status_code == 404
    assert office.get(f"{NEW}?month=odd").status_code == 200
    old = office.get(f"{NEW}?unit=cb-bon&month=2020-05")
    assert old.status_code == 200 and "05/2020" in old.text
    refused = office.get(f"{NEW}?unit=muong-chien")
    assert refused.status_code == 422 and "không phải chi bộ" in refused.text
    ended = make.unit(parent=cell.root, code="cb-cu")
    org.dissolve(access.system("test"), ended, dt.date(2020, 6, 1))
    assert "Chi bộ cb-cu" in office.get(f"{NEW}?unit=cb-cu&month=2020-05").text


def test_a_stale_withdrawal_is_a_conflict(cell, office):
    made = waiver_actions.waive(OVERSEER, cell.unit, 2026, 11, FLOOD)
    for version in ("2", "", "x", "9" * 40):
        assert office.post(f"/meetings/waivers/{made.id}/withdraw", data={"version": version}).status_code == 409
    assert number() == 1
    assert office.post("/meetings/waivers/987654/withdraw", data={"version": "1"}).status_code == 404


def test_a_secretary_reads_her_own_and_changes_none(cell, secretary):
    mine = waiver_actions.waive(OVERSEER, cell.unit, 2026, 11, FLOOD)
    waiver_actions.waive(OVERSEER, cell.he, 2026, 11, "Bản Hé di dời")
    page = secretary.get("/meetings/waivers?year=2026").text
    assert FLOOD in page and "Bản Hé di dời" not in page and "Bỏ miễn" not in page
    assert secretary.get(NEW).status_code == secretary.post(NEW, data=sent()).status_code == 403
    assert secretary.post(f"/meetings/waivers/{mine.id}/withdraw", data={"version": "1"}).status_code == 403
    assert "Miễn tháng" not in secretary.get("/meetings").text


def test_the_list_of_another_year(cell, office):
    waiver_actions.waive(OVERSEER, cell.unit, 2025, 3, FLOOD)
    assert FLOOD in office.get("/meetings/waivers?year=2025").text
    for year in ("", "2026", "1", "abc", "9" * 30, "2099"):
        page = office.get(f"/meetings/waivers?year={year}")
        assert page.status_code == 200 and FLOOD not in page.text


def test_months_of_an_address():
    assert read_month(" 2026-3 ") == (2026, 3)
    assert months_back((2026, 2), 3) == [("2026-02", "02/2026"), ("2026-01", "01/2026"), ("2025-12", "12/2025")]
    for text in ("", "2026", "0000-05", "2026-00", "٢٠٢٦-١١"):
        with pytest.raises(ValueError, match="Không đọc được tháng"):
            read_month(text)
