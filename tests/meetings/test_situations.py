"""Situations of the roll that the office can read (`tests/rulebook/cases/meeting.toml`): who is on it, and who counts, by real deeds."""

from __future__ import annotations

import tomllib

import pytest

import config
from partyreg import access
from partyreg.access import Permission
from partyreg.meetings import queries
from partyreg.meetings.models import Attendance
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind, Exit, Standing
from tests import make

SYSTEM = access.system("test")
READER = SYSTEM.using(Permission.MEETINGS_READ)
CASES = tomllib.loads((config.ROOT / "tests/rulebook/cases/meeting.toml").read_text(encoding="utf-8"))["roll"]


def _live(cell, who) -> int:
    """Somebody whose life in the register is as the situation tells."""
    home = cell.he if who.keys() & {"moved_in", "guest"} else cell.unit
    one = make.member(unit=home, full_name="Lò Thị Mới", standing=Standing.PROBATIONARY if who.get("probationary") else Standing.FULL)
    for fact, on in who.items():
        match fact:
            case "moved_in":
                members.transfer(SYSTEM, one, to=cell.unit, on=on)
            case "moved_out":
                members.transfer(SYSTEM, one, to=cell.he, on=on)
            case "away":
                members.post_temporarily(SYSTEM, one, to=cell.he, on=on, until=who.get("back"))
            case "guest":
                members.post_temporarily(SYSTEM, one, to=cell.unit, on=on)
            case "exempt":
                members.hold_in_abeyance(SYSTEM, one, kind=AbeyanceKind.EXEMPTION, on=on)
            case "suspended":
                held = members.hold_in_abeyance(SYSTEM, one, kind=AbeyanceKind.SUSPENSION, on=on)
                if "lifted" in who:
                    members.lift(SYSTEM, held, on=who["lifted"])
            case "died":
                members.leave(SYSTEM, one, exit=Exit.DIED, on=on)
            case "back" | "lifted" | "probationary":
                pass
            case other:
                raise ValueError(other)
    return one.id


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_the_roll_of_a_day(cell, case):
    who = _live(cell, case["who"])
    found = next((one for one in queries.expected(READER, cell.unit, case["day"]) if one.member_id == who), None)
    assert (found is not None) is case["on_roll"]
    if found is not None:
        said = (found.default.attendance.value, found.is_counted(Attendance.EXCUSED), found.is_counted(Attendance.PRESENT))
        assert said == (case["proposed"], case["counted_absent"], case["counted_present"])
