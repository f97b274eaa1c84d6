"""The membership on a day: each table counts everybody on the roll once."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.members import actions, admission_actions
from partyreg.members.models import Exit, Person, Qualification, Schooling, Sex, Standing, Theory
from partyreg.members.queries import count_on
from partyreg.statistics import day_queries as queries
from partyreg.statistics.day_queries import Dimension
from tests import make

SYSTEM = access.system("test")
TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def reader(actor_):
    return actor_(Role.REPORTING, permission=Permission.REPORTS_READ)


def keys(found: queries.Snapshot, dimension: Dimension) -> dict[str, int]:
    return {group.key: group.total for group in found.of(dimension) if group.total}


def test_age_is_that_of_the_day_in_bands_without_holes(commune, reader):
    make.member(unit=commune.bon, born_on=dt.date(1996, 11, 24))
    make.member(unit=commune.bon, born_on=dt.date(1996, 11, 25), sex=Sex.FEMALE)
    make.member(unit=commune.bon, born_on=dt.date(1970, 1, 1))
    groups = queries.snapshot(reader, TODAY).of(Dimension.AGE)
    assert [(one.key, one.male, one.female) for one in groups] == [
        ("25", 0, 1), ("30", 1, 0), ("35", 0, 0), ("40", 0, 0), ("45", 0, 0), ("50", 0, 0), ("55", 1, 0),
    ]  # fmt: skip


def test_seniority_runs_from_the_decision_without_the_time_away_and_not_on_probation(commune, reader):
    make.member(unit=commune.bon, decided_on=dt.date(1986, 11, 24), ceremony_on=dt.date(1986, 11, 30))
    make.member(unit=commune.bon, decided_on=dt.date(1986, 11, 25), ceremony_on=dt.date(1986, 11, 30))
    make.member(unit=commune.bon, standing=Standing.PROBATIONARY)
    back = make.member(unit=commune.bon, decided_on=dt.date(1990, 1, 1), ceremony_on=dt.date(1990, 1, 10))
    actions.leave(SYSTEM, back, exit=Exit.WITHDREW, on=dt.date(2000, 1, 1))
    admission_actions.readmit(
        SYSTEM, person=db.session.get_one(Person, back.id), unit=commune.bon, decided_on=dt.date(2015, 1, 1), decision_number="1-QĐ/ĐU",
        ceremony_on=dt.date(2015, 1, 1),
    )  # fmt: skip
    admission_actions.recognise(SYSTEM, back, dt.date(2016, 1, 2))
    assert keys(queries.snapshot(reader, TODAY), Dimension.SENIORITY) == {"40": 1, "35": 1, "0": 1, "probation": 1}
    assert keys(queries.snapshot(reader, dt.date(1999, 6, 1)), Dimension.SENIORITY) == {"0": 3}


def test_what_is_not_on_record_is_said(commune, reader):
    make.member(unit=commune.bon, schooling=None)
    make.member(unit=commune.bon, schooling=Schooling.PRIMARY)
    assert keys(queries.snapshot(reader, TODAY), Dimension.SCHOOLING) == {"unknown": 1, "primary": 1}


def test_each_actor_sees_her_own_cells(commune, actor_):
    make.member(unit=commune.bon)
    make.member(unit=commune.he)
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.REPORTS_READ)
    assert len(queries.snapshot(secretary, TODAY).people) == 1
    assert queries.snapshot(secretary, TODAY, commune.he).people == ()


PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(list(Sex)), st.dates(dt.date(1930, 1, 1), dt.date(2008, 1, 1)),
        st.sampled_from(["Thái", "Kinh", "Mông", "Kháng"]), st.sampled_from([None, *Schooling]), st.sampled_from(list(Qualification)),
        st.sampled_from(list(Theory)), st.sampled_from(list(Standing)), st.one_of(st.none(), st.dates(dt.date(2024, 1, 1), TODAY)),
    ),
    max_size=10,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(people=PEOPLE, day=st.dates(dt.date(2014, 1, 1), TODAY))
def test_every_table_sums_to_the_roll_of_the_day(app, commune, reader, people, day):
    with db.session.begin_nested() as savepoint:
        for cell, sex, born_on, ethnicity, schooling, qualification, theory, standing, left in people:
            who = make.member(
                unit=(commune.bon, commune.he)[cell], sex=sex, born_on=born_on, ethnicity=ethnicity, schooling=schooling,
                qualification=qualification, theory=theory, standing=standing,
            )  # fmt: skip
            if left and (standing is Standing.FULL or left >= dt.date(2026, 6, 1)):
                actions.leave(SYSTEM, who, exit=Exit.DIED, on=left)
        for unit in (None, commune.root, commune.bon, commune.he):
            found = queries.snapshot(reader, day, unit)
            expected = count_on(reader, day, unit)
            assert len(found.people) == expected
            for dimension in Dimension:
                groups = found.of(dimension)
                assert sum(group.total for group in groups) == expected, dimension
                cells = found.by_cell(dimension)
                assert [sum(numbers[n] for _cell, numbers in cells) for n in range(len(groups))] == [group.total for group in groups]
        savepoint.rollback()


def test_the_statements_do_not_grow_with_the_members(commune, reader, counting):
    def asked() -> int:
        db.session.expire_all()
        _ = commune.root.path
        with counting() as count:
            found = queries.snapshot(reader, TODAY, commune.root)
            for dimension in Dimension:
                found.of(dimension)
                found.by_cell(dimension)
        return len(count)

    make.member(unit=commune.bon)
    few = asked()
    for _n in range(20):
        make.member(unit=commune.he)
    assert asked() == few <= 3
