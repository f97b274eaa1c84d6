"""A cell's sheet, the progress of all cells, and how many statements they take."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from partyreg import access, clock
from partyreg.access import Permission, Role
from partyreg.errors import NotVisible
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind, Standing
from partyreg.ratings import queries
from partyreg.ratings.models import Level, NotRated
from partyreg.rulebook.rating import NotRated as Reason
from tests import make
from tests.make import ratings as make_ratings

SYSTEM = access.system("test")


@pytest.fixture
def reader(actor_):
    return actor_(Role.ORGANISATION, permission=Permission.RATINGS_READ)


def row(sheet: queries.Sheet, member) -> Any:
    return next(row for row in sheet.rows if row.member_id == member.id)


def test_reference_day_is_the_last_of_the_year_or_today():
    with clock.freeze(dt.date(2026, 11, 24)):
        assert queries.reference_day(2025) == dt.date(2025, 12, 31)
        assert queries.reference_day(2026) == dt.date(2026, 11, 24)


def test_years_are_those_opened_and_the_running_one(commune):
    make_ratings.year(number=2024)
    assert queries.years() == [2026, 2024]
    assert queries.known_year(2024) == 2024
    with pytest.raises(NotVisible):
        queries.known_year(2023)


class TestSheet:
    def test_lists_the_roll_with_earlier_levels_in_vietnamese_order(self, commune, reader):
        zoe, an = make.member(unit=commune.bon, full_name="Lò Văn Ưng"), make.member(unit=commune.bon, full_name="Vì Thị An")
        make_ratings.year(number=2025)
        make_ratings.levels(unit=commune.bon, given={an: Level.EXCELLENT, zoe: NotRated.OTHER}, number=2025)
        make_ratings.year()
        make_ratings.levels(unit=commune.bon, given={an: Level.GOOD})
        sheet = queries.sheet(reader, 2026, commune.bon)
        assert [row.name for row in sheet.rows] == ["Vì Thị An", "Lò Văn Ưng"]
        assert row(sheet, an).past == {2025: Level.EXCELLENT}
        assert row(sheet, zoe).past == {2025: NotRated.OTHER}
        assert (row(sheet, an).level, row(sheet, an).version, row(sheet, zoe).answer) == (Level.GOOD, 1, None)
        assert (sheet.entered, sheet.roll, sheet.count(Level.GOOD)) == (1, 2, 1)

    def test_proposes_no_level_for_exempted_suspended_and_new_members(self, commune, reader):
        exempt, suspended = make.member(unit=commune.bon), make.member(unit=commune.bon)
        members.hold_in_abeyance(SYSTEM, exempt, kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 1, 1))
        members.hold_in_abeyance(SYSTEM, suspended, kind=AbeyanceKind.SUSPENSION, on=dt.date(2026, 1, 1))
        new = make.member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 9, 1))
        old = make.member(unit=commune.bon)
        sheet = queries.sheet(reader, 2026, commune.bon)
        assert row(sheet, exempt).proposal.reason is Reason.EXEMPT
        assert row(sheet, exempt).proposed is NotRated.EXEMPT
        assert row(sheet, suspended).proposed is NotRated.SUSPENDED
        assert row(sheet, new).proposed is NotRated.NEW
        assert row(sheet, old).proposed is None

    def test_tells_that_another_cell_rated_but_not_how(self, commune, reader):
        one = make.member(unit=commune.bon)
        make_ratings.year()
        make_ratings.levels(unit=commune.bon, given={one: Level.NOT_DONE})
        members.transfer(SYSTEM, one, to=commune.he, on=dt.date(2026, 11, 20), paper="GT 1")
        here = row(queries.sheet(reader, 2026, commune.he), one)
        assert (here.rated_by, here.level, here.is_open) == (commune.bon.name, None, False)
        there = row(queries.sheet(reader, 2026, commune.bon), one)
        assert (there.level, there.is_on_roll, there.is_open) == (Level.NOT_DONE, False, False)

    def test_counts_the_ceiling_and_says_its_article(self, commune, reader):
        make_ratings.year()
        people = [make.member(unit=commune.bon, full_name=f"Lò Văn {n}") for n in ("An", "Bình", "Chi", "Dũng", "Em")]
        make_ratings.levels(unit=commune.bon, given=dict.fromkeys(people, Level.EXCELLENT))
        finding: Any = queries.sheet(reader, 2026, commune.bon).advice[0]
        assert (finding.severity, finding.facts["excellent"], finding.facts["most"]) == ("warn", 5, 1)
        assert finding.cite.instrument == "366-QĐ/TW"
        assert queries.advice([Level.GOOD], dt.date(2010, 1, 1)) == []

    def test_takes_as_many_statements_for_thirty_as_for_three(self, commune, reader, counting):
        make_ratings.year()

        def taken() -> int:
            with counting() as count:
                queries.sheet(reader, 2026, commune.bon)
            return len(count)

        people = [make.member(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "ABC"]
        few = taken()
        people += [make.member(unit=commune.bon, full_name=f"Lò Văn A{n}") for n in range(27)]
        make_ratings.levels(unit=commune.bon, given=dict.fromkeys(people, Level.GOOD))
        assert 4 <= few <= taken() <= 5  # with levels, one more reads the resolutions


class TestProgress:
    def test_counts_each_cell_and_sums_up(self, commune, reader):
        make_ratings.year()
        a, b, c = (make.member(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "ABC")
        d = make.member(unit=commune.he)
        make_ratings.levels(unit=commune.bon, given={a: Level.GOOD, b: NotRated.EXEMPT})
        make_ratings.levels(unit=commune.he, given={d: Level.DONE})
        make_ratings.unit_level(unit=commune.he, level=Level.DONE)
        bon, he = queries.progress(reader, 2026)
        assert (bon.code, bon.members, bon.missing, bon.entered, bon.rated, bon.good, bon.not_rated) == ("cb-bon", 3, 1, 2, 1, 1, 1)
        assert (bon.level, bon.version, bon.good_share) == (None, 0, Decimal("100.00"))
        assert (he.level, he.version, he.done, he.good_share) == (Level.DONE, 1, 1, Decimal("0.00"))
        sums = queries.totals([bon, he])
        assert (sums.members, sums.missing, sums.rated, sums.not_rated) == (4, 1, 2, 1)
        assert sums.levels == [Level.GOOD, Level.DONE]
        assert c.id

    def test_of_a_secretary_is_her_cell_only(self, commune, actor_):
        make_ratings.year()
        make.member(unit=commune.bon)
        make.member(unit=commune.he)
        secretary = actor_(Role.SECRETARY, commune.bon, Permission.RATINGS_READ)
        assert [cell.code for cell in queries.progress(secretary, 2026)] == ["cb-bon"]
        assert queries.totals(queries.progress(secretary, 2026)).members == 1
        assert len(queries.member_levels(secretary, 2026)) == 1
        assert queries.progress(secretary, 2026, commune.he) == []

    def test_takes_three_statements_for_any_number_of_cells(self, commune, reader, counting):
        for _n in range(5):
            make.member(unit=make.unit(parent=commune.root))
        assert reader.reach()
        with counting() as count:
            assert len(queries.progress(reader, 2026, commune.root)) == 7
        assert len(count) <= 4  # the unit itself may be read again


def test_member_levels_list_everybody_once_with_the_cell_that_rated(commune, reader):
    make_ratings.year()
    moved, waiting = make.member(unit=commune.bon, full_name="Lò Văn Chuyển"), make.member(unit=commune.he, full_name="Lò Văn Đợi")
    make_ratings.levels(unit=commune.bon, given={moved: Level.GOOD})
    members.transfer(SYSTEM, moved, to=commune.he, on=dt.date(2026, 11, 20), paper="GT 1")
    found = [(one.name, one.cell, one.level, one.not_rated) for one in queries.member_levels(reader, 2026)]
    assert found == [("Lò Văn Chuyển", "Chi bộ bản Bon", Level.GOOD, None), ("Lò Văn Đợi", "Chi bộ bản Hé", None, None)]
    assert [one.name for one in queries.member_levels(reader, 2026, commune.he)] == ["Lò Văn Đợi"]
    assert [one.level for one in queries.ratings_of(reader, moved.id)] == [Level.GOOD]
    assert waiting.id


def test_sheet_tells_the_ceiling_before_anybody_is_rated(commune, reader):
    for n in range(6):
        make.member(unit=commune.bon, full_name=f"Lò Văn {chr(65 + n)}")
    sheet: Any = queries.sheet(reader, 2026, commune.bon)
    assert (sheet.advice, sheet.ceiling.most, sheet.ceiling.pct) == ((), 1, 20)
    with clock.freeze(dt.date(2010, 12, 31)):
        assert queries.sheet(reader, 2010, commune.bon).ceiling is None
