"""What a file says, in the words of the law: rows become the rulebook's facts, and its answers point at our fields."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..i18n import _, lazy
from ..members.models import AbeyanceKind, Person, Schooling
from ..members.queries import RollEntry
from ..rulebook import admission as law
from ..rulebook.book import LAW
from ..rulebook.dates import working_days_between
from ..rulebook.finding import Finding, Severity, judged
from ..rulebook.timeline import NotInForce
from .models import Admission, IntroducerKind
from .workdays import days_off

#: The particulars of the candidate that the file's form holds, and what a file says itself: column -> words.
CANDIDATE: Mapping[str, Any] = {
    "full_name": lazy("Họ và tên"),
    "other_name": lazy("Tên gọi khác"),
    "sex": lazy("Giới tính"),
    "born_on": lazy("Ngày sinh"),
    "ethnicity": lazy("Dân tộc"),
    "religion": lazy("Tôn giáo"),
    "personal_number": lazy("Số định danh cá nhân"),
    "home_town": lazy("Quê quán"),
    "residence": lazy("Nơi thường trú"),
    "occupation": lazy("Nghề nghiệp"),
    "schooling": lazy("Giáo dục phổ thông"),
    "qualification": lazy("Trình độ chuyên môn"),
    "theory": lazy("Lý luận chính trị"),
}
DOSSIER: Mapping[str, Any] = {
    "opened_on": lazy("Ngày lập hồ sơ"),
    "applied_on": lazy("Ngày đơn xin vào Đảng"),
    "certificate_on": lazy("Ngày cấp giấy chứng nhận bồi dưỡng nhận thức về Đảng"),
    "certificate_number": lazy("Số giấy chứng nhận"),
    "check_asked_on": lazy("Ngày yêu cầu thẩm tra lý lịch"),
    "check_concluded_on": lazy("Ngày kết luận thẩm tra"),
    "check_paper": lazy("Số văn bản kết luận thẩm tra"),
    "check_abroad": lazy("Có thẩm tra ở nước ngoài"),
    "in_hard_area": lazy("Sống ở vùng cao, biên giới, vùng đồng bào dân tộc hoặc đặc biệt khó khăn"),
    "is_elder": lazy("Là già làng, trưởng bản, người có uy tín"),
    "consent_paper": lazy("Văn bản đồng ý kết nạp người trên 60 tuổi"),
    "voted_on": lazy("Ngày chi bộ họp xét"),
    "resolution_number": lazy("Số nghị quyết chi bộ"),
    "full_members": lazy("Số đảng viên chính thức của chi bộ"),
    "not_counted": lazy("Trong đó không tính vào tổng số"),
    "present": lazy("Số đảng viên chính thức có mặt"),
    "in_favour": lazy("Số phiếu tán thành"),
    "against": lazy("Số phiếu không tán thành"),
    "blank": lazy("Số phiếu trắng, không hợp lệ"),
}
VOTE = ("full_members", "not_counted", "present", "in_favour", "against", "blank")

#: Where the rulebook's names differ from our columns and fields.
_OUR_FIELD = {
    "considered_on": "voted_on",
    "background_asked_on": "check_asked_on",
    "background_concluded_on": "check_concluded_on",
    "dossier_opened_on": "opened_on",
    "consent_over_60": "consent_paper",
    "introducers": "who_1",
    "introducers-0": "who_1",
    "introducers-1": "who_2",
}


class IntroducerLine(NamedTuple):
    """Who introduces, and what she was on the day of the cell's vote."""

    kind: IntroducerKind
    member_id: int | None
    name: str | None
    is_full: bool
    full_on: dt.date | None
    together_since: dt.date | None
    resolution_number: str | None
    resolved_on: dt.date | None
    is_replacement: bool


class Deadline(NamedTuple):
    """The term for the decision: working days spent of all, the last day, the working days left (negative: late)."""

    spent: int
    total: int
    due: dt.date
    left: int

    @property
    def tone(self) -> str:
        """Green, amber in the last ten working days, red when late; beside it always stands a text."""
        return "danger" if self.left < 0 else "warn" if self.left <= 10 else "ok"

    @property
    def text(self) -> str:
        """The days left in words."""
        if self.left < 0:
            return str(_("Quá hạn %(days)s ngày làm việc", days=-self.left))
        return str(_("Còn %(days)s ngày làm việc", days=self.left))


def deadline(voted_on: dt.date | None, day: dt.date) -> Deadline | None:
    """How the term from the cell's resolution stands on `day`; None without a vote or without a law that sets one.

    The day of the resolution governs (A-27).
    """
    if voted_on is None or voted_on > day:
        return None
    off = days_off(voted_on, day)
    try:
        total = int(LAW.on("admission.decision_days", voted_on).required)
        due = law.decision_due(voted_on, off)
    except NotInForce:
        return None
    left = working_days_between(day, due, off) if day <= due else -working_days_between(due, day, off)
    return Deadline(working_days_between(voted_on, day, off), total, due, left)


def vote_of(values: Admission | Mapping[str, Any]) -> law.VoteFacts | None:
    """The cell's vote, when the three numbers without which there is none are there."""
    got = values if isinstance(values, Mapping) else {name: getattr(values, name) for name in VOTE}
    if any(got.get(name) is None for name in ("full_members", "present", "in_favour")):
        return None
    return law.VoteFacts(**{name: got.get(name) or 0 for name in VOTE})


def facts_of(file: Admission, person: Person, introducers: Sequence[IntroducerLine], day: dt.date) -> law.AdmissionFacts:
    """The file as the rulebook reads it.

    An introducer's standing is that of the day of the cell's vote. Discipline is not kept yet, so nobody counts as
    disciplined here: the cell and the committee must see to that themselves.
    """
    return law.AdmissionFacts(
        born_on=person.born_on, schooling=_schooling(person.schooling), considered_on=file.voted_on,
        in_hard_area=file.in_hard_area, is_prestigious_elder=file.is_elder, consent_over_60=bool(file.consent_paper),
        applied_on=file.applied_on, certificate_on=file.certificate_on,
        introducers=tuple(_introducer(one) for one in introducers),
        background_asked_on=file.check_asked_on, background_concluded_on=file.check_concluded_on, background_abroad=file.check_abroad,
        vote=vote_of(file), dossier_opened_on=file.opened_on, decided_on=file.decided_on, ceremony_on=file.ceremony_on,
        days_off=days_off(min(file.voted_on or day, file.check_asked_on or day), max(file.decided_on or day, day)),
    )  # fmt: skip


def _schooling(schooling: Schooling | None) -> law.Schooling | None:
    return law.Schooling(schooling.value) if schooling else None


def _introducer(one: IntroducerLine) -> law.IntroducerFacts:
    return law.IntroducerFacts(
        kind=law.IntroducerKind(one.kind.value), full_on=one.full_on, together_since=one.together_since, is_full=one.is_full,
        is_replacement=one.is_replacement,
    )  # fmt: skip


def roll_finding(file: Admission, roll: Iterable[RollEntry]) -> Finding | None:
    """Whether the file counts as many full members as the register had on the day of the vote; it only warns.

    The cell's own members count, those away or exempted too unless they were absent; guests never (A-19).
    """
    if file.voted_on is None or file.full_members is None:
        return None
    counted = sum(one.full and not one.is_guest for one in roll)
    cite = LAW.on("admission.cell_share", file.voted_on).citation
    shown: dict[str, object] = {"day": file.voted_on, "roll": counted, "said": file.full_members}
    if counted == file.full_members:
        text = _("Số đảng viên chính thức khớp với sổ ngày %(day)s: %(roll)s.")
        return judged("vote.roll", "full_members", Severity.OK, text, cite, **shown)
    text = _(
        "Sổ đảng viên ngày %(day)s có %(roll)s đảng viên chính thức, hồ sơ ghi %(said)s. Đối chiếu danh sách chi bộ, vì tỷ lệ 2/3 "
        "tính trên số này."
    )
    return judged("vote.roll", "full_members", Severity.WARN, text, cite, **shown)


class RollCount(NamedTuple):
    """The figures of a roll that a vote starts from, as the register knows them."""

    full: int
    away_or_exempt: int
    suspended: int


def roll_count(roll: Iterable[RollEntry]) -> RollCount:
    """Full members of the cell; of these, those away or exempted (not counted when absent), and those suspended (never)."""
    own = [one for one in roll if one.full and not one.is_guest]
    suspended = [one for one in own if one.abeyance is AbeyanceKind.SUSPENSION]
    apart = [one for one in own if one.abeyance is AbeyanceKind.EXEMPTION or (one.is_away and one.abeyance is None)]
    return RollCount(len(own), len(apart), len(suspended))


def checklist(facts: law.AdmissionFacts, day: dt.date) -> list[Finding]:
    """What the law says of the facts on `day`; a day before the oldest law known is a finding too."""
    try:
        return ours(law.may_be_admitted(facts, day))
    except NotInForce:
        text = _("Sổ chưa có quy định cho ngày chi bộ xét %(day)s. Kiểm tra lại năm.")
        return [judged("law.unknown", "voted_on", Severity.BLOCK, text, day=facts.considered_on or day)]


def ours(findings: Iterable[Finding]) -> list[Finding]:
    """The same findings, pointing at the fields of our forms."""
    return [dataclasses.replace(one, field=_OUR_FIELD.get(one.field, one.field)) for one in findings]
