"""What is asked about members: the roll of a day, the list with each filter, search, order, counts."""

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import NotVisible
from partyreg.members import actions, listing, queries
from partyreg.members.listing import Filters
from partyreg.members.models import (
    AbeyanceKind,
    Body,
    Exit,
    Member,
    Person,
    Posting,
    PostingKind,
    Sex,
    Standing,
    Title,
)
from tests import make
from tests.conftest import TODAY

ROOT = access.system("test")
READER = ROOT.using(Permission.MEMBERS_READ)


def names(actor=READER, **wanted):
    rows = listing.rows(actor, Filters(on=TODAY, **wanted))
    assert listing.count(actor, Filters(on=TODAY, **wanted)) == len(rows)
    return [row.full_name for row in rows]


@pytest.fixture
def people(commune):
    """Four members of two cells, and one who has left."""
    facts = {
        "Điêu Thị Ướt": {"unit": commune.bon, "sex": Sex.FEMALE, "born_on": dt.date(1990, 1, 5), "card_number": "014000001234"},
        "Lò Văn Ển": {"unit": commune.bon, "born_on": dt.date(1962, 11, 24), "ethnicity": "Kháng"},
        "Lò Văn An": {"unit": commune.he, "born_on": dt.date(1990, 12, 31)},
        "Vàng A Dế": {"unit": commune.he, "born_on": dt.date(2001, 2, 3), "ethnicity": "Mông", "standing": Standing.PROBATIONARY},
        "Quàng Văn Xa": {"unit": commune.he, "born_on": dt.date(1970, 1, 1)},
    }
    made = {name: make.member(full_name=name, **fact) for name, fact in facts.items()}
    actions.leave(ROOT, made["Quàng Văn Xa"], exit=Exit.MOVED_AWAY, on=dt.date(2026, 5, 1))
    db.session.commit()
    return made


# -- the roll ---------------------------------------------------------------------------------------------------------


def test_the_roll_of_a_day_tells_guests_who_is_away_and_who_is_exempt(commune):
    an, binh, chi = (make.member(unit=commune.bon, full_name=name) for name in ("Lò Văn An", "Cà Thị Bình", "Lò Văn Chi"))
    guest = make.member(unit=commune.he, full_name="Vàng A Bé", standing=Standing.PROBATIONARY)
    actions.post_temporarily(ROOT, guest, to=commune.bon, on=dt.date(2026, 9, 1), until=dt.date(2026, 10, 1))
    actions.post_temporarily(ROOT, chi, to=commune.he, on=dt.date(2026, 9, 1))
    actions.hold_in_abeyance(ROOT, binh, kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 9, 15))
    by_day = {
        day: [(one.name, one.is_guest, one.is_away, one.abeyance, one.full) for one in queries.roll(READER, commune.bon, day)]
        for day in (dt.date(2026, 8, 31), dt.date(2026, 9, 30), dt.date(2026, 10, 1))
    }
    plain = [("Lò Văn An", False, False, None, True), ("Cà Thị Bình", False, False, None, True), ("Lò Văn Chi", False, False, None, True)]
    exempt = ("Cà Thị Bình", False, False, AbeyanceKind.EXEMPTION, True)
    away = ("Lò Văn Chi", False, True, None, True)
    assert by_day[dt.date(2026, 8, 31)] == plain
    assert by_day[dt.date(2026, 9, 30)] == [plain[0], ("Vàng A Bé", True, False, None, False), exempt, away]
    assert by_day[dt.date(2026, 10, 1)] == [plain[0], exempt, away]
    assert [one.member_id for one in queries.roll(READER, commune.he, dt.date(2026, 10, 1))] == [guest.id, chi.id]
    assert an.id


def test_one_member_exempt_and_suspended_stands_once_on_the_roll(commune):
    member = make.member(unit=commune.bon)
    for kind in AbeyanceKind:
        actions.hold_in_abeyance(ROOT, member, kind=kind, on=dt.date(2026, 9, 1))
    assert [one.abeyance for one in queries.roll(READER, commune.bon, TODAY)] == [AbeyanceKind.SUSPENSION]


SPANS = st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 60)), st.booleans(), st.booleans()), max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(spans=SPANS, days=st.integers(-1, 70))
def test_the_roll_of_a_day_is_who_had_a_posting_that_held(commune, spans, days):
    first = dt.date(2026, 1, 1)
    day = first + dt.timedelta(days=days)
    with db.session.begin_nested() as savepoint:
        expected = []
        for start, length, at_home, here in spans:
            person = make.person(unit=commune.bon)
            db.session.connection().execute(sa.insert(Member), {"id": person.id, "version": 1})
            began = first + dt.timedelta(days=start)
            ended = began + dt.timedelta(days=length) if length is not None else None
            kind = PostingKind.HOME if at_home else PostingKind.TEMPORARY
            unit = commune.bon if here else commune.he
            values = {"member_id": person.id, "unit_id": unit.id, "kind": kind, "started_on": began, "ended_on": ended}
            db.session.connection().execute(sa.insert(Posting), values)
            if here and began <= day and (ended is None or day < ended):
                expected.append((person.id, not at_home))
        assert sorted((one.member_id, one.is_guest) for one in queries.roll(READER, commune.bon, day)) == sorted(expected)
        assert queries.count_on(READER, day, commune.bon) == sum(not guest for _id, guest in expected)
        savepoint.rollback()
    db.session.expire_all()


# -- counts -----------------------------------------------------------------------------------------------------------


def test_who_counts_on_a_day(commune, people):
    assert queries.count_on(READER, TODAY) == 4
    assert queries.count_on(READER, dt.date(2026, 4, 30)) == 4 and queries.count_on(READER, dt.date(2026, 6, 1)) == 4
    assert queries.count_on(READER, dt.date(2014, 1, 1)) == 0
    assert queries.count_on(READER, TODAY, commune.he) == 2 and queries.count_on(READER, TODAY, commune.root) == 4
    assert queries.counts_by_unit(READER, TODAY) == {commune.bon.id: (2, 2), commune.he.id: (2, 1)}
    ids = set(db.session.scalars(queries.on_day(READER, TODAY, commune.bon)))
    assert ids == {people["Điêu Thị Ướt"].id, people["Lò Văn Ển"].id}


def test_nothing_counts_another_cell(commune, people, actor_):
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.MEMBERS_READ)
    assert queries.count_on(secretary, TODAY) == 2 and queries.count_on(secretary, TODAY, commune.he) == 0
    assert set(queries.counts_by_unit(secretary, TODAY)) == {commune.bon.id}
    assert queries.roll(secretary, commune.he, TODAY) == []
    assert names(secretary) == ["Lò Văn Ển", "Điêu Thị Ướt"]
    assert names(secretary, q="vang") == [] and names(secretary, left=True) == []
    assert listing.ethnicities(secretary) == ["Kháng", "Thái"]
    for hidden in (queries.member, queries.person):
        with pytest.raises(NotVisible):
            hidden(secretary, people["Lò Văn An"].id)


# -- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_in_the_order_of_given_names(people):
    assert names() == ["Lò Văn An", "Vàng A Dế", "Lò Văn Ển", "Điêu Thị Ướt"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"standing": Standing.PROBATIONARY}, ["Vàng A Dế"]),
        ({"standing": Standing.FULL}, ["Lò Văn An", "Lò Văn Ển", "Điêu Thị Ướt"]),
        ({"sex": Sex.FEMALE}, ["Điêu Thị Ướt"]),
        ({"ethnicity": "Mông"}, ["Vàng A Dế"]),
        ({"age_from": 64}, ["Lò Văn Ển"]),
        ({"age_from": 65}, []),
        ({"age_to": 36}, ["Lò Văn An", "Vàng A Dế", "Điêu Thị Ướt"]),
        ({"age_to": 35}, ["Lò Văn An", "Vàng A Dế"]),
        ({"left": True}, ["Quàng Văn Xa"]),
        ({"q": "dieu uot"}, ["Điêu Thị Ướt"]),
        ({"q": "ƯỚT"}, ["Điêu Thị Ướt"]),
        ({"q": "U\u031bo\u031b\u0301t"}, ["Điêu Thị Ướt"]),
        ({"q": "lo van"}, ["Lò Văn An", "Lò Văn Ển"]),
        ({"q": "an"}, ["Lò Văn An"]),
        ({"q": "1990"}, ["Lò Văn An", "Điêu Thị Ướt"]),
        ({"q": "1234"}, ["Điêu Thị Ướt"]),
        ({"q": "34"}, []),
        ({"q": "9999"}, []),
        ({"q": "²²²²"}, []),
        ({"q": "१९९०"}, []),
        ({"q": "100%"}, []),
        ({"q": "_"}, []),
        ({"q": "lo 1990"}, ["Lò Văn An"]),
        ({"q": "nobody"}, []),
    ],
    ids=repr,
)
def test_each_filter(people, wanted, found):
    assert names(**wanted) == found


def test_by_unit_by_village_and_by_abeyance(commune, people):
    assert names(unit=commune.he) == ["Lò Văn An", "Vàng A Dế"] and len(names(unit=commune.root)) == 4
    chieng = make.unit(parent=commune.root, code="cb-lai", village="Chiềng Lai")
    make.member(unit=chieng, full_name="Bạc Cầm Ơn")
    assert names(q="lai") == ["Bạc Cầm Ơn"] and names(q="chieng on") == ["Bạc Cầm Ơn"]
    actions.hold_in_abeyance(ROOT, people["Lò Văn Ển"], kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 9, 1))
    assert names(abeyance=AbeyanceKind.EXEMPTION) == ["Lò Văn Ển"] and names(abeyance=AbeyanceKind.SUSPENSION) == []
    assert [row.full_name for row in listing.rows(READER, Filters(on=dt.date(2026, 8, 31), abeyance=AbeyanceKind.EXEMPTION))] == []


def test_the_list_of_another_day(commune, people):
    actions.transfer(ROOT, people["Lò Văn An"], to=commune.bon, on=dt.date(2026, 7, 1))
    before = listing.rows(READER, Filters(on=dt.date(2026, 4, 30), unit=commune.he))
    assert [row.full_name for row in before] == ["Lò Văn An", "Quàng Văn Xa"]
    assert [row.full_name for row in listing.rows(READER, Filters(on=TODAY, unit=commune.he))] == ["Vàng A Dế"]
    assert listing.rows(READER, Filters(on=dt.date(2026, 4, 30), left=True)) == []
    assert listing.count(READER, Filters(on=dt.date(2024, 2, 29), age_from=34)) == 3


def test_the_file_holds_what_the_list_shows(people):
    wanted = Filters(on=TODAY, ethnicity="Thái")
    table = listing.table(READER, wanted)
    assert [row.cells[0] for row in table.rows] == [row.full_name for row in listing.rows(READER, wanted)]
    assert all(len(row.cells) == len(table.columns) for row in table.rows)


def test_pages_are_parts_of_one_list(people):
    whole = [row.id for row in listing.rows(READER, Filters(on=TODAY))]
    parts = [row.id for offset in (0, 2, 4) for row in listing.rows(READER, Filters(on=TODAY), offset=offset, limit=2)]
    assert parts == whole and len(whole) == 4


def test_members_of_one_name_keep_their_order(commune):
    made = [make.member(unit=commune.bon, full_name="Lò Văn Ển").id for _ in range(5)]
    assert [row.id for row in listing.rows(READER, Filters(on=TODAY))] == made


def test_the_number_of_questions_does_not_grow_with_the_list(commune, counting):
    def questions() -> list[int]:
        db.session.commit()
        asked = []
        for ask in (
            lambda: listing.rows(READER, Filters(on=TODAY, q="lo")), lambda: listing.count(READER, Filters(on=TODAY)),
            lambda: queries.roll(READER, commune.bon, TODAY), lambda: queries.counts_by_unit(READER, TODAY),
            lambda: queries.committee(READER, commune.bon, TODAY), lambda: queries.officers(READER, TODAY),
        ):  # fmt: skip
            db.session.expire_all()
            with counting() as count:
                ask()
            asked.append(len(count))
        return asked

    def add(number: int) -> None:
        for _ in range(number):
            member = make.member(unit=commune.bon)
            actions.appoint(ROOT, db.session.get_one(Person, member.id), unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.MEMBER,
                            on=dt.date(2024, 1, 1))  # fmt: skip

    add(3)
    few = questions()
    add(27)
    assert questions() == few


# -- offices ----------------------------------------------------------------------------------------------------------


def test_the_committee_of_a_day_heads_first(commune):
    for name, title in (("Lò Văn An", Title.MEMBER), ("Cà Thị Bình", Title.DEPUTY_SECRETARY), ("Lò Văn Yên", Title.SECRETARY)):
        person = db.session.get_one(Person, make.member(unit=commune.bon, full_name=name).id)
        actions.appoint(ROOT, person, unit=commune.bon, body=Body.CELL_COMMITTEE, title=title, on=dt.date(2025, 7, 1))
    person = make.person(unit=commune.bon, full_name="Lò Văn Trưởng")
    head = actions.appoint(ROOT, person, unit=commune.bon, body=Body.VILLAGE, title=Title.HEAD, on=dt.date(2025, 7, 1))
    found = [one.person.full_name for one in queries.committee(READER, commune.bon, TODAY)]
    assert found == ["Lò Văn Yên", "Cà Thị Bình", "Lò Văn An", "Lò Văn Trưởng"]
    assert [one.id for one in queries.committee(READER, commune.bon, TODAY, (Body.VILLAGE,))] == [head.id]
    assert queries.committee(READER, commune.bon, dt.date(2025, 6, 30)) == []
    secretary = queries.secretary_of(READER, commune.bon, TODAY)
    assert secretary is not None and secretary.person.full_name == "Lò Văn Yên"
    assert queries.secretary_of(READER, commune.he, TODAY) is None
    assert queries.officers(READER, TODAY) == {commune.bon.id: "Lò Văn Yên"}


def test_the_periods_of_a_life_newest_first(commune, people):
    member = people["Lò Văn Ển"]
    actions.transfer(ROOT, member, to=commune.he, on=dt.date(2026, 7, 1))
    life = queries.life(member.id)
    assert [one.unit.code for one in life.postings] == ["cb-he", "cb-bon"]
    assert [one.standing for one in life.standings] == [Standing.FULL, Standing.PROBATIONARY]
    assert life.abeyances == [] and life.positions == []
    assert queries.member(READER, member.id).person.full_name == "Lò Văn Ển"
    assert queries.person(READER, member.id).id == member.id


def test_a_record_kept_by_the_wrong_unit_is_named(commune, people):
    assert queries.keeper_faults() == []
    member = people["Lò Văn Ển"]
    db.session.connection().execute(sa.update(Person).where(Person.id == member.id).values(unit_id=commune.he.id))
    assert queries.keeper_faults() == [f"Hồ sơ người số {member.id}: chi bộ giữ hồ sơ khác chi bộ sinh hoạt cuối cùng."]
