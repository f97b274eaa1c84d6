"""What is asked of documents: whose they are, the register of a year, and what `verify` finds."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.documents import actions, queries
from partyreg.documents.models import FileFormat
from partyreg.errors import NotVisible
from tests.make.documents import SYSTEM, document


@pytest.fixture
def keeper(actor_):
    """Who keeps the register of outgoing papers for the whole commune."""
    return actor_(Role.ORGANISATION, None, Permission.PAPERS_KEEP)


def test_a_document_is_seen_by_whom_its_unit_belongs(commune, actor_):
    of_bon = document(unit=commune.bon, issuer=commune.root)
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.ADMISSIONS_READ)
    other = actor_(Role.SECRETARY, commune.he, Permission.ADMISSIONS_READ)
    assert queries.one(secretary, of_bon.id) is of_bon
    assert queries.content(of_bon, FileFormat.PDF).startswith(b"%PDF")
    assert queries.of_ids(secretary, [of_bon.id, 999]) == {of_bon.id: of_bon} and queries.of_ids(other, [of_bon.id]) == {}
    assert queries.of_ids(secretary, []) == {}
    with pytest.raises(NotVisible):
        queries.one(other, of_bon.id)


def test_an_outside_document_has_no_content(commune):
    noted = actions.note_outside(SYSTEM, unit=commune.root, issuer=commune.root, kind="outside", title="Cũ", series="QĐ/ĐU", number=3,
                                 issued_on=dt.date(2026, 1, 5))  # fmt: skip
    with pytest.raises(NotVisible):
        queries.content(noted, FileFormat.DOCX)


def test_the_register_of_a_year_is_ordered_by_issuer_series_and_number(commune, keeper, actor_):
    first = document(unit=commune.bon, series="NQ/CB")
    second = document(unit=commune.he, issuer=commune.root)
    third = document(unit=commune.root, series="BC/ĐU")
    paper = document(unit=commune.bon, series=None, master="introducer")
    document(unit=commune.root, issued_on=dt.date(2025, 12, 1))
    assert [(line.document.id, line.issuer.id) for line in queries.series_list(keeper, 2026)] == [
        (third.id, commune.root.id), (second.id, commune.root.id), (first.id, commune.bon.id), (paper.id, commune.bon.id),
    ]  # fmt: skip
    assert [line.document.id for line in queries.series_list(keeper, 2026, commune.root.id, "QĐ/ĐU")] == [second.id]
    assert [(one.issuer.id, one.series, one.last) for one in queries.books(keeper, 2026)] == [
        (commune.root.id, "BC/ĐU", 1), (commune.root.id, "QĐ/ĐU", 1), (commune.bon.id, "NQ/CB", 1),
    ]  # fmt: skip
    assert queries.years(keeper) == [2026, 2025]
    assert queries.line(keeper, first.id).issuer is commune.bon
    bon = actor_(Role.ORGANISATION, commune.bon, Permission.PAPERS_KEEP)
    assert [line.document.id for line in queries.series_list(bon, 2026)] == [first.id, paper.id] and queries.years(bon) == [2026]


def test_files_that_changed_or_are_gone_are_named(commune):
    forged, _sound = document(unit=commune.root), document(unit=commune.root)
    loose = document(unit=commune.bon, series=None, master="introducer")
    assert queries.file_faults() == []
    connection = db.session.connection()
    connection.execute(
        sa.text("UPDATE document_file SET content = :bytes WHERE document_id = :id AND format = 'pdf'"),
        {"bytes": b"%PDF!", "id": forged.id},
    )
    connection.execute(sa.text("DELETE FROM document_file WHERE document_id = :id AND format = 'docx'"), {"id": loose.id})
    db.session.expire_all()
    first, second = queries.file_faults()
    assert "Văn bản số 1-QĐ/ĐU ngày 20/11/2026" in first and "tệp pdf không còn như khi ban hành" in first
    assert f"Văn bản ngày 20/11/2026 (mã {loose.id}): mất tệp docx." == second
