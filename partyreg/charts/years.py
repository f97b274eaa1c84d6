"""Lines over years: each with its own dashes and points, named where it ends, broken where a year has no figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from .. import i18n
from ..tables import Column, Row, Table
from .canvas import LINE, NARROW, WIDE, Canvas, Chart, Number, clean, percent, scale_end, width_of, wrapped

_HIGH = 200.0
_DASHES = ("", "9 4", "3 3", "12 4 3 4")
_MARK_DASH = "5 4"

_Scale = Callable[[float], float]


class Line(NamedTuple):
    """One line: its name, a percentage or None for each year, and the years whose data are not complete."""

    name: str
    values: Sequence[Number | None]
    partial: frozenset[int] = frozenset()


class _End(NamedTuple):
    x: float
    y: float
    words: list[str]


def years(title: str, years: Sequence[int], series: Sequence[Line], thresholds: Sequence[Line] = (), *, name: str = "years") -> Chart:
    """Percentages over the years, and the marks that were set for them as steps. Raises ValueError where a line lacks a year."""
    if any(len(line.values) != len(years) for line in (*series, *thresholds)):
        raise ValueError("one value for each year")
    text = _sentence(years, series)
    wide, narrow = (_drawn(title, text, years, series, thresholds, name, width) for width in (WIDE, NARROW))
    return Chart(name, title, wide, text, _table(title, years, series, thresholds), narrow)


def _sentence(years: Sequence[int], series: Sequence[Line]) -> str:
    told = []
    for line in series:
        known = [(year, value) for year, value in zip(years, line.values, strict=True) if value is not None]
        if not known:
            continue
        (first, at_first), (last, at_last) = known[0], known[-1]
        facts = {"name": line.name, "first": first, "at_first": percent(at_first), "last": last, "at_last": percent(at_last)}
        if first == last:
            told.append(i18n._("%(name)s: %(at_last)s năm %(last)s.", **facts))
        else:
            told.append(i18n._("%(name)s: từ %(at_first)s năm %(first)s đến %(at_last)s năm %(last)s.", **facts))
        if line.partial:
            told.append(i18n._("Năm chưa đủ số liệu: %(years)s.", years=", ".join(map(str, sorted(line.partial)))))
    return " ".join(told) or i18n._("Chưa có số liệu.")


def _drawn(title: str, text: str, years: Sequence[int], series: Sequence[Line], thresholds: Sequence[Line],
           name: str, width: float) -> Markup:  # fmt: skip
    canvas = Canvas(f"{name}-n" if width == NARROW else name, width)
    known = [float(value) for line in (*series, *thresholds) for value in line.values if value is not None]
    peak = max(known, default=100.0)
    end = 100.0 if 35 <= peak <= 100 or peak <= 0 else scale_end(peak * 1.05)
    marks = [end * quarter / 4 for quarter in range(5)]
    axis = [_tick(mark) for mark in marks]
    left = max(map(width_of, axis)) + 8
    lasts = (width_of(percent(last), bold=True) + 14 for line in (*series, *thresholds) if (last := _last(line)) is not None)
    column = max([104.0 if width == NARROW else 180.0, *lasts])
    right = width - column
    lines = [*series, *thresholds]
    high = max(_HIGH, len(lines) * (LINE * 3 + 4))
    top = 24.0
    foot = top + high
    slot = (right - left) / max(len(years), 1)

    def across(index: float) -> float:
        return left + slot * (index + 0.5)

    def at(value: float) -> float:
        return foot - min(max(value / end, 0), 1) * high

    for mark, word in zip(marks, axis, strict=True):
        canvas.line(left, at(mark), right, at(mark), soft=True)
        canvas.text(left - 6, at(mark) + 5, word, anchor="end", soft=True)
    every = max(1, math.ceil((width_of("2026") + 5) / slot))
    for index, year in enumerate(years):
        if (len(years) - 1 - index) % every == 0:
            canvas.text(across(index), foot + 19, str(year), anchor="middle")
    canvas.line(left, foot, right, foot, thick=1.5)
    ends = []
    for line in thresholds:
        _steps(canvas, line, across, at, slot)
        ends += _end(line, across, at, column, slot / 2)
    for number, line in enumerate(series):
        _points(canvas, years, line, number, across, at)
        ends += _end(line, across, at, column, 5)
    if len(series) == 1 and slot >= width_of("100,00 %") + 4:
        _values(canvas, series[0], thresholds, across, at)
    _named(canvas, ends, right, top, foot)
    if not known:
        canvas.text((left + right) / 2, (top + foot) / 2, i18n._("Chưa có số liệu"), anchor="middle", soft=True, halo=True)
    return canvas.finish(foot + 26, title, text)


def _tick(mark: float) -> str:
    return f"{i18n.fmt_number(mark, 0 if mark == int(mark) else 1 if mark * 10 == int(mark * 10) else 2)} %"


def _runs(values: Sequence[Number | None]) -> list[list[tuple[int, float]]]:
    """The stretches without a gap: (place, value)."""
    found: list[list[tuple[int, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((index, float(value)))
    return [run for run in found if run]


def _points(canvas: Canvas, years: Sequence[int], line: Line, number: int, across: _Scale, at: _Scale) -> None:
    for run in _runs(line.values):
        if len(run) > 1:
            canvas.polyline([(across(index), at(value)) for index, value in run], thick=2.5, dash=_DASHES[number % len(_DASHES)])
        for index, value in run:
            canvas.marker(across(index), at(value), number, hollow=years[index] in line.partial)


def _steps(canvas: Canvas, line: Line, across: _Scale, at: _Scale, slot: float) -> None:
    for run in _runs(line.values):
        corners = [(across(index) + side * slot / 2, at(value)) for index, value in run for side in (-1, 1)]
        canvas.polyline(corners, thick=1.5, dash=_MARK_DASH)


def _end(line: Line, across: _Scale, at: _Scale, column: float, beyond: float) -> list[_End]:
    """Where a line ends and what it is called there: its name, and its last figure."""
    runs = _runs(line.values)
    if not runs:
        return []
    index, value = runs[-1][-1]
    return [_End(across(index) + beyond, at(value), [*wrapped(clean(line.name), column - 14), percent(_last(line) or 0)])]


def _last(line: Line) -> Number | None:
    return next((one for one in reversed(line.values) if one is not None), None)


def _values(canvas: Canvas, line: Line, thresholds: Sequence[Line], across: _Scale, at: _Scale) -> None:
    """A figure at each point, above it or below where a mark's line would cross it."""
    last = max((index for index, value in enumerate(line.values) if value is not None), default=-1)
    for index, value in enumerate(line.values):
        if value is None or index == last:
            continue
        y = at(float(value))
        crossed = any(mark is not None and y - 26 < at(float(mark)) < y - 4 for mark in (other.values[index] for other in thresholds))
        canvas.text(across(index), y + 22 if crossed and y + 22 < at(0) else y - 10, percent(value), anchor="middle", halo=True)


def _named(canvas: Canvas, ends: Sequence[_End], right: float, top: float, foot: float) -> None:
    """The names in a column to the right, pushed apart until none covers another, each led to by a thin line."""
    placed: list[tuple[float, _End]] = []
    below = top - 14
    for one in sorted(ends, key=lambda end: end.y):
        begin = max(one.y - len(one.words) * LINE / 2, below)
        placed.append((begin, one))
        below = begin + len(one.words) * LINE + 4
    over = below - (foot + 20)
    limit = foot + 20
    for index in range(len(placed) - 1, -1, -1):  # what was pushed too far down goes up again
        begin, one = placed[index]
        tall = len(one.words) * LINE
        if over > 0:
            begin = min(begin, limit - tall)
            limit = begin - 4
        placed[index] = (begin, one)
    for begin, one in placed:
        middle = begin + len(one.words) * LINE / 2
        canvas.lead([(one.x + 3, one.y), (right + 1, one.y), (right + 8, middle)])
        for number, words in enumerate(one.words):
            canvas.text(right + 12, begin + 13 + number * LINE, words, bold=number == len(one.words) - 1)


def _table(title: str, years: Sequence[int], series: Sequence[Line], thresholds: Sequence[Line]) -> Table:
    columns = [Column("year", i18n._("Năm")), *(Column(f"n{index}", line.name) for index, line in enumerate((*series, *thresholds)))]
    rows = [
        Row((str(year), *(_cell(line, year, line.values[index]) for line in (*series, *thresholds)))) for index, year in enumerate(years)
    ]
    return Table(title, columns, rows)


def _cell(line: Line, year: int, value: Number | None) -> str | None:
    if value is None:
        return None
    return i18n._("%(value)s (chưa đủ số liệu)", value=percent(value)) if year in line.partial else percent(value)
