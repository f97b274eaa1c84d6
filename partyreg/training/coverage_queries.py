"""Who holds a post that requires a class, who had it, and who is still missing.

Which day governs: the counting day that the rulebook answers. Whoever holds the post on it counts, a non-member as a member; a
class counts by its last day, whatever she was when she took it. One who holds two posts owes both classes and counts once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import AnySelect, db
from ..i18n import _, label
from ..members.models import Body, Member, Person, Position, Title
from ..org.models import CELLS, Unit, UnitKind
from ..org.scope import visible
from ..rulebook import training as rulebook
from ..rulebook.finding import Finding
from ..rulebook.training import CourseResult, Post, Requirement
from .models import TrainingCourse, TrainingResult

#: Post -> body and title of the positions that are it, and the kinds of units that ought to have a holder on record.
POSITIONS: dict[Post, tuple[Body, Title, tuple[UnitKind, ...]]] = {
    Post.CELL_SECRETARY: (Body.CELL_COMMITTEE, Title.SECRETARY, CELLS),
    Post.VILLAGE_HEAD: (Body.VILLAGE, Title.HEAD, (UnitKind.VILLAGE_CELL,)),
    Post.VILLAGE_FRONT_HEAD: (Body.VILLAGE_FRONT, Title.HEAD, (UnitKind.VILLAGE_CELL,)),
    Post.OFFICIAL: (Body.OFFICE, Title.OFFICIAL, ()),
}
#: The posts of the cells and villages (target 23b), and of the commune's offices (25b).
VILLAGE_POSTS = (Post.CELL_SECRETARY, Post.VILLAGE_HEAD, Post.VILLAGE_FRONT_HEAD)
OFFICE_POSTS = (Post.OFFICIAL,)
#: How many units a sentence about missing data names.
_NAMED = 10


class Sides(NamedTuple):
    """Two selects of people's ids, a select of (person, last day of her latest class), and what lacks on record."""

    part: AnySelect
    whole: AnySelect
    days: AnySelect
    gaps: tuple[str, ...]


class Holder(NamedTuple):
    """The holder of a post, and whether she has been trained."""

    person_id: int
    name: str
    unit_code: str
    unit_name: str
    since: dt.date
    is_member: bool
    trained_on: dt.date | None
    finding: Finding


class Coverage(NamedTuple):
    """A post, what it requires (None where nothing was in force), and its holders by unit and name."""

    post: Post
    rule: Requirement | None
    holders: tuple[Holder, ...]

    @property
    def trained(self) -> int:
        """How many of the holders have been trained."""
        return sum(one.trained_on is not None for one in self.holders)

    @property
    def missing(self) -> tuple[Holder, ...]:
        """The holders who have not."""
        return tuple(one for one in self.holders if one.trained_on is None)


def _holds(actor: Actor, rule: Requirement, unit: Unit | None) -> sa.ColumnElement[bool]:
    """The condition that a position is the rule's post, held on its last day, in reach and below `unit`."""
    body, title, _kinds = POSITIONS[rule.post]
    found = sa.and_(Position.body == body, Position.title == title, Position.holds(rule.last), Position.within(actor.reach()))
    if unit is None:
        return found
    return sa.and_(found, Position.unit_id.in_(sa.select(Unit.id).where(Unit.path.startswith(unit.path, autoescape=True))))


def _finished(rule: Requirement) -> AnySelect:
    """(person, last day of a class that meets the rule), one row a class."""
    return (
        sa.select(TrainingResult.person_id, TrainingCourse.ended_on)
        .join(TrainingCourse, TrainingCourse.id == TrainingResult.course_id)
        .where(
            TrainingResult.result == CourseResult.FINISHED, TrainingCourse.kind.in_(rule.kinds),
            TrainingCourse.ended_on.between(rule.first, rule.last),
        )
    )  # fmt: skip


def sides(actor: Actor, posts: Iterable[Post], year: int, day: dt.date, unit: Unit | None = None) -> Sides:
    """Those who hold any of the posts, and of them those who had every class that their posts require; the part lies in the whole.

    One statement, for the units without a holder on record.
    """
    rules = [rule for post in posts if (rule := rulebook.requirement(post, year, day)) is not None]
    person = sa.select(Position.person_id)
    if not rules:
        none = person.where(sa.false())
        told = _("Chưa có quy định có hiệu lực về việc ai phải được bồi dưỡng.")
        days = sa.select(TrainingResult.person_id, TrainingCourse.ended_on).join(TrainingCourse).where(sa.false())
        return Sides(none, none, days, (told,))
    held = {rule.post: _holds(actor, rule, unit) for rule in rules}
    whole = person.where(sa.or_(*held.values()))
    owing = [
        sa.and_(held[rule.post], Position.person_id.not_in(_finished(rule).with_only_columns(TrainingResult.person_id))) for rule in rules
    ]
    part = whole.where(Position.person_id.not_in(person.where(sa.or_(*owing)).correlate(None)))
    classes = sa.union_all(*(_finished(rule) for rule in rules)).subquery()
    days = sa.select(classes.c.person_id, sa.func.max(classes.c.ended_on).label("ended_on")).group_by(classes.c.person_id)
    return Sides(part, whole, days, tuple(gaps(actor, rules, unit)))


def gaps(actor: Actor, rules: Sequence[Requirement], unit: Unit | None = None) -> list[str]:
    """Sentences that name the units of which no holder of a post is on record; empty where every post is filled. One statement."""
    rules = [rule for rule in rules if POSITIONS[rule.post][2]]
    if not rules:
        return []
    flags = []
    for rule in rules:
        body, title, kinds = POSITIONS[rule.post]
        held = sa.select(1).where(
            Position.unit_id == Unit.id, Position.body == body, Position.title == title, Position.holds(rule.last)
        ).correlate(Unit)  # fmt: skip
        flags.append(sa.and_(Unit.kind.in_(kinds), ~sa.exists(held)).label(rule.post.value))
    query = visible(Unit, actor).with_only_columns(Unit.name, *flags).where(Unit.kind.in_(CELLS), Unit.living(rules[0].last))
    if unit is not None:
        query = query.where(Unit.path.startswith(unit.path, autoescape=True))
    rows = db.session.execute(query.order_by(Unit.name_sort, Unit.id)).all()
    told = []
    for number, rule in enumerate(rules, start=1):
        names = [row[0] for row in rows if row[number]]
        facts = {"count": len(names), "post": label(rule.post), "names": ", ".join(names[:_NAMED]), "more": len(names) - _NAMED}
        if len(names) > _NAMED:
            told.append(_("%(post)s: %(count)s nơi chưa ghi ai giữ chức vụ: %(names)s và %(more)s nơi khác", **facts))
        elif names:
            told.append(_("%(post)s: %(count)s nơi chưa ghi ai giữ chức vụ: %(names)s", **facts))
    return told


def coverage(actor: Actor, year: int, day: dt.date, unit: Unit | None = None) -> list[Coverage]:
    """Every post with its holders, trained or not; one statement a post that requires a class."""
    found = []
    for post in Post:
        rule = rulebook.requirement(post, year, day)
        found.append(Coverage(post, rule, tuple(_holders(actor, rule, unit)) if rule else ()))
    return found


def _holders(actor: Actor, rule: Requirement, unit: Unit | None) -> list[Holder]:
    latest = _finished(rule).with_only_columns(sa.func.max(TrainingCourse.ended_on)).where(TrainingResult.person_id == Person.id)
    query = (
        sa.select(
            Person.id, Person.full_name, Unit.code, Unit.name, Position.started_on, Member.id, latest.correlate(Person).scalar_subquery()
        )
        .select_from(Position)
        .join(Person, Person.id == Position.person_id)
        .join(Unit, Unit.id == Position.unit_id)
        .outerjoin(Member, Member.id == Person.id)
        .where(_holds(actor, rule, unit))
        .order_by(Unit.kind, Unit.name_sort, Person.name_sort, Person.id, Position.started_on)
    )
    return [
        Holder(i, name, code, place, since, member is not None, trained, rulebook.judge(rule, since, trained))
        for i, name, code, place, since, member, trained in db.session.execute(query)
    ]


def missing_counts(actor: Actor, year: int, day: dt.date) -> dict[Post, int]:
    """Post -> how many of its holders still owe their class; posts of which nobody does are left out. One statement."""
    rules = [rule for post in Post if (rule := rulebook.requirement(post, year, day)) is not None]
    if not rules:
        return {}
    counts = [
        sa.select(sa.func.count(sa.distinct(Position.person_id)))
        .where(_holds(actor, rule, None), Position.person_id.not_in(_finished(rule).with_only_columns(TrainingResult.person_id)))
        .scalar_subquery()
        for rule in rules
    ]
    return {rule.post: n for rule, n in zip(rules, db.session.execute(sa.select(*counts)).one(), strict=True) if n}
