"""The papers of an admission file: which there are, when and by whom they are made, and the facts that each is written from.

What a paper says is Vietnamese whatever the language of the page. Forms and series are dated law (`law/paper.toml`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from .. import papers
from ..access import Actor, Permission
from ..db import db
from ..errors import RuleBroken
from ..i18n import LABELS, _, fmt_date, lazy, percentage
from ..members.models import Body, Person, Title
from ..members.queries import committee
from ..org import queries as org
from ..org.models import Unit
from ..rulebook import admission as law
from ..rulebook.admission import Purpose, Step, VotingBody
from ..rulebook.book import LAW
from ..rulebook.finding import Finding, Severity, blocking
from ..rulebook.timeline import NotInForce
from . import file_queries
from .facts import IntroducerLine, counted
from .models import Admission, AdmissionVote, IntroducerKind

Facts = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper: its master, whose number it has and in which series, who makes it and at which steps.

    `series` and `form` name keys of the law; a paper without series has no number. `by_decision` is issued by the deed that decides.
    """

    title: Any
    master: str
    needs: Permission
    steps: tuple[Step, ...]
    by_cell: bool
    series: str | None
    form: str | None
    office: str
    by_decision: bool = False

    @property
    def written(self) -> str:
        """The title as the paper bears it, in Vietnamese."""
        return str(self.title.text)


#: The resolutions of a cell, and the vote that each puts on paper.
RESOLVES: Mapping[str, Purpose] = MappingProxyType({"cell_resolution": Purpose.ADMISSION, "recognition_resolution": Purpose.RECOGNITION})

_AT_THE_CELL = (Step.DRAFT, Step.RETURNED)
_FULL = (Step.PROBATION, Step.SENT_BACK)


def _of_cell(title: Any, master: str, steps: tuple[Step, ...], series: str | None, form: str | None) -> PaperKind:
    return PaperKind(title, master, Permission.ADMISSIONS_PREPARE, steps, True, series, form, "BÍ THƯ")


def _ruling(title: Any, master: str, *steps: Step) -> PaperKind:
    return PaperKind(title, master, Permission.ADMISSIONS_DECIDE, steps, False, "series_decision", f"form_{master}", "BÍ THƯ", True)


KINDS: Mapping[str, PaperKind] = MappingProxyType(
    {
        "helper_assignment": _of_cell(
            lazy("Nghị quyết phân công đảng viên giúp đỡ"), "helper_assignment", (Step.LISTED, Step.ASKED, *_AT_THE_CELL),
            "series_resolution", "form_helper_assignment",
        ),
        "introducer": _of_cell(
            lazy("Giấy giới thiệu người vào Đảng (người thứ nhất)"), "introducer", _AT_THE_CELL, None, "form_introducer",
        ),
        "introducer_second": _of_cell(
            lazy("Giấy giới thiệu người vào Đảng (người thứ hai)"), "introducer", _AT_THE_CELL, None, "form_introducer",
        ),
        "cell_resolution": _of_cell(
            lazy("Nghị quyết đề nghị kết nạp đảng viên"), "cell_resolution", (*_AT_THE_CELL, Step.SUBMITTED),
            "series_resolution", "form_cell_resolution",
        ),
        "committee_report": PaperKind(
            lazy("Báo cáo thẩm tra hồ sơ đề nghị kết nạp"), "committee_report", Permission.ADMISSIONS_CHECK,
            (Step.SUBMITTED, Step.COMMITTEE, Step.DECIDING), False, "series_report", None, "TRƯỞNG BAN",
        ),
        "decision": _ruling(lazy("Quyết định kết nạp đảng viên"), "decision", Step.DECIDING),
        "ceremony_minutes": _of_cell(
            lazy("Biên bản lễ kết nạp đảng viên"), "ceremony_minutes", _FULL, "series_minutes", None,
        ),
        "recognition_resolution": _of_cell(
            lazy("Nghị quyết đề nghị công nhận đảng viên chính thức"), "recognition_resolution", (*_FULL, Step.PROPOSED),
            "series_resolution", "form_recognition_resolution",
        ),
        "recognition_decision": _ruling(lazy("Quyết định công nhận đảng viên chính thức"), "recognition_decision", Step.RULING),
        "removal_decision": _ruling(lazy("Quyết định xóa tên đảng viên dự bị"), "removal_decision", Step.RULING),
        "cancel_decision": _ruling(
            lazy("Quyết định hủy bỏ quyết định kết nạp"), "cancel_decision", Step.DECIDED, *_FULL, Step.PROPOSED, Step.RULING
        ),
    }
)  # fmt: skip

#: What may be left unsaid: the master writes the line only where the fact is there.
OPTIONAL = frozenset({"cv_on", "unions_opinion_on", "residence_opinion_on", "consent_paper", "readmission_paper", "vote_needed"})
#: A fact that a file may lack -> how to say so.
_WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "superior": lazy("cấp ủy cấp trên (quy định địa phương)"),
        "regulation": lazy("quy định thi hành Điều lệ Đảng có hiệu lực vào ngày văn bản"),
        "guidance": lazy("hướng dẫn có hiệu lực vào ngày văn bản"), "signer": lazy("người ký"), "helper": lazy("đảng viên giúp đỡ"),
        "helper_on": lazy("ngày phân công giúp đỡ"), "listed_on": lazy("ngày nghị quyết đưa vào danh sách"),
        "listing_number": lazy("số nghị quyết đưa vào danh sách"), "introducers": lazy("người giới thiệu"),
        "introducer": lazy("đảng viên giới thiệu"),
        "introducer_full_on": lazy("ngày chính thức của người giới thiệu"), "together_since": lazy("ngày bắt đầu cùng công tác, sinh hoạt"),
        "vote_day": lazy("kết quả biểu quyết"), "vote_form": lazy("hình thức biểu quyết"), "vote_number": lazy("số nghị quyết của chi bộ"),
        "cell_vote_day": lazy("kết quả biểu quyết của chi bộ"), "cell_vote_number": lazy("số nghị quyết của chi bộ"),
        "submitted_on": lazy("ngày chi bộ trình hồ sơ"), "applied_on": lazy("ngày đơn xin vào Đảng"),
        "certificate_on": lazy("ngày giấy chứng nhận bồi dưỡng nhận thức về Đảng"),
        "certificate_number": lazy("số giấy chứng nhận bồi dưỡng nhận thức về Đảng"),
        "check_paper": lazy("số văn bản kết luận thẩm tra lý lịch"),
        "check_concluded_on": lazy("ngày kết luận thẩm tra lý lịch"), "decision_number": lazy("số quyết định kết nạp"),
        "decided_on": lazy("ngày quyết định kết nạp"), "ceremony_on": lazy("ngày lễ kết nạp"), "reason": lazy("lý do"),
        "new_class_on": lazy("ngày giấy chứng nhận bồi dưỡng đảng viên mới"),
        "new_class_number": lazy("số giấy chứng nhận bồi dưỡng đảng viên mới"),
        "self_review_on": lazy("ngày bản tự kiểm điểm"), "remark_on": lazy("ngày nhận xét của người giúp đỡ"),
        "full_opinions_on": lazy("ngày tổng hợp ý kiến nhận xét"),
    }
)  # fmt: skip


# -- numbers and forms ------------------------------------------------------------------------------------------------


def series_of(kind: str, day: dt.date) -> str | None:
    """The series in which a paper of that kind is numbered on `day`; None for one without number."""
    return _law(KINDS[kind].series, day)


def form_code_of(file: Admission, kind: str, day: dt.date) -> str | None:
    """The code of the form that the law of `day` gives; a decision has another one for readmission, or by consent (A-02)."""
    special = "_readmission" if file.is_readmission else "_consent" if file.consent_paper else ""
    form = KINDS[kind].form
    return _law(f"{form}{special}" if kind == "decision" else form, day)


def used_before(actor: Actor, file: Admission, kind: str) -> int:
    """How many numbers its cell used before a resolution that the file already names by number; 0 where it names none.

    Given to `documents.issue` as `at_least`, it makes the paper bear the number that the minutes have.
    """
    purpose = RESOLVES.get(kind)
    vote = _vote(actor, file, VotingBody.CELL, purpose) if purpose else None
    number = re.match(r"\s*0*(\d{1,6})", vote.number or "") if vote else None
    return max(int(number[1]) - 1, 0) if number else 0


def _law(key: str | None, day: dt.date) -> str | None:
    found = LAW.find(f"paper.{key}", day) if key else None
    return str(found.value) if found else None


# -- facts ------------------------------------------------------------------------------------------------------------


def facts_for(actor: Actor, file: Admission, kind: str, day: dt.date, signer: str | None = None, reason: str | None = None) -> Facts:
    """What the master of that kind is filled with: texts only, as the file and the register have them on `day`.

    Without `signer` the secretary signs. Raises RuleBroken naming every fact that the file still lacks, and for a resolution
    that the vote does not carry, or a day of which no law is known.
    """
    try:
        return _facts(actor, file, kind, day, signer, reason)
    except NotInForce:
        raise _refuse("law.unknown", _("Sổ chưa có quy định cho một ngày của văn bản này. Kiểm tra lại năm.")) from None


def _facts(actor: Actor, file: Admission, kind: str, day: dt.date, signer: str | None, reason: str | None) -> Facts:
    sort = KINDS[kind]
    cell, root = file_queries.cell(file), org.root()
    signer = signer or _secretary(actor, cell if sort.by_cell else root, day)
    if sort.master == "introducer":
        signer = None
    facts = _common(file, sort, cell, root, day) | _signed(actor, sort, cell if sort.by_cell else root, day, signer)
    facts |= {"reason": reason.rstrip(".") if reason else None} | _OF[kind](actor, file, day)
    asked = papers.asked(sort.master) - {"number", "sign"}
    if lacking := sorted(name for name in asked - OPTIONAL if facts.get(name) in (None, "")):
        named = dict.fromkeys(str(_WORDS[name]) for name in lacking if name in _WORDS)
        text = _("“%(title)s” còn thiếu: %(facts)s. Ghi vào hồ sơ rồi làm lại.", title=sort.title, facts=", ".join(named))
        raise _refuse("paper.lacking", text)
    return {name: value for name, value in facts.items() if name in asked}


def _common(file: Admission, sort: PaperKind, cell: Unit, root: Unit, day: dt.date) -> Facts:
    person = db.session.get_one(Person, file.person_id)
    committee_name = org.committee_name(root)
    superior, checking_body = _law("superior", day), _law("checking_body", day)
    heads: tuple[str | None, str | None] = (superior, committee_name)
    if sort.by_cell:
        heads = (committee_name, cell.name)
    elif sort.series == "series_report":
        heads = (committee_name, checking_body)
    regulation = LAW.find("admission.regulation", day)
    return {
        "superior": heads[0] and heads[0].upper(), "organisation": heads[1] and heads[1].upper(), "superior_name": superior,
        "place": org.place_name(root),
        "date_text": f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}",
        "committee": committee_name, "cell": cell.name, "checking_body": checking_body,
        "regulation": regulation.value if regulation else None, "guidance": _law("guidance", day),
        "name": person.full_name, "born_on": fmt_date(person.born_on), "ethnicity": person.ethnicity,
    }  # fmt: skip


def _secretary(actor: Actor, unit: Unit, day: dt.date) -> str | None:
    bodies = (Body.CELL_COMMITTEE,) if unit.is_cell else (Body.STANDING, Body.EXECUTIVE)
    found = committee(actor, unit, day, bodies)
    return next((one.person.full_name for one in found if one.title is Title.SECRETARY), None)


def _signed(actor: Actor, sort: PaperKind, unit: Unit, day: dt.date, signer: str | None) -> Facts:
    """Who signs, and as what: a deputy is named as such; the report's signer is no officer of the register."""
    titles: Mapping[str, Title] = {}
    if sort.series != "series_report":
        titles = {one.person.full_name: one.title for one in reversed(committee(actor, unit, day))}
    title = titles.get(signer or "")
    deputy = _words(title).upper() if title is Title.DEPUTY_SECRETARY else sort.office
    return {"signer": signer, "signer_title": deputy}


def _words(member: enum.Enum | None) -> str:
    return str(LABELS[f"{type(member).__name__}.{member.value}"].text) if member else ""


def _vote(actor: Actor, file: Admission, body: VotingBody, purpose: Purpose) -> AdmissionVote | None:
    found = file_queries.votes(actor, file, body, purpose)
    return found[-1] if found else None


def _counted(vote: AdmissionVote | None) -> Facts:
    """A vote in words and figures; every share is of the total, not of those present."""
    if vote is None:
        return {}
    base = vote.members - vote.not_counted

    def share(part: int) -> str:
        return f"{percentage(part, base) or 0:.2f}%".replace(".", ",")

    return {
        "vote_day": fmt_date(vote.held_on), "vote_number": vote.number, "vote_form": _words(vote.form).lower(),
        "vote_members": str(vote.members), "vote_counted": str(base), "vote_present": str(vote.present),
        "vote_for": str(vote.in_favour), "vote_for_percent": share(vote.in_favour),
        "vote_against": str(vote.against), "vote_against_percent": share(vote.against), "vote_blank": str(vote.blank),
    }  # fmt: skip


def _days(file: Admission, *names: str) -> Facts:
    return {name: fmt_date(getattr(file, name)) for name in names}


def _helped(actor: Actor, file: Admission, day: dt.date) -> Facts:
    days = _days(file, "helper_on", "listed_on")
    return days | {"helper": file_queries.helper_name(actor, file), "listing_number": file.listing_number}


def _introduced(place: int) -> Callable[[Actor, Admission, dt.date], Facts]:
    def facts(actor: Actor, file: Admission, day: dt.date) -> Facts:
        members = [one for one in file_queries.introducers(actor, file, day) if one.kind is IntroducerKind.MEMBER]
        if len(members) <= place:
            return {}
        one = members[place]
        person = db.session.get_one(Person, one.member_id)
        return {
            "introducer": one.name, "introducer_born_on": fmt_date(person.born_on), "introducer_full_on": fmt_date(one.full_on),
            "together_since": fmt_date(one.together_since),
        }  # fmt: skip

    return facts


def _introducer_text(one: IntroducerLine) -> str:
    if one.kind is IntroducerKind.MEMBER:
        return f"đồng chí {one.name}"
    return f"{_words(one.kind)} số {one.resolution_number}" + (f" ngày {fmt_date(one.resolved_on)}" if one.resolved_on else "")


def _resolved(actor: Actor, file: Admission, purpose: Purpose) -> Facts:
    """The cell's vote that carries a resolution. Raises RuleBroken where it falls short (A-26: only its result is reported)."""
    vote = _vote(actor, file, VotingBody.CELL, purpose)
    if vote is not None and blocking(law.vote_findings(counted(vote), vote.held_on, purpose=purpose)):
        raise _refuse("paper.vote_short", _("Biểu quyết của chi bộ chưa đủ tỷ lệ nên không ra nghị quyết; báo cáo kết quả lên cấp ủy."))
    return _counted(vote)


def _proposed(actor: Actor, file: Admission, day: dt.date) -> Facts:
    named = "; ".join(_introducer_text(one) for one in file_queries.introducers(actor, file, day))
    return _resolved(actor, file, Purpose.ADMISSION) | {"introducers": named}


def _checked(actor: Actor, file: Admission, day: dt.date) -> Facts:
    days = _days(
        file, "submitted_on", "applied_on", "cv_on", "certificate_on", "check_concluded_on", "unions_opinion_on", "residence_opinion_on"
    )
    named = "; ".join(_introducer_text(one) for one in file_queries.introducers(actor, file, day))
    kept = ("certificate_number", "check_paper", "consent_paper", "readmission_paper")
    vote = _vote(actor, file, VotingBody.CELL, Purpose.ADMISSION)
    short = vote is not None and blocking(law.vote_findings(counted(vote), vote.held_on))
    needed = {"vote_needed": str(law.votes_needed(vote.members, vote.held_on, vote.not_counted))} if vote and short else {}
    return _counted(vote) | needed | days | {name: getattr(file, name) for name in kept} | {"introducers": named}


def _ruled(actor: Actor, file: Admission, purpose: Purpose) -> Facts:
    """The standing committee's vote, and the cell's on which it rests."""
    cell = _vote(actor, file, VotingBody.CELL, purpose)
    rests = {"cell_vote_day": fmt_date(cell.held_on), "cell_vote_number": cell.number} if cell else {}
    return _counted(_vote(actor, file, VotingBody.STANDING, purpose)) | rests | _ended(file)


def _ended(file: Admission) -> Facts:
    ends = fmt_date(law.probation_ends(file.ceremony_on)) if file.ceremony_on else None
    days = _days(file, "ceremony_on", "decided_on", "self_review_on", "remark_on", "full_opinions_on", "new_class_on")
    kept = {"decision_number": file.decision_number, "new_class_number": file.new_class_number}
    return {**days, **kept, "probation_until": ends, "full_on": ends}


def _admitted(actor: Actor, file: Admission, day: dt.date) -> Facts:
    from_receipt = LAW.on("admission.ceremony_from", day).required == "RECEIVED"
    return _ruled(actor, file, Purpose.ADMISSION) | {
        "ceremony_days": str(LAW.on("admission.ceremony_days", day).required),
        "ceremony_from": "ngày nhận được Quyết định" if from_receipt else "ngày ban hành Quyết định",
        "probation_months": str(LAW.on("probation.months", day).required),
        "consent_paper": file.consent_paper, "readmission_paper": file.readmission_paper if file.is_readmission else None,
    }  # fmt: skip


def _struck_off(actor: Actor, file: Admission, day: dt.date) -> Facts:
    return _ruled(actor, file, Purpose.REMOVAL) | {"complaint_days": str(LAW.on("removal.complaint_days", day).required)}


_OF: Mapping[str, Callable[[Actor, Admission, dt.date], Facts]] = MappingProxyType(
    {
        "helper_assignment": _helped,
        "introducer": _introduced(0),
        "introducer_second": _introduced(1),
        "cell_resolution": _proposed,
        "committee_report": _checked,
        "decision": _admitted,
        "ceremony_minutes": lambda actor, file, day: _helped(actor, file, day) | _ended(file),
        "recognition_resolution": lambda actor, file, day: _resolved(actor, file, Purpose.RECOGNITION) | _ended(file),
        "recognition_decision": lambda actor, file, day: _ruled(actor, file, Purpose.RECOGNITION),
        "removal_decision": _struck_off,
        "cancel_decision": lambda actor, file, day: _ended(file),
    }
)


def _refuse(code: str, message: str) -> RuleBroken:
    return RuleBroken([Finding(code=code, field="", severity=Severity.BLOCK, message=message)])
