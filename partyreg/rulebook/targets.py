"""Targets of the congress's resolution: threshold, comparison, period and state of one target on a day, and the path to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.timeline import Citation, NotInForce, Provision

#: What counts a target that no record can count.
ENTERED = "entered"
#: The text of a target's number: "26", "21a", "2.maize".
NUMBER = re.compile(r"^[1-9]\d{0,2}[a-z]?(?:\.[a-z]{1,15})?$")
_TARGET = re.compile(r"^target\.(\d+)([a-z]?)(?:\.([a-z]+))?$")


class State(StrEnum):
    """How far a target is on a day."""

    MET = "met"
    NOT_MET = "not_met"
    NO_DATA = "no_data"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One target in force. `value` and `upper` have the unit `unit`; `period` is YEAR, MEAN, TERM or STATE (`by` a day)."""

    key: str
    label: str
    unit: str
    value: int | Decimal
    comparator: str
    period: str
    cite: Citation
    upper: int | Decimal | None = None
    by: date | None = None
    measure: str = ""  # what counts it; `ENTERED` for what is entered each year
    start: tuple[int, Decimal, str] | None = None  # year, value and source of what was reached before, as the resolution says

    def is_met(self, measured: Fraction | Decimal | int) -> bool:
        """Answer whether a measured value satisfies the comparison (the upper bound is an aim, not a limit)."""
        value, aim = Fraction(measured), Fraction(self.value)
        if self.comparator == ">=":
            return value >= aim
        if self.comparator == ">":
            return value > aim
        if self.comparator == "<":
            return value < aim
        return value <= aim

    def due(self, last_year: int) -> date | None:
        """Answer the day from which the target can be missed: `by`, or the end of a term; None where each year is judged."""
        if self.period in ("TERM", "MEAN"):
            return date(last_year, 12, 31)
        return self.by


def heads(percent: int | Decimal, whole: int) -> int:
    """Answer how many persons are at least so many percent of a whole: rounded up, for nobody is admitted in part."""
    return ceil(Fraction(percent) * whole / 100)


def threshold(number: str, day: date, book: Rulebook = LAW) -> Threshold:
    """Answer the target `number` ("21a", "2.maize") in force on `day`; raise KeyError (unknown) or `NotInForce`."""
    key = f"target.{number}"
    timeline = book.timeline(key)
    found = timeline.on(day)
    value = found.required
    aim = value["threshold"]
    return Threshold(
        key,
        value.get("label", timeline.label),
        value.get("unit", timeline.unit),
        aim if isinstance(aim, int) else Decimal(str(aim)),
        value["comparator"],
        value["period"],
        found.citation,
        value.get("upper"),
        value.get("by"),
        value.get("measure", number),
        value.get("start"),
    )


def named(number: str, day: date, book: Rulebook = LAW) -> tuple[str, str, str]:
    """Answer label, unit and measure of a target on `day`: of the provision in force, or else of the last one before, or of the
    first; raise KeyError for an unknown number."""
    timeline = book.timeline(f"target.{number}")
    given = [one for one in timeline.provisions if not one.is_repeal]
    begun = [one for one in given if one.since <= day]
    value = (begun[-1] if begun else given[0]).required
    return value.get("label", timeline.label), value.get("unit", timeline.unit), value.get("measure", number)


def listed(day: date, book: Rulebook = LAW) -> tuple[str, ...]:
    """Answer the numbers of the targets that have a place in the tables of `day`: those in force, and those of the shipped law that
    are still to come; in the resolution's order."""
    shipped = set(numbers())
    found = []
    for number in numbers(book):
        begun = [one for one in book.timeline(f"target.{number}").provisions if one.since <= day]
        if not begun[-1].is_repeal if begun else number in shipped:
            found.append(number)
    return tuple(found)


def counted(measure: str, day: date, book: Rulebook = LAW) -> Threshold:
    """Answer the target in force on `day` that this measure counts, whatever its number; the one with the measure's own number
    comes first. Raise `NotInForce` where there is none."""
    for number in sorted(numbers(book), key=lambda one: one != measure):
        found = book.find(f"target.{number}", day)
        if found is not None and found.required.get("measure", number) == measure:
            return threshold(number, day, book)
    raise NotInForce(f"target.{measure}", day)


def numbers(book: Rulebook = LAW) -> tuple[str, ...]:
    """Answer every target's number in the resolution's order; the parts of a compound one ("2.maize") stand in its place."""
    keys = book.keys()
    found = [match for key in keys if (match := _TARGET.match(key))]
    return tuple(m[0].removeprefix("target.") for m in sorted(found, key=lambda m: (int(m[1]), m[2] or "")))


def group(number: str) -> str:
    """Answer the number of the target that a part belongs to: "2" of "2.maize"; of a whole target its own."""
    return number.split(".")[0]


def term(day: date, book: Rulebook = LAW) -> tuple[int, int]:
    """Answer the first and the last year of the term in force on `day`; raise `NotInForce`."""
    first, last = book.on("target.term", day).required
    return first, last


def baseline(number: str, day: date, book: Rulebook = LAW) -> Provision[int | float] | None:
    """Answer what the report gives of a target for the term in force on `day`, or None where it gives nothing."""
    key, keys = f"baseline.{number}", book.keys()
    return book.find(key, day) if key in keys else None


def state(rule: Threshold | None, met: bool | None, day: date, last_year: int) -> State:
    """Answer how far a target is on `day`: what is not reached before its day is not due yet."""
    if rule is None or met is None:
        return State.NO_DATA
    if met:
        return State.MET
    due = rule.due(last_year)
    return State.NOT_DUE if due is not None and day < due else State.NOT_MET


def needed(rule: Threshold, start: tuple[int, Decimal] | None, year: int, last_year: int) -> Decimal | None:
    """Answer what is needed in `year`: the threshold itself where each year is judged, or where the day has come; before,
    a straight line from `start` (year, value) to it. None where there is nothing to start from, or the line has not begun.
    """
    aim = Decimal(rule.value)
    due = rule.by.year if rule.by else last_year
    if rule.period in ("YEAR", "MEAN") or year >= due:
        return aim
    if start is None or year <= start[0]:
        return None
    first, value = start
    return value if rule.is_met(value) else value + (aim - value) * (year - first) / (due - first)
