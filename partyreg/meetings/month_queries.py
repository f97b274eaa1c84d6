"""What we ask of a month: its meetings held and to come, and what the law and the calendar say of its days."""

from __future__ import annotations

import datetime as dt
from calendar import Calendar, monthrange
from typing import NamedTuple

from ..access import Actor
from ..db import db
from ..i18n import _
from ..org.models import Unit
from ..org.scope import visible
from ..rulebook.book import LAW
from ..workdays import queries as workdays
from . import plan_queries
from .models import Meeting, MeetingKind


class Event(NamedTuple):
    """One meeting of a day; state is held, planned or cancelled, and `id` is the meeting's or the plan's."""

    state: str
    id: int
    unit_name: str
    kind: MeetingKind
    begins_at: dt.time | None
    place: str | None


class Day(NamedTuple):
    """One day of the month; `notes` are what the law and the calendar call it."""

    on: dt.date
    is_off: bool
    notes: list[str]
    events: list[Event]


def weeks(actor: Actor, year: int, month: int, unit: Unit | None = None) -> list[list[Day | None]]:
    """The weeks of a month from Monday on, None for days of its neighbours; three statements, however many cells there are.

    A plan of which the meeting is on record is not shown beside it.
    """
    first, last = dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1])
    events, notes = _events(actor, first, last, unit), _notes(first)
    off = {line.day: line for line in workdays.of_year(year)}

    def made(number: int) -> Day | None:
        if not number:
            return None
        on = first.replace(day=number)
        line = off.get(on)
        is_off = line.is_off if line else on.weekday() >= 5
        told = [line.reason] if line else []
        return Day(on, is_off, [*notes.get(number, []), *told], events.get(on, []))

    return [[made(number) for number in week] for week in Calendar().monthdayscalendar(year, month)]


def _notes(first: dt.date) -> dict[int, list[str]]:
    """What the law of the month's first day says of its days."""
    notes: dict[int, list[str]] = {}
    if common := LAW.find("meeting.day", first):
        notes.setdefault(common.required, []).append(_("Ngày sinh hoạt thống nhất"))
    if latest := LAW.find("meeting.latest_day", first):
        notes.setdefault(latest.required, []).append(_("Hết tuần đầu, hạn sinh hoạt định kỳ"))
    return notes


def _events(actor: Actor, first: dt.date, last: dt.date, unit: Unit | None) -> dict[dt.date, list[Event]]:
    query = (
        visible(Meeting, actor)
        .join(Unit, Unit.id == Meeting.unit_id)
        .with_only_columns(Meeting.id, Unit.id.label("unit_id"), Unit.name, Meeting.kind, Meeting.held_on, Meeting.place)
        .where(Meeting.held_on.between(first, last))
        .order_by(Meeting.held_on, Unit.name_sort, Meeting.id)
    )
    if unit is not None:
        query = query.where(Unit.path.startswith(unit.path, autoescape=True))
    found: dict[dt.date, list[Event]] = {}
    held: set[tuple[int, MeetingKind, dt.date]] = set()
    for row in db.session.execute(query):
        held.add((row.unit_id, row.kind, row.held_on))
        found.setdefault(row.held_on, []).append(Event("held", row.id, row.name, row.kind, None, row.place))
    for plan in plan_queries.lines(actor, first, last, unit):
        if (plan.unit_id, plan.kind, plan.held_on) not in held:
            state = "planned" if plan.cancelled_because is None else "cancelled"
            event = Event(state, plan.id, plan.unit_name, plan.kind, plan.begins_at, plan.place)
            found.setdefault(plan.held_on, []).append(event)
    return found
