"""The year's board: what each cell owes month by month and quarter by quarter, what it kept, what is due, who is late.

One reading of the year (cells, meetings, waivers: three statements) serves the board, the home page, target 21e and the reminder,
so that none of them can say otherwise than another.
"""

from __future__ import annotations

import datetime as dt
import functools
from calendar import monthrange
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..db import db
from ..i18n import _
from ..members import queries as members
from ..org.former_queries import Place, below
from ..org.models import CELLS, Unit
from ..org.scope import visible
from ..rulebook import meeting_duty
from ..rulebook.book import LAW
from ..rulebook.meeting import quorum_reached
from .models import Attendance, Meeting, MeetingAttendance, MeetingKind, MeetingWaiver

#: What the board can be narrowed to: cells with a month that is so.
NARROWED_BY = ("late", "missing", "waived", "quorum")


class Month(NamedTuple):
    """One box of the board.

    State is `held`, `late`, `quorum` (held, but too few counted full members were there), `missing`, `due` (the month runs),
    `waived`, or `none` (nothing owed, or still to come). A meeting held in a waived month is shown as held, and still waived;
    one that was late and without quorum is `quorum`, and `is_late` too.
    """

    number: int
    state: str
    meeting_id: int | None = None
    held_on: dt.date | None = None
    is_late: bool = False
    waiver_id: int | None = None
    is_owed: bool = False

    def is_so(self, state: str) -> bool:
        """Whether the month is one of those that the board can be narrowed to."""
        return {"late": self.is_late, "waived": self.waiver_id is not None}.get(state, self.state == state)


class Quarter(NamedTuple):
    """The thematic meeting of a quarter: `held` (the first of them), `missing`, `due` (the quarter runs) or `none`."""

    number: int
    state: str
    meeting_id: int | None = None
    held_on: dt.date | None = None


class BoardRow(NamedTuple):
    """A cell's year: its months and quarters, and how many of the months that have ended it owed and kept."""

    unit_id: int
    code: str
    name: str
    months: tuple[Month, ...]
    quarters: tuple[Quarter, ...]
    owed: int
    kept: int

    def has(self, state: str) -> bool:
        """Whether some month is so."""
        return any(month.is_so(state) for month in self.months)


class Total(NamedTuple):
    """A month over all cells of a board: how many that owe it have met, of how many that owe it."""

    number: int
    kept: int
    owed: int


class _Cell(NamedTuple):
    id: int
    code: str
    name: str
    founded_on: dt.date
    dissolved_on: dt.date | None


class _Held(NamedTuple):
    id: int
    held_on: dt.date
    counted: int
    present: int


class _Lived(NamedTuple):
    """A cell with its meetings by month (in order of days) and its waivers by month."""

    cell: _Cell
    regular: Mapping[int, list[_Held]]
    thematic: list[_Held]
    waivers: Mapping[int, int]

    def duty(self, year: int, month: int) -> meeting_duty.Duty:
        """What the month is to the cell."""
        return _duty(self.cell.founded_on, self.cell.dissolved_on, year, month, month in self.waivers)

    def has_kept(self, year: int, month: int) -> bool:
        """Whether the cell met as often as the month asks."""
        held = len(self.regular.get(month, ()))
        return held > 0 and held >= _needed(year, month)


#: The rules are pure, and a board asks them four hundred times.
_duty = functools.cache(meeting_duty.month_duty)
_needed = functools.cache(meeting_duty.regular_needed)
_reached = functools.cache(quorum_reached)
_owes_thematic = functools.cache(meeting_duty.owes_thematic_meeting)
is_late = functools.cache(meeting_duty.is_late)


def last_day(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, monthrange(year, month)[1])


def common_day(year: int, month: int) -> dt.date:
    """The day on which all cells meet in that month, or today while that is still to come."""
    rule = LAW.find("meeting.day", dt.date(year, month, 1))
    return min(dt.date(year, month, rule.required if rule else 1), clock.today())


# -- what is read -----------------------------------------------------------------------------------------------------


def _cells(actor: Actor, first: dt.date, last: dt.date, unit: Place | None) -> list[_Cell]:
    query = (
        visible(Unit, actor)
        .with_only_columns(Unit.id, Unit.code, Unit.name, Unit.founded_on, Unit.dissolved_on)
        .where(Unit.kind.in_(CELLS), Unit.founded_on <= last)
        .where(sa.or_(Unit.dissolved_on.is_(None), Unit.dissolved_on > first))
        .order_by(Unit.kind, Unit.name_sort, Unit.id)
    )
    if unit is not None:
        query = query.where(unit.inside())
    return [_Cell(*row) for row in db.session.execute(query)]


def _meetings(
    actor: Actor, first: dt.date, last: dt.date, unit: Place | None
) -> tuple[dict[int, dict[int, list[_Held]]], dict[int, list[_Held]]]:  # fmt: skip
    """Cell -> month -> its regular meetings, and cell -> its thematic ones, each by day; the quorum of the regular ones."""
    line = sa.and_(MeetingAttendance.meeting_id == Meeting.id, MeetingAttendance.is_counted, Meeting.kind == MeetingKind.REGULAR)
    query = (
        visible(Meeting, actor)
        .outerjoin(MeetingAttendance, line)
        .with_only_columns(
            Meeting.unit_id, Meeting.kind, Meeting.id, Meeting.held_on, sa.func.count(MeetingAttendance.id),
            sa.func.count(sa.case((MeetingAttendance.status == Attendance.PRESENT, 1))),
        )
        .where(Meeting.kind.in_((MeetingKind.REGULAR, MeetingKind.THEMATIC)), Meeting.held_on.between(first, last))
        .group_by(Meeting.id, Meeting.unit_id, Meeting.kind, Meeting.held_on)
        .order_by(Meeting.held_on, Meeting.id)
    )  # fmt: skip
    if unit is not None:
        query = query.where(Meeting.unit_id.in_(below(unit)))
    regular: dict[int, dict[int, list[_Held]]] = {}
    thematic: dict[int, list[_Held]] = {}
    for unit_id, kind, meeting_id, held_on, counted, present in db.session.execute(query):
        held = _Held(meeting_id, held_on, counted, present)
        if kind is MeetingKind.REGULAR:
            regular.setdefault(unit_id, {}).setdefault(held.held_on.month, []).append(held)
        else:
            thematic.setdefault(unit_id, []).append(held)
    return regular, thematic


def _waivers(actor: Actor, year: int, unit: Place | None) -> dict[int, dict[int, int]]:
    """Cell -> month -> its waiver."""
    query = visible(MeetingWaiver, actor).with_only_columns(MeetingWaiver.unit_id, MeetingWaiver.month, MeetingWaiver.id)
    query = query.where(MeetingWaiver.year == year)
    if unit is not None:
        query = query.where(MeetingWaiver.unit_id.in_(below(unit)))
    found: dict[int, dict[int, int]] = {}
    for unit_id, month, waiver_id in db.session.execute(query):
        found.setdefault(unit_id, {})[month] = waiver_id
    return found


def _lived(actor: Actor, first: dt.date, last: dt.date, unit: Place | None = None) -> list[_Lived]:
    """The visible cells that lived on some day between two days of one year, with what they held and need not hold then."""
    regular, thematic = _meetings(actor, first, last, unit)
    waivers = _waivers(actor, first.year, unit)
    return [
        _Lived(cell, regular.get(cell.id, {}), thematic.get(cell.id, []), waivers.get(cell.id, {}))
        for cell in _cells(actor, first, last, unit)
    ]


# -- the board --------------------------------------------------------------------------------------------------------


def _month(lived: _Lived, year: int, number: int, on: dt.date) -> Month:
    held = lived.regular.get(number)
    duty = lived.duty(year, number)
    owed = duty == "owed"
    waiver_id = lived.waivers.get(number) if duty == "waived" else None
    if held is not None and (not owed or lived.has_kept(year, number)):
        first = held[0]
        late = is_late(first.held_on)
        few = _reached(first.present, first.counted, first.held_on) is False
        return Month(number, "quorum" if few else "late" if late else "held", first.id, first.held_on, late, waiver_id, owed)
    if duty == "waived":
        return Month(number, "waived", waiver_id=waiver_id)
    if duty == "none" or on < dt.date(year, number, 1):
        return Month(number, "none", is_owed=owed)
    return Month(number, "missing" if last_day(year, number) < on else "due", is_owed=owed)


def _quarter(lived: _Lived, year: int, number: int, on: dt.date) -> Quarter:
    held = [one for one in lived.thematic if meeting_duty.quarter_of(one.held_on) == (year, number)]
    lacking = meeting_duty.thematic_missing([one.held_on for one in held], year, number)
    if held and not lacking:
        return Quarter(number, "held", held[0].id, held[0].held_on)
    owes = _owes_thematic(lived.cell.founded_on, lived.cell.dissolved_on, year, number, frozenset(lived.waivers))
    if not owes or on < dt.date(year, meeting_duty.months_of(number)[0], 1):
        return Quarter(number, "none")
    return Quarter(number, "missing" if meeting_duty.quarter_end(year, number) < on else "due")


def board(actor: Actor, year: int, on: dt.date | None = None, unit: Place | None = None) -> list[BoardRow]:
    """The year of every visible cell, month by month, as seen on the day `on` (today); three statements.

    A month that the committee waived is not owed, and counts neither as kept nor as missed, even where a meeting was held in it.
    A meeting without quorum is marked, and still keeps its month: no source that was read gives ordinary cell meetings a quorum
    (`meeting.quorum_share` is unverified), so it may warn and takes nothing from anybody. The law of the meeting's day governs.
    """
    on = on or clock.today()
    ended = [number for number in range(1, 13) if last_day(year, number) <= on]
    rows = []
    for lived in _lived(actor, dt.date(year, 1, 1), dt.date(year, 12, 31), unit):
        owed = [number for number in ended if lived.duty(year, number) == "owed"]
        rows.append(
            BoardRow(
                lived.cell.id, lived.cell.code, lived.cell.name,
                tuple(_month(lived, year, number, on) for number in range(1, 13)),
                tuple(_quarter(lived, year, number, on) for number in range(1, 5)),
                len(owed), sum(lived.has_kept(year, number) for number in owed),
            )
        )  # fmt: skip
    return rows


def totals(rows: Iterable[BoardRow]) -> list[Total]:
    """Month by month over the rows: those that met, of those that owe the month. The running month counts, none to come does."""
    kept, owed = [0] * 12, [0] * 12
    for row in rows:
        for month in row.months:
            if month.is_owed and month.state != "none":
                owed[month.number - 1] += 1
                kept[month.number - 1] += month.meeting_id is not None
    return [Total(number, kept[number - 1], owed[number - 1]) for number in range(1, 13)]


def year_of(actor: Actor, unit: Unit, year: int, on: dt.date | None = None) -> BoardRow | None:
    """The year of one cell, for its page; None for a unit that is no cell or did not live in that year."""
    return next((row for row in board(actor, year, on, unit) if row.unit_id == unit.id), None)


def year_strip(actor: Actor, unit: Unit, year: int, on: dt.date | None = None) -> tuple[Month, ...]:
    """The twelve months of one cell; empty for a unit that is no cell or did not live in that year."""
    found = year_of(actor, unit, year, on)
    return found.months if found is not None else ()


def cells_keeping(actor: Actor, year: int, on: dt.date, unit: Place | None = None) -> tuple[sa.Select[Any], sa.Select[Any], list[str]]:
    """Target 21e: (ids of cells with a regular meeting in every owed month, ids of cells that owe one, what lacks).

    Only months that ended by `on` are judged; a month is owed by a cell that lived through all of it and was not freed of it.
    Where no month is owed, or not one regular meeting of the year is on record, the figure is not 0 but unknown, and the third
    part says so.
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


# -- what is due ------------------------------------------------------------------------------------------------------


class Due(NamedTuple):
    """A cell that has no regular meeting on record yet this month; overdue after the month's first week."""

    unit_id: int
    code: str
    name: str
    month: int
    year: int
    is_overdue: bool


def due(actor: Actor, day: dt.date) -> list[Due]:
    """The visible cells that owe this month's regular meeting and have none on record; three statements."""
    return [Due(*lived.cell[:3], day.month, day.year, is_late(day)) for lived in _lacking(actor, day.year, day.month)]


def _lacking(actor: Actor, year: int, month: int) -> list[_Lived]:
    return [
        lived
        for lived in _lived(actor, dt.date(year, month, 1), last_day(year, month))
        if lived.duty(year, month) == "owed" and not lived.has_kept(year, month)
    ]


def cells_since(actor: Actor, first: dt.date) -> list[tuple[str, str]]:
    """Code and name of the visible cells that lived on that day or later, by kind and name."""
    return [(cell.code, cell.name) for cell in _cells(actor, first, clock.today(), None)]


class Late(NamedTuple):
    """A cell to be reminded, and its secretary's name where it has one."""

    unit_id: int
    code: str
    name: str
    secretary: str | None


def late_cells(actor: Actor, year: int, month: int, on: dt.date) -> list[Late]:
    """The visible cells that owe that month's regular meeting, have none on record, live on the day `on` and are late then.

    Late is who lets the month end, or, where the law names a last day, lets that day pass. The secretary is that of the day `on`.
    """
    if on < dt.date(year, month, 1) or (on <= last_day(year, month) and not is_late(on)):
        return []
    lacking = [one.cell for one in _lacking(actor, year, month) if one.cell.dissolved_on is None or on < one.cell.dissolved_on]
    secretaries = members.officers(actor, on) if lacking else {}
    return [Late(cell.id, cell.code, cell.name, secretaries.get(cell.id)) for cell in lacking]
