"""The section on the targets, and the lists of everybody behind each of them, from the very selects that were counted.

Names of people stand in a list only for whoever may export members, those of officials for whoever may also read the register of
staff; others get the figures alone.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ..access import Actor, Permission
from ..db import db
from ..i18n import fmt_number, label
from ..meetings import board_queries as meetings
from ..members.models import Body, Position, Title
from ..org.former_queries import is_commune
from ..org.models import Unit
from ..org.scope import visible
from ..resolutions.queries import book
from ..rulebook.targets import State, numbers
from ..tables import Column, Row, Table
from ..targets import chart_queries, entry_queries
from ..targets import queries as targets
from ..targets.entry_queries import Entered
from ..targets.measures import MEASURES, STAFF, TERM, Kind, Measure
from ..targets.queries import Line, Result, Side
from ..training import coverage_queries as training
from .pack import Line as PackLine
from .pack import Picture, Roster, RosterRow, Section, counted, sentence, shared
from .pack_section_queries import CELL, picture, year_before

MET = {True: "Đạt", False: "Chưa đạt", None: "Chưa đủ số liệu"}
LATER = "Chưa đến hạn"
COMMUNES = "Giao cho cả xã"
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
    """Every counted target of the year that is the unit's, the admissions of the term at the end.

    Those of organisations and officials are the commune's, so less than the commune has none.
    """
    term = targets.term_result(actor, year, day, unit)
    found = targets.evaluate(actor, year, day, unit) + ([term] if term is not None else [])
    return [one for one in found if is_commune(unit) or one.kind not in STAFF]


def entered_beside(actor: Actor, found: Sequence[Result], year: int, day: dt.date, unit: Unit) -> list[Entered]:
    """The entered parts of the targets of which other parts are counted: 24b beside 24a. The values are the commune's alone."""
    if not is_commune(unit) or not entry_queries.sees_commune(actor):
        return []
    counted_ = {_stem(one.no) for one in found}
    return [one for one in entry_queries.entered(actor, year, day) if _stem(one.no) in counted_]


def _stem(no: str) -> str:
    return re.sub(r"\D.*", "", no)


@dataclasses.dataclass(slots=True)
class _Told:
    """What the section says, target by target."""

    lines: list[PackLine] = dataclasses.field(default_factory=list)
    rows: list[Row] = dataclasses.field(default_factory=list)
    gaps: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    silent: list[str] = dataclasses.field(default_factory=list)


def aims(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """Every target with part, whole, value and what was asked for, against the year before; and who stands behind it."""
    found = results(actor, year, day, unit)
    earlier = year_before(day)
    before = {(one.no, one.counts): one for one in targets.compared(actor, year - 1, earlier, unit)}
    entered = entered_beside(actor, found, year, day, unit)
    was = {(one.no, one.unit): one for one in entry_queries.entered(actor, year - 1, earlier)} if entered else {}
    told = _Told()
    order = {no: place for place, no in enumerate(numbers(book()))}
    wanted: list[Result | Entered] = [*found, *entered]
    for one in sorted(wanted, key=lambda one: order.get(one.no, len(order))):
        if isinstance(one, Entered):
            _entered(told, one, was.get((one.no, one.unit)))
        elif one.no == TERM and not is_commune(unit):
            _term_of_a_part(told, one)
        else:
            _counted(told, one, before.get((one.no, one.counts)))
    if told.silent:
        told.gaps.append(f"Chưa đủ số liệu để so sánh với năm trước: chỉ tiêu {', '.join(told.silent)}.")
    if not is_commune(unit):
        told.notes.append("Chỉ tiêu về tổ chức chính trị - xã hội và về cán bộ, công chức chỉ tính cho cả xã.")
    columns = [
        Column("no", "Số", width=10), Column("name", "Chỉ tiêu", width=56), Column("part", "Tử số", "number"),
        Column("whole", "Mẫu số", "number"), Column("value", "Kết quả (%)", "percent"), Column("threshold", "Mức chỉ tiêu", width=14),
        Column("met", "Đánh giá", width=18), Column("last", f"Năm {year - 1} (%)", "percent"),
    ]  # fmt: skip
    table = Table(f"Chỉ tiêu xây dựng Đảng năm {year}", columns, told.rows)
    rosters = [made for one in found if (made := roster(actor, one, year, day, unit)) is not None]
    drawn = _drawn(actor, {one.no: one for one in found}, year, day, unit)
    return Section(
        "targets", "Kết quả thực hiện chỉ tiêu", tuple(told.lines), (table,), drawn, tuple(told.gaps), tuple(rosters), tuple(told.notes)
    )


def _counted(told: _Told, one: Result, last: Result | None) -> None:
    """A share of the few whose data there are says nothing of the year, so nothing is compared with it."""
    was = last.value if last is not None and not last.is_partial else None
    than = f"năm {last.period}" if last is not None and last.counts in targets.OF_A_YEAR else "cùng kỳ năm trước"
    later = entry_queries.not_due(one)
    number = "Nhiệm kỳ" if one.no == TERM else one.no
    name = one.name if one.no == TERM else f"Chỉ tiêu {one.no}: {one.name}"
    told.lines.append(
        shared(f"target.{one.no}", name, one.part, one.whole, one.value, was, than=than, threshold=one.aim_text, met=one.met, later=later)
    )  # fmt: skip
    judged = LATER if later else MET[one.met]
    told.rows.append(Row((number, one.name, one.part, one.whole, one.value, one.aim_text, judged, was)))
    told.gaps += [sentence(f"Chưa đủ số liệu, chỉ tiêu {number}: {text}") for text in one.missing]
    if was is None and one.no != TERM:
        lacks = f" (năm {last.period} còn {fmt_number(last.lacking)} chưa có kết quả)" if last is not None and last.lacking else ""
        told.silent.append(f"{one.no}{lacks}")


def _term_of_a_part(told: _Told, one: Result) -> None:
    """The number was set for the whole commune: a cell has a count of it and owes nothing."""
    name = f"Kết nạp đảng viên trong nhiệm kỳ {one.period}"
    told.lines.append(counted(f"target.{one.no}", name, one.part))
    told.rows.append(Row(("Nhiệm kỳ", one.name, one.part, None, None, None, COMMUNES, None)))
    told.notes += [sentence(text) for text in one.missing]


def _entered(told: _Told, one: Entered, last: Entered | None) -> None:
    """A share that was entered stands among the counted ones; of another unit it is said in a sentence, for it is no percent."""
    aim = one.rule_text
    if one.entry is None:
        told.gaps.append(f"Chưa đủ số liệu, chỉ tiêu {one.no}: chưa nhập số liệu.")
    else:
        told.notes.append(sentence(f"Chỉ tiêu {one.no}: số nhập tay, nguồn: {one.entry.source}, {one.entry.paper}"))
    if not one.unit.startswith("percent"):
        value = one.value_text or "chưa nhập số liệu"
        told.notes.append(sentence(f"Chỉ tiêu {one.no}: {one.label}: {value}" + (f"; mức chỉ tiêu {aim}" if aim else "")))
        return
    # A mean of years is compared with no other mean: both hold the same years.
    was = last.value if last is not None and last.entry is not None and not (one.rule and one.rule.period == "MEAN") else None
    later = one.state is State.NOT_DUE
    told.lines.append(
        shared(f"target.{one.no}", f"Chỉ tiêu {one.no}: {one.label}", None, None, one.value, was, threshold=aim or None, met=one.met,
               later=later)
    )  # fmt: skip
    told.rows.append(Row((one.no, one.label, None, None, one.value, aim or None, LATER if later else MET[one.met], was)))
    if was is None:
        told.silent.append(one.no)


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
