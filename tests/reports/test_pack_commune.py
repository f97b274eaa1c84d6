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
    if no == "23a":
        return sum(row["Bí thư"] > 0 and row["Ủy viên"] > 0 for row in rows), sum(row["Số người giữ chức vụ"] > 0 for row in rows)
    if no in ("23b", "25b"):
        owed = [(set(row["Chức vụ phải học"].split("; ")), set((row["Đã học xong"] or "").split("; "))) for row in rows]
        return sum(posts <= done for posts, done in owed), len(owed)
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
            if unit.parent_id is not None:  # these are the commune's
                told = [one for one in told if one.no not in ("24a", "25a")]
            found = disagreements(pack_book.workbook(queries.gather(ACTOR, year, None, unit)), told, year)
            assert (year, unit.code, found) == (year, unit.code, [])
            checked += len(told)
    assert checked == len(YEARS) * (11 + 33 * 9)
    said = {line["key"]: line["text"] for line in queries.gather(ACTOR, 2025).lines}
    assert said["target.23a"].endswith("mức chỉ tiêu ≥ 100 %: chưa đến hạn.")  # it has until 2030
    assert said["target.23b"].endswith("mức chỉ tiêu ≥ 100 %: chưa đạt.")


def test_a_workbook_that_says_otherwise_would_be_found():
    rows = [{"Xếp loại": "Hoàn thành tốt nhiệm vụ"}, {"Xếp loại": "Hoàn thành nhiệm vụ"}, {"Xếp loại": None}]
    dones = (None, "Trưởng bản", "Trưởng bản; Bí thư chi bộ")
    posts = [{"Chức vụ phải học": "Bí thư chi bộ; Trưởng bản", "Đã học xong": done} for done in dones]
    assert figures("23b", posts, 2026) == (1, 3)
    held = [{"Số người giữ chức vụ": 2, "Bí thư": 1, "Ủy viên": others} for others in (0, 1)]
    assert figures("23a", [*held, {"Số người giữ chức vụ": 0, "Bí thư": 0, "Ủy viên": 0}], 2026) == (1, 2)
    assert figures("21a", rows, 2026) == (1, 2) and figures("21c", rows, 2026) == (0, 2)
    assert (percent(1, 2), percent(0, 0), percent(1, 800)) == (50.0, None, 0.13)
