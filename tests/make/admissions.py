"""Admission files for tests, at any step, taken there by the deeds that people use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from partyreg import access
from partyreg.access import Actor, Permission
from partyreg.admissions import actions
from partyreg.admissions.actions import Introduces
from partyreg.admissions.models import Admission, IntroducerKind
from partyreg.members.models import Person, Schooling, Sex
from partyreg.org.models import Unit
from partyreg.rulebook.admission import Step
from tests.make.members import member

SYSTEM = access.system("test").using(Permission.ADMISSIONS_DECIDE)

#: A file in order: everything came before the cell's vote, and 7 of 9 full members were in favour.
GOOD: dict[str, Any] = {
    "opened_on": dt.date(2026, 6, 1), "applied_on": dt.date(2026, 6, 5), "certificate_on": dt.date(2025, 11, 10),
    "certificate_number": "112/GCN", "check_asked_on": dt.date(2026, 7, 1), "check_concluded_on": dt.date(2026, 7, 20),
    "check_paper": "14-BC/TTLL", "voted_on": dt.date(2026, 10, 20), "resolution_number": "05-NQ/CB",
    "full_members": 9, "not_counted": 0, "present": 8, "in_favour": 7, "against": 1, "blank": 0,
}  # fmt: skip
CANDIDATE: dict[str, Any] = {
    "full_name": "Quàng Thị Hoa", "sex": Sex.FEMALE, "born_on": dt.date(2001, 3, 8), "ethnicity": "Thái",
    "schooling": Schooling.UPPER_SECONDARY,
}  # fmt: skip
DECISION: dict[str, Any] = {
    "decided_on": dt.date(2026, 11, 20), "decision_number": "125-QĐ/ĐU", "signer": "Lò Văn Pâng", "ceremony_on": dt.date(2026, 12, 3),
}  # fmt: skip


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
    decision: dict[str, Any] | None = None,
    **facts: Any,
) -> Admission:
    """A file of `unit` at `step`, in order unless told; `by` prepares and submits it."""
    named = introducers(unit) if introduced_by is None else introduced_by
    given = None if person is not None else {**CANDIDATE, "full_name": full_name, **(candidate or {})}
    file = actions.open_file(by, unit=unit, person=person, candidate=given, introducers=named, **{**GOOD, **facts})
    if step is Step.DRAFT:
        return file
    actions.submit(by, file, file.version)
    if step is Step.RETURNED:
        actions.send_back(SYSTEM, file, file.version, "Thiếu dấu trên nghị quyết.")
    elif step is Step.WITHDRAWN:
        actions.withdraw(by, file, file.version, "Người xin vào Đảng chuyển nơi ở.")
    elif step is Step.APPROVED:
        actions.approve(SYSTEM, file, file.version, **{**DECISION, **(decision or {})})
    return file
