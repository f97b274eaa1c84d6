"""Training: which holders of which posts need which class, whether one had it, and how long a certificate is valid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.timeline import Citation


class CourseKind(StrEnum):
    """What a class is for; the law names some of them by these values in capitals."""

    AWARENESS = "awareness"
    NEW_MEMBER = "new_member"
    CELL_SECRETARIES = "cell_secretaries"
    VILLAGE_HEADS = "village_heads"
    VILLAGE_FRONTS = "village_fronts"
    DIGITAL = "digital"
    OFFICIALS = "officials"
    OTHER = "other"


class CourseResult(StrEnum):
    """How somebody on a class's list fared; only who finished it has been trained."""

    CALLED = "called"
    FINISHED = "finished"
    FAILED = "failed"
    AWAY = "away"


class Post(StrEnum):
    """The posts for whose holders a class may be required; each value is a key of the law, `training.<value>`."""

    CELL_SECRETARY = "cell_secretary"
    VILLAGE_HEAD = "village_head"
    VILLAGE_FRONT_HEAD = "village_front_head"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Who holds `post` on `last` must have finished a class of one of `kinds` that ended from `first` to `last`."""

    post: Post
    kinds: tuple[CourseKind, ...]
    first: date
    last: date
    cite: Citation


def counting_day(year: int, day: date, book: Rulebook = LAW) -> date:
    """Answer the day whose holders count for a year: the law's, or `day` where that comes first, within the year.

    Governing day: 31 December of the year. Source: the congress's resolution names no day; it is unverified. Before the rule, 31
    December.
    """
    last = date(year, 12, 31)
    rule = book.find("training.counting_day", last)
    return min(_of_year(rule.required, year) if rule else last, day)


def requirement(post: Post, year: int, day: date, book: Rulebook = LAW) -> Requirement | None:
    """Answer what holders of a post owe for a year, seen from `day`; None where nothing was required on the counting day.

    A yearly class counts when it ended in the year; one required once counts from the day that the rule names. Governing day: the
    counting day. Source: the congress's resolution 2025-2030, targets 23b and 25b.
    """
    last = counting_day(year, day, book)
    rule = book.find(f"training.{post.value}", last)
    if rule is None:
        return None
    value = rule.required
    first = value["since"] if value["period"] == "STATE" else date(year, 1, 1)
    kinds = tuple(CourseKind(code.lower()) for code in value["kinds"])
    return Requirement(post, kinds, first, last, rule.citation)


def trained_on(rule: Requirement, finished: Iterable[tuple[CourseKind, date]]) -> date | None:
    """Answer the last day of the latest class that meets the requirement; None where no finished class does.

    `finished` are the kinds and last days of the classes that she finished. Governing day: the requirement's.
    """
    return max((ended_on for kind, ended_on in finished if kind in rule.kinds and rule.first <= ended_on <= rule.last), default=None)


def judge(rule: Requirement, held_since: date, trained: date | None, book: Rulebook = LAW) -> Finding:
    """Answer whether the holder of a post has been trained; one who took it late in the year is told apart, and still counts.

    Governing day: the requirement's. Source: the congress's resolution 2025-2030; the day of the latecomers is unverified.
    """
    code, field = f"training.{rule.post.value}", "trained_on"
    if trained is not None:
        return judged(code, field, Severity.OK, msg("Đã học lớp kết thúc ngày %(on)s."), rule.cite, on=trained)
    late = book.find("training.newcomer_from", rule.last)
    if late is not None and _of_year(late.required, rule.last.year) <= held_since <= rule.last:
        text = msg("Mới nhận chức vụ từ %(since)s, chưa kịp học trong năm. Xếp vào lớp gần nhất.")
        return judged(f"{code}.newcomer", field, Severity.WARN, text, late.citation, since=held_since)
    text = msg("Chưa học lớp nào từ %(first)s đến %(last)s. Xếp vào lớp gần nhất.")
    return judged(code, field, Severity.WARN, text, rule.cite, first=rule.first, last=rule.last)


def certificate_end(kind: CourseKind, issued_on: date, book: Rulebook = LAW) -> date | None:
    """Answer the last day on which a class's certificate is valid; None where no term is known.

    The months stand under the key that the law names (the awareness class: that of admissions). Governing day: the issue.
    Source: 06-HD/TW 3.1.
    """
    rule = book.find("training.certificate_months", issued_on)
    key = rule.required.get(kind.value.upper()) if rule else None
    months = book.find(key, issued_on) if key else None
    return add_months(issued_on, months.required) if months else None


def _of_year(text: str, year: int) -> date:
    day, month = text.split("/")
    return date(year, int(month), int(day))
