"""Cadre planning: who was approved for which post of which term, by which paper; and how it ended."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Scoped, Versioned, link
from ..members.models import Person
from ..org.models import Unit, unit_within


class Planning(Versioned, Scoped, Model):
    """Somebody is planned for a post of a term, by the body named and its paper; kept by the commune's organisation."""

    __tablename__ = "cadre_planning"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id")
    person_id: Mapped[int] = link("person.id")
    post: Mapped[str] = mapped_column(sa.String(120))
    first_year: Mapped[int]
    last_year: Mapped[int]
    issuer: Mapped[str] = mapped_column(sa.String(160))
    approved_on: Mapped[dt.date]
    paper: Mapped[str] = mapped_column(sa.String(80))
    ended_on: Mapped[dt.date | None]
    ended_because: Mapped[str | None] = mapped_column(sa.String(200))

    person: Mapped[Person] = relationship(lazy="raise_on_sql", innerjoin=True)
    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint("first_year BETWEEN 1930 AND 2200 AND last_year BETWEEN first_year AND first_year + 10", name="plausible_term"),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name="ended_with_reason"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= approved_on", name="ended_after_approval"),
        sa.Index("uq_cadre_planning_running", "person_id", "post", "first_year", unique=True,
                 sqlite_where=sa.text("ended_on IS NULL"), postgresql_where=sa.text("ended_on IS NULL")),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """An entry belongs to the organisation that keeps it."""
        return unit_within(cls.unit_id, reach)
