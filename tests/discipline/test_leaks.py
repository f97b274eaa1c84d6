"""Whoever has no right learns nothing: with and without a case, whole answers are the same - pages, searches, exports, the feed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg import clock, web
from partyreg.access import Permission, Role
from partyreg.accounts import actions as accounts
from partyreg.accounts.models import User
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.discipline import actions, ruling_actions
from partyreg.discipline import queries as cases
from partyreg.members import actions as members
from partyreg.members.models import Person
from partyreg.reports import queries as reports
from partyreg.rulebook.discipline import Decider, Form
from tests import make
from tests.house import test_rights as doors
from tests.make.accounts import user
from tests.make.discipline import KEEPER, case, published
from tests.make.meetings import meeting
from tests.make.ratings import levels

#: Who sees nothing of a case that the commune's bodies deal with, and over which unit.
BLIND = [
    (Role.ADMINISTRATOR, "root"), (Role.ORGANISATION, "root"), (Role.REPORTING, "root"), (Role.SECRETARY, "bon"), (Role.SECRETARY, "he"),
    (Role.MEMBER, "bon"), (Role.ORGANISATION, "bon"), (Role.INSPECTION, "he"), (Role.STANDING, "he"),
]  # fmt: skip
#: The token of a form, and the key of a form that was not sent yet: other on every page.
_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: The number of no case.
_NOBODYS = 999_999
#: A row of every kind, for every address there is.
sample = doors.sample


@pytest.fixture(autouse=True)
def _pages_are_checked_elsewhere(monkeypatch):
    """The test of rights looks over every page of every role; here they are only compared."""
    monkeypatch.setattr("tests.conftest.check_page", lambda _text: None)


@pytest.fixture
def place(commune, sample) -> SimpleNamespace:
    """A cell with a life: the one concerned, somebody else, a meeting, ratings."""
    her = make.member(unit=commune.bon, full_name="Quàng Thị Lặng")
    other = make.member(unit=commune.bon, full_name="Quàng Văn Sáng")
    log = meeting(unit=commune.bon, chair_id=other.id, held_on=dt.date(2026, 10, 6))
    db.session.commit()
    return SimpleNamespace(**vars(commune), her=her, other=other, log=log, sample=sample)


def addresses(app: Any, place: Any) -> Iterator[str]:
    """Every address that answers a GET, filled for the one concerned and her cell, and searches for her by name.

    A door that is new is among them by itself, and one whose parameters have no sample fails in the test of the doors.
    """
    given = {**place.sample.own, "member_id": place.her.id, "meeting_id": place.log.id, "case_id": _NOBODYS}
    for name, kinds in (("ending", ("csv", "xlsx")), ("name", tuple(reports.REPORTS))):
        for kind in kinds:
            yield from (address for _end, address, _names in doors.addresses(app, "GET", {**given, name: kind}))
    yield from (f"/members?q={word}" for word in ("Quàng", "Lặng"))
    yield from ("/members/export.csv?standing=left", "/members?standing=left", "/audit?deed=discipline.open_case")
    yield from ("/audit?who=Quàng", "/discipline?q=Lặng", "/meetings?unit=cb-bon", f"/discipline/of/{place.other.id}")


def answers(app: Any, browser: Any, place: Any, *, again: bool = False) -> dict[str, tuple[int, Any]]:
    """What every address answers, whole: without the tokens of its forms, and of a workbook or a Word file what stands in it.

    What is refused on the way leaves its own line in the audit: so that is read last the first time, and first the second time.
    """
    found: dict[str, tuple[int, Any]] = {}
    for address in sorted(dict.fromkeys(addresses(app, place)), key=lambda one: one.startswith("/audit") is not again):
        response = browser.get(address)
        body: Any = response.data
        if zipfile.is_zipfile(io.BytesIO(body)):
            files = zipfile.ZipFile(io.BytesIO(body))
            body = {name: files.read(name) for name in files.namelist() if name != "docProps/core.xml"}  # the moment of its making
        elif response.mimetype != "application/pdf":
            body = _TOKEN.sub("", response.get_data(as_text=True))
        found[address] = (response.status_code, body)
    return found


def on_her(place: Any, body: Decider = Decider.STANDING) -> Any:
    made = case(member=place.her, body=body)
    db.session.commit()
    return made


@pytest.mark.parametrize(("role", "over"), BLIND, ids=[f"{role}-{over}" for role, over in BLIND])
def test_with_and_without_a_case_the_answers_are_the_same(app, as_, place, role, over):
    browser = as_(role, getattr(place, over), person_id=place.other.id)
    before = answers(app, browser, place)
    made = on_her(place)
    after = answers(app, browser, place, again=True)
    assert [address for address in before if before[address] != after[address]] == []
    assert len(before) > 80
    assert browser.get(f"/discipline/{made.id}").status_code in (403, 404)
    assert browser.post(f"/discipline/{made.id}/hear").status_code in (403, 404)
    assert "Lặng" not in browser.get("/discipline").text


@pytest.mark.parametrize(("role", "over"), [(Role.ORGANISATION, "root"), (Role.SECRETARY, "bon"), (Role.REPORTING, "root")])
def test_with_and_without_a_discipline_the_answers_are_the_same(app, as_, place, role, over):
    """Signed, published, delivered, appealed against: a reprimand changes nothing that others see."""
    browser = as_(role, getattr(place, over), person_id=place.other.id)
    before = answers(app, browser, place)
    made = published(on_her(place))
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2026, 7, 1))
    db.session.commit()
    after = answers(app, browser, place, again=True)
    assert [address for address in before if before[address] != after[address]] == []


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.MEMBER])
def test_the_one_concerned_learns_nothing_of_an_open_case(app, as_, place, role):
    """Nor the secretary who is concerned herself, though her cell deals with it."""
    browser = as_(role, place.bon, person_id=place.her.id)
    before = answers(app, browser, place)
    made = on_her(place, Decider.CELL)
    after = answers(app, browser, place, again=True)
    assert [address for address in before if before[address] != after[address]] == []
    assert browser.get(f"/discipline/{made.id}").status_code in (403, 404)


def test_an_inspector_who_is_concerned_herself_sees_nothing(app, as_, place):
    browser = as_(Role.INSPECTION, person_id=place.her.id)
    before = answers(app, browser, place)
    made = on_her(place)
    after = answers(app, browser, place, again=True)
    assert [address for address in before if before[address] != after[address]] == []
    assert browser.get(f"/discipline/{made.id}").status_code == 404


@pytest.mark.parametrize(("role", "over", "body"), [
    (Role.INSPECTION, "root", Decider.STANDING), (Role.STANDING, "root", Decider.CELL), (Role.SECRETARY, "bon", Decider.CELL),
])  # fmt: skip
def test_whoever_has_the_right_sees_it_in_the_area_and_nowhere_else(app, as_, place, role, over, body):
    browser = as_(role, getattr(place, over), person_id=place.other.id)
    before = answers(app, browser, place)
    made = on_her(place, body)
    after = answers(app, browser, place, again=True)
    changed = {address for address in before if before[address] != after[address]}
    assert changed and all(address.startswith("/discipline") for address in changed)
    assert "Quàng Thị Lặng" in browser.get("/discipline").text
    assert "Quàng Thị Lặng" in browser.get(f"/discipline/{made.id}").text


def test_another_cells_secretary_sees_no_case_of_a_cell(as_, place):
    made = on_her(place, Decider.CELL)
    assert as_(Role.SECRETARY, place.he).get(f"/discipline/{made.id}").status_code == 404


def test_the_audit_of_others_runs_on_without_a_gap(as_, place):
    """The numbers of later entries do not tell that something is hidden between them."""
    office = as_(Role.ORGANISATION)
    published(case(member=place.her))
    person = db.session.get_one(Person, place.other.id)
    members.edit_person(KEEPER, person, person.version, occupation="Nông dân")
    page = office.get("/audit").text
    numbers = [int(number) for number in re.findall(r"mục (\d+)", page)]
    assert numbers == list(range(numbers[0], numbers[0] - len(numbers), -1)) and "kỷ luật" not in page.lower()
    assert "discipline" not in page
    history = office.get(f"/members/{place.other.id}").text
    assert f"mục {numbers[0]} " in history or f"mục {numbers[0]}<" in history or f"mục {numbers[0]}\n" in history


def test_a_refused_deed_of_discipline_is_not_told_either(as_, place):
    made = on_her(place)
    typed = {"conclude-on": "12/06/2026", "conclude-version": "1"}
    assert as_(Role.INSPECTION).post(f"/discipline/{made.id}/conclude", data=typed).status_code == 422
    page = as_(Role.ADMINISTRATOR).get("/audit").text
    assert "discipline" not in page and "kỷ luật" not in page.lower()


def test_the_audit_page_is_whole_for_whoever_may_read_every_case(app, place, actor_):
    from partyreg.office import queries

    on_her(place)
    everything = KEEPER.using(Permission.AUDIT_READ)
    assert "discipline.open_case" in queries.deeds(everything)
    assert "discipline.open_case" in {entry.deed for entry in queries.audit_page(everything)}
    both = actor_(Role.SECRETARY, place.bon, Permission.AUDIT_READ)  # a cell's right is not enough
    assert "discipline.open_case" not in queries.deeds(both)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ORGANISATION, Role.INSPECTION])
def test_the_calendar_says_nothing(app, client, place, role):
    owner = user(role=role, unit=place.root if role is not Role.SECRETARY else place.bon, person_id=place.other.id)
    feed = accounts.make_feed(dataclasses.replace(KEEPER, user_id=owner.id), db.session.get_one(User, owner.id))
    db.session.commit()
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        address = adapter.build("office.calendar", {"secret": feed})
    before = client.get(address)
    on_her(place)
    after = client.get(address)
    assert before.status_code == after.status_code == 200 and before.data == after.data


# -- the person concerned ---------------------------------------------------------------------------------------------


def test_her_own_page_shows_her_decision_and_only_that(as_, place):
    made = published(case(member=place.her, paper="88-BC/UBKT"), Form.WARNING)
    db.session.commit()
    page = as_(Role.MEMBER, place.bon, person_id=place.her.id).get("/me").text
    assert "Quyết định kỷ luật của tôi" in page and "12-QĐ/ĐU" in page and "Cảnh cáo" in page and "12/06/2027" in page
    assert "88-BC/UBKT" not in page and "Thiếu trách nhiệm" not in page
    assert "Quyết định kỷ luật" not in as_(Role.MEMBER, place.bon, person_id=place.other.id).get("/me").text
    for role in (Role.ORGANISATION, Role.REPORTING, Role.INSPECTION):
        assert "Quyết định kỷ luật" not in as_(role).get(f"/members/{place.her.id}").text
    assert as_(Role.MEMBER, place.bon, person_id=place.her.id).get(f"/discipline/{made.id}").status_code == 403


def test_after_the_lapse_the_bodies_see_it_marked(app, as_, place):
    published(case(member=place.her))
    db.session.commit()
    with clock.freeze(dt.date(2027, 6, 12)):
        assert "Đã hết hiệu lực" in as_(Role.INSPECTION).get("/discipline").text
        assert as_(Role.ORGANISATION).get("/discipline").status_code == 403


# -- readings ---------------------------------------------------------------------------------------------------------


def test_every_reading_of_a_case_is_on_record(app, as_, place):
    made = on_her(place)
    browser = as_(Role.INSPECTION, name="Hà Thị Kiểm")
    browser.get(f"/discipline/{made.id}")
    browser.get(f"/discipline/{made.id}")
    page = as_(Role.STANDING, name="Lò Văn Thường").get(f"/discipline/{made.id}").text
    assert page.count("Hà Thị Kiểm") >= 2 and "Lò Văn Thường" in page
    assert web.needs_of(app)["discipline.show"] is Permission.DISCIPLINE_READ


def test_a_reading_that_is_not_allowed_leaves_nothing(as_, place):
    made = on_her(place)
    as_(Role.ORGANISATION).get(f"/discipline/{made.id}")
    as_(Role.SECRETARY, place.bon).get(f"/discipline/{made.id}")
    assert cases.readings(made) == []
    actions.read_case(KEEPER, made)
    assert len(cases.readings(made)) == 1


def test_ratings_and_levels_know_nothing_of_it(place, as_):
    from partyreg.ratings.models import Level

    levels(unit=place.bon, given={place.her: Level.GOOD})
    db.session.commit()
    before = as_(Role.ORGANISATION, name="Một").get("/ratings/2026").text
    on_her(place)
    assert _TOKEN.sub("", before) == _TOKEN.sub("", as_(Role.ORGANISATION, name="Một").get("/ratings/2026").text)


@pytest.mark.parametrize("address", ["/members", "/members/export.xlsx"])
def test_a_leak_would_be_found(app, as_, place, monkeypatch, address):
    """Shown once to fail: a page, and a workbook, that tell how many cases there are."""
    from partyreg.discipline.models import DisciplineCase

    told = {"/members": "members.index", "/members/export.xlsx": "members.export"}[address]
    shown = app.view_functions[told]

    def leaking(**given: Any) -> Any:
        response = app.make_response(shown(**given))
        number = db.session.query(DisciplineCase).count()
        if response.mimetype == "text/html":
            response.set_data(response.get_data().replace(b"</main>", str(number).encode() + b"</main>"))
        else:
            book = zipfile.ZipFile(kept := io.BytesIO(response.get_data()), "a")
            book.writestr("xl/cases", str(number))
            book.close()
            response.direct_passthrough = False
            response.set_data(kept.getvalue())
        return response

    monkeypatch.setitem(app.view_functions, told, leaking)
    browser = as_(Role.ORGANISATION)
    before = answers(app, browser, place)
    on_her(place)
    after = answers(app, browser, place, again=True)
    assert address in [address for address in before if before[address] != after[address]]


def test_what_is_shown_of_a_member_is_on_record(as_, place):
    made = on_her(place)
    browser = as_(Role.STANDING, name="Lò Văn Thường")
    page = browser.get(f"/discipline/of/{place.her.id}").text
    assert "chưa bổ nhiệm" in page and f"/discipline/{made.id}" in page
    assert [one.reader for one in cases.readings(made)] == ["Lò Văn Thường"]
    assert "Không có vụ việc nào" in browser.get(f"/discipline/of/{place.other.id}").text
    assert f"/discipline/of/{place.her.id}" in browser.get(f"/members/{place.her.id}").text
    assert f"/discipline/of/{place.her.id}" not in as_(Role.ORGANISATION).get(f"/members/{place.her.id}").text


def test_nobody_is_shown_her_own_cases(as_, place):
    on_her(place)
    assert as_(Role.INSPECTION, person_id=place.her.id).get(f"/discipline/of/{place.her.id}").status_code == 404
    assert as_(Role.SECRETARY, place.he).get(f"/discipline/of/{place.her.id}").status_code == 404


def test_looking_through_the_cases_is_on_record(as_, place):
    on_her(place)
    browser = as_(Role.INSPECTION, name="Hà Thị Kiểm")
    browser.get("/discipline")
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.deed == "discipline.read_list")).all()
    assert [entry.actor for entry in told] == ["Hà Thị Kiểm"]
    as_(Role.SECRETARY, place.he, name="Lò Thị Bí").get("/discipline?q=khong-co")
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.deed == "discipline.read_list")) == 1
