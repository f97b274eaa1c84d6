"""What we ask of issued documents: their numbers, their files, the register of a year."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..errors import NotVisible
from ..org.models import Unit
from ..org.scope import one as visible_one
from ..org.scope import visible
from .models import Document, DocumentFile, FileFormat


def last_number(issuer: Unit, series: str, year: int) -> int:
    """The highest number that the issuer has given in a series in a year, void and outside ones included; 0 for none."""
    query = sa.select(sa.func.max(Document.number))
    query = query.where(Document.issuer_id == issuer.id, Document.series == series, Document.year == year)
    return db.session.scalar(query) or 0


def next_number(issuer: Unit, series: str, year: int, at_least: int = 0) -> int:
    """The number that the issuer's next paper of a series gets in a year; `at_least` were used before the register."""
    return max(last_number(issuer, series, year), at_least) + 1


def one(actor: Actor, document_id: int) -> Document:
    """One visible document. Raises NotVisible."""
    return visible_one(Document, actor, Document.id == document_id)


def of_ids(actor: Actor, ids: Iterable[int]) -> dict[int, Document]:
    """The visible ones among these documents, by id."""
    wanted = list(ids)
    query = visible(Document, actor).where(Document.id.in_(wanted))
    return {document.id: document for document in db.session.scalars(query)} if wanted else {}


def hashes(document: Document) -> dict[FileFormat, str]:
    """The forms in which a document that the caller was shown is kept, each with its SHA-256; none where it was issued outside."""
    query = sa.select(DocumentFile.format, DocumentFile.sha256).where(DocumentFile.document_id == document.id)
    return dict(sorted((format, sha256) for format, sha256 in db.session.execute(query)))


def content(document: Document, format: FileFormat) -> bytes:
    """The file of a document that the caller was shown, as it was issued. Raises NotVisible where there is none in that form."""
    query = sa.select(DocumentFile.content).where(DocumentFile.document_id == document.id, DocumentFile.format == format)
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible("DocumentFile")
    return found


class Line(NamedTuple):
    """A document in the register of outgoing papers, and who issued it."""

    document: Document
    issuer: Unit


def line(actor: Actor, document_id: int) -> Line:
    """One visible document with its issuer. Raises NotVisible."""
    document = one(actor, document_id)
    return Line(document, db.session.get_one(Unit, document.issuer_id))


def series_list(actor: Actor, year: int, issuer_id: int | None = None, series: str | None = None) -> list[Line]:
    """The visible papers of a year, or of one of its series: by issuer and series, in the order of their numbers."""
    query = (
        visible(Document, actor)
        .join(Unit, Unit.id == Document.issuer_id)
        .add_columns(Unit)
        .where(sa.extract("year", Document.issued_on) == year)
        .order_by(
            sa.func.length(Unit.path), Unit.name_sort, Unit.id, Document.series.is_(None), Document.series, Document.number, Document.id
        )
    )
    if issuer_id is not None:
        query = query.where(Document.issuer_id == issuer_id)
    if series is not None:
        query = query.where(Document.series == series)
    return [Line(document, issuer) for document, issuer in db.session.execute(query)]


class Book(NamedTuple):
    """One series of one issuer in a year, and its last number."""

    issuer: Unit
    series: str
    last: int


def books(actor: Actor, year: int) -> list[Book]:
    """The series of a year of which the actor sees papers, the commune's first."""
    query = (
        sa.select(Unit, Document.series, sa.func.max(Document.number))
        .join(Unit, Unit.id == Document.issuer_id)
        .where(Document.within(actor.reach()), Document.series.is_not(None), Document.year == year)
        .group_by(Unit.id, Document.series)
        .order_by(sa.func.length(Unit.path), Unit.name_sort, Unit.id, Document.series)
    )
    return [Book(issuer, series or "", last or 0) for issuer, series, last in db.session.execute(query)]


def years(actor: Actor) -> list[int]:
    """The years of which the actor sees papers, the newest first."""
    year = sa.extract("year", Document.issued_on)
    found = db.session.scalars(sa.select(year).where(Document.within(actor.reach())).distinct())
    return sorted({int(one) for one in found}, reverse=True)


def file_faults() -> list[str]:
    """For `verify`: files that are not as they were issued, and documents whose file is missing, one Vietnamese sentence each."""
    faults = []
    files = sa.select(DocumentFile, Document).join(Document, Document.id == DocumentFile.document_id).order_by(DocumentFile.id)
    kept: dict[int, set[FileFormat]] = {}
    for file, document in db.session.execute(files.execution_options(yield_per=50)):
        kept.setdefault(document.id, set()).add(file.format)
        if hashlib.sha256(file.content).hexdigest() != file.sha256:
            faults.append(f"{_name(document)}: tệp {file.format} không còn như khi ban hành.")
        db.session.expunge(file)
    for document in db.session.scalars(sa.select(Document).where(sa.not_(Document.is_outside)).order_by(Document.id)):
        missing = [format for format in FileFormat if format not in kept.get(document.id, ())]
        faults += [f"{_name(document)}: mất tệp {format}." for format in missing]
    return faults


def _name(document: Document) -> str:
    number = f"số {document.sign} ngày {document.issued_on:%d/%m/%Y}" if document.sign else f"ngày {document.issued_on:%d/%m/%Y}"
    return f"Văn bản {number} (mã {document.id})"
