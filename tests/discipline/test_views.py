"""The pages of discipline: from a new case to its appeal, wrong input beside its field, figures, and few queries."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.discipline import effect_queries, queries
from partyreg.discipline.queries import Filters, Stage
from partyreg.errors import NotVisible
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Title
from partyreg.rulebook.discipline import Content, Decider, Form
from partyreg.rulebook.discipline_time import Effect, Result
from tests import make
from tests.make.discipline import KEEPER, case, concluded, published

TODAY = dt.date(2026, 11, 24)
READER = KEEPER.using(Permission.DISCIPLINE_READ)


@pytest.fixture
def inspector(as_):
    return as_(Role.INSPECTION)


def opening(her, **more: str) -> dict[str, str]:
    return {
        "member": str(her.id), "organisation": "", "source": "inspection", "acted_on": "01/05/2026", "violation": "duty",
        "body": "standing", "opened_on": "01/06/2026", "paper": "12-BC/UBKT", **more,
    }  # fmt: skip


def send(browser, case_id: int, step: str, **typed: str):
    version = db.session.get_one(queries.DisciplineCase, case_id).version
    return browser.post(f"/discipline/{case_id}/{step}", data={f"{step}-{k}": v for k, v in {"version": str(version), **typed}.items()})


def test_a_case_from_beginning_to_end(inspector, her, commune):
    assert "Lò Thị Đành – Chi bộ bản Bon" in inspector.get("/discipline/new").text
    answer = inspector.post("/discipline/new", data=opening(her))
    assert answer.status_code == 302
    case_id = int(answer.location.rsplit("/", 1)[1])
    page = inspector.get(answer.location).text
    assert "Đang xem xét" in page and "Thiếu trách nhiệm" in page and "đến hết ngày 01/05/2031" in page and "chưa chuyển" in page
    for step, typed, told in (
        ("act", {"acted_on": "02/05/2026", "content": "land"}, "Đất đai"),
        ("defer", {"on": "02/06/2026", "reason": "illness"}, "Đang hoãn"),
        ("resume", {"on": "03/06/2026"}, "Đã kết thúc việc hoãn"),
        ("hear", {"on": "05/06/2026", "in_absence": "y"}, "vắng mặt"),
        ("conclude", {"on": "06/06/2026"}, "Ghi biểu quyết"),
        ("ask-cell", {}, "Chi bộ đã thấy"),
        ("vote", {"part": "proposes", "form": "expulsion", "held_on": "08/06/2026", "present": "1", "in_favour": "1"}, "Đủ tỷ lệ"),
        (
            "vote",
            {"part": "decides", "form": "expulsion", "held_on": "09/06/2026", "members": "9", "present": "9", "in_favour": "8"},
            "8 đồng ý",
        ),
        ("decide", {"form": "expulsion", "number": "12-QĐ/ĐU", "signed_on": "10/06/2026", "position_id": ""}, "12-QĐ/ĐU"),
        ("publish", {"published_on": "11/06/2026"}, "Đang thi hành"),
        ("deliver", {"delivered_on": "12/06/2026"}, "12/07/2026"),
        ("lodge", {"lodged_on": "01/07/2026"}, "đang giải quyết"),
        ("settle", {"result": "changed", "form": "warning", "number": "20-QĐ/ĐU", "published_on": "01/08/2026"}, "Đã khôi phục tư cách"),
    ):  # fmt: skip
        answer = send(inspector, case_id, step, **typed)
        assert answer.status_code == 302, (step, answer.text)
        assert told in inspector.get(answer.location).text, step
    assert "Cảnh cáo" in inspector.get("/discipline?stage=in_force&form=warning").text
    assert "01/08/2027" in inspector.get("/discipline").text


def test_refusals_stand_beside_their_field_and_keep_what_was_typed(inspector, her):
    made = case(member=her)
    db.session.commit()
    answer = send(inspector, made.id, "hear", on="01/01/2026")
    assert answer.status_code == 422 and "trước ngày lập vụ việc" in answer.text and 'value="01/01/2026"' in answer.text
    answer = send(inspector, made.id, "hear", on="32/01/2026")
    assert answer.status_code == 422 and "Không có ngày" in answer.text
    assert inspector.post(f"/discipline/{made.id}/hear", data={"hear-on": "05/06/2026", "hear-version": "7"}).status_code == 409
    for version in ("", "x", "9" * 40):
        assert inspector.post(f"/discipline/{made.id}/hear", data={"hear-on": "05/06/2026", "hear-version": version}).status_code == 409
    assert send(inspector, made.id, "publish", published_on="05/06/2026").status_code == 422  # not offered, refused all the same
    assert send(inspector, made.id, "no-such").status_code == 404
    closed = send(inspector, made.id, "close", on="05/06/2026", because="not_due", note="03-BC")
    assert closed.status_code == 302 and "Chưa đến mức kỷ luật" in inspector.get(closed.location).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"member": ""}, "Chọn một đảng viên hoặc một tổ chức"),
        ({"member": "987654"}, "không có trong danh sách"),
        ({"member": "9" * 40}, "không có trong danh sách"),
        ({"member": "\x00"}, "không có trong danh sách"),
        ({"acted_on": "01/07/2026"}, "sau ngày lập vụ việc"),
        ({"opened_on": "25/11/2026"}, "Ngày này chưa đến"),
        ({"body": "superior"}, "không có trong danh sách"),
        ({"violation": "gossip"}, "không có trong danh sách"),
        ({"paper": "x" * 121}, "Quá dài"),
    ],
)
def test_wrong_input_of_a_new_case(inspector, her, typed, told):
    answer = inspector.post("/discipline/new", data=opening(her, **typed))
    assert answer.status_code == 422 and told in answer.text and queries.cases(READER, TODAY) == []


@pytest.mark.parametrize("typed", [{"present": "9" * 30}, {"present": "-1"}, {"in_favour": "x"}, {"form": "gossip"}, {"part": ""}])
def test_odd_numbers_of_a_vote(inspector, her, typed):
    made = concluded(case(member=her))
    db.session.commit()
    given = {"part": "decides", "form": "reprimand", "held_on": "12/06/2026", "members": "9", "present": "9", "in_favour": "9"}
    assert send(inspector, made.id, "vote", **{**given, **typed}).status_code == 422


def test_from_paper(inspector, her, as_, commune):
    typed = {
        "member": str(her.id), "organisation": "", "source": "inspection", "acted_on": "01/05/2026", "violation": "population",
        "body": "superior", "form": "reprimand", "issuer": "Tỉnh ủy", "number": "5-QĐ/TU", "signed_on": "01/06/2026",
        "published_on": "02/06/2026",
    }  # fmt: skip
    assert inspector.get("/discipline/new/paper").status_code == 200
    assert "Quyết định từ ngày" in inspector.post("/discipline/new/paper", data={**typed, "body": "cell"}).text
    answer = inspector.post("/discipline/new/paper", data=typed)
    assert answer.status_code == 302 and "Tỉnh ủy" in inspector.get(answer.location).text
    secretary = as_(Role.SECRETARY, commune.bon)
    assert secretary.post("/discipline/new/paper", data=typed).status_code == 422
    assert "Ghi từ quyết định" not in secretary.get("/discipline").text


def test_the_secretary_deals_with_her_cells_own_cases(as_, her, commune):
    secretary = as_(Role.SECRETARY, commune.bon)
    form = secretary.get("/discipline/new").text
    assert "hoặc chi bộ" not in form
    answer = secretary.post("/discipline/new", data=opening(her, body="cell"))
    assert answer.status_code == 302
    assert secretary.post("/discipline/new", data=opening(her, body="standing")).status_code == 422
    page = secretary.get(answer.location).text
    assert "Giao chi bộ" not in page
    published(db.session.get_one(queries.DisciplineCase, int(answer.location.rsplit("/", 1)[1])))
    assert "Ghi khiếu nại" not in secretary.get(answer.location).text


def test_the_list_narrowed(inspector, her, commune):
    case(member=her)
    published(case(organisation=commune.he))
    closed = case(member=make.member(unit=commune.he, full_name="Hà Văn Cổng"))
    db.session.commit()
    assert [row.stage for row in queries.cases(READER, TODAY)].count(Stage.OPEN) == 2
    assert [row.subject for row in queries.cases(READER, TODAY, Filters(organisations=True))] == ["Chi bộ bản Hé"]
    assert len(queries.cases(READER, TODAY, Filters(organisations=False))) == 2
    assert [row.id for row in queries.cases(READER, TODAY, Filters(q="cong"))] == [closed.id]
    assert "Chi bộ bản Hé" in inspector.get("/discipline?kind=organisations&stage=in_force&form=reprimand").text
    for odd in ("stage=x", "form=x", "page=99999999999", "q=" + "x" * 99, "kind=zzz", "q=%00"):
        assert inspector.get(f"/discipline?{odd}").status_code in (200, 422)


def test_effects_on(her, commune, actor_):
    person = db.session.get_one(Person, her.id)
    held = members.appoint(KEEPER, person, unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2020, 1, 1))
    published(case(member=her), Form.REMOVAL_FROM_OFFICE, position_id=held.id)
    found = effect_queries.effects_on(READER, her.id, TODAY)
    assert {one.effect for one in found} == set(Effect) and dt.date(2027, 6, 12) in {one.until for one in found}
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_READ)
    assert effect_queries.effects_on(secretary, her.id, TODAY) == []
    with pytest.raises(NotVisible):
        effect_queries.effects_on(actor_(Role.SECRETARY, commune.he, Permission.DISCIPLINE_READ), her.id, TODAY)


def test_figures(inspector, her, commune):
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    published(case(member=her, body=Decider.CELL))
    published(case(organisation=commune.he), Form.WARNING)
    wrong = published(case(member=make.member(unit=commune.he)))
    from partyreg.discipline import actions, ruling_actions
    from partyreg.discipline.models import CloseReason

    ruling_actions.lodge_appeal(KEEPER, wrong, wrong.version, dt.date(2026, 7, 1))
    ruling_actions.settle_appeal(KEEPER, wrong, wrong.version, result=Result.ANNULLED, number="1", published_on=dt.date(2026, 8, 1))
    shut = case(member=make.member(unit=commune.he))
    actions.close_case(KEEPER, shut, shut.version, dt.date(2026, 6, 2), CloseReason.NO_VIOLATION)
    told = effect_queries.figures(READER, first, last)
    assert (told.members, told.organisations, told.total) == ({Form.REPRIMAND: 1}, {Form.WARNING: 1}, 2)
    assert told.bodies == {Decider.CELL: 1, Decider.STANDING: 1} and told.contents == {Content.DUTY: 2}
    assert told.homes == {"Chi bộ bản Bon": 1, "Chi bộ bản Hé": 1}
    assert told.appeals == {Result.ANNULLED: 1} and told.closed == {CloseReason.NO_VIOLATION: 1}
    assert effect_queries.figures(READER, dt.date(2027, 1, 1), last).total == 0
    page = inspector.get("/discipline/figures?first=01/01/2026&last=31/12/2026").text
    assert "2 quyết định" in page and "Hủy, xóa kỷ luật" in page
    assert inspector.get("/discipline/figures?first=x").status_code == 422


def test_the_list_and_the_figures_ask_the_same_number_of_questions_however_many_cases(commune, counting):
    def asked() -> tuple[int, int]:
        db.session.commit()
        with counting() as listed:
            queries.cases(READER, TODAY)
        with counting() as counted:
            effect_queries.figures(READER, dt.date(2020, 1, 1), TODAY)
        return len(listed), len(counted)

    published(case(member=make.member(unit=commune.bon)))
    few = asked()
    for number in range(5):
        published(case(member=make.member(unit=commune.he, full_name=f"Lò Văn {number}")))
    assert asked() == few and max(few) <= 4
