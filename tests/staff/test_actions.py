"""The deeds on the register of organisations and staff: every one, and every refusal."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import Exit, Member, Person
from partyreg.rulebook.rating import Level
from partyreg.staff import actions, queries
from partyreg.staff.models import Staff, StaffKind, StaffRating
from tests import make
from tests.make.staff import FOUNDED, SYSTEM, level, newcomer, staff

EDIT = Permission.STAFF_EDIT
DAY = dt.date
POST = {"kind": StaffKind.CADRE, "post": "Chủ tịch UBND", "started_on": FOUNDED}
FRONT = {"kind": StaffKind.FRONT, "name": "Mặt trận Tổ quốc xã", "started_on": FOUNDED}


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return [finding.code for finding in broken.value.findings]


class TestRegisterOrganisation:
    def test_it_has_a_name_and_no_post(self, commune):
        made = actions.register_organisation(SYSTEM, **{**FRONT, "name": " Mặt trận  Tổ quốc xã "})
        assert (made.called, made.post, made.person_id, made.unit_id) == ("Mặt trận Tổ quốc xã", None, None, commune.root.id)
        assert not made.is_official

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"name": " "}, "staff.no_name"), ({"name": "x" * 121}, "staff.too_long"), ({"kind": StaffKind.CADRE}, "staff.no_organisation"),
            ({"started_on": DAY(2026, 11, 25)}, "staff.started_on"), ({"started_on": DAY(1929, 1, 1)}, "staff.started_on"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, commune, changed, code):
        assert refused(actions.register_organisation, SYSTEM, **{**FRONT, **changed}) == [code]

    def test_there_is_one_of_a_kind_at_a_time(self, commune):
        first = actions.register_organisation(SYSTEM, **FRONT)
        assert refused(actions.register_organisation, SYSTEM, **{**FRONT, "name": "Khác"}) == ["staff.twice"]
        actions.leave(SYSTEM, first, first.shown_version, DAY(2026, 5, 1))
        assert refused(actions.register_organisation, SYSTEM, **{**FRONT, "started_on": DAY(2026, 4, 30)}) == ["staff.twice"]
        assert actions.register_organisation(SYSTEM, **{**FRONT, "started_on": DAY(2026, 5, 1)}).id

    def test_the_commune_must_be_in_reach(self, commune, actor_):
        with pytest.raises(NotVisible):
            actions.register_organisation(actor_(Role.ORGANISATION, commune.bon, EDIT), **FRONT)


class TestRegisterOfficial:
    def test_a_member_serves_with_her_own_record(self, commune):
        member = make.member(unit=commune.bon, full_name="Hoàng Văn Lả")
        made = actions.register_official(SYSTEM, db.session.get_one(Person, member.id), **POST)
        assert (made.person_id, made.called, made.name, made.post) == (member.id, "Hoàng Văn Lả", None, "Chủ tịch UBND")

    def test_a_newcomer_has_the_least_kept_by_the_commune(self, commune):
        made = actions.register_official(SYSTEM, newcomer("Nguyễn Thu Thảo"), **POST)
        person = db.session.get_one(Person, made.person_id)
        assert (person.full_name, person.unit_id, person.personal_number) == ("Nguyễn Thu Thảo", commune.root.id, None)
        assert db.session.get(Member, person.id) is None

    def test_a_newcomer_who_is_known_is_that_person(self, commune):
        member = make.member(unit=commune.bon, full_name="Lò Văn Quen", born_on=DAY(1979, 9, 9))
        assert actions.register_official(SYSTEM, newcomer("lò văn quen", DAY(1979, 9, 9)), **POST).person_id == member.id
        assert actions.register_official(SYSTEM, newcomer("Lò Văn Quên", DAY(1979, 9, 9)), **POST).person_id != member.id

    def test_two_records_that_fit_are_to_be_told_apart_by_hand(self, commune):
        for unit in (commune.bon, commune.he):
            make.person(unit=unit, full_name="Lò Văn Đôi", born_on=DAY(1979, 9, 9))
        assert refused(actions.register_official, SYSTEM, newcomer("Lò Văn Đôi", DAY(1979, 9, 9)), **POST) == ["staff.which"]

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"post": " "}, "staff.no_post"), ({"post": "x" * 121}, "staff.too_long"), ({"kind": StaffKind.FRONT}, "staff.no_official"),
            ({"started_on": DAY(2026, 11, 25)}, "staff.started_on"), ({"started_on": DAY(1929, 1, 1)}, "staff.started_on"),
            ({"started_on": DAY(1985, 4, 5)}, "staff.unborn"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, commune, changed, code):
        assert refused(actions.register_official, SYSTEM, newcomer(), **{**POST, **changed}) == [code]

    def test_a_newcomer_without_name_or_ethnicity_is_refused_and_nobody_is_written(self, commune):
        for who, code in ((newcomer(" "), "staff.no_full_name"), (newcomer("x" * 121), "staff.too_long")):
            assert refused(actions.register_official, SYSTEM, who, **POST) == [code]
        who = actions.Newcomer("Lò Văn Ển", newcomer().sex, DAY(1980, 1, 1), " ")
        assert refused(actions.register_official, SYSTEM, who, **POST) == ["staff.no_ethnicity"]
        assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0

    def test_nobody_serves_twice_at_a_time_whatever_the_post(self, commune):
        first = staff(person=make.person(unit=commune.bon, full_name="Cà Thị Ết"))
        again = {**POST, "started_on": DAY(2026, 5, 1)}
        assert refused(actions.register_official, SYSTEM, first.person, **again) == ["staff.twice"]
        actions.leave(SYSTEM, first, first.shown_version, DAY(2026, 5, 1))
        assert refused(actions.register_official, SYSTEM, first.person, **POST) == ["staff.twice"]
        assert actions.register_official(SYSTEM, first.person, **again).person_id == first.person_id

    def test_the_database_keeps_one_line_a_person_and_names_in_one_place(self, commune):
        first = staff()
        wrongs = (
            {"kind": StaffKind.CADRE, "person_id": first.person_id, "post": "P"}, {"kind": StaffKind.CADRE, "name": "N", "post": "P"},
            {"kind": StaffKind.FRONT, "person_id": first.person_id}, {"kind": StaffKind.FRONT},
        )  # fmt: skip
        for wrong in wrongs:
            with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
                values = {"unit_id": commune.root.id, "started_on": FOUNDED, "version": 1, **wrong}
                db.session.connection().execute(sa.insert(Staff).values(**values))

    def test_commune_and_person_must_be_in_reach(self, commune, actor_):
        person = make.person(unit=commune.bon)
        with pytest.raises(NotVisible):
            actions.register_official(actor_(Role.ORGANISATION, commune.bon, EDIT), person, **POST)


class TestEditAndLeave:
    def test_what_is_given_changes(self, commune):
        made, front = staff(), staff(kind=StaffKind.FRONT)
        actions.edit(SYSTEM, made, made.shown_version, name="Cà Thị Ết", post="Kế toán")
        assert (made.called, made.post) == ("Cà Thị Ết", "Kế toán")
        actions.edit(SYSTEM, front, front.shown_version, name="Mặt trận xã", post="bị bỏ qua")
        assert (front.called, front.post) == ("Mặt trận xã", None)
        seen = front.version
        actions.edit(SYSTEM, front, front.shown_version, name="Mặt trận xã")
        assert front.version == seen  # nothing changed

    def test_a_members_name_is_not_edited_here(self, commune):
        member = make.member(unit=commune.bon, full_name="Hoàng Văn Lả")
        made = staff(person=db.session.get_one(Person, member.id))
        assert refused(actions.edit, SYSTEM, made, made.shown_version, name="Khác Hẳn", post="x") == ["staff.member_name"]
        actions.edit(SYSTEM, made, made.shown_version, name="Hoàng Văn Lả", post="Kế toán")
        assert made.post == "Kế toán"

    def test_refusals_and_conflicts(self, commune):
        made = staff(name="Cà Thị Ết")
        seen = made.shown_version
        assert refused(actions.edit, SYSTEM, made, seen, name="", post="x") == ["staff.no_name"]
        assert refused(actions.edit, SYSTEM, made, seen, name="x", post="") == ["staff.no_post"]
        with pytest.raises(Conflict) as conflict:
            actions.edit(SYSTEM, made, seen + 1, name="Khác", post=made.post)
        assert (conflict.value.mine, conflict.value.theirs) == ({"Tên": "Khác"}, {"Tên": "Cà Thị Ết"})
        with pytest.raises(Conflict):
            actions.leave(SYSTEM, made, seen + 1, DAY(2026, 1, 1))
        for on in (DAY(2025, 6, 30), DAY(2026, 11, 25)):
            assert refused(actions.leave, SYSTEM, made, seen, on) == ["staff.ended_on"]
        actions.leave(SYSTEM, made, seen, DAY(2026, 5, 1))
        assert refused(actions.leave, SYSTEM, made, made.shown_version, DAY(2026, 5, 2)) == ["staff.ended"]
        assert refused(actions.edit, SYSTEM, made, made.shown_version, name="x", post="x") == ["staff.ended"]

    def test_a_name_that_changed_meanwhile_is_a_conflict(self, commune):
        made = staff(name="Cà Thị Ết")
        seen = made.shown_version
        actions.edit(SYSTEM, made, seen, name="Cà Thị Ết Hai", post=made.post)
        db.session.flush()
        with pytest.raises(Conflict):
            actions.edit(SYSTEM, made, seen, name="Cà Thị Ết Ba", post=made.post)

    def test_who_leaves_the_party_stays_in_service(self, commune):
        member = make.member(unit=commune.bon)
        made = staff(person=db.session.get_one(Person, member.id))
        members.leave(access.system("test"), member, exit=Exit.WITHDREW, on=DAY(2026, 8, 1))
        db.session.flush()
        (line,) = queries.sheet(SYSTEM, 2026)
        assert (line.staff.id, line.serves, line.is_member, made.ended_on) == (made.id, True, False, None)
        assert queries.sheet(SYSTEM, 2025)[0].is_member

    def test_who_died_is_told_until_her_service_is_ended(self, commune):
        member = make.member(unit=commune.bon)
        made = staff(person=db.session.get_one(Person, member.id))
        level(made, year=2025)
        members.leave(access.system("test"), member, exit=Exit.DIED, on=DAY(2026, 8, 1))
        db.session.flush()
        assert [line.has_died for line in queries.sheet(SYSTEM, 2026)] == [True]
        assert [line.has_died for line in queries.sheet(SYSTEM, 2025)] == [False]
        actions.leave(SYSTEM, made, made.shown_version, DAY(2026, 8, 1))
        db.session.flush()
        assert queries.sheet(SYSTEM, 2026) == []

    def test_out_of_reach_does_not_exist(self, commune, actor_):
        made, stranger = staff(), actor_(Role.ORGANISATION, commune.bon, EDIT)
        for deed in (lambda: actions.edit(stranger, made, 1, name="x", post="x"),
                     lambda: actions.leave(stranger, made, 1, DAY(2026, 1, 1)),
                     lambda: actions.rate(stranger, 2026, {made.id: Level.GOOD}, "1"), lambda: queries.row(stranger, made.id)):  # fmt: skip
            with pytest.raises(NotVisible):
                deed()


class TestKnown:
    def test_who_serves_is_not_offered_again(self, commune):
        person = make.person(unit=commune.bon, full_name="Lò Văn Tìm")
        assert queries.known(SYSTEM) == [] and queries.known(SYSTEM, name="%") == []
        assert [one.person_id for one in queries.known(SYSTEM, name="lo tim")] == [person.id]
        line = staff(person=person)
        assert queries.known(SYSTEM, name="lo tim") == queries.known(SYSTEM, person_id=person.id) == []
        actions.leave(SYSTEM, line, line.shown_version, DAY(2026, 5, 1))
        assert [one.is_member for one in queries.known(SYSTEM, person_id=person.id)] == [False]


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
        actions.leave(SYSTEM, made, made.shown_version, DAY(2025, 12, 1))
        assert actions.rate(SYSTEM, 2025, {made.id: Level.GOOD}, "2") == 1

    def test_who_comes_second_sees_both(self, commune):
        made = staff(name="Cà Thị Ết")
        level(made, Level.DONE)
        with pytest.raises(Conflict) as conflict:
            actions.rate(SYSTEM, 2026, {made.id: Level.GOOD}, "1", {made.id: 0})
        assert conflict.value.mine == {"Cà Thị Ết": "Hoàn thành tốt nhiệm vụ"}
        assert conflict.value.theirs == {"Cà Thị Ết": "Hoàn thành nhiệm vụ"}
