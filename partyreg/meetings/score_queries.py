"""What we ask about scores: the facts that a score rests on, the scores of a meeting, and the year of every cell."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from .. import clock
from ..access import Actor
from ..db import db
from ..org.models import CELLS, Unit
from ..org.scope import one as the_one
from ..org.scope import visible
from ..rulebook.book import LAW
from ..rulebook.meeting import Kind, ScoreBand
from ..rulebook.meeting_duty import owes_thematic_meeting, quarter_of
from ..rulebook.meeting_score import ScoreFacts, band_of, sheet_on
from .models import Attendance, Meeting, MeetingAttendance, MeetingKind, MeetingScore, MeetingWaiver, Scorer

#: The law has no sheet before this year.
FIRST_YEAR = LAW.timeline("meeting.score_sheet").provisions[0].since.year

#: A day's sheet is the same for everybody, and a year's page asks for it at every meeting.
sheet_of_day = functools.cache(sheet_on)


def first_sheet() -> dt.date:
    """The first day of the law's first sheet; meetings before it are not scored."""
    return LAW.timeline("meeting.score_sheet").provisions[0].since


def meeting(actor: Actor, meeting_id: int) -> tuple[Meeting, Unit]:
    """One visible meeting and its cell. Raises NotVisible."""
    row = the_one(Meeting, actor, Meeting.id == meeting_id)
    return row, db.session.get_one(Unit, row.unit_id)


def facts_of(meeting: Meeting) -> ScoreFacts:
    """What the register knows of a meeting that the caller has been shown; two statements and its cell."""
    other = aliased(Meeting)
    year, quarter = quarter_of(meeting.held_on)
    first, after = dt.date(year, 3 * quarter - 2, 1), dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    lines = sa.select(sa.func.count()).where(MeetingAttendance.meeting_id == meeting.id)
    thematic = sa.exists().where(other.unit_id == meeting.unit_id, other.kind == MeetingKind.THEMATIC)
    present, whole, same_day, in_quarter = db.session.execute(
        sa.select(
            lines.where(MeetingAttendance.status == Attendance.PRESENT).scalar_subquery(),
            lines.where(MeetingAttendance.status != Attendance.EXEMPT).scalar_subquery(),
            thematic.where(other.held_on == meeting.held_on).label("same_day"),
            thematic.where(other.held_on >= first, other.held_on < after).label("in_quarter"),
        )
    ).one()
    cell = db.session.get_one(Unit, meeting.unit_id)
    waived = sa.select(MeetingWaiver.month).where(MeetingWaiver.unit_id == cell.id, MeetingWaiver.year == year)
    owes = owes_thematic_meeting(cell.founded_on, cell.dissolved_on, year, quarter, db.session.scalars(waived).all())
    return ScoreFacts(
        kind=Kind(meeting.kind.value), held_on=meeting.held_on, present=present, whole=whole, minutes=meeting.minutes_long,
        with_thematic=bool(same_day), thematic_this_quarter=bool(in_quarter), owes_thematic=owes,
        recorded_on=meeting.logged_at.astimezone(clock.OFFICE_ZONE).date(), documents_on=meeting.documents_on,
    )  # fmt: skip


def scores(meeting_id: int) -> dict[Scorer, MeetingScore]:
    """The scores of a meeting that the caller has been shown, by who gave them; one statement."""
    query = sa.select(MeetingScore).where(MeetingScore.meeting_id == meeting_id)
    found = db.session.scalars(query.execution_options(populate_existing=True))  # a deed asks again once it holds the meeting
    return {row.scorer: row for row in found}


def read(points: str) -> dict[str, Decimal]:
    """The points as they were stored: key of the line -> points."""
    return json.loads(points, parse_float=Decimal, parse_int=Decimal)  # type: ignore[no-any-return]


# -- the year ---------------------------------------------------------------------------------------------------------


class Mark(NamedTuple):
    """One scored meeting: the committee's total where it gave one, else the cell's."""

    meeting_id: int
    held_on: dt.date
    kind: MeetingKind
    total: Decimal
    by_committee: bool
    band: ScoreBand | None


class CellYear(NamedTuple):
    """A cell's year: its scored meetings in order, the average and its band, and what the year before had.

    `unscored` are the regular and thematic meetings that a sheet was in force for and nobody scored.
    """

    code: str
    name: str
    marks: tuple[Mark, ...]
    average: Decimal | None
    band: ScoreBand | None
    before: Decimal | None
    unscored: tuple[tuple[int, dt.date], ...]

    @property
    def change(self) -> Decimal | None:
        """Points more than in the year before; None where one of the two has no average."""
        return self.average - self.before if self.average is not None and self.before is not None else None

    @property
    def months(self) -> list[Decimal | None]:
        """The average of each of the twelve months; None for a month without score."""
        return [mean(mark.total for mark in self.marks if mark.held_on.month == number) for number in range(1, 13)]


def mean(totals: Iterable[Decimal]) -> Decimal | None:
    """The average with two decimals, half up; None of nothing."""
    known = list(totals)
    return (sum(known, Decimal(0)) / len(known)).quantize(Decimal("0.01"), ROUND_HALF_UP) if known else None


def year(actor: Actor, number: int, today: dt.date) -> list[CellYear]:
    """The scores of every visible cell that lived in the year, by name; two statements however many meetings there are."""
    first, last = dt.date(number, 1, 1), dt.date(number, 12, 31)
    cells = (
        visible(Unit, actor)
        .with_only_columns(Unit.id, Unit.code, Unit.name)
        .where(Unit.kind.in_(CELLS), Unit.founded_on <= last, sa.or_(Unit.dissolved_on.is_(None), Unit.dissolved_on > first))
        .order_by(Unit.kind, Unit.name_sort, Unit.id)
    )
    own, theirs = aliased(MeetingScore), aliased(MeetingScore)
    meetings = (
        visible(Meeting, actor)
        .outerjoin(own, sa.and_(own.meeting_id == Meeting.id, own.scorer == Scorer.CELL))
        .outerjoin(theirs, sa.and_(theirs.meeting_id == Meeting.id, theirs.scorer == Scorer.COMMITTEE))
        .with_only_columns(Meeting.unit_id, Meeting.id, Meeting.held_on, Meeting.kind, own.total, theirs.total)
        .where(Meeting.held_on.between(dt.date(number - 1, 1, 1), last))
        .order_by(Meeting.held_on, Meeting.id)
    )
    marks: dict[int, list[Mark]] = {}
    before: dict[int, list[Decimal]] = {}
    unscored: dict[int, list[tuple[int, dt.date]]] = {}
    for unit_id, meeting_id, held_on, kind, cells_total, committees in db.session.execute(meetings):
        total = cells_total if committees is None else committees
        if held_on.year < number:
            before.setdefault(unit_id, []).extend([] if total is None else [total])
        elif total is not None:
            mark = Mark(meeting_id, held_on, kind, total, committees is not None, band_of(total, held_on))
            marks.setdefault(unit_id, []).append(mark)
        elif kind is not MeetingKind.EXTRAORDINARY and sheet_of_day(held_on) is not None:
            unscored.setdefault(unit_id, []).append((meeting_id, held_on))
    rows = []
    for unit_id, code, name in db.session.execute(cells):
        average = mean(mark.total for mark in marks.get(unit_id, ()))
        band = band_of(average, min(last, today)) if average is not None else None
        rows.append(
            CellYear(
                code, name, tuple(marks.get(unit_id, ())), average, band, mean(before.get(unit_id, ())), tuple(unscored.get(unit_id, ()))
            )
        )
    return rows


def bands(day: dt.date) -> tuple[list[tuple[Decimal, ScoreBand]], str]:
    """The bands of a day from the highest, each with the points it begins at, and where they stand; nothing where none were in force."""
    rule = LAW.find("meeting.score_bands", day)
    if rule is None:
        return [], ""
    return sorted(((Decimal(str(rule.required[band.name])), band) for band in ScoreBand), reverse=True), rule.citation.text
