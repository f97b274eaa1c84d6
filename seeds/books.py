"""Enters people: the books of the cells on the day the register began, and what happened to their members since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from partyreg import access
from partyreg.access import Actor, Permission
from partyreg.audit import deed
from partyreg.db import db
from partyreg.members import actions, admission_actions
from partyreg.members.models import AbeyanceKind, Exit, Member, Person
from partyreg.org.models import Unit

from . import quick
from .places import CELLS
from .plan import START, Invented, Office, Plan

Units = Mapping[str, Unit]
Ids = dict[str, int]

_EXIT_PAPERS = {
    Exit.EXPELLED: "Quyết định khai trừ",
    Exit.REMOVED: "Quyết định xóa tên",
    Exit.WITHDREW: "Quyết định cho ra khỏi Đảng",
    Exit.MOVED_AWAY: "Giấy giới thiệu chuyển sinh hoạt đảng",
}


def _actor() -> Actor:
    return access.system("demo").using(Permission.MEMBERS_EDIT)


def enter(plan: Plan, units: Units, ids: Ids) -> None:
    """Every cell's book as it stood when the register began is entered, one deed a cell, and its officers."""
    for cell in CELLS:
        people = [p for p in plan.people if p.cell == cell.code and (_in_book(p) or (p.ceremony_on is None and p.is_officer))]
        ids |= enter_book(_actor(), people, units)
    for office in plan.offices:
        if office.started_on <= START:
            _appoint(office, units, ids)


def _in_book(person: Invented) -> bool:
    return person.posted_on is not None and person.posted_on <= START


@deed
def enter_book(actor: Actor, people: list[Invented], units: Units) -> Ids:
    """These people are in the register, with what happened to them before it began."""
    ids = quick.enrol(people, units)
    for person in people:
        if person.ceremony_on is not None and _has_history(person):
            _history(actor, person, db.session.get_one(Member, ids[person.key]), units)
    return ids


def _has_history(person: Invented) -> bool:
    days = [day for day, _ in person.moves]
    days += [day for day in (person.exempt_on, person.left[1] if person.left else None) if day is not None]
    return any(day <= START for day in days)


def _history(actor: Actor, person: Invented, member: Member, units: Units) -> None:
    for day, code in person.moves:
        if day <= START:
            actions.transfer(actor, member, to=units[code], on=day, paper="Giấy giới thiệu chuyển sinh hoạt đảng")
    if person.exempt_on is not None and person.exempt_on <= START:
        _exempt(actor, member, person.exempt_on)
    if person.left is not None and person.left[1] <= START:
        actions.leave(actor, member, exit=person.left[0], on=person.left[1], paper=_EXIT_PAPERS.get(person.left[0]))


def _exempt(actor: Actor, member: Member, day: dt.date) -> None:
    kind, reason = AbeyanceKind.EXEMPTION, "Tuổi cao, sức yếu, có đơn đề nghị"
    actions.hold_in_abeyance(actor, member, kind=kind, on=day, reason=reason, paper="Nghị quyết chi bộ")


def _appoint(office: Office, units: Units, ids: Ids) -> None:
    person = db.session.get_one(Person, ids[office.person])
    position = actions.appoint(
        _actor(), person, unit=units[office.unit], body=office.body, title=office.title, on=office.started_on, term=office.term,
        paper=office.paper,
    )  # fmt: skip
    if office.ended_on is not None:
        actions.relieve(_actor(), position, on=office.ended_on)


def changes(plan: Plan, units: Units, ids: Ids) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """What happened to members after the register began: arrivals, recognitions, moves, abeyances, ways out."""
    for person in plan.people:
        # Whoever was admitted by a file since is recognised, and has her card, by that file; a newcomer with a card arrived from elsewhere.
        if person.posted_on is not None and person.posted_on > START and person.card_number:
            yield person.posted_on, partial(_arrive, person, units, ids)
        if person.recognised_on is not None and person.card_number:
            yield person.recognised_on, partial(_recognise, person, ids)
        yield from _later(person, units, ids)


def _later(person: Invented, units: Units, ids: Ids) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    for day, code in person.moves:
        if day > START:
            yield day, partial(_move, person, code, day, units, ids)
    if person.temporary is not None:
        yield person.temporary[1], partial(_away, person, units, ids)
    if person.suspended_on is not None:
        yield person.suspended_on, partial(_suspend, person, ids)
    # An expulsion is the end of a case: see `discipline`.
    if person.left is not None and person.left[1] > START and person.left[0] is not Exit.EXPELLED:
        yield person.left[1], partial(_leave, person, ids)


def _member(person: Invented, ids: Ids) -> Member:
    return db.session.get_one(Member, ids[person.key])


def _arrive(person: Invented, units: Units, ids: Ids) -> None:
    ids |= enter_book(_actor(), [person], units)


def _recognise(person: Invented, ids: Ids) -> None:
    assert person.full_on is not None  # noqa: S101 - the plan sets both days or none
    admission_actions.recognise(_actor(), _member(person, ids), person.full_on)


def _move(person: Invented, code: str, day: dt.date, units: Units, ids: Ids) -> None:
    paper = "Giấy giới thiệu chuyển sinh hoạt đảng nội bộ"
    actions.transfer(_actor(), _member(person, ids), to=units[code], on=day, paper=paper)


def _away(person: Invented, units: Units, ids: Ids) -> None:
    assert person.temporary is not None  # noqa: S101 - asked by the caller
    code, day = person.temporary
    actions.post_temporarily(_actor(), _member(person, ids), to=units[code], on=day, paper="Giấy giới thiệu sinh hoạt tạm thời")


def _suspend(person: Invented, ids: Ids) -> None:
    assert person.suspended_on is not None  # noqa: S101 - asked by the caller
    actions.hold_in_abeyance(
        _actor(), _member(person, ids), kind=AbeyanceKind.SUSPENSION, on=person.suspended_on, reason="Để xem xét dấu hiệu vi phạm",
        paper="Quyết định đình chỉ sinh hoạt đảng",
    )  # fmt: skip


def _leave(person: Invented, ids: Ids) -> None:
    assert person.left is not None  # noqa: S101 - asked by the caller
    how, day = person.left
    actions.leave(_actor(), _member(person, ids), exit=how, on=day, paper=_EXIT_PAPERS.get(how))
