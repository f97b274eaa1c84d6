"""Cadre planning for tests, entered by the deed that people use; there must be a commune."""

from __future__ import annotations

import datetime as dt

from partyreg import access
from partyreg.access import Permission
from partyreg.members.models import Person
from partyreg.staff import planning_actions
from partyreg.staff.planning_models import Planning


def planning(person: Person) -> Planning:
    """The person is planned as secretary of the commune's committee."""
    return planning_actions.approve(
        access.system("test").using(Permission.STAFF_EDIT), person, post="Bí thư Đảng ủy xã", first_year=2025, last_year=2030,
        issuer="Ban Thường vụ Tỉnh ủy", approved_on=dt.date(2026, 3, 2), paper="12-QĐ/TU",
    )  # fmt: skip
