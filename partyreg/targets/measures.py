"""Every target is two selects of ids: the part and the whole. What counts them, lists them and explains them is the same.

Which day governs: the reference day `on`, 31 December of the year or today while it runs. Levels carry no day of their own -
a year's level is one answer, kept in the audit when it changes - so `on` decides which cells lived and who was on the roll.

- 21a, 21c: the whole are the cells that lived on `on` and have a level; a living cell without one is lacking.
- 21b, 21d: the whole are the members with a level in the year, in the cell that gave it; whoever has a reason for no level is left out;
  whoever was on the roll of `on` without any answer is lacking.
- 21a to 21d in a year that has a campaign: its roll stands for the cells and members of `on`, so neither who came after it nor what is
  entered of cells and members later changes the figures of the year.
- 21e: cells that held a regular meeting in every month that they owed up to `on`.
- 22: the part are those whom the year's decisions admitted up to `on`, in the cell of their last posting by then, even when they
  have left again; the whole are the members of `on`. It is the one target whose part may reach beyond its whole.
- 23a: the whole are the village cells that lived on `on` and of whose committee anybody is on record on that day; the part those
  that have a secretary and somebody else who is a member of the committee. A secretary with a deputy alone is what a cell elects
  that is too small for a committee. A cell of which nobody is on record is lacking.
- 23b, 25b: the whole are those who hold one of the posts on the rulebook's counting day, members or not, once each; the part those of
  them who finished every class that their posts require. Posts of which a unit has no holder on record keep 23b from being met.
- 24a, 25a: the whole are the socio-political organisations, or the cadres and civil servants, that served on the day and have a level
  in the year; whoever served without one is lacking. The whole of 25a and whom it lacks are together the whole of 25b, the same people
  of the same register on the same counting day. They are the commune's, so for less than the commune there is no figure.
- term_admissions: those admitted in the term, against the number that the congress had set.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ..access import Actor
from ..i18n import _
from ..meetings import board_queries as meetings
from ..members import queries as members
from ..members.models import Body, Member, Position, Posting, PostingKind, Title
from ..org import queries as org
from ..org.former_queries import Place, below, is_commune
from ..org.models import CELLS, Unit, UnitKind
from ..org.scope import visible
from ..ratings.campaign_models import RatingCampaign, RatingLine
from ..ratings.models import GOOD_OR_BETTER, Level, MemberRating, UnitRating
from ..resolutions.queries import book
from ..rulebook.targets import listed, named
from ..rulebook.training import Post, counting_day
from ..staff import queries as staff
from ..staff.models import OFFICIALS, ORGANISATIONS, StaffKind
from ..training import coverage_queries as training

Ids = sa.Select[Any]

TERM = "term_admissions"


class Kind(StrEnum):
    """What the ids of a measure are ids of."""

    UNITS = "units"
    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    OFFICIALS = "officials"


#: The kinds whose ids are lines of the register of organisations and staff.
STAFF = (Kind.ORGANISATIONS, Kind.OFFICIALS)


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """A target's two selects. `lacking` are those who would belong to the whole if their data were there; `missing` says in
    words what else lacks; `goal` stands for the whole where the congress set a number; `part_inside` is false for 22 alone. `gaps`
    say what lacks without making the figure unknown: it is that of the others, and nobody says that it is met. `days` are
    (person, day) to show beside the people, `sizes` (unit, number of people) beside the units."""

    no: str
    kind: Kind
    on: dt.date
    period: str
    part: Ids
    whole: Ids | None
    lacking: Ids | None = None
    missing: tuple[str, ...] = ()
    goal: int | None = None
    part_inside: bool = True
    gaps: tuple[str, ...] = ()
    days: Ids | None = None
    sizes: Ids | None = None
    key: str = ""

    @property
    def counts(self) -> str:
        """Which of MEASURES it is: that of its own number, unless a resolution gave the measure another one."""
        return self.key or self.no

    @property
    def of_admissions(self) -> bool:
        """Whether the part are those admitted, each with the day of her decision."""
        return self.counts in ("22", TERM)


def cell_levels(no: str, levels: tuple[Level, ...]) -> Callable[[Actor, int, dt.date, Place | None], Measure]:
    """The cells with one of the levels, of those that have a level."""

    def measure(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure:
        rolled = _roll(actor, year, RatingLine.unit_id).where(RatingLine.member_id.is_(None))
        asked = sa.or_(Unit.id.in_(rolled), sa.and_(Unit.living(on), ~_has_campaign(year)))
        cells = visible(Unit, actor).with_only_columns(Unit.id).where(Unit.kind.in_(CELLS), asked)
        if unit is not None:
            cells = cells.where(unit.inside())
        rated = sa.select(UnitRating.unit_id).where(UnitRating.year == year, UnitRating.unit_id.in_(cells))
        any_rated = sa.select(UnitRating.unit_id).where(UnitRating.year == year)
        return Measure(
            no, Kind.UNITS, on, str(year), rated.where(UnitRating.level.in_(levels)), rated, cells.where(Unit.id.not_in(any_rated))
        )

    return measure


def member_levels(no: str, levels: tuple[Level, ...]) -> Callable[[Actor, int, dt.date, Place | None], Measure]:
    """The members with one of the levels, of those that have a level."""

    def measure(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure:
        rated = visible(MemberRating, actor).with_only_columns(MemberRating.member_id)
        rated = rated.where(MemberRating.year == year, MemberRating.level.is_not(None))
        rolled = _roll(actor, year, RatingLine.member_id).where(RatingLine.member_id.is_not(None))
        if unit is not None:
            rated = rated.where(MemberRating.unit_id.in_(below(unit)))
            rolled = rolled.where(RatingLine.unit_id.in_(below(unit)))
        answered = sa.select(MemberRating.member_id).where(MemberRating.year == year)
        asked = sa.or_(Member.id.in_(rolled), sa.and_(Member.id.in_(members.on_day(actor, on, unit)), ~_has_campaign(year)))
        lacking = sa.select(Member.id).where(asked, Member.id.not_in(answered))
        return Measure(no, Kind.PEOPLE, on, str(year), rated.where(MemberRating.level.in_(levels)), rated, lacking)

    return measure


def _roll(actor: Actor, year: int, column: sa.orm.InstrumentedAttribute[Any]) -> Ids:
    """A column of the visible lines of the year's campaign; nothing where it has none."""
    lines = visible(RatingLine, actor).with_only_columns(column)
    return lines.join(RatingCampaign, RatingCampaign.id == RatingLine.campaign_id).where(RatingCampaign.year == year)


def _has_campaign(year: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(RatingCampaign.year == year)


def keeping_meetings(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure:
    """The cells that kept their regular meetings."""
    part, whole, missing = meetings.cells_keeping(actor, year, on, unit)
    return Measure("21e", Kind.UNITS, on, str(year), part, whole, None, tuple(missing))


def with_committee(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure:
    """The village cells that have a committee, of those of whose committee anybody is on record on the day."""
    living = visible(Unit, actor).with_only_columns(Unit.id).where(Unit.kind == UnitKind.VILLAGE_CELL, Unit.living(on))
    if unit is not None:
        living = living.where(unit.inside())
    held: Ids = sa.select(Position.unit_id).where(Position.body == Body.CELL_COMMITTEE, Position.holds(on))
    whole = living.where(Unit.id.in_(held))
    part = whole.where(Unit.id.in_(held.where(Position.title == Title.SECRETARY)), Unit.id.in_(held.where(Position.title == Title.MEMBER)))
    sizes = held.add_columns(sa.func.count(sa.distinct(Position.person_id)).label("people")).group_by(Position.unit_id)
    return Measure("23a", Kind.UNITS, on, str(year), part, whole, living.where(Unit.id.not_in(held)), sizes=sizes)


def trained(no: str, posts: tuple[Post, ...]) -> Callable[[Actor, int, dt.date, Place | None], Measure]:
    """The holders of posts who had the classes that these require, of all holders."""

    def measure(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure:
        found = training.sides(actor, posts, year, on, unit)
        return Measure(no, Kind.PEOPLE, on, str(year), found.part, found.whole, gaps=found.gaps, days=found.days)

    return measure


def admitted_in_year(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure:
    """Those admitted in the year up to `on`, against the members of that day."""
    part = admitted(actor, dt.date(year, 1, 1), on, on, unit)
    return Measure("22", Kind.PEOPLE, on, str(year), part, members.on_day(actor, on, unit), part_inside=False)


def admitted_in_term(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure | None:
    """Those admitted in the term that the year touches, against its number; None where that term had none.

    The number was set for the whole commune, so for less there is a count and no percentage.
    """
    law = book().timeline(f"target.{TERM}")
    found = book().find(law.key, dt.date(year, 1, 1)) or book().find(law.key, on)
    if found is None:
        return None
    ends = [provision.since for provision in law.provisions if provision.since > found.since]
    last = min([on, *(end - dt.timedelta(days=1) for end in ends)])
    part = admitted(actor, found.since, last, on, unit)
    whole_commune = _is_whole_commune(actor, unit)
    missing = () if whole_commune else (_("Chỉ tiêu được giao cho cả đảng bộ, không giao cho từng chi bộ."),)
    period = f"{found.since.year}-{ends[0].year}" if ends else str(found.since.year)
    goal = int(found.required) if whole_commune else None
    return Measure(TERM, Kind.PEOPLE, last, period, part, None, None, missing, goal, part_inside=False)


def _is_whole_commune(actor: Actor, unit: Place | None) -> bool:
    return actor.reach().covers(org.root().path) and is_commune(unit)


def staff_levels(no: str, kind: Kind, kinds: tuple[StaffKind, ...]) -> Callable[[Actor, int, dt.date, Place | None], Measure]:
    """The organisations or officials of the commune that are rated well or better, of those that have a level."""

    def measure(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure:
        day = counting_day(year, on) if kind is Kind.OFFICIALS else on
        part, whole = staff.rated(actor, year, day, kinds, GOOD_OR_BETTER), staff.rated(actor, year, day, kinds)
        if _is_whole_commune(actor, unit):
            return Measure(no, kind, on, str(year), part, whole, staff.unrated(actor, year, day, kinds))
        missing = (_("Chỉ tiêu này chỉ tính cho cả xã."),)
        return Measure(no, kind, on, str(year), part.where(sa.false()), whole.where(sa.false()), None, missing)

    return measure


def admitted(actor: Actor, first: dt.date, last: dt.date, day: dt.date, unit: Place | None) -> Ids:
    """Those whose admission was decided from `first` to `last`, by the cell of their last home posting begun by `day`.

    Where the ceremony comes later than `day`, that is the posting that it begins.
    """
    earlier = aliased(Posting)
    bound = sa.case((Member.ceremony_on > day, Member.ceremony_on), else_=day)
    latest = (
        sa.select(sa.func.max(earlier.started_on))
        .where(earlier.member_id == Member.id, earlier.kind == PostingKind.HOME, earlier.started_on <= bound, _lasts(earlier))
        .correlate(Member)
        .scalar_subquery()
    )
    query = (
        sa.select(Member.id)
        .join(Posting, Posting.member_id == Member.id)
        .where(Member.decided_on.between(first, last), Posting.kind == PostingKind.HOME, _lasts(Posting), Posting.started_on == latest)
        .where(Posting.within(actor.reach()))
    )
    return query if unit is None else query.where(Posting.unit_id.in_(below(unit)))


def _lasts(posting: type[Posting]) -> sa.ColumnElement[bool]:
    """A posting that ended on the day that it began was a slip of the pen."""
    return sa.or_(posting.ended_on.is_(None), posting.ended_on > posting.started_on)


Maker = Callable[[Actor, int, dt.date, Place | None], Measure]

#: The measures by their keys: the numbers under which the congress of 2025 set them, in its order.
MEASURES: dict[str, Maker] = {
    "21a": cell_levels("21a", GOOD_OR_BETTER),
    "21b": member_levels("21b", GOOD_OR_BETTER),
    "21c": cell_levels("21c", (Level.EXCELLENT,)),
    "21d": member_levels("21d", (Level.EXCELLENT,)),
    "21e": keeping_meetings,
    "22": admitted_in_year,
    "23a": with_committee,
    "23b": trained("23b", training.VILLAGE_POSTS),
    "24a": staff_levels("24a", Kind.ORGANISATIONS, ORGANISATIONS),
    "25a": staff_levels("25a", Kind.OFFICIALS, OFFICIALS),
    "25b": trained("25b", training.OFFICE_POSTS),
}


def counted_on(day: dt.date) -> dict[str, Maker]:
    """Target number -> what counts it, of every target of that day that a measure counts, in the order of the resolution."""
    law = book()
    found = {no: named(no, day, law)[2] for no in listed(day, law)}
    return {no: MEASURES[key] if key == no else _under(no, key) for no, key in found.items() if key in MEASURES}


def _under(no: str, key: str) -> Maker:
    """The measure under the number of a target that a resolution set."""

    def measure(actor: Actor, year: int, on: dt.date, unit: Place | None) -> Measure:
        return dataclasses.replace(MEASURES[key](actor, year, on, unit), no=no, key=key)

    return measure
