"""The movement of the membership in a period: who was there before, what happened, who is there at the end, and what does not fit."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..members.models import Person, Posting, PostingKind, Standing, StandingPeriod
from ..org.former_queries import Place, below
from ..org.models import CELLS, Unit, UnitKind
from ..org.scope import visible
from .events import HAPPENINGS, WAYS_IN, WAYS_OUT, Column, Event, Held, MovementLine, Stay, events

_L = MovementLine
_ONE_DAY = dt.timedelta(days=1)
COLUMNS: tuple[Column, ...] = (Standing.PROBATIONARY, Standing.FULL, None)


class OnRoll(NamedTuple):
    """Somebody on a cell's roll on a day, with her standing; None where the records have none."""

    member_id: int
    unit_id: int
    standing: Column


class Visits(NamedTuple):
    """Temporary activity in the cells: guests before the period, who came and went in it, guests at its end; always adds up."""

    opening: int
    came: int
    went: int
    closing: int


class Movement(NamedTuple):
    """A period from `first` to `last`, both included, for the units below `unit` (all in reach, where it is None).

    The opening is the roll at the end of the day before `first`, the closing that at the end of `last`: what happens on either day
    is in the period, and the closing of a year is the opening of the next.
    """

    first: dt.date
    last: dt.date
    unit: Place | None
    cells: tuple[Unit, ...]
    opening: tuple[OnRoll, ...]
    events: tuple[Event, ...]
    closing: tuple[OnRoll, ...]
    visits: Visits

    def by_cell(self) -> dict[int, Movement]:
        """The part of each cell in which anybody was or anything happened."""
        parts: dict[int, tuple[list[OnRoll], list[Event], list[OnRoll]]] = defaultdict(lambda: ([], [], []))
        rows: tuple[Iterable[OnRoll | Event], ...] = (self.opening, self.events, self.closing)
        for place, part in enumerate(rows):
            for one in part:
                parts[one.unit_id][place].append(one)  # type: ignore[arg-type]
        return {
            unit_id: self._replace(opening=tuple(opening), events=tuple(found), closing=tuple(closing))
            for unit_id, (opening, found, closing) in parts.items()
        }

    def number(self, line: MovementLine, column: Column | str = "total") -> int:
        """The figure of a line in a standing's column, or in that of the totals.

        A recognition takes one from the probationary and adds one to the full; all other lines count people.
        """
        if line is _L.RECOGNISED:
            change: Counter[Any] = Counter()
            for event in self.events:
                if event.line is line:
                    change.update(event.effect)
            return change.total() if column == "total" else change[column]
        if line is _L.DIFFERENCE:
            return sum(part.total() if column == "total" else part[column] for part in self.unexplained().values())
        rows: Iterable[OnRoll | Event] = {_L.OPENING: self.opening, _L.CLOSING: self.closing}.get(
            line, tuple(event for event in self.events if event.line is line)
        )
        return sum(column in ("total", one.standing) for one in rows)

    def sum(self, lines: Iterable[MovementLine], column: Column | str = "total") -> int:
        """Several lines together."""
        return sum(self.number(line, column) for line in lines)

    @property
    def came(self) -> int:
        """How many came into the organisation."""
        return self.sum(WAYS_IN)

    @property
    def went(self) -> int:
        """How many went out of it."""
        return self.sum(WAYS_OUT)

    def unexplained(self) -> dict[int, Counter[Any]]:
        """Member -> by how much the rolls of both ends differ from what happened to her, by standing. Empty when the records agree."""
        left: dict[int, Counter[Any]] = defaultdict(Counter)
        for one in self.closing:
            left[one.member_id][one.standing] += 1
        for one in self.opening:
            left[one.member_id][one.standing] -= 1
        for event in self.events:
            left[event.member_id].subtract(event.effect)
        return {member_id: change for member_id, change in left.items() if any(change.values())}

    def members(self, line: MovementLine, column: Column | str = "total") -> list[tuple[int, dt.date | None, int | None]]:
        """(member, day, cell) behind a figure: one for each time that it happened; of a difference, who it is about."""
        if line is _L.DIFFERENCE:
            return [(member_id, None, None) for member_id, change in self.unexplained().items() if column == "total" or change[column]]
        if line in (_L.OPENING, _L.CLOSING):
            roll = self.opening if line is _L.OPENING else self.closing
            return [(one.member_id, None, one.unit_id) for one in roll if column in ("total", one.standing)]
        found = [event for event in self.events if event.line is line]
        if line is not _L.RECOGNISED:
            found = [event for event in found if column in ("total", event.standing)]
        return [(event.member_id, event.day, event.unit_id) for event in found]


def movement(actor: Actor, first: dt.date, last: dt.date, unit: Place | None = None) -> Movement:
    """What happened to the membership from `first` to `last`, within the actor's reach. Six statements, however many members.

    The rolls and the events are read apart, so that records which contradict each other show.
    """
    cells = _cells(actor, first, last, unit)
    ids = {cell.id for cell in cells}
    changed = _changed(actor, first, last, unit)
    stays, held = _stays(changed, first, last), _held(changed, last)
    found = [
        event for member_id in sorted({*stays, *held}) for event in events(stays[member_id], held[member_id])
        if first <= event.day <= last and event.unit_id in ids and event.line in HAPPENINGS
    ]  # fmt: skip
    return Movement(
        first, last, unit, tuple(cells), tuple(roll(actor, first - _ONE_DAY, unit)), tuple(sorted(found, key=lambda one: one.day)),
        tuple(roll(actor, last, unit)), _visits(actor, first, last, unit),
    )  # fmt: skip


def _here(actor: Actor, unit: Place | None) -> sa.ColumnElement[bool]:
    """The condition on postings: within the actor's reach, and below the unit."""
    inside = Posting.within(actor.reach())
    if unit is None:
        return inside
    return sa.and_(inside, Posting.unit_id.in_(below(unit)))


def units(actor: Actor, first: dt.date, last: dt.date) -> list[Unit]:
    """The visible units that lived on any day of the period, the commune first: those that were closed or merged in it too."""
    lived = sa.and_(Unit.founded_on <= last, sa.or_(Unit.dissolved_on.is_(None), Unit.dissolved_on >= first))
    order = sa.case({UnitKind.COMMUNE: 0, UnitKind.SECTION: 1, UnitKind.GRASSROOTS_CELL: 2}, value=Unit.kind, else_=3)
    return list(db.session.scalars(visible(Unit, actor).where(lived).order_by(order, Unit.name_sort, Unit.id)))


def _cells(actor: Actor, first: dt.date, last: dt.date, unit: Place | None) -> list[Unit]:
    """Every visible cell, whether it lived in the period or not: postings in one that did not are a contradiction to be seen."""
    query = visible(Unit, actor).where(Unit.kind.in_(CELLS))
    if unit is not None:
        query = query.where(unit.inside())
    return list(db.session.scalars(query.order_by(Unit.kind, Unit.name_sort, Unit.id)))


def roll(actor: Actor, day: dt.date, unit: Place | None = None) -> list[OnRoll]:
    """Who was on the rolls at the end of a day."""
    query = (
        sa.select(Posting.member_id, Posting.unit_id, StandingPeriod.standing)
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Posting.member_id, StandingPeriod.holds(day)))
        .where(Posting.kind == PostingKind.HOME, Posting.holds(day), _here(actor, unit))
        .order_by(Posting.member_id)
    )
    return [OnRoll(*row) for row in db.session.execute(query)]


def _changed(actor: Actor, first: dt.date, last: dt.date, unit: Place | None) -> sa.Select[int]:
    """The ids of those about whom anything changed in the period, among whoever was here in it."""
    here = (
        sa.select(Posting.member_id)
        .where(Posting.kind == PostingKind.HOME, _here(actor, unit), Posting.started_on <= last)
        .where(sa.or_(Posting.ended_on.is_(None), Posting.ended_on >= first))
    )
    moved = sa.select(Posting.member_id).where(
        Posting.kind == PostingKind.HOME, sa.or_(Posting.started_on.between(first, last), Posting.ended_on.between(first, last))
    )
    became = sa.select(StandingPeriod.member_id).where(
        sa.or_(StandingPeriod.started_on.between(first, last), StandingPeriod.ended_on.between(first, last))
    )
    return here.where(sa.or_(Posting.member_id.in_(moved), Posting.member_id.in_(became)))


def _stays(changed: sa.Select[int], first: dt.date, last: dt.date) -> dict[int, list[Stay]]:
    query = (
        sa.select(Posting.member_id, Posting.unit_id, Posting.started_on, Posting.ended_on)
        .where(Posting.kind == PostingKind.HOME, Posting.member_id.in_(changed), Posting.started_on <= last)
        .where(sa.or_(Posting.ended_on.is_(None), Posting.ended_on >= first))
        .order_by(Posting.member_id, Posting.id)
    )
    found: dict[int, list[Stay]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.member_id].append(Stay(*row))
    return found


def _held(changed: sa.Select[int], last: dt.date) -> dict[int, list[Held]]:
    query = (
        sa.select(
            StandingPeriod.member_id, StandingPeriod.standing, StandingPeriod.started_on, StandingPeriod.ended_on, StandingPeriod.exit
        )
        .where(StandingPeriod.member_id.in_(changed), StandingPeriod.started_on <= last)
        .order_by(StandingPeriod.member_id, StandingPeriod.id)
    )
    found: dict[int, list[Held]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.member_id].append(Held(*row))
    return found


def _visits(actor: Actor, first: dt.date, last: dt.date, unit: Place | None) -> Visits:
    """Visits count whatever their length; one that came and went in the period is in both."""
    before, over = Posting.started_on < first, Posting.ended_on <= last
    going_on = sa.or_(Posting.ended_on.is_(None), Posting.ended_on >= first)
    query = sa.select(
        sa.func.count().filter(before), sa.func.count().filter(~before), sa.func.count().filter(over),
        sa.func.count().filter(sa.or_(Posting.ended_on.is_(None), Posting.ended_on > last)),
    ).where(Posting.kind == PostingKind.TEMPORARY, _here(actor, unit), Posting.started_on <= last, going_on)  # fmt: skip
    return Visits(*db.session.execute(query).one())


class Named(NamedTuple):
    """Somebody behind a figure."""

    member_id: int
    name: str
    born_on: dt.date
    cell: str
    day: dt.date | None


def people(actor: Actor, found: Movement, told: Sequence[tuple[int, dt.date | None, int | None]]) -> list[Named]:
    """Who (member, day, cell) are, by given name; those whose record the actor may read. Each time that it happened is a line."""
    cells = {cell.id: cell.name for cell in found.cells}
    query = visible(Person, actor).with_only_columns(Person.id, Person.full_name, Person.born_on, Person.name_sort, Unit.name.label("kept"))
    query = query.join(Unit, Unit.id == Person.unit_id).where(Person.id.in_({member_id for member_id, _day, _cell in told}))
    known = {row.id: row for row in db.session.execute(query)}
    lines = [
        (known[member_id].name_sort, Named(member_id, known[member_id].full_name, known[member_id].born_on,
                                           cells.get(cell or 0, known[member_id].kept), day))
        for member_id, day, cell in told if member_id in known
    ]  # fmt: skip
    return [named for _key, named in sorted(lines, key=lambda one: (one[0], one[1].member_id, one[1].day or dt.date.min))]
