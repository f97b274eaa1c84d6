"""Year-end packs as they were made, and their files."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..access import Reach
from ..db import Model, Scoped, UtcMoment, enum_column, link
from ..org.models import unit_within


class PackFormat(StrEnum):
    """In which form a pack is kept."""

    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"


class ReportPack(Scoped, Model):
    """The year-end report of a unit as its maker could see it on a day. It never changes; a later one stands beside it.

    `needs` are the permissions that its figures took, each between blanks: whoever lacks one of them over the unit does not see
    the pack. `sha256` is over the canonical form of year, day, unit, lines and parameters (`pack.fingerprint`).
    """

    __tablename__ = "report_pack"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id")
    year: Mapped[int]
    day: Mapped[dt.date]
    made_by_id: Mapped[int | None] = link("user.id")
    made_by: Mapped[str] = mapped_column(sa.String(200))
    made_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    needs: Mapped[str] = mapped_column(sa.String(600))
    parameters: Mapped[str] = mapped_column(sa.Text, info={"audit": False})  # JSON: thresholds and citations, the maker's reach
    lines: Mapped[str] = mapped_column(sa.Text, info={"audit": False})  # JSON: every line in its plain form
    line_count: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.CheckConstraint("line_count >= 0", name="lines_counted"),)

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A pack belongs to the unit that it reports on."""
        return unit_within(cls.unit_id, reach)


class ReportPackFile(Scoped, Model):
    """The bytes of a pack in one form, and their SHA-256, which `verify` compares."""

    __tablename__ = "report_pack_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = link("report_pack.id")
    format: Mapped[PackFormat] = mapped_column(enum_column(PackFormat))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, info={"audit": False})

    __table_args__ = (sa.UniqueConstraint("pack_id", "format"),)

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As the pack."""
        inside = sa.select(1).where(ReportPack.id == cls.pack_id, ReportPack.within(reach))
        return sa.exists(inside.correlate_except(ReportPack))
