"""Papers: every master is written in full or not at all, and Word and PDF say the same."""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from jinja2.exceptions import SecurityError

import config
from partyreg import papers
from partyreg.admissions import papers as admission_papers
from partyreg.meetings import papers as meeting_papers
from partyreg.reports import pack_paper
from tests.make.documents import SAMPLES

DAY = dt.date(2026, 11, 20)
OPTIONAL = admission_papers.OPTIONAL | meeting_papers.OPTIONAL | pack_paper.OPTIONAL
#: Masters without the office's head at the top, and those that go to nobody.
HEADLESS = {"introducer", "meeting_book"}
KEPT_AT_HOME = {"introducer", "meeting_book", "meeting_minutes", "meeting_attendance", "meeting_tasks"}


def rendered(master: str, **facts: Any) -> bytes:
    return papers.render(master, {**SAMPLES[master], **facts}, title="Quyết định kết nạp", author="Đảng ủy xã Mường Chiên", on=DAY)


def used(master: str) -> dict[str, str]:
    """Every text of the sample that the master asks for, those inside lists by their place."""
    return dict(_texts({name: value for name, value in SAMPLES[master].items() if name in papers.asked(master)}))


def _texts(facts: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(facts, str):
        yield place, facts
    else:
        for key, value in facts.items() if isinstance(facts, dict) else enumerate(facts):
            yield from _texts(value, f"{place}.{key}")


def words(text: str) -> str:
    """Without blanks and line breaks, which a PDF sets as it likes."""
    return re.sub(r"\s+", "", text)


def pdf_text(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def test_every_master_has_its_sample():
    assert {path.stem for path in papers.MASTERS.glob("*.docx")} == set(SAMPLES)
    for master, facts in SAMPLES.items():
        assert papers.asked(master) - OPTIONAL <= set(facts), master


@pytest.mark.parametrize("master", sorted(SAMPLES))
def test_a_master_is_written_in_full_from_its_sample(master):
    said = papers.text_of(rendered(master))
    assert "{{" not in said and "{%" not in said and "}}" not in said and "None" not in said
    assert [name for name, value in used(master).items() if words(value) not in words(said)] == []
    if master not in HEADLESS:
        assert said.index(SAMPLES[master]["organisation"]) < said.index("ĐẢNG CỘNG SẢN VIỆT NAM") < said.index(SAMPLES[master]["date_text"])
    assert said.count("Nơi nhận:") == (master not in KEPT_AT_HOME)


@pytest.mark.parametrize("master", sorted(SAMPLES))
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler's pdftotext")
def test_the_pdf_says_what_the_word_file_says(master):
    word = rendered(master)
    written, printed = papers.text_of(word), pdf_text(papers.to_pdf(word, "Quyết định kết nạp"))
    assert [line for line in written.split("\n") if line.strip("-") and words(line) not in words(printed)] == []


@pytest.mark.parametrize("master", sorted(SAMPLES))
@pytest.mark.parametrize("nothing", [None, ""])
def test_a_fact_that_is_missing_is_named_and_never_left_blank(master, nothing):
    for name in sorted(papers.asked(master) - OPTIONAL):
        with pytest.raises(papers.MissingFact) as refused:
            rendered(master, **{name: nothing})
        assert refused.value.name == name and name in str(refused.value)


def test_a_fact_that_nobody_gave_is_missing_too():
    with pytest.raises(papers.MissingFact, match="sign"):
        papers.render("decision", {name: value for name, value in SAMPLES["decision"].items() if name != "sign"})


def test_the_decision_says_whether_it_readmits_and_by_whose_consent():
    plain = papers.text_of(rendered("decision", consent_paper=None))
    again = papers.text_of(rendered("decision", consent_paper=None, readmission_paper="Công văn 31-CV/TU"))
    assert "kết nạp đảng viên" in plain and "Kết nạp quần chúng" in plain and "đồng ý kết nạp" not in plain
    assert "kết nạp lại đảng viên" in again and "Kết nạp lại quần chúng" in again and "Công văn 31-CV/TU" in again


def test_a_report_on_a_vote_that_fell_short_says_so():
    short = papers.text_of(rendered("committee_report", vote_needed="6"))
    assert "chưa đạt tỷ lệ quy định (cần ít nhất 6 phiếu)" in short and "đúng quy định" not in short
    assert "đúng quy định" in papers.text_of(rendered("committee_report"))


@pytest.mark.parametrize("name", ["Quàng & <b>Hoa</b>", '#link("x")[*a*] $x$ @b', "{{ sign }}", "a\\b \"c\" 'd' <w:t>"])
def test_what_is_written_is_never_read_as_markup(name):
    word = rendered("cancel_decision", name=name)
    assert papers.text_of(word).count(name) == 2
    if shutil.which("pdftotext"):
        assert words(pdf_text(papers.to_pdf(word, "x"))).count(words(name)) == 2
    else:
        assert papers.to_pdf(word, "x").startswith(b"%PDF-1.7")


def test_a_master_reaches_nothing_but_its_facts(tmp_path, monkeypatch):
    planted = Document()
    planted.add_paragraph("{{ name.__class__.__mro__ }}")
    planted.save(str(tmp_path / "planted.docx"))
    monkeypatch.setattr(papers, "MASTERS", tmp_path)
    with pytest.raises(SecurityError, match="unsafe"):
        papers.render("planted", {"name": "x"})


def test_lists_in_facts_are_written_and_searched_for_gaps(tmp_path, monkeypatch):
    master = Document()
    for text in ("{%p for one in people %}", "{{ one.name }}", "{%p endfor %}"):
        master.add_paragraph(text)
    master.save(str(tmp_path / "list.docx"))
    monkeypatch.setattr(papers, "MASTERS", tmp_path)
    assert "An\nBình" in papers.text_of(papers.render("list", {"people": [{"name": "An"}, {"name": "Bình"}]}))
    with pytest.raises(papers.MissingFact, match="name"):
        papers.render("list", {"people": [{"name": "An"}, {"name": None}]})


def test_signs_that_no_file_can_hold_are_left_out():
    assert "Quàng Hoa" in papers.text_of(rendered("cancel_decision", name="Quàng\x01 \x0bHoa\x00\ufffe"))
    with pytest.raises(papers.MissingFact, match="name"):
        rendered("cancel_decision", name="\x02")


def test_the_same_facts_give_the_same_bytes():
    word = rendered("decision")
    assert word == rendered("decision")
    assert papers.to_pdf(word, "Quyết định") == papers.to_pdf(word, "Quyết định")


def test_the_files_say_title_issuer_and_day_and_nothing_of_the_machine():
    word = rendered("decision")
    said = Document(io.BytesIO(word)).core_properties
    assert (said.title, said.author, said.last_modified_by) == ("Quyết định kết nạp", "Đảng ủy xã Mường Chiên", "Đảng ủy xã Mường Chiên")
    assert said.created is not None and said.created.date() == DAY and said.comments == ""
    pdf = papers.to_pdf(word, "Quyết định kết nạp")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf and b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert '<rdf:li xml:lang="x-default">Quyết định kết nạp' in pdf.decode("utf-8", "replace") or "Quyết định kết nạp".encode() in pdf
    assert b"2026-11-20" in pdf
    with zipfile.ZipFile(io.BytesIO(word)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for content in (pdf, *parts.values()):
        assert str(config.ROOT).encode() not in content and str(Path.home()).encode() not in content and b"/tmp" not in content


def test_a_pages_layout_is_the_official_one():
    for master in SAMPLES:
        section = Document(str(papers.MASTERS / f"{master}.docx")).sections[0]
        sides = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
        assert [round(side.mm) for side in sides if side is not None] == [30, 15, 20, 20]
        assert [round(side.mm) for side in (section.page_width, section.page_height) if side is not None] == [210, 297]
    page = papers.layout(rendered("decision"))
    head = page["blocks"][0]
    assert page["is_numbered"] and page["fonts"][0] == "Times New Roman"
    left, right = head["rows"][0]
    assert [run["bold"] for block in left["blocks"] for run in block["runs"]] == [False, True, False, False]
    assert right["blocks"][0]["runs"] == [
        {"text": "ĐẢNG CỘNG SẢN VIỆT NAM", "size": 14.0, "bold": True, "italic": False, "underline": True}
    ]  # fmt: skip
    assert right["blocks"][1]["runs"][0]["italic"] and not head["is_ruled"]


def test_a_picture_is_a_fact_and_stands_in_both_forms(tmp_path, monkeypatch):
    master = Document()
    master.add_paragraph("{{ title }} {{ picture }}")
    master.save(str(tmp_path / "pictured.docx"))
    monkeypatch.setattr(papers, "MASTERS", tmp_path)
    word = papers.render("pictured", {"title": "Biểu đồ", "picture": papers.Image(_PNG, 40)})
    (block,) = papers.layout(word)["blocks"]
    (shown,) = [run for run in block["runs"] if "picture" in run]
    assert "data:image/png;base64," in shown["picture"] and shown["width"] == 113.39
    assert b"/Image" in papers.to_pdf(word, "x")


#: One red point.
_PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")


def test_ruled_tables_and_styles_of_the_office_are_kept(tmp_path, monkeypatch):
    """Whoever edits a master in Word may use a style instead of bold letters, and a table with lines."""
    master = Document()
    master.add_heading("{{ name }}", level=1)
    table = master.add_table(rows=1, cols=2, style="Table Grid")
    table.rows[0].cells[0].merge(table.rows[0].cells[1]).text = "một\tô"
    master.add_paragraph("")
    master.save(str(tmp_path / "styled.docx"))
    monkeypatch.setattr(papers, "MASTERS", tmp_path)
    word = papers.render("styled", {"name": "Tên"})
    heading, ruled, blank = papers.layout(word)["blocks"]
    assert heading["runs"][0]["bold"] and heading["stays"]
    assert ruled["is_ruled"] and [[cell["span"] for cell in row] for row in ruled["rows"]] == [[2]]
    assert blank["runs"][0]["text"] == "\u00a0"
    assert papers.to_pdf(word, "x").startswith(b"%PDF")


@pytest.mark.parametrize(("rows", "kept"), [(5, [0, 1, 2, 3]), (20, [*range(19)]), (21, [0, 1, 2, 18, 19])])
def test_no_page_has_the_head_or_the_total_of_a_table_alone(tmp_path, monkeypatch, rows, kept):
    """A short table moves to the next page as a whole, a long one is torn in its middle, and no row is torn at all."""
    master = Document()
    table = master.add_table(rows=rows, cols=2, style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for number, row in enumerate(table.rows):
        row.cells[0].text = f"dòng {number}"
    master.save(str(tmp_path / "list.docx"))
    monkeypatch.setattr(papers, "MASTERS", tmp_path)
    word = papers.render("list", {}, on=DAY)
    made = Document(io.BytesIO(word)).tables[0]
    stays = [all(one.paragraph_format.keep_with_next for cell in row.cells for one in cell.paragraphs) for row in made.rows]
    assert [number for number, one in enumerate(stays) if one] == kept
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in made.rows)
    assert papers.layout(word)["blocks"][0]["is_torn"] is (rows > 20)
