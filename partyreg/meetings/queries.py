"""What we ask about meetings: the year's board, one meeting with its roll, what is due, and who keeps the rhythm."""

from __future__ import annotations

import datetime as dt
import functools
from calendar import monthrange
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from .. import clock
from ..access import Actor
from ..db import AnySelect, db
from ..errors import NotVisible
from ..i18n import _
from ..members import queries as members
from ..members.models import AbeyanceKind, Person, Standing
from ..org.models import CELLS, Unit
from ..org.scope import one as the_one
from ..org.scope import visible
from ..rulebook.book import LAW
from ..rulebook.meeting import DefaultStatus, default_status, owes_regular_meeting
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


# -- the months of a year ---------------------------------------------------------------------------------------------


class Month(NamedTuple):
    """One box of the board; state is held, late, missing, due (the month runs) or none (nothing owed, or still to come)."""

    number: int
    state: str
    meeting_id: int | None
    held_on: dt.date | None


class BoardRow(NamedTuple):
    """A cell's year: its twelve months, and how many of the months that have ended it owed and kept."""

    unit_id: int
    code: str
    name: str
    months: tuple[Month, ...]
    owed: int
    kept: int


#: The rule is pure, and a board asks it four hundred times.
_owes = functools.cache(owes_regular_meeting)


class _Cell(NamedTuple):
    id: int
    code: str
    name: str
    founded_on: dt.date
    dissolved_on: dt.date | None


def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, monthrange(year, month)[1])


def _cells(actor: Actor, year: int, unit: Unit | None = None) -> list[_Cell]:
    """The visible cells that lived on some day of the year, below `unit` where it is given."""
    query = (
        visible(Unit, actor)
        .with_only_columns(Unit.id, Unit.code, Unit.name, Unit.founded_on, Unit.dissolved_on)
        .where(Unit.kind.in_(CELLS), Unit.founded_on <= dt.date(year, 12, 31))
        .where(sa.or_(Unit.dissolved_on.is_(None), Unit.dissolved_on > dt.date(year, 1, 1)))
        .order_by(Unit.kind, Unit.name_sort, Unit.id)
    )
    if unit is not None:
        query = query.where(Unit.path.startswith(unit.path, autoescape=True))
    return [_Cell(*row) for row in db.session.execute(query)]


def _regular(actor: Actor, year: int, unit: Unit | None = None) -> dict[tuple[int, int], tuple[int, dt.date]]:
    """(cell, month) -> the first regular meeting of that month: its id and day."""
    query = (
        visible(Meeting, actor)
        .with_only_columns(Meeting.unit_id, Meeting.id, Meeting.held_on)
        .where(Meeting.kind == MeetingKind.REGULAR, Meeting.held_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        .order_by(Meeting.held_on.desc())
    )
    if unit is not None:
        below = sa.select(Unit.id).where(Unit.path.startswith(unit.path, autoescape=True))
        query = query.where(Meeting.unit_id.in_(below))
    return {(unit_id, held_on.month): (meeting_id, held_on) for unit_id, meeting_id, held_on in db.session.execute(query)}


@functools.cache
def is_late(held_on: dt.date) -> bool:
    """Whether a regular meeting was held after the month's first week, by the law of its day (M-02)."""
    latest = LAW.find("meeting.latest_day", held_on)
    return latest is not None and held_on.day > latest.required


def _month(year: int, number: int, on: dt.date, is_owed: bool, held: tuple[int, dt.date] | None) -> Month:
    if held is not None:
        return Month(number, "late" if is_late(held[1]) else "held", *held)
    if not is_owed or on < dt.date(year, number, 1):
        return Month(number, "none", None, None)
    return Month(number, "missing" if _last_day(year, number) < on else "due", None, None)


def board(actor: Actor, year: int, on: dt.date | None = None, unit: Unit | None = None) -> list[BoardRow]:
    """The year of every visible cell, month by month, as seen on the day `on` (today); two statements."""
    on = on or clock.today()
    held = _regular(actor, year, unit)
    ended = {number for number in range(1, 13) if _last_day(year, number) <= on}
    rows = []
    for cell in _cells(actor, year, unit):
        owed = {n for n in range(1, 13) if _owes(cell.founded_on, cell.dissolved_on, year, n)}
        months = tuple(_month(year, n, on, n in owed, held.get((cell.id, n))) for n in range(1, 13))
        kept = sum((cell.id, n) in held for n in owed & ended)
        rows.append(BoardRow(cell.id, cell.code, cell.name, months, len(owed & ended), kept))
    return rows


def year_strip(actor: Actor, unit: Unit, year: int, on: dt.date | None = None) -> tuple[Month, ...]:
    """The twelve months of one cell, for its page; empty for a unit that is no cell or did not live in that year."""
    found = [row.months for row in board(actor, year, on, unit) if row.unit_id == unit.id]
    return found[0] if found else ()


def cells_keeping(actor: Actor, year: int, on: dt.date, unit: Unit | None = None) -> tuple[sa.Select[Any], sa.Select[Any], list[str]]:
    """Target 21e: (ids of cells with a regular meeting in every owed month, ids of cells that owe one, what lacks).

    Only months that ended by `on` are judged; a month is owed by a cell that lived through all of it. Where no month is owed,
    or not one regular meeting of the year is on record, the figure is not 0 but unknown, and the third part says so.
    """
    rows = [row for row in board(actor, year, on, unit) if row.owed]
    part = [row.unit_id for row in rows if row.kept == row.owed]
    missing = []
    if not rows:
        missing.append(_("Chưa có tháng nào của năm %(year)s phải sinh hoạt tính đến ngày xét.", year=year))
    elif not any(month.meeting_id for row in rows for month in row.months):
        missing.append(_("Sổ chưa ghi buổi sinh hoạt định kỳ nào của năm %(year)s.", year=year))
    keeps = visible(Unit, actor).with_only_columns(Unit.id)
    return keeps.where(Unit.id.in_(part)), keeps.where(Unit.id.in_([row.unit_id for row in rows])), missing


class Due(NamedTuple):
    """A cell that has no regular meeting on record yet this month; overdue after the month's first week."""

    unit_id: int
    code: str
    name: str
    month: int
    year: int
    is_overdue: bool


def due(actor: Actor, day: dt.date) -> list[Due]:
    """The visible cells that owe this month's regular meeting and have none on record."""
    held = aliased(Meeting)
    query = (
        visible(Unit, actor)
        .with_only_columns(Unit.id, Unit.code, Unit.name, Unit.founded_on, Unit.dissolved_on)
        .where(Unit.kind.in_(CELLS), Unit.living(day))
        .where(~sa.exists().where(
            held.unit_id == Unit.id, held.kind == MeetingKind.REGULAR,
            held.held_on.between(day.replace(day=1), _last_day(day.year, day.month))))
        .order_by(Unit.kind, Unit.name_sort, Unit.id)
    )  # fmt: skip
    return [
        Due(unit_id, code, name, day.month, day.year, is_late(day))
        for unit_id, code, name, founded_on, dissolved_on in db.session.execute(query)
        if _owes(founded_on, dissolved_on, day.year, day.month)
    ]


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
    return query.where(Meeting.unit_id == unit.id) if unit is not None else query


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
            taker.full_name, Meeting.guests, Meeting.notes, Meeting.conclusions, Meeting.logged_at, thematic,
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


def names(person_ids: set[int]) -> dict[int, str]:
    """The names of people that a meeting's own record mentions."""
    query = sa.select(Person.id, Person.full_name).where(Person.id.in_(person_ids))
    return {row.id: row.full_name for row in db.session.execute(query)}
