"""Resolutions for tests, by the deeds that people use; there must be a commune."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

from partyreg import access
from partyreg.access import Permission
from partyreg.resolutions.models import Resolution, ResolutionTarget
from partyreg.rulebook import resolution as rules
from partyreg.targets import resolution_actions

SYSTEM = access.system("test").using(Permission.TARGETS_EDIT)
#: One of the running term, in force from 1 October of this year; its first target is entered each year.
AMENDING = rules.Resolution(
    "09-NQ/ĐU", "Đảng ủy xã", dt.date(2026, 9, 20), dt.date(2025, 7, 1), dt.date(2030, 6, 30), dt.date(2026, 10, 1)
)  # fmt: skip
AIM = rules.Aim("26", "Chi bộ có tủ sách", "percent", "entered", ">=", Decimal(80), "YEAR", article="mục II")


def resolution(because: str = "", **changed: object) -> Resolution:
    """The amending one, unless told."""
    return resolution_actions.adopt(SYSTEM, dataclasses.replace(AMENDING, **changed), because)  # type: ignore[arg-type]


def target(of: Resolution, because: str = "", **changed: object) -> ResolutionTarget:
    """Target 26, unless told."""
    return resolution_actions.add_target(SYSTEM, of, dataclasses.replace(AIM, **changed), because)  # type: ignore[arg-type]
