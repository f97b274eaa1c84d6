"""An independent check of the targets: computed from the exported workbook alone, in plain Python, for every cell and the commune."""

from __future__ import annotations

import datetime as dt
import io
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest

from partyreg import access
from partyreg.access import Permission
from partyreg.db import db
from partyreg.org import queries as org
from partyreg.reports import pack_book, pack_target_queries
from partyreg.reports import pack_queries as queries
from partyreg.targets import queries as targets
from seeds import commune

TODAY = dt.date(2026, 11, 24)
ACTOR = access.system("test").using(Permission.REPORTS_READ)
YEARS = (2024, 2025, 2026)
#: The words of the levels that count; written here once more, since nothing of the register is asked.
EXCELLENT = {"Hoàn thành xuất sắc nhiệm vụ"}
GOOD = EXCELLENT | {"Hoàn thành tốt nhiệm vụ"}
LEVELS = GOOD | {"Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ"}


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The lines of a list by the words of its head, without the sums."""
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines[:-1]]


def figures(no: str, rows: list[dict[str, Any]], year: int) -> tuple[int, int]:
    """Part and whole of a target out of what its list says of each line: a level, a day, months owed and kept."""
    if no == "21e":
        owing = [row for row in rows if row["Tháng phải sinh hoạt"]]
        return sum(row["Đã sinh hoạt"] == row["Tháng phải sinh hoạt"] for row in owing), len(owing)
    if no == "22":
        admitted = [row for row in rows if row["Ngày quyết định kết nạp"] and row["Ngày quyết định kết nạp"].year == year]
        return len(admitted), sum(row["Mẫu số"] for row in rows)
    if no == "23a":  # that one of them is the secretary is not among the numbers
        assert all(row["Số người giữ chức vụ"] >= 2 for row in rows if row["Tử số"])
        return sum(bool(row["Tử số"]) for row in rows), sum(row["Mẫu số"] for row in rows)
    if no in ("23b", "25b"):  # whoever holds two posts owes two classes: a day alone does not say that both were finished
        return sum(row["Ngày học xong"] is not None for row in rows if row["Tử số"]), len(rows)
    wanted = EXCELLENT if no in ("21c", "21d") else GOOD
    return sum(row["Xếp loại"] in wanted for row in rows), sum(row["Xếp loại"] in LEVELS for row in rows)


def percent(part: int, whole: int) -> float | None:
    if not whole:
        return None
    exact = Fraction(part * 100, whole)
    return float((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def disagreements(content: bytes, told: list[targets.Result], year: int) -> list[str]:
    """Where the workbook's own lists, the sums kept in it, and the application differ."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    kept = {str(row[0]): row for row in book["Chỉ tiêu"].iter_rows(min_row=2, values_only=True)}
    found = []
    for one in told:
        part, whole = figures(one.no, rows_of(book[one.no]), year)
        if (part, whole) != (one.part, one.whole):
            found.append(f"{one.no}: lists say {part}/{whole}, the application {one.part}/{one.whole}")
        if kept[one.no][2:4] != (part, whole):
            found.append(f"{one.no}: lists say {part}/{whole}, the sheet of targets {kept[one.no][2:4]}")
        if one.value is not None and not percent(part, whole) == kept[one.no][4] == float(one.value):
            found.append(f"{one.no}: {percent(part, whole)}, {kept[one.no][4]}, {one.value}")
    return found


@pytest.mark.timeout(900)
def test_the_workbook_alone_gives_every_target_of_three_years(engine_name, app, monkeypatch):
    if engine_name != "sqlite":
        pytest.skip("the whole commune is loaded on SQLite only")
    commune.load(TODAY, "bản Bon đầu mùa mưa")
    db.session.commit()
    monkeypatch.setattr(queries, "SECTIONS", ((Permission.TARGETS_READ, pack_target_queries.aims),))
    units = [org.root(), *org.cells(ACTOR, TODAY)]
    assert len(units) == 34
    checked = 0
    for year in YEARS:
        for unit in units:
            told = targets.evaluate(ACTOR, year, unit=unit)
            found = disagreements(pack_book.workbook(queries.gather(ACTOR, year, None, unit)), told, year)
            assert (year, unit.code, found) == (year, unit.code, [])
            checked += len(told)
    assert checked == len(YEARS) * 34 * 11


def test_a_workbook_that_says_otherwise_would_be_found():
    rows = [{"Xếp loại": "Hoàn thành tốt nhiệm vụ"}, {"Xếp loại": "Hoàn thành nhiệm vụ"}, {"Xếp loại": None}]
    assert figures("21a", rows, 2026) == (1, 2) and figures("21c", rows, 2026) == (0, 2)
    assert (percent(1, 2), percent(0, 0), percent(1, 800)) == (50.0, None, 0.13)
