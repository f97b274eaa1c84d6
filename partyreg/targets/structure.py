"""The composition of a committee: sex, age, ethnicity, qualification and political theory, each counted and in percent."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..db import db
from ..i18n import _, fmt_percent, label, percentage
from ..members.models import Body, Member, Person, Position, Qualification, Sex, Theory
from ..org import queries as org
from ..org.models import Unit, UnitKind
from ..rulebook.book import LAW
from ..rulebook.committee import AgeGroup, age_at, age_groups, reference_month, structure_findings
from ..rulebook.finding import Finding
from ..rulebook.timeline import NotInForce

#: The majority people of the country; everybody else counts as an ethnic minority.
MAJORITY = "Kinh"
#: The age up to which the congress report counts the young, in whole years at the reference month.
YOUNG_UP_TO = 42


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def percent(self) -> Decimal | None:
        """With two decimals, half up; None of none."""
        return percentage(self.count, self.of)

    def as_json(self) -> dict[str, Any]:
        """The plain form that the command line prints."""
        return {"count": self.count, "of": self.of, "percent": None if self.percent is None else float(self.percent)}


class Holder(NamedTuple):
    """Somebody of the body, and the groups that count her; `is_open` where the reader may open her record."""

    person_id: int
    name: str
    born_on: dt.date
    age: int
    cell: str
    is_open: bool
    groups: frozenset[str]


#: The groups that are not the values of something: everybody, women, the young of the congress report, the ethnic minorities.
ALL, WOMEN, YOUNG, MINORITIES = "all", "women", "young", "minorities"


def group_of(what: str, value: object) -> str:
    """What addresses call the group of those with a value: `age_0` of the age group from 0 on, `ethnicity_Thái`, `theory_advanced`."""
    return f"{what}_{value}"


@dataclasses.dataclass(frozen=True, slots=True)
class Structure:
    """A body on a day. Ages are whole years at `reference_month`, as the congress's directive counts them.

    Every figure counts `people` by one of their groups, so it cannot differ from `members` of that group.
    """

    unit: Unit
    body: Body
    on: dt.date
    reference_month: dt.date
    total: int
    women: Share
    young: Share
    age_groups: tuple[tuple[int, int | None, Share], ...]  # from, below
    women_by_age: tuple[int, ...]  # of each of these groups
    ethnic_minorities: Share
    ethnicity: dict[str, Share]
    qualification: dict[Qualification, Share]
    theory: dict[Theory, Share]
    people: tuple[Holder, ...] = ()

    def members(self, group: str) -> list[Holder]:
        """Whom the figure of a group counts, by given name."""
        return [one for one in self.people if group in one.groups]

    def as_json(self) -> dict[str, Any]:
        """The plain form that the command line prints."""
        return {
            "unit": self.unit.code, "body": self.body.value, "on": self.on.isoformat(),
            "reference_month": self.reference_month.strftime("%Y-%m"), "total": self.total, "women": self.women.as_json(),
            f"aged_{YOUNG_UP_TO}_or_younger": self.young.as_json(),
            "age_groups": [{"from": least, "below": below, **share.as_json()} for least, below, share in self.age_groups],
            "ethnic_minorities": self.ethnic_minorities.as_json(),
            "ethnicity": {name: share.as_json() for name, share in self.ethnicity.items()},
            "qualification": {one.value: share.as_json() for one, share in self.qualification.items()},
            "theory": {one.value: share.as_json() for one, share in self.theory.items()},
        }  # fmt: skip


def composition(actor: Actor, body: Body = Body.EXECUTIVE, on: dt.date | None = None, unit: Unit | None = None) -> Structure:
    """The composition of a unit's body (the commune's) on a day; positions out of the actor's reach are not counted."""
    day = on or clock.today()
    unit = unit or org.root()
    month = _month(day, unit)
    groups = age_groups(day) if LAW.find("committee.age_groups", day) else ()
    people = _people(actor, body, day, unit, month, groups)

    def share(group: str) -> Share:
        return Share(sum(group in one.groups for one in people), len(people))

    ethnicities = sorted({group.removeprefix("ethnicity_") for one in people for group in one.groups if group.startswith("ethnicity_")})
    return Structure(
        unit, body, day, month, len(people), women=share(WOMEN), young=share(YOUNG),
        age_groups=tuple((group.least, group.below, share(group_of("age", group.least))) for group in groups),
        women_by_age=tuple(sum({WOMEN, group_of("age", group.least)} <= one.groups for one in people) for group in groups),
        ethnic_minorities=share(MINORITIES),
        ethnicity={name: share(group_of("ethnicity", name)) for name in ethnicities},
        qualification={one: share(group_of("qualification", one.value)) for one in Qualification},
        theory={one: share(group_of("theory", one.value)) for one in Theory},
        people=people,
    )  # fmt: skip


def _people(actor: Actor, body: Body, day: dt.date, unit: Unit, month: dt.date, groups: Sequence[AgeGroup]) -> tuple[Holder, ...]:
    """Who held a position of the body within the actor's reach, each once. One statement."""
    query = (
        sa.select(
            Person.id, Person.full_name, Person.born_on, Person.sex, Person.ethnicity, Person.qualification, Person.theory, Unit.name,
            sa.and_(Person.within(actor.reach()), Member.id.is_not(None)).label("is_open"),
        )
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Member, Member.id == Person.id)
        .where(Person.id.in_(
            sa.select(Position.person_id).where(
                Position.unit_id == unit.id, Position.body == body, Position.holds(day), Position.within(actor.reach()))))
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
    found = []
    for row in db.session.execute(query):
        age = age_at(row.born_on, month)
        told = {ALL, *(group_of(what, getattr(row, what)) for what in ("ethnicity", "qualification", "theory"))}
        told |= {group_of("age", group.least) for group in groups if group.holds(age)}
        told |= {
            name for name, holds in ((WOMEN, row.sex is Sex.FEMALE), (YOUNG, age <= YOUNG_UP_TO), (MINORITIES, row.ethnicity != MAJORITY))
            if holds
        }  # fmt: skip
        found.append(Holder(row.id, row.full_name, row.born_on, age, row.name, bool(row.is_open), frozenset(told)))
    return tuple(found)


def thresholds(found: Structure) -> list[Finding]:
    """Whether an executive committee has the shares of women and young that the law of its day asks for (COM-04).

    The sources speak of party committees that a congress elects: of other bodies nothing is found. The young are the law's first age
    group, which is not the report's own line of those aged `YOUNG_UP_TO` or younger.
    """
    if found.body is not Body.EXECUTIVE or not found.age_groups:
        return []
    return structure_findings(found.women.count, found.age_groups[0][2].count, found.total, found.on)


def structure(actor: Actor, body: Body = Body.EXECUTIVE, on: dt.date | None = None, unit: Unit | None = None) -> dict[str, Any]:
    """The composition in the plain form that the command line prints."""
    return composition(actor, body, on, unit).as_json()


def lines(found: Mapping[str, Any]) -> list[str]:
    """The plain form as lines of text: what was counted, how many of how many, percent."""
    told = [f"{label(Body(found['body']))} ({found['unit']}), {found['on']}: {found['total']}"]
    plain = [
        (_("Nữ"), found["women"]), (_("Từ %(age)s tuổi trở xuống", age=YOUNG_UP_TO), found[f"aged_{YOUNG_UP_TO}_or_younger"]),
        (_("Dân tộc thiểu số"), found["ethnic_minorities"]),
        *((f"{label(Qualification(one))}", share) for one, share in found["qualification"].items() if share["count"]),
        *((_("Lý luận chính trị: %(level)s", level=label(Theory(one))), share) for one, share in found["theory"].items() if share["count"]),
    ]  # fmt: skip
    return told + [f"{name}: {share['count']}/{share['of']} = {fmt_percent(share['percent'])}" for name, share in plain]


def _month(day: dt.date, unit: Unit) -> dt.date:
    """The directive's month; the day's own month where no directive says one."""
    try:
        return reference_month(day, at_base=unit.kind is not UnitKind.COMMUNE)
    except NotInForce:
        return day.replace(day=1)
