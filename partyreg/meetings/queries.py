"""What we ask about meetings: the roll of a day, lists, and one meeting; the year's board is in `board_queries`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from ..access import Actor
from ..db import AnySelect, db
from ..errors import NotVisible
from ..members import queries as members
from ..members.models import AbeyanceKind, Person, Standing
from ..org.models import Unit
from ..org.scope import one as the_one
from ..org.scope import visible
from ..rulebook.meeting import DefaultStatus, default_status
from .models import Attendance, Meeting, MeetingAttendance, MeetingKind

# -- the roll of a day ------------------------------------------------------------------------------------------------


class Expected(NamedTuple):
    """One member of the roll, and what the law takes her for before attendance is noted."""

    member_id: int
    name: str
    is_guest: bool
    is_away: bool
    abeyance: AbeyanceKind | None
    is_full: bool
    default: DefaultStatus

    def is_counted(self, status: Attendance) -> bool:
        """Whether she counts for the quorum when noted so (A-19); a guest counts in her home cell only."""
        if self.is_guest:
            return False
        return self.default.counts_if_present if status is Attendance.PRESENT else self.default.counts_if_absent


def expected(actor: Actor, unit: Unit, day: dt.date) -> list[Expected]:
    """The roll of a cell on a day with each member's default, by given name.

    Raises NotInForce before the first rules on who counts.
    """
    return [
        Expected(
            one.member_id, one.name, one.is_guest, one.is_away, one.abeyance, one.full,
            default_status(
                day,
                temporary_elsewhere=one.is_away,
                exempt=one.abeyance is AbeyanceKind.EXEMPTION,
                suspended=one.abeyance is AbeyanceKind.SUSPENSION,
                is_full=one.full,
            ),
        )
        for one in members.roll(actor, unit, day)
    ]  # fmt: skip


# -- lists ------------------------------------------------------------------------------------------------------------


class Line(NamedTuple):
    """One meeting in a list; `whole` leaves out those noted as exempt."""

    id: int
    unit_code: str
    unit_name: str
    kind: MeetingKind
    held_on: dt.date
    topic: str | None
    minutes_long: int | None
    present: int
    whole: int


def _of_year(actor: Actor, year: int, unit: Unit | None) -> sa.Select[Any]:
    query = visible(Meeting, actor).where(Meeting.held_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    if unit is None:
        return query
    below = sa.select(Unit.id).where(Unit.path.startswith(unit.path, autoescape=True))
    return query.where(Meeting.unit_id.in_(below))


def count(actor: Actor, year: int, unit: Unit | None = None) -> int:
    """How many meetings the list of a year has."""
    return db.session.scalar(_of_year(actor, year, unit).with_only_columns(sa.func.count())) or 0


def listing(actor: Actor, year: int, unit: Unit | None = None, *, limit: int = 20, offset: int = 0) -> list[Line]:
    """The meetings of a year, newest first; one statement."""
    lines = sa.select(sa.func.count()).where(MeetingAttendance.meeting_id == Meeting.id)
    query = (
        _of_year(actor, year, unit)
        .join(Unit, Unit.id == Meeting.unit_id)
        .with_only_columns(
            Meeting.id, Unit.code, Unit.name, Meeting.kind, Meeting.held_on, Meeting.topic, Meeting.minutes_long,
            lines.where(MeetingAttendance.status == Attendance.PRESENT).scalar_subquery(),
            lines.where(MeetingAttendance.status != Attendance.EXEMPT).scalar_subquery(),
        )
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [Line(*row) for row in db.session.execute(query)]


# -- one meeting ------------------------------------------------------------------------------------------------------


class Attender(NamedTuple):
    """One line of a meeting's attendance list."""

    id: int
    member_id: int
    name: str
    status: Attendance
    is_counted: bool
    reason: str | None
    standing: Standing | None = None  # on the day of the meeting, where it was asked for


class MeetingPage(NamedTuple):
    """All that a meeting's page shows."""

    id: int
    version: int
    unit_id: int
    unit_code: str
    unit_name: str
    kind: MeetingKind
    held_on: dt.date
    minutes_long: int | None
    place: str | None
    topic: str | None
    chair_id: int
    chair: str
    minute_taker_id: int | None
    minute_taker: str | None
    guests: str | None
    notes: str | None
    conclusions: str | None
    documents_on: dt.date | None
    logged_at: dt.datetime
    has_thematic: bool  # a thematic meeting of the same cell on the same day
    attendance: Sequence[Attender] = ()

    @property
    def present(self) -> int:
        """How many were there."""
        return sum(one.status is Attendance.PRESENT for one in self.attendance)

    @property
    def whole(self) -> int:
        """How many were on the list, without those noted as exempt."""
        return sum(one.status is not Attendance.EXEMPT for one in self.attendance)

    @property
    def counted(self) -> int:
        """How many full members counted for the quorum (A-19)."""
        return sum(one.is_counted for one in self.attendance)

    @property
    def counted_present(self) -> int:
        """How many of those were there."""
        return sum(one.is_counted and one.status is Attendance.PRESENT for one in self.attendance)

    @property
    def quorum(self) -> str:
        """`24/27`: counted full members present, of those who count."""
        return f"{self.counted_present}/{self.counted}"


def pages(actor: Actor) -> AnySelect:
    """The visible meetings as the columns of a `MeetingPage`, without attendance."""
    chair, taker, other = aliased(Person), aliased(Person), aliased(Meeting)
    thematic = sa.exists().where(other.unit_id == Meeting.unit_id, other.held_on == Meeting.held_on, other.kind == MeetingKind.THEMATIC)
    return (
        visible(Meeting, actor)
        .join(Unit, Unit.id == Meeting.unit_id)
        .join(chair, chair.id == Meeting.chair_id)
        .outerjoin(taker, taker.id == Meeting.minute_taker_id)
        .with_only_columns(
            Meeting.id, Meeting.version, Meeting.unit_id, Unit.code, Unit.name, Meeting.kind, Meeting.held_on,
            Meeting.minutes_long, Meeting.place, Meeting.topic, Meeting.chair_id, chair.full_name, Meeting.minute_taker_id,
            taker.full_name, Meeting.guests, Meeting.notes, Meeting.conclusions,
            Meeting.documents_on, Meeting.logged_at, thematic,
        )
    )  # fmt: skip


def one(actor: Actor, meeting_id: int) -> MeetingPage:
    """One visible meeting with its attendance list by given name; two statements. Raises NotVisible."""
    found = db.session.execute(pages(actor).where(Meeting.id == meeting_id)).first()
    if found is None:
        raise NotVisible("Meeting")
    return MeetingPage._make((*found, attenders(meeting_id)))


def attenders(meeting_id: int) -> list[Attender]:
    """The attendance list of a meeting that the caller has been shown, by given name."""
    query = (
        sa.select(MeetingAttendance.id, MeetingAttendance.member_id, Person.full_name, MeetingAttendance.status,
                  MeetingAttendance.is_counted, MeetingAttendance.reason)
        .join(Person, Person.id == MeetingAttendance.member_id)
        .where(MeetingAttendance.meeting_id == meeting_id)
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
    return [Attender(*row) for row in db.session.execute(query)]


def row(actor: Actor, meeting_id: int) -> Meeting:
    """The visible meeting as a row to be corrected, with its cell. Raises NotVisible."""
    return the_one(Meeting, actor, Meeting.id == meeting_id, options=(joinedload(Meeting.unit),))


def standing(actor: Actor, unit: Unit, kind: MeetingKind, held_on: dt.date | None) -> int | None:
    """The id of the meeting of that kind which the cell has on that day."""
    query = visible(Meeting, actor).with_only_columns(Meeting.id)
    return db.session.scalar(query.where(Meeting.unit_id == unit.id, Meeting.kind == kind, Meeting.held_on == held_on).limit(1))


def with_keys(actor: Actor, client_keys: Sequence[str]) -> dict[str, int]:
    """Key -> id of the visible meetings that the forms with those keys became."""
    query = visible(Meeting, actor).with_only_columns(Meeting.client_key, Meeting.id).where(Meeting.client_key.in_(client_keys))
    return {str(key): number for key, number in db.session.execute(query)}


def names(person_ids: set[int]) -> dict[int, str]:
    """The names of people that a meeting's own record mentions."""
    query = sa.select(Person.id, Person.full_name).where(Person.id.in_(person_ids))
    return {row.id: row.full_name for row in db.session.execute(query)}
