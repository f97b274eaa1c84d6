"""Who would stay within the ceiling and who would drop out, by votes and score; ties are said, never broken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.rating_ceiling import CeilingRule


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed as excellent: votes for excellent out of those who count, and points. Raise ValueError for impossible votes."""

    ident: int
    in_favour: int
    base: int
    score: Decimal | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.in_favour <= self.base:
            raise ValueError("the votes in favour must be between 0 and those who count")

    @property
    def share(self) -> Fraction:
        """Answer the share of the votes in favour; 0 where nobody counts."""
        return Fraction(self.in_favour, self.base) if self.base else Fraction(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """Every candidate once, best first: `within` the ceiling, `tied` for its last `places`, or `out` of it."""

    within: tuple[Candidate, ...]
    tied: tuple[Candidate, ...]
    out: tuple[Candidate, ...]
    places: int = 0


def standing(candidates: Iterable[Candidate], most: int) -> Standing:
    """Answer who stays within `most`, by the share of votes and, where that is equal, by points (no points: last).

    Those equal in both at the edge are `tied` for the `places` that remain: a meeting chooses, not a program. No source sets
    this order; it only shows what the votes say. Raise ValueError for a negative number.
    """
    if most < 0:
        raise ValueError("a ceiling cannot be negative")
    within: list[Candidate] = []
    tied: tuple[Candidate, ...] = ()
    out: list[Candidate] = []
    places = 0
    for _rank, equal in groupby(sorted(candidates, key=_rank_of), _rank_of):
        group = tuple(equal)
        room = most - len(within) - places
        if len(group) <= room:
            within += group
        elif room > 0:
            tied, places = group, room
        else:
            out += group
    return Standing(tuple(within), tied, tuple(out), places)


def standing_findings(found: Standing, rule: CeilingRule) -> list[Finding]:
    """Answer a warning for those who would drop out and one for a tie at the edge; none while there is room for all."""
    findings = []
    if found.tied:
        text = msg(
            "%(tied)s trường hợp bằng phiếu, bằng điểm cho %(places)s chỗ còn lại trong giới hạn. Hội nghị xem xét, quyết định; "
            "chương trình không chọn."
        )
        findings.append(judged("rating.tie", "level", Severity.WARN, text, rule.cite, tied=len(found.tied), places=found.places))
    if found.out:
        text = msg("%(out)s trường hợp ít phiếu hơn ở ngoài giới hạn hoàn thành xuất sắc. Hội nghị xem xét, quyết định.")
        findings.append(judged("rating.out", "level", Severity.WARN, text, rule.cite, out=len(found.out)))
    return findings


def _rank_of(one: Candidate) -> tuple[Fraction, Decimal]:
    return -one.share, -one.score if one.score is not None else Decimal(1)
