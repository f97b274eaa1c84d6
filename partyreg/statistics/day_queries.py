"""The membership on a day: age, sex, ethnicity, seniority, standing, schooling, qualification and theory, each person counted once."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..i18n import _, label
from ..members.models import Member, Person, Posting, PostingKind, Qualification, Schooling, Sex, Standing, StandingPeriod, Theory
from ..org.former_queries import Place, below
from ..org.models import CELLS, Unit
from ..org.scope import visible
from ..rulebook.dates import months_between
from ..rulebook.seniority import Band, Gap, bands, party_age


class Dimension(StrEnum):
    """By what the membership is divided."""

    AGE = "age"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    SENIORITY = "seniority"
    STANDING = "standing"
    SCHOOLING = "schooling"
    QUALIFICATION = "qualification"
    THEORY = "theory"


_D = Dimension
#: The width of an age band, in years.
STEP = 5
UNKNOWN = "unknown"
PROBATION = "probation"
_KINDS: dict[Dimension, type[StrEnum]] = {
    _D.SEX: Sex, _D.STANDING: Standing, _D.SCHOOLING: Schooling, _D.QUALIFICATION: Qualification, _D.THEORY: Theory,
}  # fmt: skip


class Who(NamedTuple):
    """A member on the roll of a cell, and the group of each dimension that she belongs to."""

    member_id: int
    name: str
    born_on: dt.date
    unit_id: int
    sex: Sex
    groups: dict[Dimension, str]


class Group(NamedTuple):
    """How many belong to a group: men, women and all."""

    key: str
    label: str
    male: int
    female: int

    @property
    def total(self) -> int:
        """Men and women."""
        return self.male + self.female


class Snapshot(NamedTuple):
    """The membership at the end of a day, below `unit` (all in reach, where it is None), by given name.

    Sex, ethnicity and education are those that the records have now; age, seniority, standing and cell are those of the day.
    """

    day: dt.date
    unit: Place | None
    cells: tuple[Unit, ...]
    people: tuple[Who, ...]
    bands: tuple[Band, ...]

    def of(self, dimension: Dimension) -> list[Group]:
        """The groups of a dimension in their order; together they are everybody on the roll."""
        counted: Counter[tuple[str, Sex]] = Counter((who.groups[dimension], who.sex) for who in self.people)
        return [Group(key, text, counted[key, Sex.MALE], counted[key, Sex.FEMALE]) for key, text in self.groups(dimension)]

    def by_cell(self, dimension: Dimension) -> list[tuple[Unit, list[int]]]:
        """Cell by cell the numbers of a dimension's groups, in the order of `groups`; cells without anybody are left out."""
        counted: Counter[tuple[int, str]] = Counter((who.unit_id, who.groups[dimension]) for who in self.people)
        keys = [key for key, _text in self.groups(dimension)]
        lines = [(cell, [counted[cell.id, key] for key in keys]) for cell in self.cells]
        return [(cell, numbers) for cell, numbers in lines if any(numbers)]

    def groups(self, dimension: Dimension) -> list[tuple[str, str]]:
        """Key and words of each group: every one that the dimension has, those without anybody only between or among others."""
        found = Counter(who.groups[dimension] for who in self.people)
        if dimension is _D.ETHNICITY:
            return [(name, name) for name, _number in sorted(found.items(), key=lambda one: (-one[1], one[0]))]
        if dimension is _D.AGE:
            starts = [int(key) for key in found]
            every = range(min(starts), max(starts) + 1, STEP) if starts else range(0)
            return [(str(least), _("%(least)s–%(most)s tuổi", least=least, most=least + STEP - 1)) for least in every]
        if dimension is _D.SENIORITY:
            told = [(str(band.least), _band_words(band)) for band in self.bands if found[str(band.least)]]
            more = [(PROBATION, _("Dự bị, chưa tính")), (UNKNOWN, _("Chưa rõ ngày quyết định"))]
        else:
            told, more = [(one.value, label(one)) for one in _KINDS[dimension]], [(UNKNOWN, _("Chưa ghi"))]
        return told + [(key, words) for key, words in more if found[key]]

    def members(self, dimension: Dimension | None = None, group: str = "", sex: Sex | None = None, cell: int | None = None) -> list[Who]:
        """Who stands behind a figure."""
        return [
            who for who in self.people
            if (dimension is None or who.groups[dimension] == group) and sex in (None, who.sex) and cell in (None, who.unit_id)
        ]  # fmt: skip


def snapshot(actor: Actor, day: dt.date, unit: Place | None = None) -> Snapshot:
    """The membership at the end of that day, within the actor's reach. Three statements, however many members."""
    here = sa.and_(Posting.kind == PostingKind.HOME, Posting.holds(day), Posting.within(actor.reach()))
    cells = visible(Unit, actor).where(Unit.kind.in_(CELLS))
    if unit is not None:
        here, cells = sa.and_(here, Posting.unit_id.in_(below(unit))), cells.where(unit.inside())
    query = (
        sa.select(
            Posting.member_id, Posting.unit_id, Person.full_name, Person.born_on, Person.sex, Person.ethnicity, Person.schooling,
            Person.qualification, Person.theory, Member.decided_on, StandingPeriod.standing,
        )
        .join(Person, Person.id == Posting.member_id)
        .join(Member, Member.id == Posting.member_id)
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Posting.member_id, StandingPeriod.holds(day)))
        .where(here)
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
    away, divided = _gaps(sa.select(Posting.member_id).where(here), day), bands(day)
    people = tuple(
        Who(row.member_id, row.full_name, row.born_on, row.unit_id, row.sex, _groups(row, day, away.get(row.member_id, ()), divided))
        for row in db.session.execute(query)
    )
    ordered = db.session.scalars(cells.order_by(Unit.kind, Unit.name_sort, Unit.id))
    return Snapshot(day, unit, tuple(ordered), people, divided)


def _groups(row: Any, day: dt.date, away: tuple[Gap, ...] | list[Gap], divided: tuple[Band, ...]) -> dict[Dimension, str]:
    """Ages are whole years on the day; whoever is recorded as born after it stands in the first band."""
    age = max(0, months_between(row.born_on, day) // 12)
    found = {
        _D.AGE: str(age // STEP * STEP), _D.ETHNICITY: row.ethnicity, _D.SENIORITY: _seniority(row, day, away, divided),
    }  # fmt: skip
    return found | {dimension: getattr(row, dimension.value) or UNKNOWN for dimension in _KINDS}


def _seniority(row: Any, day: dt.date, away: tuple[Gap, ...] | list[Gap], divided: tuple[Band, ...]) -> str:
    if row.standing is Standing.PROBATIONARY:
        return PROBATION
    if row.decided_on is None or row.standing is None:
        return UNKNOWN
    age = party_age(row.decided_on, day, away)
    return str(next(band.least for band in divided if band.holds(age)))


def _gaps(ids: sa.Select[int], day: dt.date) -> dict[int, list[Gap]]:
    """The times away of those who came back, which do not count for seniority (P-18)."""
    left = sa.select(StandingPeriod.member_id).where(StandingPeriod.exit.is_not(None))
    query = (
        sa.select(StandingPeriod.member_id, StandingPeriod.started_on, StandingPeriod.ended_on, StandingPeriod.exit)
        .where(StandingPeriod.member_id.in_(ids), StandingPeriod.member_id.in_(left), StandingPeriod.started_on <= day)
        .order_by(StandingPeriod.member_id, StandingPeriod.started_on, StandingPeriod.id)
    )
    periods: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        periods[row.member_id].append(row)
    return {
        member_id: [Gap(one.ended_on, later.started_on) for one, later in pairwise(rows) if one.ended_on and one.exit is not None]
        for member_id, rows in periods.items()
    }


def _band_words(band: Band) -> str:
    if band.below is None:
        return _("Từ %(least)s năm trở lên", least=band.least)
    if not band.least:
        return _("Dưới %(below)s năm", below=band.below)
    return _("Từ %(least)s đến dưới %(below)s năm", least=band.least, below=band.below)
