"""What we ask about organisations and staff: a year's sheet of levels, one line of the register, whom to enter, ids for targets.

Who is an official is told here and nowhere else: whoever has a line of the register on the day, a member of the Party or not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from .. import clock
from ..access import Actor
from ..db import db
from ..members import queries as members
from ..members.models import Exit, Member, Person, StandingPeriod
from ..org.models import Unit
from ..org.scope import one, visible
from ..rulebook.rating import Level
from .models import OFFICIALS, Staff, StaffKind, StaffRating

FIRST_YEAR = 2020
#: So many people are offered at once.
OFFERED = 30
#: The name by which a line is called and sorted, of a query that joins its person.
NAME = sa.func.coalesce(Person.full_name, Staff.name)
NAME_SORT = sa.func.coalesce(Person.name_sort, Staff.name_sort)


def reference_day(year: int) -> dt.date:
    """The day whose register a year's levels are about: 31 December, or today while the year runs."""
    return min(dt.date(year, 12, 31), clock.today())


class Row(NamedTuple):
    """One line of a year's sheet, its person loaded; `is_member` is of the sheet's day, `rating_version` 0 while there is no level.

    `has_died` tells of somebody whose death as a member is on record: her service is still to be ended.
    """

    staff: Staff
    is_member: bool
    has_died: bool
    level: Level | None
    paper: str | None
    rating_version: int
    serves: bool


def sheet(actor: Actor, year: int) -> list[Row]:
    """Who served on the year's reference day, and who has a level besides: organisations first, by kind and name; one statement."""
    day = reference_day(year)
    serves = Staff.holds(day)
    order = sa.case({kind: number for number, kind in enumerate(StaffKind)}, value=Staff.kind)
    is_member = sa.exists().where(StandingPeriod.member_id == Staff.person_id, StandingPeriod.holds(day))
    has_died = sa.exists().where(
        StandingPeriod.member_id == Staff.person_id, StandingPeriod.exit == Exit.DIED, StandingPeriod.ended_on <= day, serves
    )
    query = (
        visible(Staff, actor)
        .outerjoin(Staff.person)
        .options(contains_eager(Staff.person))
        .outerjoin(StaffRating, sa.and_(StaffRating.staff_id == Staff.id, StaffRating.year == year))
        .add_columns(is_member, has_died, StaffRating.level, StaffRating.paper, sa.func.coalesce(StaffRating.version, 0), serves)
        .where(sa.or_(serves, StaffRating.id.is_not(None)))
        .order_by(order, NAME_SORT, Staff.id)
    )
    return [Row(*row) for row in db.session.execute(query)]


def years(actor: Actor) -> list[int]:
    """The years that have a level which the actor may see, and the running one, newest first."""
    known = db.session.scalars(visible(StaffRating, actor).with_only_columns(StaffRating.year).distinct())
    return sorted({*known, clock.today().year}, reverse=True)


def row(actor: Actor, staff_id: int) -> Staff:
    """The visible line of the register with its person. Raises NotVisible."""
    return one(Staff, actor, Staff.id == staff_id, options=(joinedload(Staff.person),))


def is_member(person_id: int | None) -> bool:
    """Whether the person of a line has a record as a member, one who has left too: her name is kept there."""
    return person_id is not None and db.session.get(Member, person_id) is not None


class Known(NamedTuple):
    """Somebody whom the register knows, offered to be entered as an official."""

    person_id: int
    name: str
    born_on: dt.date
    unit_name: str
    is_member: bool


def known(actor: Actor, *, name: str = "", person_id: int | None = None) -> list[Known]:
    """The people in reach of that name, or the one of that id, who have no line running; at most `OFFERED`, in Vietnamese order.

    Nobody where neither is given. One statement.
    """
    wanted = [Person.id == person_id] if person_id is not None else members.named(name)
    if not wanted:
        return []
    running = sa.select(Staff.person_id).where(Staff.person_id.is_not(None), Staff.ended_on.is_(None))
    query = (
        visible(Person, actor)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Member, Member.id == Person.id)
        .with_only_columns(Person.id, Person.full_name, Person.born_on, Unit.name, Member.id.is_not(None))
        .where(*wanted, Person.id.not_in(running))
        .order_by(Person.name_sort, Person.id)
        .limit(OFFERED)
    )
    return [Known(*found) for found in db.session.execute(query)]


def in_service(day: dt.date) -> sa.ColumnElement[bool]:
    """The condition that a line is an official's who is in service on the day."""
    return sa.and_(Staff.kind.in_(OFFICIALS), Staff.holds(day))


def rated(
    actor: Actor, year: int, on: dt.date, kinds: tuple[StaffKind, ...], levels: tuple[Level, ...] | None = None
) -> sa.Select[int]:  # fmt: skip
    """The ids of those kinds that served on a day and have a level in the year, one of `levels` where they are given."""
    query = visible(StaffRating, actor).with_only_columns(StaffRating.staff_id).join(Staff, Staff.id == StaffRating.staff_id)
    query = query.where(StaffRating.year == year, Staff.kind.in_(kinds), Staff.holds(on))
    return query if levels is None else query.where(StaffRating.level.in_(levels))


def unrated(actor: Actor, year: int, on: dt.date, kinds: tuple[StaffKind, ...]) -> sa.Select[int]:
    """The ids of those kinds that served on a day and have no level in the year."""
    known = sa.select(StaffRating.staff_id).where(StaffRating.year == year)
    return visible(Staff, actor).with_only_columns(Staff.id).where(Staff.kind.in_(kinds), Staff.holds(on), Staff.id.not_in(known))


def counts(actor: Actor, year: int, on: dt.date, kinds: tuple[StaffKind, ...]) -> Counter[tuple[StaffKind, Level | None]]:
    """(kind, level of the year) -> how many of those that served on a day; the level is None of whoever has none. One statement.

    They are the very people and organisations of `rated` and `unrated`.
    """
    query = (
        visible(Staff, actor)
        .with_only_columns(Staff.kind, StaffRating.level, sa.func.count())
        .outerjoin(StaffRating, sa.and_(StaffRating.staff_id == Staff.id, StaffRating.year == year))
        .where(Staff.kind.in_(kinds), Staff.holds(on))
        .group_by(Staff.kind, StaffRating.level)
    )
    return Counter({(kind, level): count for kind, level, count in db.session.execute(query)})
