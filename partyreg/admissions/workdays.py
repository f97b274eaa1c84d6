"""The days off that a term of working days leaps over: Việt Nam's public holidays."""

from __future__ import annotations

import datetime as dt
import functools

import holidays


@functools.cache
def _of_year(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def days_off(start: dt.date, end: dt.date | None = None) -> frozenset[dt.date]:
    """The public holidays (Tết and the days given for them included) from the year of `start` to the year after `end`.

    A Saturday that the government has worked instead of another day is not counted: a term may then end a day late here.
    """
    last = (end or start).year + 1
    return frozenset().union(*(_of_year(year) for year in range(start.year, last + 1)))
