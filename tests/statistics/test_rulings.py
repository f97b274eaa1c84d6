"""The disciplines of a period: figures that agree with the yearly ones, with their lists, and are told only by right."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.discipline import actions, effect_queries, ruling_actions
from partyreg.discipline.models import Source
from partyreg.org import actions as org
from partyreg.org.former_queries import Part
from partyreg.reports import pack_guarded_queries as pack
from partyreg.rulebook.discipline import Content, Decider, Form
from partyreg.rulebook.discipline_time import Result
from partyreg.statistics import ruling_queries, ruling_tables
from partyreg.statistics.ruling_queries import Asked
from tests import make
from tests.make.discipline import KEEPER, case, published
from tests.make.org import former

READER = access.system("test").using(Permission.DISCIPLINE_READ)
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2026, 11, 24)
PERIOD = "from=01/01/2025&to=24/11/2026"


@pytest.fixture
def two_years(commune):
    """Of 2026: a member's reprimand of two contents, an expulsion, an organisation's warning, one annulled; of 2025: a warning."""
    her = make.member(unit=commune.bon, full_name="Lò Thị Đành")
    open_ = case(member=her, body=Decider.CELL)
    actions.add_act(KEEPER, open_, open_.version, dt.date(2026, 4, 1), Content.ETHICS)
    published(open_)
    away = make.unit(parent=commune.root, code="cb-xa")
    published(case(member=make.member(unit=away, full_name="Lò Văn Khai"), content=Content.CORRUPTION), Form.EXPULSION)
    published(case(organisation=commune.he), Form.WARNING)
    wrong = published(case(member=make.member(unit=commune.he, full_name="Hà Văn Oan")))
    ruling_actions.lodge_appeal(KEEPER, wrong, wrong.version, dt.date(2026, 7, 1))
    ruling_actions.settle_appeal(KEEPER, wrong, wrong.version, result=Result.ANNULLED, number="1", published_on=dt.date(2026, 8, 1))
    actions.enter_decided(
        KEEPER, member=make.member(unit=commune.he, full_name="Hà Văn Cũ"), source=Source.OTHER, acted_on=dt.date(2025, 3, 1),
        content=Content.LAND, body=Decider.SUPERIOR, form=Form.WARNING, issuer="Ban Thường vụ", number="3-QĐ/ĐU",
        signed_on=dt.date(2025, 6, 1), published_on=dt.date(2025, 6, 2), delivered_on=dt.date(2025, 6, 3),
    )  # fmt: skip
    case(member=make.member(unit=commune.he, full_name="Hà Văn Đang"))
    db.session.commit()
    return commune


def tables(place=None):
    found = ruling_queries.rulings(READER, FIRST, LAST, place)
    return found, {shown.key: shown for shown in ruling_tables.tables(found)}


def rows(shown) -> dict[str, tuple[int, ...]]:
    return {row.cells[0]: tuple(row.cells[1:]) for row in shown.table.rows}


def test_form_by_content_year_and_body(two_years):
    found, told = tables()
    assert [column.key for column in told["members"].table.columns] == [
        "content", "reprimand", "warning", "removal_from_office", "expulsion", "total",
    ]  # fmt: skip
    once = "Số quyết định, mỗi quyết định tính một lần"
    members = rows(told["members"])
    assert sorted(members.values()) == sorted([(1, 0, 0, 0, 1), (1, 0, 0, 0, 1), (0, 0, 0, 1, 1), (0, 1, 0, 0, 1), (1, 1, 0, 1, 3)])
    assert members[once] == (1, 1, 0, 1, 3) and rows(told["organisations"])[once] == (0, 1, 0, 1)
    assert rows(told["years"]) == {"2025": (1, 0, 0, 0, 1), "2026": (2, 1, 1, 0, 3), "Cả kỳ": (3, 1, 1, 0, 4)}
    bodies = rows(told["bodies"])
    assert bodies["Cả kỳ"] == tuple(sum(line) for line in zip(*(line for key, line in bodies.items() if key != "Cả kỳ"), strict=True))
    assert [one.case_id for one in found.found] == [one.case_id for one in found.those(Asked())]


def test_the_totals_are_those_of_the_yearly_numbers(two_years):
    found, _told = tables()
    for year in (2025, 2026):
        yearly = effect_queries.figures(READER, dt.date(year, 1, 1), min(dt.date(year, 12, 31), LAST))
        assert found.number(Asked(year=year)) == yearly.total
        for form in Form:
            assert found.number(Asked(False, form, year=year)) == yearly.members.get(form, 0)
            assert found.number(Asked(True, form, year=year)) == yearly.organisations.get(form, 0)
        for content in Content:
            assert found.number(Asked(content=content, year=year)) == yearly.contents.get(content, 0)
        for body in Decider:
            assert found.number(Asked(body=body, year=year)) == yearly.bodies.get(body, 0)


def test_every_figure_opens_exactly_the_decisions_that_it_counts(two_years, as_):
    browser = as_(Role.STANDING)
    _found, told = tables()
    for shown in told.values():
        for row, asks in zip(shown.table.rows, shown.asks, strict=True):
            for number, ask in zip(row.cells[1:], asks[1:], strict=True):
                text = browser.get(
                    "/statistics/discipline/cases",
                    query_string={
                        "from": "01/01/2025",
                        "to": "24/11/2026",
                        **{key: value for key, value in ask.items() if value is not None},
                    },
                ).text
                assert len(re.findall(r'href="/discipline/[0-9]+"', text)) == number, (row.cells[0], ask)


def test_the_page_its_files_and_its_lists(two_years, as_):
    browser = as_(Role.INSPECTION)
    page = browser.get(f"/statistics/discipline?{PERIOD}").text
    assert "Lò Thị Đành" not in page and "Trong đó khai trừ" in page and "/statistics/admissions" not in page
    assert 'href="/statistics/discipline/cases?from=2025-01-01' in page
    assert 'href="/statistics/discipline/cases?from=2025-01-01&amp;to=2026-11-24"' in page
    assert "/statistics/discipline?from=" in browser.get("/discipline/figures").text
    entries = sa.select(sa.func.count()).where(AuditEntry.deed == "discipline.read_list")
    assert db.session.scalar(entries) == 0
    told = browser.get(f"/statistics/discipline/cases?{PERIOD}&form=expulsion&who=members&year=2026").text
    assert "Lò Văn Khai" in told and "Lò Thị Đành" not in told and db.session.scalar(entries) == 1
    told = browser.get(f"/statistics/discipline/cases?{PERIOD}&who=organisations").text
    assert "Chi bộ bản Hé" in told and "Lò Văn Khai" not in told
    assert "Không có quyết định nào" in browser.get(f"/statistics/discipline/cases?{PERIOD}&body=committee").text
    assert db.session.scalar(entries) == 2
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/statistics/discipline.xlsx?{PERIOD}&table=years").data)).active
    assert [cell.value for cell in book[4]] == ["Cả kỳ", 3, 1, 1, 0, 4]
    assert "Lò" not in browser.get(f"/statistics/discipline.csv?{PERIOD}").text
    assert "Theo hình thức và nội dung" in browser.get("/discipline/figures").text
    assert "/statistics/discipline" in as_(Role.STANDING).get("/statistics").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("form=x", 404), ("content=x", 404), ("body=x", 404), ("who=x", 404), ("year=x", 200), ("year=9" + "9" * 400, 200),
        ("former=x", 404), ("unit=x", 404), ("from=31/02/2026", 422), ("from=01/02/2026&to=01/01/2026", 422),
    ],
)  # fmt: skip
def test_odd_questions(two_years, as_, query, status):
    browser = as_(Role.STANDING)
    assert browser.get(f"/statistics/discipline/cases?{query}").status_code == status
    if status == 422:
        assert browser.get(f"/statistics/discipline?{query}").status_code == 422
        assert browser.get(f"/statistics/discipline.csv?{query}").status_code == 422
    assert browser.get("/statistics/discipline.csv?table=x").status_code == 404


@pytest.mark.parametrize("role", [Role.ORGANISATION, Role.REPORTING, Role.ADMINISTRATOR, Role.MEMBER])
def test_whoever_may_see_no_case_counts_none(two_years, as_, role):
    browser = as_(role)
    for address in ("", ".csv", ".xlsx", "/cases"):
        assert browser.get(f"/statistics/discipline{address}").status_code == 403
    if role in (Role.ORGANISATION, Role.REPORTING):
        assert "/statistics/discipline" not in browser.get("/statistics").text


def test_each_counts_what_she_may_see(two_years, actor_, commune):
    def total(role, unit=None, member_id=None):
        actor = actor_(role, unit, Permission.DISCIPLINE_READ, member_id=member_id)
        return ruling_queries.rulings(actor, FIRST, LAST).number(Asked())

    found = ruling_queries.rulings(READER, FIRST, LAST)
    named = ruling_queries.named(READER, list(found.found))
    assert {one.name for one in named} == {"Lò Thị Đành", "Lò Văn Khai", "Hà Văn Cũ", "Chi bộ bản Hé"}
    assert (total(Role.STANDING), total(Role.SECRETARY, commune.bon), total(Role.SECRETARY, commune.he)) == (4, 1, 0)
    her = db.session.scalar(sa.select(make.members.Person.id).where(make.members.Person.full_name == "Lò Thị Đành"))
    assert total(Role.STANDING, member_id=her) == 3
    blind = actor_(Role.SECRETARY, commune.he, Permission.DISCIPLINE_READ)
    assert ruling_queries.named(blind, list(found.found)) == []


def test_of_a_former_commune_and_of_a_cell(two_years, commune):
    old = former(commune.root, "xa-lanh")
    org.record_descent(access.system("test"), commune.bon, old, dt.date(2025, 7, 1))
    numbers = [tables(place)[0].number(Asked()) for place in (None, Part(old), Part(None), commune.bon, commune.he)]
    assert numbers == [4, 1, 3, 1, 2]


def test_the_pack_tells_content_by_form(two_years, commune):
    section = pack.punished(READER, 2026, LAST, commune.root)
    contents = section.tables[1]
    assert "nội dung vi phạm" in contents.title and contents.rows[-1].cells[1:] == (
        "Số quyết định, mỗi quyết định tính một lần", 1, 1, 0, 1, 0, 3,
    )  # fmt: skip
    assert [line.value for line in section.lines] == [2, 1]
    assert len(pack.punished(READER, 2024, dt.date(2024, 12, 31), commune.root).tables) == 1


def test_the_questions_do_not_grow(two_years, commune, counting):
    def asked() -> int:
        db.session.commit()
        with counting() as count:
            found = ruling_queries.rulings(READER, FIRST, LAST)
            ruling_queries.named(READER, list(found.found))
        return len(count)

    few = asked()
    for number in range(4):
        published(case(member=make.member(unit=commune.he, full_name=f"Lò Văn {number}")))
    assert asked() == few == 3
