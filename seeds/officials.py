"""The socio-political organisations, cadres and civil servants of the commune, and their levels of 2025 and 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from partyreg import access
from partyreg.access import Permission
from partyreg.ratings.models import Level
from partyreg.staff import actions
from partyreg.staff.models import Staff, StaffKind

from .plan import START, Plan

_ORGANISATIONS = {
    StaffKind.FRONT: "Ủy ban Mặt trận Tổ quốc Việt Nam xã", StaffKind.FARMERS: "Hội Nông dân xã",
    StaffKind.WOMEN: "Hội Liên hiệp Phụ nữ xã", StaffKind.YOUTH: "Đoàn Thanh niên Cộng sản Hồ Chí Minh xã",
    StaffKind.VETERANS: "Hội Cựu chiến binh xã", StaffKind.TRADE_UNION: "Công đoàn xã",
}  # fmt: skip
#: Civil servants who are no members, invented like everybody.
_OTHERS = (
    ("Nguyễn Thu Thảo", "Chuyên viên Phòng Kinh tế"), ("Lò Văn Quân", "Công chức địa chính"),
    ("Trần Ngọc Anh", "Chuyên viên Trung tâm Phục vụ hành chính công"),
)  # fmt: skip
_CELLS = ("cb-uy-ban", "cb-co-quan-dang")
_NUMBER = 28
_CAMPAIGNS = {2025: dt.date(2025, 12, 22), 2026: dt.date(2026, 11, 20)}


def lines(plan: Plan) -> list[tuple[StaffKind, str, str | None, bool]]:
    """Kind, name, post and membership of everybody on the register."""
    found: list[tuple[StaffKind, str, str | None, bool]] = [(kind, name, None, False) for kind, name in _ORGANISATIONS.items()]
    serving = [person for person in plan.members_on(START) if person.home_on(START) in _CELLS and person.left is None]
    heads = ("Bí thư", "Phó Bí thư", "Chủ tịch", "Phó Chủ tịch")
    for person in serving:
        kind = StaffKind.CADRE if person.occupation.startswith(heads) else StaffKind.CIVIL_SERVANT
        line = (kind, person.full_name, person.occupation, True)
        if line not in found and len(found) < len(_ORGANISATIONS) + _NUMBER - len(_OTHERS):
            found.append(line)
    return found + [(StaffKind.CIVIL_SERVANT, name, post, False) for name, post in _OTHERS]


def steps(plan: Plan) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """The register on the first day, and the levels of each campaign; the running year's last eight are not rated yet."""
    made: list[Staff] = []
    yield START, partial(_enter, plan, made)
    for year, day in _CAMPAIGNS.items():
        if day <= plan.today:
            yield day, partial(_rate, made, year, 8 if plan.today.year == year else 0)


def _editing() -> access.Actor:
    return access.system("demo").using(Permission.STAFF_EDIT)


def _enter(plan: Plan, made: list[Staff]) -> None:
    for kind, name, post, is_member in lines(plan):
        made.append(actions.register(_editing(), kind=kind, name=name, post=post, is_member=is_member, started_on=START))


def _rate(made: list[Staff], year: int, missing: int) -> None:
    """Every organisation well or better, and of the officials all but one."""
    levels = {one.id: Level.EXCELLENT if number % 6 == 0 else Level.GOOD for number, one in enumerate(made)}
    levels[made[-missing - 1].id] = Level.DONE
    rated = {one.id: levels[one.id] for one in (made[:-missing] if missing else made)}
    actions.rate(_editing(), year, rated, f"{year % 100 + 20}-TB/ĐU")
