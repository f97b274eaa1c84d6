"""Files that do not begin or end as usual: of a probationary member known from papers, and of one who left on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Role
from partyreg.admissions import actions, paper_actions, ruling_actions
from partyreg.db import db
from partyreg.errors import RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import Exit, Member, Standing
from partyreg.rulebook.admission import Step
from tests.admissions.deeds import moves, refused
from tests.make.admissions import SYSTEM, TODAY, admission
from tests.make.members import member


@pytest.mark.parametrize(("exit", "end"), [(Exit.DIED, Step.CLOSED), (Exit.MOVED_AWAY, Step.MOVED), (Exit.EXPELLED, Step.CLOSED)])
@pytest.mark.parametrize("step", [Step.PROBATION, Step.PROPOSED, Step.RECOGNISED])
def test_the_file_ends_as_its_person_left(commune, officer, step, exit, end):
    file = admission(unit=commune.bon, step=step)
    members.leave(SYSTEM, db.session.get_one(Member, file.person_id), exit=exit, on=TODAY)
    ruling_actions.close(officer, file, file.version)
    assert moves(file)[-1][:3] == (step, end, 12)
    refused(lambda: ruling_actions.close(officer, file, file.version), "admission.step")


def test_a_member_who_is_still_there_keeps_her_file_open(commune, officer):
    file = admission(unit=commune.bon, step=Step.PROBATION)
    refused(lambda: ruling_actions.close(officer, file, file.version), "admission.still_member")
    deciding = admission(unit=commune.bon, step=Step.DECIDING)
    refused(lambda: ruling_actions.close(officer, deciding, deciding.version), "admission.step")


def test_the_page_offers_it_once_she_has_left(commune, as_):
    file = admission(unit=commune.bon, step=Step.PROBATION, decided_on=dt.date(2026, 10, 1))
    page = as_(Role.ORGANISATION)
    door = f"/admissions/{file.id}/close"
    assert door not in page.get(f"/admissions/{file.id}").text
    members.leave(SYSTEM, db.session.get_one(Member, file.person_id), exit=Exit.DIED, on=TODAY - dt.timedelta(days=1))
    assert door in page.get(f"/admissions/{file.id}").text
    assert page.post(door, data={"version": file.version}).status_code == 302
    assert file.step is Step.CLOSED


# -- a probationary member known from papers --------------------------------------------------------------------------


def test_a_probationary_member_from_papers_has_a_file_and_goes_on_by_votes(commune, officer):
    known = member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 6, 1))
    file = ruling_actions.take_over(officer, known)
    assert (file.step, file.instrument) == (Step.PROBATION, "20-QĐ/TW")
    assert (file.ceremony_on, file.decided_on) == (known.ceremony_on, known.decided_on)
    assert moves(file) == [(None, Step.PROBATION, 12, None)]
    refused(lambda: ruling_actions.take_over(officer, known), "admission.open_already")
    with pytest.raises(RuleBroken) as refusal:
        actions.propose(officer, file, file.version)
    assert {"probation.over", "recognition.self_review", "recognition.new_class"} <= {one.code for one in refusal.value.findings}


def test_nobody_else_is_taken_over(commune, officer):
    full = member(unit=commune.bon)
    refused(lambda: ruling_actions.take_over(officer, full), "admission.not_probationary")
    left = member(unit=commune.bon, standing=Standing.PROBATIONARY)
    members.leave(SYSTEM, left, exit=Exit.REMOVED, on=TODAY)
    refused(lambda: ruling_actions.take_over(officer, left), "admission.not_probationary")


def test_the_members_page_leads_to_the_file_or_makes_one(commune, as_):
    known = member(unit=commune.bon, standing=Standing.PROBATIONARY)
    page = as_(Role.ORGANISATION)
    door = f"/admissions/of/{known.id}"
    assert door in page.get(f"/members/{known.id}").text
    answer = page.post(door)
    assert answer.status_code == 302 and "/admissions/" in answer.location
    shown = page.get(f"/members/{known.id}").text
    assert door not in shown and answer.location in shown
    assert page.post(door).status_code == 422
    assert as_(Role.SECRETARY, commune.bon).get(f"/members/{known.id}").text.count(door) == 0


# -- one who moved ----------------------------------------------------------------------------------------------------


def test_the_papers_go_where_the_person_goes(commune, as_):
    file = admission(unit=commune.bon, step=Step.LISTED, asked_on=None, asked_number=None)
    paper = paper_actions.issue_paper(SYSTEM, file, file.version, "helper_assignment", issued_on=TODAY, signer="Lò Văn Pâng")
    actions.move_away(SYSTEM, file, file.version, on=TODAY, to=commune.he, paper="07-GT")
    address = f"/admissions/{file.id}/papers/{paper.id}.pdf"
    assert as_(Role.SECRETARY, commune.he).get(address).data.startswith(b"%PDF")
    assert as_(Role.SECRETARY, commune.bon).get(address).status_code == 404
