"""The section on the targets, and the lists of everybody behind each of them, from the very selects that were counted.

Names of people stand in a list only for whoever may export members, those of officials for whoever may also read the register of
staff; others get the figures alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from ..access import Actor, Permission
from ..db import db
from ..i18n import label
from ..meetings import board_queries as meetings
from ..members.models import Body, Position, Title
from ..org.models import Unit
from ..org.scope import visible
from ..tables import Column, Row, Table
from ..targets import chart_queries, entry_queries
from ..targets import queries as targets
from ..targets.measures import MEASURES, TERM, Kind, Measure
from ..targets.queries import Line, Result, Side
from ..training import coverage_queries as training
from .pack import Picture, Roster, RosterRow, Section, shared
from .pack_section_queries import CELL, picture, year_before

MET = {True: "Đạt", False: "Chưa đạt", None: "Chưa đủ số liệu"}
LATER = "Chưa đến hạn"
#: Measure -> the posts whose holders owe a class.
_POSTS = {"23b": training.VILLAGE_POSTS, "25b": training.OFFICE_POSTS}
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
        later = entry_queries.not_due(one)
        number = "Nhiệm kỳ" if one.no == TERM else one.no
        name = one.name if one.no == TERM else f"Chỉ tiêu {one.no}: {one.name}"
        lines.append(shared(f"target.{one.no}", name, one.part, one.whole, one.value, last, threshold=threshold, met=one.met, later=later))
        judged = LATER if later else MET[one.met]
        rows.append(Row((number, one.name, one.part, one.whole, one.value, threshold, judged, last)))
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
    """All targets against their marks, the members rated well over the years, the year's admissions against the pace needed."""
    by_measure = {one.counts: one for one in reversed(list(found.values()))}
    drawn = [*picture(chart_queries.sheet(f"Kết quả các chỉ tiêu năm {year} so với mức đề ra", list(found.values())))]
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
    columns, cells, on_paper = _shape(actor, measure, year, day, unit)
    beyond = [one for one in part if one.id not in inside]
    rows = [RosterRow(cells(one), one.id in counted_, True) for one in whole]
    rows += [RosterRow(cells(one), True, False) for one in beyond]
    rows += [RosterRow(cells(one), False, False, lacks=True) for one in lacks]
    table = Table(f"{result.no} {result.name}", columns, [Row(row.cells) for row in rows])
    goal = result.whole if measure.whole is None else None
    return Roster(result.no, measure.kind, table, tuple(rows), result.part, result.whole, goal, result.counts, on_paper)


_OnPaper = tuple[tuple[str, ...], tuple[str, ...]]
_Shape = tuple[list[Column], Callable[[Line], tuple[Any, ...]], _OnPaper]
#: All columns.
_ALL: _OnPaper = ((), ())


def _shape(actor: Actor, measure: Measure, year: int, day: dt.date, unit: Unit) -> _Shape:
    """The columns of a list, the cells of one line of it, and the columns for paper; what was counted can be counted again from it."""
    if measure.counts == "21e":
        board = {row.unit_id: row for row in meetings.board(actor, year, day, unit)}
        return (
            [CELL, Column("kind", "Loại hình", width=28), Column("owed", "Tháng phải sinh hoạt", "number"),
             Column("kept", "Đã sinh hoạt", "number")],
            lambda line: (line.name, line.place, board[line.id].owed, board[line.id].kept), _ALL,
        )  # fmt: skip
    if measure.sizes is not None:
        held = _offices(actor, measure)
        columns = [
            CELL, Column("kind", "Loại hình", width=28), Column("fact", "Số người giữ chức vụ", "number"),
            Column("secretaries", "Bí thư", "number"), Column("members", "Ủy viên", "number"),
        ]  # fmt: skip
        shown = ("cell", "secretaries", "members")
        return columns, lambda line: (line.name, line.place, line.fact, *held.get(line.id, (0, 0))), (shown, shown)
    if measure.kind is Kind.UNITS:
        columns = [CELL, Column("kind", "Loại hình", width=28), Column("fact", "Xếp loại", width=30)]
        return columns, lambda line: (line.name, line.place, line.fact), _ALL
    if measure.kind is Kind.ORGANISATIONS:
        columns = [Column("name", "Tổ chức", width=40), Column("kind", "Loại", width=24), Column("fact", "Xếp loại", width=30)]
        return columns, lambda line: (line.name, line.place, line.fact), _ALL
    if measure.kind is Kind.OFFICIALS:
        return (
            [Column("name", "Họ và tên", width=30), Column("kind", "Loại", width=24), Column("post", "Chức vụ, vị trí", width=34),
             Column("fact", "Xếp loại", width=30)],
            lambda line: (line.name, line.place, line.key, line.fact), _ALL,
        )  # fmt: skip
    person = [Column("name", "Họ và tên", width=30), Column("born_on", "Ngày sinh", "date"), CELL]
    if measure.days is not None:
        owed = training.owed(actor, _POSTS[measure.counts], year, measure.on, unit)

        def classes(line: Line) -> tuple[Any, ...]:
            posts = owed[line.id]
            done = "; ".join(label(post) for post, day in posts.items() if day is not None)
            left = "; ".join(label(post) for post, day in posts.items() if day is None)
            return line.name, line.born_on, line.place, "; ".join(map(label, posts)), done or None, left or None, line.fact

        columns = [
            *person, Column("owed", "Chức vụ phải học", width=34), Column("done", "Đã học xong", width=34),
            Column("left", "Chưa học", width=34), Column("fact", "Ngày học xong", "date"),
        ]  # fmt: skip
        shown = ("name", "born_on", "cell")
        return columns, classes, ((*shown, "fact"), (*shown, "left"))
    fact = Column("fact", "Ngày quyết định kết nạp", "date", 18) if measure.of_admissions else Column("fact", "Xếp loại", width=30)
    return [*person, fact], lambda line: (line.name, line.born_on, line.place, line.fact), _ALL


def _offices(actor: Actor, measure: Measure) -> dict[int, tuple[int, int]]:
    """Cell -> how many secretaries and members its committee has on the day."""
    titles = [sa.func.count().filter(Position.title == title) for title in (Title.SECRETARY, Title.MEMBER)]
    held = visible(Position, actor).with_only_columns(Position.unit_id, *titles)
    held = held.where(Position.body == Body.CELL_COMMITTEE, Position.holds(measure.on)).group_by(Position.unit_id)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(held)}
