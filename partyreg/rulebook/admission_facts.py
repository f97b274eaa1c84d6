"""The facts of one admission, and the steps that its file may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from partyreg.rulebook.voting import VoteFacts


class Step(StrEnum):
    """Where the file of an admission stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


NEXT: Mapping[Step, frozenset[Step]] = MappingProxyType(
    {
        Step.DRAFT: frozenset({Step.SUBMITTED, Step.WITHDRAWN}),
        Step.SUBMITTED: frozenset({Step.RETURNED, Step.APPROVED, Step.WITHDRAWN}),
        Step.RETURNED: frozenset({Step.SUBMITTED, Step.WITHDRAWN}),
        Step.APPROVED: frozenset(),
        Step.WITHDRAWN: frozenset(),
    }
)


def may_move(frm: Step, to: Step) -> bool:
    """Answer whether a file at `frm` may be moved to `to`."""
    return to in NEXT[frm]


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
class AdmissionFacts:
    """What the register knows of one admission; None = not known or not yet happened."""

    born_on: date | None = None
    considered_on: date | None = None
    schooling: Schooling | None = None
    in_hard_area: bool = False
    is_prestigious_elder: bool = False
    applied_on: date | None = None
    certificate_on: date | None = None
    introducers: tuple[IntroducerFacts, ...] = ()
    background_asked_on: date | None = None
    background_concluded_on: date | None = None
    background_abroad: bool = False
    vote: VoteFacts | None = None
    dossier_opened_on: date | None = None
    decided_on: date | None = None
    decision_received_on: date | None = None
    ceremony_on: date | None = None
    is_readmission: bool = False
    left_on: date | None = None
    readmission_consent: bool = False
    times_readmitted: int = 0
    consent_over_60: bool = False
    days_off: frozenset[date] = field(default_factory=frozenset)
