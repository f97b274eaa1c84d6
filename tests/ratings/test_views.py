"""The pages of ratings: who sees them, what they save, and what comes back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Role
from partyreg.db import db
from partyreg.ratings import actions
from partyreg.ratings.models import Level, MemberRating, NotRated, RatingYear, UnitRating
from tests import make
from tests.make import ratings as make_ratings

ENTER = access.system("test").using(access.Permission.RATINGS_ENTER)


def answers() -> dict[int, Level | NotRated | None]:
    return {row.member_id: row.level or row.not_rated for row in db.session.scalars(sa.select(MemberRating))}


@pytest.fixture
def office(as_):
    return as_(Role.ORGANISATION)


@pytest.fixture
def secretary(as_, commune):
    return as_(Role.SECRETARY, commune.bon)


def test_index_leads_to_the_running_year(office):
    assert office.get("/ratings").location == "/ratings/2026"


def test_year_shows_progress_and_unit_levels(commune, office):
    make_ratings.year()
    one = make.member(unit=commune.bon)
    make.member(unit=commune.bon, full_name="Lò Thị Hoa")
    make_ratings.levels(unit=commune.bon, given={one: Level.GOOD})
    page = office.get("/ratings/2026").text
    assert "1/2" in page
    assert "/ratings/2026/cb-bon" in page
    assert "Còn 1 đảng viên chưa nhập" in page


def test_year_that_nobody_opened_is_not_there(office):
    assert office.get("/ratings/2019").status_code == 404
    assert office.get("/ratings/2026").status_code == 200
    assert "chưa mở" in office.get("/ratings/2026/cb-bon").text


def test_units_are_rated_by_whoever_decides(commune, office, secretary):
    make_ratings.year()
    sent = {f"level-{commune.bon.id}": "good", f"version-{commune.bon.id}": "0", f"level-{commune.he.id}": ""}
    assert secretary.post("/ratings/2026", data=sent).status_code == 403
    assert office.post("/ratings/2026", data=sent).location == "/ratings/2026"
    assert [(r.unit_id, r.level) for r in db.session.scalars(sa.select(UnitRating))] == [(commune.bon.id, Level.GOOD)]
    stale = office.post("/ratings/2026", data={f"level-{commune.bon.id}": "done", f"version-{commune.bon.id}": "0"})
    assert stale.status_code == 409
    assert "Hoàn thành tốt nhiệm vụ" in stale.text
    for wrong in ("best", "none"):
        assert office.post("/ratings/2026", data={f"level-{commune.bon.id}": wrong}).status_code == 422


def test_units_of_a_closed_year_stay(commune, office):
    make_ratings.year()
    office.post("/ratings/2026/close")
    answer = office.post("/ratings/2026", data={f"level-{commune.bon.id}": "good"})
    assert answer.status_code == 422
    assert "đã khóa ngày 24/11/2026" in answer.text


def test_year_is_opened_closed_and_opened_again(office, secretary):
    assert secretary.post("/ratings/2026/open").status_code == 403
    assert office.post("/ratings/2026/open").status_code == 302
    assert office.post("/ratings/2026/open").status_code == 422
    assert office.post("/ratings/2026/close").status_code == 302
    assert office.post("/ratings/2026/reopen", data={"reason": ""}).status_code == 422
    assert db.session.get_one(RatingYear, 2026).closed_on is not None
    assert office.post("/ratings/2026/reopen", data={"reason": "CV 12"}).status_code == 302
    assert db.session.get_one(RatingYear, 2026).closed_on is None


class TestSheet:
    def test_is_one_form_with_a_choice_for_each_member(self, commune, secretary):
        make_ratings.year()
        one = make.member(unit=commune.bon)
        page = secretary.get("/ratings/2026/cb-bon").text
        for value in ("excellent", "good", "done", "not_done", "none"):
            assert f'id="level-{one.id}-{value}"' in page
        assert "366-QĐ/TW" in page
        filled = secretary.get("/ratings/2026/cb-bon?fill=good").text
        assert filled.count("checked") == 1
        assert page.count("checked") == 0
        assert secretary.get("/ratings/2026/cb-bon?fill=nonsense").status_code == 200

    def test_is_saved_at_once(self, commune, secretary):
        make_ratings.year()
        one, two, three = (make.member(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "ABC")
        sent = {f"level-{one.id}": "excellent", f"level-{two.id}": "none", f"reason-{two.id}": "exempt", f"level-{three.id}": ""}
        assert secretary.post("/ratings/2026/cb-bon", data=sent).location == "/ratings/2026/cb-bon"
        assert answers() == {one.id: Level.EXCELLENT, two.id: NotRated.EXEMPT}
        assert "2 thay đổi" in secretary.get("/ratings/2026/cb-bon").text

    def test_with_an_unknown_choice_comes_back_as_it_was_filled(self, commune, secretary):
        make_ratings.year()
        one, two = (make.member(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "AB")
        for wrong in ({f"level-{one.id}": "<script>"}, {f"level-{one.id}": "none", f"reason-{one.id}": "because"}):
            answer = secretary.post("/ratings/2026/cb-bon", data={**wrong, f"level-{two.id}": "done"})
            assert answer.status_code == 422
            assert "Lựa chọn không có trong danh sách" in answer.text
            assert answer.text.count("checked") == 1
        assert answers() == {}

    def test_changed_meanwhile_shows_both_and_keeps_the_choice(self, commune, secretary):
        make_ratings.year()
        one = make.member(unit=commune.bon)
        actions.set_level(ENTER, 2026, commune.bon, one.id, Level.GOOD)
        answer = secretary.post("/ratings/2026/cb-bon", data={f"level-{one.id}": "done", f"version-{one.id}": "0"})
        assert answer.status_code == 409
        assert "Hoàn thành tốt nhiệm vụ" in answer.text
        assert f'name="version-{one.id}" value="1"' in answer.text
        assert answers() == {one.id: Level.GOOD}
        again = secretary.post("/ratings/2026/cb-bon", data={f"level-{one.id}": "done", f"version-{one.id}": "1"})
        assert again.status_code == 302
        assert answers() == {one.id: Level.DONE}

    def test_refuses_a_member_of_another_cell(self, commune, secretary):
        make_ratings.year()
        other = make.member(unit=commune.he, full_name="Quàng Văn Kín")
        answer = secretary.post("/ratings/2026/cb-bon", data={f"level-{other.id}": "good"})
        assert answer.status_code == 422
        assert "Quàng Văn Kín" not in answer.text
        assert answers() == {}

    def test_of_another_cell_is_not_there(self, commune, secretary):
        make_ratings.year()
        assert secretary.get("/ratings/2026/cb-he").status_code == 404
        assert secretary.post("/ratings/2026/cb-he", data={}).status_code == 404
        assert "cb-he" not in secretary.get("/ratings/2026").text

    def test_is_read_only_for_readers_and_when_closed(self, commune, as_, office, secretary):
        make_ratings.year()
        one = make.member(unit=commune.bon)
        make_ratings.levels(unit=commune.bon, given={one: Level.GOOD})
        reader = as_(Role.REPORTING)
        assert "Lưu bảng xếp loại" not in reader.get("/ratings/2026/cb-bon").text
        assert reader.post("/ratings/2026/cb-bon", data={}).status_code == 403
        office.post("/ratings/2026/close")
        page = secretary.get("/ratings/2026/cb-bon").text
        assert "Lưu bảng xếp loại" not in page
        assert "chỉ xem" in page
        assert secretary.post("/ratings/2026/cb-bon", data={f"level-{one.id}": "done"}).status_code == 422

    def test_is_closed_to_members_and_administrators(self, as_, commune):
        for role in (Role.MEMBER, Role.ADMINISTRATOR):
            assert as_(role).get("/ratings/2026").status_code == 403
