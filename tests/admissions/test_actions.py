"""What is done to a file, and every refusal."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg import clock
from partyreg.access import Permission, Role
from partyreg.admissions import actions, queries
from partyreg.admissions.actions import Introduces
from partyreg.admissions.models import Admission, AdmissionMove, Introducer, IntroducerKind
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import Exit, Member, Person, Posting, PostingKind, Schooling, Standing, StandingPeriod
from partyreg.org import actions as org
from partyreg.rulebook.admission import Step
from tests.make.admissions import CANDIDATE, DECISION, GOOD, admission, introducers
from tests.make.members import SYSTEM as MAKER
from tests.make.members import member, person

TODAY = dt.date(2026, 11, 24)


def codes(refusal):
    """The codes of a refusal's findings."""
    return {one.code for one in refusal.value.findings}


def moves(file):
    """The log of a file as (from, to, user, reason)."""
    rows = db.session.scalars(sa.select(AdmissionMove).where(AdmissionMove.admission_id == file.id).order_by(AdmissionMove.id))
    return [(one.from_step, one.to_step, one.user_id, one.reason) for one in rows]


# -- opening ----------------------------------------------------------------------------------------------------------


def test_open_file_registers_the_candidate_and_logs_the_first_move(commune, secretary):
    file = actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, introducers=introducers(commune.bon), **GOOD)
    assert file.step is Step.DRAFT
    assert (file.unit_id, file.voted_on, file.in_favour) == (commune.bon.id, dt.date(2026, 10, 20), 7)
    candidate = db.session.get_one(Person, file.person_id)
    assert (candidate.full_name, candidate.unit_id, candidate.schooling) == ("Quàng Thị Hoa", commune.bon.id, Schooling.UPPER_SECONDARY)
    assert db.session.get(Member, file.person_id) is None
    assert moves(file) == [(None, Step.DRAFT, 11, None)]
    assert db.session.scalars(sa.select(AuditEntry.deed).order_by(AuditEntry.seq.desc())).first() == "admissions.open_file"


def test_open_file_for_a_person_whom_the_register_knows(commune, secretary):
    known = person(unit=commune.bon, full_name="Lường Thị Xôm")
    file = actions.open_file(secretary, unit=commune.bon, person=known)
    assert file.person_id == known.id
    assert file.opened_on == TODAY


def test_a_file_is_opened_in_a_living_cell_only(commune, secretary):
    with pytest.raises(RuleBroken) as refusal:
        actions.open_file(secretary, unit=commune.root, candidate=CANDIDATE)
    assert codes(refusal) == {"admission.no_cell"}
    org.dissolve(MAKER, commune.he, TODAY)
    with pytest.raises(RuleBroken) as refusal:
        actions.open_file(secretary, unit=commune.he, candidate=CANDIDATE)
    assert codes(refusal) == {"admission.no_cell"}


def test_a_member_needs_no_file(commune, secretary):
    standing = member(unit=commune.bon)
    with pytest.raises(RuleBroken) as refusal:
        actions.open_file(secretary, unit=commune.bon, person=db.session.get_one(Person, standing.id))
    assert codes(refusal) == {"admission.is_member"}


def test_a_former_member_is_sent_to_the_other_procedure_with_the_article(commune, secretary):
    former = member(unit=commune.bon)
    members.leave(MAKER, former, exit=Exit.WITHDREW, on=dt.date(2020, 1, 1))
    with pytest.raises(RuleBroken) as refusal:
        actions.open_file(secretary, unit=commune.bon, person=db.session.get_one(Person, former.id))
    assert codes(refusal) == {"admission.was_member"}
    assert "208-QĐ/TW" in str(refusal.value.findings[0].cite)


def test_one_file_under_way_for_one_person(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    candidate = db.session.get_one(Person, file.person_id)
    with pytest.raises(RuleBroken) as refusal:
        actions.open_file(secretary, unit=commune.bon, person=candidate)
    assert codes(refusal) == {"admission.open_already"}
    actions.withdraw(secretary, file, file.version, "Chuyển nơi ở")
    assert actions.open_file(secretary, unit=commune.bon, person=candidate).step is Step.DRAFT


def test_a_personal_number_is_one_persons(commune, secretary):
    person(unit=commune.he, personal_number="014201000001")
    with pytest.raises(RuleBroken) as refusal:
        actions.open_file(secretary, unit=commune.bon, candidate={**CANDIDATE, "personal_number": "014201000001"})
    assert refusal.value.findings[0].field == "personal_number"


def test_a_fact_that_no_cell_fills_in_is_a_mistake_of_ours(commune, secretary):
    with pytest.raises(TypeError, match="decided_on"):
        actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, decided_on=TODAY)


# -- the vote ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "code", "field"),
    [
        ({"present": 4, "in_favour": 5, "against": 0}, "vote.too_many", "in_favour"),
        ({"present": 10}, "vote.present", "present"),
        ({"not_counted": 10}, "vote.not_counted", "not_counted"),
        ({"against": -1}, "vote.negative", "against"),
        ({"present": None}, "vote.incomplete", "present"),
        ({"voted_on": None}, "vote.no_day", "voted_on"),
        ({"voted_on": TODAY + dt.timedelta(days=1)}, "vote.future", "voted_on"),
        ({"voted_on": dt.date(2001, 1, 1)}, "law.unknown", "voted_on"),
    ],
)
def test_impossible_votes_are_refused_at_their_field(commune, secretary, numbers, code, field):
    with pytest.raises(RuleBroken) as refusal:
        actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, **{**GOOD, **numbers})
    assert code in codes(refusal)
    assert field in {one.field for one in refusal.value.findings}
    file = admission(unit=commune.bon, step=Step.DRAFT)
    with pytest.raises(RuleBroken) as refusal:
        actions.edit(secretary, file, file.version, **numbers)
    assert code in codes(refusal)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Admission)) == 1


# -- editing ----------------------------------------------------------------------------------------------------------


def test_edit_changes_file_candidate_and_introducers_as_one(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    before = file.version
    union = Introduces(IntroducerKind.YOUTH_UNION, resolution_number="03-NQ/ĐTN", resolved_on=dt.date(2026, 6, 2))
    kept = queries.introducers(secretary, file, TODAY)[0]
    replaced = Introduces(IntroducerKind.MEMBER, kept.member_id, dt.date(2019, 5, 5), is_replacement=True)
    actions.edit(
        secretary, file, before, candidate={"ethnicity": "Mông"}, candidate_version=1, introducers=[replaced, union], check_paper="15-BC"
    )  # fmt: skip
    assert file.version > before
    assert file.check_paper == "15-BC"
    assert db.session.get_one(Person, file.person_id).ethnicity == "Mông"
    named = queries.introducers(secretary, file, TODAY)
    assert [(one.kind, one.member_id, one.together_since, one.is_replacement) for one in named] == [
        (IntroducerKind.MEMBER, kept.member_id, dt.date(2019, 5, 5), True), (IntroducerKind.YOUTH_UNION, None, None, False),
    ]  # fmt: skip
    assert moves(file)[-1][1] is Step.DRAFT  # an edit is no step


def test_a_stale_edit_is_a_conflict_that_shows_both(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    seen = file.version
    actions.edit(secretary, file, seen, check_paper="15-BC")
    with pytest.raises(Conflict) as conflict:
        actions.edit(
            secretary, file, seen, check_paper="16-BC", applied_on=dt.date(2026, 6, 6), in_hard_area=True, candidate={"ethnicity": "Mông"}
        )
    assert {"Có"} == {said for said in conflict.value.mine.values() if said in ("Có", "Không")}
    assert conflict.value.mine["Số văn bản kết luận thẩm tra"] == "16-BC"
    assert conflict.value.theirs["Số văn bản kết luận thẩm tra"] == "15-BC"
    assert conflict.value.mine["Ngày đơn xin vào Đảng"] == "06/06/2026"
    assert conflict.value.theirs["Dân tộc"] == "Thái"
    assert file.check_paper == "15-BC"


def test_a_candidate_edited_elsewhere_is_a_conflict(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    candidate = db.session.get_one(Person, file.person_id)
    seen = candidate.version
    members.edit_person(MAKER, candidate, seen, ethnicity="Mông")
    with pytest.raises(Conflict) as conflict:
        actions.edit(secretary, file, file.version, candidate={"ethnicity": "Khơ Mú"}, candidate_version=seen)
    assert (conflict.value.mine["Dân tộc"], conflict.value.theirs["Dân tộc"]) == ("Khơ Mú", "Mông")


@pytest.mark.parametrize("step", [Step.SUBMITTED, Step.APPROVED, Step.WITHDRAWN])
def test_only_a_file_at_the_cell_is_edited(commune, secretary, step):
    file = admission(unit=commune.bon, step=step)
    with pytest.raises(RuleBroken) as refusal:
        actions.edit(secretary, file, file.version, check_paper="15-BC")
    assert codes(refusal) == {"admission.not_editable"}
    assert refusal.value.findings[0].cite is not None


def test_a_returned_file_is_edited_and_submitted_again(commune, secretary):
    file = admission(unit=commune.bon, step=Step.RETURNED)
    actions.edit(secretary, file, file.version, check_paper="15-BC")
    actions.submit(secretary, file, file.version)
    assert file.step is Step.SUBMITTED
    assert [to for _from, to, _user, _reason in moves(file)] == [Step.DRAFT, Step.SUBMITTED, Step.RETURNED, Step.SUBMITTED]


def test_set_introducers_replaces_them(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    other = member(unit=commune.bon, full_name="Hà Văn Dũng")
    actions.set_introducers(secretary, file, file.version, [Introduces(IntroducerKind.MEMBER, other.id, dt.date(2020, 1, 1))])
    assert [one.name for one in queries.introducers(secretary, file, TODAY)] == ["Hà Văn Dũng"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Introducer)) == 1


def test_introducers_that_cannot_be(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    one = Introduces(IntroducerKind.MEMBER, queries.introducers(secretary, file, TODAY)[0].member_id, None)
    with pytest.raises(RuleBroken) as refusal:
        actions.set_introducers(secretary, file, file.version, [one, one])
    assert codes(refusal) == {"admission.introducer_twice"}
    with pytest.raises(RuleBroken) as refusal:
        actions.set_introducers(secretary, file, file.version, [one, Introduces(IntroducerKind.TRADE_UNION)])
    assert (codes(refusal), refusal.value.findings[0].field) == ({"admission.resolution"}, "resolution_2")
    stranger = member(unit=commune.he)
    with pytest.raises(NotVisible):
        actions.set_introducers(secretary, file, file.version, [Introduces(IntroducerKind.MEMBER, stranger.id, None)])


# -- submitting, returning, withdrawing -------------------------------------------------------------------------------


def test_submit_hands_the_file_over(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    actions.submit(secretary, file, file.version)
    assert (file.step, file.submitted_on) == (Step.SUBMITTED, TODAY)
    assert moves(file)[-1] == (Step.DRAFT, Step.SUBMITTED, 11, None)


def test_a_file_without_a_vote_is_not_submitted(commune, secretary):
    none: dict[str, Any] = dict.fromkeys(("voted_on", "full_members", "not_counted", "present", "in_favour", "against", "blank"))
    file = admission(unit=commune.bon, step=Step.DRAFT, **none)
    with pytest.raises(RuleBroken) as refusal:
        actions.submit(secretary, file, file.version)
    assert codes(refusal) == {"vote.missing"}
    assert refusal.value.findings[0].cite is not None


def test_a_vote_that_failed_is_reported_to_the_committee_all_the_same(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, in_favour=5)
    actions.submit(secretary, file, file.version)
    assert file.step is Step.SUBMITTED


@pytest.mark.parametrize("step", [Step.SUBMITTED, Step.APPROVED, Step.WITHDRAWN])
def test_steps_out_of_order_are_refused_with_the_article(commune, secretary, step):
    file = admission(unit=commune.bon, step=step)
    with pytest.raises(RuleBroken) as refusal:
        actions.submit(secretary, file, file.version)
    assert codes(refusal) == {"admission.step"}
    assert "01-HD/TW" in str(refusal.value.findings[0].cite)


def test_send_back_needs_a_reason_and_keeps_it(commune, officer):
    file = admission(unit=commune.bon)
    for nothing in ("", "   "):
        with pytest.raises(RuleBroken) as refusal:
            actions.send_back(officer, file, file.version, nothing)
        assert (codes(refusal), refusal.value.findings[0].field) == ({"admission.no_reason"}, "reason")
    actions.send_back(officer, file, file.version, " Thiếu nghị quyết của Đoàn. ")
    assert moves(file)[-1] == (Step.SUBMITTED, Step.RETURNED, 12, "Thiếu nghị quyết của Đoàn.")


def test_only_a_waiting_file_is_sent_back(commune, officer):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    with pytest.raises(RuleBroken) as refusal:
        actions.send_back(officer, file, file.version, "Thiếu")
    assert codes(refusal) == {"admission.step"}


def test_withdraw_closes_the_file_with_a_reason(commune, secretary):
    file = admission(unit=commune.bon)
    with pytest.raises(RuleBroken) as refusal:
        actions.withdraw(secretary, file, file.version, "")
    assert codes(refusal) == {"admission.no_reason"}
    actions.withdraw(secretary, file, file.version, "Chuyển nơi ở")
    assert file.step is Step.WITHDRAWN
    with pytest.raises(RuleBroken) as refusal:
        actions.withdraw(secretary, file, file.version, "Lần nữa")
    assert codes(refusal) == {"admission.step"}


def test_every_step_refuses_a_stale_page(commune, secretary, officer):
    file = admission(unit=commune.bon)
    stale = file.version - 1
    for deed in (
        lambda: actions.submit(secretary, file, stale), lambda: actions.send_back(officer, file, stale, "x"),
        lambda: actions.withdraw(secretary, file, stale, "x"), lambda: actions.approve(officer, file, stale, **DECISION),
    ):  # fmt: skip
        with pytest.raises(Conflict, match="Chờ Ban Tổ chức"):
            deed()


# -- approving --------------------------------------------------------------------------------------------------------


def test_approve_makes_a_probationary_member_with_standing_posting_and_dates(commune, officer):
    file = admission(unit=commune.bon)
    made = actions.approve(officer, file, file.version, **DECISION)
    assert made.id == file.person_id
    assert (made.decided_on, made.decision_number, made.ceremony_on, made.full_on) == (
        dt.date(2026, 11, 20), "125-QĐ/ĐU", dt.date(2026, 12, 3), None,
    )  # fmt: skip
    standing = db.session.scalars(sa.select(StandingPeriod).where(StandingPeriod.member_id == made.id)).one()
    assert (standing.standing, standing.started_on, standing.ended_on) == (Standing.PROBATIONARY, dt.date(2026, 12, 3), None)
    posting = db.session.scalars(sa.select(Posting).where(Posting.member_id == made.id)).one()
    assert (posting.unit_id, posting.kind, posting.started_on) == (commune.bon.id, PostingKind.HOME, dt.date(2026, 12, 3))
    assert (file.step, file.decision_number, file.decision_year, file.signer) == (Step.APPROVED, "125-QĐ/ĐU", 2026, "Lò Văn Pâng")
    assert moves(file)[-1] == (Step.SUBMITTED, Step.APPROVED, 12, None)
    deed, payload = db.session.execute(sa.select(AuditEntry.deed, AuditEntry.payload).order_by(AuditEntry.seq.desc())).first() or ("", "")
    assert deed == "admissions.approve"
    assert '"table":"standing_period"' in str(payload)


@pytest.mark.parametrize("step", [Step.DRAFT, Step.RETURNED, Step.APPROVED, Step.WITHDRAWN])
def test_only_a_waiting_file_is_approved(commune, officer, step):
    file = admission(unit=commune.bon, step=step)
    with pytest.raises(RuleBroken) as refusal:
        actions.approve(officer, file, file.version, **{**DECISION, "decision_number": "126-QĐ/ĐU"})
    assert codes(refusal) == {"admission.step"}


def test_nobody_approves_her_own_submission(commune, actor_, officer):
    file = admission(unit=commune.bon, by=dataclasses.replace(officer, permission=Permission.ADMISSIONS_PREPARE))
    with pytest.raises(RuleBroken) as refusal:
        actions.approve(officer, file, file.version, **DECISION)
    assert codes(refusal) == {"admission.own_submission"}
    other = dataclasses.replace(actor_(Role.ORGANISATION, None, Permission.ADMISSIONS_DECIDE), user_id=99)
    assert actions.approve(other, file, file.version, **DECISION).id == file.person_id


def test_the_last_submission_counts_not_an_earlier_one(commune, secretary, officer):
    file = admission(unit=commune.bon, by=officer)
    actions.send_back(officer, file, file.version, "Sửa số nghị quyết")
    actions.submit(secretary, file, file.version)
    assert actions.approve(officer, file, file.version, **DECISION).id == file.person_id


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"in_favour": 5, "against": 3}, "vote.short"),
        ({"certificate_on": dt.date(2021, 10, 19)}, "admission.certificate"),
        ({"certificate_on": None}, "admission.certificate"),
        ({"check_concluded_on": None}, "admission.background"),
        ({"applied_on": None}, "admission.application"),
        ({"candidate": {"born_on": dt.date(2009, 1, 1)}}, "admission.age"),
        ({"candidate": {"born_on": dt.date(1960, 1, 1)}}, "admission.over_age"),
        ({"candidate": {"schooling": None}}, "admission.schooling"),
        ({"candidate": {"schooling": Schooling.PRIMARY}}, "admission.schooling"),
        ({"introduced_by": []}, "admission.introducers"),
        ({"voted_on": dt.date(2026, 7, 10)}, "admission.background"),
    ],
)
def test_approval_is_refused_with_the_article(commune, officer, facts, code):
    file = admission(unit=commune.bon, **facts)
    with pytest.raises(RuleBroken) as refusal:
        actions.approve(officer, file, file.version, **DECISION)
    [found] = [one for one in refusal.value.findings if one.code == code]
    assert found.cite is not None and found.cite.instrument
    assert file.step is Step.SUBMITTED
    assert db.session.get(Member, file.person_id) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"candidate": {"schooling": Schooling.PRIMARY}, "in_hard_area": True},
        {"candidate": {"schooling": Schooling.LITERATE}, "is_elder": True},
        {"candidate": {"born_on": dt.date(1960, 1, 1)}, "consent_paper": "88-CV/TU, 01/9/2026"},
    ],
)
def test_what_the_law_allows_in_special_cases(commune, officer, facts):
    file = admission(unit=commune.bon, **facts)
    assert actions.approve(officer, file, file.version, **DECISION).id == file.person_id


@pytest.mark.parametrize(
    ("full_members", "not_counted", "in_favour", "passes"),
    [
        (9, 0, 6, True), (9, 0, 5, False), (7, 0, 5, True), (7, 0, 4, False),
        (8, 0, 6, True), (8, 0, 5, False), (9, 3, 4, True), (9, 3, 3, False),
    ],
)  # fmt: skip
def test_two_thirds_to_the_vote(commune, officer, full_members, not_counted, in_favour, passes):
    vote = {"full_members": full_members, "not_counted": not_counted, "present": in_favour, "in_favour": in_favour, "against": 0}
    file = admission(unit=commune.bon, **vote)
    if passes:
        assert actions.approve(officer, file, file.version, **DECISION).id == file.person_id
    else:
        with pytest.raises(RuleBroken) as refusal:
            actions.approve(officer, file, file.version, **DECISION)
        assert codes(refusal) == {"vote.short"}


def test_an_introducer_who_was_on_probation_on_the_voting_day(commune, officer):
    ready, new = introducers(commune.bon, 1)[0], member(unit=commune.bon, standing=Standing.PROBATIONARY)
    members.recognise(MAKER, new, dt.date(2026, 10, 21))  # the day after the vote
    late = Introduces(IntroducerKind.MEMBER, new.id, dt.date(2020, 1, 1))
    file = admission(unit=commune.bon, introduced_by=[ready, late])
    with pytest.raises(RuleBroken) as refusal:
        actions.approve(officer, file, file.version, **DECISION)
    assert "admission.introducer_full" in codes(refusal)
    assert "who_2" in {one.field for one in refusal.value.findings}


def test_one_member_and_a_unions_resolution_suffice(commune, officer):
    union = Introduces(IntroducerKind.YOUTH_UNION, resolution_number="03-NQ/ĐTN", resolved_on=dt.date(2026, 6, 2))
    file = admission(unit=commune.bon, introduced_by=[*introducers(commune.bon, 1), union])
    assert actions.approve(officer, file, file.version, **DECISION).id == file.person_id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"decided_on": TODAY + dt.timedelta(days=1), "ceremony_on": dt.date(2026, 12, 3)}, "decided_on"),
        ({"decided_on": dt.date(2026, 10, 19)}, "decided_on"),
        ({"ceremony_on": dt.date(2026, 11, 19)}, "ceremony_on"),
    ],
)
def test_a_decision_whose_days_cannot_be(commune, officer, changed, field):
    file = admission(unit=commune.bon)
    with pytest.raises(RuleBroken) as refusal:
        actions.approve(officer, file, file.version, **{**DECISION, **changed})
    assert {one.field for one in refusal.value.findings} == {field}


def test_a_decision_number_is_given_once_a_year(commune, officer):
    admission(unit=commune.bon, step=Step.APPROVED)
    file = admission(unit=commune.he, full_name="Lường Văn Pọm")
    with pytest.raises(RuleBroken) as refusal:
        actions.approve(officer, file, file.version, **DECISION)
    assert (codes(refusal), refusal.value.findings[0].field) == ({"admission.decision_number"}, "decision_number")
    assert actions.approve(officer, file, file.version, **{**DECISION, "decision_number": "126-QĐ/ĐU"}).id == file.person_id


def test_a_number_of_another_year_may_come_again(commune, officer):
    with clock.freeze(dt.date(2025, 12, 1)):
        last_year: dict[str, Any] = {name: day.replace(year=2025) for name, day in GOOD.items() if isinstance(day, dt.date)}
        last_year["certificate_on"] = dt.date(2024, 11, 10)
        decision = {"decided_on": dt.date(2025, 11, 20), "ceremony_on": dt.date(2025, 12, 3)}
        admission(unit=commune.bon, step=Step.APPROVED, decision=decision, **last_year)
    file = admission(unit=commune.he)
    assert actions.approve(officer, file, file.version, **DECISION).decision_number == "125-QĐ/ĐU"


def test_a_number_of_a_member_without_a_file_is_taken_too(commune, officer):
    old = person(unit=commune.he)
    days: dict[str, Any] = {"decided_on": dt.date(2026, 3, 3), "ceremony_on": dt.date(2026, 3, 9)}
    members.enrol(MAKER, person=old, unit=commune.he, decision_number="125-QĐ/ĐU", **days)
    file = admission(unit=commune.bon)
    with pytest.raises(RuleBroken) as refusal:
        actions.approve(officer, file, file.version, **DECISION)
    assert codes(refusal) == {"admission.decision_number"}


def test_the_database_refuses_a_second_use_of_a_number(commune, officer):
    """Two officers at once may both have looked before either wrote; the constraint decides."""
    done = admission(unit=commune.bon, step=Step.APPROVED)
    file = admission(unit=commune.he, full_name="Lường Văn Pọm")
    twice = {"decision_year": done.decision_year, "decision_number": done.decision_number}
    statement = sa.update(Admission).where(Admission.id == file.id).values(**twice)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.connection().execute(statement)
