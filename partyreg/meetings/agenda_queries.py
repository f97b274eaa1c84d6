"""What we ask about points and tasks: those of a meeting, what a cell still has to do, and what the next agenda proposes."""

from __future__ import annotations

import datetime as dt
from itertools import groupby, pairwise
from typing import NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import AnySelect, db
from ..i18n import _, fmt_date
from ..members.models import Member, Person, Posting, PostingKind, Standing, StandingPeriod
from ..org.models import Unit
from ..org.scope import one, visible
from ..rulebook import meeting_agenda as law
from ..rulebook.admission import probation_ends
from ..rulebook.book import LAW
from ..rulebook.meeting import Kind
from ..rulebook.seniority import Gap, badge_years, reached_on
from ..rulebook.timeline import NotInForce
from .models import Meeting, MeetingItem, MeetingKind, MeetingTask

#: How many tasks a page shows.
MOST_TASKS = 200


class Task(NamedTuple):
    """A task with the meeting that gave it and whom it was given to."""

    id: int
    version: int
    meeting_id: int
    unit_id: int
    unit_code: str
    unit_name: str
    given_on: dt.date
    title: str
    person_id: int | None
    person: str | None
    due_on: dt.date | None
    closed_on: dt.date | None
    is_done: bool
    outcome: str | None

    def is_late(self, day: dt.date) -> bool:
        """Whether it should have been done before that day."""
        return self.closed_on is None and self.due_on is not None and self.due_on < day


def points(meeting_ids: list[int]) -> dict[int, list[MeetingItem]]:
    """The points of meetings that the caller has been shown, in order, by meeting; one statement."""
    query = sa.select(MeetingItem).where(MeetingItem.meeting_id.in_(meeting_ids)).order_by(MeetingItem.position)
    found: dict[int, list[MeetingItem]] = {key: [] for key in meeting_ids}
    for row in db.session.scalars(query):
        found[row.meeting_id].append(row)
    return found


def _tasks(actor: Actor) -> AnySelect:
    return (
        visible(MeetingTask, actor)
        .join(Meeting, Meeting.id == MeetingTask.meeting_id)
        .join(Unit, Unit.id == Meeting.unit_id)
        .outerjoin(Person, Person.id == MeetingTask.person_id)
        .with_only_columns(
            MeetingTask.id, MeetingTask.version, Meeting.id, Unit.id, Unit.code, Unit.name, Meeting.held_on, MeetingTask.title,
            MeetingTask.person_id, Person.full_name, MeetingTask.due_on, MeetingTask.closed_on, MeetingTask.is_done, MeetingTask.outcome,
        )
    )  # fmt: skip


def tasks(actor: Actor, meeting_ids: list[int]) -> dict[int, list[Task]]:
    """The tasks that visible meetings gave, oldest first, by meeting; one statement."""
    query = _tasks(actor).where(MeetingTask.meeting_id.in_(meeting_ids)).order_by(MeetingTask.id)
    found: dict[int, list[Task]] = {key: [] for key in meeting_ids}
    for row in db.session.execute(query):
        found[row[2]].append(Task._make(row))
    return found


def open_tasks(actor: Actor, unit: Unit | None = None, before: dt.date | None = None, *, limit: int = MOST_TASKS) -> list[Task]:
    """What is still to be done, the most urgent first: of one cell or of all, given before that day where one is named."""
    query = _tasks(actor).where(MeetingTask.closed_on.is_(None))
    if unit is not None:
        query = query.where(Meeting.unit_id == unit.id)
    if before is not None:
        query = query.where(Meeting.held_on < before)
    order = (MeetingTask.due_on.is_(None), MeetingTask.due_on, MeetingTask.id)
    return [Task._make(row) for row in db.session.execute(query.order_by(*order).limit(limit))]


def task(actor: Actor, task_id: int) -> MeetingTask:
    """One visible task as a row. Raises NotVisible."""
    return one(MeetingTask, actor, MeetingTask.id == task_id)


def unit_of(task: MeetingTask) -> Unit:
    """The cell of a task that the caller has been shown."""
    return db.session.scalars(sa.select(Unit).join(Meeting, Meeting.unit_id == Unit.id).where(Meeting.id == task.meeting_id)).one()


def given_by(meeting: Meeting) -> dict[int, MeetingTask]:
    """The tasks that a meeting gave, oldest first, as rows by id, for whoever corrects it."""
    query = sa.select(MeetingTask).where(MeetingTask.meeting_id == meeting.id).order_by(MeetingTask.id)
    return {row.id: row for row in db.session.scalars(query)}


def rows_of(ids: set[int]) -> list[MeetingTask]:
    """Tasks as rows to be closed, of those that the caller has been shown."""
    return list(db.session.scalars(sa.select(MeetingTask).where(MeetingTask.id.in_(ids), MeetingTask.closed_on.is_(None))))


def proposed(actor: Actor, unit: Unit, kind: MeetingKind, day: dt.date) -> list[str]:
    """The points that the agenda of a new meeting begins with: the kind's own, and what is due in the cell by the law of the day.

    At a regular meeting the probations that end soon or ended, and the badges that a member has a claim to soon.
    """
    found = list(law.agenda(Kind(kind.value), day))
    if kind is MeetingKind.REGULAR:
        found += _due(actor, unit, day, law.reminded_until(day))
    return found


def _end_of(ceremony_on: dt.date | None) -> dt.date | None:
    """When a probation ends; None where no law of that day is known."""
    try:
        return probation_ends(ceremony_on) if ceremony_on else None
    except NotInForce:
        return None


def _due(actor: Actor, unit: Unit, day: dt.date, until: dt.date) -> list[str]:
    """Whose probation ends by `until`, and who comes to a badge from `day` to `until`, of those at home in the cell; one statement."""
    query = (
        visible(Member, actor)
        .join(Person, Person.id == Member.id)
        .join(Posting, sa.and_(Posting.member_id == Member.id, Posting.kind == PostingKind.HOME, Posting.holds(day)))
        .join(StandingPeriod, StandingPeriod.member_id == Member.id)
        .where(Posting.unit_id == unit.id)
        .with_only_columns(
            Member.id, Person.full_name, Member.decided_on, Member.ceremony_on, StandingPeriod.standing, StandingPeriod.started_on,
            StandingPeriod.ended_on, StandingPeriod.exit,
        )
        .order_by(Person.name_sort, Person.id, StandingPeriod.started_on)
    )  # fmt: skip
    found: list[str] = []
    badges = badge_years(day) if LAW.find("badge.years", day) else ()
    for _key, rows in groupby(db.session.execute(query).all(), key=lambda row: row[0]):
        periods = list(rows)
        _id, name, decided_on, ceremony_on, standing, _started, ended_on, _exit = periods[-1]
        if ended_on is not None:
            continue
        if standing is Standing.PROBATIONARY and (end := _end_of(ceremony_on)) and end <= until:
            found.append(_("Xét công nhận đảng viên chính thức: %(name)s (hết dự bị %(day)s)", name=name, day=fmt_date(end)))
        if standing is Standing.FULL and decided_on:
            away = [Gap(one[6], later[5]) for one, later in pairwise(periods) if one[6] and one[7]]
            for years in badges:
                reached = reached_on(decided_on, years, away)
                if reached and day <= reached <= until:
                    found.append(_("Đề nghị tặng Huy hiệu %(years)s năm tuổi Đảng: %(name)s (đủ ngày %(day)s)",
                                   years=years, name=name, day=fmt_date(reached)))  # fmt: skip
    return found
