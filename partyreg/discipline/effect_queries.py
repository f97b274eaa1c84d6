"""What a case or a discipline holds up, what the law says to a case, and the numbers of a period."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..members.models import Member
from ..org.models import Unit
from ..org.scope import one, visible
from ..rulebook import discipline as law
from ..rulebook import discipline_time as time
from ..rulebook.discipline import Content, Decider, Form, Part
from ..rulebook.discipline_time import Held, Result
from ..rulebook.finding import Finding
from . import fact_queries, queries
from .models import CloseReason, DisciplineAct, DisciplineAppeal, DisciplineCase, DisciplineVote


def effects_on(actor: Actor, member_id: int, day: dt.date) -> list[Held]:
    """What cases and disciplines hold up for a member on a day, of those that the actor may see.

    Whoever may not see a case is told of no effect of it, for the effect would tell of the case. Raises NotVisible.
    """
    one(Member, actor, Member.id == member_id)
    return held_up(actor, member_id, day)


def held_up(actor: Actor, member_id: int, day: dt.date) -> list[Held]:
    """As `effects_on`, for whoever has been shown a case of hers, wherever she is now."""
    query = visible(DisciplineCase, actor).where(DisciplineCase.member_id == member_id, queries.not_ones_own(actor))
    found = list(db.session.scalars(query.order_by(DisciplineCase.id)))
    states = queries.standings(actor, found, day)
    held: list[Held] = []
    for case in found:
        told = states[case.id]
        if told.ruled is not None:
            held += time.effects(told.ruled, day, told.later)
        elif case.closed_on is None:
            held += time.under_consideration(day)
    return held


def in_year(actor: Actor, member_ids: Sequence[int], year: int) -> dict[int, list[DisciplineCase]]:
    """Member -> the disciplines published in a year that were not annulled, of those that the actor may see: for the year's rating.

    Raises nothing: whoever may see none is told of none. One statement.
    """
    annulled = sa.select(DisciplineAppeal.case_id).where(DisciplineAppeal.result == Result.ANNULLED)
    query = visible(DisciplineCase, actor).where(
        DisciplineCase.member_id.in_(member_ids), queries.not_ones_own(actor), DisciplineCase.id.not_in(annulled),
        DisciplineCase.published_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
    )  # fmt: skip
    found: dict[int, list[DisciplineCase]] = defaultdict(list)
    for case in db.session.scalars(query.order_by(DisciplineCase.published_on, DisciplineCase.id)):
        if case.member_id is not None:
            found[case.member_id].append(case)
    return found


def findings(case: DisciplineCase, acts: Sequence[DisciplineAct], votes: Sequence[DisciplineVote], day: dt.date) -> list[Finding]:
    """What the law says to a case that the caller has been shown: the form voted last, its competence, votes, limitation and days."""
    found: list[Finding] = []
    carried = fact_queries.carried(votes)
    form = case.form or (carried[-1].form if carried else votes[-1].form if votes else None)
    if form is not None and not case.is_from_paper:
        as_of = case.signed_on or day
        facts = fact_queries.of_case(case, as_of)
        if case.form is None:
            found += law.form_findings(form, facts, as_of)
        found += law.competence_findings(case.body, form, facts, as_of)
        for part in law.parts(form):
            last = next((vote for vote in reversed(votes) if vote.part is part and vote.form is form), None)
            if last is not None:
                found += law.vote_findings(fact_queries.vote_facts(last), part, last.body, last.held_on)
        if case.concluded_on is not None:
            found += time.limitation_findings(fact_queries.law_acts(acts), form, case.concluded_on)
    if case.signed_on is not None:
        voted = [vote.held_on for vote in votes if vote.part is Part.DECIDES]
        found += time.day_findings(case.body, max(voted, default=None), case.signed_on, case.published_on)
    return found


def expired(case: DisciplineCase, acts: Sequence[DisciplineAct], votes: Sequence[DisciplineVote], day: dt.date) -> set[dt.date]:
    """The days of those violations whose own period had ended before the next one: they are not disciplined any more."""
    form = case.form or (votes[-1].form if votes else None)
    if form is None:
        return set()
    return {act.on for act in time.expired_acts(fact_queries.law_acts(acts), form, case.concluded_on or day)}


class Limit(NamedTuple):
    """Until when a form can still be concluded to be due; no day where there is no limitation."""

    form: Form
    last_day: dt.date | None
    is_over: bool


def limits(case: DisciplineCase, acts: Sequence[DisciplineAct], day: dt.date) -> list[Limit]:
    """The limitation of each form that the law has for the one concerned, as of a day; a preview, for the form is voted first."""
    as_of = case.concluded_on or day
    found = []
    for form in law.forms(fact_queries.of_case(case, as_of).subject, as_of):
        period = time.limitation(fact_queries.law_acts(acts), form, as_of)
        if period is not None:
            found.append(Limit(form, period.last_day, period.expired_on(as_of)))
    return found


class Figures(NamedTuple):
    """The numbers of a period: published disciplines by form, body, content and cell; appeals settled; cases closed without one.

    A case with violations of two contents counts under both, so the contents can add up to more than the disciplines.
    """

    members: dict[Form, int]
    organisations: dict[Form, int]
    bodies: dict[Decider, int]
    contents: dict[Content, int]
    homes: dict[str, int]
    appeals: dict[Result, int]
    closed: dict[CloseReason, int]

    @property
    def total(self) -> int:
        """How many disciplines were published."""
        return sum(self.members.values()) + sum(self.organisations.values())


def published(actor: Actor, first: dt.date, last: dt.date) -> sa.ColumnElement[bool]:
    """The condition of a visible case on somebody else whose decision was published from `first` to `last`, and never annulled."""
    return sa.and_(
        DisciplineCase.within(actor.reach()), queries.not_ones_own(actor), DisciplineCase.published_on.between(first, last),
        DisciplineCase.id.not_in(sa.select(DisciplineAppeal.case_id).where(DisciplineAppeal.result == Result.ANNULLED)),
    )  # fmt: skip


def figures(actor: Actor, first: dt.date, last: dt.date) -> Figures:
    """The numbers of the visible cases from `first` to `last`, both included, by the day of publication and the form decided then.

    An annulled decision counts in no form, and among the appeals. Four statements, however many cases there are.
    """
    mine = visible(DisciplineCase, actor).where(queries.not_ones_own(actor)).with_only_columns(DisciplineCase.id)
    counted = published(actor, first, last)
    rows = db.session.execute(
        sa.select(DisciplineCase.member_id.is_(None), DisciplineCase.form, DisciplineCase.body, Unit.name)
        .join(Unit, Unit.id == DisciplineCase.home_id)
        .where(counted)
        .order_by(Unit.name_sort, Unit.id)
    ).all()
    contents = db.session.execute(
        sa.select(DisciplineAct.content, sa.func.count(sa.distinct(DisciplineAct.case_id)))
        .join(DisciplineCase, DisciplineCase.id == DisciplineAct.case_id)
        .where(counted)
        .group_by(DisciplineAct.content)
    )
    settled = db.session.execute(
        sa.select(DisciplineAppeal.result, sa.func.count())
        .where(DisciplineAppeal.case_id.in_(mine), DisciplineAppeal.published_on.between(first, last))
        .group_by(DisciplineAppeal.result)
    )
    closed = db.session.execute(
        sa.select(DisciplineCase.closed_because, sa.func.count())
        .where(DisciplineCase.id.in_(mine), DisciplineCase.closed_on.between(first, last))
        .group_by(DisciplineCase.closed_because)
    )
    return Figures(
        members=dict(Counter(form for is_organisation, form, _body, _home in rows if form and not is_organisation)),
        organisations=dict(Counter(form for is_organisation, form, _body, _home in rows if form and is_organisation)),
        bodies=dict(Counter(body for _is, _form, body, _home in rows)),
        contents=dict(list(contents)),
        homes=dict(Counter(home for _is, _form, _body, home in rows)),
        appeals={result: number for result, number in settled if result},
        closed={reason: number for reason, number in closed if reason},
    )
