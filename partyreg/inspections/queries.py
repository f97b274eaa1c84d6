"""What we ask of inspections: a year's programme, one of them with subjects and team, and what a deed must know."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from .. import clock
from ..access import Actor
from ..db import db
from ..members.models import Body, Person, Position, Posting, PostingKind, Title
from ..org.models import Unit
from ..org.scope import one, visible
from ..rulebook.inspection import (
    InspectingBody,
    InspectionConclusion,
    InspectionFacts,
    InspectionKind,
    InspectionStage,
    Papers,
    is_behind,
    mending_is_late,
    stage,
)
from .models import Inspection, InspectionSubject, InspectionTeammate


def papers_of(row: Inspection) -> Papers:
    """The days of the papers that it has."""
    return Papers(row.decision_on, row.plan_on, row.report_on, row.conclusion_on)


def stage_of(row: Inspection) -> InspectionStage:
    """How far it has come."""
    return stage(papers_of(row), row.mend_by, row.mended_on, row.cancelled_because is not None)


def governing_day(row: Inspection) -> dt.date:
    """The day whose law and rolls an inspection goes by: that of its decision, else the planned one."""
    return row.decision_on or row.planned_on


class Line(NamedTuple):
    """One inspection of a year's programme; the numbers are those of the subjects that the reader may see."""

    row: Inspection
    stage: InspectionStage
    units: int
    members: int
    is_late: bool
    is_behind: bool


def programme(
    actor: Actor, year: int, *, body: InspectingBody | None = None, kind: InspectionKind | None = None, unit: Unit | None = None
) -> list[Line]:
    """The visible inspections of a year in the order of their planned days; two statements."""
    query = visible(Inspection, actor).where(Inspection.year == year).join(Inspection.unit).options(contains_eager(Inspection.unit))
    if body is not None:
        query = query.where(Inspection.body == body)
    if kind is not None:
        query = query.where(Inspection.kind == kind)
    if unit is not None:
        query = query.where(Inspection.unit_id == unit.id)
    rows = list(db.session.scalars(query.order_by(Inspection.planned_on, Inspection.id)))
    counts = _subject_counts(actor, year)
    day = clock.today()
    lines = []
    for row in rows:
        found = stage_of(row)
        late = found is not InspectionStage.CANCELLED and mending_is_late(row.mend_by, row.mended_on, day)
        lines.append(Line(row, found, *counts.get(row.id, (0, 0)), late, is_behind(row.planned_on, found, day)))
    return lines


def _subject_counts(actor: Actor, year: int) -> dict[int, tuple[int, int]]:
    members = sa.func.count(InspectionSubject.person_id)
    query = (
        visible(InspectionSubject, actor)
        .join(Inspection, Inspection.id == InspectionSubject.inspection_id)
        .with_only_columns(InspectionSubject.inspection_id, sa.func.count() - members, members)
        .where(Inspection.year == year)
        .group_by(InspectionSubject.inspection_id)
    )
    return {key: (units, people) for key, units, people in db.session.execute(query)}


def years(actor: Actor) -> list[int]:
    """The years that have an inspection which the actor may see, and this one and the next, newest first."""
    known = db.session.scalars(visible(Inspection, actor).with_only_columns(Inspection.year).distinct())
    today = clock.today().year
    return sorted({*known, today, today + 1}, reverse=True)


def row(actor: Actor, inspection_id: int) -> Inspection:
    """The visible inspection with its unit. Raises NotVisible."""
    return one(Inspection, actor, Inspection.id == inspection_id, options=(joinedload(Inspection.unit),))


def is_held_by(actor: Actor, row: Inspection) -> bool:
    """Whether the inspection is held by a unit in the actor's reach (not only one that is inspected)."""
    query = sa.select(Inspection.id).where(Inspection.id == row.id, Inspection.held_within(actor.reach()))
    return db.session.scalar(query) is not None


def subjects(actor: Actor, row: Inspection) -> list[InspectionSubject]:
    """The visible subjects with their units and people: organisations first, then members by name."""
    query = (
        visible(InspectionSubject, actor)
        .join(InspectionSubject.unit)
        .outerjoin(InspectionSubject.person)
        .options(contains_eager(InspectionSubject.unit), contains_eager(InspectionSubject.person))
        .where(InspectionSubject.inspection_id == row.id)
        .order_by(InspectionSubject.person_id.is_not(None), Unit.name_sort, Person.name_sort, InspectionSubject.id)
    )
    return list(db.session.scalars(query))


def concluded_for_discipline(row: Inspection, person_id: int | None, unit_id: int | None) -> bool:
    """Whether the inspection that the caller has been shown concluded that this member, or this organisation, is to be disciplined."""
    whose = InspectionSubject.person_id == person_id if person_id is not None else InspectionSubject.person_id.is_(None)
    query = sa.select(InspectionSubject.id).where(InspectionSubject.inspection_id == row.id, whose)
    if person_id is None:
        query = query.where(InspectionSubject.unit_id == unit_id)
    return db.session.scalar(query.where(InspectionSubject.conclusion == InspectionConclusion.DISCIPLINE)) is not None


def subject(actor: Actor, subject_id: int) -> tuple[InspectionSubject, Inspection]:
    """A visible subject, and its inspection. Raises NotVisible."""
    found = one(InspectionSubject, actor, InspectionSubject.id == subject_id)
    return found, one(Inspection, actor, Inspection.id == found.inspection_id)


def team(actor: Actor, row: Inspection) -> list[InspectionTeammate]:
    """Who holds the inspection, the head first."""
    query = (
        visible(InspectionTeammate, actor)
        .join(InspectionTeammate.person)
        .options(contains_eager(InspectionTeammate.person))
        .where(InspectionTeammate.inspection_id == row.id)
        .order_by(InspectionTeammate.is_head.desc(), Person.name_sort, InspectionTeammate.id)
    )
    return list(db.session.scalars(query))


def facts(kind: InspectionKind, body: InspectingBody, unit: Unit, day: dt.date, **known: Any) -> InspectionFacts:
    """What the rulebook wants to know of an inspection that `unit` holds; a cell's members and committee are those of `day`."""
    if body is not InspectingBody.CELL:
        return InspectionFacts(kind, body, **known)
    members = sa.select(sa.func.count()).where(Posting.unit_id == unit.id, Posting.kind == PostingKind.HOME, Posting.holds(day))
    committee = sa.select(sa.func.count()).where(
        Position.unit_id == unit.id, Position.body == Body.CELL_COMMITTEE, Position.title == Title.MEMBER, Position.holds(day)
    )
    counted, ordinary = db.session.execute(sa.select(members.scalar_subquery(), committee.scalar_subquery())).one()
    return InspectionFacts(kind, body, cell_members=counted, cell_has_committee=ordinary > 0, **known)


def has_team(row: Inspection) -> bool:
    """Whether anybody was named to hold it, of an inspection that the caller has been shown."""
    return db.session.scalar(sa.select(InspectionTeammate.id).where(InspectionTeammate.inspection_id == row.id).limit(1)) is not None


def home_of(actor: Actor, person_id: int, day: dt.date) -> int | None:
    """The cell to which somebody belonged on a day, within the actor's reach."""
    query = visible(Posting, actor).with_only_columns(Posting.unit_id)
    return db.session.scalar(query.where(Posting.member_id == person_id, Posting.kind == PostingKind.HOME, Posting.holds(day)))
