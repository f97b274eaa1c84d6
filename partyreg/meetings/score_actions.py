"""What we do with the quality of a meeting: the cell scores it, and the organisation committee scores it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, fmt_number
from ..rulebook.finding import Finding, Severity
from ..rulebook.meeting_score import Proposed, ScoreSheet, points_given, propose, reason_missing
from . import score_queries as queries
from .models import Meeting, MeetingScore, Scorer

REMARK = 500


@deed
def score(actor: Actor, meeting: Meeting, version: int | None, points: Mapping[str, object], remark: str | None = None) -> MeetingScore:
    """The cell's score of its meeting is on record, or edited on record: the points of every line of the sheet, and their sum.

    What the register can judge by facts it judges now, whether sent or not. `version` is None while there is no score.
    Raises RuleBroken for points that cannot be and for a meeting without sheet, Conflict for a stale version, NotVisible.
    """
    return _score(actor, meeting, version, points, remark, Scorer.CELL)


@deed
def rescore(actor: Actor, meeting: Meeting, version: int | None, points: Mapping[str, object], remark: str | None = None) -> MeetingScore:
    """The organisation committee's score of a meeting is on record beside the cell's; it may differ from the facts as well.

    Raises as `score`, and RuleBroken where it differs from the cell's points or the facts and no remark says why.
    """
    return _score(actor, meeting, version, points, remark, Scorer.COMMITTEE)


def _score(
    actor: Actor, meeting: Meeting, version: int | None, points: Mapping[str, object], remark: str | None, scorer: Scorer
) -> MeetingScore:
    _hold(actor, meeting)
    sheet = queries.sheet_of_day(meeting.held_on)
    if sheet is None:
        raise RuleBroken([_without_sheet(meeting)])
    standing = queries.scores(meeting.id)
    proposed = propose(sheet, queries.facts_of(meeting), clock.today())
    given, wrong = points_given(proposed, points, may_overrule=scorer is Scorer.COMMITTEE)
    remark = (remark or "").strip() or None
    if remark is not None and len(remark) > REMARK:
        wrong.append(_refusal("score.remark_long", "remark", _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=REMARK)))
    row = standing.get(scorer)
    if (row.version if row else None) != version:
        raise _stale(sheet, row, given, remark)
    if not wrong and scorer is Scorer.COMMITTEE:
        wrong = _reason(proposed, given, standing.get(Scorer.CELL), remark)
    if wrong:
        raise RuleBroken(wrong)
    return _write(meeting, row, given, remark, scorer)


def _write(meeting: Meeting, row: MeetingScore | None, given: Mapping[str, Decimal], remark: str | None, scorer: Scorer) -> MeetingScore:
    """The row says what was given; one that says so already stays as it is."""
    if row is None:
        row = MeetingScore(meeting_id=meeting.id, scorer=scorer)
        db.session.add(row)
    elif (queries.read(row.points), row.remark) == (given, remark):
        return row
    row.points = json.dumps({key: int(value) if value == int(value) else float(value) for key, value in given.items()})
    row.total = sum(given.values(), Decimal(0)).quantize(Decimal("0.01"))
    row.remark, row.scored_on = remark, clock.today()
    db.session.flush()
    return row


# -- what a deed asks first -------------------------------------------------------------------------------------------


def _hold(actor: Actor, meeting: Meeting) -> None:
    """The meeting is the actor's, and nobody else scores or corrects it meanwhile. Raises NotVisible."""
    mine = sa.select(Meeting).where(Meeting.id == meeting.id, Meeting.within(actor.reach())).with_for_update()
    if db.session.scalar(mine.execution_options(populate_existing=True)) is None:
        raise NotVisible("Meeting")


def _refusal(code: str, field: str, message: str) -> Finding:
    return Finding(code=code, field=field, severity=Severity.BLOCK, message=message)


def _without_sheet(meeting: Meeting) -> Finding:
    text = _("Ngày họp %(day)s chưa có bảng chấm điểm, nên buổi này không chấm.", day=fmt_date(meeting.held_on))
    return _refusal("score.no_sheet", "", text)


def _reason(proposed: Proposed, given: Mapping[str, Decimal], cells: MeetingScore | None, remark: str | None) -> list[Finding]:
    return reason_missing(proposed, given, queries.read(cells.points) if cells else None, remark)


# -- conflicts in words -----------------------------------------------------------------------------------------------


def written(points: Decimal | None) -> str:
    """Points as they are shown: no more decimals than they have."""
    if points is None:
        return ""
    return fmt_number(points, max(0, -int(points.normalize().as_tuple().exponent)))


def _stale(sheet: ScoreSheet, row: MeetingScore | None, given: Mapping[str, Decimal], remark: str | None) -> Conflict:
    """What differs between what was sent and what stands."""
    if row is None:
        return Conflict(_("Điểm của buổi này không còn như khi mở trang. Hãy xem lại rồi lưu."))
    stands = queries.read(row.points)
    names = {line.key: line.name for line in sheet.lines}
    mine = {name: written(given.get(key)) for key, name in names.items()} | {_("Nhận xét"): remark or ""}
    theirs = {name: written(stands.get(key)) for key, name in names.items()} | {_("Nhận xét"): row.remark or ""}
    differing = [name for name in theirs if mine[name] != theirs[name]]
    return Conflict(
        _("Điểm của buổi này vừa được người khác lưu. Hãy so hai bản rồi lưu lại nếu vẫn cần."),
        mine={name: mine[name] for name in differing},
        theirs={name: theirs[name] for name in differing},
    )
