"""The pack as a workbook: an index, a sheet a table, and a sheet a target with everybody behind it.

Every total is a formula whose kept value is the figure of the report, so that whoever changes a list sees the figure follow.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ..i18n import percentage
from ..tables import Column, Table, cell_formats, sheet_name, write_cell
from ..targets.measures import TERM
from .pack import Pack, Roster, in_vietnamese

AIMS = "Chỉ tiêu"
#: The columns that say on which side of a figure a row stands, 1 or 0.
SIDES = ("Tử số", "Mẫu số", "Thiếu số liệu")
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def workbook(pack: Pack) -> bytes:
    """The pack as XLSX. Rows go to disk as they are written, so the memory holds the lists once and not twice."""
    import xlsxwriter

    out = io.BytesIO()
    with in_vietnamese(), xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": _title(pack), "created": _moment(pack)})
        sheets = list(_sheets(pack))
        _index(book, pack, sheets)
        places = {roster.no: _place(roster) for roster in pack.rosters}
        for name, content in sheets:
            sheet = book.add_worksheet(name)
            if isinstance(content, Roster):
                _roster(book, sheet, content)
            elif name == AIMS:
                _aims(book, sheet, pack, content, places)
            else:
                content.fill(book, sheet)
    return out.getvalue()


def _title(pack: Pack) -> str:
    return f"Báo cáo năm {pack.year} – {pack.unit_name}"


def _moment(pack: Pack) -> Any:
    import datetime as dt

    return dt.datetime.combine(pack.day, dt.time())


def _sheets(pack: Pack) -> Iterator[tuple[str, Table | Roster]]:
    """The sheets in the order of the report, the lists at the end, each with a name of its own."""
    number = 0
    for section in pack.sections:
        for table in section.tables:
            number += 1
            yield AIMS if section.key == "targets" else sheet_name(f"{number} {table.title}"), table
    for roster in pack.rosters:
        yield roster_sheet(roster.no), roster


def roster_sheet(no: str) -> str:
    """How the sheet of a target's list is called."""
    return "Nhiệm kỳ" if no == TERM else no


def _index(book: Any, pack: Pack, sheets: list[tuple[str, Table | Roster]]) -> None:
    """What the workbook is, and a link to every sheet."""
    sheet = book.add_worksheet("Mục lục")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    left, linked = book.add_format({"align": "left"}), book.get_default_url_format()
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 76)
    sheet.write_string(0, 0, _title(pack), bold)
    sheet.write_string(1, 0, "Năm")
    sheet.write_number(1, 1, pack.year, left)
    sheet.write_string(2, 0, "Số liệu đến ngày")
    sheet.write_datetime(2, 1, _moment(pack), day)
    sheet.write_string(3, 0, "Tổ chức")
    sheet.write_string(3, 1, f"{pack.unit_name} ({pack.unit_code})")
    sheet.write_string(4, 0, "Mã kiểm tra SHA-256")
    sheet.write_string(4, 1, pack.sha256)
    sheet.write_string(6, 0, "Trang tính", bold)
    sheet.write_string(6, 1, "Nội dung", bold)
    for line, (name, content) in enumerate(sheets, 7):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", linked, name)
        sheet.write_string(line, 1, content.table.title if isinstance(content, Roster) else content.title)
    sheet.freeze_panes(7, 0)


def _place(roster: Roster) -> tuple[str, str]:
    """The cells of a list's sums, as a formula of another sheet names them."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    line, first = len(roster.rows) + 1, len(roster.table.columns)
    name = roster_sheet(roster.no)
    part, whole = (f"='{name}'!{xl_rowcol_to_cell(line, first + n)}" for n in (0, 1))
    return part, whole


def _roster(book: Any, sheet: Any, roster: Roster) -> None:
    """Everybody behind a figure, 1 or 0 for each side, and the sums."""
    from xlsxwriter.utility import xl_range

    formats = cell_formats(book)
    bold = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1, "text_wrap": True, "valign": "vcenter"})
    columns = [*roster.table.columns, *(Column(name, name, "number", 12) for name in SIDES)]
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, str(column.label), bold)
    first = len(roster.table.columns)
    for line, row in enumerate(roster.rows, 1):
        cells = (*row.cells, int(row.in_part), int(row.in_whole), int(row.lacks))
        for index, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            write_cell(sheet, line, index, cell, formats.get(column.kind, formats["text"]), formats)
    end = len(roster.rows) + 1
    sheet.write_string(end, 0, "Tổng cộng", bold)
    sums = (roster.part, roster.whole if roster.goal is None else 0, sum(row.lacks for row in roster.rows))
    for index, value in enumerate(sums, first):
        formula = f"=SUM({xl_range(1, index, len(roster.rows), index)})" if roster.rows else "=0"
        sheet.write_formula(end, index, formula, bold, value)
    sheet.freeze_panes(1, 0)
    if roster.rows:
        sheet.autofilter(0, 0, len(roster.rows), len(columns) - 1)


def _aims(book: Any, sheet: Any, pack: Pack, table: Table, places: dict[str, tuple[str, str]]) -> None:
    """The targets: part and whole come from the lists where there are such, the result is always computed."""
    formats = cell_formats(book)
    bold = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1, "text_wrap": True, "valign": "vcenter"})
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, str(column.label), bold)
    at = {column.key: index for index, column in enumerate(table.columns)}
    goals = {roster.no for roster in pack.rosters if roster.goal is not None}
    numbers = [line["key"].removeprefix("target.") for line in pack.lines if line["key"].startswith("target.")]
    for line, (no, row) in enumerate(zip(numbers, table.rows, strict=True), 1):
        part, whole = places.get(no, ("", ""))
        for index, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            form = formats.get(column.kind, formats["text"])
            if column.key == "part" and part:
                sheet.write_formula(line, index, part, form, cell)
            elif column.key == "whole" and whole and no not in goals:
                sheet.write_formula(line, index, whole, form, cell)
            elif column.key == "value" and cell is not None and cell == _computed(row.cells, at):
                sheet.write_formula(line, index, _share(line, at), form, float(cell))
            else:
                write_cell(sheet, line, index, cell, form, formats)
    sheet.freeze_panes(1, 0)


def _computed(cells: Sequence[Any], at: dict[str, int]) -> Decimal | None:
    """The share of part and whole; a result that was entered as such is no formula."""
    part, whole = cells[at["part"]], cells[at["whole"]]
    return percentage(part, whole) if part is not None and whole else None


def _share(line: int, at: dict[str, int]) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    part, whole = (xl_rowcol_to_cell(line, at[key]) for key in ("part", "whole"))
    return f'=IF({whole}=0,"",ROUND({part}/{whole}*100,2))'
