"""The calendar that leaves the office: what is due, in which cell and when, and nobody's name."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
import sqlalchemy as sa

from partyreg import clock
from partyreg.access import Actor, Grant, Permission, Role
from partyreg.accounts import actions as accounts
from partyreg.accounts import sign_in
from partyreg.accounts.models import User
from partyreg.admissions.due_queries import due
from partyreg.db import db
from partyreg.members.models import Standing
from partyreg.office import calendar_queries
from tests import make
from tests.make.accounts import SYSTEM, user
from tests.make.meetings import meeting

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def somebody(commune):
    """The secretary of Bon, in whose cell and beyond somebody's probation ends soon."""
    for unit, name in ((commune.bon, "Quàng Thị Hoa"), (commune.he, "Vàng A Khác")):
        make.member(unit=unit, full_name=name, standing=Standing.PROBATIONARY, ceremony_on=dt.date(2025, 12, 10))
    return user(username="bi.thu", full_name="Lò Thị Thư", role=Role.SECRETARY, unit=commune.bon)


def address(somebody: User) -> str:
    secret = accounts.make_feed(Actor(somebody.id, somebody.full_name), somebody)
    db.session.commit()
    return f"/calendar/{secret}.ics"


def events(response) -> list[icalendar.Event]:
    assert response.status_code == 200
    read = icalendar.Calendar.from_ical(response.data)
    assert read["version"] == "2.0" and read["prodid"]
    return list(read.walk("VEVENT"))


def test_every_due_line_with_a_day_is_an_all_day_entry(client, somebody, commune):
    response = client.get(address(somebody))
    meeting_of_month, probation = events(response)
    assert meeting_of_month["summary"] == "Sinh hoạt định kỳ tháng 11/2026 – Chi bộ bản Bon"
    assert meeting_of_month.decoded("dtstart") == dt.date(2026, 11, 7)
    assert meeting_of_month["url"] == "http://localhost/meetings/new?unit=cb-bon"
    assert probation["summary"] == "Hết thời gian dự bị – Chi bộ bản Bon"
    assert probation.decoded("dtstart") == dt.date(2026, 12, 10)
    assert probation["url"].startswith("http://localhost/members/")
    for event in (meeting_of_month, probation):
        assert event.decoded("dtstamp") == clock.now()
        assert event["uid"].endswith("@partyreg") and event["class"] == "PRIVATE" and event["transp"] == "TRANSPARENT"


def test_it_is_a_calendar_without_cookies_that_nobody_keeps(client, somebody):
    response = client.get(address(somebody) + "?lang=en")
    assert response.mimetype == "text/calendar" and response.content_type.endswith("charset=utf-8")
    assert response.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in response.headers


def test_nobodys_name_leaves_the_office(client, somebody, commune):
    text = client.get(address(somebody)).get_data(as_text=True)
    for name in ("Quàng", "Hoa", "Vàng", "Lò", "Thư", "bi.thu"):
        assert name not in text, name


def test_a_secretary_has_only_her_cell_and_the_commune_all(client, somebody, commune):
    text = client.get(address(somebody)).get_data(as_text=True)
    assert "bản Bon" in text and "bản Hé" not in text
    whole = user(username="ban.to.chuc", role=Role.ORGANISATION, unit=commune.root)
    text = client.get(address(whole)).get_data(as_text=True)
    assert "bản Bon" in text and "bản Hé" in text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMINISTRATOR, None])
def test_who_has_nothing_to_do_has_an_empty_calendar(client, commune, role):
    nobody = user(role=role, unit=commune.root) if role else user()
    assert events(client.get(address(nobody))) == []


def test_what_is_done_leaves_the_calendar(client, somebody, commune):
    here = address(somebody)
    chair = make.member(unit=commune.bon, full_name="Cà Văn Chủ")
    meeting(unit=commune.bon, held_on=dt.date(2026, 11, 3), chair_id=chair.id)
    db.session.commit()
    assert [event["summary"] for event in events(client.get(here))] == ["Hết thời gian dự bị – Chi bộ bản Bon"]


def test_an_entry_keeps_its_name_whatever_the_day_and_the_host(client, somebody):
    here = address(somebody)
    first = [event["uid"] for event in events(client.get(here))]
    with clock.freeze(TODAY + dt.timedelta(days=3)):
        again = events(client.get(here, base_url="https://so.example.vn/"))
    assert [event["uid"] for event in again] == first and len(set(first)) == len(first)
    assert again[0]["url"].startswith("https://so.example.vn/meetings/new")


def test_an_unknown_an_ended_and_a_disabled_address_answer_alike(client, somebody, commune):
    ended, other = address(somebody), user(role=Role.SECRETARY, unit=commune.bon)
    accounts.end_feed(SYSTEM, somebody)
    disabled = address(other)
    db.session.connection().execute(sa.update(User).where(User.id == other.id).values(disabled_at=clock.now()))
    answers = [client.get(path) for path in (ended, disabled, "/calendar/x.ics", "/calendar/%00.ics", f"/calendar/{'x' * 999}.ics")]
    assert {(one.status_code, one.data, one.content_type) for one in answers} == {(404, b"", "text/plain; charset=utf-8")}
    assert all("Set-Cookie" not in one.headers for one in answers)
    assert client.post(disabled).status_code == 405


def test_the_calendar_has_the_days_of_the_home_page(commune, somebody):
    actor = Actor(somebody.id, "x", (Grant(Role.SECRETARY, commune.bon.path, dt.date(2020, 1, 1)),))
    days = [one.on for one in due(actor.using(Permission.ADMISSIONS_READ), TODAY) if one.on]
    assert days and days == [one.on for one in calendar_queries.entries(actor, TODAY) if one.key.startswith("admission-")]


def test_no_law_no_day(commune, somebody):
    actor = Actor(somebody.id, "x", (Grant(Role.SECRETARY, commune.bon.path, dt.date(2020, 1, 1)),))
    assert not [one for one in calendar_queries.entries(actor, dt.date(2025, 1, 10)) if one.key.startswith("meeting-")]


def test_two_lines_of_one_kind_have_two_names(commune, somebody, monkeypatch):
    actor = Actor(somebody.id, "x", (Grant(Role.SECRETARY, commune.bon.path, dt.date(2020, 1, 1)),))
    twice = due(actor.using(Permission.ADMISSIONS_READ), TODAY) * 2
    monkeypatch.setattr(calendar_queries.admissions, "due", lambda _actor, _day: twice)
    keys = [one.key for one in calendar_queries.entries(actor, TODAY)]
    assert len(set(keys)) == len(keys) and any(key.endswith("-2") for key in keys)


def test_the_address_says_nothing_of_its_user(somebody):
    secret = address(somebody).split("/")[2].removesuffix(".ics")
    assert somebody.username not in secret and sign_in.hash_of(secret) not in secret


def test_a_failure_writes_no_secret_into_the_log(app, client, somebody, monkeypatch, caplog):
    here = address(somebody)
    monkeypatch.setattr(calendar_queries, "entries", lambda _actor, _day: 1 / 0)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert client.get(here).status_code == 500
    assert "/calendar/<secret>.ics" in caplog.text and here not in caplog.text
