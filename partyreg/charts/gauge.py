"""How far a target is met: a bar, the mark that was set, and the state in a sign and a word."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from .. import i18n
from ..tables import Column, Row, Table
from .canvas import LINE, NARROW, SIZE, WIDE, Canvas, Chart, Number, clean, percent, scale_end, width_of, wrapped

Strokes = tuple[tuple[tuple[float, float], ...], ...]

#: A tick, a cross, a dash: 14 units wide and high.
_TICK: Strokes = (((1, 7), (6, 12), (14, 1)),)
_CROSS: Strokes = (((2, 1), (13, 12)), ((13, 1), (2, 12)))
_DASH: Strokes = (((1, 7), (14, 7)),)
_SIGNS = {">=": "≥", "<=": "≤"}
#: The height of one gauge; among many, the room for its title and the distance to the next one.
_HEIGHT, _GAP, _BETWEEN = 86.0, 32.0, 26.0
_STEP = _HEIGHT + 2 * LINE + 6 + _BETWEEN


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A percentage against the mark that was set; `met` is what the rulebook answered, None while data lack; what is asked for by a
    `later` day is not judged before it."""

    title: str
    value: Number | None
    threshold: Number | None
    comparator: str | None = ">="
    met: bool | None = None
    part: int | None = None
    whole: int | None = None
    later: bool = False

    @property
    def mark(self) -> str:
        """What is asked for, as `≥ 90 %`; empty where nothing is."""
        sign = _SIGNS.get(self.comparator or "", self.comparator or "")
        return f"{sign} {percent(self.threshold)}".strip() if self.threshold is not None else ""


def gauge(given: Reading, *, name: str = "gauge") -> Chart:
    """One reading.

    The scale ends at 100 %, or at a round number above the value and the mark where both are small or one is greater.
    """
    text = _sentence(given)
    canvas = Canvas(name, NARROW)
    _draw(canvas, given, 0, 0, NARROW)
    return Chart(name, given.title, canvas.finish(_HEIGHT, given.title, text), text, _table(given.title, given))


def gauges(title: str, readings: Sequence[Reading], *, name: str = "gauges") -> Chart:
    """Many readings in one drawing, each drawn as it is alone, under its own title; in two columns, in one where it is narrow."""
    text = _count(readings)
    svgs = []
    for width, columns in ((WIDE, 2), (NARROW, 1)):
        canvas = Canvas(f"{name}-{columns}", width)
        room = (width - _GAP * (columns - 1)) / columns
        for at, given in enumerate(readings):
            x, y = (at % columns) * (room + _GAP), at // columns * _STEP
            for line, words in enumerate(wrapped(clean(given.title), room)):
                canvas.text(x, y + SIZE + line * LINE, words)
            _draw(canvas, given, x, y + 2 * LINE + 6, room)
        rows = -(-len(readings) // columns)
        svgs.append(canvas.finish(max(rows * _STEP - _BETWEEN, LINE), title, text))
    return Chart(name, title, svgs[0], text, _table(title, *readings), svgs[1])


def _draw(canvas: Canvas, given: Reading, x: float, y: float, width: float) -> None:
    """The reading in a box whose left upper corner is (x, y), as wide as told and `_HEIGHT` high."""
    value, threshold = given.value, given.threshold
    word, strokes = _state(given)
    peak = max(float(value or 0), float(threshold or 0))
    end = 100.0 if 35 <= peak <= 100 or peak == 0 else scale_end(peak * 1.1)
    right = x + width

    canvas.text(x, y + 24, percent(value) if value is not None else "–", size=22, bold=True)
    left = right - width_of(word, bold=True) - 22
    for stroke in strokes:
        canvas.polyline([(left + dx, y + 10 + dy) for dx, dy in stroke], thick=2.5)
    canvas.text(right, y + 22, word, anchor="end", bold=True)

    canvas.bar(x + 0.5, y + 38, width - 1, 20, 4)
    if value is not None:
        filling = 2 if given.met is None or (given.later and not given.met) else 0 if given.met else 1
        canvas.bar(x + 0.5, y + 38, min(max(float(value), 0) / end, 1) * (width - 1), 20, filling)
    low, high = "0 %", percent(end)
    if threshold is None:
        canvas.text(x, y + 80, low, soft=True)
        canvas.text(right, y + 80, high, anchor="end", soft=True)
        return
    at = x + min(max(float(threshold) / end, 0), 1) * (width - 1) + 0.5
    canvas.line(at, y + 32, at, y + 64, thick=3)
    label = i18n._("mức %(mark)s", mark=given.mark)
    half = width_of(label, bold=True) / 2
    middle = min(max(at, x + half), right - half)
    canvas.text(middle, y + 80, label, anchor="middle", bold=True)
    if middle - half > x + width_of(low) + 8:
        canvas.text(x, y + 80, low, soft=True)
    if middle + half < right - width_of(high) - 8:
        canvas.text(right, y + 80, high, anchor="end", soft=True)


def _state(given: Reading) -> tuple[str, Strokes]:
    if given.later and not given.met:
        return i18n._("Chưa đến hạn"), _DASH
    if given.met is None:
        return i18n._("Chưa đủ số liệu"), _DASH
    return (i18n._("Đạt"), _TICK) if given.met else (i18n._("Chưa đạt"), _CROSS)


def _sentence(given: Reading) -> str:
    facts = {"value": percent(given.value) if given.value is not None else "", "mark": given.mark}
    if given.value is None:
        unknown = i18n._("Chưa tính được tỷ lệ, chưa đủ số liệu; mức chỉ tiêu %(mark)s.", **facts)
        return unknown if given.mark else i18n._("Chưa đủ số liệu.")
    if not given.mark:
        return i18n._("Tỷ lệ %(value)s; chưa có mức chỉ tiêu để so sánh.", **facts)
    if given.met is None:
        return i18n._("Tỷ lệ %(value)s, mức chỉ tiêu %(mark)s: chưa đủ số liệu để kết luận.", **facts)
    if given.met:
        return i18n._("Tỷ lệ %(value)s, mức chỉ tiêu %(mark)s: đạt.", **facts)
    if given.later:
        return i18n._("Tỷ lệ %(value)s, mức chỉ tiêu %(mark)s: chưa đến hạn.", **facts)
    return i18n._("Tỷ lệ %(value)s, mức chỉ tiêu %(mark)s: chưa đạt.", **facts)


def _count(readings: Sequence[Reading]) -> str:
    later = sum(one.later and not one.met for one in readings)
    unknown = sum(one.met is None and not one.later for one in readings)
    met = sum(one.met is True for one in readings)
    facts = {"count": len(readings), "met": met, "short": len(readings) - met - later - unknown, "later": later, "unknown": unknown}
    return i18n._(
        "%(count)s chỉ tiêu: %(met)s đạt, %(short)s chưa đạt, %(later)s chưa đến hạn, %(unknown)s chưa đủ số liệu.", **facts
    )  # fmt: skip


def _table(title: str, *readings: Reading) -> Table:
    columns = [
        Column("title", i18n._("Chỉ tiêu"), width=40), Column("part", i18n._("Tử số"), "number"),
        Column("whole", i18n._("Mẫu số"), "number"), Column("value", i18n._("Kết quả")),
        Column("threshold", i18n._("Mức chỉ tiêu"), width=16), Column("state", i18n._("Đánh giá"), width=18),
    ]  # fmt: skip
    rows = [
        (clean(one.title), one.part, one.whole, percent(one.value) if one.value is not None else None, one.mark or None, _state(one)[0])
        for one in readings
    ]
    shown = [at for at in range(len(columns)) if (len(readings) != 1 if at == 0 else at > 2 or any(row[at] is not None for row in rows))]
    return Table(title, [columns[at] for at in shown], [Row(tuple(row[at] for at in shown)) for row in rows])
