"""Who comes in by an admission: admitted, taken back, recognised as full; and an admission that was cancelled."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ..access import Actor
from ..audit import deed
from ..db import db
from ..i18n import _, fmt_date
from ..org.models import Unit
from .actions import check_dates, enrol, leave, open_standing, refuse
from .models import Exit, Member, Person, Posting, PostingKind, Standing, StandingPeriod


@deed
def admit(actor: Actor, *, person: Person, unit: Unit, decided_on: dt.date, decision_number: str, ceremony_on: dt.date) -> Member:
    """The person is a probationary member of `unit` from the ceremony on; an admission that was cancelled does not stand in the way.

    Raises RuleBroken as `enrol`.
    """
    member = db.session.get(Member, person.id)
    if member is None or {one.exit for one in _standings(person)} != {Exit.CANCELLED}:
        return enrol(actor, person=person, unit=unit, decided_on=decided_on, ceremony_on=ceremony_on, decision_number=decision_number)
    _take_in(member, person, unit, decided_on, ceremony_on)
    member.decided_on, member.decision_number = decided_on, decision_number
    db.session.flush()
    return member


@deed
def readmit(actor: Actor, *, person: Person, unit: Unit, decided_on: dt.date, decision_number: str, ceremony_on: dt.date) -> Member:
    """One who left is a probationary member of `unit` again from the ceremony on.

    Seniority goes on from the first decision, less the time away (P-18); probation and full membership are the new ones.
    Raises RuleBroken for one who never was a member, is one, or left after the ceremony.
    """
    member = db.session.get(Member, person.id)
    if member is None:
        raise refuse("readmit.never", "person", _("Người này chưa từng là đảng viên trong sổ; hãy kết nạp như người mới."))
    _take_in(member, person, unit, decided_on, ceremony_on)
    member.readmitted_on, member.readmission_number = decided_on, decision_number
    db.session.flush()
    return member


@deed
def recognise(actor: Actor, member: Member, full_on: dt.date) -> None:
    """The member is full from that day on. Raises RuleBroken when she is no probationary member, or the day is not after the ceremony."""
    period = open_standing(member)
    if period.standing is not Standing.PROBATIONARY:
        raise refuse("member.not_probationary", "full_on", _("Đảng viên này không còn trong thời gian dự bị."))
    check_dates(member.decided_on, member.ceremony_on, full_on)
    period.ended_on = full_on
    member.full_on = full_on
    db.session.flush()
    db.session.add(StandingPeriod(member_id=member.id, standing=Standing.FULL, started_on=full_on))


@deed
def annul(actor: Actor, member: Member, *, on: dt.date, paper: str | None = None) -> None:
    """The admission of a probationary member is cancelled: she is none from that day on, and no decision of hers counts (A-39).

    What was before a readmission stays. Raises RuleBroken for a full member or one who left, and as `leave`.
    """
    if open_standing(member).standing is not Standing.PROBATIONARY:
        raise refuse("member.not_probationary", "on", _("Đảng viên này không còn trong thời gian dự bị."))
    leave(actor, member, exit=Exit.CANCELLED, on=on, paper=paper)
    if member.readmitted_on:
        member.readmitted_on = member.readmission_number = None
    else:
        member.decided_on = member.decision_number = None
    member.ceremony_on = None
    db.session.flush()


def _standings(person: Person) -> list[StandingPeriod]:
    """Her standings, the latest first."""
    query = sa.select(StandingPeriod).where(StandingPeriod.member_id == person.id)
    return list(db.session.scalars(query.order_by(StandingPeriod.started_on.desc(), StandingPeriod.id.desc())))


def _take_in(member: Member, person: Person, unit: Unit, decided_on: dt.date, ceremony_on: dt.date) -> None:
    """One whom the register knows as a member of before is on probation again. Raises RuleBroken while she is one, or for an early day."""
    last = next(iter(_standings(person)), None)
    if last is None or last.ended_on is None:
        raise refuse("member.already", "person", _("Người này đã là đảng viên trong sổ."))
    if ceremony_on < last.ended_on:
        raise refuse("readmit.too_early", "ceremony_on",
                      _("Ngày kết nạp lại trước ngày ra khỏi Đảng (%(day)s).", day=fmt_date(last.ended_on)))  # fmt: skip
    check_dates(decided_on, ceremony_on, None)
    member.ceremony_on, member.full_on = ceremony_on, None
    db.session.add(StandingPeriod(member_id=member.id, standing=Standing.PROBATIONARY, started_on=ceremony_on))
    db.session.add(Posting(member_id=member.id, unit_id=unit.id, kind=PostingKind.HOME, started_on=ceremony_on))
    person.unit_id = unit.id
