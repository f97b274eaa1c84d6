"""Targets of the congress's resolution: threshold, comparison and period of one target on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.timeline import Citation


@dataclass(frozen=True, slots=True)
class Threshold:
    """One target in force. `value` and `upper` have the unit `unit`; `period` is YEAR, TERM or STATE (`by` a day)."""

    key: str
    label: str
    unit: str
    value: int
    comparator: str
    period: str
    cite: Citation
    upper: int | None = None
    by: date | None = None

    def is_met(self, measured: Fraction | int) -> bool:
        """Answer whether a measured value satisfies the comparison (the upper bound is an aim, not a limit)."""
        if self.comparator == ">=":
            return measured >= self.value
        if self.comparator == ">":
            return measured > self.value
        return measured <= self.value


def heads(percent: int, whole: int) -> int:
    """Answer how many persons are at least so many percent of a whole: rounded up, for nobody is admitted in part."""
    return -(-whole * percent // 100)


def threshold(number: str, day: date, book: Rulebook = LAW) -> Threshold:
    """Answer the target `number` ("21a") in force on `day`; raise KeyError (unknown) or `NotInForce`."""
    key = f"target.{number}"
    timeline = book.timeline(key)
    found = timeline.on(day)
    value = found.required
    return Threshold(
        key,
        timeline.label,
        timeline.unit,
        value["threshold"],
        value["comparator"],
        value["period"],
        found.citation,
        value.get("upper"),
        value.get("by"),
    )
