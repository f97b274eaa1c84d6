"""What a cell meeting deals with: its usual points, votes on a resolution, and when a month is closed."""

from __future__ import annotations

from datetime import date, timedelta

from partyreg.rulebook.book import LAW, Rulebook, share
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.meeting import Kind


def agenda(kind: Kind, day: date, book: Rulebook = LAW) -> tuple[str, ...]:
    """Answer the usual points of a meeting of that kind, those of its month included; none before the first template (M-07).

    Governing day: the meeting. Source: 42-HD/BTCTW; the words are local.
    """
    usual = book.find("meeting.agenda", day)
    if usual is None:
        return ()
    points = tuple(usual.required[kind.name])
    special = book.find("meeting.agenda_of_month", day)
    if kind is not Kind.REGULAR or special is None:
        return points
    added = special.required.get(str(day.month))
    return (*points, added) if added else points


def reminded_until(day: date, book: Rulebook = LAW) -> date:
    """Answer the last day whose terms stand on the agenda of a meeting on `day`. Governing day: the meeting. A custom of the register."""
    rule = book.find("meeting.agenda_ahead_days", day)
    return day + timedelta(days=rule.required if rule else 0)


def closes_on(held_on: date, book: Rulebook = LAW) -> date | None:
    """Answer the last day on which a cell corrects a meeting itself; None where the register closes no months.

    Governing day: the meeting. No law of the Party says so: it keeps figures that were reported from changing unseen.
    """
    rule = book.find("meeting.month_closes_day", held_on)
    if rule is None:
        return None
    first = add_months(held_on.replace(day=1), 1)
    return min(first + timedelta(days=rule.required - 1), add_months(first, 1) - timedelta(days=1))


def resolution(in_favour: int, against: int, blank: int, present: int, counted: int, day: date, book: Rulebook = LAW) -> Finding:
    """Answer whether a vote carries: more than the share of all full members who count, not of those present (O-17).

    Counts are persons. More votes than people block; a vote that falls short only warns, since it is a result like another.
    Governing day: the meeting. Source: 294-QĐ/TW 9.3.
    """
    cast = in_favour + against + blank
    facts: dict[str, object] = {"in_favour": in_favour, "cast": cast, "present": present, "counted": counted}
    if min(in_favour, against, blank) < 0:
        return judged("vote.negative", "in_favour", Severity.BLOCK, msg("Số phiếu không thể là số âm."), None, **facts)
    if cast > present:
        text = msg("Tổng số phiếu (%(cast)s) lớn hơn số đảng viên chính thức có mặt (%(present)s). Kiểm tra lại số phiếu hoặc điểm danh.")
        return judged("vote.too_many", "in_favour", Severity.BLOCK, text, None, **facts)
    rule = book.find("meeting.resolution_share", day)
    if rule is None:
        text = msg("Tán thành %(in_favour)s phiếu trên %(counted)s đảng viên chính thức được tính.")
        return judged("vote.noted", "in_favour", Severity.OK, text, None, **facts)
    if in_favour <= share(rule) * counted:
        text = msg(
            "Tán thành %(in_favour)s trên %(counted)s đảng viên chính thức được tính; phải quá %(share)s mới được thông qua nên không được "
            "thông qua."
        )
        facts["share"] = rule.required
        return judged("vote.short", "in_favour", Severity.WARN, text, rule.citation, **facts)
    text = msg("Tán thành %(in_favour)s trên %(counted)s đảng viên chính thức được tính: được thông qua.")
    return judged("vote.carried", "in_favour", Severity.OK, text, rule.citation, **facts)
