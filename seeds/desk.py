"""Enters the admission files: opened and handed in by the cell, given back or approved by the committee, each on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from partyreg import access
from partyreg.access import Permission
from partyreg.admissions import actions
from partyreg.admissions.models import Admission, IntroducerKind
from partyreg.db import db
from partyreg.org.models import Unit

from .plan import START, File, Invented, Outcome, Plan
from .quick import particulars

Units = Mapping[str, Unit]
Ids = dict[str, int]

_SIGNER = "Bí thư Đảng ủy"


def steps(plan: Plan, units: Units, ids: Ids) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """The steps of all files with their days; those opened before the register began were entered when it did."""
    people = {person.key: person for person in plan.people}
    opened: dict[str, int] = {}
    for file in plan.files:
        yield max(file.opened_on, START), partial(_open, file, people[file.person], units, ids, opened)
        if file.voted_on is not None and file.submitted_on is not None:
            submitted = max(file.submitted_on, START)
            yield submitted, partial(_submit, file, opened)
            if file.outcome is Outcome.RETURNED and file.returned_on is not None:
                yield max(file.returned_on, submitted), partial(_give_back, file, opened)
            if file.outcome is Outcome.APPROVED and file.decided_on is not None:
                yield file.decided_on, partial(_approve, file, opened, ids)


def _row(file: File, opened: dict[str, int]) -> Admission:
    return db.session.get_one(Admission, opened[file.person])


def _open(file: File, person: Invented, units: Units, ids: Ids, opened: dict[str, int]) -> None:
    actor = access.system("demo").using(Permission.ADMISSIONS_PREPARE)
    introducers = [actions.Introduces(IntroducerKind.MEMBER, ids[key], since) for key, since in file.introducers]
    row = actions.open_file(
        actor, unit=units[file.cell], candidate=particulars(person), opened_on=file.opened_on, introducers=introducers,
        applied_on=file.applied_on, certificate_on=file.certificate_on, certificate_number=file.certificate_number,
    )  # fmt: skip
    ids[person.key], opened[person.key] = row.person_id, row.id


def _submit(file: File, opened: dict[str, int]) -> None:
    """The check and the vote are filled in, and the file goes to the committee."""
    actor = access.system("demo").using(Permission.ADMISSIONS_PREPARE)
    row = _row(file, opened)
    names = ("full_members", "not_counted", "present", "in_favour", "against", "blank")
    votes: dict[str, Any] = dict(zip(names, file.votes or (), strict=False))
    actions.edit(
        actor, row, row.version, check_asked_on=file.check_asked_on, check_concluded_on=file.check_concluded_on,
        check_paper=file.check_paper, voted_on=file.voted_on, resolution_number=file.resolution_number, **votes,
    )  # fmt: skip
    actions.submit(actor, row, row.version)


def _give_back(file: File, opened: dict[str, int]) -> None:
    actor = access.system("demo").using(Permission.ADMISSIONS_DECIDE)
    row = _row(file, opened)
    actions.send_back(actor, row, row.version, file.reason or "")


def _approve(file: File, opened: dict[str, int], ids: Ids) -> None:
    assert file.decided_on and file.decision_number and file.ceremony_on  # noqa: S101 - every approved file has them
    actor = access.system("demo").using(Permission.ADMISSIONS_DECIDE)
    row = _row(file, opened)
    actions.approve(
        actor, row, row.version, decided_on=file.decided_on, decision_number=file.decision_number, signer=_SIGNER,
        ceremony_on=file.ceremony_on,
    )  # fmt: skip
