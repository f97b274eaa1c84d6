"""Logging and correcting a meeting: who is on the list, who counts, and what is refused."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg import access, audit, clock
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.meetings import actions, queries
from partyreg.meetings.agenda_rows import Given, Point
from partyreg.meetings.models import Attendance, Meeting, MeetingAttendance, MeetingKind
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind, Member, Standing
from tests import make
from tests.make.meetings import SYSTEM, meeting

P, E, A, X = Attendance.PRESENT, Attendance.EXCUSED, Attendance.ABSENT, Attendance.EXEMPT
DAY = dt.date(2026, 11, 3)
ROOT = access.system("test")


def lines(logged: Meeting) -> dict[int, tuple[Attendance, bool, str | None]]:
    return {one.member_id: (one.status, one.is_counted, one.reason) for one in queries.attenders(logged.id)}


def refused(**facts) -> list[tuple[str, str]]:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Meeting))
    with pytest.raises(RuleBroken) as caught:
        meeting(**facts)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == before
    assert all(finding.message and finding.blocks for finding in caught.value.findings)
    return [(finding.code, finding.field) for finding in caught.value.findings]


def test_everybody_is_present_unless_named(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an, attendance={cell.chi: (E, "Ốm")})
    assert lines(logged) == {cell.an: (P, True, None), cell.binh: (P, True, None), cell.chi: (E, True, "Ốm")}


def test_the_roll_is_that_of_the_day(cell):
    moved = db.session.get_one(Member, cell.binh)
    members.transfer(ROOT, moved, to=cell.he, on=DAY)
    newer = make.member(unit=cell.unit, full_name="Lò Văn Mới", posted_on=DAY)
    logged = meeting(unit=cell.unit, chair_id=cell.an, held_on=DAY)
    assert set(lines(logged)) == {cell.an, cell.chi, newer.id}
    earlier = meeting(unit=cell.unit, chair_id=cell.an, held_on=DAY - dt.timedelta(days=1))
    assert set(lines(earlier)) == {cell.an, cell.binh, cell.chi}


def test_exempt_suspended_and_away_have_their_own_default(cell):
    exempt, suspended, away = (make.member(unit=cell.unit, full_name=f"Lò Văn {n}") for n in ("Miễn", "Chỉ", "Xa"))
    members.hold_in_abeyance(ROOT, exempt, kind=AbeyanceKind.EXEMPTION, on=DAY)
    members.hold_in_abeyance(ROOT, suspended, kind=AbeyanceKind.SUSPENSION, on=DAY)
    members.post_temporarily(ROOT, away, to=cell.he, on=DAY)
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    found = lines(logged)
    assert found[exempt.id] == (X, False, "được miễn công tác và sinh hoạt")
    assert found[suspended.id] == (X, False, "đình chỉ sinh hoạt")
    assert found[away.id] == (E, False, "sinh hoạt tạm thời nơi khác")


def test_absent_ones_who_need_not_come_count_when_they_do(cell):
    exempt, suspended, away = (make.member(unit=cell.unit, full_name=f"Lò Văn {n}") for n in ("Miễn", "Chỉ", "Xa"))
    members.hold_in_abeyance(ROOT, exempt, kind=AbeyanceKind.EXEMPTION, on=DAY)
    members.hold_in_abeyance(ROOT, suspended, kind=AbeyanceKind.SUSPENSION, on=DAY)
    members.post_temporarily(ROOT, away, to=cell.he, on=DAY)
    logged = meeting(unit=cell.unit, chair_id=cell.an, attendance={m.id: (P, None) for m in (exempt, suspended, away)})
    assert {one.id: lines(logged)[one.id][1] for one in (exempt, suspended, away)} == {
        exempt.id: True, suspended.id: False, away.id: True,
    }  # fmt: skip


def test_probationary_members_and_guests_are_listed_and_do_not_count(cell):
    new = make.member(unit=cell.unit, full_name="Lò Văn Dự", standing=Standing.PROBATIONARY)
    guest = make.member(unit=cell.he, full_name="Lò Văn Khách")
    members.post_temporarily(ROOT, guest, to=cell.unit, on=DAY)
    found = lines(meeting(unit=cell.unit, chair_id=cell.an))
    assert found[new.id] == found[guest.id] == (P, False, None)


def test_a_reason_of_somebody_present_is_dropped(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an, attendance={cell.binh: (P, "đến muộn"), cell.chi: (A, None)})
    assert lines(logged)[cell.binh] == (P, True, None)
    assert lines(logged)[cell.chi] == (A, True, None)


def test_excused_needs_a_reason(cell):
    found = refused(unit=cell.unit, chair_id=cell.an, attendance={cell.chi: (E, "  ")})
    assert found == [("meeting.reason", f"reason-{cell.chi}")]


def test_whoever_is_not_on_the_roll_is_refused(cell):
    other = make.member(unit=cell.he)
    found = refused(unit=cell.unit, chair_id=cell.an, attendance={other.id: (P, None)})
    assert found == [("meeting.not_on_roll", f"status-{other.id}")]


def test_chair_and_minute_taker_are_of_the_roll(cell):
    other = make.member(unit=cell.he)
    found = refused(unit=cell.unit, chair_id=other.id, minute_taker_id=other.id)
    assert found == [("meeting.officer_not_on_roll", "chair_id"), ("meeting.officer_not_on_roll", "minute_taker_id")]


def test_a_guest_takes_minutes_but_does_not_chair(cell):
    guest = make.member(unit=cell.he)
    members.post_temporarily(ROOT, guest, to=cell.unit, on=DAY)
    assert refused(unit=cell.unit, chair_id=guest.id) == [("meeting.chair_is_guest", "chair_id")]
    assert meeting(unit=cell.unit, chair_id=cell.an, minute_taker_id=guest.id).minute_taker_id == guest.id


def test_chair_and_minute_taker_were_there(cell):
    marks = {cell.an: (A, None), cell.binh: (E, "Ốm")}
    found = refused(unit=cell.unit, chair_id=cell.an, minute_taker_id=cell.binh, attendance=marks)
    assert found == [("meeting.officer_absent", "chair_id"), ("meeting.officer_absent", "minute_taker_id")]


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_a_length_that_no_day_has_is_refused(cell, minutes):
    assert refused(unit=cell.unit, chair_id=cell.an, minutes_long=minutes) == [("meeting.minutes", "minutes_long")]


def test_a_meeting_to_come_is_refused(cell):
    tomorrow = clock.today() + dt.timedelta(days=1)
    assert refused(unit=cell.unit, chair_id=cell.an, held_on=tomorrow) == [("meeting.future", "held_on")]


def test_a_unit_that_is_no_cell_has_no_meetings(cell):
    assert refused(unit=cell.root, chair_id=cell.an) == [("meeting.no_cell", "unit")]


def test_a_cell_meets_while_it_lives(cell):
    young = make.unit(parent=cell.root, founded_on=dt.date(2026, 10, 1))
    assert refused(unit=young, chair_id=cell.an, held_on=dt.date(2026, 9, 30)) == [("meeting.before_founding", "held_on")]
    young.dissolved_on = dt.date(2026, 11, 1)
    assert refused(unit=young, chair_id=cell.an, held_on=dt.date(2026, 11, 1)) == [("meeting.after_end", "held_on")]
    db.session.expire(young)


def test_nothing_is_logged_before_the_first_rules(cell):
    assert refused(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2016, 7, 24)) == [("meeting.too_early", "held_on")]


@pytest.mark.parametrize("kind", [MeetingKind.REGULAR, MeetingKind.THEMATIC])
def test_one_meeting_of_a_kind_a_day(cell, kind):
    meeting(unit=cell.unit, chair_id=cell.an, kind=kind, notes="lần một")
    with pytest.raises(Conflict) as caught:
        meeting(unit=cell.unit, chair_id=cell.an, kind=kind, notes="lần hai")
    assert "03/11/2026" in str(caught.value) and cell.unit.name in str(caught.value)
    assert caught.value.theirs["Diễn biến, ý kiến"] == "lần một"
    assert caught.value.mine["Chủ trì"] == "Lò Văn An"


def test_other_kinds_and_extraordinary_ones_stand_beside(cell):
    kinds = (MeetingKind.REGULAR, MeetingKind.THEMATIC, MeetingKind.EXTRAORDINARY, MeetingKind.EXTRAORDINARY)
    assert len({meeting(unit=cell.unit, chair_id=cell.an, kind=kind).id for kind in kinds}) == 4


def test_the_same_draft_twice_is_one_meeting(cell):
    first = meeting(unit=cell.unit, chair_id=cell.an, client_key="a" * 36)
    again = meeting(unit=cell.unit, chair_id=cell.an, client_key="a" * 36)
    assert again.id == first.id and len(audit.history("meeting", first.id)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"place": "Nhà văn hóa"}, {"points": [Point("Thêm")]}, {"given": [Given("Việc thêm")]}, {"held_on": dt.date(2026, 11, 5)},
    ],
)  # fmt: skip
def test_the_same_draft_with_other_words_is_a_conflict_that_shows_both(cell, more):
    """The answer to the first sending was lost, she wrote on, and sent again: nothing of it may vanish without a word."""
    first = meeting(unit=cell.unit, chair_id=cell.an, client_key="a" * 36)
    with pytest.raises(Conflict) as conflict:
        meeting(unit=cell.unit, chair_id=cell.an, client_key="a" * 36, **more)
    assert conflict.value.mine and conflict.value.mine != conflict.value.theirs
    assert len(audit.history("meeting", first.id)) == 1


def test_the_same_draft_with_another_list_is_a_conflict(cell):
    meeting(unit=cell.unit, chair_id=cell.an, client_key="a" * 36)
    with pytest.raises(Conflict) as conflict:
        meeting(unit=cell.unit, chair_id=cell.an, client_key="a" * 36, attendance={cell.chi: (A, None)})
    assert conflict.value.mine == {"Cà Văn Chi": "Vắng không lý do"}


def test_a_draft_sent_for_another_cell_is_a_conflict(cell):
    meeting(unit=cell.unit, chair_id=cell.an, client_key="a" * 36)
    other = make.member(unit=cell.he)
    with pytest.raises(Conflict):
        meeting(unit=cell.he, chair_id=other.id, client_key="a" * 36)


def test_another_cell_is_not_hers(cell, actor_):
    hers = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_LOG)
    other = make.member(unit=cell.he)
    with pytest.raises(NotVisible):
        actions.log(hers, unit=cell.he, kind=MeetingKind.REGULAR, held_on=DAY, chair_id=other.id)
    stranger = meeting(unit=cell.he, chair_id=other.id)
    with pytest.raises(NotVisible):
        actions.correct(hers, queries.row(SYSTEM, stranger.id), 1, topic="x")


def test_one_entry_records_the_meeting_and_its_list(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    (entry,) = audit.history("meeting", logged.id)
    rows = json.loads(entry.payload or "")
    assert entry.deed == "meetings.log"
    assert sorted(row["table"] for row in rows) == ["meeting", *["meeting_attendance"] * 3]


def test_statements_do_not_grow_with_the_roll(cell, counting):
    assert cell.unit.name  # loaded, as it is after the door has looked for it
    with counting() as three:
        meeting(unit=cell.unit, chair_id=cell.an)
    for number in range(27):
        make.member(unit=cell.unit, full_name=f"Lò Văn {number}")
    with counting() as thirty:
        some = {cell.binh: (A, "Bận"), cell.chi: (A, None)}
        meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3), attendance=some)
    assert len(three) == len(thirty), "\n".join(thirty.statements)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["", "exempt", "suspended", "away"]), st.sampled_from([None, P, E, A, X])), max_size=5
    )
)
def test_whatever_the_roll_every_member_has_one_line_and_defaults_follow_the_law(cell, people):
    """Property: a line each; unnamed members have the law's default; who does not count is never a counted one."""
    nested = db.session.begin_nested()
    named, expected = {}, {}
    for index, (is_full, state, choice) in enumerate(people):
        standing = Standing.FULL if is_full else Standing.PROBATIONARY
        who = make.member(unit=cell.unit, full_name=f"Lò Văn {'ABCDE'[index]}", standing=standing)
        if state == "away":
            members.post_temporarily(ROOT, who, to=cell.he, on=dt.date(2026, 7, 1))
        elif state:
            kind = AbeyanceKind.EXEMPTION if state == "exempt" else AbeyanceKind.SUSPENSION
            members.hold_in_abeyance(ROOT, who, kind=kind, on=dt.date(2026, 7, 1))
        if choice is not None:
            named[who.id] = (choice, "việc riêng")
        default = {"": P, "away": E}.get(state, X)
        status = choice or default
        counted = is_full and state != "suspended" and (state == "" or status is P)
        expected[who.id] = (status, counted)
    logged = meeting(unit=cell.unit, chair_id=cell.an, attendance=named)
    found = lines(logged)
    assert {key: found[key][:2] for key in expected} == expected
    assert set(found) == {cell.an, cell.binh, cell.chi, *expected}
    nested.rollback()


# -- correcting -------------------------------------------------------------------------------------------------------


def correct(logged: Meeting, version: int = 1, **changes) -> Meeting:
    row = queries.row(SYSTEM, logged.id)
    actions.correct(SYSTEM, row, version, **changes)
    return row


def test_a_correction_is_recorded_old_and_new(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an, topic="Cũ")
    row = correct(logged, topic="Mới", attendance={cell.chi: (E, "Ốm")})
    assert (row.topic, row.version) == ("Mới", 2)
    assert lines(logged)[cell.chi] == (E, True, "Ốm") and lines(logged)[cell.binh] == (P, True, None)
    changes = [c for c in json.loads(audit.history("meeting", logged.id)[0].payload or "") if c["verb"] == "update"]
    by_table = {c["table"]: c["values"] for c in changes}
    assert by_table["meeting"]["topic"] == ["Cũ", "Mới"]
    assert by_table["meeting_attendance"] == {"status": ["present", "excused"], "reason": [None, "Ốm"]}


def test_a_correction_of_the_list_alone_makes_another_version(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    row = correct(logged, attendance={cell.chi: (A, None)})
    assert row.version == 2 and len(audit.history("meeting", logged.id)) == 2


def test_a_correction_that_changes_nothing_is_none(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    row = correct(logged, topic=None, attendance={cell.chi: (P, None)})
    assert row.version == 1 and len(audit.history("meeting", logged.id)) == 1


def test_a_stale_correction_is_a_conflict(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    correct(logged, topic="Một", attendance={cell.chi: (E, "Ốm")})
    with pytest.raises(Conflict) as caught:
        correct(logged, 1, topic="Hai", place="Nhà văn hóa", attendance={cell.chi: (A, None), cell.binh: (P, None)})
    topic = actions.titles()["topic"]
    assert caught.value.mine[topic] == "Hai" and caught.value.theirs[topic] == "Một"
    assert caught.value.mine["Cà Văn Chi"] == "Vắng không lý do" and caught.value.theirs["Cà Văn Chi"] == "Vắng có lý do (Ốm)"
    assert "Lò Thị Bình" not in caught.value.theirs
    assert queries.one(SYSTEM, logged.id).topic == "Một"


def test_another_day_brings_that_days_roll(cell):
    late = make.member(unit=cell.unit, full_name="Lò Văn Muộn", posted_on=DAY)
    gone = db.session.get_one(Member, cell.binh)
    members.transfer(ROOT, gone, to=cell.he, on=DAY)
    logged = meeting(unit=cell.unit, chair_id=cell.an, attendance={cell.chi: (E, "Ốm")})
    correct(logged, held_on=DAY - dt.timedelta(days=1))
    assert lines(logged) == {cell.an: (P, True, None), cell.binh: (P, True, None), cell.chi: (E, True, "Ốm")}
    assert late.id not in lines(logged)


def test_the_list_of_the_day_is_kept_and_grows(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    gone = db.session.get_one(Member, cell.binh)
    members.transfer(ROOT, gone, to=cell.he, on=DAY)  # found out after the meeting was logged
    found = make.member(unit=cell.unit, full_name="Lò Văn Sót", posted_on=DAY)
    correct(logged, topic="Mới")
    assert set(lines(logged)) == {cell.an, cell.binh, cell.chi, found.id}
    correct(logged, 2, attendance={cell.binh: (A, None)})
    assert lines(logged)[cell.binh] == (A, True, None)


def test_a_correction_is_refused_like_a_log(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    for changes, code in (
        ({"held_on": clock.today() + dt.timedelta(days=1)}, "meeting.future"),
        ({"chair_id": 987654}, "meeting.officer_not_on_roll"),
        ({"attendance": {cell.an: (A, None)}}, "meeting.officer_absent"),
        ({"attendance": {cell.chi: (E, None)}}, "meeting.reason"),
        ({"attendance": {987654: (P, None)}}, "meeting.not_on_roll"),
    ):
        with pytest.raises(RuleBroken) as caught:
            correct(logged, **changes)
        assert caught.value.findings[0].code == code
    with pytest.raises(TypeError):
        correct(logged, unit_id=cell.he.id)
    assert queries.one(SYSTEM, logged.id).version == 1


def test_a_correction_does_not_take_anothers_day(cell):
    meeting(unit=cell.unit, chair_id=cell.an)
    other = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3))
    with pytest.raises(Conflict):
        correct(other, held_on=DAY)
    correct(other, held_on=DAY, kind=MeetingKind.EXTRAORDINARY)


def test_lines_belong_to_the_meeting(cell):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    rows = db.session.scalars(sa.select(MeetingAttendance).where(MeetingAttendance.meeting_id == logged.id)).all()
    assert len(rows) == 3
