"""The figures of the pack agree with one another, are compared with what can be compared, and what lacks is said."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from partyreg import access, papers
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.i18n import label
from partyreg.members import actions as members
from partyreg.members.models import Exit
from partyreg.org.models import Unit, UnitKind
from partyreg.ratings import campaign_actions, campaign_queries
from partyreg.ratings import queries as ratings
from partyreg.ratings.models import Level, NotRated
from partyreg.reports import pack_book, pack_paper, pack_target_queries
from partyreg.reports import pack_queries as queries
from partyreg.reports.pack import Pack
from partyreg.rulebook.discipline import Decider
from partyreg.rulebook.targets import State
from partyreg.staff import actions as staff_actions
from partyreg.staff import queries as staff
from partyreg.staff.models import StaffKind
from partyreg.targets import entry_actions
from partyreg.targets.entry_queries import Entered
from tests import make
from tests.make import ratings as made
from tests.make import staff as make_staff
from tests.make.discipline import case, published

SYSTEM = access.system("test").using(Permission.REPORTS_READ)
G, D = Level.GOOD, Level.DONE
MAY = dt.date(2026, 5, 1)


def told(unit: Unit, year: int = 2026, on: dt.date | None = None, actor: Any = SYSTEM) -> tuple[Pack, dict[str, dict[str, Any]]]:
    """The pack, and its lines by key."""
    found = queries.gather(actor, year, on, unit)
    return found, {line["key"]: line for line in found.lines}


def section(found: Pack, key: str) -> Any:
    return next(one for one in found.sections if one.key == key)


def people(unit: Unit, many: int) -> list[Any]:
    return [make.member(unit=unit, full_name=f"Lò Văn {unit.id} {n}") for n in range(many)]


def enter(no: str, year: int, value: int) -> None:
    editor = access.system("test").using(Permission.TARGETS_EDIT)
    entry_actions.enter(editor, no=no, year=year, value=Decimal(value), source="Công an xã", paper="1-BC")


class TestMembers:
    @pytest.fixture
    def joined(self, commune):
        """Two cells that became one in May."""
        people(commune.bon, 2)
        for one in people(commune.he, 3):
            members.transfer(SYSTEM, one, to=commune.bon, on=MAY)
        members.close_cell(SYSTEM, commune.he, on=MAY)
        return commune

    def test_the_columns_of_the_cells_add_up_to_the_lines(self, joined):
        found, lines = told(joined.root)
        (table,) = section(found, "members").tables
        total = lines["members.total"]
        assert [sum(row.cells[n] for row in table.rows) for n in (2, 5, 6)] == [5, 5, 0] == [
            total["value"], total["last"], total["value"] - total["last"],
        ]  # fmt: skip
        assert [row.cells[1:] for row in table.rows][-1] == (f"{joined.he.name} (không còn hoạt động)", 0, 0, 0, 3, -3)

    def test_so_do_they_for_a_section_of_the_organisation(self, commune):
        above = make.unit(parent=commune.root, kind=UnitKind.SECTION, name="Đảng bộ bộ phận A")
        stays, goes = make.unit(parent=above), make.unit(parent=above)
        people(stays, 1)
        for one in people(goes, 2):
            members.transfer(SYSTEM, one, to=commune.bon, on=MAY)
        members.close_cell(SYSTEM, goes, on=MAY)
        found, lines = told(above)
        (table,) = section(found, "members").tables
        assert [sum(row.cells[n] for row in table.rows) for n in (2, 5)] == [1, 3]
        assert (lines["members.total"]["value"], lines["members.total"]["last"]) == (1, 3)


class TestRatings:
    def test_not_rated_for_a_reason_and_not_rated_yet_are_two_lines(self, commune):
        five = people(commune.bon, 5)
        made.year()
        made.levels(unit=commune.bon, given={five[0]: G, five[1]: NotRated.OTHER})
        _found, lines = told(commune.root)
        assert lines["ratings.rated"]["value"] == 1
        assert lines["ratings.not_rated"]["text"] == "Đảng viên không xếp loại, đã ghi lý do: 1."
        assert lines["ratings.missing"]["text"] == "Đảng viên chưa có kết quả xếp loại: 3."

    def test_one_report_has_one_number_of_rated_cells(self, commune):
        (moved,) = people(commune.he, 1)
        people(commune.bon, 3)
        made.campaign()
        for unit in (commune.bon, commune.he):
            made.decided(unit)
        campaign_actions.close_campaign(SYSTEM, 2026, campaign_queries.campaign(2026).version)
        members.transfer(SYSTEM, moved, to=commune.bon, on=dt.date(2026, 11, 22))
        members.close_cell(SYSTEM, commune.he, on=dt.date(2026, 11, 22))
        _found, lines = told(commune.root)
        assert [lines["ratings.cells"][side] for side in ("part", "whole")] == [lines["target.21a"][side] for side in ("part", "whole")]

    def test_a_cell_that_is_no_more_keeps_its_line_when_it_was_rated(self, commune):
        made.year()
        made.unit_level(unit=commune.he)
        members.close_cell(SYSTEM, commune.he, on=dt.date(2026, 11, 22))
        assert commune.he.code in {cell.code for cell in ratings.progress(SYSTEM, 2026)}

    def test_a_report_of_june_lacks_nobody_who_came_in_october(self, commune):
        (one,) = people(commune.bon, 1)
        make.member(unit=commune.bon, full_name="Lò Văn Mới", posted_on=dt.date(2025, 10, 1))
        made.year(number=2025)
        made.levels(unit=commune.bon, given={one: G}, number=2025)
        june, lines = told(commune.root, 2025, dt.date(2025, 6, 30))
        told_ = section(june, "ratings")
        assert lines["ratings.missing"]["value"] == 0 and "(1 người)" not in " ".join(told_.gaps)
        assert told_.notes == ("Mức xếp loại là của cả năm 2025, theo sổ lúc lập báo cáo, không tính riêng đến ngày 30/06/2025.",)
        assert told_.notes[0] in papers.text_of(pack_paper.word(june, commune.root, None, dt.date(2026, 11, 24)))
        year, lines = told(commune.root, 2025)
        assert section(year, "ratings").notes == () and lines["ratings.missing"]["value"] == 1
        assert "Chi bộ bản Bon (1 người)" in " ".join(section(year, "ratings").gaps)

    def test_nothing_is_compared_with_a_year_that_is_hardly_entered(self, commune):
        ten = people(commune.bon, 10)
        made.year(number=2025)
        made.levels(unit=commune.bon, given={ten[0]: G}, number=2025)
        made.unit_level(unit=commune.bon, number=2025)
        made.year()
        made.levels(unit=commune.bon, given={one: D if one is ten[9] else G for one in ten})
        found, lines = told(commune.root)
        assert {lines[key]["last"] for key in ("ratings.rated", "ratings.good", "ratings.cells")} == {None}
        assert (
            "Chưa đủ số liệu để so sánh: năm 2025 còn 9 đảng viên và 1 chi bộ chưa có kết quả xếp loại." in section(found, "ratings").gaps
        )

    def test_a_year_that_is_entered_is_compared(self, commune):
        (one,) = people(commune.bon, 1)
        for year in (2025, 2026):
            made.year(number=year)
            made.levels(unit=commune.bon, given={one: G}, number=year)
            for unit in (commune.bon, commune.he):
                made.unit_level(unit=unit, number=year)
        found, lines = told(commune.root)
        assert {lines[key]["last"] for key in ("ratings.good", "ratings.cells")} == {"100.00"}
        assert section(found, "ratings").gaps == ()


class TestStaff:
    def test_one_report_has_one_number_of_rated_officials(self, commune):
        stays, left, silent = make_staff.staff(), make_staff.staff(), make_staff.staff()
        make_staff.level(stays)
        make_staff.level(left, D)
        db.session.commit()
        row = staff.row(make_staff.SYSTEM, left.id)
        staff_actions.leave(make_staff.SYSTEM, row, row.shown_version, on=dt.date(2026, 11, 22))
        found, lines = told(commune.root)
        assert lines["staff.civil_servant"]["value"] == lines["target.25a"]["value"] == "100.00"
        assert [lines["staff.civil_servant"][side] for side in ("part", "whole")] == [1, 1]
        assert f"{label(StaffKind.CIVIL_SERVANT)} (1 người)" in " ".join(section(found, "staff").gaps) and silent.id

    def test_a_year_of_which_somebody_lacks_is_not_compared(self, commune):
        one, other = (make_staff.staff() for _n in range(2))
        for year in (2025, 2026):
            make_staff.level(one, year=year)
        make_staff.level(other)
        found, lines = told(commune.root)
        assert lines["staff.civil_servant"]["last"] is None
        said = f"Chưa đủ số liệu để so sánh: năm 2025 còn chưa có kết quả xếp loại: {label(StaffKind.CIVIL_SERVANT)} (1 người)."
        assert said in section(found, "staff").gaps
        make_staff.level(other, D, year=2025)
        _found, lines = told(commune.root)
        assert lines["staff.civil_servant"]["last"] == "50.00"


class TestComparison:
    def test_nothing_is_compared_with_a_register_that_was_empty(self, commune):
        make.member(unit=commune.bon, posted_on=dt.date(2026, 1, 15))
        found, lines = told(commune.root)
        compared = ("members.total", "movement.opening", "movement.in", "movement.closing", "admissions.year", "discipline.members")
        assert {lines[key]["last"] for key in compared} == {None}
        for key, day in (
            ("movement", "01/01/2025"),
            ("movement", "24/11/2025"),
            ("admissions", "24/11/2025"),
            ("discipline", "24/11/2025"),
        ):
            assert f"Chưa đủ số liệu để so sánh: sổ chưa có đảng viên nào ngày {day}." in section(found, key).gaps
        (table,) = section(found, "members").tables
        assert {row.cells[5:] for row in table.rows} == {(None, None)}

    def test_a_register_that_had_members_is_compared(self, commune):
        make.member(unit=commune.bon)
        found, lines = told(commune.root)
        compared = ("members.total", "movement.opening", "movement.closing")
        assert {lines[key]["last"] for key in compared} == {1}
        assert {lines[key]["last"] for key in ("movement.in", "admissions.year", "discipline.members")} == {0}
        assert section(found, "movement").gaps == section(found, "admissions").gaps == section(found, "discipline").gaps == ()


class TestDiscipline:
    def test_who_was_disciplined_counts_in_the_report_that_she_makes(self, commune, actor_):
        (her,) = people(commune.bon, 1)
        published(case(member=her, body=Decider.CELL))
        other = make.member(unit=commune.bon, full_name="Lò Văn Đến", posted_on=dt.date(2026, 7, 1))
        maker = actor_(Role.SECRETARY, commune.bon, Permission.REPORTS_READ, member_id=her.id)
        found, lines = told(commune.bon, actor=maker)
        assert lines["discipline.members"]["text"].startswith("Đảng viên bị thi hành kỷ luật theo quyết định của Chi bộ bản Bon: 1,")
        contents = section(found, "discipline").tables[1]  # of her own case it is not told what it was about
        assert [row.cells[1] for row in contents.rows] == [
            "Nội dung không ghi trong báo cáo này", "Số quyết định, mỗi quyết định tính một lần",
        ]  # fmt: skip
        assert [row.cells[-1] for row in contents.rows] == [1, 1]
        by_another = told(commune.bon, actor=actor_(Role.SECRETARY, commune.bon, Permission.REPORTS_READ, member_id=other.id))
        assert by_another[1]["discipline.members"] == lines["discipline.members"]
        assert len(section(by_another[0], "discipline").tables[1].rows) == 2

    def test_a_cells_report_is_of_its_own_decisions_whoever_makes_it(self, commune, actor_):
        (other,) = people(commune.bon, 1)
        published(case(member=other, body=Decider.CELL))
        her = make.member(unit=commune.bon, full_name="Lò Văn Đến", posted_on=dt.date(2026, 7, 1))
        acted, opened = dt.date(2026, 7, 10), dt.date(2026, 8, 1)
        published(case(member=her, body=Decider.STANDING, acted_on=acted, opened_on=opened), day=dt.date(2026, 8, 20))
        secretary = actor_(Role.SECRETARY, commune.bon, Permission.REPORTS_READ, member_id=her.id)
        for maker in (secretary, actor_(Role.STANDING, permission=Permission.REPORTS_READ), SYSTEM):
            assert told(commune.bon, actor=maker)[1]["discipline.members"]["value"] == 1
        assert told(commune.root)[1]["discipline.members"]["value"] == 2


class TestTargets:
    def test_a_share_of_a_year_that_is_hardly_entered_is_not_compared(self, commune):
        ten = people(commune.bon, 10)
        made.year(number=2025)
        made.levels(unit=commune.bon, given={ten[0]: G}, number=2025)
        made.year()
        made.levels(unit=commune.bon, given={one: D if one is ten[9] else G for one in ten})
        found, lines = told(commune.root)
        assert (lines["target.21b"]["value"], lines["target.21b"]["last"]) == ("90.00", None)
        assert "21b (năm 2025 còn 9 chưa có kết quả)" in section(found, "targets").gaps[-1]
        made.levels(unit=commune.bon, given=dict.fromkeys(ten[1:], D), number=2025)
        found, lines = told(commune.root)
        assert lines["target.21b"]["last"] == "10.00" and "21b" not in section(found, "targets").gaps[-1]

    def test_who_left_before_the_year_ended_is_not_waited_for(self, commune):
        stays, left = people(commune.bon, 2)
        members.leave(SYSTEM, left, exit=Exit.WITHDREW, on=dt.date(2025, 12, 20))
        for year in (2025, 2026):
            made.year(number=year)
            made.levels(unit=commune.bon, given={stays: G}, number=year)
        _found, lines = told(commune.root)
        assert lines["target.21b"]["text"].startswith(
            "Chỉ tiêu 21b: Đảng viên hoàn thành tốt nhiệm vụ trở lên: 100,00 % (1/1), bằng năm 2025 ("
        )
        assert lines["ratings.good"]["last"] == lines["target.21b"]["last"] == "100.00"

    def test_what_is_not_a_cells_target_is_not_missing_data(self, commune):
        people(commune.bon, 1)
        found, lines = told(commune.bon)
        targets = section(found, "targets")
        assert not [gap for one in found.sections for gap in one.gaps if gap.endswith("..")]
        assert not [gap for gap in targets.gaps if "cả xã" in gap or "24a" in gap or "đảng bộ" in gap]
        assert not {"target.24a", "target.25a", "target.24b"} & lines.keys()
        assert targets.notes[-1] == "Chỉ tiêu về tổ chức chính trị - xã hội và về cán bộ, công chức chỉ tính cho cả xã."
        assert "24a" not in found.parameters["targets"]
        assert "24a" in told(commune.root)[0].parameters["targets"]

    def test_a_cell_owes_nothing_of_the_commune_s_number_of_the_term(self, commune):
        people(commune.bon, 1)
        found, lines = told(commune.bon, 2024)
        targets = section(found, "targets")
        assert lines["target.term_admissions"]["is_percent"] is False
        assert targets.tables[0].rows[-1].cells[0] == "Nhiệm kỳ" and targets.tables[0].rows[-1].cells[6] == "Giao cho cả xã"
        assert "Chỉ tiêu được giao cho cả đảng bộ, không giao cho từng chi bộ." in targets.notes
        assert pack_book.workbook(found) and pack_paper.word(found, commune.root, None, dt.date(2026, 11, 24))

    def test_what_was_entered_beside_what_is_counted_is_told(self, commune):
        people(commune.bon, 1)
        found, lines = told(commune.root)
        assert lines["target.24b"]["value"] is None
        assert "Chưa đủ số liệu, chỉ tiêu 24b: chưa nhập số liệu." in section(found, "targets").gaps
        enter("24b", 2025, -5)
        enter("24b", 2026, -12)
        found, lines = told(commune.root)
        line = lines["target.24b"]
        assert (Decimal(line["value"]), Decimal(line["last"]), line["threshold"]) == (-12, -5, "≤ -10 %")
        assert "Chỉ tiêu 24b: số nhập tay, nguồn: Công an xã, 1-BC." in section(found, "targets").notes
        assert "24b" not in " ".join(section(found, "targets").gaps)
        assert found.parameters["targets"]["24b"]["threshold"] == -10
        numbers = [row.cells[0] for row in section(found, "targets").tables[0].rows]
        assert numbers[numbers.index("24a") + 1] == "24b"
        sheet = openpyxl.load_workbook(io.BytesIO(pack_book.workbook(found)), data_only=True)["Chỉ tiêu"]
        assert [row[4] for row in sheet.iter_rows(values_only=True) if row[0] == "24b"] == [-12]

    def test_of_another_unit_it_is_said_in_a_sentence(self, app):
        told_ = pack_target_queries._Told()
        one = Entered("24c", 2026, None, None, Decimal(3), None, State.NO_DATA, None, "Sản lượng", "tons")
        pack_target_queries._entered(told_, one, None)
        assert told_.lines == [] and told_.notes == ["Chỉ tiêu 24c: Sản lượng: 3 tấn."]


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("root", ("…-BC/ĐU", "T/M BAN THƯỜNG VỤ", "Văn phòng Đảng ủy")),
        ("section", ("…-BC/ĐUBP", "T/M ĐẢNG ỦY BỘ PHẬN", "đảng ủy bộ phận")),
        ("cell", ("…-BC/CB", "T/M CHI BỘ", "chi bộ")),
    ],
)
def test_a_report_is_signed_for_the_body_that_makes_it(commune, which, words):
    above = make.unit(parent=commune.root, kind=UnitKind.SECTION, name="Đảng bộ bộ phận A")
    cell = make.unit(parent=above, name="Chi bộ bản Nà")
    people(cell, 1)
    unit = {"root": commune.root, "section": above, "cell": cell}[which]
    facts = pack_paper._facts(told(unit)[0], commune.root, None, dt.date(2026, 11, 24))
    assert (facts["sign"], facts["on_behalf"], facts["keeper"]) == words
    assert facts["organisation"].startswith({"root": "ĐẢNG ỦY", "section": "ĐẢNG ỦY BỘ PHẬN A", "cell": "CHI BỘ BẢN NÀ"}[which])
