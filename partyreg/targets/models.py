"""The yearly values of the targets that no record of ours can count, entered by the office with their source."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Exact, Model, Scoped, Versioned, link
from ..org.models import Unit, unit_within


class TargetEntry(Versioned, Scoped, Model):
    """What a target, or a part of it (`no` is "2.maize"), reached in a year; kept by the commune's organisation."""

    __tablename__ = "target_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id", index=False)
    no: Mapped[str] = mapped_column(sa.String(20))
    year: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Exact)
    measured_in: Mapped[str] = mapped_column(sa.String(40))
    source: Mapped[str] = mapped_column(sa.String(200))
    paper: Mapped[str] = mapped_column(sa.String(80))
    note: Mapped[str | None] = mapped_column(sa.String(300))
    corrected_because: Mapped[str | None] = mapped_column(sa.String(300))

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        sa.UniqueConstraint("unit_id", "no", "year"),
        sa.CheckConstraint("year BETWEEN 1930 AND 2200", name="plausible_year"),
    )

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A value belongs to the organisation that keeps it."""
        return unit_within(cls.unit_id, reach)
