"""The section on the targets, and the lists of everybody behind each of them, from the very selects that were counted.

Names of people stand in a list only for whoever may export members, those of officials for whoever may also read the register of
staff; others get the figures alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ..access import Actor, Permission
from ..meetings import board_queries as meetings
from ..org.models import Unit
from ..tables import Column, Row, Table
from ..targets import chart_queries
from ..targets import queries as targets
from ..targets.measures import MEASURES, TERM, Kind, Measure
from ..targets.queries import Line, Result, Side
from .pack import Picture, Roster, RosterRow, Section, shared
from .pack_section_queries import CELL, picture, year_before

MET = {True: "Đạt", False: "Chưa đạt", None: "Chưa đủ số liệu"}
#: What a list of one kind takes besides the right to read targets.
NAMES_TAKE: dict[Kind, tuple[Permission, ...]] = {
    Kind.UNITS: (),
    Kind.ORGANISATIONS: (),
    Kind.PEOPLE: (Permission.MEMBERS_READ, Permission.MEMBERS_EXPORT),
    Kind.OFFICIALS: (Permission.MEMBERS_READ, Permission.MEMBERS_EXPORT, Permission.STAFF_READ),
}


def results(actor: Actor, year: int, day: dt.date, unit: Unit) -> list[Result]:
    """Every target of the year, the admissions of the term at the end."""
    term = targets.term_result(actor, year, day, unit)
    return targets.evaluate(actor, year, day, unit) + ([term] if term is not None else [])


def aims(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """Every target with part, whole, value and what was asked for, against the year before; and who stands behind it."""
    found = results(actor, year, day, unit)
    before = {one.no: one for one in targets.evaluate(actor, year - 1, year_before(day), unit)}
    lines, rows, gaps = [], [], []
    for one in found:
        last = before[one.no].value if one.no in before else None
        threshold = one.aim_text
        number = "Nhiệm kỳ" if one.no == TERM else one.no
        name = one.name if one.no == TERM else f"Chỉ tiêu {one.no}: {one.name}"
        lines.append(shared(f"target.{one.no}", name, one.part, one.whole, one.value, last, threshold=threshold, met=one.met))
        rows.append(Row((number, one.name, one.part, one.whole, one.value, threshold, MET[one.met], last)))
        gaps += [f"Chưa đủ số liệu, chỉ tiêu {number}: {text}." for text in one.missing]
    silent = [one.no for one in found if one.no != TERM and (one.no not in before or before[one.no].value is None)]
    if silent:
        gaps.append(f"Chưa đủ số liệu để so sánh với cùng kỳ năm trước: chỉ tiêu {', '.join(silent)}.")
    columns = [
        Column("no", "Số", width=10), Column("name", "Chỉ tiêu", width=56), Column("part", "Tử số", "number"),
        Column("whole", "Mẫu số", "number"), Column("value", "Kết quả (%)", "percent"), Column("threshold", "Mức chỉ tiêu", width=14),
        Column("met", "Đánh giá", width=18), Column("last", f"Năm {year - 1} (%)", "percent"),
    ]  # fmt: skip
    table = Table(f"Chỉ tiêu xây dựng Đảng năm {year}", columns, rows)
    rosters = [made for one in found if (made := roster(actor, one, year, day, unit)) is not None]
    drawn = _drawn(actor, {one.no: one for one in found}, year, day, unit)
    return Section("targets", "Kết quả thực hiện chỉ tiêu", tuple(lines), (table,), drawn, tuple(gaps), tuple(rosters))


def _drawn(actor: Actor, found: Mapping[str, Result], year: int, day: dt.date, unit: Unit) -> tuple[Picture, ...]:
    """The members rated well over the years, and the year's admissions against the pace that the target asks for."""
    by_measure = {one.counts: one for one in reversed(list(found.values()))}
    drawn: list[Picture] = []
    if rated := by_measure.get("21b"):
        drawn += picture(chart_queries.over_the_years(actor, targets.measure(actor, rated.no, year, day, unit), rated, unit))
    if admitted := by_measure.get("22"):
        drawn += picture(chart_queries.pace(targets.measure(actor, admitted.no, year, day, unit), admitted))
    return tuple(drawn)


def may_name(actor: Actor, kind: Kind, unit: Unit) -> bool:
    """Whether the reader may take a list of that kind out of the register, for all of the unit."""
    return all(actor.using(one).reach().covers(unit.path) for one in names_take(kind))


def names_take(kind: Kind) -> tuple[Permission, ...]:
    """The permissions that a list of that kind takes; of a kind that nobody thought of, as many as any."""
    return NAMES_TAKE.get(kind, NAMES_TAKE[Kind.OFFICIALS])


def roster(actor: Actor, result: Result, year: int, day: dt.date, unit: Unit) -> Roster | None:
    """Everybody behind a target; None where the reader may not have the names, or the target's figures were entered and name nobody."""
    if result.counts not in MEASURES and result.counts != TERM:
        return None
    measure = targets.measure(actor, result.no, year, day, unit)
    if not may_name(actor, measure.kind, unit):
        return None
    part = targets.listing(actor, measure, Side.PART, year)
    whole = targets.listing(actor, measure, Side.WHOLE, year) if measure.whole is not None else []
    lacks = targets.listing(actor, measure, Side.MISSING, year) if measure.lacking is not None else []
    counted_, inside = {one.id for one in part}, {one.id for one in whole}
    columns, cells = _shape(actor, measure, year, day, unit)
    beyond = [one for one in part if one.id not in inside]
    rows = [RosterRow(cells(one), one.id in counted_, True) for one in whole]
    rows += [RosterRow(cells(one), True, False) for one in beyond]
    rows += [RosterRow(cells(one), False, False, lacks=True) for one in lacks]
    table = Table(f"{result.no} {result.name}", columns, [Row(row.cells) for row in rows])
    goal = result.whole if measure.whole is None else None
    return Roster(result.no, measure.kind, table, tuple(rows), result.part, result.whole, goal, result.counts)


_Shape = tuple[list[Column], Callable[[Line], tuple[Any, ...]]]


def _shape(actor: Actor, measure: Measure, year: int, day: dt.date, unit: Unit) -> _Shape:
    """The columns of a list, and the cells of one line of it."""
    if measure.counts == "21e":
        board = {row.unit_id: row for row in meetings.board(actor, year, day, unit)}
        return (
            [CELL, Column("kind", "Loại hình", width=28), Column("owed", "Tháng phải sinh hoạt", "number"),
             Column("kept", "Đã sinh hoạt", "number")],
            lambda line: (line.name, line.place, board[line.id].owed, board[line.id].kept),
        )  # fmt: skip
    if measure.sizes is not None:
        columns = [CELL, Column("kind", "Loại hình", width=28), Column("fact", "Số người giữ chức vụ", "number")]
        return columns, lambda line: (line.name, line.place, line.fact)
    if measure.kind is Kind.UNITS:
        columns = [CELL, Column("kind", "Loại hình", width=28), Column("fact", "Xếp loại", width=30)]
        return columns, lambda line: (line.name, line.place, line.fact)
    if measure.kind is Kind.ORGANISATIONS:
        columns = [Column("name", "Tổ chức", width=40), Column("kind", "Loại", width=24), Column("fact", "Xếp loại", width=30)]
        return columns, lambda line: (line.name, line.place, line.fact)
    if measure.kind is Kind.OFFICIALS:
        return (
            [Column("name", "Họ và tên", width=30), Column("kind", "Loại", width=24), Column("post", "Chức vụ, vị trí", width=34),
             Column("fact", "Xếp loại", width=30)],
            lambda line: (line.name, line.place, line.key, line.fact),
        )  # fmt: skip
    person = [Column("name", "Họ và tên", width=30), Column("born_on", "Ngày sinh", "date"), CELL]
    if measure.days is not None:
        fact = Column("fact", "Ngày học xong", "date")
    elif measure.of_admissions:
        fact = Column("fact", "Ngày quyết định kết nạp", "date", 18)
    else:
        fact = Column("fact", "Xếp loại", width=30)
    return [*person, fact], lambda line: (line.name, line.born_on, line.place, line.fact)
