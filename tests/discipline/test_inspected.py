"""A case that comes from an inspection: filled in from its conclusion, tied to it, and refused where it concluded otherwise."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Role
from partyreg.db import db
from partyreg.discipline.models import DisciplineCase
from partyreg.errors import RuleBroken
from partyreg.inspections import queries as inspections
from partyreg.inspections.models import InspectionSubject
from partyreg.rulebook.discipline import Decider
from partyreg.rulebook.inspection import InspectionConclusion, InspectionKind
from tests import make
from tests.make.discipline import case
from tests.make.inspections import SYSTEM, concluded, inspection


@pytest.fixture
def found(commune, her):
    """The commission found signs in a member, and concluded discipline; of her cell too."""
    other = make.member(unit=commune.bon, full_name="Quàng Văn Sáng")
    made = inspection(
        unit=commune.root, units=[commune.bon], members=[her.id, other.id], kind=InspectionKind.SIGNS, title="Cuộc có dấu hiệu"
    )
    concluded(made, InspectionConclusion.DISCIPLINE)
    db.session.commit()
    return made


def line(made, person_id: int | None) -> InspectionSubject:
    return next(one for one in inspections.subjects(SYSTEM, made) if one.person_id == person_id)


def test_the_case_is_filled_in_and_tied_to_the_inspection(as_, her, found):
    browser = as_(Role.INSPECTION)
    assert f"/discipline/new?inspected={line(found, her.id).id}" in browser.get(f"/inspections/{found.id}").text
    form = browser.get(f"/discipline/new?inspected={line(found, her.id).id}").text
    assert f'<option selected value="{her.id}">' in form and '<option selected value="signs">' in form
    assert "9-TB/UBKT ngày 05/05/2026" in form
    typed = {
        "member": str(her.id), "organisation": "", "source": "signs", "acted_on": "01/05/2026", "violation": "duty", "body": "standing",
        "opened_on": "01/06/2026", "paper": "9-TB/UBKT ngày 05/05/2026", "inspected": str(line(found, her.id).id),
    }  # fmt: skip
    answer = browser.post("/discipline/new", data=typed)
    assert answer.status_code == 302
    assert db.session.get_one(DisciplineCase, int(answer.location.rsplit("/", 1)[1])).inspection_id == found.id
    page = browser.get(answer.location).text
    assert "Từ cuộc kiểm tra: Cuộc có dấu hiệu" in page and f"/inspections/{found.id}" in page


def test_an_organisation_is_filled_in_too(as_, commune, found):
    form = as_(Role.INSPECTION).get(f"/discipline/new?inspected={line(found, None).id}").text
    assert f'<option selected value="{commune.bon.id}">' in form and '<option selected value="standing">' in form


def test_of_somebody_else_it_is_refused_beside_the_field(as_, commune, her, found):
    stranger = make.member(unit=commune.he, full_name="Hà Văn Lạ")
    with pytest.raises(RuleBroken):
        case(member=stranger, inspection=found)
    with pytest.raises(RuleBroken):
        case(organisation=commune.he, inspection=found)
    good = concluded(inspection(unit=commune.root, members=[her.id], planned_on=dt.date(2026, 3, 6)))
    with pytest.raises(RuleBroken):
        case(member=her, inspection=good)
    assert case(organisation=commune.bon, inspection=found).inspection_id == found.id
    typed = {
        "member": str(stranger.id), "organisation": "", "source": "signs", "acted_on": "01/05/2026", "violation": "duty",
        "body": "standing", "opened_on": "01/06/2026", "paper": "P", "inspected": str(line(found, her.id).id),
    }  # fmt: skip
    refused = as_(Role.INSPECTION).post("/discipline/new", data=typed)
    assert refused.status_code == 422 and "không kết luận phải kỷ luật" in refused.text and 'value="P"' in refused.text


def test_whoever_may_not_read_the_inspection_gets_nothing_of_it(as_, commune, her, found):
    mine = line(found, her.id).id
    assert as_(Role.SECRETARY, commune.bon).get(f"/discipline/new?inspected={mine}").status_code == 404
    assert as_(Role.INSPECTION).get("/discipline/new?inspected=x").status_code == 404
    alone = concluded(inspection(unit=commune.root, members=[her.id], planned_on=dt.date(2026, 3, 6)), InspectionConclusion.DISCIPLINE)
    made = case(member=her, inspection=alone, body=Decider.CELL)
    db.session.commit()
    page = as_(Role.SECRETARY, commune.bon).get(f"/discipline/{made.id}")
    assert page.status_code == 200 and "Từ cuộc kiểm tra" not in page.text


def test_whom_a_case_is_about_can_stand_in_the_address(as_, her):
    form = as_(Role.INSPECTION).get(f"/discipline/new?member={her.id}").text
    assert f'<option selected value="{her.id}">' in form
    assert f"/discipline/new?member={her.id}" in as_(Role.STANDING).get(f"/discipline/of/{her.id}").text
    assert as_(Role.INSPECTION).get("/discipline/new?member=99999999999999999999").status_code == 200
