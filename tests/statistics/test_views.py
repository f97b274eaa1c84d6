"""The pages, lists and files of the statistics: who gets them, what they hold, and that the files agree with the pages."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.members import actions, admission_actions
from partyreg.members.models import Body, Exit, Posting, Qualification, Sex, Standing, Title
from partyreg.statistics import day_queries, entrant_queries, figures, movement_queries
from partyreg.statistics.events import MovementLine
from tests import make

SYSTEM = access.system("test")
YEAR = "from=01/01/2026&to=24/11/2026"
PAGES = ("/statistics", "/statistics/admissions", "/statistics/day")
LISTS = ("/statistics/movement/people", "/statistics/admissions/people", "/statistics/day/people")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def year(commune):
    """A year with admissions, a recognition, a move, deaths and an arrival."""
    new = make.member(
        unit=commune.bon, full_name="Lò Thị Mới", standing=Standing.PROBATIONARY, ceremony_on=day("2026-03-03"), sex=Sex.FEMALE,
        born_on=day("2003-01-01"), qualification=Qualification.COLLEGE,
    )  # fmt: skip
    make.member(
        unit=commune.he, full_name="Hà Văn Kinh", standing=Standing.PROBATIONARY, ceremony_on=day("2026-05-19"), ethnicity="Kinh",
        born_on=day("1980-01-01"),
    )  # fmt: skip
    person = db.session.get_one(make.members.Person, new.id)
    actions.appoint(SYSTEM, person, unit=commune.bon, body=Body.VILLAGE, title=Title.HEAD, on=day("2026-01-01"))
    older = make.member(unit=commune.bon, full_name="Lò Văn Thức", standing=Standing.PROBATIONARY, ceremony_on=day("2025-02-01"))
    admission_actions.recognise(SYSTEM, older, day("2026-02-01"))
    mover = make.member(unit=commune.bon, full_name="Quàng Văn Đi")
    actions.transfer(SYSTEM, mover, to=commune.he, on=day("2026-06-01"))
    actions.leave(SYSTEM, make.member(unit=commune.bon, full_name="Cầm Văn Mất"), exit=Exit.DIED, on=day("2026-07-01"))
    make.member(unit=commune.he, full_name="Vì Văn Đến", posted_on=day("2026-08-01"))
    return commune


def sheet(content: bytes, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values).active


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def computed(book: Any, reference: str) -> int:
    """What a cell of a workbook says when its formula is worked out: sums, additions and subtractions of cells."""
    value = book[reference].value
    if not isinstance(value, str) or not value.startswith("="):
        return int(value or 0)
    if area := re.fullmatch(r"=SUM\((\w+):(\w+)\)", value):
        return sum(computed(book, cell.coordinate) for row in book[f"{area[1]}:{area[2]}"] for cell in row)
    return sum((-1 if sign == "-" else 1) * computed(book, cell) for sign, cell in re.findall(r"([+-]?)([A-Z]+\d+)", value[1:]))


class TestMovement:
    def test_page_shows_the_lines_and_opens_their_people(self, year, as_):
        browser = as_(Role.REPORTING)
        page = browser.get(f"/statistics?{YEAR}").text
        assert "mâu thuẫn" not in page
        assert "Biểu 1-TCTW" in page
        address = re.search(r'href="(/statistics/movement/people[^"]*line=admitted[^"]*standing=total[^"]*)"', page)
        assert address is not None
        people = browser.get(address[1].replace("&amp;", "&")).text
        assert "Lò Thị Mới" in people
        assert "03/03/2026" in people
        assert "Cầm Văn Mất" not in people

    def test_workbook_works_out_to_the_figures_of_the_page(self, year, as_):
        content = as_(Role.REPORTING).get(f"/statistics/movement.xlsx?{YEAR}").data
        book, values = sheet(content), sheet(content, values=True)
        assert [cell.value for cell in book[1]] == ["Biến động", "Dự bị", "Chính thức", "Tổng số"]
        closing = next(row[0].row for row in book.iter_rows(min_row=2) if row[0].value == "Cuối kỳ")
        assert str(book[f"D{closing}"].value).startswith("=D2+D3-")
        assert [computed(book, f"{column}{closing}") for column in "BCD"] == [values[f"{column}{closing}"].value for column in "BCD"]
        assert [values[f"{column}{closing}"].value for column in "BCD"] == [2, 3, 5]
        rows = lines(as_(Role.REPORTING).get(f"/statistics/movement.csv?{YEAR}").data)
        assert rows[-1] == ["Cuối kỳ", "2", "3", "5"]
        assert ["Tăng trong kỳ", "2", "1", "3"] in rows

    def test_cells_and_totals_by_formula(self, year, as_):
        content = as_(Role.REPORTING).get(f"/statistics/movement.xlsx?{YEAR}&table=cells").data
        book, values = sheet(content), sheet(content, values=True)
        assert [cell.value for cell in values[4]] == ["Tổng cộng", 3, 3, 1, 1, 1, 5, 1]
        assert [computed(book, f"{column}4") for column in "BCDEFGH"] == [3, 3, 1, 1, 1, 5, 1]

    def test_contradictions_are_said_with_names_to_those_who_may_read_them(self, year, as_):
        who = make.member(unit=year.bon, full_name="Lò Văn Lạc")
        lost = sa.update(Posting).where(Posting.member_id == who.id).values(ended_on=day("2026-05-01"))
        db.session.execute(lost, execution_options={"recorded": True})
        page = as_(Role.REPORTING).get(f"/statistics?{YEAR}").text
        assert "Hồ sơ của 1 người mâu thuẫn" in page
        assert "Lò Văn Lạc" in page
        rows = lines(as_(Role.REPORTING).get(f"/statistics/movement.csv?{YEAR}").data)
        assert ["Chênh lệch chưa rõ", "0", "-1", "-1"] in rows
        book = sheet(as_(Role.REPORTING).get(f"/statistics/movement.xlsx?{YEAR}").data)
        assert computed(book, f"D{book.max_row}") == int(rows[-1][3])
        cells = lines(as_(Role.REPORTING).get(f"/statistics/movement.csv?{YEAR}&table=cells").data)
        assert cells[1][cells[0].index("Chênh lệch chưa rõ")] == "-1"

    def test_whoever_went_elsewhere_is_counted_without_her_name(self, year, as_):
        browser = as_(Role.SECRETARY, year.bon)
        page = browser.get(f"/statistics/movement/people?{YEAR}&line=to_cell").text
        assert "1 lượt không hiện tên" in page
        assert "Quàng Văn Đi" not in page

    def test_no_unit_out_of_reach(self, year, as_):
        browser = as_(Role.SECRETARY, year.bon)
        for page in (*PAGES, *LISTS):
            assert browser.get(f"{page}?unit=cb-he").status_code == 404
            assert browser.get(f"{page}?unit=cb-bon").status_code == 200
        assert "Chi bộ bản Hé" not in browser.get(f"/statistics?{YEAR}").text


class TestAdmissions:
    def test_groups_by_month(self, year, actor_, as_):
        reader = actor_(Role.REPORTING, permission=Permission.REPORTS_READ)
        found = entrant_queries.admissions(reader, movement_queries.movement(reader, day("2026-01-01"), day("2026-11-24")))
        assert found.total == (2, 1, 1, 1, 1)
        months = found.by_month()
        assert (len(months), months[0][:2], months[-1][1]) == (11, (day("2026-01-01"), day("2026-01-31")), day("2026-11-24"))
        assert {first.month: numbers for first, _last, numbers in months if numbers.people} == {3: (1, 1, 1, 1, 1), 5: (1, 0, 0, 0, 0)}
        assert [n.people for level, n in found.by_level("qualification") if level is Qualification.COLLEGE] == [1]
        page = as_(Role.REPORTING).get(f"/statistics/admissions?{YEAR}").text
        assert "Biểu 2-TCTW" in page

    def test_agree_with_the_movement(self, year, actor_):
        reader = actor_(Role.REPORTING, permission=Permission.REPORTS_READ)
        movement = movement_queries.movement(reader, day("2024-12-15"), day("2026-11-24"))
        found = entrant_queries.admissions(reader, movement)
        assert sum(n.people for _f, _l, n in found.by_month()) == movement.number(MovementLine.ADMITTED) == 3
        for field in ("qualification", "theory"):
            assert sum(n.people for _level, n in found.by_level(field)) == 3

    def test_lists_and_files(self, year, as_):
        browser = as_(Role.REPORTING)
        assert "Hà Văn Kinh" in browser.get(f"/statistics/admissions/people?{YEAR}").text
        assert "Hà Văn Kinh" not in browser.get(f"/statistics/admissions/people?{YEAR}&group=women").text
        rows = lines(browser.get(f"/statistics/admissions/people.csv?{YEAR}&by=qualification&level=college").data)
        assert [row[0] for row in rows] == ["Họ và tên", "Lò Thị Mới"]
        values = sheet(browser.get(f"/statistics/admissions.xlsx?{YEAR}").data, values=True)
        assert [cell.value for cell in values[13]] == ["Tổng cộng", 2, 1, 1, 1, 1]

    def test_nobody(self, commune, as_):
        assert "Không có ai được kết nạp" in as_(Role.REPORTING).get(f"/statistics/admissions?{YEAR}").text


class TestDay:
    def test_page_files_and_people(self, year, as_):
        browser = as_(Role.REPORTING)
        page = browser.get("/statistics/day?by=qualification").text
        assert "5 đảng viên" in page
        assert "Tháp tuổi theo giới tính" in page and "<svg xmlns" in page
        assert "Biểu 4-TCTW" in page
        rows = lines(browser.get("/statistics/day.csv?table=sex").data)
        assert rows[1:] == [["Nam", "4", "0", "4", "80.00"], ["Nữ", "0", "1", "1", "20.00"]]
        content = browser.get("/statistics/day.xlsx?table=ethnicity").data
        assert [cell.value for cell in sheet(content)[4]][:4] == ["Tổng cộng", "=SUM(B2:B3)", "=SUM(C2:C3)", "=SUM(D2:D3)"]
        assert [cell.value for cell in sheet(content, values=True)[4]][:4] == ["Tổng cộng", 4, 1, 5]
        cross = lines(browser.get("/statistics/day.csv?table=cells&by=standing").data)
        assert cross[1:] == [["Chi bộ bản Bon", "1", "1", "2"], ["Chi bộ bản Hé", "1", "2", "3"]]
        people = browser.get("/statistics/day/people?by=sex&group=female&sex=female").text
        assert "Lò Thị Mới" in people
        assert "Hà Văn Kinh" not in people
        export = lines(browser.get("/statistics/day/people.csv?by=ethnicity&group=Kinh&unit=cb-he").data)
        assert [row[0] for row in export[1:]] == ["Hà Văn Kinh"]

    def test_every_figure_of_every_table_opens_as_many_people(self, year, actor_, as_):
        found = day_queries.snapshot(actor_(Role.REPORTING, permission=Permission.REPORTS_READ), day("2026-11-24"))
        browser, opened = as_(Role.REPORTING), 0
        tables = [
            *(figures.dimension_table(found, one) for one in day_queries.Dimension),
            figures.cross_table(found, day_queries.Dimension.AGE),
        ]
        for shown in tables:
            for row, asks in zip(shown.table.rows, shown.asks, strict=True):
                for value, asked in zip(row.cells, asks, strict=True):
                    if asked and value:
                        query = {key: part for key, part in asked.items() if part is not None}
                        rows = lines(browser.get("/statistics/day/people.csv", query_string=query).data)
                        assert len(rows) - 1 == value, (shown.key, row.cells, asked)
                        opened += 1
            for index, asked in enumerate(shown.sums):
                total = sum(row.cells[index] for row in shown.table.rows) if asked else 0
                if asked and total:
                    query = {key: part for key, part in asked.items() if part is not None}
                    assert len(lines(browser.get("/statistics/day/people.csv", query_string=query).data)) - 1 == total
                    opened += 1
        assert opened > 40
        page = browser.get("/statistics/day").text
        assert 'href="/statistics/day/people?on=2026-11-24&amp;by=sex&amp;sex=male"' in page


@pytest.mark.parametrize("page", [*PAGES, *LISTS, "/statistics/movement.csv", "/statistics/admissions.csv", "/statistics/day.csv"])
def test_bad_days_are_refused_with_the_reason(commune, as_, page):
    browser = as_(Role.REPORTING)
    name = "on" if "/day" in page else "to"
    for wrong in ("31/02/2026", "01/01/2030", "99999999999999999999", "01/01/0001"):
        assert browser.get(page, query_string={name: wrong}).status_code == 422, wrong
    if name == "to":
        for first, last in (("2026-05-01", "2026-04-01"), ("2000-01-01", ""), ("1990-01-01", "2026-01-01")):
            answer = browser.get(page, query_string={"from": first, "to": last})
            assert answer.status_code == 422
            assert "kỳ" in answer.text
    if page in PAGES:
        assert 'value="31/02/2026"' in browser.get(page, query_string={name: "31/02/2026"}).text
    assert browser.get(page, query_string={"unit": "no\0such"}).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/statistics/movement.csv?table=x", "/statistics/movement/people?line=x", "/statistics/movement/people?standing=x",
     "/statistics/admissions/people?group=x", "/statistics/admissions/people?by=x", "/statistics/day?by=x", "/statistics/day/people?sex=x",
     "/statistics/day.csv?table=x"],
)  # fmt: skip
def test_what_no_table_has_is_not_there(commune, as_, address):
    assert as_(Role.REPORTING).get(address).status_code == 404


def test_odd_pages_and_groups_are_empty_lists(year, as_):
    browser = as_(Role.REPORTING)
    for query in ("page=99999999999999999999", "page=-3", "by=ethnicity&group=%00", "by=age&group=9999999999999", "by=age&group=x"):
        assert browser.get(f"/statistics/day/people?{query}").status_code == 200


def test_are_closed_to_whoever_takes_no_reports(commune, as_):
    for role in (Role.INSPECTION, Role.MEMBER, Role.ADMINISTRATOR):
        browser = as_(role)
        assert {browser.get(page).status_code for page in (*PAGES, *LISTS, "/statistics/day/people.csv")} == {403}


def test_the_reports_lead_here(commune, as_):
    page = as_(Role.REPORTING).get("/reports").text
    assert all(f'href="{address}"' in page for address in PAGES)
