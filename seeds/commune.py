"""Enters the invented commune through the actions that people use, each deed on its own day. The caller commits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from partyreg import access, clock
from partyreg.access import Permission, Role
from partyreg.accounts import actions as accounts
from partyreg.accounts import passwords
from partyreg.org import actions as org
from partyreg.org.models import Unit, UnitKind

from . import books, checks, desk, discipline, figures, minutes, officials, places, planning, quick, sheets, training
from .gatherings import Rolls
from .invent import invent
from .plan import START, Plan

#: Deeds of one day in this order: what changes the rolls, then what is written from them.
PEOPLE, FILES, MEETINGS, RATINGS, LATEST = range(5)


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account, with the password to be shown once."""

    username: str
    full_name: str
    role: Role
    unit: str
    password: str


@dataclass(slots=True)
class Entered:
    """What is in the register so far: units by code, and ids of people by the plan's key."""

    units: dict[str, Unit]
    ids: dict[str, int]


Event = tuple[dt.date, int, Callable[[], Any]]


def load(today: dt.date, password: str | None = None) -> list[Account]:
    """The register, empty before, holds the demo commune up to that day; the accounts, all with one password.

    Without `password` a random one is made. Raises ValueError before 2025-07-01, RuleBroken for a weak password.
    """
    plan = invent(today)
    with clock.freeze(START):
        entered = Entered(found_units(), {})
        books.enter(plan, entered.units, entered.ids)
        given = _open_accounts(plan, entered, password or passwords.one_time())
        sheets.enter_past(plan, entered.units, entered.ids)
        discipline.enter_past(plan, entered.ids)
    for day, _order, deed in sorted(_events(plan, entered), key=lambda event: event[:2]):
        with clock.freeze(day):
            deed()
    return given


def found_units() -> dict[str, Unit]:
    """The former communes with their descent, the new one, and its cells, which keep their founding days."""
    actor = access.system("demo").using(Permission.UNITS_EDIT)
    root = org.found(actor, parent=None, kind=UnitKind.COMMUNE, code=places.ROOT, name=places.ROOT_NAME, founded_on=places.MERGED_ON)
    formers = [
        org.found(actor, parent=None, kind=UnitKind.COMMUNE, code=former.code, name=former.name, founded_on=former.founded_on)
        for former in places.FORMERS
    ]
    org.merge(actor, formers, root, places.MERGED_ON, places.MERGER_PAPER)
    units = {places.ROOT: root}
    for cell in places.CELLS:
        units[cell.code] = org.found(
            actor, parent=root, kind=cell.kind, code=cell.code, name=cell.name, founded_on=cell.founded_on, block=cell.block,
            village=cell.village,
        )  # fmt: skip
        former = next(one for one in formers if one.code == cell.former.code)
        org.record_descent(actor, units[cell.code], former, places.MERGED_ON, places.MERGER_PAPER)
    return units


def _open_accounts(plan: Plan, entered: Entered, password: str) -> list[Account]:
    actor = access.system("demo").using(Permission.ACCOUNTS_MANAGE)
    for login in plan.logins:
        person_id = entered.ids[login.person] if login.person else None
        user = accounts.add_user(actor, username=login.username, full_name=login.full_name, password=password, person_id=person_id)
        accounts.grant(actor, user, login.role, entered.units[login.unit], START)
    return [Account(login.username, login.full_name, login.role, login.unit, password) for login in plan.logins]


def _events(plan: Plan, entered: Entered) -> list[Event]:
    """What was done since the register began, each with its day."""
    units, ids = entered.units, entered.ids
    events: list[Event] = [(day, PEOPLE, deed) for day, deed in books.changes(plan, units, ids)]
    events += [(day, PEOPLE, deed) for day, deed in discipline.expulsions(plan, ids)]
    events += [(day, LATEST, deed) for day, deed in discipline.steps(plan, units, ids)]
    events += [(day, FILES, deed) for day, deed in desk.steps(plan, units, ids)]
    events += [(day, MEETINGS, deed) for day, deed in _minutes(plan, entered)]
    events += [(day, LATEST, deed) for day, deed in minutes.steps(plan, units)]
    events += [(day, LATEST, deed) for day, deed in officials.steps(plan, ids)]
    events += [(day, LATEST, deed) for day, deed in training.steps(plan, ids)]
    events += [(day, LATEST, deed) for day, deed in planning.steps(plan, ids)]
    events += [(day, LATEST, deed) for day, deed in checks.steps(plan, units, ids)]
    events += [(day, LATEST, deed) for day, deed in figures.steps(plan)]
    events += [(day, RATINGS, deed) for day, deed in sheets.steps(plan, units, ids)]
    return events


def _minutes(plan: Plan, entered: Entered) -> Iterator[tuple[dt.date, Callable[[], Any]]]:
    """Each cell's meetings: those of before the register at once, from its minute book; the others one by one."""
    actor, rolls = access.system("demo").using(Permission.MEETINGS_LOG), Rolls(plan.people)
    for cell in places.CELLS:
        held = [meeting for meeting in plan.meetings if meeting.cell == cell.code]
        unit, old = entered.units[cell.code], [meeting for meeting in held if meeting.logged_on <= START]
        yield START, partial(quick.log, actor, old, unit, rolls, entered.ids)
        for meeting in held[len(old) :]:
            yield meeting.logged_on, partial(quick.log, actor, [meeting], unit, rolls, entered.ids)
