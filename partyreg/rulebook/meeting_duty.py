"""What a cell owes: the regular meeting of a month, the thematic one of a quarter, papers before, the result after."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg

#: A month is owed, or was waived by the committee, or is none of the cell's: it did not live through it, or no law asked.
Duty = Literal["owed", "waived", "none"]


def owes_regular_meeting(founded_on: date, dissolved_on: date | None, year: int, month: int) -> bool:
    """Answer whether a cell owes a regular meeting in that month: it existed on every day of the month (M-01).

    `dissolved_on` is the first day without the cell. The months of founding and dissolution owe none, unless the
    cell was founded on the first day of the month. Source: Điều lệ Đảng, Điều 24.
    """
    first = date(year, month, 1)
    last = date(year, month, monthrange(year, month)[1])
    return founded_on <= first and (dissolved_on is None or dissolved_on > last)


def month_duty(
    founded_on: date, dissolved_on: date | None, year: int, month: int, is_waived: bool = False, book: Rulebook = LAW
) -> Duty:  # fmt: skip
    """Answer what a month is to a cell; each month is exactly one of the three.

    A month in which the cell owes nothing anyway is `none`, waived or not. Governing day: the last day of the month (M-01).
    """
    if regular_needed(year, month, book) == 0 or not owes_regular_meeting(founded_on, dissolved_on, year, month):
        return "none"
    return "waived" if is_waived else "owed"


def regular_needed(year: int, month: int, book: Rulebook = LAW) -> int:
    """Answer how many regular meetings that month asks of a cell. Governing day: the last day of the month (M-01)."""
    rule = book.find("meeting.regular_per_month", date(year, month, monthrange(year, month)[1]))
    return rule.required if rule is not None else 0


def quarter_of(day: date) -> tuple[int, int]:
    """Answer year and quarter (1 to 4) of a day."""
    return day.year, (day.month + 2) // 3


def months_of(quarter: int) -> range:
    """Answer the three months of a quarter."""
    return range(quarter * 3 - 2, quarter * 3 + 1)


def quarter_end(year: int, quarter: int) -> date:
    """Answer the last day of a quarter."""
    return date(year, quarter * 3, monthrange(year, quarter * 3)[1])


def thematic_missing(held_on: Iterable[date], year: int, quarter: int, book: Rulebook = LAW) -> int:
    """Answer how many thematic meetings the quarter still lacks. Governing day: the last day of the quarter (M-04)."""
    rule = book.find("meeting.thematic_per_quarter", quarter_end(year, quarter))
    held = sum(quarter_of(day) == (year, quarter) for day in held_on)
    return max(0, rule.required - held) if rule is not None else 0


def owes_thematic_meeting(
    founded_on: date, dissolved_on: date | None, year: int, quarter: int, waived: Collection[int] = (), book: Rulebook = LAW
) -> bool:  # fmt: skip
    """Answer whether a cell owes the thematic meeting of a quarter: it lived through all of it (as M-01 for a month, M-04).

    `waived` are months of that year. A waived month frees of its regular meeting only; a quarter whose three months are all
    waived owes no thematic one either, since the cell was not to meet at all. Governing day: the last day of the quarter.
    """
    months = months_of(quarter)
    lived = all(owes_regular_meeting(founded_on, dissolved_on, year, month) for month in months)
    return lived and not set(months) <= set(waived) and thematic_missing((), year, quarter, book) > 0


def is_late(held_on: date, book: Rulebook = LAW) -> bool:
    """Answer whether a regular meeting was held after the month's first week. Governing day: the meeting (M-02)."""
    latest = book.find("meeting.latest_day", held_on)
    return latest is not None and held_on.day > latest.required


def papers_findings(documents_on: date | None, held_on: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether the papers were sent early enough; nothing where no day is noted, or no law asked.

    Days are calendar days. Governing day: the meeting. Source: 42-HD/BTCTW.
    """
    rule = book.find("meeting.documents_days", held_on)
    if rule is None or documents_on is None:
        return []
    shown: dict[str, object] = {"sent": documents_on, "days": (held_on - documents_on).days, "least": rule.required}
    if (held_on - documents_on).days < rule.required:
        text = msg("Tài liệu gửi ngày %(sent)s; quy định gửi trước cuộc họp ít nhất %(least)s ngày. Lần sau gửi sớm hơn.")
        return [judged("meeting.documents", "documents_on", Severity.WARN, text, rule.citation, **shown)]
    text = msg("Tài liệu gửi ngày %(sent)s, trước cuộc họp %(days)s ngày.")
    return [judged("meeting.documents", "documents_on", Severity.OK, text, rule.citation, **shown)]


def result_findings(recorded_on: date | None, held_on: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether the result was recorded soon enough; nothing where it is not recorded, or no law asked.

    The meeting's own day is day 0, days are calendar days. Governing day: the meeting. Source: 42-HD/BTCTW.
    """
    rule = book.find("meeting.result_days", held_on)
    if rule is None or recorded_on is None:
        return []
    shown: dict[str, object] = {"recorded": recorded_on, "days": (recorded_on - held_on).days, "most": rule.required}
    if (recorded_on - held_on).days > rule.required:
        text = msg("Kết quả ghi vào sổ ngày %(recorded)s, %(days)s ngày sau khi họp; quy định trong %(most)s ngày. Lần sau ghi sớm hơn.")
        return [judged("meeting.result", "recorded_on", Severity.WARN, text, rule.citation, **shown)]
    text = msg("Kết quả ghi vào sổ ngày %(recorded)s, đúng hạn %(most)s ngày.")
    return [judged("meeting.result", "recorded_on", Severity.OK, text, rule.citation, **shown)]
