"""The composition of a committee."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.members import actions as members
from partyreg.members.models import Body, Qualification, Sex, Theory, Title
from partyreg.targets import structure
from tests import make

SYSTEM = access.system("test")


@pytest.fixture
def committee(commune):
    """The committee of the congress report: 21 people with its figures, and one who was relieved."""
    for n in range(22):
        person = make.person(
            unit=commune.bon, full_name=f"Lò Văn {chr(65 + n)}", sex=Sex.FEMALE if n < 4 else Sex.MALE,
            born_on=dt.date(1983, 7, 31) if n < 6 else dt.date(1970, 6, 30), ethnicity="Kinh" if n >= 16 else ("Thái" if n else "Mông"),
            qualification=Qualification.POSTGRADUATE if n < 4 else Qualification.UNIVERSITY,
            theory=Theory.ADVANCED if n < 7 else Theory.INTERMEDIATE,
        )  # fmt: skip
        position = members.appoint(
            SYSTEM, person, unit=commune.root, body=Body.EXECUTIVE, title=Title.MEMBER, on=dt.date(2025, 7, 1), term="2025-2030"
        )
        if n == 21:
            members.relieve(SYSTEM, position, on=dt.date(2026, 1, 1))
    return commune


def test_reproduces_the_congress_reports_figures(committee, actor_):
    found = structure.structure(actor_(Role.STANDING, permission=Permission.MEMBERS_READ))
    assert (found["unit"], found["body"], found["on"], found["reference_month"]) == ("muong-chien", "executive", "2026-11-24", "2025-07")
    assert found["total"] == 21
    assert found["women"] == {"count": 4, "of": 21, "percent": 19.05}
    assert found["aged_42_or_younger"] == {"count": 6, "of": 21, "percent": 28.57}
    assert found["ethnic_minorities"] == {"count": 16, "of": 21, "percent": 76.19}
    assert found["ethnicity"]["Mông"]["count"] == 1
    assert {k: v["count"] for k, v in found["qualification"].items() if v["count"]} == {"university": 17, "postgraduate": 4}
    assert {k: v["count"] for k, v in found["theory"].items() if v["count"]} == {"intermediate": 14, "advanced": 7}
    assert [(g["from"], g["below"], g["count"]) for g in found["age_groups"]] == [(0, 42, 0), (42, 51, 6), (51, None, 15)]


def test_holds_on_the_day_asked_for(committee, actor_):
    reader = actor_(Role.STANDING, permission=Permission.MEMBERS_READ)
    assert structure.composition(reader, on=dt.date(2025, 12, 31)).total == 22
    early = structure.composition(reader, on=dt.date(2019, 1, 1))
    assert (early.total, early.reference_month, early.women.percent) == (0, dt.date(2019, 1, 1), None)
    assert structure.composition(reader, Body.STANDING).total == 0


def test_counts_no_body_out_of_reach(committee, actor_):
    secretary = actor_(Role.SECRETARY, committee.bon, Permission.MEMBERS_READ)
    assert structure.composition(secretary).total == 0
    assert structure.composition(secretary, Body.CELL_COMMITTEE, unit=committee.bon).reference_month == dt.date(2025, 4, 1)


def test_is_told_in_lines(committee, actor_):
    told = structure.lines(structure.structure(actor_(Role.STANDING, permission=Permission.MEMBERS_READ)))
    assert "Nữ: 4/21 = 19,05 %" in told
    assert "Lý luận chính trị: Cao cấp: 7/21 = 33,33 %" in told


def test_thresholds_are_judged_for_the_executive_committee_only(committee, actor_):
    reader = actor_(Role.STANDING, permission=Permission.MEMBERS_READ)
    found = structure.thresholds(structure.composition(reader))
    # Those aged 42 are the report's young, but no longer in the law's group of those below 42.
    assert [(one.code, one.severity.value) for one in found] == [
        ("committee.women_percent.met", "ok"), ("committee.young_percent.unmet", "warn"),
    ]  # fmt: skip
    assert structure.thresholds(structure.composition(reader, Body.STANDING)) == []
    assert structure.thresholds(structure.composition(reader, on=dt.date(2019, 1, 1))) == []
