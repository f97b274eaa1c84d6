"""The one door to the targets' thresholds and to the terms: the shipped law with the office's resolutions laid over it.

The law is the same for everybody, so nothing here asks who looks. It is read in one statement, and kept in the session until something is
written or the transaction ends.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from ..db import db
from ..rulebook import resolution as rules
from ..rulebook import targets
from ..rulebook.book import InForce, Rulebook
from ..rulebook.targets import Threshold
from ..rulebook.timeline import NotInForce, Timeline
from .models import Resolution, ResolutionTarget

_KEPT = "rulebook with resolutions"


def book() -> Rulebook:
    """The rulebook in which every threshold and term is looked up; the shipped one itself where no resolution was entered."""
    kept: Rulebook | None = db.session.info.get(_KEPT)
    if kept is None:
        kept = db.session.info[_KEPT] = rules.overlay(one for _id, one in everything())
    return kept


def threshold(no: str, day: dt.date) -> Threshold | None:
    """The target of that number in force on a day; None where there is none, or no such number."""
    try:
        return targets.threshold(no, day, book())
    except (KeyError, NotInForce):
        return None


def counted(measure: str, day: dt.date) -> Threshold | None:
    """The target that this measure counts on a day, whatever its number; None where there is none."""
    try:
        return targets.counted(measure, day, book())
    except NotInForce:
        return None


def law_on(day: dt.date) -> list[InForce]:
    """Every value in force on a day, the office's targets among those of the shipped law, for the page "the law on a day"."""
    told = []
    for line in book().all_on(day):
        own = isinstance(line.value, Mapping) and "measure" in line.value
        told.append(dataclasses.replace(line, label=line.value["label"], unit=line.value["unit"]) if own else line)
    return [dataclasses.replace(line, value=_shown(line.value)) for line in told]


def timeline(key: str) -> Timeline[Any]:
    """Every provision of a key, as that page shows them. Raises KeyError for an unknown key."""
    found = book().timeline(key)
    return dataclasses.replace(
        found, provisions=tuple(dataclasses.replace(one, value=_shown(one.value)) for one in found.provisions)
    )  # fmt: skip


def _shown(value: Any) -> Any:
    """The value without what stands in the line beside it: a target's name, its unit, how it is counted and from where it starts."""
    if not isinstance(value, Mapping) or "measure" not in value:
        return value
    return {name: item for name, item in value.items() if name not in ("label", "unit", "measure", "start")}


def everything() -> list[tuple[int, rules.Resolution]]:
    """Every resolution with its targets, by its id, in the order in which they were entered; one statement."""
    query = (
        sa.select(Resolution, ResolutionTarget)
        .outerjoin(ResolutionTarget, ResolutionTarget.resolution_id == Resolution.id)
        .order_by(Resolution.id, ResolutionTarget.id)
    )
    found: dict[int, tuple[Resolution, list[ResolutionTarget]]] = {}
    for one, target in db.session.execute(query):
        _one, own = found.setdefault(one.id, (one, []))
        if target is not None:
            own.append(target)
    return [(key, plain(one, own)) for key, (one, own) in found.items()]


def plain(one: Resolution, own: Sequence[ResolutionTarget] = ()) -> rules.Resolution:
    """A resolution as the rulebook knows it."""
    aims = tuple(aim(target) for target in own)
    return rules.Resolution(one.number, one.body, one.adopted_on, one.first_on, one.last_on, one.in_force_from, aims)


def aim(target: ResolutionTarget) -> rules.Aim:
    """A target as the rulebook knows it."""
    return rules.Aim(
        target.no, target.label, target.unit, target.measure, target.comparator, target.threshold, target.period, target.upper,
        target.due_on, target.article, target.baseline, target.baseline_year, target.baseline_source or "", target.withdrawn_on,
    )  # fmt: skip


@event.listens_for(Session, "after_flush")
def _written(session: Session, _context: UOWTransaction) -> None:
    session.info.pop(_KEPT, None)


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    session.info.pop(_KEPT, None)


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, _previous: Any) -> None:
    session.info.pop(_KEPT, None)
