"""What we do with resolutions: enter one, correct it, set a target, correct it, withdraw it.

What touches a year that is closed, or kept in a report, needs a reason, and leaves a line of what stood before. What stood on a day
before the resolution's own goes on to stand.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, NoReturn

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _
from ..names import nfc
from ..org import queries as org
from ..org.models import Unit
from ..org.scope import one
from ..resolutions import queries as resolutions
from ..resolutions.models import Resolution, ResolutionAmendment, ResolutionTarget
from ..rulebook import resolution as rules
from ..rulebook.finding import Finding, Severity
from . import resolution_queries as queries
from .measures import MEASURES

LONGEST_NUMBER, LONGEST_BODY, LONGEST_LABEL, LONGEST_ARTICLE, LONGEST_SOURCE, LONGEST_REASON = 80, 200, 300, 200, 200, 300


def _refuse(code: str, field: str, message: str) -> NoReturn:
    raise RuleBroken([Finding(f"resolution.{code}", field, Severity.BLOCK, message)])


@deed
def adopt(actor: Actor, given: rules.Resolution, because: str = "") -> Resolution:
    """The resolution is on record with its term; without targets yet.

    Raises RuleBroken for days that cannot be, a term that overlaps another, a text that lacks or is too long, and where a closed
    year rests on its days and no reason is given; NotVisible when the commune is out of reach.
    """
    one(Unit, actor, Unit.id == org.root().id)
    clean = _resolution(given)
    found = rules.term_findings(clean, queries.others(), clock.today())
    if found:
        raise RuleBroken(found)
    years, reason = _touched(clean.since, because)
    made = Resolution(**_columns(clean))
    db.session.add(made)
    db.session.flush()
    _amend(actor, made.id, None, years, "", queries.told_term(clean), reason)
    return made


@deed
def correct_resolution(actor: Actor, found: Resolution, version: int, given: rules.Resolution, because: str) -> None:
    """The resolution is as given, and why it was put right is on record.

    Raises Conflict when somebody changed it since `version`; RuleBroken as `adopt`, without a reason, and where one of its targets
    could not stand with the new days; NotVisible.
    """
    one(Unit, actor, Unit.id == org.root().id)
    standing = queries.held(Resolution, found.id)
    before = resolutions.plain(standing, queries.targets_of(standing.id))
    _current(standing, version, queries.told_term(given), queries.told_term(before))
    clean = dataclasses.replace(_resolution(given), aims=before.aims)
    rest = queries.others(standing.id)
    refused = rules.term_findings(clean, rest, clock.today())
    for aim in () if refused else clean.aims:
        if aim.stands(clean.since):
            refused += rules.aim_findings(aim, clean, MEASURES) + rules.twice(aim, clean, rest)
    if refused:
        raise RuleBroken(refused)
    reason = _reason(because)
    years = queries.closed_since(min(clean.since, before.since))
    for key, value in {**_columns(clean), "corrected_because": reason}.items():
        if getattr(standing, key) != value:
            setattr(standing, key, value)
    _amend(actor, standing.id, None, years, queries.told_term(before), queries.told_term(clean), reason)


@deed
def add_target(actor: Actor, found: Resolution, given: rules.Aim, because: str = "") -> ResolutionTarget:
    """The resolution sets this target from its day on.

    Raises RuleBroken for a target that cannot be, a number that is set from the same day already, a text that lacks or is too
    long, and where a closed year rests on it and no reason is given; NotVisible.
    """
    one(Unit, actor, Unit.id == org.root().id)
    standing = queries.held(Resolution, found.id)
    clean = _aim(given)
    of = resolutions.plain(standing)
    _judge(clean, of, queries.others())
    years, reason = _touched(of.since, because)
    made = ResolutionTarget(resolution_id=standing.id, **_aim_columns(clean))
    db.session.add(made)
    db.session.flush()
    _amend(actor, standing.id, clean.no, years, "", queries.told(clean), reason)
    return made


@deed
def correct_target(actor: Actor, found: ResolutionTarget, version: int, given: rules.Aim, because: str) -> None:
    """The target is as given, and why it was put right is on record; its number stays.

    Raises Conflict when somebody changed it since `version`; RuleBroken as `add_target`, for a target that was withdrawn, and
    without a reason; NotVisible.
    """
    standing, of = _open(actor, found.id)
    before = resolutions.aim(standing)
    clean = _aim(dataclasses.replace(given, no=standing.no, withdrawn_on=None))
    _current(standing, version, queries.told(clean), queries.told(before))
    if standing.withdrawn_on is not None:
        _refuse("withdrawn", "no", _("Chỉ tiêu này đã thôi áp dụng, không sửa được."))
    refused = rules.aim_findings(clean, of, MEASURES)
    if refused:
        raise RuleBroken(refused)
    reason = _reason(because)
    years = queries.closed_since(of.since)
    for key, value in {**_aim_columns(clean), "corrected_because": reason}.items():
        if getattr(standing, key) != value:
            setattr(standing, key, value)
    _amend(actor, standing.resolution_id, clean.no, years, queries.told(before), queries.told(clean), reason)


@deed
def withdraw_target(actor: Actor, found: ResolutionTarget, version: int, day: dt.date, because: str) -> None:
    """The target is in force no more from that day; on the resolution's own day it never was, and what stood before goes on.

    Raises Conflict when somebody changed it since `version`; RuleBroken for one that was withdrawn before, a day outside its time,
    and without a reason; NotVisible.
    """
    standing, of = _open(actor, found.id)
    before = resolutions.aim(standing)
    _current(standing, version, queries.told(dataclasses.replace(before, withdrawn_on=day)), queries.told(before))
    if standing.withdrawn_on is not None:
        _refuse("withdrawn", "no", _("Chỉ tiêu này đã thôi áp dụng, không sửa được."))
    if not of.since <= day <= of.last:
        facts = {"first": f"{of.since:%d/%m/%Y}", "last": f"{of.last:%d/%m/%Y}"}
        _refuse("withdrawn_on", "on", _("Ngày thôi áp dụng phải từ %(first)s đến %(last)s.", **facts))
    standing.withdrawn_on, standing.withdrawn_because = day, _reason(because, "why")
    years, after = queries.closed_since(day), queries.told(resolutions.aim(standing))
    _amend(actor, standing.resolution_id, standing.no, years, queries.told(before), after, standing.withdrawn_because)


def _open(actor: Actor, target_id: int) -> tuple[ResolutionTarget, rules.Resolution]:
    """The target as it stands, held against others, and its resolution. Raises NotVisible."""
    one(Unit, actor, Unit.id == org.root().id)
    standing: ResolutionTarget = queries.held(ResolutionTarget, target_id)
    return standing, resolutions.plain(queries.resolution(standing.resolution_id))


def _current(standing: Any, version: int, mine: str, theirs: str) -> None:
    if standing.version != version:
        raise Conflict(
            _("Nội dung này vừa được người khác sửa. Hãy xem bản đang lưu rồi làm lại nếu vẫn cần."),
            mine={_("Nội dung"): mine},
            theirs={_("Nội dung"): theirs},
        )


def _judge(aim: rules.Aim, of: rules.Resolution, known: list[rules.Resolution]) -> None:
    found = rules.aim_findings(aim, of, MEASURES) or rules.twice(aim, of, known)
    if found:
        raise RuleBroken(found)


def _touched(since: dt.date, because: str) -> tuple[list[int], str]:
    """The closed years that rest on the day, and why they are touched; where there is none no reason is asked for."""
    years = queries.closed_since(since)
    if years and not nfc(because):
        told = ", ".join(map(str, years))
        text = _("Năm %(years)s đã khóa hoặc đã lập báo cáo với mức cũ. Hãy ghi lý do, hoặc chọn ngày hiệu lực muộn hơn.", years=told)
        _refuse("closed", "because", text)
    return years, _reason(because) if years else ""


def _reason(because: str, field: str = "because") -> str:
    reason = nfc(because)
    if not reason:
        _refuse("no_reason", field, _("Chưa ghi lý do."))
    return _short(field, reason, LONGEST_REASON)


def _short(field: str, text: str, most: int) -> str:
    if len(text) > most:
        _refuse("too_long", field, _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=most))
    return text


def _amend(actor: Actor, resolution_id: int, no: str | None, years: list[int], before: str, after: str, because: str) -> None:
    """A line of what was changed stands with the resolution, where a closed year is touched."""
    if years:
        line = ResolutionAmendment(
            resolution_id=resolution_id, made_on=clock.today(), made_by=actor.name[:200], no=no,
            years=", ".join(map(str, years))[:200], before=before, after=after, because=because,
        )  # fmt: skip
        db.session.add(line)
    db.session.flush()


def _resolution(given: rules.Resolution) -> rules.Resolution:
    number, body = nfc(given.number), nfc(given.body)
    if not number:
        _refuse("no_number", "number", _("Chưa ghi số nghị quyết, ví dụ 01-NQ/ĐU."))
    if not body:
        _refuse("no_body", "body", _("Chưa ghi cơ quan ban hành, ví dụ Đại hội Đảng bộ xã."))
    return dataclasses.replace(
        given, number=_short("number", number, LONGEST_NUMBER), body=_short("body", body, LONGEST_BODY), aims=()
    )  # fmt: skip


def _aim(given: rules.Aim) -> rules.Aim:
    return dataclasses.replace(
        given, no=_short("no", nfc(given.no), 20), label=_short("label", nfc(given.label), LONGEST_LABEL),
        article=_short("article", nfc(given.article), LONGEST_ARTICLE),
        baseline_source=_short("baseline_source", nfc(given.baseline_source), LONGEST_SOURCE),
    )  # fmt: skip


def _columns(given: rules.Resolution) -> dict[str, Any]:
    return {
        "number": given.number, "body": given.body, "adopted_on": given.adopted_on, "first_on": given.first, "last_on": given.last,
        "in_force_from": given.since,
    }  # fmt: skip


def _aim_columns(given: rules.Aim) -> dict[str, Any]:
    return {
        "no": given.no, "label": given.label, "unit": given.unit, "measure": given.measure, "comparator": given.comparator,
        "threshold": given.threshold, "upper": given.upper, "period": given.period, "due_on": given.by, "article": given.article,
        "baseline": given.baseline, "baseline_year": given.baseline_year, "baseline_source": given.baseline_source or None,
    }  # fmt: skip
