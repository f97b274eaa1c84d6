"""Party age (tuổi Đảng) and badges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months, months_between


@dataclass(frozen=True, slots=True)
class Gap:
    """A period that does not count: from `started_on` to the day before `ended_on` (None = still open)."""

    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class PartyAge:
    """Party age in whole months."""

    total_months: int

    @property
    def years(self) -> int:
        """Answer the whole years."""
        return self.total_months // 12

    @property
    def months(self) -> int:
        """Answer the months beyond the whole years (0 to 11)."""
        return self.total_months % 12


def counted_from(decided_on: date, day: date, gaps: Iterable[Gap] = ()) -> date:
    """Answer the day from which party age would run without gaps: the decision's date moved on by the gaps' days.

    Overlapping gaps count once; only their days after the decision and up to `day` count (P-16 to P-18).
    """
    return decided_on + timedelta(days=_gap_days(decided_on, day, gaps))


def party_age(decided_on: date, day: date, gaps: Iterable[Gap] = (), is_full: bool = True) -> PartyAge:
    """Answer the party age on `day`: from the admission decision, not the ceremony, less the gaps (P-16 to P-18).

    Counted only once recognised as full: 0 before. Governing day: `day`. Source: 208-QĐ/TW; 294-QĐ/TW 4.5.
    """
    if not is_full or day < decided_on:
        return PartyAge(0)
    return PartyAge(max(0, months_between(counted_from(decided_on, day, gaps), day)))


def reached_on(decided_on: date, years: int, gaps: Iterable[Gap] = ()) -> date | None:
    """Answer the day a party age of `years` is reached, or None while a gap is open before it."""
    day = add_months(decided_on, years * 12)
    listed = tuple(gaps)
    while True:
        moved = add_months(counted_from(decided_on, day, listed), years * 12)
        if moved == day:
            break
        if any(gap.ended_on is None and gap.started_on <= day for gap in listed):
            return None
        day = moved
    return day


def badge_years(day: date, book: Rulebook = LAW) -> tuple[int, ...]:
    """Answer the badges that the law knows on `day`, in years of party age (B-01)."""
    return tuple(book.on("badge.years", day).required)


def badge_reached(age: PartyAge, day: date, book: Rulebook = LAW) -> int | None:
    """Answer the highest badge that the party age gives a claim to on `day`, or None (B-01)."""
    return max((years for years in badge_years(day, book) if years <= age.years), default=None)


def badges_due(age: PartyAge, held: Iterable[int], day: date, book: Rulebook = LAW) -> tuple[int, ...]:
    """Answer the badges that the party age has reached and that are not held, lowest first (B-01). `day` governs.

    Badges below the highest one held are not asked for again.
    """
    top = max(held, default=0)
    return tuple(years for years in badge_years(day, book) if top < years <= age.years)


@dataclass(frozen=True, slots=True)
class Band:
    """Party ages from `least` to below `below` whole years (None = no limit)."""

    least: int
    below: int | None

    def holds(self, age: PartyAge) -> bool:
        """Answer whether a party age falls into the band."""
        return age.years >= self.least and (self.below is None or age.years < self.below)


def bands(day: date, book: Rulebook = LAW) -> tuple[Band, ...]:
    """Answer the bands between the badges of `day`, lowest first, together every party age (B-01).

    Before the first provision that the book knows, its badges: they only divide a table.
    """
    provision = book.find("badge.years", day) or book.timeline("badge.years").provisions[0]
    bounds = (0, *provision.required)
    return tuple(Band(least, below) for least, below in zip(bounds, (*bounds[1:], None), strict=True))


def early_months(years: int, day: date, book: Rulebook = LAW) -> int:
    """Answer how many months early a badge may be given for serious illness (B-02). `day` governs."""
    return int(book.on("badge.early_months_old" if years >= 70 else "badge.early_months", day).required)


def _gap_days(start: date, end: date, gaps: Iterable[Gap]) -> int:
    days, covered_to = 0, start
    for gap in sorted(gaps, key=lambda g: g.started_on):
        begin = max(gap.started_on, covered_to)
        stop = min(gap.ended_on or end, end)
        if stop > begin:
            days += (stop - begin).days
            covered_to = stop
    return days
