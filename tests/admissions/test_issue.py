"""Papers and numbers of a file: issued once, at their step, void and again; a decision's number is given once a year."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.admissions import actions, file_queries, ruling_actions
from partyreg.admissions.models import Admission
from partyreg.admissions.paper_actions import issue_paper
from partyreg.db import db
from partyreg.documents import actions as documents
from partyreg.documents import queries as kept
from partyreg.documents.models import Document, FileFormat
from partyreg.members import actions as members
from partyreg.rulebook.admission import Purpose, Step, VoteForm
from tests.admissions.deeds import SIGNER, TODAY, TOMORROW, decide, last_deed, refused, stale
from tests.make.admissions import SYSTEM, admission
from tests.make.members import person


def issued(actor, file, kind, **changed):
    """A paper of the file is issued, today unless told."""
    said = {"issued_on": TODAY, "signer": "Cà Văn An", **changed}
    return lambda: issue_paper(actor, file, file.version, kind, **said)


# -- papers -----------------------------------------------------------------------------------------------------------


def test_a_paper_is_numbered_kept_and_tied_to_the_file(commune, secretary):
    file = admission(unit=commune.bon, step=Step.LISTED)
    document = issued(secretary, file, "helper_assignment")()
    assert (document.unit_id, document.issuer_id, document.kind, document.number) == (
        commune.bon.id,
        commune.bon.id,
        "helper_assignment",
        1,
    )
    assert (document.year, document.issued_on, document.signer, document.is_outside) == (2026, TODAY, "Cà Văn An", False)
    assert [one.document_id for one in file_queries.papers(secretary, file)] == [document.id]
    assert set(kept.hashes(document)) == set(FileFormat)
    assert last_deed() == "admissions.issue_paper"


def test_a_paper_is_issued_once_unless_it_is_void(commune, secretary):
    file = admission(unit=commune.bon, step=Step.LISTED)
    first = issued(secretary, file, "helper_assignment")()
    refused(issued(secretary, file, "helper_assignment"), "paper.issued")
    documents.void(SYSTEM, first, first.version, "Sai tên đảng viên.")
    second = issued(secretary, file, "helper_assignment")()
    assert (first.number, second.number) == (1, 2)
    refused(issued(secretary, file, "helper_assignment"), "paper.issued")


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Step.LISTED, "cell_resolution"), (Step.SUBMITTED, "helper_assignment"), (Step.DRAFT, "committee_report"),
        (Step.DECIDED, "ceremony_minutes"), (Step.DECIDING, "decision"), (Step.RULING, "recognition_decision"),
        (Step.RULING, "removal_decision"), (Step.DECIDED, "cancel_decision"),
    ],
)  # fmt: skip
def test_a_paper_of_another_step_or_of_a_deed_is_refused(commune, secretary, step, kind):
    refused(issued(secretary, admission(unit=commune.bon, step=step), kind), "paper.not_now")


def test_papers_that_cannot_be(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    refused(issued(secretary, file, "helper_assignment", issued_on=TOMORROW), "admission.in_future", field="issued_on")
    refused(issued(secretary, file, "cell_resolution"), "paper.lacking")
    stale(lambda: issue_paper(secretary, file, file.version - 1, "helper_assignment", issued_on=TODAY))


def test_a_resolution_bears_the_number_that_the_minutes_have(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"number": "05-NQ/CB"})
    assert issued(secretary, file, "cell_resolution")().number == 5


def test_a_failed_vote_makes_no_resolution(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"in_favour": 5, "against": 3})
    refused(issued(secretary, file, "cell_resolution"), "paper.vote_short")


def test_the_committees_report_has_a_series_of_its_own(commune, officer, standing):
    decide(standing, admission(unit=commune.he, step=Step.DECIDING))  # number 125 of the decisions
    file = admission(unit=commune.bon)
    assert issued(officer, file, "committee_report", signer=SIGNER)().number == 1


# -- decisions --------------------------------------------------------------------------------------------------------


def test_the_register_gives_the_next_number_of_the_decisions(commune, standing):
    first = decide(standing, admission(unit=commune.bon, step=Step.DECIDING), outside_number=None)
    assert (first.sign, first.issuer_id, first.unit_id, first.is_outside) == ("1-QĐ/ĐU", commune.root.id, commune.bon.id, False)
    decide(standing, admission(unit=commune.bon, step=Step.DECIDING), outside_number="16")
    third = admission(unit=commune.he, step=Step.DECIDING)
    assert decide(standing, third, outside_number=None).sign == "17-QĐ/ĐU"
    assert third.decision_number == "17-QĐ/ĐU"
    cancelled = ruling_actions.cancel(standing, third, third.version, on=TODAY, reason="Sai thẩm quyền.", signer=SIGNER)
    assert cancelled.sign == "18-QĐ/ĐU"


@pytest.mark.parametrize("deed", [ruling_actions.recognise, ruling_actions.remove])
def test_the_ruling_is_issued_by_the_register(commune, secretary, officer, standing, deed):
    file = admission(unit=commune.bon, step=Step.RULING)
    if deed is ruling_actions.remove:
        ruling_actions.send_back(officer, file, file.version, "Biểu quyết lại.")
        vote = {"held_on": TODAY, "members": 9, "present": 9, "in_favour": 9, "number": "07-NQ/CB", "form": VoteForm.SECRET_BALLOT}
        actions.record_vote(secretary, file, file.version, purpose=Purpose.REMOVAL, **vote)
        actions.propose(secretary, file, file.version)
        ruling_actions.pass_on(officer, file, file.version)
    document = decide_full(deed, standing, file)
    assert (document.number, file.ruling_number) == (1, "1-QĐ/ĐU")
    assert set(kept.hashes(document)) == set(FileFormat)


def decide_full(deed, actor, file):
    """The ruling by unanimous vote, numbered by the register."""
    counts = ruling_actions.Counts(9, 9, 9)
    return deed(actor, file, file.version, decided_on=TODAY, signer=SIGNER, counts=counts, form=VoteForm.SECRET_BALLOT)


def test_numbers_used_before_the_register_are_skipped_and_noted(commune, standing):
    enrolled(commune, "125-QĐ/ĐU", dt.date(2026, 3, 3))
    document = decide(standing, admission(unit=commune.bon, step=Step.DECIDING), outside_number=None)
    assert document.sign == "126-QĐ/ĐU"
    noted = db.session.scalars(sa.select(Document).where(Document.number == 125)).one()
    assert noted.is_outside


@pytest.mark.parametrize("written", ["16", " 16 ", "016", "16-QĐ/ĐU", "16 - QĐ/ĐU "])
def test_an_outside_number_is_written_with_or_without_its_series(commune, standing, written):
    assert decide(standing, admission(unit=commune.bon, step=Step.DECIDING), outside_number=written).sign == "16-QĐ/ĐU"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("16-NQ/CB", "paper.number"), ("QĐ/ĐU", "paper.number"), ("1234567", "paper.number"), ("16/2026", "paper.number"),
        ("0", "document.no_number"),
    ],
)  # fmt: skip
def test_outside_numbers_that_cannot_be(commune, standing, written, code):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    refused(lambda: decide(standing, file, outside_number=written), code, field="outside_number")


def test_a_decision_number_is_given_once_a_year(commune, standing):
    decide(standing, admission(unit=commune.bon, step=Step.DECIDING))
    file = admission(unit=commune.he, step=Step.DECIDING)
    refused(lambda: decide(standing, file), "document.number_taken", field="outside_number")
    documents.note_outside(
        SYSTEM, unit=commune.root, issuer=commune.root, kind="outside", title="Quyết định khác", series="QĐ/ĐU", number=126, issued_on=TODAY
    )
    refused(lambda: decide(standing, file, outside_number="126"), "document.number_taken", field="outside_number")
    assert decide(standing, file, outside_number="127").sign == "127-QĐ/ĐU"


def enrolled(commune, number, decided_on):
    """A member from papers, decided on by that number."""
    days = {"decided_on": decided_on, "ceremony_on": decided_on + dt.timedelta(days=6)}
    return members.enrol(SYSTEM, person=person(unit=commune.he), unit=commune.he, decision_number=number, **days)


def test_a_number_of_a_member_without_a_file_is_taken_too(commune, standing):
    enrolled(commune, "125-QĐ/ĐU", dt.date(2026, 3, 3))
    refused(lambda: decide(standing, admission(unit=commune.bon, step=Step.DECIDING)), "document.number_taken", field="outside_number")


def test_a_number_of_another_year_may_come_again(commune, standing):
    enrolled(commune, "125-QĐ/ĐU", dt.date(2025, 3, 3))
    enrolled(commune, "không rõ", dt.date(2026, 3, 3))
    assert decide(standing, admission(unit=commune.bon, step=Step.DECIDING)).sign == "125-QĐ/ĐU"


@pytest.mark.parametrize("column", ["decision", "ruling"])
def test_the_database_refuses_a_second_use_of_a_number(commune, column):
    """Two of the committee at once may both have looked before either wrote; the constraint decides."""
    files = [admission(unit=unit) for unit in (commune.bon, commune.he)]
    same = {f"{column}_year": 2026, f"{column}_number": "125-QĐ/ĐU"}
    statement = sa.update(Admission).where(Admission.id.in_([one.id for one in files])).values(**same)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.connection().execute(statement)
