"""What we ask about organisations and staff: a year's sheet of levels, one line of the register, and the year's ids for targets."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..db import db
from ..org.scope import one, visible
from ..ratings.models import Level
from .models import Staff, StaffKind, StaffRating

FIRST_YEAR = 2020


def reference_day(year: int) -> dt.date:
    """The day whose register a year's levels are about: 31 December, or today while the year runs."""
    return min(dt.date(year, 12, 31), clock.today())


class Row(NamedTuple):
    """One line of a year's sheet; `rating_version` is 0 while there is no level."""

    staff: Staff
    level: Level | None
    paper: str | None
    rating_version: int
    serves: bool


def sheet(actor: Actor, year: int) -> list[Row]:
    """Who served on the year's reference day, and who has a level besides: organisations first, by kind and name; one statement."""
    day = reference_day(year)
    serves = Staff.holds(day)
    order = sa.case({kind: number for number, kind in enumerate(StaffKind)}, value=Staff.kind)
    query = (
        visible(Staff, actor)
        .outerjoin(StaffRating, sa.and_(StaffRating.staff_id == Staff.id, StaffRating.year == year))
        .add_columns(StaffRating.level, StaffRating.paper, sa.func.coalesce(StaffRating.version, 0), serves)
        .where(sa.or_(serves, StaffRating.id.is_not(None)))
        .order_by(order, Staff.name_sort, Staff.id)
    )
    return [Row(*row) for row in db.session.execute(query)]


def years(actor: Actor) -> list[int]:
    """The years that have a level which the actor may see, and the running one, newest first."""
    known = db.session.scalars(visible(StaffRating, actor).with_only_columns(StaffRating.year).distinct())
    return sorted({*known, clock.today().year}, reverse=True)


def row(actor: Actor, staff_id: int) -> Staff:
    """The visible line of the register. Raises NotVisible."""
    return one(Staff, actor, Staff.id == staff_id)


def rated(actor: Actor, year: int, kinds: tuple[StaffKind, ...], levels: tuple[Level, ...] | None = None) -> sa.Select[int]:
    """The ids of those kinds that have a level in the year, one of `levels` where they are given."""
    query = visible(StaffRating, actor).with_only_columns(StaffRating.staff_id).join(Staff, Staff.id == StaffRating.staff_id)
    query = query.where(StaffRating.year == year, Staff.kind.in_(kinds))
    return query if levels is None else query.where(StaffRating.level.in_(levels))


def unrated(actor: Actor, year: int, on: dt.date, kinds: tuple[StaffKind, ...]) -> sa.Select[int]:
    """The ids of those kinds that served on a day and have no level in the year."""
    known = sa.select(StaffRating.staff_id).where(StaffRating.year == year)
    return visible(Staff, actor).with_only_columns(Staff.id).where(Staff.kind.in_(kinds), Staff.holds(on), Staff.id.not_in(known))
