"""Meetings and who was there."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Scoped, UtcMoment, Versioned, enum_column, link
from ..members.models import Person
from ..org.models import Unit, unit_within


class MeetingKind(StrEnum):
    """Monthly, on a theme, or as needed."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    EXTRAORDINARY = "extraordinary"


class Attendance(StrEnum):
    """How a member of the roll stood to the meeting."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"
    EXEMPT = "exempt"


class Meeting(Versioned, Scoped, Model):
    """A meeting of a cell, with its minutes in short."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[MeetingKind] = mapped_column(enum_column(MeetingKind))
    held_on: Mapped[dt.date]
    minutes_long: Mapped[int | None]
    place: Mapped[str | None] = mapped_column(sa.String(120))
    topic: Mapped[str | None] = mapped_column(sa.String(200))
    chair_id: Mapped[int] = link("person.id", index=False)
    minute_taker_id: Mapped[int | None] = link("person.id", index=False)
    guests: Mapped[str | None] = mapped_column(sa.String(300))
    notes: Mapped[str | None] = mapped_column(sa.Text)
    conclusions: Mapped[str | None] = mapped_column(sa.Text)
    client_key: Mapped[str | None] = mapped_column(sa.String(36), unique=True)
    logged_at: Mapped[dt.datetime] = mapped_column(UtcMoment)

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")
    chair: Mapped[Person] = relationship(foreign_keys=[chair_id], lazy="raise_on_sql")
    minute_taker: Mapped[Person | None] = relationship(foreign_keys=[minute_taker_id], lazy="raise_on_sql")

    __table_args__ = (
        sa.Index("ix_meeting_unit_id_held_on", "unit_id", "held_on"),
        sa.Index("uq_meeting_once_a_day", "unit_id", "kind", "held_on", unique=True,
                 sqlite_where=sa.text("kind <> 'extraordinary'"), postgresql_where=sa.text("kind <> 'extraordinary'")),
        sa.CheckConstraint("minutes_long IS NULL OR minutes_long BETWEEN 1 AND 1440", name="length_of_a_day"),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A meeting belongs to its cell."""
        return unit_within(cls.unit_id, reach)


class MeetingAttendance(Scoped, Model):
    """One member of the roll at one meeting; whether she counts for the quorum was settled on that day."""

    __tablename__ = "meeting_attendance"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    member_id: Mapped[int] = link("member.id")
    status: Mapped[Attendance] = mapped_column(enum_column(Attendance))
    is_counted: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str | None] = mapped_column(sa.String(200))

    __table_args__ = (sa.UniqueConstraint("meeting_id", "member_id"),)

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """Attendance belongs to whom the meeting belongs."""
        inside = sa.select(1).where(Meeting.id == cls.meeting_id, Meeting.within(reach))
        own = [cls.member_id == reach.member_id] if reach.member_id is not None else []
        return sa.or_(sa.exists(inside.correlate_except(Meeting)), *own)
