"""The pages of inspections: programme, form, one inspection, figures."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Role
from partyreg.db import db
from partyreg.inspections import actions, queries
from partyreg.inspections.models import Inspection
from partyreg.rulebook.inspection import InspectionConclusion, InspectionStage
from tests import make
from tests.make.inspections import SYSTEM, concluded, inspection, papers

NEW = {
    "title": "Thu, nộp đảng phí", "unit": "muong-chien", "body": "commission", "kind": "finance", "matter": "duties",
    "planned_on": "15/12/2026", "is_planned": "y",
}  # fmt: skip


@pytest.fixture
def keeper(as_):
    return as_(Role.INSPECTION)


def at(made, *parts):
    return "/".join([f"/inspections/{made.id}", *map(str, parts)])


class TestProgramme:
    def test_lists_filters_and_states(self, keeper, commune):
        concluded(inspection(unit=commune.root, units=[commune.bon], title="Cuộc muộn"), InspectionConclusion.FAULTS, dt.date(2026, 9, 30))
        inspection(unit=commune.root, title="Cuộc chậm", kind=actions.InspectionKind.FINANCE)
        page = keeper.get("/inspections?year=2026").text
        assert "Cuộc muộn" in page and "Cuộc chậm" in page and "Khắc phục quá hạn" in page
        assert "Cuộc chậm" not in keeper.get("/inspections?year=2026&state=late").text
        assert "Cuộc muộn" not in keeper.get("/inspections?year=2026&state=behind").text
        assert "Cuộc muộn" not in keeper.get("/inspections?year=2026&kind=finance").text
        assert "Chưa có cuộc nào" in keeper.get("/inspections?year=2026&body=advisory").text

    @pytest.mark.parametrize("asked", ["year=99999999999999999999", "year=x", "year=0", "body=x&kind=%00&state=?", "year=1999"])
    def test_an_odd_address_is_answered(self, keeper, asked):
        assert keeper.get(f"/inspections?{asked}").status_code == 200
        assert keeper.get(f"/inspections/figures?{asked}&since=-1&unit=%00").status_code == 200


class TestForm:
    def test_a_new_one_is_planned(self, keeper, commune):
        assert "Ủy ban kiểm tra" in keeper.get("/inspections/new").text
        answer = keeper.post("/inspections/new", data=NEW, follow_redirects=True)
        assert answer.status_code == 200 and "Thu, nộp đảng phí" in answer.text

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"title": ""}, "Chưa nhập mục này"),
            ({"planned_on": "31/02/2026"}, "Không có ngày"), ({"kind": "x"}, "không có trong danh sách"),
            ({"body": "cell"}, "không có chủ thể này"), ({"body": "advisory"}, "không được tiến hành"), ({"unit": "nowhere"}, "danh sách"),
            ({"planned_on": "01/01/2030"}, "Chương trình chỉ ghi"), ({"title": "x" * 301}, "Quá dài"), ({"unit": "\0"}, "danh sách"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_comes_back_filled(self, keeper, changed, said):
        answer = keeper.post("/inspections/new", data={**NEW, **changed})
        assert answer.status_code == 422 and said in answer.text and "is-invalid" in answer.text

    def test_a_secretary_plans_for_her_cell_only(self, as_, commune):
        secretary = as_(Role.SECRETARY, commune.bon)
        page = secretary.get("/inspections/new").text
        assert "cb-bon" in page and "cb-he" not in page
        own = {**NEW, "unit": "cb-bon", "body": "cell", "kind": "compliance"}
        assert secretary.post("/inspections/new", data=own).status_code == 302
        assert secretary.post("/inspections/new", data={**own, "unit": "cb-he"}).status_code == 422

    def test_edit_and_conflict(self, keeper, commune):
        made = inspection(unit=commune.root)
        page = keeper.get(at(made, "edit")).text
        assert made.title in page
        assert keeper.post(at(made, "edit"), data={**NEW, "version": 1}).status_code == 302
        answer = keeper.post(at(made, "edit"), data={**NEW, "title": "Bản sau", "version": 1})
        assert answer.status_code == 409 and "Bản sau" in answer.text and "Thu, nộp đảng phí" in answer.text
        assert keeper.post(at(made, "edit"), data={**NEW, "title": "", "version": 2}).status_code == 422
        assert keeper.post(at(made, "edit"), data={**NEW, "body": "cell", "version": 2}).status_code == 422
        assert keeper.get("/inspections/999999/edit").status_code == 404


class TestOne:
    def test_the_whole_way(self, keeper, commune):
        somebody = make.member(unit=commune.he, full_name="Quàng Văn Pâng")
        head = make.member(unit=commune.bon, full_name="Lò Thị Nước")
        made = inspection(unit=commune.root)
        assert keeper.post(at(made, "units"), data={"unit-unit": "cb-bon"}).status_code == 302
        assert "Quàng Văn Pâng" in keeper.get(at(made) + "?cell=cb-he").text
        assert keeper.post(at(made, "members") + "?cell=cb-he", data={"person-person": somebody.id}).status_code == 302
        assert keeper.post(at(made, "team"), data={"team-person": head.id, "team-is_head": "y"}).status_code == 302
        for step, on in (("decision", "10/03/2026"), ("plan", "12/03/2026"), ("report", "20/04/2026")):
            version = db.session.get_one(Inspection, made.id).version
            data = {"step-step": step, "step-on": on, "step-number": "7-KT", "step-version": version}
            assert keeper.post(at(made, "step"), data=data).status_code == 302
        page = keeper.get(at(made)).text
        assert "số 7-KT, ngày 20/04/2026" in page and "tổ trưởng" in page
        # The report that is there is what the form would put right, not a decision without a day.
        assert '<option selected value="report">' in page and 'value="20/04/2026"' in page and "step=decision" in page
        assert 'value="10/03/2026"' in keeper.get(at(made) + "?step=decision").text
        version = db.session.get_one(Inspection, made.id).version
        subjects = [one.id for one in queries.subjects(SYSTEM, made)]
        data = {"conclude-on": "05/05/2026", "conclude-number": "9-TB", "conclude-version": version, "conclude-mend_by": "31/12/2026"}
        answer = keeper.post(at(made, "conclude"), data={**data, f"conclude-subject-{subjects[0]}": "good"})
        assert answer.status_code == 422 and "Chưa chọn kết luận" in answer.text and "9-TB" in answer.text
        data |= {f"conclude-subject-{one}": "faults" for one in subjects}
        assert keeper.post(at(made, "conclude"), data=data).status_code == 302
        assert "hạn 31/12/2026" in keeper.get(at(made)).text
        mended = {"mend-on": "01/06/2026", "mend-how": "Đã bổ sung sổ", "mend-version": version + 1}
        assert keeper.post(at(made, "mend"), data=mended).status_code == 302
        fixed = {name.replace("conclude", "correct"): value for name, value in data.items()}
        fixed |= {"correct-version": version + 2, "correct-reason": "Ghi nhầm số", "correct-number": "10-TB"}
        assert keeper.post(at(made, "correct"), data=fixed).status_code == 302
        page = keeper.get(at(made)).text
        assert "Ghi nhầm số" in page and "10-TB" in page and "Đã bổ sung sổ" in page
        assert queries.stage_of(db.session.get_one(Inspection, made.id)) is InspectionStage.DONE

    def test_subjects_and_team_are_taken_away(self, keeper, commune):
        somebody = make.member(unit=commune.he)
        made = inspection(unit=commune.root, units=[commune.bon])
        mate = actions.add_to_team(SYSTEM, made, somebody.id)
        subject = queries.subjects(SYSTEM, made)[0]
        assert keeper.post(at(made, "subjects", subject.id, "remove")).status_code == 302
        assert keeper.post(at(made, "team", mate.id, "remove")).status_code == 302
        assert queries.subjects(SYSTEM, made) == queries.team(SYSTEM, made) == []
        assert keeper.post(at(made, "subjects", 999999, "remove")).status_code == 404
        assert keeper.post(at(made, "team", 999999, "remove")).status_code == 404

    @pytest.mark.parametrize(
        ("path", "data", "said"),
        [
            ("units", {"unit-unit": ""}, "Chưa nhập"), ("units", {"unit-unit": "cb-bon"}, "đã có trong danh sách"),
            ("units", {"unit-unit": "x\0"}, "không có trong danh sách"), ("members", {}, "Chưa nhập"), ("team", {}, "Chưa nhập"),
            ("step", {"step-step": "plan", "step-on": "99/99/2026", "step-number": "1"}, "Không có ngày"),
            ("step", {"step-step": "conclusion", "step-on": "01/05/2026", "step-number": "1"}, "không có trong danh sách"),
            ("step", {"step-step": "plan", "step-on": "01/05/2026", "step-number": ""}, "Chưa nhập"),
            ("conclude", {"conclude-on": "05/05/2026", "conclude-number": "1", "conclude-version": "1"}, "Chưa ghi quyết định"),
            ("cancel", {"cancel-reason": ""}, "Chưa nhập"),
            ("mend", {"mend-on": "05/05/2026", "mend-how": "x", "mend-version": "1"}, "không ấn định"),
            ("correct", {"correct-on": "05/05/2026", "correct-number": "1",
                         "correct-reason": "x", "correct-version": "1"}, "chưa kết luận"),
        ],
    )  # fmt: skip
    def test_what_is_refused_is_said(self, keeper, commune, path, data, said):
        made = inspection(unit=commune.root, units=[commune.bon])
        answer = keeper.post(at(made, path), data=data)
        assert answer.status_code == 422 and said in answer.text

    def test_strange_people_are_not_found(self, keeper, commune):
        made = inspection(unit=commune.root)
        for person in ("999999", "9" * 40, "\0", "-1"):
            assert keeper.post(at(made, "members"), data={"person-person": person}).status_code == 404
            assert keeper.post(at(made, "team"), data={"team-person": person}).status_code == 404
        assert keeper.get(at(made) + "?cell=nowhere").status_code == 404

    def test_cancelled_and_two_at_once(self, keeper, commune):
        made = inspection(unit=commune.root)
        stale = keeper.post(at(made, "cancel"), data={"cancel-reason": "Điều chỉnh", "cancel-version": "7"})
        assert stale.status_code == 409 and "vừa được người khác sửa" in stale.text and "Điều chỉnh" in stale.text
        assert keeper.post(at(made, "cancel"), data={"cancel-reason": "Điều chỉnh", "cancel-version": "1"}).status_code == 302
        page = keeper.get(at(made)).text
        assert "Cuộc này đã hủy: Điều chỉnh" in page and "Ghi bước" not in page

    def test_a_cell_that_is_inspected_only_reads_and_sees_no_other_name(self, as_, commune):
        other = make.member(unit=commune.he, full_name="Quàng Văn Pâng")
        made = papers(inspection(unit=commune.root, units=[commune.bon], members=[other.id]))
        secretary = as_(Role.SECRETARY, commune.bon)
        page = secretary.get(at(made)).text
        assert "Chi bộ bản Bon" in page and "Quàng Văn Pâng" not in page and "Ghi bước" not in page
        assert secretary.post(at(made, "cancel"), data={"cancel-reason": "x", "cancel-version": "1"}).status_code == 404
        assert as_(Role.SECRETARY, commune.he).get(at(made)).status_code == 404

    def test_the_organisation_committee_counts_and_reads_none(self, as_, commune):
        """What is concluded of a member is for the bodies of inspection and discipline."""
        made = inspection(unit=commune.root)
        office = as_(Role.ORGANISATION)
        assert office.get(at(made)).status_code == office.get("/inspections/new").status_code == 403
        assert office.get("/inspections/figures").status_code == 200


class TestFigures:
    def test_reporting_sees_numbers_and_no_name(self, as_, commune):
        somebody = make.member(unit=commune.he, full_name="Quàng Văn Pâng")
        concluded(inspection(unit=commune.root, members=[somebody.id], title="Cuộc kín"))
        reader = as_(Role.REPORTING)
        page = reader.get("/inspections/figures?since=2020&year=2026&unit=muong-chien").text
        assert "Kiểm tra chấp hành" in page and "Quàng Văn Pâng" not in page and "Cuộc kín" not in page
        assert reader.get("/inspections").status_code == 403
        assert "/inspections/figures" in reader.get("/reports").text

    def test_nothing_to_count(self, keeper):
        assert "Chưa có cuộc nào" in keeper.get("/inspections/figures").text
