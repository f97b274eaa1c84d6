"""The composition of a committee: sex, age, ethnicity, qualification and political theory, each counted and in percent."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..db import db
from ..i18n import _, fmt_percent, label, percentage
from ..members.models import Body, Person, Position, Qualification, Sex, Theory
from ..org import queries as org
from ..org.models import Unit, UnitKind
from ..rulebook.book import LAW
from ..rulebook.committee import age_at, age_groups, reference_month, structure_findings
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


@dataclasses.dataclass(frozen=True, slots=True)
class Structure:
    """A body on a day. Ages are whole years at `reference_month`, as the congress's directive counts them."""

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
    query = (
        sa.select(Person.sex, Person.born_on, Person.ethnicity, Person.qualification, Person.theory)
        .where(Person.id.in_(
            sa.select(Position.person_id).where(
                Position.unit_id == unit.id, Position.body == body, Position.holds(day), Position.within(actor.reach()))))
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
    people: Sequence[Any] = db.session.execute(query).all()
    month = _month(day, unit)
    ages = [age_at(person.born_on, month) for person in people]

    def share(holds: Callable[[Any], bool]) -> Share:
        return Share(sum(holds(person) for person in people), len(people))

    def aged(holds: Callable[[int], bool]) -> Share:
        return Share(sum(map(holds, ages)), len(ages))

    def of(values: Sequence[Any], one: Any) -> Share:
        return Share(values.count(one), len(values))

    groups = age_groups(day) if LAW.find("committee.age_groups", day) else ()
    return Structure(
        unit, body, day, month, len(people),
        women=share(lambda p: p.sex is Sex.FEMALE),
        young=aged(lambda age: age <= YOUNG_UP_TO),
        age_groups=tuple((group.least, group.below, aged(group.holds)) for group in groups),
        women_by_age=tuple(
            sum(group.holds(age) and person.sex is Sex.FEMALE for person, age in zip(people, ages, strict=True)) for group in groups
        ),
        ethnic_minorities=share(lambda p: p.ethnicity != MAJORITY),
        ethnicity={name: of([p.ethnicity for p in people], name) for name in sorted({p.ethnicity for p in people})},
        qualification={one: of([p.qualification for p in people], one) for one in Qualification},
        theory={one: of([p.theory for p in people], one) for one in Theory},
    )  # fmt: skip


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
