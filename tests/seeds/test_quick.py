"""What the demo enters many at a time is what the single actions make: the same rows, and the same in the audit."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg import access, clock
from partyreg.access import Permission
from partyreg.audit import AuditEntry, deed
from partyreg.db import Model, db
from partyreg.meetings import actions as meetings
from partyreg.meetings.agenda_rows import Given, Point
from partyreg.meetings.models import Meeting, MeetingAttendance, MeetingItem, MeetingTask
from partyreg.members import actions as members
from partyreg.members.models import Member, Person, Posting, StandingPeriod
from seeds import books, commune, quick
from seeds.gatherings import Rolls
from seeds.invent import invent
from seeds.plan import START, Plan

TODAY = dt.date(2026, 11, 24)
ACTOR = access.system("demo").using(Permission.MEMBERS_EDIT)
LOGGING = access.system("demo").using(Permission.MEETINGS_LOG)
_PEOPLE_KEYS = {"member_id", "chair_id", "minute_taker_id", "person_id"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return invent(TODAY)


@deed
def both_enrolled(actor, people, units, one_by_one):
    """The same people, by the quick way or by the actions."""
    if not one_by_one:
        return quick.enrol(people, units)
    ids = {}
    for person in people:
        unit = units[person.cell]
        row = members.register_person(actor, unit=unit, **quick.particulars(person))
        ids[person.key] = row.id
        if person.ceremony_on is not None:
            members.enrol(actor, person=row, unit=unit, posted_on=person.posted_on, **quick.membership(person))
    return ids


def _undone(work: Callable[[], Any]) -> Any:
    """What the work answers; the database is as before."""
    step = db.session.begin_nested()
    try:
        return work()
    finally:
        step.rollback()
        db.session.expunge_all()


def _rows(kind: type[Model], names: dict[int, str], *without: str) -> list[dict[str, Any]]:
    """The rows of a table, people by name, without what the database numbers."""
    table = kind.__table__
    found = [dict(row._mapping) for row in db.session.execute(sa.select(table))]
    is_person = kind in (Person, Member)
    for row in found:
        row["who"] = [names.get(row[key], "") for key in sorted(_PEOPLE_KEYS & row.keys())]
        row["self"] = names[row["id"]] if is_person else ""
        for key in ("id", "meeting_id", *_PEOPLE_KEYS, *without):
            row.pop(key, None)
    return sorted(found, key=repr)


def _recorded(names: dict[int, str], number: int) -> list[str]:
    """The changes in the last entries of the audit, people by name, in no order."""
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(number))
    changes = []
    for change in (change for entry in entries for change in json.loads(entry.payload or "[]")):
        values = {key: names[value[-1]] if key in _PEOPLE_KEYS else value for key, value in change["values"].items()}
        values.pop("meeting_id", None)
        values.pop("id", None)
        changes.append(json.dumps([change["table"], change["verb"], values], ensure_ascii=False, sort_keys=True))
    return sorted(changes)


def test_people_entered_together_are_as_if_registered_and_enrolled_one_by_one(app, plan):
    units = commune.found_units()
    people = [p for p in plan.people if p.cell in ("cb-bon", "cb-huoi-xanh") and (p.posted_on is None or p.posted_on <= START)]
    assert any(p.ceremony_on is None for p in people)
    assert any(p.recognised_on for p in people)

    def entered(one_by_one: bool) -> Any:
        def work() -> Any:
            ids = both_enrolled(ACTOR, people, units, one_by_one)
            names = {ids[p.key]: p.key for p in people}
            return [_rows(kind, names) for kind in (Person, Member, StandingPeriod, Posting)], _recorded(names, 1)

        return _undone(work)

    rows, audit = entered(one_by_one=False)
    singly, audited_singly = entered(one_by_one=True)
    assert rows == singly
    assert audit == audited_singly


def test_meetings_logged_together_are_as_if_logged_one_by_one(app, plan):
    with clock.freeze(START):
        units = commune.found_units()
        ids: dict[str, int] = {}
        books.enter(plan, units, ids)
        db.session.commit()
    held = [m for m in plan.meetings if m.cell == "cb-co-phat" and m.held_on < START]
    names = {number: key for key, number in ids.items()}
    assert len(held) > 20
    work = (("Thu đảng phí", held[-1].minute_taker, held[-1].held_on),)
    held[-1] = dataclasses.replace(held[-1], points=(Point("Thời sự"), Point("Nghị quyết", "Bàn", "Làm", 1, 0, 0)), given=work)

    def together() -> None:
        quick.log(LOGGING, held, units["cb-co-phat"], Rolls(plan.people), ids)

    def singly() -> None:
        for one in held:
            meetings.log(
                LOGGING, unit=units["cb-co-phat"], kind=one.kind, held_on=one.held_on, chair_id=ids[one.chair],
                minute_taker_id=ids[one.minute_taker], minutes_long=one.minutes_long, place=one.place, topic=one.topic,
                notes=one.notes, conclusions=one.conclusions,
                attendance={ids[key]: (status, reason or None) for key, status, reason in one.missing}, points=one.points,
                given=[Given(title, ids[person], due_on) for title, person, due_on in one.given],
            )  # fmt: skip

    def logged(way: Callable[[], None], entries: int) -> Any:
        def work() -> Any:
            with clock.freeze(START):
                way()
            tables = (Meeting, MeetingAttendance, MeetingItem, MeetingTask)
            return [_rows(table, names) for table in tables], _recorded(names, entries)

        return _undone(work)

    units = {code: db.session.merge(unit, load=False) for code, unit in units.items()}
    first = logged(together, 1)
    units = {code: db.session.merge(unit) for code, unit in units.items()}
    assert first == logged(singly, len(held))
