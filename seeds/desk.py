"""Enters the admission files: every deed of the cells and of the committees, each on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from partyreg import access
from partyreg.access import Actor, Permission
from partyreg.admissions import actions, paper_actions, ruling_actions
from partyreg.admissions.models import Admission, IntroducerKind
from partyreg.db import db
from partyreg.members.models import Person
from partyreg.org.models import Unit

from .plan import Act, Deed, File, Invented, Plan
from .quick import particulars

Units = Mapping[str, Unit]
Ids = dict[str, int]

_DO: Mapping[Deed, Callable[..., object]] = {
    Deed.ENTER: actions.edit,
    Deed.REVIEW: actions.review,
    Deed.ASK: actions.ask_to_start,
    Deed.PERMIT: ruling_actions.permit,
    Deed.VOTE: actions.record_vote,
    Deed.PAPER: paper_actions.issue_paper,
    Deed.SUBMIT: actions.submit,
    Deed.SEND_BACK: ruling_actions.send_back,
    Deed.FORWARD: ruling_actions.pass_on,
    Deed.DECIDE: ruling_actions.decide,
    Deed.DECLINE: ruling_actions.decline,
    Deed.CEREMONY: actions.hold_ceremony,
    Deed.PROPOSE: actions.propose,
    Deed.RECOGNISE: ruling_actions.recognise,
    Deed.CARD: ruling_actions.issue_card,
    Deed.WITHDRAW: actions.withdraw,
    Deed.MOVE: actions.move_away,
}
_BY_ORGANISATION = (Deed.FORWARD, Deed.SEND_BACK, Deed.CARD)
_BY_COMMITTEE = (Deed.PERMIT, Deed.DECIDE, Deed.DECLINE, Deed.RECOGNISE)


def steps(plan: Plan, units: Units, ids: Ids) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """The deeds on all files with their days."""
    people = {person.key: person for person in plan.people}
    opened: dict[str, int] = {}
    for file in plan.files:
        for act in file.acts:
            if act.deed is Deed.OPEN:
                yield act.on, partial(_open, file, act, people[file.person], units, ids, opened)
            else:
                yield act.on, partial(_do, file, act, ids, opened)


def _actor(deed: Deed) -> Actor:
    using = Permission.ADMISSIONS_PREPARE
    if deed in _BY_ORGANISATION:
        using = Permission.ADMISSIONS_CHECK
    elif deed in _BY_COMMITTEE:
        using = Permission.ADMISSIONS_DECIDE
    return access.system("demo").using(using)


def _open(file: File, act: Act, person: Invented, units: Units, ids: Ids, opened: dict[str, int]) -> None:
    known = db.session.get(Person, ids[person.key]) if person.key in ids else None
    who: dict[str, Any] = {"person": known} if known else {"candidate": particulars(person)}
    row = actions.open_file(_actor(act.deed), unit=units[file.cell], **who, **_said(act, ids))
    ids[person.key], opened[file.person] = row.person_id, row.id


def _do(file: File, act: Act, ids: Ids, opened: dict[str, int]) -> None:
    row = db.session.get_one(Admission, opened[file.person])
    _DO[act.deed](_actor(act.deed), row, row.version, **_said(act, ids))


def _said(act: Act, ids: Ids) -> dict[str, Any]:
    """What is entered, people by their ids."""
    said = dict(act.said)
    if helper := said.pop("helper", None):
        said["helper_id"] = ids[helper]
    if introducers := said.pop("introducers", None):
        said["introducers"] = [actions.Introduces(IntroducerKind.MEMBER, ids[key], since) for key, since in introducers]
    if counts := said.pop("counts", None):
        said["counts"] = ruling_actions.Counts(*counts)
    return said
