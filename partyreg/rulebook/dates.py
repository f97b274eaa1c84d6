"""Counting months and working days as the Party's rules count them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import date, timedelta

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class Calendar(frozenset[date]):
    """The days off, as a plain set of days; `worked` are the Saturdays and Sundays that are worked all the same.

    It stands wherever days off are asked for. A set made from it (a union, a difference) knows no worked days any more.
    """

    worked: frozenset[date]

    def __new__(cls, off: Iterable[date] = (), worked: Iterable[date] = ()) -> Calendar:
        """Make the calendar; a day that is worked is not off."""
        kept = frozenset(worked)
        made = super().__new__(cls, frozenset(off) - kept)
        made.worked = kept
        return made


def add_months(day: date, months: int) -> date:
    """Answer the same day `months` later (or earlier), clamped to the end of a shorter month."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Answer the whole months completed from `start` to `end`; negative when `end` is before `start`.

    A month is complete on the day that `add_months` gives, so one who is born on 29 February turns a year older on
    28 February of a common year.
    """
    if end < start:
        return -months_between(end, start)
    months = calendar_months(start, end)
    return months if add_months(start, months) <= end else months - 1


def calendar_months(start: date, end: date) -> int:
    """Answer the months from the month of `start` to the month of `end`, whatever the days (tính theo tháng)."""
    return (end.year - start.year) * 12 + end.month - start.month


def is_working_day(day: date, days_off: Collection[date] = ()) -> bool:
    """Answer whether `day` is neither Saturday, Sunday nor one of the given days off; a day that a `Calendar` has worked is."""
    if isinstance(days_off, Calendar) and day in days_off.worked:
        return True
    return day.weekday() < _SATURDAY and day not in days_off


def add_working_days(start: date, count: int, days_off: Collection[date] = ()) -> date:
    """Answer the last day of a term of `count` working days; the day after `start` is the first that can count.

    A count of 0 answers `start`; raise ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("a term of working days cannot be negative")
    day = start
    while count:
        day += _ONE_DAY
        count -= is_working_day(day, days_off)
    return day


def working_days_between(start: date, end: date, days_off: Collection[date] = ()) -> int:
    """Answer the working days after `start` up to and including `end`; 0 when `end` is not after `start`."""
    return sum(is_working_day(start + timedelta(days=n), days_off) for n in range(1, (end - start).days + 1))
