"""What we ask about waived months: the year's list, one of them, and what a new one is judged by."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..org.models import Unit
from ..org.scope import one as the_one
from ..org.scope import visible
from .board_queries import last_day
from .models import Meeting, MeetingKind, MeetingWaiver


class Waived(NamedTuple):
    """A month that a cell was freed of."""

    id: int
    version: int
    unit_code: str
    unit_name: str
    year: int
    month: int
    reason: str


def waivers(actor: Actor, year: int, unit: Unit | None = None) -> list[Waived]:
    """The waivers of a year that the actor may see, by month and cell; one statement."""
    query = (
        visible(MeetingWaiver, actor)
        .join(Unit, Unit.id == MeetingWaiver.unit_id)
        .with_only_columns(
            MeetingWaiver.id, MeetingWaiver.version, Unit.code, Unit.name, MeetingWaiver.year, MeetingWaiver.month, MeetingWaiver.reason
        )
        .where(MeetingWaiver.year == year)
        .order_by(MeetingWaiver.month, Unit.kind, Unit.name_sort, Unit.id)
    )
    if unit is not None:
        query = query.where(MeetingWaiver.unit_id == unit.id)
    return [Waived(*row) for row in db.session.execute(query)]


def waiver(actor: Actor, waiver_id: int) -> MeetingWaiver:
    """The visible waiver as a row. Raises NotVisible."""
    return the_one(MeetingWaiver, actor, MeetingWaiver.id == waiver_id)


def waived_already(unit: Unit, year: int, month: int) -> bool:
    """Whether the month was waived for a cell that the caller has been shown."""
    query = sa.select(MeetingWaiver.id).where(MeetingWaiver.unit_id == unit.id, MeetingWaiver.year == year, MeetingWaiver.month == month)
    return db.session.scalar(query) is not None


def regular_on(unit: Unit, year: int, month: int) -> dt.date | None:
    """The day of the first regular meeting of that month, of a cell that the caller has been shown."""
    query = sa.select(sa.func.min(Meeting.held_on)).where(
        Meeting.unit_id == unit.id, Meeting.kind == MeetingKind.REGULAR,
        Meeting.held_on.between(dt.date(year, month, 1), last_day(year, month)),
    )  # fmt: skip
    return db.session.scalar(query)
