"""The movement of the membership always adds up: for every cell, every period and every standing, whatever happened."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import RuleBroken
from partyreg.members import actions, admission_actions
from partyreg.members.models import Exit, Member, Person, Posting, PostingKind, Standing, StandingPeriod
from partyreg.org import actions as org
from partyreg.statistics import movement_queries as queries
from partyreg.statistics.events import WAYS_IN, WAYS_OUT, Event, Held, MovementLine, Stay, events
from tests import make

SYSTEM = access.system("test")
L = MovementLine
#: For rows that no deed would write.
RAW = {"recorded": True}
COLUMNS = (*queries.COLUMNS, "total")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def reader(actor_):
    return actor_(Role.REPORTING, permission=Permission.REPORTS_READ)


def happened(found: queries.Movement) -> dict[str, int]:
    """Every line of events that has a figure."""
    return {line.value: sum(one.line is line for one in found.events) for line in L if any(one.line is line for one in found.events)}


def closing_by_sum(found: queries.Movement, column) -> int:
    """What the closing must be, by the lines above it."""
    return (
        found.number(L.OPENING, column) + found.sum(WAYS_IN, column) - found.sum(WAYS_OUT, column) + found.number(L.FROM_CELL, column)
        - found.number(L.TO_CELL, column) + found.number(L.RECOGNISED, column)
    )  # fmt: skip


def assert_adds_up(found: queries.Movement) -> None:
    assert found.unexplained() == {}
    for column in COLUMNS:
        assert closing_by_sum(found, column) == found.number(L.CLOSING, column), column


# -- one thing at a time ----------------------------------------------------------------------------------------------


def test_an_empty_period(commune, reader):
    make.member(unit=commune.bon)
    found = queries.movement(reader, day("2026-01-01"), day("2026-06-30"))
    assert (found.number(L.OPENING), found.number(L.CLOSING), found.events) == (1, 1, ())
    assert found.number(L.OPENING, Standing.FULL) == 1


@pytest.mark.parametrize(
    ("first", "last", "counted"),
    [("2026-03-10", "2026-03-31", 1), ("2026-03-01", "2026-03-10", 1), ("2026-03-10", "2026-03-10", 1), ("2026-03-11", "2026-04-01", 0),
     ("2026-02-01", "2026-03-09", 0)],
)  # fmt: skip
def test_the_first_and_the_last_day_belong_to_the_period(commune, reader, first, last, counted):
    who = make.member(unit=commune.bon)
    make.member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=day("2026-03-10"))
    actions.leave(SYSTEM, who, exit=Exit.DIED, on=day("2026-03-10"))
    found = queries.movement(reader, day(first), day(last))
    assert (found.came, found.went) == (counted, counted)
    assert_adds_up(found)


def test_the_closing_of_a_period_is_the_opening_of_the_next(commune, reader):
    who = make.member(unit=commune.bon)
    actions.transfer(SYSTEM, who, to=commune.he, on=day("2026-01-01"))
    before = queries.movement(reader, day("2025-01-01"), day("2025-12-31"), commune.bon)
    after = queries.movement(reader, day("2026-01-01"), day("2026-12-31"), commune.bon)
    assert before.closing == after.opening != ()
    assert happened(after) == {"to_cell": 1}


def test_moves_between_cells_stand_apart_and_cancel_over_the_commune(commune, reader):
    who = make.member(unit=commune.bon)
    actions.transfer(SYSTEM, who, to=commune.he, on=day("2026-05-01"))
    period = day("2026-01-01"), day("2026-11-24")
    assert happened(queries.movement(reader, *period, commune.bon)) == {"to_cell": 1}
    assert happened(queries.movement(reader, *period, commune.he)) == {"from_cell": 1}
    whole = queries.movement(reader, *period, commune.root)
    assert happened(whole) == {"from_cell": 1, "to_cell": 1}
    assert (whole.came, whole.went) == (0, 0)
    assert_adds_up(whole)


def test_recognition_moves_from_one_column_to_the_other(commune, reader):
    who = make.member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=day("2025-03-01"))
    admission_actions.recognise(SYSTEM, who, day("2026-03-01"))
    found = queries.movement(reader, day("2026-01-01"), day("2026-11-24"))
    assert [found.number(L.RECOGNISED, column) for column in COLUMNS] == [-1, 1, 0, 0]
    assert found.members(L.RECOGNISED) == [(who.id, day("2026-03-01"), commune.bon.id)]
    assert_adds_up(found)


def test_moved_and_recognised_on_one_day_is_recognised_in_the_new_cell(commune, reader):
    who = make.member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=day("2025-03-01"))
    actions.transfer(SYSTEM, who, to=commune.he, on=day("2026-03-01"))
    admission_actions.recognise(SYSTEM, who, day("2026-03-01"))
    old = queries.movement(reader, day("2026-01-01"), day("2026-11-24"), commune.bon)
    new = queries.movement(reader, day("2026-01-01"), day("2026-11-24"), commune.he)
    assert [(one.line, one.standing) for one in old.events] == [(L.TO_CELL, Standing.PROBATIONARY)]
    assert [(one.line, one.standing) for one in new.events] == [(L.FROM_CELL, Standing.PROBATIONARY), (L.RECOGNISED, Standing.FULL)]
    assert_adds_up(old)
    assert_adds_up(new)


def test_in_and_out_on_the_same_day_is_both(commune, reader):
    who = make.member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=day("2026-03-01"))
    actions.leave(SYSTEM, who, exit=Exit.DIED, on=day("2026-03-01"))
    found = queries.movement(reader, day("2026-03-01"), day("2026-03-01"))
    assert happened(found) == {"admitted": 1, "died": 1}
    assert_adds_up(found)


def test_an_annulled_admission_comes_in_and_goes_out_and_may_be_made_again(commune, reader):
    who = make.member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=day("2026-02-01"))
    admission_actions.annul(SYSTEM, who, on=day("2026-04-01"))
    person = db.session.get_one(Person, who.id)
    admission_actions.admit(
        SYSTEM, person=person, unit=commune.he, decided_on=day("2026-05-01"), decision_number="12-QĐ/ĐU", ceremony_on=day("2026-05-10")
    )
    found = queries.movement(reader, day("2026-01-01"), day("2026-11-24"))
    assert happened(found) == {"admitted": 2, "cancelled": 1}
    assert_adds_up(found)


def test_taken_back_the_day_she_left(commune, reader):
    who = make.member(unit=commune.bon)
    actions.leave(SYSTEM, who, exit=Exit.WITHDREW, on=day("2026-02-01"))
    admission_actions.readmit(
        SYSTEM, person=db.session.get_one(Person, who.id), unit=commune.he, decided_on=day("2026-02-01"), decision_number="1-QĐ/ĐU",
        ceremony_on=day("2026-02-01"),
    )  # fmt: skip
    found = queries.movement(reader, day("2026-01-01"), day("2026-11-24"))
    assert happened(found) == {"withdrew": 1, "readmitted": 1}
    assert [found.number(L.CLOSING, column) for column in COLUMNS] == [1, 0, 0, 1]
    assert_adds_up(found)


@pytest.mark.parametrize(("exit", "line"), [(Exit.EXPELLED, "restored"), (Exit.REMOVED, "restored"), (Exit.MOVED_AWAY, "arrived")])
def test_back_as_a_full_member_is_restored_or_arrived(commune, reader, exit, line):
    who = make.member(unit=commune.bon)
    actions.leave(SYSTEM, who, exit=exit, on=day("2025-02-01"))
    back = {"member_id": who.id, "started_on": day("2026-02-01")}
    db.session.execute(sa.insert(StandingPeriod).values(standing=Standing.FULL, **back), execution_options=RAW)
    db.session.execute(sa.insert(Posting).values(unit_id=commune.bon.id, kind=PostingKind.HOME, **back), execution_options=RAW)
    found = queries.movement(reader, day("2026-01-01"), day("2026-11-24"))
    assert happened(found) == {line: 1}
    assert_adds_up(found)


def test_arrived_with_a_standing_of_before(commune, reader):
    make.member(unit=commune.bon, posted_on=day("2026-07-01"))
    found = queries.movement(reader, day("2026-01-01"), day("2026-11-24"))
    assert happened(found) == {"arrived": 1}
    assert_adds_up(found)


def test_a_cell_that_was_closed_and_one_that_was_merged_in_the_period(commune, reader):
    first, second = make.member(unit=commune.bon), make.member(unit=commune.bon)
    other = make.unit(parent=commune.root)
    third = make.member(unit=other)
    for who in (first, second, third):
        actions.transfer(SYSTEM, who, to=commune.he, on=day("2026-05-01"))
    actions.close_cell(SYSTEM, commune.bon, on=day("2026-05-01"))
    org.merge(SYSTEM, [other], commune.he, on=day("2026-05-01"))
    period = day("2026-01-01"), day("2026-11-24")
    gone = queries.movement(reader, *period, commune.bon)
    assert (gone.number(L.OPENING), gone.number(L.TO_CELL), gone.number(L.CLOSING)) == (2, 2, 0)
    assert {unit.code for unit in queries.units(reader, *period)} >= {commune.bon.code, other.code}
    assert other.code not in {unit.code for unit in queries.units(reader, day("2026-06-01"), day("2026-11-24"))}
    parts = queries.movement(reader, *period).by_cell()
    assert sorted(parts) == sorted([commune.bon.id, commune.he.id, other.id])
    assert parts[commune.he.id].number(L.FROM_CELL) == 3
    for part in parts.values():
        assert_adds_up(part)


def test_visits_are_counted_apart(commune, reader):
    who = make.member(unit=commune.bon)
    actions.post_temporarily(SYSTEM, who, to=commune.he, on=day("2026-02-01"), until=day("2026-04-01"))
    actions.post_temporarily(SYSTEM, who, to=commune.he, on=day("2026-05-01"))
    period = day("2026-01-01"), day("2026-11-24")
    assert queries.movement(reader, *period, commune.he).visits == (0, 2, 1, 1)
    assert queries.movement(reader, *period, commune.bon).visits == (0, 0, 0, 0)
    assert queries.movement(reader, day("2026-03-01"), day("2026-03-31")).visits == (1, 0, 0, 1)
    assert happened(queries.movement(reader, *period)) == {}


def test_what_happened_elsewhere_is_out_of_reach(commune, actor_):
    make.member(unit=commune.he)
    who = make.member(unit=commune.bon)
    actions.transfer(SYSTEM, who, to=commune.he, on=day("2026-05-01"))
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.REPORTS_READ)
    found = queries.movement(secretary, day("2026-01-01"), day("2026-11-24"))
    assert (found.number(L.OPENING), happened(found), found.number(L.CLOSING)) == (1, {"to_cell": 1}, 0)
    nothing = queries.movement(secretary, day("2026-01-01"), day("2026-11-24"), commune.he)
    assert (nothing.opening, nothing.events, nothing.closing) == ((), (), ())


# -- records that contradict each other --------------------------------------------------------------------------------


def test_a_posting_that_ended_without_a_reason_is_said_with_its_person(commune, reader):
    who = make.member(unit=commune.bon)
    db.session.execute(sa.update(Posting).where(Posting.member_id == who.id).values(ended_on=day("2026-05-01")), execution_options=RAW)
    found = queries.movement(reader, day("2026-01-01"), day("2026-11-24"))
    assert found.unexplained() == {who.id: Counter({Standing.FULL: -1})}
    assert [found.number(L.DIFFERENCE, column) for column in COLUMNS] == [0, -1, 0, -1]
    assert [one.member_id for one in queries.people(reader.using(Permission.MEMBERS_READ), found, found.members(L.DIFFERENCE))] == [who.id]


def test_one_who_left_but_stayed_on_the_roll_is_a_difference(commune, reader):
    who = make.member(unit=commune.bon)
    full = sa.update(StandingPeriod).where(StandingPeriod.member_id == who.id, StandingPeriod.standing == Standing.FULL)
    db.session.execute(full.values(ended_on=day("2026-05-01"), exit=Exit.MOVED_AWAY), execution_options=RAW)
    found = queries.movement(reader, day("2026-01-01"), day("2026-11-24"))
    assert happened(found) == {"moved_away": 1}
    assert [found.number(L.DIFFERENCE, column) for column in COLUMNS] == [0, 0, 1, 1]
    later = queries.movement(reader, day("2026-06-01"), day("2026-11-24"))
    assert (later.number(L.OPENING, None), later.unexplained()) == (1, {})


def test_on_the_roll_before_she_was_a_member(commune, reader):
    make.member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=day("2026-05-01"), posted_on=day("2026-03-01"))
    assert_adds_up(queries.movement(reader, day("2026-01-01"), day("2026-11-24")))
    early = queries.movement(reader, day("2026-01-01"), day("2026-03-31"))
    assert (happened(early), early.number(L.DIFFERENCE, None)) == ({}, 1)


def test_posted_on_after_leaving_is_ignored(commune, reader):
    who = make.member(unit=commune.bon)
    actions.transfer(SYSTEM, who, to=commune.he, on=day("2026-05-01"))
    actions.leave(SYSTEM, who, exit=Exit.DIED, on=day("2026-04-01"))
    found = queries.movement(reader, day("2026-01-01"), day("2026-11-24"))
    assert happened(found) == {"died": 1}
    assert_adds_up(found)


def test_the_last_of_a_days_places_is_the_one_she_left_from():
    left = day("2026-05-01")
    stays = [Stay(1, 10, day("2020-01-01"), left), Stay(1, 20, left, left)]
    held = [Held(1, Standing.PROBATIONARY, day("2020-01-01"), left, None), Held(1, Standing.FULL, left, left, Exit.REMOVED)]
    assert [one for one in events(stays, held) if one.day == left] == [
        Event(1, left, 10, L.TO_CELL, Standing.PROBATIONARY), Event(1, left, 20, L.FROM_CELL, Standing.PROBATIONARY),
        Event(1, left, 20, L.RECOGNISED, Standing.FULL), Event(1, left, 20, L.REMOVED, Standing.FULL),
    ]  # fmt: skip


# -- histories of every kind -------------------------------------------------------------------------------------------

DEEDS = ("transfer", "leave", "readmit", "recognise", "annul", "visit", "transfer", "recognise")
STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(DEEDS), st.sampled_from([0, 0, 1, 1, 2, 30, 200, -1]), st.integers(0, 3),
              st.sampled_from([one for one in Exit if one is not Exit.CANCELLED])),
    max_size=14,
)  # fmt: skip
BEGIN = day("2024-01-01")


def _do(deed: str, who: Member, to, on: dt.date, exit: Exit) -> None:
    person = db.session.get_one(Person, who.id)
    if deed == "transfer":
        actions.transfer(SYSTEM, who, to=to, on=on)
    elif deed == "leave":
        actions.leave(SYSTEM, who, exit=exit, on=on)
    elif deed == "recognise":
        admission_actions.recognise(SYSTEM, who, on)
    elif deed == "annul":
        admission_actions.annul(SYSTEM, who, on=on)
    elif deed == "visit":
        actions.post_temporarily(SYSTEM, who, to=to, on=on, until=on + dt.timedelta(days=20))
    else:
        enter = admission_actions.admit if who.decided_on is None else admission_actions.readmit
        enter(SYSTEM, person=person, unit=to, decided_on=on, decision_number="1-QĐ/ĐU", ceremony_on=on)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=STEPS,
    arrivals=st.lists(st.integers(-40, 40), min_size=2, max_size=4),
    seams=st.sets(st.integers(-60, 900), min_size=1, max_size=4),
)
def test_whatever_happens_every_part_of_every_period_adds_up(app, commune, reader, steps, arrivals, seams):
    with db.session.begin_nested() as savepoint:
        third = make.unit(parent=commune.root)
        cells = (commune.bon, commune.he, third)
        people = [make.member(unit=cells[n % 3], standing=Standing.PROBATIONARY, ceremony_on=BEGIN + dt.timedelta(days=gap))
                  if gap % 2 else make.member(unit=cells[n % 3], posted_on=BEGIN + dt.timedelta(days=gap))
                  for n, gap in enumerate(arrivals)]  # fmt: skip
        now, touched = BEGIN, {BEGIN + dt.timedelta(days=gap) for gap in arrivals}
        for who, deed, wait, to, exit in steps:
            now += dt.timedelta(days=wait)
            touched.add(now)
            try:
                with db.session.begin_nested():
                    _do(deed, people[who % len(people)], cells[to % 3], now, exit)
            except RuleBroken:
                db.session.expire_all()
        seamed = sorted({BEGIN + dt.timedelta(days=gap) for gap in seams} | set(sorted(touched)[:2]))
        bounds = [BEGIN - dt.timedelta(days=100), *seamed]
        ends = [start - dt.timedelta(days=1) for start in bounds[1:]] + [now + dt.timedelta(days=1000)]
        before = None
        for first, last in zip(bounds, ends, strict=True):
            whole = queries.movement(reader, first, last)
            assert_adds_up(whole)
            assert before is None or before.closing == whole.opening
            before = whole
            assert whole.number(L.FROM_CELL) == whole.number(L.TO_CELL)
            assert whole.visits.opening + whole.visits.came - whole.visits.went == whole.visits.closing
            for unit in (commune.root, *cells):
                part = queries.movement(reader, first, last, unit)
                assert_adds_up(part)
                if unit is commune.root:
                    assert part[3:] == whole[3:]
                else:
                    of_whole = whole.by_cell().get(unit.id)
                    assert part[4:7] == (of_whole[4:7] if of_whole else ((), (), ()))
        savepoint.rollback()


# -- how it is asked ---------------------------------------------------------------------------------------------------


def test_the_statements_do_not_grow_with_the_members(commune, reader, counting):
    period = day("2026-01-01"), day("2026-11-24")

    def asked() -> int:
        db.session.expire_all()
        _ = commune.root.path
        with counting() as count:
            queries.movement(reader, *period, commune.root)
        return len(count)

    make.member(unit=commune.bon)
    few = asked()
    for n in range(25):
        who = make.member(unit=commune.bon)
        if n % 2:
            actions.transfer(SYSTEM, who, to=commune.he, on=day("2026-05-01"))
        else:
            actions.leave(SYSTEM, who, exit=Exit.DIED, on=day("2026-05-01"))
    assert asked() == few <= 6
