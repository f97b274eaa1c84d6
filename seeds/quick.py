"""The same rows as `members.actions` and `meetings.actions` make, many at a time: tests compare both, rows and audit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from partyreg import clock
from partyreg.access import Actor
from partyreg.audit import deed, insert_rows
from partyreg.meetings.models import Attendance, Meeting, MeetingAttendance, MeetingItem, MeetingTask
from partyreg.members.models import Member, Person, Posting, PostingKind, Standing, StandingPeriod
from partyreg.names import fold, sort_key
from partyreg.org.models import Unit
from partyreg.rulebook.meeting import default_status

from .gatherings import Rolls
from .plan import Held, Invented

Units = Mapping[str, Unit]
Ids = dict[str, int]
Row = dict[str, Any]


def particulars(person: Invented) -> Row:
    """What the register keeps of a person, as `register_person` takes it."""
    return {
        "full_name": person.full_name, "sex": person.sex, "born_on": person.born_on, "ethnicity": person.ethnicity,
        "personal_number": person.personal_number, "birthplace": person.birthplace, "home_town": person.home_town,
        "residence": person.residence, "occupation": person.occupation, "schooling": person.schooling,
        "qualification": person.qualification, "theory": person.theory,
    }  # fmt: skip


def membership(person: Invented) -> Row:
    """A membership known from papers, as `enrol` takes it."""
    return {
        "decided_on": person.decided_on, "ceremony_on": person.ceremony_on,
        "full_on": None if person.recognised_on else person.full_on, "card_number": person.card_number,
        "file_number": person.file_number, "decision_number": person.decision_number,
    }  # fmt: skip


def enrol(people: list[Invented], units: Units) -> Ids:
    """These people are in the register, the members among them on the rolls; belongs in a deed. As `register_person` and `enrol`."""
    rows = [
        {
            "unit_id": units[person.cell].id, **particulars(person), "name_fold": " " + fold(person.full_name),
            "name_sort": sort_key(person.full_name),
        }
        for person in people
    ]  # fmt: skip
    ids = dict(zip([person.key for person in people], insert_rows(Person, rows), strict=True))
    members = [person for person in people if person.ceremony_on is not None]
    insert_rows(Member, [{"id": ids[person.key], **membership(person)} for person in members])
    insert_rows(StandingPeriod, [period for person in members for period in _standings(person, ids[person.key])])
    postings = [
        {
            "member_id": ids[person.key], "unit_id": units[person.cell].id, "kind": PostingKind.HOME,
            "started_on": person.posted_on or person.ceremony_on,
        }
        for person in members
    ]  # fmt: skip
    insert_rows(Posting, postings)
    return ids


def _standings(person: Invented, member_id: int) -> Iterable[Row]:
    full_on = membership(person)["full_on"]
    yield {"member_id": member_id, "standing": Standing.PROBATIONARY, "started_on": person.ceremony_on, "ended_on": full_on}
    if full_on is not None:
        yield {"member_id": member_id, "standing": Standing.FULL, "started_on": full_on, "ended_on": None}


@deed
def log(actor: Actor, meetings: Sequence[Held], unit: Unit, rolls: Rolls, ids: Ids) -> list[int]:
    """The cell's meetings are on record with an attendance line for everybody on their rolls. As `meetings.actions.log`."""
    made = insert_rows(Meeting, [_facts(held, unit, ids) for held in meetings])
    lines: list[Row] = []
    for meeting_id, held in zip(made, meetings, strict=True):
        missing = {key: (status, reason or None) for key, status, reason in held.missing}
        roll = rolls.of(held.cell, held.held_on)
        lines += ({"meeting_id": meeting_id, **_line(person, held, missing, ids)} for person in roll)
    insert_rows(MeetingAttendance, lines)
    held_as = list(zip(made, meetings, strict=True))
    insert_rows(MeetingItem, [
        {"meeting_id": key, "position": number, **dataclasses.asdict(point)}
        for key, held in held_as for number, point in enumerate(held.points, 1)
    ])  # fmt: skip
    insert_rows(MeetingTask, [
        {"meeting_id": key, "title": title, "person_id": ids[person], "due_on": due_on, "is_done": False, "version": 1}
        for key, held in held_as for title, person, due_on in held.given
    ])  # fmt: skip
    return made


def _facts(held: Held, unit: Unit, ids: Ids) -> Row:
    return {
        "unit_id": unit.id, "kind": held.kind, "held_on": held.held_on, "minutes_long": held.minutes_long, "place": held.place,
        "topic": held.topic, "chair_id": ids[held.chair], "minute_taker_id": ids[held.minute_taker], "notes": held.notes,
        "conclusions": held.conclusions, "logged_at": clock.now(),
    }  # fmt: skip


def _line(person: Invented, held: Held, missing: Mapping[str, tuple[Attendance, str | None]], ids: Ids) -> Row:
    day = held.held_on
    is_full = person.full_then(day) and (person.recognised_on is None or person.recognised_on <= held.logged_on)
    default = default_status(
        day, temporary_elsewhere=_elsewhere(person, held), exempt=person.exempt_on is not None and person.exempt_on <= day,
        suspended=person.suspended_on is not None and person.suspended_on <= day, is_full=is_full,
    )  # fmt: skip
    status, reason = missing.get(person.key, (Attendance(default.attendance.value), default.reason or None))
    counts = default.counts_if_present if status is Attendance.PRESENT else default.counts_if_absent
    is_guest = person.home_on(day) != held.cell
    return {"member_id": ids[person.key], "status": status, "is_counted": counts and not is_guest, "reason": reason}


def _elsewhere(person: Invented, held: Held) -> bool:
    return person.temporary is not None and person.temporary[1] <= held.held_on and person.home_on(held.held_on) == held.cell
