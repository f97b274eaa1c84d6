"""Issued documents, their numbers, and the files as they were issued."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..access import Reach
from ..db import Model, Scoped, Versioned, enum_column, link
from ..org.models import unit_within


class FileFormat(StrEnum):
    """In which form a paper is kept."""

    DOCX = "docx"
    PDF = "pdf"


class Document(Versioned, Scoped, Model):
    """A paper that a unit issued. It never changes; a wrong one is declared void and keeps its number.

    `unit_id` is the unit whose record it belongs to, `issuer_id` the one that issued it and whose series numbers it. A paper
    `is_outside` was issued without the register: it only holds its number, and has no file. What `is_binding` has had its effect:
    another decision undoes it, nobody voids it.
    """

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id")
    issuer_id: Mapped[int] = link("unit.id")
    kind: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(300))
    form_code: Mapped[str | None] = mapped_column(sa.String(20))
    series: Mapped[str | None] = mapped_column(sa.String(20))
    year: Mapped[int | None]
    number: Mapped[int | None]
    issued_on: Mapped[dt.date] = mapped_column(index=True)
    signer: Mapped[str | None] = mapped_column(sa.String(120))
    facts: Mapped[str | None] = mapped_column(sa.Text)  # JSON: what was written into the master
    is_outside: Mapped[bool] = mapped_column(default=False)
    is_binding: Mapped[bool] = mapped_column(default=False)
    voided_on: Mapped[dt.date | None]
    void_reason: Mapped[str | None] = mapped_column(sa.String(500))

    __table_args__ = (
        sa.UniqueConstraint("issuer_id", "series", "year", "number"),
        sa.CheckConstraint("(number IS NULL) = (series IS NULL) AND (number IS NULL) = (year IS NULL)", name="number_with_series_and_year"),
        sa.CheckConstraint("number IS NULL OR number > 0", name="number_positive"),
        sa.CheckConstraint("(voided_on IS NULL) = (void_reason IS NULL)", name="void_with_reason"),
        sa.CheckConstraint("is_outside = (facts IS NULL)", name="facts_unless_outside"),
    )

    @property
    def sign(self) -> str | None:
        """The number as written on the paper, such as `16-QĐ/ĐU`; None for a paper without one."""
        return f"{self.number}-{self.series}" if self.number else None

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A document belongs to the unit whose record it is."""
        return unit_within(cls.unit_id, reach)


class DocumentFile(Scoped, Model):
    """The bytes of an issued paper, and their SHA-256, which `verify` compares."""

    __tablename__ = "document_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = link("document.id")
    format: Mapped[FileFormat] = mapped_column(enum_column(FileFormat))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, info={"audit": False})

    __table_args__ = (sa.UniqueConstraint("document_id", "format"),)

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As the document."""
        inside = sa.select(1).where(Document.id == cls.document_id, Document.within(reach))
        return sa.exists(inside.correlate_except(Document))
