"""Organisations and staff for tests, entered by the deeds that people use; there must be a commune."""

from __future__ import annotations

import datetime as dt
import itertools

from partyreg import access
from partyreg.access import Permission
from partyreg.ratings.models import Level
from partyreg.staff import actions
from partyreg.staff.models import OFFICIALS, Staff, StaffKind

SYSTEM = access.system("test").using(Permission.STAFF_EDIT)
_number = itertools.count(1)


def staff(
    *, kind: StaffKind = StaffKind.CIVIL_SERVANT, name: str | None = None, post: str = "Công chức tư pháp - hộ tịch",
    is_member: bool = True, started_on: dt.date = dt.date(2025, 7, 1),
) -> Staff:  # fmt: skip
    """A civil servant since the commune was founded, unless told."""
    official = kind in OFFICIALS
    return actions.register(
        SYSTEM, kind=kind, name=name or f"Hoàng Thị Số {next(_number)}", post=post if official else None, is_member=is_member,
        started_on=started_on,
    )  # fmt: skip


def level(one: Staff, given: Level = Level.GOOD, year: int = 2026, paper: str = "45-QĐ/UBND") -> None:
    """The line has this level in the year."""
    actions.rate(SYSTEM, year, {one.id: given}, paper)
