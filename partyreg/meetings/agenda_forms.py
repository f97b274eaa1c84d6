"""The shape of what is typed about points and tasks: numbered lines, read from the same form as the meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..forms import one_line, paragraphs, read_day, whole_number
from ..i18n import _, cited, fmt_date, said
from ..rulebook.finding import Finding
from .agenda_queries import Task
from .agenda_rows import Given, Outcome, Point
from .models import MeetingItem

#: How many lines a form may have; what is sent beyond is not read.
MOST = 40
TITLE, LONG_TEXT, OUTCOME = 300, 20_000, 300
VOTES = ("in_favour", "against", "blank")


class Line:
    """One numbered line of the form: what was typed, by part, and what is wrong with it."""

    def __init__(self, number: int, **typed: Any) -> None:
        self.number = number
        self.typed = {name: "" if value is None else str(value) for name, value in typed.items()}
        self.errors: dict[str, list[str]] = {}

    def wrong(self, part: str, text: str) -> None:
        """Note what is wrong with a part."""
        self.errors.setdefault(part, []).append(text)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it."""
        return not any(self.typed.values())


def _clean(value: str | None, most: int, line: Line, part: str, long: bool = False) -> str:
    text = (paragraphs(value) if long else one_line(value)) or ""
    text = text.replace("\x00", "")
    if len(text) > most:
        line.wrong(part, _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=most))
    return text


def _count(line: Line, part: str) -> int | None:
    text = line.typed[part]
    if not text:
        return None
    number = whole_number(text)
    if not number and text.strip("0"):
        line.wrong(part, _("Phải là số nguyên, ví dụ 27."))
    return number


def _day(line: Line, part: str) -> dt.date | None:
    try:
        return read_day(line.typed[part]) if line.typed[part] else None
    except ValueError as error:
        line.wrong(part, str(error))
        return None


class Agenda:
    """Points, tasks given and earlier tasks of one form; empty lines at the end wait to be filled."""

    def __init__(self, points: list[Line], tasks: list[Line], earlier: list[tuple[Task, Line]]) -> None:
        self.points, self.tasks, self.earlier = points, tasks, earlier
        self.dropped: set[int] = set()  # tasks that the form showed and whose line was emptied
        self.facts: tuple[list[Point], list[Given], dict[int, Outcome]] = ([], [], {})  # of what was typed, as the deeds take them

    @classmethod
    def proposed(cls, titles: Iterable[str], earlier: Iterable[Task]) -> Agenda:
        """A fresh one: the points that the agenda begins with."""
        points = [Line(number, **_point(title)) for number, title in enumerate(titles, 1)][:MOST]
        return cls(points, [], [_earlier(task) for task in earlier])

    @classmethod
    def of(cls, items: Sequence[MeetingItem], given: Sequence[Task], earlier: Iterable[Task] = ()) -> Agenda:
        """What is on record of a meeting."""
        points = [
            Line(number, **_point(one.title, one.notes, one.conclusion, one.in_favour, one.against, one.blank))
            for number, one in enumerate(items, 1)
        ]
        tasks = [
            Line(number, title=one.title, person=one.person_id, due=fmt_date(one.due_on), id=one.id) for number, one in enumerate(given, 1)
        ]
        return cls(points, tasks, [_earlier(task) for task in earlier])

    @classmethod
    def typed(cls, sent: Mapping[str, str], earlier: Iterable[Task]) -> Agenda:
        """What was sent, judged line by line; lines without a word are left out."""
        points: list[Line] = []
        tasks: list[Line] = []
        dropped: set[int] = set()
        for number in range(1, MOST + 1):
            line = Line(len(points) + 1)
            for part in ("title", "notes", "conclusion", *VOTES):
                is_long = part in ("notes", "conclusion")
                line.typed[part] = _clean(sent.get(f"item-{number}-{part}"), LONG_TEXT if is_long else TITLE, line, part, is_long)
            if not line.is_empty:
                if not line.typed["title"]:
                    line.wrong("title", _("Ghi tên mục này, hoặc xóa nội dung đã ghi bên dưới."))
                points.append(line)
            task = Line(len(tasks) + 1)
            for part in ("title", "person", "due", "id"):
                task.typed[part] = _clean(sent.get(f"task-{number}-{part}"), TITLE, task, part)
            if task.typed["title"]:
                tasks.append(task)
            elif task.typed["id"] and not task.typed["due"]:
                dropped.add(whole_number(task.typed["id"]))
            elif task.typed["due"] or (task.typed["person"] and not task.typed["id"]):
                task.wrong("title", _("Ghi việc phải làm, hoặc bỏ trống cả dòng."))
                tasks.append(task)
        known = []
        for one in earlier:
            end = _earlier(one)[1]
            state = sent.get(f"end-{one.id}", "")
            end.typed = {
                "end": state if state in ("done", "dropped") else "",
                "outcome": _clean(sent.get(f"outcome-{one.id}"), OUTCOME, end, "outcome"),
            }
            known.append((one, end))
        found = cls(points, tasks, known)
        found.dropped, found.facts = dropped - {0}, found._read()
        return found

    def _read(self) -> tuple[list[Point], list[Given], dict[int, Outcome]]:
        """What was typed as facts; what cannot be read is noted beside its line."""
        points = [
            Point(
                line.typed["title"], line.typed["notes"] or None, line.typed["conclusion"] or None,
                *(_count(line, part) for part in VOTES),
            )
            for line in self.points
        ]  # fmt: skip
        given = [
            Given(
                line.typed["title"], whole_number(line.typed["person"]) or None, _day(line, "due"), whole_number(line.typed["id"]) or None
            )
            for line in self.tasks
        ]
        closing = {
            task.id: Outcome(line.typed["end"] == "done", line.typed["outcome"] or None) for task, line in self.earlier if line.typed["end"]
        }
        return points, given, closing

    @property
    def bare_titles(self) -> list[str] | None:
        """The titles of the points, where nothing else was typed about any; None where something was."""
        if any(value for line in self.points for part, value in line.typed.items() if part != "title"):
            return None
        return [line.typed["title"] for line in self.points]

    def instead(self, titles: Iterable[str]) -> Agenda:
        """The same tasks and endings, with other points, none of which says more than its title."""
        found = Agenda([Line(number, **_point(title)) for number, title in enumerate(titles, 1)][:MOST], self.tasks, self.earlier)
        found.dropped, found.facts = self.dropped, found._read()
        return found

    @property
    def is_valid(self) -> bool:
        """Whether no line has an error."""
        return not any(line.errors for line in (*self.points, *self.tasks, *(line for _task, line in self.earlier)))

    def show(self, findings: Iterable[Finding]) -> list[Finding]:
        """Put each finding about a line beside it; the others are given back."""
        places = {f"item-{line.number}-{part}": (line, part) for line in self.points for part in line.typed}
        places |= {f"task-{line.number}-{part}": (line, part) for line in self.tasks for part in line.typed}
        places |= {f"outcome-{task.id}": (line, "outcome") for task, line in self.earlier}
        rest = []
        for finding in findings:
            if place := places.get(finding.field or ""):
                source = f" ({cited(finding.cite)})" if finding.cite else ""
                place[0].wrong(place[1], said(finding) + source)
            else:
                rest.append(finding)
        return rest

    def spare(self, points: int = 1, tasks: int = 1) -> Agenda:
        """The same with so many empty lines after the filled ones, for the page."""
        more = [Line(len(self.points) + extra, **_point("")) for extra in range(1, points + 1)]
        work = [Line(len(self.tasks) + extra, title="", person="", due="", id="") for extra in range(1, tasks + 1)]
        return Agenda([*self.points, *more][:MOST], [*self.tasks, *work][:MOST], self.earlier)


def _point(
    title: str, notes: str | None = None, conclusion: str | None = None, in_favour: int | None = None, against: int | None = None,
    blank: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {"title": title, "notes": notes, "conclusion": conclusion, "in_favour": in_favour, "against": against, "blank": blank}


def _earlier(task: Task) -> tuple[Task, Line]:
    return task, Line(task.id, end="", outcome="")
