"""How the year's admissions will come out: those done, the files that can still be decided by month, and what lacks of the target."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from ..access import Actor, Permission
from ..db import db
from ..i18n import _
from ..members import queries as members
from ..members.models import Body, Member, Person, Position, Sex, Standing, StandingPeriod
from ..org.former_queries import Place
from ..org.models import Unit
from ..resolutions import queries as resolutions
from ..rulebook.admission import CANDIDATE, Purpose, Step, earliest_decision
from ..rulebook.book import LAW
from ..rulebook.dates import add_months, months_between
from ..rulebook.targets import Threshold, heads
from ..rulebook.timeline import Citation, NotInForce
from ..workdays.queries import days_off
from .facts import IntroducerLine, Record, facts_of
from .models import Admission, AdmissionReview, AdmissionVote, Introducer
from .queries import last_vote, visible_files

#: The majority people of the country; everybody else counts as an ethnic minority.
MAJORITY = "Kinh"
#: The bodies whose members count as cadres of a village.
VILLAGE = (Body.VILLAGE, Body.VILLAGE_FRONT)


class Aim(NamedTuple):
    """One mark of the target: so many percent of the members are so many persons, of whom `gap` neither are nor can be admitted
    this year; negative where more can be."""

    percent: int | Decimal
    needed: int
    gap: int


class Groups(NamedTuple):
    """How many of `people` belong to the groups that the resolution puts first; one may belong to several."""

    people: int
    minority: int
    village: int
    women: int
    young: int


class Planned(NamedTuple):
    """A file that the actor may open: the earliest day on which it can be decided, or why there is none."""

    id: int
    name: str
    unit: str
    step: Step
    on: dt.date | None
    reason: str


class Bucket(NamedTuple):
    """How many files can be decided in the month that begins on `first`, and those of them that the actor may open."""

    first: dt.date
    number: int
    files: tuple[Planned, ...]


class Forecast(NamedTuple):
    """The forecast made on `on`. `aims` is empty where no target was in force; `later` are the files that cannot be decided in
    the year, of which the actor may open `later_files`; the young are under `young_under` years."""

    year: int
    on: dt.date
    members: int
    done: int
    pipeline: int
    aims: tuple[Aim, ...]
    cite: Citation | None
    months: tuple[Bucket, ...]
    later: int
    later_files: tuple[Planned, ...]
    done_groups: Groups
    pipeline_groups: Groups
    young_under: int


class _Candidate(NamedTuple):
    file: Admission
    unit: str
    is_open: bool
    in_village: bool
    on: dt.date | None
    reason: str


def forecast(actor: Actor, year: int, on: dt.date, unit: Place | None = None, *, done: sa.Select[Any]) -> Forecast:
    """The year's admissions as they stand on `on`, within the actor's reach (below `unit`).

    `done` are the ids of those whom the year's decisions have admitted, as target 22 counts them. A file with a decision of the
    year whose ceremony is to come counts in the month of `on`. One who is taken back is no new member, and counts nowhere.
    Names are told of those files only that the actor may read.
    """
    on_roll = members.count_on(actor, on, unit)
    admitted = _people(done, on)
    found = _candidates(actor, on, unit)
    last = dt.date(year, 12, 31)
    planned = [one for one in found if one.on is not None and one.on <= last]
    later = [one for one in found if one.on is None or one.on > last]
    target = _target(on)
    return Forecast(
        year, on, on_roll, len(admitted), len(planned),
        tuple(_aim(percent, on_roll, len(admitted) + len(planned)) for percent in _percents(target)), target.cite if target else None,
        _buckets(planned, on, last), len(later), _shown(later),
        _groups(admitted, on), _groups([(one.file.person, one.in_village) for one in planned], on), young_under(on),
    )  # fmt: skip


def _target(on: dt.date) -> Threshold | None:
    return resolutions.counted("22", on)


def _percents(target: Threshold | None) -> list[int | Decimal]:
    """The mark that the target sets, and the higher one that it aims at."""
    return [one for one in (target.value, target.upper) if one is not None] if target else []


def _aim(percent: int | Decimal, on_roll: int, reached: int) -> Aim:
    needed = heads(percent, on_roll)
    return Aim(percent, needed, needed - reached)


def _buckets(planned: Sequence[_Candidate], on: dt.date, last: dt.date) -> tuple[Bucket, ...]:
    """Every month from `on` to the end of the year."""
    first, buckets = on.replace(day=1), []
    while first <= last:
        after = add_months(first, 1)
        there = [one for one in planned if one.on and first <= one.on < after]
        buckets.append(Bucket(first, len(there), _shown(there)))
        first = after
    return tuple(buckets)


def _shown(candidates: Iterable[_Candidate]) -> tuple[Planned, ...]:
    ordered = sorted(candidates, key=lambda one: (one.on or dt.date.max, one.file.person.name_sort, one.file.id))
    return tuple(
        Planned(one.file.id, one.file.person.full_name, one.unit, one.file.step, one.on, one.reason) for one in ordered if one.is_open
    )


def young_under(on: dt.date) -> int:
    """The age up to which one may be a member of the Youth Union; the oldest known where none was in force."""
    key = "admission.youth_age_years"
    return int((LAW.find(key, on) or LAW.timeline(key).provisions[0]).required)


def _groups(people: Sequence[tuple[Person, bool]], on: dt.date) -> Groups:
    young = 12 * young_under(on)
    return Groups(
        len(people),
        sum(person.ethnicity != MAJORITY for person, _village in people),
        sum(village for _person, village in people),
        sum(person.sex is Sex.FEMALE for person, _village in people),
        sum(months_between(person.born_on, on) < young for person, _village in people),
    )


def _in_village(on: dt.date) -> sa.ColumnElement[bool]:
    """Whether the person holds an office of the village or of its Front committee."""
    held = sa.select(1).where(Position.person_id == Person.id, Position.body.in_(VILLAGE), Position.holds(on))
    return sa.exists(held.correlate(Person))


def _people(ids: sa.Select[Any], on: dt.date) -> list[tuple[Person, bool]]:
    query = sa.select(Person, _in_village(on)).where(Person.id.in_(ids))
    return [(person, village) for person, village in db.session.execute(query)]


def _candidates(actor: Actor, on: dt.date, unit: Place | None) -> list[_Candidate]:
    """The files under way before the ceremony, each with the earliest day of its decision; the statements do not grow with them."""
    asked = sa.and_(Admission.step.in_((*CANDIDATE, Step.DECIDED)), Admission.is_readmission.is_(False))
    query = visible_files(actor, unit, Admission, Unit.name, Unit.path, _in_village(on)).where(asked)
    rows = db.session.execute(query.options(contains_eager(Admission.person)).order_by(Admission.id)).all()
    facts = _records([row[0] for row in rows], visible_files(actor, unit, Admission.id).where(asked), on)
    readable = actor.using(Permission.ADMISSIONS_READ).reach()
    found = []
    for file, cell, path, village in rows:
        if file.step is Step.DECIDED:
            if file.decided_on.year == on.year:
                found.append(_Candidate(file, cell, readable.covers(path), village, on, _("Đã có quyết định, chờ lễ kết nạp")))
            continue
        day, reason = _earliest(facts(file), on)
        found.append(_Candidate(file, cell, readable.covers(path), village, day, reason))
    return found


def _earliest(record: Record, on: dt.date) -> tuple[dt.date | None, str]:
    try:
        found = earliest_decision(record.file.step, facts_of(record), on)
    except NotInForce:
        return None, _("Sổ chưa có quy định cho một ngày ghi trong hồ sơ. Kiểm tra lại năm của các ngày đã nhập.")
    return (max(found.on, on) if found.on else None), _(found.reason)


_Row = TypeVar("_Row")


def _by_file(rows: Iterable[tuple[int, _Row]]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    for file_id, row in rows:
        found[file_id].append(row)
    return found


def _records(files: Sequence[Admission], ids: sa.Select[Any], on: dt.date) -> Callable[[Admission], Record]:
    """What the rules read of each of these files."""
    vote_rows = db.session.scalars(
        sa.select(AdmissionVote).where(AdmissionVote.admission_id.in_(ids)).order_by(AdmissionVote.held_on, AdmissionVote.id)
    )
    review_rows = db.session.scalars(
        sa.select(AdmissionReview).where(AdmissionReview.admission_id.in_(ids)).order_by(AdmissionReview.reviewed_on)
    )
    votes = _by_file((one.admission_id, one) for one in vote_rows)
    reviews = _by_file((one.admission_id, one) for one in review_rows)
    introducers = _introducers(ids, on)
    full = _full_helpers(ids, on)
    off = days_off(min([on, *(file.check_asked_on for file in files if file.check_asked_on)]), on)

    def record(file: Admission) -> Record:
        helped = file.helper_id is None or file.id in full
        return Record(
            file, file.person, introducers.get(file.id, ()), votes.get(file.id, ()), reviews.get(file.id, ()), helped, None, False, 0, off
        )

    return record


def _considered(on: dt.date) -> sa.ColumnElement[dt.date]:
    """The day of the cell's vote on admission; `on` while there is none."""
    return sa.func.coalesce(last_vote(Purpose.ADMISSION), sa.literal(on, sa.Date))


def _introducers(ids: sa.Select[Any], on: dt.date) -> dict[int, list[IntroducerLine]]:
    is_full = sa.exists(
        sa.select(1)
        .where(StandingPeriod.member_id == Introducer.member_id, StandingPeriod.standing == Standing.FULL)
        .where(StandingPeriod.holds(_considered(on)))
        .correlate(Introducer, Admission)
    )
    query = (
        sa.select(
            Introducer.admission_id, Introducer.kind, Introducer.member_id, sa.null(), is_full, Member.full_on,
            Introducer.together_since, Introducer.resolution_number, Introducer.resolved_on, Introducer.is_replacement,
        )
        .join(Admission, Admission.id == Introducer.admission_id)
        .outerjoin(Member, Member.id == Introducer.member_id)
        .where(Introducer.admission_id.in_(ids))
        .order_by(Introducer.id)
    )  # fmt: skip
    return _by_file((row[0], IntroducerLine._make(row[1:])) for row in db.session.execute(query))


def _full_helpers(ids: sa.Select[Any], on: dt.date) -> set[int]:
    """The files whose helper is a full member."""
    query = (
        sa.select(Admission.id)
        .join(StandingPeriod, StandingPeriod.member_id == Admission.helper_id)
        .where(Admission.id.in_(ids), StandingPeriod.standing == Standing.FULL, StandingPeriod.holds(_considered(on)))
    )
    return set(db.session.scalars(query))
