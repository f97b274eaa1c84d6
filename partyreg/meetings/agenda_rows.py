"""The points of a meeting and the tasks it gave, as rows: judged, then written by the deeds that log and correct a meeting."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from ..audit import insert_rows
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date
from ..rulebook.finding import Finding, Severity
from ..rulebook.meeting_agenda import resolution
from . import agenda_queries
from .models import Meeting, MeetingItem, MeetingTask


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda; the three numbers of a vote (persons) are given together or not at all."""

    title: str
    notes: str | None = None
    conclusion: str | None = None
    in_favour: int | None = None
    against: int | None = None
    blank: int | None = None

    @property
    def is_voted(self) -> bool:
        """Whether there was a vote."""
        return self.in_favour is not None


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """A task that the meeting gives; `id` names one that it gave before."""

    title: str
    person_id: int | None = None
    due_on: dt.date | None = None
    id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """How an earlier task ended: done, or dropped with the reason."""

    is_done: bool
    text: str | None = None


def refusal(code: str, field: str, message: str) -> Finding:
    """What a deed of meetings is refused for, at that field."""
    return Finding(code=code, field=field, severity=Severity.BLOCK, message=message)


def faults(
    points: Sequence[Point], given: Sequence[Given], closing: Mapping[int, Outcome], *, held_on: dt.date, known: set[int],
    present: int, counted: int,
) -> list[Finding]:  # fmt: skip
    """What cannot be of points, tasks and endings; fields are named as the form names them, counting from 1.

    `known` are the people on the list, `present` and `counted` the full members who were there and who count.
    """
    found: list[Finding] = []
    for number, point in enumerate(points, 1):
        votes = (point.in_favour, point.against, point.blank)
        if any(one is None for one in votes) and any(one is not None for one in votes):
            text = _("Ghi đủ ba số tán thành, không tán thành, phiếu trắng, hoặc để trống cả ba.")
            found.append(refusal("item.vote_half", f"item-{number}-in_favour", text))
        elif point.in_favour is not None:
            said = resolution(point.in_favour, point.against or 0, point.blank or 0, present, counted, held_on)
            if said.blocks:
                found.append(dataclasses.replace(said, field=f"item-{number}-in_favour"))
    for number, task in enumerate(given, 1):
        if task.person_id is not None and task.person_id not in known:
            text = _("Người được giao không thuộc danh sách chi bộ ngày họp. Hãy chọn người trong danh sách.")
            found.append(refusal("task.not_on_roll", f"task-{number}-person", text))
        if task.due_on is not None and task.due_on < held_on:
            text = _("Hạn làm xong trước ngày họp (%(day)s). Kiểm tra lại ngày.", day=fmt_date(held_on))
            found.append(refusal("task.due_early", f"task-{number}-due", text))
    for task_id, outcome in closing.items():
        if not outcome.is_done and not outcome.text:
            found.append(refusal("task.no_reason", f"outcome-{task_id}", _("Ghi lý do không làm nữa.")))
    return found


def write_points(meeting: Meeting, points: Sequence[Point]) -> bool:
    """The meeting has exactly these points, in this order; answers whether that changed anything."""
    rows = agenda_queries.points([meeting.id])[meeting.id]
    differs = len(rows) != len(points)
    for row, point in zip(rows, points, strict=False):
        for name, value in dataclasses.asdict(point).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                differs = True
    for row in rows[len(points) :]:
        db.session.delete(row)
    new = [
        {"meeting_id": meeting.id, "position": number, **dataclasses.asdict(point)}
        for number, point in enumerate(points, 1)
        if number > len(rows)
    ]
    insert_rows(MeetingItem, new)
    return differs


def told(point: Point | MeetingItem) -> str:
    """A point in one line, with all that was written about it."""
    votes = f"{point.in_favour}/{point.against}/{point.blank}" if point.in_favour is not None else None
    return " · ".join(part for part in (point.title, point.notes, point.conclusion, votes) if part)


def write_tasks(meeting: Meeting, given: Sequence[Given], dropped: Collection[int] = ()) -> bool:
    """The meeting gave these tasks, and no more the open ones among `dropped`. Answers whether that changed anything.

    A task that was closed meanwhile stays as it is, and so does one of which the sender has not heard. Raises Conflict for a
    task that the meeting has no more.
    """
    rows = agenda_queries.given_by(meeting)
    given = _known_again(rows, given)
    named = {task.id for task in given if task.id is not None}
    if not named <= set(rows):
        raise Conflict(_("Nhiệm vụ của buổi này vừa được người khác sửa. Hãy xem lại rồi làm lại."))
    differs = False
    for task in given:
        row = rows.get(task.id or 0)
        if row is None or row.closed_on is not None:
            continue
        for name in ("title", "person_id", "due_on"):
            if getattr(row, name) != getattr(task, name):
                setattr(row, name, getattr(task, name))
                differs = True
    for key, row in rows.items():
        if key in dropped and key not in named and row.closed_on is None:
            db.session.delete(row)
            differs = True
    new = [
        {"meeting_id": meeting.id, "title": task.title, "person_id": task.person_id, "due_on": task.due_on, "is_done": False, "version": 1}
        for task in given
        if task.id is None
    ]
    insert_rows(MeetingTask, new)
    return differs or bool(new)


def _known_again(rows: Mapping[int, MeetingTask], given: Sequence[Given]) -> list[Given]:
    """The tasks, where one that a form wrote anew is the same as one on record, by that one's key: it is not given twice."""
    named = {task.id for task in given}
    free = {(row.title, row.person_id, row.due_on): key for key, row in rows.items() if key not in named}
    return [
        task if task.id is not None else dataclasses.replace(task, id=free.pop((task.title, task.person_id, task.due_on), None))
        for task in given
    ]


def close_tasks(open_tasks: Sequence[MeetingTask], closing: Mapping[int, Outcome], on: dt.date) -> None:
    """The named tasks of these are closed on that day; one that is not among them was closed by somebody else and stays so."""
    for task in open_tasks:
        if outcome := closing.get(task.id):
            task.closed_on, task.is_done, task.outcome = on, outcome.is_done, outcome.text


def broken(found: list[Finding]) -> None:
    """Raises RuleBroken with what was found, if anything was."""
    if found:
        raise RuleBroken(found)
