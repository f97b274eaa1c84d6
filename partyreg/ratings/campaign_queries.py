"""What we ask of a campaign: its lines and progress by cell, the ceiling under every reading, the frozen state beside today's."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..errors import NotVisible
from ..members.models import Person
from ..org.models import Unit, UnitKind
from ..org.scope import visible
from ..resolutions import queries as resolutions
from ..rulebook.finding import Finding, Severity, judged, msg
from ..rulebook.rating import (
    Candidate,
    CeilingUnit,
    Level,
    Placed,
    PoolCeiling,
    RatingStep,
    Read,
    Standing,
    SubjectFacts,
    SubjectKind,
    ceiling_findings,
    level_vote_findings,
    pool_key,
    standing,
    standing_findings,
    subject_findings,
    under,
    under_each_reading,
)
from .campaign_models import RatingAmendment, RatingCampaign, RatingFreeze, RatingLine, RatingMove
from .models import MemberRating, NotRated, UnitRating

#: The steps at which the cell still writes on its sheet.
IN_CELL = (RatingStep.TARGETS, RatingStep.SELF, RatingStep.VOTE)


def of_year(year: int) -> RatingCampaign | None:
    """The campaign of a year, where it has one; it is nobody's in particular."""
    return db.session.scalar(sa.select(RatingCampaign).where(RatingCampaign.year == year))


def campaign(year: int) -> RatingCampaign:
    """The campaign of a year. Raises NotVisible where it has none."""
    found = of_year(year)
    if found is None:
        raise NotVisible(f"rating campaign {year}")
    return found


def lines(actor: Actor, given: RatingCampaign, unit: Unit) -> list[RatingLine]:
    """The visible lines of a cell's sheet: the cell itself first, then its members by given name."""
    query = (
        visible(RatingLine, actor)
        .outerjoin(Person, Person.id == RatingLine.member_id)
        .where(RatingLine.campaign_id == given.id, RatingLine.unit_id == unit.id)
        .order_by(sa.case((RatingLine.member_id.is_(None), 0), else_=1), Person.name_sort, RatingLine.id)
    )
    return list(db.session.scalars(query))


class CellSteps(NamedTuple):
    """Where the sheet of one cell stands: how many lines, how many of them at each step, and what is proposed or decided."""

    unit_id: int
    code: str
    name: str
    lines: int
    in_cell: int
    at_check: int
    at_decision: int
    decided: int
    excellent: int
    not_rated: int
    returned: int


def progress(actor: Actor, given: RatingCampaign) -> list[CellSteps]:
    """Every visible cell with a sheet in the campaign, by kind and name; one statement."""

    def many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count().filter(condition)

    returned = (
        sa.select(sa.func.count())
        .where(RatingMove.campaign_id == given.id, RatingMove.unit_id == Unit.id, RatingMove.reason.is_not(None))
        .correlate(Unit)
        .scalar_subquery()
    )
    level = sa.func.coalesce(RatingLine.decided, RatingLine.proposed)
    query = (
        sa.select(
            Unit.id, Unit.code, Unit.name, sa.func.count(), many(RatingLine.step.in_(IN_CELL)), many(RatingLine.step == RatingStep.CHECK),
            many(RatingLine.step == RatingStep.DECISION), many(RatingLine.step == RatingStep.DECIDED),
            many(sa.and_(level == Level.EXCELLENT, RatingLine.not_rated.is_(None), RatingLine.member_id.is_not(None))),
            many(RatingLine.not_rated.is_not(None)), returned,
        )
        .join(Unit, Unit.id == RatingLine.unit_id)
        .where(RatingLine.campaign_id == given.id, RatingLine.within(actor.reach()))
        .group_by(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.name_sort)
        .order_by(sa.case((Unit.kind == UnitKind.GRASSROOTS_CELL, 0), else_=1), Unit.name_sort, Unit.id)
    )  # fmt: skip
    return [CellSteps(*row) for row in db.session.execute(query)]


def moves(actor: Actor, given: RatingCampaign, unit: Unit) -> list[RatingMove]:
    """The moves of a cell's sheet, newest first."""
    query = visible(RatingMove, actor).where(RatingMove.campaign_id == given.id, RatingMove.unit_id == unit.id)
    return list(db.session.scalars(query.order_by(RatingMove.id.desc())))


class Ceilings(NamedTuple):
    """The ceiling for one kind of subject: how many lines it was counted on, by the campaign's rule, and by every known reading."""

    kind: SubjectKind
    rated: int
    pools: tuple[PoolCeiling, ...]
    findings: tuple[Finding, ...]
    reads: tuple[Read, ...]
    out: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()


def ceilings(actor: Actor, given: RatingCampaign, instead: Mapping[int, Level | None] | None = None) -> list[Ceilings]:
    """The ceilings counted on the visible lines that have a level, `instead` replacing that of a line; one statement, and one more
    where a ceiling is passed: `out` are then the members who would drop out by the votes on record, `tied` those equal at the edge."""
    terms, placed = given.terms, _placed(actor, given, instead or {})
    found = []
    for kind in (SubjectKind.MEMBER, SubjectKind.ORGANISATION):
        rule = terms.rule(kind)
        if rule is None:
            continue
        subjects = [one for _line, one in placed[kind]]
        counted = under(subjects, rule)
        # The resolution's floor is the commune's, so it meets only a ceiling that is counted on the whole commune.
        floor = _floor(kind, terms.day) if rule.unit is CeilingUnit.COMMUNE else None
        findings = [one for pool in counted for one in ceiling_findings(pool.pool, rule, floor)]
        out, tied = [], []
        for pool in counted if kind is SubjectKind.MEMBER else ():
            if pool.is_passed:
                best = [line for line, one in placed[kind] if one.level is Level.EXCELLENT and pool_key(one, rule.unit) == pool.key]
                names, order = _by_votes(best, pool.ceiling.most)
                findings += standing_findings(order, rule)
                out += [names[one.ident] for one in order.out]
                tied += [names[one.ident] for one in order.tied]
        reads = under_each_reading(subjects, terms.day, kind)
        found.append(Ceilings(kind, len(subjects), counted, tuple(findings), reads, tuple(out), tuple(tied)))
    return found


def _by_votes(ids: Iterable[int], most: int) -> tuple[dict[int, str], Standing]:
    """The names of the lines, and how they stand by their votes for 'excellent' and their points."""
    rows = list(db.session.scalars(sa.select(RatingLine).where(RatingLine.id.in_(ids)).order_by(RatingLine.id)))
    candidates = []
    for line in rows:
        base = line.vote.base if line.vote is not None else 0
        candidates.append(Candidate(line.id, min(line.votes_excellent or 0, base), base, line.score))
    return {line.id: line.name for line in rows}, standing(candidates, most)


def _placed(actor: Actor, given: RatingCampaign, instead: Mapping[int, Level | None]) -> dict[SubjectKind, list[tuple[int, Placed]]]:
    """Kind -> the lines that have a level, each with where it counts."""
    query = (
        sa.select(
            RatingLine.id,
            RatingLine.kind,
            RatingLine.not_rated,
            RatingLine.decided,
            RatingLine.proposed,
            Unit.id,
            Unit.kind,
            Unit.parent_id,
        )
        .join(Unit, Unit.id == RatingLine.unit_id)
        .where(RatingLine.campaign_id == given.id, RatingLine.within(actor.reach()))
        .order_by(RatingLine.id)
    )
    placed: dict[SubjectKind, list[tuple[int, Placed]]] = {kind: [] for kind in SubjectKind}
    for line_id, kind, not_rated, decided, proposed, unit_id, unit_kind, parent_id in db.session.execute(query):
        level = instead.get(line_id, None if not_rated else decided or proposed)
        if level is not None:
            own = unit_kind is UnitKind.GRASSROOTS_CELL or parent_id is None
            organisation = str(unit_id if own else parent_id)
            place = Placed(level, str(unit_id), organisation, organisation, str(unit_kind), str(unit_kind))
            placed[kind].append((line_id, place))
    return placed


def _floor(kind: SubjectKind, day: dt.date) -> int | Decimal | None:
    """The share of 'excellent' that the resolution asks of members (21d) or cells (21c), in percent; None where it asks none."""
    rule = resolutions.counted("21d" if kind is SubjectKind.MEMBER else "21c", day)
    return rule.value if rule else None


def findings(given: RatingCampaign, line: RatingLine, level: Level | NotRated | None) -> list[Finding]:
    """What the law says of that answer for a line, warnings only: against the level, against the vote, against its own proposal.

    Governing day: the roll's; for the vote the day it was held.
    """
    terms = given.terms
    if not isinstance(level, Level):
        return []
    found = subject_findings(SubjectFacts(line.kind, level, line.score), terms.day, terms.bands)
    if line.vote is not None and line.voted_on is not None:
        found += [one for one in level_vote_findings(line.vote, level, line.voted_on) if one.code != "rating.quorum"]
    if line.law_reason is not None:
        text = msg("Theo quy định, đồng chí này thuộc diện không xếp loại.")
        found.append(judged("rating.not_rated", "level", Severity.WARN, text))
    return [one for one in found if one.severity is not Severity.OK]


def freeze(given: RatingCampaign) -> RatingFreeze | None:
    """The frozen state of a closed campaign."""
    return db.session.scalar(sa.select(RatingFreeze).where(RatingFreeze.campaign_id == given.id))


def amendments(actor: Actor, given: RatingCampaign) -> list[RatingAmendment]:
    """The visible amendments of a campaign, oldest first, each with its line."""
    query = visible(RatingAmendment, actor).join(RatingLine, RatingLine.id == RatingAmendment.line_id)
    query = query.where(RatingLine.campaign_id == given.id).options(sa.orm.contains_eager(RatingAmendment.line))
    return list(db.session.scalars(query.order_by(RatingAmendment.amended_on, RatingAmendment.id)))


class Compared(NamedTuple):
    """One subject as it was reported, and as it is known now."""

    line_id: int
    kind: str
    unit_id: int
    unit: str
    name: str
    reported: Level | NotRated | None
    now: Level | NotRated | None

    @property
    def differs(self) -> bool:
        """Whether something was changed since."""
        return self.reported is not self.now


def compared(actor: Actor, given: RatingCampaign, frozen: RatingFreeze) -> list[Compared]:
    """Every subject of the frozen state whose cell is visible, beside the level that the register has today; four statements."""
    seen = set(db.session.scalars(visible(Unit, actor).with_only_columns(Unit.id)))
    members: dict[int, Level | NotRated | None] = {
        row.member_id: row.level or row.not_rated
        for row in db.session.scalars(visible(MemberRating, actor).where(MemberRating.year == given.year))
    }
    units: dict[int, Level] = {
        row.unit_id: row.level for row in db.session.scalars(visible(UnitRating, actor).where(UnitRating.year == given.year))
    }
    found = []
    for one in json.loads(frozen.content)["results"]:
        if one["unit_id"] not in seen:
            continue
        now = units.get(one["unit_id"]) if one["member_id"] is None else members.get(one["member_id"])
        found.append(Compared(one["line"], one["kind"], one["unit_id"], one["unit"], one["name"], _read(one), now))
    return found


def _read(one: Mapping[str, Any]) -> Level | NotRated | None:
    return Level(one["level"]) if one["level"] else NotRated(one["not_rated"]) if one["not_rated"] else None


def sums(rows: Iterable[Compared]) -> dict[str, tuple[int, int]]:
    """Level or reason -> how many members were reported with it, and how many have it now."""
    given = [row for row in rows if row.kind == SubjectKind.MEMBER]
    return {
        str(one): (sum(row.reported is one for row in given), sum(row.now is one for row in given)) for one in (*Level, *NotRated)
    }  # fmt: skip
