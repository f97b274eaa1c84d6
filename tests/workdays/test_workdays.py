"""The calendar of working days: what the public one says, and what the office has set apart from it."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.audit import history
from partyreg.db import db
from partyreg.errors import NotVisible, RuleBroken
from partyreg.rulebook.dates import add_working_days, is_working_day
from partyreg.workdays import actions, queries
from partyreg.workdays.models import SpecialDay

SYSTEM = access.system("test")
NATIONAL_DAY, ORDINARY, SATURDAY = dt.date(2027, 9, 2), dt.date(2026, 12, 7), dt.date(2026, 12, 12)
WORKED_SATURDAY = dt.date(2026, 8, 22)  # for Monday 31 August, by the government's notice


def refused(day: dt.date, is_off: bool, reason: str = "Thông báo 12") -> str:
    with pytest.raises(RuleBroken) as caught:
        actions.set_apart(SYSTEM, day, is_off, reason)
    (finding,) = caught.value.findings
    assert finding.message and finding.blocks
    return f"{finding.field}: {finding.code}"


# -- days off ---------------------------------------------------------------------------------------------------------


def test_public_holidays_are_off_to_the_year_after(app):
    off = queries.days_off(dt.date(2025, 12, 1))
    assert dt.date(2026, 2, 17) in off and dt.date(2025, 9, 2) in off and NATIONAL_DAY not in off
    assert NATIONAL_DAY in queries.days_off(dt.date(2025, 12, 1), dt.date(2026, 1, 1))
    assert queries.days_off(dt.date.max) == frozenset(), "no calendar knows that year, and none comes after it"


def test_a_saturday_that_the_government_has_worked_counts(app):
    off = queries.days_off(WORKED_SATURDAY)
    assert is_working_day(WORKED_SATURDAY, off) and not is_working_day(dt.date(2026, 8, 29), off)
    assert add_working_days(dt.date(2026, 8, 21), 1, off) == WORKED_SATURDAY


def test_what_is_set_apart_counts_at_once_and_in_one_statement(app, counting):
    for day, is_off in ((ORDINARY, True), (SATURDAY, False), (NATIONAL_DAY, False)):
        actions.set_apart(SYSTEM, day, is_off, "Thông báo 12")
    with counting() as asked:
        off = queries.days_off(dt.date(2026, 1, 1))
    assert len(asked) == 1
    assert not is_working_day(ORDINARY, off)
    assert is_working_day(SATURDAY, off) and is_working_day(NATIONAL_DAY, off)
    assert NATIONAL_DAY not in off
    assert add_working_days(dt.date(2026, 12, 4), 1, off) == dt.date(2026, 12, 8)
    assert add_working_days(dt.date(2026, 12, 11), 1, off) == SATURDAY


def test_what_is_put_back_counts_no_more(app):
    made = actions.set_apart(SYSTEM, ORDINARY, True, "  Nghỉ bù\n lễ ")
    assert made.reason == "Nghỉ bù lễ"
    number = made.id
    actions.put_back(SYSTEM, made)
    assert is_working_day(ORDINARY, queries.days_off(ORDINARY)) and queries.on(ORDINARY) is None
    assert [entry.deed for entry in history("special_day", number)] == ["workdays.put_back", "workdays.set_apart"]
    with pytest.raises(NotVisible):
        queries.special_day(SYSTEM, number)


def test_the_year_in_order_and_the_offices_word_first(app):
    made = actions.set_apart(SYSTEM, dt.date(2026, 9, 1), False, "Trực lễ")
    lines = {line.day: line for line in queries.of_year(2026)}
    assert list(lines) == sorted(lines)
    assert lines[dt.date(2026, 9, 1)] == (dt.date(2026, 9, 1), False, "Trực lễ", made.id)
    assert lines[dt.date(2026, 9, 2)].is_off and "Quốc khánh" in lines[dt.date(2026, 9, 2)].reason
    assert not lines[WORKED_SATURDAY].is_off and lines[WORKED_SATURDAY].key is None
    assert queries.public_day(dt.date(2026, 9, 2)) and queries.public_day(ORDINARY) is None


# -- what is refused --------------------------------------------------------------------------------------------------


def test_no_day_twice(app):
    actions.set_apart(SYSTEM, ORDINARY, True, "Thông báo 12")
    assert refused(ORDINARY, True) == "day: workdays.twice"
    assert refused(ORDINARY, False) == "day: workdays.twice"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_day_without_a_reason(app, reason):
    assert refused(ORDINARY, True, reason) == "reason: workdays.no_reason"


def test_no_day_far_ahead(app):
    assert refused(dt.date(2029, 1, 2), True) == "day: workdays.too_far"


@pytest.mark.parametrize("day", [SATURDAY, SATURDAY + dt.timedelta(days=1), NATIONAL_DAY])
def test_what_is_off_anyway_cannot_be_marked_off(app, day):
    assert refused(day, True) == "day: workdays.off_anyway"


@pytest.mark.parametrize("day", [ORDINARY, WORKED_SATURDAY])
def test_what_is_worked_anyway_cannot_be_marked_as_worked(app, day):
    assert refused(day, False) == "day: workdays.worked_anyway"


def test_a_worked_saturday_can_be_given_back_off(app):
    actions.set_apart(SYSTEM, WORKED_SATURDAY, True, "Không làm bù")
    assert not is_working_day(WORKED_SATURDAY, queries.days_off(WORKED_SATURDAY))


# -- the page ---------------------------------------------------------------------------------------------------------


def test_everybody_who_reads_the_law_reads_the_calendar(as_):
    for role in (Role.MEMBER, Role.SECRETARY, Role.ADMINISTRATOR):
        page = as_(role).get("/workdays").text
        assert "Quốc khánh" in page and "22/08/2026" in page and "/workdays/new" not in page
    assert as_(Role.SECRETARY).post("/workdays/new").status_code == 403


def test_another_year_and_none_that_the_register_does_not_keep(as_):
    browser = as_(Role.MEMBER)
    assert "Ngày nghỉ năm 2027" in browser.get("/workdays?year=2027").text
    assert "Ngày nghỉ năm 2026" in browser.get("/workdays?year=x").text
    for year in (1979, 2029, 99999, -1):
        assert browser.get(f"/workdays?year={year}").status_code == 404
    assert "/workdays" in browser.get("/law").text


def test_the_officer_sets_a_day_apart_and_puts_it_back(as_):
    officer = as_(Role.ORGANISATION)
    answer = officer.post("/workdays/new", data={"day": "07/12/2026", "kind": "off", "reason": "Thông báo 57"})
    assert answer.status_code == 302 and answer.location.endswith("/workdays?year=2026")
    assert "Thông báo 57" in officer.get("/workdays").text
    made = queries.on(ORDINARY)
    assert made is not None
    remove = f"/workdays/{made.id}/remove"
    assert officer.post(remove).status_code == 302
    assert "Thông báo 57" not in officer.get("/workdays").text
    assert officer.post(remove).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "12/12/2026", "kind": "off", "reason": "x"}, "vốn là ngày nghỉ"),
        ({"day": "07/12/2026", "kind": "worked", "reason": "x"}, "vốn là ngày làm việc"),
        ({"day": "07/12/2026", "kind": "off", "reason": " "}, "Chưa ghi lý do"),
        ({"day": "31/02/2026", "kind": "off", "reason": "x"}, "Không có ngày 31/02/2026"),
        ({"day": "07/12/1900", "kind": "off", "reason": "x"}, "Ngày quá sớm"),
        ({"day": "31/12/9999", "kind": "worked", "reason": "x"}, "đến hết năm 2028"),
        ({"day": "07/12/2026", "kind": "perhaps", "reason": "x"}, "Lựa chọn không có"),
        ({"day": "07/12/2026", "reason": "x"}, "Chưa nhập mục này"),
        ({"day": "07/12/2026", "kind": "off", "reason": "x" * 201}, "Quá dài"),
        ({}, "Chưa nhập mục này"),
    ],
)
def test_a_form_that_comes_back_says_why_and_writes_nothing(as_, typed, said):
    answer = as_(Role.ORGANISATION).post("/workdays/new", data=typed)
    assert answer.status_code == 422 and said in answer.text
    assert db.session.query(SpecialDay).count() == 0


def test_the_policy_lets_the_organisation_edit(actor_):
    assert actor_(Role.ORGANISATION).may(Permission.WORKDAYS_EDIT)
    assert not actor_(Role.STANDING).may(Permission.WORKDAYS_EDIT)
