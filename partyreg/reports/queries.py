"""What goes up: each report is one function that answers a table for a year, and they are named in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from .. import clock
from ..access import Actor
from ..errors import RuleBroken
from ..i18n import _, label, lazy, percentage
from ..org.models import Unit
from ..ratings import queries as ratings
from ..ratings.models import Level
from ..rulebook.finding import Finding, Severity
from ..tables import Column, Row, Table
from ..targets import queries as targets
from ..targets import structure
from ..targets.structure import YOUNG_UP_TO, Share, Structure, composition, group_of

Report = Callable[[Actor, int, Unit | None], Table]

ENDINGS = ("xlsx", "csv")


class RatingsTable(Table):
    """The table of levels, whose last row also has the share over all cells, by a formula like the sums."""

    def _total(self, sheet: Any, line: int, bold: Any) -> None:
        from xlsxwriter.utility import xl_rowcol_to_cell

        Table._total(self, sheet, line, bold)
        at = {column.key: index for index, column in enumerate(self.columns)}
        excellent, good, rated = (xl_rowcol_to_cell(line, at[key]) for key in ("excellent", "good", "rated"))
        sums = {key: sum(row.cells[at[key]] for row in self.rows) for key in ("excellent", "good", "rated")}
        value = percentage(sums["excellent"] + sums["good"], sums["rated"])
        formula = f'=IF({rated}=0,"",ROUND(({excellent}+{good})/{rated}*100,2))'
        sheet.write_formula(line, at["share"], formula, bold, "" if value is None else float(value))


def ratings_table(actor: Actor, year: int, unit: Unit | None = None) -> Table:
    """The year-end table of levels by cell, with totals; only members whom the actor's cells rated or have on their rolls."""
    ratings.known_year(year)
    columns = [
        Column("number", _("STT"), "number", 6), Column("cell", _("Chi bộ"), width=40), Column("members", _("Số đảng viên"), "number"),
        Column("rated", _("Được xếp loại"), "number"),
        *(Column(level.value, label(level), "number") for level in Level),
        Column("not_rated", _("Không xếp loại"), "number"), Column("missing", _("Chưa có kết quả"), "number"),
        Column("share", _("Tỷ lệ hoàn thành tốt trở lên (%)"), "percent", 16), Column("level", _("Xếp loại chi bộ"), width=30),
    ]  # fmt: skip
    rows = [
        Row((number, cell.name, cell.members, cell.rated, cell.excellent, cell.good, cell.done, cell.not_done, cell.not_rated,
             cell.missing, cell.good_share, cell.level))
        for number, cell in enumerate(ratings.progress(actor, year, unit), start=1)
    ]  # fmt: skip
    summed = ("members", "rated", *(level.value for level in Level), "not_rated", "missing")
    return RatingsTable(_("Xếp loại năm %(year)s", year=year), columns, rows, summed)


def members_table(actor: Actor, year: int, unit: Unit | None = None) -> Table:
    """Every member with her level of the year, or why she has none, by cell."""
    ratings.known_year(year)
    columns = [
        Column("number", _("STT"), "number", 6), Column("name", _("Họ và tên"), width=30), Column("born_on", _("Ngày sinh"), "date"),
        Column("cell", _("Chi bộ"), width=40), Column("level", _("Xếp loại"), width=30),
        Column("reason", _("Lý do không xếp loại"), width=34),
    ]  # fmt: skip
    rows = [
        Row((number, one.name, one.born_on, one.cell, one.level, one.not_rated or (None if one.level else _("Chưa có kết quả"))))
        for number, one in enumerate(ratings.member_levels(actor, year, unit), start=1)
    ]
    return Table(_("Đảng viên năm %(year)s", year=year), columns, rows)


def targets_table(actor: Actor, year: int, unit: Unit | None = None) -> Table:
    """The targets of the year, measured."""
    columns = [
        Column("no", _("Số"), width=8), Column("name", _("Chỉ tiêu"), width=56), Column("part", _("Tử số"), "number"),
        Column("whole", _("Mẫu số"), "number"), Column("value", _("Kết quả (%)"), "percent"),
        Column("threshold", _("Mức chỉ tiêu"), width=16), Column("met", _("Đánh giá"), width=18), Column("on", _("Tính đến ngày"), "date"),
        Column("missing", _("Thiếu số liệu"), width=60), Column("citation", _("Căn cứ"), width=60),
    ]  # fmt: skip
    words = {True: _("Đạt"), False: _("Chưa đạt"), None: _("Chưa đủ số liệu")}
    rows = [
        Row((one.no, one.name, one.part, one.whole, one.value,
             one.aim_text,
             words[one.met], one.on, "; ".join(one.missing) or None, one.citation.text if one.citation else None))
        for one in targets.evaluate(actor, year, unit=unit)
    ]  # fmt: skip
    return Table(_("Chỉ tiêu năm %(year)s", year=year), columns, rows)


def structure_table(actor: Actor, year: int, unit: Unit | None = None) -> Table:
    """The composition of the executive committee on the last day of the year, or today."""
    return composition_table(composition(actor, on=min(dt.date(year, 12, 31), clock.today()), unit=unit))


class Counted(NamedTuple):
    """One figure of a composition: of what, which group in words and as addresses call it, and the number."""

    what: str
    words: str
    group: str
    share: Share


def composition_lines(found: Structure) -> list[Counted]:
    """The figures of a committee's composition in their order; groups of qualification and theory without anybody are left out."""
    return [
        Counted(_("Giới tính"), _("Nữ"), structure.WOMEN, found.women),
        Counted(_("Tuổi"), _("Từ %(age)s tuổi trở xuống", age=YOUNG_UP_TO), structure.YOUNG, found.young),
        *(Counted(_("Nhóm tuổi"), age_words(least, below), group_of("age", least), share) for least, below, share in found.age_groups),
        Counted(_("Dân tộc"), _("Dân tộc thiểu số"), structure.MINORITIES, found.ethnic_minorities),
        *(Counted(_("Dân tộc"), name, group_of("ethnicity", name), share) for name, share in found.ethnicity.items()),
        *(
            Counted(_("Trình độ chuyên môn"), label(one), group_of("qualification", one.value), share)
            for one, share in reversed(found.qualification.items()) if share.count
        ),
        *(
            Counted(_("Lý luận chính trị"), label(one), group_of("theory", one.value), share)
            for one, share in reversed(found.theory.items()) if share.count
        ),
    ]  # fmt: skip


def composition_table(found: Structure) -> Table:
    """A committee's composition as a table."""
    columns = [
        Column("what", _("Mục"), width=24), Column("group", _("Nhóm"), width=34), Column("count", _("Số người"), "number"),
        Column("of", _("Trên tổng số"), "number"), Column("percent", _("Tỷ lệ (%)"), "percent"),
    ]  # fmt: skip
    rows = [Row((one.what, one.words, one.share.count, one.share.of, one.share.percent)) for one in composition_lines(found)]
    return Table(_("Cơ cấu cấp ủy"), columns, rows)


def age_words(least: int, below: int | None) -> str:
    """An age group in words; ages are whole years."""
    if below is None:
        return str(_("Từ %(age)s tuổi trở lên", age=least))
    if not least:
        return str(_("Dưới %(age)s tuổi", age=below))
    return str(_("Từ %(least)s đến %(most)s tuổi", least=least, most=below - 1))


#: Every report by the name that the command line and the addresses use.
REPORTS: dict[str, Report] = {
    "ratings": ratings_table,
    "rated-members": members_table,
    "targets": targets_table,
    "structure": structure_table,
}
TITLES: dict[str, Any] = {
    "ratings": lazy("Tổng hợp xếp loại theo chi bộ"),
    "rated-members": lazy("Danh sách đảng viên và mức xếp loại"),
    "targets": lazy("Kết quả thực hiện chỉ tiêu"),
    "structure": lazy("Cơ cấu Ban Chấp hành"),
}


def names() -> dict[str, str]:
    """Report name -> title."""
    return {name: str(title) for name, title in TITLES.items()}


def render(actor: Actor, name: str, year: int, unit: Unit | None = None, ending: str = "xlsx") -> bytes:
    """A report as the content of a file.

    Raises RuleBroken for an unknown name or an ending other than .xlsx and .csv, and as the report itself does.
    """
    kind = ending.lower().lstrip(".")
    if name not in REPORTS:
        known = ", ".join(REPORTS)
        raise _refuse("report.name", "name", _("Không có báo cáo “%(name)s”. Các báo cáo: %(known)s.", name=name[:40], known=known))
    if kind not in ENDINGS:
        raise _refuse("report.ending", "ending", _("Báo cáo chỉ có dạng .xlsx và .csv, không có “.%(ending)s”.", ending=kind[:10]))
    if not 1930 <= year <= clock.today().year:
        raise _refuse("report.year", "year", _("Năm %(year)s không hợp lệ hoặc chưa đến.", year=year))
    table = REPORTS[name](actor, year, unit)
    return table.xlsx() if kind == "xlsx" else table.csv()


def _refuse(code: str, field: str, message: str) -> RuleBroken:
    return RuleBroken([Finding(code=code, field=field, severity=Severity.BLOCK, message=message)])
