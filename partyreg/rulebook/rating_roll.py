"""Who is not rated, or not here, and why (EXM-01 to EXM-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.timeline import Citation


class NotRated(StrEnum):
    """Why a member is not rated (không xếp loại)."""

    EXEMPT = "exempt"
    SUSPENDED = "suspended"
    NEW = "new"


class Elsewhere(StrEnum):
    """Why a cell does not rate somebody whom it knows: another one does, or nobody."""

    GUEST = "guest"
    MOVED_OUT = "moved_out"
    NOT_YET = "not_yet"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class RatedFacts:
    """What decides whether a member is rated. `admitted_on` is the admission decision's date."""

    admitted_on: date | None = None
    is_exempt: bool = False
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class NotRatedReason:
    """A reason with its source; unverified sources are to be confirmed by the office."""

    reason: NotRated
    cite: Citation


@dataclass(frozen=True, slots=True)
class RollFacts:
    """One member's stay in one cell: the days she came and left it, whether it is temporary, and whether she left the Party."""

    came_on: date | None = None
    left_on: date | None = None
    is_guest: bool = False
    left_party: bool = False


@dataclass(frozen=True, slots=True)
class ElsewhereReason:
    """Why she is not rated in this cell, with the source."""

    reason: Elsewhere
    cite: Citation


def not_rated_reason(facts: RatedFacts, day: date, book: Rulebook = LAW) -> NotRatedReason | None:
    """Answer why a member is not rated, or None. `day`, the campaign's reference day, governs (EXM-01 to EXM-03)."""
    rule = book.find("rating.not_rated", day)
    if rule is None:
        return None
    if facts.is_exempt and "EXEMPT" in rule.required:
        return NotRatedReason(NotRated.EXEMPT, rule.citation)
    if facts.is_suspended and "SUSPENDED" in rule.required:
        return NotRatedReason(NotRated.SUSPENDED, rule.citation)
    if facts.admitted_on is not None and "NEW" in rule.required:
        months = book.on("rating.new_member_months", day)
        if add_months(facts.admitted_on, months.required) > day:
            return NotRatedReason(NotRated.NEW, months.citation)
    return None


def rated_elsewhere(facts: RollFacts, day: date, book: Rulebook = LAW) -> ElsewhereReason | None:
    """Answer why this cell does not rate her, or None when it does. `day`, the campaign's reference day, governs (EXM-05, PRO-02).

    Who moved in by that day is rated here for the whole year; who moved out by it is rated where she went. Unverified.
    """
    rule = book.find("rating.rated_elsewhere", day)
    if rule is None:
        return None
    gone = facts.left_on is not None and facts.left_on <= day
    checks = (
        (Elsewhere.LEFT, gone and facts.left_party),
        (Elsewhere.MOVED_OUT, gone),
        (Elsewhere.NOT_YET, facts.came_on is not None and facts.came_on > day),
        (Elsewhere.GUEST, facts.is_guest),
    )
    for reason, holds in checks:
        if holds and reason.name in rule.required:
            return ElsewhereReason(reason, rule.citation)
    return None
