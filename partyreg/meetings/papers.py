"""The papers of a logged meeting: minutes, attendance list, resolution, and the minute book of a cell's year.

They are renderings of the record as it stands: nothing is issued, numbered or kept, and a corrected meeting gives a corrected
paper. What a paper says is Vietnamese whatever the language of the page. The series of a resolution is dated law
(`law/paper.toml`); its number is the cell's own to write, so … stands in its place.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .. import papers
from ..access import Actor
from ..i18n import LABELS, fmt_date, lazy
from ..members.models import Title
from ..org import queries as org
from ..org.models import Unit
from ..rulebook.book import LAW
from ..rulebook.meeting_agenda import resolution
from . import paper_queries
from .agenda_queries import Task
from .models import Attendance, MeetingItem, MeetingKind
from .paper_queries import Work
from .queries import Attender, MeetingPage

Facts = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper: its title, its master, and how its file is called."""

    title: Any
    master: str
    stem: str

    @property
    def written(self) -> str:
        """The title as the paper bears it, in Vietnamese."""
        return str(self.title.text)


KINDS: Mapping[str, PaperKind] = MappingProxyType(
    {
        "minutes": PaperKind(lazy("Biên bản sinh hoạt chi bộ"), "meeting_minutes", "bien-ban"),
        "attendance": PaperKind(lazy("Danh sách điểm danh"), "meeting_attendance", "danh-sach-diem-danh"),
        "resolution": PaperKind(lazy("Nghị quyết của chi bộ"), "meeting_resolution", "nghi-quyet"),
        "tasks": PaperKind(lazy("Danh sách nhiệm vụ"), "meeting_tasks", "danh-sach-nhiem-vu"),
    }
)
BOOK = PaperKind(lazy("Sổ biên bản sinh hoạt"), "meeting_book", "so-bien-ban")

#: What a meeting may leave unsaid: the master writes the words only where the fact is there.
OPTIONAL = frozenset({"venue", "length", "topic", "guests", "taker", "counting_rule", "sign"})


def offered(meeting: MeetingPage, work: Work) -> dict[str, PaperKind]:
    """The papers that the meeting gives; a resolution only where conclusions were written, a list of tasks where it gave some."""
    given = {"minutes", "attendance"}
    if _resolved_on(meeting, work):
        given.add("resolution")
    if work.tasks:
        given.add("tasks")
    return {name: kind for name, kind in KINDS.items() if name in given}


def paper(actor: Actor, meeting: MeetingPage, kind: str, work: Work) -> bytes:
    """The paper of that kind as a Word file; `meeting` and `work` are from `paper_queries`, and offer the kind."""
    facts = _head(meeting.unit_name) | _facts(meeting, work)
    if kind == "attendance":
        facts |= {"lines": [_line(number, one) for number, one in enumerate(meeting.attendance, 1)]}
    elif kind == "tasks":
        facts |= {"lines": [_task(number, one) for number, one in enumerate(work.tasks, 1)], "task_count": str(len(work.tasks))}
    elif kind == "resolution":
        facts |= _resolved(actor, meeting) | {"conclusions": _resolved_on(meeting, work)}
    title = f"{KINDS[kind].written} – {meeting.unit_name}, {fmt_date(meeting.held_on)}"
    return papers.render(KINDS[kind].master, facts, title=title, author=meeting.unit_name, on=meeting.held_on)


def book(unit: Unit, year: int, meetings: list[MeetingPage], work: Mapping[int, Work]) -> bytes:
    """The minutes of a cell's year in one Word file: cover, contents, and each meeting from a new page on, in order."""
    facts = _head(unit.name) | {
        "year": str(year),
        "count": str(len(meetings)),
        "meetings": [{"number": str(number), **_facts(one, work[one.id])} for number, one in enumerate(meetings, 1)],
    }
    title = f"{BOOK.written} – {unit.name}, {year}"
    return papers.render(BOOK.master, facts, title=title, author=unit.name, on=meetings[-1].held_on if meetings else None)


def _head(cell: str) -> Facts:
    root = org.root()
    committee = org.committee_name(root)
    return {
        "superior": committee.upper(), "organisation": cell.upper(), "committee": committee, "cell": cell,
        "place": org.place_name(root),
    }  # fmt: skip


def _facts(meeting: MeetingPage, work: Work) -> Facts:
    """What every paper may say of a meeting."""
    day = meeting.held_on
    about = f"sinh hoạt chi bộ {_words(meeting.kind).lower()}"
    if meeting.kind is MeetingKind.REGULAR:
        about += f" tháng {day.month} năm {day.year}"
    numbers = {status.value: str(sum(one.status is status for one in meeting.attendance)) for status in Attendance}
    return {
        "date_text": f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}", "held_on": fmt_date(day), "about": about,
        "kind": _words(meeting.kind), "topic": meeting.topic, "venue": meeting.place, "guests": meeting.guests,
        "length": f"{meeting.minutes_long} phút" if meeting.minutes_long else None,
        "chair": meeting.chair, "taker": meeting.minute_taker, "total": str(len(meeting.attendance)),
        **numbers, "missing": _missing(meeting), "counted": str(meeting.counted), "counted_present": str(meeting.counted_present),
        "counting_rule": _counting_rule(day), "notes": _said(meeting, work), "conclusions": _concluded(meeting, work),
    }  # fmt: skip


def _said(meeting: MeetingPage, work: Work) -> list[str]:
    """What the minutes tell of the course: what was noted in general, then point by point, votes included."""
    lines = _paragraphs(meeting.notes)
    for number, point in enumerate(work.points, 1):
        lines += [f"Nội dung {number}: {point.title}.", *_paragraphs(point.notes)]
        if point.in_favour is not None:
            lines.append(
                f"Biểu quyết: tán thành {point.in_favour}, không tán thành {point.against}, phiếu trắng {point.blank}, "
                f"trên {meeting.counted} đảng viên chính thức được tính."
            )
    return lines


def _resolved_on(meeting: MeetingPage, work: Work) -> list[str]:
    """What stands in a resolution: what was concluded, less the points that were voted down."""
    return _concluded(meeting, Work([one for one in work.points if not _voted_down(meeting, one)], work.tasks))


def _voted_down(meeting: MeetingPage, point: MeetingItem) -> bool:
    if point.in_favour is None:
        return False
    votes = (point.in_favour, point.against or 0, point.blank or 0)
    return resolution(*votes, meeting.counted_present, meeting.counted, meeting.held_on).code == "vote.short"


def _concluded(meeting: MeetingPage, work: Work) -> list[str]:
    """What was concluded: in general, point by point, and who has to do what by when."""
    lines = _paragraphs(meeting.conclusions)
    for point in work.points:
        told = _paragraphs(point.conclusion)
        title = f"{point.title} (không được thông qua)" if _voted_down(meeting, point) else point.title
        lines += [f"{title}: {told[0]}", *told[1:]] if told else []
    for task in work.tasks:
        until = f", hạn {fmt_date(task.due_on)}" if task.due_on else ""
        lines.append(f"Phân công {'đồng chí ' + task.person if task.person else 'chi bộ'}: {task.title}{until}.")
    return lines


def _task(number: int, task: Task) -> Facts:
    outcome = ("Xong" if task.is_done else "Không làm nữa") + (f": {task.outcome}" if task.outcome else "") if task.closed_on else ""
    return {
        "number": str(number),
        "title": task.title,
        "person": task.person or "Cả chi bộ",
        "due": fmt_date(task.due_on),
        "outcome": outcome,
    }


def _missing(meeting: MeetingPage) -> list[Facts]:
    """Who was not there, by how she is noted: the names, each with the reason."""
    groups = []
    for status in (Attendance.EXCUSED, Attendance.ABSENT, Attendance.EXEMPT):
        names = [f"{one.name} ({one.reason})" if one.reason else one.name for one in meeting.attendance if one.status is status]
        if names:
            groups.append({"status": _words(status), "names": "; ".join(names)})
    return groups


def _counting_rule(day: dt.date) -> str | None:
    """The provision on who counts (A-19) that governs the day of the meeting; None where its text has not been verified."""
    rule = LAW.find("meeting.not_counted_absent", day)
    if rule is None or not rule.citation.is_verified:
        return None
    return ", ".join(filter(None, (rule.citation.instrument, rule.citation.article)))


def _line(number: int, one: Attender) -> Facts:
    return {
        "number": str(number), "name": one.name, "standing": _words(one.standing), "status": _words(one.status), "reason": one.reason or "",
    }  # fmt: skip


def _resolved(actor: Actor, meeting: MeetingPage) -> Facts:
    """Whoever chaired signs, by the office held on that day."""
    title = paper_queries.title_of(actor, meeting)
    series = LAW.find("paper.series_resolution", meeting.held_on)
    words = "CHI ỦY VIÊN" if title is Title.MEMBER else _words(title).upper() or "CHỦ TRÌ"
    return {"signer_title": words, "sign": f"…-{series.value}" if series else None}


def _paragraphs(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _words(member: enum.Enum | None) -> str:
    return str(LABELS[f"{type(member).__name__}.{member.value}"].text) if member else ""
