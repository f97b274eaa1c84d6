"""The terms that run for a file at its step: until when what must be done, counted in working days or in days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from ..i18n import _, lazy
from ..rulebook import admission as law
from ..rulebook.admission import Step
from ..rulebook.book import LAW
from ..rulebook.dates import add_months, working_days_between
from ..rulebook.timeline import NotInForce


class Term(StrEnum):
    """What must be done, or ends, on the last day of a term."""

    REVIEW = "review"
    CERTIFICATE = "certificate"
    CHECK = "check"
    DOSSIER = "dossier"
    DECISION = "decision"
    CEREMONY = "ceremony"
    PROBATION = "probation"
    RECOGNITION = "recognition"
    RULING = "ruling"


#: What the words of a term call its last day.
_NAMES: Mapping[Term, Any] = {
    Term.REVIEW: lazy("Rà soát danh sách"),
    Term.CERTIFICATE: lazy("Giấy chứng nhận hết giá trị"),
    Term.CHECK: lazy("Hạn trả lời thẩm tra"),
    Term.DOSSIER: lazy("Hồ sơ hết giá trị"),
    Term.DECISION: lazy("Hạn quyết định kết nạp"),
    Term.CEREMONY: lazy("Hạn làm lễ kết nạp"),
    Term.PROBATION: lazy("Hết thời gian dự bị"),
    Term.RECOGNITION: lazy("Hạn chi bộ xét công nhận"),
    Term.RULING: lazy("Hạn quyết định công nhận"),
}
#: From how many days before its end a term is near: working days where it is counted so, days else. No law says it.
_NEAR = 10
_NEAR_DAYS: Mapping[Term, int] = {Term.REVIEW: 7, Term.CERTIFICATE: 30, Term.DOSSIER: 30, Term.PROBATION: 30}


class FileRow(NamedTuple):
    """What of a file its terms depend on. `reviewed_on` is the last review that kept the candidate; `voted_on` the cell's last
    vote on admission, `full_voted_on` its last vote on recognition or removal."""

    step: Step
    listed_on: dt.date | None = None
    reviewed_on: dt.date | None = None
    certificate_on: dt.date | None = None
    opened_on: dt.date | None = None
    check_asked_on: dt.date | None = None
    check_concluded_on: dt.date | None = None
    check_abroad: bool = False
    voted_on: dt.date | None = None
    decided_on: dt.date | None = None
    received_on: dt.date | None = None
    ceremony_on: dt.date | None = None
    full_voted_on: dt.date | None = None


class Deadline(NamedTuple):
    """How a term stands: days spent of all, the last day, the days left (negative: late); `working`: in working days."""

    what: Term
    spent: int
    total: int
    due: dt.date
    left: int
    working: bool

    @property
    def name(self) -> str:
        """What must be done by the last day, or ends on it."""
        return str(_NAMES[self.what])

    @property
    def is_late(self) -> bool:
        """Whether the last day is over."""
        return self.left < 0

    @property
    def is_near(self) -> bool:
        """Whether the last day is not over and comes soon."""
        return 0 <= self.left <= _NEAR_DAYS.get(self.what, _NEAR)

    @property
    def tone(self) -> str:
        """Green, amber when near, red when late; beside it always stands a text."""
        return "danger" if self.is_late else "warn" if self.is_near else "ok"

    @property
    def text(self) -> str:
        """The days left in words."""
        days = abs(self.left)
        if self.working:
            return str(_("Quá hạn %(days)s ngày làm việc", days=days) if self.is_late else _("Còn %(days)s ngày làm việc", days=days))
        return str(_("Quá hạn %(days)s ngày", days=days) if self.is_late else _("Còn %(days)s ngày", days=days))


_Off: TypeAlias = Collection[dt.date]
_Rule: TypeAlias = Callable[[FileRow, dt.date, _Off], Deadline | None]


def term(file: FileRow, day: dt.date, days_off: Collection[dt.date]) -> Deadline | None:
    """The one term that matters most at the file's step: the background check while it is out, else the one that ends first."""
    found = terms(file, day, days_off)
    checks = [one for one in found if one.what is Term.CHECK]
    return next(iter(checks or sorted(found, key=lambda one: (one.due, one.what))), None)


def terms(file: FileRow, day: dt.date, days_off: Collection[dt.date]) -> list[Deadline]:
    """Every term that runs for the file at its step on `day`; none for which no law was in force.

    A returned file runs on from the vote with which it was handed in, and has the terms of a draft while there is none.
    """
    found = []
    for one in _TERMS.get(file.step, ()):
        try:
            answer = one(file, day, days_off)
        except NotInForce:
            continue
        if answer is not None:
            found.append(answer)
    return found


def first_day(files: Iterable[FileRow], day: dt.date) -> dt.date:
    """The day from which days off must be known for the terms of these files on `day`."""
    begun = [
        one for file in files
        for one in (file.check_asked_on, file.voted_on, file.decided_on, file.received_on, file.ceremony_on, file.full_voted_on)
        if one is not None
    ]  # fmt: skip
    return min([day, *begun])


def _working(what: Term, start: dt.date, due: dt.date, day: dt.date, off: _Off) -> Deadline | None:
    if start > day:
        return None
    left = working_days_between(day, due, off) if day <= due else -working_days_between(due, day, off)
    # Late over a week-end only: one day late is late.
    left = min(left, -1) if day > due else left
    total = working_days_between(start, due, off)
    return Deadline(what, working_days_between(start, day, off), total, due, left, True)


def _plain(what: Term, start: dt.date, due: dt.date, day: dt.date) -> Deadline | None:
    return Deadline(what, (day - start).days, (due - start).days, due, (due - day).days, False) if start <= day else None


def _review(file: FileRow, day: dt.date, _off: _Off) -> Deadline | None:
    """The list is reviewed in every month: up to the end of the month in which the next review falls (A-10)."""
    start = max((one for one in (file.listed_on, file.reviewed_on) if one), default=None)
    if start is None:
        return None
    months = int(LAW.on("admission.pipeline_review_months", day).required)
    due = add_months(start.replace(day=1), months + 1) - dt.timedelta(days=1)
    return _plain(Term.REVIEW, start, due, day)


def _certificate(file: FileRow, day: dt.date, _off: _Off) -> Deadline | None:
    start = file.certificate_on
    return _plain(Term.CERTIFICATE, start, law.certificate_until(start, day), day) if start and not _is_voted(file) else None


def _dossier(file: FileRow, day: dt.date, _off: _Off) -> Deadline | None:
    start = file.opened_on
    return _plain(Term.DOSSIER, start, law.dossier_until(start, day), day) if start and not _is_voted(file) else None


def _check(file: FileRow, day: dt.date, off: _Off) -> Deadline | None:
    start = file.check_asked_on
    if start is None or file.check_concluded_on is not None:
        return None
    return _working(Term.CHECK, start, law.check_due(start, file.check_abroad, off), day, off)


def _is_voted(file: FileRow) -> bool:
    """Whether certificate and dossier have served: the cell voted, and handed the file in with that vote."""
    return file.step is Step.RETURNED and file.voted_on is not None


def _decision(file: FileRow, day: dt.date, off: _Off) -> Deadline | None:
    start = file.voted_on
    return _working(Term.DECISION, start, law.decision_due(start, off), day, off) if start else None


def _ceremony(file: FileRow, day: dt.date, off: _Off) -> Deadline | None:
    """From the decision's issue or from its receipt, as the law of the decision's day says (A-29)."""
    if file.decided_on is None:
        return None
    start = law.ceremony_start(file.decided_on, file.received_on)
    return _working(Term.CEREMONY, start, law.ceremony_due(start, off), day, off)


def _probation(file: FileRow, day: dt.date, off: _Off) -> Deadline | None:
    """The twelve months; when they are over, the working days in which the cell considers her."""
    return after_ceremony(file.ceremony_on, day, off) if file.ceremony_on else None


def after_ceremony(ceremony_on: dt.date, day: dt.date, days_off: Collection[dt.date]) -> Deadline | None:
    """The probation that began at the ceremony; when it is over, the term in which the cell considers full membership (P-04).

    Raises NotInForce for a ceremony before the oldest law.
    """
    end = law.probation_ends(ceremony_on)
    if day <= end:
        return _plain(Term.PROBATION, ceremony_on, end, day)
    return _working(Term.RECOGNITION, end, law.recognition_due(ceremony_on, days_off), day, days_off)


def _ruling(file: FileRow, day: dt.date, off: _Off) -> Deadline | None:
    start = file.full_voted_on
    return _working(Term.RULING, start, law.ruling_due(start, off), day, off) if start else None


def _sent_back(file: FileRow, day: dt.date, off: _Off) -> Deadline | None:
    return _ruling(file, day, off) or _probation(file, day, off)


#: Step -> the terms that may run there.
_TERMS: Mapping[Step, tuple[_Rule, ...]] = {
    Step.LISTED: (_review, _certificate),
    Step.DRAFT: (_check, _certificate, _dossier),
    Step.RETURNED: (_check, _certificate, _dossier, _decision),
    Step.SUBMITTED: (_decision,),
    Step.COMMITTEE: (_decision,),
    Step.DECIDING: (_decision,),
    Step.DECIDED: (_ceremony,),
    Step.PROBATION: (_probation,),
    Step.SENT_BACK: (_sent_back,),
    Step.PROPOSED: (_ruling,),
    Step.RULING: (_ruling,),
}
