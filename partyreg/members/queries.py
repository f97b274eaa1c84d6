"""What we ask about people and members. Every question takes a day; none can be asked without an actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from ..access import Actor
from ..db import AnySelect, db
from ..names import fold, nfc
from ..org.former_queries import Place, below
from ..org.models import Unit
from ..org.scope import one, visible
from ..rulebook.seniority import Gap
from .models import (
    Abeyance,
    AbeyanceKind,
    Body,
    Member,
    Person,
    Position,
    Posting,
    PostingKind,
    Standing,
    StandingPeriod,
    Title,
)


class RollEntry(NamedTuple):
    """One line of a cell's roll on a day."""

    member_id: int
    name: str
    standing: Standing | None
    is_guest: bool  # takes part here for a time, belongs to another cell
    is_away: bool  # belongs here, takes part elsewhere for a time
    abeyance: AbeyanceKind | None

    @property
    def full(self) -> bool:
        """Whether a full member on that day."""
        return self.standing is Standing.FULL


_DAY = sa.bindparam("day", type_=sa.Date)
_UNIT = sa.bindparam("unit", type_=sa.Integer)


def _roll() -> AnySelect:
    """The roll of one cell on one day. Built once: it is read at every meeting, form and page of a cell."""
    away = aliased(Posting)
    is_away = sa.and_(
        away.member_id == Posting.member_id, away.kind == PostingKind.TEMPORARY, away.unit_id != _UNIT,
        Posting.kind == PostingKind.HOME, away.started_on <= _DAY, sa.or_(away.ended_on.is_(None), away.ended_on > _DAY),
    )  # fmt: skip
    held = sa.and_(Abeyance.member_id == Posting.member_id, Abeyance.holds(_DAY))
    return (
        sa.select(
            Posting.member_id, Person.full_name, StandingPeriod.standing, (Posting.kind == PostingKind.TEMPORARY).label("is_guest"),
            sa.exists(sa.select(1).where(is_away)).label("is_away"),
            sa.select(sa.func.max(Abeyance.kind)).where(held).scalar_subquery().label("abeyance"),
        )
        .select_from(Posting)
        .join(Person, Person.id == Posting.member_id)
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Posting.member_id, StandingPeriod.holds(_DAY)))
        .where(Posting.unit_id == _UNIT, Posting.holds(_DAY))
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip


_ROLL = _roll()


def roll(actor: Actor, unit: Unit, day: dt.date) -> list[RollEntry]:
    """The members of a cell on a day - at home there, or there for a time - by given name; nobody of a cell out of reach."""
    if not actor.reach().covers(unit.path):
        return []
    return [
        RollEntry(member_id, name, standing, bool(guest), bool(is_away), AbeyanceKind(abeyance) if abeyance else None)
        for member_id, name, standing, guest, is_away, abeyance in db.session.execute(_ROLL, {"unit": unit.id, "day": day})
    ]


def on_day(actor: Actor, day: dt.date, unit: Place | None = None) -> sa.Select[int]:
    """The ids of those who were members on that day, by their home postings, within the actor's reach and below `unit`."""
    query = sa.select(Posting.member_id).where(Posting.kind == PostingKind.HOME, Posting.holds(day), Posting.within(actor.reach()))
    if unit is not None:
        query = query.where(Posting.unit_id.in_(below(unit)))
    return query


def count_on(actor: Actor, day: dt.date, unit: Place | None = None) -> int:
    """How many members there were on that day."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(on_day(actor, day, unit).subquery())) or 0


def counts_by_unit(actor: Actor, day: dt.date) -> dict[int, tuple[int, int]]:
    """Cell id -> (members, full members) on that day."""
    query = (
        sa.select(Posting.unit_id, sa.func.count(), sa.func.count().filter(StandingPeriod.standing == Standing.FULL))
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Posting.member_id, StandingPeriod.holds(day)))
        .where(Posting.kind == PostingKind.HOME, Posting.holds(day), Posting.within(actor.reach()))
        .group_by(Posting.unit_id)
    )
    return {unit_id: (members, full) for unit_id, members, full in db.session.execute(query)}


def person(actor: Actor, person_id: int) -> Person:
    """One visible person. Raises NotVisible."""
    return one(Person, actor, Person.id == person_id)


def named(words: str) -> list[sa.ColumnElement[bool]]:
    """The conditions that a person's name has all the words, accents aside; empty for no words."""
    return [Person.name_fold.contains(" " + word, autoescape=True) for word in fold(nfc(words)).split()[:6]]


def same_people(actor: Actor, full_name: str, born_on: dt.date) -> list[Person]:
    """The people in reach with that very name and birthday, members or not."""
    name = nfc(full_name)
    same = visible(Person, actor).where(Person.name_fold == (" " + fold(name))[:160], Person.born_on == born_on)
    return [one for one in db.session.scalars(same.order_by(Person.id)) if one.full_name.casefold() == name.casefold()]


def member(actor: Actor, member_id: int) -> Member:
    """One visible member with her person. Raises NotVisible."""
    return one(Member, actor, Member.id == member_id, options=(joinedload(Member.person),))


class Life(NamedTuple):
    """The periods of one member's life, each newest first."""

    standings: list[StandingPeriod]
    postings: list[Posting]
    abeyances: list[Abeyance]
    positions: list[Position]


def life(member_id: int) -> Life:
    """The periods of a member whose record the caller has already been shown by `member`."""

    def newest(kind: type[StandingPeriod | Posting | Abeyance | Position]) -> tuple[Any, ...]:
        return kind.started_on.desc(), kind.id.desc()

    standings = sa.select(StandingPeriod).where(StandingPeriod.member_id == member_id).order_by(*newest(StandingPeriod))
    postings = sa.select(Posting).where(Posting.member_id == member_id).options(joinedload(Posting.unit)).order_by(*newest(Posting))
    abeyances = sa.select(Abeyance).where(Abeyance.member_id == member_id).order_by(*newest(Abeyance))
    positions = sa.select(Position).where(Position.person_id == member_id).options(joinedload(Position.unit)).order_by(*newest(Position))
    return Life(*(list(db.session.scalars(query)) for query in (standings, postings, abeyances, positions)))


def gaps(life: Life) -> list[Gap]:
    """The times between leaving and being taken back, which do not count for seniority (P-18)."""
    periods = sorted(life.standings, key=lambda one: one.started_on)
    return [Gap(one.ended_on, later.started_on) for one, later in pairwise(periods) if one.ended_on and one.exit is not None]


_RANK = sa.case(
    {Title.SECRETARY: 0, Title.CHAIR: 0, Title.HEAD: 0, Title.DEPUTY_SECRETARY: 1, Title.DEPUTY_CHAIR: 1},
    value=Position.title,
    else_=2,
)


def committee(actor: Actor, unit: Unit, day: dt.date, bodies: Iterable[Body] | None = None) -> list[Position]:
    """Who held office in a unit's bodies on a day, heads first; each with the person."""
    query = (
        visible(Position, actor)
        .where(Position.unit_id == unit.id, Position.holds(day))
        .join(Person, Person.id == Position.person_id)
        .options(joinedload(Position.person))
        .order_by(Position.body, _RANK, Person.name_sort, Person.id)
    )
    if bodies is not None:
        query = query.where(Position.body.in_(list(bodies)))
    return list(db.session.scalars(query))


def secretary_of(actor: Actor, unit: Unit, day: dt.date) -> Position | None:
    """The secretary of a cell on a day, if it had one."""
    found = committee(actor, unit, day, (Body.CELL_COMMITTEE,))
    return next((position for position in found if position.title is Title.SECRETARY), None)


def officers(actor: Actor, day: dt.date) -> dict[int, str]:
    """Cell id -> name of its secretary on that day."""
    query = (
        sa.select(Position.unit_id, Person.full_name)
        .join(Person, Person.id == Position.person_id)
        .where(Position.body == Body.CELL_COMMITTEE, Position.title == Title.SECRETARY, Position.holds(day),
               Position.within(actor.reach()))
    )  # fmt: skip
    return dict(list(db.session.execute(query)))


def keeper_faults() -> list[str]:
    """For `verify`: members whose record is kept by another unit than their last home posting says."""
    newest_first = (Posting.started_on.desc(), Posting.id.desc())
    nth = sa.func.row_number().over(partition_by=Posting.member_id, order_by=newest_first).label("nth")
    last = sa.select(nth, Posting.member_id, Posting.unit_id).where(Posting.kind == PostingKind.HOME).subquery()
    query = sa.select(Person.id).join(last, last.c.member_id == Person.id)
    wrong = db.session.scalars(query.where(last.c.nth == 1, last.c.unit_id != Person.unit_id))
    return [f"Hồ sơ người số {person_id}: chi bộ giữ hồ sơ khác chi bộ sinh hoạt cuối cùng." for person_id in wrong]
