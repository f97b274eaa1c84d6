"""What is asked about working days: the calendar on which terms are counted, and how a year's calendar came about."""

from __future__ import annotations

import datetime as dt
import functools
from typing import NamedTuple

import holidays
import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..errors import NotVisible
from ..i18n import _
from ..rulebook.dates import Calendar
from .models import SpecialDay

#: So many years ahead a calendar is shown and days are set apart: the government announces no more.
YEARS_AHEAD = 2


class _Public(NamedTuple):
    """What the public calendar says of a year: its days off with their names, and the Saturdays and Sundays worked instead."""

    off: dict[dt.date, str]
    worked: frozenset[dt.date]


@functools.cache
def _public(year: int) -> _Public:
    found = holidays.country_holidays("VN", years=year, language="vi")
    return _Public(dict(sorted(found.items())), frozenset(day for day in found.weekend_workdays if day.year == year))


def public_day(day: dt.date) -> str | None:
    """What the public calendar calls a day off, or None when it is none."""
    return _public(day.year).off.get(day)


def is_worked_weekend(day: dt.date) -> bool:
    """Whether the public calendar has that Saturday or Sunday worked for another day off."""
    return day in _public(day.year).worked


def days_off(start: dt.date, end: dt.date | None = None) -> Calendar:
    """The days off (Tết and the days given for them included) from the year of `start` to the year after `end`; one statement.

    The public calendar, plus what the office has set apart, less what it has had worked; `.worked` are the Saturdays and Sundays
    that count as working days.
    """
    first, last = start.year, min((end or start).year + 1, dt.MAXYEAR)
    off: set[dt.date] = set()
    worked: set[dt.date] = set()
    for year in range(first, last + 1):
        off |= _public(year).off.keys()
        worked |= _public(year).worked
    query = sa.select(SpecialDay.day, SpecialDay.is_off).where(SpecialDay.day.between(dt.date(first, 1, 1), dt.date(last, 12, 31)))
    for day, is_off in db.session.execute(query):
        (off if is_off else worked).add(day)
        (worked if is_off else off).discard(day)
    return Calendar(off, worked)


class Line(NamedTuple):
    """One day of the year that is not as other days of its weekday; `key` where the office has set it apart."""

    day: dt.date
    is_off: bool
    reason: str
    key: int | None


def of_year(year: int) -> list[Line]:
    """The year's days off and worked days in order; the office's own word stands in place of the public calendar's."""
    public = _public(year)
    lines = {day: Line(day, True, name, None) for day, name in public.off.items()}
    lines |= {day: Line(day, False, _("Làm bù cho ngày nghỉ khác"), None) for day in public.worked}
    query = sa.select(SpecialDay).where(SpecialDay.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    lines |= {one.day: Line(one.day, one.is_off, one.reason, one.id) for one in db.session.scalars(query)}
    return [lines[day] for day in sorted(lines)]


def on(day: dt.date) -> SpecialDay | None:
    """What the office has said of that day, if anything."""
    return db.session.scalar(sa.select(SpecialDay).where(SpecialDay.day == day))


def special_day(_actor: Actor, key: int) -> SpecialDay:
    """One day that the office has set apart; the calendar is the same for everybody.

    Raises NotVisible when there is none.
    """
    found = db.session.get(SpecialDay, key)
    if found is None:
        raise NotVisible("SpecialDay")
    return found
