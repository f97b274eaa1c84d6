"""A pyramid of ages: men to the left, women to the right, band by band."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from .. import i18n
from ..tables import Column, Row, Table
from .canvas import NARROW, WIDE, Canvas, Chart, clean, cut, width_of

_ROW, _THICK = 30.0, 20.0


def pyramid(title: str, bands: Sequence[str], men: Sequence[int], women: Sequence[int], *, name: str = "pyramid") -> Chart:
    """Bands from the youngest, which stands at the foot. Raises ValueError where a band lacks its counts."""
    rows = list(zip(bands, men, women, strict=True))
    facts = {"men": i18n.fmt_number(sum(men)), "women": i18n.fmt_number(sum(women))}
    text = i18n._("%(men)s nam và %(women)s nữ.", **facts)
    if any(men) or any(women):
        most = max(rows, key=lambda row: row[1] + row[2])
        text += " " + i18n._("Nhóm đông nhất: %(band)s, %(count)s người.", band=most[0], count=i18n.fmt_number(most[1] + most[2]))
    columns = [
        Column("band", i18n._("Nhóm tuổi"), width=24), Column("men", i18n._("Nam"), "number"), Column("women", i18n._("Nữ"), "number"),
    ]  # fmt: skip
    table = Table(title, columns, [Row(row) for row in rows], ("men", "women"))
    wide, narrow = (_drawn(title, text, rows, name, width) for width in (WIDE, NARROW))
    return Chart(name, title, wide, text, table, narrow)


def _drawn(title: str, text: str, rows: Sequence[tuple[str, int, int]], name: str, width: float) -> Markup:
    canvas = Canvas(f"{name}-n" if width == NARROW else name, width)
    words = [cut(clean(band), width * 0.42) for band, _men, _women in rows]
    half = max([width_of(one) for one in words], default=0) / 2 + 8
    numbers = max((width_of(i18n.fmt_number(count)) for _band, *pair in rows for count in pair), default=0) + 6
    room = max(width / 2 - half - numbers, 1.0)
    most = max((count for _band, *pair in rows for count in pair), default=0) or 1
    left, right = width / 2 - half, width / 2 + half
    canvas.text(left, 16, i18n._("Nam"), anchor="end", bold=True)
    canvas.text(right, 16, i18n._("Nữ"), bold=True)
    y = 26.0
    for (_band, men, women), word in zip(reversed(rows), reversed(words), strict=True):
        canvas.text(width / 2, y + 15, word, anchor="middle")
        for side, count, filling in ((-1, men, 0), (1, women, 1)):
            long = count / most * room
            edge = left if side < 0 else right
            canvas.bar(edge - long if side < 0 else edge, y, long, _THICK, filling)
            canvas.text(edge + side * (long + 5), y + 15, i18n.fmt_number(count), anchor="end" if side < 0 else "start", soft=not count)
        y += _ROW
    for edge in (left, right):
        canvas.line(edge, 24, edge, y - 4)
    return canvas.finish(y, title, text)
