"""The campaign of a year: its parameters, a line for every subject, the moves of the sheets, the frozen state and its amendments."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Scoped, UtcMoment, Versioned, enum_column, link
from ..org.models import Unit, unit_within
from ..rulebook.rating import Level, LevelVote, Parameters, RatingStep, SubjectKind
from .models import NotRated


class RatingCampaign(Versioned, Model):
    """How a year is rated: the document that orders it, the parameters as they were on the day, the roll; until it is closed."""

    __tablename__ = "rating_campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(sa.ForeignKey("rating_year.year"), unique=True)
    roll_on: Mapped[dt.date]
    parameters: Mapped[str] = mapped_column(sa.Text)  # JSON of rulebook Parameters
    opened_on: Mapped[dt.date]
    opened_by: Mapped[str] = mapped_column(sa.String(120))
    closed_on: Mapped[dt.date | None]

    __table_args__ = (sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_opened"),)

    @property
    def terms(self) -> Parameters:
        """What the campaign counts by, as it was ordered."""
        return Parameters.from_data(json.loads(self.parameters))

    @property
    def is_open(self) -> bool:
        """Whether sheets may still change."""
        return self.closed_on is None


class RatingLine(Versioned, Scoped, Model):
    """One subject of a campaign, a member or a cell, and what each level said of it, each with its author.

    `unit_id` is the cell that rates, and the subject itself where there is no member; `name` is the subject's as the roll was frozen.
    """

    __tablename__ = "rating_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = link("rating_campaign.id", index=False)
    kind: Mapped[SubjectKind] = mapped_column(enum_column(SubjectKind))
    unit_id: Mapped[int] = link("unit.id")
    member_id: Mapped[int | None] = link("member.id")
    name: Mapped[str] = mapped_column(sa.String(160))
    step: Mapped[RatingStep] = mapped_column(enum_column(RatingStep))
    not_rated: Mapped[NotRated | None] = mapped_column(enum_column(NotRated))
    law_reason: Mapped[NotRated | None] = mapped_column(enum_column(NotRated, "law_reason"))  # what the law proposed on the roll's day

    self_level: Mapped[Level | None] = mapped_column(enum_column(Level, "self_level"))
    score: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    voted_on: Mapped[dt.date | None]
    full_members: Mapped[int | None]
    not_counted: Mapped[int | None]
    present: Mapped[int | None]
    votes_excellent: Mapped[int | None]
    votes_good: Mapped[int | None]
    votes_done: Mapped[int | None]
    votes_not_done: Mapped[int | None]
    blank: Mapped[int | None]
    proposed: Mapped[Level | None] = mapped_column(enum_column(Level, "proposed_level"))
    proposed_why: Mapped[str | None] = mapped_column(sa.String(300))
    proposed_paper: Mapped[str | None] = mapped_column(sa.String(80))
    proposed_by: Mapped[str | None] = mapped_column(sa.String(120))
    checked_on: Mapped[dt.date | None]
    checked_by: Mapped[str | None] = mapped_column(sa.String(120))
    checked_note: Mapped[str | None] = mapped_column(sa.String(300))
    decided: Mapped[Level | None] = mapped_column(enum_column(Level, "decided_level"))
    decided_on: Mapped[dt.date | None]
    decided_paper: Mapped[str | None] = mapped_column(sa.String(80))
    decided_why: Mapped[str | None] = mapped_column(sa.String(300))
    decided_by: Mapped[str | None] = mapped_column(sa.String(120))

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "member_id"),
        sa.CheckConstraint("(member_id IS NOT NULL) = (kind = 'member')", name="member_of_members"),
        sa.CheckConstraint("kind <> 'official'", name="members_and_cells"),
        sa.CheckConstraint("decided IS NULL OR not_rated IS NULL", name="level_or_reason"),
        sa.CheckConstraint("(step = 'decided') = (decided_on IS NOT NULL)", name="decided_on_a_day"),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name="score_of_a_hundred"),
        sa.Index(
            "uq_rating_line_cell", "campaign_id", "unit_id", unique=True,
            sqlite_where=sa.text("member_id IS NULL"), postgresql_where=sa.text("member_id IS NULL"),
        ),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A line belongs to the cell that rates."""
        return unit_within(cls.unit_id, reach)

    @property
    def vote(self) -> LevelVote | None:
        """The vote on the line, as it was counted; None while none is on record."""
        if self.full_members is None:
            return None
        counts = (self.votes_excellent, self.votes_good, self.votes_done, self.votes_not_done)
        votes = {level: count or 0 for level, count in zip(Level, counts, strict=True)}
        return LevelVote(self.full_members, self.not_counted or 0, self.present or 0, votes, self.blank or 0)

    @property
    def level(self) -> Level | None:
        """The level that stands now: the decided one, or what was proposed."""
        return None if self.not_rated else self.decided or self.proposed


class RatingMove(Scoped, Model):
    """A cell's sheet went from one step to another: when, by whom, and why where it came back."""

    __tablename__ = "rating_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = link("rating_campaign.id")
    unit_id: Mapped[int] = link("unit.id")
    from_step: Mapped[RatingStep] = mapped_column(enum_column(RatingStep, "from_step"))
    to_step: Mapped[RatingStep] = mapped_column(enum_column(RatingStep, "to_step"))
    moved_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    user_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(sa.String(120))
    reason: Mapped[str | None] = mapped_column(sa.String(300))

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A move belongs to the cell whose sheet it is."""
        return unit_within(cls.unit_id, reach)


class RatingFreeze(Model):
    """The state of a campaign when it was closed: results, bases, parameters and people as they were, and the hash of that text."""

    __tablename__ = "rating_freeze"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_campaign.id"), unique=True)
    frozen_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    frozen_by: Mapped[str] = mapped_column(sa.String(120))
    content: Mapped[str] = mapped_column(sa.Text, info={"audit": False})  # its hash is in the audit
    sha256: Mapped[str] = mapped_column(sa.String(64))


class RatingAmendment(Scoped, Model):
    """After the close a decision changed one level: from what to what, from which day, by which paper and why."""

    __tablename__ = "rating_amendment"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = link("rating_line.id")
    unit_id: Mapped[int] = link("unit.id")
    from_level: Mapped[Level | None] = mapped_column(enum_column(Level, "from_level"))
    to_level: Mapped[Level] = mapped_column(enum_column(Level, "to_level"))
    amended_on: Mapped[dt.date]
    paper: Mapped[str] = mapped_column(sa.String(80))
    reason: Mapped[str] = mapped_column(sa.String(300))
    entered_by: Mapped[str] = mapped_column(sa.String(120))

    line: Mapped[RatingLine] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (sa.CheckConstraint("from_level IS NULL OR from_level <> to_level", name="changes_the_level"),)

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """An amendment belongs to the cell that rated."""
        return unit_within(cls.unit_id, reach)
