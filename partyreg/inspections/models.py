"""Inspections and supervisions: one row each, with its subjects and the people who hold it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Scoped, Versioned, enum_column, link
from ..members.models import Person
from ..org.models import Lineage, LineageKind, Unit, unit_within
from ..rulebook.inspection import InspectingBody, InspectionConclusion, InspectionKind, InspectionMatter

#: The ways in which a unit lives on as another, with its papers; a part or a cell that went over does not inherit them.
HEIRS = (LineageKind.MERGE, LineageKind.RENAME)


class Inspection(Versioned, Scoped, Model):
    """One inspection or supervision of a year's programme, or one that came up besides (`is_planned` false).

    How far it has come is told by the days of its papers; `unit_id` is the organisation whose body holds it.
    """

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id", index=False)
    year: Mapped[int]
    body: Mapped[InspectingBody] = mapped_column(enum_column(InspectingBody))
    kind: Mapped[InspectionKind] = mapped_column(enum_column(InspectionKind))
    matter: Mapped[InspectionMatter] = mapped_column(enum_column(InspectionMatter))
    title: Mapped[str] = mapped_column(sa.String(300))
    planned_on: Mapped[dt.date]
    is_planned: Mapped[bool]
    is_dispersed: Mapped[bool]
    decision_on: Mapped[dt.date | None]
    decision_number: Mapped[str | None] = mapped_column(sa.String(40))
    plan_on: Mapped[dt.date | None]
    plan_number: Mapped[str | None] = mapped_column(sa.String(40))
    report_on: Mapped[dt.date | None]
    report_number: Mapped[str | None] = mapped_column(sa.String(40))
    conclusion_on: Mapped[dt.date | None]
    conclusion_number: Mapped[str | None] = mapped_column(sa.String(40))
    mend_by: Mapped[dt.date | None]
    mended_on: Mapped[dt.date | None]
    mended_how: Mapped[str | None] = mapped_column(sa.String(300))
    corrected_because: Mapped[str | None] = mapped_column(sa.String(300))
    cancelled_because: Mapped[str | None] = mapped_column(sa.String(300))

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint("year BETWEEN 1930 AND 2200", name="plausible_year"),
        sa.CheckConstraint("mend_by IS NULL OR (conclusion_on IS NOT NULL AND mend_by > conclusion_on)", name="mended_after_conclusion"),
        sa.CheckConstraint("mended_on IS NULL OR mend_by IS NOT NULL", name="mended_what_was_due"),
        sa.CheckConstraint("cancelled_because IS NULL OR conclusion_on IS NULL", name="cancelled_or_concluded"),
        sa.Index("ix_inspection_unit_id_year", "unit_id", "year"),
    )

    @classmethod
    def held_within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """The condition that the unit that inspects is in reach, or was merged into one that is."""
        heirs = sa.select(Lineage.from_id).where(Lineage.kind.in_(HEIRS), unit_within(Lineage.into_id, reach))
        return sa.or_(unit_within(cls.unit_id, reach), cls.unit_id.in_(heirs))

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """An inspection belongs to whoever holds it, and to each organisation inspected; not to the cells of members inspected."""
        subject = sa.select(InspectionSubject.inspection_id)
        subject = subject.where(InspectionSubject.person_id.is_(None), unit_within(InspectionSubject.unit_id, reach))
        return sa.or_(cls.held_within(reach), cls.id.in_(subject))


class InspectionSubject(Versioned, Scoped, Model):
    """Whom an inspection is about: an organisation, or a member (`person_id`) of one; and what was concluded."""

    __tablename__ = "inspection_subject"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = link("inspection.id", index=False)
    unit_id: Mapped[int] = link("unit.id")
    person_id: Mapped[int | None] = link("person.id")
    conclusion: Mapped[InspectionConclusion | None] = mapped_column(enum_column(InspectionConclusion))

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)
    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        sa.UniqueConstraint("inspection_id", "person_id"),
        sa.Index("uq_inspection_subject_unit", "inspection_id", "unit_id", unique=True,
                 sqlite_where=sa.text("person_id IS NULL"), postgresql_where=sa.text("person_id IS NULL")),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """An organisation's line belongs to it too; a member's only to whoever holds the inspection."""
        held = sa.select(Inspection.id).where(Inspection.held_within(reach))
        return sa.or_(cls.inspection_id.in_(held), sa.and_(cls.person_id.is_(None), unit_within(cls.unit_id, reach)))


class InspectionTeammate(Scoped, Model):
    """Somebody of the team that holds an inspection; one of them leads it."""

    __tablename__ = "inspection_teammate"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = link("inspection.id", index=False)
    person_id: Mapped[int] = link("person.id")
    is_head: Mapped[bool]

    person: Mapped[Person] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        sa.UniqueConstraint("inspection_id", "person_id"),
        sa.Index("uq_inspection_teammate_head", "inspection_id", unique=True,
                 sqlite_where=sa.text("is_head"), postgresql_where=sa.text("is_head")),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As the inspection."""
        return cls.inspection_id.in_(sa.select(Inspection.id).where(Inspection.within(reach)))
