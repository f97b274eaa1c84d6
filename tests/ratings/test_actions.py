"""The deeds of a year of ratings, and what they refuse."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from partyreg import audit, clock
from partyreg.access import Permission, Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.members import actions as members
from partyreg.org.models import UnitKind
from partyreg.ratings import actions
from partyreg.ratings.models import Level, MemberRating, NotRated, UnitRating
from tests import make
from tests.make import ratings as make_ratings

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def enter(actor_):
    return actor_(Role.ORGANISATION, permission=Permission.RATINGS_ENTER)


@pytest.fixture
def decide(actor_):
    return actor_(Role.ORGANISATION, permission=Permission.RATINGS_DECIDE)


def codes(caught) -> set[str]:
    return {finding.code for finding in caught.value.findings}


def stored(member, year: int = 2026):
    return db.session.scalar(sa.select(MemberRating).where(MemberRating.member_id == member.id, MemberRating.year == year))


def last_entry() -> AuditEntry:
    return db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()


def changes():
    return json.loads(last_entry().payload or "[]")


class TestYear:
    def test_is_opened_closed_and_opened_again_with_the_reason_on_record(self, decide):
        row = actions.open_year(decide, 2026, dt.date(2026, 11, 1))
        assert (row.opened_on, row.closed_on) == (dt.date(2026, 11, 1), None)
        assert actions.close_year(decide, 2026, TODAY).closed_on == TODAY
        assert actions.reopen_year(decide, 2026, "  Công văn số 12  ").closed_on is None
        assert last_entry().deed == "ratings.reopen_year"
        assert [c["values"] for c in changes()] == [{"closed_on": ["2026-11-24", None]}, {"reason": [None, "Công văn số 12"]}]
        assert audit.verify() == []

    @pytest.mark.parametrize(
        ("year", "day", "code"),
        [
            (2027, TODAY, "rating.year_ahead"),
            (2026, dt.date(2025, 12, 31), "rating.opened_on"),
            (2026, dt.date(2026, 11, 25), "rating.opened_on"),
        ],
    )
    def test_is_not_opened_ahead_or_on_a_wrong_day(self, decide, year, day, code):
        with pytest.raises(RuleBroken) as caught:
            actions.open_year(decide, year, day)
        assert codes(caught) == {code}

    def test_is_opened_once(self, decide):
        make_ratings.year()
        with pytest.raises(RuleBroken) as caught:
            actions.open_year(decide, 2026, TODAY)
        assert codes(caught) == {"rating.year_known"}

    @pytest.mark.parametrize("day", [dt.date(2026, 10, 31), dt.date(2026, 11, 25)])
    def test_is_not_closed_before_its_opening_or_ahead(self, decide, day):
        make_ratings.year()
        with pytest.raises(RuleBroken) as caught:
            actions.close_year(decide, 2026, day)
        assert codes(caught) == {"rating.closed_on"}

    def test_that_was_never_opened_is_not_closed(self, decide):
        with pytest.raises(RuleBroken) as caught:
            actions.close_year(decide, 2026, TODAY)
        assert codes(caught) == {"rating.not_opened"}

    @pytest.mark.parametrize(
        ("reason", "code"), [(" ", "rating.no_reason"), ("x" * 301, "rating.long_reason"), ("vì", "rating.not_closed")]
    )
    def test_is_opened_again_only_with_a_reason_and_when_closed(self, decide, reason, code):
        make_ratings.year()
        with pytest.raises(RuleBroken) as caught:
            actions.reopen_year(decide, 2026, reason)
        assert codes(caught) == {code}


class TestMembers:
    def test_of_a_cell_are_entered_at_once_and_only_changes_are_written(self, commune, enter):
        make_ratings.year()
        one, two = make.member(unit=commune.bon), make.member(unit=commune.bon, full_name="Lò Thị Hoa")
        sheet: dict[int, Level | NotRated] = {one.id: Level.GOOD, two.id: NotRated.EXEMPT}
        assert actions.enter_members(enter, 2026, commune.bon, sheet) == 2
        assert [c["verb"] for c in changes()] == ["insert", "insert"]
        assert actions.enter_members(enter, 2026, commune.bon, sheet) == 0
        assert actions.enter_members(enter, 2026, commune.bon, {**sheet, one.id: Level.DONE}) == 1
        assert last_entry().deed == "ratings.enter_members"
        (change,) = changes()
        assert change["values"]["level"] == ["good", "done"]
        assert (stored(one).level, stored(one).version) == (Level.DONE, 2)
        assert (stored(two).not_rated, stored(two).version) == (NotRated.EXEMPT, 1)

    def test_level_becomes_a_reason_and_back(self, commune, enter):
        make_ratings.year()
        one = make.member(unit=commune.bon)
        for answer in (Level.GOOD, NotRated.SUSPENDED, Level.NOT_DONE):
            assert actions.set_level(enter, 2026, commune.bon, one.id, answer) == 1
            assert (stored(one).level or stored(one).not_rated) is answer

    def test_are_refused_in_a_closed_year(self, commune, enter, decide):
        make_ratings.year()
        one = make.member(unit=commune.bon)
        actions.close_year(decide, 2026, TODAY)
        with pytest.raises(RuleBroken) as caught:
            actions.set_level(enter, 2026, commune.bon, one.id, Level.GOOD)
        assert codes(caught) == {"rating.closed"}
        assert stored(one) is None

    def test_are_refused_in_a_year_that_was_not_opened(self, commune, enter):
        one = make.member(unit=commune.bon)
        with pytest.raises(RuleBroken) as caught:
            actions.set_level(enter, 2026, commune.bon, one.id, Level.GOOD)
        assert codes(caught) == {"rating.not_opened"}

    def test_must_stand_on_the_cells_roll_of_the_reference_day(self, commune, enter):
        make_ratings.year(number=2025)
        make_ratings.year()
        other = make.member(unit=commune.he)
        late = make.member(unit=commune.bon, full_name="Lò Thị Mới", posted_on=dt.date(2026, 3, 1))
        with pytest.raises(RuleBroken) as caught:
            actions.enter_members(enter, 2026, commune.bon, {other.id: Level.GOOD, 999_999: Level.GOOD})
        assert codes(caught) == {"rating.not_on_roll"}
        assert {f.field for f in caught.value.findings} == {f"level-{other.id}", "level-999999"}
        assert actions.set_level(enter, 2026, commune.bon, late.id, Level.GOOD) == 1
        with pytest.raises(RuleBroken):
            actions.set_level(enter, 2025, commune.bon, late.id, Level.GOOD)

    def test_guest_is_rated_by_her_own_cell(self, commune, enter):
        make_ratings.year()
        guest = make.member(unit=commune.he)
        members.post_temporarily(enter, guest, to=commune.bon, on=dt.date(2026, 5, 1))
        with pytest.raises(RuleBroken):
            actions.set_level(enter, 2026, commune.bon, guest.id, Level.GOOD)
        assert actions.set_level(enter, 2026, commune.he, guest.id, Level.GOOD) == 1

    def test_that_another_cell_rated_are_not_rated_twice(self, commune, enter):
        make_ratings.year()
        one = make.member(unit=commune.bon)
        actions.set_level(enter, 2026, commune.bon, one.id, Level.GOOD)
        members.transfer(enter, one, to=commune.he, on=dt.date(2026, 11, 20), paper="GT 1")
        with pytest.raises(RuleBroken) as caught:
            actions.set_level(enter, 2026, commune.he, one.id, Level.DONE)
        assert codes(caught) == {"rating.elsewhere"}
        assert stored(one).level is Level.GOOD

    def test_of_another_cell_are_out_of_a_secretarys_reach(self, commune, actor_):
        make_ratings.year()
        other = make.member(unit=commune.he)
        secretary = actor_(Role.SECRETARY, commune.bon, Permission.RATINGS_ENTER)
        with pytest.raises(NotVisible):
            actions.set_level(secretary, 2026, commune.he, other.id, Level.GOOD)

    def test_changed_meanwhile_are_a_conflict_that_shows_both(self, commune, enter):
        make_ratings.year()
        one = make.member(unit=commune.bon)
        actions.set_level(enter, 2026, commune.bon, one.id, Level.GOOD, 0)
        with pytest.raises(Conflict) as caught:
            actions.set_level(enter, 2026, commune.bon, one.id, Level.DONE, 0)
        assert caught.value.mine == {"Lò Văn Ển": "Hoàn thành nhiệm vụ"}
        assert caught.value.theirs == {"Lò Văn Ển": "Hoàn thành tốt nhiệm vụ"}
        assert actions.set_level(enter, 2026, commune.bon, one.id, Level.GOOD, 0) == 0
        assert actions.set_level(enter, 2026, commune.bon, one.id, Level.DONE, 1) == 1

    def test_of_a_past_year_are_those_of_its_last_day(self, commune, enter):
        one = make.member(unit=commune.bon)
        with clock.freeze(dt.date(2025, 12, 20)):
            make_ratings.year(number=2025)
        members.transfer(enter, one, to=commune.he, on=dt.date(2026, 2, 1), paper="GT 2")
        assert actions.set_level(enter, 2025, commune.bon, one.id, Level.EXCELLENT) == 1


class TestUnits:
    def test_are_rated_and_corrected(self, commune, decide):
        make_ratings.year()
        assert actions.rate_units(decide, 2026, {commune.bon.id: Level.GOOD, commune.he.id: Level.DONE}) == 2
        assert actions.rate_unit(decide, 2026, commune.bon, Level.EXCELLENT, 1) == 1
        assert changes()[0]["values"]["level"] == ["good", "excellent"]
        assert actions.rate_unit(decide, 2026, commune.bon, Level.EXCELLENT) == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UnitRating)) == 2

    def test_must_be_cells_that_live(self, commune, decide):
        make_ratings.year()
        section = make.unit(parent=commune.root, code="bo-phan", kind=UnitKind.SECTION)
        late = make.unit(parent=commune.root, code="cb-sau", founded_on=dt.date(2026, 12, 1))
        for unit in (commune.root, section, late):
            with pytest.raises(RuleBroken) as caught:
                actions.rate_unit(decide, 2026, unit, Level.GOOD)
            assert codes(caught) == {"rating.no_cell"}

    def test_out_of_reach_or_in_no_open_year_are_refused(self, commune, decide, actor_):
        with pytest.raises(RuleBroken) as caught:
            actions.rate_unit(decide, 2026, commune.bon, Level.GOOD)
        assert codes(caught) == {"rating.not_opened"}
        make_ratings.year()
        with pytest.raises(NotVisible):
            actions.rate_unit(actor_(Role.ORGANISATION, commune.he, Permission.RATINGS_DECIDE), 2026, commune.bon, Level.GOOD)

    def test_rated_meanwhile_are_a_conflict(self, commune, decide):
        make_ratings.year()
        actions.rate_unit(decide, 2026, commune.bon, Level.GOOD, 0)
        with pytest.raises(Conflict) as caught:
            actions.rate_unit(decide, 2026, commune.bon, Level.DONE, 0)
        assert caught.value.theirs == {commune.bon.name: "Hoàn thành tốt nhiệm vụ"}
