"""Admissions month by month, added up, against the line that the year's number asks for."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from .. import i18n
from ..tables import Column, Row, Table
from .canvas import NARROW, WIDE, Canvas, Chart, scale_end, width_of

_HIGH = 200.0


class Month(NamedTuple):
    """A month by its first day: how many were admitted in it (None: it is still to come), and how many more can be decided in it."""

    first: dt.date
    done: int | None
    planned: int = 0


class _Sum(NamedTuple):
    first: dt.date
    month: Month
    done: int | None
    reachable: int
    asked: int | None


def pace(title: str, months: Sequence[Month], needed: int | None, *, today: dt.date | None = None, name: str = "pace") -> Chart:
    """Columns that add up month by month, and the straight line from nothing to `needed` at the end of the last month.

    `needed` is None where no number was set. What can still be decided stands on what was done, with another pattern.
    """
    sums = _added(months, needed)
    is_planned = any(month.planned for month in months)
    text = _sentence(sums, needed, is_planned)
    wide, narrow = (_drawn(title, text, sums, needed, today, is_planned, name, width) for width in (WIDE, NARROW))
    return Chart(name, title, wide, text, _table(title, sums, needed, is_planned), narrow)


def _added(months: Sequence[Month], needed: int | None) -> list[_Sum]:
    done = planned = 0
    found = []
    for at, month in enumerate(months, start=1):
        done += month.done or 0
        planned += month.planned
        asked = None if needed is None else -(-needed * at // len(months))  # rounded up: nobody is admitted in part
        found.append(_Sum(month.first, month, done if month.done is not None else None, done + planned, asked))
    return found


def _sentence(sums: Sequence[_Sum], needed: int | None, is_planned: bool) -> str:
    past = [one for one in sums if one.done is not None]
    if not past:
        return i18n._("Chưa có số liệu.")
    last = past[-1]
    facts = {"done": i18n.fmt_number(last.done), "month": f"{last.first:%m/%Y}", "needed": i18n.fmt_number(needed)}
    text = i18n._("Đến tháng %(month)s đã kết nạp %(done)s người.", **facts)
    if needed is not None:
        facts["asked"] = i18n.fmt_number(last.asked)
        text = i18n._("Đến tháng %(month)s đã kết nạp %(done)s người; tiến độ cần %(asked)s, cả năm cần %(needed)s.", **facts)
    if is_planned:
        text += " " + i18n._("Tính cả hồ sơ kịp quyết định: %(all)s người.", all=i18n.fmt_number(sums[-1].reachable))
    return text


def _drawn(title: str, text: str, sums: Sequence[_Sum], needed: int | None, today: dt.date | None, is_planned: bool,
           name: str, width: float) -> Markup:  # fmt: skip
    canvas = Canvas(f"{name}-n" if width == NARROW else name, width)
    items = [(0, i18n._("Đã kết nạp, cộng dồn")), *([(1, i18n._("Hồ sơ kịp quyết định"))] if is_planned else [])]
    y = canvas.legend(14, items)
    if needed is not None:
        canvas.line(0, y - 1, 16, y - 1, thick=2.5, dash="6 4")
        canvas.text(24, y + 4, i18n._("Tiến độ cần: %(needed)s người cả năm", needed=i18n.fmt_number(needed)))
        y += 20
    peak = max([1, needed or 0, *(one.reachable for one in sums)])
    end = scale_end(peak * 1.08, whole=True)
    marks = [end * quarter / 4 for quarter in range(5)]
    left = max(width_of(i18n.fmt_number(mark)) for mark in marks) + 8
    right = width - (width_of(i18n.fmt_number(needed)) + 8 if needed is not None else 2)
    top = y + 22  # a strip for the word above today's line
    foot = top + _HIGH

    def at(count: float) -> float:
        return foot - count / end * _HIGH

    for mark in marks:
        canvas.line(left, at(mark), right, at(mark), soft=True)
        canvas.text(left - 6, at(mark) + 5, i18n.fmt_number(mark), anchor="end", soft=True)
    slot = (right - left) / max(len(sums), 1)
    labels = []
    for index, one in enumerate(sums):
        x = left + slot * (index + 0.14)
        wide = slot * 0.72
        base = one.done if one.done is not None else max((earlier.done or 0 for earlier in sums[:index]), default=0)
        if one.done is not None or is_planned:
            canvas.bar(x, at(base), wide, foot - at(base), 0)
            canvas.bar(x, at(one.reachable), wide, at(base) - at(one.reachable), 1)
            labels.append((index, x + wide / 2, one.reachable))
        word = str(one.first.month)
        if width_of(word) <= slot - 2 or index % math.ceil((width_of("12") + 4) / slot) == 0:
            canvas.text(left + slot * (index + 0.5), foot + 19, word, anchor="middle")
    canvas.line(left, foot, right, foot, thick=1.5)
    canvas.text(left, foot + 40, i18n._("Tháng"), soft=True)
    if needed is not None:
        canvas.polyline([(left, foot), (right, at(needed))], thick=2.5, dash="6 4", halo=True)
        canvas.text(width, at(needed) + 5, i18n.fmt_number(needed), anchor="end", bold=True)
    if today is not None and sums and sums[0].first <= today:
        _today(canvas, today, sums, left, slot, top, foot, width)
    for index, middle, count in labels:
        fits = all(width_of(i18n.fmt_number(number)) <= slot - 3 for _index, _x, number in labels)
        if fits or index == labels[-1][0]:
            word = i18n.fmt_number(count)
            y = at(count) - 6
            if needed is not None:  # a number that the line would cross stands above the line
                half = width_of(word) / 2
                low, high = (at(needed * (middle + side * half - left) / (right - left)) for side in (-1, 1))
                y = min(y, high - 7) if low > y - 16 and high < y + 5 else y
            canvas.text(middle, y, word, anchor="middle", bold=not fits, halo=True)
    return canvas.finish(foot + 46, title, text)


def _today(canvas: Canvas, today: dt.date, sums: Sequence[_Sum], left: float, slot: float, top: float, foot: float, width: float) -> None:
    """A thin line at today's place in its month; its word stands in the strip above the columns."""
    at = next((index for index, one in enumerate(sums) if (one.first.year, one.first.month) == (today.year, today.month)), None)
    if at is None:
        return
    days = calendar.monthrange(today.year, today.month)[1]
    x = left + slot * (at + today.day / days)
    canvas.line(x, top - 6, x, foot, thick=1.5, dash="2 3")
    word = i18n._("hôm nay, %(day)s", day=f"{today:%d/%m}")
    half = width_of(word) / 2
    canvas.text(min(max(x, half), width - half), top - 10, word, anchor="middle")


def _table(title: str, sums: Sequence[_Sum], needed: int | None, is_planned: bool) -> Table:
    columns = [
        Column("month", i18n._("Tháng")), Column("done", i18n._("Kết nạp"), "number"), Column("sum", i18n._("Cộng dồn"), "number"),
        *([Column("planned", i18n._("Hồ sơ kịp quyết định"), "number")] if is_planned else []),
        *([Column("asked", i18n._("Tiến độ cần"), "number")] if needed is not None else []),
    ]  # fmt: skip
    rows = [
        Row((f"{one.first:%m/%Y}", one.month.done, one.done, *([one.month.planned] if is_planned else []),
             *([one.asked] if needed is not None else [])))
        for one in sums
    ]  # fmt: skip
    return Table(title, columns, rows)
