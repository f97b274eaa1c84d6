"""What we ask about admission files: the queue, the board, one file, and what is due."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from .. import clock
from ..access import Actor, Permission
from ..db import db
from ..i18n import _, fmt_date
from ..members.models import Member, Person, Standing, StandingPeriod
from ..members.queries import roll
from ..org import scope
from ..org.models import Unit
from ..rulebook.admission import Step, probation_ends
from ..rulebook.finding import Finding
from .facts import Deadline, IntroducerLine, checklist, deadline, facts_of, roll_finding
from .models import Admission, AdmissionMove, Introducer

#: The steps of files that are still under way.
OPEN = (Step.SUBMITTED, Step.RETURNED, Step.DRAFT)
DONE = (Step.APPROVED, Step.WITHDRAWN)
#: Probations are announced this many days before they end.
NOTICE = dt.timedelta(days=60)


class Card(NamedTuple):
    """One file on the board."""

    id: int
    name: str
    born_on: dt.date
    unit: str
    unit_code: str
    step: Step
    opened_on: dt.date
    voted_on: dt.date | None
    submitted_on: dt.date | None
    decided_on: dt.date | None
    ceremony_on: dt.date | None
    deadline: Deadline | None


def _files(actor: Actor, unit: Unit | None, *columns: Any) -> sa.Select[Any]:
    query = (
        sa.select(*columns)
        .select_from(Admission)
        .join(Person, Person.id == Admission.person_id)
        .join(Unit, Unit.id == Admission.unit_id)
        .where(Admission.within(actor.reach()))
    )
    return query.where(Unit.path.startswith(unit.path, autoescape=True)) if unit is not None else query


def counts(actor: Actor, unit: Unit | None = None) -> dict[Step, int]:
    """How many files stand at each step."""
    query = _files(actor, unit, Admission.step, sa.func.count()).group_by(Admission.step)
    found: dict[Step, int] = {row[0]: row[1] for row in db.session.execute(query)}
    return {step: found.get(step, 0) for step in Step}


def listing(
    actor: Actor, steps: Iterable[Step] = OPEN, unit: Unit | None = None, *, offset: int = 0, limit: int | None = None
) -> list[Card]:
    """Files at those steps: under way those whose cell voted first come first, done ones newest first."""
    wanted = tuple(steps)
    query = _files(
        actor, unit, Admission.id, Person.full_name, Person.born_on, Unit.name, Unit.code, Admission.step, Admission.opened_on,
        Admission.voted_on, Admission.submitted_on, Admission.decided_on, Admission.ceremony_on,
    ).where(Admission.step.in_(wanted))  # fmt: skip
    if set(wanted) <= set(DONE):
        query = query.order_by(Admission.decided_on.is_(None), Admission.decided_on.desc(), Admission.id.desc())
    else:
        query = query.order_by(Admission.voted_on.is_(None), Admission.voted_on, Admission.opened_on, Admission.id)
    today = clock.today()
    return [
        Card._make((*row, deadline(row.voted_on, today) if row.step in OPEN else None))
        for row in db.session.execute(query.offset(offset).limit(limit))
    ]


def waiting(actor: Actor, unit: Unit | None = None) -> list[Card]:
    """The files that wait for the organisation committee, the oldest resolution first, each with its term."""
    return listing(actor, (Step.SUBMITTED,), unit)


def one(actor: Actor, admission_id: int) -> Admission:
    """One visible file with its candidate and cell. Raises NotVisible."""
    loaded = (joinedload(Admission.person), joinedload(Admission.unit))
    return scope.one(Admission, actor, Admission.id == admission_id, options=loaded)


def introducers(actor: Actor, file: Admission, day: dt.date) -> list[IntroducerLine]:
    """Who introduces the candidate, each with the standing that she had on `day`, in the order in which they were named."""
    query = (
        sa.select(
            Introducer.kind, Introducer.member_id, Person.full_name, StandingPeriod.id.is_not(None), Member.full_on,
            Introducer.together_since, Introducer.resolution_number, Introducer.resolved_on, Introducer.is_replacement,
        )
        .outerjoin(Member, Member.id == Introducer.member_id)
        .outerjoin(Person, Person.id == Introducer.member_id)
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Introducer.member_id, StandingPeriod.holds(day),
                                           StandingPeriod.standing == Standing.FULL))
        .where(Introducer.admission_id == file.id, Introducer.within(actor.reach()))
        .order_by(Introducer.id)
    )  # fmt: skip
    return [IntroducerLine(*row) for row in db.session.execute(query)]


def findings(
    actor: Actor, file: Admission, day: dt.date, *, decided_on: dt.date | None = None, ceremony_on: dt.date | None = None
) -> list[Finding]:
    """What the law says of the file on `day`, kept rules included; a decision and a ceremony may be proposed.

    The person, the introducers and the vote are judged by the law of the day on which the cell voted (`day` while it has
    not), the check by that of the day on which it was asked for.
    """
    on = file.voted_on or day
    facts = facts_of(file, db.session.get_one(Person, file.person_id), introducers(actor, file, on), day)
    if decided_on is not None:
        facts = dataclasses.replace(facts, decided_on=decided_on, ceremony_on=ceremony_on)
    found = checklist(facts, day)
    if file.voted_on is not None and file.full_members is not None and not any(one.code == "law.unknown" for one in found):
        compared = roll_finding(file, roll(actor, db.session.get_one(Unit, file.unit_id), on))
        found += [compared] if compared else []
    return found


def moves(actor: Actor, file: Admission) -> list[AdmissionMove]:
    """Every request, return and decision of the file, newest first."""
    query = scope.visible(AdmissionMove, actor).where(AdmissionMove.admission_id == file.id)
    return list(db.session.scalars(query.order_by(AdmissionMove.id.desc())))


def submitter(file: Admission) -> int | None:
    """The user who last submitted the file; None for a system actor's or a file never submitted."""
    query = sa.select(AdmissionMove.user_id).where(AdmissionMove.admission_id == file.id, AdmissionMove.to_step == Step.SUBMITTED)
    return db.session.scalar(query.order_by(AdmissionMove.id.desc()).limit(1))


def recognised_on(file: Admission) -> dt.date | None:
    """Since when the one admitted by this file is a full member; None while she is not."""
    return db.session.scalar(sa.select(Member.full_on).where(Member.id == file.person_id))


class DueKind(StrEnum):
    """What is due: a file to decide on, a returned file to correct, a probation that ends."""

    WAITING = "waiting"
    RETURNED = "returned"
    PROBATION = "probation"


class Due(NamedTuple):
    """One due line: `key` is the file's id, or the member's for a probation; `left` in working days, or days for a probation.

    `url_for(endpoint, **where)` is the page that does it; `text` says what and until when.
    """

    kind: DueKind
    key: int
    name: str
    unit: str
    on: dt.date | None
    left: int | None
    tone: str
    text: str
    endpoint: str

    @property
    def where(self) -> dict[str, int]:
        """The values of the page's address."""
        return {"member_id" if self.kind is DueKind.PROBATION else "admission_id": self.key}


def due(actor: Actor, day: dt.date) -> list[Due]:
    """What the actor has to do about admissions on that day, the most urgent first.

    Files that wait go to those who decide or only read, returned ones to those who prepare and do not decide, probations
    that end within sixty days or have ended to all who prepare.
    """
    prepares, decides = actor.may(Permission.ADMISSIONS_PREPARE), actor.may(Permission.ADMISSIONS_DECIDE)
    found: list[Due] = []
    if decides or (actor.may(Permission.ADMISSIONS_READ) and not prepares):
        found += _due_files(actor.using(Permission.ADMISSIONS_READ), day, Step.SUBMITTED)
    if prepares and not decides:
        found += _due_files(actor.using(Permission.ADMISSIONS_PREPARE), day, Step.RETURNED)
    if prepares:
        found += _probations(actor.using(Permission.ADMISSIONS_PREPARE), day)
    return sorted(found, key=lambda one: (one.on or day, one.kind, one.key))


def _due_files(actor: Actor, day: dt.date, step: Step) -> list[Due]:
    query = _files(actor, None, Admission.id, Person.full_name, Unit.name, Admission.voted_on).where(Admission.step == step)
    kind = DueKind.WAITING if step is Step.SUBMITTED else DueKind.RETURNED
    lines = []
    for key, name, unit, voted_on in db.session.execute(query):
        term = deadline(voted_on, day)
        if step is Step.RETURNED:
            text = _("Hồ sơ bị trả lại, cần sửa và trình lại")
        elif term:
            text = _("Hồ sơ chờ duyệt: %(spent)s/%(total)s ngày làm việc", spent=term.spent, total=term.total)
        else:
            text = _("Hồ sơ chờ duyệt")
        tone = term.tone if term else "warn"
        lines.append(Due(kind, key, name, unit, term and term.due, term and term.left, tone, text, "admissions.show"))
    return lines


def _probations(actor: Actor, day: dt.date) -> list[Due]:
    # The database only leaves out who began lately; how long a probation lasts is for the law to say.
    latest = day + NOTICE - dt.timedelta(days=300)
    query = (
        sa.select(Member.id, Person.full_name, Unit.name, Member.ceremony_on)
        .join(Person, Person.id == Member.id)
        .join(Unit, Unit.id == Person.unit_id)
        .join(StandingPeriod, sa.and_(StandingPeriod.member_id == Member.id, StandingPeriod.holds(day),
                                      StandingPeriod.standing == Standing.PROBATIONARY))
        .where(Member.within(actor.reach()), Member.ceremony_on.is_not(None), Member.ceremony_on <= latest)
    )  # fmt: skip
    lines = []
    for key, name, unit, ceremony_on in db.session.execute(query):
        ends = probation_ends(ceremony_on or day)  # the query leaves out those without a ceremony
        left = (ends - day).days
        if left <= NOTICE.days:
            tone = "danger" if left < 0 else "warn" if left <= 30 else "neutral"
            if left < 0:
                text = _("Hết thời gian dự bị từ %(day)s, chưa công nhận chính thức", day=fmt_date(ends))
            else:
                text = _("Hết thời gian dự bị ngày %(day)s, còn %(days)s ngày", day=fmt_date(ends), days=left)
            lines.append(Due(DueKind.PROBATION, key, name, unit, ends, left, tone, text, "office.member"))
    return lines
