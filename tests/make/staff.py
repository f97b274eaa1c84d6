"""Organisations and staff for tests, entered by the deeds that people use; there must be a commune."""

from __future__ import annotations

import datetime as dt
import itertools

from partyreg import access
from partyreg.access import Permission
from partyreg.members.models import Person, Sex
from partyreg.rulebook.rating import Level
from partyreg.staff import actions
from partyreg.staff.actions import Newcomer
from partyreg.staff.models import OFFICIALS, Staff, StaffKind

SYSTEM = access.system("test").using(Permission.STAFF_EDIT)
FOUNDED = dt.date(2025, 7, 1)
_number = itertools.count(1)


def newcomer(full_name: str | None = None, born_on: dt.date = dt.date(1985, 4, 6)) -> Newcomer:
    """Somebody outside the Party."""
    return Newcomer(full_name or f"Hoàng Thị Số {next(_number)}", Sex.FEMALE, born_on, "Thái")


def staff(
    *, kind: StaffKind = StaffKind.CIVIL_SERVANT, name: str | None = None, person: Person | None = None,
    post: str = "Công chức tư pháp - hộ tịch", started_on: dt.date = FOUNDED,
) -> Staff:  # fmt: skip
    """A civil servant outside the Party since the commune was founded, unless told."""
    if kind not in OFFICIALS:
        return actions.register_organisation(SYSTEM, kind=kind, name=name or f"Tổ chức {next(_number)}", started_on=started_on)
    return actions.register_official(SYSTEM, person or newcomer(name), kind=kind, post=post, started_on=started_on)


def level(one: Staff, given: Level = Level.GOOD, year: int = 2026, paper: str = "45-QĐ/UBND") -> None:
    """The line has this level in the year."""
    actions.rate(SYSTEM, year, {one.id: given}, paper)
