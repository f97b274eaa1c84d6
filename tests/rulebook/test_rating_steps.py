"""The steps of a rating: their order and bodies by law, what may follow what, the days, quarters and forms."""

from __future__ import annotations

from datetime import date

import pytest

from partyreg.rulebook.rating import (
    Frame,
    Level,
    LevelVote,
    RatingBody,
    RatingStep,
    StepFacts,
    SubjectKind,
    close_by,
    decided_by,
    form_code,
    is_quarterly,
    may_move,
    next_step,
    quarter_steps,
    quarterly_citation,
    steps,
)
from partyreg.rulebook.timeline import NotInForce

DAY = date(2026, 12, 31)
VOTE = LevelVote(10, 0, 10, {Level.GOOD: 10})
#: Everything that every step asks for.
WHOLE = StepFacts(
    targets_on=DAY, self_level=Level.GOOD, vote=VOTE, proposed=Level.GOOD, checked_on=DAY, opinion_on=DAY,
    decided=Level.GOOD, decision="12-QĐ/ĐU", decided_on=DAY,
)  # fmt: skip
WAYS = {
    SubjectKind.MEMBER: ["self", "vote", "check", "decision"],
    SubjectKind.ORGANISATION: ["self", "check", "decision"],
    SubjectKind.OFFICIAL: ["targets", "self", "opinion", "decision"],
}


@pytest.mark.parametrize("kind", SubjectKind)
def test_the_steps_of_a_kind_in_order(kind: SubjectKind) -> None:
    found = steps(kind, DAY)
    assert [one.step.value for one in found] == WAYS[kind]
    assert found[-1].bodies == (RatingBody.STANDING,)
    assert all(one.bodies and one.cite.instrument for one in found)


def test_the_steps_of_a_quarter_are_those_of_officials() -> None:
    assert [one.step.value for one in quarter_steps(DAY)] == WAYS[SubjectKind.OFFICIAL]
    with pytest.raises(NotInForce):
        quarter_steps(date(2026, 5, 21))


def test_members_are_proposed_by_the_vote_of_their_cell() -> None:
    bodies = {one.step: one.bodies for one in steps(SubjectKind.MEMBER, DAY)}
    assert bodies[RatingStep.VOTE] == (RatingBody.CELL,)
    assert bodies[RatingStep.SELF] == (RatingBody.SUBJECT,)


@pytest.mark.parametrize("kind", SubjectKind)
def test_one_step_follows_another_to_the_end(kind: SubjectKind) -> None:
    walked: list[RatingStep | None] = [RatingStep(WAYS[kind][0])]
    while walked[-1] is not None:
        walked.append(next_step(walked[-1], kind, DAY))
    assert walked == [*map(RatingStep, WAYS[kind]), RatingStep.DECIDED, None]
    with pytest.raises(ValueError):
        next_step(RatingStep.OPINION if kind is not SubjectKind.OFFICIAL else RatingStep.VOTE, kind, DAY)


def test_officials_have_no_steps_before_their_decree() -> None:
    with pytest.raises(NotInForce):
        steps(SubjectKind.OFFICIAL, date(2025, 12, 31))


@pytest.mark.parametrize("kind", SubjectKind)
def test_a_step_with_its_result_may_be_left_and_one_without_may_not(kind: SubjectKind) -> None:
    for one in steps(kind, DAY):
        to = next_step(one.step, kind, DAY)
        assert to is not None
        assert may_move(one.step, to, kind, WHOLE, DAY) == []
        refused = may_move(one.step, to, kind, StepFacts(), DAY)
        assert [(found.code, found.blocks) for found in refused] == [("rating.lacking", True)]
        assert refused[0].field in StepFacts.__dataclass_fields__


@pytest.mark.parametrize(
    ("step", "facts", "field"),
    [
        (RatingStep.VOTE, StepFacts(vote=VOTE), "vote"),
        (RatingStep.DECISION, StepFacts(decided=Level.GOOD, decided_on=DAY, decision=" "), "decision"),
        (RatingStep.DECISION, StepFacts(decided=Level.GOOD, decision="12-QĐ/ĐU"), "decision"),
    ],
)
def test_half_a_result_is_none(step: RatingStep, facts: StepFacts, field: str) -> None:
    to = next_step(step, SubjectKind.MEMBER, DAY)
    assert to is not None
    assert [one.field for one in may_move(step, to, SubjectKind.MEMBER, facts, DAY)] == [field]


@pytest.mark.parametrize(
    ("step", "to", "codes"),
    [
        ("self", "check", ["rating.skip"]),
        ("vote", "decided", ["rating.skip"]),
        ("self", "self", ["rating.skip"]),
        ("check", "self", []),
        ("decision", "vote", []),
        ("decided", "decision", ["rating.ended"]),
        ("decided", "decided", ["rating.ended"]),
        ("self", "opinion", ["rating.no_step"]),
        ("targets", "self", ["rating.no_step"]),
    ],
)
def test_what_may_follow_what(step: str, to: str, codes: list[str]) -> None:
    found = may_move(RatingStep(step), RatingStep(to), SubjectKind.MEMBER, WHOLE, DAY)
    assert [one.code for one in found] == codes
    assert all(one.blocks and one.field == "step" for one in found)


def test_the_days_by_which_a_year_is_rated() -> None:
    assert close_by(SubjectKind.MEMBER, 2026).on == close_by(SubjectKind.ORGANISATION, 2026).on == date(2026, 12, 31)
    assert close_by(SubjectKind.OFFICIAL, 2026).on == date(2026, 12, 15)
    assert decided_by(2026).on == date(2027, 3, 31)
    assert not decided_by(2026).cite.is_verified
    with pytest.raises(NotInForce):
        close_by(SubjectKind.MEMBER, 2020)


def test_leaders_are_evaluated_every_quarter() -> None:
    assert [frame for frame in Frame if is_quarterly(frame, DAY)] == [Frame.LEADER]
    assert not is_quarterly(Frame.LEADER, date(2026, 5, 21))
    assert quarterly_citation(DAY).instrument == "02-HD/BTCTW"


def test_the_form_of_a_frame() -> None:
    assert [form_code(frame, DAY) for frame in Frame] == [
        "01-HD KĐ.ĐG", "", "2B-HD KĐ.ĐG 2025", "2A-HD KĐ.ĐG 2025", "2C-HD KĐ.ĐG 2025",
    ]  # fmt: skip
    assert form_code(Frame.LEADER, date(2024, 12, 31)) == "02B-HD KĐ.ĐG 2023"
    assert form_code(Frame.OUTSIDE, date(2024, 12, 31)) == form_code(Frame.LEADER, date(2020, 1, 1)) == ""
