"""Bars by cell: how many have which level, each filling with its pattern, each number in a column of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from .. import i18n
from ..tables import Column, Row, Table
from .canvas import FILLS, LINE, NARROW, WIDE, Canvas, Chart, clean, width_of, wrapped

_THICK = 16.0


class Bar(NamedTuple):
    """One cell: its name, and its counts in the order of the kinds."""

    name: str
    counts: Sequence[int]


def levels(title: str, rows: Sequence[Bar], kinds: Sequence[str], *, name: str = "levels") -> Chart:
    """A bar for each row, as long as the row is large, in parts by kind; at most five kinds, the last of which means none.

    The numbers stand in columns beside the bars: so none is hidden where a part is narrow, and none stands on a pattern.
    Raises ValueError for more kinds, or a row with other counts.
    """
    if not kinds or len(kinds) > len(FILLS) or any(len(row.counts) != len(kinds) for row in rows):
        raise ValueError("as many counts as kinds, and at most five")
    text = _sentence(rows, kinds)
    wide, narrow = (_drawn(title, text, rows, kinds, name, width) for width in (WIDE, NARROW))
    return Chart(name, title, wide, text, _table(title, rows, kinds), narrow)


def _fillings(kinds: Sequence[str]) -> list[int]:
    """The darkest first; the last kind is always the empty one."""
    return [*range(len(kinds) - 1), len(FILLS) - 1]


def _drawn(title: str, text: str, rows: Sequence[Bar], kinds: Sequence[str], name: str, width: float) -> Markup:
    is_narrow = width == NARROW
    canvas = Canvas(f"{name}-n" if is_narrow else name, width)
    fillings = _fillings(kinds)
    top = canvas.legend(14, list(zip(fillings, kinds, strict=True)), dashed=frozenset({len(FILLS) - 1})) + 6
    digits = max((width_of(i18n.fmt_number(count)) for row in rows for count in row.counts), default=0)
    column = max(digits + 7, 25.0)
    right = width - column * len(kinds)
    left = 0.0 if is_narrow else 276.0
    most = max((sum(row.counts) for row in rows), default=0) or 1
    room = width if is_narrow else left - 10
    if rows:
        for index, filling in enumerate(fillings):  # the heads of the columns of numbers
            canvas.bar(right + column * (index + 1) - 15, top - 8, 14, 12, filling, dashed=filling == len(FILLS) - 1)
        top += 12
    for row in rows:
        words = wrapped(clean(row.name), room) if row.name else ["–"]
        if is_narrow:
            for line, part in enumerate(words):
                canvas.text(0, top + 12 + line * LINE, part)
            middle = top + len(words) * LINE + _THICK / 2 + 2
            bottom = middle + _THICK / 2 + 9
        else:
            bottom = top + max(len(words) * LINE, _THICK) + 4
            middle = (top + bottom) / 2
            for line, part in enumerate(words):
                canvas.text(0, middle + 5 + (line - (len(words) - 1) / 2) * LINE, part)
        x = left
        for index, (count, filling) in enumerate(zip(row.counts, fillings, strict=True)):
            wide = count / most * (right - left - 8)
            canvas.bar(x, middle - _THICK / 2, wide, _THICK, filling, dashed=filling == len(FILLS) - 1)
            x += wide
            canvas.text(right + column * (index + 1), middle + 5, i18n.fmt_number(count), anchor="end", soft=not count)
        canvas.line(0, bottom, width, bottom, soft=True)
        top = bottom + (3 if is_narrow else 0)
    if not rows:
        canvas.text(0, top + 14, i18n._("Chưa có số liệu"), soft=True)
        top += 20
    return canvas.finish(top + 3, title, text)


def _sentence(rows: Sequence[Bar], kinds: Sequence[str]) -> str:
    if not rows:
        return i18n._("Chưa có số liệu.")
    sums = [sum(row.counts[index] for row in rows) for index in range(len(kinds))]
    told = ", ".join(f"{kind.lower()} {i18n.fmt_number(count)}" for kind, count in zip(kinds, sums, strict=True))
    return i18n._("%(rows)s chi bộ, %(all)s đảng viên: %(told)s.", rows=len(rows), all=i18n.fmt_number(sum(sums)), told=told)


def _table(title: str, rows: Sequence[Bar], kinds: Sequence[str]) -> Table:
    columns = [Column("name", i18n._("Chi bộ"), width=40), *(Column(f"n{index}", kind, "number") for index, kind in enumerate(kinds))]
    return Table(title, columns, [Row((row.name, *row.counts)) for row in rows], tuple(f"n{index}" for index in range(len(kinds))))
