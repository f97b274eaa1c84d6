"""When a file can be decided at the earliest: a lower bound for the forecast, never a promise."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from partyreg.rulebook import admission_person as person
from partyreg.rulebook.admission_facts import AdmissionFacts, IntroducerKind
from partyreg.rulebook.admission_way import CANDIDATE, Step
from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import Finding, msg
from partyreg.rulebook.voting import is_carried

#: The steps before which the cell has still to vote.
_BEFORE_THE_VOTE = (Step.LISTED, Step.ASKED, Step.DRAFT, Step.RETURNED)
_BARRED = {
    "admission.over_age": msg("Quá tuổi, chưa có đồng ý bằng văn bản"),
    "admission.readmission_once": msg("Đã kết nạp lại đủ số lần cho phép"),
}
_NOW = msg("Có thể quyết định ngay")


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first day on which the decision can come, None for never, and the reason in Vietnamese (untranslated)."""

    on: date | None
    reason: str


def earliest_decision(step: Step, facts: AdmissionFacts, day: date, book: Rulebook = LAW) -> Earliest:
    """Answer the first day from `day` on which the file can be decided, by what cannot be hurried.

    Those are: the age by month (A-01), each introducer's months together (A-08), the wait after leaving (A-37), and the regular
    meetings that the cell still needs: two for one on the list (one once it proposed the start), one before the vote, none after it.
    A decided file has its own day;
    one that ended, or whose candidate may never be admitted as the file stands, has none. Governing day: `day` for the meetings,
    the earliest vote for the rest. Raise `NotInForce` for a day before the oldest law.
    """
    if step in (Step.WITHDRAWN, Step.DECLINED, Step.CANCELLED, Step.MOVED):
        return Earliest(None, msg("Hồ sơ không còn được xét"))
    if step not in CANDIDATE:
        return Earliest(facts.decided_on, msg("Đã có quyết định kết nạp"))
    found = _after_the_meetings(step, facts, day, book) if _needs_vote(step, facts, day, book) else Earliest(day, _NOW)
    voted = facts.considered_on if found.reason == _NOW and facts.considered_on is not None else found.on
    bar = _bar(facts, voted or day, book)
    return Earliest(None, bar) if bar else found


def _needs_vote(step: Step, facts: AdmissionFacts, day: date, book: Rulebook) -> bool:
    if step not in _BEFORE_THE_VOTE:
        return False
    if facts.considered_on is None or facts.vote is None or facts.considered_on > day:
        return True
    return not is_carried(facts.vote, facts.considered_on, book)


def _after_the_meetings(step: Step, facts: AdmissionFacts, day: date, book: Rulebook) -> Earliest:
    """The cell votes at its first regular meeting on which everything that takes time is fulfilled."""
    begin = Earliest(day, msg("Kỳ sinh hoạt chi bộ sắp tới"))
    if step is Step.LISTED and facts.start_asked_on is None:
        begin = Earliest(_meeting(day, book, day) + timedelta(days=1), msg("Còn hai kỳ sinh hoạt: đề nghị làm thủ tục, rồi xét kết nạp"))
    last = max([begin, *_waits(facts, day, book)], key=lambda one: one.on or day)
    return Earliest(_meeting(last.on or day, book, day), last.reason)


def _waits(facts: AdmissionFacts, day: date, book: Rulebook) -> Iterable[Earliest]:
    if facts.born_on is not None:
        of_age = add_months(facts.born_on, book.on("admission.min_age_months", day).required)
        yield Earliest(of_age.replace(day=1), msg("Đợi đủ tuổi, tính theo tháng"))
    together = book.on("admission.introducer_months", day).required
    for one in facts.introducers:
        if one.kind is IntroducerKind.MEMBER and not one.is_replacement and one.together_since is not None:
            yield Earliest(add_months(one.together_since, together), msg("Đợi người giới thiệu đủ thời gian cùng sinh hoạt"))
    if facts.is_readmission and facts.left_on is not None:
        wait = book.on("admission.readmission_months", day).required
        yield Earliest(add_months(facts.left_on, wait), msg("Đợi đủ thời gian từ khi ra khỏi Đảng"))


def _meeting(start: date, book: Rulebook, day: date) -> date:
    """The first regular meeting from `start` on; `start` itself where the law of `day` sets no day."""
    rule = book.find("meeting.day", day)
    if rule is None:
        return start
    this = start.replace(day=min(rule.required, monthrange(start.year, start.month)[1]))
    if this >= start:
        return this
    following = add_months(start.replace(day=1), 1)
    return following.replace(day=min(rule.required, monthrange(following.year, following.month)[1]))


def _bar(facts: AdmissionFacts, voted: date, book: Rulebook) -> str | None:
    """Why the candidate may never be admitted as the file stands; an unverified rule bars nobody."""
    found: list[Finding] = [*person.age(facts, voted, book), *person.readmission(facts, voted, book)]
    return next((_BARRED[one.code] for one in found if one.blocks and one.code in _BARRED), None)
