"""The ratings of a year as a chart."""

from __future__ import annotations

from collections.abc import Iterable

from .. import charts
from ..i18n import _, label
from .models import Level
from .queries import CellProgress


def by_cell(year: int, cells: Iterable[CellProgress]) -> charts.Chart:
    """The members of each cell by level; those without a level, or not rated yet, are the last part."""
    rows = [charts.Bar(cell.name, (cell.excellent, cell.good, cell.done, cell.not_done, cell.not_rated + cell.missing)) for cell in cells]
    kinds = [*(label(level) for level in Level), _("Không hoặc chưa xếp loại")]
    return charts.levels(_("Xếp loại đảng viên năm %(year)s theo chi bộ", year=year), rows, kinds, name="levels")
