"""Meetings over time: on which day the next one is proposed, and how a member attended over a year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import is_working_day
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.meeting import Attendance


@dataclass(frozen=True, slots=True)
class Proposed:
    """The day proposed for a month's regular meeting, and why that one."""

    day: date
    finding: Finding


@dataclass(frozen=True, slots=True)
class YearCounts:
    """How often a member was noted how in a year; `elsewhere` are absences while she took part in another cell for a time."""

    present: int = 0
    excused: int = 0
    absent: int = 0
    exempt: int = 0
    elsewhere: int = 0

    @property
    def whole(self) -> int:
        """Answer the meetings on whose list she stood."""
        return self.present + self.excused + self.absent + self.exempt + self.elsewhere

    @property
    def base(self) -> int:
        """Answer the meetings at which she was expected."""
        return self.present + self.excused + self.absent

    @property
    def percent(self) -> Fraction | None:
        """Answer the exact percentage of meetings attended; None where she was expected at none."""
        return Fraction(self.present * 100, self.base) if self.base else None


def proposed_day(year: int, month: int, days_off: Collection[date] = (), book: Rulebook = LAW) -> Proposed:
    """Answer the month's common day, or the first working day after it in the first week when that day is a day off (M-02).

    Where the whole week is off, the common day stays proposed and the finding warns. Governing day: the first of the month.
    Source: 50-CT/TW. Raise `NotInForce` before a common day was set.
    """
    first = date(year, month, 1)
    common, latest = book.on("meeting.day", first), book.on("meeting.latest_day", first)
    week = [first.replace(day=number) for number in range(common.required, max(common.required, latest.required) + 1)]
    chosen = next((day for day in week if is_working_day(day, days_off)), None)
    shown: dict[str, object] = {"common": week[0], "latest": week[-1]}
    code, field = "meeting.proposed_day", "held_on"
    if chosen is None:
        text = msg("Từ %(common)s đến %(latest)s đều là ngày nghỉ. Chi bộ chọn ngày họp và ghi lý do.")
        return Proposed(week[0], judged(code, field, Severity.WARN, text, latest.citation, **shown))
    if chosen == week[0]:
        return Proposed(chosen, judged(code, field, Severity.OK, msg("%(common)s là ngày sinh hoạt thống nhất."), common.citation, **shown))
    text = msg("%(common)s là ngày nghỉ; %(chosen)s là ngày làm việc đầu tiên sau đó, chậm nhất %(latest)s.")
    return Proposed(chosen, judged(code, field, Severity.OK, text, latest.citation, **shown, chosen=chosen))


def is_expected(status: Attendance, held_on: date, elsewhere: bool = False, book: Rulebook = LAW) -> bool:
    """Answer whether a line of a meeting's list enters the year's base: not who was exempt, nor who was away in another cell.

    `elsewhere`: on that day she took part in another cell for a time; if she came all the same, it counts. Governing day: the
    meeting. Source: 294-QĐ/TW 9.3.2.
    """
    if status is Attendance.EXEMPT:
        return False
    if status is Attendance.PRESENT or not elsewhere:
        return True
    rule = book.find("meeting.not_counted_absent", held_on)
    return rule is None or "TEMPORARY_ELSEWHERE" not in rule.required


def attendance_of_year(counts: YearCounts, day: date, book: Rulebook = LAW) -> Finding | None:
    """Answer whether a member attended often enough over a year; None where she was expected at no meeting, or no aim is set.

    The exact share is compared, not the one shown. Governing day: the last day judged. Source: 42-HD/BTCTW.
    """
    rule = book.find("meeting.attendance_percent", day)
    if rule is None or counts.percent is None:
        return None
    shown: dict[str, object] = {
        "present": counts.present,
        "base": counts.base,
        "aim": rule.required,
        "percent": f"{float(counts.percent):.2f}".replace(".", ","),
    }
    if counts.percent < rule.required:
        text = msg("Dự %(present)s trên %(base)s buổi (%(percent)s %%), cần đạt %(aim)s %%. Nhắc nhở đảng viên.")
        return judged("meeting.year_attendance", "present", Severity.WARN, text, rule.citation, **shown)
    text = msg("Dự %(present)s trên %(base)s buổi (%(percent)s %%), đạt tỷ lệ cần có là %(aim)s %%.")
    return judged("meeting.year_attendance", "present", Severity.OK, text, rule.citation, **shown)
