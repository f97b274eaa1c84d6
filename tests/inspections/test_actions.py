"""The deeds on the programme: every one, and every refusal."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.inspections import actions, queries
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Title
from partyreg.org import actions as org
from partyreg.rulebook.inspection import InspectingBody, InspectionKind, InspectionMatter, InspectionStage
from tests import make
from tests.make.inspections import SYSTEM, concluded, inspection, papers

KEEP = Permission.INSPECTIONS_KEEP
FACTS = {
    "title": "Nội dung", "body": InspectingBody.COMMISSION, "kind": InspectionKind.SIGNS, "matter": InspectionMatter.ETHICS,
    "planned_on": dt.date(2026, 9, 1),
}  # fmt: skip


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return [finding.code for finding in broken.value.findings]


def plan(unit, **changed):
    return actions.plan(SYSTEM, unit, **{**FACTS, **changed})


class TestPlan:
    def test_it_stands_in_the_programme_of_its_year(self, commune):
        made = plan(commune.root, title="  Thu,  nộp đảng phí ")
        assert (made.title, made.year, made.is_planned) == ("Thu, nộp đảng phí", 2026, True)
        assert queries.stage_of(made) is InspectionStage.PLANNED

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"title": "  "}, "inspection.no_title"), ({"title": "x" * 301}, "inspection.long_title"),
            ({"planned_on": dt.date(2014, 12, 31)}, "inspection.planned_on"),
            ({"planned_on": dt.date(2028, 1, 1)}, "inspection.planned_on"),
            ({"body": InspectingBody.CELL}, "inspection.other_body"), ({"body": InspectingBody.ADVISORY}, "inspection.body"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, commune, changed, code):
        assert refused(plan, commune.root, **changed) == [code]

    def test_a_cell_has_no_commission(self, commune):
        assert refused(plan, commune.bon) == ["inspection.other_body"]

    def test_a_unit_that_does_not_live_then(self, commune):
        young = make.unit(parent=commune.root, founded_on=dt.date(2026, 6, 1))
        assert refused(plan, young, body=InspectingBody.CELL, planned_on=dt.date(2026, 5, 1)) == ["inspection.unit_gone"]

    def test_a_small_cell_holds_no_thematic_supervision_until_it_has_a_committee(self, commune):
        thematic = {"body": InspectingBody.CELL, "kind": InspectionKind.THEMATIC}
        assert refused(plan, commune.bon, **thematic) == ["inspection.thematic"]
        assert plan(commune.bon, **thematic, is_dispersed=True).is_dispersed
        officer = make.member(unit=commune.bon)
        person = db.session.get_one(Person, officer.id)
        members.appoint(
            access.system("test"), person, unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.MEMBER, on=dt.date(2026, 1, 1)
        )
        assert plan(commune.bon, **thematic).kind is InspectionKind.THEMATIC

    def test_a_unit_out_of_reach_does_not_exist(self, commune, actor_):
        secretary = actor_(Role.SECRETARY, commune.bon, KEEP)
        for unit in (commune.he, commune.root):
            with pytest.raises(NotVisible):
                actions.plan(secretary, unit, **{**FACTS, "body": InspectingBody.CELL})


class TestEdit:
    def test_what_is_given_changes(self, commune):
        made = inspection(unit=commune.root)
        actions.edit(SYSTEM, made, made.version, planned_on=dt.date(2027, 2, 1), title="Khác")
        assert (made.year, made.title, made.kind) == (2027, "Khác", InspectionKind.COMPLIANCE)

    def test_it_is_refused_as_a_plan_and_when_over(self, commune):
        made = inspection(unit=commune.root, units=[commune.bon])
        assert refused(actions.edit, SYSTEM, made, made.version, title="") == ["inspection.no_title"]
        concluded(made)
        assert refused(actions.edit, SYSTEM, made, made.version, title="Khác") == ["inspection.is_concluded"]
        other = inspection(unit=commune.root)
        actions.cancel(SYSTEM, other, other.version, "Điều chỉnh")
        assert refused(actions.edit, SYSTEM, other, other.version, title="Khác") == ["inspection.is_cancelled"]
        with pytest.raises(TypeError):
            actions.edit(SYSTEM, made, made.version, unit_id=1)

    def test_a_conflict_is_told_in_words(self, commune):
        made = inspection(unit=commune.root)
        actions.edit(SYSTEM, made, 1, kind=InspectionKind.FINANCE)
        with pytest.raises(Conflict) as conflict:
            actions.edit(SYSTEM, made, 1, kind=InspectionKind.THEMATIC, is_dispersed=True)
        assert conflict.value.mine["Đảng viên ở phân tán"] == "có" and conflict.value.theirs["Đảng viên ở phân tán"] == "không"
        assert conflict.value.mine["Loại"] != conflict.value.theirs["Loại"]

    def test_who_comes_second_sees_both(self, commune):
        made = inspection(unit=commune.root)
        actions.edit(SYSTEM, made, 1, title="Trước")
        with pytest.raises(Conflict) as conflict:
            actions.edit(SYSTEM, made, 1, title="Sau", is_planned=True)
        assert (conflict.value.mine, conflict.value.theirs) == ({"Nội dung": "Sau"}, {"Nội dung": "Trước"})

    def test_a_cell_that_is_inspected_reads_and_does_not_write(self, commune, actor_):
        made = inspection(unit=commune.root, units=[commune.bon])
        secretary = actor_(Role.SECRETARY, commune.bon, KEEP)
        assert queries.row(secretary, made.id).id == made.id and not queries.is_held_by(secretary, made)
        for deed in (lambda: actions.edit(secretary, made, 1, title="x"), lambda: actions.cancel(secretary, made, 1, "x"),
                     lambda: actions.add_unit(secretary, made, commune.bon)):  # fmt: skip
            with pytest.raises(NotVisible):
                deed()


class TestCancel:
    def test_the_reason_is_on_record(self, commune):
        made = inspection(unit=commune.root)
        actions.cancel(SYSTEM, made, made.version, " Điều chỉnh  chương trình ")
        assert made.cancelled_because == "Điều chỉnh chương trình"
        assert queries.stage_of(made) is InspectionStage.CANCELLED
        assert refused(actions.cancel, SYSTEM, made, made.version, "Lại") == ["inspection.is_cancelled"]

    def test_refusals(self, commune):
        made = inspection(unit=commune.root, units=[commune.bon])
        assert refused(actions.cancel, SYSTEM, made, made.version, " ") == ["inspection.no_reason"]
        assert refused(actions.cancel, SYSTEM, made, made.version, "x" * 301) == ["inspection.long_reason"]
        with pytest.raises(Conflict):
            actions.cancel(SYSTEM, made, made.version + 1, "x")
        concluded(made)
        assert refused(actions.cancel, SYSTEM, made, made.version, "x") == ["inspection.is_concluded"]


class TestSubjects:
    def test_organisations_and_members(self, commune):
        somebody = make.member(unit=commune.he, full_name="Quàng Văn Pâng")
        made = inspection(unit=commune.root, units=[commune.bon], members=[somebody.id])
        found = queries.subjects(SYSTEM, made)
        assert [(one.unit_id, one.person_id) for one in found] == [(commune.bon.id, None), (commune.he.id, somebody.id)]
        actions.remove_subject(SYSTEM, made, found[0].id)
        assert [one.person.full_name for one in queries.subjects(SYSTEM, made)] == ["Quàng Văn Pâng"]

    def test_refusals_of_an_organisation(self, commune):
        made = inspection(unit=commune.root, units=[commune.bon])
        assert refused(actions.add_unit, SYSTEM, made, commune.bon) == ["inspection.twice"]
        young = make.unit(parent=commune.root, founded_on=dt.date(2026, 6, 1))
        assert refused(actions.add_unit, SYSTEM, made, young) == ["inspection.not_living"]
        own = inspection(unit=commune.bon)
        assert refused(actions.add_unit, SYSTEM, own, commune.he) == ["inspection.not_own"]
        concluded(made)
        assert refused(actions.add_unit, SYSTEM, made, commune.he) == ["inspection.is_concluded"]
        subject = queries.subjects(SYSTEM, made)[0]
        assert refused(actions.remove_subject, SYSTEM, made, subject.id) == ["inspection.is_concluded"]
        with pytest.raises(NotVisible):
            actions.remove_subject(SYSTEM, own, subject.id)

    def test_refusals_of_a_member(self, commune):
        one, other = make.member(unit=commune.bon), make.member(unit=commune.he, full_name="Cà Thị Hặc")
        made = inspection(unit=commune.root, members=[one.id])
        assert refused(actions.add_member, SYSTEM, made, one.id) == ["inspection.twice"]
        actions.add_to_team(SYSTEM, made, other.id)
        assert refused(actions.add_member, SYSTEM, made, other.id) == ["inspection.own_judge"]
        nobody = make.person(unit=commune.bon)
        assert refused(actions.add_member, SYSTEM, made, nobody.id) == ["inspection.no_member"]
        own = inspection(unit=commune.bon)
        assert refused(actions.add_member, SYSTEM, own, other.id) == ["inspection.not_own"]
        with pytest.raises(NotVisible):
            actions.add_member(SYSTEM, made, 999_999_999)
        actions.cancel(SYSTEM, own, own.version, "x")
        assert refused(actions.add_member, SYSTEM, own, one.id) == ["inspection.is_cancelled"]

    def test_a_member_out_of_reach_does_not_exist(self, commune, actor_):
        other = make.member(unit=commune.he)
        own = inspection(unit=commune.bon)
        with pytest.raises(NotVisible):
            actions.add_member(actor_(Role.SECRETARY, commune.bon, KEEP), own, other.id)


class TestTeam:
    def test_the_head_comes_first(self, commune):
        a, b = make.member(unit=commune.bon, full_name="Lò Văn An"), make.member(unit=commune.bon, full_name="Lò Văn Bun")
        made = inspection(unit=commune.root)
        actions.add_to_team(SYSTEM, made, a.id)
        head = actions.add_to_team(SYSTEM, made, b.id, is_head=True)
        assert [one.person_id for one in queries.team(SYSTEM, made)] == [b.id, a.id]
        actions.remove_from_team(SYSTEM, made, head.id)
        assert [one.person_id for one in queries.team(SYSTEM, made)] == [a.id]

    def test_refusals(self, commune):
        a, b, c = (make.member(unit=commune.bon, full_name=f"Lò Văn {name}") for name in ("An", "Bun", "Căm"))
        made = inspection(unit=commune.root, members=[c.id])
        head = actions.add_to_team(SYSTEM, made, a.id, is_head=True)
        assert refused(actions.add_to_team, SYSTEM, made, a.id) == ["inspection.in_team"]
        assert refused(actions.add_to_team, SYSTEM, made, b.id, is_head=True) == ["inspection.second_head"]
        assert refused(actions.add_to_team, SYSTEM, made, c.id) == ["inspection.own_judge"]
        assert refused(actions.add_to_team, SYSTEM, made, make.person(unit=commune.bon).id) == ["inspection.no_member"]
        with pytest.raises(NotVisible):
            actions.add_to_team(SYSTEM, made, 999_999_999)
        with pytest.raises(NotVisible):
            actions.remove_from_team(SYSTEM, inspection(unit=commune.root), head.id)
        concluded(papers(made))
        assert refused(actions.add_to_team, SYSTEM, made, b.id) == ["inspection.is_concluded"]
        assert refused(actions.remove_from_team, SYSTEM, made, head.id) == ["inspection.is_concluded"]


def test_the_heir_of_a_former_commune_keeps_its_inspections(commune, actor_):
    """A merged unit's inspections are seen and corrected by the unit that it went into, and by no cell."""
    former = make.unit(code="cu", name="Đảng bộ xã cũ", kind=commune.root.kind, parent=None)
    made = inspection(unit=former, units=[former], planned_on=dt.date(2024, 3, 5))
    org.merge(access.system("test").using(Permission.UNITS_EDIT), [former], commune.root, dt.date(2025, 7, 1), "Quyết định 1")
    commission, secretary = actor_(Role.INSPECTION, None, KEEP), actor_(Role.SECRETARY, commune.bon, KEEP)
    assert queries.row(commission, made.id).id == made.id
    actions.edit(commission, made, made.version, title="Sửa")
    with pytest.raises(NotVisible):
        queries.row(secretary, made.id)
