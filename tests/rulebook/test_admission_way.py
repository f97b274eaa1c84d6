"""The way of a file as the law of a day sets it: its order, its ways back and ends, what each step demands, and a local step."""

from __future__ import annotations

from datetime import date

import pytest

from partyreg.rulebook.admission import (
    AT_THE_CELL,
    BACK,
    CANDIDATE,
    ENDS,
    OPEN,
    REQUIREMENTS,
    AdmissionFacts,
    Step,
    demands,
    forward,
    may_leave,
    may_move,
    way,
)
from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.timeline import Citation, Confidence, NotInForce, Provision

DAY, KIND = date(2026, 9, 3), "village_cell"
SINCE = date(2026, 9, 1)


def _with_committee() -> Rulebook:
    """The law with a local provision: from September on the whole committee votes before its standing committee."""
    steps = list(way(KIND, DAY))
    steps.insert(steps.index(Step.DECIDING), Step.COMMITTEE)
    cite = Citation("Quy định của đảng ủy xã", "", Confidence.QUOTED)
    value = {KIND: tuple(step.value for step in steps)}
    return LAW.with_local({"admission.way": [Provision(SINCE, value, cite)]})


def test_a_file_goes_from_the_list_to_the_card() -> None:
    step, walked = Step.LISTED, [Step.LISTED]
    while (following := forward(step, KIND, DAY)) is not None:
        assert may_move(step, following, KIND, DAY)
        step = following
        walked.append(step)
    assert tuple(walked) == way(KIND, DAY)
    assert walked[-1] is Step.CLOSED
    assert Step.COMMITTEE not in walked


def test_what_was_sent_back_goes_on_as_before_it_was_handed_in() -> None:
    assert forward(Step.RETURNED, KIND, DAY) is Step.SUBMITTED
    assert forward(Step.SENT_BACK, KIND, DAY) is Step.PROPOSED
    assert demands(Step.RETURNED, DAY) == demands(Step.DRAFT, DAY)
    assert demands(Step.SENT_BACK, DAY) == demands(Step.PROBATION, DAY)


@pytest.mark.parametrize("end", ENDS)
def test_nothing_follows_the_end(end: Step) -> None:
    assert forward(end, KIND, DAY) is None
    assert not any(may_move(end, step, KIND, DAY) for step in Step)
    assert demands(end, DAY) == ()


def test_no_step_is_jumped() -> None:
    assert not may_move(Step.DRAFT, Step.DECIDED, KIND, DAY)
    assert not may_move(Step.RETURNED, Step.DECIDING, KIND, DAY)
    assert not may_move(Step.PROBATION, Step.RECOGNISED, KIND, DAY)


def test_the_ways_back_and_the_other_ends() -> None:
    assert all(may_move(frm, to, KIND, DAY) for frm, to in BACK.items())
    assert may_move(Step.DRAFT, Step.WITHDRAWN, KIND, DAY)
    assert not may_move(Step.DECIDED, Step.WITHDRAWN, KIND, DAY)
    assert may_move(Step.DECIDING, Step.DECLINED, KIND, DAY)
    assert not may_move(Step.SUBMITTED, Step.DECLINED, KIND, DAY)
    assert may_move(Step.PROBATION, Step.CANCELLED, KIND, DAY)
    assert may_move(Step.RULING, Step.REMOVED, KIND, DAY)
    assert not may_move(Step.PROBATION, Step.REMOVED, KIND, DAY)
    assert may_move(Step.DECIDED, Step.MOVED, KIND, DAY)


def test_every_step_can_be_reached_and_is_either_open_or_an_end() -> None:
    book = _with_committee()
    reached = {to for frm in Step for to in Step if may_move(frm, to, KIND, DAY, book)}
    assert reached == set(Step)
    assert set(OPEN) | set(ENDS) == set(Step)
    assert set(CANDIDATE) | set(AT_THE_CELL) <= set(OPEN)


def test_a_local_provision_adds_the_committees_vote_from_its_day_on() -> None:
    book, before = _with_committee(), date(2026, 8, 31)
    assert forward(Step.SUBMITTED, KIND, DAY, book) is Step.COMMITTEE
    assert forward(Step.COMMITTEE, KIND, DAY, book) is Step.DECIDING
    assert not may_move(Step.SUBMITTED, Step.DECIDING, KIND, DAY, book)
    assert forward(Step.SUBMITTED, KIND, before, book) is Step.DECIDING
    assert forward(Step.SUBMITTED, KIND, DAY) is Step.DECIDING
    assert [f.code for f in may_leave(Step.COMMITTEE, AdmissionFacts(), DAY, book)] == ["committee_vote.missing"]


def test_a_file_at_a_step_that_a_new_law_leaves_out_goes_on() -> None:
    assert forward(Step.COMMITTEE, KIND, DAY) is Step.DECIDING


def test_a_local_provision_can_demand_less_or_something_unknown() -> None:
    cite = Citation("Quy định của đảng ủy xã", "", Confidence.QUOTED)
    lean = LAW.with_local({"admission.needs": [Provision(SINCE, {"draft": ("age",)}, cite)]})
    assert [f.code for f in may_leave(Step.DRAFT, AdmissionFacts(), DAY, lean)] == ["admission.age"]
    odd = LAW.with_local({"admission.needs": [Provision(SINCE, {"draft": ("poem",)}, cite)]})
    with pytest.raises(KeyError, match="poem"):
        may_leave(Step.DRAFT, AdmissionFacts(), DAY, odd)


def test_the_shipped_law_names_only_steps_and_demands_that_exist() -> None:
    for provision in LAW.timeline("admission.way").provisions:
        for steps in provision.required.values():
            order = [list(Step).index(Step(step)) for step in steps]
            assert order == sorted(order)
    named = {name for p in LAW.timeline("admission.needs").provisions for names in p.required.values() for name in names}
    assert named == set(REQUIREMENTS)
    assert all(Step(step) for p in LAW.timeline("admission.needs").provisions for step in p.required)


def test_a_kind_that_the_law_does_not_know_and_a_day_before_it_are_errors() -> None:
    with pytest.raises(KeyError):
        way("section", DAY)
    with pytest.raises(NotInForce):
        way(KIND, date(2010, 1, 1))
