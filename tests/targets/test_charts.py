"""The charts on the pages of targets, ratings and structure, and as files."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.members import actions as members
from partyreg.members.models import Body, Sex, Standing, Title
from partyreg.ratings import chart_queries as ratings_charts
from partyreg.ratings import queries as ratings
from partyreg.ratings.models import Level
from partyreg.reports import chart_queries as reports_charts
from partyreg.rulebook.admission import Step
from partyreg.targets import chart_queries, queries
from partyreg.targets.structure import composition
from tests import make
from tests.make import ratings as make_ratings
from tests.make.admissions import admission

G, D = Level.GOOD, Level.DONE


@pytest.fixture
def reader(actor_):
    """Who reads the targets of the commune."""
    return actor_(Role.STANDING, permission=Permission.TARGETS_READ)


@pytest.fixture
def rated(commune):
    """Two years of Bon: one of two good in 2024, both in 2025; in 2026 one of three has no level yet."""
    given = [make.member(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "AB"]
    for year, levels in ((2024, (G, D)), (2025, (G, G)), (2026, (G, G))):
        make_ratings.year(number=year)
        make_ratings.levels(unit=commune.bon, number=year, given=dict(zip(given, levels, strict=True)))
    make.member(unit=commune.bon, full_name="Lò Văn C")
    return commune


def drawn(reader, no: str, year: int = 2026, unit=None):
    """The charts of a target's page."""
    measure = queries.measure(reader, no, year, unit=unit)
    return chart_queries.of_target(reader, measure, queries.result(measure), unit)


class TestYears:
    def test_each_year_is_measured_by_the_same_selects_against_its_own_mark(self, rated, reader):
        chart = drawn(reader, "21b")["years"]
        cells = {row.cells[0]: row.cells[1:] for row in chart.table.rows}
        assert list(cells) == ["2021", "2022", "2023", "2024", "2025", "2026"]
        assert cells["2023"] == (None, "85,00 %")
        assert cells["2024"][0].startswith("50,00 %")
        assert cells["2025"][1] == "90,00 %"
        assert cells["2026"] == ("100,00 % (chưa đủ số liệu)", "90,00 %")

    def test_the_last_year_is_what_the_page_says(self, rated, reader):
        for year in (2024, 2025, 2026):
            measure = queries.measure(reader, "21b", year)
            value = queries.result(measure).value
            assert value is not None
            last = drawn(reader, "21b", year)["years"].table.rows[-1].cells
            assert last[0] == str(year)
            assert Decimal(last[1].split(" ")[0].replace(",", ".")) == value

    def test_there_is_none_without_a_figure_or_for_a_term(self, commune, reader):
        assert set(drawn(reader, "21b")) == {"gauge"}
        assert set(drawn(reader, "term_admissions", 2025)) == {"gauge"}

    def test_an_unknown_figure_is_a_gap_and_no_zero(self, commune, reader):
        make.member(unit=commune.bon)
        assert set(drawn(reader, "21e")) == {"gauge"}

    def test_a_year_before_the_register_has_no_point(self, rated, reader):
        assert {row.cells[1] for row in drawn(reader, "21b")["years"].table.rows[:3]} == {None}

    def test_statements_do_not_grow_with_members(self, rated, reader, counting):
        def taken() -> int:
            measure = queries.measure(reader, "21b", 2026)
            result = queries.result(measure)
            with counting() as count:
                chart_queries.over_the_years(reader, measure, result)
            return len(count)

        few = taken()
        assert few == 1
        for n in range(10):
            make.member(unit=rated.he, full_name=f"Quàng Văn {n}")
        assert taken() == few


class TestPace:
    @pytest.fixture
    def admitted(self, commune):
        """Admissions in January, March and March of 2026 in Bon, one in He."""
        for unit, month in ((commune.bon, 1), (commune.bon, 3), (commune.bon, 3), (commune.he, 5)):
            day = dt.date(2026, month, 10)
            make.member(unit=unit, standing=Standing.PROBATIONARY, decided_on=day, ceremony_on=day + dt.timedelta(days=10))
        return commune

    def test_months_add_up_to_the_part(self, admitted, reader):
        chart = drawn(reader, "22")["pace"]
        cells = [row.cells for row in chart.table.rows]
        assert [one[2] for one in cells[:11]] == [1, 1, 3, 3, 4, 4, 4, 4, 4, 4, 4]
        assert cells[11][1:3] == (None, None)
        assert cells[11][-1] == 1
        assert "hôm nay, 24/11" in chart.svg

    def test_a_year_that_is_over_has_all_months_and_no_today(self, admitted, reader):
        chart = drawn(reader, "22", 2025)["pace"]
        assert [row.cells[1] for row in chart.table.rows] == [0] * 12
        assert "hôm nay" not in chart.svg

    def test_a_secretary_sees_the_pace_of_her_cell(self, admitted, actor_):
        own = actor_(Role.SECRETARY, admitted.he, Permission.TARGETS_READ)
        assert drawn(own, "22")["pace"].text.startswith("Đến tháng 11/2026 đã kết nạp 1 người")

    def test_files_that_come_in_time_stand_on_top(self, admitted, as_):
        admission(unit=admitted.bon, full_name="Lò Thị Ngay", step=Step.DECIDING)
        page = as_(Role.STANDING).get("/targets/22").text
        assert "Hồ sơ kịp quyết định" in page
        assert "Tính cả hồ sơ kịp quyết định: 5 người." in page

    def test_other_targets_have_none(self, admitted, reader):
        assert "pace" not in drawn(reader, "21b")


class TestPages:
    def test_every_target_has_its_gauge_with_words_and_table(self, rated, as_):
        page = as_(Role.STANDING).get("/targets").text
        for no in ("21a", "21b", "21c", "21d", "21e", "22", "23a", "23b", "24a", "25a", "25b"):
            assert f'id="gauge-{no}"' in page
        assert page.count("<svg xmlns") == page.count("Bảng số liệu") == 11
        assert "mức ≥ 90,00 %" in page
        assert "2/2 = 100,00 %" in page

    def test_a_target_shows_its_years_and_offers_them_as_files(self, rated, as_):
        page = as_(Role.STANDING).get("/targets/21b?unit=cb-bon").text
        assert 'id="years-21b"' in page
        assert 'href="/targets/21b/chart.png?what=years&amp;year=2026&amp;unit=cb-bon"' in page
        assert page.count("<svg xmlns") == 3  # the gauge, and the years wide and narrow

    def test_a_bad_question_has_no_charts_and_no_fault(self, rated, as_):
        answer = as_(Role.STANDING).get("/targets?year=abc")
        assert answer.status_code == 422
        assert "<svg xmlns" not in answer.text

    def test_ratings_show_the_levels_by_cell(self, rated, as_):
        page = as_(Role.STANDING).get("/ratings/2025").text
        assert 'id="levels"' in page
        assert "Không hoặc chưa xếp loại" in page

    def test_names_on_a_page_are_escaped(self, commune, as_):
        make.unit(code="cb-la", name="Chi bộ <b>lạ</b> & “khác”", parent=commune.root)
        page = as_(Role.STANDING).get("/ratings/2026").text
        assert "&lt;b&gt;lạ&lt;/b&gt; &amp;" in page
        assert "<b>lạ" not in page

    def test_levels_count_everybody_once(self, rated, actor_):
        cells = ratings.progress(actor_(Role.STANDING, permission=Permission.RATINGS_READ), 2026)
        chart = ratings_charts.by_cell(2026, cells)
        assert {row.cells[0]: row.cells[1:] for row in chart.table.rows} == {
            "Chi bộ bản Bon": (0, 2, 0, 0, 1), "Chi bộ bản Hé": (0, 0, 0, 0, 0),
        }  # fmt: skip


class TestStructure:
    def test_the_pyramid_counts_each_age_group_by_sex(self, commune, reader, as_):
        day = dt.date(2026, 8, 1)
        for sex, year in ((Sex.FEMALE, 1990), (Sex.MALE, 1990), (Sex.MALE, 1980), (Sex.FEMALE, 1970)):
            person = make.person(unit=commune.bon, sex=sex, born_on=dt.date(year, 5, 20))
            members.appoint(access.system("test"), person, unit=commune.root, body=Body.EXECUTIVE, title=Title.MEMBER, on=day)
        found = composition(reader, on=day)
        assert found.total == 4
        chart = reports_charts.ages(found)
        assert chart is not None
        assert [sum(row.cells[1:]) for row in chart.table.rows] == [share.count for _least, _below, share in found.age_groups]
        assert [row.cells[1:] for row in chart.table.rows] == [(1, 1), (1, 0), (0, 1)]
        assert 'id="ages"' in as_(Role.STANDING).get("/reports/structure?body=executive&on=01/08/2026").text

    def test_there_is_none_of_nobody_or_before_the_law(self, commune, reader):
        assert reports_charts.ages(composition(reader)) is None
        assert reports_charts.ages(composition(reader, on=dt.date(1990, 1, 1))) is None


class TestFiles:
    def test_a_chart_is_a_drawing_or_a_picture(self, rated, as_):
        browser = as_(Role.STANDING)
        svg = browser.get("/targets/21b/chart.svg?what=years")
        assert svg.mimetype == "image/svg+xml"
        assert 'filename="21b-2026-11-24-years.svg"' in svg.headers["Content-Disposition"]
        assert ElementTree.fromstring(svg.data).tag.endswith("svg")  # noqa: S314 - our own drawing
        png = browser.get("/targets/21b/chart.png")
        assert png.mimetype == "image/png"
        assert png.data.startswith(b"\x89PNG")

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("21b/chart.svg?what=pace", 404), ("21b/chart.svg?what=%00", 404), ("99/chart.svg", 404), ("21b/chart.pdf", 404),
            ("21b/chart.svg?year=abc", 422), ("21b/chart.svg?year=2099", 422), ("21b/chart.svg?unit=cb-khong", 404),
            ("21b/chart.svg?year=99999999999999999999", 422),
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_refused(self, rated, as_, address, status):
        assert as_(Role.STANDING).get(f"/targets/{address}").status_code == status

    def test_rights_are_those_of_the_page(self, rated, as_):
        for role in (Role.MEMBER, Role.ADMINISTRATOR):
            assert as_(role).get("/targets/21b/chart.svg").status_code == 403
        secretary = as_(Role.SECRETARY, rated.he)
        assert secretary.get("/targets/21b/chart.svg?unit=cb-bon").status_code == 404
        assert secretary.get("/targets/21b/chart.svg?what=years").status_code == 404  # her cell has no figure
        assert not re.search("Lò Văn", secretary.get("/targets/21b/chart.svg").text)
