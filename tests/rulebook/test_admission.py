"""Admission: deadlines, votes, deadlock, and what holds whatever the facts: no unverified rule refuses, lateness moves no date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.admission import (
    REQUIREMENTS,
    AdmissionFacts,
    Ballot,
    IntroducerFacts,
    Purpose,
    Schooling,
    Step,
    VoteFacts,
    VotingBody,
    asks_removal,
    ceremony_due,
    ceremony_start,
    certificate_until,
    check_due,
    committee_votes_needed,
    decision_due,
    dossier_until,
    has_passed,
    is_carried,
    is_deadlocked,
    may_be_admitted,
    may_leave,
    probation_ends,
    proposal,
    recognition_due,
    review_due,
    ruling_due,
    share_citation,
    vote_findings,
    votes_needed,
)
from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import Finding, Severity, blocking, judged, warnings
from partyreg.rulebook.timeline import Citation, Confidence, NotInForce, Provision

DAY = date(2026, 9, 3)
FAILED, PASSED = VoteFacts(9, 0, 9, 5, 4), VoteFacts(9, 0, 9, 6, 3)
_DATES = [name for name, field in AdmissionFacts.__dataclass_fields__.items() if field.type == "date | None"]


def _some_facts() -> st.SearchStrategy[AdmissionFacts]:
    days = st.none() | st.dates(date(2024, 1, 1), date(2027, 1, 1))
    votes = st.lists(st.builds(Ballot, st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.sampled_from([FAILED, PASSED])), max_size=4)
    ballot = st.none() | st.builds(Ballot, st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.sampled_from([FAILED, PASSED]))
    parts: dict[str, st.SearchStrategy[object]] = dict.fromkeys(_DATES, days)
    parts |= {"recognition_votes": votes.map(tuple), "removal_votes": votes.map(tuple), "ruling_ballot": ballot}
    parts |= {"committee_ballot": ballot, "standing_ballot": ballot, "vote": st.sampled_from([None, FAILED, PASSED])}
    return st.builds(AdmissionFacts, **parts)  # type: ignore[arg-type]


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
        "admission.cv",
        "admission.introducers",
        "admission.background",
        "admission.opinions",
        "vote.missing",
    }


def test_every_rule_has_a_source_and_a_message_in_sentences() -> None:
    for finding in may_be_admitted(AdmissionFacts(), DAY):
        assert finding.cite is not None
        assert finding.message
        assert finding.field


@pytest.mark.parametrize("name", sorted(REQUIREMENTS))
def test_every_rule_names_the_day_and_the_source(name: str) -> None:
    from partyreg.rulebook import admission_course, admission_decision, admission_full, admission_list, admission_person

    areas = (admission_course, admission_decision, admission_full, admission_list, admission_person)
    here = {"class": "awareness_class"}.get(name, name)
    text = next(getattr(area, here).__doc__ for area in areas if hasattr(area, here))
    assert "overning day" in text
    assert any(mark in text for mark in ("Source", "A-", "KNĐ"))


def test_a_day_before_the_oldest_law_is_an_error() -> None:
    with pytest.raises(NotInForce):
        may_be_admitted(AdmissionFacts(), date(2010, 1, 1))
    with pytest.raises(NotInForce):
        may_leave(Step.DRAFT, AdmissionFacts(), date(2010, 1, 1))


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
    assert ruling_due(date(2026, 9, 3)) == date(2026, 10, 15)
    assert check_due(date(2026, 6, 1)) == date(2026, 7, 13)
    assert check_due(date(2026, 6, 1), abroad=True) == date(2026, 10, 5)
    assert dossier_until(date(2025, 9, 3)) == dossier_until(date(2025, 9, 3), DAY) == DAY
    assert certificate_until(date(2021, 9, 3)) == certificate_until(date(2021, 9, 3), DAY) == DAY
    assert review_due(date(2026, 1, 3)) == review_due(date(2026, 1, 31), DAY) == date(2026, 2, 28)


def test_the_term_of_the_ceremony_starts_as_the_law_of_the_decision_says() -> None:
    received = date(2026, 8, 10)
    assert ceremony_start(date(2026, 7, 25), received) == received
    assert ceremony_start(date(2026, 7, 25), None) == date(2026, 7, 25)
    assert ceremony_start(date(2026, 7, 26), received) == date(2026, 7, 26)


@pytest.mark.parametrize(("full", "out", "needed"), [(20, 0, 14), (20, 2, 12), (3, 0, 2), (1, 0, 1), (0, 0, 0)])
def test_votes_needed(full: int, out: int, needed: int) -> None:
    assert votes_needed(full, DAY, out) == needed


@pytest.mark.parametrize(("full", "out"), [(1, 2), (2, -1)])
def test_votes_needed_refuses_impossible_numbers(full: int, out: int) -> None:
    with pytest.raises(ValueError, match="between 0 and the full members"):
        votes_needed(full, DAY, out)


def test_committee_votes_needed_refuses_a_negative_number() -> None:
    with pytest.raises(ValueError, match="between 0 and the full members"):
        committee_votes_needed(-1, DAY, VotingBody.STANDING)


def test_impossible_numbers_and_empty_rolls_carry_nothing() -> None:
    assert is_carried(PASSED, DAY)
    assert not is_carried(FAILED, DAY)
    assert not is_carried(VoteFacts(0, 0, 0, 0, 0), DAY)
    assert not is_carried(VoteFacts(9, 0, 9, 10, 0), DAY)
    assert is_carried(FAILED, DAY, body=VotingBody.STANDING)
    assert has_passed(Ballot(DAY, PASSED), Purpose.REMOVAL)


def test_the_share_of_a_vote_is_cited() -> None:
    assert share_citation(Purpose.ADMISSION, DAY).instrument == "208-QĐ/TW"
    assert share_citation(Purpose.RECOGNITION, DAY, VotingBody.STANDING).article == "như mục 4.5a của 06-HD/TW (09/6/2025)"


def _ballots(*votes: VoteFacts) -> tuple[Ballot, ...]:
    return tuple(Ballot(add_months(date(2026, 9, 3), n), vote) for n, vote in enumerate(votes))


def test_three_failed_votes_running_are_a_deadlock() -> None:
    day = date(2026, 12, 31)
    assert is_deadlocked(_ballots(FAILED, FAILED, FAILED), day, Purpose.RECOGNITION)
    assert is_deadlocked(_ballots(FAILED, FAILED, FAILED), day, Purpose.REMOVAL)
    assert not is_deadlocked(_ballots(FAILED, FAILED), day, Purpose.RECOGNITION)
    assert not is_deadlocked(_ballots(FAILED, FAILED, PASSED), day, Purpose.RECOGNITION)
    assert not is_deadlocked(_ballots(FAILED, PASSED, FAILED, FAILED), day, Purpose.RECOGNITION)
    assert not is_deadlocked(_ballots(FAILED, FAILED, FAILED), date(2026, 11, 2), Purpose.RECOGNITION)
    assert not is_deadlocked((), day, Purpose.RECOGNITION)


def test_the_last_vote_that_carried_is_what_the_file_asks_for() -> None:
    day, early, late = date(2026, 12, 31), Ballot(date(2026, 10, 3), PASSED), Ballot(date(2026, 11, 3), PASSED)
    both = AdmissionFacts(recognition_votes=(early,), removal_votes=(late,))
    assert asks_removal(both, day)
    assert not asks_removal(both, date(2026, 10, 31))
    assert not asks_removal(replace(both, removal_votes=(early,), recognition_votes=(late,)), day)
    assert proposal(AdmissionFacts(), day) is None
    stuck = AdmissionFacts(removal_votes=_ballots(FAILED, FAILED, FAILED))
    assert not asks_removal(stuck, day)
    found = proposal(stuck, day)
    assert found is not None
    assert found.is_deadlock


@given(st.integers(1, 200), st.data())
def test_more_votes_in_favour_never_turn_enough_into_too_few(full: int, data: st.DataObject) -> None:
    out = data.draw(st.integers(0, full - 1))
    present = data.draw(st.integers(0, full - out))
    low = data.draw(st.integers(0, present))
    high = data.draw(st.integers(low, present))
    body = data.draw(st.sampled_from(VotingBody))
    purpose = data.draw(st.sampled_from(Purpose))

    def enough(votes: int) -> bool:
        return is_carried(VoteFacts(full, out, present, votes, present - votes), DAY, LAW, purpose, body)

    assert enough(high) or not enough(low)
    cell = not blocking(vote_findings(VoteFacts(full, out, present, low, present - low), DAY, LAW, purpose))
    assert cell == (3 * low >= 2 * (full - out))


@given(st.integers(0, 300), st.sampled_from(Purpose), st.dates(date(2016, 7, 25), date(2030, 1, 1)))
def test_the_votes_needed_are_the_fewest_that_reach_the_share(members: int, purpose: Purpose, day: date) -> None:
    for needed in (votes_needed(members, day, purpose=purpose), committee_votes_needed(members, day, VotingBody.COMMITTEE, LAW, purpose)):
        assert needed >= Fraction(2, 3) * members
        assert needed - 1 < Fraction(2, 3) * members
    standing = committee_votes_needed(members, day, VotingBody.STANDING, LAW, purpose)
    assert standing > Fraction(1, 2) * members
    assert standing - 1 <= Fraction(1, 2) * members


@given(st.builds(VoteFacts, *[st.integers(-3, 30)] * 6), st.dates(date(2016, 7, 25), date(2030, 1, 1)))
def test_any_numbers_get_an_answer(vote: VoteFacts, day: date) -> None:
    findings = vote_findings(vote, day)
    assert findings
    if not blocking(findings):
        assert 0 <= vote.cast <= vote.present <= vote.base


@given(st.dates(date(2016, 7, 25), date(2030, 1, 1)))
def test_no_unverified_rule_ever_refuses(day: date) -> None:
    facts = AdmissionFacts(considered_on=day, is_readmission=True, times_readmitted=3)
    found = [*may_be_admitted(facts, day), *(f for step in Step for f in may_leave(step, facts, day))]
    for finding in blocking(found):
        assert finding.cite is not None
        assert finding.cite.is_verified


@given(st.dates(date(2016, 7, 25), date(2029, 1, 1)), st.integers(0, 2000), st.integers(0, 2000))
def test_full_membership_is_the_ceremony_and_twelve_months_however_late(ceremony: date, late: int, later: int) -> None:
    full = probation_ends(ceremony)
    assert full == add_months(ceremony, 12)
    held = full + timedelta(days=late)
    day = held + timedelta(days=later)
    facts = AdmissionFacts(ceremony_on=ceremony, recognition_votes=(Ballot(held, PASSED),), ruled_on=day)
    over = REQUIREMENTS["probation_over"](facts, day, LAW)
    assert [f.facts["ends"] for f in over] == [full]
    assert not blocking(over)


@given(_some_facts(), st.dates(date(2025, 1, 1), date(2026, 11, 24)), st.sampled_from(Step))
def test_a_later_law_changes_nothing_for_an_earlier_day(facts: AdmissionFacts, day: date, step: Step) -> None:
    known = {name: getattr(facts, name) for name in _DATES}
    past = replace(
        facts,
        **{name: on for name, on in known.items() if on is None or on <= day},
        **{name: None for name, on in known.items() if on is not None and on > day},
    )
    assert may_leave(step, past, day, _with_a_later_law(day)) == may_leave(step, past, day)


def _with_a_later_law(day: date) -> Rulebook:
    """A book whose every number and share changes on the day after `day`, where nothing later is known."""
    since = max(day + timedelta(days=1), date(2026, 11, 25))
    cite = Citation("Luật mới", "", Confidence.QUOTED)
    new: dict[str, list[Provision[object]]] = {}
    keys = [key for key in LAW.keys() if key.startswith(("admission.", "probation.", "recognition.", "removal."))]  # noqa: SIM118
    for key in keys:
        value = LAW.timeline(key).provisions[-1].value
        if type(value) is int:
            new[key] = [Provision(since, value + 7, cite)]
    return LAW.with_local(new)


@given(_some_facts(), st.dates(date(2016, 7, 25), date(2028, 1, 1)), st.sampled_from(Step))
def test_any_facts_get_an_answer_at_every_step(facts: AdmissionFacts, day: date, step: Step) -> None:
    for finding in may_leave(step, facts, day):
        assert "%(" not in finding.message
        assert finding.field.split("-")[0] in AdmissionFacts.__dataclass_fields__
