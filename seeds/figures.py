"""The values of the entered targets for 2025, invented between the report's baselines and what the resolution asks for by 2030."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from partyreg import access
from partyreg.access import Permission
from partyreg.targets import entry_actions

from .plan import Plan

_DAY = dt.date(2026, 1, 20)
_SOURCE = "Báo cáo kinh tế - xã hội năm 2025 của Ủy ban nhân dân xã"
_PAPER = "12/BC-UBND, phụ lục 1"
#: What the commune's report left open (19 and 20) stays without a value.
_VALUES = {
    "1": "10.6", "2.maize": "1488", "2.rice": "3395.5", "2.cassava": "6610", "2.buffalo": "5120", "2.cattle": "4611", "2.goats": "4880",
    "2.pigs": "7350", "2.cages": "168", "2.fish": "371.5", "3.visitors": "11850", "3.revenue": "5.4", "4.households": "1214",
    "4.workers": "6045", "5": "27.8", "6": "59.1", "7": "2", "8": "0", "9": "7", "10": "11.4", "11": "95.2", "12.villages": "1",
    "12.models": "0", "13": "46.5", "14": "92", "15": "2.4", "16": "61.9", "17": "96.7", "18": "95.2", "24b": "-4",
}  # fmt: skip


def steps(plan: Plan) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """The year's values on the day of the report, where that day has come."""
    if plan.today >= _DAY:
        for no, value in _VALUES.items():
            yield _DAY, partial(_enter, no, Decimal(value))


def _enter(no: str, value: Decimal) -> None:
    actor = access.system("demo").using(Permission.TARGETS_EDIT)
    entry_actions.enter(actor, no=no, year=2025, value=value, source=_SOURCE, paper=_PAPER, note="Số liệu minh họa")
