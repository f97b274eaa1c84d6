"""The office's pages: home, unit, member, own record, law, rights, audit."""

import datetime as dt

import pytest

from partyreg import access
from partyreg.access import Role
from partyreg.db import db
from partyreg.members import actions
from partyreg.members.models import Exit, Person
from tests import make


@pytest.mark.parametrize("path", ["/", "/units", "/units/muong-chien", "/units/cb-bon", "/law", "/rights", "/audit", "/members"])
def test_the_organisation_committee_opens_every_page(as_, commune, path):
    make.member(unit=commune.bon)
    assert as_(Role.ORGANISATION).get(path).status_code == 200


def test_a_unit_is_shown_as_of_any_day(as_, commune):
    make.member(unit=commune.bon, full_name="Quàng Thị Mới", posted_on=dt.date(2026, 3, 1))
    browser = as_(Role.SECRETARY, commune.bon)
    assert "Quàng Thị Mới" in browser.get("/units/cb-bon").text
    assert "Quàng Thị Mới" not in browser.get("/units/cb-bon?on=28/02/2026").text


def test_a_day_that_does_not_exist_is_refused_beside_the_field(as_):
    for path in ("/units", "/units/cb-bon", "/law", "/members"):
        answer = as_(Role.ORGANISATION).get(f"{path}?on=31/02/2026")
        assert answer.status_code == 422
        assert "31/02/2026" in answer.text


def test_a_secretary_sees_nothing_of_another_cell(as_, commune):
    other = make.member(unit=commune.he, full_name="Vàng A Khác")
    browser = as_(Role.SECRETARY, commune.bon)
    assert browser.get("/units/cb-he").status_code == 404
    assert browser.get(f"/members/{other.id}").status_code == 404
    assert browser.get("/accounts").status_code == 403
    assert "Vàng A Khác" not in browser.get("/members?q=vang").text
    assert "Vàng A Khác" not in browser.get("/members/export.csv").get_data(as_text=True)
    assert "Chi bộ bản Hé" not in browser.get("/").text


def test_a_member_reads_her_own_record_and_no_other(as_, commune):
    mine = make.member(unit=commune.bon, full_name="Lò Thị Mình")
    other = make.member(unit=commune.bon, full_name="Lò Thị Khác")
    browser = as_(Role.MEMBER, commune.bon, person_id=mine.id)
    assert "Lò Thị Mình" in browser.get("/me").text
    assert browser.get(f"/members/{other.id}").status_code == 403
    assert browser.get("/").status_code == 302


def test_the_administrator_sees_no_personal_data(as_, commune):
    make.member(unit=commune.bon, full_name="Lò Thị Kín")
    browser = as_(Role.ADMINISTRATOR)
    assert browser.get("/members").status_code == 403
    assert "Lò Thị Kín" not in browser.get("/audit").text


def test_health_is_answered_without_signing_in(client, commune):
    assert client.get("/healthz").json == {"status": "ok"}


def test_without_a_session_one_is_sent_to_sign_in(client, commune):
    answer = client.get("/members?q=lo")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


def test_a_provision_opens_with_its_versions(as_):
    text = as_(Role.ORGANISATION).get("/law?key=admission.min_age_months").text
    assert "208" in text and "294" in text
    assert as_(Role.ORGANISATION).get("/law?key=no.such").status_code == 404


def test_a_members_page_shows_her_life_and_its_history(as_, commune):
    one = make.member(unit=commune.bon, full_name="Cà Thị Đời", decided_on=dt.date(2015, 2, 17))
    text = as_(Role.ORGANISATION).get(f"/members/{one.id}").text
    for shown in ("Cà Thị Đời", "17/02/2015", "11 năm 9 tháng", "Chi bộ bản Bon", "Ghi đảng viên vào sổ"):
        assert shown in text
    assert "Sửa hồ sơ" not in as_(Role.SECRETARY, commune.bon).get(f"/members/{one.id}").text


def test_one_who_left_is_shown_as_left(as_, commune):
    one = make.member(unit=commune.bon, full_name="Cà Thị Xa")
    actions.leave(access.system("test"), one, exit=Exit.MOVED_AWAY, on=dt.date(2026, 5, 1))
    text = as_(Role.ORGANISATION).get(f"/members/{one.id}").text
    assert "Chuyển đi 01/05/2026" in text


def test_the_audit_shows_who_when_and_old_to_new(as_, commune):
    one = make.member(unit=commune.bon, full_name="Cà Thị Cũ")
    person = db.session.get_one(Person, one.id)
    actions.edit_person(access.system("người sửa"), person, person.version, full_name="Cà Thị Tân")
    text = as_(Role.ORGANISATION).get("/audit?deed=members.edit_person").text
    assert "người sửa" in text
    assert "Cà Thị Cũ" in text and "Cà Thị Tân" in text
    assert "Cà Thị Tân" not in as_(Role.ORGANISATION).get("/audit?who=nobody-at-all").text


def test_home_names_what_is_due(as_, commune):
    make.member(unit=commune.bon)
    text = as_(Role.SECRETARY, commune.bon).get("/").text
    assert "Ghi buổi sinh hoạt" in text
    assert "Sinh hoạt định kỳ tháng 11/2026" in text


def test_statements_of_the_pages_do_not_grow_with_the_people(as_, commune, counting):
    browser = as_(Role.ORGANISATION)
    pages = ("/", "/members", "/units", "/units/cb-bon", "/units/muong-chien")
    make.member(unit=commune.bon)
    few, many = {}, {}
    for kept, more in ((few, 2), (many, 27)):
        for _ in range(more):
            make.member(unit=commune.bon)
        for path in pages:
            with counting() as count:
                browser.get(path)
            kept[path] = len(count)
    assert few == many
