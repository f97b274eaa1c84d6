"""Who holds a post that requires a class, who had it, and who is still missing.

Which day governs: the counting day that the rulebook answers. Whoever holds the post on it counts, a non-member as a member; a
class counts by its last day, whatever she was when she took it. One who holds two posts owes both classes and counts once.

The posts of cells and villages are positions; the cadres and civil servants are the lines of the staff register, the very people whom
target 25a rates, and each belongs to the unit that keeps her record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import AnySelect, db
from ..i18n import _, label
from ..members.models import Body, Member, Person, Position, Title
from ..org.former_queries import Place, below
from ..org.models import CELLS, Unit, UnitKind
from ..org.scope import visible
from ..rulebook import training as rulebook
from ..rulebook.finding import Finding
from ..rulebook.training import CourseResult, Post, Requirement
from ..staff import queries as staff
from ..staff.models import Staff
from .models import TrainingCourse, TrainingResult

#: Post that is a position -> its body and title, and the kinds of units that ought to have a holder on record.
POSITIONS: dict[Post, tuple[Body, Title, tuple[UnitKind, ...]]] = {
    Post.CELL_SECRETARY: (Body.CELL_COMMITTEE, Title.SECRETARY, CELLS),
    Post.VILLAGE_HEAD: (Body.VILLAGE, Title.HEAD, (UnitKind.VILLAGE_CELL,)),
    Post.VILLAGE_FRONT_HEAD: (Body.VILLAGE_FRONT, Title.HEAD, (UnitKind.VILLAGE_CELL,)),
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


def _held(actor: Actor, rule: Requirement, unit: Place | None) -> AnySelect:
    """(person, unit, since) of whoever holds the rule's post on its last day, in reach and below `unit`; one row a holding."""
    if rule.post is Post.OFFICIAL:
        place: Any = Person.unit_id
        found = sa.select(Staff.person_id, place, Staff.started_on).join(Person, Person.id == Staff.person_id)
        found = found.where(staff.in_service(rule.last), Person.within(actor.reach()))
    else:
        body, title, _kinds = POSITIONS[rule.post]
        place = Position.unit_id
        found = sa.select(Position.person_id, place, Position.started_on)
        found = found.where(Position.body == body, Position.title == title, Position.holds(rule.last), Position.within(actor.reach()))
    if unit is None:
        return found
    return found.where(place.in_(below(unit)))


def _holders_of(actor: Actor, rule: Requirement, unit: Place | None) -> AnySelect:
    """The ids of the people alone."""
    found = _held(actor, rule, unit)
    return found.with_only_columns(next(iter(found.selected_columns)))


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


def _trained(rule: Requirement) -> AnySelect:
    """The ids of those who had a class that meets the rule."""
    return _finished(rule).with_only_columns(TrainingResult.person_id)


def sides(actor: Actor, posts: Iterable[Post], year: int, day: dt.date, unit: Place | None = None) -> Sides:
    """Those who hold any of the posts, and of them those who had every class that their posts require; the part lies in the whole.

    One statement, for the units without a holder on record.
    """
    rules = [rule for post in posts if (rule := rulebook.requirement(post, year, day)) is not None]
    person = sa.select(Person.id)
    if not rules:
        none = person.where(sa.false())
        told = _("Chưa có quy định có hiệu lực về việc ai phải được bồi dưỡng.")
        days = sa.select(TrainingResult.person_id, TrainingCourse.ended_on).join(TrainingCourse).where(sa.false())
        return Sides(none, none, days, (told,))
    holds = [Person.id.in_(_holders_of(actor, rule, unit)) for rule in rules]
    whole = person.where(sa.or_(*holds))
    part = whole.where(*(sa.or_(~held, Person.id.in_(_trained(rule))) for held, rule in zip(holds, rules, strict=True)))
    classes = sa.union_all(*(_finished(rule) for rule in rules)).subquery()
    days = sa.select(classes.c.person_id, sa.func.max(classes.c.ended_on).label("ended_on")).group_by(classes.c.person_id)
    return Sides(part, whole, days, tuple(gaps(actor, rules, unit)))


def gaps(actor: Actor, rules: Sequence[Requirement], unit: Place | None = None) -> list[str]:
    """Sentences that name the units of which no holder of a post is on record; empty where every post is filled. One statement."""
    rules = [rule for rule in rules if rule.post in POSITIONS]
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
        query = query.where(unit.inside())
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


def coverage(actor: Actor, year: int, day: dt.date, unit: Place | None = None) -> list[Coverage]:
    """Every post with its holders, trained or not; one statement a post that requires a class."""
    found = []
    for post in Post:
        rule = rulebook.requirement(post, year, day)
        found.append(Coverage(post, rule, tuple(_holders(actor, rule, unit)) if rule else ()))
    return found


def concerning(found: Iterable[Coverage], units: Iterable[Unit]) -> list[Coverage]:
    """Without the posts that nobody holds and that none of the units ought to have: a school's cell has no village head.

    Officials are the commune's: without any on record they concern whoever looks at it.
    """
    kinds = {unit.kind for unit in units}
    return [
        one for one in found
        if one.holders or kinds & set(POSITIONS[one.post][2] if one.post in POSITIONS else (UnitKind.COMMUNE,))
    ]  # fmt: skip


def _holders(actor: Actor, rule: Requirement, unit: Place | None) -> list[Holder]:
    latest = _finished(rule).with_only_columns(sa.func.max(TrainingCourse.ended_on)).where(TrainingResult.person_id == Person.id)
    held = _held(actor, rule, unit).subquery()
    person_id, unit_id, since = held.c
    query = (
        sa.select(Person.id, Person.full_name, Unit.code, Unit.name, since, Member.id, latest.correlate(Person).scalar_subquery())
        .select_from(held)
        .join(Person, Person.id == person_id)
        .join(Unit, Unit.id == unit_id)
        .outerjoin(Member, Member.id == Person.id)
        .order_by(Unit.kind, Unit.name_sort, Person.name_sort, Person.id, since)
    )
    return [
        Holder(i, name, code, place, begun, member is not None, trained, rulebook.judge(rule, begun, trained))
        for i, name, code, place, begun, member, trained in db.session.execute(query)
    ]


def owed(
    actor: Actor, posts: Iterable[Post], year: int, day: dt.date, unit: Place | None = None
) -> dict[int, dict[Post, dt.date | None]]:  # fmt: skip
    """Person -> each post of hers that requires a class, and the last day of the class that met it; one statement a post."""
    found: dict[int, dict[Post, dt.date | None]] = {}
    for post in posts:
        if (rule := rulebook.requirement(post, year, day)) is not None:
            for one in _holders(actor, rule, unit):
                found.setdefault(one.person_id, {})[post] = one.trained_on
    return found


def missing_counts(actor: Actor, year: int, day: dt.date) -> dict[Post, int]:
    """Post -> how many of its holders still owe their class; posts of which nobody does are left out. One statement."""
    rules = [rule for post in Post if (rule := rulebook.requirement(post, year, day)) is not None]
    if not rules:
        return {}
    counts = [
        sa.select(sa.func.count(Person.id))
        .where(Person.id.in_(_holders_of(actor, rule, None)), Person.id.not_in(_trained(rule)))
        .scalar_subquery()
        for rule in rules
    ]
    return {rule.post: n for rule, n in zip(rules, db.session.execute(sa.select(*counts)).one(), strict=True) if n}
