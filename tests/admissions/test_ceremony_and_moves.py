"""The ceremony, withdrawing, and moving away: every deed, and every refusal."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.admissions import actions, file_queries, ruling_actions
from partyreg.admissions.models import Admission
from partyreg.db import db
from partyreg.errors import NotVisible
from partyreg.members import actions as members
from partyreg.members.models import Exit, Member, Person, Posting, PostingKind, Standing, StandingPeriod
from partyreg.org import actions as org
from partyreg.rulebook.admission import Purpose, Step
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import warnings
from tests.admissions.deeds import TODAY, TOMORROW, decide, last_deed, moves, refused
from tests.make.admissions import SYSTEM, admission, ballot
from tests.make.members import member

DECIDED = dt.date(2026, 11, 20)  # of a file that the builder made


def standings(member_id):
    """The standings of a member as (standing, from, to)."""
    query = sa.select(StandingPeriod).where(StandingPeriod.member_id == member_id).order_by(StandingPeriod.started_on)
    return [(one.standing, one.started_on, one.ended_on) for one in db.session.scalars(query)]


# -- the ceremony -----------------------------------------------------------------------------------------------------


def test_the_ceremony_makes_a_probationary_member_of_the_cell(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    assert db.session.get(Member, file.person_id) is None
    made = actions.hold_ceremony(secretary, file, file.version, ceremony_on=TODAY, received_on=dt.date(2026, 11, 23))
    assert (made.id, made.decided_on, made.decision_number) == (file.person_id, DECIDED, file.decision_number)
    assert (made.ceremony_on, made.full_on) == (TODAY, None)
    assert standings(made.id) == [(Standing.PROBATIONARY, TODAY, None)]
    posting = db.session.scalars(sa.select(Posting).where(Posting.member_id == made.id)).one()
    assert (posting.unit_id, posting.kind, posting.started_on) == (commune.bon.id, PostingKind.HOME, TODAY)
    assert (file.ceremony_on, file.received_on, file.late_paper) == (TODAY, dt.date(2026, 11, 23), None)
    assert moves(file)[-1] == (Step.DECIDED, Step.PROBATION, 11, None)
    assert last_deed() == "admissions.hold_ceremony"


@pytest.mark.parametrize(
    ("days", "code", "field"),
    [
        ({"ceremony_on": TOMORROW}, "admission.in_future", "ceremony_on"),
        ({"ceremony_on": DECIDED - dt.timedelta(days=1)}, "admission.ceremony_days", "ceremony_on"),
        ({"ceremony_on": TODAY, "received_on": DECIDED - dt.timedelta(days=1)}, "order.before", "received_on"),
        ({"ceremony_on": DECIDED, "received_on": TODAY}, "order.before", "ceremony_on"),
    ],
)
def test_ceremonies_that_cannot_be(commune, secretary, days, code, field):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    refused(lambda: actions.hold_ceremony(secretary, file, file.version, **days), code, field=field)


@pytest.mark.parametrize("step", [Step.DECIDING, Step.PROBATION, Step.MOVED, Step.CANCELLED])
def test_without_a_decision_there_is_no_ceremony(commune, secretary, step):
    file = admission(unit=commune.bon, step=step)
    refused(lambda: actions.hold_ceremony(secretary, file, file.version, ceremony_on=TODAY), "admission.step")


def test_a_late_ceremony_warns_unless_the_committee_above_consented(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DECIDED, decided_on=dt.date(2026, 9, 10))

    def warned(**proposed):
        found = file_queries.findings(secretary, file, TODAY, ceremony_on=TODAY, **proposed)
        return {one.code for one in warnings(found)}

    assert warned() == {"admission.ceremony_days"}
    assert warned(late_ceremony_consent=True) == set()
    actions.hold_ceremony(secretary, file, file.version, ceremony_on=TODAY, late_paper="88-CV/TU")
    assert (file.step, file.late_paper) == (Step.PROBATION, "88-CV/TU")


# -- coming back ------------------------------------------------------------------------------------------------------


def former(unit, left_on):
    """A person who left on that day."""
    made = member(unit=unit)
    members.leave(SYSTEM, made, exit=Exit.REMOVED, on=left_on)
    return db.session.get_one(Person, made.id)


@pytest.mark.parametrize(("months", "may"), [(35, False), (36, True)])
def test_one_who_left_waits_three_years_to_the_cells_vote(commune, secretary, months, may):
    voted = dt.date(2026, 10, 20)
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={}, person=former(commune.bon, add_months(voted, -months)))
    actions.edit(secretary, file, file.version, readmission_paper="88-CV/TU")
    if may:
        actions.submit(secretary, file, file.version)
        assert file.step is Step.SUBMITTED
    else:
        refused(lambda: actions.submit(secretary, file, file.version), "admission.readmission_wait")


def test_the_consent_to_one_who_left_is_written(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={}, person=former(commune.bon, dt.date(2020, 1, 1)))
    refused(lambda: actions.submit(secretary, file, file.version), "admission.readmission_consent", field="readmission_paper")


def test_taken_back_she_is_on_probation_again_and_her_first_decision_stays(commune, secretary):
    known = former(commune.he, dt.date(2020, 1, 1))
    file = admission(unit=commune.bon, step=Step.DECIDED, person=known, readmission_paper="88-CV/TU")
    made = actions.hold_ceremony(secretary, file, file.version, ceremony_on=TODAY)
    assert (made.decided_on, made.readmitted_on, made.readmission_number) == (dt.date(2015, 2, 17), DECIDED, file.decision_number)
    assert (made.ceremony_on, made.full_on, known.unit_id) == (TODAY, None, commune.bon.id)
    assert standings(made.id)[-2:] == [
        (Standing.FULL, dt.date(2016, 3, 3), dt.date(2020, 1, 1)), (Standing.PROBATIONARY, TODAY, None),
    ]  # fmt: skip


def test_nobody_is_taken_back_twice(commune, secretary):
    known = former(commune.bon, dt.date(2020, 1, 1))
    first = admission(unit=commune.bon, step=Step.CLOSED, person=known, readmission_paper="88-CV/TU")
    made = db.session.get_one(Member, known.id)
    assert (made.full_on, made.ceremony_on) == (add_months(first.ceremony_on, 12), first.ceremony_on)
    members.leave(SYSTEM, made, exit=Exit.REMOVED, on=TODAY)
    again = actions.open_file(secretary, unit=commune.bon, person=known)
    assert file_queries.facts(secretary, again, TODAY).times_readmitted == 1


# -- withdrawing ------------------------------------------------------------------------------------------------------


def test_withdraw_closes_the_file_with_a_reason(commune, secretary):
    file = admission(unit=commune.bon)
    for nothing in ("", "   ", None):
        refused(lambda nothing=nothing: actions.withdraw(secretary, file, file.version, nothing), "admission.no_reason", field="reason")
    actions.withdraw(secretary, file, file.version, " Chuyển nơi ở ")
    assert moves(file)[-1] == (Step.SUBMITTED, Step.WITHDRAWN, 11, "Chuyển nơi ở")
    refused(lambda: actions.withdraw(secretary, file, file.version, "Lần nữa"), "admission.step")


@pytest.mark.parametrize("step", [Step.DECIDED, Step.PROBATION, Step.RECOGNISED])
def test_what_was_decided_is_not_withdrawn(commune, secretary, step):
    file = admission(unit=commune.bon, step=step)
    refused(lambda: actions.withdraw(secretary, file, file.version, "x"), "admission.step")


# -- moving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [Step.LISTED, Step.DRAFT, Step.SUBMITTED, Step.DECIDING, Step.DECIDED])
def test_inside_the_commune_the_file_goes_along(commune, secretary, actor_, step):
    file = admission(unit=commune.bon, step=step)
    actions.move_away(secretary, file, file.version, on=TODAY, to=commune.he, paper=" 15-CV/ĐU ")
    assert (file.step, file.unit_id, file.moved_on, file.moved_paper) == (step, commune.he.id, TODAY, "15-CV/ĐU")
    assert moves(file)[-1] == (step, step, 11, "Chuyển đi ngày 24/11/2026 theo 15-CV/ĐU, đến Chi bộ bản Hé")
    with pytest.raises(NotVisible):
        file_queries.one(secretary, file.id)
    there = actor_(Role.SECRETARY, commune.he, Permission.ADMISSIONS_PREPARE)
    assert file_queries.one(there, file.id) is file
    assert file_queries.moves(there, file)[0].to_step is step
    assert file_queries.cell(file).id == commune.he.id


def test_outside_the_commune_the_file_ends(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    actions.move_away(secretary, file, file.version, on=TODAY, to=None, paper="15-CV/ĐU")
    assert (file.unit_id, moves(file)[-1]) == (
        commune.bon.id, (Step.DECIDED, Step.MOVED, 11, "Chuyển đi ngày 24/11/2026 theo 15-CV/ĐU"),
    )  # fmt: skip


def test_moves_that_cannot_be(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    gone = commune.he
    org.dissolve(SYSTEM, gone, TODAY)

    def moved(on=TODAY, to=None, paper="15"):
        return lambda: actions.move_away(secretary, file, file.version, on=on, to=to, paper=paper)

    refused(moved(on=TOMORROW), "admission.in_future", field="on")
    refused(moved(paper="  "), "admission.no_paper", field="paper")
    for to in (commune.bon, commune.root, gone):
        refused(moved(to=to), "admission.move_to", field="to")
    on_probation = admission(unit=commune.bon, step=Step.PROBATION)
    refused(lambda: actions.move_away(secretary, on_probation, on_probation.version, on=TODAY, to=None, paper="15"), "admission.step")


def test_who_only_moved_a_file_did_not_hand_it_in(commune, secretary, officer):
    """The move is written in the log at the same step; it must not hide who handed the file in."""
    file = admission(unit=commune.bon, step=Step.SUBMITTED, by=dataclasses.replace(officer, permission=Permission.ADMISSIONS_PREPARE))
    actions.move_away(secretary, file, file.version, on=TODAY, to=commune.he, paper="15-CV/ĐU")
    assert file_queries.hands(file).handed_in == 12
    refused(lambda: ruling_actions.pass_on(officer, file, file.version), "admission.own_submission")


def test_after_a_move_the_ceremony_is_at_the_new_place_only(commune, secretary, actor_):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    moved = dt.date(2026, 11, 23)
    actions.move_away(secretary, file, file.version, on=moved, to=commune.he, paper="15-CV/ĐU")
    there = actor_(Role.SECRETARY, commune.he, Permission.ADMISSIONS_PREPARE)
    early = moved - dt.timedelta(days=1)
    refused(
        lambda: actions.hold_ceremony(there, file, file.version, ceremony_on=early), "admission.ceremony_elsewhere", field="ceremony_on"
    )
    made = actions.hold_ceremony(there, file, file.version, ceremony_on=TODAY)
    assert db.session.scalars(sa.select(Posting.unit_id).where(Posting.member_id == made.id)).all() == [commune.he.id]


def _moved(file, day):
    db.session.connection().execute(sa.update(Admission).where(Admission.id == file.id).values(moved_on=day))
    db.session.expire(file)


def test_a_decision_long_after_the_move_must_be_cancelled(commune, secretary, officer, standing, actor_):
    """The old cell voted, she moved, and the decision came more than thirty working days later (A-34)."""
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"held_on": dt.date(2026, 9, 15)})
    actions.submit(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    actions.move_away(secretary, file, file.version, on=dt.date(2026, 9, 16), to=commune.he, paper="15-CV/ĐU")
    refused(lambda: decide(standing, file), "move.vote_again", field="decided_on")
    _moved(file, None)  # as the register judged before it asked
    decide(standing, file)
    _moved(file, dt.date(2026, 9, 16))
    there = actor_(Role.SECRETARY, commune.he, Permission.ADMISSIONS_PREPARE)
    found = refused(lambda: actions.hold_ceremony(there, file, file.version, ceremony_on=TODAY), "move.cancel")
    assert found[0].cite is not None
    ruling_actions.cancel(
        standing, file, file.version, on=TODAY, reason="Chuyển đi trước quyết định.", signer="Lò Văn Pâng", outside_number="126"
    )
    assert file.step is Step.CANCELLED


def test_the_new_cell_examines_anew_and_then_nothing_is_cancelled(commune, secretary, officer, standing, actor_):
    """Where the new cell has voted since the move, the decision rests on its vote (A-34: examined anew), however late."""
    file = admission(unit=commune.bon, step=Step.DRAFT)
    actions.move_away(secretary, file, file.version, on=dt.date(2026, 9, 1), to=commune.he, paper="15-CV/ĐU")
    there = dataclasses.replace(actor_(Role.SECRETARY, commune.he, Permission.ADMISSIONS_PREPARE), user_id=21)
    actions.record_vote(there, file, file.version, purpose=Purpose.ADMISSION, **ballot(dt.date(2026, 10, 20)))
    actions.submit(there, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    decide(standing, file)
    assert actions.hold_ceremony(there, file, file.version, ceremony_on=TODAY).ceremony_on == TODAY
