"""The socio-political organisations, cadres and civil servants of the commune, and their levels of 2025 and 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from partyreg import access
from partyreg.access import Permission
from partyreg.db import db
from partyreg.members.models import Person, Sex
from partyreg.rulebook.rating import Level
from partyreg.staff import actions
from partyreg.staff.actions import Newcomer
from partyreg.staff.models import Staff, StaffKind

from .plan import START, Invented, Plan

_ORGANISATIONS = {
    StaffKind.FRONT: "Ủy ban Mặt trận Tổ quốc Việt Nam xã", StaffKind.FARMERS: "Hội Nông dân xã",
    StaffKind.WOMEN: "Hội Liên hiệp Phụ nữ xã", StaffKind.YOUTH: "Đoàn Thanh niên Cộng sản Hồ Chí Minh xã",
    StaffKind.VETERANS: "Hội Cựu chiến binh xã", StaffKind.TRADE_UNION: "Công đoàn xã",
}  # fmt: skip
#: Civil servants who are no members, invented like everybody: key, particulars, post.
_OTHERS = (
    ("staff-1", Newcomer("Nguyễn Thu Thảo", Sex.FEMALE, dt.date(1997, 3, 14), "Kinh"), "Chuyên viên Phòng Kinh tế"),
    ("staff-2", Newcomer("Lò Văn Quân", Sex.MALE, dt.date(1991, 8, 2), "Thái"), "Công chức địa chính"),
    ("staff-3", Newcomer("Trần Ngọc Anh", Sex.FEMALE, dt.date(1999, 11, 25), "Kinh"), "Chuyên viên Trung tâm Phục vụ hành chính công"),
)
_CELLS = ("cb-uy-ban", "cb-co-quan-dang")
_HEADS = ("Bí thư", "Phó Bí thư", "Chủ tịch", "Phó Chủ tịch")
_CAMPAIGNS = {2025: dt.date(2025, 12, 22), 2026: dt.date(2026, 11, 20)}


def serving(plan: Plan) -> list[Invented]:
    """The members in the commune's service since it was formed."""
    return [p for p in plan.people if p.home_on(START) in _CELLS and p.left is None and not p.moves]


def keys(plan: Plan) -> list[str]:
    """Everybody in the commune's service, members or not."""
    return [one.key for one in serving(plan)] + [key for key, _who, _post in _OTHERS]


def steps(plan: Plan, ids: dict[str, int]) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """The register on the first day, and the levels of each campaign; the running year's last eight are not rated yet."""
    made: list[Staff] = []
    yield START, partial(_enter, plan, made, ids)
    for year, day in _CAMPAIGNS.items():
        if day <= plan.today:
            yield day, partial(_rate, made, year, 8 if plan.today.year == year else 0)


def _editing() -> access.Actor:
    return access.system("demo").using(Permission.STAFF_EDIT)


def _enter(plan: Plan, made: list[Staff], ids: dict[str, int]) -> None:
    """Organisations, then officials; those outside the Party are known by their keys from now on."""
    actor = _editing()
    made += [actions.register_organisation(actor, kind=kind, name=name, started_on=START) for kind, name in _ORGANISATIONS.items()]
    for one in serving(plan):
        kind = StaffKind.CADRE if one.occupation.startswith(_HEADS) else StaffKind.CIVIL_SERVANT
        person = db.session.get_one(Person, ids[one.key])
        made.append(actions.register_official(actor, person, kind=kind, post=one.occupation, started_on=START))
    for key, who, post in _OTHERS:
        line = actions.register_official(actor, who, kind=StaffKind.CIVIL_SERVANT, post=post, started_on=START)
        made.append(line)
        if line.person is not None:
            ids[key] = line.person.id


def _rate(made: list[Staff], year: int, missing: int) -> None:
    """Every organisation well or better, and of the officials all but one."""
    levels = {one.id: Level.EXCELLENT if number % 6 == 0 else Level.GOOD for number, one in enumerate(made)}
    levels[made[-missing - 1].id] = Level.DONE
    rated = {one.id: levels[one.id] for one in (made[:-missing] if missing else made)}
    actions.rate(_editing(), year, rated, f"{year % 100 + 20}-TB/ĐU")
