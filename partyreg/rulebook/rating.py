"""Yearly ratings (xếp loại chất lượng): who is not rated, the band of a score, the ceiling of the best. Only warns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.timeline import Citation


class Level(StrEnum):
    """The four levels, best first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    DONE = "done"
    NOT_DONE = "not_done"


class NotRated(StrEnum):
    """Why a member is not rated (không xếp loại)."""

    EXEMPT = "exempt"
    SUSPENDED = "suspended"
    NEW = "new"


class Base(StrEnum):
    """Of whom the ceiling is a share."""

    GOOD_ONLY = "good_only"
    GOOD_OR_BETTER = "good_or_better"
    ALL_RATED = "all_rated"


class Rounding(StrEnum):
    """How a ceiling that is no whole number is read."""

    FLOOR = "floor"
    NEAREST = "nearest"
    CEILING = "ceiling"


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
class Pool:
    """One group that the ceiling applies to, in persons or organisations."""

    rated: int
    good_or_better: int
    excellent: int = 0


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How many may be excellent, counted how. `pct` is percent; `order` the document that orders it."""

    most: int
    pct: int
    base: Base
    unit: str
    rounding: Rounding
    cite: Citation


@dataclass(frozen=True, slots=True)
class CeilingRule:
    """Parameters of a ceiling set for one campaign, with the document that orders it."""

    pct: int
    base: Base
    unit: str
    rounding: Rounding
    cite: Citation


@dataclass(frozen=True, slots=True)
class Feasible:
    """The band between the floor that a target asks and the ceiling; empty when `least` > `most`."""

    least: int
    most: int

    @property
    def collides(self) -> bool:
        """Answer whether no number satisfies both."""
        return self.least > self.most


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


def ceiling_rule(day: date, book: Rulebook = LAW, key: str = "rating.ceiling") -> CeilingRule:
    """Answer the parameters of the ceiling on `day`, the campaign's reference day; raise `NotInForce` if none."""
    found = book.on(key, day)
    value = found.required
    return CeilingRule(value["pct"], Base[value["base"]], value["unit"], Rounding[value["rounding"]], found.citation)


def ceiling(pool: Pool, rule: CeilingRule) -> Ceiling:
    """Answer how many of the pool may be excellent (CAP-01 to CAP-06). `rule` carries its own day and source.

    GOOD_ONLY is a share of those rated exactly good, so each excellent one shrinks the base: at most n with
    n <= pct (pool - n). Raise ValueError when more are good than rated.
    """
    if not 0 <= pool.good_or_better <= pool.rated:
        raise ValueError("those rated good or better must be between 0 and those rated")
    part = Fraction(rule.pct, 100)
    if rule.base is Base.ALL_RATED:
        exact = part * pool.rated
    elif rule.base is Base.GOOD_OR_BETTER:
        exact = part * pool.good_or_better
    else:
        exact = part * pool.good_or_better / (1 + part)
    return Ceiling(_rounded(exact, rule.rounding), rule.pct, rule.base, rule.unit, rule.rounding, rule.cite)


def feasible(pool: Pool, floor_percent: int, rule: CeilingRule) -> Feasible:
    """Answer the numbers of excellent that satisfy both a target's floor (percent of those rated) and the ceiling."""
    return Feasible(ceil(Fraction(floor_percent * pool.rated, 100)), ceiling(pool, rule).most)


def ceiling_findings(pool: Pool, rule: CeilingRule, floor_percent: int | None = None) -> list[Finding]:
    """Answer warnings where the proposals pass the ceiling or no number can keep both rules; never refuses."""
    most = ceiling(pool, rule).most
    shown: dict[str, object] = {"excellent": pool.excellent, "most": most, "pct": rule.pct}
    if pool.excellent > most:
        text = msg(
            "Đề xuất %(excellent)s trường hợp hoàn thành xuất sắc, vượt giới hạn %(pct)s %% (nhiều nhất %(most)s). "
            "Hội nghị xem xét, quyết định."
        )
        findings = [judged("rating.ceiling", "level", Severity.WARN, text, rule.cite, **shown)]
    else:
        text = msg("Trong giới hạn: %(excellent)s trên nhiều nhất %(most)s hoàn thành xuất sắc.")
        findings = [judged("rating.ceiling", "level", Severity.OK, text, rule.cite, **shown)]
    if floor_percent is not None and (both := feasible(pool, floor_percent, rule)).collides:
        text = msg(
            "Chỉ tiêu cần ít nhất %(least)s hoàn thành xuất sắc nhưng giới hạn chỉ cho nhiều nhất %(most)s. Không số "
            "nào đạt cả hai; báo cáo cấp ủy."
        )
        findings.append(judged("rating.collision", "level", Severity.WARN, text, rule.cite, least=both.least, most=both.most))
    return findings


def band(score: float, day: date, book: Rulebook = LAW) -> str:
    """Answer the level's name (EXCELLENT, GOOD, DONE, NOT_DONE) of a score of 0 to 100 points (RAT-07).

    Governing day: the campaign's reference day. It proposes; the score never fixes the level. Raise `NotInForce`
    before 366-QĐ/TW, which brought points; ValueError outside 0 to 100.
    """
    if not 0 <= score <= 100:
        raise ValueError("a score is between 0 and 100")
    bands: dict[str, int] = dict(book.on("rating.bands", day).required)
    return max((name for name, least in bands.items() if score >= least), key=bands.__getitem__)


def _rounded(exact: Fraction, rounding: Rounding) -> int:
    if rounding is Rounding.FLOOR:
        return floor(exact)
    if rounding is Rounding.CEILING:
        return ceil(exact)
    return floor(exact + Fraction(1, 2))
