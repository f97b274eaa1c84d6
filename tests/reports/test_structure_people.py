"""Every figure of a committee's structure opens exactly those whom it counts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import openpyxl
import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Qualification, Sex, Theory, Title
from partyreg.reports import queries
from partyreg.targets import structure
from tests import make

SYSTEM = access.system("test")


@pytest.fixture
def committee(commune):
    """Nine of the commune's committee of all kinds, one of them no member; a cell's secretary."""
    for n in range(9):
        facts = {
            "full_name": f"Lò Văn {chr(65 + n)}", "sex": Sex.FEMALE if n % 3 == 0 else Sex.MALE,
            "born_on": dt.date(1964 + 4 * n, 7, 31), "ethnicity": ("Kinh", "Thái", "Mông")[n % 3],
            "qualification": list(Qualification)[n % len(Qualification)], "theory": list(Theory)[n % len(Theory)],
        }  # fmt: skip
        unit = commune.bon if n % 2 else commune.he
        person = db.session.get_one(Person, make.member(unit=unit, **facts).id) if n else make.person(unit=unit, **facts)
        members.appoint(SYSTEM, person, unit=commune.root, body=Body.EXECUTIVE, title=Title.MEMBER, on=dt.date(2025, 7, 1))
        if n == 1:
            members.appoint(SYSTEM, person, unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2025, 7, 1))
    return commune


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]


def test_every_figure_counts_those_whom_it_lists(committee, actor_):
    found = structure.composition(actor_(Role.STANDING, permission=Permission.MEMBERS_READ))
    told = queries.composition_lines(found)
    assert found.total == len(found.members(structure.ALL)) == 9 and len(told) > 12
    for one in told:
        assert one.share.count == len(found.members(one.group)) and one.share.of == found.total, one
    assert sum(share.count for _least, _below, share in found.age_groups) == sum(share.count for share in found.ethnicity.values()) == 9
    assert found.women_by_age == tuple(
        sum("women" in one.groups for one in found.members(f"age_{least}")) for least, _below, _share in found.age_groups
    )  # fmt: skip
    assert [one.name for one in found.people if not one.is_open] == ["Lò Văn A"]


def test_the_page_opens_each_figure_and_the_file_holds_the_same(committee, as_):
    browser = as_(Role.STANDING)
    page = browser.get("/reports/structure").text
    links = re.findall(r'href="(/reports/structure/people\?group=[^"]+)">([0-9]+)<', page)
    assert len(links) > 24
    for address, number in links:
        plain = address.replace("&amp;", "&")
        listed = browser.get(plain).text
        assert f"{number} người" in listed and "/reports/structure?unit=muong-chien" in listed
        assert len(rows(browser.get(plain.replace("/people?", "/people.csv?")).data)) == int(number), address
    women = browser.get("/reports/structure/people?group=women").text
    assert "Giới tính: Nữ" in women and "Lò Văn D" in women and "Lò Văn B" not in women
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/reports/structure/people.xlsx?group=ethnicity_Kinh").data)).active
    assert [book.cell(line, 1).value for line in (2, 3, 4)] == ["Lò Văn A", "Lò Văn D", "Lò Văn G"]
    assert len(rows(browser.get("/reports/structure/people.csv").data)) == 9


def test_by_right(committee, as_):
    secretary = as_(Role.SECRETARY, committee.bon)
    own = secretary.get("/reports/structure/people?unit=cb-bon&group=all").text
    assert "Lò Văn B" in own and "Lò Văn A" not in own
    assert secretary.get("/reports/structure/people?unit=cb-he").status_code == 404
    for role in (Role.INSPECTION, Role.MEMBER, Role.ADMINISTRATOR):
        assert as_(role).get("/reports/structure/people").status_code == 403
        assert as_(role).get("/reports/structure/people.csv").status_code == 403


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("group=x", 404), ("group=ethnicity_Dao", 404), ("group=theory_x", 404), ("group=" + "9" * 400, 404), ("group=%00", 404),
        ("on=31/02/2026", 422), ("body=choir", 422), ("page=99999999999999999999", 200), ("page=x", 200), ("group=", 200),
    ],
)  # fmt: skip
def test_odd_questions(committee, as_, query, status):
    assert as_(Role.STANDING).get(f"/reports/structure/people?{query}").status_code == status


def test_nobody(commune, as_):
    browser = as_(Role.STANDING)
    assert "Không có ai đứng sau con số này" in browser.get("/reports/structure/people?group=women").text


def test_the_questions_do_not_grow(committee, actor_, counting):
    reader = actor_(Role.STANDING, permission=Permission.MEMBERS_READ)

    def asked() -> int:
        with counting() as count:
            structure.composition(reader)
        return len(count)

    few = asked()
    for n in range(5):
        person = make.person(unit=committee.bon, full_name=f"Quàng Văn {n}")
        members.appoint(SYSTEM, person, unit=committee.root, body=Body.EXECUTIVE, title=Title.MEMBER, on=dt.date(2025, 7, 1))
    assert asked() == few
