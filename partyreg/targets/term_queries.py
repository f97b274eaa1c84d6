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
from ..rulebook.book import LAW
from ..rulebook.targets import State, numbers
from . import queries
from .entry_queries import (
    Line,
    computed_state,
    entries,
    fmt_value,
    judged,
    label_of,
    path_of,
    rule_on,
    sees_commune,
    term_years,
    unit_of,
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
    values: dict[str, Values] = {no: {} for no in numbers()}
    for year in begun:
        on = queries.reference_day(year)
        for result in queries.evaluate(actor, year, unit=place):
            values[result.no][year] = (result.value, computed_state(result, on))
        for no in values:
            if no not in MEASURES:
                one = judged(no, year, on, found, years)
                values[no][year] = (one.value, one.state)
    wanted = [no for no in values if no in MEASURES or _has_entered(actor, place)]
    return [path_of(no, rule_on(no, day), unit_of(no), values[no], years, today) for no in wanted]


class Told(NamedTuple):
    """A figure of the former term as the report gives it."""

    label: str
    value: str
    citation: str


def former(day: dt.date) -> list[Told]:
    """What the report tells of the term that was in force on `day`."""
    told, keys = [], LAW.keys()
    for key in keys:
        found = LAW.find(key, day) if key.startswith("baseline.") else None
        if found is not None:
            line = LAW.timeline(key)
            told.append(Told(line.label, fmt_value(Decimal(str(found.required)), line.unit), found.citation.text))
    return told


class Pair(NamedTuple):
    """A target in two years, and the change from the first to the second, in the target's unit and in percent of the first."""

    no: str
    label: str
    unit: str
    first: Decimal | None
    second: Decimal | None
    states: tuple[State, State]

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
    """Every target in two years, for less than the commune the counted ones. Raises RuleBroken for a year that has not begun."""
    days = {year: queries.reference_day(year) for year in (a, b)}
    found = entries(actor, range(min(a, b, *term_years(min(days.values()))), max(a, b) + 1))
    told: dict[int, dict[str, tuple[Decimal | None, State]]] = {}
    for year, day in days.items():
        told[year] = {one.no: (one.value, computed_state(one, day)) for one in queries.evaluate(actor, year, unit=place)}
        for no in numbers():
            if no not in MEASURES and _has_entered(actor, place):
                one = judged(no, year, day, found, term_years(day))
                told[year][no] = (one.value, one.state)
    return [
        Pair(no, label_of(no), unit_of(no), told[a][no][0], told[b][no][0], (told[a][no][1], told[b][no][1]))
        for no in numbers() if no in told[a]
    ]  # fmt: skip
