"""What the law and the deeds must know of a case: who is concerned, her offices, the rolls of the bodies that vote, what was carried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ..db import db
from ..members.models import Abeyance, Body, Exit, Position, Posting, PostingKind, Standing, StandingPeriod
from ..org.models import Unit
from ..org.queries import root
from ..rulebook.discipline import CaseFacts, Decider, Subject, vote_findings
from ..rulebook.discipline_time import Act
from ..rulebook.finding import blocking
from ..rulebook.voting import VoteFacts
from .models import DisciplineAct, DisciplineCase, DisciplineVote


def of_case(found: DisciplineCase, day: dt.date) -> CaseFacts:
    """What the law asks about the one concerned, as of a day."""
    if found.member_id is None:
        return CaseFacts(Subject.ORGANISATION, superior_task=found.is_superior_task)
    subject = subject_on(found.member_id, day)
    return CaseFacts(subject, bool(offices(found, day)), found.is_superior_task)


def subject_on(member_id: int | None, day: dt.date) -> Subject:
    """What the one concerned was on a day; an organisation where no member is named."""
    if member_id is None:
        return Subject.ORGANISATION
    standing = sa.select(StandingPeriod.standing).where(StandingPeriod.member_id == member_id, StandingPeriod.holds(day))
    return Subject.PROBATIONARY if db.session.scalar(standing) is Standing.PROBATIONARY else Subject.FULL


def is_on_record(member_id: int | None, organisation_id: int | None, number: str, signed_on: dt.date) -> bool:
    """Whether a decision of that number and day on the same one is on record."""
    query = sa.select(DisciplineCase.id).where(
        DisciplineCase.member_id.is_not_distinct_from(member_id), DisciplineCase.organisation_id.is_not_distinct_from(organisation_id),
        DisciplineCase.number == number, DisciplineCase.signed_on == signed_on,
    )  # fmt: skip
    return db.session.scalar(query.limit(1)) is not None


def left_expelled(member_id: int) -> bool:
    """Whether the book says that she was expelled."""
    query = sa.select(StandingPeriod.id).where(StandingPeriod.member_id == member_id, StandingPeriod.exit == Exit.EXPELLED)
    return db.session.scalar(query.limit(1)) is not None


def carried(found: Iterable[DisciplineVote]) -> list[DisciplineVote]:
    """Of votes by day, those by which a form was carried."""
    return [
        vote for vote in found
        if not blocking(vote_findings(vote_facts(vote), vote.part, vote.body, vote.held_on))
    ]  # fmt: skip


def vote_facts(vote: DisciplineVote) -> VoteFacts:
    """The numbers of a vote as the law reads them."""
    return VoteFacts(vote.members, vote.not_counted, vote.present, vote.in_favour, vote.against, vote.blank)


def offices(found: DisciplineCase, day: dt.date) -> list[tuple[Position, str]]:
    """The Party offices of the one concerned on a day, each with its unit's name."""
    if found.member_id is None:
        return []
    query = (
        sa.select(Position, Unit.name)
        .join(Unit, Unit.id == Position.unit_id)
        .where(Position.person_id == found.member_id, Position.holds(day), Position.body.not_in((Body.VILLAGE, Body.VILLAGE_FRONT)))
        .order_by(Position.started_on, Position.id)
    )
    return [(position, unit) for position, unit in db.session.execute(query)]


def home_of(member_id: int, day: dt.date) -> Unit | None:
    """The cell to which a member belongs on a day."""
    query = sa.select(Unit).join(Posting, Posting.unit_id == Unit.id)
    return db.session.scalar(query.where(Posting.member_id == member_id, Posting.kind == PostingKind.HOME, Posting.holds(day)))


def law_acts(found: Iterable[DisciplineAct]) -> tuple[Act, ...]:
    """The violations as the law reads them."""
    return tuple(Act(one_.acted_on, one_.content) for one_ in found)


def roll_counts(found: DisciplineCase, day: dt.date) -> tuple[int, int]:
    """Of the cell concerned on a day: its full members at home, and how many of them may be left out of the total (A-19)."""
    away = aliased(Posting)
    held = sa.exists(sa.select(1).where(Abeyance.member_id == Posting.member_id, Abeyance.holds(day)))
    elsewhere = sa.exists(
        sa.select(1).where(
            away.member_id == Posting.member_id, away.kind == PostingKind.TEMPORARY, away.holds(day), away.unit_id != found.home_id
        )
    )
    query = (
        sa.select(sa.func.count(), sa.func.count().filter(sa.or_(held, elsewhere)))
        .select_from(Posting)
        .join(StandingPeriod, sa.and_(StandingPeriod.member_id == Posting.member_id, StandingPeriod.holds(day)))
        .where(
            Posting.unit_id == found.home_id, Posting.kind == PostingKind.HOME, Posting.holds(day),
            StandingPeriod.standing == Standing.FULL,
        )
    )  # fmt: skip
    full, apart = db.session.execute(query).one()
    return full, apart


_BODIES = {Decider.STANDING: Body.STANDING, Decider.COMMITTEE: Body.EXECUTIVE, Decider.COMMISSION: Body.INSPECTION}


def members_on_record(body: Decider, day: dt.date) -> int:
    """How many members the commune's body had on a day, as its positions tell; 0 where none is on record."""
    query = sa.select(sa.func.count(sa.distinct(Position.person_id)))
    query = query.where(Position.unit_id == root().id, Position.body == _BODIES[body], Position.holds(day))
    return db.session.scalar(query) or 0
