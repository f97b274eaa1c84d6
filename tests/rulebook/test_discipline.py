"""Discipline: situations that the office can read, and what holds of all votes and days."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.discipline import (
    CaseFacts,
    Content,
    Decider,
    Form,
    Part,
    Subject,
    competence_findings,
    form_findings,
    forms,
    needed,
    parts,
    vote_findings,
)
from partyreg.rulebook.discipline_time import (
    Act,
    Appealed,
    Deferral,
    Effect,
    Result,
    Ruled,
    appeal_findings,
    appeal_until,
    day_findings,
    deferral_ends,
    effects,
    expired_acts,
    form_now,
    lapses_on,
    limitation,
    limitation_findings,
    state_on,
    under_consideration,
)
from partyreg.rulebook.finding import Finding, Severity
from partyreg.rulebook.voting import VoteFacts

CASES = tomllib.loads((Path(__file__).parent / "cases" / "discipline.toml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 24)


def cases(table: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in CASES[table]]


def not_ok(findings: list[Finding]) -> dict[str, str]:
    for finding in findings:
        assert "%(" not in finding.message and finding.message.endswith((".", ")"))
    return {finding.code: finding.severity.value for finding in findings if finding.severity is not Severity.OK}


def facts(case: dict[str, Any]) -> CaseFacts:
    said = {"subject": "full", **case.get("facts", {})}
    return CaseFacts(**{**said, "subject": Subject(said["subject"])})


def ruled(case: dict[str, Any]) -> Ruled:
    appeals = tuple(
        Appealed(
            one["lodged_on"], Result(one["result"]) if "result" in one else None, one.get("published_on"),
            Form(one["form"]) if "form" in one else None,
        )
        for one in case.get("appeals", ())
    )  # fmt: skip
    return Ruled(Form(case.get("form", "reprimand")), case.get("signed", case["published"]), case["published"], appeals)


def days(texts: list[str]) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize("case", cases("form"))
def test_form(case: dict[str, Any]) -> None:
    assert not_ok(form_findings(Form(case["form"]), facts(case), case["day"])) == case["expect"]


@pytest.mark.parametrize("case", cases("competence"))
def test_competence(case: dict[str, Any]) -> None:
    found = competence_findings(Decider(case["decider"]), Form(case["form"]), facts(case), case["day"])
    assert not_ok(found) == case["expect"]


@pytest.mark.parametrize("case", cases("vote"))
def test_vote(case: dict[str, Any]) -> None:
    vote, part = VoteFacts(**case["vote"]), Part(case["part"])
    assert needed(vote.base, part, case["day"]) == case.get("needed")
    assert not_ok(vote_findings(vote, part, Decider(case.get("decider", "cell")), case["day"])) == case["expect"]


@pytest.mark.parametrize("case", cases("limit"))
def test_limitation(case: dict[str, Any]) -> None:
    acts = [Act(day, Content(case.get("content", "duty"))) for day in days(case["acts"])]
    form = Form(case["form"])
    assert not_ok(limitation_findings(acts, form, case["day"])) == case["expect"]
    period = limitation(acts, form, case["day"])
    assert (period.last_day if period else None) == case.get("last")
    if "gone" in case:
        assert [act.on for act in expired_acts(acts, form, case["day"])] == days(case["gone"])


@pytest.mark.parametrize("case", cases("deferral"))
def test_deferral(case: dict[str, Any]) -> None:
    assert deferral_ends(Deferral(case["reason"]), case.get("born"), case["day"]) == case.get("ends")


@pytest.mark.parametrize("case", cases("days"))
def test_days_of_a_decision(case: dict[str, Any]) -> None:
    decider = Decider(case.get("decider", "cell"))
    assert not_ok(day_findings(decider, case["voted"], case["signed"], case.get("published"))) == case["expect"]


@pytest.mark.parametrize("case", cases("appeal"))
def test_appeal(case: dict[str, Any]) -> None:
    assert appeal_until(case["delivered"]) == case.get("until")
    assert not_ok(appeal_findings(case["delivered"], case["lodged"])) == case["expect"]


@pytest.mark.parametrize("case", cases("lapse"))
def test_lapse(case: dict[str, Any]) -> None:
    told, new = ruled(case), days(case.get("new_acts", []))
    assert lapses_on(told, new) == case.get("lapses")
    assert state_on(told, case["day"], new).value == case["state"]
    now = form_now(told)
    assert (now.value if now else None) == case.get("form_now")


@pytest.mark.parametrize("case", cases("effect"))
def test_effects(case: dict[str, Any]) -> None:
    told, new = ruled(case), days(case.get("new_acts", []))
    found = effects(told, case["day"], new)
    not_ok([held.finding for held in found])
    assert {held.effect.value for held in found} == set(case["expect"])
    until = {held.effect: held.until for held in found}
    for name in case["expect"].keys() & {"badge"}:
        assert until[Effect(name)] == case["expect"][name]


def test_the_office_can_read_fifty_situations() -> None:
    names = [(table, case["name"]) for table in CASES for case in CASES[table]]
    assert len(names) == len(set(names)) >= 50


def test_an_open_case_holds_up_transfer_and_appointment() -> None:
    assert {held.effect for held in under_consideration(DAY)} == {Effect.TRANSFER, Effect.POSITION}
    assert under_consideration(date(2020, 1, 1)) == []


def test_the_bar_after_removal_names_its_day() -> None:
    found = effects(Ruled(Form.REMOVAL_FROM_OFFICE, date(2025, 8, 1), date(2025, 8, 20)), date(2026, 7, 31))
    assert date(2026, 8, 1) in {held.until for held in found if held.effect is Effect.POSITION}
    after = effects(Ruled(Form.REMOVAL_FROM_OFFICE, date(2025, 8, 1), date(2025, 8, 20)), date(2026, 8, 1))
    assert {held.until for held in after if held.effect is Effect.POSITION} == {date(2026, 8, 20)}


def test_forms_and_parts() -> None:
    assert forms(Subject.PROBATIONARY, DAY) == (Form.REPRIMAND, Form.WARNING)
    assert forms(Subject.ORGANISATION, DAY) == (Form.REPRIMAND, Form.WARNING, Form.DISSOLUTION)
    assert forms(Subject.FULL, date(2000, 1, 1)) == ()
    assert parts(Form.EXPULSION) == (Part.PROPOSES, Part.DECIDES) and parts(Form.WARNING) == (Part.DECIDES,)


def test_without_an_act_there_is_no_limitation_to_speak_of() -> None:
    assert limitation((), Form.WARNING, DAY) is None and expired_acts((), Form.WARNING, DAY) == []


def test_a_child_whose_birth_is_unknown_defers_without_end() -> None:
    assert deferral_ends(Deferral.CHILD, None, DAY) is None


@given(base=st.integers(1, 500), in_favour=st.integers(0, 500))
def test_a_vote_carries_by_the_plain_arithmetic(base: int, in_favour: int) -> None:
    in_favour = min(in_favour, base)
    vote = VoteFacts(base, 0, base, in_favour, base - in_favour)
    decided = not not_ok(vote_findings(vote, Part.DECIDES, Decider.CELL, DAY))
    proposed = not not_ok(vote_findings(vote, Part.PROPOSES, Decider.CELL, DAY))
    assert decided == (2 * in_favour > base) and proposed == (3 * in_favour >= 2 * base)


@given(acts=st.lists(st.dates(date(2000, 1, 1), date(2026, 11, 24)), min_size=1, max_size=6), form=st.sampled_from(list(Form)))
def test_only_the_latest_act_decides_whether_it_is_too_late(acts: list[date], form: Form) -> None:
    told = [Act(day, Content.DUTY) for day in acts]
    gone = expired_acts(told, form, DAY)
    period = limitation(told, form, DAY)
    assert period is not None
    assert (len(gone) == len(told)) == period.expired_on(DAY)


@given(published=st.dates(date(2011, 1, 19), date(2030, 1, 1)), after=st.integers(0, 800))
def test_a_discipline_lapses_once(published: date, after: int) -> None:
    told, day = Ruled(Form.WARNING, published, published), published + timedelta(days=after)
    last = lapses_on(told)
    assert last is not None and (state_on(told, day).value == "lapsed") == (day >= last)
