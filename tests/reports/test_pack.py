"""The year-end pack: what it says by right, its words, its files, and that a kept one stays as it was made."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from partyreg import access, papers
from partyreg.access import POLICY, Permission, Role
from partyreg.db import db
from partyreg.errors import NotVisible, RuleBroken
from partyreg.org import queries as org
from partyreg.ratings.models import Level
from partyreg.reports import pack, pack_actions, pack_book, pack_paper
from partyreg.reports import pack_queries as queries
from partyreg.reports.models import PackFormat, ReportPack, ReportPackFile
from partyreg.reports.pack import Picture, Section
from partyreg.targets import queries as targets
from tests import make
from tests.make import ratings as make_ratings
from tests.make.accounts import user
from tests.make.meetings import meeting
from tests.make.reports import kept

SYSTEM = access.system("test").using(Permission.REPORTS_READ)


@pytest.fixture
def rated(commune):
    """A year with levels in both cells, one answer still lacking."""
    make_ratings.year()
    people = [make.member(unit=commune.bon, full_name=f"Lò Văn {chr(65 + n)}") for n in range(4)]
    given = [Level.EXCELLENT, Level.GOOD, Level.DONE]
    make_ratings.levels(unit=commune.bon, given=dict(zip(people, given, strict=False)))
    make_ratings.levels(unit=commune.he, given={make.member(unit=commune.he, full_name="Quàng Văn D"): Level.GOOD})
    make_ratings.unit_level(unit=commune.he)
    return commune


@pytest.fixture
def reader(actor_):
    return actor_(Role.ORGANISATION, permission=Permission.REPORTS_READ)


def keys(found: pack.Pack) -> list[str]:
    return [section.key for section in found.sections]


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "last", "said"),
    [
        (876, 874, "Tổng số: 876, tăng 2 so với cùng kỳ năm trước (874)."),
        (874, 876, "Tổng số: 874, giảm 2 so với cùng kỳ năm trước (876)."),
        (876, 876, "Tổng số: 876, bằng cùng kỳ năm trước (876)."),
        (876, None, "Tổng số: 876."),
    ],
)
def test_a_count_is_said_with_its_change(app, value, last, said):
    assert pack.counted("k", "Tổng số", value, last).text == said


def test_a_share_is_said_with_part_whole_change_and_what_was_asked(app):
    line = pack.shared("k", "Tốt", 1, 3, Decimal("33.33"), Decimal("33.68"), threshold="≥ 90 %", met=False)
    assert line.text == ("Tốt: 33,33 % (1/3), giảm 0,35 điểm phần trăm so với cùng kỳ năm trước (33,68 %); mức chỉ tiêu ≥ 90 %: chưa đạt.")
    assert pack.shared("k", "Hài lòng", None, None, Decimal(91)).text == "Hài lòng: 91,00 %."
    assert pack.shared("k", "Tốt", 2, 0, None).text == "Tốt: chưa đủ số liệu để tính tỷ lệ (tử số 2, mẫu số 0)."
    assert pack.shared("k", "Tốt", 0, 0, None).text == "Tốt: chưa đủ số liệu để tính tỷ lệ."


def test_gaps_name_the_first_and_count_the_rest():
    assert pack.lacking("chi bộ", []) == ()
    assert pack.lacking("chi bộ", ["A", "B"]) == ("Chưa đủ số liệu: 2 chi bộ: A, B.",)
    assert pack.lacking("chi bộ", list("ABC"), named=2) == ("Chưa đủ số liệu: 3 chi bộ: A, B và 1 nơi khác.",)


def test_shares_without_the_year_before_are_named(app):
    told = pack.shared("a", "Có", 1, 2, Decimal(50), Decimal(40)), pack.counted("c", "Số", 1)
    silent = pack.shared("b", "Không", 1, 2, Decimal(50))
    assert pack.incomparable(told, "năm 2024") == ()
    assert pack.incomparable([*told, silent], "năm 2024") == ("Chưa đủ số liệu để so sánh với năm 2024: Không.",)
    assert pack.incomparable([silent], "năm 2024") == ("Chưa đủ số liệu để so sánh: sổ chưa có số liệu này của năm 2024.",)


def test_the_hash_is_of_what_is_said(app):
    line = pack.counted("k", "Tổng số", 5).as_json()
    first = pack.fingerprint(2025, dt.date(2025, 12, 31), "x", [line], {})
    assert first == pack.fingerprint(2025, dt.date(2025, 12, 31), "x", [dict(reversed(line.items()))], {})
    assert first != pack.fingerprint(2025, dt.date(2025, 12, 31), "x", [{**line, "value": 6}], {})


# -- what it says, to whom --------------------------------------------------------------------------------------------


def test_the_whole_report_of_the_commune(rated, reader):
    found = queries.gather(reader, 2026)
    assert keys(found) == [
        "members", "movement", "make_up", "admissions", "meetings", "ratings", "targets", "training", "staff", "committee", "inspections",
    ]  # fmt: skip
    told = {line["key"]: line for line in found.lines}
    assert (told["members.total"]["value"], told["ratings.rated"]["value"]) == (5, 4)
    target = targets.result(targets.measure(reader, "21b", 2026))
    assert (told["target.21b"]["part"], told["target.21b"]["whole"], told["target.21b"]["value"]) == (3, 4, str(target.value))
    drawn = next(section for section in found.sections if section.key == "targets").charts
    assert next(one.title for one in drawn) == "Kết quả các chỉ tiêu năm 2026 so với mức đề ra"
    gaps = " ".join(gap for section in found.sections for gap in section.gaps)
    assert "Chi bộ bản Bon (1 người)" in gaps and "21b" in gaps
    assert found.parameters["targets"]["21b"]["threshold"] == target.threshold
    assert [row.cells[0] for roster in found.rosters if roster.no == "21b" for row in roster.rows if row.lacks] == ["Lò Văn D"]


def test_figures_of_discipline_are_told_only_by_right(rated, actor_):
    reads = queries.gather(actor_(Role.STANDING, permission=Permission.REPORTS_READ), 2026)
    silent = queries.gather(actor_(Role.REPORTING, permission=Permission.REPORTS_READ), 2026)
    assert "discipline" in keys(reads) and "discipline" not in keys(silent)
    said = papers.text_of(pack_paper.word(silent, rated.root, None, dt.date(2026, 11, 24))).lower()
    assert "kỷ luật" not in said
    assert Permission.DISCIPLINE_READ.value not in silent.parameters["permissions"]


def test_a_cell_gets_its_own_figures_and_no_other(rated, actor_):
    secretary = actor_(Role.SECRETARY, rated.bon, Permission.REPORTS_READ)
    found = queries.gather(secretary, 2026)
    assert found.unit_code == rated.bon.code and "staff" not in keys(found) and "committee" not in keys(found)
    assert next(line for line in found.lines if line["key"] == "members.total")["value"] == 4
    said = papers.text_of(pack_paper.word(found, rated.root, None, dt.date(2026, 11, 24)))
    assert "CHI BỘ BẢN BON" in said and "Hé" not in said
    with pytest.raises(NotVisible):
        queries.gather(secretary, 2026, None, rated.root)


def test_no_list_of_people_without_the_right_to_export(rated, actor_, monkeypatch):
    monkeypatch.setattr(access, "POLICY", {**POLICY, Role.REPORTING: POLICY[Role.REPORTING] - {Permission.MEMBERS_EXPORT}})
    found = queries.gather(actor_(Role.REPORTING, permission=Permission.REPORTS_READ), 2026)
    assert {roster.no for roster in found.rosters} == {"21a", "21c", "21e", "23a", "24a"}
    book = openpyxl.load_workbook(io.BytesIO(pack_book.workbook(found)), data_only=True)
    assert "21b" not in book.sheetnames
    assert "Lò Văn A" not in papers.text_of(pack_paper.word(found, rated.root, None, dt.date(2026, 11, 24)))
    row = next(row for row in book["Chỉ tiêu"].iter_rows(values_only=True) if row[0] == "21b")
    assert row[2:5] == (3, 4, 75)


@pytest.mark.parametrize(("year", "on", "field"), [(2027, None, "year"), (1900, None, "year"), (2026, dt.date(2025, 3, 1), "on")])
def test_a_year_to_come_or_a_day_before_it_is_refused(commune, reader, year, on, field):
    with pytest.raises(RuleBroken) as caught:
        queries.gather(reader, year, on)
    assert caught.value.findings[0].field == field


def test_the_statements_do_not_grow_with_cells_and_members(rated, reader, counting):
    queries.gather(reader, 2026)
    db.session.commit()  # what a transaction keeps is read anew, as below
    with counting() as few:
        queries.gather(reader, 2026)
    for number in range(4):
        cell = make.unit(code=f"cb-{number}", name=f"Chi bộ bản {number}", parent=rated.root)
        for person in range(3):
            last = make.member(unit=cell, full_name=f"Tòng Văn {number}{person}")
        meeting(unit=cell, chair_id=last.id)
    db.session.commit()
    with counting() as many:
        queries.gather(reader, 2026)
    assert len(many) == len(few) < 150


def test_the_report_is_vietnamese_whatever_the_page_speaks(rated, reader):
    from partyreg.language import is_english, speak

    speak("en")
    try:
        found = queries.gather(reader, 2026)
        assert is_english() and found.sections[0].lines[0].text.startswith("Tổng số đảng viên: 5")
    finally:
        speak("vi")


# -- files ------------------------------------------------------------------------------------------------------------


def test_every_formula_of_the_workbook_has_the_value_of_the_figures(rated, reader):
    found = queries.gather(reader, 2026)
    content = pack_book.workbook(found)
    formulas, values = (openpyxl.load_workbook(io.BytesIO(content), data_only=flag) for flag in (False, True))
    assert values["Mục lục"]["B5"].value == found.sha256 and values["Mục lục"]["B3"].value.date() == dt.date(2026, 11, 24)
    assert all(sheet.freeze_panes for sheet in formulas)
    assert formulas["Chỉ tiêu"]["E3"].value == '=IF(D3=0,"",ROUND(C3/D3*100,2))'
    assert formulas["Chỉ tiêu"]["C3"].value == "='21b'!E7"
    people = list(values["21b"].iter_rows(min_row=2, values_only=True))
    assert [row[4:] for row in people[-1:]] == [(3, 4, 1)]
    assert sum(row[4] for row in people[:-1]) == 3 and isinstance(people[0][1], dt.datetime)
    assert [cell.value for cell in values["Chỉ tiêu"][3]][2:5] == [3, 4, 75]


def recomputed(values: Any, sheet: str, formula: str) -> Any:
    """What a formula of the workbook gives, by the few forms that we write."""
    if found := re.fullmatch(r"=SUM\((\w+)(?::(\w+))?\)", formula):
        return sum(cell.value or 0 for row in values[sheet][f"{found[1]}:{found[2] or found[1]}"] for cell in row)
    if found := re.fullmatch(r"='(.+)'!(\w+)", formula):
        return values[found[1]][found[2]].value
    if found := re.fullmatch(r'=IF\((\w+)=0,"",ROUND\((\w+)/\1\*100,2\)\)', formula):
        return round(values[sheet][found[2]].value / values[sheet][found[1]].value * 100, 2)
    if re.fullmatch(r"=[A-Z]+\d+([+-][A-Z]+\d+)+", formula):
        return sum(int(f"{sign or '+'}1") * values[sheet][at].value for sign, at in re.findall(r"([+-]?)([A-Z]+\d+)", formula))
    assert formula == "=0"
    return 0


def test_every_formula_recomputed_agrees_with_the_value_kept_beside_it(rated, reader):
    content = pack_book.workbook(queries.gather(reader, 2026))
    formulas, values = (openpyxl.load_workbook(io.BytesIO(content), data_only=flag) for flag in (False, True))
    checked = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")):
            assert recomputed(values, sheet.title, cell.value) == values[sheet.title][cell.coordinate].value, (sheet.title, cell.coordinate)
            checked += 1
    assert checked > 60


def test_the_word_file_has_the_official_head_and_repeats_the_heads_of_tables(rated, reader):
    found = queries.gather(reader, 2026)
    word = pack_actions.report(reader, found)
    said = papers.text_of(word)
    for words in ("ĐẢNG CỘNG SẢN VIỆT NAM", "BÁO CÁO", "T/M BAN THƯỜNG VỤ", "PHỤ LỤC", found.sha256, "Chưa đủ số liệu"):
        assert words in said
    assert {block["heads"] for block in papers.layout(word)["blocks"] if block.get("is_ruled")} == {1}
    assert pack_paper.pdf(word, found).startswith(b"%PDF")
    assert word == pack_actions.report(reader, found)


def test_a_chart_stands_in_the_report(rated, reader, monkeypatch):
    from tests.core.test_papers import _PNG

    section = Section("drawn", "Biểu đồ", (), charts=(Picture("Nhịp độ", _PNG, "Hai tháng."),))
    monkeypatch.setattr(queries, "SECTIONS", ((Permission.MEMBERS_READ, lambda *_asked: section),))
    word = pack_actions.report(reader, queries.gather(reader, 2026))
    assert any("picture" in run for block in papers.layout(word)["blocks"] for run in block.get("runs", ()))
    assert b"/Subtype/Image" in papers.to_pdf(word, "T")  # it is drawn, and not only told of


def test_a_table_that_the_master_cannot_hold_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="11 columns"):
        pack_paper._shaped("T", ["x"] * 11, [], range(4, 10))


# -- kept -------------------------------------------------------------------------------------------------------------


def test_make_pack_keeps_lines_files_and_hash(rated, reader):
    made = pack_actions.make_pack(reader, 2026)
    db.session.commit()
    again = queries.gather(reader, 2026)
    assert made.sha256 == again.sha256 and made.line_count == len(again.lines) and queries.lines(made) == again.lines
    assert set(queries.hashes(made)) == set(PackFormat)
    assert queries.content(made, PackFormat.PDF).startswith(b"%PDF")
    assert queries.pack_faults() == []
    assert org.root().id == made.unit_id


def test_verify_finds_what_was_changed_past_the_register(commune):
    made = kept(unit=commune.bon)
    assert queries.pack_faults() == []
    db.session.connection().execute(sa.update(ReportPackFile).where(ReportPackFile.format == PackFormat.PDF).values(content=b"x"))
    db.session.connection().execute(sa.update(ReportPack).values(lines=made.lines.replace("12", "13")))
    db.session.connection().execute(sa.delete(ReportPackFile).where(ReportPackFile.format == PackFormat.XLSX))
    db.session.commit()
    db.session.expire_all()
    assert queries.pack_faults() == [
        f"Báo cáo năm mã {made.id}: tệp pdf không còn như khi lập.", f"Báo cáo năm mã {made.id}: số liệu không còn như khi lập.",
        f"Báo cáo năm mã {made.id}: mất tệp xlsx.",
    ]  # fmt: skip
    db.session.connection().execute(sa.update(ReportPack).values(parameters="[]"))
    db.session.expire_all()
    assert "số liệu" in " ".join(queries.pack_faults())


def test_two_packs_are_compared_line_by_line(commune):
    first, second = kept(unit=commune.bon, stays=1, goes=2), kept(unit=commune.bon, total=13, stays=1, comes=3)
    assert [(one.key, one.state) for one in queries.compare(first, second)] == [
        ("members.total", "changed"), ("stays", "same"), ("comes", "new"), ("goes", "gone"),
    ]  # fmt: skip


def test_a_pack_is_seen_by_whoever_may_see_all_its_figures(commune, actor_):
    plain, guarded = kept(unit=commune.bon), kept(unit=commune.bon, needs="members:read discipline:read")
    staff = kept(unit=commune.bon, needs="staff:read")

    def seen(role: Role, unit: Any = None) -> set[int]:
        found = queries.kept(actor_(role, unit, Permission.REPORTS_READ), limit=9)
        return {one.pack.id for one in found}

    assert seen(Role.REPORTING) == {plain.id, staff.id}
    assert seen(Role.SECRETARY, commune.bon) == {plain.id, guarded.id}  # nobody's account made it: the test's readers have none
    assert seen(Role.SECRETARY, commune.he) == set()
    maker = user(role=Role.STANDING, unit=commune.root)
    db.session.connection().execute(sa.update(ReportPack).where(ReportPack.id == guarded.id).values(made_by_id=maker.id))
    db.session.commit()
    assert guarded.id not in seen(Role.STANDING)


def test_remove_pack_is_its_makers(commune, actor_):
    other = actor_(Role.REPORTING, permission=Permission.REPORTS_READ)
    made = kept(unit=commune.bon)
    with pytest.raises(RuleBroken) as caught:
        pack_actions.remove_pack(other, made)
    assert caught.value.findings[0].code == "report.not_hers"
