"""The disciplines of a period: by form and content, year and body. What is counted here is what is listed, for whoever may see cases."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ..access import Actor
from ..db import db
from ..discipline.effect_queries import published
from ..discipline.models import DisciplineAct, DisciplineCase
from ..members.models import Person
from ..org.former_queries import Place, below
from ..org.models import Unit
from ..rulebook.discipline import Content, Decider, Form


class Ruling(NamedTuple):
    """A published decision as it was signed; it tells of each content that was violated."""

    case_id: int
    is_organisation: bool
    form: Form
    body: Decider
    published_on: dt.date
    contents: frozenset[Content]


class Asked(NamedTuple):
    """Which of the decisions a figure counts; what is None narrows nothing."""

    organisations: bool | None = None
    form: Form | None = None
    content: Content | None = None
    body: Decider | None = None
    year: int | None = None


class Rulings(NamedTuple):
    """The decisions published from `first` to `last`, both included, that the reader may see, on members and organisations of the place.

    As the yearly numbers of the discipline's own page: by the day of publication and the form decided then; none that was annulled.
    """

    first: dt.date
    last: dt.date
    place: Place | None
    found: tuple[Ruling, ...]

    @property
    def years(self) -> range:
        """The years that have a day in the period."""
        return range(self.first.year, self.last.year + 1)

    def those(self, asked: Asked) -> list[Ruling]:
        """The decisions that a figure counts, each once."""
        return [
            one for one in self.found
            if asked.organisations in (None, one.is_organisation) and asked.form in (None, one.form) and asked.body in (None, one.body)
            and asked.year in (None, one.published_on.year) and (asked.content is None or asked.content in one.contents)
        ]  # fmt: skip

    def number(self, asked: Asked) -> int:
        """How many they are."""
        return len(self.those(asked))


def rulings(actor: Actor, first: dt.date, last: dt.date, place: Place | None = None) -> Rulings:
    """The decisions of a period, newest first. Two statements, however many they are; no name is read."""
    query = sa.select(
        DisciplineCase.id, DisciplineCase.member_id, DisciplineCase.form, DisciplineCase.body, DisciplineCase.published_on
    ).where(published(actor, first, last))
    if place is not None:
        query = query.where(DisciplineCase.home_id.in_(below(place)))
    acts = sa.select(DisciplineAct.case_id, DisciplineAct.content).where(
        DisciplineAct.case_id.in_(query.with_only_columns(DisciplineCase.id))
    )  # fmt: skip
    contents: dict[int, set[Content]] = defaultdict(set)
    for case_id, content in db.session.execute(acts):
        contents[case_id].add(content)
    ordered = db.session.execute(query.order_by(DisciplineCase.published_on.desc(), DisciplineCase.id.desc()))
    return Rulings(first, last, place, tuple(
        Ruling(case_id, member_id is None, form, body, day, frozenset(contents[case_id]))
        for case_id, member_id, form, body, day in ordered if form is not None and day is not None
    ))  # fmt: skip


class Named(NamedTuple):
    """Whom a decision was about, and where she or it was then."""

    ruling: Ruling
    name: str
    home: str


def named(actor: Actor, found: list[Ruling]) -> list[Named]:
    """The decisions with their names, in the same order, of those that the actor may see. One statement."""
    home, organisation = aliased(Unit), aliased(Unit)
    query = (
        sa.select(DisciplineCase.id, sa.func.coalesce(Person.full_name, organisation.name), home.name)
        .join(home, home.id == DisciplineCase.home_id)
        .outerjoin(Person, Person.id == DisciplineCase.member_id)
        .outerjoin(organisation, organisation.id == DisciplineCase.organisation_id)
        .where(DisciplineCase.within(actor.reach()), DisciplineCase.id.in_([one.case_id for one in found]))
    )
    told = {case_id: (name, at) for case_id, name, at in db.session.execute(query)}
    return [Named(one, *told[one.case_id]) for one in found if one.case_id in told]
