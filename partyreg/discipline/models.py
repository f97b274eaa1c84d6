"""Cases of discipline: the acts, the votes, the decision, the appeals; and who has read a case."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from ..access import Reach
from ..db import Model, Scoped, UtcMoment, Versioned, enum_column, link
from ..members.models import Person
from ..org.models import Unit, unit_within
from ..rulebook.discipline import Content, Decider, Form, Part
from ..rulebook.discipline_time import Deferral, Result


class Source(StrEnum):
    """What a case came from."""

    INSPECTION = "inspection"
    SIGNS = "signs"
    DENUNCIATION = "denunciation"
    SELF_REPORT = "self_report"
    COURT = "court"
    OTHER = "other"


class CloseReason(StrEnum):
    """Why a case ended without discipline."""

    NO_VIOLATION = "no_violation"
    NOT_DUE = "not_due"
    LIMITATION = "limitation"
    EXEMPT = "exempt"
    LEFT = "left"


class DisciplineCase(Versioned, Scoped, Model):
    """A case on a member or on an organisation: never more than the procedure's facts, numbers and days.

    `unit_id` is the unit that deals with it, and so decides who sees it: a cell, or the commune's organisation. `home_id` is the
    member's cell when the case began, or the organisation itself. Whether a discipline has lapsed is computed, never kept.
    """

    __tablename__ = "discipline_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id")
    home_id: Mapped[int] = link("unit.id", index=False)
    member_id: Mapped[int | None] = link("person.id")
    organisation_id: Mapped[int | None] = link("unit.id")
    body: Mapped[Decider] = mapped_column(enum_column(Decider))
    source: Mapped[Source] = mapped_column(enum_column(Source))
    inspection_id: Mapped[int | None] = link("inspection.id")
    opened_on: Mapped[dt.date]
    paper: Mapped[str | None] = mapped_column(sa.String(120))  # number and day of the paper it came from; never its text
    is_superior_task: Mapped[bool]
    is_from_paper: Mapped[bool]  # decided before this register, or above it: entered from the decision
    heard_on: Mapped[dt.date | None]
    is_heard_in_absence: Mapped[bool]
    concluded_on: Mapped[dt.date | None]
    deferral: Mapped[Deferral | None] = mapped_column(enum_column(Deferral))
    deferred_on: Mapped[dt.date | None]
    deferred_until: Mapped[dt.date | None]
    form: Mapped[Form | None] = mapped_column(enum_column(Form))
    position_id: Mapped[int | None] = link("position.id", index=False)
    issuer: Mapped[str | None] = mapped_column(sa.String(160))
    number: Mapped[str | None] = mapped_column(sa.String(40))
    signed_on: Mapped[dt.date | None]
    published_on: Mapped[dt.date | None]
    delivered_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    closed_because: Mapped[CloseReason | None] = mapped_column(enum_column(CloseReason))
    closing_note: Mapped[str | None] = mapped_column(sa.String(200))

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")
    home: Mapped[Unit] = relationship(foreign_keys=[home_id], lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(foreign_keys=[member_id], lazy="raise_on_sql")

    __table_args__ = (
        sa.CheckConstraint("(member_id IS NULL) <> (organisation_id IS NULL)", name="one_subject"),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_because IS NULL)", name="closed_with_reason"),
        sa.CheckConstraint("(signed_on IS NULL) = (form IS NULL)", name="signed_with_form"),
        sa.CheckConstraint("published_on IS NULL OR signed_on IS NOT NULL", name="published_when_signed"),
        sa.CheckConstraint("published_on IS NULL OR body = 'cell' OR published_on >= signed_on", name="published_after_signing"),
        sa.CheckConstraint("delivered_on IS NULL OR delivered_on >= signed_on", name="delivered_after_signing"),
        sa.CheckConstraint(
            "closed_on IS NULL OR signed_on IS NULL OR (closed_because = 'left' AND published_on IS NULL)", name="closed_or_signed"
        ),
    )

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided, and the case goes on."""
        return self.signed_on is None and self.closed_on is None

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A case belongs to the unit that deals with it and to the commune, and not to what stands between them; to the person
        concerned no more than the decision that was published."""
        top, place = aliased(Unit), aliased(Unit)
        commune = sa.exists(sa.select(1).where(top.parent_id.is_(None), unit_within(top.id, reach)))
        dealing = cls.unit_id.in_(sa.select(place.id).where(place.path.in_(reach.paths)))
        own = [sa.and_(cls.member_id == reach.member_id, cls.published_on.is_not(None))] if reach.member_id is not None else []
        return sa.or_(commune, dealing, *own)


class _OfCase(Scoped):
    """A row of a case, which belongs to whom the case belongs, but never to the person concerned."""

    case_id: Mapped[int]

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As the case's own row, without the person concerned."""
        mine = DisciplineCase.within(Reach(reach.paths))
        return sa.exists(sa.select(1).where(DisciplineCase.id == cls.case_id, mine).correlate_except(DisciplineCase))


class DisciplineAct(_OfCase, Model):
    """One violation: its day and what was violated."""

    __tablename__ = "discipline_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = link("discipline_case.id")
    acted_on: Mapped[dt.date]
    content: Mapped[Content] = mapped_column(enum_column(Content))

    __table_args__ = (sa.UniqueConstraint("case_id", "acted_on", "content"),)


class DisciplineVote(_OfCase, Model):
    """A vote on the form, in numbers only: nobody's own vote is on record."""

    __tablename__ = "discipline_vote"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = link("discipline_case.id")
    body: Mapped[Decider] = mapped_column(enum_column(Decider))
    part: Mapped[Part] = mapped_column(enum_column(Part))
    form: Mapped[Form] = mapped_column(enum_column(Form))
    held_on: Mapped[dt.date]
    members: Mapped[int]
    not_counted: Mapped[int]
    present: Mapped[int]
    in_favour: Mapped[int]
    against: Mapped[int]
    blank: Mapped[int]


class DisciplineAppeal(_OfCase, Model):
    """An appeal of the person or the organisation concerned, and what it came to."""

    __tablename__ = "discipline_appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = link("discipline_case.id")
    lodged_on: Mapped[dt.date]
    result: Mapped[Result | None] = mapped_column(enum_column(Result))
    form: Mapped[Form | None] = mapped_column(enum_column(Form))
    number: Mapped[str | None] = mapped_column(sa.String(40))
    published_on: Mapped[dt.date | None]

    __table_args__ = (
        sa.CheckConstraint("(result IS NULL) = (published_on IS NULL)", name="settled_on_a_day"),
        sa.CheckConstraint("form IS NULL OR result = 'changed'", name="form_only_when_changed"),
        sa.CheckConstraint("published_on IS NULL OR published_on >= lodged_on", name="settled_after_lodging"),
        sa.Index("uq_discipline_appeal_open", "case_id", unique=True,
                 sqlite_where=sa.text("result IS NULL"), postgresql_where=sa.text("result IS NULL")),
    )  # fmt: skip


class DisciplineReading(_OfCase, Model):
    """Somebody opened the page of a case."""

    __tablename__ = "discipline_reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = link("discipline_case.id")
    user_id: Mapped[int | None]
    reader: Mapped[str] = mapped_column(sa.String(120))
    read_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
