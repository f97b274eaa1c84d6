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
from ..rulebook.admission import Purpose, Step, VotingBody
from ..rulebook.book import LAW
from ..rulebook.finding import Finding, Severity, judged
from .models import Admission, AdmissionReview, AdmissionVote, IntroducerKind

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
#: What the cell writes while the candidate is on its list.
LISTING: Mapping[str, Any] = {
    "listed_on": lazy("Ngày chi bộ nghị quyết đưa vào danh sách"),
    "listing_number": lazy("Số nghị quyết đưa vào danh sách"),
    "helper_id": lazy("Đảng viên được phân công giúp đỡ"),
    "helper_on": lazy("Ngày phân công giúp đỡ"),
    "certificate_on": lazy("Ngày cấp giấy chứng nhận bồi dưỡng nhận thức về Đảng"),
    "certificate_number": lazy("Số giấy chứng nhận"),
    "asked_on": lazy("Ngày chi bộ nghị quyết xin làm thủ tục"),
    "asked_number": lazy("Số nghị quyết xin làm thủ tục"),
}
#: The permission to start: a deed of the committee, or a paper older than the file in the register.
PERMIT: Mapping[str, Any] = {
    "permitted_on": lazy("Ngày cho phép làm thủ tục"),
    "permit_number": lazy("Số văn bản cho phép"),
}
#: What the cell writes while it sets up the dossier.
DOSSIER: Mapping[str, Any] = {
    "opened_on": lazy("Ngày lập hồ sơ"),
    "applied_on": lazy("Ngày đơn xin vào Đảng"),
    "cv_on": lazy("Ngày nhận lý lịch của người xin vào Đảng"),
    "check_asked_on": lazy("Ngày yêu cầu thẩm tra lý lịch"),
    "check_concluded_on": lazy("Ngày kết luận thẩm tra"),
    "check_paper": lazy("Số văn bản kết luận thẩm tra"),
    "check_abroad": lazy("Có thẩm tra ở nước ngoài"),
    "unions_opinion_on": lazy("Ngày nhận ý kiến các tổ chức chính trị - xã hội"),
    "residence_opinion_on": lazy("Ngày nhận ý kiến chi ủy nơi cư trú"),
    "in_hard_area": lazy("Sống ở vùng cao, biên giới, vùng đồng bào dân tộc hoặc đặc biệt khó khăn"),
    "is_elder": lazy("Là già làng, trưởng bản, người có uy tín"),
    "consent_paper": lazy("Văn bản đồng ý kết nạp người trên 60 tuổi"),
    "readmission_paper": lazy("Văn bản đồng ý kết nạp lại"),
}
#: What the cell writes while the probation lasts and after it.
FULL: Mapping[str, Any] = {
    "helper_id": LISTING["helper_id"],
    "helper_on": LISTING["helper_on"],
    "new_class_on": lazy("Ngày cấp giấy chứng nhận bồi dưỡng đảng viên mới"),
    "new_class_number": lazy("Số giấy chứng nhận bồi dưỡng đảng viên mới"),
    "self_review_on": lazy("Ngày bản tự kiểm điểm"),
    "remark_on": lazy("Ngày nhận xét của đảng viên giúp đỡ"),
    "full_opinions_on": lazy("Ngày tổng hợp ý kiến nhận xét"),
}
FACTS: Mapping[str, Any] = {**LISTING, **PERMIT, **DOSSIER, **FULL}
#: What the cell may write at each step that is hers.
WRITABLE: Mapping[Step, frozenset[str]] = {
    Step.LISTED: frozenset({*LISTING, "in_hard_area", "is_elder"}),
    Step.DRAFT: frozenset({*LISTING, *DOSSIER}),
    Step.RETURNED: frozenset({*LISTING, *DOSSIER}),
    Step.DECIDED: frozenset(),
    Step.PROBATION: frozenset(FULL),
    Step.SENT_BACK: frozenset(FULL),
}
COUNTS = ("members", "not_counted", "present", "in_favour", "against", "blank")

#: Where the rulebook's names differ from our columns and fields.
_OUR_FIELD = {
    "considered_on": "held_on",
    "full_members": "members",
    "background_asked_on": "check_asked_on",
    "background_concluded_on": "check_concluded_on",
    "dossier_opened_on": "opened_on",
    "start_asked_on": "asked_on",
    "decision_received_on": "received_on",
    "late_ceremony_consent": "late_paper",
    "consent_over_60": "consent_paper",
    "readmission_consent": "readmission_paper",
    "standing_ballot": "in_favour",
    "committee_ballot": "in_favour",
    "ruling_ballot": "in_favour",
    "ruled_on": "decided_on",
    "card_on": "issued_on",
    "helper_is_full": "helper_id",
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


class Record(NamedTuple):
    """All that a file's facts are made of, as one read of the database finds it."""

    file: Admission
    person: Person
    introducers: Sequence[IntroducerLine]
    votes: Sequence[AdmissionVote]
    reviews: Sequence[AdmissionReview]
    helper_is_full: bool
    left_on: dt.date | None
    left_by_request: bool
    times_readmitted: int
    days_off: frozenset[dt.date]


def counted(vote: AdmissionVote | Mapping[str, Any]) -> law.VoteFacts:
    """The numbers of a vote as the rules read them."""
    got = vote if isinstance(vote, Mapping) else {name: getattr(vote, name) for name in COUNTS}
    return law.VoteFacts(got["members"], got.get("not_counted") or 0, got["present"], got["in_favour"], got["against"], got["blank"])


def ballots(votes: Iterable[AdmissionVote], body: VotingBody, purpose: Purpose) -> tuple[law.Ballot, ...]:
    """The votes of one body on one purpose, in the order given."""
    return tuple(law.Ballot(one.held_on, counted(one), one.number) for one in votes if one.body is body and one.purpose is purpose)


def facts_of(record: Record) -> law.AdmissionFacts:
    """The file as the rulebook reads it.

    An introducer's standing is that of the day of the cell's vote. A move counts until the new cell has considered the file (A-34
    asks that it examine anew). Discipline is not kept yet, so nobody counts as
    disciplined here: the cell and the committee must see to that themselves.
    """
    file, person, votes = record.file, record.person, record.votes
    kept = [one.reviewed_on for one in record.reviews if one.is_kept]
    of_cell = ballots(votes, VotingBody.CELL, Purpose.ADMISSION)
    of_committee = ballots(votes, VotingBody.COMMITTEE, Purpose.ADMISSION)
    of_standing = ballots(votes, VotingBody.STANDING, Purpose.ADMISSION)
    ruling = [one for purpose in (Purpose.RECOGNITION, Purpose.REMOVAL) for one in ballots(votes, VotingBody.STANDING, purpose)]
    return law.AdmissionFacts(
        born_on=person.born_on, schooling=law.Schooling(person.schooling.value) if isinstance(person.schooling, Schooling) else None,
        in_hard_area=file.in_hard_area, is_prestigious_elder=file.is_elder,
        listed_on=file.listed_on, listing_number=file.listing_number, reviewed_on=max(kept, default=None),
        helper_on=file.helper_on if file.helper_id else None, helper_is_full=record.helper_is_full,
        certificate_on=file.certificate_on, start_asked_on=file.asked_on, permitted_on=file.permitted_on,
        dossier_opened_on=file.opened_on, applied_on=file.applied_on, cv_on=file.cv_on,
        introducers=tuple(_introducer(one) for one in record.introducers),
        background_asked_on=file.check_asked_on, background_concluded_on=file.check_concluded_on, background_abroad=file.check_abroad,
        unions_opinion_on=file.unions_opinion_on, residence_opinion_on=file.residence_opinion_on,
        considered_on=of_cell[-1].held_on if of_cell else None, vote=of_cell[-1].vote if of_cell else None,
        consent_over_60=bool(file.consent_paper),
        committee_ballot=of_committee[-1] if of_committee else None, standing_ballot=of_standing[-1] if of_standing else None,
        decided_on=file.decided_on, decision_received_on=file.received_on, ceremony_on=file.ceremony_on,
        late_ceremony_consent=bool(file.late_paper),
        is_readmission=file.is_readmission, left_on=record.left_on, left_by_request=record.left_by_request,
        readmission_consent=bool(file.readmission_paper),
        times_readmitted=record.times_readmitted,
        new_class_on=file.new_class_on, self_review_on=file.self_review_on, remark_on=file.remark_on,
        full_opinions_on=file.full_opinions_on,
        recognition_votes=ballots(votes, VotingBody.CELL, Purpose.RECOGNITION),
        removal_votes=ballots(votes, VotingBody.CELL, Purpose.REMOVAL),
        ruling_ballot=max(ruling, key=lambda one: one.held_on) if ruling else None, ruled_on=file.ruled_on,
        moved_on=None if of_cell and file.moved_on and of_cell[-1].held_on >= file.moved_on else file.moved_on, days_off=record.days_off,
    )  # fmt: skip


def _introducer(one: IntroducerLine) -> law.IntroducerFacts:
    return law.IntroducerFacts(
        kind=law.IntroducerKind(one.kind.value), full_on=one.full_on, together_since=one.together_since, is_full=one.is_full,
        is_replacement=one.is_replacement,
    )  # fmt: skip


def roll_finding(vote: AdmissionVote, roll: Iterable[RollEntry]) -> Finding:
    """Whether a vote of the cell counts as many full members as the register had on its day; it only warns.

    The cell's own members count, those away or exempted too unless they were absent; guests never (A-19).
    """
    counted_there = sum(one.full and not one.is_guest for one in roll)
    found = LAW.find("admission.cell_share", vote.held_on)
    cite = found.citation if found else None
    shown: dict[str, object] = {"day": vote.held_on, "roll": counted_there, "said": vote.members}
    if counted_there == vote.members:
        text = _("Số đảng viên chính thức khớp với sổ ngày %(day)s: %(roll)s.")
        return judged("vote.roll", "members", Severity.OK, text, cite, **shown)
    text = _(
        "Sổ đảng viên ngày %(day)s có %(roll)s đảng viên chính thức, biểu quyết ghi %(said)s. Đối chiếu danh sách chi bộ, vì tỷ lệ "
        "tính trên số này."
    )
    return judged("vote.roll", "members", Severity.WARN, text, cite, **shown)


class RollCount(NamedTuple):
    """The figures of a roll that a vote starts from, as the register knows them."""

    full: int
    apart: tuple[RollEntry, ...]
    suspended: int

    def not_counted(self, came: Iterable[int]) -> int:
        """How many full members are left out of the total when of those apart only the members `came` were present."""
        there = set(came)
        return self.suspended + sum(one.member_id not in there for one in self.apart)


def roll_count(roll: Iterable[RollEntry]) -> RollCount:
    """Full members of the cell; of these, those away or exempted (not counted when absent), and those suspended (never)."""
    own = [one for one in roll if one.full and not one.is_guest]
    suspended = [one for one in own if one.abeyance is AbeyanceKind.SUSPENSION]
    apart = [one for one in own if one.abeyance is AbeyanceKind.EXEMPTION or (one.is_away and one.abeyance is None)]
    return RollCount(len(own), tuple(apart), len(suspended))


def ours(findings: Iterable[Finding]) -> list[Finding]:
    """The same findings, pointing at the fields of our forms."""
    return [dataclasses.replace(one, field=_OUR_FIELD.get(one.field, one.field)) for one in findings]
