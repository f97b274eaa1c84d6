"""The figures of inspections in the forms that inspection commissions fill: by kind, by subject and conclusion, by body and year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..org.models import Unit
from ..org.scope import visible
from ..rulebook.inspection import InspectingBody, InspectionConclusion, InspectionKind, InspectionMatter
from .models import Inspection, InspectionSubject


class Counted(NamedTuple):
    """One line: `key` is what it counts; faults and to be disciplined are among `not_good`, as the forms have it."""

    key: Any
    inspections: int = 0
    concluded: int = 0
    cancelled: int = 0
    units: int = 0
    members: int = 0
    good: int = 0
    not_good: int = 0
    faults: int = 0
    discipline: int = 0


class Figures(NamedTuple):
    """The figures of the years, divided in four ways; subjects are those of concluded inspections."""

    by_kind: list[Counted]
    by_matter: list[Counted]
    by_body: list[Counted]
    by_year: list[Counted]
    total: list[Any]


def figures(actor: Actor, first: int, last: int, unit: Unit | None = None) -> Figures:
    """The figures of the years from `first` to `last`, of what `unit` held where it is given; two statements.

    An organisation or member inspected twice counts twice, as in the forms.
    """
    held = _held(actor, first, last, unit)
    found = _subjects(actor, first, last, unit)
    by_kind = _divide(held, found, lambda key: key[0])
    whole = [sum(line[place] for line in by_kind) for place in range(1, len(Counted._fields))]
    return Figures(
        sorted(by_kind, key=lambda line: list(InspectionKind).index(line.key)),
        sorted(_divide(held, found, lambda key: key[1]), key=lambda line: list(InspectionMatter).index(line.key)),
        sorted(_divide(held, found, lambda key: key[2]), key=lambda line: list(InspectingBody).index(line.key)),
        sorted(_divide(held, found, lambda key: key[3]), key=lambda line: line.key),
        whole,
    )


_Key = tuple[InspectionKind, InspectionMatter, InspectingBody, int]
_KEY = (Inspection.kind, Inspection.matter, Inspection.body, Inspection.year)


def _held(actor: Actor, first: int, last: int, unit: Unit | None) -> dict[_Key, tuple[int, ...]]:
    query = (
        visible(Inspection, actor)
        .with_only_columns(*_KEY, sa.func.count(), sa.func.count(Inspection.conclusion_on), sa.func.count(Inspection.cancelled_because))
        .where(Inspection.year.between(first, last))
        .group_by(*_KEY)
    )
    if unit is not None:
        query = query.where(Inspection.unit_id == unit.id)
    return {(kind, matter, body, year): tuple(rest) for kind, matter, body, year, *rest in db.session.execute(query)}


def _subjects(actor: Actor, first: int, last: int, unit: Unit | None) -> dict[_Key, tuple[int, ...]]:
    members = sa.func.count(InspectionSubject.person_id)

    def with_(*conclusions: InspectionConclusion) -> sa.ColumnElement[int]:
        return sa.func.count().filter(InspectionSubject.conclusion.in_(conclusions))

    bad = tuple(one for one in InspectionConclusion if one is not InspectionConclusion.GOOD)
    query = (
        visible(InspectionSubject, actor)
        .join(Inspection, Inspection.id == InspectionSubject.inspection_id)
        .with_only_columns(
            *_KEY, sa.func.count() - members, members, with_(InspectionConclusion.GOOD), with_(*bad), with_(InspectionConclusion.FAULTS),
            with_(InspectionConclusion.DISCIPLINE),
        )
        .where(Inspection.year.between(first, last), Inspection.conclusion_on.is_not(None))
        .group_by(*_KEY)
    )  # fmt: skip
    if unit is not None:
        query = query.where(Inspection.unit_id == unit.id)
    return {(kind, matter, body, year): tuple(rest) for kind, matter, body, year, *rest in db.session.execute(query)}


def _divide(
    held: dict[_Key, tuple[int, ...]], found: dict[_Key, tuple[int, ...]], part: Callable[[_Key], Any]
) -> list[Counted]:  # fmt: skip
    sums: dict[Any, list[int]] = {}
    for key, counts in held.items():
        line = sums.setdefault(part(key), [0] * (len(Counted._fields) - 1))
        for place, number in enumerate((*counts, *found.get(key, (0,) * 6))):
            line[place] += number
    return [Counted(key, *numbers) for key, numbers in sums.items()]


def holders(actor: Actor) -> list[Unit]:
    """The units that held an inspection which the actor may see, by name: former communes among them."""
    units = visible(Inspection, actor).with_only_columns(Inspection.unit_id).distinct()
    return list(
        db.session.scalars(sa.select(Unit).where(Unit.id.in_(units)).order_by(Unit.parent_id.is_not(None), Unit.name_sort, Unit.id))
    )
