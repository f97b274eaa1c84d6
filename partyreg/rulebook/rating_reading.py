"""The ceiling under every known reading of the rule: each with its own pools, numbers and source (CAP-01 to CAP-07)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.rating_ceiling import Ceiling, CeilingRule, Pool, ceiling, ceiling_rule
from partyreg.rulebook.rating_terms import GOOD_OR_BETTER, CeilingUnit, Level, SubjectKind
from partyreg.rulebook.timeline import NotInForce


@dataclass(frozen=True, slots=True)
class Placed:
    """One rated subject and where it stands; the places are the caller's own keys, and '' is a place like another.

    `organisation` is the grassroots organisation: a grassroots cell itself, and for a village cell the committee it is under.
    """

    level: Level
    cell: str = ""
    organisation: str = ""
    agency: str = ""
    task_group: str = ""
    same_kind: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One known way to count the ceiling; `rule.cite` says where it stands and how well that is known."""

    key: str
    label: str
    rule: CeilingRule
    note: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class PoolCeiling:
    """One pool with its ceiling; `key` is the place, as the caller named it."""

    key: str
    pool: Pool
    ceiling: Ceiling

    @property
    def left(self) -> int:
        """Answer how many more may be excellent while nothing else changes; negative when the ceiling is passed."""
        return self.ceiling.most - self.pool.excellent

    @property
    def is_passed(self) -> bool:
        """Answer whether more are proposed than the ceiling has room for."""
        return self.left < 0


@dataclass(frozen=True, slots=True)
class Read:
    """One reading, computed for each of its pools."""

    reading: Reading
    pools: tuple[PoolCeiling, ...]

    @property
    def most(self) -> int:
        """Answer how many may be excellent in all pools together."""
        return sum(one.ceiling.most for one in self.pools)

    @property
    def excellent(self) -> int:
        """Answer how many are proposed in all pools together."""
        return sum(one.pool.excellent for one in self.pools)

    @property
    def passed(self) -> tuple[PoolCeiling, ...]:
        """Answer the pools whose ceiling is passed; there can be some while the sum is within."""
        return tuple(one for one in self.pools if one.is_passed)


_PLACES: Mapping[CeilingUnit, Callable[[Placed], str]] = {
    CeilingUnit.CELL: lambda one: one.cell,
    CeilingUnit.GRASSROOTS_ORGANISATION: lambda one: one.organisation,
    CeilingUnit.COMMUNE: lambda _one: "",
    CeilingUnit.AGENCY: lambda one: one.agency,
    CeilingUnit.TASK_GROUP: lambda one: one.task_group,
    CeilingUnit.SAME_KIND: lambda one: one.same_kind,
}


def pool_key(placed: Placed, unit: CeilingUnit) -> str:
    """Answer which pool a subject belongs to when the ceiling is counted in `unit`; '' for the whole commune."""
    return _PLACES[unit](placed)


def pools(placed: Iterable[Placed], unit: CeilingUnit) -> dict[str, Pool]:
    """Answer key -> pool of the subjects, in the order they come. Give subjects of one kind only: each kind has its own ceiling."""
    levels: dict[str, list[Level]] = {}
    for one in placed:
        levels.setdefault(pool_key(one, unit), []).append(one.level)
    return {
        key: Pool(len(given), sum(level in GOOD_OR_BETTER for level in given), given.count(Level.EXCELLENT))
        for key, given in levels.items()
    }


def under(placed: Iterable[Placed], rule: CeilingRule) -> tuple[PoolCeiling, ...]:
    """Answer the ceiling of each pool under one rule, such as the campaign's own."""
    return tuple(PoolCeiling(key, pool, ceiling(pool, rule)) for key, pool in pools(placed, rule.unit).items())


def readings(day: date, kind: SubjectKind = SubjectKind.MEMBER, book: Rulebook = LAW) -> tuple[Reading, ...]:
    """Answer the known readings of the ceiling for a kind of subject, the default first; none before the first rule.

    Governing day: `day`, the campaign's reference day. Two readings that count alike are one. Source: the law's
    `rating.ceiling_readings_…`; the sources differ, so nothing here says which is right.
    """
    listed = book.find(f"rating.ceiling_readings_{kind}", day)
    found: list[Reading] = []
    for key in listed.required if listed is not None else ():
        try:
            rule = ceiling_rule(day, book, key)
        except NotInForce:
            continue
        if not any(one.rule.counts_like(rule) for one in found):
            found.append(Reading(key, book.timeline(key).label, rule, book.on(key, day).note, not found))
    return tuple(found)


def under_each_reading(
    placed: Iterable[Placed], day: date, kind: SubjectKind = SubjectKind.MEMBER, book: Rulebook = LAW
) -> tuple[Read, ...]:
    """Answer every known reading computed for the subjects, pool by pool. Governing day and source: as `readings`."""
    given = tuple(placed)
    return tuple(Read(one, under(given, one.rule)) for one in readings(day, kind, book))
