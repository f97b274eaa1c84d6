"""The steps of a rating, who takes them, the days by which they end, the forms, and what may follow what (PRO-05 to PRO-14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.rating_terms import Frame, Level, SubjectKind
from partyreg.rulebook.rating_vote import LevelVote
from partyreg.rulebook.timeline import Citation


class RatingStep(StrEnum):
    """Where the rating of one subject stands; the law of the day names those that a kind of subject goes through."""

    TARGETS = "targets"
    SELF = "self"
    VOTE = "vote"
    CHECK = "check"
    OPINION = "opinion"
    DECISION = "decision"
    DECIDED = "decided"


class RatingBody(StrEnum):
    """Who takes a step."""

    SUBJECT = "subject"
    CELL = "cell"
    ADVISORY = "advisory"
    SUPERIOR = "superior"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class StepLaw:
    """One step with those who take it and where that stands."""

    step: RatingStep
    bodies: tuple[RatingBody, ...]
    cite: Citation


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What is on record of one subject's rating, step by step. `decision` is the number of the decision."""

    targets_on: date | None = None
    self_level: Level | None = None
    vote: LevelVote | None = None
    proposed: Level | None = None
    checked_on: date | None = None
    opinion_on: date | None = None
    decided: Level | None = None
    decision: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a part of the campaign, and where it stands."""

    on: date
    cite: Citation


def steps(kind: SubjectKind, day: date, book: Rulebook = LAW) -> tuple[StepLaw, ...]:
    """Answer the steps of a kind of subject in order; DECIDED, the end, is not among them.

    Governing day: the campaign's reference day. Source: 124-QĐ/TW Điều 11, 43-HD/BTCTW (PRO-07 to PRO-09). Raise `NotInForce`.
    """
    return _steps(f"rating.steps_{kind}", day, book)


def quarter_steps(day: date, book: Rulebook = LAW) -> tuple[StepLaw, ...]:
    """Answer the steps of a quarterly evaluation in order. `day`, the quarter's last, governs (QTR-02). Raise `NotInForce`."""
    return _steps("rating.steps_quarter", day, book)


def next_step(step: RatingStep, kind: SubjectKind, day: date, book: Rulebook = LAW) -> RatingStep | None:
    """Answer the step that follows, DECIDED after the last one, None after the end. Governing day and errors: as `steps`.

    Raise ValueError for a step that the kind of subject does not go through.
    """
    way = [*(one.step for one in steps(kind, day, book)), RatingStep.DECIDED]
    at = way.index(step)
    return way[at + 1] if at + 1 < len(way) else None


def may_move(step: RatingStep, to: RatingStep, kind: SubjectKind, facts: StepFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer why a rating may not go from `step` to `to`; none when it may.

    Forward it goes one step, once the step has its result; back to any earlier step; from the end nowhere, because a decision is
    changed by a decision. Governing day, source, errors: as `steps`. These refusals are the order of the campaign, not a rule
    on the level: what speaks against a level is in `subject_findings`, and only warns.
    """
    way = [*(one.step for one in steps(kind, day, book)), RatingStep.DECIDED]
    if step not in way or to not in way:
        text = msg("Đối tượng này không qua bước đó. Chọn bước khác.")
        return [judged("rating.no_step", "step", Severity.BLOCK, text)]
    if step is RatingStep.DECIDED:
        text = msg("Đã có quyết định xếp loại. Muốn sửa, ghi quyết định mới.")
        return [judged("rating.ended", "step", Severity.BLOCK, text)]
    at, aim = way.index(step), way.index(to)
    if aim < at:
        return []
    if aim != at + 1:
        text = msg("Các bước xếp loại đi lần lượt. Chuyển sang bước kế tiếp.")
        return [judged("rating.skip", "step", Severity.BLOCK, text)]
    field, is_there, lacking = _RESULTS[step]
    return [] if is_there(facts) else [judged("rating.lacking", field, Severity.BLOCK, lacking)]


def close_by(kind: SubjectKind, year: int, book: Rulebook = LAW) -> Deadline:
    """Answer the last day to rate a kind of subject in a year (PRO-13, PRO-14). The year's end governs. Raise `NotInForce`."""
    key = "rating.official_close_day" if kind is SubjectKind.OFFICIAL else "rating.close_day"
    return _deadline(key, year, year, book)


def decided_by(year: int, book: Rulebook = LAW) -> Deadline:
    """Answer the last day for the superior's decisions on a year, in the next one (PRO-14). The year's end governs."""
    return _deadline("rating.decided_by_day", year, year + 1, book)


def is_quarterly(frame: Frame, day: date, book: Rulebook = LAW) -> bool:
    """Answer whether those of a frame are evaluated every quarter (QTR-01). `day` governs; before the first rule nobody is."""
    rule = book.find("rating.quarterly", day)
    return rule is not None and frame.name in rule.required


def quarterly_citation(day: date, book: Rulebook = LAW) -> Citation:
    """Answer where the quarterly evaluation stands. `day` governs; raise `NotInForce`."""
    return book.on("rating.quarterly", day).citation


def form_code(frame: Frame, day: date, book: Rulebook = LAW) -> str:
    """Answer the code of the review form of a frame (PRO-05, PRO-06), '' where none is known. `day` governs."""
    rule = book.find("rating.form_by_frame", day)
    return "" if rule is None else str(rule.required.get(frame.name, ""))


def _steps(key: str, day: date, book: Rulebook) -> tuple[StepLaw, ...]:
    rule = book.on(key, day)
    return tuple(
        StepLaw(RatingStep[step], tuple(RatingBody[body] for body in bodies), rule.citation) for step, bodies in rule.required.items()
    )


def _deadline(key: str, year: int, of_year: int, book: Rulebook) -> Deadline:
    rule = book.on(key, date(year, 12, 31))
    day, month = (int(part) for part in rule.required.split("-"))
    return Deadline(date(of_year, month, day), rule.citation)


#: Step -> the field and the facts of its result, and what to say when there is none.
_RESULTS: dict[RatingStep, tuple[str, Callable[[StepFacts], bool], str]] = {
    RatingStep.TARGETS: ("targets_on", lambda f: f.targets_on is not None, msg("Chưa ghi ngày đăng ký chỉ tiêu. Ghi rồi mới chuyển bước.")),
    RatingStep.SELF: (
        "self_level",
        lambda f: f.self_level is not None,
        msg("Chưa có mức tự xếp loại. Nhập rồi mới chuyển bước."),
    ),
    RatingStep.VOTE: (
        "vote",
        lambda f: f.vote is not None and f.proposed is not None,
        msg("Chưa có kết quả biểu quyết và mức đề xuất. Nhập theo biên bản kiểm phiếu rồi mới chuyển bước."),
    ),
    RatingStep.CHECK: ("checked_on", lambda f: f.checked_on is not None, msg("Chưa ghi ngày thẩm định. Ghi rồi mới chuyển bước.")),
    RatingStep.OPINION: (
        "opinion_on",
        lambda f: f.opinion_on is not None,
        msg("Chưa ghi ngày cấp trên nhận xét. Ghi rồi mới chuyển bước."),
    ),
    RatingStep.DECISION: (
        "decision",
        lambda f: f.decided is not None and f.decided_on is not None and bool(f.decision.strip()),
        msg("Chưa đủ mức, số và ngày quyết định xếp loại. Nhập đủ rồi mới kết thúc."),
    ),
}
