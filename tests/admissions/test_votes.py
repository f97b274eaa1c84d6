"""The cell's votes, and handing the file in: every deed, and every refusal."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.admissions import actions, file_queries, ruling_actions
from partyreg.admissions.actions import Introduces
from partyreg.admissions.models import IntroducerKind
from partyreg.db import db
from partyreg.errors import NotVisible
from partyreg.members import admission_actions
from partyreg.members.models import Schooling, Standing
from partyreg.rulebook.admission import Purpose, Step, VoteForm, VotingBody
from partyreg.rulebook.finding import warnings
from tests.admissions.deeds import TODAY, TOMORROW, decide, last_deed, moves, refused, stale
from tests.make.admissions import SYSTEM, admission, ballot, introducers
from tests.make.members import member

HELD = dt.date(2026, 10, 20)  # the day of the vote in a file that the builder made


def drafted(unit, *, candidate=None, introduced_by=None, vote=None, **facts):
    """A dossier in order with its vote, except for what is given."""
    file = admission(unit=unit, step=Step.DRAFT, vote=vote or {}, introduced_by=introduced_by)
    actions.edit(SYSTEM, file, file.version, candidate=candidate, **facts)
    return file


def in_days(unit, step, purpose):
    """A file that waits for a vote on that purpose."""
    return admission(unit=unit, step=step), {"purpose": purpose, **ballot(TODAY)}


# -- votes ------------------------------------------------------------------------------------------------------------


def test_a_vote_stands_in_the_file_passed_or_not(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    seen = file.version
    failed = actions.record_vote(secretary, file, seen, purpose=Purpose.ADMISSION, **ballot(HELD, in_favour=5, against=3))
    assert file.version > seen
    passed = actions.record_vote(secretary, file, file.version, purpose=Purpose.ADMISSION, **ballot(TODAY))
    assert file_queries.votes(secretary, file, VotingBody.CELL, Purpose.ADMISSION) == [failed, passed]
    assert (passed.members, passed.present, passed.in_favour, passed.against, passed.form, passed.number) == (
        9, 8, 7, 1, VoteForm.SECRET_BALLOT, "05-NQ/CB",
    )  # fmt: skip
    facts = file_queries.facts(secretary, file, TODAY)
    assert (facts.considered_on, facts.vote.in_favour) == (TODAY, 7)
    assert last_deed() == "admissions.record_vote"


@pytest.mark.parametrize(
    ("numbers", "code", "field"),
    [
        ({"present": 4, "in_favour": 5, "against": 0}, "vote.too_many", "in_favour"),
        ({"present": 10}, "vote.present", "present"),
        ({"not_counted": 10}, "vote.not_counted", "not_counted"),
        ({"against": -1}, "vote.negative", "against"),
        ({"members": 0, "present": 0, "in_favour": 0, "against": 0}, "vote.nobody", "members"),
        ({"held_on": TOMORROW}, "admission.in_future", "held_on"),
        ({"held_on": dt.date(2001, 1, 1)}, "law.unknown", "held_on"),
        ({"held_on": HELD}, "vote.twice", "held_on"),
    ],
)
def test_votes_that_cannot_be_are_refused_at_their_field(commune, secretary, numbers, code, field):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={})
    said = {**ballot(TODAY), **numbers}
    refused(lambda: actions.record_vote(secretary, file, file.version, purpose=Purpose.ADMISSION, **said), code, field=field)
    vote = actions.record_vote(secretary, file, file.version, purpose=Purpose.ADMISSION, **ballot(TODAY))
    refused(lambda: actions.correct_vote(secretary, file, file.version, vote, **numbers), code, field=field)


@pytest.mark.parametrize(
    ("step", "purpose"),
    [
        (Step.LISTED, Purpose.ADMISSION), (Step.SUBMITTED, Purpose.ADMISSION), (Step.PROBATION, Purpose.ADMISSION),
        (Step.DRAFT, Purpose.RECOGNITION), (Step.PROPOSED, Purpose.RECOGNITION), (Step.DECIDED, Purpose.REMOVAL),
        (Step.CLOSED, Purpose.REMOVAL),
    ],
)  # fmt: skip
def test_a_vote_of_another_step_is_refused(commune, secretary, step, purpose):
    file, said = in_days(commune.bon, step, purpose)
    refused(lambda: actions.record_vote(secretary, file, file.version, **said), "admission.step")


@pytest.mark.parametrize("step", [Step.PROBATION, Step.SENT_BACK])
@pytest.mark.parametrize("purpose", [Purpose.RECOGNITION, Purpose.REMOVAL])
def test_in_the_probation_the_cell_votes_either_way(commune, secretary, step, purpose):
    file, said = in_days(commune.bon, step, purpose)
    assert actions.record_vote(secretary, file, file.version, **said).purpose is purpose


def test_a_vote_written_down_wrongly_is_corrected(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"in_favour": 5, "against": 3})
    [vote] = file_queries.votes(secretary, file)
    seen = file.version
    actions.correct_vote(secretary, file, seen, vote, in_favour=6, against=2, number="06-NQ/CB")
    assert (vote.in_favour, vote.against, vote.number, vote.held_on) == (6, 2, "06-NQ/CB", HELD)
    assert (file.version > seen, last_deed()) == (True, "admissions.correct_vote")
    stale(lambda: actions.correct_vote(secretary, file, seen, vote, in_favour=7))


def test_votes_that_are_not_the_cells_to_correct(commune, secretary):
    file = admission(unit=commune.bon, step=Step.SUBMITTED)
    [vote] = file_queries.votes(secretary, file)
    refused(lambda: actions.correct_vote(secretary, file, file.version, vote, in_favour=6), "admission.step")
    other = admission(unit=commune.he, step=Step.DRAFT)
    with pytest.raises(NotVisible):
        actions.correct_vote(secretary, other, other.version, vote, in_favour=6)
    on_probation = admission(unit=commune.bon, step=Step.PROBATION)
    [ruling] = file_queries.votes(secretary, on_probation, VotingBody.STANDING)
    refused(lambda: actions.correct_vote(secretary, on_probation, on_probation.version, ruling, in_favour=6), "admission.step")


# -- handing in -------------------------------------------------------------------------------------------------------


def test_submit_hands_the_file_over(commune, secretary):
    file = drafted(commune.bon)
    actions.submit(secretary, file, file.version)
    assert (file.step, file.submitted_on) == (Step.SUBMITTED, TODAY)
    assert moves(file)[-1] == (Step.DRAFT, Step.SUBMITTED, 11, None)
    assert file_queries.hands(file).handed_in == 11


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"certificate_on": dt.date(2021, 10, 19)}, "admission.certificate"),
        ({"certificate_on": None}, "admission.certificate"),
        ({"check_concluded_on": None}, "admission.background"),
        ({"check_concluded_on": HELD + dt.timedelta(days=1)}, "admission.background"),
        ({"applied_on": None}, "admission.application"),
        ({"cv_on": None}, "admission.cv"),
        ({"unions_opinion_on": None}, "admission.opinions"),
        ({"residence_opinion_on": None}, "admission.opinions"),
        ({"opened_on": HELD + dt.timedelta(days=1)}, "order.after"),
        ({"listed_on": None}, "admission.listing"),
        ({"helper_id": None}, "admission.helper"),
        ({"candidate": {"born_on": dt.date(2009, 1, 1)}}, "admission.age"),
        ({"candidate": {"born_on": dt.date(1960, 1, 1)}}, "admission.over_age"),
        ({"candidate": {"schooling": None}}, "admission.schooling"),
        ({"candidate": {"schooling": Schooling.PRIMARY}}, "admission.schooling"),
        ({"introduced_by": []}, "admission.introducers"),
    ],
)
def test_a_dossier_that_lacks_something_is_not_submitted(commune, secretary, facts, code):
    file = drafted(commune.bon, **facts)
    found = refused(lambda: actions.submit(secretary, file, file.version), code)
    assert code.startswith("order.") or found[0].cite.instrument


def test_a_rule_that_nobody_has_read_only_warns(commune, secretary):
    file = drafted(commune.bon, opened_on=dt.date(2025, 10, 19))  # older than a year by an instrument of which only the title is known
    assert "admission.dossier" in {one.code for one in warnings(file_queries.findings(secretary, file, TODAY))}
    actions.submit(secretary, file, file.version)


def test_a_file_without_a_vote_is_not_submitted(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    found = refused(lambda: actions.submit(secretary, file, file.version), "vote.missing")
    assert found[0].cite is not None


@pytest.mark.parametrize(
    "facts",
    [
        {"candidate": {"schooling": Schooling.PRIMARY}, "in_hard_area": True},
        {"candidate": {"schooling": Schooling.LITERATE}, "is_elder": True},
        {"candidate": {"born_on": dt.date(1960, 1, 1)}, "consent_paper": "88-CV/TU, 01/9/2026"},
    ],
)
def test_what_the_law_allows_in_special_cases(commune, secretary, officer, standing, facts):
    file = drafted(commune.bon, **facts)
    actions.submit(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    assert decide(standing, file).sign == "125-QĐ/ĐU"


def test_an_introducer_who_was_on_probation_on_the_voting_day(commune, secretary):
    ready, new = introducers(commune.bon, 1)[0], member(unit=commune.bon, standing=Standing.PROBATIONARY)
    admission_actions.recognise(SYSTEM, new, HELD + dt.timedelta(days=1))
    file = drafted(commune.bon, introduced_by=[ready, Introduces(IntroducerKind.MEMBER, new.id, dt.date(2020, 1, 1))])
    found = refused(lambda: actions.submit(secretary, file, file.version), "admission.introducers", "admission.introducer_full")
    assert "who_2" in {one.field for one in found}


def test_one_member_and_a_unions_resolution_suffice(commune, secretary):
    union = Introduces(IntroducerKind.YOUTH_UNION, resolution_number="03-NQ/ĐTN", resolved_on=dt.date(2026, 6, 2))
    file = drafted(commune.bon, introduced_by=[*introducers(commune.bon, 1), union])
    actions.submit(secretary, file, file.version)
    assert file.step is Step.SUBMITTED


def test_a_vote_that_counts_others_than_the_roll_only_warns(commune, secretary):
    file = drafted(commune.bon)  # nine by the minutes; the register knows the two introducers
    assert "vote.roll" in {one.code for one in warnings(file_queries.findings(secretary, file, TODAY))}
    [vote] = file_queries.votes(secretary, file)
    actions.correct_vote(secretary, file, file.version, vote, members=2, present=2, in_favour=2, against=0)
    assert "vote.roll" not in {one.code for one in warnings(file_queries.findings(secretary, file, TODAY))}


def test_a_date_without_law_is_told_and_refused(commune, secretary):
    file = drafted(commune.bon, check_asked_on=dt.date(1996, 1, 1))
    refused(lambda: actions.submit(secretary, file, file.version), "law.unknown")


# -- shares -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members_", "not_counted", "in_favour", "passes"),
    [
        (9, 0, 6, True), (9, 0, 5, False), (7, 0, 5, True), (7, 0, 4, False),
        (8, 0, 6, True), (8, 0, 5, False), (9, 3, 4, True), (9, 3, 3, False),
    ],
)  # fmt: skip
def test_two_thirds_to_the_vote(commune, secretary, officer, standing, members_, not_counted, in_favour, passes):
    """A failed vote goes up all the same, since the committee must be told (A-26); but nobody is admitted by it."""
    vote = {"members": members_, "not_counted": not_counted, "present": in_favour, "in_favour": in_favour, "against": 0}
    file = drafted(commune.bon, vote=vote)
    actions.submit(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    if passes:
        assert decide(standing, file).sign == "125-QĐ/ĐU"
    else:
        found = refused(lambda: decide(standing, file), "vote.short")
        assert found[0].cite is not None
        assert file.step is Step.DECIDING


def test_a_failed_vote_followed_by_one_that_passed(commune, secretary, officer, standing):
    file = drafted(commune.bon, vote={"in_favour": 5, "against": 3})
    actions.record_vote(secretary, file, file.version, purpose=Purpose.ADMISSION, **ballot(TODAY))
    actions.submit(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    decide(standing, file)
    assert [one.in_favour for one in file_queries.votes(secretary, file, VotingBody.CELL)] == [5, 7]


# -- proposing --------------------------------------------------------------------------------------------------------


def over(unit, **facts):
    """A file whose probation is over with all its papers, given back so that the cell may change what is given."""
    file = admission(unit=unit, step=Step.SENT_BACK)
    actions.edit(SYSTEM, file, file.version, **facts)
    return file


def test_propose_hands_the_probation_over(commune, secretary):
    file = over(commune.bon)
    actions.propose(secretary, file, file.version)
    assert (file.step, file.proposed_on) == (Step.PROPOSED, TODAY)
    assert moves(file)[-1] == (Step.SENT_BACK, Step.PROPOSED, 11, None)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"new_class_on": None}, "recognition.new_class"), ({"self_review_on": None}, "recognition.self_review"),
        ({"remark_on": None}, "recognition.remark"), ({"full_opinions_on": None}, "recognition.full_opinions"),
        ({"self_review_on": dt.date(2026, 10, 20)}, "order.before"), ({"remark_on": TODAY}, "order.after"),
    ],
)  # fmt: skip
def test_a_probation_that_lacks_something_is_not_proposed(commune, secretary, facts, code):
    file = over(commune.bon, **facts)
    refused(lambda: actions.propose(secretary, file, file.version), code, field=next(iter(facts)))


def test_before_the_probation_is_over_nobody_is_proposed(commune, secretary):
    file = admission(unit=commune.bon, step=Step.PROBATION)
    found = refused(
        lambda: actions.propose(secretary, file, file.version), "probation.over", "recognition.new_class", "recognition.self_review",
        "recognition.remark", "recognition.full_opinions", "recognition_vote.missing",
    )  # fmt: skip
    assert all(one.cite for one in found)


def test_a_removal_waits_for_nothing(commune, secretary):
    file = admission(unit=commune.bon, step=Step.PROBATION)
    actions.record_vote(secretary, file, file.version, purpose=Purpose.REMOVAL, **ballot(TODAY))
    actions.propose(secretary, file, file.version)
    assert file.step is Step.PROPOSED


def test_a_failed_vote_on_recognition_is_not_proposed_but_three_are(commune, secretary):
    file = over(commune.bon)
    [vote] = file_queries.votes(secretary, file, VotingBody.CELL, Purpose.RECOGNITION)
    actions.correct_vote(secretary, file, file.version, vote, in_favour=5, against=3)
    refused(lambda: actions.propose(secretary, file, file.version), "vote.short")
    for days in (1, 0):
        said = ballot(TODAY - dt.timedelta(days=days), in_favour=5, against=3)
        refused(lambda: actions.propose(secretary, file, file.version), "vote.short")
        actions.record_vote(secretary, file, file.version, purpose=Purpose.RECOGNITION, **said)
    assert "recognition_vote.deadlock" in {one.code for one in warnings(file_queries.findings(secretary, file, TODAY))}
    actions.propose(secretary, file, file.version)
    assert file.step is Step.PROPOSED


@pytest.mark.parametrize("step", [Step.LISTED, Step.SUBMITTED, Step.DECIDED, Step.CLOSED, Step.REMOVED])
def test_steps_out_of_order_are_refused_with_the_article(commune, secretary, step):
    file = admission(unit=commune.bon, step=step)
    for deed in (actions.submit, actions.propose):
        found = refused(lambda deed=deed: deed(secretary, file, file.version), "admission.step")
        assert found[0].cite is not None
    if step is not Step.LISTED:
        refused(lambda: actions.ask_to_start(secretary, file, file.version), "admission.step")


def test_every_deed_of_the_cell_refuses_a_stale_page(commune, secretary):
    file = drafted(commune.bon)
    seen = file.version - 1
    [vote] = file_queries.votes(secretary, file)
    for deed in (
        lambda: actions.submit(secretary, file, seen), lambda: actions.propose(secretary, file, seen),
        lambda: actions.ask_to_start(secretary, file, seen), lambda: actions.withdraw(secretary, file, seen, "x"),
        lambda: actions.record_vote(secretary, file, seen, purpose=Purpose.ADMISSION, **ballot(TODAY)),
        lambda: actions.correct_vote(secretary, file, seen, vote, in_favour=6),
        lambda: actions.hold_ceremony(secretary, file, seen, ceremony_on=TODAY),
        lambda: actions.move_away(secretary, file, seen, on=TODAY, to=commune.he, paper="1"),
        lambda: actions.edit(secretary, file, seen, check_paper="15-BC"),
    ):  # fmt: skip
        stale(deed)
    assert db.session.get_one(type(file), file.id).step is Step.DRAFT
