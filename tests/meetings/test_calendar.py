"""A month's calendar, the pages of a plan, the next meeting out of the last one, and entries for calendars outside."""

import datetime as dt
import re

import icalendar
import pytest
import sqlalchemy as sa

from partyreg import access, clock
from partyreg.access import Actor, Permission, Role
from partyreg.accounts import actions as accounts
from partyreg.db import db
from partyreg.meetings import month_queries, plan_actions, plan_queries
from partyreg.meetings.models import MeetingItem, MeetingKind, MeetingPlan, MeetingTask
from partyreg.meetings.plan_forms import read_hour
from partyreg.members.models import Standing
from partyreg.workdays import actions as workdays
from tests import make
from tests.make.accounts import user
from tests.make.meetings import SYSTEM, meeting

ROOT = access.system("test")
READER = ROOT.using(Permission.MEETINGS_READ)
DAY = dt.date(2026, 12, 3)
NEW = "/meetings/plans/new?unit=cb-bon"


def planned(unit, **facts) -> MeetingPlan:
    made = plan_actions.plan(SYSTEM, unit, **{"kind": MeetingKind.REGULAR, "held_on": DAY, **facts})
    db.session.commit()
    return made


def plans() -> list[MeetingPlan]:
    return list(db.session.scalars(sa.select(MeetingPlan).order_by(MeetingPlan.id)))


def sent(**more) -> dict[str, str]:
    return {"kind": "regular", "held_on": "03/12/2026", **more}


def days(weeks) -> dict[int, month_queries.Day]:
    return {day.on.day: day for week in weeks for day in week if day}


def noted(meeting_id: int, kind, *rows) -> None:
    """Rows of a meeting, as an earlier deed has written them."""
    for row in rows:
        db.session.connection().execute(sa.insert(kind).values(meeting_id=meeting_id, **row))
    db.session.commit()


# -- the month ----------------------------------------------------------------------------------------------------------


def test_a_month_has_what_was_held_what_is_planned_and_what_the_law_says(cell):
    workdays.set_apart(ROOT, dt.date(2026, 12, 10), True, "Bầu cử")
    held = meeting(unit=cell.unit, chair_id=cell.an, held_on=clock.today())
    today = planned(cell.unit, held_on=clock.today(), kind=MeetingKind.THEMATIC)
    gone = planned(cell.he)
    plan_actions.cancel_plan(SYSTEM, gone, 1, "Bão")
    stands = planned(cell.unit, begins_at=dt.time(19))
    november, december = (days(month_queries.weeks(READER, 2026, month)) for month in (11, 12))
    assert [(one.state, one.id) for one in november[24].events] == [("held", held.id), ("planned", today.id)]
    assert [(one.state, one.id) for one in december[3].events] == [("planned", stands.id), ("cancelled", gone.id)]
    assert december[3].notes == ["Ngày sinh hoạt thống nhất"] and december[7].notes == ["Hết tuần đầu, hạn sinh hoạt định kỳ"]
    assert december[10].is_off and december[10].notes == ["Bầu cử"] and december[5].is_off and not december[4].is_off
    assert days(month_queries.weeks(READER, 2026, 9))[2].notes[0] and days(month_queries.weeks(READER, 2026, 9))[2].is_off


def test_weeks_begin_on_monday_and_hold_the_whole_month(app):
    weeks = month_queries.weeks(READER, 2026, 11)
    assert {len(week) for week in weeks} == {7} and list(days(weeks)) == list(range(1, 31))
    assert all(day.on.weekday() == column for week in weeks for column, day in enumerate(week) if day)


def test_before_a_common_day_was_set_none_is_shown(app):
    assert not any("Ngày sinh hoạt" in note for day in days(month_queries.weeks(READER, 2020, 3)).values() for note in day.notes)


def test_a_plan_of_which_the_meeting_is_on_record_is_not_shown_twice(cell):
    planned(cell.unit)
    with clock.freeze(DAY):
        meeting(unit=cell.unit, chair_id=cell.an, held_on=DAY)
    assert [one.state for one in days(month_queries.weeks(READER, 2026, 12))[3].events] == ["held"]


def test_statements_for_a_month_do_not_grow(cell, counting):
    with counting() as few:
        month_queries.weeks(READER, 2026, 12)
    for number in range(4, 20):
        planned(cell.unit, held_on=DAY.replace(day=number))
    with counting() as many:
        month_queries.weeks(READER, 2026, 12)
    assert len(few) == len(many) == 3


def test_a_secretary_sees_her_own_month(cell, secretary, as_):
    mine, other = planned(cell.unit, begins_at=dt.time(19, 30), place="Nhà văn hóa"), planned(cell.he)
    page = secretary.get("/meetings/calendar?month=2026-12").text
    assert "19:30 Định kỳ" in page and f'href="/meetings/plans/{mine.id}"' in page
    assert f"/meetings/plans/{other.id}" not in page and "month=2026-11" in page and "month=2027-01" in page
    whole = as_(Role.STANDING)
    assert "Chi bộ bản Hé" in whole.get("/meetings/calendar?month=2026-12").text
    narrowed = whole.get("/meetings/calendar?month=2026-12&unit=cb-he").text
    assert f"/meetings/plans/{other.id}" in narrowed and f"/meetings/plans/{mine.id}" not in narrowed
    assert "Lên lịch sinh hoạt" not in narrowed and secretary.get("/meetings/calendar?unit=cb-he").status_code == 404


def test_many_meetings_of_a_day_fold(cell, as_):
    for number in range(5):
        planned(make.unit(parent=cell.root, code=f"cb-{number}"))
    page = as_(Role.ORGANISATION).get("/meetings/calendar?month=2026-12").text
    assert "<summary>5 buổi</summary>" in page


@pytest.mark.parametrize(
    "odd", ["", "2026-13", "2026-00", "9999-12", "0001-01", "2016-1x", "99999999999-1", "2028-01", "%00", "2026-11-24", "²026-01"]
)
def test_an_odd_month_is_this_month(cell, secretary, odd):
    page = secretary.get(f"/meetings/calendar?month={odd}")
    assert page.status_code == 200 and "tháng 11/2026" in page.text


def test_the_calendar_ends_where_plans_end_and_begins_where_the_book_does(cell, secretary):
    assert "month=2027-12" not in secretary.get("/meetings/calendar?month=2027-11").text
    assert "month=2015-12" not in secretary.get("/meetings/calendar?month=2016-01").text


# -- a plan's pages -----------------------------------------------------------------------------------------------------


def test_a_meeting_is_planned_and_found_on_its_page(cell, secretary):
    assert 'value="03/12/2026"' in secretary.get(NEW).text, "the next common day is proposed"
    assert 'value="05/01/2027"' in secretary.get(f"{NEW}&held_on=2027-01-05&kind=thematic").text
    answer = secretary.post(NEW, data=sent(begins_at="19h30", place="Nhà văn hóa", agenda="Một\nHai"))
    (made,) = plans()
    assert answer.status_code == 302 and answer.location.endswith(f"/meetings/plans/{made.id}")
    page = secretary.get(answer.location).text
    assert "Đã lên lịch" in page and "19:30" in page and "<li>Hai</li>" in page and "Ghi buổi này" not in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"held_on": "31/02/2027"}, "Không có ngày 31/02/2027"),
        ({"held_on": ""}, "Chưa nhập mục này"),
        ({"held_on": "23/11/2026"}, "đã qua"),
        ({"held_on": "03/12/2099"}, "Lịch chỉ ghi trước đến 24/11/2027"),
        ({"begins_at": "tối"}, "Không đọc được giờ"),
        ({"begins_at": "25:00"}, "Không có giờ 25:00"),
        ({"begins_at": "9" * 400 + ":00"}, "Không đọc được giờ"),
        ({"kind": "party"}, "không có trong danh sách"),
        ({"place": "đ" * 121}, "Quá dài: tối đa 120"),
        ({"topic": "đ" * 201}, "Quá dài: tối đa 200"),
        ({"agenda": "đ" * 301}, "Dòng 1 quá dài"),
        ({"agenda": "đ" * 20_001}, "Quá dài: tối đa 20000"),
    ],
)
def test_wrong_input_is_told_beside_the_field_and_kept(cell, secretary, typed, told):
    made = planned(cell.unit, held_on=DAY.replace(day=4))
    for path in (NEW, f"/meetings/plans/{made.id}"):
        answer = secretary.post(path, data={**sent(place="Nhà <b>", agenda="Giữ dòng này", version="1"), **typed})
        assert answer.status_code == 422 and told in answer.text, path
        assert "Giữ dòng này" in answer.text or "agenda" in typed
        assert "Nhà &lt;b&gt;" in answer.text or "place" in typed
    assert len(plans()) == 1 and made.version == 1


def test_a_zero_byte_is_left_out(cell, secretary):
    assert secretary.post(NEW, data=sent(place="A\x00B", agenda="C\x00D")).status_code == 302
    assert (plans()[0].place, plans()[0].agenda) == ("AB", "CD")


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("19:30", (19, 30)), ("7h", (7, 0)), ("19 giờ 05", (19, 5)), ("19g30", (19, 30)), ("8.15", (8, 15)), ("00:00", (0, 0))],
)
def test_hours_as_people_write_them(app, typed, hour):
    assert read_hour(typed) == dt.time(*hour)


def test_a_cell_is_chosen_where_there_are_many(cell, as_):
    browser = as_(Role.ORGANISATION)
    assert "/meetings/plans/new?unit=cb-he" in browser.get("/meetings/plans/new").text
    assert browser.get("/meetings/plans/new?unit=muong-chien").status_code == 422
    assert browser.get("/meetings/plans/new?unit=%00").status_code == 404


def test_on_its_day_a_plan_leads_to_the_form_of_the_meeting(cell, as_):
    made = planned(cell.unit)
    with clock.freeze(DAY):
        secretary = as_(Role.SECRETARY, cell.unit)
        page = secretary.get(f"/meetings/plans/{made.id}").text
        link = f"/meetings/new?unit=cb-bon&amp;held_on=2026-12-03&amp;kind=regular&amp;plan={made.id}"
        assert link in page and secretary.get(link.replace("&amp;", "&")).status_code == 200
        held = meeting(unit=cell.unit, chair_id=cell.an, held_on=DAY)
        page = secretary.get(f"/meetings/plans/{made.id}").text
        assert "đã ghi vào sổ" in page and f'href="/meetings/{held.id}"' in page and "Đổi lịch" not in page
    other = planned(cell.unit, held_on=DAY.replace(day=4))
    with clock.freeze(DAY.replace(day=9)):
        secretary = as_(Role.SECRETARY, cell.unit)
        assert "Ngày họp đã qua mà chưa ghi" in secretary.get(f"/meetings/plans/{other.id}").text


def test_a_plan_is_changed_on_its_page_and_the_second_sees_the_first(cell, secretary):
    made = planned(cell.unit, begins_at=dt.time(19, 30))
    here = f"/meetings/plans/{made.id}"
    assert secretary.post(here, data=sent(held_on="04/12/2026", begins_at="20:00", version="1")).status_code == 302
    assert (made.held_on.day, made.begins_at, made.version) == (4, dt.time(20), 2)
    stale = secretary.post(here, data=sent(held_on="05/12/2026", begins_at="21:00", place="Trường", version="1"))
    assert stale.status_code == 409 and "vừa được người khác sửa" in stale.text
    assert 'value="21:00"' in stale.text and "20:00" in stale.text and 'name="version" value="2"' in stale.text
    for odd in ("", "x", "9" * 40):
        assert secretary.post(here, data=sent(version=odd)).status_code == 409


def test_a_plan_is_cancelled_on_its_page(cell, secretary):
    made = planned(cell.unit)
    here = f"/meetings/plans/{made.id}"
    for reason, told in (("", "Chưa nhập mục này"), (" \x00 ", "Chưa ghi lý do hủy"), ("đ" * 301, "Quá dài: tối đa 300")):
        refused = secretary.post(f"{here}/cancel", data={"reason": reason, "version": "1"})
        assert refused.status_code == 422, reason
        assert told in refused.text or "Chưa nhập mục này" in refused.text
    assert secretary.post(f"{here}/cancel", data={"reason": "Bão", "version": "7"}).status_code == 409
    assert secretary.post(f"{here}/cancel", data={"reason": "Bão số 5", "version": "1"}).status_code == 302
    page = secretary.get(here).text
    assert "Lịch này đã hủy: Bão số 5" in page and "Đổi lịch" not in page
    assert secretary.post(f"{here}/cancel", data={"reason": "Bão", "version": "2"}).status_code == 422
    assert secretary.post(here, data=sent(version="2")).status_code == 422
    assert "(đã hủy)" in secretary.get("/meetings/calendar?month=2026-12").text


def test_who_only_reads_sees_no_forms(cell, as_):
    made = planned(cell.unit)
    page = as_(Role.INSPECTION).get(f"/meetings/plans/{made.id}").text
    assert "Nhà" not in page and "Đổi lịch" not in page and "Hủy lịch" not in page
    assert as_(Role.INSPECTION).post(f"/meetings/plans/{made.id}/cancel", data={"reason": "x"}).status_code == 403


# -- the next meeting out of the last one -------------------------------------------------------------------------------


@pytest.fixture
def last(cell):
    """A held meeting with a topic, two points, an open and a closed task; a probation in the cell ends next month."""
    planned(cell.unit, held_on=clock.today(), begins_at=dt.time(19, 30))
    made = meeting(unit=cell.unit, chair_id=cell.an, held_on=clock.today(), place="Nhà văn hóa", topic="Nông thôn mới")
    noted(made.id, MeetingItem, {"position": 1, "title": "Nghe báo cáo"}, {"position": 2, "title": "Thảo luận"})
    task = {"title": "Làm đường", "is_done": False, "version": 1}
    noted(made.id, MeetingTask, {**task, "due_on": dt.date(2026, 12, 20)}, {**task, "title": "Xong", "closed_on": DAY, "is_done": True})
    make.member(unit=cell.unit, full_name="Quàng Thị Dự", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2025, 12, 10))
    make.member(unit=cell.unit, full_name="Quàng Thị Sau", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 6, 1))
    db.session.commit()
    return made


def test_the_next_meeting_is_offered_from_the_last(cell, last, actor_):
    hers = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_LOG)
    offered = plan_queries.renewal(hers, last)
    assert offered.proposed is not None and offered.proposed.day == DAY
    assert (offered.begins_at, offered.place, offered.topic) == (dt.time(19, 30), "Nhà văn hóa", "Nông thôn mới")
    assert offered.tasks == ["Kiểm tra việc: Làm đường (hạn 20/12/2026)"] and offered.items == ["Nghe báo cáo", "Thảo luận"]
    assert offered.due == ["Xét công nhận đảng viên chính thức: Quàng Thị Dự (hết thời gian dự bị 10/12/2026)"]
    assert offered.facts({"place", "items", "tasks"}) == {
        "place": "Nhà văn hóa", "topic": None,
        "agenda": "Kiểm tra việc: Làm đường (hạn 20/12/2026)\nNghe báo cáo\nThảo luận",
    }  # fmt: skip
    assert offered.facts(()) == {"place": None, "topic": None, "agenda": None}
    assert plan_queries.renewal(Actor(None, "nobody", (), None, Permission.MEETINGS_LOG), last).due == []


def test_a_day_off_moves_the_proposal_and_an_old_meeting_looks_ahead(cell, last):
    workdays.set_apart(ROOT, DAY, True, "Bầu cử")
    moved = plan_queries.next_day(DAY)
    assert moved is not None and moved.day == DAY.replace(day=4)
    old = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 3, 3))
    proposed = plan_queries.renewal(SYSTEM, old).proposed
    assert proposed is not None and proposed.day == DAY.replace(day=4)
    with clock.freeze(dt.date(2025, 6, 20)):
        assert plan_queries.next_day(clock.today()) is None, "before a common day was set"


def test_renewing_makes_a_plan_of_what_was_chosen(cell, last, secretary):
    here = f"/meetings/{last.id}/renew"
    page = secretary.get(here).text
    assert 'value="03/12/2026"' in page and 'value="19:30"' in page and "50-CT/TW" in page and "Quàng Thị Dự" in page
    assert re.search(r'checked[^>]*name="with_tasks"', page) and not re.search(r'checked[^>]*name="with_items"', page)
    data = sent(begins_at="19:30", with_place="y", with_tasks="y", with_due="y")
    answer = secretary.post(here, data=data)
    assert answer.status_code == 302
    made = plans()[-1]
    assert (made.held_on, made.begins_at, made.place, made.topic) == (DAY, dt.time(19, 30), "Nhà văn hóa", None)
    assert made.agenda is not None and made.agenda.startswith("Kiểm tra việc: Làm đường") and "Quàng Thị Dự" in made.agenda
    again = secretary.post(here, data={**data, "begins_at": "20:15"})
    assert again.status_code == 422 and "đã có lịch sinh hoạt định kỳ" in again.text and 'value="20:15"' in again.text
    assert not re.search(r'checked[^>]*name="with_items"', again.text) and re.search(r'checked[^>]*name="with_due"', again.text)
    assert secretary.post(here, data={**data, "held_on": "x", "begins_at": "y"}).status_code == 422


def test_a_meeting_with_nothing_to_hand_on(cell, secretary):
    bare = meeting(unit=cell.unit, chair_id=cell.an)
    assert "không có gì để mang sang" in secretary.get(f"/meetings/{bare.id}/renew").text
    assert secretary.post(f"/meetings/{bare.id}/renew", data=sent(with_tasks="y", with_place="y")).status_code == 302
    assert (plans()[0].agenda, plans()[0].place) == (None, None)
    other = meeting(unit=cell.he, chair_id=make.member(unit=cell.he).id)
    assert secretary.get(f"/meetings/{other.id}/renew").status_code == 404


def test_a_long_task_is_cut_to_a_point(cell, last, secretary):
    noted(last.id, MeetingTask, {"title": "đ" * 300, "is_done": False, "version": 1})
    offered = plan_queries.renewal(SYSTEM, last)
    assert [len(task) for task in offered.tasks] == [41, 300] and offered.tasks[1].endswith("…")
    assert secretary.post(f"/meetings/{last.id}/renew", data=sent(with_tasks="y")).status_code == 302


# -- calendars outside --------------------------------------------------------------------------------------------------


def events(response) -> dict[str, icalendar.Event]:
    assert response.status_code == 200 and response.mimetype == "text/calendar"
    return {str(one["uid"]): one for one in icalendar.Calendar.from_ical(response.data).walk("VEVENT")}


@pytest.fixture
def feed(cell, client):
    """What the calendar of the secretary of Bon says now."""
    somebody = user(username="bi.thu", full_name="Lò Thị Thư", role=Role.SECRETARY, unit=cell.unit)
    secret = accounts.make_feed(Actor(somebody.id, somebody.full_name), somebody)
    db.session.commit()
    return lambda: client.get(f"/calendar/{secret}.ics")


def test_the_feed_has_the_plans_of_her_cells_with_hour_and_place(cell, feed):
    made, other = planned(cell.unit, begins_at=dt.time(19, 30), place="Nhà văn hóa", topic="Xét kết nạp Quàng Thị Hoa",
                          agenda="Kiểm điểm Lò Văn Kín"), planned(cell.he)  # fmt: skip
    whole_day = planned(cell.unit, kind=MeetingKind.THEMATIC, held_on=DAY.replace(day=9))
    found = events(feed())
    event, all_day = found[f"plan-{made.id}@partyreg"], found[f"plan-{whole_day.id}@partyreg"]
    assert event.decoded("dtstart") == dt.datetime(2026, 12, 3, 12, 30, tzinfo=dt.UTC)
    assert event.decoded("dtend") == dt.datetime(2026, 12, 3, 14, 0, tzinfo=dt.UTC), "ninety minutes, as the law asks"
    assert event["location"] == "Nhà văn hóa" and event["summary"] == "Sinh hoạt định kỳ – Chi bộ bản Bon"
    assert event["url"] == f"http://localhost/meetings/plans/{made.id}" and event["class"] == "PRIVATE"
    assert all_day.decoded("dtstart") == dt.date(2026, 12, 9) and "dtend" not in all_day and "location" not in all_day
    assert f"plan-{other.id}@partyreg" not in found
    text = feed().get_data(as_text=True)
    assert not any(name in text for name in ("Quàng", "Hoa", "Kín", "Thư"))


def test_a_changed_plan_keeps_its_uid_and_a_cancelled_one_vanishes(cell, feed):
    made = planned(cell.unit, begins_at=dt.time(19, 30))
    uid = f"plan-{made.id}@partyreg"
    assert events(feed())[uid]["sequence"] == 0
    plan_actions.change_plan(SYSTEM, made, 1, held_on=DAY.replace(day=5))
    db.session.commit()
    moved = events(feed())[uid]
    assert moved["sequence"] == 1 and moved.decoded("dtstart") == dt.datetime(2026, 12, 5, 12, 30, tzinfo=dt.UTC)
    plan_actions.cancel_plan(SYSTEM, made, 2, "Bão")
    db.session.commit()
    assert uid not in events(feed())


def test_what_is_long_past_leaves_the_feed(cell, feed):
    made = planned(cell.unit)
    for later, is_told in ((31, True), (32, False)):
        with clock.freeze(DAY + dt.timedelta(days=later)):
            assert (f"plan-{made.id}@partyreg" in events(feed())) is is_told


def test_a_member_and_an_administrator_have_no_plans_in_their_calendar(cell):
    planned(cell.unit)
    for role in (Role.MEMBER, Role.ADMINISTRATOR):
        actor = Actor(1, "x", (access.Grant(role, cell.root.path, dt.date(2020, 1, 1)),))
        assert plan_queries.to_come(actor, clock.today()) == []


def test_one_plan_as_a_file_for_a_phone(cell, secretary, feed):
    made = planned(cell.unit, begins_at=dt.time(19, 30))
    answer = secretary.get(f"/meetings/plans/{made.id}.ics")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sinh-hoat-cb-bon-2026-12-03.ics"'
    (uid,) = events(answer)
    assert uid in events(feed()), "the same entry, so a phone that has both shows one"
    assert secretary.get(f"/meetings/plans/{planned(cell.he).id}.ics").status_code == 404
    plan_actions.cancel_plan(SYSTEM, made, 1, "Bão")
    db.session.commit()
    assert secretary.get(f"/meetings/plans/{made.id}.ics").status_code == 404
