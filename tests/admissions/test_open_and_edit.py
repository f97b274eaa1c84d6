"""The list, the candidate's file, and what the cell writes in it: every deed, and every refusal."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import clock
from partyreg.admissions import actions, file_queries, ruling_actions
from partyreg.admissions.actions import Introduces
from partyreg.admissions.models import Admission, AdmissionMove, Introducer, IntroducerKind
from partyreg.db import db
from partyreg.errors import NotVisible
from partyreg.members import actions as members
from partyreg.members.models import Exit, Member, Person, Schooling
from partyreg.org import actions as org
from partyreg.rulebook.admission import Step
from tests.admissions.deeds import TODAY, TOMORROW, changes_nothing, last_deed, moves, refused, stale
from tests.make.admissions import CANDIDATE, SYSTEM, admission, introducers
from tests.make.members import member, person

LISTED = {"listed_on": dt.date(2026, 11, 2), "listing_number": "09-NQ/CB"}
PERMITTED = {"permitted_on": dt.date(2026, 11, 9), "permit_number": "08-TB/ĐU"}


# -- opening ----------------------------------------------------------------------------------------------------------


def test_open_file_puts_a_new_candidate_on_the_list(commune, secretary):
    file = actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, introducers=introducers(commune.bon), **LISTED)
    assert (file.step, file.unit_id, file.is_readmission) == (Step.LISTED, commune.bon.id, False)
    assert (file.started_on, file.instrument, file.opened_on) == (dt.date(2026, 11, 2), "208-QĐ/TW", None)
    candidate = db.session.get_one(Person, file.person_id)
    assert (candidate.full_name, candidate.unit_id, candidate.schooling) == ("Quàng Thị Hoa", commune.bon.id, Schooling.UPPER_SECONDARY)
    assert db.session.get(Member, file.person_id) is None
    assert moves(file) == [(None, Step.LISTED, 11, None)]
    assert db.session.scalar(sa.select(AdmissionMove.instrument)) == "208-QĐ/TW"
    assert last_deed() == "admissions.open_file"


def test_the_law_of_the_listing_is_frozen_on_the_file(commune, secretary):
    file = actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, listed_on=dt.date(2025, 7, 1))
    assert (file.started_on, file.instrument) == (dt.date(2025, 7, 1), "294-QĐ/TW")
    actions.edit(secretary, file, file.version, listed_on=dt.date(2026, 11, 2))
    assert (file.started_on, file.instrument) == (dt.date(2025, 7, 1), "294-QĐ/TW")


def test_a_file_with_its_permit_starts_with_the_dossier(commune, secretary):
    file = actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, **PERMITTED)
    assert (file.step, file.opened_on, file.started_on) == (Step.DRAFT, TODAY, TODAY)
    assert moves(file) == [(None, Step.DRAFT, 11, None)]
    old = actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, opened_on=dt.date(2026, 11, 10), **PERMITTED)
    assert (old.opened_on, old.started_on) == (dt.date(2026, 11, 10), dt.date(2026, 11, 10))


def test_a_person_whom_the_register_knows_comes_to_the_cell(commune, secretary):
    known = person(unit=commune.he, full_name="Lường Thị Xôm")
    file = actions.open_file(secretary, unit=commune.bon, person=known)
    assert (file.person_id, known.unit_id, file.started_on) == (known.id, commune.bon.id, TODAY)


def test_a_file_is_opened_in_a_living_cell_only(commune, secretary):
    refused(lambda: actions.open_file(secretary, unit=commune.root, candidate=CANDIDATE), "admission.no_cell", field="unit")
    org.dissolve(SYSTEM, commune.he, TODAY)
    refused(lambda: actions.open_file(secretary, unit=commune.he, candidate=CANDIDATE), "admission.no_cell")


def test_a_day_without_law_is_refused(commune, secretary):
    refused(
        lambda: actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, listed_on=dt.date(1996, 11, 2)),
        "law.unknown", field="listed_on",
    )  # fmt: skip


def test_a_member_needs_no_file(commune, secretary):
    known = db.session.get_one(Person, member(unit=commune.bon).id)
    refused(lambda: actions.open_file(secretary, unit=commune.bon, person=known), "admission.is_member", field="person")


@pytest.mark.parametrize("exit", [Exit.WITHDREW, Exit.REMOVED, Exit.EXPELLED])
def test_one_who_left_is_to_be_readmitted(commune, secretary, exit):
    former = member(unit=commune.bon)
    members.leave(SYSTEM, former, exit=exit, on=dt.date(2020, 1, 1))
    file = actions.open_file(secretary, unit=commune.bon, person=db.session.get_one(Person, former.id))
    assert (file.step, file.is_readmission) == (Step.LISTED, True)


@pytest.mark.parametrize("exit", [Exit.DIED, Exit.MOVED_AWAY])
def test_who_died_or_moved_away_is_not_readmitted(commune, secretary, exit):
    former = member(unit=commune.bon)
    members.leave(SYSTEM, former, exit=exit, on=dt.date(2020, 1, 1))
    known = db.session.get_one(Person, former.id)
    refused(lambda: actions.open_file(secretary, unit=commune.bon, person=known), "admission.no_readmission", field="person")


def test_one_file_under_way_for_one_person(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    candidate = db.session.get_one(Person, file.person_id)
    refused(lambda: actions.open_file(secretary, unit=commune.bon, person=candidate), "admission.open_already", field="person")
    actions.withdraw(secretary, file, file.version, "Chuyển nơi ở")
    assert actions.open_file(secretary, unit=commune.bon, person=candidate).step is Step.LISTED


def test_the_database_refuses_a_second_file_under_way(commune):
    """Two secretaries at once may both have looked before either wrote; the index decides."""
    file = admission(unit=commune.bon, step=Step.DRAFT)
    second = {
        "person_id": file.person_id,
        "unit_id": file.unit_id,
        "step": Step.LISTED,
        "started_on": TODAY,
        "instrument": "-",
        "version": 1,
    }
    second |= dict.fromkeys(("is_readmission", "check_abroad", "in_hard_area", "is_elder"), False)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.connection().execute(sa.insert(Admission).values(**second))


def test_a_personal_number_is_one_persons(commune, secretary):
    person(unit=commune.he, personal_number="014201000001")
    candidate = {**CANDIDATE, "personal_number": "014201000001"}
    refused(lambda: actions.open_file(secretary, unit=commune.bon, candidate=candidate), "personal_number.taken", field="personal_number")


@pytest.mark.parametrize("name", ["decided_on", "step", "submitted_on"])
def test_a_fact_that_no_cell_fills_in_is_a_mistake_of_ours(commune, secretary, name):
    with pytest.raises(TypeError, match=name):
        actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, **{name: TODAY})
    file = admission(unit=commune.bon, step=Step.DRAFT)
    with pytest.raises(TypeError, match=name):
        actions.edit(secretary, file, file.version, **{name: TODAY})


def test_a_helper_or_introducer_of_another_cell_is_not_seen(commune, secretary):
    stranger = member(unit=commune.he)
    named = [Introduces(IntroducerKind.MEMBER, stranger.id, None)]
    for deed in (
        lambda: actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, helper_id=stranger.id),
        lambda: actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, introducers=named),
    ):
        with pytest.raises(NotVisible):
            deed()


# -- editing ----------------------------------------------------------------------------------------------------------


def test_edit_changes_file_candidate_and_introducers_as_one(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    before = file.version
    union = Introduces(IntroducerKind.YOUTH_UNION, resolution_number="03-NQ/ĐTN", resolved_on=dt.date(2026, 6, 2))
    kept = file_queries.introducers(secretary, file, TODAY)[0]
    replaced = Introduces(IntroducerKind.MEMBER, kept.member_id, dt.date(2019, 5, 5), is_replacement=True)
    actions.edit(
        secretary, file, before, candidate={"ethnicity": "Mông"}, candidate_version=1, introducers=[replaced, union], check_paper="15-BC"
    )  # fmt: skip
    assert file.version > before
    assert file.check_paper == "15-BC"
    assert db.session.get_one(Person, file.person_id).ethnicity == "Mông"
    named = file_queries.introducers(secretary, file, TODAY)
    assert [(one.kind, one.member_id, one.together_since, one.is_replacement) for one in named] == [
        (IntroducerKind.MEMBER, kept.member_id, dt.date(2019, 5, 5), True), (IntroducerKind.YOUTH_UNION, None, None, False),
    ]  # fmt: skip
    assert moves(file)[-1][1] is Step.DRAFT  # an edit is no step
    assert last_deed() == "admissions.edit"


def test_a_stale_edit_is_a_conflict_that_shows_both(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    seen = file.version
    actions.edit(secretary, file, seen, check_paper="15-BC")
    said = {"check_paper": "16-BC", "applied_on": dt.date(2026, 6, 6), "in_hard_area": True, "candidate": {"schooling": Schooling.PRIMARY}}
    conflict = stale(lambda: actions.edit(secretary, file, seen, **said))
    assert conflict.mine == {
        "Số văn bản kết luận thẩm tra": "16-BC", "Ngày đơn xin vào Đảng": "06/06/2026", "Giáo dục phổ thông": "Tiểu học",
        "Sống ở vùng cao, biên giới, vùng đồng bào dân tộc hoặc đặc biệt khó khăn": "Có",
    }  # fmt: skip
    assert conflict.theirs.keys() == conflict.mine.keys()
    assert conflict.theirs["Số văn bản kết luận thẩm tra"] == "15-BC"
    assert conflict.theirs["Sống ở vùng cao, biên giới, vùng đồng bào dân tộc hoặc đặc biệt khó khăn"] == "Không"


def test_a_candidate_edited_elsewhere_is_a_conflict(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    candidate = db.session.get_one(Person, file.person_id)
    seen = candidate.version
    members.edit_person(SYSTEM, candidate, seen, ethnicity="Mông")
    conflict = stale(lambda: actions.edit(secretary, file, file.version, candidate={"ethnicity": "Khơ Mú"}, candidate_version=seen))
    assert (conflict.mine["Dân tộc"], conflict.theirs["Dân tộc"]) == ("Khơ Mú", "Mông")


@pytest.mark.parametrize("step", [Step.ASKED, Step.SUBMITTED, Step.DECIDING, Step.DECIDED, Step.PROPOSED, Step.CLOSED, Step.WITHDRAWN])
def test_only_a_file_at_the_cell_is_edited(commune, secretary, step):
    file = admission(unit=commune.bon, step=step)
    found = refused(lambda: actions.edit(secretary, file, file.version, check_paper="15-BC"), "admission.not_editable")
    assert found[0].cite is not None


@pytest.mark.parametrize(
    ("step", "name", "value"),
    [
        (Step.LISTED, "applied_on", TODAY), (Step.LISTED, "permitted_on", TODAY), (Step.DRAFT, "permitted_on", TODAY),
        (Step.DRAFT, "new_class_on", TODAY), (Step.PROBATION, "listed_on", TODAY), (Step.SENT_BACK, "check_paper", "15-BC"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_step_stays_as_it_is(commune, secretary, step, name, value):
    file = admission(unit=commune.bon, step=step)
    refused(lambda: actions.edit(secretary, file, file.version, **{name: value}), "admission.not_now", field=name)
    actions.edit(secretary, file, file.version, **{name: getattr(file, name)})  # a form may send it all the same


def test_a_permit_older_than_the_file_is_written_once(commune, secretary):
    file = actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE, **PERMITTED)
    db.session.connection().execute(sa.update(Admission).values(permitted_on=None, permit_number=None))  # as an old register had it
    db.session.expire(file)
    actions.edit(secretary, file, file.version, **PERMITTED)
    refused(lambda: actions.edit(secretary, file, file.version, permit_number="9"), "admission.not_now", field="permit_number")


def test_a_new_helper_must_be_one_of_ours_the_old_one_may_stay(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    helper, stranger = db.session.get_one(Member, file.helper_id), member(unit=commune.he)
    assert file_queries.helper_name(secretary, file) == "Cà Văn An"
    with pytest.raises(NotVisible):
        actions.edit(secretary, file, file.version, helper_id=stranger.id)
    db.session.refresh(file)
    members.transfer(SYSTEM, helper, to=commune.he, on=TODAY)
    actions.edit(secretary, file, file.version, helper_id=helper.id)
    actions.edit(secretary, file, file.version, helper_id=None)
    assert file_queries.helper_name(secretary, file) is None


def test_set_introducers_replaces_them(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    other = member(unit=commune.bon, full_name="Hà Văn Dũng")
    actions.set_introducers(secretary, file, file.version, [Introduces(IntroducerKind.MEMBER, other.id, dt.date(2020, 1, 1))])
    assert [one.name for one in file_queries.introducers(secretary, file, TODAY)] == ["Hà Văn Dũng"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Introducer)) == 1


def test_introducers_that_cannot_be(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    one = Introduces(IntroducerKind.MEMBER, file_queries.introducers(secretary, file, TODAY)[0].member_id, None)

    def named(*given):
        return lambda: actions.set_introducers(secretary, file, file.version, given)

    refused(named(one, one), "admission.introducer_twice", field="who_2")
    refused(named(one, Introduces(IntroducerKind.TRADE_UNION)), "admission.resolution", field="resolution_2")
    with pytest.raises(NotVisible):
        named(Introduces(IntroducerKind.MEMBER, member(unit=commune.he).id, None))()


def test_a_file_of_another_cell_is_not_seen(commune, secretary):
    with pytest.raises(NotVisible):
        file_queries.one(secretary, admission(unit=commune.he).id)


# -- the list: reviews, asking, permission ----------------------------------------------------------------------------


def test_a_review_keeps_the_candidate_or_strikes_her_off(commune, secretary):
    file = admission(unit=commune.bon, step=Step.LISTED)
    seen = file.version
    actions.review(secretary, file, seen, on=dt.date(2026, 11, 1), is_kept=True, number="10-NQ/CB")
    assert (file.step, file.version > seen, last_deed()) == (Step.LISTED, True, "admissions.review")
    assert file_queries.facts(secretary, file, TODAY).reviewed_on == dt.date(2026, 11, 1)
    actions.review(secretary, file, file.version, on=TODAY, is_kept=False, reason=" Không còn phấn đấu. ")
    assert moves(file)[-1] == (Step.LISTED, Step.WITHDRAWN, 11, "Không còn phấn đấu.")
    assert [(one.reviewed_on, one.is_kept) for one in file_queries.reviews(secretary, file)] == [
        (dt.date(2026, 11, 1), True), (TODAY, False),
    ]  # fmt: skip


def test_reviews_that_cannot_be(commune, secretary):
    file = admission(unit=commune.bon, step=Step.ASKED)

    def reviewed(on, is_kept=True):
        return lambda: actions.review(secretary, file, file.version, on=on, is_kept=is_kept)

    refused(reviewed(TOMORROW), "admission.in_future", field="on")
    refused(reviewed(file.started_on - dt.timedelta(days=1)), "review.too_early", field="on")
    refused(reviewed(TODAY, is_kept=False), "admission.no_reason", field="reason")
    reviewed(TODAY)()
    refused(reviewed(TODAY), "review.twice", field="on")
    stale(lambda: actions.review(secretary, file, file.version - 1, on=TODAY, is_kept=True))
    drafted = admission(unit=commune.bon, step=Step.DRAFT)
    refused(lambda: actions.review(secretary, drafted, drafted.version, on=TODAY, is_kept=True), "admission.step")


def test_the_cell_asks_and_the_committee_permits(commune, secretary, standing):
    file = admission(unit=commune.bon, step=Step.LISTED)
    actions.ask_to_start(secretary, file, file.version)
    assert moves(file)[-1] == (Step.LISTED, Step.ASKED, 11, None)
    ruling_actions.permit(standing, file, file.version, permitted_on=TODAY, permit_number="08-TB/ĐU")
    assert (file.step, file.permitted_on, file.permit_number, file.opened_on) == (Step.DRAFT, TODAY, "08-TB/ĐU", TODAY)
    assert moves(file)[-1] == (Step.ASKED, Step.DRAFT, 13, None)
    assert last_deed() == "admissions.permit"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"listed_on": None}, "admission.listing"), ({"helper_id": None}, "admission.helper"),
        ({"certificate_on": None}, "admission.certificate"), ({"certificate_on": dt.date(2021, 10, 19)}, "admission.certificate"),
        ({"asked_on": None}, "admission.start"), ({"asked_on": TOMORROW}, "order.future"),
        ({"asked_on": dt.date(2025, 11, 1)}, "order.before"),
    ],
)  # fmt: skip
def test_asking_needs_what_the_law_demands_of_the_list(commune, secretary, facts, code):
    file = admission(unit=commune.bon, step=Step.LISTED)
    actions.edit(secretary, file, file.version, **facts)
    found = refused(lambda: actions.ask_to_start(secretary, file, file.version), code)
    assert code.startswith("order") or found[0].cite.instrument


def test_a_probationary_member_helps_nobody(commune, secretary):
    file = admission(unit=commune.bon, step=Step.LISTED)
    new = member(unit=commune.bon, ceremony_on=dt.date(2026, 6, 1), standing="probationary")
    actions.edit(secretary, file, file.version, helper_id=new.id)
    refused(lambda: actions.ask_to_start(secretary, file, file.version), "admission.helper", field="helper_id")


def test_permissions_that_cannot_be(commune, secretary, standing):
    file = admission(unit=commune.bon, step=Step.LISTED)

    def permitted(actor, on=TODAY, version=None):
        return lambda: ruling_actions.permit(actor, file, version or file.version, permitted_on=on, permit_number="8")

    refused(permitted(standing), "admission.step")
    actions.ask_to_start(secretary, file, file.version)
    refused(permitted(secretary), "admission.own_submission")
    refused(permitted(standing, TOMORROW), "admission.in_future", field="permitted_on")
    refused(permitted(standing, file.asked_on - dt.timedelta(days=1)), "order.before", field="permitted_on")
    stale(permitted(standing, version=file.version - 1))
    ruling_actions.send_back(standing, file, file.version, "Chưa có người giúp đỡ.")
    assert file.step is Step.LISTED


def test_before_the_list_was_a_step_a_file_started_with_its_dossier(commune, secretary):
    """The law before 38-HD/BTCTW demanded nothing of the list; a file of those days goes by the law of the day of each step."""
    with clock.freeze(dt.date(2025, 9, 1)), changes_nothing():
        nested = db.session.begin_nested()
        file = actions.open_file(secretary, unit=commune.bon, candidate=CANDIDATE)
        actions.ask_to_start(secretary, file, file.version)
        assert file.step is Step.ASKED
        nested.rollback()
