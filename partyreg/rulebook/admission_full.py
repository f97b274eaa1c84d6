"""From probation to the card: the dossier, the cell's votes, the ruling (P-01 to P-10, R-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from partyreg.rulebook.admission_decision import ballot_findings
from partyreg.rulebook.admission_facts import AdmissionFacts, Ballot
from partyreg.rulebook.admission_order import days_of, noted
from partyreg.rulebook.admission_terms import probation_ends, recognition_due, ruling_due
from partyreg.rulebook.admission_way import Purpose, VotingBody
from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_working_days
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.voting import is_carried, vote_findings


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the cell's votes send up: recognition or removal, or neither after too many failed votes."""

    purpose: Purpose
    ballot: Ballot
    is_deadlock: bool = False


def is_deadlocked(ballots: Sequence[Ballot], day: date, purpose: Purpose, book: Rulebook = LAW) -> bool:
    """Answer whether the last votes of a cell on recognition, or on removal, failed three times running (P-10).

    Each vote is counted by the law of its day; votes after `day` do not count. Governing day: `day`. Source: 294-QĐ/TW 4.2.3.
    """
    failed = 0
    for ballot in _held(ballots, day):
        failed = 0 if has_passed(ballot, purpose, book) else failed + 1
    most: int = book.on("recognition.max_votes", day).required
    return failed >= most


def has_passed(ballot: Ballot, purpose: Purpose, book: Rulebook = LAW) -> bool:
    """Answer whether a ballot of the cell carried its purpose. Governing day: the day on which it was held (A-18, P-07)."""
    return is_carried(ballot.vote, ballot.held_on, book, purpose)


def proposal(facts: AdmissionFacts, day: date, book: Rulebook = LAW) -> Proposal | None:
    """Answer what the file asks for by the cell's votes up to `day`; None while no vote sends it up.

    The last vote of each purpose stands; of two that carried the later one; a deadlock only where none carried (P-04, P-09, P-10).
    Governing day: the day of each vote.
    """
    stand, stuck = [], []
    for purpose, ballots in ((Purpose.RECOGNITION, facts.recognition_votes), (Purpose.REMOVAL, facts.removal_votes)):
        held = _held(ballots, day)
        if held and has_passed(held[-1], purpose, book):
            stand.append(Proposal(purpose, held[-1]))
        elif held and is_deadlocked(held, day, purpose, book):
            stuck.append(Proposal(purpose, held[-1], is_deadlock=True))
    return max(stand or stuck, key=lambda one: one.ballot.held_on, default=None)


def asks_removal(facts: AdmissionFacts, day: date, book: Rulebook = LAW) -> bool:
    """Answer whether the cell's standing vote asks to remove the probationer. Governing day: the day of the vote (P-09)."""
    found = proposal(facts, day, book)
    return found is not None and found.purpose is Purpose.REMOVAL and not found.is_deadlock


def probation_over(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether probation is over, and was when the cell voted; a removal need not wait (P-01, P-03).

    Governing day: the ceremony. Source: Điều lệ Đảng, Điều 5; 06-HD/TW 4.2.
    """
    code, field = "probation.over", "ceremony_on"
    if asks_removal(facts, day, book):
        text = msg("Chi bộ đề nghị xóa tên: không phải đợi hết thời gian dự bị.")
        return [judged(code, field, Severity.OK, text, book.on("removal.cell_share", day).citation)]
    if facts.ceremony_on is None:
        text = msg("Chưa ghi ngày lễ kết nạp nên chưa tính được thời gian dự bị. Ghi ngày lễ theo biên bản.")
        return [judged(code, field, Severity.BLOCK, text, book.on("probation.months", day).citation)]
    rule = book.on("probation.months", facts.ceremony_on)
    ends = probation_ends(facts.ceremony_on, book=book)
    shown: dict[str, object] = {"ceremony": facts.ceremony_on, "ends": ends, "months": rule.required}
    held = _held(facts.recognition_votes, day)
    if day < ends:
        text = msg("Thời gian dự bị %(months)s tháng từ lễ kết nạp %(ceremony)s đến ngày %(ends)s mới hết. Đợi đến ngày đó.")
        return [judged(code, field, Severity.BLOCK, text, rule.citation, **shown)]
    if held and held[-1].held_on < ends:
        shown["held"] = held[-1].held_on
        text = msg("Chi bộ biểu quyết công nhận ngày %(held)s, trước khi hết thời gian dự bị (%(ends)s). Chi bộ phải xét lại.")
        return [judged(code, "recognition_votes", Severity.BLOCK, text, rule.citation, **shown)]
    text = msg("Hết thời gian dự bị ngày %(ends)s; ngày chính thức là ngày này, dù xét muộn.")
    return [judged(code, field, Severity.OK, text, rule.citation, **shown)]


def new_class(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the new members' class was attended (P-02). Governing day: `day`. Source: 06-HD/TW 4.1."""
    missing = msg("Chưa có Giấy chứng nhận học lớp bồi dưỡng đảng viên mới. Cử đi học, rồi ghi ngày cấp.")
    kept = msg("Có Giấy chứng nhận học lớp bồi dưỡng đảng viên mới ngày %(on)s.")
    return _paper(facts, "new_class_on", day, book, missing, kept, {"ceremony_on": facts.ceremony_on})


def self_review(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the self-review was written after probation ended (P-03). Governing day: `day`. Source: 06-HD/TW 4."""
    missing = msg("Chưa có bản tự kiểm điểm của đảng viên dự bị (mẫu 10-KNĐ). Viết sau khi hết thời gian dự bị, rồi ghi ngày.")
    kept = msg("Có bản tự kiểm điểm ngày %(on)s.")
    return _paper(facts, "self_review_on", day, book, missing, kept, {"probation_end": _ends(facts, book)})


def remark(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the helper's remark is there (P-03). Governing day: `day`. Source: 06-HD/TW 4."""
    missing = msg("Chưa có nhận xét của người giúp đỡ đảng viên dự bị (mẫu 11-KNĐ). Nhận bản nhận xét rồi ghi ngày.")
    kept = msg("Có nhận xét của người giúp đỡ ngày %(on)s.")
    return _paper(facts, "remark_on", day, book, missing, kept, {"ceremony_on": facts.ceremony_on})


def full_opinions(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the opinions are summed up (P-03). Governing day: `day`. Source: 06-HD/TW 4."""
    missing = msg("Chưa có bản tổng hợp ý kiến của đoàn thể và chi ủy nơi cư trú (mẫu 12C-KNĐ). Lấy ý kiến rồi ghi ngày.")
    kept = msg("Có bản tổng hợp ý kiến ngày %(on)s.")
    return _paper(facts, "full_opinions_on", day, book, missing, kept, {"ceremony_on": facts.ceremony_on})


def recognition_vote(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the cell's votes send the file up, and whether it considered in time (P-04, P-07, P-09, P-10).

    A passed removal vote sends it up too; a deadlock does with a warning. Governing day: the day of each vote; for the term the
    end of probation. Source: 208-QĐ/TW; 294-QĐ/TW 4.2, 9.3.4.
    """
    code, field = "recognition_vote", "recognition_votes"
    term = _recognition_term(facts, day, book)
    late = [one for one in (*facts.recognition_votes, *facts.removal_votes) if one.held_on > day]
    if late:
        text = msg("Ngày chi bộ biểu quyết %(held)s còn ở phía trước. Kiểm tra lại ngày họp.")
        return [judged("order.future", field, Severity.BLOCK, text, held=late[0].held_on)]
    found = proposal(facts, day, book)
    if found is None and not facts.recognition_votes:
        text = msg("Chi bộ chưa biểu quyết công nhận đảng viên chính thức. Ghi ngày họp và số phiếu theo nghị quyết chi bộ.")
        return [judged(f"{code}.missing", field, Severity.BLOCK, text, book.on("recognition.cell_share", day).citation), *term]
    if found is not None and found.is_deadlock:
        rule = book.on("recognition.max_votes", day)
        text = msg(
            "Chi bộ đã biểu quyết %(times)s lần mà không đủ tỷ lệ. Báo cáo lên cấp ủy có thẩm quyền xem xét, quyết định; gửi kèm kết "
            "quả các lần biểu quyết."
        )
        return [judged(f"{code}.deadlock", field, Severity.WARN, text, rule.citation, times=rule.required), *term]
    purpose, ballot = (found.purpose, found.ballot) if found else (Purpose.RECOGNITION, _held(facts.recognition_votes, day)[-1])
    where = "removal_votes" if purpose is Purpose.REMOVAL else field
    return [replace(one, field=where) for one in vote_findings(ballot.vote, ballot.held_on, book, purpose)] + term


def ruling_vote(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the standing committee's vote carries what the cell asked for (P-07). Governing day: the vote.

    Source: 06-HD/TW 4.5a; 294-QĐ/TW 9.3.4.
    """
    asked = proposal(facts, day, book)
    purpose = asked.purpose if asked else Purpose.RECOGNITION
    if facts.ruling_ballot is None:
        cite = book.on(f"{purpose.value}.decision_share", day).citation
        text = msg("Chưa có kết quả biểu quyết của ban thường vụ. Ghi ngày họp, số ủy viên và số phiếu.")
        return [judged("ruling_vote.missing", "ruling_ballot", Severity.BLOCK, text, cite)]
    after = {f"{purpose.value}_votes": asked.ballot.held_on if asked else None}
    return ballot_findings(facts.ruling_ballot, "ruling_ballot", day, VotingBody.STANDING, purpose, after, book)


def ruling(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the ruling is there, after the votes, and in time (P-05). Governing day: the cell's resolution.

    Source: 294-QĐ/TW 4.3.1; lateness only warns.
    """
    asked = proposal(facts, day, book)
    rule = book.on("recognition.decision_days", asked.ballot.held_on if asked else day)
    decider = book.on("recognition.decider", day).citation
    missing = msg("Chưa ghi quyết định của ban thường vụ. Ghi số, ngày, người ký quyết định công nhận hoặc xóa tên.")
    kept = msg("Quyết định ngày %(on)s.")
    after = days_of(facts, "ruling_ballot")
    if asked is not None:
        after[f"{asked.purpose.value}_votes"] = asked.ballot.held_on
    if not asks_removal(facts, day, book):
        after["probation_end"] = _ends(facts, book)
    found = noted(facts, "ruled_on", day, "ruling", decider, missing, kept, after=after)
    if asked is None:
        return found
    due = ruling_due(asked.ballot.held_on, facts.days_off, book)
    extra = book.on("recognition.decision_extension_days", asked.ballot.held_on).required
    shown: dict[str, object] = {"resolved": asked.ballot.held_on, "due": due, "days": rule.required, "extra": extra}
    shown["last"] = add_working_days(due, extra, facts.days_off)
    if (facts.ruled_on or day) > due:
        text = msg(
            "Quá hạn quyết định: nghị quyết chi bộ ngày %(resolved)s, phải quyết định trong %(days)s ngày làm việc, đến %(due)s (trường "
            "hợp đặc biệt thêm %(extra)s ngày, đến %(last)s). Ghi lý do và thông báo cho chi bộ."
        )
        return [*found, judged("recognition.decision_days", "ruled_on", Severity.WARN, text, rule.citation, **shown)]
    text = msg("Hạn ra quyết định: %(due)s.")
    return [*found, judged("recognition.decision_days", "ruled_on", Severity.OK, text, rule.citation, **shown)]


def card(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the card was issued, after the ruling (R-08). Governing day: `day`. Source: 38-HD/BTCTW II.2.2."""
    cite = book.on("card.after_recognition", day).citation
    missing = msg("Chưa ghi thẻ đảng viên. Phát thẻ ở kỳ sinh hoạt chi bộ gần nhất, rồi ghi số thẻ và ngày phát.")
    kept = msg("Đã phát thẻ đảng viên ngày %(on)s.")
    return noted(facts, "card_on", day, "card", cite, missing, kept, after=days_of(facts, "ruled_on"))


def _recognition_term(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    ends = _ends(facts, book)
    if facts.ceremony_on is None or ends is None or day < ends:
        return []
    rule = book.on("recognition.consider_days", ends)
    due = recognition_due(facts.ceremony_on, facts.days_off, book)
    first = min((one.held_on for one in (*facts.recognition_votes, *facts.removal_votes)), default=day)
    shown: dict[str, object] = {"ends": ends, "due": due, "days": rule.required}
    code, field = "recognition.consider_days", "recognition_votes"
    if first > due:
        text = msg(
            "Chi bộ xét công nhận quá hạn: hết dự bị ngày %(ends)s, phải xét trong %(days)s ngày làm việc, đến %(due)s. Xét ngay và ghi "
            "lý do; ngày chính thức không đổi."
        )
        return [judged(code, field, Severity.WARN, text, rule.citation, **shown)]
    return [judged(code, field, Severity.OK, msg("Hạn chi bộ xét công nhận: %(due)s."), rule.citation, **shown)]


def _paper(
    facts: AdmissionFacts, field: str, day: date, book: Rulebook, missing: str, kept: str, after: dict[str, date | None]
) -> list[Finding]:
    """A paper of the dossier, before the cell's last vote; where the cell asks for removal none is needed."""
    if asks_removal(facts, day, book):
        return []
    cite = book.on("recognition.dossier", day).citation
    held = _held(facts.recognition_votes, day)
    before = {"recognition_votes": held[-1].held_on if held else None}
    return noted(facts, field, day, f"recognition.{field.removesuffix('_on')}", cite, missing, kept, after=after, before=before)


def _ends(facts: AdmissionFacts, book: Rulebook) -> date | None:
    return probation_ends(facts.ceremony_on, book=book) if facts.ceremony_on is not None else None


def _held(ballots: Sequence[Ballot], day: date) -> list[Ballot]:
    return sorted((one for one in ballots if one.held_on <= day), key=lambda one: one.held_on)
