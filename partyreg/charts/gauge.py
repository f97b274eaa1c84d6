"""How far a target is met: a bar, the mark that was set, and the state in a sign and a word."""

from __future__ import annotations

from .. import i18n
from ..tables import Column, Row, Table
from .canvas import NARROW, Canvas, Chart, Number, percent, scale_end, width_of

Strokes = tuple[tuple[tuple[float, float], ...], ...]

#: A tick, a cross, a dash: 14 units wide and high.
_TICK: Strokes = (((1, 7), (6, 12), (14, 1)),)
_CROSS: Strokes = (((2, 1), (13, 12)), ((13, 1), (2, 12)))
_DASH: Strokes = (((1, 7), (14, 7)),)
_SIGNS = {">=": "≥", "<=": "≤"}


def gauge(
    title: str,
    value: Number | None,
    threshold: Number | None,
    comparator: str | None = ">=",
    *,
    met: bool | None = None,
    part: int | None = None,
    whole: int | None = None,
    later: bool = False,
    name: str = "gauge",
) -> Chart:
    """A percentage against the mark that was set; `met` is what the rulebook answered, None while data lack; what is asked for by a
    `later` day is not judged before it.

    The scale ends at 100 %, or at a round number above the value and the mark where both are small or one is greater.
    """
    word, strokes = _state(met, later)
    sign = _SIGNS.get(comparator or "", comparator or "")
    mark = f"{sign} {percent(threshold)}".strip() if threshold is not None else ""
    text = _sentence(value, mark, met, later)
    canvas = Canvas(name, NARROW)
    peak = max(float(value or 0), float(threshold or 0))
    end = 100.0 if 35 <= peak <= 100 or peak == 0 else scale_end(peak * 1.1)

    canvas.text(0, 24, percent(value) if value is not None else "–", size=22, bold=True)
    left = NARROW - width_of(word, bold=True) - 22
    for stroke in strokes:
        canvas.polyline([(left + x, 10 + y) for x, y in stroke], thick=2.5)
    canvas.text(NARROW, 22, word, anchor="end", bold=True)

    canvas.bar(0.5, 38, NARROW - 1, 20, 4)
    if value is not None:
        filling = 2 if met is None or (later and not met) else 0 if met else 1
        canvas.bar(0.5, 38, min(max(float(value), 0) / end, 1) * (NARROW - 1), 20, filling)
    low, high = "0 %", percent(end)
    if threshold is None:
        canvas.text(0, 80, low, soft=True)
        canvas.text(NARROW, 80, high, anchor="end", soft=True)
    else:
        at = min(max(float(threshold) / end, 0), 1) * (NARROW - 1) + 0.5
        canvas.line(at, 32, at, 64, thick=3)
        label = i18n._("mức %(mark)s", mark=mark)
        half = width_of(label, bold=True) / 2
        middle = min(max(at, half), NARROW - half)
        canvas.text(middle, 80, label, anchor="middle", bold=True)
        if middle - half > width_of(low) + 8:
            canvas.text(0, 80, low, soft=True)
        if middle + half < NARROW - width_of(high) - 8:
            canvas.text(NARROW, 80, high, anchor="end", soft=True)
    return Chart(name, title, canvas.finish(86, title, text), text, _table(title, value, mark, word, part, whole))


def _state(met: bool | None, later: bool) -> tuple[str, Strokes]:
    if later and not met:
        return i18n._("Chưa đến hạn"), _DASH
    if met is None:
        return i18n._("Chưa đủ số liệu"), _DASH
    return (i18n._("Đạt"), _TICK) if met else (i18n._("Chưa đạt"), _CROSS)


def _sentence(value: Number | None, mark: str, met: bool | None, later: bool) -> str:
    facts = {"value": percent(value) if value is not None else "", "mark": mark}
    if value is None:
        return i18n._("Chưa tính được tỷ lệ, chưa đủ số liệu; mức chỉ tiêu %(mark)s.", **facts) if mark else i18n._("Chưa đủ số liệu.")
    if not mark:
        return i18n._("Tỷ lệ %(value)s; chưa có mức chỉ tiêu để so sánh.", **facts)
    if met is None:
        return i18n._("Tỷ lệ %(value)s, mức chỉ tiêu %(mark)s: chưa đủ số liệu để kết luận.", **facts)
    if met:
        return i18n._("Tỷ lệ %(value)s, mức chỉ tiêu %(mark)s: đạt.", **facts)
    if later:
        return i18n._("Tỷ lệ %(value)s, mức chỉ tiêu %(mark)s: chưa đến hạn.", **facts)
    return i18n._("Tỷ lệ %(value)s, mức chỉ tiêu %(mark)s: chưa đạt.", **facts)


def _table(title: str, value: Number | None, mark: str, word: str, part: int | None, whole: int | None) -> Table:
    columns = [
        Column("part", i18n._("Tử số"), "number"), Column("whole", i18n._("Mẫu số"), "number"), Column("value", i18n._("Kết quả")),
        Column("threshold", i18n._("Mức chỉ tiêu"), width=16), Column("state", i18n._("Đánh giá"), width=18),
    ]  # fmt: skip
    cells = (part, whole, percent(value) if value is not None else None, mark or None, word)
    shown = [index for index, cell in enumerate(cells) if index > 1 or cell is not None]
    return Table(title, [columns[index] for index in shown], [Row(tuple(cells[index] for index in shown))])
