"""The organisations and people whom the commune rates besides its Party members, and their levels by year."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Period, Scoped, SortText, Versioned, enum_column, link
from ..org.models import Unit, unit_within
from ..ratings.models import Level


class StaffKind(StrEnum):
    """The socio-political organisations of a commune, and the two kinds of people in its service."""

    FRONT = "front"
    FARMERS = "farmers"
    WOMEN = "women"
    YOUTH = "youth"
    VETERANS = "veterans"
    TRADE_UNION = "trade_union"
    CADRE = "cadre"
    CIVIL_SERVANT = "civil_servant"


#: The kinds that are people; the others are organisations.
OFFICIALS = (StaffKind.CADRE, StaffKind.CIVIL_SERVANT)
ORGANISATIONS = tuple(kind for kind in StaffKind if kind not in OFFICIALS)


class Staff(Versioned, Period, Scoped, Model):
    """An organisation, or somebody in the commune's service with her post; kept by the commune's organisation.

    Of a person only what the target needs is kept: no birthday, no number.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id")
    kind: Mapped[StaffKind] = mapped_column(enum_column(StaffKind))
    name: Mapped[str] = mapped_column(sa.String(120))
    name_sort: Mapped[str] = mapped_column(SortText, info={"audit": False})
    post: Mapped[str | None] = mapped_column(sa.String(120))
    is_member: Mapped[bool]
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        Period.period_check(),
        sa.CheckConstraint("(post IS NOT NULL) = (kind IN ('cadre', 'civil_servant'))", name="people_have_posts"),
    )

    @property
    def is_official(self) -> bool:
        """Whether it is somebody, not an organisation."""
        return self.kind in OFFICIALS

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A line of the register belongs to the organisation that keeps it."""
        return unit_within(cls.unit_id, reach)


class StaffRating(Versioned, Scoped, Model):
    """The level that an organisation or an official had in a year, and the paper that gave it."""

    __tablename__ = "staff_rating"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = link("staff.id", index=False)
    year: Mapped[int] = mapped_column(index=True)
    level: Mapped[Level] = mapped_column(enum_column(Level))
    paper: Mapped[str] = mapped_column(sa.String(80))

    __table_args__ = (
        sa.UniqueConstraint("staff_id", "year"),
        sa.CheckConstraint("year BETWEEN 1930 AND 2200", name="plausible_year"),
    )

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A level belongs to whom the rated one belongs."""
        return cls.staff_id.in_(sa.select(Staff.id).where(Staff.within(reach)))
