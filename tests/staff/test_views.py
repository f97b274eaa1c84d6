"""The pages of organisations and staff, and the targets 24a and 25a that are counted from them."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.rulebook.rating import Level
from partyreg.staff import actions, queries
from partyreg.staff.models import Staff, StaffKind
from partyreg.targets import queries as targets
from partyreg.targets.queries import Side
from tests import make
from tests.make.staff import SYSTEM, level, staff

POST = {"kind": "civil_servant", "post": "Kế toán", "started_on": "01/07/2025"}
NEW = {**POST, "full_name": "Cà Thị Ết", "sex": "female", "born_on": "06/04/1985", "ethnicity": "Thái"}
FRONT = {"kind": "front", "name": "Mặt trận Tổ quốc xã", "started_on": "01/07/2025"}


@pytest.fixture
def office(as_):
    return as_(Role.ORGANISATION)


class TestSheet:
    def test_a_year_is_entered_at_once(self, office, commune):
        a, b = staff(name="Cà Thị Ết"), staff(kind=StaffKind.FRONT, name="Mặt trận Tổ quốc xã")
        page = office.get("/staff?year=2026").text
        assert "còn 2 chưa xếp loại" in page and page.index("Mặt trận Tổ quốc xã") < page.index("Cà Thị Ết")
        data = {"year": "2026", "paper": "45-QĐ/UBND", f"level-{a.id}": "good", f"version-{a.id}": "0", f"level-{b.id}": "excellent"}
        assert "2 thay đổi" in office.post("/staff", data=data, follow_redirects=True).text
        page = office.get("/staff?year=2026").text
        assert "còn 0 chưa xếp loại" in page and "45-QĐ/UBND" in page
        assert "checked" in office.get("/staff?year=2025&fill=good").text

    def test_what_is_wrong_comes_back_filled(self, office, commune):
        made = staff()
        data = {"year": "2026", f"level-{made.id}": "good"}
        answer = office.post("/staff", data=data)
        assert answer.status_code == 422 and "Chưa ghi văn bản" in answer.text and "checked" in answer.text
        assert office.post("/staff", data={**data, "paper": "1", f"level-{made.id}": "super"}).status_code == 422
        assert office.post("/staff", data={**data, "paper": "x" * 99}).status_code == 422
        assert office.post("/staff", data={**data, "paper": "1", "level-999999": "good"}).status_code == 404
        for odd in ("level-" + "9" * 40, "level-\0", "level--1", "level-"):
            assert office.post("/staff", data={"year": "9" * 30, "paper": "1", odd: "good"}).status_code == 302

    def test_who_comes_second_loses_nothing(self, office, commune):
        made = staff(name="Cà Thị Ết")
        level(made, Level.DONE)
        answer = office.post("/staff", data={"year": "2026", "paper": "Bản của tôi", f"level-{made.id}": "good", f"version-{made.id}": "0"})
        assert answer.status_code == 409 and "Bản của tôi" in answer.text and "Chưa có gì bị ghi đè" in answer.text

    def test_readers_read(self, as_, commune):
        level(staff(name="Cà Thị Ết"))
        for role in (Role.STANDING, Role.INSPECTION, Role.REPORTING):
            page = as_(role).get("/staff").text
            assert "Cà Thị Ết" in page and "Lưu bảng xếp loại" not in page
            assert as_(role).post("/staff").status_code == 403
        assert as_(Role.SECRETARY, commune.bon).get("/staff").status_code == 403

    @pytest.mark.parametrize("asked", ["year=99999999999999", "year=x&fill=%00", "year=-1"])
    def test_an_odd_address_is_answered(self, office, asked):
        assert "Sổ chưa có ai" in office.get(f"/staff?{asked}").text


class TestLine:
    def test_new_edit_and_leave(self, office, commune):
        assert office.get("/staff/new").status_code == 200
        assert office.post("/staff/new", data=NEW).status_code == 302
        made = db.session.query(Staff).one()
        assert 'value="Cà Thị Ết"' in office.get(f"/staff/{made.id}/edit").text
        changed = {"name": "Cà Thị Ết", "post": "Văn thư", "version": "2"}
        assert office.post(f"/staff/{made.id}/edit", data=changed).status_code == 302
        stale = office.post(f"/staff/{made.id}/edit", data={**changed, "post": "Khác"})
        assert stale.status_code == 409 and "Khác" in stale.text and "Văn thư" in stale.text
        gone = {"leave-on": "01/03/2026", "leave-version": "3"}
        assert office.post(f"/staff/{made.id}/leave", data={**gone, "leave-version": "2"}).status_code == 409
        assert office.post(f"/staff/{made.id}/leave", data={**gone, "leave-on": "01/03/2020"}).status_code == 422
        assert office.post(f"/staff/{made.id}/leave", data={**gone, "leave-on": "x"}).status_code == 422
        assert office.post(f"/staff/{made.id}/leave", data=gone).status_code == 302
        assert "thôi theo dõi từ ngày 01/03/2026" in office.get(f"/staff/{made.id}/edit").text

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"full_name": ""}, "Chưa nhập"), ({"full_name": "Một"}, "đủ họ và tên"), ({"full_name": "x y" * 200}, "Phải dài"),
            ({"post": ""}, "Chưa nhập"), ({"post": "x" * 200}, "Quá dài"), ({"kind": "x"}, "danh sách"), ({"kind": "front"}, "danh sách"),
            ({"started_on": "1/1/1800"}, "quá sớm"), ({"started_on": "01/01/2030"}, "chưa đến"),
            ({"started_on": "01/01/1970"}, "ngày sinh"),
            ({"born_on": "31/02/1980"}, "trong lịch"), ({"sex": ""}, "Chưa nhập"), ({"ethnicity": ""}, "Chưa nhập"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_comes_back_filled(self, office, commune, changed, said):
        answer = office.post("/staff/new", data={**NEW, **changed})
        assert answer.status_code == 422 and said in answer.text
        assert office.get("/staff").text.count("Cà Thị Ết") == 0

    def test_a_member_is_searched_for_and_chosen(self, office, commune):
        member = make.member(unit=commune.bon, full_name="Lò Văn Tìm", born_on=dt.date(1980, 5, 6))
        page = office.get("/staff/new?q=lo tim").text
        assert f'href="/staff/new?person={member.id}"' in page and "06/05/1980" in page
        assert "Không có ai" in office.get("/staff/new?q=khong co").text
        chosen = office.get(f"/staff/new?person={member.id}").text
        assert "Lò Văn Tìm" in chosen and 'name="full_name"' not in chosen
        wrong = office.post(f"/staff/new?person={member.id}", data={**POST, "post": ""})
        assert wrong.status_code == 422 and "Lò Văn Tìm" in wrong.text
        assert office.post(f"/staff/new?person={member.id}", data=POST).status_code == 302
        line = db.session.query(Staff).one()
        assert line.person_id == member.id
        page = office.get(f"/staff/{line.id}/edit").text
        assert 'name="name"' not in page and f'href="/members/{member.id}"' in page
        assert office.get(f"/staff/new?person={member.id}").status_code == 404
        assert "· đảng viên" in office.get("/staff").text

    def test_who_serves_already_is_told_beside_the_name(self, office, commune):
        office.post("/staff/new", data=NEW)
        answer = office.post("/staff/new", data={**NEW, "post": "Văn thư"})
        assert answer.status_code == 422 and "đã có trong sổ: Kế toán" in answer.text

    @pytest.mark.parametrize("asked", ["person=x", "person=0", "person=" + "9" * 40, "person=%00"])
    def test_nobody_of_an_odd_number(self, office, commune, asked):
        assert office.get(f"/staff/new?{asked}").status_code == 404

    @pytest.mark.parametrize("asked", ["q=%00", "q=" + "a%20" * 200, "q=%25_", "person=&q="])
    def test_an_odd_search_is_answered(self, office, commune, asked):
        assert office.get(f"/staff/new?{asked}").status_code == 200

    def test_an_organisation(self, office, commune):
        assert office.get("/staff/organisations/new").status_code == 200
        assert office.post("/staff/organisations/new", data=FRONT).status_code == 302
        again = office.post("/staff/organisations/new", data={**FRONT, "name": "Khác"})
        assert again.status_code == 422 and "Đã có trong sổ" in again.text and 'value="Khác"' in again.text
        assert office.post("/staff/organisations/new", data={**FRONT, "kind": "cadre"}).status_code == 422
        made = db.session.query(Staff).one()
        assert office.post(f"/staff/{made.id}/edit", data={"name": "Ủy ban Mặt trận xã", "version": "1"}).status_code == 302
        assert "Ủy ban Mặt trận xã" in office.get("/staff").text

    def test_a_wrong_edit_comes_back(self, office, commune):
        made = staff()
        assert office.post(f"/staff/{made.id}/edit", data={"name": "", "version": "2"}).status_code == 422
        assert office.post(f"/staff/{made.id}/edit", data={"name": "x", "post": "", "version": "2"}).status_code == 422
        assert office.get("/staff/999999/edit").status_code == 404


class TestTargets:
    def found(self, reader, no, year=2026, unit=None):
        return next(one for one in targets.evaluate(reader, year, None, unit) if one.no == no)

    def test_they_are_counted_from_the_register(self, commune, actor_):
        reader = actor_(Role.REPORTING, None, Permission.TARGETS_READ)
        for kind, given in zip((StaffKind.FRONT, StaffKind.WOMEN, StaffKind.YOUTH), (Level.GOOD, Level.EXCELLENT, Level.DONE), strict=True):
            level(staff(kind=kind, name=f"Tổ chức {kind}"), given)
        a, b = staff(name="Cà Thị Ết"), staff(name="Lò Văn Ún", kind=StaffKind.CADRE)
        level(a)
        one = self.found(reader, "24a")
        assert (one.part, one.whole, one.threshold, one.met, one.missing) == (2, 3, 95, False, ())
        two = self.found(reader, "25a")
        assert (two.part, two.whole, two.met, two.lacking) == (1, 1, None, 1)
        assert two.missing == ("1 cán bộ, công chức chưa xếp loại: Lò Văn Ún",)
        level(b)
        assert self.found(reader, "25a").met is True
        measure = targets.measure(reader, "24a", 2026)
        lines = targets.listing(reader, measure, Side.REST, 2026)
        assert [(line.name, line.place, line.fact) for line in lines] == [("Tổ chức youth", StaffKind.YOUTH, Level.DONE)]
        assert targets.count(measure, Side.REST) == 1

    def test_who_left_before_the_day_is_counted_no_more(self, commune, actor_):
        reader = actor_(Role.STANDING, None, Permission.TARGETS_READ)
        made = staff()
        level(made)
        assert self.found(reader, "25a").whole == 1
        actions.leave(SYSTEM, made, made.shown_version, dt.date(2026, 11, 1))
        assert (self.found(reader, "25a").whole, self.found(reader, "25a").lacking) == (0, 0)

    def test_the_sheet_takes_as_many_statements_for_many_as_for_few(self, as_, commune, counting):
        office = as_(Role.ORGANISATION)

        def ask() -> int:
            with counting() as count:
                for address in ("/staff", "/staff/new?q=lo", "/targets/25a", "/targets/25a?side=missing"):
                    office.get(address)
            return len(count)

        staff(), ask()
        few = ask()
        for number in range(12):
            staff(name=f"Lò Văn Số {number}")
        assert ask() == few

    def test_many_without_a_level_are_told_in_short(self, commune, actor_):
        reader = actor_(Role.STANDING, None, Permission.TARGETS_READ)
        for number in range(12):
            staff(name=f"Lò Văn Số {number}")
        assert self.found(reader, "25a").missing[0].endswith("và 2 người khác")

    def test_a_level_stays_when_somebody_leaves(self, commune, actor_):
        reader = actor_(Role.STANDING, None, Permission.TARGETS_READ)
        made = staff()
        level(made, year=2025)
        actions.leave(SYSTEM, made, made.shown_version, dt.date(2026, 2, 1))
        assert self.found(reader, "25a", 2025).met is True
        assert self.found(reader, "25a").whole == 0

    def test_a_cell_has_no_such_target(self, commune, actor_):
        level(staff())
        secretary = actor_(Role.SECRETARY, commune.bon, Permission.TARGETS_READ)
        for reader, unit in ((secretary, None), (actor_(Role.STANDING, None, Permission.TARGETS_READ), commune.bon)):
            found = self.found(reader, "25a", unit=unit)
            assert (found.part, found.whole, found.met, found.value) == (0, 0, None, None)
            assert found.missing == ("Chỉ tiêu này chỉ tính cho cả xã.",)

    def test_the_pages(self, as_, commune):
        level(staff(name="Cà Thị Ết"))
        level(staff(kind=StaffKind.FRONT, name="Mặt trận Tổ quốc xã"))
        staff(name="Lò Văn Ún")
        reader = as_(Role.REPORTING)
        assert "Xem từng tổ chức" in reader.get("/targets?year=2026").text
        page = reader.get("/targets/25a?year=2026").text
        assert "Cà Thị Ết" in page and "Công chức tư pháp" in page and "/staff?year=2026" in page
        assert "Lò Văn Ún" in reader.get("/targets/25a?year=2026&side=missing").text
        assert "Mặt trận Tổ quốc xã" in reader.get("/targets/24a?year=2026").text
        assert "Cà Thị Ết" in reader.get("/targets/25a/export.csv?year=2026").text
        assert "Cà Thị Ết" not in as_(Role.SECRETARY, commune.bon).get("/targets/25a?year=2026").text


def test_more_lines_take_no_more_statements(commune, counting):
    def ask() -> int:
        with counting() as count:
            queries.sheet(SYSTEM, 2026)
        return len(count)

    level(staff())
    before = ask()
    for _number in range(5):
        level(staff())
    assert ask() == before == 1
    assert queries.years(SYSTEM) == [2026]
