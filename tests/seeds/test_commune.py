"""The demo commune, loaded: the application's own questions give the report's figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg import access, audit, clock
from partyreg.access import Actor, Permission
from partyreg.accounts import passwords
from partyreg.accounts.models import RoleGrant, User
from partyreg.admissions import file_queries
from partyreg.admissions import queries as admissions
from partyreg.admissions.models import Admission, AdmissionVote
from partyreg.admissions.terms import Term, terms
from partyreg.db import db
from partyreg.discipline import effect_queries
from partyreg.discipline import queries as discipline
from partyreg.discipline.queries import Stage
from partyreg.documents.models import Document, DocumentFile
from partyreg.inspections import count_queries as inspections
from partyreg.inspections.count_queries import Counted
from partyreg.inspections.queries import programme
from partyreg.meetings import queries as meetings
from partyreg.meetings.models import Meeting, MeetingAttendance
from partyreg.members import queries as members
from partyreg.members.models import Body, Exit, Member, Person, Posting, PostingKind, StandingPeriod
from partyreg.org import queries as org
from partyreg.org.models import Lineage, LineageKind, Unit, UnitKind
from partyreg.rulebook.admission import OPEN, Purpose, Step, VotingBody
from partyreg.rulebook.discipline import Decider, Form
from partyreg.rulebook.finding import blocking
from partyreg.rulebook.targets import State
from partyreg.staff import planning_queries as planning
from partyreg.statistics import day_queries, movement_queries
from partyreg.statistics.events import MovementLine
from partyreg.targets import entry_queries
from partyreg.targets import queries as targets
from partyreg.training import coverage_queries as coverage
from partyreg.training import queries as training
from partyreg.workdays.queries import days_off
from seeds import commune
from seeds.invent import invent
from seeds.places import CELLS
from seeds.plan import START

TODAY = dt.date(2026, 11, 24)
PASSWORD = "bản Bon đầu mùa mưa"


@pytest.fixture
def loading(engine_name: str) -> None:
    """The commune is loaded on SQLite only, since that takes a while; `test_quick` shows its deeds on both databases."""
    if engine_name != "sqlite":
        pytest.skip("the whole commune is loaded on SQLite only")


def _using(permission: Permission) -> Actor:
    return access.system("test").using(permission)


@pytest.mark.timeout(600)
def test_the_loaded_commune(loading, app):
    accounts = commune.load(TODAY, PASSWORD)
    db.session.commit()
    _members_and_cells()
    _term_and_targets()
    _training()
    _committee()
    _rolls_and_attendance()
    _inspections()
    _statistics()
    _desk()
    _discipline()
    _accounts(accounts)
    assert audit.verify() == []


def _members_and_cells() -> None:
    actor = _using(Permission.UNITS_READ)
    root = org.root()
    assert root.code == "muong-chien"
    for day in (START, TODAY):
        assert members.count_on(_using(Permission.MEMBERS_READ), day, root) == 876
        kinds = Counter(cell.kind for cell in org.cells(actor, day))
        assert kinds == {UnitKind.GRASSROOTS_CELL: 12, UnitKind.VILLAGE_CELL: 21}
    former = db.session.scalars(sa.select(Unit.code).join(Lineage, Lineage.from_id == Unit.id).where(Lineage.into_id == root.id))
    assert set(former) == {"chieng-khay-cu", "ca-nang-cu", "muong-chien-cu"}
    came = sa.select(Lineage.from_id, sa.func.count()).where(Lineage.kind == LineageKind.TRANSFER).group_by(Lineage.from_id)
    assert sum(count for _id, count in db.session.execute(came)) == 33
    # A person's record is kept by her home cell.
    astray = (
        sa.select(sa.func.count())
        .select_from(Posting)
        .join(Person, Person.id == Posting.member_id)
        .where(Posting.kind == PostingKind.HOME, Posting.holds(TODAY), Posting.unit_id != Person.unit_id)
    )
    assert db.session.scalar(astray) == 0


def _term_and_targets() -> None:
    actor = _using(Permission.TARGETS_READ)
    decided = Member.decided_on.between(dt.date(2020, 7, 1), dt.date(2025, 6, 30))
    assert db.session.scalar(sa.select(sa.func.count()).where(decided)) == 141
    of_2025 = {result.no: result for result in targets.evaluate(actor, 2025)}
    assert {no: result.met for no, result in of_2025.items()} == {
        "21a": True, "21b": True, "21c": True, "21d": True, "21e": False, "22": True, "23a": False, "23b": False, "24a": True,
        "25a": True, "25b": False,
    }  # fmt: skip
    assert (of_2025["21a"].part, of_2025["21a"].whole) == (31, 33)
    assert (of_2025["21c"].part, of_2025["21c"].whole) == (7, 33)
    assert (of_2025["21e"].part, of_2025["21e"].whole) == (31, 33)
    assert of_2025["22"].part == 28
    assert (of_2025["23a"].part, of_2025["23a"].whole) == (17, 21)
    for year in range(2021, 2025):
        before = {result.no: result for result in targets.evaluate(actor, year)}
        assert before["21a"].part / before["21a"].whole > 0.8
        assert before["21b"].part / before["21b"].whole > 0.85
    entered = entry_queries.entered(actor, 2025)
    assert {one.no for one in entered if one.entry is None} == {"19", "20"}
    assert {one.state for one in entered} == set(State)
    now = {result.no: result for result in targets.evaluate(actor, 2026)}
    assert (now["23a"].part, now["23a"].whole) == (17, 21)
    assert now["21b"].met is None
    assert (now["24a"].met, now["25a"].met, now["25a"].lacking) == (True, None, 8)
    assert (now["22"].part, now["22"].whole) == (21, 876)


def _statistics() -> None:
    """The movement of 2025 adds up for the commune and every cell, and closes with the report's members."""
    actor = _using(Permission.REPORTS_READ)
    year = movement_queries.movement(actor, dt.date(2025, 1, 1), dt.date(2025, 12, 31), org.root())
    following = movement_queries.movement(actor, dt.date(2026, 1, 1), TODAY, org.root())
    assert year.closing == following.opening
    for found in (year, following):
        assert found.unexplained() == {}
        assert found.number(MovementLine.FROM_CELL) == found.number(MovementLine.TO_CELL) > 0
        for part in (found, *found.by_cell().values()):
            assert part.unexplained() == {}
            opening, closing = part.number(MovementLine.OPENING), part.number(MovementLine.CLOSING)
            between = part.number(MovementLine.FROM_CELL) - part.number(MovementLine.TO_CELL)
            assert opening + part.came - part.went + between == closing
    # The report's number on the day of the merger and today; those who came and went since balance today, not on every day between.
    merger = movement_queries.movement(actor, dt.date(2025, 1, 1), START, org.root())
    assert (len(merger.closing), len(year.closing), len(following.closing)) == (876, 881, 876)
    assert year.number(MovementLine.ADMITTED) == 28
    for day in (dt.date(2025, 12, 31), TODAY):
        found = day_queries.snapshot(actor, day, org.root())
        for dimension in day_queries.Dimension:
            assert sum(group.total for group in found.of(dimension)) == len(found.people)


def _training() -> None:
    """The report's 95 people sent to training in the former term, and what the targets count since."""
    actor = _using(Permission.TRAINING_READ)
    former = dt.date(2020, 7, 1), dt.date(2025, 6, 30)
    assert training.sent(actor, *former) == (95, 95)
    assert planning.approved(_using(Permission.STAFF_READ), *former) == 97
    assert not any(line.findings for line in planning.entries(_using(Permission.STAFF_READ)))
    assert {line.finished == line.people for line in training.courses(actor, *former)} == {True}
    told = {year: {one.no: one for one in targets.evaluate(_using(Permission.TARGETS_READ), year)} for year in (2025, 2026)}
    for year, missing in ((2025, 3), (2026, 10)):
        of_year = told[year]["23b"]
        assert (of_year.whole - of_year.part, of_year.met, of_year.missing) == (missing, False, ())
        posts = coverage.coverage(actor, year, TODAY)
        assert [len(one.holders) for one in posts[:3]] == [33, 21, 21]
        assert {who.person_id for one in posts[:3] for who in one.missing} == set(
            db.session.scalars(targets.side_ids(targets.measure(_using(Permission.TARGETS_READ), "23b", year), targets.Side.REST))
        )
    digital = [told[year]["25b"] for year in (2025, 2026)]
    assert digital[0].whole == digital[1].whole > 50
    assert 0 < digital[0].part < digital[1].part < digital[1].whole


def _discipline() -> None:
    """The disciplines of the term by former commune, as the report counts them, by the area's own questions."""
    reader = _using(Permission.DISCIPLINE_READ)
    term = effect_queries.figures(reader, dt.date(2020, 7, 1), dt.date(2025, 6, 30))
    assert term.members == {Form.REPRIMAND: 15 + 1 + 11 + 3, Form.WARNING: 3, Form.EXPULSION: 1}
    assert (term.total, term.organisations) == (16 + 15 + 3, {})
    by_former: Counter[str] = Counter()
    for cell in CELLS:
        by_former[cell.former.short] += term.homes.get(cell.name, 0)
    assert by_former == {"Cà Nàng": 15 + 1, "Chiềng Khay": 1 + 14, "Mường Chiên": 3}
    assert term.bodies == {Decider.CELL: 15 + 14 + 3, Decider.COMMITTEE: 1, Decider.STANDING: 1}
    rows = discipline.cases(reader, TODAY)
    assert Counter(row.stage for row in rows if row.published_on and row.published_on < START)[Stage.LAPSED] >= 29
    expelled = [row for row in rows if row.form is Form.EXPULSION]
    exits = sa.select(sa.func.count()).where(StandingPeriod.exit == Exit.EXPELLED)
    assert len(expelled) == db.session.scalar(exits) == 2
    assert {row.stage for row in rows} == {Stage.LAPSED, Stage.IN_FORCE, Stage.OPEN}


def _committee() -> None:
    actor = _using(Permission.MEMBERS_READ)
    held = Counter(position.body for position in members.committee(actor, org.root(), TODAY))
    assert (held[Body.EXECUTIVE], held[Body.STANDING], held[Body.INSPECTION]) == (21, 9, 5)
    for day in (dt.date(2024, 1, 1), START, TODAY):
        assert len(members.officers(actor, day)) == 33


def _rolls_and_attendance() -> None:
    """The lines of a meeting are those that the cell's secretary would have been given, guests and absent ones too."""
    actor = _using(Permission.MEETINGS_READ)
    late = {p.personal_number: p.recognised_on for p in invent(TODAY).people if p.recognised_on}
    guests = sa.select(Posting.unit_id).where(Posting.kind == PostingKind.TEMPORARY)
    some = sa.or_(Meeting.id % 12 == 0, sa.and_(Meeting.unit_id.in_(guests), Meeting.held_on > dt.date(2026, 1, 1)))
    query = sa.select(Meeting, Unit).join(Unit, Unit.id == Meeting.unit_id).where(some)
    for meeting, unit in db.session.execute(query).all():
        lines = db.session.scalars(sa.select(MeetingAttendance).where(MeetingAttendance.meeting_id == meeting.id)).all()
        expected = {one.member_id: one for one in meetings.expected(actor, unit, meeting.held_on)}
        assert {line.member_id for line in lines} == set(expected)
        for line in lines:
            number = db.session.get_one(Person, line.member_id).personal_number
            if late.get(number or "", START) <= meeting.held_on:
                assert line.is_counted == expected[line.member_id].is_counted(line.status)


def _inspections() -> None:
    """What the report counts of the former communes' term, by the area's own figures; and a programme with everything in it."""
    actor = _using(Permission.INSPECTIONS_COUNT)
    former = {unit.code: unit for unit in inspections.holders(actor)}
    ca_nang, chieng_khay, muong_chien = (
        inspections.figures(actor, 2020, 2025, former[code]) for code in ("ca-nang-cu", "chieng-khay-cu", "muong-chien-cu")
    )
    fields = Counted._fields[1:]
    assert dict(zip(fields, ca_nang.total, strict=True))["concluded"] == 17
    assert dict(zip(fields, ca_nang.total, strict=True))["discipline"] == 16
    told = dict(zip(fields, chieng_khay.total, strict=True))
    assert (told["units"], told["members"], told["discipline"]) == (16, 7, 1)
    told = dict(zip(fields, muong_chien.total, strict=True))
    assert (told["concluded"], told["discipline"]) == (10, 3)
    lines = programme(_using(Permission.INSPECTIONS_READ), 2026)
    assert sum(line.is_late for line in lines) == 1 and sum(line.is_behind for line in lines) == 1
    assert {line.stage.value for line in lines} >= {"planned", "reported", "mending", "done", "cancelled"}


def _desk() -> None:
    """What the desk holds; what a file has left behind was as the law wants it, but for the vote that fell short and went up."""
    actor = _using(Permission.ADMISSIONS_READ)
    planned = Counter(file.step for file in invent(TODAY).files)
    assert {step: number for step, number in admissions.counts(actor).items() if number} == planned
    files = db.session.scalars(sa.select(Admission)).all()
    assert sum(file.ceremony_on is not None for file in files) == 37
    assert [file.is_readmission for file in files].count(True) == 1
    wrong = Counter(code for file in files for code in _left_undone(actor, file))
    assert wrong == {"vote.short": 1}
    of_cell = AdmissionVote.body == VotingBody.CELL
    votes = Counter(db.session.scalars(sa.select(AdmissionVote.purpose).where(of_cell)))
    assert votes[Purpose.RECOGNITION] == sum(file.self_review_on is not None for file in files) + 1
    _terms(actor)
    _documents()


def _left_undone(actor: Actor, file: Admission) -> list[str]:
    """The codes of what blocks at the steps that the file has left on its way."""
    way = (Step.DRAFT, Step.DECIDING, Step.DECIDED, Step.PROBATION, Step.RULING, Step.RECOGNISED)
    order = list(Step)
    at = Step.DECIDING if file.step is Step.DECLINED else file.step
    if at in (Step.RETURNED, Step.WITHDRAWN, Step.MOVED):
        return []
    left = [step for step in way if order.index(step) < order.index(at)]
    return [one.code for step in left for one in blocking(file_queries.findings(actor, file, TODAY, step))]


def _terms(actor: Actor) -> None:
    """Terms that are over, and how many files have each."""
    off = days_off(START, TODAY)
    running = [(term, line.file.step) for line in admissions.lines(actor, OPEN) for term in terms(line.file, TODAY, off)]
    late = Counter((term.what, step) for term, step in running if term.is_late)
    assert late == {
        (Term.CHECK, Step.DRAFT): 1, (Term.DECISION, Step.SUBMITTED): 1, (Term.CEREMONY, Step.DECIDED): 1,
        (Term.RECOGNITION, Step.PROBATION): 1, (Term.REVIEW, Step.LISTED): 2, (Term.RULING, Step.RULING): 1,
    }  # fmt: skip
    assert sum(term.what is Term.DECISION and step is Step.SUBMITTED and 0 <= term.left <= 5 for term, step in running) == 1
    assert sum(term.what is Term.RECOGNITION and not term.is_late for term, step in running) == 3
    assert sum(term.what is Term.DOSSIER and 0 <= term.left <= 30 for term, step in running) == 1
    ending = [term.left for term, step in running if term.what is Term.CERTIFICATE and step is Step.LISTED]
    assert [sum(left <= days for left in ending) for days in (30, 60, 90)] == [1, 2, 3]


def _documents() -> None:
    """Some papers were issued through the register; the others only hold their numbers, which theirs continue."""
    issued = db.session.scalars(sa.select(Document).where(Document.is_outside.is_(False)).order_by(Document.id)).all()
    assert Counter(document.kind for document in issued) == {"decision": 2, "recognition_decision": 1, "cell_resolution": 2}
    assert db.session.scalar(sa.select(sa.func.count(DocumentFile.id))) == 10
    decisions = [document.number for document in issued if document.series == "QĐ/ĐU"]
    held = sa.select(sa.func.max(Document.number)).where(Document.is_outside, Document.series == "QĐ/ĐU", Document.year == TODAY.year)
    last = db.session.scalar(held)
    assert last is not None
    assert decisions == [last + 1, last + 2, last + 3]


def _accounts(accounts: list[Any]) -> None:
    assert len(accounts) == 39
    for account in accounts:
        user = db.session.scalars(sa.select(User).where(User.username == account.username)).one()
        grant = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.user_id == user.id)).one()
        assert grant.role is account.role
        assert passwords.matches(user.password_hash, PASSWORD)
        if account.username.startswith("bithu."):
            unit = db.session.get_one(Unit, grant.unit_id)
            secretary = members.secretary_of(_using(Permission.MEMBERS_READ), unit, TODAY)
            assert account.username == f"bithu.{unit.code}"
            assert secretary is not None and secretary.person_id == user.person_id


@pytest.mark.timeout(600)
def test_without_a_password_one_is_made_for_all(loading, app):
    with clock.freeze(START):
        accounts = commune.load(START)
    assert len({account.password for account in accounts}) == 1
    assert len(accounts[0].password) >= passwords.MIN_LENGTH


@pytest.mark.timeout(600)
def test_the_commune_of_another_day_holds_what_was_planned_for_it(loading, app):
    """On a day after Tết, with decisions of the old year's series and of the new one's."""
    day = dt.date(2026, 2, 20)
    with clock.freeze(day):
        commune.load(day, PASSWORD)
        assert Counter(db.session.scalars(sa.select(Admission.step))) == Counter(file.step for file in invent(day).files)
        assert members.count_on(_using(Permission.MEMBERS_READ), day, org.root()) == 876
