"""What we ask about admission files as a whole: how many stand where, and the board of files with the term of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import clock
from ..access import Actor, Permission
from ..db import db
from ..members.models import Person
from ..org.former_queries import Place
from ..org.models import Unit
from ..rulebook.admission import AT_THE_CELL, ENDS, OPEN, Purpose, Step, VotingBody
from ..workdays.queries import days_off
from .models import Admission, AdmissionMove, AdmissionReview, AdmissionVote
from .terms import Deadline, FileRow, first_day, term

#: Permission -> the steps at which whoever has it is the one to act.
_TURN: dict[Permission, tuple[Step, ...]] = {
    Permission.ADMISSIONS_PREPARE: AT_THE_CELL,
    Permission.ADMISSIONS_CHECK: (Step.SUBMITTED, Step.PROPOSED, Step.RECOGNISED),
    Permission.ADMISSIONS_DECIDE: (Step.ASKED, Step.COMMITTEE, Step.DECIDING, Step.RULING),
}


class Card(NamedTuple):
    """One file on the board: since when it stands at its step, the date that matters there, the term that runs, and whether it
    waits for the actor."""

    id: int
    name: str
    born_on: dt.date
    unit: str
    unit_code: str
    step: Step
    since: dt.date
    on: dt.date | None
    deadline: Deadline | None
    is_mine: bool


class FileLine(NamedTuple):
    """A file as the board and the list of what is due read it; `is_mine` says whether it waits for the actor."""

    id: int
    name: str
    born_on: dt.date
    unit: str
    unit_code: str
    is_mine: bool
    since: dt.datetime | None
    started_on: dt.date
    ruled_on: dt.date | None
    moved_on: dt.date | None
    asked_on: dt.date | None
    file: FileRow


def turn(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that the file waits for the actor: at the cell for whoever prepares and does not check, and so on."""

    def within(permission: Permission) -> sa.ColumnElement[bool]:
        return Admission.within(actor.using(permission).reach())

    held = [sa.and_(Admission.step.in_(steps), within(permission)) for permission, steps in _TURN.items()]
    held[0] = sa.and_(held[0], sa.not_(within(Permission.ADMISSIONS_CHECK)))
    return sa.or_(*held)


def visible_files(actor: Actor, unit: Place | None, *columns: Any) -> sa.Select[Any]:
    """A select of those columns over the visible files (below `unit`), joined with the person and the cell where she is now."""
    query = (
        sa.select(*columns)
        .select_from(Admission)
        .join(Person, Person.id == Admission.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Admission.within(actor.reach()))
    )
    return query.where(unit.inside()) if unit is not None else query


def counts(actor: Actor, unit: Unit | None = None) -> dict[Step, int]:
    """How many files stand at each step."""
    query = visible_files(actor, unit, Admission.step, sa.func.count()).group_by(Admission.step)
    found: dict[Step, int] = {row[0]: row[1] for row in db.session.execute(query)}
    return {step: found.get(step, 0) for step in Step}


def listing(
    actor: Actor,
    steps: Iterable[Step] = OPEN,
    unit: Unit | None = None,
    *,
    late: str | None = None,
    mine: bool | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[Card]:
    """The files at those steps, each with its term: under way the most urgent first, ended ones the newest first.

    `late` keeps those whose term is over ("late") or near ("soon"); `mine` those that wait for the actor.
    """
    day = clock.today()
    found = lines(actor, steps, unit, mine=mine)
    off = days_off(first_day((one.file for one in found), day), day)
    cards = [_card(one, term(one.file, day, off)) for one in found]
    if late is not None:
        cards = [card for card in cards if card.deadline and (card.deadline.is_late if late == "late" else card.deadline.is_near)]
    cards.sort(key=_urgency)
    return cards[offset : None if limit is None else offset + limit]


def lines(actor: Actor, steps: Iterable[Step], unit: Unit | None = None, *, mine: bool | None = None) -> Sequence[FileLine]:
    """The files at those steps with all that their terms depend on, in one statement."""
    query = visible_files(
        actor, unit, Admission.id, Person.full_name, Person.born_on, Unit.name, Unit.code, turn(actor), _since(),
        Admission.started_on, Admission.ruled_on, Admission.moved_on, Admission.asked_on, *_term_columns(),
    ).where(Admission.step.in_(tuple(steps)))  # fmt: skip
    if mine:
        query = query.where(turn(actor))
    return [FileLine._make((*row[:11], FileRow._make(row[11:]))) for row in db.session.execute(query.order_by(Admission.id))]


def deadline(file: Admission, day: dt.date) -> Deadline | None:
    """The term of one file that the caller has already been shown, on `day`."""
    found = FileRow(*db.session.execute(sa.select(*_term_columns()).where(Admission.id == file.id)).one())
    return term(found, day, days_off(first_day([found], day), day))


def _term_columns() -> tuple[Any, ...]:
    """The columns of FileRow."""
    kept = sa.select(sa.func.max(AdmissionReview.reviewed_on)).where(
        AdmissionReview.admission_id == Admission.id, AdmissionReview.is_kept.is_(True)
    )
    return (
        Admission.step, Admission.listed_on, kept.scalar_subquery(), Admission.certificate_on, Admission.opened_on,
        Admission.check_asked_on, Admission.check_concluded_on, Admission.check_abroad, last_vote(Purpose.ADMISSION),
        Admission.decided_on, Admission.received_on, Admission.ceremony_on, last_vote(Purpose.RECOGNITION, Purpose.REMOVAL),
    )  # fmt: skip


def last_vote(*purposes: Purpose) -> sa.ScalarSelect[Any]:
    """The day of the cell's last vote on any of the purposes, for a select over files."""
    query = sa.select(sa.func.max(AdmissionVote.held_on)).where(
        AdmissionVote.admission_id == Admission.id, AdmissionVote.body == VotingBody.CELL, AdmissionVote.purpose.in_(purposes)
    )
    return query.correlate(Admission).scalar_subquery()


def _since() -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.max(AdmissionMove.moved_at)).where(AdmissionMove.admission_id == Admission.id).scalar_subquery()


def _card(one: FileLine, deadline: Deadline | None) -> Card:
    since = one.since.astimezone(clock.OFFICE_ZONE).date() if one.since else one.started_on
    return Card(one.id, one.name, one.born_on, one.unit, one.unit_code, one.file.step, since, _matters(one), deadline, one.is_mine)


def _matters(one: FileLine) -> dt.date | None:
    """The date that matters at the file's step."""
    file = one.file
    return {
        Step.LISTED: file.listed_on,
        Step.ASKED: one.asked_on,
        Step.DRAFT: file.opened_on,
        Step.DECIDED: file.decided_on,
        Step.PROBATION: file.ceremony_on,
        Step.SENT_BACK: file.full_voted_on,
        Step.PROPOSED: file.full_voted_on,
        Step.RULING: file.full_voted_on,
        Step.RECOGNISED: one.ruled_on,
        Step.CLOSED: one.ruled_on,
        Step.REMOVED: one.ruled_on,
        Step.CANCELLED: file.decided_on,
        Step.MOVED: one.moved_on,
    }.get(file.step, file.voted_on)


def _urgency(card: Card) -> tuple[Any, ...]:
    """Files under way by the end of their term, then without one by how long they stand; ended ones after these, newest first."""
    if card.step in ENDS:
        return (2, -card.since.toordinal(), -card.id)
    return (0, card.deadline.due, card.id) if card.deadline else (1, card.since, card.id)
