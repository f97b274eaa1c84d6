"""The deeds on the register of organisations and staff: every one, and every refusal."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.ratings.models import Level
from partyreg.staff import actions, queries
from partyreg.staff.models import StaffKind, StaffRating
from tests.make.staff import SYSTEM, level, staff

EDIT = Permission.STAFF_EDIT
WHO = {"kind": StaffKind.CADRE, "name": "Hoàng Văn Lả", "post": "Chủ tịch UBND", "started_on": dt.date(2025, 7, 1)}


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return [finding.code for finding in broken.value.findings]


class TestRegister:
    def test_an_official_has_a_post_and_an_organisation_none(self, commune):
        made = actions.register(SYSTEM, **{**WHO, "name": " Hoàng  Văn Lả ", "is_member": True})
        assert (made.name, made.post, made.is_member, made.unit_id) == ("Hoàng Văn Lả", "Chủ tịch UBND", True, commune.root.id)
        front = actions.register(SYSTEM, **{**WHO, "kind": StaffKind.FRONT, "is_member": True})
        assert (front.post, front.is_member, front.is_official) == (None, False, False)

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"name": " "}, "staff.no_name"), ({"post": None}, "staff.no_post"), ({"name": "x" * 121}, "staff.too_long"),
            ({"post": "x" * 121}, "staff.too_long"), ({"started_on": dt.date(2026, 11, 25)}, "staff.started_on"),
            ({"started_on": dt.date(1929, 1, 1)}, "staff.started_on"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, commune, changed, code):
        assert refused(actions.register, SYSTEM, **{**WHO, **changed}) == [code]

    def test_nothing_stands_twice(self, commune):
        actions.register(SYSTEM, **WHO)
        assert refused(actions.register, SYSTEM, **WHO) == ["staff.twice"]
        assert actions.register(SYSTEM, **{**WHO, "post": "Phó Chủ tịch HĐND"}).id
        staff(kind=StaffKind.WOMEN, name="Hội Liên hiệp Phụ nữ xã")
        assert refused(staff, kind=StaffKind.WOMEN, name="Hội khác") == ["staff.twice"]

    def test_the_commune_must_be_in_reach(self, commune, actor_):
        with pytest.raises(NotVisible):
            actions.register(actor_(Role.ORGANISATION, commune.bon, EDIT), **WHO)


class TestEditAndLeave:
    def test_what_is_given_changes(self, commune):
        made = staff()
        actions.edit(SYSTEM, made, made.version, name="Cà Thị Ết", post="Kế toán", is_member=False)
        assert (made.name, made.post, made.is_member) == ("Cà Thị Ết", "Kế toán", False)

    def test_refusals_and_conflicts(self, commune):
        made, other = staff(name="Cà Thị Ết"), staff(name="Lò Văn Ún")
        assert refused(actions.edit, SYSTEM, made, 1, name="", post="x") == ["staff.no_name"]
        assert refused(actions.edit, SYSTEM, made, 1, name="x", post="") == ["staff.no_post"]
        assert refused(actions.edit, SYSTEM, made, 1, name="Lò Văn Ún", post=other.post) == ["staff.twice"]
        with pytest.raises(Conflict) as conflict:
            actions.edit(SYSTEM, made, 2, name="Khác", post=made.post, is_member=True)
        assert (conflict.value.mine, conflict.value.theirs) == ({"Tên": "Khác"}, {"Tên": "Cà Thị Ết"})
        with pytest.raises(Conflict):
            actions.leave(SYSTEM, made, 2, dt.date(2026, 1, 1))
        for on in (dt.date(2025, 6, 30), dt.date(2026, 11, 25)):
            assert refused(actions.leave, SYSTEM, made, 1, on) == ["staff.ended_on"]
        actions.leave(SYSTEM, made, 1, dt.date(2026, 5, 1))
        assert refused(actions.leave, SYSTEM, made, made.version, dt.date(2026, 5, 2)) == ["staff.ended"]
        assert refused(actions.edit, SYSTEM, made, made.version, name="x", post="x") == ["staff.ended"]

    def test_out_of_reach_does_not_exist(self, commune, actor_):
        made, stranger = staff(), actor_(Role.ORGANISATION, commune.bon, EDIT)
        for deed in (lambda: actions.edit(stranger, made, 1, name="x", post="x"),
                     lambda: actions.leave(stranger, made, 1, dt.date(2026, 1, 1)),
                     lambda: actions.rate(stranger, 2026, {made.id: Level.GOOD}, "1"), lambda: queries.row(stranger, made.id)):  # fmt: skip
            with pytest.raises(NotVisible):
                deed()


class TestRate:
    def test_what_is_the_same_stays_untouched(self, commune):
        a, b = staff(), staff()
        assert actions.rate(SYSTEM, 2026, {a.id: Level.GOOD, b.id: Level.DONE}, "45-QĐ/UBND") == 2
        assert actions.rate(SYSTEM, 2026, {a.id: Level.GOOD, b.id: Level.GOOD}, "46-QĐ/UBND", {a.id: 1, b.id: 1}) == 1
        found = db.session.execute(sa.select(StaffRating.staff_id, StaffRating.level, StaffRating.paper)).all()
        assert sorted(map(tuple, found)) == sorted([(a.id, Level.GOOD, "45-QĐ/UBND"), (b.id, Level.GOOD, "46-QĐ/UBND")])
        assert actions.rate(SYSTEM, 2026, {a.id: Level.GOOD}, "") == 0

    def test_refusals(self, commune):
        made = staff()
        assert refused(actions.rate, SYSTEM, 2026, {made.id: Level.GOOD}, " ") == ["staff.no_paper"]
        assert refused(actions.rate, SYSTEM, 2026, {made.id: Level.GOOD}, "x" * 81) == ["staff.long_paper"]
        for year in (2019, 2027):
            assert refused(actions.rate, SYSTEM, year, {made.id: Level.GOOD}, "1") == ["staff.year"]
        assert refused(actions.rate, SYSTEM, 2024, {made.id: Level.GOOD}, "1") == ["staff.not_serving"]
        with pytest.raises(NotVisible):
            actions.rate(SYSTEM, 2026, {999_999_999: Level.GOOD}, "1")

    def test_a_level_of_who_has_left_is_put_right_all_the_same(self, commune):
        made = staff()
        level(made, Level.DONE, 2025)
        actions.leave(SYSTEM, made, made.version, dt.date(2025, 12, 1))
        assert actions.rate(SYSTEM, 2025, {made.id: Level.GOOD}, "2") == 1

    def test_who_comes_second_sees_both(self, commune):
        made = staff(name="Cà Thị Ết")
        level(made, Level.DONE)
        with pytest.raises(Conflict) as conflict:
            actions.rate(SYSTEM, 2026, {made.id: Level.GOOD}, "1", {made.id: 0})
        assert conflict.value.mine == {"Cà Thị Ết": "Hoàn thành tốt nhiệm vụ"}
        assert conflict.value.theirs == {"Cà Thị Ết": "Hoàn thành nhiệm vụ"}
