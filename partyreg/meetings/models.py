"""Meetings, who was there, what was dealt with; meetings to come, drafts, and months without one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any

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


class Scorer(StrEnum):
    """Who judged the quality of a meeting: the cell itself, or the organisation committee after it."""

    CELL = "cell"
    COMMITTEE = "committee"


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
    documents_on: Mapped[dt.date | None]  # when the papers of the meeting were sent out
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


class OfMeeting(Scoped):
    """A table whose rows belong to whom their meeting belongs."""

    meeting_id: Any

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As its meeting."""
        inside = sa.select(1).where(Meeting.id == cls.meeting_id, Meeting.within(reach))
        return sa.exists(inside.correlate_except(Meeting))


class MeetingAttendance(OfMeeting, Model):
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
        """As its meeting; and to the member herself."""
        own = [cls.member_id == reach.member_id] if reach.member_id is not None else []
        return sa.or_(super().within(reach), *own)


class MeetingItem(OfMeeting, Model):
    """One point of a meeting's agenda: what was said, what was concluded, and the vote where there was one."""

    __tablename__ = "meeting_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(300))
    notes: Mapped[str | None] = mapped_column(sa.Text)
    conclusion: Mapped[str | None] = mapped_column(sa.Text)
    in_favour: Mapped[int | None]
    against: Mapped[int | None]
    blank: Mapped[int | None]

    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "position"),
        sa.CheckConstraint("(in_favour IS NULL) = (against IS NULL) AND (in_favour IS NULL) = (blank IS NULL)", name="vote_whole_or_none"),
        sa.CheckConstraint("in_favour >= 0 AND against >= 0 AND blank >= 0", name="vote_not_negative"),
    )


class MeetingTask(Versioned, OfMeeting, Model):
    """What a meeting gave somebody to do; open until it is done or dropped with a reason."""

    __tablename__ = "meeting_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = link("meeting.id")
    title: Mapped[str] = mapped_column(sa.String(300))
    person_id: Mapped[int | None] = link("person.id")
    due_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    is_done: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (sa.CheckConstraint("closed_on IS NOT NULL OR NOT is_done", name="done_is_closed"),)


class MeetingDraft(Versioned, Scoped, Model):
    """A meeting's form as it was left, whatever it held; it becomes the meeting with the same key."""

    __tablename__ = "meeting_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id")
    client_key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    held_on: Mapped[dt.date | None]
    fields: Mapped[str] = mapped_column(sa.Text, info={"audit": False})  # JSON: every field as it was typed; no record outlives the draft
    author: Mapped[str] = mapped_column(sa.String(120))
    saved_at: Mapped[dt.datetime] = mapped_column(UtcMoment)

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A draft belongs to its cell."""
        return unit_within(cls.unit_id, reach)


class MeetingPlan(Versioned, Scoped, Model):
    """A meeting to come: announced, shown in the calendar, and taken over into the form when it is held."""

    __tablename__ = "meeting_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[MeetingKind] = mapped_column(enum_column(MeetingKind))
    held_on: Mapped[dt.date]
    begins_at: Mapped[dt.time | None]
    place: Mapped[str | None] = mapped_column(sa.String(120))
    topic: Mapped[str | None] = mapped_column(sa.String(200))
    agenda: Mapped[str | None] = mapped_column(sa.Text)  # one point a line
    cancelled_because: Mapped[str | None] = mapped_column(sa.String(300))

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")

    __table_args__ = (sa.Index("ix_meeting_plan_unit_id_held_on", "unit_id", "held_on"),)

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A plan belongs to its cell."""
        return unit_within(cls.unit_id, reach)


class MeetingWaiver(Versioned, Scoped, Model):
    """A month in which a cell owes no regular meeting, and why."""

    __tablename__ = "meeting_waiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    year: Mapped[int]
    month: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(300))

    __table_args__ = (
        sa.UniqueConstraint("unit_id", "year", "month"),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name="month_of_a_year"),
    )

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A waiver belongs to its cell."""
        return unit_within(cls.unit_id, reach)


class MeetingScore(Versioned, OfMeeting, Model):
    """The quality of a meeting by the sheet of its day: the points a judge gave, criterion by criterion, and their sum of 100."""

    __tablename__ = "meeting_score"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    scorer: Mapped[Scorer] = mapped_column(enum_column(Scorer))
    points: Mapped[str] = mapped_column(sa.Text)  # JSON: key of the criterion -> points
    total: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    remark: Mapped[str | None] = mapped_column(sa.String(500))
    scored_on: Mapped[dt.date]

    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "scorer"),
        sa.CheckConstraint("total BETWEEN 0 AND 100", name="total_of_a_hundred"),
    )
