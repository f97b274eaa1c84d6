"""Admission files for tests, at any step, taken there by the deeds that people use, each deed on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from partyreg import access, clock
from partyreg.access import Actor, Permission
from partyreg.admissions import actions, ruling_actions
from partyreg.admissions.actions import Introduces
from partyreg.admissions.models import Admission, IntroducerKind
from partyreg.admissions.ruling_actions import Counts
from partyreg.members.models import Person, Schooling, Sex
from partyreg.org.models import Unit
from partyreg.rulebook.admission import Purpose, Step, VoteForm
from partyreg.rulebook.dates import add_months
from tests.make.members import member

SYSTEM = access.system("test").using(Permission.ADMISSIONS_DECIDE)
TODAY = dt.date(2026, 11, 24)
CANDIDATE: dict[str, Any] = {
    "full_name": "Quàng Thị Hoa", "sex": Sex.FEMALE, "born_on": dt.date(2001, 3, 8), "ethnicity": "Thái",
    "schooling": Schooling.UPPER_SECONDARY,
}  # fmt: skip
LISTING = ("listed_on", "listing_number", "helper_on", "certificate_on", "certificate_number", "asked_on", "asked_number")
PERMIT = ("permitted_on", "permit_number")


def facts(decided_on: dt.date = dt.date(2026, 11, 20)) -> dict[str, Any]:
    """What a file in order says that is decided on that day: everything came in its order and in time."""

    def before(days: int) -> dt.date:
        return decided_on - dt.timedelta(days=days)

    return {
        "listed_on": before(330), "listing_number": "01-NQ/CB", "helper_on": before(330), "certificate_on": before(300),
        "certificate_number": "112/GCN", "asked_on": before(200), "asked_number": "03-NQ/CB", "permitted_on": before(190),
        "permit_number": "08-TB/ĐU", "opened_on": before(185), "applied_on": before(180), "cv_on": before(178),
        "check_asked_on": before(150), "check_concluded_on": before(130), "check_paper": "14-BC/TTLL",
        "unions_opinion_on": before(70), "residence_opinion_on": before(68),
    }  # fmt: skip


def ballot(held_on: dt.date, **numbers: Any) -> dict[str, Any]:
    """A vote of nine full members, of whom eight came and seven were in favour."""
    usual = {"members": 9, "not_counted": 0, "present": 8, "in_favour": 7, "against": 1, "blank": 0, "form": VoteForm.SECRET_BALLOT}
    return {"held_on": held_on, "number": "05-NQ/CB", **usual, **numbers}


#: A vote of the standing committee that passes.
STANDING = Counts(members=9, present=9, in_favour=9)


def introducers(unit: Unit, number: int = 2) -> list[Introduces]:
    """Full members of the cell who have known the candidate for years."""
    people = [member(unit=unit, full_name=f"Cà Văn {name}") for name in ("An", "Bình", "Chung")[:number]]
    return [Introduces(IntroducerKind.MEMBER, one.id, dt.date(2020, 1, 1)) for one in people]


def admission(
    *,
    unit: Unit,
    step: Step = Step.SUBMITTED,
    by: Actor = SYSTEM,
    person: Person | None = None,
    full_name: str = CANDIDATE["full_name"],
    candidate: dict[str, Any] | None = None,
    introduced_by: Sequence[Introduces] | None = None,
    vote: dict[str, Any] | None = None,
    decided_on: dt.date | None = None,
    **changed: Any,
) -> Admission:
    """A file of `unit` at `step`, in order unless told; `by` is whoever does what the cell does.

    `decided_on` is the day on which it is, or could be, decided: by itself four days ago, or thirteen months ago where the
    step lies after the probation. `vote` changes the numbers of the cell's vote on admission; other facts are the file's own.
    """
    late = step in (Step.SENT_BACK, Step.PROPOSED, Step.RULING, Step.RECOGNISED, Step.CLOSED, Step.REMOVED)
    day = decided_on or (dt.date(2025, 10, 20) if late else dt.date(2026, 11, 20))
    named = introducers(unit) if introduced_by is None else introduced_by
    helper = named[0].member_id if named else member(unit=unit, full_name="Hà Văn Dũng").id
    said = {**facts(day), "helper_id": helper, **changed}
    given = None if person is not None else {**CANDIDATE, "full_name": full_name, **(candidate or {})}
    listing = {name: said[name] for name in (*LISTING, "helper_id")}
    with clock.freeze(said["permitted_on"]):
        file = actions.open_file(by, unit=unit, person=person, candidate=given, introducers=named, **listing)
        if step is Step.LISTED:
            return file
        actions.ask_to_start(by, file, file.version)
        if step is Step.ASKED:
            return file
        ruling_actions.permit(SYSTEM, file, file.version, **{name: said[name] for name in PERMIT})
    if step is Step.WITHDRAWN:
        actions.withdraw(by, file, file.version, "Người xin vào Đảng chuyển nơi ở.")
        return file
    rest = {name: value for name, value in said.items() if name not in (*LISTING, *PERMIT)}
    with clock.freeze(max(day - dt.timedelta(days=30), dt.date(2025, 1, 1))):
        actions.edit(by, file, file.version, **rest)
        if step is Step.DRAFT and vote is None:
            return file
        numbers = {**ballot(day - dt.timedelta(days=31)), **(vote or {})}
        actions.record_vote(by, file, file.version, purpose=Purpose.ADMISSION, **numbers)
        if step is Step.DRAFT:
            return file
        actions.submit(by, file, file.version)
        if step is Step.RETURNED:
            ruling_actions.send_back(SYSTEM, file, file.version, "Thiếu dấu trên nghị quyết.")
    if step in (Step.RETURNED, Step.SUBMITTED):
        return file
    _rule_on(file, step, day, by)
    return file


def _rule_on(file: Admission, step: Step, day: dt.date, by: Actor) -> None:
    """The committees' part: checked and decided on that day, the ceremony eight days later, full membership a year after it."""
    with clock.freeze(day):
        ruling_actions.pass_on(SYSTEM, file, file.version)
        if step is Step.DECIDING:
            return
        if step is Step.DECLINED:
            short = Counts(members=9, present=9, in_favour=4, against=5)
            ruling_actions.decline(SYSTEM, file, file.version, held_on=day, counts=short, reason="Chưa đủ điều kiện.")
            return
        number = file.id + 500
        ruling_actions.decide(
            SYSTEM, file, file.version, decided_on=day, signer="Lò Văn Pâng", counts=STANDING, outside_number=f"{number}-QĐ/ĐU"
        )
    if step in (Step.DECIDED, Step.MOVED, Step.CANCELLED):
        if step is Step.MOVED:
            actions.move_away(by, file, file.version, on=TODAY, to=None, paper="15-CV/ĐU")
        elif step is Step.CANCELLED:
            ruling_actions.cancel(
                SYSTEM, file, file.version, on=TODAY, reason="Sai thẩm quyền.", signer="Lò Văn Pâng", outside_number=f"{file.id + 900}"
            )
        return
    ceremony = min(day + dt.timedelta(days=8), TODAY)
    with clock.freeze(ceremony):
        actions.hold_ceremony(by, file, file.version, ceremony_on=ceremony, received_on=day)
    if step is Step.PROBATION:
        return
    over = add_months(ceremony, 12)
    with clock.freeze(over + dt.timedelta(days=10)):
        actions.edit(
            by, file, file.version, new_class_on=over - dt.timedelta(days=60), new_class_number="31/GCN",
            self_review_on=over + dt.timedelta(days=1), remark_on=over + dt.timedelta(days=2), full_opinions_on=over + dt.timedelta(days=3),
        )  # fmt: skip
        purpose = Purpose.REMOVAL if step is Step.REMOVED else Purpose.RECOGNITION
        actions.record_vote(by, file, file.version, purpose=purpose, **ballot(over + dt.timedelta(days=5)))
        actions.propose(by, file, file.version)
        if step is Step.PROPOSED:
            return
        if step is Step.SENT_BACK:
            ruling_actions.send_back(SYSTEM, file, file.version, "Thiếu bản tự kiểm điểm.")
            return
        ruling_actions.pass_on(SYSTEM, file, file.version)
        if step is Step.RULING:
            return
        ruling = ruling_actions.remove if step is Step.REMOVED else ruling_actions.recognise
        ruling(
            SYSTEM, file, file.version, decided_on=clock.today(), signer="Lò Văn Pâng", counts=STANDING,
            outside_number=f"{file.id + 700}-QĐ/ĐU",
        )  # fmt: skip
        if step is Step.CLOSED:
            ruling_actions.issue_card(SYSTEM, file, file.version, card_number=f"{file.id:012d}", issued_on=clock.today())


#: Every step that `admission` reaches: all but the one that is not on the way by the law of today.
REACHED = tuple(step for step in Step if step is not Step.COMMITTEE)
