"""What we ask about classes: a year's list, one class with its people, whom to put on it, and what one person has had."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import AnySelect, db
from ..errors import NotVisible
from ..members import queries as members
from ..members.models import OUTSIDE, Member, Person, Position, Posting, PostingKind
from ..org.models import Unit
from ..org.scope import one as the_one
from ..org.scope import visible
from ..rulebook.training import CourseKind, CourseResult, certificate_end
from .models import TrainingCourse, TrainingResult

#: The register keeps no class that began earlier.
FIRST_DAY = dt.date(2000, 1, 1)
#: So many people are offered at once.
OFFERED = 200


class CourseLine(NamedTuple):
    """A class in a list; `people` and `finished` count those whom the reader may see."""

    id: int
    kind: CourseKind
    title: str
    started_on: dt.date
    ended_on: dt.date
    sessions: int | None
    organiser: str | None
    people: int
    finished: int


class Pupil(NamedTuple):
    """Somebody on a class's list, or (`result` None, version 0) offered for it."""

    person_id: int
    name: str
    born_on: dt.date
    unit_name: str
    is_member: bool
    result: CourseResult | None = None
    certificate_number: str | None = None
    certificate_on: dt.date | None = None
    version: int = 0


class Taken(NamedTuple):
    """A class that a person was on the list of."""

    course_id: int
    kind: CourseKind
    title: str
    started_on: dt.date
    ended_on: dt.date
    result: CourseResult
    certificate_number: str | None
    certificate_on: dt.date | None

    @property
    def valid_until(self) -> dt.date | None:
        """The last day of the certificate; None without one, or where no term is known."""
        return certificate_end(self.kind, self.certificate_on) if self.certificate_on else None


def courses(actor: Actor, first: dt.date, last: dt.date) -> list[CourseLine]:
    """The classes that ended from `first` to `last`, newest first; one statement."""
    seen = visible(TrainingResult, actor).with_only_columns(TrainingResult.course_id, TrainingResult.result).subquery()
    query = (
        sa.select(
            TrainingCourse.id, TrainingCourse.kind, TrainingCourse.title, TrainingCourse.started_on, TrainingCourse.ended_on,
            TrainingCourse.sessions, TrainingCourse.organiser, sa.func.count(seen.c.course_id),
            sa.func.count(seen.c.course_id).filter(seen.c.result == CourseResult.FINISHED),
        )
        .outerjoin(seen, seen.c.course_id == TrainingCourse.id)
        .where(TrainingCourse.ended_on.between(first, last))
        .group_by(TrainingCourse.id)
        .order_by(TrainingCourse.ended_on.desc(), TrainingCourse.id.desc())
    )  # fmt: skip
    return [CourseLine(*row) for row in db.session.execute(query)]


def sent(actor: Actor, first: dt.date, last: dt.date, *kinds: CourseKind) -> tuple[int, int]:
    """How often somebody was put on a class that ended from `first` to `last` (of those kinds, where any is given), and how many
    different people that were; one statement."""
    query = (
        visible(TrainingResult, actor)
        .join(TrainingCourse, TrainingCourse.id == TrainingResult.course_id)
        .with_only_columns(sa.func.count(TrainingResult.id), sa.func.count(sa.distinct(TrainingResult.person_id)))
        .where(TrainingCourse.ended_on.between(first, last))
    )
    times, people = db.session.execute(query.where(TrainingCourse.kind.in_(kinds)) if kinds else query).one()
    return times, people


def course(_actor: Actor, course_id: int) -> TrainingCourse:
    """One class; it says nothing of a person, so whoever may read classes may read it.

    Raises NotVisible when there is none.
    """
    found = db.session.get(TrainingCourse, course_id)
    if found is None:
        raise NotVisible("TrainingCourse")
    return found


def _pupils() -> AnySelect:
    return (
        sa.select(
            Person.id, Person.full_name, Person.born_on, Unit.name, Member.id.is_not(None), TrainingResult.result,
            TrainingResult.certificate_number, TrainingResult.certificate_on, sa.func.coalesce(TrainingResult.version, 0),
        )
        .select_from(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Member, Member.id == Person.id)
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip


def pupils(actor: Actor, course: TrainingCourse) -> list[Pupil]:
    """The people on a class's list whom the actor may see, in Vietnamese order; one statement."""
    on_it = sa.and_(TrainingResult.person_id == Person.id, TrainingResult.course_id == course.id)
    query = _pupils().join(TrainingResult, on_it).where(TrainingResult.within(actor.reach()))
    return [Pupil(*row) for row in db.session.execute(query)]


def offered(actor: Actor, course: TrainingCourse, *, ids: list[int] | None = None, unit: Unit | None = None, name: str = "") -> list[Pupil]:
    """People who are not on the list yet: of those `ids`, of that cell (its members, and whom it keeps on record), of that name.

    At most `OFFERED`, in Vietnamese order; nobody where nothing narrows the question. One statement.
    """
    wanted: list[sa.ColumnElement[bool]] = []
    if ids is not None:
        wanted.append(Person.id.in_(ids))
    if unit is not None:
        home = sa.select(Posting.member_id).where(
            Posting.unit_id == unit.id, Posting.kind == PostingKind.HOME, Posting.holds(course.ended_on)
        )
        posts = sa.select(Position.person_id).where(
            Position.unit_id == unit.id, Position.body.in_(OUTSIDE), Position.holds(course.ended_on)
        )
        wanted.append(sa.or_(Person.id.in_(home), Person.id.in_(posts), sa.and_(Person.unit_id == unit.id, Member.id.is_(None))))
    wanted += members.named(name)
    if not wanted:
        return []
    on_it = sa.and_(TrainingResult.person_id == Person.id, TrainingResult.course_id == course.id)
    query = _pupils().outerjoin(TrainingResult, on_it).where(TrainingResult.id.is_(None), Person.within(actor.reach()), *wanted)
    return [Pupil(*row) for row in db.session.execute(query.limit(OFFERED))]


def of_person(actor: Actor, person_id: int) -> list[Taken]:
    """The classes on whose list the person was, newest first, where the actor may see her; one statement."""
    query: AnySelect = (
        visible(TrainingResult, actor)
        .join(TrainingCourse, TrainingCourse.id == TrainingResult.course_id)
        .with_only_columns(
            TrainingCourse.id, TrainingCourse.kind, TrainingCourse.title, TrainingCourse.started_on, TrainingCourse.ended_on,
            TrainingResult.result, TrainingResult.certificate_number, TrainingResult.certificate_on,
        )
        .where(TrainingResult.person_id == person_id)
        .order_by(TrainingCourse.ended_on.desc(), TrainingCourse.id.desc())
    )  # fmt: skip
    return [Taken(*row) for row in db.session.execute(query)]


class PostLine(NamedTuple):
    """Somebody who holds a post of a village."""

    position_id: int
    person_id: int
    name: str
    is_member: bool
    position: Position
    unit_name: str


def posts(actor: Actor, day: dt.date) -> list[PostLine]:
    """The posts outside the Party that are held on a day (or were begun for later), by body, unit and name; one statement."""
    held = sa.or_(Position.ended_on.is_(None), Position.ended_on > day)
    query = (
        visible(Position, actor)
        .join(Person, Person.id == Position.person_id)
        .join(Unit, Unit.id == Position.unit_id)
        .outerjoin(Member, Member.id == Person.id)
        .with_only_columns(Position.id, Person.id, Person.full_name, Member.id.is_not(None), Position, Unit.name)
        .where(Position.body.in_(OUTSIDE), held)
        .order_by(Position.body.desc(), Unit.kind, Unit.name_sort, Person.name_sort, Position.id)
    )
    return [PostLine(*row) for row in db.session.execute(query)]


def post(actor: Actor, position_id: int) -> Position:
    """A visible post outside the Party. Raises NotVisible for any other position."""
    return the_one(Position, actor, Position.id == position_id, Position.body.in_(OUTSIDE))
