"""Resolutions as they were entered: their terms and targets, and what was changed of them after a year was closed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Exact, Model, Versioned, link


class Resolution(Versioned, Model):
    """A resolution of a congress or a committee: its term, and the day from which it is in force. It is never removed."""

    __tablename__ = "resolution"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.String(200))
    adopted_on: Mapped[dt.date]
    first_on: Mapped[dt.date]
    last_on: Mapped[dt.date]
    in_force_from: Mapped[dt.date]
    corrected_because: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (
        sa.CheckConstraint("last_on >= first_on", name="term_in_order"),
        sa.CheckConstraint("in_force_from BETWEEN first_on AND last_on", name="in_force_within_term"),
    )


class ResolutionTarget(Versioned, Model):
    """A target that a resolution sets; `measure` is what counts it, or "entered". Withdrawn on the first day, it never was in force."""

    __tablename__ = "resolution_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    resolution_id: Mapped[int] = link("resolution.id")
    no: Mapped[str] = mapped_column(sa.String(20))
    label: Mapped[str] = mapped_column(sa.String(300))
    unit: Mapped[str] = mapped_column(sa.String(40))
    measure: Mapped[str] = mapped_column(sa.String(20))
    comparator: Mapped[str] = mapped_column(sa.String(2))
    threshold: Mapped[Decimal] = mapped_column(Exact)
    upper: Mapped[Decimal | None] = mapped_column(Exact)
    period: Mapped[str] = mapped_column(sa.String(8))
    due_on: Mapped[dt.date | None]
    article: Mapped[str] = mapped_column(sa.String(200))
    baseline: Mapped[Decimal | None] = mapped_column(Exact)
    baseline_year: Mapped[int | None]
    baseline_source: Mapped[str | None] = mapped_column(sa.String(200))
    corrected_because: Mapped[str | None] = mapped_column(sa.String(300))
    withdrawn_on: Mapped[dt.date | None]
    withdrawn_because: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (
        sa.CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_because IS NULL)", name="withdrawn_with_reason"),
        sa.CheckConstraint(
            "(baseline IS NULL) = (baseline_year IS NULL) AND (baseline IS NULL) = (baseline_source IS NULL)", name="baseline_whole"
        ),
    )


class ResolutionAmendment(Model):
    """What was changed of a resolution when a year that it touches was closed already: what stood, what stands, and why."""

    __tablename__ = "resolution_amendment"

    id: Mapped[int] = mapped_column(primary_key=True)
    resolution_id: Mapped[int] = link("resolution.id")
    made_on: Mapped[dt.date]
    made_by: Mapped[str] = mapped_column(sa.String(200))
    no: Mapped[str | None] = mapped_column(sa.String(20))
    years: Mapped[str] = mapped_column(sa.String(200))
    before: Mapped[str] = mapped_column(sa.String(500))
    after: Mapped[str] = mapped_column(sa.String(500))
    because: Mapped[str] = mapped_column(sa.String(300))
