"""Classes and posts for tests, entered by the same actions that people use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from partyreg import access
from partyreg.access import Permission
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Position, Sex, Title
from partyreg.org.models import Unit
from partyreg.rulebook.training import CourseKind, CourseResult, Post
from partyreg.training import actions
from partyreg.training.actions import Entry
from partyreg.training.models import TrainingCourse

SYSTEM = access.system("test").using(Permission.TRAINING_EDIT)
FINISHED = CourseResult.FINISHED


def course(
    *,
    kind: CourseKind = CourseKind.CELL_SECRETARIES,
    ended_on: dt.date = dt.date(2026, 5, 8),
    days: int = 3,
    title: str = "Lớp bồi dưỡng năm 2026",
    finished: tuple[int, ...] = (),
    **facts: Any,
) -> TrainingCourse:
    """A class that ended on a day, finished by those people."""
    made = actions.add_course(SYSTEM, kind=kind, title=title, started_on=ended_on - dt.timedelta(days=days - 1), ended_on=ended_on, **facts)
    if finished:
        actions.enter_results(SYSTEM, made, [Entry(person, 0, FINISHED) for person in finished])
    return made


def secretary(*, unit: Unit, person: Person, on: dt.date = dt.date(2025, 3, 1)) -> Position:
    """The secretary of a cell."""
    return members.appoint(SYSTEM, person, unit=unit, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=on)


def holder(
    *,
    unit: Unit,
    post: Post = Post.VILLAGE_HEAD,
    full_name: str = "Vì Văn Bản",
    born_on: dt.date = dt.date(1980, 2, 3),
    on: dt.date = dt.date(2025, 1, 10),
) -> Position:
    """Somebody outside the Party who holds a post."""
    return actions.name_holder(SYSTEM, unit=unit, post=post, full_name=full_name, sex=Sex.MALE, born_on=born_on, ethnicity="Thái", on=on)
