"""The deeds of a member's life: what is true after each, and every refusal."""

import datetime as dt
import itertools

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from partyreg import access, clock
from partyreg.audit import history
from partyreg.db import db
from partyreg.errors import Conflict, RuleBroken
from partyreg.members import actions, admission_actions, queries
from partyreg.members.models import (
    Abeyance,
    AbeyanceKind,
    Body,
    Exit,
    Member,
    Person,
    Position,
    Posting,
    PostingKind,
    Sex,
    Standing,
    StandingPeriod,
    Title,
)
from partyreg.org import actions as org
from tests import make

ROOT = access.system("test")
DAY = dt.date(2026, 3, 1)
LATER = dt.date(2026, 6, 1)


def refused(code, deed, *args, **facts):
    """The deed is refused for that reason, in Vietnamese, and nothing of it stays."""
    with pytest.raises(RuleBroken) as refusal:
        deed(ROOT, *args, **facts)
    finding = refusal.value.findings[0]
    assert finding.code == code and finding.blocks
    assert not finding.message.isascii()
    db.session.rollback()
    return finding


def periods(kind, member_id):
    return list(db.session.scalars(sa.select(kind).where(kind.member_id == member_id).order_by(kind.started_on, kind.id)))


@pytest.fixture
def member(commune):
    made = make.member(unit=commune.bon, full_name="Lò Văn Ển", personal_number=None)
    db.session.commit()
    return made


# -- people -----------------------------------------------------------------------------------------------------------


def test_a_person_is_registered_under_one_written_form_of_her_name(commune):
    person = actions.register_person(
        ROOT, unit=commune.bon, full_name="  Lo\u0300   Va\u0306n E\u0302\u0309n ", sex=Sex.MALE, born_on=DAY, ethnicity="Thái"
    )
    assert person.full_name == "Lò Văn Ển" and person.name_fold == " lo van en"
    assert history("person", person.id)[0].deed == "members.register_person"


@pytest.mark.parametrize("name", ["Ж" * 120, "ß" * 120, "Lò " + "Ể" * 117])
def test_a_name_of_foreign_letters_fits_its_keys(commune, name):
    assert make.person(unit=commune.bon, full_name=name).full_name == name


def test_a_person_cannot_be_born_in_the_future(commune):
    facts = {"unit": commune.bon, "full_name": "Lò Văn An", "sex": Sex.MALE, "ethnicity": "Thái"}
    refused("person.born_in_future", actions.register_person, born_on=clock.today() + dt.timedelta(days=1), **facts)
    assert actions.register_person(ROOT, born_on=clock.today(), **facts).id


def test_a_personal_number_is_one_persons(commune):
    first = make.person(unit=commune.bon, personal_number="014085000001")
    second = make.person(unit=commune.he)
    db.session.commit()
    finding = refused("personal_number.taken", actions.register_person, unit=commune.bon, full_name="Lò Văn An", sex=Sex.MALE,
                      born_on=DAY, ethnicity="Thái", personal_number="014085000001")  # fmt: skip
    assert finding.field == "personal_number" and "014085000001" in finding.message
    refused("personal_number.taken", actions.edit_person, second, second.version, personal_number="014085000001")
    actions.edit_person(ROOT, first, first.version, personal_number="014085000001", residence="Bản Bon")
    actions.edit_person(ROOT, second, second.version, personal_number=None)


def test_a_person_is_edited_old_and_new_on_record(member):
    person = db.session.get_one(Person, member.id)
    before = person.version
    actions.edit_person(ROOT, person, before, full_name="Lò Thị Ển", sex=Sex.FEMALE)
    assert person.version == before + 1 and person.name_fold == " lo thi en"
    assert '"full_name":["Lò Văn Ển","Lò Thị Ển"]' in (history("person", person.id)[0].payload or "")


def test_a_stale_edit_is_a_conflict_with_both_values(member):
    person = db.session.get_one(Person, member.id)
    actions.edit_person(ROOT, person, person.version, residence="Bản Bon")
    with pytest.raises(Conflict) as conflict:
        actions.edit_person(ROOT, person, person.version - 1, residence="Bản Hé", occupation=None)
    assert conflict.value.theirs == {"residence": "Bản Bon"} and conflict.value.mine == {"residence": "Bản Hé"}
    with pytest.raises(Conflict):
        actions.edit_member(ROOT, member, member.version - 1, card_number="012345678901")
    refused("person.born_in_future", actions.edit_person, person, person.version, born_on=dt.date(2030, 1, 1))


# -- membership -------------------------------------------------------------------------------------------------------


def test_a_member_from_papers_has_her_standings_and_her_home(commune):
    person = make.person(unit=commune.he)
    member = actions.enrol(
        ROOT, person=person, unit=commune.bon, decided_on=dt.date(2019, 2, 1), ceremony_on=dt.date(2019, 3, 3), full_on=dt.date(2020, 3, 3),
        posted_on=dt.date(2021, 1, 1),
    )  # fmt: skip
    standings = [(one.standing, one.started_on, one.ended_on) for one in periods(StandingPeriod, member.id)]
    assert standings == [
        (Standing.PROBATIONARY, dt.date(2019, 3, 3), dt.date(2020, 3, 3)),
        (Standing.FULL, dt.date(2020, 3, 3), None),
    ]
    assert [(one.unit_id, one.started_on) for one in periods(Posting, member.id)] == [(commune.bon.id, dt.date(2021, 1, 1))]
    assert person.unit_id == commune.bon.id, "the home cell keeps the record"
    db.session.commit()
    refused("member.already", actions.enrol, person=person, unit=commune.bon, decided_on=None, ceremony_on=DAY)


def test_dates_out_of_order_are_refused(commune, member):
    person = make.person(unit=commune.bon)
    db.session.commit()
    facts = {"person": person, "unit": commune.bon}
    refused("member.ceremony_before_decision", actions.enrol, decided_on=LATER, ceremony_on=DAY, **facts)
    refused("member.full_before_ceremony", actions.enrol, decided_on=None, ceremony_on=DAY, full_on=DAY, **facts)
    refused("member.full_before_ceremony", actions.edit_member, member, member.version, full_on=dt.date(2010, 1, 1))
    refused("member.ceremony_before_decision", actions.edit_member, member, member.version, decided_on=dt.date(2015, 12, 1))


def test_card_and_file_numbers_are_one_members(commune, member):
    actions.edit_member(ROOT, member, member.version, card_number="014000000001", file_number="000123")
    other = make.member(unit=commune.he)
    person = make.person(unit=commune.he)
    db.session.commit()
    for number in ({"card_number": "014000000001"}, {"file_number": "000123"}):
        name = next(iter(number))
        refused(f"{name}.taken", actions.edit_member, other, other.version, **number)
        refused(f"{name}.taken", actions.enrol, person=person, unit=commune.he, decided_on=None, ceremony_on=DAY, **number)
    actions.edit_member(ROOT, member, member.version, card_number="014000000001", card_issued_on=DAY)


# -- moving -----------------------------------------------------------------------------------------------------------


def test_a_transfer_ends_one_home_and_begins_the_next(commune, member):
    arrived = actions.transfer(ROOT, member, to=commune.he, on=DAY, paper="12-GT")
    old, new = periods(Posting, member.id)
    assert old.ended_on == new.started_on == DAY and new.unit_id == commune.he.id and arrived.paper == "12-GT"
    assert db.session.get_one(Person, member.id).unit_id == commune.he.id
    assert queries.keeper_faults() == []


def test_transfers_that_cannot_be(commune, member):
    late = make.unit(parent=commune.root, code="cb-moi", founded_on=LATER)
    old = make.unit(parent=commune.root, code="cb-cu")
    org.dissolve(ROOT, old, DAY)
    db.session.commit()
    for unit in (late, old, commune.root):
        assert refused("transfer.no_cell", actions.transfer, member, to=unit, on=DAY).field == "to"
    refused("transfer.same_cell", actions.transfer, member, to=commune.bon, on=DAY)
    actions.transfer(ROOT, member, to=commune.he, on=DAY)
    db.session.commit()
    assert refused("transfer.too_early", actions.transfer, member, to=commune.bon, on=DAY - dt.timedelta(days=1)).field == "on"


def test_a_guest_who_comes_for_good_is_no_guest_any_more(commune, member):
    visit = actions.post_temporarily(ROOT, member, to=commune.he, on=DAY)
    actions.transfer(ROOT, member, to=commune.he, on=LATER)
    assert visit.ended_on == LATER
    actor = ROOT.using(access.Permission.MEMBERS_READ)
    assert [(one.member_id, one.is_guest) for one in queries.roll(actor, commune.he, LATER)] == [(member.id, False)]


def test_a_guest_elsewhere_stays_a_guest_when_the_home_changes(commune, member):
    third = make.unit(parent=commune.root, code="cb-ba")
    visit = actions.post_temporarily(ROOT, member, to=commune.he, on=DAY)
    actions.transfer(ROOT, member, to=third, on=LATER)
    assert visit.ended_on is None


def test_a_temporary_posting_leaves_the_home(commune, member):
    posting = actions.post_temporarily(ROOT, member, to=commune.he, on=DAY, until=LATER, paper="3-GT")
    assert posting.kind is PostingKind.TEMPORARY and posting.ended_on == LATER
    assert [one.ended_on for one in periods(Posting, member.id) if one.kind is PostingKind.HOME] == [None]
    db.session.commit()
    refused("posting.already_temporary", actions.post_temporarily, member, to=commune.he, on=DAY + dt.timedelta(days=3))
    refused(
        "posting.already_temporary", actions.post_temporarily, member, to=commune.he, on=dt.date(2026, 1, 1), until=DAY + dt.timedelta(1)
    )
    actions.post_temporarily(ROOT, member, to=commune.he, on=dt.date(2026, 1, 1), until=DAY)
    actions.post_temporarily(ROOT, member, to=commune.he, on=LATER)
    db.session.commit()
    refused("posting.already_temporary", actions.post_temporarily, member, to=commune.he, on=LATER + dt.timedelta(days=9))


def test_temporary_postings_that_cannot_be(commune, member):
    refused("posting.ends_too_early", actions.post_temporarily, member, to=commune.he, on=DAY, until=DAY)
    refused("posting.at_home", actions.post_temporarily, member, to=commune.bon, on=DAY)
    refused("posting.no_cell", actions.post_temporarily, member, to=commune.root, on=DAY)


# -- leaving ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exit", list(Exit))
def test_leaving_ends_all_but_village_posts(commune, member, exit):
    person = db.session.get_one(Person, member.id)
    office = actions.appoint(ROOT, person, unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2022, 1, 1))
    village = actions.appoint(ROOT, person, unit=commune.bon, body=Body.VILLAGE, title=Title.HEAD, on=dt.date(2022, 1, 1))
    visit = actions.post_temporarily(ROOT, member, to=commune.he, on=DAY, until=dt.date(2026, 12, 31))
    held = actions.hold_in_abeyance(ROOT, member, kind=AbeyanceKind.EXEMPTION, on=LATER + dt.timedelta(days=5))
    actions.leave(ROOT, member, exit=exit, on=LATER, paper="9-QĐ")
    last = periods(StandingPeriod, member.id)[-1]
    assert (last.exit, last.ended_on, last.exit_paper) == (exit, LATER, "9-QĐ")
    assert office.ended_on == visit.ended_on == LATER and village.ended_on == (LATER if exit is Exit.DIED else None)
    assert held.ended_on == held.started_on, "what had not begun never holds"
    assert [one.ended_on for one in periods(Posting, member.id)] == [LATER, LATER]
    actor = ROOT.using(access.Permission.MEMBERS_READ)
    assert queries.roll(actor, commune.bon, LATER) == [] and queries.roll(actor, commune.he, LATER) == []


def test_nothing_more_is_written_of_who_has_left(commune, member):
    refused("leave.too_early", actions.leave, member, exit=Exit.DIED, on=dt.date(2015, 3, 2))
    actions.leave(ROOT, member, exit=Exit.MOVED_AWAY, on=DAY)
    db.session.commit()
    refused("member.left", actions.leave, member, exit=Exit.DIED, on=LATER)
    refused("member.left", actions.transfer, member, to=commune.he, on=LATER)
    refused("member.left", actions.post_temporarily, member, to=commune.he, on=LATER)
    refused("member.left", admission_actions.recognise, member, LATER)
    refused("member.left", actions.hold_in_abeyance, member, kind=AbeyanceKind.EXEMPTION, on=LATER)


# -- exemption, offices -----------------------------------------------------------------------------------------------


def test_an_exemption_begins_and_ends(member):
    held = actions.hold_in_abeyance(ROOT, member, kind=AbeyanceKind.EXEMPTION, on=DAY, reason="Tuổi cao", paper="4-NQ")
    db.session.commit()
    refused("abeyance.already", actions.hold_in_abeyance, member, kind=AbeyanceKind.EXEMPTION, on=LATER)
    refused("period.ends_too_early", actions.lift, held, on=DAY - dt.timedelta(days=1))
    actions.hold_in_abeyance(ROOT, member, kind=AbeyanceKind.SUSPENSION, on=LATER)
    actions.lift(ROOT, held, on=LATER)
    assert [(one.kind, one.ended_on) for one in periods(Abeyance, member.id)] == [
        (AbeyanceKind.EXEMPTION, LATER), (AbeyanceKind.SUSPENSION, None),
    ]  # fmt: skip
    actions.hold_in_abeyance(ROOT, member, kind=AbeyanceKind.EXEMPTION, on=LATER)


def test_an_office_begins_and_ends(commune, member):
    person = db.session.get_one(Person, member.id)
    office = actions.appoint(
        ROOT, person, unit=commune.root, body=Body.EXECUTIVE, title=Title.MEMBER, on=DAY, term="2025-2030", paper="7-QĐ"
    )
    db.session.commit()
    refused("position.already", actions.appoint, person, unit=commune.root, body=Body.EXECUTIVE, title=Title.SECRETARY, on=LATER)
    refused("period.ends_too_early", actions.relieve, office, on=DAY - dt.timedelta(days=1))
    actions.appoint(ROOT, person, unit=commune.root, body=Body.STANDING, title=Title.MEMBER, on=DAY)
    actions.relieve(ROOT, office, on=LATER)
    actions.appoint(ROOT, person, unit=commune.root, body=Body.EXECUTIVE, title=Title.SECRETARY, on=LATER)
    held = db.session.scalars(sa.select(Position).where(Position.person_id == person.id, Position.ended_on.is_(None))).all()
    assert {(one.body, one.title) for one in held} == {(Body.STANDING, Title.MEMBER), (Body.EXECUTIVE, Title.SECRETARY)}


# -- true of every row at all times -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "values", "name"),
    [
        (Posting, {"kind": PostingKind.HOME, "started_on": DAY}, "uq_posting_open"),
        (Posting, {"kind": PostingKind.TEMPORARY, "started_on": LATER, "ended_on": DAY}, "ck_posting_period_in_order"),
        (StandingPeriod, {"standing": Standing.FULL, "started_on": DAY}, "uq_standing_period_open"),
        (StandingPeriod, {"standing": Standing.FULL, "started_on": LATER, "ended_on": DAY}, "ck_standing_period_period_in_order"),
    ],
)
def test_the_database_itself_refuses_nonsense(commune, member, table, values, name):
    values = {"member_id": member.id, **({"unit_id": commune.bon.id} if table is Posting else {}), **values}
    with pytest.raises(IntegrityError) as refusal, db.session.begin_nested():
        db.session.connection().execute(sa.insert(table), values)
    assert (
        name in str(refusal.value.orig)
        or "posting.member_id, posting.kind" in str(refusal.value.orig)
        or "standing_period.member_id" in str(refusal.value.orig)
    )


STEPS = st.lists(
    st.tuples(st.sampled_from(["transfer", "visit", "leave"]), st.integers(0, 2), st.integers(0, 400), st.integers(-5, 200)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(steps=STEPS)
def test_postings_of_one_kind_never_overlap(commune, steps):
    with db.session.begin_nested() as savepoint:
        third = make.unit(parent=commune.root)
        cells = [commune.bon, commune.he, third]
        member = make.member(unit=commune.bon)
        for step, cell, days, long in steps:
            on = dt.date(2025, 6, 1) + dt.timedelta(days=days)
            try:
                if step == "transfer":
                    actions.transfer(ROOT, member, to=cells[cell], on=on)
                elif step == "visit":
                    actions.post_temporarily(ROOT, member, to=cells[cell], on=on, until=on + dt.timedelta(days=long) if long else None)
                else:
                    actions.leave(ROOT, member, exit=Exit.MOVED_AWAY, on=on)
            except RuleBroken:
                continue
            for kind in PostingKind:
                spans = [
                    (one.started_on, one.ended_on or dt.date.max) for one in periods(Posting, member.id)
                    if one.kind is kind and one.started_on != one.ended_on
                ]  # fmt: skip
                assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans)), (kind, spans)
            left = periods(StandingPeriod, member.id)[-1].ended_on
            if left:
                assert all(one.ended_on and one.ended_on <= max(left, one.started_on) for one in periods(Posting, member.id))
            assert queries.keeper_faults() == []
        savepoint.rollback()
    db.session.expire_all()


def test_the_key_of_a_member_is_the_persons(member):
    assert db.session.get_one(Member, member.id).id == db.session.get_one(Person, member.id).id


def test_a_cell_closes_only_when_its_members_have_gone(commune, member):
    assert refused("unit.has_members", actions.close_cell, commune.bon, on=DAY).field == "on"
    actions.transfer(ROOT, member, to=commune.he, on=DAY)
    db.session.commit()
    refused("unit.has_members", actions.close_cell, commune.bon, on=DAY - dt.timedelta(days=1))
    actions.close_cell(ROOT, commune.bon, on=DAY)
    db.session.commit()
    assert commune.bon.dissolved_on == DAY
    refused("unit.ended", actions.close_cell, commune.bon, on=DAY)
