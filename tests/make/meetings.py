"""Meetings for tests, logged by the same action that a secretary uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from partyreg import access
from partyreg.access import Permission
from partyreg.meetings import actions
from partyreg.meetings.models import Attendance, Meeting, MeetingKind
from partyreg.org.models import Unit

SYSTEM = access.system("test").using(Permission.MEETINGS_LOG)


def meeting(
    *,
    unit: Unit,
    chair_id: int,
    kind: MeetingKind = MeetingKind.REGULAR,
    held_on: dt.date = dt.date(2026, 11, 3),
    attendance: Mapping[int, tuple[Attendance, str | None]] | None = None,
    **facts: Any,
) -> Meeting:
    """A meeting of `unit`; the regular one of November 2026 with everybody present unless told."""
    return actions.log(SYSTEM, unit=unit, kind=kind, held_on=held_on, chair_id=chair_id, attendance=attendance, **facts)
