"""Points, votes, tasks: written with the meeting, corrected on record, carried to the next agenda."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Actor, Grant, Permission, Role
from partyreg.db import db
from partyreg.errors import Conflict, RuleBroken
from partyreg.meetings import actions, agenda_queries, draft_actions, draft_queries, queries, task_actions
from partyreg.meetings.agenda_rows import Given, Outcome, Point
from partyreg.meetings.models import Attendance, MeetingItem, MeetingKind, MeetingTask
from partyreg.members.models import Standing
from tests import make
from tests.make.meetings import SYSTEM, meeting

TODAY = dt.date(2026, 11, 24)


def refused(deed, *codes):
    """The deed is refused for these reasons; answers the fields."""
    with pytest.raises(RuleBroken) as refusal:
        deed()
    assert [one.code for one in refusal.value.findings] == list(codes)
    return [one.field for one in refusal.value.findings]


def items(log):
    """The points of a meeting as (position, title, conclusion, in favour)."""
    query = sa.select(MeetingItem).where(MeetingItem.meeting_id == log.id).order_by(MeetingItem.position)
    return [(one.position, one.title, one.conclusion, one.in_favour) for one in db.session.scalars(query)]


def given(log):
    """The tasks of a meeting as (title, person, due)."""
    query = sa.select(MeetingTask).where(MeetingTask.meeting_id == log.id).order_by(MeetingTask.id)
    return [(one.title, one.person_id, one.due_on) for one in db.session.scalars(query)]


def test_points_and_tasks_are_written_with_the_meeting(cell):
    log = meeting(
        unit=cell.unit, chair_id=cell.an,
        points=[Point("Thời sự"), Point("Nghị quyết", "Bàn kỹ", "Làm đường", 2, 0, 0)],
        given=[Given("Sửa đường", cell.binh, dt.date(2026, 12, 1)), Given("Thu đảng phí")],
    )  # fmt: skip
    assert items(log) == [(1, "Thời sự", None, None), (2, "Nghị quyết", "Làm đường", 2)]
    assert given(log) == [("Sửa đường", cell.binh, dt.date(2026, 12, 1)), ("Thu đảng phí", None, None)]


def test_a_vote_counts_only_full_members_who_were_there(cell):
    """Three on the list: two full members, of whom one stayed away, and one on probation."""
    away = {cell.binh: (Attendance.ABSENT, None)}

    def voted(*votes):
        return lambda: meeting(unit=cell.unit, chair_id=cell.an, attendance=away, points=[Point("Nghị quyết", None, None, *votes)])

    full = sum(one.is_full for one in queries.expected(SYSTEM, cell.unit, dt.date(2026, 11, 3)))
    assert refused(voted(full, 0, 0), "vote.too_many") == ["item-1-in_favour"]
    assert refused(voted(0, -1, 0), "vote.negative") == ["item-1-in_favour"]
    assert refused(voted(1, None, None), "item.vote_half") == ["item-1-in_favour"]
    assert items(voted(full - 1, 0, 0)())[0][3] == full - 1


def test_tasks_that_cannot_be(cell, commune):
    stranger = make.member(unit=commune.he, full_name="Lò Thị Xa")

    def gave(**task):
        return lambda: meeting(unit=cell.unit, chair_id=cell.an, given=[Given("Việc"), Given("Việc khác", **task)])

    assert refused(gave(person_id=stranger.id), "task.not_on_roll") == ["task-2-person"]
    assert refused(gave(due_on=dt.date(2026, 11, 2)), "task.due_early") == ["task-2-due"]
    assert given(gave(due_on=dt.date(2026, 11, 3))())[1][2] == dt.date(2026, 11, 3)


def test_an_earlier_task_ends_with_the_next_meeting(cell, commune):
    first = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3), given=[Given("Một"), Given("Hai"), Given("Ba")])
    one, two, three = agenda_queries.open_tasks(SYSTEM, cell.unit)
    other = make.member(unit=commune.he, full_name="Lò Thị Xa")
    elsewhere = meeting(unit=commune.he, chair_id=other.id, given=[Given("Của chi bộ khác")])
    [foreign] = agenda_queries.open_tasks(SYSTEM, commune.he)

    def log(closing):
        return lambda: meeting(unit=cell.unit, chair_id=cell.an, closing=closing)

    assert refused(log({one.id: Outcome(False)}), "task.no_reason") == [f"outcome-{one.id}"]
    log({one.id: Outcome(True, "Xong"), two.id: Outcome(False, "Không cần nữa"), foreign.id: Outcome(True), 999: Outcome(True)})()
    assert [task.id for task in agenda_queries.open_tasks(SYSTEM, cell.unit)] == [three.id]
    assert [task.id for task in agenda_queries.open_tasks(SYSTEM, commune.he)] == [foreign.id], "another cell's tasks are not touched"
    done, dropped, still = agenda_queries.tasks(SYSTEM, [first.id])[first.id]
    assert (done.closed_on, done.is_done, done.outcome) == (dt.date(2026, 11, 3), True, "Xong")
    assert (dropped.is_done, dropped.outcome, still.closed_on) == (False, "Không cần nữa", None)
    assert elsewhere.id != first.id


def test_points_and_tasks_are_corrected_on_record(cell):
    log = meeting(unit=cell.unit, chair_id=cell.an, points=[Point("A"), Point("B"), Point("C")], given=[Given("Một"), Given("Hai")])
    one, two = agenda_queries.tasks(SYSTEM, [log.id])[log.id]
    actions.correct(
        SYSTEM, log, 1, points=[Point("A", conclusion="Thống nhất"), Point("C")],
        given=[Given("Một sửa", id=one.id), Given("Ba")], dropped={two.id},
    )  # fmt: skip
    assert items(log) == [(1, "A", "Thống nhất", None), (2, "C", None, None)] and log.version == 2
    assert [title for title, *_rest in given(log)] == ["Một sửa", "Ba"]
    actions.correct(SYSTEM, log, 2, points=[Point("A", conclusion="Thống nhất"), Point("C")])
    assert log.version == 2, "nothing differs"
    with pytest.raises(Conflict):
        actions.correct(SYSTEM, log, 2, given=[Given("Hai sửa", id=99_999)])
    db.session.rollback()


def test_a_task_that_is_closed_stays_as_it_was_given(cell):
    log = meeting(unit=cell.unit, chair_id=cell.an, given=[Given("Một")])
    [one] = agenda_queries.tasks(SYSTEM, [log.id])[log.id]
    task_actions.close_task(SYSTEM, agenda_queries.task(SYSTEM, one.id), 1, is_done=True, outcome=None)
    actions.correct(SYSTEM, log, 1, given=[Given("Đổi tên", id=one.id)])
    actions.correct(SYSTEM, log, log.version, given=[], dropped={one.id})
    assert given(log) == [("Một", None, None)]


def test_closing_a_task(cell):
    log = meeting(unit=cell.unit, chair_id=cell.an, given=[Given("Một")])
    [found] = agenda_queries.tasks(SYSTEM, [log.id])[log.id]
    row = agenda_queries.task(SYSTEM, found.id)
    with pytest.raises(Conflict):
        task_actions.close_task(SYSTEM, row, 9, is_done=True, outcome=None)
    assert refused(lambda: task_actions.close_task(SYSTEM, row, 1, is_done=False, outcome=" "), "task.no_reason") == ["outcome"]
    tomorrow = TODAY + dt.timedelta(days=1)
    assert refused(lambda: task_actions.close_task(SYSTEM, row, 1, is_done=True, outcome=None, on=tomorrow), "task.future") == ["on"]
    task_actions.close_task(SYSTEM, row, 1, is_done=True, outcome="Đã làm xong")
    assert (row.closed_on, row.is_done, row.outcome) == (TODAY, True, "Đã làm xong")
    refused(lambda: task_actions.close_task(SYSTEM, row, row.version, is_done=True, outcome=None), "task.closed")


def test_papers_are_not_sent_after_the_meeting(cell):
    def sent(day):
        return lambda: meeting(unit=cell.unit, chair_id=cell.an, documents_on=day)

    assert refused(sent(dt.date(2026, 11, 4)), "meeting.documents") == ["documents_on"]
    assert sent(dt.date(2026, 11, 2))().documents_on == dt.date(2026, 11, 2)


# -- closed months ------------------------------------------------------------------------------------------------------


def test_a_closed_month_is_corrected_by_the_organisation_committee_only(cell, actor_):
    """October closes at the end of 10 November; today is the 24th."""
    log = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3))
    secretary = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_LOG)
    assert refused(lambda: actions.correct(secretary, log, 1, place="Nhà văn hóa"), "meeting.closed") == [""]
    recent = meeting(unit=cell.unit, chair_id=cell.an)
    refused(lambda: actions.correct(secretary, recent, 1, held_on=dt.date(2026, 9, 3)), "meeting.closed")
    actions.correct(secretary, recent, 1, place="Nhà văn hóa")
    actions.correct(actor_(Role.ORGANISATION, None, Permission.MEETINGS_LOG), log, 1, place="Nhà văn hóa")
    assert (log.place, recent.place) == ("Nhà văn hóa", "Nhà văn hóa")


# -- what the next agenda proposes ---------------------------------------------------------------------------------------


def test_the_agenda_begins_with_the_kinds_points_and_what_is_due(cell, actor_):
    make.member(unit=cell.unit, full_name="Lò Văn Dự", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2025, 12, 20))
    make.member(unit=cell.unit, full_name="Lò Văn Mới", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 9, 1))
    make.member(unit=cell.unit, full_name="Lò Văn Già", decided_on=dt.date(1996, 12, 5), ceremony_on=dt.date(1996, 12, 19))
    secretary = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_LOG)
    found = agenda_queries.proposed(secretary, cell.unit, MeetingKind.REGULAR, TODAY)
    assert "Thông tin thời sự, chủ trương, chính sách mới" in found and "Chuẩn bị kiểm điểm" in "\n".join(found)
    due = [line for line in found if "Lò Văn" in line and ("công nhận" in line or "Huy hiệu" in line)]
    assert [line for line in due if "Dự" in line] == ["Xét công nhận đảng viên chính thức: Lò Văn Dự (hết dự bị 20/12/2026)"]
    assert [line for line in due if "Già" in line] == ["Đề nghị tặng Huy hiệu 30 năm tuổi Đảng: Lò Văn Già (đủ ngày 05/12/2026)"]
    assert not any("Mới" in line for line in due)
    thematic = agenda_queries.proposed(secretary, cell.unit, MeetingKind.THEMATIC, TODAY)
    assert thematic[0] == "Trình bày chuyên đề" and not any("Lò Văn" in line for line in thematic)
    assert agenda_queries.proposed(secretary, cell.unit, MeetingKind.EXTRAORDINARY, dt.date(2024, 1, 3)) == []


def test_a_stale_form_is_shown_the_points_and_tasks_of_the_other_and_drops_none_it_never_saw(cell):
    log = meeting(unit=cell.unit, chair_id=cell.an, points=[Point("A")])
    actions.correct(SYSTEM, log, 1, points=[Point("A", "Ghi thêm")], given=[Given("Việc mới")])
    with pytest.raises(Conflict) as conflict:
        actions.correct(SYSTEM, log, 1, points=[Point("A")], given=[])
    assert conflict.value.theirs == {"Nội dung": "A · Ghi thêm", "Nhiệm vụ": "Việc mới"}
    actions.correct(SYSTEM, log, log.version, points=[Point("A")], given=[])
    assert [title for title, *_rest in given(log)] == ["Việc mới"]


def test_a_form_that_takes_the_place_of_one_on_record_settles_what_it_says(cell):
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3), given=[Given("Cũ")])
    [old] = agenda_queries.open_tasks(SYSTEM, cell.unit)
    log = meeting(unit=cell.unit, chair_id=cell.an)
    draft_actions.keep_draft(SYSTEM, cell.unit, "key-9", {})
    actions.correct(SYSTEM, log, 1, closing={old.id: Outcome(True)}, client_key="key-9")
    assert agenda_queries.open_tasks(SYSTEM, cell.unit) == [] and draft_queries.drafts(SYSTEM) == []
    assert refused(lambda: actions.correct(SYSTEM, log, log.version, closing={old.id: Outcome(False)}), "task.no_reason")


def test_a_meeting_closes_no_task_that_was_given_after_it(cell):
    meeting(unit=cell.unit, chair_id=cell.an, given=[Given("Tháng 11")])
    [task] = agenda_queries.open_tasks(SYSTEM, cell.unit)
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3), closing={task.id: Outcome(True)})
    assert agenda_queries.open_tasks(SYSTEM, cell.unit) == [task]


def test_who_oversees_another_cell_does_not_correct_the_closed_month_of_this_one(cell):
    log = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 9, 3))
    held = ((Role.SECRETARY, cell.unit), (Role.ORGANISATION, cell.he))
    grants = tuple(Grant(role, unit.path, dt.date(2020, 1, 1)) for role, unit in held)
    both = Actor(None, "Kiêm nhiệm", grants, None, Permission.MEETINGS_LOG)
    refused(lambda: actions.correct(both, log, 1, place="Nhà văn hóa"), "meeting.closed")


def test_the_agenda_before_any_law_of_badges_is_empty_of_them(cell):
    make.member(unit=cell.unit, full_name="Lò Văn Dự", standing=Standing.PROBATIONARY, ceremony_on=dt.date(1998, 6, 1))
    assert agenda_queries.proposed(SYSTEM, cell.unit, MeetingKind.REGULAR, dt.date(2012, 1, 3)) == []
    assert not any("Dự" in line for line in agenda_queries.proposed(SYSTEM, cell.unit, MeetingKind.REGULAR, TODAY))


def test_a_task_written_anew_by_a_form_that_takes_the_place_is_not_given_twice(cell):
    log = meeting(unit=cell.unit, chair_id=cell.an, given=[Given("Việc", cell.binh), Given("Việc")])
    actions.correct(SYSTEM, log, 1, given=[Given("Việc", cell.binh), Given("Việc"), Given("Việc"), Given("Mới")])
    assert [(title, person) for title, person, _due in given(log)] == [("Việc", cell.binh), ("Việc", None), ("Việc", None), ("Mới", None)]
