"""What the cells' latest meetings dealt with, how they were scored, which meetings are to come: a living office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from random import Random

import sqlalchemy as sa

from partyreg import access
from partyreg.access import Permission
from partyreg.db import db
from partyreg.meetings import draft_actions, plan_actions, score_actions, score_queries, waiver_actions
from partyreg.meetings.agenda_rows import Point
from partyreg.meetings.models import Meeting, MeetingKind
from partyreg.org.models import Unit
from partyreg.rulebook.meeting import Kind
from partyreg.rulebook.meeting_agenda import agenda
from partyreg.rulebook.meeting_score import propose, sheet_on

from .places import CELLS
from .plan import SEED, Plan, add_months

#: How far back (days) meetings have their points, and their scores, in the register.
RECENT = 75
_WORK = (
    "Vận động hộ dân làm đường nội bản", "Thu, nộp đảng phí quý này", "Giúp đỡ quần chúng ưu tú viết đơn xin vào Đảng",
    "Kiểm tra an toàn hồ đập trước mùa mưa", "Rà soát hộ nghèo, hộ cận nghèo", "Chuẩn bị tài liệu sinh hoạt chuyên đề",
)  # fmt: skip


def points(day: dt.date, present: int) -> tuple[Point, ...]:
    """The points of a regular meeting of that day, with a vote of all who were there on the last month's work."""
    titles = agenda(Kind.REGULAR, day)
    return tuple(
        Point(title, conclusion="Nhất trí nhiệm vụ tháng tới.", in_favour=present, against=0, blank=0) if "Nhiệm vụ tháng tới" in title
        else Point(title)
        for title in titles
    )  # fmt: skip


def work(cell: str, day: dt.date) -> list[tuple[str, dt.date]]:
    """What the meeting gave somebody to do, and by when."""
    rng = Random(f"{SEED} work {cell} {day}")
    return [(title, day + dt.timedelta(days=rng.randrange(10, 40))) for title in rng.sample(_WORK, 2)]


def steps(plan: Plan, units: Mapping[str, Unit]) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """The deeds of today: scores of the latest meetings, next month's plans, a month waived, and a draft of a late cell."""
    actor = access.system("demo").using(Permission.MEETINGS_LOG)
    next_month = add_months(plan.today.replace(day=1), 1)
    for number, cell in enumerate(CELLS):
        if number % 4 != 3:
            yield plan.today, partial(_score, units[cell.code], plan.today)
        place = f"Nhà văn hóa bản {cell.village}" if cell.village else "Phòng họp cơ quan"
        yield (
            plan.today,
            partial(
                plan_actions.plan, actor, units[cell.code], kind=MeetingKind.REGULAR, held_on=next_month.replace(day=3),
                begins_at=dt.time(19, 30) if cell.village else dt.time(8, 0), place=place,
            ),
        )  # fmt: skip
    waiving = access.system("demo").using(Permission.MEETINGS_OVERSEE)
    reason = "Bản bị mưa lũ chia cắt, theo đề nghị của chi ủy."
    yield plan.today, partial(waiver_actions.waive, waiving, units["cb-khau-pum"], next_month.year, next_month.month, reason)
    typed = {"kind": "regular", "held_on": f"{plan.today:%d/%m/%Y}", "notes": "Đồng chí bí thư thông tin thời sự…"}
    yield plan.today, partial(draft_actions.keep_draft, actor, units["cb-pu-hoc"], "demo-draft", typed, plan.today)


def _score(unit: Unit, today: dt.date) -> None:
    """The cell scored its latest regular meetings: full marks less a little where only people can judge."""
    actor = access.system("demo").using(Permission.MEETINGS_LOG)
    recent = sa.select(Meeting).where(Meeting.unit_id == unit.id, Meeting.kind == MeetingKind.REGULAR)
    for meeting in db.session.scalars(recent.where(Meeting.held_on > today - dt.timedelta(days=RECENT)).order_by(Meeting.held_on)).all():
        sheet = sheet_on(meeting.held_on)
        if sheet is None:
            continue
        judged = propose(sheet, score_queries.facts_of(meeting), today)
        rng = Random(f"{SEED} score {unit.code} {meeting.held_on}")
        given = {
            one.line.key: str(max(Decimal(0), one.line.maximum - rng.choice((0, 0, 0, 1, 1, 2))))
            for one in judged.proposals if one.points is None
        }  # fmt: skip
        score_actions.score(actor, meeting, None, given)
