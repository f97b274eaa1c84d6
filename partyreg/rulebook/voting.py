"""Votes of a cell or a committee: who counts, how many are needed, and whether the numbers can be true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from partyreg.rulebook.admission_way import Purpose, VotingBody
from partyreg.rulebook.book import LAW, Rulebook, share
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.timeline import Citation


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """One vote, in persons. `full_members`: the full members of the cell, or all members of the committee.

    `not_counted`: full members left out of the total by the rules (A-19): absent and (active temporarily elsewhere or exempted), and
    all suspended, prosecuted or detained. `present` counts only those present who count.
    """

    full_members: int
    not_counted: int
    present: int
    in_favour: int
    against: int
    blank: int = 0

    @property
    def base(self) -> int:
        """Answer the denominator: the members who count."""
        return self.full_members - self.not_counted

    @property
    def cast(self) -> int:
        """Answer the votes cast, blank ones included."""
        return self.in_favour + self.against + self.blank


#: Body -> the name of its share in the law; the area of the key is the purpose.
_SHARES: Mapping[VotingBody, str] = {
    VotingBody.CELL: "cell_share",
    VotingBody.COMMITTEE: "base_share",
    VotingBody.STANDING: "decision_share",
}
_COUNTS = {
    "full_members": msg("Số đảng viên chính thức"),
    "not_counted": msg("Số đảng viên không tính vào tổng số"),
    "present": msg("Số có mặt"),
    "in_favour": msg("Số phiếu tán thành"),
    "against": msg("Số phiếu không tán thành"),
    "blank": msg("Số phiếu trắng"),
}
_COMMITTEE_COUNTS = _COUNTS | {
    "full_members": msg("Số ủy viên"),
    "not_counted": msg("Số ủy viên không tính vào tổng số"),
}
_SHORT: Mapping[Purpose, str] = {
    Purpose.ADMISSION: msg(
        "Chỉ có %(in_favour)s phiếu tán thành trên %(base)s đảng viên chính thức được tính; phải có ít nhất %(needed)s phiếu "
        "(%(share)s) mới ra nghị quyết đề nghị kết nạp. Báo cáo đầy đủ kết quả biểu quyết lên cấp ủy có thẩm quyền xem xét."
    ),
    Purpose.RECOGNITION: msg(
        "Chỉ có %(in_favour)s phiếu tán thành trên %(base)s đảng viên chính thức được tính; phải có ít nhất %(needed)s phiếu "
        "(%(share)s) mới ra nghị quyết đề nghị công nhận chính thức. Chi bộ xét lại, hoặc biểu quyết đề nghị xóa tên."
    ),
    Purpose.REMOVAL: msg(
        "Chỉ có %(in_favour)s phiếu tán thành trên %(base)s đảng viên chính thức được tính; phải có ít nhất %(needed)s phiếu "
        "(%(share)s) mới ra nghị quyết đề nghị xóa tên. Chi bộ xét lại, hoặc biểu quyết đề nghị công nhận chính thức."
    ),
}
_COMMITTEE_SHORT: Mapping[VotingBody, str] = {
    VotingBody.COMMITTEE: msg(
        "Chỉ có %(in_favour)s phiếu tán thành trên %(base)s ủy viên; phải có ít nhất %(needed)s phiếu (%(share)s số ủy viên) mới ra "
        "nghị quyết đề nghị. Kiểm tra lại biên bản, hoặc trả hồ sơ kèm kết quả biểu quyết."
    ),
    VotingBody.STANDING: msg(
        "Chỉ có %(in_favour)s phiếu tán thành trên %(base)s ủy viên; phải có ít nhất %(needed)s phiếu (quá %(share)s số ủy viên) mới "
        "ra quyết định. Kiểm tra lại biên bản, hoặc ghi kết quả không tán thành và thông báo cho chi bộ."
    ),
}


def votes_needed(full_members: int, day: date, not_counted: int = 0, book: Rulebook = LAW, purpose: Purpose = Purpose.ADMISSION) -> int:
    """Answer the votes in favour that a cell's resolution needs (persons).

    At least 2/3 of the full members who count, not of those present. Governing day: the day of the vote.
    Source: 294-QĐ/TW 9.3.2 and 9.3.4 (A-18, A-19, P-07). Raise ValueError when more are left out than there are.
    """
    return _votes_needed(full_members - not_counted, not_counted, VotingBody.CELL, purpose, day, book)


def committee_votes_needed(members: int, day: date, body: VotingBody, book: Rulebook = LAW, purpose: Purpose = Purpose.ADMISSION) -> int:
    """Answer the votes in favour that a committee needs, of all its members (persons).

    The base committee: at least 2/3; its standing committee: more than 1/2 (A-21, A-22, P-07). Governing day: the day of the
    vote. Source: 294-QĐ/TW 9.3.4; 06-HD/TW 3.7a, 4.5a. Raise ValueError for a negative number.
    """
    return _votes_needed(members, 0, body, purpose, day, book)


def share_citation(purpose: Purpose, day: date, body: VotingBody = VotingBody.CELL, book: Rulebook = LAW) -> Citation:
    """Answer where the share that a vote needs stands. Governing day: the day of the vote. Source: the law's `…_share` keys."""
    return book.on(_key(body, purpose), day).citation


def is_carried(
    vote: VoteFacts,
    day: date,
    book: Rulebook = LAW,
    purpose: Purpose = Purpose.ADMISSION,
    body: VotingBody = VotingBody.CELL,
) -> bool:
    """Answer whether the numbers are possible and reach the share, verified or not. Governing day: the day of the vote."""
    if _impossible(vote, _COUNTS, body) or vote.base == 0:
        return False
    return vote.in_favour >= _votes_needed(vote.base, vote.not_counted, body, purpose, day, book)


def vote_findings(vote: VoteFacts, day: date, book: Rulebook = LAW, purpose: Purpose = Purpose.ADMISSION) -> list[Finding]:
    """Answer what is wrong or right with a cell's vote; impossible numbers are refused first.

    Governing day: the day of the vote. Source: A-18, A-19, A-26, P-07.
    """
    impossible = _impossible(vote, _COUNTS, VotingBody.CELL)
    if impossible:
        return impossible
    rule = book.on(_key(VotingBody.CELL, purpose), day)
    if vote.base == 0:
        text = msg("Chi bộ không có đảng viên chính thức nào được tính để biểu quyết. Kiểm tra lại danh sách đảng viên.")
        findings = [judged("vote.nobody", "full_members", Severity.BLOCK, text, rule.citation)]
    else:
        enough = msg(
            "Đủ tỷ lệ: %(in_favour)s phiếu tán thành trên %(base)s đảng viên chính thức được tính, cần ít nhất %(needed)s (%(share)s)."
        )
        findings = [_reached(vote, day, book, VotingBody.CELL, purpose, _SHORT[purpose], enough)]
    text = msg("Có %(present)s đảng viên chính thức dự họp nhưng chỉ ghi %(cast)s phiếu. Kiểm tra lại biên bản kiểm phiếu.")
    return findings + _uncast(vote, text)


def committee_vote_findings(
    vote: VoteFacts, day: date, body: VotingBody, book: Rulebook = LAW, purpose: Purpose = Purpose.ADMISSION
) -> list[Finding]:
    """Answer what is wrong or right with a vote of the committee or of its standing committee; impossible numbers come first.

    The share is of all members of the body, absent ones too. Governing day: the day of the vote. Source: A-21, A-22, P-07.
    """
    impossible = _impossible(vote, _COMMITTEE_COUNTS, body)
    if impossible:
        return impossible
    rule = book.on(_key(body, purpose), day)
    if vote.base == 0:
        text = msg("Chưa ghi số ủy viên. Ghi tổng số ủy viên của tập thể biểu quyết, kể cả người vắng mặt.")
        findings = [judged("vote.nobody", "full_members", Severity.BLOCK, text, rule.citation)]
    else:
        enough = msg("Đủ tỷ lệ: %(in_favour)s phiếu tán thành trên %(base)s ủy viên, cần ít nhất %(needed)s.")
        findings = [_reached(vote, day, book, body, purpose, _COMMITTEE_SHORT[body], enough)]
    text = msg("Có %(present)s ủy viên dự họp nhưng chỉ ghi %(cast)s phiếu. Kiểm tra lại biên bản kiểm phiếu.")
    return findings + _uncast(vote, text)


def impossible_votes(vote: VoteFacts, body: VotingBody = VotingBody.CELL) -> list[Finding]:
    """Answer a refusal for each number that cannot be true, whatever the vote is about; none when they add up. No rule: logic."""
    return _impossible(vote, _COUNTS if body is VotingBody.CELL else _COMMITTEE_COUNTS, body)


def _key(body: VotingBody, purpose: Purpose) -> str:
    return f"{purpose.value}.{_SHARES[body]}"


def _votes_needed(base: int, left_out: int, body: VotingBody, purpose: Purpose, day: date, book: Rulebook) -> int:
    if base < 0 or left_out < 0:
        raise ValueError("those not counted must be between 0 and the full members")
    key = _key(body, purpose)
    votes = share(book.on(key, day)) * base
    return floor(votes) + 1 if book.timeline(key).unit == "share, more than" else ceil(votes)


def _reached(vote: VoteFacts, day: date, book: Rulebook, body: VotingBody, purpose: Purpose, short: str, enough: str) -> Finding:
    rule = book.on(_key(body, purpose), day)
    needed = _votes_needed(vote.base, vote.not_counted, body, purpose, day, book)
    shown: dict[str, object] = {"in_favour": vote.in_favour, "base": vote.base, "needed": needed, "share": share(rule)}
    if vote.in_favour < needed:
        return judged("vote.short", "in_favour", Severity.BLOCK, short, rule.citation, **shown)
    return judged("vote.enough", "in_favour", Severity.OK, enough, rule.citation, **shown)


def _uncast(vote: VoteFacts, text: str) -> list[Finding]:
    if vote.cast >= vote.present:
        return []
    return [judged("vote.uncast", "present", Severity.WARN, text, present=vote.present, cast=vote.cast)]


def count_findings(vote: VoteFacts, body: VotingBody) -> list[Finding]:
    """Answer what makes the numbers of a vote impossible, whatever it is about; empty when they can be true."""
    return _impossible(vote, _COUNTS if body is VotingBody.CELL else _COMMITTEE_COUNTS, body)


def _impossible(vote: VoteFacts, counts: Mapping[str, str], body: VotingBody) -> list[Finding]:
    negative_text = msg("%(what)s là %(value)s, không thể là số âm. Nhập lại theo biên bản.")
    negative = [
        judged("vote.negative", name, Severity.BLOCK, negative_text, what=what, value=getattr(vote, name))
        for name, what in counts.items()
        if getattr(vote, name) < 0
    ]
    if negative:
        return negative
    findings = []
    shown: dict[str, object] = {"full_members": vote.full_members, "not_counted": vote.not_counted, "present": vote.present}
    shown |= {"base": vote.base, "cast": vote.cast}
    is_cell = body is VotingBody.CELL
    if vote.not_counted > vote.full_members:
        text = msg("Số người không tính (%(not_counted)s) lớn hơn tổng số (%(full_members)s). Kiểm tra lại danh sách.")
        findings.append(judged("vote.not_counted", "not_counted", Severity.BLOCK, text, None, **shown))
    elif vote.present > vote.base:
        text = (
            msg(
                "Số có mặt (%(present)s) lớn hơn số đảng viên chính thức được tính (%(base)s). Chỉ đếm đảng viên chính thức; đảng "
                "viên được miễn mà có mặt thì được tính."
            )
            if is_cell
            else msg("Số có mặt (%(present)s) lớn hơn số ủy viên (%(base)s). Chỉ đếm ủy viên; người dự họp khác không biểu quyết.")
        )
        findings.append(judged("vote.present", "present", Severity.BLOCK, text, None, **shown))
    if vote.cast > vote.present:
        text = (
            msg("Tổng số phiếu (%(cast)s) lớn hơn số đảng viên chính thức có mặt (%(present)s). Nhập lại theo biên bản kiểm phiếu.")
            if is_cell
            else msg("Tổng số phiếu (%(cast)s) lớn hơn số ủy viên có mặt (%(present)s). Nhập lại theo biên bản kiểm phiếu.")
        )
        findings.append(judged("vote.too_many", "in_favour", Severity.BLOCK, text, None, **shown))
    return findings
