"""Classes of the former term as the report counts them, and those since: who was called, who finished.

The report says that 95 cadres and officials were sent to training from 2020 to 2025: here each of 95 people has one class. The
planning of cadres (97 entries) is no class and has no place here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random

from partyreg import access
from partyreg.access import Permission
from partyreg.members.models import Body, Title
from partyreg.rulebook.training import CourseKind, CourseResult
from partyreg.training import actions
from partyreg.training.actions import Entry

from . import officials
from .plan import SEED, START, Plan

_CENTRE = "Trung tâm chính trị xã"
_OFFICES = ("cb-co-quan-dang", "cb-uy-ban")
_STAFF = (*_OFFICES, "cb-tram-y-te", "cb-cong-an", "cb-quan-su")


@dataclass(frozen=True, slots=True)
class Class:
    """A class: its last day, how many days it took, and who is on its list."""

    kind: CourseKind
    title: str
    ended_on: dt.date
    days: int
    organiser: str
    finished: tuple[str, ...]  # keys of people
    away: tuple[str, ...] = ()
    called: tuple[str, ...] = ()


#: The former term: title, last day, days, where, how many were sent; 95 in all.
FORMER = (
    ("Lớp trung cấp lý luận chính trị khóa 14", dt.date(2021, 6, 25), 300, "Trường Chính trị tỉnh", 12),
    ("Bồi dưỡng nghiệp vụ công tác Đảng ở cơ sở", dt.date(2021, 10, 15), 5, "Trung tâm chính trị huyện", 18),
    ("Bồi dưỡng công chức tư pháp - hộ tịch, địa chính", dt.date(2022, 5, 20), 10, "Trường Chính trị tỉnh", 11),
    ("Lớp trung cấp lý luận chính trị khóa 17", dt.date(2023, 7, 14), 360, "Trường Chính trị tỉnh", 15),
    ("Bồi dưỡng kiến thức quốc phòng - an ninh đối tượng 4", dt.date(2023, 9, 29), 7, "Ban Chỉ huy Quân sự huyện", 22),
    ("Bồi dưỡng ngạch chuyên viên", dt.date(2024, 8, 30), 60, "Trường Chính trị tỉnh", 9),
    ("Bồi dưỡng kỹ năng lãnh đạo, quản lý cấp phòng", dt.date(2025, 4, 18), 20, "Trường Chính trị tỉnh", 8),
)


def former(plan: Plan) -> list[Class]:
    """The classes of 2020-2025, each of the 95 people in one, a member of the commune by then."""
    rng = Random(f"{SEED} training")
    leading = {o.person for o in plan.offices if o.body is Body.CELL_COMMITTEE}
    able = [p for p in plan.people if p.home_on(START) in _STAFF or (p.key in leading and p.home_on(START))]
    rng.shuffle(able)
    able.sort(key=lambda p: p.posted_on or START)  # who came last can only have had the last classes
    rest = able[:95]
    made = []
    for title, ended_on, days, organiser, count in FORMER:
        sent = [p for p in rest if p.home_on(ended_on)][:count]
        rest = [p for p in rest if p not in sent]
        made.append(Class(CourseKind.OFFICIALS, title, ended_on, days, organiser, tuple(p.key for p in sent)))
    return made


def holders(plan: Plan, body: Body, title: Title, day: dt.date) -> tuple[str, ...]:
    """Who holds an office on a day, by unit."""
    held = (o for o in plan.offices if o.body is body and o.title is title and o.started_on <= day)
    return tuple(dict.fromkeys(o.person for o in sorted(held, key=lambda o: o.unit) if o.ended_on is None or o.ended_on > day))


def since(plan: Plan) -> list[Class]:
    """The classes that the targets 23b and 25b count, up to the plan's day, and the one to come."""
    made = []
    for kind, what, body, title, days_of in (
        (CourseKind.CELL_SECRETARIES, "bí thư chi bộ", Body.CELL_COMMITTEE, Title.SECRETARY, ((2025, 9, 12, 2), (2026, 5, 15, 6))),
        (CourseKind.VILLAGE_HEADS, "trưởng bản", Body.VILLAGE, Title.HEAD, ((2025, 10, 10, 0), (2026, 6, 12, 1))),
        (CourseKind.VILLAGE_FRONTS, "trưởng ban công tác Mặt trận", Body.VILLAGE_FRONT, Title.HEAD, ((2025, 10, 24, 1), (2026, 7, 10, 3))),
    ):
        for year, month, day, missed in days_of:
            ended_on = dt.date(year, month, day)
            people = holders(plan, body, title, ended_on)
            name = f"Bồi dưỡng {what} năm {year}"
            made.append(Class(kind, name, ended_on, 3, _CENTRE, people[missed:], people[:missed]))
    staff = officials.keys(plan)
    first, second = dt.date(2025, 11, 21), dt.date(2026, 3, 20)
    half, most = len(staff) // 2, len(staff) * 9 // 10
    made.append(Class(CourseKind.DIGITAL, "Kỹ năng số cho cán bộ, công chức, đợt 1", first, 2, _CENTRE, tuple(staff[:half])))
    made.append(Class(CourseKind.DIGITAL, "Kỹ năng số cho cán bộ, công chức, đợt 2", second, 2, _CENTRE, tuple(staff[half:most])))
    ended = [one for one in made if one.ended_on <= plan.today]
    called = tuple(key for one in ended if one.ended_on.year == plan.today.year for key in one.away)
    if called:
        coming = plan.today + dt.timedelta(days=14)
        ended.append(Class(CourseKind.OTHER, "Lớp bổ sung cho người chưa học", coming, 2, _CENTRE, (), (), tuple(dict.fromkeys(called))))
    return ended


def steps(plan: Plan, ids: Mapping[str, int]) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """The former term's classes from papers, when the register began; each later class on its last day."""
    for one in former(plan):
        yield START, partial(_hold, one, ids)
    for one in since(plan):
        yield min(one.ended_on, plan.today), partial(_hold, one, ids)


def _hold(one: Class, ids: Mapping[str, int]) -> None:
    actor = access.system("demo").using(Permission.TRAINING_EDIT)
    course = actions.add_course(
        actor, kind=one.kind, title=one.title, started_on=one.ended_on - dt.timedelta(days=one.days - 1), ended_on=one.ended_on,
        sessions=2 * one.days if one.days < 30 else None, organiser=one.organiser,
    )  # fmt: skip
    entries = [
        Entry(ids[key], 0, CourseResult.FINISHED, f"{number:02d}/{one.ended_on.year}", one.ended_on)
        for number, key in enumerate(one.finished, start=1)
    ]
    entries += [Entry(ids[key], 0, CourseResult.AWAY) for key in one.away]
    entries += [Entry(ids[key], 0, CourseResult.CALLED) for key in one.called]
    actions.enter_results(actor, course, entries)
