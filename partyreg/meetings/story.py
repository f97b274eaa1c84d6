"""A meeting's history in words: who changed what, when, from what to what."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..audit import AuditEntry
from ..i18n import _, fmt_date, label, lazy
from . import queries
from .actions import titles
from .models import Attendance, MeetingKind
from .queries import MeetingPage


class Change(NamedTuple):
    """One thing that was changed; `old` is None where there was nothing before."""

    what: str
    old: str | None
    new: str | None


class Chapter(NamedTuple):
    """One deed on the meeting."""

    at: dt.datetime
    who: str
    title: str
    changes: list[Change]


def story(entries: Iterable[AuditEntry], meeting: MeetingPage) -> list[Chapter]:
    """The deeds on a meeting, newest first, with the people by name."""
    told = [(entry, json.loads(entry.payload) if entry.payload else []) for entry in entries]
    attender = {one.id: one.member_id for one in meeting.attendance}
    people = {one.member_id: one.name for one in meeting.attendance}
    mentioned: set[int] = set()
    for _entry, rows in told:
        for row in rows:
            values = row["values"]
            if row["table"] == "meeting_attendance" and "member_id" in values:
                attender[row["id"]] = values["member_id"][0]
            mentioned |= {i for key in _PEOPLE for i in values.get(key, ()) if isinstance(i, int)}
    unknown = (mentioned | set(attender.values())) - set(people)
    if unknown:
        people |= queries.names(unknown)
    return [_chapter(entry, rows, attender, people) for entry, rows in told]


_PEOPLE = ("chair_id", "minute_taker_id", "person_id")


def _chapter(entry: AuditEntry, rows: list[dict[str, Any]], attender: dict[int, int], people: dict[int, str]) -> Chapter:
    changes: list[Change] = []
    listed = 0
    for row in rows:
        values = row["values"]
        if row["table"] in _LINES and entry.deed != "meetings.log":
            changes += _point(row["table"], row["verb"], values, people)
        elif row["table"] == "meeting" and row["verb"] == "update":
            changes += [_fact(key, title, values[key], people) for key, title in titles().items() if key in values]
        elif row["table"] == "meeting_attendance":
            name = people.get(attender.get(row["id"], 0), _("một đảng viên"))
            if row["verb"] == "insert" and entry.deed == "meetings.log":
                listed += 1
            elif row["verb"] == "update":
                changes += _line(name, values)
            else:
                mark = _mark(values.get("status", [None])[0])
                changes.append(Change(name, None, mark) if row["verb"] == "insert" else Change(name, mark, None))
    if entry.payload is None:
        title = _("Nội dung đã được xóa theo quy định")
    elif entry.deed == "meetings.log":
        title = _("Ghi buổi sinh hoạt, điểm danh %(number)s đảng viên", number=listed)
    else:
        title = _("Sửa")
    return Chapter(entry.at, entry.actor, title, changes)


#: Tables of points and tasks -> what one of their rows is called.
_LINES = {"meeting_item": lazy("Mục"), "meeting_task": lazy("Nhiệm vụ")}
_TOLD = ("title", "notes", "conclusion", "in_favour", "against", "blank", "person_id", "due_on", "closed_on", "outcome")


def _point(table: str, verb: str, values: dict[str, list[Any]], people: dict[int, str]) -> list[Change]:
    """A point or task that came, went or was changed; an inserted row has its new values only, a deleted one its old ones."""
    what = str(_LINES[table])
    if verb != "update":
        title = str(values.get("title", [""])[0])
        return [Change(what, None, title) if verb == "insert" else Change(what, title, None)]
    pairs = [[people.get(one, one) if name == "person_id" else one for one in values[name]] for name in _TOLD if name in values]
    return [Change(what, *(None if value is None else str(value) for value in pair)) for pair in pairs]


def _fact(key: str, title: str, pair: list[Any], people: dict[int, str]) -> Change:
    old, new = (_word(key, value, people) for value in pair)
    return Change(title, old, new)


def _word(key: str, value: Any, people: dict[int, str]) -> str | None:
    if value is None:
        return None
    if key in _PEOPLE:
        return people.get(value, str(value))
    if key == "kind":
        return label(MeetingKind(value))
    if key == "held_on":
        return fmt_date(dt.date.fromisoformat(value))
    return str(value)


def _line(name: str, values: dict[str, list[Any]]) -> list[Change]:
    changes = []
    if "status" in values:
        old, new = values["status"]
        changes.append(Change(name, _mark(old), _mark(new)))
    if "reason" in values:
        old, new = values["reason"]
        changes.append(Change(_("%(name)s – lý do", name=name), old, new))
    return changes


def _mark(value: str | None) -> str | None:
    return label(Attendance(value)) if value else None
