"""What the organisation committee does with a campaign: open it with its parameters and roll, close it into a frozen state."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed, insert_rows
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date
from ..members.models import Abeyance, AbeyanceKind, Member, Person, Posting, PostingKind
from ..org import queries as org
from ..org.models import CELLS, Unit
from ..org.scope import one, visible
from ..rulebook.finding import Finding, Severity, blocking
from ..rulebook.rating import (
    Parameters,
    RatedFacts,
    RatingStep,
    SubjectKind,
    not_rated_reason,
    parameter_findings,
    steps,
)
from ..rulebook.timeline import NotInForce
from . import campaign_queries as queries
from .campaign_models import RatingCampaign, RatingFreeze, RatingLine
from .models import MemberRating, NotRated, RatingYear, UnitRating


def refuse(code: str, field: str, message: str) -> RuleBroken:
    """The refusal of a deed for one reason, to be raised."""
    return RuleBroken([Finding(code, field, Severity.BLOCK, message)])


@deed
def open_campaign(actor: Actor, year: int, terms: Parameters) -> RatingCampaign:
    """The year has a campaign with these parameters; a line stands for every cell and every member on the roll of `terms.day`.

    Who is exempt, suspended or newly admitted on that day is proposed without a level, as the law of the day says.
    Raises RuleBroken for impossible parameters, without an ordering document, for a day to come or of another year, for a year
    before the law of points, closed, with levels or a campaign already; NotVisible when the commune is out of reach.
    """
    one(Unit, actor, Unit.id == org.root().id)
    today = clock.today()
    if terms.day.year != year or terms.day > today:
        raise refuse("campaign.roll_on", "roll_on", _("Ngày chốt danh sách phải trong năm %(year)s và không sau hôm nay.", year=year))
    try:
        wrong = blocking(parameter_findings(terms))
        first = {kind: steps(kind, terms.day)[0].step for kind in (SubjectKind.MEMBER, SubjectKind.ORGANISATION)}
    except NotInForce:
        text = _("Ngày %(day)s chưa có quy định chấm điểm để mở đợt. Nhập mức theo văn bản.", day=fmt_date(terms.day))
        raise refuse("campaign.no_law", "roll_on", text) from None
    if wrong:
        raise RuleBroken(wrong)
    if not terms.order.strip() or terms.order_on is None:
        raise refuse("campaign.order", "order", _("Ghi số và ngày văn bản quy định đợt xếp loại."))
    if terms.order_on > today:
        raise refuse("campaign.order_on", "order_on", _("Ngày văn bản không sau hôm nay."))
    _may_open(year)
    if db.session.get(RatingYear, year) is None:
        db.session.add(RatingYear(year=year, opened_on=today))
        db.session.flush()
    made = RatingCampaign(
        year=year, roll_on=terms.day, parameters=json.dumps(terms.as_data(), ensure_ascii=False, sort_keys=True), opened_on=today,
        opened_by=actor.name,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    insert_rows(RatingLine, [*_cells(made, first[SubjectKind.ORGANISATION]), *_members(made, first[SubjectKind.MEMBER])])
    return made


def _may_open(year: int) -> None:
    if queries.of_year(year) is not None:
        raise refuse("campaign.known", "year", _("Năm %(year)s đã có đợt xếp loại.", year=year))
    row = db.session.get(RatingYear, year)
    if row is not None and row.closed_on is not None:
        raise refuse("rating.closed", "year", _("Xếp loại năm %(year)s đã khóa.", year=year))
    entered = [sa.exists().where(kind.year == year) for kind in (MemberRating, UnitRating)]
    if db.session.scalar(sa.select(sa.or_(*entered))):
        raise refuse("campaign.has_levels", "year",
                     _("Năm %(year)s đã có mức nhập theo văn bản, không mở đợt được nữa. Nhập tiếp theo văn bản.", year=year))  # fmt: skip


def _cells(made: RatingCampaign, first: RatingStep) -> list[dict[str, Any]]:
    query = sa.select(Unit.id, Unit.name).where(Unit.kind.in_(CELLS), Unit.living(made.roll_on)).order_by(Unit.id)
    return [
        {"campaign_id": made.id, "kind": SubjectKind.ORGANISATION, "unit_id": unit_id, "name": name, "step": first, "version": 1}
        for unit_id, name in db.session.execute(query)
    ]


def _members(made: RatingCampaign, first: RatingStep) -> list[dict[str, Any]]:
    def held(kind: AbeyanceKind) -> sa.ColumnElement[bool]:
        found = sa.select(1).where(Abeyance.member_id == Member.id, Abeyance.kind == kind, Abeyance.holds(made.roll_on))
        return sa.exists(found.correlate(Member))

    query = (
        sa.select(
            Member.id, Person.full_name, Posting.unit_id, Member.decided_on, held(AbeyanceKind.EXEMPTION), held(AbeyanceKind.SUSPENSION)
        )
        .join(Person, Person.id == Member.id)
        .join(Posting, sa.and_(Posting.member_id == Member.id, Posting.kind == PostingKind.HOME, Posting.holds(made.roll_on)))
        .order_by(Posting.unit_id, Person.name_sort, Member.id)
    )
    rows = []
    for member_id, name, unit_id, decided_on, is_exempt, is_suspended in db.session.execute(query):
        reason = not_rated_reason(RatedFacts(decided_on, bool(is_exempt), bool(is_suspended)), made.roll_on)
        kept = NotRated(reason.reason.value) if reason else None
        rows.append(
            {"campaign_id": made.id, "kind": SubjectKind.MEMBER, "unit_id": unit_id, "member_id": member_id, "name": name, "step": first,
             "not_rated": kept, "law_reason": kept, "version": 1}
        )  # fmt: skip
    return rows


@deed
def close_campaign(actor: Actor, year: int, version: int) -> RatingFreeze:
    """The campaign takes no changes any more, and its state is kept with its hash: results, bases, parameters, people as they were.

    Raises RuleBroken while somebody has no decision, or when it is closed; Conflict when it was changed since `version`;
    NotVisible without a campaign, or when the commune is out of reach.
    """
    one(Unit, actor, Unit.id == org.root().id)
    given = queries.campaign(year)
    if not given.is_open:
        raise refuse("campaign.closed", "year", _("Đợt xếp loại đã khóa ngày %(day)s.", day=fmt_date(given.closed_on)))
    if given.version != version:
        raise Conflict(_("Đợt xếp loại vừa được người khác sửa. Hãy xem lại rồi làm tiếp."))
    left = db.session.scalar(
        sa.select(sa.func.count()).where(RatingLine.campaign_id == given.id, RatingLine.step != RatingStep.DECIDED)
    )  # fmt: skip
    if left:
        raise refuse(
            "campaign.undecided", "year", _("Còn %(count)s trường hợp chưa có quyết định. Quyết định xong rồi mới khóa.", count=left)
        )
    given.closed_on = clock.today()
    db.session.get_one(RatingYear, year).closed_on = given.closed_on
    content = json.dumps(_state(actor, given), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    made = RatingFreeze(
        campaign_id=given.id, frozen_at=clock.now(), frozen_by=actor.name, content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _state(actor: Actor, given: RatingCampaign) -> dict[str, Any]:
    """All that the result rests on, as plain data."""
    query = (
        visible(RatingLine, actor).where(RatingLine.campaign_id == given.id).options(sa.orm.joinedload(RatingLine.unit))
        .order_by(RatingLine.id)
    )  # fmt: skip
    return {
        "year": given.year,
        "roll_on": given.roll_on.isoformat(),
        "opened_on": given.opened_on.isoformat(),
        "closed_on": given.closed_on.isoformat() if given.closed_on else None,
        "parameters": given.terms.as_data(),
        "bases": [
            {"kind": one.kind.value, "pool": pool.key, "rated": pool.pool.rated, "good_or_better": pool.pool.good_or_better,
             "excellent": pool.pool.excellent, "most": pool.ceiling.most}
            for one in queries.ceilings(actor, given) for pool in one.pools
        ],
        "results": [_result(line) for line in db.session.scalars(query)],
    }  # fmt: skip


def _result(line: RatingLine) -> dict[str, Any]:
    vote = line.vote
    return {
        "line": line.id, "kind": line.kind.value, "member_id": line.member_id, "name": line.name, "unit_id": line.unit_id,
        "unit": line.unit.name, "self": line.self_level, "score": None if line.score is None else str(line.score),
        "votes": None if vote is None else {str(level): count for level, count in vote.votes.items()},
        "base": None if vote is None else vote.base, "present": line.present, "blank": line.blank,
        "voted_on": _day(line.voted_on), "proposed": line.proposed, "proposed_by": line.proposed_by, "proposed_paper": line.proposed_paper,
        "checked_on": _day(line.checked_on), "checked_by": line.checked_by,
        "level": line.decided, "not_rated": line.not_rated, "decided_on": _day(line.decided_on), "paper": line.decided_paper,
        "decided_by": line.decided_by, "reason": line.decided_why,
    }  # fmt: skip


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
