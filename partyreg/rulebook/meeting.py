"""Cell meetings (sinh hoạt chi bộ): attendance, quorum, length and day; what a cell owes is in `meeting_duty`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil

from partyreg.rulebook.book import LAW, Rulebook, share
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.meeting_duty import papers_findings, result_findings


class Kind(StrEnum):
    """Kind of meeting; the values are those of `MeetingKind`."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    EXTRAORDINARY = "extraordinary"


class Attendance(StrEnum):
    """What the attendance list says of a member."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"
    EXEMPT = "exempt"


class ScoreBand(StrEnum):
    """Quality of a meeting: tốt, khá, trung bình, kém."""

    GOOD = "good"
    FAIR = "fair"
    AVERAGE = "average"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class DefaultStatus:
    """What the law expects of one on the roll: attendance to propose, and whether counted when absent or present."""

    attendance: Attendance
    counts_if_absent: bool
    counts_if_present: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """One meeting. Counts are persons; `full_*` count full members only; length is minutes; `score` points or None."""

    kind: Kind
    held_on: date
    minutes: int | None = None
    members: int = 0
    present: int = 0
    full_members: int = 0
    full_not_counted: int = 0
    full_present: int = 0
    with_thematic: bool = False
    held_thematic_on: tuple[date, ...] = ()
    score: float | None = None
    documents_on: date | None = None  # when the papers were sent
    recorded_on: date | None = None  # when the result was recorded

    @property
    def full_counted(self) -> int:
        """Answer the full members who count."""
        return self.full_members - self.full_not_counted


def default_status(
    day: date,
    temporary_elsewhere: bool = False,
    exempt: bool = False,
    suspended: bool = False,
    is_full: bool = True,
    book: Rulebook = LAW,
) -> DefaultStatus:
    """Answer what a member on the roll is taken for before attendance is noted, and who counts (A-19, PRO-10).

    Only full members count in votes. Governing day: the meeting. Source: 294-QĐ/TW 9.3.2.
    """
    never = book.on("meeting.never_counted", day).required
    if_absent = book.on("meeting.not_counted_absent", day).required
    if suspended:
        return DefaultStatus(Attendance.EXEMPT, False, is_full and "SUSPENDED" not in never, msg("đình chỉ sinh hoạt"))
    if exempt:
        return DefaultStatus(Attendance.EXEMPT, is_full and "EXEMPT" not in if_absent, is_full, msg("được miễn công tác và sinh hoạt"))
    if temporary_elsewhere:
        return DefaultStatus(
            Attendance.EXCUSED,
            is_full and "TEMPORARY_ELSEWHERE" not in if_absent,
            is_full,
            msg("sinh hoạt tạm thời nơi khác"),
        )
    return DefaultStatus(Attendance.PRESENT, is_full, is_full)


def needed_present(eligible: int, day: date, book: Rulebook = LAW) -> int:
    """Answer the full members who should be present (persons). Governing day: the meeting. Unverified: warns only."""
    return ceil(share(book.on("meeting.quorum_share", day)) * eligible)


def quorum_reached(present: int, eligible: int, day: date, book: Rulebook = LAW) -> bool | None:
    """Answer whether enough full members are present; None before the first rule. Governing day: the meeting. Warns only."""
    if book.find("meeting.quorum_share", day) is None:
        return None
    return present >= needed_present(eligible, day, book)


def quorum(present: int, eligible: int, day: date, book: Rulebook = LAW) -> Finding:
    """Answer whether enough full members are present. Governing day: the meeting.

    No source gives a quorum for ordinary cell meetings, so this only warns.
    """
    cite = book.on("meeting.quorum_share", day).citation
    needed = needed_present(eligible, day, book)
    facts: dict[str, object] = {"present": present, "eligible": eligible, "needed": needed}
    if present < needed:
        text = msg(
            "Chỉ có %(present)s trên %(eligible)s đảng viên chính thức được tính có mặt, nên có ít nhất %(needed)s. Cân nhắc họp lại."
        )
        return judged("meeting.quorum", "present", Severity.WARN, text, cite, **facts)
    text = msg("Có mặt %(present)s trên %(eligible)s đảng viên chính thức được tính.")
    return judged("meeting.quorum", "present", Severity.OK, text, cite, **facts)


def score_band(score: float, day: date, book: Rulebook = LAW) -> ScoreBand:
    """Answer the band of a meeting's score (points of 100). Governing day: the meeting (M-09).

    Raise `NotInForce` before the first bands, ValueError outside 0 to 100.
    """
    if not 0 <= score <= 100:
        raise ValueError("a score is between 0 and 100")
    bands = book.on("meeting.score_bands", day).required
    return max((band for band in ScoreBand if score >= bands[band.name]), key=lambda band: bands[band.name])


def meeting_findings(facts: MeetingFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer a finding for each rule of a meeting, kept rules included; only impossible facts refuse.

    `day` is today, to refuse a meeting in the future; the meeting's own day governs all rules (M-01 to M-06). Papers and
    result are judged where their days are known.
    """
    impossible = _impossible(facts, day)
    if impossible:
        return impossible
    findings = [*_length(facts, book), *_day(facts, book), *_attendance(facts, book)]
    if book.find("meeting.quorum_share", facts.held_on) is not None:
        findings.append(quorum(facts.full_present, facts.full_counted, facts.held_on, book))
    findings += papers_findings(facts.documents_on, facts.held_on, book)
    findings += result_findings(facts.recorded_on, facts.held_on, book)
    return findings


def _impossible(facts: MeetingFacts, day: date) -> list[Finding]:
    checks = (
        ("meeting.future", "held_on", facts.held_on > day, msg("Ngày họp %(held_on)s còn ở phía trước. Sửa ngày họp.")),
        (
            "meeting.negative",
            "present",
            min(facts.members, facts.present, facts.full_members, facts.full_not_counted, facts.full_present) < 0,
            msg("Số người không thể là số âm. Nhập lại theo danh sách điểm danh."),
        ),
        (
            "meeting.minutes",
            "minutes",
            facts.minutes is not None and not 0 < facts.minutes <= 24 * 60,
            msg("Thời lượng %(minutes)s phút không hợp lý. Kiểm tra giờ bắt đầu và giờ kết thúc."),
        ),
        (
            "meeting.present",
            "present",
            facts.present > facts.members,
            msg("Số có mặt (%(present)s) lớn hơn số đảng viên của chi bộ (%(members)s). Kiểm tra lại điểm danh."),
        ),
        (
            "meeting.full_present",
            "full_present",
            facts.full_present > min(facts.present, facts.full_counted),
            msg(
                "Số đảng viên chính thức có mặt (%(full_present)s) lớn hơn số được tính (%(full_counted)s) hoặc số "
                "có mặt. Kiểm tra lại điểm danh."
            ),
        ),
        (
            "meeting.score",
            "score",
            facts.score is not None and not 0 <= facts.score <= 100,
            msg("Điểm chất lượng %(score)s phải từ 0 đến 100."),
        ),
    )
    shown: dict[str, object] = {
        "held_on": facts.held_on,
        "minutes": facts.minutes,
        "present": facts.present,
        "members": facts.members,
        "full_present": facts.full_present,
        "full_counted": facts.full_counted,
        "score": facts.score,
    }
    return [judged(code, field, Severity.BLOCK, text, None, **shown) for code, field, wrong, text in checks if wrong]


def _length(facts: MeetingFacts, book: Rulebook) -> list[Finding]:
    if facts.kind is not Kind.REGULAR or facts.minutes is None:
        return []
    rule = book.find("meeting.min_minutes" + ("_with_thematic" if facts.with_thematic else ""), facts.held_on)
    if rule is None:
        return []
    shown: dict[str, object] = {"minutes": facts.minutes, "least": rule.required}
    if facts.minutes < rule.required:
        text = msg("Cuộc họp dài %(minutes)s phút, quy định ít nhất %(least)s phút. Ghi lý do vào biên bản.")
        return [judged("meeting.length", "minutes", Severity.WARN, text, rule.citation, **shown)]
    text = msg("Đủ thời lượng: %(minutes)s phút.")
    return [judged("meeting.length", "minutes", Severity.OK, text, rule.citation, **shown)]


def _day(facts: MeetingFacts, book: Rulebook) -> list[Finding]:
    rule = book.find("meeting.day", facts.held_on)
    if facts.kind is not Kind.REGULAR or rule is None:
        return []
    latest = book.on("meeting.latest_day", facts.held_on)
    shown: dict[str, object] = {"day": rule.required, "latest": latest.required, "held_on": facts.held_on}
    if facts.held_on.day == rule.required:
        return [judged("meeting.day", "held_on", Severity.OK, msg("Họp đúng ngày %(day)s."), rule.citation, **shown)]
    if facts.held_on.day <= latest.required:
        text = msg("Họp ngày %(held_on)s, trong tuần đầu của tháng. Ghi lý do không họp ngày %(day)s.")
        return [judged("meeting.day", "held_on", Severity.OK, text, latest.citation, **shown)]
    text = msg("Họp ngày %(held_on)s; sinh hoạt thường kỳ thống nhất vào ngày %(day)s, chậm nhất ngày %(latest)s. Ghi lý do.")
    return [judged("meeting.day", "held_on", Severity.WARN, text, latest.citation, **shown)]


def _attendance(facts: MeetingFacts, book: Rulebook) -> list[Finding]:
    rule = book.find("meeting.attendance_percent", facts.held_on)
    if rule is None or facts.members == 0:
        return []
    rate = Fraction(facts.present * 100, facts.members)
    shown: dict[str, object] = {
        "present": facts.present,
        "members": facts.members,
        "aim": rule.required,
        "percent": f"{float(rate):.1f}".replace(".", ","),
    }
    if rate < rule.required:
        text = msg("Có mặt %(present)s trên %(members)s đảng viên (%(percent)s %%), cần đạt %(aim)s %%. Nhắc nhở đảng viên vắng.")
        return [judged("meeting.attendance", "present", Severity.WARN, text, rule.citation, **shown)]
    text = msg("Tỷ lệ dự họp đạt: %(percent)s %%.")
    return [judged("meeting.attendance", "present", Severity.OK, text, rule.citation, **shown)]
