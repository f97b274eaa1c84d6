"""What we ask about cases of discipline: the list, one case, a person's own decisions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ..access import Actor, Permission
from ..audit import AuditEntry, AuditTouch, history
from ..db import db
from ..inspections.models import Inspection
from ..members.models import Person, Posting, PostingKind
from ..names import fold
from ..org.models import CELLS, Unit
from ..org.queries import root
from ..org.scope import one, visible
from ..rulebook import discipline_time as law
from ..rulebook.discipline import Decider, Form
from ..rulebook.discipline_time import Appealed, Ruled
from .models import DisciplineAct, DisciplineAppeal, DisciplineCase, DisciplineReading, DisciplineVote


class Stage(StrEnum):
    """Where a case stands on a day; computed, never kept."""

    OPEN = "open"
    DEFERRED = "deferred"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    ANNULLED = "annulled"
    CLOSED = "closed"


class Row(NamedTuple):
    """One case of the list."""

    id: int
    subject: str
    is_organisation: bool
    home: str
    body: Decider
    opened_on: dt.date
    form: Form | None
    published_on: dt.date | None
    lapses_on: dt.date | None
    stage: Stage


class Filters(NamedTuple):
    """What the list is narrowed to; the empty value of each narrows nothing."""

    stage: Stage | None = None
    form: Form | None = None
    organisations: bool | None = None
    q: str = ""
    member_id: int | None = None


def not_ones_own(actor: Actor) -> sa.ColumnElement[bool]:
    """Nobody deals with a case on herself, whatever her office: of that she sees what everybody concerned sees."""
    if actor.member_id is None:
        return sa.true()
    return sa.or_(DisciplineCase.member_id.is_(None), DisciplineCase.member_id != actor.member_id)


def case(actor: Actor, case_id: int) -> DisciplineCase:
    """One visible case. Raises NotVisible, also for the actor's own."""
    return one(DisciplineCase, actor, DisciplineCase.id == case_id, not_ones_own(actor))


def is_of_the_commune(actor: Actor) -> bool:
    """Whether the actor works for the commune's bodies, and not for a cell only."""
    return actor.reach().covers(root().path)


def sees_all(actor: Actor) -> bool:
    """Whether every case is the actor's to read, so also what the audit says of this area (but for `on_oneself`)."""
    return actor.may(Permission.DISCIPLINE_READ) and is_of_the_commune(actor.using(Permission.DISCIPLINE_READ))


def on_oneself(actor: Actor, entry: Any) -> sa.ColumnElement[bool]:
    """The condition that an entry of the audit (`AuditEntry`, or an alias) is about a case on the reader herself: she is not told of it."""
    if actor.member_id is None:
        return sa.false()
    mine = sa.select(DisciplineCase.id).where(DisciplineCase.member_id == actor.member_id)
    rows = [sa.and_(AuditTouch.subject == DisciplineCase.__tablename__, AuditTouch.row_id.in_(mine))]
    for kind in (DisciplineAct, DisciplineVote, DisciplineAppeal, DisciplineReading):
        of_mine = sa.select(kind.id).where(kind.case_id.in_(mine))
        rows.append(sa.and_(AuditTouch.subject == kind.__tablename__, AuditTouch.row_id.in_(of_mine)))
    return sa.exists(sa.select(1).where(AuditTouch.seq == entry.seq, sa.or_(*rows)))


def deals(actor: Actor, found: DisciplineCase) -> bool:
    """Whether the body that deals with a case is one of the actor's; a cell that is only asked to vote does not deal with it."""
    unit = db.session.get_one(Unit, found.home_id) if found.body is Decider.CELL else root()
    return actor.reach().covers(unit.path)


def acts(found: DisciplineCase) -> list[DisciplineAct]:
    """The violations of a case that the caller has been shown, by day."""
    query = sa.select(DisciplineAct).where(DisciplineAct.case_id == found.id)
    return list(db.session.scalars(query.order_by(DisciplineAct.acted_on, DisciplineAct.id)))


def votes(found: DisciplineCase) -> list[DisciplineVote]:
    """The votes of a case that the caller has been shown, by day."""
    query = sa.select(DisciplineVote).where(DisciplineVote.case_id == found.id)
    return list(db.session.scalars(query.order_by(DisciplineVote.held_on, DisciplineVote.id)))


def inspection_of(actor: Actor, found: DisciplineCase) -> Inspection | None:
    """The inspection that a case came from, where the actor may read it."""
    if found.inspection_id is None or not actor.may(Permission.INSPECTIONS_READ):
        return None
    return db.session.scalar(visible(Inspection, actor.using(Permission.INSPECTIONS_READ)).where(Inspection.id == found.inspection_id))


def appeals(found: DisciplineCase) -> list[DisciplineAppeal]:
    """The appeals of a case that the caller has been shown, by day."""
    query = sa.select(DisciplineAppeal).where(DisciplineAppeal.case_id == found.id)
    return list(db.session.scalars(query.order_by(DisciplineAppeal.id)))


def readings(found: DisciplineCase, limit: int = 30) -> list[DisciplineReading]:
    """Who has opened the page of a case that the caller has been shown, newest first."""
    query = sa.select(DisciplineReading).where(DisciplineReading.case_id == found.id)
    return list(db.session.scalars(query.order_by(DisciplineReading.id.desc()).limit(limit)))


def moves(found: DisciplineCase) -> list[AuditEntry]:
    """What was done to a case that the caller has been shown, oldest first: every move is a deed on record."""
    return [entry for entry in reversed(history("discipline_case", found.id)) if entry.deed != "discipline.read_case"]


def name_of(found: DisciplineCase) -> str:
    """Whom the case is about."""
    if found.member_id is not None:
        return db.session.get_one(Person, found.member_id).full_name
    return db.session.get_one(Unit, found.organisation_id).name


def ruled(found: DisciplineCase, made: Iterable[DisciplineAppeal]) -> Ruled | None:
    """The published discipline as the law reads it; None before publication."""
    if found.form is None or found.signed_on is None or found.published_on is None:
        return None
    told = tuple(Appealed(one.lodged_on, one.result, one.published_on, one.form) for one in made)
    return Ruled(found.form, found.signed_on, found.published_on, told)


def new_acts(actor: Actor, found: Collection[DisciplineCase]) -> dict[int, list[dt.date]]:
    """Case id -> days of violations in other cases on the same member or organisation, by which a discipline does not lapse.

    Only of cases that the actor may see, or whose decision was published: that a case goes on elsewhere is not told by a lapse
    that fails to come.
    """
    of = {one.id: (one.member_id, one.organisation_id) for one in found if one.published_on}
    if not of:
        return {}
    members = [member for member, _organisation in of.values() if member]
    organisations = [organisation for _member, organisation in of.values() if organisation]
    other = DisciplineCase
    query = (
        sa.select(other.id, other.member_id, other.organisation_id, DisciplineAct.acted_on)
        .join(DisciplineAct, DisciplineAct.case_id == other.id)
        .where(
            sa.or_(other.member_id.in_(members), other.organisation_id.in_(organisations)), other.closed_on.is_(None),
            other.id.not_in(sa.select(DisciplineAppeal.case_id).where(DisciplineAppeal.result == law.Result.ANNULLED)),
            sa.or_(other.published_on.is_not(None), sa.and_(other.within(actor.reach()), not_ones_own(actor))),
        )
    )  # fmt: skip
    lines = db.session.execute(query).all()
    return {
        case_id: [acted_on for other_id, member, organisation, acted_on in lines if other_id != case_id and (member, organisation) == whose]
        for case_id, whose in of.items()
    }


def stage(found: DisciplineCase, told: Ruled | None, later: Iterable[dt.date], day: dt.date) -> Stage:
    """Where a case stands on a day."""
    if found.closed_on is not None:
        return Stage.CLOSED
    if told is not None:
        return Stage(law.state_on(told, day, later).value)
    if found.signed_on is not None:
        return Stage.SIGNED
    return Stage.DEFERRED if is_deferred(found, day) else Stage.OPEN


def is_deferred(found: DisciplineCase, day: dt.date) -> bool:
    """Whether the case is not yet considered on that day: a deferral with a last day ends by itself."""
    return found.deferral is not None and (found.deferred_until is None or day < found.deferred_until)


def cases(actor: Actor, day: dt.date, wanted: Filters | None = None) -> list[Row]:
    """The visible cases as they stand on a day, newest first; three statements, however many they are."""
    wanted = wanted or Filters()
    home, organisation = aliased(Unit), aliased(Unit)
    query = (
        visible(DisciplineCase, actor)
        .where(not_ones_own(actor))
        .join(home, home.id == DisciplineCase.home_id)
        .outerjoin(Person, Person.id == DisciplineCase.member_id)
        .outerjoin(organisation, organisation.id == DisciplineCase.organisation_id)
        .with_only_columns(DisciplineCase, sa.func.coalesce(Person.full_name, organisation.name), home.name)
        .order_by(DisciplineCase.opened_on.desc(), DisciplineCase.id.desc())
    )
    if wanted.organisations is not None:
        query = query.where(DisciplineCase.member_id.is_(None) if wanted.organisations else DisciplineCase.member_id.is_not(None))
    if wanted.member_id is not None:
        query = query.where(DisciplineCase.member_id == wanted.member_id)
    lines = [(found, name, at) for found, name, at in db.session.execute(query) if wanted.q in fold(name)]
    states = standings(actor, [found for found, _name, _home in lines], day)
    rows = [
        Row(
            found.id, name, found.member_id is None, at, found.body, found.opened_on, states[found.id].form, found.published_on,
            states[found.id].lapses_on, states[found.id].stage,
        )
        for found, name, at in lines
    ]  # fmt: skip
    return [row for row in rows if (wanted.stage is None or row.stage is wanted.stage) and (wanted.form is None or row.form is wanted.form)]


class Told(NamedTuple):
    """A case on a day: its form after the appeals, where it stands, when it lapses, and what it held up."""

    form: Form | None
    stage: Stage
    lapses_on: dt.date | None
    ruled: Ruled | None
    later: tuple[dt.date, ...]


def standings(actor: Actor, found: Collection[DisciplineCase], day: dt.date) -> dict[int, Told]:
    """Case id -> how it stands on a day; two statements."""
    made: dict[int, list[DisciplineAppeal]] = defaultdict(list)
    query = sa.select(DisciplineAppeal).where(DisciplineAppeal.case_id.in_([one.id for one in found]))
    for appeal in db.session.scalars(query.order_by(DisciplineAppeal.id)) if found else ():
        made[appeal.case_id].append(appeal)
    later = new_acts(actor, found)
    states = {}
    for one_ in found:
        told, acted = ruled(one_, made[one_.id]), tuple(later.get(one_.id, ()))
        form = law.form_now(told) or one_.form if told else one_.form
        ends = law.lapses_on(told, acted) if told else None
        states[one_.id] = Told(form, stage(one_, told, acted, day), ends, told, acted)
    return states


class OwnDecision(NamedTuple):
    """A decision on the one who asks, as her own page shows it."""

    form: Form
    number: str | None
    issuer: str | None
    signed_on: dt.date
    published_on: dt.date
    stage: Stage
    lapses_on: dt.date | None
    appeal_until: dt.date | None


def own_decisions(actor: Actor, day: dt.date) -> list[OwnDecision]:
    """The published decisions on the actor herself that have not lapsed, newest first; for the permission of one's own record only."""
    if actor.reach().member_id is None:
        return []
    found = list(db.session.scalars(visible(DisciplineCase, actor).order_by(DisciplineCase.published_on.desc(), DisciplineCase.id)))
    states = standings(actor, found, day)
    decisions = []
    for one_ in found:
        told = states[one_.id]
        if told.ruled is None or told.form is None or told.stage is Stage.LAPSED:
            continue
        until = law.appeal_until(one_.delivered_on) if one_.delivered_on else None
        decisions.append(
            OwnDecision(
                told.form, one_.number, one_.issuer, told.ruled.signed_on, told.ruled.published_on, told.stage, told.lapses_on, until
            )
        )
    return decisions


def candidates(actor: Actor, day: dt.date) -> list[tuple[int, str]]:
    """Those on whom a case can be opened, without the actor herself: the members in her reach, by name, with their cells."""
    query = (
        sa.select(Person.id, Person.full_name, Unit.name)
        .join(Posting, Posting.member_id == Person.id)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Posting.kind == PostingKind.HOME, Posting.holds(day), Posting.within(actor.reach()), Person.id != (actor.member_id or 0))
        .order_by(Person.name_sort, Person.id)
    )
    return [(person_id, f"{name} – {unit}") for person_id, name, unit in db.session.execute(query)]


def organisations(actor: Actor, day: dt.date) -> list[tuple[int, str]]:
    """The cells in the actor's reach: on these a case can be opened by the commune's bodies."""
    query = visible(Unit, actor).where(Unit.living(day), Unit.kind.in_(CELLS)).order_by(Unit.kind, Unit.name_sort, Unit.id)
    return [(unit.id, unit.name) for unit in db.session.scalars(query)]


def state_of(actor: Actor, found: DisciplineCase, day: dt.date) -> Told:
    """How one visible case stands on a day."""
    return standings(actor, [found], day)[found.id]


def is_under_way(actor: Actor, member_id: int | None, organisation_id: int | None) -> bool:
    """Whether an undecided case on the same one is among those that the actor may see; of others she is told nothing."""
    query = visible(DisciplineCase, actor).where(DisciplineCase.signed_on.is_(None), DisciplineCase.closed_on.is_(None))
    query = query.where(DisciplineCase.member_id == member_id, DisciplineCase.organisation_id == organisation_id)
    return db.session.scalar(query.limit(1)) is not None


def others_open(actor: Actor, found: DisciplineCase) -> int:
    """How many other open cases on the same one the actor may see: two bodies must not judge the same twice."""
    query = visible(DisciplineCase, actor).where(
        DisciplineCase.id != found.id, DisciplineCase.signed_on.is_(None), DisciplineCase.closed_on.is_(None),
        DisciplineCase.member_id.is_not_distinct_from(found.member_id),
        DisciplineCase.organisation_id.is_not_distinct_from(found.organisation_id),
    )  # fmt: skip
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def unit_name(unit_id: int) -> str:
    """The name of a cell in a case that the caller has been shown."""
    return db.session.get_one(Unit, unit_id).name
