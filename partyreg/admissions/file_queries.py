"""What we ask about one file: its rows, its facts, and what the law says of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ..access import Actor
from ..db import db
from ..i18n import _
from ..members.models import Exit, Member, Person, Standing, StandingPeriod
from ..members.queries import roll
from ..org import scope
from ..org.models import Unit
from ..rulebook import admission as law
from ..rulebook.admission import Purpose, Step, VotingBody
from ..rulebook.finding import Finding, Severity, judged
from ..rulebook.timeline import NotInForce
from ..workdays.queries import days_off
from .facts import IntroducerLine, Record, facts_of, ours, roll_finding
from .models import Admission, AdmissionMove, AdmissionPaper, AdmissionReview, AdmissionVote, Introducer

#: The steps to which a file is handed in, and those to which it is passed on.
_HANDED_IN = (Step.ASKED, Step.SUBMITTED, Step.PROPOSED)
_PASSED_ON = (Step.COMMITTEE, Step.DECIDING, Step.RULING)


def one(actor: Actor, admission_id: int) -> Admission:
    """One visible file with its candidate and cell. Raises NotVisible."""
    loaded = (joinedload(Admission.person), joinedload(Admission.unit))
    return scope.one(Admission, actor, Admission.id == admission_id, options=loaded)


def cell(file: Admission) -> Unit:
    """The cell where the file's person is now: a candidate's own, a member's home."""
    return db.session.get_one(Unit, db.session.get_one(Person, file.person_id).unit_id)


def introducers(actor: Actor, file: Admission, day: dt.date) -> list[IntroducerLine]:
    """Who introduces the candidate, each with the standing that she had on `day`, in the order in which they were named."""
    query = (
        sa.select(
            Introducer.kind, Introducer.member_id, Person.full_name, StandingPeriod.id.is_not(None), Member.full_on,
            Introducer.together_since, Introducer.resolution_number, Introducer.resolved_on, Introducer.is_replacement,
        )
        .outerjoin(Member, Member.id == Introducer.member_id)
        .outerjoin(Person, Person.id == Introducer.member_id)
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Introducer.member_id, StandingPeriod.holds(day),
                                           StandingPeriod.standing == Standing.FULL))
        .where(Introducer.admission_id == file.id, Introducer.within(actor.reach()))
        .order_by(Introducer.id)
    )  # fmt: skip
    return [IntroducerLine(*row) for row in db.session.execute(query)]


def votes(actor: Actor, file: Admission, body: VotingBody | None = None, purpose: Purpose | None = None) -> list[AdmissionVote]:
    """The votes on the file, the oldest first; of one body or purpose where it is named."""
    query = scope.visible(AdmissionVote, actor).where(AdmissionVote.admission_id == file.id)
    if body is not None:
        query = query.where(AdmissionVote.body == body)
    if purpose is not None:
        query = query.where(AdmissionVote.purpose == purpose)
    return list(db.session.scalars(query.order_by(AdmissionVote.held_on, AdmissionVote.id)))


def reviews(actor: Actor, file: Admission) -> list[AdmissionReview]:
    """The cell's reviews of its list that named this candidate, the oldest first."""
    query = scope.visible(AdmissionReview, actor).where(AdmissionReview.admission_id == file.id)
    return list(db.session.scalars(query.order_by(AdmissionReview.reviewed_on)))


def reviewed(actor: Actor, ids: Sequence[int]) -> dict[int, tuple[int, dt.date | None]]:
    """Of these files the version and the day of the last review, by file, in one statement."""
    query = (
        sa.select(Admission.id, Admission.version, sa.func.max(AdmissionReview.reviewed_on))
        .outerjoin(AdmissionReview, AdmissionReview.admission_id == Admission.id)
        .where(Admission.id.in_(ids), Admission.within(actor.reach()))
        .group_by(Admission.id, Admission.version)
    )
    return {key: (version, last) for key, version, last in db.session.execute(query)}


def moves(actor: Actor, file: Admission) -> list[AdmissionMove]:
    """Every request, return and decision of the file, newest first."""
    query = scope.visible(AdmissionMove, actor).where(AdmissionMove.admission_id == file.id)
    return list(db.session.scalars(query.order_by(AdmissionMove.id.desc())))


def papers(actor: Actor, file: Admission) -> list[AdmissionPaper]:
    """The issued papers of the file with their documents, the newest first."""
    query = scope.visible(AdmissionPaper, actor).where(AdmissionPaper.admission_id == file.id)
    return list(db.session.scalars(query.options(joinedload(AdmissionPaper.document)).order_by(AdmissionPaper.id.desc())))


def helper_name(actor: Actor, file: Admission) -> str | None:
    """Who is to help the candidate; the name is part of the file, wherever that member is now."""
    return db.session.scalar(sa.select(Person.full_name).where(Person.id == file.helper_id)) if file.helper_id else None


class Hands(NamedTuple):
    """The users through whose hands the file went in the round under way; None for a system actor, or where nobody was yet."""

    handed_in: int | None
    passed_on: int | None

    def hold(self, actor: Actor) -> bool:
        """Whether the actor had a hand in what she would now decide on."""
        return actor.user_id is not None and actor.user_id in self


def hands(file: Admission) -> Hands:
    """Who last handed the file in, and who has passed it on since then; a move to another cell, which is no step, changes neither."""
    query = sa.select(AdmissionMove.to_step, AdmissionMove.user_id).where(
        AdmissionMove.admission_id == file.id, AdmissionMove.from_step != AdmissionMove.to_step
    )
    handed_in = passed_on = None
    for to_step, user_id in db.session.execute(query.order_by(AdmissionMove.id)):
        if to_step in _HANDED_IN:
            handed_in, passed_on = user_id, None
        elif to_step in _PASSED_ON and passed_on is None:
            passed_on = user_id
    return Hands(handed_in, passed_on)


def former(person_id: int) -> tuple[dt.date | None, Exit | None, int]:
    """Of one who was a member before: when and how she left, and how many times she was taken back; (None, None, 0) of others.

    An admission that was cancelled does not make a former member.
    """
    query = sa.select(StandingPeriod.ended_on, StandingPeriod.exit).where(
        StandingPeriod.member_id == person_id, StandingPeriod.exit.is_not(None), StandingPeriod.exit != Exit.CANCELLED
    )
    left = db.session.execute(query.order_by(StandingPeriod.ended_on.desc()).limit(1)).first()
    taken_back = db.session.scalar(sa.select(Member.readmitted_on).where(Member.id == person_id))
    return (left[0], left[1], int(taken_back is not None)) if left else (None, None, 0)


def standing_of(person_id: int) -> Standing | None:
    """Her standing as a member now; None for one who is none."""
    still = sa.select(StandingPeriod.standing).where(StandingPeriod.member_id == person_id, StandingPeriod.ended_on.is_(None))
    return db.session.scalar(still)


def is_member(person_id: int) -> bool:
    """Whether she is a member now."""
    return standing_of(person_id) is not None


def under_way(person_id: int) -> int | None:
    """The id of her file under way; None where there is none. The caller has been shown the person."""
    return db.session.scalar(sa.select(Admission.id).where(Admission.person_id == person_id, Admission.step.in_(law.OPEN)))


def facts(actor: Actor, file: Admission, day: dt.date, **proposed: Any) -> law.AdmissionFacts:
    """The file as the rulebook reads it on `day`, with the card's date; `proposed` facts replace those that are kept."""
    person = db.session.get_one(Person, file.person_id)
    found = votes(actor, file)
    considered = [one.held_on for one in found if one.body is VotingBody.CELL and one.purpose is Purpose.ADMISSION]
    on = considered[-1] if considered else day
    left_on, exit, times = former(file.person_id) if file.is_readmission else (None, None, 0)
    record = Record(
        file, person, introducers(actor, file, on), found, reviews(actor, file), _helper_is_full(file, on), left_on,
        exit is Exit.WITHDREW, times,
        days_off(min(file.check_asked_on or day, on, day), max(file.decided_on or day, day)),
    )  # fmt: skip
    kept = dataclasses.replace(facts_of(record), card_on=db.session.scalar(sa.select(Member.card_issued_on).where(Member.id == person.id)))
    return dataclasses.replace(kept, **proposed)


def _helper_is_full(file: Admission, day: dt.date) -> bool:
    if file.helper_id is None:
        return True
    full = sa.select(StandingPeriod.id).where(
        StandingPeriod.member_id == file.helper_id, StandingPeriod.standing == Standing.FULL, StandingPeriod.holds(day)
    )
    return db.session.scalar(full) is not None


def findings(actor: Actor, file: Admission, day: dt.date, step: Step | None = None, **proposed: Any) -> list[Finding]:
    """What the law of `day` demands before the file leaves its step (or `step`), kept rules included, in our forms' words."""
    try:
        found = ours(law.may_leave(step or file.step, facts(actor, file, day, **proposed), day))
    except NotInForce:
        text = _("Sổ chưa có quy định cho một ngày ghi trong hồ sơ. Kiểm tra lại năm của các ngày đã nhập.")
        return [judged("law.unknown", "", Severity.BLOCK, text)]
    if (step or file.step) in (Step.DRAFT, Step.RETURNED):
        last = votes(actor, file, VotingBody.CELL, Purpose.ADMISSION)
        if last:
            found.append(roll_finding(last[-1], roll(actor, cell(file), last[-1].held_on)))
    return found
