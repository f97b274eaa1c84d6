"""What we ask about the ratings of a year: a cell's sheet, the progress of all cells, the members with their levels."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from .. import clock
from ..access import Actor
from ..db import db
from ..errors import NotVisible
from ..i18n import percentage
from ..meetings.models import Attendance, Meeting, MeetingAttendance
from ..members.models import Abeyance, AbeyanceKind, Member, Person, Posting, PostingKind, Standing, StandingPeriod
from ..org.models import CELLS, Unit, UnitKind
from ..org.scope import visible
from ..resolutions import queries as resolutions
from ..rulebook.finding import Finding
from ..rulebook.rating import Ceiling, NotRatedReason, Pool, RatedFacts, ceiling, ceiling_findings, ceiling_rule, not_rated_reason
from ..rulebook.timeline import NotInForce
from .models import GOOD_OR_BETTER, Level, MemberRating, NotRated, RatingYear, UnitRating

#: How many earlier years a sheet shows beside the year itself.
PAST_YEARS = 3


def reference_day(year: int) -> dt.date:
    """The day whose roll a year's ratings are about: 31 December, or today while the year runs."""
    return min(dt.date(year, 12, 31), clock.today())


def rating_year(year: int) -> RatingYear | None:
    """The campaign of a year, if it was opened; it is nobody's in particular."""
    return db.session.get(RatingYear, year)


def years() -> list[int]:
    """The years that may be looked at, newest first: those opened, and the running one."""
    opened = db.session.scalars(sa.select(RatingYear.year))
    return sorted({*opened, clock.today().year}, reverse=True)


def known_year(year: int) -> int:
    """The year itself. Raises NotVisible for a year that was never opened and is not the running one."""
    if year not in years():
        raise NotVisible(f"rating year {year}")
    return year


def on_roll(actor: Actor, unit: Unit, day: dt.date) -> dict[int, str]:
    """Member id -> name of those at home in the cell on that day, by given name; guests are rated by their own cells."""
    query = (
        sa.select(Posting.member_id, Person.full_name)
        .join(Person, Person.id == Posting.member_id)
        .where(Posting.kind == PostingKind.HOME, Posting.unit_id == unit.id, Posting.holds(day), Posting.within(actor.reach()))
        .order_by(Person.name_sort, Person.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


class SheetRow(NamedTuple):
    """One member on a cell's sheet."""

    member_id: int
    name: str
    standing: Standing | None
    is_on_roll: bool  # False: rated here, but no longer on the roll of the reference day
    rated_by: str | None  # the other cell that rated her this year, if one did
    level: Level | None
    not_rated: NotRated | None
    version: int  # of her rating row; 0 while there is none
    past: dict[int, Level | NotRated]
    proposal: NotRatedReason | None
    present: int
    invited: int

    @property
    def answer(self) -> Level | NotRated | None:
        """What stands on the sheet: a level, or why there is none, or nothing yet."""
        return self.level or self.not_rated

    @property
    def proposed(self) -> NotRated | None:
        """Why the law proposes to give her no level."""
        return NotRated(self.proposal.reason.value) if self.proposal else None

    @property
    def is_open(self) -> bool:
        """Whether this cell still enters her level: on its roll, and not rated elsewhere."""
        return self.is_on_roll and self.rated_by is None


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """A cell's ratings of one year."""

    year: int
    day: dt.date
    unit: Unit
    rows: tuple[SheetRow, ...]
    unit_level: Level | None
    advice: tuple[Finding, ...]

    @property
    def entered(self) -> int:
        """How many of the roll have an answer, here or from another cell."""
        return sum(row.answer is not None or row.rated_by is not None for row in self.rows if row.is_on_roll)

    @property
    def ceiling(self) -> Ceiling | None:
        """How many could be excellent if everybody of the roll were good or better; None where no law says."""
        try:
            return ceiling(Pool(self.roll, self.roll), ceiling_rule(self.day))
        except NotInForce:
            return None

    @property
    def roll(self) -> int:
        """How many are on the roll of the reference day."""
        return sum(row.is_on_roll for row in self.rows)

    def count(self, *levels: Level) -> int:
        """How many the cell rated with one of the levels."""
        return sum(row.level in levels for row in self.rows)


def sheet(actor: Actor, year: int, unit: Unit) -> Sheet:
    """The sheet of a visible cell: its roll of the reference day, earlier levels, proposals and attendance of the year."""
    day = reference_day(year)
    people = _sheet_people(actor, year, unit, day)
    ids = [person.id for person in people]
    now, past = _levels(actor, year, unit, ids)
    seen = _attendance(year, ids, day)
    rows = []
    for person in people:
        facts = RatedFacts(person.decided_on, bool(person.is_exempt), bool(person.is_suspended))
        level, not_rated, version, other = now.get(person.id, (None, None, 0, None))
        present, invited = seen.get(person.id, (0, 0))
        rows.append(
            SheetRow(
                person.id, person.full_name, person.standing, bool(person.is_on_roll), other, level, not_rated, version,
                past.get(person.id, {}), not_rated_reason(facts, day), present, invited,
            )
        )  # fmt: skip
    own = sa.select(UnitRating.level).where(UnitRating.year == year, UnitRating.unit_id == unit.id, UnitRating.within(actor.reach()))
    levels = [row.level for row in rows if row.level is not None]
    return Sheet(year, day, unit, tuple(rows), db.session.scalar(own), tuple(advice(levels, day)) if levels else ())


def _sheet_people(actor: Actor, year: int, unit: Unit, day: dt.date) -> Sequence[Any]:
    """Those on the roll of the day and those whom the cell rated that year, by given name."""

    def held(kind: AbeyanceKind) -> sa.ColumnElement[bool]:
        found = sa.select(1).where(Abeyance.member_id == Member.id, Abeyance.kind == kind, Abeyance.holds(day))
        return sa.exists(found.correlate(Member))

    home = sa.select(Posting.member_id).where(
        Posting.kind == PostingKind.HOME, Posting.unit_id == unit.id, Posting.holds(day), Posting.within(actor.reach())
    )
    rated = sa.select(MemberRating.member_id).where(
        MemberRating.year == year, MemberRating.unit_id == unit.id, MemberRating.within(actor.reach())
    )
    query = (
        sa.select(
            Member.id, Person.full_name, Member.decided_on, StandingPeriod.standing, Member.id.in_(home).label("is_on_roll"),
            held(AbeyanceKind.EXEMPTION).label("is_exempt"), held(AbeyanceKind.SUSPENSION).label("is_suspended"),
        )
        .join(Person, Person.id == Member.id)
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Member.id, StandingPeriod.holds(day)))
        .where(sa.or_(Member.id.in_(home), Member.id.in_(rated)))
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
    return db.session.execute(query).all()


_Now = dict[int, tuple[Level | None, NotRated | None, int, str | None]]
_Past = dict[int, dict[int, Level | NotRated]]


def _levels(actor: Actor, year: int, unit: Unit, ids: Sequence[int]) -> tuple[_Now, _Past]:
    """This year's answers and the visible earlier ones; of another cell's answer of this year only that it exists, and whose."""
    query = (
        sa.select(
            MemberRating.member_id, MemberRating.year, MemberRating.unit_id, MemberRating.level, MemberRating.not_rated,
            MemberRating.version, Unit.name, MemberRating.within(actor.reach()).label("mine"),
        )
        .join(Unit, Unit.id == MemberRating.unit_id)
        .where(MemberRating.member_id.in_(ids), MemberRating.year.between(year - PAST_YEARS, year))
    )  # fmt: skip
    now: _Now = {}
    past: _Past = {}
    for member_id, in_year, unit_id, level, not_rated, version, name, mine in db.session.execute(query):
        if in_year < year:
            if mine and (answer := level or not_rated):
                past.setdefault(member_id, {})[in_year] = answer
        elif unit_id == unit.id:
            now[member_id] = (level, not_rated, version, None)
        else:
            now[member_id] = (None, None, version, name)
    return now, past


def _attendance(year: int, ids: Sequence[int], day: dt.date) -> dict[int, tuple[int, int]]:
    """Member id -> (times present, times expected) at the meetings of the year, of whichever cell; exempted times are not counted."""
    present = sa.func.count().filter(MeetingAttendance.status == Attendance.PRESENT)
    query = (
        sa.select(MeetingAttendance.member_id, present, sa.func.count())
        .join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
        .where(MeetingAttendance.member_id.in_(ids), Meeting.held_on.between(dt.date(year, 1, 1), day))
        .where(MeetingAttendance.status != Attendance.EXEMPT)
        .group_by(MeetingAttendance.member_id)
    )
    return {member_id: (there, times) for member_id, there, times in db.session.execute(query)}


def advice(levels: Iterable[Level], day: dt.date) -> list[Finding]:
    """What the ceiling of the best, and the target's floor, say of a group of levels; information that never refuses."""
    given = list(levels)
    pool = Pool(len(given), sum(level in GOOD_OR_BETTER for level in given), sum(level is Level.EXCELLENT for level in given))
    try:
        rule = ceiling_rule(day)
    except NotInForce:
        return []
    floor = resolutions.counted("21d", day)
    return ceiling_findings(pool, rule, floor.value if floor else None)


class CellProgress(NamedTuple):
    """How far one cell has come in a year. `rated` have a level, `not_rated` a reason, `missing` of the roll neither."""

    unit_id: int
    code: str
    name: str
    kind: UnitKind
    members: int
    missing: int
    excellent: int
    good: int
    done: int
    not_done: int
    not_rated: int
    level: Level | None
    version: int

    @property
    def rated(self) -> int:
        """How many have a level."""
        return self.excellent + self.good + self.done + self.not_done

    @property
    def entered(self) -> int:
        """How many of the roll have an answer."""
        return self.members - self.missing

    @property
    def good_share(self) -> Decimal | None:
        """Percent of the rated that are good or better; None where nobody is rated."""
        return percentage(self.excellent + self.good, self.rated)


def progress(actor: Actor, year: int, unit: Unit | None = None, on: dt.date | None = None) -> list[CellProgress]:
    """Every visible cell (below `unit`) that lived on the day, or was rated or rated somebody that year; three statements.

    The day is `on`, else the year's reference day; levels are of the whole year whatever the day.
    """
    day = on or reference_day(year)
    given = sa.select(MemberRating.unit_id).where(MemberRating.year == year)
    query = (
        sa.select(Unit.id, Unit.code, Unit.name, Unit.kind, UnitRating.level, sa.func.coalesce(UnitRating.version, 0))
        .outerjoin(UnitRating, sa.and_(UnitRating.unit_id == Unit.id, UnitRating.year == year))
        .where(Unit.within(actor.reach()), Unit.kind.in_(CELLS), sa.or_(Unit.living(day), Unit.id.in_(given), UnitRating.id.is_not(None)))
        .order_by(sa.case((Unit.kind == UnitKind.GRASSROOTS_CELL, 0), else_=1), Unit.name_sort, Unit.id)
    )
    if unit is not None:
        query = query.where(Unit.path.startswith(unit.path, autoescape=True))
    rolls = {
        unit_id: (members, members - answered)
        for unit_id, members, answered in db.session.execute(
            sa.select(Posting.unit_id, sa.func.count(), sa.func.count(MemberRating.id))
            .outerjoin(MemberRating, sa.and_(MemberRating.member_id == Posting.member_id, MemberRating.year == year))
            .where(Posting.kind == PostingKind.HOME, Posting.holds(day), Posting.within(actor.reach()))
            .group_by(Posting.unit_id)
        )
    }
    levels: dict[int, dict[Level | None, int]] = {}
    for unit_id, level, count in db.session.execute(
        sa.select(MemberRating.unit_id, MemberRating.level, sa.func.count())
        .where(MemberRating.year == year, MemberRating.within(actor.reach()))
        .group_by(MemberRating.unit_id, MemberRating.level)
    ):
        levels.setdefault(unit_id, {})[level] = count
    found = []
    for unit_id, code, name, kind, level, version in db.session.execute(query):
        members, missing = rolls.get(unit_id, (0, 0))
        own = levels.get(unit_id, {})
        excellent, good, done, not_done, without = (own.get(one, 0) for one in (*Level, None))
        found.append(CellProgress(unit_id, code, name, kind, members, missing, excellent, good, done, not_done, without, level, version))
    return found


class Totals(NamedTuple):
    """The sums over cells."""

    members: int
    missing: int
    excellent: int
    good: int
    done: int
    not_done: int
    not_rated: int

    @property
    def rated(self) -> int:
        """How many have a level."""
        return self.excellent + self.good + self.done + self.not_done

    @property
    def levels(self) -> list[Level]:
        """The levels given, one item a member."""
        return [level for level in Level for _n in range(getattr(self, level.value))]


def totals(cells: Iterable[CellProgress]) -> Totals:
    """The sums by level over the cells."""
    given = list(cells)
    return Totals(*(sum(getattr(cell, name) for cell in given) for name in Totals._fields))


class MemberLevel(NamedTuple):
    """One member's answer in a year, or None for both while it is missing."""

    member_id: int
    name: str
    born_on: dt.date
    cell: str
    level: Level | None
    not_rated: NotRated | None


def member_levels(actor: Actor, year: int, unit: Unit | None = None) -> list[MemberLevel]:
    """Every member whom a visible cell (below `unit`) rated or still has to rate that year, by cell and given name."""
    day = reference_day(year)
    home, cell = aliased(Posting), aliased(Unit)
    inside = sa.select(Unit.id).where(Unit.within(actor.reach()))
    if unit is not None:
        inside = inside.where(Unit.path.startswith(unit.path, autoescape=True))
    at_home = sa.and_(home.kind == PostingKind.HOME, home.member_id == Person.id, home.started_on <= day,
                      sa.or_(home.ended_on.is_(None), home.ended_on > day))  # fmt: skip
    where = sa.func.coalesce(MemberRating.unit_id, home.unit_id)
    query = (
        sa.select(Person.id, Person.full_name, Person.born_on, cell.name, MemberRating.level, MemberRating.not_rated)
        .select_from(Person)
        .outerjoin(MemberRating, sa.and_(MemberRating.member_id == Person.id, MemberRating.year == year))
        .outerjoin(home, at_home)
        .join(cell, cell.id == where)
        .where(where.in_(inside))
        .order_by(cell.name_sort, cell.id, Person.name_sort, Person.id)
    )
    return [MemberLevel(*row) for row in db.session.execute(query)]


def ratings_of(actor: Actor, member_id: int) -> list[MemberRating]:
    """A member's visible ratings, newest first."""
    query = visible(MemberRating, actor).where(MemberRating.member_id == member_id).order_by(MemberRating.year.desc())
    return list(db.session.scalars(query))
