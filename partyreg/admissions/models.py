"""The admission file, its introducers, and the log of what was asked and answered."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Scoped, UtcMoment, Versioned, enum_column, link
from ..members.models import Person
from ..org.models import Unit, unit_within
from ..rulebook.admission import Step


class IntroducerKind(StrEnum):
    """Who introduces: a full member, or a union by resolution."""

    MEMBER = "member"
    YOUTH_UNION = "youth_union"
    TRADE_UNION = "trade_union"


class Admission(Versioned, Scoped, Model):
    """One candidate's file. Dates, numbers and votes only: no content of the background check is kept."""

    __tablename__ = "admission"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = link("person.id")
    unit_id: Mapped[int] = link("unit.id")
    step: Mapped[Step] = mapped_column(enum_column(Step), index=True)
    opened_on: Mapped[dt.date]
    applied_on: Mapped[dt.date | None]
    certificate_on: Mapped[dt.date | None]
    certificate_number: Mapped[str | None] = mapped_column(sa.String(40))
    check_asked_on: Mapped[dt.date | None]
    check_concluded_on: Mapped[dt.date | None]
    check_paper: Mapped[str | None] = mapped_column(sa.String(80))
    check_abroad: Mapped[bool] = mapped_column(default=False)
    in_hard_area: Mapped[bool] = mapped_column(default=False)
    is_elder: Mapped[bool] = mapped_column(default=False)
    consent_paper: Mapped[str | None] = mapped_column(sa.String(80))  # the written consent to one over the age
    voted_on: Mapped[dt.date | None]
    resolution_number: Mapped[str | None] = mapped_column(sa.String(40))
    full_members: Mapped[int | None]
    not_counted: Mapped[int | None]
    present: Mapped[int | None]
    in_favour: Mapped[int | None]
    against: Mapped[int | None]
    blank: Mapped[int | None]
    submitted_on: Mapped[dt.date | None]
    decided_on: Mapped[dt.date | None]
    decision_number: Mapped[str | None] = mapped_column(sa.String(40))
    decision_year: Mapped[int | None]  # of `decided_on`: a number is given once a year
    signer: Mapped[str | None] = mapped_column(sa.String(120))
    ceremony_on: Mapped[dt.date | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql", innerjoin=True)
    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        sa.UniqueConstraint("decision_year", "decision_number"),
        sa.CheckConstraint(
            "coalesce(in_favour, 0) >= 0 AND coalesce(against, 0) >= 0 AND coalesce(blank, 0) >= 0", name="votes_not_negative"
        ),
        sa.CheckConstraint(
            "in_favour IS NULL OR present IS NULL OR in_favour + coalesce(against, 0) + coalesce(blank, 0) <= present",
            name="no_more_votes_than_present",
        ),
        sa.Index("uq_admission_open", "person_id", unique=True,
                 sqlite_where=sa.text("step IN ('draft', 'submitted', 'returned')"),
                 postgresql_where=sa.text("step IN ('draft', 'submitted', 'returned')")),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A file belongs to the cell that prepares it."""
        return unit_within(cls.unit_id, reach)


class Introducer(Scoped, Model):
    """Who introduces the candidate: a member of the cell, or a union's resolution."""

    __tablename__ = "introducer"

    id: Mapped[int] = mapped_column(primary_key=True)
    admission_id: Mapped[int] = link("admission.id")
    kind: Mapped[IntroducerKind] = mapped_column(enum_column(IntroducerKind))
    member_id: Mapped[int | None] = link("member.id")
    together_since: Mapped[dt.date | None]
    resolution_number: Mapped[str | None] = mapped_column(sa.String(40))
    resolved_on: Mapped[dt.date | None]
    is_replacement: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.UniqueConstraint("admission_id", "member_id"),
        sa.CheckConstraint("(kind = 'member') = (member_id IS NOT NULL)", name="member_or_resolution"),
    )

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As the file."""
        inside = sa.select(1).where(Admission.id == cls.admission_id, Admission.within(reach))
        return sa.exists(inside.correlate_except(Admission))


class AdmissionMove(Scoped, Model):
    """One step of a file: from where to where, by whom, when and why."""

    __tablename__ = "admission_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    admission_id: Mapped[int] = link("admission.id")
    from_step: Mapped[Step | None] = mapped_column(enum_column(Step, "from_step"))
    to_step: Mapped[Step] = mapped_column(enum_column(Step, "to_step"))
    moved_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    user_id: Mapped[int | None] = mapped_column()
    actor: Mapped[str] = mapped_column(sa.String(120))
    reason: Mapped[str | None] = mapped_column(sa.String(500))

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As the file."""
        inside = sa.select(1).where(Admission.id == cls.admission_id, Admission.within(reach))
        return sa.exists(inside.correlate_except(Admission))
