"""The tables of the statistics: what they show, and which people each figure opens."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..i18n import _, label, percentage
from ..members.models import Sex, Standing
from ..rulebook.finding import msg
from ..tables import Column, Row, Table
from .day_queries import Dimension, Snapshot
from .entrant_queries import GROUPS, Admissions
from .events import WAYS_IN, WAYS_OUT, MovementLine
from .movement_queries import COLUMNS, Movement

Ask = Mapping[str, Any] | None
_L = MovementLine


class Shown(NamedTuple):
    """A table and, for each of its cells, what opens the people behind it (None where nobody stands behind it); `sums` for its totals."""

    key: str
    table: Table
    asks: tuple[tuple[Ask, ...], ...]
    sums: tuple[Ask, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class MovementTable(Table):
    """The movement, whose subtotals and closing are formulas over the lines above them in the XLSX."""

    keys: tuple[str, ...] = ()
    words: int = 1  # how many columns stand before the figures

    def fill(self, book: Any, sheet: Any) -> None:
        from xlsxwriter.utility import xl_rowcol_to_cell

        Table.fill(self, book, sheet)
        bold = book.add_format({"bold": True, "num_format": "#,##0"})
        at = {key: line for line, key in enumerate(self.keys, start=1)}
        ends = {"in": at[WAYS_IN[-1]], "out": at[WAYS_OUT[-1]]}
        for index in range(self.words, len(self.columns)):

            def cell(key: str, column: int = index) -> str:
                return str(xl_rowcol_to_cell(at[key], column))

            for key, last in ends.items():
                area = f"{xl_rowcol_to_cell(at[key] + 1, index)}:{xl_rowcol_to_cell(last, index)}"
                sheet.write_formula(at[key], index, f"=SUM({area})", bold, self.rows[at[key] - 1].cells[index])
            more = f"+{cell(_L.DIFFERENCE)}" if _L.DIFFERENCE in at else ""
            formula = f"={cell(_L.OPENING)}+{cell('in')}-{cell('out')}+{cell(_L.FROM_CELL)}-{cell(_L.TO_CELL)}+{cell(_L.RECOGNISED)}{more}"
            sheet.write_formula(at[_L.CLOSING], index, formula, bold, self.rows[at[_L.CLOSING] - 1].cells[index])


def movement_table(found: Movement) -> Shown:
    """Opening, ways in, ways out, moves between cells, recognitions, closing; by standing."""
    met = {one.standing for rows in (found.opening, found.closing, found.events) for one in rows}
    unknown = None in met or any(change[None] for change in found.unexplained().values())
    shown = [column for column in COLUMNS if column is not None or unknown]
    columns = [
        Column("line", _("Biến động"), width=36),
        *(Column(one.value if one else "unknown", label(one) if one else _("Chưa rõ tư cách"), "number") for one in shown),
        Column("total", _("Tổng số"), "number"),
    ]
    lines: list[tuple[str, str, tuple[MovementLine, ...]]] = [(_L.OPENING, label(_L.OPENING), (_L.OPENING,))]
    lines += [("in", _("Tăng trong kỳ"), WAYS_IN), *((one, "– " + label(one), (one,)) for one in WAYS_IN)]
    lines += [("out", _("Giảm trong kỳ"), WAYS_OUT), *((one, "– " + label(one), (one,)) for one in WAYS_OUT)]
    lines += [(one, label(one), (one,)) for one in (_L.FROM_CELL, _L.TO_CELL, _L.RECOGNISED)]
    if found.unexplained():
        lines.append((_L.DIFFERENCE, label(_L.DIFFERENCE), (_L.DIFFERENCE,)))
    lines.append((_L.CLOSING, label(_L.CLOSING), (_L.CLOSING,)))
    rows, asks = [], []
    for key, text, parts in lines:
        wanted = [*shown, "total"]
        rows.append(Row((text, *(found.sum(parts, column) for column in wanted))))
        opened: list[Ask] = [{"line": key, "standing": "unknown" if one is None else one} for one in wanted]
        asks.append((None, *opened))
    return Shown("movement", MovementTable(_("Biến động đảng viên"), columns, rows, (), tuple(key for key, _t, _p in lines)), tuple(asks))


def cells_table(found: Movement) -> Shown:
    """The same cell by cell: opening, came, from other cells, went, to other cells, closing."""
    parts = found.by_cell()
    whole = bool(found.unexplained()) or any(part.unexplained() for part in parts.values())
    difference = [Column("difference", label(_L.DIFFERENCE), "number")] if whole else []
    columns = [
        Column("cell", _("Chi bộ"), width=40), Column("opening", label(_L.OPENING), "number"), Column("came", _("Tăng"), "number"),
        Column("from_cell", _("Từ chi bộ khác"), "number"), Column("went", _("Giảm"), "number"),
        Column("to_cell", _("Sang chi bộ khác"), "number"), *difference, Column("closing", label(_L.CLOSING), "number"),
        Column("recognised", label(_L.RECOGNISED), "number"),
    ]  # fmt: skip
    rows, asks = [], []
    for cell in found.cells:
        if cell.id not in parts:
            continue
        part = parts[cell.id]
        rows.append(Row((
            cell.name, part.number(_L.OPENING), part.came, part.number(_L.FROM_CELL), part.went, part.number(_L.TO_CELL),
            *([part.number(_L.DIFFERENCE)] if whole else []), part.number(_L.CLOSING), part.number(_L.RECOGNISED, Standing.FULL),
        )))  # fmt: skip
        opened: list[Ask] = [
            {"line": key, "unit": cell.code}
            for key in (_L.OPENING, "in", _L.FROM_CELL, "out", _L.TO_CELL, *([_L.DIFFERENCE] if whole else []), _L.CLOSING, _L.RECOGNISED)
        ]
        asks.append((None, *opened))
    return Shown("cells", Table(_("Biến động theo chi bộ"), columns, rows, tuple(one.key for one in columns[1:])), tuple(asks))


_GROUPS = {
    "people": msg("Kết nạp"),
    "minority": msg("Dân tộc thiểu số"),
    "village": msg("Cán bộ bản"),
    "women": msg("Nữ"),
    "young": msg("Trong độ tuổi Đoàn"),
}


def group_name(group: str) -> str:
    """The words for one of `GROUPS`."""
    return str(_(_GROUPS[group]))


def _admission_columns(head: str) -> list[Column]:
    return [Column("what", head, width=28), *(Column(group, group_name(group), "number") for group in GROUPS)]


def months_table(found: Admissions) -> Shown:
    """The admissions of each month by group."""
    lines = found.by_month()
    rows = [Row((f"{first:%m/%Y}", *numbers)) for first, _last, numbers in lines]
    asks = tuple(
        (None, *({"from": first.isoformat(), "to": last.isoformat(), "group": group} for group in GROUPS)) for first, last, _n in lines
    )
    return Shown("months", Table(_("Kết nạp theo tháng"), _admission_columns(_("Tháng")), rows, GROUPS), asks)


def level_tables(found: Admissions) -> list[Shown]:
    """The admissions by professional qualification, and by political theory."""
    made = []
    for field in ("qualification", "theory"):
        dimension = Dimension(field)
        rows = [Row((label(level), *numbers)) for level, numbers in found.by_level(field)]
        title = _("Kết nạp, %(what)s", what=label(dimension).lower())
        asks = tuple((None, *({"by": field, "level": level, "group": group} for group in GROUPS)) for level, _n in found.by_level(field))
        made.append(Shown(field, Table(title, _admission_columns(label(dimension)), rows, GROUPS), asks))
    return made


def dimension_table(found: Snapshot, dimension: Dimension) -> Shown:
    """Men, women and all of each group, with its share."""
    columns = [
        Column("group", label(dimension), width=34),
        *(Column(sex.value, label(sex), "number") for sex in Sex), Column("total", _("Tổng số"), "number"),
        Column("share", _("Tỷ lệ (%)"), "percent"),
    ]  # fmt: skip
    groups, everybody = found.of(dimension), len(found.people)
    rows = [Row((one.label, one.male, one.female, one.total, percentage(one.total, everybody))) for one in groups]
    asks = tuple(
        (None, *({"by": dimension, "group": one.key, "sex": sex} for sex in (Sex.MALE, Sex.FEMALE, None)), None) for one in groups
    )  # fmt: skip
    sums: tuple[Ask, ...] = (None, *({"by": dimension, "sex": sex} for sex in (Sex.MALE, Sex.FEMALE, None)), None)
    return Shown(dimension.value, Table(label(dimension), columns, rows, ("male", "female", "total")), asks, sums)


def cross_table(found: Snapshot, dimension: Dimension) -> Shown:
    """Cell by cell, the numbers of each group of a dimension."""
    groups = found.groups(dimension)
    columns = [
        Column("cell", _("Chi bộ"), width=40), *(Column(f"g{n}", text, "number") for n, (_key, text) in enumerate(groups)),
        Column("total", _("Tổng số"), "number"),
    ]  # fmt: skip
    lines = found.by_cell(dimension)
    rows = [Row((cell.name, *numbers, sum(numbers))) for cell, numbers in lines]
    asks = tuple(
        (None, *({"by": dimension, "group": key, "unit": cell.code} for key, _text in groups), {"unit": cell.code}) for cell, _n in lines
    )
    title = _("%(what)s theo chi bộ", what=label(dimension))
    sums: tuple[Ask, ...] = (None, *({"by": dimension, "group": key} for key, _text in groups), {"by": dimension})
    return Shown("cells", Table(title, columns, rows, tuple(one.key for one in columns[1:])), asks, sums)


def people_table(title: str, lines: Iterable[tuple[Any, ...]], day: str | None = None) -> Table:
    """The people behind a figure: name, birth, cell, and the day on which it happened where `day` names it."""
    columns = [Column("name", _("Họ và tên"), width=30), Column("born_on", _("Ngày sinh"), "date"), Column("cell", _("Chi bộ"), width=40)]
    if day is not None:
        columns.append(Column("day", day, "date"))
    return Table(title, columns, [Row(cells[1:], cells[0]) for cells in lines])
