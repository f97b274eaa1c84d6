"""The targets as charts: each figure against its mark, the years side by side, the admissions of a year month by month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa

from .. import charts, clock
from ..access import Actor
from ..admissions.forecast_queries import Forecast
from ..db import db
from ..errors import NotVisible
from ..i18n import _, fmt_date, percentage
from ..members.models import Member
from ..org.former_queries import Place
from ..resolutions.queries import threshold
from ..rulebook.targets import heads
from . import entry_queries
from .measures import TERM, Ids, Measure
from .queries import Result, measure

#: How many years before the year asked for a line goes back.
PAST_YEARS = 5


def _reading(result: Result, title: str) -> charts.Reading:
    """One target's figure against its mark; whether it is met is what the rulebook said."""
    return charts.Reading(
        title, result.value, result.threshold, result.comparator, result.met, result.part, result.whole or None,
        entry_queries.not_due(result),
    )  # fmt: skip


def gauge(result: Result) -> charts.Chart:
    """One target's figure against its mark."""
    return charts.gauge(_reading(result, result.name), name=f"gauge-{result.no}")


def gauges(results: list[Result]) -> dict[str, charts.Chart]:
    """Target number -> its gauge."""
    return {result.no: gauge(result) for result in results}


def sheet(title: str, results: list[Result]) -> charts.Chart:
    """The gauges of all targets in one drawing."""
    return charts.gauges(title, [_reading(one, one.name if one.no == TERM else f"{one.no} {one.name}") for one in results], name="gauges")


def over_the_years(actor: Actor, now: Measure, result: Result, unit: Place | None = None) -> charts.Chart | None:
    """The target's figure of each year up to the one asked for, by the same two selects, against the mark in force on that day.

    A year is measured on 31 December, the last one on the day asked for. A year without a figure is a gap; one of which data lack
    is drawn hollow. None for the target of a term, and where not one year has a figure. All counts are one statement.
    """
    if now.no == TERM:
        return None
    span = range(now.on.year - PAST_YEARS, now.on.year + 1)
    # A number that counted something else in an earlier year has a gap there.
    past = (_measured(actor, now.no, year, unit) for year in span[:-1])
    found = [*(one if one is not None and one.counts == now.counts else None for one in past), now]
    asked = [(one, ids) for one in found if one is not None for ids in (one.part, one.whole, one.lacking) if ids is not None]
    counts = iter(db.session.execute(sa.select(*(_count(ids).label(f"n{at}") for at, (_one, ids) in enumerate(asked)))).one())
    values: dict[int, charts.Number | None] = dict.fromkeys(span)
    marks: dict[int, charts.Number | None] = dict.fromkeys(span)
    partial = set()
    for year, one in zip(span, found, strict=True):
        if one is None:
            continue
        part, whole, lacking = (next(counts) if ids is not None else 0 for ids in (one.part, one.whole, one.lacking))
        values[year] = None if one.missing else percentage(part, whole)
        marks[year] = _mark(one.no, one.on)
        if values[year] is not None and (lacking or one.gaps):
            partial.add(year)
    if not any(value is not None for value in values.values()):
        return None
    title = _("%(name)s qua các năm", name=result.name)
    lines = [charts.Line(_("Kết quả"), list(values.values()), frozenset(partial))]
    return charts.years(title, list(span), lines, [charts.Line(_("Mức chỉ tiêu"), list(marks.values()))], name=f"years-{now.no}")


def _measured(actor: Actor, no: str, year: int, unit: Place | None) -> Measure | None:
    try:
        return measure(actor, no, year, unit=unit)
    except NotVisible:
        return None


def _mark(no: str, day: dt.date) -> charts.Number | None:
    rule = threshold(no, day)
    return rule.value if rule else None


def _count(ids: Ids) -> sa.ScalarSelect[int]:
    inner = ids.subquery()
    return sa.select(sa.func.count(sa.distinct(inner.c[0]))).select_from(inner).scalar_subquery()


def pace(now: Measure, result: Result, forecast: Forecast | None = None) -> charts.Chart | None:
    """The admissions of the year by the month of their decision, added up, against what the mark of target 22 asks for; None for
    another target. With the forecast, what can still be decided this year stands on what was done. One statement."""
    if now.counts != "22":
        return None
    ids = now.part.subquery()
    days = db.session.scalars(sa.select(Member.decided_on).where(Member.id.in_(sa.select(ids.c[0]))))
    done = Counter(day.month for day in days if day is not None)
    planned = {bucket.first.month: bucket.number for bucket in forecast.months} if forecast else {}
    months = [
        charts.Month(dt.date(now.on.year, number, 1), done[number] if number <= now.on.month else None, planned.get(number, 0))
        for number in range(1, 13)
    ]
    needed = heads(result.threshold, result.whole) if result.threshold is not None else None
    title = _("Kết nạp năm %(year)s so với tiến độ cần, đến %(day)s", year=now.on.year, day=fmt_date(now.on))
    return charts.pace(title, months, needed, today=now.on if now.on == clock.today() else None, name="pace-22")


def of_target(
    actor: Actor, now: Measure, result: Result, unit: Place | None = None, forecast: Forecast | None = None
) -> dict[str, charts.Chart]:
    """What is drawn on a target's page, by the names that addresses use: the gauge, the pace, the years."""
    made: dict[str, Callable[[], charts.Chart | None]] = {
        "gauge": lambda: gauge(result),
        "pace": lambda: pace(now, result, forecast),
        "years": lambda: over_the_years(actor, now, result, unit),
    }
    return {name: chart for name, make in made.items() if (chart := make()) is not None}
