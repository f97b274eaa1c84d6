"""The targets as two selects: what they count, whom they list, and that the two cannot disagree."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import NotVisible, RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import Body, Exit, Person, Standing, Title
from partyreg.org import actions as org
from partyreg.org.models import UnitKind
from partyreg.ratings import actions as ratings
from partyreg.ratings.models import Level, NotRated
from partyreg.targets import queries
from partyreg.targets.measures import MEASURES
from partyreg.targets.queries import Side
from tests import make
from tests.make import ratings as make_ratings

SYSTEM = access.system("test").using(Permission.TARGETS_READ)
E, G, D, N = Level.EXCELLENT, Level.GOOD, Level.DONE, Level.NOT_DONE


@pytest.fixture
def reader(actor_):
    return actor_(Role.STANDING, permission=Permission.TARGETS_READ)


@pytest.fixture
def secretary(actor_, commune):
    return actor_(Role.SECRETARY, commune.bon, Permission.TARGETS_READ)


def people(unit, count: int, prefix: str = "Lò Văn"):
    return [make.member(unit=unit, full_name=f"{prefix} {chr(65 + n)}") for n in range(count)]


def target(actor, no: str, year: int = 2026, on=None, unit=None) -> queries.Result:
    return queries.result(queries.measure(actor, no, year, on, unit))


def names(actor, no: str, side: Side, year: int = 2026, on=None, unit=None) -> list[str]:
    return [line.name for line in queries.listing(actor, queries.measure(actor, no, year, on, unit), side, year)]


def ids(select) -> set[int]:
    return set(db.session.scalars(select))


class TestMembersLevels:
    def test_changing_one_level_changes_21b_by_exactly_one_and_lists_that_person(self, commune, reader):
        make_ratings.year()
        a, b, c = people(commune.bon, 3)
        make_ratings.levels(unit=commune.bon, given={a: G, b: D, c: E})
        before = target(reader, "21b")
        assert (before.part, before.whole, before.value, before.met) == (2, 3, Decimal("66.67"), False)
        assert names(reader, "21b", Side.REST) == ["Lò Văn B"]
        ratings.set_level(SYSTEM.using(Permission.RATINGS_ENTER), 2026, commune.bon, b.id, G)
        after = target(reader, "21b")
        assert (after.part - before.part, after.whole - before.whole) == (1, 0)
        assert (after.value, after.met) == (Decimal("100.00"), True)
        assert "Lò Văn B" in names(reader, "21b", Side.PART)
        assert names(reader, "21b", Side.REST) == []

    def test_whoever_has_a_reason_is_left_out_and_whoever_has_nothing_is_missing(self, commune, reader):
        make_ratings.year()
        a, b, _c = people(commune.bon, 3)
        make_ratings.levels(unit=commune.bon, given={a: E, b: NotRated.EXEMPT})
        found = target(reader, "21d")
        assert (found.part, found.whole, found.value, found.met, found.lacking) == (1, 1, Decimal("100.00"), None, 1)
        assert found.missing == ("1 đảng viên chưa có kết quả xếp loại: Lò Văn C",)
        assert names(reader, "21d", Side.MISSING) == ["Lò Văn C"]

    def test_of_a_closed_year_stay_when_somebody_leaves_later(self, commune, reader):
        make_ratings.year(number=2025)
        a, b = people(commune.bon, 2)
        make_ratings.levels(unit=commune.bon, given={a: G, b: G}, number=2025)
        before = target(reader, "21b", 2025)
        members.leave(SYSTEM, a, exit=Exit.DIED, on=dt.date(2026, 2, 1))
        members.transfer(SYSTEM, b, to=commune.he, on=dt.date(2026, 3, 1), paper="GT 1")
        assert target(reader, "21b", 2025) == before
        assert target(reader, "21b", 2025, unit=commune.bon).part == 2

    def test_long_lists_of_missing_people_are_cut(self, commune, reader):
        make_ratings.year()
        people(commune.bon, 12)
        (told,) = target(reader, "21b").missing
        assert told.startswith("12 đảng viên chưa có kết quả xếp loại: Lò Văn A, Lò Văn B")
        assert told.endswith("và 2 người khác")


class TestUnitsLevels:
    def test_need_every_living_cell(self, commune, reader):
        make_ratings.year()
        make_ratings.unit_level(unit=commune.bon, level=E)
        found = target(reader, "21a")
        assert (found.part, found.whole, found.value, found.met) == (1, 1, Decimal("100.00"), None)
        assert found.missing == ("1 chi bộ chưa xếp loại: Chi bộ bản Hé",)
        make_ratings.unit_level(unit=commune.he, level=D)
        found = target(reader, "21a")
        assert (found.part, found.whole, found.value, found.met, found.missing) == (1, 2, Decimal("50.00"), False, ())
        assert (target(reader, "21c").part, target(reader, "21c").met) == (1, True)
        assert names(reader, "21a", Side.REST) == ["Chi bộ bản Hé"]

    def test_count_the_cells_of_the_day(self, commune, reader):
        make_ratings.year()
        late = make.unit(parent=commune.root, code="cb-moi", founded_on=dt.date(2026, 6, 1))
        for unit in (commune.bon, commune.he, late):
            make_ratings.unit_level(unit=unit)
        assert target(reader, "21a").whole == 3
        assert target(reader, "21a", on=dt.date(2026, 5, 31)).whole == 2
        org.dissolve(SYSTEM, late, dt.date(2026, 11, 1))
        assert target(reader, "21a").whole == 2

    def test_long_lists_of_missing_cells_are_cut(self, commune, reader):
        make_ratings.year()
        for _n in range(10):
            make.unit(parent=commune.root)
        (told,) = target(reader, "21a").missing
        assert told.startswith("12 chi bộ chưa xếp loại: ")
        assert told.endswith("và 2 chi bộ khác")


class TestCellCommittees:
    def holds(self, unit, *titles: Title, on=dt.date(2025, 3, 1)):
        for title in titles:
            who = db.session.get_one(Person, make.member(unit=unit).id)
            members.appoint(SYSTEM, who, unit=unit, body=Body.CELL_COMMITTEE, title=title, on=on)

    def test_are_a_secretary_and_a_member_of_the_committee_at_least(self, commune, reader):
        found = target(reader, "23a")
        assert (found.part, found.whole, found.value, found.lacking) == (0, 0, None, 2)
        assert found.missing == ("2 chi bộ bản chưa ghi ai giữ chức vụ: Chi bộ bản Bon, Chi bộ bản Hé",)
        self.holds(commune.bon, Title.SECRETARY, Title.MEMBER)
        self.holds(commune.he, Title.SECRETARY, Title.DEPUTY_SECRETARY)
        found = target(reader, "23a")
        assert (found.part, found.whole, found.value, found.met, found.threshold) == (1, 2, Decimal("50.00"), False, 100)
        assert names(reader, "23a", Side.REST) == ["Chi bộ bản Hé"]
        self.holds(commune.he, Title.MEMBER, on=dt.date(2026, 6, 1))
        assert target(reader, "23a").met is True
        assert target(reader, "23a", on=dt.date(2026, 5, 31)).part == 1
        (line,) = queries.listing(reader, queries.measure(reader, "23a", 2026), Side.PART, 2026, limit=1)
        assert (line.name, line.fact, line.key) == ("Chi bộ bản Bon", 2, "cb-bon")

    def test_are_those_of_villages_only(self, commune, reader):
        school = make.unit(parent=commune.root, kind=UnitKind.GRASSROOTS_CELL)
        self.holds(school, Title.SECRETARY, Title.MEMBER)
        self.holds(commune.bon, Title.SECRETARY)
        found = target(reader, "23a")
        assert (found.part, found.whole, found.lacking, found.met) == (0, 1, 1, None)
        assert names(reader, "23a", Side.MISSING) == ["Chi bộ bản Hé"]

    def test_without_a_secretary_are_none(self, commune, reader):
        self.holds(commune.bon, Title.MEMBER, Title.DEPUTY_SECRETARY)
        assert (target(reader, "23a").part, target(reader, "23a").whole) == (0, 1)

    def test_long_lists_are_cut(self, commune, reader):
        for _n in range(10):
            make.unit(parent=commune.root)
        assert target(reader, "23a").missing[0].endswith("và 2 chi bộ khác")


def term(actor, year: int) -> Any:
    return queries.term_result(actor, year)


class TestAdmissions:
    def new(self, unit, decided_on: dt.date, **facts):
        return make.member(
            unit=unit, standing=Standing.PROBATIONARY, decided_on=decided_on, ceremony_on=decided_on + dt.timedelta(days=14), **facts
        )

    def test_count_the_years_decisions_up_to_the_day_against_its_members(self, commune, reader):
        people(commune.bon, 48)
        self.new(commune.bon, dt.date(2026, 3, 1), full_name="Lò Thị Mới")
        self.new(commune.he, dt.date(2026, 9, 1), full_name="Cà Thị Sau")
        self.new(commune.he, dt.date(2025, 12, 30), full_name="Cà Thị Trước")
        found = target(reader, "22")
        assert (found.part, found.whole, found.value, found.threshold, found.met) == (2, 51, Decimal("3.92"), 3, True)
        assert names(reader, "22", Side.PART) == ["Lò Thị Mới", "Cà Thị Sau"]
        early = target(reader, "22", on=dt.date(2026, 3, 5))
        assert (early.part, early.whole) == (1, 49)  # the ceremony is on 15 March

    def test_keep_whoever_left_again_and_follow_whoever_moved(self, commune, reader):
        gone = self.new(commune.bon, dt.date(2026, 3, 1))
        moved = self.new(commune.bon, dt.date(2026, 3, 1), full_name="Lò Thị Chuyển")
        members.leave(SYSTEM, gone, exit=Exit.DIED, on=dt.date(2026, 8, 1))
        members.transfer(SYSTEM, moved, to=commune.he, on=dt.date(2026, 9, 1), paper="GT 1")
        assert (target(reader, "22").part, target(reader, "22").whole) == (2, 1)
        assert target(reader, "22", unit=commune.bon).part == 1
        assert target(reader, "22", unit=commune.he).part == 1
        assert target(reader, "22", on=dt.date(2026, 8, 31), unit=commune.bon).part == 2

    def test_of_the_former_term_are_measured_against_its_number(self, commune, reader, secretary):
        for n in range(3):
            self.new(commune.bon, dt.date(2021 + n, 5, 5))
        self.new(commune.bon, dt.date(2020, 6, 30))
        self.new(commune.bon, dt.date(2025, 7, 1))
        found = term(reader, 2025)
        assert (found.part, found.whole, found.value, found.met) == (3, 125, Decimal("2.40"), False)
        assert (found.on, found.period, found.threshold) == (dt.date(2025, 6, 30), "2020-2025", 100)
        own = term(secretary, 2025)
        assert (own.part, own.whole, own.value, own.met) == (3, 0, None, None)
        assert own.missing == ("Chỉ tiêu được giao cho cả đảng bộ, không giao cho từng chi bộ.",)
        assert term(reader, 2026) is None
        assert term(reader, 2019) is None
        (plain,) = queries.term_results_json(reader)
        assert (plain["no"], plain["part"], plain["value"], plain["on"]) == ("term_admissions", 3, 2.4, "2025-06-30")
        measure = queries.measure(reader, "term_admissions", 2025)
        assert queries.count(measure, Side.REST) == queries.count(measure, Side.MISSING) == 0


class TestAnswers:
    def test_carry_number_name_threshold_period_and_source(self, commune, reader):
        results = queries.results_json(reader, 2025)
        assert [one["no"] for one in results] == ["21a", "21b", "21c", "21d", "21e", "22", "23a", "23b", "24a", "25a", "25b"]
        assert set(results[0]) == {
            "no", "name", "part", "whole", "value", "threshold", "comparator", "met", "on", "period", "citation", "missing",
        }  # fmt: skip
        assert [one["threshold"] for one in results] == [90, 90, 20, 15, 100, 3, 100, 100, 95, 95, 100]
        assert {one["comparator"] for one in results} == {">="}
        assert {(one["on"], one["period"]) for one in results} == {("2025-12-31", "2025")}
        assert "chỉ tiêu 21a" in results[0]["citation"]

    def test_of_an_empty_register_are_not_enough_data_and_never_a_silent_zero(self, commune, reader):
        for one in queries.evaluate(reader, 2025):
            assert (one.value, one.met) == (None, None)
            assert one.missing
            assert "chưa tính được" in one.text

    def test_of_a_year_without_targets_say_so(self, commune, reader):
        make_ratings.year(number=2019)
        (member,) = people(commune.bon, 1)
        make_ratings.levels(unit=commune.bon, given={member: G}, number=2019)
        found = target(reader, "21d", 2019)
        assert (found.value, found.threshold, found.met, found.citation) == (Decimal("0.00"), None, None, None)
        assert found.missing == ("Chưa có chỉ tiêu có hiệu lực ngày 31/12/2019",)

    def test_former_target_asks_for_more_than_its_number(self, commune, reader):
        make_ratings.year(number=2024)
        given = people(commune.bon, 20)
        make_ratings.levels(unit=commune.bon, given={one: G if n < 17 else D for n, one in enumerate(given)}, number=2024)
        found = target(reader, "21b", 2024)
        assert (found.value, found.comparator, found.threshold, found.met) == (Decimal("85.00"), ">", 85, False)

    def test_are_compared_before_rounding(self, commune, reader):
        assert queries._judged(queries.measure(reader, "21b", 2026), 89_999, 100_000, 0, ()).met is False
        assert queries._judged(queries.measure(reader, "21b", 2026), 89_999, 100_000, 0, ()).value == Decimal("90.00")

    @pytest.mark.parametrize(("year", "on", "field"), [(2027, None, "year"), (1900, None, "year"), (2026, dt.date(2025, 12, 31), "on")])
    def test_are_refused_for_a_year_to_come_or_a_day_before_it(self, reader, year, on, field):
        with pytest.raises(RuleBroken) as caught:
            queries.evaluate(reader, year, on)
        assert [finding.field for finding in caught.value.findings] == [field]

    def test_are_never_of_a_day_to_come(self, reader):
        assert queries.reference_day(2026, dt.date(2026, 12, 31)) == dt.date(2026, 11, 24)
        assert queries.reference_day(2025, dt.date(2026, 3, 1)) == dt.date(2025, 12, 31)

    def test_of_unknown_targets_are_not_there(self, reader):
        for no, year in (("99", 2026), ("term_admissions", 2026)):
            with pytest.raises(NotVisible):
                queries.measure(reader, no, year)


class TestScope:
    def test_of_a_secretary_counts_her_cell_only(self, commune, secretary):
        make_ratings.year()
        (own,), (other,) = people(commune.bon, 1), people(commune.he, 1, "Quàng Văn")
        make_ratings.levels(unit=commune.bon, given={own: G})
        make_ratings.levels(unit=commune.he, given={other: E})
        make_ratings.unit_level(unit=commune.bon)
        make_ratings.unit_level(unit=commune.he, level=E)
        wholes = {one.no: (one.part, one.whole) for one in queries.evaluate(secretary, 2026)}
        assert wholes["21a"] == wholes["21b"] == (1, 1)
        assert wholes["21c"] == wholes["21d"] == (0, 1)
        assert wholes["22"] == (0, 1)
        assert names(secretary, "21b", Side.WHOLE) == ["Lò Văn A"]
        assert {one.whole for one in queries.evaluate(secretary, 2026, unit=commune.he)} == {0}

    def test_former_member_is_named_without_a_way_to_her_record(self, commune, secretary):
        make_ratings.year(number=2025)
        (one,) = people(commune.bon, 1)
        make_ratings.levels(unit=commune.bon, given={one: G}, number=2025)
        members.transfer(SYSTEM, one, to=commune.he, on=dt.date(2026, 3, 1), paper="GT 1")
        (line,) = queries.listing(secretary, queries.measure(secretary, "21b", 2025), Side.PART, 2025)
        assert (line.name, line.place, line.fact, line.key) == ("Lò Văn A", commune.bon.name, G, None)


def test_dashboard_takes_as_many_statements_for_thirty_as_for_three(commune, reader, counting):
    make_ratings.year()

    def taken() -> int:
        with counting() as count:
            queries.evaluate(reader, 2026)
        return len(count)

    given = people(commune.bon, 3)
    few = taken()
    given += people(commune.bon, 27, "Cà Văn")
    make_ratings.levels(unit=commune.bon, given=dict.fromkeys(given[:-1], G))
    assert taken() == few


ANSWERS = st.sampled_from([E, G, D, N, NotRated.EXEMPT, NotRated.NEW, None])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(st.tuples(st.sampled_from([E, G, D, None]), st.lists(ANSWERS, max_size=4), st.integers(0, 2)), min_size=1, max_size=3)
)
def test_part_lies_in_the_whole_and_the_commune_is_the_sum_of_its_cells(commune, reader, cells):
    savepoint = db.session.begin_nested()
    try:
        make_ratings.year()
        units = [make.unit(parent=commune.root) for _cell in cells]
        for unit, (level, answers, admitted) in zip(units, cells, strict=True):
            given_levels = {}
            for answer in answers:
                member = make.member(unit=unit)
                if answer is not None:
                    given_levels[member] = answer
            make_ratings.levels(unit=unit, given=given_levels)
            for _n in range(admitted):
                make.member(unit=unit, standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 4, 1))
            if level is not None:
                make_ratings.unit_level(unit=unit, level=level)
            for title in (Title.SECRETARY, Title.MEMBER)[:admitted]:
                who = db.session.get_one(Person, make.member(unit=unit).id)
                members.appoint(SYSTEM, who, unit=unit, body=Body.CELL_COMMITTEE, title=title, on=dt.date(2020, 1, 1))
        plain = [answer for _level, answers, _n in cells for answer in answers]
        assert target(reader, "21b").part == sum(answer in (E, G) for answer in plain)
        assert target(reader, "21b").whole == sum(isinstance(answer, Level) for answer in plain)
        every = [commune.bon, commune.he, *units]
        for no in MEASURES:
            measure, whole = queries.measure(reader, no, 2026), target(reader, no)
            part, all_ids, rest = ids(measure.part), ids(measure.whole), ids(queries.side_ids(measure, Side.REST))
            assert (len(part), len(all_ids)) == (whole.part, whole.whole)
            assert not measure.part_inside or part <= all_ids
            assert rest == all_ids - part
            for side in Side:
                listed = [line.id for line in queries.listing(reader, measure, side, 2026)]
                assert len(listed) == len(set(listed))
                assert set(listed) == ids(queries.side_ids(measure, side))
            cell_results = [target(reader, no, unit=unit) for unit in every]
            assert (whole.part, whole.whole, whole.lacking) == tuple(
                sum(getattr(one, name) for one in cell_results) for name in ("part", "whole", "lacking")
            )
    finally:
        savepoint.rollback()
        db.session.expire_all()
    assert db.session.scalar(sa.select(sa.literal(1))) == 1
