"""Years of ratings for tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from partyreg import access
from partyreg.members.models import Member
from partyreg.org.models import Unit
from partyreg.ratings import actions
from partyreg.ratings.models import Level, NotRated, RatingYear

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
