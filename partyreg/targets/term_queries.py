"""What we ask of a whole term: every target year by year with the path that is needed, and two years side by side."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .. import clock
from ..access import Actor
from ..i18n import percentage
from ..org.former_queries import Place, is_commune
from ..resolutions.queries import book, threshold
from ..rulebook.targets import State, listed, named, numbers
from . import queries
from .entry_queries import (
    Line,
    computed_state,
    entered_on,
    entries,
    fmt_value,
    judged,
    path_of,
    sees_commune,
    term_years,
)
from .measures import MEASURES

Values = dict[int, tuple[Decimal | None, State]]


def _has_entered(actor: Actor, place: Place | None) -> bool:
    return is_commune(place) and sees_commune(actor)


def lines(actor: Actor, day: dt.date, place: Place | None = None) -> list[Line]:
    """Every target through the term in force on `day`: two statements or so for each year that has begun, however large the register.

    The thresholds are those in force on `day`; a year's value is that of its own reference day. The entered values are the commune's, so
    for less there are the counted ones only.
    """
    years, today = term_years(day), clock.today()
    begun = [year for year in years if year <= today.year]
    found = entries(actor, years)
    law, sees = book(), _has_entered(actor, place)
    # What a number counts on the day: a year in which it counted something else has no value here.
    counts = {no: named(no, day, law) for no in listed(day, law)}
    values: dict[str, Values] = {no: {} for no, (_label, _unit, measure) in counts.items() if measure in MEASURES or sees}
    means: dict[str, dict[int, tuple[Decimal, int]]] = {no: {} for no in values}
    for year in begun:
        on = queries.reference_day(year)
        for result in queries.evaluate(actor, year, unit=place):
            if result.no in values and result.counts == counts[result.no][2]:
                values[result.no][year] = (result.value, computed_state(result, on))
        for no in entered_on(on):
            if no in values and named(no, on, law)[1:] == counts[no][1:]:
                one = judged(no, year, on, found, years)
                values[no][year] = (one.own, one.state)
                if one.value is not None and one.averaged is not None:
                    means[no][year] = (one.value, one.averaged)
    return [path_of(no, threshold(no, day), values[no], years, today, day, means[no]) for no in values]


def terms() -> list[tuple[int, int, dt.date]]:
    """The first and the last year of every term, and the day for which it is shown: today in the running one; of another its last
    day, or the day before the next begins."""
    found, today = book().timeline("target.term").provisions, clock.today()
    told = []
    for at, one in enumerate(found):
        first, last = one.required
        end = dt.date(last, 12, 31)
        if at + 1 < len(found):
            end = min(end, found[at + 1].since - dt.timedelta(days=1))
        told.append((first, last, today if one.since <= today <= end else end))
    return told


class Told(NamedTuple):
    """A figure of the former term as the report gives it."""

    label: str
    value: str
    citation: str


def former(day: dt.date) -> list[Told]:
    """What the report tells of the term that was in force on `day`."""
    told, law = [], book()
    keys = law.keys()
    for key in keys:
        found = law.find(key, day) if key.startswith("baseline.") else None
        if found is not None:
            line = law.timeline(key)
            told.append(Told(line.label, fmt_value(Decimal(str(found.required)), line.unit), found.citation.text))
    return told


class Pair(NamedTuple):
    """A target in two years, and the change from the first to the second, in the target's unit and in percent of the first.

    The values are the years' own; `by_mean` says that the states are those of the mean up to each year.
    """

    no: str
    label: str
    unit: str
    first: Decimal | None
    second: Decimal | None
    states: tuple[State, State]
    by_mean: bool = False

    @property
    def change(self) -> Decimal | None:
        """How much more the second is."""
        return None if self.first is None or self.second is None else self.second - self.first

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of the first; None of nothing, and of figures that are percent themselves."""
        if self.change is None or not self.first or self.unit.startswith("percent"):
            return None
        ratio = Fraction(self.change) / Fraction(self.first)
        return percentage(ratio.numerator, ratio.denominator)


def pairs(actor: Actor, a: int, b: int, place: Place | None = None) -> list[Pair]:
    """Every target that counts the same in both years, or is of one of them alone; for less than the commune the counted ones.

    Raises RuleBroken for a year that has not begun.
    """
    days = {year: queries.reference_day(year) for year in (a, b)}
    found = entries(actor, range(min(a, b, *term_years(min(days.values()))), max(a, b) + 1))
    law, sees = book(), _has_entered(actor, place)
    told: dict[int, dict[str, tuple[Decimal | None, State]]] = {}
    by_mean: set[str] = set()
    for year, day in days.items():
        told[year] = {one.no: (one.value, computed_state(one, day)) for one in queries.evaluate(actor, year, unit=place)}
        for no in entered_on(day) if sees else ():
            one = judged(no, year, day, found, term_years(day))
            told[year][no] = (one.own, one.state)
            if one.averaged is not None:
                by_mean.add(no)
    lines = []
    for no in numbers(law):
        first, second = (named(no, days[year], law) if no in told[year] else None for year in (a, b))
        if first is not None and second is not None and first[1:] == second[1:]:
            lines.append(Pair(no, second[0], second[1], told[a][no][0], told[b][no][0], (told[a][no][1], told[b][no][1]), no in by_mean))
            continue
        # A number that stood for something else is two lines, each with the one year of which it is.
        if first is not None:
            lines.append(Pair(no, first[0], first[1], told[a][no][0], None, (told[a][no][1], State.NO_DATA), no in by_mean))
        if second is not None:
            lines.append(Pair(no, second[0], second[1], None, told[b][no][0], (State.NO_DATA, told[b][no][1]), no in by_mean))
    return lines
