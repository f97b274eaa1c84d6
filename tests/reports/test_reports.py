"""The reports: what they hold, who gets them, and that the file says what the records say."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.errors import NotVisible, RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import Body, Sex, Title
from partyreg.ratings.models import Level, NotRated
from partyreg.reports import queries
from partyreg.targets import queries as targets
from tests import make
from tests.make import ratings as make_ratings

SYSTEM = access.system("test")


@pytest.fixture
def rated(commune):
    """A year with every level, a reason, and one member without an answer."""
    make_ratings.year()
    given: list[Level | NotRated] = [Level.EXCELLENT, Level.GOOD, Level.DONE, Level.NOT_DONE, NotRated.EXEMPT]
    people = [make.member(unit=commune.bon, full_name=f"Lò Văn {chr(65 + n)}") for n in range(6)]
    make_ratings.levels(unit=commune.bon, given=dict(zip(people, given, strict=False)))
    make_ratings.levels(unit=commune.he, given={make.member(unit=commune.he, full_name="Quàng Văn D"): Level.GOOD})
    make_ratings.unit_level(unit=commune.he)
    return commune


@pytest.fixture
def reader(actor_):
    return actor_(Role.REPORTING, permission=Permission.REPORTS_READ)


def sheet(content: bytes, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values).active


def code(caught) -> Any:
    return caught.value.findings[0].code


def test_table_of_levels_counts_by_cell(rated, reader):
    table = queries.ratings_table(reader, 2026)
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, row.cells, strict=True)) for row in table.rows]
    assert [(r["number"], r["cell"], r["members"], r["rated"]) for r in rows] == [(1, "Chi bộ bản Bon", 6, 4), (2, "Chi bộ bản Hé", 1, 1)]
    assert [rows[0][level.value] for level in Level] == [1, 1, 1, 1]
    assert [str(rows[0][key]) for key in ("not_rated", "missing", "share")] == ["1", "1", "50.00"]
    assert rows[1]["level"] is Level.GOOD
    assert len(queries.ratings_table(reader, 2026, rated.he).rows) == 1


def test_workbook_agrees_with_the_target_and_sums_by_formulas(rated, reader):
    content = queries.render(reader, "ratings", 2026)
    book = sheet(content)
    head = [cell.value for cell in book[1]]
    assert head[:4] == ["STT", "Chi bộ", "Số đảng viên", "Được xếp loại"]
    assert book.freeze_panes == "A2"
    assert [cell.value for cell in book[4]][:4] == ["Tổng cộng", None, "=SUM(C2:C3)", "=SUM(D2:D3)"]
    values = sheet(content, values=True)
    total = {cell.value: values[4][index].value for index, cell in enumerate(book[1])}
    target = targets.result(targets.measure(reader, "21b", 2026))
    assert total["Được xếp loại"] == target.whole == 5
    assert total["Hoàn thành xuất sắc nhiệm vụ"] + total["Hoàn thành tốt nhiệm vụ"] == target.part == 3
    assert total["Tỷ lệ hoàn thành tốt trở lên (%)"] == float(str(target.value)) == 60.0
    assert book[4][head.index("Tỷ lệ hoàn thành tốt trở lên (%)")].value == '=IF(D4=0,"",ROUND((E4+F4)/D4*100,2))'


def test_workbook_of_nobody_rated_has_no_share(commune, reader):
    values = sheet(queries.render(reader, "ratings", 2026), values=True)
    assert values[4][10].value in (None, "")


def test_members_with_their_levels(rated, reader):
    rows = list(csv.reader(io.StringIO(queries.render(reader, "rated-members", 2026, None, ".csv").decode("utf-8-sig"))))
    assert len(rows) == 8
    assert rows[1] == ["1", "Lò Văn A", "20/05/1985", "Chi bộ bản Bon", "Hoàn thành xuất sắc nhiệm vụ", ""]
    assert rows[5][4:] == ["", "Được miễn công tác và sinh hoạt"]
    assert rows[6][4:] == ["", "Chưa có kết quả"]


def test_targets_and_structure(rated, reader):
    rows = list(sheet(queries.render(reader, "targets", 2026)).values)
    assert [row[0] for row in rows[1:]] == ["21a", "21b", "21c", "21d", "21e", "22", "23a", "23b", "24a", "25a", "25b"]
    assert rows[2][2:7] == (3, 5, 60, "≥ 90 %", "Chưa đủ số liệu")
    person = make.person(unit=rated.bon, sex=Sex.FEMALE)
    members.appoint(SYSTEM, person, unit=rated.root, body=Body.EXECUTIVE, title=Title.MEMBER, on=dt.date(2025, 7, 1))
    lines = list(sheet(queries.render(reader, "structure", 2026)).values)
    assert lines[1] == ("Giới tính", "Nữ", 1, 1, 100)
    assert ("Nhóm tuổi", "Dưới 42 tuổi", 1, 1, 100) in lines
    assert ("Nhóm tuổi", "Từ 42 đến 50 tuổi", 0, 1, 0) in lines
    assert ("Nhóm tuổi", "Từ 51 tuổi trở lên", 0, 1, 0) in lines


def test_every_report_has_a_title(app):
    assert set(queries.names()) == set(queries.REPORTS)


@pytest.mark.parametrize(
    ("name", "year", "ending", "refused"),
    [
        ("nothing", 2026, "xlsx", "report.name"),
        ("ratings", 2026, ".docx", "report.ending"),
        ("ratings", 2026, "pdf", "report.ending"),
        ("targets", 2027, "xlsx", "report.year"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_reason(reader, name, year, ending, refused):
    with pytest.raises(RuleBroken) as caught:
        queries.render(reader, name, year, None, ending)
    assert code(caught) == refused


def test_year_without_ratings_is_not_there(reader):
    for name in ("ratings", "rated-members"):
        with pytest.raises(NotVisible):
            queries.render(reader, name, 2019)


def test_secretarys_reports_hold_her_cell_only(rated, actor_):
    secretary = actor_(Role.SECRETARY, rated.bon, Permission.REPORTS_READ)
    for name in ("ratings", "rated-members", "targets"):
        text = queries.render(secretary, name, 2026, None, "csv").decode("utf-8-sig")
        assert "Quàng Văn D" not in text
        assert "Chi bộ bản Hé" not in text


class TestPages:
    def test_list_offers_each_report_as_workbook_and_csv(self, rated, as_):
        browser = as_(Role.REPORTING)
        page = browser.get("/reports?year=2026").text
        for name in queries.REPORTS:
            assert f'href="/reports/{name}.xlsx?year=2026"' in page
            answer = browser.get(f"/reports/{name}.csv?year=2026")
            assert answer.status_code == 200
            assert f'filename="{name}-2026.csv"' in answer.headers["Content-Disposition"]
        assert browser.get("/reports?year=2019").status_code == 200
        assert browser.get("/reports/ratings.xlsx?year=2026&unit=cb-bon").data[:2] == b"PK"

    def test_unknown_reports_years_and_units_are_not_there(self, rated, as_):
        browser = as_(Role.REPORTING)
        for address in ("nothing.csv", "ratings.docx", "ratings.csv?year=2019", "ratings.csv?unit=cb-x"):
            assert browser.get(f"/reports/{address}").status_code == 404
        assert browser.get("/reports/targets.csv?year=2027").status_code == 422
        assert as_(Role.SECRETARY, rated.bon).get("/reports/ratings.csv?unit=cb-he").status_code == 404

    def test_are_closed_to_whoever_takes_no_reports(self, rated, as_):
        for role in (Role.INSPECTION, Role.MEMBER, Role.ADMINISTRATOR):
            assert as_(role).get("/reports").status_code == 403

    def test_structure_of_a_body_on_a_day(self, rated, as_):
        browser = as_(Role.STANDING)
        assert "Chưa có ai" in browser.get("/reports/structure").text
        person = make.person(unit=rated.bon, sex=Sex.FEMALE)
        members.appoint(SYSTEM, person, unit=rated.root, body=Body.EXECUTIVE, title=Title.MEMBER, on=dt.date(2025, 7, 1))
        page = browser.get("/reports/structure?body=executive&on=01/08/2026").text
        assert "1 người" in page
        assert "07/2025" in page
        for wrong in ("on=31/02/2026", "on=01/01/2030", "body=nothing"):
            assert browser.get(f"/reports/structure?{wrong}").status_code == 422

    def test_structure_of_any_unit_with_its_thresholds_and_files(self, rated, as_):
        browser = as_(Role.STANDING)
        person = make.person(unit=rated.bon, sex=Sex.FEMALE)
        members.appoint(SYSTEM, person, unit=rated.root, body=Body.EXECUTIVE, title=Title.MEMBER, on=dt.date(2025, 7, 1))
        members.appoint(SYSTEM, person, unit=rated.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2025, 7, 1))
        page = browser.get("/reports/structure").text
        assert 'data-code="committee.women_percent.met"' in page
        assert "Chỉ thị 45-CT/TW" in page
        page = browser.get("/reports/structure?unit=cb-bon").text
        assert "Chi ủy, ngày 24/11/2026: 1 người" in page
        assert "04/2025" in page
        assert "Sổ không có mức nào" in page
        answer = browser.get("/reports/structure/table.csv?unit=cb-bon&body=cell_committee")
        assert 'filename="structure-cb-bon-cell_committee-2026-11-24.csv"' in answer.headers["Content-Disposition"]
        assert "Nữ,1,1,100.00" in answer.data.decode("utf-8-sig")
        assert browser.get("/reports/structure/table.xlsx?on=31/02/2026").status_code == 422
        secretary = as_(Role.SECRETARY, rated.bon)
        assert "Chi ủy" in secretary.get("/reports/structure").text
        assert secretary.get("/reports/structure?unit=cb-he").status_code == 404
