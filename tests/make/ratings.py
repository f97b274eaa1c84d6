"""Years of ratings for tests."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from partyreg import access
from partyreg.members.models import Member
from partyreg.org.models import Unit
from partyreg.ratings import actions, campaign_actions, campaign_queries, decision_actions, sheet_actions
from partyreg.ratings.campaign_models import RatingCampaign, RatingLine
from partyreg.ratings.decision_actions import Ruling
from partyreg.ratings.models import Level, NotRated, RatingYear
from partyreg.ratings.sheet_actions import Entry, Minutes
from partyreg.rulebook.rating import Parameters, SubjectKind, proposed

SYSTEM = access.system("test").using(access.Permission.RATINGS_ENTER)


def year(*, number: int = 2026, opened_on: dt.date | None = None) -> RatingYear:
    """An open year of ratings."""
    return actions.open_year(SYSTEM, number, opened_on or dt.date(number, 11, 1))


def levels(*, unit: Unit, given: Mapping[Member, Level | NotRated], number: int = 2026) -> None:
    """The members of a cell have these levels in an open year."""
    actions.enter_members(SYSTEM, number, unit, {member.id: answer for member, answer in given.items()})


def unit_level(*, unit: Unit, level: Level = Level.GOOD, number: int = 2026) -> None:
    """A cell has this level in an open year."""
    actions.rate_unit(SYSTEM, number, unit, level)


def terms(*, number: int = 2026, roll_on: dt.date | None = None, pct: int | None = None) -> Parameters:
    """The parameters that the law of the day proposes, ordered by a document; `pct` is another ceiling for members."""
    found = proposed(roll_on or dt.date(number, 11, 20))
    ceilings = dict(found.ceilings)
    if pct is not None:
        ceilings[SubjectKind.MEMBER] = dataclasses.replace(ceilings[SubjectKind.MEMBER], pct=pct)
    return dataclasses.replace(found, order="12-HD/ĐU", order_on=dt.date(number, 11, 1), ceilings=ceilings)


def campaign(*, number: int = 2026, pct: int | None = None) -> RatingCampaign:
    """An open campaign of the year; there must be a commune."""
    return campaign_actions.open_campaign(SYSTEM, number, terms(number=number, pct=pct))


def lines(unit: Unit, number: int = 2026) -> list[RatingLine]:
    """The lines of a cell's sheet: its own first."""
    return campaign_queries.lines(SYSTEM, campaign_queries.campaign(number), unit)


def entries(unit: Unit, level: Level = Level.GOOD, number: int = 2026) -> dict[int, Entry]:
    """A sheet on which everybody who is rated has one level, by all votes of three."""
    return {
        line.id: Entry(answer=line.not_rated) if line.not_rated
        else Entry(level, answer=level) if line.member_id is None
        else Entry(level, votes={level: 3}, answer=level)
        for line in lines(unit, number)
    }  # fmt: skip


MINUTES = Minutes(dt.date(2026, 11, 21), "05-BC/CB", full_members=3, present=3)


def record(unit: Unit, given: Mapping[int, Entry] | None = None, number: int = 2026, minutes: Minutes = MINUTES) -> int:
    """The cell's sheet says what is given, else that all did well."""
    versions = {line.id: line.version for line in lines(unit, number)}
    return sheet_actions.record_sheet(SYSTEM, number, unit, given or entries(unit, number=number), minutes, versions)


def checked(unit: Unit, given: Mapping[int, Entry] | None = None) -> None:
    """The cell's sheet of the running year waits for the decision."""
    record(unit, given)
    sheet_actions.submit_sheet(SYSTEM, 2026, unit)
    sheet_actions.check_sheet(SYSTEM, 2026, unit)


def decided(unit: Unit, given: Mapping[int, Entry] | None = None) -> None:
    """The cell's sheet is decided as it was proposed."""
    checked(unit, given)
    found = lines(unit)
    rulings = {line.id: Ruling(line.proposed, line.proposed_why or "") for line in found}
    decision_actions.decide_sheet(
        SYSTEM, 2026, unit, rulings, "07-QĐ/ĐU", dt.date(2026, 11, 24), {line.id: line.version for line in found}
    )  # fmt: skip
