"""The dashboard of targets and what stands behind each figure."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from partyreg import access
from partyreg.access import Role
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Standing, Title
from partyreg.ratings.models import Level
from partyreg.targets import views
from tests import make
from tests.make import ratings as make_ratings

SYSTEM = access.system("test")


@pytest.fixture
def rated(commune):
    """A year in which two of Bon are good and one is not, and He has one excellent member."""
    make_ratings.year()
    a, b, c = (make.member(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "ABC")
    d = make.member(unit=commune.he, full_name="Quàng Văn D")
    make_ratings.levels(unit=commune.bon, given={a: Level.GOOD, b: Level.GOOD, c: Level.DONE})
    make_ratings.levels(unit=commune.he, given={d: Level.EXCELLENT})
    make_ratings.unit_level(unit=commune.bon)
    return commune


def test_dashboard_shows_every_target_with_part_whole_and_article(rated, as_):
    page = as_(Role.STANDING).get("/targets").text
    assert "3/4 = 75,00 %, đến 24/11/2026" in page
    assert "chỉ tiêu 21b" in page
    assert "1 chi bộ chưa xếp loại: Chi bộ bản Hé" in page
    for no in ("21a", "21b", "21c", "21d", "21e", "22", "23a", "23b", "24a", "25a", "25b"):
        assert f'href="/targets/{no}?year=2026"' in page


def test_dashboard_keeps_year_day_and_unit(rated, as_):
    page = as_(Role.STANDING).get("/targets?year=2026&on=30/06/2026&unit=cb-bon").text
    assert 'href="/targets/21b?year=2026&amp;on=2026-06-30&amp;unit=cb-bon"' in page
    assert "2/3 = 66,67 %, đến 30/06/2026" in page
    assert "term_admissions" in as_(Role.STANDING).get("/targets?year=2025").text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("on=31/02/2026", "Không có ngày 31/02/2026 trong lịch"),
        ("year=abc", "Phải là số nguyên"),
        ("year=2099", "Năm phải từ 1930 đến 2026"),
        ("year=2026&on=2025-01-01", "ở trước năm 2026"),
    ],
)
def test_wrong_question_comes_back_with_the_reason_beside_the_field(rated, as_, query, told):
    browser = as_(Role.STANDING)
    answer = browser.get(f"/targets?{query}")
    assert answer.status_code == 422
    assert told in answer.text
    assert browser.get(f"/targets/21b?{query}").status_code == 422
    assert browser.get(f"/targets/21b/export.csv?{query}").status_code == 422


def test_target_lists_exactly_each_side(rated, as_):
    browser = as_(Role.STANDING)
    part, rest = browser.get("/targets/21b").text, browser.get("/targets/21b?side=rest").text
    for name in ("Lò Văn A", "Lò Văn B", "Quàng Văn D"):
        assert name in part
        assert name not in rest
    assert "Lò Văn C" in rest
    assert "Lò Văn C" not in part
    assert "Chi bộ bản Hé" in browser.get("/targets/21a?side=missing").text
    assert "/units/cb-bon" in browser.get("/targets/21a").text


def test_target_without_that_side_is_not_there(rated, as_):
    browser = as_(Role.STANDING)
    for address in ("/targets/99", "/targets/21b?side=left", "/targets/22?side=missing", "/targets/term_admissions?side=rest&year=2025",
                    "/targets/term_admissions?year=2026", "/targets?unit=cb-khong-co"):  # fmt: skip
        assert browser.get(address).status_code == 404
    assert browser.get("/targets/term_admissions?year=2025").status_code == 200


def test_long_side_is_paged(rated, as_, monkeypatch):
    monkeypatch.setattr(views, "_SIZE", 2)
    browser = as_(Role.STANDING)
    first, second = browser.get("/targets/21b").text, browser.get("/targets/21b?page=2").text
    assert ("Lò Văn A" in first, "Quàng Văn D" in first) == (True, False)
    assert ("Lò Văn A" in second, "Quàng Văn D" in second) == (False, True)


def test_side_is_exported_as_it_is_shown(rated, as_):
    browser = as_(Role.REPORTING)
    answer = browser.get("/targets/21b/export.xlsx?side=whole")
    assert 'filename="21b-2026-11-24-whole.xlsx"' in answer.headers["Content-Disposition"]
    book: Any = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = list(book.values)
    assert [row[0] for row in rows[1:]] == ["Lò Văn A", "Lò Văn B", "Lò Văn C", "Quàng Văn D"]
    assert rows[1][1].date() == dt.date(1985, 5, 20)
    text = browser.get("/targets/21a/export.csv").data.decode("utf-8-sig")
    assert text.splitlines()[1] == "Chi bộ bản Bon,Chi bộ trực thuộc (bản),Hoàn thành tốt nhiệm vụ"
    make.member(unit=rated.bon, standing=Standing.PROBATIONARY, full_name="Vì Thị Mới")
    admitted = browser.get("/targets/22/export.csv").data.decode("utf-8-sig")
    assert admitted.splitlines()[1].startswith("Vì Thị Mới,20/05/1985,Chi bộ bản Bon,18/05/2026")


def test_secretary_sees_and_exports_her_cell_only(rated, as_):
    browser = as_(Role.SECRETARY, rated.bon)
    for address in ("/targets", "/targets/21b?side=whole", "/targets/22?side=whole", "/targets/21b/export.csv?side=whole"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "Quàng Văn D" not in answer.text
        assert "Chi bộ bản Hé" not in answer.text
    assert "2/3 = 66,67 %" in browser.get("/targets").text
    for address in ("/targets?unit=cb-he", "/targets/21b?unit=cb-he", "/targets/21b/export.csv?unit=cb-he"):
        assert browser.get(address).status_code == 404


def test_export_needs_the_right_to_export(rated, as_):
    inspection = as_(Role.INSPECTION)
    assert inspection.get("/targets/21b").status_code == 200
    assert "export" not in inspection.get("/targets/21b").text
    assert inspection.get("/targets/21b/export.csv").status_code == 403
    for role in (Role.MEMBER, Role.ADMINISTRATOR):
        assert as_(role).get("/targets").status_code == 403


def test_cells_too_small_for_a_committee_are_named_with_the_article(commune, as_):
    who = db.session.get_one(Person, make.member(unit=commune.bon).id)
    members.appoint(SYSTEM, who, unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2025, 1, 1))
    page = as_(Role.STANDING).get("/targets/23a?side=rest").text
    assert "Chưa đủ đảng viên chính thức để bầu chi ủy: Chi bộ bản Bon. Căn cứ: " in page
    assert "Số người giữ chức vụ" in page and "Chi bộ bản Hé" in as_(Role.STANDING).get("/targets/23a?side=missing").text
    for _n in range(8):
        make.member(unit=commune.bon)
    assert "Chưa đủ đảng viên" not in as_(Role.STANDING).get("/targets/23a?side=rest").text
