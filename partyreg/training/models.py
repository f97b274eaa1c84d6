"""Classes, and who was on their lists."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..access import Reach
from ..db import Model, Scoped, Versioned, enum_column, link
from ..members.models import Person
from ..rulebook.training import CourseKind, CourseResult


class TrainingCourse(Versioned, Model):
    """A class (lớp đào tạo, bồi dưỡng). It is the whole commune's and says nothing of a person; its list is scoped by the people."""

    __tablename__ = "training_course"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CourseKind] = mapped_column(enum_column(CourseKind))
    title: Mapped[str] = mapped_column(sa.String(200))
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date] = mapped_column(index=True)
    sessions: Mapped[int | None]
    organiser: Mapped[str | None] = mapped_column(sa.String(120))
    place: Mapped[str | None] = mapped_column(sa.String(120))
    paper: Mapped[str | None] = mapped_column(sa.String(80))

    __table_args__ = (
        sa.CheckConstraint("ended_on >= started_on", name="days_in_order"),
        sa.CheckConstraint("sessions IS NULL OR sessions > 0", name="sessions_positive"),
    )


class TrainingResult(Versioned, Scoped, Model):
    """Somebody on a class's list, how she fared, and the certificate that she was given."""

    __tablename__ = "training_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = link("training_course.id", index=False)
    person_id: Mapped[int] = link("person.id")
    result: Mapped[CourseResult] = mapped_column(enum_column(CourseResult, "result"))
    certificate_number: Mapped[str | None] = mapped_column(sa.String(40))
    certificate_on: Mapped[dt.date | None]

    __table_args__ = (
        sa.UniqueConstraint("course_id", "person_id"),
        sa.CheckConstraint("certificate_on IS NULL OR result = 'finished'", name="certificate_of_a_finished_class"),
        sa.CheckConstraint("certificate_number IS NULL OR certificate_on IS NOT NULL", name="certificate_has_a_day"),
    )

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A line belongs to whom its person belongs."""
        if "/" in reach.paths:
            return sa.true()
        return sa.exists(sa.select(1).where(Person.id == cls.person_id, Person.within(reach)).correlate_except(Person))
