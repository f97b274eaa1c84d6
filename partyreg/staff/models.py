"""The organisations and people whom the commune rates besides its Party members, and their levels by year."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Period, Scoped, SortText, Versioned, enum_column, link
from ..members.models import Person
from ..org.models import Unit, unit_within
from ..rulebook.rating import Level


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

    An organisation has its name here. An official is a person of the register, a member or not, and has her name there; she has
    one line at a time, and what counts officials - their levels, the classes that they owe - goes by it.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id")
    kind: Mapped[StaffKind] = mapped_column(enum_column(StaffKind))
    person_id: Mapped[int | None] = link("person.id")
    name: Mapped[str | None] = mapped_column(sa.String(120))
    name_sort: Mapped[str | None] = mapped_column(SortText, info={"audit": False})
    post: Mapped[str | None] = mapped_column(sa.String(120))
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)
    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        Period.period_check(),
        sa.CheckConstraint("(post IS NOT NULL) = (kind IN ('cadre', 'civil_servant'))", name="people_have_posts"),
        sa.CheckConstraint("(person_id IS NOT NULL) = (kind IN ('cadre', 'civil_servant'))", name="officials_are_people"),
        sa.CheckConstraint("(name IS NULL) = (person_id IS NOT NULL)", name="one_name"),
        sa.Index("uq_staff_person_open", "person_id", unique=True,
                 sqlite_where=sa.text("ended_on IS NULL"), postgresql_where=sa.text("ended_on IS NULL")),
        sa.Index("uq_staff_organisation_open", "unit_id", "kind", unique=True,
                 sqlite_where=sa.text("ended_on IS NULL AND person_id IS NULL"),
                 postgresql_where=sa.text("ended_on IS NULL AND person_id IS NULL")),
    )  # fmt: skip

    @property
    def is_official(self) -> bool:
        """Whether it is somebody, not an organisation."""
        return self.kind in OFFICIALS

    @property
    def called(self) -> str:
        """The organisation's name, or the person's; the person must be loaded."""
        return self.name if self.name is not None else self.person.full_name if self.person else ""

    @property
    def shown_version(self) -> int:
        """A number that rises with every change of the line or of the person's record, which the line's page shows together."""
        return self.version + (self.person.version if self.person else 0)

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
