"""What is asked about files: the queue, the board, the findings, what is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.admissions import actions, queries
from partyreg.admissions.facts import deadline, roll_count
from partyreg.admissions.models import Admission
from partyreg.admissions.queries import DueKind
from partyreg.admissions.workdays import days_off
from partyreg.db import db
from partyreg.errors import NotVisible
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind, Standing
from partyreg.members.queries import roll
from partyreg.rulebook.admission import Step
from partyreg.rulebook.finding import Severity
from tests.make.admissions import GOOD, SYSTEM, admission
from tests.make.members import SYSTEM as MAKER
from tests.make.members import member

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def reader(actor_):
    """Somebody of the organisation committee who reads files."""
    return actor_(Role.ORGANISATION, None, Permission.ADMISSIONS_READ)


def test_waiting_lists_the_oldest_resolution_first(commune, reader):
    second = admission(unit=commune.bon, full_name="Lò Thị Hai", voted_on=dt.date(2026, 10, 20))
    first = admission(unit=commune.he, full_name="Lò Thị Một", voted_on=dt.date(2026, 9, 1))
    admission(unit=commune.bon, full_name="Lò Thị Ba", step=Step.DRAFT)
    found = queries.waiting(reader)
    assert [one.id for one in found] == [first.id, second.id]
    assert (found[0].name, found[0].unit, found[0].unit_code) == ("Lò Thị Một", "Chi bộ bản Hé", "cb-he")


def test_the_queue_of_a_secretary_is_her_cells(commune, actor_):
    mine = admission(unit=commune.bon)
    theirs = admission(unit=commune.he, full_name="Lò Thị Hai")
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.ADMISSIONS_READ)
    assert [one.id for one in queries.listing(secretary)] == [mine.id]
    assert queries.counts(secretary)[Step.SUBMITTED] == 1
    assert queries.one(secretary, mine.id) is mine
    with pytest.raises(NotVisible):
        queries.one(secretary, theirs.id)
    assert queries.introducers(secretary, theirs, TODAY) == []
    assert queries.moves(secretary, theirs) == []


def test_counts_and_pages_by_step_and_unit(commune, reader):
    for number in range(5):
        admission(unit=commune.bon, full_name=f"Lò Thị {'Một Hai Ba Bốn Năm'.split()[number]}", step=Step.RETURNED)
    admission(unit=commune.he, step=Step.WITHDRAWN)
    assert queries.counts(reader)[Step.RETURNED] == 5
    assert queries.counts(reader, commune.he) == {step: int(step is Step.WITHDRAWN) for step in Step}
    pages = [queries.listing(reader, (Step.RETURNED,), offset=at, limit=2) for at in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({one.id for page in pages for one in page}) == 5
    assert [one.step for one in queries.listing(reader, queries.DONE)] == [Step.WITHDRAWN]


def test_done_files_come_newest_first_and_have_no_deadline(commune, reader):
    old = admission(unit=commune.bon, step=Step.APPROVED, decision={"decided_on": dt.date(2026, 11, 2)})
    new = admission(unit=commune.he, full_name="Lò Thị Hai", step=Step.APPROVED, decision={"decision_number": "126-QĐ/ĐU"})
    gone = admission(unit=commune.he, full_name="Lò Thị Ba", step=Step.WITHDRAWN)
    found = queries.listing(reader, queries.DONE)
    assert [one.id for one in found] == [new.id, old.id, gone.id]
    assert {one.deadline for one in found} == {None}


def test_statements_do_not_grow_with_the_files(commune, reader, counting):
    def made(number):
        for _each in range(number):
            admission(unit=commune.bon, introduced_by=[])
        db.session.commit()
        with counting() as count:
            queries.counts(reader)
            queries.waiting(reader)
            queries.listing(reader, queries.DONE)
            queries.due(reader, TODAY)
        return len(count)

    few = made(3)
    assert made(27) == few > 0


# -- the term ---------------------------------------------------------------------------------------------------------


def test_the_term_is_counted_in_working_days(app):
    term = deadline(dt.date(2026, 10, 20), TODAY)
    assert term
    # 21 October to 23 November is 24 working days; 24 November has been a day off since 2026.
    assert (term.spent, term.total, term.left) == (24, 45, 21)
    assert term.due == dt.date(2026, 12, 23)
    assert (term.tone, term.text) == ("ok", "Còn 21 ngày làm việc")


@pytest.mark.parametrize(
    ("day", "left", "tone"),
    [
        (dt.date(2026, 12, 8), 11, "ok"),
        (dt.date(2026, 12, 9), 10, "warn"),
        (dt.date(2026, 12, 23), 0, "warn"),
        (dt.date(2026, 12, 24), -1, "danger"),
    ],
)
def test_green_amber_red_to_the_day(app, day, left, tone):
    term = deadline(dt.date(2026, 10, 20), day)
    assert term
    assert (term.left, term.tone) == (left, tone)
    assert ("Quá hạn" in term.text) is (left < 0)


def test_tet_does_not_count(app):
    term = deadline(dt.date(2026, 2, 10), dt.date(2026, 2, 23))
    assert term
    # 11 to 13 February and the 23rd; Tết is from the 16th to the 20th.
    assert term.spent == 4
    assert dt.date(2026, 2, 17) in days_off(dt.date(2025, 12, 1))


@pytest.mark.parametrize("day", [None, TODAY + dt.timedelta(days=1), dt.date(1999, 1, 1)])
def test_no_term_without_a_vote_or_a_law(app, day):
    assert deadline(day, TODAY) is None


# -- findings ---------------------------------------------------------------------------------------------------------


def test_the_findings_name_our_fields_and_their_articles(commune, reader):
    file = admission(unit=commune.bon, step=Step.DRAFT, certificate_on=None, check_concluded_on=None, introduced_by=[])
    found = {one.code: one for one in queries.findings(reader, file, TODAY)}
    assert found["admission.certificate"].blocks
    assert found["admission.background"].field == "check_concluded_on"
    assert found["admission.introducers"].field == "who_1"
    assert found["vote.enough"].severity is Severity.OK
    assert getattr(found["admission.age"].cite, "instrument", "") == "208-QĐ/TW"  # governs a vote of October 2026


def test_the_law_of_the_voting_day_governs(commune, reader):
    file = admission(unit=commune.bon, step=Step.DRAFT, voted_on=dt.date(2026, 7, 25), check_concluded_on=dt.date(2026, 7, 20))
    found = {one.code: one for one in queries.findings(reader, file, TODAY)}
    assert getattr(found["admission.age"].cite, "instrument", "") == "20-QĐ/TW"


def test_age_and_certificate_are_judged_on_the_voting_day(commune, reader):
    eighteen: dict[str, Any] = {"candidate": {"born_on": dt.date(2008, 10, 20)}, "certificate_on": dt.date(2021, 10, 20)}
    file = admission(unit=commune.bon, step=Step.DRAFT, **eighteen)
    found = {one.code: one.severity for one in queries.findings(reader, file, TODAY)}
    assert (found["admission.age"], found["admission.certificate"]) == (Severity.OK, Severity.OK)


def test_the_files_denominator_is_compared_with_the_roll_of_the_day(commune, reader):
    file = admission(unit=commune.bon, step=Step.DRAFT)  # says nine; the cell has its two introducers
    member(unit=commune.bon, standing=Standing.PROBATIONARY)
    [found] = [one for one in queries.findings(reader, file, TODAY) if one.code == "vote.roll"]
    assert (found.severity, found.facts["roll"], found.facts["said"]) == (Severity.WARN, 2, 9)
    same: dict[str, Any] = {"full_members": 2, "present": 2, "in_favour": 2, "against": 0}
    queries_file = admission(unit=commune.he, full_name="Lò Thị Hai", step=Step.DRAFT, **same)
    [found] = [one for one in queries.findings(reader, queries_file, TODAY) if one.code == "vote.roll"]
    assert found.severity is Severity.OK


def test_a_file_without_a_vote_is_not_compared(commune, reader):
    nothing: dict[str, Any] = dict.fromkeys(GOOD, None) | {"opened_on": GOOD["opened_on"]}
    file = admission(unit=commune.bon, step=Step.DRAFT, **nothing)
    assert "vote.roll" not in {one.code for one in queries.findings(reader, file, TODAY)}


def test_a_waiting_file_whose_vote_no_law_dates(commune, actor_):
    file = admission(unit=commune.bon, introduced_by=[])
    connection = db.session.connection()
    connection.execute(sa.update(Admission).where(Admission.id == file.id).values(voted_on=None))
    [line] = queries.due(actor_(Role.STANDING), TODAY)
    assert (line.on, line.text) == (None, "Hồ sơ chờ duyệt")


def test_a_vote_before_the_oldest_law_is_a_finding(commune, reader):
    nothing: dict[str, Any] = dict.fromkeys(("full_members", "not_counted", "present", "in_favour", "against", "blank"))
    file = admission(unit=commune.bon, step=Step.DRAFT, voted_on=dt.date(2005, 1, 1), **nothing)
    assert [one.code for one in queries.findings(reader, file, TODAY)] == ["law.unknown"]


def test_the_roll_tells_who_is_away_exempted_or_suspended(commune, reader):
    people = [member(unit=commune.bon, full_name=f"Lò Văn {name}") for name in ("An", "Ba", "Ca", "Da")]
    member(unit=commune.bon, full_name="Lò Văn Em", standing=Standing.PROBATIONARY)
    guest = member(unit=commune.he, full_name="Lò Văn Khách")
    members.post_temporarily(MAKER, guest, to=commune.bon, on=dt.date(2026, 1, 1))
    members.post_temporarily(MAKER, people[0], to=commune.he, on=dt.date(2026, 1, 1))
    members.hold_in_abeyance(MAKER, people[1], kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 1, 1))
    members.hold_in_abeyance(MAKER, people[2], kind=AbeyanceKind.SUSPENSION, on=dt.date(2026, 1, 1))
    assert roll_count(roll(reader, commune.bon, TODAY)) == (4, 2, 1)


# -- what is due ------------------------------------------------------------------------------------------------------


def test_due_for_who_decides_reads_or_prepares(commune, actor_):
    waits = admission(unit=commune.bon)
    back = admission(unit=commune.bon, full_name="Lò Thị Hai", step=Step.RETURNED)
    admission(unit=commune.he, full_name="Lò Thị Ba", step=Step.RETURNED)
    ending = member(unit=commune.bon, full_name="Lò Thị Bốn", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2025, 12, 20))
    past = member(unit=commune.bon, full_name="Lò Thị Năm", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2025, 11, 1))
    member(unit=commune.bon, full_name="Lò Thị Sáu", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 3, 1))

    def keys(role, unit=None):
        return [(one.kind, one.key) for one in queries.due(actor_(role, unit), TODAY)]

    probations = [(DueKind.PROBATION, past.id), (DueKind.PROBATION, ending.id)]
    assert keys(Role.ORGANISATION) == [*probations, (DueKind.WAITING, waits.id)]
    assert keys(Role.STANDING) == [(DueKind.WAITING, waits.id)]
    assert keys(Role.SECRETARY, commune.bon) == [*probations, (DueKind.RETURNED, back.id)]
    assert [kind for kind, _key in keys(Role.SECRETARY, commune.he)] == [DueKind.RETURNED]
    assert keys(Role.MEMBER) == keys(Role.ADMINISTRATOR) == []


def test_due_lines_say_how_long(commune, actor_):
    admission(unit=commune.bon)
    admission(unit=commune.he, full_name="Lò Thị Hai", step=Step.RETURNED, voted_on=dt.date(2026, 9, 1))
    member(unit=commune.bon, full_name="Lò Thị Bốn", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2025, 12, 20))
    member(unit=commune.bon, full_name="Lò Thị Năm", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2025, 11, 20))
    past, ending, waits = queries.due(actor_(Role.ORGANISATION), TODAY)
    assert (past.left, past.tone, past.endpoint) == (-4, "danger", "office.member")
    assert past.text == "Hết thời gian dự bị từ 20/11/2026, chưa công nhận chính thức"
    assert (waits.left, waits.tone, waits.text, waits.endpoint) == (21, "ok", "Hồ sơ chờ duyệt: 24/45 ngày làm việc", "admissions.show")
    assert (ending.on, ending.tone, ending.text) == (dt.date(2026, 12, 20), "warn", "Hết thời gian dự bị ngày 20/12/2026, còn 26 ngày")
    assert (ending.where, waits.where) == ({"member_id": ending.key}, {"admission_id": waits.key})


def test_a_returned_file_whose_vote_is_wiped_still_shows(commune, actor_):
    file = admission(unit=commune.bon, step=Step.RETURNED)
    nothing: dict[str, Any] = dict.fromkeys(("voted_on", "full_members", "not_counted", "present", "in_favour", "against", "blank"))
    actions.edit(SYSTEM, file, file.version, **nothing)
    [line] = queries.due(actor_(Role.SECRETARY, commune.bon), TODAY)
    assert (line.on, line.left, line.text, line.tone) == (None, None, "Hồ sơ bị trả lại, cần sửa và trình lại", "warn")
