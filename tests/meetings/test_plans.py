"""Meetings to come: planned, changed, cancelled, and everything that is refused."""

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import access, clock
from partyreg.access import Permission, Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.meetings import plan_actions, plan_queries
from partyreg.meetings.models import MeetingKind, MeetingPlan
from partyreg.org import actions as org
from tests import make
from tests.make.meetings import SYSTEM, meeting

DAY = dt.date(2026, 12, 3)


def planned(unit, **facts) -> MeetingPlan:
    return plan_actions.plan(SYSTEM, unit, **{"kind": MeetingKind.REGULAR, "held_on": DAY, **facts})


def refused(deed, *args, **facts) -> set[tuple[str, str]]:
    """(code, field) of every finding that refuses."""
    with pytest.raises(RuleBroken) as caught:
        deed(*args, **facts)
    assert all(finding.message for finding in caught.value.findings)
    return {(finding.code, finding.field) for finding in caught.value.findings}


def last_deed() -> AuditEntry:
    return db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()


def test_a_plan_is_on_record_with_everything(cell):
    made = planned(cell.unit, begins_at=dt.time(19, 30), place="Nhà văn hóa", topic="Xây dựng nông thôn mới", agenda=" Một \n\n Hai  việc ")
    db.session.commit()
    found = plan_queries.row(SYSTEM, made.id)
    assert (found.kind, found.held_on, found.begins_at, found.place) == (MeetingKind.REGULAR, DAY, dt.time(19, 30), "Nhà văn hóa")
    assert found.agenda == "Một\nHai việc" and found.version == 1 and found.cancelled_because is None
    entry = last_deed()
    assert entry.deed == "meetings.plan" and '"begins_at":["19:30:00"]' in (entry.payload or "")


@pytest.mark.parametrize(
    ("day", "code"),
    [(dt.date(2026, 11, 23), "plan.past"), (dt.date(2027, 11, 25), "plan.too_far"), (dt.date.max, "plan.too_far")],
)
def test_a_day_that_cannot_be(cell, day, code):
    assert refused(planned, cell.unit, held_on=day) == {(code, "held_on")}


@pytest.mark.parametrize("day", [dt.date(2026, 11, 24), dt.date(2027, 11, 24)])
def test_from_today_to_a_year_ahead_may_be_planned(cell, day):
    assert planned(cell.unit, held_on=day).held_on == day


def test_only_a_cell_that_lives_on_that_day(cell):
    assert refused(planned, cell.root) == {("plan.no_cell", "unit")}
    org.dissolve(access.system("test"), cell.he, dt.date(2026, 12, 3))
    assert refused(planned, cell.he) == {("plan.after_end", "held_on")}
    assert planned(cell.he, held_on=dt.date(2026, 12, 2))


def test_not_before_the_cell_is_founded(cell):
    young = make.unit(parent=cell.root, code="cb-moi")
    young.founded_on = dt.date(2026, 12, 10)  # as a restructuring that has been decided on
    assert refused(planned, young) == {("plan.before_founding", "held_on")}
    db.session.rollback()


def test_one_plan_of_a_kind_a_day_unless_it_was_cancelled(cell):
    first = planned(cell.unit)
    assert refused(planned, cell.unit) == {("plan.taken", "held_on")}
    assert planned(cell.unit, kind=MeetingKind.THEMATIC) and planned(cell.unit, held_on=DAY.replace(day=4)) and planned(cell.he)
    plan_actions.cancel_plan(SYSTEM, first, first.version, "Bão")
    assert planned(cell.unit).id != first.id


def test_what_is_held_is_not_planned_any_more(cell):
    today = clock.today()
    meeting(unit=cell.unit, chair_id=cell.an, held_on=today)
    meeting(unit=cell.unit, chair_id=cell.an, held_on=today, kind=MeetingKind.EXTRAORDINARY)
    assert refused(planned, cell.unit, held_on=today) == {("plan.held", "held_on")}
    assert planned(cell.unit, held_on=today, kind=MeetingKind.EXTRAORDINARY)


def test_a_point_too_long_is_refused_by_its_line(cell):
    with pytest.raises(RuleBroken, match="Dòng 2"):
        planned(cell.unit, agenda="Một\n" + "đ" * 301)
    assert refused(planned, cell.unit, agenda="đ" * 301, held_on=dt.date(2020, 1, 1)) == {
        ("plan.past", "held_on"), ("plan.long_point", "agenda"),
    }  # fmt: skip
    assert planned(cell.unit, agenda="đ" * 300)


def test_another_cells_plan_is_not_seen(cell, actor_):
    hers = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_LOG)
    other = planned(cell.he)
    with pytest.raises(NotVisible):
        plan_actions.plan(hers, cell.he, kind=MeetingKind.REGULAR, held_on=DAY)
    with pytest.raises(NotVisible):
        plan_queries.row(hers, other.id)
    for deed, facts in ((plan_actions.change_plan, ()), (plan_actions.cancel_plan, ("Bão",))):
        with pytest.raises(NotVisible):
            deed(hers, other, other.version, *facts)


def test_a_plan_is_changed_and_the_record_says_what(cell):
    made = planned(cell.unit, begins_at=dt.time(19, 30))
    plan_actions.change_plan(SYSTEM, made, 1, held_on=DAY.replace(day=4), begins_at=dt.time(20), agenda="Một")
    assert (made.held_on.day, made.begins_at, made.agenda, made.version) == (4, dt.time(20), "Một", 2)
    assert last_deed().deed == "meetings.change_plan" and '["19:30:00","20:00:00"]' in (last_deed().payload or "")
    plan_actions.change_plan(SYSTEM, made, 2, agenda="Một")
    assert made.version == 2, "nothing changed, nothing raised"


def test_a_change_is_refused_as_a_plan_is(cell):
    made, _other = planned(cell.unit), planned(cell.unit, kind=MeetingKind.THEMATIC)
    assert refused(plan_actions.change_plan, SYSTEM, made, 1, kind=MeetingKind.THEMATIC) == {("plan.taken", "held_on")}
    assert refused(plan_actions.change_plan, SYSTEM, made, 1, held_on=dt.date(2026, 11, 1)) == {("plan.past", "held_on")}
    with pytest.raises(TypeError, match="unit_id"):
        plan_actions.change_plan(SYSTEM, made, 1, unit_id=cell.he.id)


def test_who_saves_second_sees_what_the_first_changed(cell):
    made = planned(cell.unit, begins_at=dt.time(19, 30))
    plan_actions.change_plan(SYSTEM, made, 1, kind=MeetingKind.EXTRAORDINARY, begins_at=dt.time(20))
    with pytest.raises(Conflict) as caught:
        plan_actions.change_plan(SYSTEM, made, 1, kind=MeetingKind.REGULAR, begins_at=dt.time(19, 30), place="Trường", held_on=DAY)
    assert caught.value.mine == {"Loại sinh hoạt": "Định kỳ", "Giờ họp": "19:30", "Địa điểm": "Trường"}
    assert caught.value.theirs == {"Loại sinh hoạt": "Bất thường", "Giờ họp": "20:00", "Địa điểm": None}
    with pytest.raises(Conflict):
        plan_actions.cancel_plan(SYSTEM, made, 1, "Bão")
    plan_actions.cancel_plan(SYSTEM, made, 2, "Bão")
    with pytest.raises(Conflict) as caught:
        plan_actions.change_plan(SYSTEM, made, 2, place="Trường")
    assert caught.value.theirs["Lý do hủy"] == "Bão"


def test_a_plan_is_cancelled_with_a_reason_and_once(cell):
    made = planned(cell.unit)
    assert refused(plan_actions.cancel_plan, SYSTEM, made, 1, " \n ") == {("plan.no_reason", "reason")}
    assert refused(plan_actions.cancel_plan, SYSTEM, made, 1, "đ" * 301) == {("plan.reason", "reason")}
    plan_actions.cancel_plan(SYSTEM, made, 1, "  Bão  số 5 ")
    assert made.cancelled_because == "Bão số 5" and last_deed().deed == "meetings.cancel_plan"
    assert refused(plan_actions.cancel_plan, SYSTEM, made, 2, "Bão") == {("plan.cancelled", "")}
    assert refused(plan_actions.change_plan, SYSTEM, made, 2, place="Trường") == {("plan.cancelled", "")}


def test_what_was_not_held_can_be_cancelled_afterwards(cell):
    made = planned(cell.unit)
    with clock.freeze(DAY + dt.timedelta(days=2)):
        plan_actions.cancel_plan(SYSTEM, made, 1, "Không đủ người")
        assert made.cancelled_because


def test_plans_are_listed_by_day_hour_and_cell(cell, actor_, counting):
    late, early = planned(cell.unit, begins_at=dt.time(20)), planned(cell.he, begins_at=dt.time(8))
    no_hour, next_day = planned(cell.unit, kind=MeetingKind.THEMATIC), planned(cell.he, held_on=DAY.replace(day=4))
    with counting() as count:
        found = plan_queries.lines(SYSTEM, DAY, DAY.replace(day=31))
    assert [one.id for one in found] == [early.id, late.id, no_hour.id, next_day.id] and len(count) == 1
    assert [one.id for one in plan_queries.lines(SYSTEM, DAY, unit=cell.he)] == [early.id, next_day.id]
    hers = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_READ)
    assert {one.unit_id for one in plan_queries.lines(hers, DAY)} == {cell.unit.id}
    assert plan_queries.line(plan_queries.row(SYSTEM, late.id)) == found[1]
