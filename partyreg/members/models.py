"""People, members, and the periods of a member's life."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ..access import Reach
from ..db import Model, Period, Scoped, SortText, Versioned, enum_column, link
from ..names import fold, nfc, sort_key
from ..org.models import Unit, unit_within


class Sex(StrEnum):
    """As on the identity card."""

    MALE = "male"
    FEMALE = "female"


class Schooling(StrEnum):
    """General education, the highest completed (giáo dục phổ thông)."""

    LITERATE = "literate"
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"


class Qualification(StrEnum):
    """Professional qualification, the highest only (trình độ chuyên môn)."""

    NONE = "none"
    ELEMENTARY = "elementary"
    INTERMEDIATE = "intermediate"
    COLLEGE = "college"
    UNIVERSITY = "university"
    POSTGRADUATE = "postgraduate"


class Theory(StrEnum):
    """Political theory, the highest certificate only (lý luận chính trị)."""

    NONE = "none"
    ELEMENTARY = "elementary"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Standing(StrEnum):
    """Probationary or full member."""

    PROBATIONARY = "probationary"
    FULL = "full"


class Exit(StrEnum):
    """The five ways out of the organisation, and the cancelling of an admission, by which she never was a member."""

    EXPELLED = "expelled"
    REMOVED = "removed"
    WITHDREW = "withdrew"
    DIED = "died"
    MOVED_AWAY = "moved_away"
    CANCELLED = "cancelled"


class PostingKind(StrEnum):
    """Home cell, or temporary activity in another."""

    HOME = "home"
    TEMPORARY = "temporary"


class AbeyanceKind(StrEnum):
    """Why a member need not or may not take part: exempted from work and activities, or suspended."""

    EXEMPTION = "exemption"
    SUSPENSION = "suspension"


class Body(StrEnum):
    """The bodies in which one holds a position."""

    EXECUTIVE = "executive"
    STANDING = "standing"
    CELL_COMMITTEE = "cell_committee"
    INSPECTION = "inspection"
    VILLAGE = "village"
    VILLAGE_FRONT = "village_front"


#: Bodies of the village, not of the Party: who leaves the Party may go on holding a post there.
OUTSIDE = (Body.VILLAGE, Body.VILLAGE_FRONT)


class Title(StrEnum):
    """The office held in a body."""

    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    MEMBER = "member"
    CHAIR = "chair"
    DEPUTY_CHAIR = "deputy_chair"
    HEAD = "head"


class Person(Versioned, Scoped, Model):
    """Somebody whom the register knows: a member, a candidate, or the holder of a post. Only what the register needs.

    `unit_id` is the unit that keeps the record: a member's home cell, a candidate's cell. Deeds keep it; `verify` compares.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id")
    full_name: Mapped[str] = mapped_column(sa.String(120))
    name_fold: Mapped[str] = mapped_column(sa.String(160), info={"audit": False})
    name_sort: Mapped[str] = mapped_column(SortText, index=True, info={"audit": False})
    other_name: Mapped[str | None] = mapped_column(sa.String(120))
    sex: Mapped[Sex] = mapped_column(enum_column(Sex))
    born_on: Mapped[dt.date] = mapped_column(index=True)
    ethnicity: Mapped[str] = mapped_column(sa.String(40))
    religion: Mapped[str | None] = mapped_column(sa.String(40))
    personal_number: Mapped[str | None] = mapped_column(sa.String(12), unique=True)
    birthplace: Mapped[str | None] = mapped_column(sa.String(200))
    home_town: Mapped[str | None] = mapped_column(sa.String(200))
    residence: Mapped[str | None] = mapped_column(sa.String(200))
    occupation: Mapped[str | None] = mapped_column(sa.String(120))
    schooling: Mapped[Schooling | None] = mapped_column(enum_column(Schooling))
    qualification: Mapped[Qualification] = mapped_column(enum_column(Qualification), default=Qualification.NONE)
    theory: Mapped[Theory] = mapped_column(enum_column(Theory), default=Theory.NONE)

    __table_args__ = (
        sa.CheckConstraint("personal_number IS NULL OR length(personal_number) IN (9, 12)", name="personal_number_length"),
        sa.CheckConstraint("length(full_name) > 0", name="has_a_name"),
    )

    @validates("full_name")
    def _keep_name(self, _key: str, value: str) -> str:
        clean = nfc(value)
        # Foreign letters take many signs in a key; what does not fit decides no order and no search.
        self.name_fold = (" " + fold(clean))[:160]
        self.name_sort = sort_key(clean)[:600]
        return clean

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A person belongs to the unit that keeps her record; and to herself."""
        own = [cls.id == reach.member_id] if reach.member_id is not None else []
        return sa.or_(unit_within(cls.unit_id, reach), *own)


class _OfPerson(Scoped):
    """A row about one person, which belongs to whom the person belongs."""

    @classmethod
    def _person_key(cls) -> Any:
        raise NotImplementedError

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As the person's own row."""
        if "/" in reach.paths:
            return sa.true()
        return sa.exists(sa.select(1).where(Person.id == cls._person_key(), Person.within(reach)).correlate_except(Person))


class Member(Versioned, _OfPerson, Model):
    """A member of the Party; the key is the person's.

    Three dates are kept apart: the admission decision (seniority runs from it), the ceremony (probation runs from it), and
    the day of full membership. Of one who was taken back (`readmitted_on`), the decision stays the first, from which seniority
    runs; ceremony and full membership are the new ones.
    """

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    card_number: Mapped[str | None] = mapped_column(sa.String(12), unique=True)
    card_issued_on: Mapped[dt.date | None]
    file_number: Mapped[str | None] = mapped_column(sa.String(12), unique=True)
    decided_on: Mapped[dt.date | None] = mapped_column(index=True)
    decision_number: Mapped[str | None] = mapped_column(sa.String(40))
    ceremony_on: Mapped[dt.date | None]
    full_on: Mapped[dt.date | None]
    readmitted_on: Mapped[dt.date | None]
    readmission_number: Mapped[str | None] = mapped_column(sa.String(40))

    person: Mapped[Person] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint("ceremony_on IS NULL OR decided_on IS NULL OR ceremony_on >= decided_on", name="ceremony_after_decision"),
        sa.CheckConstraint("full_on IS NULL OR ceremony_on IS NULL OR full_on > ceremony_on", name="full_after_ceremony"),
    )

    @classmethod
    def _person_key(cls) -> Any:
        return cls.id


class StandingPeriod(Period, _OfPerson, Model):
    """A member was probationary, or full, from a day on; a closed last period says how she left."""

    __tablename__ = "standing_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = link("member.id")
    standing: Mapped[Standing] = mapped_column(enum_column(Standing))
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]
    exit: Mapped[Exit | None] = mapped_column(enum_column(Exit))
    exit_paper: Mapped[str | None] = mapped_column(sa.String(80))

    __table_args__ = (
        Period.period_check(),
        sa.CheckConstraint("exit IS NULL OR ended_on IS NOT NULL", name="exit_ends_it"),
        sa.Index("uq_standing_period_open", "member_id", unique=True,
                 sqlite_where=sa.text("ended_on IS NULL"), postgresql_where=sa.text("ended_on IS NULL")),
    )  # fmt: skip

    @classmethod
    def _person_key(cls) -> Any:
        return cls.member_id


class Posting(Period, Scoped, Model):
    """A member belongs to a cell (home) or takes part in one for a time (temporary)."""

    __tablename__ = "posting"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = link("member.id")
    unit_id: Mapped[int] = link("unit.id")
    kind: Mapped[PostingKind] = mapped_column(enum_column(PostingKind))
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]
    paper: Mapped[str | None] = mapped_column(sa.String(80))

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        Period.period_check(),
        sa.Index("uq_posting_open", "member_id", "kind", unique=True,
                 sqlite_where=sa.text("ended_on IS NULL"), postgresql_where=sa.text("ended_on IS NULL")),
        sa.Index("ix_posting_unit_id_started_on", "unit_id", "started_on"),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A posting belongs to its cell; and to the member herself."""
        own = [cls.member_id == reach.member_id] if reach.member_id is not None else []
        return sa.or_(unit_within(cls.unit_id, reach), *own)


class Abeyance(Period, _OfPerson, Model):
    """A member is exempted from work and activities, or suspended, for a time."""

    __tablename__ = "abeyance"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = link("member.id")
    kind: Mapped[AbeyanceKind] = mapped_column(enum_column(AbeyanceKind))
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    paper: Mapped[str | None] = mapped_column(sa.String(80))
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]

    __table_args__ = (
        Period.period_check(),
        sa.Index("uq_abeyance_open", "member_id", "kind", unique=True,
                 sqlite_where=sa.text("ended_on IS NULL"), postgresql_where=sa.text("ended_on IS NULL")),
    )  # fmt: skip

    @classmethod
    def _person_key(cls) -> Any:
        return cls.member_id


class Position(Period, Scoped, Model):
    """A person holds an office in a body of a unit, for a term."""

    __tablename__ = "position"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = link("person.id")
    unit_id: Mapped[int] = link("unit.id")
    body: Mapped[Body] = mapped_column(enum_column(Body))
    title: Mapped[Title] = mapped_column(enum_column(Title))
    term: Mapped[str | None] = mapped_column(sa.String(9))
    paper: Mapped[str | None] = mapped_column(sa.String(80))
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        Period.period_check(),
        sa.Index("uq_position_open", "person_id", "unit_id", "body", unique=True,
                 sqlite_where=sa.text("ended_on IS NULL"), postgresql_where=sa.text("ended_on IS NULL")),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A position belongs to the unit of its body; and to the person herself."""
        own = [cls.person_id == reach.member_id] if reach.member_id is not None else []
        return sa.or_(unit_within(cls.unit_id, reach), *own)
