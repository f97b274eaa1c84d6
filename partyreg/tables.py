"""One description of a table: on the screen, as CSV, as XLSX."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import enum
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from . import i18n

#: Texts that spreadsheet programs would run as formulas when they open a CSV.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its Vietnamese label, and the kind of value: text, date, number, percent or enum."""

    key: str
    label: str
    kind: str = "text"
    width: int = 14


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, in the order of the columns, and where the row leads."""

    cells: tuple[Any, ...]
    href: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A titled table; `totals` are the columns summed in a last row of the XLSX, by formulas."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: tuple[str, ...] = ()

    def csv(self) -> bytes:
        """UTF-8 with a mark, so that Excel reads the accents; texts that would run as formulas are defused."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([str(column.label) for column in self.columns])
        for row in self.rows:
            writer.writerow([_csv_cell(cell) for cell in row.cells])
        return out.getvalue().encode("utf-8-sig")

    def xlsx(self) -> bytes:
        """A workbook with real dates and numbers, a frozen bold head, and totals as formulas."""
        import xlsxwriter

        out = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(out, options) as book:
            self.fill(book, book.add_worksheet(sheet_name(self.title)))
        return out.getvalue()

    def fill(self, book: Any, sheet: Any) -> None:
        """The sheet of the workbook holds the table, written row by row."""
        bold = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1, "text_wrap": True, "valign": "vcenter"})
        formats = cell_formats(book)
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, str(column.label), bold)
        for line, row in enumerate(self.rows, start=1):
            for index, (column, cell) in enumerate(zip(self.columns, row.cells, strict=True)):
                write_cell(sheet, line, index, cell, formats.get(column.kind, formats["text"]), formats)
        if self.totals and self.rows:
            self._total(sheet, len(self.rows) + 1, bold)
        sheet.freeze_panes(1, 0)
        if self.rows:
            sheet.autofilter(0, 0, len(self.rows), len(self.columns) - 1)

    def _total(self, sheet: Any, line: int, bold: Any) -> None:
        from xlsxwriter.utility import xl_range

        sheet.write_string(line, 0, i18n._("Tổng cộng"), bold)
        for index, column in enumerate(self.columns):
            if column.key in self.totals:
                value = sum(row.cells[index] or 0 for row in self.rows)
                sheet.write_formula(line, index, f"=SUM({xl_range(1, index, line - 1, index)})", bold, value)


def cell_formats(book: Any) -> dict[str, Any]:
    """How a workbook shows each kind of column."""
    return {
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "percent": book.add_format({"num_format": '0.00" %"'}),
        "number": book.add_format({"num_format": "#,##0"}),
        "text": book.add_format({"num_format": "@"}),
    }


def sheet_name(title: str) -> str:
    """At most 31 signs, without those that Excel forbids."""
    return "".join(" " if c in "[]:*?/\\'" else c for c in str(title))[:31].strip() or "Sheet1"


def text_of(cell: Any) -> str:
    """A cell in words, as the screen shows it."""
    if isinstance(cell, enum.Enum):
        return i18n.label(cell)
    if isinstance(cell, dt.datetime):
        return i18n.fmt_moment(cell)
    if isinstance(cell, dt.date):
        return i18n.fmt_date(cell)
    return "" if cell is None else str(cell)


def _csv_cell(cell: Any) -> str:
    text = text_of(cell)
    if isinstance(cell, str | enum.Enum) and text.startswith(_FORMULA):
        return "'" + text
    return text


def write_cell(sheet: Any, line: int, index: int, cell: Any, chosen: Any, formats: dict[str, Any]) -> None:
    """The cell of a sheet with its real type: a day, a number, or words."""
    if cell is None:
        sheet.write_blank(line, index, None)
    elif isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        sheet.write_datetime(line, index, dt.datetime.combine(cell, dt.time()), formats["date"])
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(line, index, float(cell) if isinstance(cell, Decimal) else cell, chosen)
    else:
        sheet.write_string(line, index, text_of(cell), formats["text"])
