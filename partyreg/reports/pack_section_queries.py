"""The sections on organisation and work: members and cells, admissions, meetings, ratings, training, staff and committee.

Each answers what its reader may see, counted by the area's own questions. The year before is seen on the same day of that year.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import sqlalchemy as sa

from .. import charts
from ..access import Actor
from ..db import db
from ..i18n import fmt_date, fmt_number, label, percentage
from ..meetings import board_queries as meetings
from ..members import queries as members
from ..members.models import Body, Member, Posting, PostingKind
from ..org import queries as org
from ..org.models import Unit, UnitKind
from ..ratings import chart_queries as rating_charts
from ..ratings import queries as ratings
from ..ratings.models import GOOD_OR_BETTER, Level
from ..rulebook.training import counting_day
from ..staff import queries as staff
from ..staff.models import OFFICIALS, ORGANISATIONS, StaffKind
from ..tables import Column, Row, Table
from ..targets import queries as targets
from ..targets.measures import MEASURES, Measure, admitted
from ..targets.queries import Side
from ..targets.structure import composition
from ..training import coverage_queries as training
from . import chart_queries, queries
from .pack import Line, Picture, Section, counted, incomparable, lacking, sentence, shared

NUMBER = Column("number", "STT", "number", 6)
#: The levels as a narrow column shows them.
SHORT = {Level.EXCELLENT: "Xuất sắc", Level.GOOD: "Tốt", Level.DONE: "Hoàn thành", Level.NOT_DONE: "Không hoàn thành"}
CELL = Column("cell", "Chi bộ", width=40)


#: How wide a chart is printed, in mm.
_WIDTH = 165


def picture(chart: charts.Chart | None) -> tuple[Picture, ...]:
    """A chart as a section carries it; none where there is nothing to draw."""
    return () if chart is None else (Picture(chart.title, charts.png(chart, _WIDTH), chart.text),)


def year_before(day: dt.date) -> dt.date:
    """The same day of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def had_members(actor: Actor, day: dt.date, unit: Unit) -> bool:
    """Whether the register has any member of the unit on the day: with an empty one nothing is compared."""
    return bool(db.session.scalar(sa.select(members.on_day(actor, day, unit).exists())))


def empty(day: dt.date) -> str:
    """Why nothing is compared with a day on which the register had nobody."""
    return f"Chưa đủ số liệu để so sánh: sổ chưa có đảng viên nào ngày {fmt_date(day)}."


def membership(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """Cells and members on the day, by cell, against the year before."""
    before = year_before(day)
    cells, former = org.cells(actor, day, unit), org.cells(actor, before, unit)
    now, then = members.counts_by_unit(actor, day), members.counts_by_unit(actor, before)
    total, full = (sum(now.get(cell.id, (0, 0))[n] for cell in cells) for n in (0, 1))
    last_total, last_full = (sum(then.get(cell.id, (0, 0))[n] for cell in former) for n in (0, 1))
    known = bool(last_total)
    kinds, last_kinds = Counter(cell.kind for cell in cells), Counter(cell.kind for cell in former)
    lines = [
        counted("members.total", "Tổng số đảng viên", total, last_total if known else None),
        counted("members.full", "Đảng viên chính thức", full, last_full if known else None),
        counted("members.probationary", "Đảng viên dự bị", total - full, last_total - last_full if known else None),
    ]
    if unit.kind is UnitKind.COMMUNE:
        lines += [
            counted(f"cells.{kind.value}", label(kind), kinds[kind], last_kinds[kind] if known else None)
            for kind in (UnitKind.GRASSROOTS_CELL, UnitKind.VILLAGE_CELL)
        ]
    columns = [
        NUMBER, CELL, Column("members", "Đảng viên", "number"), Column("full", "Chính thức", "number"),
        Column("probationary", "Dự bị", "number"), Column("before", f"Ngày {fmt_date(before)}", "number"),
        Column("change", "Tăng, giảm", "number"),
    ]  # fmt: skip
    rows = []
    living = {cell.id for cell in cells}
    # A cell that is no more keeps its line while it had members then, or the column would not add up to the commune's figure.
    gone = [cell for cell in former if cell.id not in living and then.get(cell.id)]
    for number, cell in enumerate([*cells, *gone], 1):
        all_now, full_now = now.get(cell.id, (0, 0)) if cell.id in living else (0, 0)
        was = then.get(cell.id, (0, 0))[0]
        name = cell.name if cell.id in living else f"{cell.name} (không còn hoạt động)"
        against = (was, all_now - was) if known else (None, None)
        rows.append(Row((number, name, all_now, full_now, all_now - full_now, *against)))
    title = f"Đảng viên theo chi bộ, ngày {fmt_date(day)}"
    table = Table(title, columns, rows, ("members", "full", "probationary", *(("before", "change") if known else ())))
    gaps = lacking("chi bộ không có đảng viên nào trong sổ", [cell.name for cell in cells if not now.get(cell.id)])
    if not known:
        gaps = (*gaps, empty(before))
    return Section("members", "Tổ chức đảng và đảng viên", tuple(lines), (table,), gaps=gaps)


def admissions(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """Those admitted in the year up to the day, month by month, against the year before."""
    before = year_before(day)
    now, then = (_by_month(actor, at, unit) for at in (day, before))
    total, last = sum(now.values()), sum(then.values())
    known = bool(last) or had_members(actor, before, unit)
    name = f"Kết nạp đảng viên từ ngày 01/01/{year} đến ngày {fmt_date(day)}"
    lines = [counted("admissions.year", name, total, last if known else None)]
    term = targets.term_result(actor, year, day, unit)
    if term is not None and term.whole:
        text = f"Kết nạp trong nhiệm kỳ {term.period}: {fmt_number(term.part)}/{fmt_number(term.whole)} đảng viên được giao."
        lines.append(Line("admissions.term", "Kết nạp trong nhiệm kỳ", term.part, text, part=term.part, whole=term.whole))
    columns = [
        NUMBER, Column("month", "Tháng", width=20), Column("now", f"Năm {year}", "number"), Column("then", f"Năm {year - 1}", "number"),
        Column("change", "Tăng, giảm", "number"),
    ]  # fmt: skip
    rows = []
    for month in range(1, day.month + 1):
        against = (then[month], now[month] - then[month]) if known else (None, None)
        rows.append(Row((month, f"Tháng {month}", now[month], *against)))
    table = Table(f"Kết nạp theo tháng quyết định, năm {year}", columns, rows, ("now", *(("then", "change") if known else ())))
    return Section("admissions", "Kết nạp đảng viên", tuple(lines), (table,), gaps=() if known else (empty(before),))


def _by_month(actor: Actor, day: dt.date, unit: Unit) -> Counter[int]:
    ids = admitted(actor, dt.date(day.year, 1, 1), day, day, unit)
    month = sa.extract("month", Member.decided_on)
    query = sa.select(month, sa.func.count()).where(Member.id.in_(ids)).group_by(month)
    return Counter({int(number): count for number, count in db.session.execute(query)})


def sittings(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """Regular and thematic meetings: owed, kept, late, missed, by cell."""
    rows, former = meetings.board(actor, year, day, unit), meetings.board(actor, year - 1, year_before(day), unit)
    owed, kept = (sum(getattr(row, name) for row in rows) for name in ("owed", "kept"))
    last_owed, last_kept = (sum(getattr(row, name) for row in former) for name in ("owed", "kept"))
    known = any(month.meeting_id for row in former for month in row.months)
    late = sum(month.is_late for row in rows for month in row.months)
    waived = sum(month.waiver_id is not None for row in rows for month in row.months)
    thematic = sum(quarter.state == "held" for row in rows for quarter in row.quarters)
    missing = sum(quarter.state == "missing" for row in rows for quarter in row.quarters)
    lines = (
        shared("meetings.kept", "Tháng có sinh hoạt định kỳ trên số tháng phải sinh hoạt", kept, owed, percentage(kept, owed),
               percentage(last_kept, last_owed) if known else None),
        counted("meetings.missed", "Tháng phải sinh hoạt mà không sinh hoạt", owed - kept, last_owed - last_kept if known else None),
        counted("meetings.late", "Buổi sinh hoạt định kỳ muộn", late,
                sum(month.is_late for row in former for month in row.months) if known else None),
        counted("meetings.waived", "Tháng được cho phép không sinh hoạt", waived),
        counted("meetings.thematic", "Sinh hoạt chuyên đề theo quý", thematic,
                sum(quarter.state == "held" for row in former for quarter in row.quarters) if known else None),
        counted("meetings.thematic_missing", "Quý chưa có sinh hoạt chuyên đề", missing),
    )  # fmt: skip
    columns = [
        NUMBER, CELL, Column("owed", "Tháng phải sinh hoạt", "number"), Column("kept", "Đã sinh hoạt", "number"),
        Column("missed", "Không sinh hoạt", "number"), Column("late", "Sinh hoạt muộn", "number"),
        Column("waived", "Được miễn", "number"), Column("thematic", "Chuyên đề", "number"),
    ]  # fmt: skip
    told = [
        Row((number, row.name, row.owed, row.kept, row.owed - row.kept, sum(month.is_late for month in row.months),
             sum(month.waiver_id is not None for month in row.months), sum(quarter.state == "held" for quarter in row.quarters)))
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip
    table = Table(f"Sinh hoạt chi bộ năm {year}", columns, told, ("owed", "kept", "missed", "late", "waived", "thematic"))
    silent = [row.name for row in rows if row.owed and not any(month.meeting_id for month in row.months)]
    gaps = lacking("chi bộ chưa ghi buổi sinh hoạt định kỳ nào trong sổ", silent)
    if not known:
        gaps = (*gaps, f"Chưa đủ số liệu để so sánh: sổ chưa ghi buổi sinh hoạt định kỳ nào của năm {year - 1}.")
    return Section("meetings", "Sinh hoạt chi bộ", lines, (table,), gaps=gaps)


def levels(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """The year's levels of members and cells, by level and by cell, against the year before.

    Who is rated, and whose level lacks on the day, is what the targets 21a and 21b count: one report has one figure of each. A level is of
    a whole year, so the year before is seen on its last day: who left before it is not waited for.
    """
    before = ratings.reference_day(year - 1)
    cells, former = ratings.progress(actor, year, unit, day), ratings.progress(actor, year - 1, unit, before)
    now, then = ratings.totals(cells), ratings.totals(former)
    last_year = f"năm {year - 1}"
    of_cells, of_members = MEASURES["21a"](actor, year, day, unit), MEASURES["21b"](actor, year, day, unit)
    last_cells, last_members = MEASURES["21a"](actor, year - 1, before, unit), MEASURES["21b"](actor, year - 1, before, unit)
    missing = _unrated(of_members, day)
    good, whole, was_good, was_whole, cells_lacked, last_missing = targets.counts([
        (of_cells, Side.PART), (of_cells, Side.WHOLE), (last_cells, Side.PART), (last_cells, Side.WHOLE), (last_cells, Side.MISSING),
        (last_members, Side.MISSING),
    ])  # fmt: skip
    # A share of the few who have a level says nothing of the year, so nothing is compared with it.
    known = bool(then.rated) and not last_missing
    lines: list[Line] = [
        counted("ratings.rated", "Đảng viên được xếp loại", now.rated, then.rated if known else None, than=last_year),
        counted("ratings.not_rated", "Đảng viên không xếp loại, đã ghi lý do", now.not_rated, then.not_rated if known else None,
                than=last_year),
        counted("ratings.missing", "Đảng viên chưa có kết quả xếp loại", sum(missing.values())),
    ]  # fmt: skip
    rows = []
    for number, one in enumerate(Level, 1):
        count, was = getattr(now, one.value), getattr(then, one.value)
        share, last = percentage(count, now.rated), percentage(was, then.rated) if known else None
        lines.append(shared(f"ratings.{one.value}", label(one), count, now.rated, share, last, than=last_year))
        rows.append(Row((number, label(one), count, share, was, last)))
    lines.append(
        shared("ratings.cells", "Chi bộ hoàn thành tốt nhiệm vụ trở lên", good, whole, percentage(good, whole),
               None if cells_lacked else percentage(was_good, was_whole), than=last_year)
    )  # fmt: skip
    by_level = Table(
        f"Đảng viên theo mức xếp loại, năm {year} và {year - 1}",
        [NUMBER, Column("level", "Mức xếp loại", width=36), Column("now", f"Năm {year}", "number"), Column("share", "Tỷ lệ (%)", "percent"),
         Column("then", f"Năm {year - 1}", "number"), Column("last", "Tỷ lệ (%)", "percent")],
        rows, ("now", "then"),
    )  # fmt: skip
    by_cell = Table(
        f"Xếp loại theo chi bộ, năm {year}",
        [NUMBER, CELL, Column("rated", "Được xếp loại", "number"), Column("excellent", "Xuất sắc", "number"),
         Column("good", "Tốt", "number"), Column("done", "Hoàn thành", "number"), Column("not_done", "Không hoàn thành", "number"),
         Column("missing", "Chưa có kết quả", "number"), Column("level", "Xếp loại chi bộ", width=30)],
        [Row((number, cell.name, cell.rated, cell.excellent, cell.good, cell.done, cell.not_done, missing[cell.unit_id],
              SHORT[cell.level] if cell.level else None))
         for number, cell in enumerate(cells, 1)],
        ("rated", "excellent", "good", "done", "not_done", "missing"),
    )  # fmt: skip
    gaps = [
        *lacking("chi bộ chưa có mức xếp loại của chi bộ", [one.name for one in targets.listing(actor, of_cells, Side.MISSING, year)]),
        *lacking("chi bộ còn đảng viên chưa có kết quả xếp loại",
                 [f"{cell.name} ({missing[cell.unit_id]} người)" for cell in cells if missing[cell.unit_id]]),
    ]  # fmt: skip
    gaps += _uncompared(year - 1, then.rated, last_missing, was_whole, cells_lacked)
    notes = []
    if day != ratings.reference_day(year):
        notes.append(f"Mức xếp loại là của cả năm {year}, theo sổ lúc lập báo cáo, không tính riêng đến ngày {fmt_date(day)}.")
    drawn = picture(rating_charts.by_cell(year, cells))
    return Section(
        "ratings", "Đánh giá, xếp loại chất lượng", tuple(lines), (by_level, by_cell), drawn, gaps=tuple(gaps), notes=tuple(notes)
    )


def _unrated(measure: Measure, day: dt.date) -> Counter[int]:
    """Cell -> how many of its roll of the day have neither a level nor a reason for none."""
    query = sa.select(Posting.unit_id, sa.func.count()).where(
        Posting.kind == PostingKind.HOME, Posting.holds(day), Posting.member_id.in_(targets.side_ids(measure, Side.MISSING))
    )
    found: Counter[int] = Counter()
    for unit_id, count in db.session.execute(query.group_by(Posting.unit_id)):
        found[unit_id] = count
    return found


def _uncompared(year: int, rated: int, people: int, rated_cells: int, cells: int) -> list[str]:
    """Why levels are not compared with those of a year: it has none, or somebody's or some cell's lack."""
    if not rated and not rated_cells:
        return [f"Chưa đủ số liệu để so sánh: sổ chưa có kết quả xếp loại năm {year}."]
    told = [f"{fmt_number(count)} {who}" for count, who in ((people, "đảng viên"), (cells, "chi bộ")) if count]
    return [f"Chưa đủ số liệu để so sánh: năm {year} còn {' và '.join(told)} chưa có kết quả xếp loại."] if told else []


def classes(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """The holders of posts that require a class, trained or not."""
    found, former = training.coverage(actor, year, day, unit), training.coverage(actor, year - 1, year_before(day), unit)
    before = {one.post: one for one in former if one.holders}
    asked = [one for one in found if one.rule is not None]
    lines, rows = [], []
    for number, one in enumerate(asked, 1):
        whole, last = len(one.holders), before.get(one.post)
        share = percentage(one.trained, whole)
        lines.append(
            shared(f"training.{one.post.value}", f"Đã qua bồi dưỡng: {label(one.post)}", one.trained, whole, share,
                   percentage(last.trained, len(last.holders)) if last else None)
        )  # fmt: skip
        rows.append(Row((number, label(one.post), whole, one.trained, len(one.missing), share)))
    table = Table(
        f"Bồi dưỡng theo chức vụ, năm {year}",
        [NUMBER, Column("post", "Chức vụ", width=40), Column("holders", "Đang giữ chức vụ", "number"),
         Column("trained", "Đã bồi dưỡng", "number"), Column("missing", "Chưa bồi dưỡng", "number"),
         Column("share", "Tỷ lệ (%)", "percent")],
        rows,
    )  # fmt: skip
    gaps = [f"Chưa đủ số liệu: {sentence(text)}" for text in training.gaps(actor, [one.rule for one in asked if one.rule], unit)]
    gaps += incomparable(lines, "cùng kỳ năm trước")
    if not asked:
        gaps.append("Chưa có quy định có hiệu lực về việc ai phải được bồi dưỡng.")
    return Section("training", "Bồi dưỡng", tuple(lines), (table,) if rows else (), gaps=tuple(gaps))


def organisations(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section | None:
    """The commune's organisations, cadres and civil servants by level; they are the commune's, so a cell has none."""
    if unit.kind is not UnitKind.COMMUNE:
        return None
    now, then = _served(actor, year, day), _served(actor, year - 1, ratings.reference_day(year - 1))
    last_year = f"năm {year - 1}"
    lines, rows, silent, partial = [], [], [], []
    for number, kind in enumerate(StaffKind, 1):
        given, was = ({one: found[kind, one] for one in Level} for found in (now, then))
        good, was_good = (sum(found[one] for one in GOOD_OR_BETTER) for found in (given, was))
        whole, was_whole = sum(given.values()), sum(was.values())
        unrated, was_unrated = now[kind, None], then[kind, None]
        words = "người" if kind in OFFICIALS else "tổ chức"
        name = f"{label(kind)} hoàn thành tốt nhiệm vụ trở lên"
        # A share of the few who have a level says nothing of the year, so nothing is compared with it.
        last = None if was_unrated else percentage(was_good, was_whole)
        lines.append(shared(f"staff.{kind.value}", name, good, whole, percentage(good, whole), last, than=last_year))
        if unrated:
            silent.append(f"{label(kind)} ({unrated} {words})")
        if was_unrated and was_whole:
            partial.append(f"{label(kind)} ({was_unrated} {words})")
        rows.append(Row((number, label(kind), *given.values(), unrated)))
    table = Table(
        f"Tổ chức, cán bộ, công chức theo mức xếp loại, năm {year}",
        [NUMBER, Column("kind", "Loại", width=34), Column("excellent", "Xuất sắc", "number"), Column("good", "Tốt", "number"),
         Column("done", "Hoàn thành", "number"), Column("not_done", "Không hoàn thành", "number"),
         Column("missing", "Chưa có kết quả", "number")],
        rows, ("excellent", "good", "done", "not_done", "missing"),
    )  # fmt: skip
    gaps = lacking("loại chưa có kết quả xếp loại", silent)
    if partial:
        gaps += (f"Chưa đủ số liệu để so sánh: {last_year} còn chưa có kết quả xếp loại: {', '.join(partial)}.",)
    else:
        gaps += incomparable(lines, last_year)
    return Section("staff", "Tổ chức, cán bộ, công chức", tuple(lines), (table,), gaps=gaps)


def _served(actor: Actor, year: int, day: dt.date) -> Counter[tuple[StaffKind, Level | None]]:
    """Who served, by kind and level: officials on the counting day of the targets, as 25a counts them, organisations on the day."""
    return staff.counts(actor, year, day, ORGANISATIONS) + staff.counts(actor, year, counting_day(year, day), OFFICIALS)


def committee(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section | None:
    """The composition of the commune's executive committee on the day."""
    if unit.kind is not UnitKind.COMMUNE:
        return None
    found = composition(actor, Body.EXECUTIVE, day, unit)
    if not found.total:
        return Section("committee", "Cơ cấu Ban Chấp hành", (), gaps=(f"Chưa đủ số liệu: sổ chưa ghi ủy viên nào ngày {fmt_date(day)}.",))
    lines = [counted("committee.total", f"Ủy viên Ban Chấp hành ngày {fmt_date(day)}", found.total)]
    shares: list[tuple[str, str, Any]] = [
        ("women", "Ủy viên nữ", found.women), ("young", "Ủy viên trẻ tuổi", found.young),
        ("minorities", "Ủy viên là người dân tộc thiểu số", found.ethnic_minorities),
    ]  # fmt: skip
    lines += [shared(f"committee.{key}", name, share.count, share.of, share.percent) for key, name, share in shares]
    told = queries.composition_table(found)
    columns = [NUMBER, Column("group", "Nhóm", width=50), *told.columns[2:]]
    rows = [Row((number, f"{row.cells[0]}: {row.cells[1]}", *row.cells[2:])) for number, row in enumerate(told.rows, 1)]
    table = Table(f"Cơ cấu Ban Chấp hành ngày {fmt_date(day)}", columns, rows)
    return Section("committee", "Cơ cấu Ban Chấp hành", tuple(lines), (table,), picture(chart_queries.ages(found)))
