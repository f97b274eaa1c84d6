"""A file whose person left the organisation on the way comes to its end."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Role
from partyreg.admissions import ruling_actions
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Exit, Member
from partyreg.rulebook.admission import Step
from tests.admissions.deeds import moves, refused
from tests.make.admissions import SYSTEM, TODAY, admission


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
