"""Yearly ratings (xếp loại chất lượng), rule by rule in `rating_*`; what others ask for stands here. Only warns."""

from __future__ import annotations

from datetime import date

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.rating_campaign import Bands, Parameters, bands_on, parameter_findings, proposed
from partyreg.rulebook.rating_ceiling import (
    Ceiling,
    CeilingRule,
    Feasible,
    FloorBand,
    Pool,
    band_of,
    ceiling,
    ceiling_findings,
    ceiling_key,
    ceiling_rule,
    feasible,
)
from partyreg.rulebook.rating_person import SubjectFacts, needs_reason, reason_findings, subject_findings
from partyreg.rulebook.rating_reading import (
    Placed,
    PoolCeiling,
    Read,
    Reading,
    pool_key,
    pools,
    readings,
    under,
    under_each_reading,
)
from partyreg.rulebook.rating_roll import (
    Elsewhere,
    ElsewhereReason,
    NotRated,
    NotRatedReason,
    RatedFacts,
    RollFacts,
    not_rated_reason,
    rated_elsewhere,
)
from partyreg.rulebook.rating_standing import Candidate, Standing, standing, standing_findings
from partyreg.rulebook.rating_steps import (
    Deadline,
    RatingBody,
    RatingStep,
    StepFacts,
    StepLaw,
    close_by,
    decided_by,
    form_code,
    is_quarterly,
    may_move,
    next_step,
    quarter_steps,
    quarterly_citation,
    steps,
)
from partyreg.rulebook.rating_terms import GOOD_OR_BETTER, Base, CeilingUnit, Frame, Level, Rounding, SubjectKind
from partyreg.rulebook.rating_vote import LevelVote, level_vote_findings, votes_for_level

__all__ = [
    "GOOD_OR_BETTER",
    "Bands",
    "Base",
    "Candidate",
    "Ceiling",
    "CeilingRule",
    "CeilingUnit",
    "Deadline",
    "Elsewhere",
    "ElsewhereReason",
    "Feasible",
    "FloorBand",
    "Frame",
    "Level",
    "LevelVote",
    "NotRated",
    "NotRatedReason",
    "Parameters",
    "Placed",
    "Pool",
    "PoolCeiling",
    "RatedFacts",
    "RatingBody",
    "RatingStep",
    "Read",
    "Reading",
    "RollFacts",
    "Rounding",
    "Standing",
    "StepFacts",
    "StepLaw",
    "SubjectFacts",
    "SubjectKind",
    "band",
    "band_of",
    "bands_on",
    "ceiling",
    "ceiling_findings",
    "ceiling_key",
    "ceiling_rule",
    "close_by",
    "decided_by",
    "feasible",
    "form_code",
    "is_quarterly",
    "level_vote_findings",
    "may_move",
    "needs_reason",
    "next_step",
    "not_rated_reason",
    "parameter_findings",
    "pool_key",
    "pools",
    "proposed",
    "quarter_steps",
    "quarterly_citation",
    "rated_elsewhere",
    "readings",
    "reason_findings",
    "standing",
    "standing_findings",
    "steps",
    "subject_findings",
    "under",
    "under_each_reading",
    "votes_for_level",
]


def band(score: float, day: date, book: Rulebook = LAW) -> str:
    """Answer the level's name (EXCELLENT, GOOD, DONE, NOT_DONE) of a score of 0 to 100 points (RAT-07).

    Governing day: the campaign's reference day. It proposes; the score never fixes the level. Raise `NotInForce`
    before 366-QĐ/TW, which brought points; ValueError outside 0 to 100.
    """
    return bands_on(day, book).level(score).name
