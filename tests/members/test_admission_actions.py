"""Who comes in by an admission, and how it is undone: what is true after each deed, and every refusal."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.db import db
from partyreg.members import actions, admission_actions
from partyreg.members.models import Exit, Member, Person, Posting, Standing, StandingPeriod
from tests import make
from tests.members.test_actions import DAY, LATER, ROOT, periods, refused

ADMITTED = {"decided_on": dt.date(2026, 1, 5), "decision_number": "12-QĐ/ĐU", "ceremony_on": dt.date(2026, 1, 12)}


@pytest.fixture
def member(commune):
    made = make.member(unit=commune.bon, full_name="Lò Văn Ển", personal_number=None)
    db.session.commit()
    return made


def test_admitted_she_is_probationary_and_recognised_she_is_full(commune):
    person = make.person(unit=commune.bon)
    member = admission_actions.admit(
        ROOT, person=person, unit=commune.bon, decided_on=dt.date(2025, 2, 1), decision_number="12-QĐ/ĐU", ceremony_on=dt.date(2025, 3, 3)
    )
    assert [one.standing for one in periods(StandingPeriod, member.id)] == [Standing.PROBATIONARY]
    db.session.commit()
    refused("member.full_before_ceremony", admission_actions.recognise, member, dt.date(2025, 3, 3))
    admission_actions.recognise(ROOT, member, dt.date(2026, 3, 3))
    assert [(one.standing, one.ended_on) for one in periods(StandingPeriod, member.id)] == [
        (Standing.PROBATIONARY, dt.date(2026, 3, 3)), (Standing.FULL, None),
    ]  # fmt: skip
    assert member.full_on == dt.date(2026, 3, 3)
    db.session.commit()
    refused("member.not_probationary", admission_actions.recognise, member, dt.date(2026, 4, 3))


READMITTED = {"decided_on": dt.date(2026, 9, 1), "decision_number": "9-QĐ/ĐU", "ceremony_on": dt.date(2026, 9, 10)}


def test_one_who_left_is_taken_back_on_probation_and_her_first_decision_stays(commune, member):
    first = member.decided_on
    actions.leave(ROOT, member, exit=Exit.WITHDREW, on=dt.date(2020, 1, 1))
    who = db.session.get_one(Person, member.id)
    assert admission_actions.readmit(ROOT, person=who, unit=commune.he, **READMITTED) is member
    assert (member.decided_on, member.readmitted_on, member.readmission_number) == (first, dt.date(2026, 9, 1), "9-QĐ/ĐU")
    assert (member.ceremony_on, member.full_on, who.unit_id) == (dt.date(2026, 9, 10), None, commune.he.id)
    last = periods(StandingPeriod, member.id)[-1]
    assert (last.standing, last.started_on, last.ended_on) == (Standing.PROBATIONARY, dt.date(2026, 9, 10), None)
    assert periods(Posting, member.id)[-1].unit_id == commune.he.id
    admission_actions.recognise(ROOT, member, dt.date(2027, 9, 10))
    assert (member.full_on, periods(StandingPeriod, member.id)[-1].standing) == (dt.date(2027, 9, 10), Standing.FULL)


def test_readmissions_that_cannot_be(commune, member):
    stranger, who = make.person(unit=commune.bon), db.session.get_one(Person, member.id)
    db.session.commit()
    refused("readmit.never", admission_actions.readmit, person=stranger, unit=commune.bon, **READMITTED)
    refused("member.already", admission_actions.readmit, person=who, unit=commune.bon, **READMITTED)
    actions.leave(ROOT, member, exit=Exit.REMOVED, on=dt.date(2026, 9, 11))
    db.session.commit()
    assert refused("readmit.too_early", admission_actions.readmit, person=who, unit=commune.bon, **READMITTED).field == "ceremony_on"
    early = {**READMITTED, "decided_on": dt.date(2026, 9, 13), "ceremony_on": dt.date(2026, 9, 12)}
    refused("member.ceremony_before_decision", admission_actions.readmit, person=who, unit=commune.bon, **early)


def test_a_cancelled_admission_never_was_and_another_may_follow(commune):
    person = make.person(unit=commune.bon)
    member = admission_actions.admit(ROOT, person=person, unit=commune.bon, **ADMITTED)
    admission_actions.annul(ROOT, member, on=DAY, paper="9-QĐ/ĐU")
    assert (member.decided_on, member.decision_number, member.ceremony_on) == (None, None, None)
    last = periods(StandingPeriod, member.id)[-1]
    assert (last.exit, last.ended_on, last.exit_paper) == (Exit.CANCELLED, DAY, "9-QĐ/ĐU")
    assert periods(Posting, member.id)[-1].ended_on == DAY
    again = {"decided_on": LATER, "decision_number": "30-QĐ/ĐU", "ceremony_on": LATER}
    assert admission_actions.admit(ROOT, person=person, unit=commune.he, **again) is member
    assert (member.decided_on, member.decision_number, member.ceremony_on, member.readmitted_on) == (LATER, "30-QĐ/ĐU", LATER, None)
    assert [one.standing for one in periods(StandingPeriod, member.id)] == [Standing.PROBATIONARY] * 2
    db.session.commit()
    refused("member.already", admission_actions.admit, person=person, unit=commune.he, **again)


def test_a_cancelled_readmission_leaves_what_was_before(commune, member):
    first = member.decided_on
    actions.leave(ROOT, member, exit=Exit.WITHDREW, on=dt.date(2020, 1, 1))
    who = db.session.get_one(Person, member.id)
    admission_actions.readmit(ROOT, person=who, unit=commune.he, **READMITTED)
    admission_actions.annul(ROOT, member, on=dt.date(2026, 10, 1))
    assert (member.decided_on, member.readmitted_on, member.readmission_number) == (first, None, None)


def test_only_a_probationary_members_admission_is_cancelled(commune, member):
    refused("member.not_probationary", admission_actions.annul, member, on=DAY)
    member = db.session.get_one(Member, member.id)
    actions.leave(ROOT, member, exit=Exit.DIED, on=DAY)
    db.session.commit()
    refused("member.left", admission_actions.annul, member, on=LATER)


@pytest.mark.parametrize("field", ["ceremony_on", "full_on"])
def test_no_day_of_a_probation_is_written_by_hand(commune, field):
    new = make.member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=dt.date(2025, 6, 1))
    db.session.commit()
    assert refused("member.on_probation", actions.edit_member, new, new.version, **{field: dt.date(2026, 6, 2)}).field == field
    new = db.session.get_one(Member, new.id)
    actions.edit_member(ROOT, new, new.version, ceremony_on=new.ceremony_on, full_on=None, file_number="000777")
    assert new.file_number == "000777"
