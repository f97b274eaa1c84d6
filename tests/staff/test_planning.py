"""Cadre planning: entering and ending, every refusal, the law's warnings, the pages, and few questions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.members.models import Person
from partyreg.rulebook.planning import planning_findings
from partyreg.staff import planning_actions as actions
from partyreg.staff import planning_queries as queries
from partyreg.staff.planning_models import Planning
from tests import make

EDITOR = access.system("test").using(Permission.STAFF_EDIT)
READER = access.system("test").using(Permission.STAFF_READ)
DAY = dt.date(2026, 3, 2)
GIVEN: dict[str, Any] = {
    "post": "Bí thư Đảng ủy xã", "first_year": 2025, "last_year": 2030, "issuer": "Ban Thường vụ Tỉnh ủy", "approved_on": DAY,
    "paper": "12-QĐ/TU",
}  # fmt: skip


@pytest.fixture
def her(commune) -> Person:
    made = make.member(unit=commune.bon, full_name="Lò Thị Hoạch")
    db.session.commit()
    return db.session.get_one(Person, made.id)


def refused(code: str, do: Any, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(RuleBroken) as error, db.session.begin_nested():
        do(*args, **kwargs)
    assert code in {finding.code for finding in error.value.findings}


def test_approve(her, commune, actor_):
    for changed, code in (
        ({"post": " "}, "planning.empty"), ({"issuer": ""}, "planning.empty"), ({"paper": ""}, "planning.empty"),
        ({"post": "x" * 121}, "planning.too_long"), ({"last_year": 2024}, "planning.term"), ({"first_year": 1900}, "planning.term"),
        ({"last_year": 2036}, "planning.term"), ({"approved_on": dt.date(2026, 11, 25)}, "planning.day"),
        ({"approved_on": her.born_on}, "planning.day"),
    ):  # fmt: skip
        refused(code, actions.approve, EDITOR, her, **{**GIVEN, **changed})
    made = actions.approve(EDITOR, her, **GIVEN)
    assert (made.unit_id, made.person_id, made.ended_on) == (commune.root.id, her.id, None)
    refused("planning.twice", actions.approve, EDITOR, her, **GIVEN)
    actions.approve(EDITOR, her, **{**GIVEN, "first_year": 2030, "last_year": 2035})
    with pytest.raises(NotVisible):
        actions.approve(actor_(Role.ORGANISATION, commune.bon, Permission.STAFF_EDIT), her, **GIVEN)
    assert queries.approved(READER, DAY, DAY) == 2 and queries.approved(READER, dt.date(2026, 3, 3), dt.date(2026, 12, 31)) == 0


def test_end(her):
    made = actions.approve(EDITOR, her, **GIVEN)
    with pytest.raises(Conflict):
        actions.end(EDITOR, made, made.version + 1, on=DAY, because="Luân chuyển")
    refused("planning.day", actions.end, EDITOR, made, made.version, on=dt.date(2026, 3, 1), because="Luân chuyển")
    refused("planning.day", actions.end, EDITOR, made, made.version, on=dt.date(2026, 11, 25), because="Luân chuyển")
    refused("planning.empty", actions.end, EDITOR, made, made.version, on=DAY, because="  ")
    actions.end(EDITOR, made, made.version, on=dt.date(2026, 6, 1), because="Luân chuyển")
    assert (made.ended_on, made.ended_because) == (dt.date(2026, 6, 1), "Luân chuyển")
    refused("planning.ended", actions.end, EDITOR, made, made.version, on=DAY, because="x")
    actions.approve(EDITOR, her, **GIVEN)  # again, after it ended


def test_the_law_warns_beyond_three(commune):
    assert planning_findings(3, 3, DAY) == [] and planning_findings(9, 9, dt.date(2025, 10, 7)) == []
    assert [one.code for one in planning_findings(4, 4, DAY)] == ["planning.people", "planning.posts"]
    for number in range(4):
        person = db.session.get_one(Person, make.member(unit=commune.bon, full_name=f"Lò Văn {number}").id)
        actions.approve(EDITOR, person, **GIVEN)
    assert [len(line.findings) for line in queries.entries(READER, 2025)] == [1, 1, 1, 1]
    assert queries.entries(READER, 2020) == [] and len(queries.entries(READER, words="van 2")) == 1
    assert queries.terms(READER) == [(2025, 2030)]


def test_the_list_asks_one_question_however_long_it_is(commune, her):
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    actions.approve(EDITOR, her, **GIVEN)
    actions.approve(EDITOR, her, **{**GIVEN, "post": "Chủ tịch"})
    db.session.expire_all()
    before = len(asked)
    assert len(queries.entries(READER)) == 2
    assert len(asked) - before == 1


def test_pages_from_the_search_to_the_end(as_, her):
    office = as_(Role.ORGANISATION)
    assert "Quy hoạch cán bộ" in office.get("/staff").text
    assert "Lò Thị Hoạch" in office.get("/staff/planning/new?q=hoach").text
    assert "Không có ai" in office.get("/staff/planning/new?q=zzz").text
    at = f"/staff/planning/new?person={her.id}"
    typed = {
        "post": "Bí thư Đảng ủy xã", "first_year": "2025", "last_year": "2030", "issuer": "Ban Thường vụ Tỉnh ủy",
        "approved_on": "02/03/2026", "paper": "12-QĐ/TU",
    }  # fmt: skip
    wrong = office.post(at, data={**typed, "last_year": "2024"})
    assert wrong.status_code == 422 and "Nhiệm kỳ không hợp lý" in wrong.text and 'value="12-QĐ/TU"' in wrong.text
    for odd in ("", "9" * 30, "x"):
        assert office.post(at, data={**typed, "first_year": odd}).status_code == 422
    assert office.post(at, data=typed).status_code == 302
    (row,) = db.session.scalars(sa.select(Planning)).all()
    assert "Bí thư Đảng ủy xã" in office.get("/staff/planning?q=hoạch&state=running&term=2025").text
    assert "Chưa có ai" in office.get("/staff/planning?q=%00khong&page=99999999999").text
    assert "Lò Thị Hoạch" in office.get("/staff/planning.csv").data.decode("utf-8-sig")
    assert office.get("/staff/planning.xlsx").status_code == 200
    end = f"/staff/planning/{row.id}/end"
    assert office.get(end).status_code == 200
    assert office.post(end, data={"on": "01/06/2026", "because": "", "version": "1"}).status_code == 422
    late = office.post(end, data={"on": "01/06/2026", "because": "Luân chuyển", "version": "9"})
    assert late.status_code == 409 and 'value="Luân chuyển"' in late.text
    too_early = office.post(end, data={"on": "01/02/2026", "because": "Luân chuyển", "version": "1"})
    assert too_early.status_code == 422 and "từ ngày phê duyệt" in too_early.text
    assert office.post(end, data={"on": "01/06/2026", "because": "Luân chuyển", "version": "1"}).status_code == 302
    assert "Luân chuyển" in office.get("/staff/planning").text
    reader = as_(Role.STANDING)
    assert "Ghi quy hoạch" not in reader.get("/staff/planning").text and reader.get("/staff/planning/new").status_code == 403
    assert as_(Role.SECRETARY).get("/staff/planning").status_code == 403
