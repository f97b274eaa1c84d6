"""Entered targets for tests, by the deeds that people use; there must be a commune."""

from __future__ import annotations

from decimal import Decimal

from partyreg import access
from partyreg.access import Permission
from partyreg.targets import entry_actions
from partyreg.targets.models import TargetEntry

SYSTEM = access.system("test").using(Permission.TARGETS_EDIT)


def entry(
    no: str = "6", year: int = 2026, value: str = "59.5", source: str = "Báo cáo của Hạt Kiểm lâm", paper: str = "45/BC-UBND"
) -> TargetEntry:  # fmt: skip
    """The forest of this year, unless told."""
    return entry_actions.enter(SYSTEM, no=no, year=year, value=Decimal(value), source=source, paper=paper)
