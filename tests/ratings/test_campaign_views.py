"""The pages of a campaign, from its opening to an amendment, as people use them."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.ratings import campaign_actions, campaign_queries, decision_actions, facts_queries
from partyreg.ratings.campaign_models import RatingCampaign, RatingLine
from partyreg.ratings.models import Level, MemberRating, NotRated
from partyreg.rulebook.rating import RatingStep
from tests import make
from tests.make import ratings as made

SHEET = "/ratings/2026/cb-bon"
MEETING = {"voted_on": "21/11/2026", "paper": "05-BC/CB", "full_members": "3", "not_counted": "", "present": "3"}


@pytest.fixture
def office(as_):
    return as_(Role.ORGANISATION)


@pytest.fixture
def secretary(as_, commune):
    return as_(Role.SECRETARY, commune.bon)


@pytest.fixture
def standing(as_):
    return as_(Role.STANDING)


@pytest.fixture
def three(commune):
    people = [make.member(unit=commune.bon, full_name=f"Lò Văn {name}") for name in ("An", "Bình", "Chung")]
    db.session.commit()
    return people


def sheet(unit, **changed: str) -> dict[str, str]:
    """A filled sheet as the page sends it."""
    sent = dict(MEETING)
    for line in made.lines(unit):
        sent |= {
            f"self_level-{line.id}": "good", f"answer-{line.id}": "good", f"version-{line.id}": str(line.version),
            f"score-{line.id}": "85,5", f"why-{line.id}": "",
        }  # fmt: skip
        if line.member_id:
            sent[f"votes_good-{line.id}"] = "3"
    return sent | changed


def open_form(browser, **changed: str) -> dict[str, str]:
    sent = {
        "order": "12-HD/ĐU", "order_on": "01/11/2026", "roll_on": "20/11/2026",
        "max_common": "30", "split": "10, 10, 10", "max_result": "70",
        "band_excellent": "90", "band_good": "70", "band_done": "50",
    }  # fmt: skip
    for kind in ("member", "organisation"):
        sent |= {f"{kind}_pct": "20", f"{kind}_base": "good_or_better", f"{kind}_unit": "commune", f"{kind}_rounding": "floor"}
    return sent | changed


class TestOpening:
    def test_the_law_proposes_and_the_document_decides(self, office, three):
        page = office.get("/ratings/campaign/2026/open").text
        assert 'value="30"' in page and 'value="70"' in page and 'value="90"' in page
        law = open_form(office, split=_split(page))
        assert office.post("/ratings/campaign/2026/open", data=law).location == "/ratings/campaign/2026"
        given = db.session.scalars(sa.select(RatingCampaign)).one()
        assert (given.terms.order, given.roll_on) == ("12-HD/ĐU", dt.date(2026, 11, 20))
        page = office.get("/ratings/campaign/2026").text
        assert "12-HD/ĐU" in page and "Chi bộ bản Bon" in page
        assert "Xem đợt xếp loại" in office.get("/ratings/2026").text

    def test_what_is_wrong_comes_back_filled(self, office, secretary, three):
        for changed in ({"order": ""}, {"split": "mười"}, {"max_result": "60"}, {"roll_on": "31/12/2025"}, {"member_pct": "9" * 30}):
            answer = office.post("/ratings/campaign/2026/open", data=open_form(office, **{"split": "10, 10, 10", **changed}))
            assert answer.status_code == 422 and "Chưa lưu được" in answer.text
        assert secretary.get("/ratings/campaign/2026/open").status_code == 403
        assert office.get("/ratings/campaign/2019/open").status_code == 200
        assert office.post("/ratings/campaign/2019/open", data={}).status_code == 422
        for year in ("2027", "9" * 30, "0"):
            assert office.get(f"/ratings/campaign/{year}/open").status_code == 404
        for page in ("", "/frozen"):
            assert office.get(f"/ratings/campaign/2026{page}").status_code == 404


def _split(page: str) -> str:
    start = page.index('name="split"')
    return page[start:].split('value="')[1].split('"')[0]


class TestSheet:
    def test_all_members_stand_on_one_page_and_are_saved_at_once(self, commune, secretary, three):
        made.campaign()
        page = secretary.get(SHEET).text
        assert page.index("Lò Văn An") < page.index("Lò Văn Chung") and "1. Xuất sắc" in page
        assert secretary.post(SHEET, data=sheet(commune.bon)).location == SHEET
        page = secretary.get(SHEET).text
        assert 'value="85,5"' in page.replace("85,50", "85,5") and "05-BC/CB" in page
        assert "Tính trên các bảng trong phạm vi" in page

    def test_what_cannot_be_comes_back_beside_its_field(self, commune, secretary, three):
        made.campaign()
        an = made.lines(commune.bon)[1]
        for changed, text in (
            ({f"votes_good-{an.id}": "9"}, "phiếu"),
            ({f"votes_good-{an.id}": "9" * 30}, "Phải là số nguyên"),
            ({f"score-{an.id}": "chín"}, "Điểm từ 0 đến 100"),
            ({f"answer-{an.id}": "super"}, "Lựa chọn không có"),
            ({"voted_on": "31/02/2026"}, "Không có ngày"),
            ({"present": ""}, "Ghi số đảng viên"),
        ):
            answer = secretary.post(SHEET, data=sheet(commune.bon, **changed))
            assert answer.status_code == 422 and text in answer.text and "is-invalid" in answer.text
        answer = secretary.post(SHEET, data=sheet(commune.bon, **{f"version-{an.id}": "0"}))
        assert answer.status_code == 409
        assert secretary.post(SHEET, data={"answer-\0": "good", "answer-" + "9" * 40: "good"}).status_code == 302

    def test_the_ceiling_is_counted_by_the_server(self, commune, secretary, three):
        made.campaign(pct=50)
        made.record(commune.bon)
        db.session.commit()
        an, binh = made.lines(commune.bon)[1:3]
        block = secretary.get(f"{SHEET}/ceiling?answer-{an.id}=excellent&answer-{binh.id}=excellent&answer-x=1&level-\0=2").text
        assert "Đề xuất 2 trường hợp" in block and "nhiều nhất 1" in block
        assert secretary.get("/ratings/2026/cb-he/ceiling").status_code == 404

    def test_other_cells_stay_hidden(self, secretary, commune, three):
        made.campaign()
        db.session.commit()
        assert secretary.get("/ratings/2026/cb-he").status_code == 404
        assert "Chi bộ bản Hé" not in secretary.get("/ratings/campaign/2026").text

    def test_takes_as_many_statements_for_forty_as_for_three(self, commune, actor_, three, counting):
        reader = actor_(Role.SECRETARY, commune.bon, Permission.RATINGS_READ)

        def taken(given: RatingCampaign) -> int:
            db.session.expire_all()
            with counting() as count:
                lines = campaign_queries.lines(reader, given, commune.bon)
                facts_queries.facts(reader, given.year, [one.member_id for one in lines if one.member_id], given.roll_on)
                campaign_queries.ceilings(reader, given)
                campaign_queries.progress(reader, given)
            return len(count)

        few = taken(made.campaign(number=2025))
        for number in range(37):
            make.member(unit=commune.bon, full_name=f"Lò Văn A{number}")
        assert taken(made.campaign()) == few


class TestWay:
    def test_from_the_cell_to_the_decision_and_the_close(self, commune, secretary, office, standing, three):
        made.campaign()
        answer = secretary.post(f"{SHEET}/submit")
        assert answer.status_code == 422 and "Chưa có mức đề xuất" in answer.text
        secretary.post(SHEET, data=sheet(commune.bon))
        assert secretary.post(f"{SHEET}/submit").location == SHEET
        assert secretary.post(SHEET, data=sheet(commune.bon, present="2")).status_code == 422
        assert office.post(f"{SHEET}/return", data={"reason": ""}).status_code == 422
        assert office.post(f"{SHEET}/return", data={"reason": "Thiếu chữ ký"}).location == SHEET
        assert "Bị trả lại: Thiếu chữ ký" in secretary.get(SHEET).text
        assert office.post(f"{SHEET}/return", data={"reason": "vì"}).status_code == 422
        secretary.post(f"{SHEET}/submit")
        assert office.post(f"{SHEET}/check", data={"note": "x" * 400}).status_code == 422
        assert office.post(f"{SHEET}/check", data={"note": "Đủ"}).location == SHEET
        assert office.post(f"{SHEET}/check", data={"note": "Đủ"}).status_code == 422
        assert office.get(f"{SHEET}/decision").status_code == 403
        assert "Quyết định mức xếp loại" in standing.get(SHEET).text
        assert "Lò Văn An" in standing.get(f"{SHEET}/decision").text
        sent = {"paper": "07-QĐ/ĐU", "on": "24/11/2026"}
        for line in made.lines(commune.bon):
            sent |= {f"level-{line.id}": "good", f"version-{line.id}": str(line.version), f"why-{line.id}": ""}
        an = made.lines(commune.bon)[1]
        answer = standing.post(f"{SHEET}/decision", data={**sent, f"level-{an.id}": "done"})
        assert answer.status_code == 422 and "Mức khác đề xuất" in answer.text
        assert standing.post(f"{SHEET}/decision", data={**sent, "paper": ""}).status_code == 422
        assert standing.post(f"{SHEET}/decision", data={**sent, f"level-{an.id}": "super"}).status_code == 422
        assert standing.post(f"{SHEET}/decision", data={**sent, f"version-{an.id}": "1"}).status_code == 409
        assert standing.post(f"{SHEET}/decision", data=sent).location == SHEET
        assert {row.level for row in db.session.scalars(sa.select(MemberRating))} == {Level.GOOD}
        assert "Không có gì chờ quyết định" in standing.get(f"{SHEET}/decision").text
        assert office.post("/ratings/campaign/2026/close", data={"version": "1"}).status_code == 422
        made.decided(commune.he)
        db.session.commit()
        assert office.post("/ratings/campaign/2026/close", data={"version": "9" * 30}).status_code == 409
        assert office.post("/ratings/campaign/2026/close", data={"version": "1"}).location == "/ratings/campaign/2026/frozen"
        amend = f"/ratings/campaign/2026/amend/{an.id}"
        assert "Sửa mức xếp loại" in standing.get(amend).text
        fixed = {"to_level": "done", "paper": "09-QĐ/ĐU", "on": "24/11/2026", "reason": "Kết luận kiểm tra"}
        assert standing.post(amend, data={**fixed, "to_level": "good"}).status_code == 422
        assert standing.post(amend, data={**fixed, "reason": ""}).status_code == 422
        assert standing.post(amend, data=fixed).location == "/ratings/campaign/2026/frozen"
        page = office.get("/ratings/campaign/2026/frozen").text
        assert "09-QĐ/ĐU" in page and "Kết luận kiểm tra" in page
        assert "Đã báo cáo và hiện biết" in office.get("/ratings/campaign/2026").text
        assert "đã khóa" in secretary.get(SHEET).text
        assert standing.get(f"/ratings/campaign/2026/amend/{'9' * 9}").status_code == 404

    def test_an_open_campaign_is_not_amended(self, commune, standing, three):
        made.campaign()
        line = made.lines(commune.bon)[1]
        db.session.commit()
        assert standing.get(f"/ratings/campaign/2026/amend/{line.id}").status_code == 404


class TestByHand:
    def test_direct_entry_is_refused_on_the_pages_too(self, commune, office, three):
        made.campaign()
        db.session.commit()
        sent = {f"level-{commune.bon.id}": "excellent", f"version-{commune.bon.id}": "0"}
        assert office.post("/ratings/2026", data=sent).status_code == 422
        page = office.get("/ratings/2026").text
        assert "Lưu xếp loại chi bộ" not in page and "Khóa năm" not in page
        assert office.post("/ratings/2026/close").status_code == 422


def test_a_member_who_is_not_rated_shows_why(commune, secretary, three):
    made.campaign()
    line = made.lines(commune.bon)[1]
    sent = sheet(commune.bon, **{f"answer-{line.id}": "other", f"why-{line.id}": "Đi chữa bệnh dài ngày"})
    secretary.post(SHEET, data=sent)
    assert db.session.get_one(RatingLine, line.id).not_rated is NotRated.OTHER
    assert secretary.post(f"{SHEET}/submit").location == SHEET
    assert {one.step for one in made.lines(commune.bon)} == {RatingStep.CHECK}


def test_closed_state_is_what_was_closed(commune, office, actor_, three):
    given = made.campaign()
    for unit in (commune.bon, commune.he):
        made.decided(unit)
    kept = campaign_actions.close_campaign(actor_(Role.ORGANISATION, permission=Permission.RATINGS_DECIDE), 2026, given.version)
    before = (kept.content, kept.sha256)
    decision_actions.amend(made.SYSTEM, made.lines(commune.bon)[1].id, Level.DONE, dt.date(2026, 11, 24), "9-QĐ", "vì")
    db.session.commit()
    assert (kept.content, kept.sha256) == before
    assert "Lò Văn An" in office.get("/ratings/campaign/2026/frozen").text


@pytest.mark.parametrize("day", ["21/11/2016", "01/01/1000", "25/11/2026"])
def test_a_mistyped_year_of_the_meeting_is_told_beside_it(commune, as_, day):
    make.member(unit=commune.bon)
    made.campaign()
    db.session.commit()
    line = made.lines(commune.bon)[1]
    sent = {"voted_on": day, "paper": "05-BC/CB", "full_members": "3", "present": "3", f"version-{line.id}": "1"}
    page = as_(Role.SECRETARY, commune.bon).post(
        "/ratings/2026/cb-bon", data={**sent, f"answer-{line.id}": "good", f"votes_good-{line.id}": "3"}
    )
    assert page.status_code == 422 and "Ngày họp phải từ 01/01/2026 đến hôm nay." in page.text and day in page.text
