"""Enters the yearly ratings: the years before the register began at once, later ones on the days of their campaign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from partyreg import access
from partyreg.access import Actor, Permission
from partyreg.org.models import Unit
from partyreg.ratings import actions
from partyreg.ratings.models import Level, NotRated

from .plan import START, Plan, Year

Units = Mapping[str, Unit]
Ids = dict[str, int]


def _deciding() -> Actor:
    return access.system("demo").using(Permission.RATINGS_DECIDE)


def enter_past(plan: Plan, units: Units, ids: Ids) -> None:
    """The years that were closed before the register began are in it."""
    for year in plan.years:
        if year.closed_on is not None and year.closed_on < START:
            actions.open_year(_deciding(), year.year, year.opened_on)
            _fill_and_close(year, units, ids)


def steps(plan: Plan, units: Units, ids: Ids) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """Opening, filling and closing of the years since, with their days."""
    for year in plan.years:
        if year.closed_on is None or year.closed_on >= START:
            yield max(year.opened_on, START), partial(actions.open_year, _deciding(), year.year, year.opened_on)
        if year.closed_on is not None and year.closed_on >= START:
            yield year.closed_on, partial(_fill_and_close, year, units, ids)


def _fill_and_close(year: Year, units: Units, ids: Ids) -> None:
    assert year.closed_on is not None  # noqa: S101 - asked by the callers
    entering = access.system("demo").using(Permission.RATINGS_ENTER)
    for sheet in year.sheets:
        levels: dict[int, Level | NotRated] = {}
        for key, level, reason in sheet.members:
            answer = level or reason
            if answer is not None:
                levels[ids[key]] = answer
        actions.enter_members(entering, year.year, units[sheet.cell], levels)
    actions.rate_units(_deciding(), year.year, {units[sheet.cell].id: sheet.unit for sheet in year.sheets})
    actions.close_year(_deciding(), year.year, year.closed_on)
