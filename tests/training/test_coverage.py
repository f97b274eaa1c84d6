"""Who holds a post and was trained: figures by year, day and unit; targets 23b and 25b; SQL against the plain rule."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import Person
from partyreg.rulebook.training import CourseKind, CourseResult, Post, requirement, trained_on
from partyreg.staff import actions as staff_actions
from partyreg.staff.models import Staff
from partyreg.targets import queries as targets
from partyreg.targets.queries import Side
from partyreg.training import actions, coverage_queries, queries
from partyreg.training.actions import Entry
from tests import make
from tests.make import staff as make_staff
from tests.make import training as make_training
from tests.make.staff import level, staff

DAY, TODAY = dt.date, dt.date(2026, 11, 24)
K = CourseKind


@pytest.fixture
def reader(actor_):
    return actor_(Role.STANDING, permission=Permission.TRAINING_READ)


@pytest.fixture
def target_reader(actor_):
    return actor_(Role.STANDING, permission=Permission.TARGETS_READ)


@pytest.fixture
def village(commune):
    """Bon with secretary, head and head of the Front; He with a secretary who is its village head too."""
    own = make.member(unit=commune.bon, full_name="Lò Thị Thư")
    both = make.member(unit=commune.he, full_name="Quàng Văn Hai", born_on=DAY(1977, 7, 7))
    for unit, member in ((commune.bon, own), (commune.he, both)):
        make_training.secretary(unit=unit, person=db.session.get_one(Person, member.id))
    commune.head = make_training.holder(unit=commune.bon, full_name="Vì Văn Bản").person_id
    commune.front = make_training.holder(unit=commune.bon, post=Post.VILLAGE_FRONT_HEAD, full_name="Vì Thị Trận").person_id
    make_training.holder(unit=commune.he, full_name="Quàng Văn Hai", born_on=DAY(1977, 7, 7))
    make_training.holder(unit=commune.he, post=Post.VILLAGE_FRONT_HEAD, full_name="Cà Văn Mặt")
    commune.secretary, commune.both = own.id, both.id
    return commune


def target(actor, no="23b", year=2026, on=None, unit=None):
    return targets.result(targets.measure(actor, no, year, on, unit))


def names(actor, side, no="23b", year=2026, unit=None):
    return {line.name for line in targets.listing(actor, targets.measure(actor, no, year, None, unit), side, year)}


def test_23b_counts_each_person_once_with_all_her_classes(village, target_reader):
    before = target(target_reader)
    assert (before.part, before.whole, before.value, before.met) == (0, 5, Decimal("0.00"), False)
    assert before.missing == ()
    make_training.course(kind=K.CELL_SECRETARIES, finished=(village.secretary, village.both))
    after = target(target_reader)
    assert (after.part, after.whole) == (1, 5)  # who is village head too owes a second class
    assert names(target_reader, Side.REST) == {"Quàng Văn Hai", "Vì Văn Bản", "Vì Thị Trận", "Cà Văn Mặt"}
    make_training.course(kind=K.VILLAGE_HEADS, finished=(village.head, village.both))
    assert target(target_reader).part == 3
    assert (target(target_reader, unit=village.he).part, target(target_reader, unit=village.he).whole) == (1, 2)
    assert names(target_reader, Side.PART, unit=village.he) == {"Quàng Văn Hai"}


def test_23b_shows_the_last_class_and_opens_members_only(village, target_reader):
    make_training.course(kind=K.CELL_SECRETARIES, finished=(village.secretary,))
    make_training.course(kind=K.VILLAGE_HEADS, finished=(village.head,), ended_on=DAY(2026, 6, 1))
    measure = targets.measure(target_reader, "23b", 2026)
    found = {line.name: (line.fact, line.key) for line in targets.listing(target_reader, measure, Side.PART, 2026)}
    assert found == {"Lò Thị Thư": (DAY(2026, 5, 8), village.secretary), "Vì Văn Bản": (DAY(2026, 6, 1), None)}


def test_23b_goes_by_year_and_day(village, target_reader):
    make_training.course(kind=K.CELL_SECRETARIES, ended_on=DAY(2025, 9, 1), finished=(village.secretary,))
    assert (target(target_reader, year=2025).part, target(target_reader).part) == (1, 0)
    assert target(target_reader, year=2025, on=DAY(2025, 8, 31)).part == 0
    early = target(target_reader, year=2025, on=DAY(2025, 6, 30))
    assert (early.whole, early.value, early.met) == (0, None, None)
    assert any("Chưa có quy định" in told for told in early.missing)


def test_23b_counts_who_holds_the_post_at_the_end_of_the_year(village, target_reader):
    position = make_training.holder(unit=make.unit(parent=village.root, code="cb-moi", name="Chi bộ bản Mới"), full_name="Lò Văn Qua")
    assert target(target_reader).whole == 6
    members.relieve(make_training.SYSTEM, position, on=DAY(2026, 9, 1))
    db.session.flush()
    assert target(target_reader).whole == 5
    assert target(target_reader, on=DAY(2026, 8, 31)).whole == 6


def test_23b_without_a_holder_on_record_is_not_met_however_many_were_trained(commune, target_reader):
    empty = target(target_reader)
    assert (empty.part, empty.whole, empty.value, empty.met) == (0, 0, None, None)
    assert "Bí thư chi bộ: 2 nơi chưa ghi ai giữ chức vụ: Chi bộ bản Bon, Chi bộ bản Hé" in empty.missing
    member = make.member(unit=commune.bon)
    make_training.secretary(unit=commune.bon, person=db.session.get_one(Person, member.id))
    make_training.course(finished=(member.id,))
    some = target(target_reader)
    assert (some.part, some.whole, some.value, some.met) == (1, 1, Decimal("100.00"), None)
    assert "Bí thư chi bộ: 1 nơi chưa ghi ai giữ chức vụ: Chi bộ bản Hé" in some.missing
    for n in range(10):
        make.unit(parent=commune.root, code=f"cb-{n}")
    assert any(told.startswith("Trưởng bản: 12 nơi") and told.endswith("và 2 nơi khác") for told in target(target_reader).missing)


def test_only_who_finished_has_been_trained(village, target_reader, reader):
    course = make_training.course()
    for result in (CourseResult.CALLED, CourseResult.AWAY, CourseResult.FAILED):
        version = queries.pupils(reader, course)[0].version if queries.pupils(reader, course) else 0
        actions.enter_results(make_training.SYSTEM, course, [Entry(village.secretary, version, result)])
        assert target(target_reader).part == 0


def test_25b_is_the_state_of_a_day(commune, target_reader):
    nothing = target(target_reader, "25b")
    assert (nothing.whole, nothing.value, nothing.met, nothing.missing) == (0, None, None, ("Chưa có số liệu để so sánh",))
    a, b = (staff(name=f"Lò Văn {n}").person_id for n in "AB")
    make_training.course(kind=K.DIGITAL, ended_on=DAY(2025, 10, 1), finished=(a,))
    make_training.course(kind=K.DIGITAL, ended_on=DAY(2025, 6, 30), finished=(b,))
    found = target(target_reader, "25b")
    assert (found.part, found.whole, found.value, found.met) == (1, 2, Decimal("50.00"), False)
    assert target(target_reader, "25b", 2025).part == 1
    assert names(target_reader, Side.REST, "25b") == {"Lò Văn B"}
    make_training.course(kind=K.DIGITAL, ended_on=DAY(2026, 2, 1), finished=(b,))
    assert (target(target_reader, "25b").met, target(target_reader, "25b", 2025).part) == (True, 1)


def test_a_secretary_sees_her_own_cell(village, actor_):
    make_training.course(kind=K.CELL_SECRETARIES, finished=(village.secretary, village.both))
    own = actor_(Role.SECRETARY, village.bon, Permission.TRAINING_READ)
    found = {one.post: one for one in coverage_queries.coverage(own, 2026, TODAY)}
    assert [one.name for one in found[Post.CELL_SECRETARY].holders] == ["Lò Thị Thư"]
    assert [one.name for one in found[Post.VILLAGE_HEAD].missing] == ["Vì Văn Bản"]
    (line,) = queries.courses(own, DAY(2026, 1, 1), DAY(2026, 12, 31))
    assert (line.people, line.finished) == (1, 1)
    assert queries.sent(own, DAY(2026, 1, 1), DAY(2026, 12, 31)) == (1, 1)
    assert target(own.using(Permission.TARGETS_READ)).whole == 3
    assert queries.of_person(own, village.both) == []


def test_who_took_the_post_in_december_is_told_apart_and_counts(village, reader):
    make_training.holder(unit=make.unit(parent=village.root, code="cb-moi"), full_name="Lò Văn Mới", on=DAY(2025, 12, 3))
    heads = next(one for one in coverage_queries.coverage(reader, 2025, TODAY) if one.post is Post.VILLAGE_HEAD)
    codes = {one.name: one.finding.code for one in heads.missing}
    assert codes["Lò Văn Mới"] == "training.village_head.newcomer"
    assert codes["Vì Văn Bản"] == "training.village_head"
    assert (heads.trained, len(heads.holders)) == (0, 3)


def test_missing_counts_are_those_of_the_lists(village, reader):
    make_training.course(kind=K.VILLAGE_HEADS, finished=(village.head,))
    listed = {one.post: len(one.missing) for one in coverage_queries.coverage(reader, 2026, TODAY) if one.missing}
    assert coverage_queries.missing_counts(reader, 2026, TODAY) == listed == {
        Post.CELL_SECRETARY: 2, Post.VILLAGE_HEAD: 1, Post.VILLAGE_FRONT_HEAD: 2,
    }  # fmt: skip
    assert coverage_queries.missing_counts(reader, 2024, TODAY) == {}


def test_whom_a_class_is_offered(village, reader):
    course = make_training.course(finished=(village.secretary,))
    assert queries.offered(reader, course) == []
    assert [one.name for one in queries.offered(reader, course, unit=village.bon)] == ["Vì Văn Bản", "Vì Thị Trận"]
    assert [one.name for one in queries.offered(reader, course, name="vi ban")] == ["Vì Văn Bản"]
    assert [one.name for one in queries.offered(reader, course, ids=[village.secretary, village.both])] == ["Quàng Văn Hai"]
    assert queries.offered(reader, course, name="%_") == []


def test_statements_do_not_grow_with_people_or_classes(village, reader, target_reader, counting):
    def ask() -> int:
        db.session.expire_all()
        village_id = village.bon.path
        with counting() as count:
            coverage_queries.coverage(reader, 2026, TODAY)
            queries.courses(reader, DAY(2026, 1, 1), DAY(2026, 12, 31))
            target(target_reader), target(target_reader, "25b")
            names(target_reader, Side.REST)
        assert village_id
        return len(count)

    few = ask()
    for n in range(12):
        unit = make.unit(parent=village.root, code=f"cb-{n}")
        head = make_training.holder(unit=unit, full_name=f"Lò Văn {chr(65 + n)}")
        staff()
        make_training.course(kind=K.VILLAGE_HEADS, title=f"Lớp {n}", finished=(head.person_id,))
    assert ask() == few


def test_a_secretary_sees_the_officials_whose_record_her_cell_keeps(village, actor_, target_reader):
    staff(person=db.session.get_one(Person, village.secretary))
    staff(person=db.session.get_one(Person, village.both))
    own = actor_(Role.SECRETARY, village.bon, Permission.TRAINING_READ)
    found = {one.post: one for one in coverage_queries.coverage(own, 2026, TODAY)}
    assert [one.name for one in found[Post.OFFICIAL].missing] == ["Lò Thị Thư"]
    assert target(target_reader, "25b", unit=village.bon).whole == 1
    assert coverage_queries.missing_counts(own, 2026, TODAY)[Post.OFFICIAL] == 1


def test_who_leaves_service_leaves_both_targets_at_once(commune, target_reader):
    line = staff()
    level(line)
    make_training.course(kind=K.DIGITAL, finished=(line.person_id,))
    assert (target(target_reader, "25a").whole, target(target_reader, "25b").whole) == (1, 1)
    staff_actions.leave(make_staff.SYSTEM, line, line.shown_version, DAY(2026, 9, 1))
    db.session.flush()
    assert (target(target_reader, "25a").whole, target(target_reader, "25b").whole) == (0, 0)
    assert (target(target_reader, "25a", on=DAY(2026, 8, 31)).whole, target(target_reader, "25b", on=DAY(2026, 8, 31)).whole) == (1, 1)


SERVED = st.lists(st.tuples(st.integers(0, 3), st.dates(DAY(2025, 1, 1), TODAY), st.integers(0, 500), st.booleans()), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(served=SERVED, year=st.sampled_from((2025, 2026)), on=st.dates(DAY(2025, 7, 15), TODAY), all_rated=st.booleans())
def test_25a_and_25b_count_the_same_people_on_the_same_day(commune, target_reader, served, year, on, all_rated):
    on = max(on, DAY(year, 7, 15))
    with db.session.begin_nested() as savepoint:
        people = [make.person(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "AB"]
        people += [db.session.get_one(Person, make.member(unit=commune.he, full_name=f"Cà Thị {n}").id) for n in "CD"]
        for who, start, days, rated in sorted(served, key=lambda one: one[1]):
            try:
                line = staff(person=people[who], started_on=start)
            except RuleBroken:  # she serves on that day already
                continue
            if (rated or all_rated) and start <= min(DAY(year, 12, 31), TODAY):
                level(line, year=year)
            if days < 300:
                staff_actions.leave(make_staff.SYSTEM, line, line.shown_version, min(start + dt.timedelta(days=days), TODAY))
        db.session.flush()
        levels, classes = (targets.measure(target_reader, no, year, on) for no in ("25a", "25b"))
        lines = [db.session.scalars(one).all() for one in (levels.whole, levels.lacking)]
        rated_people, lacking = (
            set(db.session.scalars(sa.select(Staff.person_id).where(Staff.id.in_(ids)))) if ids else set() for ids in lines
        )
        whole = set(db.session.scalars(classes.whole))
        assert rated_people | lacking == whole and not rated_people & lacking
        assert len(lines[0]) + len(lines[1]) == len(whole)  # nobody by two lines
        if all_rated:
            assert (rated_people, targets.result(levels).whole) == (whole, targets.result(classes).whole)
        savepoint.rollback()
    db.session.expire_all()


POSTS = (Post.CELL_SECRETARY, Post.VILLAGE_HEAD, Post.VILLAGE_FRONT_HEAD)
STARTS = st.dates(DAY(2025, 1, 1), TODAY)
HELD = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(POSTS), st.integers(0, 1), STARTS, st.booleans()), max_size=6)
CLASSES = st.lists(st.tuples(st.sampled_from((K.CELL_SECRETARIES, K.VILLAGE_HEADS, K.VILLAGE_FRONTS, K.DIGITAL)), STARTS,
                             st.sets(st.integers(0, 3))), max_size=4)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(held=HELD, classes=CLASSES, year=st.sampled_from((2025, 2026)))
def test_the_part_lies_in_the_whole_and_is_what_the_plain_rule_says(commune, target_reader, held, classes, year):
    with db.session.begin_nested() as savepoint:
        people = [make.person(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "ABCD"]
        posts: set[tuple[int, Post]] = set()
        taken: set[tuple[int, Post, int]] = set()
        last = min(DAY(year, 12, 31), TODAY)
        for who, post, place, start, ends in held:
            if (who, post, place) in taken:
                continue
            taken.add((who, post, place))
            body, title, _kinds = coverage_queries.POSITIONS[post]
            unit = (commune.bon, commune.he)[place]
            position = members.appoint(make_training.SYSTEM, people[who], unit=unit, body=body, title=title, on=start)
            if ends:
                members.relieve(make_training.SYSTEM, position, on=min(start + dt.timedelta(days=100), TODAY))
            if start <= last and (position.ended_on is None or position.ended_on > last):
                posts.add((who, post))
        had: dict[int, list[tuple[CourseKind, dt.date]]] = {n: [] for n in range(4)}
        for number, (kind, ended, pupils) in enumerate(classes):
            make_training.course(kind=kind, title=f"Lớp {number}", ended_on=ended, finished=tuple(people[n].id for n in pupils))
            for n in pupils:
                had[n].append((kind, ended))
        db.session.flush()
        rules = {post: requirement(post, year, TODAY) for post in POSTS}
        whole = {who for who, _post in posts}
        owing = {who for who, post in posts if trained_on(rules[post], had[who]) is None}  # type: ignore[arg-type]
        measure = targets.measure(target_reader, "23b", year)
        part_ids, whole_ids = (set(db.session.scalars(one)) for one in (measure.part, measure.whole))
        assert part_ids <= whole_ids
        assert whole_ids == {people[n].id for n in whole}
        assert part_ids == {people[n].id for n in whole - owing}
        found = targets.result(measure)
        assert (found.part, found.whole) == (len(part_ids), len(whole_ids))
        assert {line.id for line in targets.listing(target_reader, measure, Side.REST, year)} == whole_ids - part_ids
        savepoint.rollback()
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.literal(1))) == 1
