"""What the register knows of the members of a cell, shown beside each on the sheet: four questions, whatever their number.

Each fact is one question below and one field of `Facts`; it informs those who vote, and judges nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..meetings.models import Attendance, Meeting, MeetingAttendance, MeetingTask
from ..rulebook.training import CourseResult
from ..training.models import TrainingCourse, TrainingResult
from .models import Level, MemberRating, NotRated
from .queries import PAST_YEARS


@dataclass(slots=True)
class Facts:
    """One member's year: meetings attended of those she was expected at, tasks done of those given, classes finished, last levels."""

    present: int = 0
    expected: int = 0
    tasks: int = 0
    tasks_done: int = 0
    classes: int = 0
    past: dict[int, Level | NotRated] = field(default_factory=dict)


def facts(actor: Actor, year: int, ids: Sequence[int], until: dt.date) -> dict[int, Facts]:
    """Member id -> what is known of her from the first of the year to `until`; four statements.

    Of meetings it is the number alone, wherever she was on the roll: whoever moved did not miss what her former cell held.
    """
    found = {one: Facts() for one in ids}
    span = (dt.date(year, 1, 1), until)
    present = sa.func.count().filter(MeetingAttendance.status == Attendance.PRESENT)
    attended = (
        sa.select(MeetingAttendance.member_id, present, sa.func.count())
        .join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
        .where(Meeting.held_on.between(*span), MeetingAttendance.status != Attendance.EXEMPT)
        # Without the actor's reach: a count that says neither which cell nor which meeting, of those whom she rates.
        .where(MeetingAttendance.member_id.in_(ids))
        .group_by(MeetingAttendance.member_id)
    )
    for member_id, there, times in db.session.execute(attended):
        found[member_id].present, found[member_id].expected = there, times
    given = (
        sa.select(MeetingTask.person_id, sa.func.count(), sa.func.count().filter(MeetingTask.is_done))
        .join(Meeting, Meeting.id == MeetingTask.meeting_id)
        .where(MeetingTask.within(actor.reach()), MeetingTask.person_id.in_(ids), Meeting.held_on.between(*span))
        .group_by(MeetingTask.person_id)
    )
    for person_id, tasks, done in db.session.execute(given):
        if person_id is not None:
            found[person_id].tasks, found[person_id].tasks_done = tasks, done
    taught = (
        sa.select(TrainingResult.person_id, sa.func.count())
        .join(TrainingCourse, TrainingCourse.id == TrainingResult.course_id)
        .where(TrainingResult.within(actor.reach()), TrainingResult.person_id.in_(ids), TrainingCourse.ended_on.between(*span))
        .where(TrainingResult.result == CourseResult.FINISHED)
        .group_by(TrainingResult.person_id)
    )
    for person_id, classes in db.session.execute(taught):
        found[person_id].classes = classes
    earlier = sa.select(MemberRating.member_id, MemberRating.year, MemberRating.level, MemberRating.not_rated).where(
        MemberRating.within(actor.reach()), MemberRating.member_id.in_(ids), MemberRating.year.between(year - PAST_YEARS, year - 1)
    )
    for member_id, in_year, level, not_rated in db.session.execute(earlier):
        if answer := level or not_rated:
            found[member_id].past[in_year] = answer
    return found
