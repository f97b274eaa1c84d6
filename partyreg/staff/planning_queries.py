"""What we ask of cadre planning: the entries of a term, how many were approved in a period, and whom a new one can be about."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from ..access import Actor
from ..db import db
from ..members import queries as members
from ..members.models import Person
from ..names import fold
from ..org.scope import one, visible
from ..rulebook.finding import Finding
from ..rulebook.planning import planning_findings
from .planning_models import Planning

#: How many people a search offers.
OFFERED = 30


class Line(NamedTuple):
    """An entry, and what the law says of it among the others that run."""

    row: Planning
    findings: tuple[Finding, ...]


def terms(actor: Actor) -> list[tuple[int, int]]:
    """The terms that have an entry which the actor may see, newest first."""
    query = visible(Planning, actor).with_only_columns(Planning.first_year, Planning.last_year).distinct()
    return [(first, last) for first, last in db.session.execute(query.order_by(Planning.first_year.desc(), Planning.last_year.desc()))]


def entries(actor: Actor, first_year: int | None = None, words: str = "", running: bool = False) -> list[Line]:
    """The visible entries, of a term and of a name or post where these are given, by post and name; one statement.

    `running` leaves out those that ended. The law counts the running ones of the same term.
    """
    query = visible(Planning, actor).join(Planning.person).options(contains_eager(Planning.person))
    if first_year is not None:
        query = query.where(Planning.first_year == first_year)
    rows = list(db.session.scalars(query.order_by(Planning.first_year.desc(), Planning.post, Person.name_sort, Planning.id)))
    posts = Counter((row.first_year, row.post) for row in rows if row.ended_on is None)
    people = Counter((row.first_year, row.person_id) for row in rows if row.ended_on is None)
    wanted = fold(words)
    return [
        Line(row, () if row.ended_on else tuple(
            planning_findings(posts[row.first_year, row.post], people[row.first_year, row.person_id], row.approved_on)
        ))
        for row in rows
        if (wanted in fold(row.person.full_name) or wanted in fold(row.post)) and not (running and row.ended_on)
    ]  # fmt: skip


def approved(actor: Actor, first: dt.date, last: dt.date) -> int:
    """How many visible entries were approved from `first` to `last`, whatever became of them."""
    query = visible(Planning, actor).where(Planning.approved_on.between(first, last))
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def entry(actor: Actor, planning_id: int) -> Planning:
    """One visible entry with its person. Raises NotVisible."""
    return one(Planning, actor, Planning.id == planning_id, options=(sa.orm.joinedload(Planning.person),))


def offered(actor: Actor, words: str) -> Sequence[Person]:
    """The people in reach of that name, at most `OFFERED`, in Vietnamese order; nobody without a name."""
    wanted = members.named(words)
    if not wanted:
        return ()
    return db.session.scalars(visible(Person, actor).where(*wanted).order_by(Person.name_sort, Person.id).limit(OFFERED)).all()


def runs(person_id: int, post: str, first_year: int) -> bool:
    """Whether she is planned for that post of that term already."""
    query = sa.select(Planning.id).where(
        Planning.person_id == person_id, Planning.post == post, Planning.first_year == first_year, Planning.ended_on.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None
