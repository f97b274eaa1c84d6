"""What is asked about files as a whole: how many stand where, the board, and the term of each step."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg import clock
from partyreg.access import Permission, Role
from partyreg.admissions import actions, queries
from partyreg.admissions.terms import FileRow, Term, first_day, term, terms
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Member
from partyreg.rulebook.admission import ENDS, OPEN, Step
from partyreg.workdays.queries import days_off
from tests.make.admissions import REACHED, SYSTEM, admission, introducers

TODAY = dt.date(2026, 11, 24)


def day(text: str) -> dt.date:
    """The day written as 2026-11-24."""
    return dt.date.fromisoformat(text)


@pytest.fixture
def reader(actor_):
    """Somebody of the organisation committee who reads files."""
    return actor_(Role.ORGANISATION, None, Permission.ADMISSIONS_READ)


@pytest.fixture
def off(app):
    """The days off of the years that the tests tell of."""
    return days_off(day("2024-01-01"), day("2027-12-31"))


# -- the board --------------------------------------------------------------------------------------------------------


def test_counts_by_step_and_unit(commune, reader):
    for name in ("Một", "Hai", "Ba"):
        admission(unit=commune.bon, full_name=f"Lò Thị {name}", step=Step.LISTED)
    admission(unit=commune.he, step=Step.WITHDRAWN)
    assert queries.counts(reader) == {step: {Step.LISTED: 3, Step.WITHDRAWN: 1}.get(step, 0) for step in Step}
    assert queries.counts(reader, commune.he) == {step: int(step is Step.WITHDRAWN) for step in Step}


def test_the_board_of_a_secretary_is_her_cells(commune, actor_):
    mine = admission(unit=commune.bon)
    admission(unit=commune.he, full_name="Lò Thị Hai")
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.ADMISSIONS_READ)
    assert [card.id for card in queries.listing(secretary)] == [mine.id]
    assert queries.counts(secretary)[Step.SUBMITTED] == 1


@pytest.mark.parametrize("step", REACHED)
def test_a_card_of_every_step_says_since_when_and_which_date_matters(commune, reader, step):
    file = admission(unit=commune.bon, step=step)
    [card] = queries.listing(reader, Step)
    assert (card.id, card.step, card.name, card.unit, card.unit_code) == (file.id, step, "Quàng Thị Hoa", "Chi bộ bản Bon", "cb-bon")
    assert card.since <= TODAY
    assert card.on is not None or step is Step.WITHDRAWN
    assert (card.deadline is None) == (step in (*ENDS, Step.ASKED, Step.RECOGNISED))


def test_since_is_the_office_day_of_the_last_step(commune, reader):
    file = admission(unit=commune.he, full_name="Lò Thị Hai", step=Step.DRAFT)
    # Half past midnight in the office is the day before in UTC.
    with clock.freeze(dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)):
        actions.withdraw(SYSTEM, file, file.version, "Người xin vào Đảng chuyển nơi ở.")
    [card] = queries.listing(reader, (Step.WITHDRAWN,))
    assert card.since == day("2026-11-21")


def test_the_most_urgent_come_first_and_those_without_a_term_last(commune, reader):
    asked = admission(unit=commune.bon, full_name="Lò Thị Một", step=Step.ASKED)
    late = admission(unit=commune.bon, full_name="Lò Thị Hai", step=Step.DECIDED, decided_on=day("2026-09-01"))
    soon = admission(unit=commune.he, full_name="Lò Thị Ba", step=Step.SUBMITTED)
    assert [card.id for card in queries.listing(reader)] == [late.id, soon.id, asked.id]


def test_ended_files_come_newest_first_and_page_by_page(commune, reader):
    files = []
    for number, name in enumerate(("Một", "Hai", "Ba")):
        file = admission(unit=commune.bon, full_name=f"Lò Thị {name}", step=Step.DRAFT)
        with clock.freeze(TODAY - dt.timedelta(days=number)):
            actions.withdraw(SYSTEM, file, file.version, "Người xin vào Đảng chuyển nơi ở.")
        files.append(file.id)
    assert [card.id for card in queries.listing(reader, ENDS)] == files
    assert [card.id for card in queries.listing(reader, ENDS, offset=1, limit=1)] == files[1:2]
    assert queries.listing(reader, OPEN) == []


def test_late_and_soon(commune, reader):
    late = admission(unit=commune.bon, full_name="Lò Thị Một", step=Step.DECIDED, decided_on=day("2026-09-01"))
    soon = admission(unit=commune.bon, full_name="Lò Thị Hai", step=Step.DECIDED, decided_on=day("2026-10-20"))
    admission(unit=commune.he, full_name="Lò Thị Ba", step=Step.DECIDED)
    assert [card.id for card in queries.listing(reader, late="late")] == [late.id]
    assert [card.id for card in queries.listing(reader, late="soon")] == [soon.id]
    assert len(queries.listing(reader)) == 3


def test_mine_are_the_steps_at_which_the_actor_must_act(commune, actor_):
    made = {step: admission(unit=commune.bon, full_name="Lò Thị Hoa", step=step).id for step in REACHED if step in OPEN}

    def mine(role, unit=None):
        actor = actor_(role, unit, Permission.ADMISSIONS_READ)
        found = queries.listing(actor, mine=True)
        assert {card.id for card in found} == {card.id for card in queries.listing(actor) if card.is_mine}
        return {card.step for card in found}

    at_the_cell = {Step.LISTED, Step.DRAFT, Step.RETURNED, Step.DECIDED, Step.PROBATION, Step.SENT_BACK}
    assert mine(Role.SECRETARY, commune.bon) == at_the_cell
    assert mine(Role.SECRETARY, commune.he) == set()
    assert mine(Role.ORGANISATION) == {Step.SUBMITTED, Step.PROPOSED, Step.RECOGNISED}
    assert mine(Role.STANDING) == {Step.ASKED, Step.DECIDING, Step.RULING}
    assert at_the_cell < set(made)


def test_statements_do_not_grow_with_the_files(commune, reader, counting):
    def made(number):
        for _each in range(number):
            for step in (Step.LISTED, Step.SUBMITTED):
                admission(unit=commune.bon, introduced_by=named, step=step)
        db.session.commit()
        with counting() as count:
            queries.counts(reader)
            queries.listing(reader, Step, late="late", mine=True)
            queries.listing(reader, Step)
        return len(count)

    named = introducers(commune.bon)
    few = made(2)
    assert made(9) == few > 0


def test_one_files_term_is_that_of_the_board(commune, reader):
    file = admission(unit=commune.bon)
    [card] = queries.listing(reader)
    assert queries.deadline(file, TODAY) == card.deadline


def test_the_cell_is_where_the_person_is_now(commune, actor_, reader):
    file = admission(unit=commune.bon, step=Step.PROBATION, decided_on=day("2026-09-01"))
    members.transfer(SYSTEM, db.session.get_one(Member, file.person_id), to=commune.he, on=day("2026-11-02"))
    [card] = queries.listing(reader)
    assert card.unit_code == "cb-he"
    assert queries.listing(actor_(Role.SECRETARY, commune.bon, Permission.ADMISSIONS_READ)) == []


# -- the term of each step --------------------------------------------------------------------------------------------


def test_the_decision_has_45_working_days_from_the_cells_vote(off):
    for step in (Step.SUBMITTED, Step.COMMITTEE, Step.DECIDING, Step.RETURNED):
        found = term(FileRow(step, voted_on=day("2026-10-20")), TODAY, off)
        assert found
        # 21 October to 23 November is 24 working days; 24 November has been a day off since 2026.
        assert (found.what, found.spent, found.total, found.left) == (Term.DECISION, 24, 45, 21)
        assert found.due == day("2026-12-23")
        assert (found.tone, found.text, found.name) == ("ok", "Còn 21 ngày làm việc", "Hạn quyết định kết nạp")


@pytest.mark.parametrize(
    ("on", "left", "tone"),
    [("2026-12-08", 11, "ok"), ("2026-12-09", 10, "warn"), ("2026-12-23", 0, "warn"), ("2026-12-24", -1, "danger")],
)
def test_green_amber_red_to_the_day(off, on, left, tone):
    found = term(FileRow(Step.DECIDING, voted_on=day("2026-10-20")), day(on), off)
    assert found
    assert (found.left, found.tone) == (left, tone)
    assert ("Quá hạn" in found.text) is (left < 0) is found.is_late


def test_a_term_that_is_over_is_late_on_the_weekend_too(off):
    friday = FileRow(Step.DRAFT, check_asked_on=day("2026-10-02"))
    found = term(friday, day("2026-11-14"), off)
    assert found
    assert (found.due, found.left, found.is_late) == (day("2026-11-13"), -1, True)


def test_tet_does_not_count(off):
    found = term(FileRow(Step.SUBMITTED, voted_on=day("2026-02-10")), day("2026-02-23"), off)
    assert found
    # 11 to 13 February and the 23rd; Tết is from the 16th to the 20th.
    assert found.spent == 4


@pytest.mark.parametrize("voted_on", [None, TODAY + dt.timedelta(days=1), day("1999-01-01")])
def test_no_term_without_a_vote_or_a_law(off, voted_on):
    assert term(FileRow(Step.SUBMITTED, voted_on=voted_on), TODAY, off) is None


def test_the_list_is_reviewed_month_by_month(off):
    listed = FileRow(Step.LISTED, listed_on=day("2026-10-05"))
    found = term(listed, TODAY, off)
    assert found
    assert (found.what, found.due, found.left, found.tone, found.text) == (Term.REVIEW, day("2026-11-30"), 6, "warn", "Còn 6 ngày")
    reviewed = term(listed._replace(reviewed_on=day("2026-11-12")), TODAY, off)
    assert reviewed
    assert (reviewed.due, reviewed.tone) == (day("2026-12-31"), "ok")
    missed = term(listed._replace(listed_on=day("2026-08-03"), reviewed_on=day("2026-09-30")), TODAY, off)
    assert missed
    assert (missed.due, missed.left, missed.text) == (day("2026-10-31"), -24, "Quá hạn 24 ngày")
    assert term(FileRow(Step.LISTED, listed_on=day("1999-10-05")), day("1999-11-01"), off) is None  # no law was known
    assert term(FileRow(Step.LISTED), TODAY, off) is None


def test_a_certificate_that_ends_sooner_than_the_next_review(off):
    row = FileRow(Step.LISTED, listed_on=day("2026-11-05"), certificate_on=day("2021-12-10"))
    found = term(row, TODAY, off)
    assert found
    assert (found.what, found.due, found.left, found.tone) == (Term.CERTIFICATE, day("2026-12-10"), 16, "warn")


def test_of_a_draft_the_check_while_it_is_out_else_what_ends_first(off):
    row = FileRow(
        Step.DRAFT, certificate_on=day("2022-01-10"), opened_on=day("2026-06-01"), check_asked_on=day("2026-11-02"),
    )  # fmt: skip
    out = term(row, TODAY, off)
    assert out
    assert (out.what, out.total, out.spent, out.working) == (Term.CHECK, 30, 15, True)
    abroad = term(row._replace(check_abroad=True), TODAY, off)
    assert abroad
    assert abroad.total == 90
    back = row._replace(check_concluded_on=day("2026-11-20"))
    first = term(back, TODAY, off)
    assert first
    assert (first.what, first.due) == (Term.CERTIFICATE, day("2027-01-10"))
    dossier = term(back._replace(certificate_on=day("2025-01-10")), TODAY, off)
    assert dossier
    assert (dossier.what, dossier.due) == (Term.DOSSIER, day("2027-06-01"))
    assert {one.what for one in terms(back, TODAY, off)} == {Term.CERTIFICATE, Term.DOSSIER}


def test_a_returned_file_without_a_vote_has_the_terms_of_a_draft(off):
    row = FileRow(Step.RETURNED, certificate_on=day("2022-01-10"), opened_on=day("2026-06-01"))
    assert {one.what for one in terms(row, TODAY, off)} == {Term.CERTIFICATE, Term.DOSSIER}
    assert {one.what for one in terms(row._replace(voted_on=day("2026-11-02")), TODAY, off)} == {Term.DECISION}


def test_the_ceremonys_term_runs_from_issue_or_receipt_as_the_law_of_the_day_says(off):
    # 208-QĐ/TW counts from the issue; before it, from the receipt.
    new = term(FileRow(Step.DECIDED, decided_on=day("2026-08-03"), received_on=day("2026-08-20")), day("2026-08-21"), off)
    old = term(FileRow(Step.DECIDED, decided_on=day("2026-07-06"), received_on=day("2026-07-20")), day("2026-08-21"), off)
    unknown = term(FileRow(Step.DECIDED, decided_on=day("2026-07-06")), day("2026-08-21"), off)
    assert new and old and unknown
    assert (new.due, old.due, unknown.due) == (day("2026-09-16"), day("2026-08-28"), day("2026-08-17"))
    assert (new.what, new.total) == (Term.CEREMONY, 30)


def test_the_probation_and_then_the_term_in_which_the_cell_considers_her(off):
    row = FileRow(Step.PROBATION, ceremony_on=day("2025-11-24"))
    last = term(row, TODAY, off)
    after = term(row, day("2026-11-25"), off)
    assert last and after
    assert (last.what, last.due, last.left, last.working) == (Term.PROBATION, TODAY, 0, False)
    assert (after.what, after.spent, after.total, after.working) == (Term.RECOGNITION, 1, 30, True)
    assert term(FileRow(Step.PROBATION), TODAY, off) is None


def test_the_ruling_has_30_working_days_from_the_cells_vote_on_full_membership(off):
    for step in (Step.PROPOSED, Step.RULING, Step.SENT_BACK):
        found = term(FileRow(step, ceremony_on=day("2025-10-01"), full_voted_on=day("2026-10-20")), TODAY, off)
        assert found
        assert (found.what, found.spent, found.total, found.due) == (Term.RULING, 24, 30, day("2026-12-02"))
    unvoted = term(FileRow(Step.SENT_BACK, ceremony_on=day("2025-10-01")), TODAY, off)
    assert unvoted
    assert unvoted.what is Term.RECOGNITION


def test_days_off_are_wanted_from_the_first_term(app):
    rows = [FileRow(Step.DRAFT), FileRow(Step.DRAFT, check_asked_on=day("2025-03-03")), FileRow(Step.DECIDED, decided_on=day("2026-01-05"))]
    assert first_day(rows, TODAY) == day("2025-03-03")
    assert first_day([], TODAY) == TODAY
