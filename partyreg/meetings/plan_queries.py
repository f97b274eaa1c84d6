"""What we ask about meetings to come: one plan, those of some days, and what the next meeting can take over from the last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from .. import clock
from ..access import Actor, Permission
from ..db import db
from ..i18n import _, fmt_date
from ..members import queries as members
from ..members.models import Member, Standing
from ..org.models import Unit
from ..org.scope import one as the_one
from ..org.scope import visible
from ..rulebook.admission_terms import probation_ends
from ..rulebook.dates import add_months
from ..rulebook.meeting_year import Proposed, proposed_day
from ..rulebook.timeline import NotInForce
from ..workdays.queries import days_off
from .models import Meeting, MeetingItem, MeetingKind, MeetingPlan, MeetingTask

#: A calendar outside keeps what was planned for so many days after it; later it lets go of it.
KEPT = dt.timedelta(days=31)
#: A point of an agenda is no longer than the title of a meeting's item.
POINT = 300


class PlanLine(NamedTuple):
    """One plan in a list or a calendar; the agenda stays on its page."""

    id: int
    version: int
    unit_id: int
    unit_code: str
    unit_name: str
    kind: MeetingKind
    held_on: dt.date
    begins_at: dt.time | None
    place: str | None
    topic: str | None
    cancelled_because: str | None


def lines(actor: Actor, first: dt.date, last: dt.date | None = None, unit: Unit | None = None) -> list[PlanLine]:
    """The visible plans from `first` to `last`, cancelled ones too, below `unit` where it is given: by day, hour and cell."""
    query = (
        visible(MeetingPlan, actor)
        .join(Unit, Unit.id == MeetingPlan.unit_id)
        .with_only_columns(
            MeetingPlan.id, MeetingPlan.version, MeetingPlan.unit_id, Unit.code, Unit.name, MeetingPlan.kind, MeetingPlan.held_on,
            MeetingPlan.begins_at, MeetingPlan.place, MeetingPlan.topic, MeetingPlan.cancelled_because,
        )
        .where(MeetingPlan.held_on >= first)
        .order_by(MeetingPlan.held_on, MeetingPlan.begins_at.is_(None), MeetingPlan.begins_at, Unit.name_sort, MeetingPlan.id)
    )  # fmt: skip
    if last is not None:
        query = query.where(MeetingPlan.held_on <= last)
    if unit is not None:
        query = query.where(Unit.path.startswith(unit.path, autoescape=True))
    return [PlanLine._make(row) for row in db.session.execute(query)]


def to_come(actor: Actor, day: dt.date) -> list[PlanLine]:
    """The visible plans that stand, for a calendar outside: those to come and those of the last month; none without the right."""
    if not actor.may(Permission.MEETINGS_READ):
        return []
    return [one for one in lines(actor.using(Permission.MEETINGS_READ), day - KEPT) if one.cancelled_because is None]


def row(actor: Actor, plan_id: int) -> MeetingPlan:
    """One visible plan with its cell, as a row to be changed. Raises NotVisible."""
    return the_one(MeetingPlan, actor, MeetingPlan.id == plan_id, options=(joinedload(MeetingPlan.unit),))


def line(plan: MeetingPlan) -> PlanLine:
    """A plan that the caller was shown, as a line of a list."""
    return PlanLine(
        plan.id, plan.version, plan.unit_id, plan.unit.code, plan.unit.name, plan.kind, plan.held_on, plan.begins_at, plan.place,
        plan.topic, plan.cancelled_because,
    )  # fmt: skip


def standing(unit: Unit, kind: MeetingKind, day: dt.date, but: int | None = None) -> MeetingPlan | None:
    """The plan of that kind that stands for the cell on that day, other than the plan `but`; the cell is the caller's own."""
    query = sa.select(MeetingPlan).where(
        MeetingPlan.unit_id == unit.id, MeetingPlan.kind == kind, MeetingPlan.held_on == day, MeetingPlan.cancelled_because.is_(None)
    )
    return db.session.scalar((query if but is None else query.where(MeetingPlan.id != but)).limit(1))


# -- what the next meeting takes over -----------------------------------------------------------------------------------


class Renewal(NamedTuple):
    """What a held meeting offers to the next one: the day with its reason, hour and place, and points for the agenda."""

    proposed: Proposed | None
    begins_at: dt.time | None
    place: str | None
    topic: str | None
    tasks: list[str]
    items: list[str]
    due: list[str]

    def facts(self, carried: Collection[str]) -> dict[str, Any]:
        """Place, topic and agenda of the new plan, from the parts named in `carried`."""
        points = [point for part in ("tasks", "items", "due") if part in carried for point in getattr(self, part)]
        return {
            "place": self.place if "place" in carried else None,
            "topic": self.topic if "topic" in carried else None,
            "agenda": "\n".join(dict.fromkeys(points)) or None,
        }


def renewal(actor: Actor, meeting: Meeting) -> Renewal:
    """What a visible meeting offers to the one of the month after it, or of the first month to come; the meeting has its cell.

    Names of members are there only for whoever may read the members of that cell.
    """
    plan = standing(meeting.unit, meeting.kind, meeting.held_on)
    proposed = next_day(add_months(meeting.held_on, 1))
    month = proposed.day if proposed else add_months(max(meeting.held_on, clock.today()), 1)
    return Renewal(
        proposed, plan.begins_at if plan else None, meeting.place or (plan.place if plan else None), meeting.topic,
        _open_tasks(actor, meeting.unit), _items(meeting), _probations(actor, meeting.unit, month),
    )  # fmt: skip


def next_day(from_on: dt.date) -> Proposed | None:
    """The day proposed for the regular meeting of that day's month, or of the first month whose day is still to come.

    None where the law sets no common day; one statement.
    """
    today = clock.today()
    first = max(from_on, today).replace(day=1)
    off = days_off(first, add_months(first, 1))
    try:
        found = proposed_day(first.year, first.month, off)
        if found.day < today:
            later = add_months(first, 1)
            found = proposed_day(later.year, later.month, off)
    except NotInForce:
        return None
    return found


def _point(text: str) -> str:
    """A point of an agenda: one line, not too long."""
    text = " ".join(text.split())
    return text if len(text) <= POINT else text[: POINT - 1] + "…"


def _open_tasks(actor: Actor, unit: Unit) -> list[str]:
    """The cell's tasks that are not closed, by their due day."""
    query = (
        visible(MeetingTask, actor)
        .join(Meeting, Meeting.id == MeetingTask.meeting_id)
        .with_only_columns(MeetingTask.title, MeetingTask.due_on)
        .where(Meeting.unit_id == unit.id, MeetingTask.closed_on.is_(None))
        .order_by(MeetingTask.due_on.is_(None), MeetingTask.due_on, MeetingTask.id)
    )
    return [
        _point(_("Kiểm tra việc: %(task)s (hạn %(day)s)", task=title, day=fmt_date(due_on)) if due_on
               else _("Kiểm tra việc: %(task)s", task=title))
        for title, due_on in db.session.execute(query)
    ]  # fmt: skip


def _items(meeting: Meeting) -> list[str]:
    """The points of the meeting's agenda, in their order."""
    query = sa.select(MeetingItem.title).where(MeetingItem.meeting_id == meeting.id).order_by(MeetingItem.position)
    return [_point(title) for title in db.session.scalars(query)]


def _probations(actor: Actor, unit: Unit, month: dt.date) -> list[str]:
    """Whose probation in the cell ends in the month of that day, as the law of her ceremony says; nobody without the right."""
    reader = actor.using(Permission.MEMBERS_READ)
    if not reader.may(Permission.MEMBERS_READ):
        return []
    roll = {
        one.member_id: one.name for one in members.roll(reader, unit, clock.today())
        if one.standing is Standing.PROBATIONARY and not one.is_guest
    }  # fmt: skip
    found = []
    query = sa.select(Member.id, Member.ceremony_on).where(Member.id.in_(roll))
    for member_id, ceremony_on in db.session.execute(query) if roll else ():
        if ceremony_on is None:
            continue
        try:
            ends = probation_ends(ceremony_on)
        except NotInForce:
            continue
        if (ends.year, ends.month) == (month.year, month.month):
            found.append((ends, roll[member_id]))
    return [
        _point(_("Xét công nhận đảng viên chính thức: %(name)s (hết thời gian dự bị %(day)s)", name=name, day=fmt_date(ends)))
        for ends, name in sorted(found)
    ]
