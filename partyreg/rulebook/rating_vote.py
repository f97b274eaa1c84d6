"""The vote that proposes a level: whether the numbers add up, and what is short (PRO-10 to PRO-12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import floor

from partyreg.rulebook.book import LAW, Rulebook, share
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.meeting import quorum
from partyreg.rulebook.rating_terms import Level
from partyreg.rulebook.voting import VoteFacts, impossible_votes


@dataclass(frozen=True, slots=True)
class LevelVote:
    """One vote on one subject, in persons: the first three as in `VoteFacts`, then the votes for each level, and the blank ones."""

    full_members: int
    not_counted: int
    present: int
    votes: Mapping[Level, int]
    blank: int = 0

    @property
    def base(self) -> int:
        """Answer the denominator: the members who count."""
        return self.full_members - self.not_counted

    @property
    def cast(self) -> int:
        """Answer the votes cast, blank ones included."""
        return sum(self.votes.values()) + self.blank

    def for_level(self, level: Level) -> int:
        """Answer the votes for one level; 0 where none are on record."""
        return self.votes.get(level, 0)


def votes_for_level(base: int, day: date, book: Rulebook = LAW) -> int:
    """Answer the votes that a proposed level needs, of those who count: more than 1/2 (PRO-10, PRO-12; unverified).

    Governing day: the day of the vote. Raise ValueError for a negative number, `NotInForce` before the first rule.
    """
    if base < 0:
        raise ValueError("those who count cannot be negative")
    return floor(share(book.on("rating.vote_share", day)) * base) + 1


def level_vote_findings(vote: LevelVote, level: Level, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer what is wrong with the vote for the proposed level; impossible numbers are refused, the rest warns.

    Governing day: the day of the vote. Source: 294-QĐ/TW 9.3.2 (who counts); no source gives the share or a quorum, so both warn.
    """
    impossible = _impossible(vote, level)
    if impossible:
        return impossible
    findings = []
    if book.find("meeting.quorum_share", day) is not None:
        findings.append(replace(quorum(vote.present, vote.base, day, book), code="rating.quorum"))
    in_favour = vote.for_level(level)
    rule = book.on("rating.vote_share", day)
    needed = votes_for_level(vote.base, day, book)
    shown: dict[str, object] = {"level": level.words, "in_favour": in_favour, "base": vote.base, "needed": needed}
    if in_favour < needed:
        text = msg("Mức %(level)s chỉ có %(in_favour)s phiếu trên %(base)s người được tính; cần ít nhất %(needed)s.")
        findings.append(judged("rating.votes", f"votes_{level}", Severity.WARN, text, rule.citation, **shown))
    else:
        text = msg("Mức %(level)s có %(in_favour)s phiếu trên %(base)s người được tính, cần ít nhất %(needed)s.")
        findings.append(judged("rating.votes", f"votes_{level}", Severity.OK, text, rule.citation, **shown))
    more = [other for other in Level if vote.for_level(other) > in_favour]
    if more:
        best = max(more, key=vote.for_level)
        text = msg("Mức %(best)s có nhiều phiếu hơn (%(votes)s) mức đề xuất %(level)s (%(in_favour)s).")
        findings.append(
            judged(
                "rating.most_votes",
                f"votes_{level}",
                Severity.WARN,
                text,
                rule.citation,
                **shown,
                best=best.words,
                votes=vote.for_level(best),
            )
        )
    if vote.cast < vote.present:
        text = msg("Có %(present)s đảng viên chính thức dự họp nhưng chỉ ghi %(cast)s phiếu. Kiểm tra lại biên bản kiểm phiếu.")
        findings.append(judged("vote.uncast", "present", Severity.WARN, text, present=vote.present, cast=vote.cast))
    return findings


def _impossible(vote: LevelVote, level: Level) -> list[Finding]:
    text = msg("Số phiếu cho mức %(level)s là %(value)s, không thể là số âm. Nhập lại theo biên bản.")
    negative = [
        judged("vote.negative", f"votes_{one}", Severity.BLOCK, text, level=one.words, value=count)
        for one, count in vote.votes.items()
        if count < 0
    ]
    if negative:
        return negative
    in_favour = vote.for_level(level)
    facts = VoteFacts(vote.full_members, vote.not_counted, vote.present, in_favour, vote.cast - vote.blank - in_favour, vote.blank)
    return [replace(one, field=f"votes_{level}") if one.field == "in_favour" else one for one in impossible_votes(facts)]
