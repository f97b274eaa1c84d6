"""What we ask about attendance over a year: one member, cell by cell, and all members of a cell. It feeds the ratings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..db import AnySelect, db
from ..i18n import _, label, percentage
from ..members import queries as members
from ..members.models import Person, Posting, PostingKind
from ..names import sort_key
from ..org.models import Unit
from ..org.scope import visible
from ..rulebook.finding import Finding, Severity
from ..rulebook.meeting import Attendance as Noted
from ..rulebook.meeting_year import YearCounts, is_expected
from ..rulebook.meeting_year import attendance_of_year as judged_year
from ..tables import Column, Row, Table
from .models import Attendance, Meeting, MeetingAttendance, MeetingKind


class Mark(NamedTuple):
    """How a member was noted at one meeting; `is_elsewhere`: absent while she took part in another cell for a time."""

    meeting_id: int
    held_on: dt.date
    kind: MeetingKind
    status: Attendance
    is_elsewhere: bool


class CellYear(NamedTuple):
    """A member's year in one cell, by day; `finding` compares her with the law's aim where there is one."""

    code: str
    name: str
    marks: tuple[Mark, ...]
    counts: YearCounts
    finding: Finding | None

    def in_month(self, month: int) -> list[Mark]:
        """The marks of one month."""
        return [mark for mark in self.marks if mark.held_on.month == month]


class MemberYear(NamedTuple):
    """A member's year in a cell, in figures; `is_on_roll` on the last day judged, `is_guest` when she is there for a time."""

    member_id: int
    name: str
    is_on_roll: bool
    is_guest: bool
    counts: YearCounts
    finding: Finding | None

    @property
    def percent(self) -> Fraction | None:
        """The exact percentage; None where she was expected at no meeting."""
        return self.counts.percent

    @property
    def shown_percent(self) -> Decimal | None:
        """The percentage with two decimals, for the eye."""
        return percentage(self.counts.present, self.counts.base)

    @property
    def is_under(self) -> bool:
        """Whether she attended less than the law aims at."""
        return self.finding is not None and self.finding.severity is Severity.WARN


def judged_on(year: int) -> dt.date:
    """The last day of the year that has come: the day whose law says what is aimed at."""
    return min(clock.today(), dt.date(year, 12, 31))


def _lines(actor: Actor, year: int) -> AnySelect:
    """The visible lines of the year's lists, oldest first, with what tells whether she was expected."""
    elsewhere = sa.exists().where(
        Posting.member_id == MeetingAttendance.member_id, Posting.kind == PostingKind.TEMPORARY, Posting.unit_id != Meeting.unit_id,
        Posting.started_on <= Meeting.held_on, sa.or_(Posting.ended_on.is_(None), Posting.ended_on > Meeting.held_on),
    )  # fmt: skip
    return (
        visible(MeetingAttendance, actor)
        .join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
        .with_only_columns(
            MeetingAttendance.member_id, MeetingAttendance.status, Meeting.id.label("meeting_id"), Meeting.held_on, Meeting.kind,
            elsewhere.label("elsewhere"),
        )
        .where(Meeting.held_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        .order_by(Meeting.held_on, Meeting.id)
    )  # fmt: skip


def _mark(row: Any) -> Mark:
    status = Noted(row.status.value)
    away = status is not Noted.EXEMPT and not is_expected(status, row.held_on, bool(row.elsewhere))
    return Mark(row.meeting_id, row.held_on, row.kind, row.status, away)


def counted(marks: Iterable[Mark]) -> YearCounts:
    """The marks in figures."""
    found = Counter("elsewhere" if mark.is_elsewhere else mark.status.value for mark in marks)
    return YearCounts(**found)


def year_of_member(actor: Actor, member_id: int, year: int) -> list[CellYear]:
    """One member's year in every cell on whose lists she stood, as far as the actor sees them (she sees all her own).

    The cell that met first stands first; one statement.
    """
    query = _lines(actor, year).join(Unit, Unit.id == Meeting.unit_id).add_columns(Unit.code, Unit.name)
    cells: dict[tuple[str, str], list[Mark]] = {}
    for row in db.session.execute(query.where(MeetingAttendance.member_id == member_id)):
        cells.setdefault((row.code, row.name), []).append(_mark(row))
    return [_cell_year(code, name, marks, year) for (code, name), marks in cells.items()]


def _cell_year(code: str, name: str, marks: list[Mark], year: int) -> CellYear:
    counts = counted(marks)
    return CellYear(code, name, tuple(marks), counts, judged_year(counts, judged_on(year)))


def attendance_of_year(actor: Actor, unit: Unit, year: int) -> list[MemberYear]:
    """Everybody of a cell in a year: on its roll on the last day judged (or its own last), or on the list of one of its meetings.

    Those under the aim stand first, then by given name; two statements, whatever the size of the cell.
    """
    query = _lines(actor, year).join(Person, Person.id == MeetingAttendance.member_id).add_columns(Person.full_name)
    marks: dict[int, list[Mark]] = {}
    names: dict[int, str] = {}
    for row in db.session.execute(query.where(Meeting.unit_id == unit.id)):
        marks.setdefault(row.member_id, []).append(_mark(row))
        names[row.member_id] = row.full_name
    last = judged_on(year)
    day = last if unit.dissolved_on is None else min(last, unit.dissolved_on - dt.timedelta(days=1))
    guests: dict[int, bool] = {}
    for one in members.roll(actor, unit, day):
        guests[one.member_id] = one.is_guest
        names[one.member_id] = one.name
    found = []
    for member_id in sorted(names, key=lambda one: (sort_key(names[one]), one)):
        counts = counted(marks.get(member_id, ()))
        found.append(
            MemberYear(member_id, names[member_id], member_id in guests, guests.get(member_id, False), counts, judged_year(counts, last))
        )
    return sorted(found, key=lambda one: not one.is_under)


def note(one: MemberYear) -> str:
    """What to know of a line of the cell's list."""
    if not one.is_on_roll:
        return _("không còn trong danh sách chi bộ")
    return _("sinh hoạt tạm thời tại chi bộ") if one.is_guest else ""


def verdict(one: MemberYear) -> str:
    """Whether she reached the aim, in a word; nothing where there is none."""
    if one.finding is None:
        return ""
    return _("Chưa đạt") if one.is_under else _("Đạt")


def table(unit: Unit, year: int, lines: Iterable[MemberYear]) -> Table:
    """The cell's list for a file."""
    columns = (
        Column("name", _("Họ và tên"), width=26), Column("note", _("Ghi chú"), width=28),
        *(Column(status.value, label(status), "number", 9) for status in Attendance),
        Column("elsewhere", _("Sinh hoạt nơi khác"), "number", 11),
        Column("base", _("Số buổi phải dự"), "number", 9), Column("percent", _("Tỷ lệ dự"), "percent", 10),
        Column("verdict", _("So với mức cần đạt"), width=14),
    )  # fmt: skip
    rows = [
        Row((
            one.name, note(one), *(getattr(one.counts, status.value) for status in Attendance), one.counts.elsewhere, one.counts.base,
            one.shown_percent, verdict(one),
        )) for one in lines
    ]  # fmt: skip
    return Table(_("Chuyên cần %(year)s %(unit)s", year=year, unit=unit.name), columns, rows)
