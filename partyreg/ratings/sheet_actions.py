"""What happens to a cell's sheet on its way: it is written, sent on, returned with a reason, or found in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..names import nfc
from ..org.models import Unit
from ..org.scope import one
from ..rulebook.finding import Finding, Severity, blocking
from ..rulebook.rating import (
    Level,
    LevelVote,
    RatingStep,
    StepFacts,
    SubjectKind,
    level_vote_findings,
    may_move,
    next_step,
    reason_findings,
    steps,
)
from . import campaign_queries as queries
from .campaign_actions import refuse
from .campaign_models import RatingCampaign, RatingLine, RatingMove
from .models import NotRated

LONGEST_REASON = 300
LONGEST_PAPER = 80
#: A level on the sheet as it stands, for showing what somebody else wrote meanwhile.
Answer = Level | NotRated | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """The meeting that voted: its day, the minutes, and who counts (persons)."""

    voted_on: dt.date | None = None
    paper: str = ""
    full_members: int | None = None
    not_counted: int = 0
    present: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the sheet says of one subject. `answer` is the level that the cell proposes, or why it proposes none."""

    self_level: Level | None = None
    score: Decimal | None = None
    votes: Mapping[Level, int] = field(default_factory=dict)
    blank: int = 0
    answer: Answer = None
    why: str = ""


@deed
def record_sheet(
    actor: Actor, year: int, unit: Unit, entries: Mapping[int, Entry], minutes: Minutes, versions: Mapping[int, int]
) -> int:  # fmt: skip
    """The sheet says what is given, line id -> entry; how many lines changed. It stays in the cell until it is sent.

    Raises RuleBroken when the campaign is closed, the sheet is with those above, the vote is impossible or its meeting lacks facts;
    Conflict when somebody else wrote on a line since `versions`; NotVisible for lines that are not the cell's.
    """
    given, lines = _sheet(actor, year, unit)
    known = {line.id: line for line in lines}
    if not set(entries) <= set(known):
        raise NotVisible("RatingLine")
    wrong = [
        *_minutes(given, minutes, entries.values()),
        *(f for key, entry in entries.items() for f in _entry(given, known[key], entry, minutes)),
    ]
    if wrong:
        raise RuleBroken(wrong)
    changed = {key: entry for key, entry in entries.items() if _differs(known[key], entry, minutes)}
    sent = [known[key] for key in changed if known[key].step not in queries.IN_CELL]
    if sent:
        raise refuse("rating.sent", "", _("Bảng đã gửi lên cấp trên; chỉ sửa được khi bị trả lại."))
    stale = [known[key] for key in changed if known[key].version != versions.get(key, 0)]
    if stale:
        raise Conflict(
            _("Có người đã sửa bảng trong lúc đồng chí đang nhập. Chưa có gì bị ghi đè."),
            mine={line.name: label(changed[line.id].answer) for line in stale},
            theirs={line.name: label(line.not_rated or line.proposed) for line in stale},
        )
    for key, entry in changed.items():
        _write(actor, known[key], entry, minutes)
    return len(changed)


@deed
def submit_sheet(actor: Actor, year: int, unit: Unit) -> int:
    """The cell's sheet is with those who check it; how many lines went. Raises RuleBroken when a line lacks something that its step
    asks, or goes against a warning without a reason, or nothing is in the cell; NotVisible."""
    given, lines = _sheet(actor, year, unit)
    going = [line for line in lines if line.step in queries.IN_CELL]
    if not going:
        raise refuse("rating.sent", "", _("Bảng đã gửi lên cấp trên; chỉ sửa được khi bị trả lại."))
    wrong = [replace(one, message=f"{line.name}: {one.message}", template="") for line in going for one in _unready(given, line)]
    if wrong:
        raise RuleBroken(wrong)
    _log(actor, given, unit, going[0].step, RatingStep.CHECK)
    for line in going:
        line.step = RatingStep.CHECK
    return len(going)


@deed
def return_sheet(actor: Actor, year: int, unit: Unit, reason: str) -> int:
    """What is not decided is back in the cell, for that reason; how many lines. Raises RuleBroken without a reason, or when nothing
    is above the cell; NotVisible."""
    given, lines = _sheet(actor, year, unit)
    why = _reason(reason)
    back = [line for line in lines if line.step in (RatingStep.CHECK, RatingStep.DECISION)]
    if not back:
        raise refuse("rating.nothing_sent", "reason", _("Không có bảng nào đang chờ thẩm định hoặc quyết định để trả lại."))
    first = {kind: steps(kind, given.terms.day)[0].step for kind in (SubjectKind.MEMBER, SubjectKind.ORGANISATION)}
    _log(actor, given, unit, back[0].step, first[back[-1].kind], why)
    for line in back:
        line.step, line.checked_on, line.checked_by, line.checked_note = first[line.kind], None, None, None
    return len(back)


@deed
def check_sheet(actor: Actor, year: int, unit: Unit, note: str = "") -> int:
    """The sheet was checked and waits for the decision; how many lines. Raises RuleBroken when none waits for the check; NotVisible."""
    given, lines = _sheet(actor, year, unit)
    waiting = [line for line in lines if line.step is RatingStep.CHECK]
    if not waiting:
        raise refuse("rating.nothing_sent", "note", _("Chi bộ chưa gửi bảng để thẩm định."))
    remark = nfc(note)
    if len(remark) > LONGEST_REASON:
        raise refuse("rating.long_reason", "note", _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_REASON))
    _log(actor, given, unit, RatingStep.CHECK, RatingStep.DECISION)
    for line in waiting:
        line.checked_on, line.checked_by, line.checked_note = clock.today(), actor.name, remark or None
        line.step = RatingStep.DECISION
    return len(waiting)


def _sheet(actor: Actor, year: int, unit: Unit) -> tuple[RatingCampaign, list[RatingLine]]:
    """The open campaign and the cell's lines. Raises NotVisible, RuleBroken when it is closed."""
    one(Unit, actor, Unit.id == unit.id)
    given = queries.campaign(year)
    if not given.is_open:
        raise refuse("campaign.closed", "year", _("Đợt xếp loại đã khóa ngày %(day)s.", day=fmt_date(given.closed_on)))
    return given, queries.lines(actor, given, unit)


def _block(code: str, on_field: str, message: str) -> Finding:
    return Finding(code, on_field, Severity.BLOCK, message)


def _minutes(given: RatingCampaign, minutes: Minutes, entries: Iterable[Entry]) -> list[Finding]:
    """What the meeting lacks, where any vote is entered."""
    if not any(any(entry.votes.values()) or entry.blank for entry in entries):
        return []
    found = []
    if not _can_be(given, minutes.voted_on):
        text = _("Ngày họp phải từ %(first)s đến hôm nay.", first=fmt_date(dt.date(given.year, 1, 1)))
        found.append(_block("rating.voted_on", "voted_on", text))
    if not nfc(minutes.paper):
        found.append(_block("rating.no_paper", "paper", _("Ghi số biên bản hoặc báo cáo của chi bộ.")))
    elif len(nfc(minutes.paper)) > LONGEST_PAPER:
        found.append(_block("rating.long_paper", "paper", _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_PAPER)))
    for name in ("full_members", "present"):
        if getattr(minutes, name) is None:
            found.append(_block("rating.no_count", name, _("Ghi số đảng viên theo biên bản.")))
    return found


def _can_be(given: RatingCampaign, day: dt.date | None) -> bool:
    """Whether a cell can have voted on that day."""
    return day is not None and dt.date(given.year, 1, 1) <= day <= clock.today()


def _vote(entry: Entry, minutes: Minutes) -> LevelVote | None:
    if not (any(entry.votes.values()) or entry.blank) or minutes.full_members is None or minutes.present is None:
        return None
    return LevelVote(minutes.full_members, minutes.not_counted, minutes.present, entry.votes, entry.blank)


def _entry(given: RatingCampaign, line: RatingLine, entry: Entry, minutes: Minutes) -> list[Finding]:
    """What cannot be of one line, its fields named as on the sheet."""
    found = []
    if entry.score is not None and not 0 <= entry.score <= 100:
        found.append(_block("rating.score", f"score-{line.id}", _("Điểm từ 0 đến 100.")))
    if len(nfc(entry.why)) > LONGEST_REASON:
        text = _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_REASON)
        found.append(_block("rating.long_reason", f"why-{line.id}", text))
    if isinstance(entry.answer, NotRated) and line.member_id is None:
        found.append(_block("rating.cell_level", f"answer-{line.id}", _("Chi bộ phải có mức xếp loại.")))
    if line.member_id is None and (any(entry.votes.values()) or entry.blank):
        found.append(_block("rating.cell_votes", f"answer-{line.id}", _("Chi bộ tự xếp loại, không bỏ phiếu mức của chính mình.")))
    vote = _vote(entry, minutes)
    if vote is not None and minutes.voted_on is not None and _can_be(given, minutes.voted_on) and line.member_id is not None:
        level = entry.answer if isinstance(entry.answer, Level) else Level.GOOD
        for one_ in blocking(level_vote_findings(vote, level, minutes.voted_on)):
            of_line = one_.field.startswith("votes_") or one_.field == "blank"
            found.append(replace(one_, field=f"{one_.field}-{line.id}" if of_line else one_.field))
    return found


def _columns(line: RatingLine, entry: Entry, minutes: Minutes) -> dict[str, object]:
    """The columns that an entry fills."""
    vote = _vote(entry, minutes)
    level = entry.answer if isinstance(entry.answer, Level) else None
    reason = entry.answer if isinstance(entry.answer, NotRated) else None
    counts = {f"votes_{one_.value}": None if vote is None else vote.for_level(one_) for one_ in Level}
    has_paper = vote is not None or (line.member_id is None and level is not None)
    return {
        "self_level": entry.self_level, "score": entry.score, "not_rated": reason, "proposed": level,
        "proposed_why": nfc(entry.why) or None, "proposed_paper": (nfc(minutes.paper) or None) if has_paper else None,
        "voted_on": minutes.voted_on if vote else None, "full_members": vote.full_members if vote else None,
        "not_counted": vote.not_counted if vote else None, "present": vote.present if vote else None,
        "blank": vote.blank if vote else None, **counts,
    }  # fmt: skip


def _differs(line: RatingLine, entry: Entry, minutes: Minutes) -> bool:
    return any(getattr(line, name) != value for name, value in _columns(line, entry, minutes).items())


def _write(actor: Actor, line: RatingLine, entry: Entry, minutes: Minutes) -> None:
    for name, value in _columns(line, entry, minutes).items():
        if getattr(line, name) != value:
            setattr(line, name, value)
    line.proposed_by = actor.name if line.proposed or line.not_rated else None


def _unready(given: RatingCampaign, line: RatingLine) -> list[Finding]:
    """What keeps a line in the cell: a step without its result, or a warning without a reason."""
    if line.not_rated is not None:
        unlike = line.not_rated is not line.law_reason
        return [_block("rating.reason", f"why-{line.id}", _("Không xếp loại ngoài diện quy định: ghi lý do."))] if (
            unlike and not line.proposed_why
        ) else []  # fmt: skip
    if line.proposed is None:
        return [_block("rating.lacking", f"answer-{line.id}", _("Chưa có mức đề xuất."))]
    facts, step = StepFacts(self_level=line.self_level, vote=line.vote, proposed=line.proposed), line.step
    while step is not RatingStep.CHECK and (ahead := next_step(step, line.kind, given.terms.day)) is not None:
        wrong = blocking(may_move(step, ahead, line.kind, facts, given.terms.day))
        if wrong:
            return [replace(one_, field=f"{one_.field}-{line.id}") for one_ in wrong]
        step = ahead
    warned = reason_findings(queries.findings(given, line, line.proposed), line.proposed_why or "")
    return [replace(one_, field=f"why-{line.id}") for one_ in warned]


def _reason(reason: str) -> str:
    why = nfc(reason)
    if not why:
        raise refuse("rating.no_reason", "reason", _("Chưa ghi lý do."))
    if len(why) > LONGEST_REASON:
        raise refuse("rating.long_reason", "reason", _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_REASON))
    return why


def _log(actor: Actor, given: RatingCampaign, unit: Unit, before: RatingStep, after: RatingStep, reason: str | None = None) -> None:
    db.session.add(
        RatingMove(
            campaign_id=given.id, unit_id=unit.id, from_step=before, to_step=after, moved_at=clock.now(), user_id=actor.user_id,
            actor=actor.name, reason=reason,
        )
    )  # fmt: skip
