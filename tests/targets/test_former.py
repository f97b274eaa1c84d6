"""The targets of a former commune: the filter on every page, and that the parts together are the whole."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Standing, Title
from partyreg.org import actions as org
from partyreg.org.former_queries import Part
from partyreg.org.models import Unit
from partyreg.ratings.models import Level
from partyreg.statistics import day_queries, movement_queries
from partyreg.statistics.day_queries import Dimension
from partyreg.statistics.events import MovementLine
from partyreg.targets import queries
from partyreg.targets.measures import MEASURES
from partyreg.targets.queries import Side
from tests import make
from tests.make import ratings as make_ratings
from tests.make.meetings import meeting
from tests.make.org import former

SYSTEM = access.system("test")
MERGED = dt.date(2025, 7, 1)
#: What is set for the whole commune only.
WHOLE_ONLY = {"24a", "25a"}


@pytest.fixture
def reader(actor_):
    return actor_(Role.STANDING, permission=Permission.TARGETS_READ)


@pytest.fixture
def halves(commune):
    """Bon came from one former commune, He from none on record; one rated member and one admission in each."""
    old = former(commune.root, "xa-lanh", "Đảng bộ xã Lạnh (cũ)")
    org.record_descent(SYSTEM, commune.bon, old, MERGED)
    make_ratings.year()
    for unit, name, level in ((commune.bon, "Lò Văn A", Level.GOOD), (commune.he, "Quàng Văn D", Level.DONE)):
        one = make.member(unit=unit, full_name=name)
        make_ratings.levels(unit=unit, given={one: level})
        make.member(unit=unit, full_name=f"{name} Mới", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 4, 1))
    return commune


def test_every_page_keeps_the_former_commune(halves, as_):
    browser = as_(Role.STANDING)
    assert "1/2 = 50,00 %" in browser.get("/targets").text
    page = browser.get("/targets?former=xa-lanh").text
    assert "1/1 = 100,00 %" in page and "Đảng bộ xã Lạnh (cũ)" in page
    assert 'href="/targets/21b?year=2026&amp;former=xa-lanh"' in page and 'href="/targets/compare?former=xa-lanh"' in page
    assert "Chỉ tiêu này chỉ tính cho cả xã." in page and "chỉ tính cho cả xã" in page
    one = browser.get("/targets/21b?former=xa-lanh&side=whole").text
    assert "Lò Văn A" in one and "Quàng Văn D" not in one and "former=xa-lanh" in one
    rows = list(csv.reader(io.StringIO(browser.get("/targets/21b/export.csv?former=xa-lanh&side=whole").text.lstrip("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["Lò Văn A"]
    none = browser.get("/targets/21b?former=-&side=whole").text
    assert "Quàng Văn D" in none and "Lò Văn A" not in none
    both = browser.get("/targets/21b?former=xa-lanh&unit=cb-he&side=whole").text
    assert "Quàng Văn D" not in both and "Lò Văn A" not in both
    assert browser.get("/targets/21b/chart.svg?former=xa-lanh").status_code == 200
    for page in ("term", "compare"):
        text = browser.get(f"/targets/{page}?former=xa-lanh").text
        assert "Đảng bộ xã Lạnh (cũ)" in text and f"/targets/{page}.xlsx?" in text and "former=xa-lanh" in text
    whole, part = (browser.get(f"/targets/compare.csv?{query}").text for query in ("", "former=xa-lanh"))
    assert "50" in next(line for line in whole.splitlines() if line.startswith("21b"))
    assert "100" in next(line for line in part.splitlines() if line.startswith("21b"))
    assert not any(line.startswith("2.") for line in part.splitlines())
    told = browser.get("/targets/term.csv?former=xa-lanh").text
    assert "21b" in told and "24a" in told


@pytest.mark.parametrize("code", ["cb-bon", "no-such", "x" * 300, "%00"])
@pytest.mark.parametrize("page", ["/targets", "/targets/21b", "/targets/term", "/targets/compare", "/statistics", "/statistics/day"])
def test_what_is_no_former_commune_is_not_found(halves, as_, page, code):
    assert as_(Role.STANDING).get(f"{page}?former={code}").status_code == 404


def test_statistics_keep_the_former_commune(halves, as_):
    browser = as_(Role.STANDING)
    for page in ("/statistics?", "/statistics/admissions?", "/statistics/day?"):
        text = browser.get(f"{page}former=xa-lanh").text
        assert "Đảng bộ xã Lạnh (cũ)" in text and "former=xa-lanh" in text
    people = browser.get("/statistics/day/people?former=xa-lanh").text
    assert "Lò Văn A" in people and "Quàng Văn D" not in people
    people = browser.get("/statistics/admissions/people?former=xa-lanh&from=2026-01-01&to=2026-11-24").text
    assert "Lò Văn A Mới" in people and "Quàng Văn D" not in people and "former=xa-lanh" in people
    closing = browser.get("/statistics/movement/people?former=-&line=closing").text
    assert "Quàng Văn D" in closing and "Lò Văn A" not in closing


CELLS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, None]), st.integers(0, 2), st.sampled_from([None, *Level]), st.integers(0, 2), st.booleans()),
    max_size=5,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(cells=CELLS)
def test_the_former_communes_and_the_cells_of_none_are_the_whole(commune, reader, cells):
    """Of every target that is counted cell by cell, and of the statistics; the targets of the whole commune say that they are."""
    savepoint = db.session.begin_nested()
    try:
        make_ratings.year()
        formers = [former(commune.root, f"xa-{n}") for n in range(3)]
        for n, (of, count, level, officers, met) in enumerate(cells):
            unit = make.unit(parent=commune.root, code=f"cb-so-{n}")
            if of is not None:
                org.record_descent(SYSTEM, unit, formers[of], MERGED)
            given_levels = {make.member(unit=unit): Level.GOOD if one else Level.DONE for one in range(count)}
            if given_levels:
                make_ratings.levels(unit=unit, given=given_levels)
                make.member(unit=unit, standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 4, 1))
            if level is not None:
                make_ratings.unit_level(unit=unit, level=level)
            for title in (Title.SECRETARY, Title.MEMBER)[:officers]:
                who = db.session.get_one(Person, make.member(unit=unit).id)
                members.appoint(SYSTEM, who, unit=unit, body=Body.CELL_COMMITTEE, title=title, on=dt.date(2020, 1, 1))
            if met and count:
                meeting(unit=unit, chair_id=next(iter(given_levels)).id, held_on=dt.date(2026, 3, 3))
        parts = [*(Part(one) for one in formers), Part(None)]
        for no in MEASURES:
            whole = queries.result(queries.measure(reader, no, 2026))
            found = [queries.result(queries.measure(reader, no, 2026, unit=part)) for part in parts]
            if no in WHOLE_ONLY:
                assert all(one.missing and one.value is None and not one.whole for one in found)
                continue
            sums = tuple(sum(getattr(one, name) for one in found) for name in ("part", "whole", "lacking"))
            assert sums == (whole.part, whole.whole, whole.lacking), no
            for side in Side:
                every = [line.id for line in queries.listing(reader, queries.measure(reader, no, 2026), side, 2026)]
                told = [
                    line.id for part in parts for line in queries.listing(reader, queries.measure(reader, no, 2026, unit=part), side, 2026)
                ]
                assert sorted(told) == sorted(every)
        term = [queries.term_result(reader, 2025, unit=part) for part in parts]
        assert all(one is not None and one.missing and one.value is None for one in term)
        counter = reader.using(Permission.REPORTS_READ)
        days = [day_queries.snapshot(counter, dt.date(2026, 11, 24), part) for part in (None, *parts)]
        assert len(days[0].people) == sum(len(one.people) for one in days[1:])
        for sex in ("male", "female"):
            totals = [sum(getattr(group, sex) for group in one.of(Dimension.AGE)) for one in days]
            assert totals[0] == sum(totals[1:])
        years = [movement_queries.movement(counter, dt.date(2026, 1, 1), dt.date(2026, 11, 24), part) for part in (None, *parts)]
        for line in MovementLine:
            numbers = [one.number(line) for one in years]
            assert numbers[0] == sum(numbers[1:])
    finally:
        savepoint.rollback()
        for one in [one for one in db.session if not isinstance(one, Unit)]:
            db.session.expunge(one)


def test_a_part_takes_as_many_statements_as_the_whole(halves, reader, counting):
    def taken(place) -> int:
        with counting() as count:
            queries.evaluate(reader, 2026, unit=place)
        return len(count)

    assert taken(Part(None)) <= taken(None)
