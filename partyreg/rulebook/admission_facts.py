"""The facts of one admission, as the rules read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from partyreg.rulebook.voting import VoteFacts


class Schooling(StrEnum):
    """General schooling completed (trình độ giáo dục phổ thông), lowest first."""

    NONE = "none"
    LITERATE = "literate"
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"

    def reaches(self, least: Schooling) -> bool:
        """Answer whether this level is at least `least`."""
        order = list(Schooling)
        return order.index(self) >= order.index(least)


class IntroducerKind(StrEnum):
    """Who introduces: a full member, or a resolution of the Youth Union or of the trade union."""

    MEMBER = "member"
    YOUTH_UNION = "youth_union"
    TRADE_UNION = "trade_union"


@dataclass(frozen=True, slots=True)
class IntroducerFacts:
    """One introducer; the dates and flags matter for members only. `is_replacement`: assigned later by the cell."""

    kind: IntroducerKind = IntroducerKind.MEMBER
    full_on: date | None = None
    together_since: date | None = None
    disciplined: bool = False
    is_full: bool = True
    is_replacement: bool = False


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote and its day; `number` is the resolution's, None where there is none."""

    held_on: date
    vote: VoteFacts
    number: str | None = None


@dataclass(frozen=True, slots=True)
class AdmissionFacts:
    """What the register knows of one admission; None = not known or not yet happened.

    `considered_on` and `vote` are the cell's last vote on admission; `recognition_votes` and `removal_votes` all votes of the
    cell on these, oldest first. `reviewed_on` is the last review of the list that kept the candidate.
    """

    born_on: date | None = None
    schooling: Schooling | None = None
    in_hard_area: bool = False
    is_prestigious_elder: bool = False
    # the list
    listed_on: date | None = None
    listing_number: str | None = None
    reviewed_on: date | None = None
    helper_on: date | None = None
    helper_is_full: bool = True
    certificate_on: date | None = None
    start_asked_on: date | None = None
    permitted_on: date | None = None
    # the dossier
    dossier_opened_on: date | None = None
    applied_on: date | None = None
    cv_on: date | None = None
    introducers: tuple[IntroducerFacts, ...] = ()
    background_asked_on: date | None = None
    background_concluded_on: date | None = None
    background_abroad: bool = False
    unions_opinion_on: date | None = None
    residence_opinion_on: date | None = None
    considered_on: date | None = None
    vote: VoteFacts | None = None
    consent_over_60: bool = False
    # the decision and the ceremony
    committee_ballot: Ballot | None = None
    standing_ballot: Ballot | None = None
    decided_on: date | None = None
    decision_received_on: date | None = None
    ceremony_on: date | None = None
    late_ceremony_consent: bool = False
    # readmission
    is_readmission: bool = False
    left_on: date | None = None
    left_by_request: bool = False
    readmission_consent: bool = False
    times_readmitted: int = 0
    # full membership
    new_class_on: date | None = None
    self_review_on: date | None = None
    remark_on: date | None = None
    full_opinions_on: date | None = None
    recognition_votes: tuple[Ballot, ...] = ()
    removal_votes: tuple[Ballot, ...] = ()
    ruling_ballot: Ballot | None = None
    ruled_on: date | None = None
    card_on: date | None = None
    # moving away
    moved_on: date | None = None
    days_off: frozenset[date] = field(default_factory=frozenset)
