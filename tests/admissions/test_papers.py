"""The papers of a file: from what they are written, what they need, and by which form and series."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg import papers as paper
from partyreg.admissions import papers, ruling_actions
from partyreg.admissions.ruling_actions import Counts
from partyreg.db import db
from partyreg.errors import RuleBroken
from partyreg.i18n import speak
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Title
from partyreg.rulebook.admission import Step
from partyreg.rulebook.book import LAW
from tests import make
from tests.make.admissions import SYSTEM, admission

DAY = dt.date(2026, 11, 24)


def said(file, kind, signer="Lò Văn Pâng", reason=None) -> str:
    """The paper as it would be issued, before it has its number."""
    facts = papers.facts_for(SYSTEM, file, kind, DAY, signer, reason)
    sort, series = papers.KINDS[kind], papers.series_of(kind, DAY)
    facts |= {"number": None, "sign": f"…-{series}" if series else None}
    return paper.text_of(paper.render(sort.master, facts, title=sort.written, author="Chi bộ", on=DAY))


def seat(unit, name, title):
    person = db.session.get_one(Person, make.member(unit=unit, full_name=name).id)
    members.appoint(SYSTEM, person=person, unit=unit, body=Body.CELL_COMMITTEE, title=title, on=dt.date(2025, 7, 1))


def test_every_kind_has_its_master_series_and_form():
    for kind, sort in papers.KINDS.items():
        assert (paper.MASTERS / f"{sort.master}.docx").is_file() and sort.steps, kind
        for key in (sort.series, sort.form):
            assert key is None or LAW.on(f"paper.{key}", DAY).required
        assert papers.series_of(kind, DAY) == (LAW.on(f"paper.{sort.series}", DAY).required if sort.series else None)
    assert {kind for kind, sort in papers.KINDS.items() if sort.by_decision} == {
        "decision", "recognition_decision", "removal_decision", "cancel_decision",
    }  # fmt: skip
    assert papers.series_of("decision", DAY) == "QĐ/ĐU" and papers.series_of("introducer", DAY) is None


def test_the_form_of_a_decision_depends_on_the_case(commune):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    assert papers.form_code_of(file, "decision", DAY) == "9A-KNĐ"
    file.consent_paper = "30-CV/TU"
    assert papers.form_code_of(file, "decision", DAY) == "9D-KNĐ"
    file.is_readmission = True
    assert papers.form_code_of(file, "decision", DAY) == "9C-KNĐ"
    assert papers.form_code_of(file, "cell_resolution", DAY) == "6-KNĐ" and papers.form_code_of(file, "committee_report", DAY) is None
    assert papers.form_code_of(file, "decision", dt.date(2025, 8, 1)) is None, "the list of forms is of 29/9/2025"


def test_the_cells_papers_are_written_from_the_file(commune):
    file = admission(unit=commune.bon, step=Step.SUBMITTED)
    helper = said(file, "helper_assignment")
    assert "ĐẢNG ỦY XÃ MƯỜNG CHIÊN\nCHI BỘ BẢN BON\n*\nSố: …-NQ/CB" in helper and "Mường Chiên, ngày 24 tháng 11 năm 2026" in helper
    assert "Cà Văn An" in helper and "Quàng Thị Hoa, sinh ngày 08/03/2001, dân tộc Thái" in helper and "BÍ THƯ\nLò Văn Pâng" in helper
    first, second = said(file, "introducer"), said(file, "introducer_second")
    assert "Tôi là: Cà Văn An" in first and "Tôi là: Cà Văn Bình" in second and "từ ngày 01/01/2020" in first and "Lò Văn Pâng" not in first
    resolution = said(file, "cell_resolution")
    assert "Người giới thiệu: đồng chí Cà Văn An; đồng chí Cà Văn Bình." in resolution and "208-QĐ/TW" in resolution
    assert "tán thành kết nạp: 7 đồng chí, đạt 77,78% so với tổng số" in resolution and "bỏ phiếu kín" in resolution


def test_the_report_says_what_was_checked_and_whether_the_vote_fell_short(commune):
    report = said(admission(unit=commune.bon), "committee_report", "Tòng Văn Hặc")
    assert "BAN XÂY DỰNG ĐẢNG" in report and "…-BC/BXDĐ" in report and "112/GCN" in report and "TRƯỞNG BAN\nTòng Văn Hặc" in report
    assert "đúng quy định" in report
    other = make.unit(code="cb-pom", name="Chi bộ bản Pom", parent=commune.root)
    short = admission(unit=other, full_name="Lò Thị Mai", vote={"in_favour": 4, "against": 4})
    assert "cần ít nhất 6 phiếu" in said(short, "committee_report")
    with pytest.raises(RuleBroken, match="chưa đủ tỷ lệ"):
        papers.facts_for(SYSTEM, short, "cell_resolution", DAY, "Lò Văn Pâng")


def test_what_a_file_lacks_is_named_in_words(commune):
    file = admission(unit=commune.bon, step=Step.LISTED, listing_number=None)
    with pytest.raises(RuleBroken) as refused:
        papers.facts_for(SYSTEM, file, "helper_assignment", DAY)
    assert [one.code for one in refused.value.findings] == ["paper.lacking"]
    assert "số nghị quyết đưa vào danh sách" in str(refused.value) and "người ký" in str(refused.value)
    with pytest.raises(RuleBroken, match="kết quả biểu quyết"):
        papers.facts_for(SYSTEM, file, "cell_resolution", DAY, "Lò Văn Pâng")


def test_the_secretary_signs_unless_another_is_named_and_a_deputy_as_deputy(commune):
    file = admission(unit=commune.bon)
    seat(commune.bon, "Lường Văn Sơn", Title.SECRETARY)
    seat(commune.bon, "Quàng Văn Toán", Title.DEPUTY_SECRETARY)
    assert "T/M CHI BỘ\nBÍ THƯ\nLường Văn Sơn" in said(file, "cell_resolution", None)
    assert "T/M CHI BỘ\nPHÓ BÍ THƯ\nQuàng Văn Toán" in said(file, "cell_resolution", "Quàng Văn Toán")


def test_papers_are_vietnamese_on_an_english_page(commune):
    file = admission(unit=commune.bon)
    speak("en")
    try:
        text, title = said(file, "cell_resolution"), papers.KINDS["cell_resolution"].written
    finally:
        speak("vi")
    assert "bỏ phiếu kín" in text and "77,78%" in text and title == "Nghị quyết đề nghị kết nạp đảng viên"


def test_a_resolution_bears_the_number_that_the_file_names(commune):
    file = admission(unit=commune.bon)
    assert papers.used_before(SYSTEM, file, "cell_resolution") == 4, "the minutes call it 05-NQ/CB"
    assert papers.used_before(SYSTEM, file, "helper_assignment") == 0
    assert papers.used_before(SYSTEM, file, "recognition_resolution") == 0


@pytest.fixture
def written(monkeypatch):
    """The words of every paper that is issued."""
    texts = []
    render = paper.render

    def kept(*args, **more):
        texts.append(paper.text_of(word := render(*args, **more)))
        return word

    monkeypatch.setattr(paper, "render", kept)
    return texts


def test_deciding_issues_the_decision_with_the_committees_vote(commune, written):
    file = admission(unit=commune.bon, step=Step.DECIDING, consent_paper="Công văn 30-CV/TU")
    made = ruling_actions.decide(SYSTEM, file, file.version, decided_on=DAY, signer="Cà Văn Ún", counts=Counts(9, 9, 8, 1))
    assert "TỈNH ỦY SƠN LA\nĐẢNG ỦY XÃ MƯỜNG CHIÊN" in written[0] and f"Số: {made.sign}" in written[0]
    assert "tán thành 8 trên tổng số 9 đồng chí (88,89%), không tán thành 1" in written[0] and "Nghị quyết số 05-NQ/CB" in written[0]
    assert "30 ngày làm việc kể từ ngày ban hành Quyết định" in written[0] and "Công văn 30-CV/TU" in written[0]
    assert (made.form_code, made.issuer_id, made.unit_id) == ("9D-KNĐ", commune.root.id, commune.bon.id)


def test_recognising_issues_its_decision_and_the_cell_its_papers_before(commune, written):
    file = admission(unit=commune.bon, step=Step.RULING)
    minutes = said(file, "ceremony_minutes")
    assert "phân công đồng chí Cà Văn An" in minutes and f"{file.decision_number}" in minutes
    resolution = said(file, "recognition_resolution")
    assert "đề nghị công nhận đảng viên chính thức" in resolution and "hết thời gian dự bị ngày 28/10/2026" in resolution
    ruling_actions.recognise(SYSTEM, file, file.version, decided_on=DAY, signer="Cà Văn Ún", counts=Counts(9, 9, 9))
    assert "là đảng viên chính thức kể từ ngày 28/10/2026" in written[-1] and "100,00%" in written[-1]


def test_the_removal_says_how_to_complain(commune):
    text = said(admission(unit=commune.bon, step=Step.REMOVED), "removal_decision", "Cà Văn Ún")
    assert "Xóa tên trong danh sách đảng viên" in text and "thời hạn 30 ngày làm việc" in text and "tổng số 9 đồng chí" in text


def test_cancelling_issues_a_decision_with_its_reason(commune, written):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    ruling_actions.cancel(SYSTEM, file, file.version, on=DAY, reason="Sai thẩm quyền.", signer="Cà Văn Ún")
    assert "với lý do: Sai thẩm quyền," in written[-1] and f"Hủy bỏ Quyết định số {file.decision_number}" in written[-1]
