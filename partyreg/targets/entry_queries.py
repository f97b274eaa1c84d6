"""What we ask of the entered targets: the values of a year and of a term, how far each is, and the path that is needed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any, NamedTuple

from ..access import Actor
from ..db import PLACES, db
from ..i18n import _, fmt_number
from ..org import queries as org
from ..org.scope import one, visible
from ..resolutions.queries import book, threshold
from ..rulebook.targets import State, Threshold, baseline, group, listed, named, needed, numbers, state, term
from ..rulebook.timeline import NotInForce
from ..rulebook.words import unit_word
from .measures import MEASURES, TERM
from .models import TargetEntry
from .queries import Result, reference_day

#: The last day of the former term, whose figures the report gives.
FORMER = dt.date(2025, 6, 30)


def fmt_value(value: Decimal | None, unit: str, places: int = PLACES) -> str:
    """`1.234,5 tấn`: no more digits behind the comma than the value has."""
    if value is None:
        return ""
    plain = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).normalize()
    exponent = plain.as_tuple().exponent
    return f"{fmt_number(plain, max(0, -exponent) if isinstance(exponent, int) else 0)} {unit_word(unit, _)}".strip()


def odd(unit: str, value: Decimal) -> str:
    """What makes a value look mistyped, in words; empty where nothing does."""
    return _("Tỷ lệ trên 100 %. Hãy xem lại số đã nhập.") if unit == "percent" and value > 100 else ""


def entered_on(day: dt.date) -> tuple[str, ...]:
    """The numbers of the targets of that day that are entered: all that nothing measures."""
    law = book()
    return tuple(no for no in listed(day, law) if named(no, day, law)[2] not in MEASURES)


def ever_entered() -> tuple[str, ...]:
    """The numbers of all targets that are entered, whenever they are in force."""
    law = book()
    days = (provision.since for no in numbers(law) for provision in law.timeline(f"target.{no}").provisions)
    found = {no for day in {*days} for no in entered_on(day)}
    return tuple(no for no in numbers(law) if no in found)


def label_of(no: str, day: dt.date) -> str:
    """What the target, or the part, is called on a day: the resolution's own words."""
    return named(no, day, book())[0]


def unit_of(no: str, day: dt.date) -> str:
    """The unit in which the target is set on a day."""
    return named(no, day, book())[1]


def term_years(day: dt.date) -> range:
    """The years of the term in force on a day; of the first known term for a day before all."""
    try:
        first, last = term(day, book())
    except NotInForce:
        first, last = book().timeline("target.term").provisions[0].required
    return range(first, last + 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Entered:
    """One entered target, or a part of one, in a year. `value` is what is judged: the year's value, or the mean of the term's.

    `averaged` is how many years with a value the mean is of; None where the year's own value is judged.
    """

    no: str
    year: int
    rule: Threshold | None
    entry: TargetEntry | None
    value: Decimal | None
    met: bool | None
    state: State
    base: Decimal | None
    label: str
    unit: str
    averaged: int | None = None

    @property
    def own(self) -> Decimal | None:
        """The year's own value."""
        return self.entry.value if self.entry else None

    @property
    def value_text(self) -> str:
        """The value with its unit."""
        return fmt_value(self.value, self.unit)

    @property
    def own_text(self) -> str:
        """The year's own value with its unit."""
        return fmt_value(self.own, self.unit)

    @property
    def mean_text(self) -> str:
        """The mean with its unit; empty where the year's own value is judged."""
        return fmt_value(self.value, self.unit, 2) if self.averaged else ""

    @property
    def base_text(self) -> str:
        """What the report, or the resolution, gives of the time before the term."""
        return fmt_value(self.base, self.unit)

    @property
    def rule_text(self) -> str:
        """The threshold as people write it."""
        return rule_text(self.rule)


def rule_text(rule: Threshold | None) -> str:
    """`≥ 1.535 tấn`, with the aim beyond it where the resolution names one."""
    if rule is None:
        return ""
    sign = {">=": "≥", "<=": "≤"}.get(rule.comparator, rule.comparator)
    text = f"{sign} {fmt_value(Decimal(rule.value), rule.unit)}"
    return text if rule.upper is None else _("%(text)s, phấn đấu %(upper)s", text=text, upper=fmt_value(Decimal(rule.upper), rule.unit))


class Group(NamedTuple):
    """A target of the resolution with its parts; it is met when every part is."""

    no: str
    label: str
    parts: list[Entered]
    state: State

    @property
    def entered(self) -> int:
        """Of how many parts a value is on record."""
        return sum(part.entry is not None for part in self.parts)


def entries(actor: Actor, years: Iterable[int]) -> dict[tuple[str, int], TargetEntry]:
    """(number, year) -> the visible value of the commune."""
    query = visible(TargetEntry, actor).where(TargetEntry.year.in_(list(years)), TargetEntry.unit_id == org.root().id)
    return {(entry.no, entry.year): entry for entry in db.session.scalars(query)}


def entry(actor: Actor, entry_id: int) -> TargetEntry:
    """One visible value. Raises NotVisible."""
    return one(TargetEntry, actor, TargetEntry.id == entry_id)


def sees_commune(actor: Actor) -> bool:
    """Whether the actor's reach holds the whole commune, whose values they are."""
    return actor.reach().covers(org.root().path)


def entered(actor: Actor, year: int, on: dt.date | None = None) -> list[Entered]:
    """Every entered target of a year, in one statement. Raises RuleBroken as `reference_day`."""
    day = reference_day(year, on)
    years = term_years(day)
    found = entries(actor, {*(y for y in years if y <= year), year})
    return [judged(no, year, day, found, years) for no in entered_on(day)]


def judged(no: str, year: int, day: dt.date, found: dict[tuple[str, int], TargetEntry], years: range) -> Entered:
    """One target of a year, judged on the day by the threshold in force on it."""
    rule, own = threshold(no, day), found.get((no, year))
    label, unit, _measure = named(no, day, book())
    if own is not None and own.measured_in != unit:
        own = None  # the number stood for something else when that was entered
    value, averaged = own.value if own else None, None
    if own is not None and rule is not None and rule.period == "MEAN":
        values = [found[no, y].value for y in years if y <= year and (no, y) in found and found[no, y].measured_in == unit]
        value, averaged = sum(values, Decimal(0)) / len(values), len(values)
    met = rule.is_met(value) if rule is not None and value is not None else None
    base = base_of(no, day)
    return Entered(no, year, rule, own, value, met, state(rule, met, day, years[-1]), base[1] if base else None, label, unit, averaged)


def base_of(no: str, day: dt.date) -> tuple[int, Decimal] | None:
    """The year and the value from which the path to the target starts: what its resolution says, or what the report gives of the
    term before the shipped one, for a number of the same kind; None where neither gives any."""
    rule, shipped = threshold(no, day), term_years(FORMER)[-1]
    if rule is not None and rule.start is not None:
        return rule.start[0], rule.start[1]
    found = baseline(no, FORMER)
    if found is None or term_years(day)[0] > shipped or unit_of(no, day) != unit_of(no, FORMER):
        return None
    return term_years(day)[0] - 1, Decimal(str(found.required))


def groups(found: Sequence[Entered]) -> list[Group]:
    """The targets with their parts: met when all are, not enough data when one has none, else as the worst of them."""
    told = []
    for no, parts in groupby(found, key=lambda one: group(one.no)):
        own = list(parts)
        states = {one.state for one in own}
        worst = next(s for s in (State.NO_DATA, State.NOT_MET, State.NOT_DUE, State.MET) if s in states)
        told.append(Group(no, own[0].label.split(":")[0], own, worst))
    return told


def entered_json(actor: Actor, year: int, on: dt.date | None = None) -> list[dict[str, Any]]:
    """The entered targets in the plain form that the command line prints. Raises RuleBroken as `reference_day`."""
    day = reference_day(year, on)
    return [
        {
            "no": one.no, "name": one.label, "kind": "entered", "value": None if one.value is None else float(one.value),
            "unit": one.unit, "threshold": float(one.rule.value) if one.rule else None,
            "comparator": one.rule.comparator if one.rule else None, "met": one.met, "state": one.state.value, "on": day.isoformat(),
            "period": str(year), "citation": one.rule.cite.text if one.rule else None,
            "source": one.entry.source if one.entry else None, "paper": one.entry.paper if one.entry else None,
        }
        for one in entered(actor, year, on)
    ]  # fmt: skip


class Cell(NamedTuple):
    """A target in a year of the term: what was reached, what the path needs, and how far that is.

    `mean` is what is judged where that is the mean up to the year, `averaged` the number of years that it is of.
    """

    year: int
    value: Decimal | None
    need: Decimal | None
    state: State | None  # None of a year to come
    on_path: bool | None
    mean: Decimal | None = None
    averaged: int | None = None


class Line(NamedTuple):
    """A target through the term; `base` is what the report gives of the former one."""

    no: str
    label: str
    rule: Threshold | None
    unit: str
    base: Decimal | None
    cells: list[Cell]

    @property
    def base_text(self) -> str:
        """What the report gives of the former term."""
        return fmt_value(self.base, self.unit)


def path_of(
    no: str, rule: Threshold | None, values: dict[int, tuple[Decimal | None, State]], years: range, day: dt.date, on: dt.date,
    means: Mapping[int, tuple[Decimal, int]] | None = None,
) -> Line:  # fmt: skip
    """The line of one target: the path runs from the last value on record to the threshold.

    Of a year that is over, the path is the one that was needed from the value before it; the former term's stands before the first.
    `day` is today, `on` the day of which the targets are; `means` are year -> (mean up to it, of how many years), for a target of which
    the mean is judged.
    """
    label, unit, _measure = named(no, on, book())
    base = base_of(no, on)
    known = {year: value for year, (value, _state) in values.items() if value is not None}
    cells = []
    for year in years:
        value, standing = values.get(year, (None, State.NO_DATA))
        before = [one for one in known if one < year]
        start = (max(before), known[max(before)]) if before else base
        need = needed(rule, start, year, years[-1]) if rule else None
        ahead = None if value is None or need is None or rule is None else dataclasses.replace(rule, value=need).is_met(value)
        mean, averaged = (means or {}).get(year, (None, None))
        cells.append(Cell(year, value, need, standing if year <= day.year else None, ahead, mean, averaged))
    return Line(no, label, rule, unit, base[1] if base else None, cells)


def computed_state(result: Result, day: dt.date) -> State:
    """How far a computed target is on a day: what has until 2030 is not due before."""
    return state(threshold(result.no, day), result.met, day, term_years(day)[-1])


def not_due(result: Result) -> bool:
    """Whether a computed target is not reached and need not be yet."""
    return result.no != TERM and computed_state(result, result.on) is State.NOT_DUE
