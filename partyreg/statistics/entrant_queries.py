"""Who was admitted in a period: by month, by the groups that the resolution puts first, and by education."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..admissions.forecast_queries import MAJORITY, VILLAGE, Groups, young_under
from ..db import db
from ..members.models import Person, Position, Qualification, Sex, Theory
from ..rulebook.dates import months_between
from .events import MovementLine
from .movement_queries import Movement

#: The figures of a line, in the order of `Groups`.
GROUPS = Groups._fields


class Entrant(NamedTuple):
    """One admission: the day on which she came onto the roll, and the groups that she belonged to on that day."""

    member_id: int
    day: dt.date
    unit_id: int
    qualification: Qualification
    theory: Theory
    belongs: Groups


class Admissions(NamedTuple):
    """The admissions of a period in the order of their days: as many as the movement table says."""

    found: Movement
    entrants: tuple[Entrant, ...]

    @property
    def total(self) -> Groups:
        """The whole period."""
        return _together(self.entrants)

    def by_month(self) -> list[tuple[dt.date, dt.date, Groups]]:
        """First and last day of each month that has a day in the period - only its days in the period -, and its figures."""
        lines, first = [], self.found.first
        while first <= self.found.last:
            following = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
            last = min(following - dt.timedelta(days=1), self.found.last)
            lines.append((first, last, _together(one for one in self.entrants if first <= one.day <= last)))
            first = following
        return lines

    def by_level(self, field: str) -> list[tuple[Any, Groups]]:
        """The figures by `qualification` or `theory`, as the records have them now."""
        kind: Any = {"qualification": Qualification, "theory": Theory}[field]
        return [(level, _together(one for one in self.entrants if getattr(one, field) is level)) for level in kind]

    def members(self, group: str = "people", field: str = "", level: str = "") -> list[tuple[int, dt.date | None, int | None]]:
        """(member, day, cell) of those who belong to a group, a part of `GROUPS`; of one level of a `by_level`, where it is given."""
        return [
            (one.member_id, one.day, one.unit_id) for one in self.entrants
            if getattr(one.belongs, group) and (not field or getattr(one, field) == level)
        ]  # fmt: skip


def admissions(actor: Actor, found: Movement) -> Admissions:
    """The admissions that a movement tells of, without those taken back. Two statements, however many.

    Whoever was admitted to a cell in reach is counted, wherever her record is kept now.
    """
    told = [event for event in found.events if event.line is MovementLine.ADMITTED]
    ids = {event.member_id for event in told}
    people = {row.id: row for row in db.session.scalars(sa.select(Person).where(Person.id.in_(ids)))}
    held: dict[int, list[Any]] = defaultdict(list)
    offices = sa.select(Position.person_id, Position.started_on, Position.ended_on)
    for row in db.session.execute(offices.where(Position.person_id.in_(ids), Position.body.in_(VILLAGE))):
        held[row.person_id].append(row)
    return Admissions(found, tuple(
        Entrant(
            event.member_id, event.day, event.unit_id,
            people[event.member_id].qualification, people[event.member_id].theory,
            _belongs(people[event.member_id], event.day, held[event.member_id]),
        )
        for event in told
    ))  # fmt: skip


def _belongs(person: Person, day: dt.date, offices: list[Any]) -> Groups:
    return Groups(
        1, int(person.ethnicity != MAJORITY),
        int(any(one.started_on <= day and (one.ended_on is None or day < one.ended_on) for one in offices)),
        int(person.sex is Sex.FEMALE), int(months_between(person.born_on, day) < 12 * young_under(day)),
    )  # fmt: skip


def _together(entrants: Iterable[Entrant]) -> Groups:
    rows = [one.belongs for one in entrants]
    return Groups(*(sum(column) for column in zip(*rows, strict=True))) if rows else Groups(0, 0, 0, 0, 0)
