"""Admission: steps, deadlines, votes, and that an unverified rule never refuses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.admission import (
    NEXT,
    AdmissionFacts,
    IntroducerFacts,
    Schooling,
    Step,
    VoteFacts,
    ceremony_due,
    decision_due,
    may_be_admitted,
    may_move,
    probation_ends,
    recognition_due,
    vote_findings,
    votes_needed,
)
from partyreg.rulebook.book import LAW
from partyreg.rulebook.finding import Finding, Severity, blocking, judged, warnings
from partyreg.rulebook.timeline import Citation, Confidence, NotInForce

DAY = date(2026, 9, 3)


def test_a_file_goes_from_draft_to_approval_and_back_only_when_returned() -> None:
    assert may_move(Step.DRAFT, Step.SUBMITTED)
    assert may_move(Step.SUBMITTED, Step.RETURNED)
    assert may_move(Step.RETURNED, Step.SUBMITTED)
    assert may_move(Step.SUBMITTED, Step.APPROVED)
    assert not may_move(Step.DRAFT, Step.APPROVED)
    assert not may_move(Step.RETURNED, Step.APPROVED)


@pytest.mark.parametrize("end", [Step.APPROVED, Step.WITHDRAWN])
def test_nothing_follows_the_end(end: Step) -> None:
    assert not any(may_move(end, step) for step in Step)


def test_every_step_is_in_the_table_and_can_be_reached() -> None:
    assert set(NEXT) == set(Step)
    assert set(Step) - set().union(*NEXT.values()) == {Step.DRAFT}


def test_schooling_is_ordered() -> None:
    assert Schooling.UPPER_SECONDARY.reaches(Schooling.LOWER_SECONDARY)
    assert not Schooling.LITERATE.reaches(Schooling.PRIMARY)


def test_an_empty_file_names_everything_that_is_missing() -> None:
    codes = {f.code for f in blocking(may_be_admitted(AdmissionFacts(), DAY))}
    assert codes == {
        "admission.age",
        "admission.schooling",
        "admission.application",
        "admission.certificate",
        "admission.introducers",
        "admission.background",
        "vote.missing",
    }


def test_every_rule_has_a_source_and_a_message_in_sentences() -> None:
    for finding in may_be_admitted(AdmissionFacts(), DAY):
        assert finding.cite is not None
        assert finding.message
        assert finding.field


def test_a_day_before_the_oldest_law_is_an_error() -> None:
    with pytest.raises(NotInForce):
        may_be_admitted(AdmissionFacts(), date(2010, 1, 1))


def test_the_law_of_the_cells_consideration_governs() -> None:
    facts = AdmissionFacts(born_on=date(2010, 1, 1), considered_on=date(2022, 9, 3))
    age = may_be_admitted(facts, DAY)[0]
    assert age.severity is Severity.WARN
    assert age.cite is not None
    assert age.cite.instrument == "Điều lệ Đảng"
    assert age.message.endswith("(quy định chưa được kiểm chứng)")


def test_introducers_are_named_by_their_place() -> None:
    one = IntroducerFacts(together_since=date(2026, 1, 1), disciplined=True)
    fields = {f.field for f in may_be_admitted(AdmissionFacts(introducers=(one, one)), DAY) if "introducer_" in f.code}
    assert fields == {"introducers-0", "introducers-1"}


def test_an_unverified_rule_warns_and_says_so() -> None:
    cite = Citation("x", "", Confidence.UNVERIFIED)
    found = judged("a", "b", Severity.BLOCK, "Thiếu %(what)s vào %(day)s.", cite, what="giấy", day=DAY)
    assert found.severity is Severity.WARN
    assert not found.blocks
    assert found.message == "Thiếu giấy vào 03/09/2026. (quy định chưa được kiểm chứng)"
    assert found.template % found.shown_facts == "Thiếu giấy vào 03/09/2026."
    assert warnings([found]) == [found]
    assert judged("a", "b", Severity.OK, "Đủ 90 %.", cite).message == "Đủ 90 %."
    assert list(Severity) == ["block", "warn", "ok"]
    assert Severity["INFO"] is Severity.OK
    assert Finding("a", "b", Severity.BLOCK, "c").blocks


def test_deadlines_of_the_register() -> None:
    assert decision_due(date(2026, 9, 3)) == date(2026, 11, 5)
    assert decision_due(date(2026, 9, 3), {date(2026, 9, 4)}) == date(2026, 11, 6)
    assert ceremony_due(date(2026, 10, 5)) == date(2026, 11, 16)
    assert probation_ends(date(2024, 2, 29)) == date(2025, 2, 28)
    assert probation_ends(date(2025, 9, 3), date(2026, 9, 3)) == date(2026, 9, 3)
    assert recognition_due(date(2025, 9, 3)) == date(2026, 10, 15)


@pytest.mark.parametrize(("full", "out", "needed"), [(20, 0, 14), (20, 2, 12), (3, 0, 2), (1, 0, 1), (0, 0, 0)])
def test_votes_needed(full: int, out: int, needed: int) -> None:
    assert votes_needed(full, DAY, out) == needed


@pytest.mark.parametrize(("full", "out"), [(1, 2), (2, -1)])
def test_votes_needed_refuses_impossible_numbers(full: int, out: int) -> None:
    with pytest.raises(ValueError, match="between 0 and the full members"):
        votes_needed(full, DAY, out)


@given(st.integers(1, 200), st.data())
def test_more_votes_in_favour_never_turn_enough_into_too_few(full: int, data: st.DataObject) -> None:
    out = data.draw(st.integers(0, full - 1))
    present = data.draw(st.integers(0, full - out))
    low = data.draw(st.integers(0, present))
    high = data.draw(st.integers(low, present))

    def enough(votes: int) -> bool:
        vote = VoteFacts(full, out, present, votes, present - votes)
        return not blocking(vote_findings(vote, DAY))

    assert enough(high) or not enough(low)
    assert enough(low) == (3 * low >= 2 * (full - out))


@given(st.builds(VoteFacts, *[st.integers(-3, 30)] * 6), st.dates(date(2016, 7, 25), date(2030, 1, 1)))
def test_any_numbers_get_an_answer(vote: VoteFacts, day: date) -> None:
    findings = vote_findings(vote, day)
    assert findings
    if not blocking(findings):
        assert 0 <= vote.cast <= vote.present <= vote.base


@given(st.dates(date(2016, 7, 25), date(2030, 1, 1)))
def test_no_unverified_rule_ever_refuses(day: date) -> None:
    facts = AdmissionFacts(considered_on=day, is_readmission=True, times_readmitted=3)
    for finding in blocking(may_be_admitted(facts, day)):
        assert finding.cite is not None
        assert finding.cite.is_verified


def test_a_local_book_is_asked() -> None:
    keys = LAW.keys()
    assert "admission.chain" in keys
    assert votes_needed(9, DAY, book=LAW.with_local({})) == 6
