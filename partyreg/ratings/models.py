"""The year of ratings, and the levels of members and units in it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Scoped, Versioned, enum_column, link
from ..members.models import Person
from ..org.models import Unit, unit_within
from ..rulebook.rating import GOOD_OR_BETTER, Level

__all__ = ["GOOD_OR_BETTER", "Level", "MemberRating", "NotRated", "RatingYear", "UnitRating"]


class NotRated(StrEnum):
    """Why somebody on the roll gets no level."""

    EXEMPT = "exempt"
    SUSPENDED = "suspended"
    NEW = "new"
    OTHER = "other"


class RatingYear(Versioned, Model):
    """The ratings of one year: open, or closed on a day."""

    __tablename__ = "rating_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]

    __table_args__ = (
        sa.CheckConstraint("year BETWEEN 1930 AND 2200", name="plausible_year"),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_opened"),
    )


class MemberRating(Versioned, Scoped, Model):
    """A member's level in a year, or why she has none; `unit_id` is the cell that rated her."""

    __tablename__ = "member_rating"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(sa.ForeignKey("rating_year.year"))
    member_id: Mapped[int] = link("member.id")
    unit_id: Mapped[int] = link("unit.id")
    level: Mapped[Level | None] = mapped_column(enum_column(Level))
    not_rated: Mapped[NotRated | None] = mapped_column(enum_column(NotRated))

    person: Mapped[Person] = relationship(
        primaryjoin=lambda: sa.orm.foreign(MemberRating.member_id) == Person.id, viewonly=True, lazy="raise_on_sql"
    )

    __table_args__ = (
        sa.UniqueConstraint("year", "member_id"),
        sa.CheckConstraint("(level IS NULL) <> (not_rated IS NULL)", name="level_or_reason"),
        sa.Index("ix_member_rating_year_unit_id", "year", "unit_id"),
    )

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A rating belongs to the cell that gave it; and to the member herself."""
        own = [cls.member_id == reach.member_id] if reach.member_id is not None else []
        return sa.or_(unit_within(cls.unit_id, reach), *own)


class UnitRating(Versioned, Scoped, Model):
    """A unit's level in a year."""

    __tablename__ = "unit_rating"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(sa.ForeignKey("rating_year.year"))
    unit_id: Mapped[int] = link("unit.id")
    level: Mapped[Level] = mapped_column(enum_column(Level))

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")

    __table_args__ = (sa.UniqueConstraint("year", "unit_id"),)

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A unit's rating belongs to the unit."""
        return unit_within(cls.unit_id, reach)
