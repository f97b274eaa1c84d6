"""What the standing committee does: it decides the levels of a checked sheet, and after the close amends one by a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..names import nfc
from ..org.models import Unit
from ..org.scope import one
from ..rulebook.finding import Finding, Severity
from ..rulebook.rating import Level, RatingStep, reason_findings
from . import campaign_queries as queries
from .campaign_actions import refuse
from .campaign_models import RatingAmendment, RatingCampaign, RatingLine, RatingMove
from .models import MemberRating, UnitRating
from .sheet_actions import LONGEST_PAPER, LONGEST_REASON


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided of one line: the level, None for whom the sheet proposes none, and why where it goes against a warning."""

    level: Level | None
    why: str = ""


@deed
def decide_sheet(
    actor: Actor, year: int, unit: Unit, rulings: Mapping[int, Ruling], paper: str, on: dt.date, versions: Mapping[int, int]
) -> int:  # fmt: skip
    """The checked lines of the cell have these levels, by that decision; they are the levels of the year. How many.

    Raises RuleBroken when the campaign is closed, a line was not checked, without a paper or with a wrong day, for a level against
    a warning, beyond the ceiling or other than the proposed one without a reason; Conflict when a line changed since `versions`;
    NotVisible.
    """
    one(Unit, actor, Unit.id == unit.id)
    given = queries.campaign(year)
    if not given.is_open:
        raise refuse("campaign.closed", "year", _("Đợt xếp loại đã khóa ngày %(day)s.", day=fmt_date(given.closed_on)))
    lines = {line.id: line for line in queries.lines(actor, given, unit)}
    if not set(rulings) <= set(lines):
        raise NotVisible("RatingLine")
    clean = _paper(paper, on, given.roll_on)
    if not rulings or any(lines[key].step is not RatingStep.DECISION for key in rulings):
        raise refuse("rating.not_checked", "paper", _("Bảng chưa được thẩm định, hoặc đã có quyết định. Tải lại trang."))
    stale = [lines[key] for key in rulings if lines[key].version != versions.get(key, 0)]
    if stale:
        raise Conflict(
            _("Bảng vừa được người khác sửa. Chưa có gì bị ghi đè."),
            mine={line.name: label(rulings[line.id].level) for line in stale},
            theirs={line.name: label(line.not_rated or line.proposed) for line in stale},
        )
    wrong = _against(actor, given, lines, rulings)
    if wrong:
        raise RuleBroken(wrong)
    for key, ruling in rulings.items():
        line = lines[key]
        line.decided = None if line.not_rated else ruling.level
        line.decided_on, line.decided_paper, line.decided_why, line.decided_by = on, clean, nfc(ruling.why) or None, actor.name
        line.step = RatingStep.DECIDED
    _keep(year, [lines[key] for key in rulings])
    db.session.add(
        RatingMove(
            campaign_id=given.id, unit_id=unit.id, from_step=RatingStep.DECISION, to_step=RatingStep.DECIDED, moved_at=clock.now(),
            user_id=actor.user_id, actor=actor.name,
        )
    )  # fmt: skip
    return len(rulings)


def _paper(paper: str, on: dt.date, since: dt.date) -> str:
    clean = nfc(paper)
    if not clean:
        raise refuse("rating.no_paper", "paper", _("Ghi số quyết định hoặc thông báo."))
    if len(clean) > LONGEST_PAPER:
        raise refuse("rating.long_paper", "paper", _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_PAPER))
    if not since <= on <= clock.today():
        raise refuse("rating.decided_on", "on", _("Ngày quyết định phải từ %(first)s đến hôm nay.", first=fmt_date(since)))
    return clean


def _against(actor: Actor, given: RatingCampaign, lines: Mapping[int, RatingLine], rulings: Mapping[int, Ruling]) -> list[Finding]:
    """Where a reason is missing: each finding at the field of its line."""
    found = []
    passed = _passed(actor, given, lines, rulings)
    for key, ruling in rulings.items():
        line, why = lines[key], nfc(ruling.why)
        if len(why) > LONGEST_REASON:
            text = _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_REASON)
            found.append(Finding("rating.long_reason", f"why-{key}", Severity.BLOCK, text))
        if line.not_rated is not None:
            continue
        if ruling.level is None:
            found.append(Finding("rating.lacking", f"level-{key}", Severity.BLOCK, _("Chưa chọn mức.")))
            continue
        found += [replace(one_, field=f"why-{key}") for one_ in reason_findings(queries.findings(given, line, ruling.level), why)]
        if ruling.level is not line.proposed and not why:
            text = _("Mức khác đề xuất của chi bộ: ghi lý do.")
            found.append(Finding("rating.unlike_proposed", f"why-{key}", Severity.BLOCK, text))
        if ruling.level is Level.EXCELLENT and line.kind in passed and not why:
            text = _("Vượt giới hạn hoàn thành xuất sắc: ghi lý do, hoặc chọn mức khác.")
            found.append(Finding("rating.ceiling", f"why-{key}", Severity.BLOCK, text))
    return found


def _passed(actor: Actor, given: RatingCampaign, lines: Mapping[int, RatingLine], rulings: Mapping[int, Ruling]) -> set[str]:
    """The kinds of subject whose ceiling some pool passes with these levels."""
    instead = {key: None if lines[key].not_rated else ruling.level for key, ruling in rulings.items()}
    return {
        one_.kind for one_ in queries.ceilings(actor, given, instead) if any(pool.is_passed for pool in one_.pools)
    }  # fmt: skip


def _keep(year: int, lines: list[RatingLine]) -> None:
    """The levels of the year, which targets and reports read, are those of the lines; a year with a campaign has no others."""
    for line in lines:
        if line.member_id is None:
            db.session.add(UnitRating(year=year, unit_id=line.unit_id, level=line.decided))
        else:
            db.session.add(
                MemberRating(year=year, member_id=line.member_id, unit_id=line.unit_id, level=line.decided, not_rated=line.not_rated)
            )


@deed
def amend(actor: Actor, line_id: int, to_level: Level, on: dt.date, paper: str, reason: str) -> RatingAmendment:
    """The subject's level of that closed year is now another, by a dated decision; what was frozen stays as it was reported.

    Raises RuleBroken while the campaign is open, without paper or reason, for a wrong day, or the level that stands already; NotVisible.
    """
    line = one(RatingLine, actor, RatingLine.id == line_id)
    given = db.session.get_one(RatingCampaign, line.campaign_id)
    if given.closed_on is None:
        raise refuse("campaign.open", "to_level", _("Đợt xếp loại chưa khóa: quyết định trên bảng của chi bộ."))
    clean, why = _paper(paper, on, given.closed_on), nfc(reason)
    if not why:
        raise refuse("rating.no_reason", "reason", _("Chưa ghi lý do."))
    if len(why) > LONGEST_REASON:
        raise refuse("rating.long_reason", "reason", _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_REASON))
    row = _standing(given.year, line)
    if row is None:
        raise NotVisible("MemberRating")
    if row.level is to_level:
        raise refuse("rating.same_level", "to_level", _("Mức đang có đã là mức này."))
    made = RatingAmendment(
        line_id=line.id, unit_id=line.unit_id, from_level=row.level, to_level=to_level, amended_on=on, paper=clean, reason=why,
        entered_by=actor.name,
    )  # fmt: skip
    row.level = to_level
    if isinstance(row, MemberRating):
        row.not_rated = None
    db.session.add(made)
    db.session.flush()
    return made


def _standing(year: int, line: RatingLine) -> MemberRating | UnitRating | None:
    """The level of the year as the register has it today."""
    if line.member_id is None:
        return db.session.scalar(sa.select(UnitRating).where(UnitRating.year == year, UnitRating.unit_id == line.unit_id))
    return db.session.scalar(sa.select(MemberRating).where(MemberRating.year == year, MemberRating.member_id == line.member_id))
