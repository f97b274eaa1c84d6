"""Votes of a cell: who counts, how many are needed, and whether the numbers can be true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

from partyreg.rulebook.book import LAW, Rulebook, share
from partyreg.rulebook.finding import Finding, Severity, judged, msg


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """One vote of a cell, in persons. `not_counted`: full members left out of the total by the rules (A-19).

    Those are: absent and (active temporarily elsewhere or exempted), and all suspended, prosecuted or detained.
    `present` counts only the full members present.
    """

    full_members: int
    not_counted: int
    present: int
    in_favour: int
    against: int
    blank: int = 0

    @property
    def base(self) -> int:
        """Answer the denominator: the full members who count."""
        return self.full_members - self.not_counted

    @property
    def cast(self) -> int:
        """Answer the votes cast, blank ones included."""
        return self.in_favour + self.against + self.blank


_COUNTS = {
    "full_members": msg("Số đảng viên chính thức"),
    "not_counted": msg("Số đảng viên không tính vào tổng số"),
    "present": msg("Số có mặt"),
    "in_favour": msg("Số phiếu tán thành"),
    "against": msg("Số phiếu không tán thành"),
    "blank": msg("Số phiếu trắng"),
}


def votes_needed(full_members: int, day: date, not_counted: int = 0, book: Rulebook = LAW) -> int:
    """Answer the votes in favour that a cell's resolution on admission needs (persons).

    At least 2/3 of the full members who count, not of those present. Governing day: the day of the vote.
    Source: 294-QĐ/TW 9.3.2 and 9.3.4 (A-18, A-19). Raise ValueError when more are left out than there are.
    """
    base = full_members - not_counted
    if base < 0 or not_counted < 0:
        raise ValueError("those not counted must be between 0 and the full members")
    return ceil(share(book.on("admission.cell_share", day)) * base)


def vote_findings(vote: VoteFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer what is wrong or right with a cell's vote on admission; impossible numbers are refused first.

    Governing day: the day of the vote. Source: A-18, A-19, A-26.
    """
    impossible = _impossible(vote)
    if impossible:
        return impossible
    cite = book.on("admission.cell_share", day).citation
    fraction = share(book.on("admission.cell_share", day))
    needed = votes_needed(vote.full_members, day, vote.not_counted, book)
    facts: dict[str, object] = {
        "in_favour": vote.in_favour,
        "base": vote.base,
        "needed": needed,
        "share": fraction,
    }
    findings = []
    if vote.base == 0:
        text = msg("Chi bộ không có đảng viên chính thức nào được tính để biểu quyết. Kiểm tra lại danh sách đảng viên.")
        findings.append(
            judged(
                "vote.nobody",
                "full_members",
                Severity.BLOCK,
                text,
                cite,
            )
        )
    elif vote.in_favour < needed:
        text = msg(
            "Chỉ có %(in_favour)s phiếu tán thành trên %(base)s đảng viên chính thức được tính; phải "
            "có ít nhất %(needed)s phiếu (%(share)s) mới ra nghị quyết đề nghị kết nạp. Báo cáo đầy "
            "đủ kết quả biểu quyết lên cấp ủy có thẩm quyền xem xét."
        )
        findings.append(
            judged(
                "vote.short",
                "in_favour",
                Severity.BLOCK,
                text,
                cite,
                **facts,
            )
        )
    else:
        text = msg(
            "Đủ tỷ lệ: %(in_favour)s phiếu tán thành trên %(base)s đảng viên chính thức được tính, cần ít nhất %(needed)s (%(share)s)."
        )
        findings.append(
            judged(
                "vote.enough",
                "in_favour",
                Severity.OK,
                text,
                cite,
                **facts,
            )
        )
    if vote.cast < vote.present:
        text = msg("Có %(present)s đảng viên chính thức dự họp nhưng chỉ ghi %(cast)s phiếu. Kiểm tra lại biên bản kiểm phiếu.")
        findings.append(
            judged(
                "vote.uncast",
                "present",
                Severity.WARN,
                text,
                present=vote.present,
                cast=vote.cast,
            )
        )
    return findings


def _impossible(vote: VoteFacts) -> list[Finding]:
    negative = [
        judged(
            "vote.negative",
            name,
            Severity.BLOCK,
            msg("%(what)s là %(value)s, không thể là số âm. Nhập lại theo biên bản."),
            what=what,
            value=getattr(vote, name),
        )
        for name, what in _COUNTS.items()
        if getattr(vote, name) < 0
    ]
    if negative:
        return negative
    findings = []
    if vote.not_counted > vote.full_members:
        text = msg(
            "Số đảng viên không tính (%(not_counted)s) lớn hơn số đảng viên chính thức (%(full_members)s). Kiểm tra lại danh sách chi bộ."
        )
        findings.append(
            judged(
                "vote.not_counted",
                "not_counted",
                Severity.BLOCK,
                text,
                not_counted=vote.not_counted,
                full_members=vote.full_members,
            )
        )
    elif vote.present > vote.base:
        text = msg(
            "Số có mặt (%(present)s) lớn hơn số đảng viên chính thức được tính (%(base)s). Chỉ đếm "
            "đảng viên chính thức; đảng viên được miễn mà có mặt thì được tính."
        )
        findings.append(
            judged(
                "vote.present",
                "present",
                Severity.BLOCK,
                text,
                present=vote.present,
                base=vote.base,
            )
        )
    if vote.cast > vote.present:
        text = msg("Tổng số phiếu (%(cast)s) lớn hơn số đảng viên chính thức có mặt (%(present)s). Nhập lại theo biên bản kiểm phiếu.")
        findings.append(
            judged(
                "vote.too_many",
                "in_favour",
                Severity.BLOCK,
                text,
                cast=vote.cast,
                present=vote.present,
            )
        )
    return findings
