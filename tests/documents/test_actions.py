"""Issuing: numbers without doubles or unexplained gaps, files as they were, and what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random

import pytest
import sqlalchemy as sa

from partyreg import papers
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.documents import actions, queries
from partyreg.documents.models import Document, FileFormat
from partyreg.errors import Conflict, RuleBroken
from tests.make.documents import SYSTEM, document

DAY = dt.date(2026, 11, 20)
SERIES = "QĐ/ĐU"


def outside(unit, number, *, series=SERIES, day=DAY):
    return actions.note_outside(
        SYSTEM, unit=unit, issuer=unit, kind="outside", title="Quyết định cũ", series=series, number=number, issued_on=day
    )


def codes(refused) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in refused.value.findings]


def test_a_paper_is_issued_with_its_number_and_both_files(commune):
    made = document(unit=commune.bon, issuer=commune.root)
    assert (made.number, made.year, made.sign, made.is_outside) == (1, 2026, "1-QĐ/ĐU", False)
    assert (made.unit_id, made.issuer_id, made.form_code, made.signer) == (commune.bon.id, commune.root.id, "9H-HKN", "Cà Văn Ún")
    word, pdf = (queries.content(made, format) for format in FileFormat)
    assert "Số: 1-QĐ/ĐU" in papers.text_of(word) and pdf == papers.to_pdf(word, made.title)
    assert queries.hashes(made) == {
        FileFormat.DOCX: hashlib.sha256(word).hexdigest(), FileFormat.PDF: hashlib.sha256(pdf).hexdigest(),
    }  # fmt: skip
    assert json.loads(made.facts or "")["sign"] == "1-QĐ/ĐU"
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert entry.deed == "documents.issue" and hashlib.sha256(pdf).hexdigest() in (entry.payload or "")


def test_a_paper_without_series_has_no_number(commune):
    made = document(unit=commune.bon, series=None, master="introducer")
    assert (made.number, made.series, made.year, made.sign) == (None, None, None, None)


def test_numbers_run_on_within_issuer_series_and_year(commune):
    def give(unit, series=SERIES, day=DAY):
        return document(unit=unit, series=series, issued_on=day).number

    assert [give(commune.root), give(commune.root)] == [1, 2]
    assert [give(commune.bon), give(commune.he), give(commune.bon)] == [1, 1, 2]
    assert give(commune.root, "BC/ĐU") == 1
    assert give(commune.root, day=dt.date(2025, 12, 31)) == 1
    assert give(commune.root) == 3
    assert queries.next_number(commune.root, SERIES, 2026) == 4 and queries.next_number(commune.root, SERIES, 2027, 7) == 8


def test_a_jump_over_numbers_used_before_is_explained_by_a_line(commune):
    first = document(unit=commune.bon, issuer=commune.root, at_least=15)
    assert first.number == 16
    line = db.session.scalars(sa.select(Document).where(Document.is_outside)).one()
    assert (line.number, line.title, line.unit_id, line.facts) == (15, "Đã dùng đến số này ngoài sổ", commune.root.id, None)
    assert document(unit=commune.bon, issuer=commune.root, at_least=15).number == 17
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 3


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_no_number_is_double_and_no_gap_unexplained(commune, seed, monkeypatch):
    """Issue, void, note, in any order: a number that is missing always stands below one that was used outside."""
    monkeypatch.setattr(papers, "to_pdf", lambda word, title: b"%PDF")
    monkeypatch.setattr(papers, "render", lambda *args, **facts: b"PK")
    chance = random.Random(seed)
    issuers, made = [commune.root, commune.bon], []
    for _turn in range(60):
        issuer, day = chance.choice(issuers), dt.date(chance.choice([2025, 2026]), 3, chance.randint(1, 28))
        deed = chance.random()
        if deed < 0.55:
            made.append(document(unit=issuer, issued_on=day, at_least=chance.choice([0, 0, 0, chance.randint(1, 60)])))
        elif deed < 0.75 and made:
            one = chance.choice(made)
            if one.voided_on is None:
                actions.void(SYSTEM, one, one.version, "Sai")
        else:
            try:
                outside(issuer, chance.randint(1, 60), day=day)
            except RuleBroken as broken:
                assert broken.findings[0].code == "document.number_taken"
    assert len(made) > 20
    for issuer in issuers:
        for year in (2025, 2026):
            query = sa.select(Document).where(Document.issuer_id == issuer.id, Document.year == year).order_by(Document.number)
            lines = list(db.session.scalars(query))
            numbers = [one.number for one in lines]
            assert len(numbers) == len(set(numbers))
            for before, after in zip([0, *numbers], lines, strict=False):
                assert after.number == before + 1 or after.is_outside, (numbers, after.number)


def test_a_void_paper_keeps_number_and_files(commune, actor_):
    made = document(unit=commune.root)
    actions.void(SYSTEM, made, made.version, "  Ghi sai  họ tên ")
    assert (made.number, made.voided_on, made.void_reason) == (1, dt.date(2026, 11, 24), "Ghi sai họ tên")
    assert len(queries.hashes(made)) == 2
    assert document(unit=commune.root).number == 2


def test_void_is_refused_twice_without_reason_and_when_stale(commune):
    made = document(unit=commune.root)
    with pytest.raises(RuleBroken) as refused:
        actions.void(SYSTEM, made, made.version, " ")
    assert codes(refused) == [("document.no_reason", "reason")]
    seen = made.version
    actions.void(SYSTEM, made, seen, "Sai")
    with pytest.raises(Conflict):
        actions.void(SYSTEM, made, seen, "Sai nữa")
    with pytest.raises(RuleBroken) as refused:
        actions.void(SYSTEM, made, made.version, "Sai nữa")
    assert codes(refused) == [("document.void_already", "reason")]
    assert made.void_reason == "Sai"


def test_an_outside_number_is_taken_once_and_the_series_goes_on_after_it(commune):
    noted = outside(commune.root, 9)
    assert (noted.number, noted.sign, noted.is_outside, noted.facts, queries.hashes(noted)) == (9, "9-QĐ/ĐU", True, None, {})
    assert document(unit=commune.root).number == 10
    for taken in (9, 10):
        with pytest.raises(RuleBroken) as refused:
            outside(commune.root, taken)
        assert codes(refused) == [("document.number_taken", "number")] and f"{taken}-QĐ/ĐU" in refused.value.findings[0].message
    assert outside(commune.root, 7).number == 7, "a number below is free"
    assert outside(commune.bon, 9).number == 9 and outside(commune.root, 9, day=dt.date(2025, 1, 2)).number == 9


def test_no_paper_is_of_a_day_to_come_and_no_number_below_one(commune):
    tomorrow = dt.date(2026, 11, 25)
    for attempt in (lambda: document(unit=commune.root, issued_on=tomorrow), lambda: outside(commune.root, 1, day=tomorrow)):
        with pytest.raises(RuleBroken) as refused:
            attempt()
        assert codes(refused) == [("document.future", "issued_on")]
    with pytest.raises(RuleBroken) as refused:
        outside(commune.root, 0)
    assert codes(refused) == [("document.no_number", "number")]


def test_a_missing_fact_issues_nothing(commune):
    with pytest.raises(papers.MissingFact, match="reason"):
        document(unit=commune.root, facts={"reason": None})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 0
    assert document(unit=commune.root).number == 1
