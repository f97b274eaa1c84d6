"""Cadre planning of the former communes for the term 2020-2025: the report's 97 entries. Who and for which post is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from random import Random

from partyreg import access
from partyreg.access import Permission
from partyreg.db import db
from partyreg.members.models import Person
from partyreg.staff import planning_actions as actions

from .places import BY_CODE, CA_NANG, CHIENG_KHAY, MUONG_CHIEN, Former
from .plan import SEED, START, Invented, Plan

_TERM = (2020, 2025)
_POSTS = (
    "Bí thư Đảng ủy xã", "Phó Bí thư Đảng ủy xã", "Chủ tịch Hội đồng nhân dân xã", "Chủ tịch Ủy ban nhân dân xã",
    "Phó Chủ tịch Ủy ban nhân dân xã", "Ủy viên Ban Thường vụ Đảng ủy xã", "Ủy viên Ban Chấp hành Đảng bộ xã",
    "Chủ tịch Ủy ban Mặt trận Tổ quốc xã", "Chủ tịch Hội Nông dân xã", "Chủ tịch Hội Liên hiệp Phụ nữ xã", "Bí thư Đoàn Thanh niên xã",
)  # fmt: skip
#: The three former communes, each with how many entries it approved, and when; together the report's 97.
_APPROVED: tuple[tuple[Former, int, dt.date], ...] = (
    (CHIENG_KHAY, 38, dt.date(2021, 9, 14)), (CA_NANG, 30, dt.date(2021, 10, 5)), (MUONG_CHIEN, 29, dt.date(2022, 3, 22)),
)  # fmt: skip


def entries(plan: Plan) -> list[tuple[Invented, str, Former, dt.date]]:
    """Whom each former commune planned for what; at most three for a post and three posts for a person."""
    rng = Random(f"{SEED} planning")
    found: list[tuple[Invented, str, Former, dt.date]] = []
    for former, count, day in _APPROVED:
        able = [
            one for one in plan.people
            if BY_CODE[one.cell].former is former and one.full_then(day) and not one.moves and one.left is None
            and one.posted_on is not None and one.posted_on <= day and one.born_on.year >= day.year - 50
        ]  # fmt: skip
        slots = [post for post in _POSTS for _place in range(4)][:count]
        chosen = rng.sample(able, count)
        found += [(one, post, former, day) for one, post in zip(chosen, slots, strict=True)]
    return found


def steps(plan: Plan, ids: Mapping[str, int]) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """All of them on the register's first day, from the former communes' papers; the term is over, so they have ended."""
    for number, (who, post, former, day) in enumerate(entries(plan), start=1):
        yield START, partial(_enter, ids[who.key], post, former, day, number)


def _enter(person_id: int, post: str, former: Former, day: dt.date, number: int) -> None:
    actor = access.system("demo").using(Permission.STAFF_EDIT)
    made = actions.approve(
        actor, db.session.get_one(Person, person_id), post=post, first_year=_TERM[0], last_year=_TERM[1],
        issuer=f"Ban Thường vụ Đảng ủy xã {former.short} (cũ)", approved_on=day, paper=f"{10 + number // 40:02d}-QĐ/ĐU",
    )  # fmt: skip
    actions.end(actor, made, made.version, on=START, because="Hết nhiệm kỳ 2020-2025, sáp nhập xã")
