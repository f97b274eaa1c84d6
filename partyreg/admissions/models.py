"""The admission file from the cell's list to the card: its facts, votes, reviews, introducers, papers, and the log of its steps."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..clock import OFFICE_ZONE
from ..db import Model, Scoped, UtcMoment, Versioned, enum_column, link
from ..documents.models import Document
from ..members.models import Person
from ..org.models import Unit
from ..rulebook.admission import OPEN, Purpose, Step, VoteForm, VotingBody

#: The steps of files under way, as SQL; a person has one such file at most.
_UNDER_WAY = sa.text("step IN ({})".format(", ".join(f"'{step.value}'" for step in OPEN)))


class IntroducerKind(StrEnum):
    """Who introduces: a full member, or a union by resolution."""

    MEMBER = "member"
    YOUTH_UNION = "youth_union"
    TRADE_UNION = "trade_union"


class Admission(Versioned, Scoped, Model):
    """One candidate's file. Dates, numbers and papers only: no content of the background check or of an opinion is kept.

    `unit_id` is the cell that admits; the person's own unit says where the file is kept now (`file_queries.cell`).
    `started_on` is the day on which the way began, and `instrument` the regulation that governed then; both never change.
    `opened_on` is the day on which the dossier was set up, from which its validity runs.
    """

    __tablename__ = "admission"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = link("person.id")
    unit_id: Mapped[int] = link("unit.id")
    step: Mapped[Step] = mapped_column(enum_column(Step), index=True)
    started_on: Mapped[dt.date]
    instrument: Mapped[str] = mapped_column(sa.String(80))
    is_readmission: Mapped[bool] = mapped_column(default=False)
    # the list (nguồn cảm tình Đảng)
    listed_on: Mapped[dt.date | None]
    listing_number: Mapped[str | None] = mapped_column(sa.String(40))
    helper_id: Mapped[int | None] = link("member.id")
    helper_on: Mapped[dt.date | None]
    certificate_on: Mapped[dt.date | None]
    certificate_number: Mapped[str | None] = mapped_column(sa.String(40))
    asked_on: Mapped[dt.date | None]  # the cell's resolution that proposes to start
    asked_number: Mapped[str | None] = mapped_column(sa.String(40))
    permitted_on: Mapped[dt.date | None]
    permit_number: Mapped[str | None] = mapped_column(sa.String(40))
    # the dossier
    opened_on: Mapped[dt.date | None]
    applied_on: Mapped[dt.date | None]
    cv_on: Mapped[dt.date | None]
    check_asked_on: Mapped[dt.date | None]
    check_concluded_on: Mapped[dt.date | None]
    check_paper: Mapped[str | None] = mapped_column(sa.String(80))
    check_abroad: Mapped[bool] = mapped_column(default=False)
    unions_opinion_on: Mapped[dt.date | None]
    residence_opinion_on: Mapped[dt.date | None]
    in_hard_area: Mapped[bool] = mapped_column(default=False)
    is_elder: Mapped[bool] = mapped_column(default=False)
    consent_paper: Mapped[str | None] = mapped_column(sa.String(80))  # the written consent to one over the age
    readmission_paper: Mapped[str | None] = mapped_column(sa.String(80))  # the written consent to one who left
    # the way up, the decision, the ceremony
    submitted_on: Mapped[dt.date | None]
    passed_on: Mapped[dt.date | None]
    decided_on: Mapped[dt.date | None]
    decision_number: Mapped[str | None] = mapped_column(sa.String(40))
    decision_year: Mapped[int | None]  # of `decided_on`: a number is given once a year
    signer: Mapped[str | None] = mapped_column(sa.String(120))
    received_on: Mapped[dt.date | None]
    ceremony_on: Mapped[dt.date | None]
    late_paper: Mapped[str | None] = mapped_column(sa.String(80))  # the consent to a ceremony after its term
    # full membership
    new_class_on: Mapped[dt.date | None]
    new_class_number: Mapped[str | None] = mapped_column(sa.String(40))
    self_review_on: Mapped[dt.date | None]
    remark_on: Mapped[dt.date | None]
    full_opinions_on: Mapped[dt.date | None]
    proposed_on: Mapped[dt.date | None]
    full_passed_on: Mapped[dt.date | None]
    ruled_on: Mapped[dt.date | None]
    ruling_number: Mapped[str | None] = mapped_column(sa.String(40))
    ruling_year: Mapped[int | None]
    ruling_signer: Mapped[str | None] = mapped_column(sa.String(120))
    # moving away
    moved_on: Mapped[dt.date | None]
    moved_paper: Mapped[str | None] = mapped_column(sa.String(80))

    person: Mapped[Person] = relationship(lazy="raise_on_sql", innerjoin=True)
    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (
        sa.UniqueConstraint("decision_year", "decision_number"),
        sa.UniqueConstraint("ruling_year", "ruling_number"),
        sa.Index("uq_admission_open", "person_id", unique=True, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
    )

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A file belongs to whom its person belongs: to her cell, also after she moved, since the dossier goes along."""
        if "/" in reach.paths:
            return sa.true()
        return sa.exists(sa.select(1).where(Person.id == cls.person_id, Person.within(reach)).correlate_except(Person))


class _OfFile(Scoped):
    """A row of one file, which belongs to whom the file belongs."""

    admission_id: Mapped[int]

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """As the file."""
        inside = sa.select(1).where(Admission.id == cls.admission_id, Admission.within(reach))
        return sa.exists(inside.correlate_except(Admission))


class AdmissionVote(_OfFile, Model):
    """One vote on a file, as the minutes count it: a failed one stays on record beside the one that follows.

    `members` are the full members of the cell, or the members of the committee; `not_counted` those of them whom the rules
    leave out of the total; `present` only those who count.
    """

    __tablename__ = "admission_vote"

    id: Mapped[int] = mapped_column(primary_key=True)
    admission_id: Mapped[int] = link("admission.id")
    body: Mapped[VotingBody] = mapped_column(enum_column(VotingBody))
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    held_on: Mapped[dt.date]
    form: Mapped[VoteForm | None] = mapped_column(enum_column(VoteForm))
    members: Mapped[int]
    not_counted: Mapped[int] = mapped_column(default=0)
    present: Mapped[int]
    in_favour: Mapped[int]
    against: Mapped[int] = mapped_column(default=0)
    blank: Mapped[int] = mapped_column(default=0)
    number: Mapped[str | None] = mapped_column(sa.String(40))  # of the resolution, or of the minutes where it failed

    __table_args__ = (
        sa.CheckConstraint("members >= 0 AND not_counted >= 0 AND present >= 0", name="heads_not_negative"),
        sa.CheckConstraint("in_favour >= 0 AND against >= 0 AND blank >= 0", name="votes_not_negative"),
        sa.CheckConstraint("present + not_counted <= members", name="no_more_present_than_members"),
        sa.CheckConstraint("in_favour + against + blank <= present", name="no_more_votes_than_present"),
        sa.UniqueConstraint("admission_id", "body", "purpose", "held_on"),
    )


class AdmissionReview(_OfFile, Model):
    """The cell reviewed its list: this candidate stays on it, or is struck off."""

    __tablename__ = "admission_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    admission_id: Mapped[int] = link("admission.id")
    reviewed_on: Mapped[dt.date]
    is_kept: Mapped[bool]
    number: Mapped[str | None] = mapped_column(sa.String(40))

    __table_args__ = (sa.UniqueConstraint("admission_id", "reviewed_on"),)


class Introducer(_OfFile, Model):
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


class AdmissionMove(_OfFile, Model):
    """One step of a file: from where to where, by whom, when, why, and by which regulation in force that day."""

    __tablename__ = "admission_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    admission_id: Mapped[int] = link("admission.id")
    from_step: Mapped[Step | None] = mapped_column(enum_column(Step, "from_step"))
    to_step: Mapped[Step] = mapped_column(enum_column(Step, "to_step"))
    moved_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    user_id: Mapped[int | None] = mapped_column()
    actor: Mapped[str] = mapped_column(sa.String(120))
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    instrument: Mapped[str | None] = mapped_column(sa.String(80))

    @property
    def day(self) -> dt.date:
        """The office's day of the move."""
        return self.moved_at.astimezone(OFFICE_ZONE).date()


class AdmissionPaper(_OfFile, Model):
    """An issued document belongs to a file."""

    __tablename__ = "admission_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    admission_id: Mapped[int] = link("admission.id")
    document_id: Mapped[int] = link("document.id")

    document: Mapped[Document] = relationship(lazy="raise_on_sql", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("document_id"),)
