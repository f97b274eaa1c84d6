"""What the papers of meetings are written from: one meeting, or a cell's year, with the standing of everybody on the list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..errors import NotVisible
from ..members.models import Body, Person, Position, StandingPeriod, Title
from ..org.models import Unit
from ..org.scope import visible
from . import agenda_queries, queries
from .agenda_queries import Task
from .models import Meeting, MeetingAttendance, MeetingItem
from .queries import Attender, MeetingPage


def one(actor: Actor, meeting_id: int) -> MeetingPage:
    """One visible meeting with its list, standings included; two statements. Raises NotVisible."""
    found = _listed(db.session.execute(queries.pages(actor).where(Meeting.id == meeting_id)).all())
    if not found:
        raise NotVisible("Meeting")
    return found[0]


def year(actor: Actor, unit: Unit, number: int) -> list[MeetingPage]:
    """The meetings of a cell in a year with their lists, oldest first; two statements however many there are."""
    held = Meeting.held_on.between(dt.date(number, 1, 1), dt.date(number, 12, 31))
    query = queries.pages(actor).where(Meeting.unit_id == unit.id, held).order_by(Meeting.held_on, Meeting.id)
    return _listed(db.session.execute(query).all())


class Work(NamedTuple):
    """What a meeting dealt with: its points in order, and the tasks that it gave."""

    points: list[MeetingItem]
    tasks: list[Task]


def work(actor: Actor, meetings: Sequence[MeetingPage]) -> dict[int, Work]:
    """The work of meetings that the actor has been shown, by meeting; two statements however many there are."""
    ids = [one.id for one in meetings]
    points, tasks = agenda_queries.points(ids), agenda_queries.tasks(actor, ids)
    return {key: Work(points[key], tasks[key]) for key in ids}


def title_of(actor: Actor, meeting: MeetingPage) -> Title | None:
    """The office in the cell's committee that the chair held on the day of the meeting."""
    query = visible(Position, actor).with_only_columns(Position.title).where(
        Position.unit_id == meeting.unit_id, Position.person_id == meeting.chair_id, Position.body == Body.CELL_COMMITTEE,
        Position.holds(meeting.held_on),
    )  # fmt: skip
    return db.session.scalars(query.limit(1)).first()


def _listed(rows: Sequence[sa.Row[Any]]) -> list[MeetingPage]:
    """The meetings with the list of each, by given name."""
    query = (
        sa.select(MeetingAttendance.meeting_id, MeetingAttendance.id, MeetingAttendance.member_id, Person.full_name,
                  MeetingAttendance.status, MeetingAttendance.is_counted, MeetingAttendance.reason, StandingPeriod.standing)
        .join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
        .join(Person, Person.id == MeetingAttendance.member_id)
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == MeetingAttendance.member_id, StandingPeriod.holds(Meeting.held_on)))
        .where(MeetingAttendance.meeting_id.in_([row[0] for row in rows]))
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
    lists: dict[int, list[Attender]] = defaultdict(list)
    for meeting_id, *line in db.session.execute(query):
        lists[meeting_id].append(Attender._make(line))
    return [MeetingPage._make((*row, lists[row[0]])) for row in rows]
