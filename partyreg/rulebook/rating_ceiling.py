"""The ceiling of 'excellent': how many of a pool, the band that a target's floor leaves, and what is passed. Only warns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.rating_terms import Base, CeilingUnit, Rounding, SubjectKind
from partyreg.rulebook.timeline import Citation

_KEYS: Mapping[SubjectKind, str] = {
    SubjectKind.MEMBER: "rating.ceiling",
    SubjectKind.ORGANISATION: "rating.ceiling_organisations",
    SubjectKind.OFFICIAL: "rating.civil_servant_ceiling",
}


@dataclass(frozen=True, slots=True)
class Pool:
    """One group that the ceiling applies to, in persons or organisations."""

    rated: int
    good_or_better: int
    excellent: int = 0


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How many may be excellent, counted how. `pct` is percent; `cite` the provision or document that orders it."""

    most: int
    pct: int
    base: Base
    unit: CeilingUnit
    rounding: Rounding
    cite: Citation


@dataclass(frozen=True, slots=True)
class CeilingRule:
    """How a ceiling is counted, in percent, and where that stands; `exception_pct` is for outstanding organisations."""

    pct: int
    base: Base
    unit: CeilingUnit
    rounding: Rounding
    cite: Citation
    exception_pct: int | None = None

    def counts_like(self, other: CeilingRule) -> bool:
        """Answer whether both give the same numbers, whatever they cite."""
        return self._counting == other._counting

    @property
    def _counting(self) -> tuple[object, ...]:
        return self.pct, self.base, self.unit, self.rounding, self.exception_pct


@dataclass(frozen=True, slots=True)
class Feasible:
    """The band between the floor that a target asks and the ceiling; empty when `least` > `most`."""

    least: int
    most: int

    @property
    def collides(self) -> bool:
        """Answer whether no number satisfies both."""
        return self.least > self.most


@dataclass(frozen=True, slots=True)
class FloorBand:
    """The numbers of excellent that keep both a target's floor and the ceiling; `finding` says them, or that there are none."""

    least: int
    most: int
    finding: Finding

    @property
    def is_empty(self) -> bool:
        """Answer whether no number satisfies both."""
        return self.least > self.most


def ceiling_key(kind: SubjectKind) -> str:
    """Answer the law's key of the ceiling for a kind of subject."""
    return _KEYS[kind]


def ceiling_rule(day: date, book: Rulebook = LAW, key: str = "rating.ceiling") -> CeilingRule:
    """Answer the parameters of the ceiling on `day`, the campaign's reference day; raise `NotInForce` if none."""
    found = book.on(key, day)
    value = found.required
    return CeilingRule(
        value["pct"],
        Base[value["base"]],
        CeilingUnit[value["unit"]],
        Rounding[value["rounding"]],
        found.citation,
        value.get("exception_pct"),
    )


def ceiling(pool: Pool, rule: CeilingRule, exceptional: bool = False) -> Ceiling:
    """Answer how many of the pool may be excellent (CAP-01 to CAP-06). `rule` carries its own day and source.

    GOOD_ONLY is a share of those rated exactly good, so each excellent one shrinks the base: at most n with
    n <= pct (pool - n). `exceptional` takes the rule's exception, where it has one. Never more than are good or better.
    Raise ValueError when more are good than rated.
    """
    if not 0 <= pool.good_or_better <= pool.rated:
        raise ValueError("those rated good or better must be between 0 and those rated")
    pct = rule.exception_pct if exceptional and rule.exception_pct is not None else rule.pct
    part = Fraction(pct, 100)
    if rule.base is Base.ALL_RATED:
        exact = part * pool.rated
    elif rule.base is Base.GOOD_OR_BETTER:
        exact = part * pool.good_or_better
    else:
        exact = part * pool.good_or_better / (1 + part)
    # Who is excellent is good or better, so a share of all rated, or one rounded up, can promise more places than there are people.
    most = min(_rounded(exact, rule.rounding), pool.good_or_better)
    return Ceiling(most, pct, rule.base, rule.unit, rule.rounding, rule.cite)


def feasible(pool: Pool, floor_percent: int | Decimal, rule: CeilingRule, exceptional: bool = False) -> Feasible:
    """Answer the numbers of excellent that satisfy both a target's floor (percent of those rated) and the ceiling."""
    return Feasible(ceil(Fraction(floor_percent) * pool.rated / 100), ceiling(pool, rule, exceptional).most)


def band_of(pool: Pool, floor_percent: int | Decimal, rule: CeilingRule, exceptional: bool = False) -> FloorBand:
    """Answer the band between a target's floor (percent of those rated, from the caller) and the ceiling, in words.

    An empty band warns and never refuses. Raise ValueError for a floor outside 0 to 100 or an impossible pool.
    """
    if not 0 <= floor_percent <= 100:
        raise ValueError("a floor is between 0 and 100 percent")
    both = feasible(pool, floor_percent, rule, exceptional)
    least, most = both.least, both.most
    shown: dict[str, object] = {"least": least, "most": most}
    if both.collides:
        text = msg(
            "Chỉ tiêu cần ít nhất %(least)s hoàn thành xuất sắc nhưng giới hạn chỉ cho nhiều nhất %(most)s. Không số "
            "nào đạt cả hai; báo cáo cấp ủy."
        )
        return FloorBand(least, most, judged("rating.collision", "level", Severity.WARN, text, rule.cite, **shown))
    text = msg("Đạt cả chỉ tiêu và giới hạn khi có từ %(least)s đến %(most)s trường hợp hoàn thành xuất sắc.")
    return FloorBand(least, most, judged("rating.collision", "level", Severity.OK, text, rule.cite, **shown))


def ceiling_findings(pool: Pool, rule: CeilingRule, floor_percent: int | Decimal | None = None, exceptional: bool = False) -> list[Finding]:
    """Answer warnings where the proposals pass the ceiling or no number can keep both rules; never refuses."""
    found = ceiling(pool, rule, exceptional)
    most = found.most
    shown: dict[str, object] = {"excellent": pool.excellent, "most": most, "pct": found.pct}
    if pool.excellent > most:
        text = msg(
            "Đề xuất %(excellent)s trường hợp hoàn thành xuất sắc, vượt giới hạn %(pct)s %% (nhiều nhất %(most)s). "
            "Hội nghị xem xét, quyết định."
        )
        findings = [judged("rating.ceiling", "level", Severity.WARN, text, rule.cite, **shown)]
    else:
        text = msg("Trong giới hạn: %(excellent)s trên nhiều nhất %(most)s hoàn thành xuất sắc.")
        findings = [judged("rating.ceiling", "level", Severity.OK, text, rule.cite, **shown)]
    if floor_percent is not None and (both := band_of(pool, floor_percent, rule, exceptional)).is_empty:
        findings.append(both.finding)
    return findings


def _rounded(exact: Fraction, rounding: Rounding) -> int:
    if rounding is Rounding.FLOOR:
        return floor(exact)
    if rounding is Rounding.CEILING:
        return ceil(exact)
    return floor(exact + Fraction(1, 2))
