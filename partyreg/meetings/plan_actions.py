"""What we do with meetings to come: plan one, change the plan, cancel it with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..names import nfc
from ..org.models import Unit
from ..rulebook.dates import add_months
from ..rulebook.finding import Finding, Severity
from . import plan_queries, queries
from .models import MeetingKind, MeetingPlan

#: A plan is made at most so many months ahead. No law says it; who plans further has mistyped the year.
MONTHS_AHEAD = 12
#: A reason is a sentence or two.
REASON = 300

_CHANGEABLE = ("kind", "held_on", "begins_at", "place", "topic", "agenda")


@deed
def plan(
    actor: Actor, unit: Unit, *, kind: MeetingKind, held_on: dt.date, begins_at: dt.time | None = None, place: str | None = None,
    topic: str | None = None, agenda: str | None = None,
) -> MeetingPlan:  # fmt: skip
    """A meeting of the cell is announced for that day; `agenda` has one point a line.

    Raises RuleBroken for what cannot be, and when a plan or a meeting of that kind stands on that day already; NotVisible.
    """
    _hold(actor, unit)
    facts: dict[str, Any] = {
        "kind": kind, "held_on": held_on, "begins_at": begins_at, "place": place, "topic": topic, "agenda": _points(agenda)
    }  # fmt: skip
    _check(actor, unit, facts)
    made = MeetingPlan(unit_id=unit.id, **facts)
    db.session.add(made)
    db.session.flush()
    return made


@deed
def change_plan(actor: Actor, plan: MeetingPlan, version: int, **changes: Any) -> None:
    """The plan says what is given; what is not named stays.

    Raises Conflict when somebody changed it since `version`, RuleBroken as `plan` and for a plan that is cancelled, NotVisible.
    """
    unknown = set(changes) - set(_CHANGEABLE)
    if unknown:
        raise TypeError(f"a plan has no {', '.join(sorted(unknown))} to change")
    _open(actor, plan)
    if "agenda" in changes:
        changes["agenda"] = _points(changes["agenda"])
    if plan.version != version:
        raise _stale(plan, changes)
    if plan.cancelled_because is not None:
        text = _("Lịch này đã hủy. Muốn họp lại, hãy lên lịch mới.")
        raise RuleBroken([_refusal("plan.cancelled", "", text)])
    facts = {key: changes.get(key, getattr(plan, key)) for key in _CHANGEABLE}
    _check(actor, plan.unit, facts, but=plan.id)
    for key, value in facts.items():
        if getattr(plan, key) != value:
            setattr(plan, key, value)


@deed
def cancel_plan(actor: Actor, plan: MeetingPlan, version: int, reason: str) -> None:
    """The meeting will not take place, and why is on record; calendars outside let go of it.

    Raises Conflict when somebody changed it since `version`; RuleBroken without a reason, or when it is cancelled already;
    NotVisible.
    """
    _open(actor, plan)
    if plan.version != version:
        raise _stale(plan, {})
    if plan.cancelled_because is not None:
        raise RuleBroken([_refusal("plan.cancelled", "", _("Lịch này đã hủy trước đó."))])
    reason = nfc(reason)
    if not reason:
        raise RuleBroken([_refusal("plan.no_reason", "reason", _("Chưa ghi lý do hủy. Hãy ghi ngắn gọn vì sao không họp."))])
    if len(reason) > REASON:
        raise RuleBroken([_refusal("plan.reason", "reason", _("Lý do quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=REASON))])
    plan.cancelled_because = reason


# -- what a deed asks first -------------------------------------------------------------------------------------------


def _hold(actor: Actor, unit: Unit) -> None:
    """The cell is the actor's, and no other plan of it is being written meanwhile. Raises NotVisible."""
    mine = sa.select(Unit.id).where(Unit.id == unit.id, Unit.within(actor.reach())).with_for_update(key_share=True)
    if db.session.scalar(mine) is None:
        raise NotVisible("Unit")


def _open(actor: Actor, plan: MeetingPlan) -> None:
    """The plan is as it stands now, and nobody else changes it meanwhile. Raises NotVisible."""
    _hold(actor, plan.unit)
    db.session.refresh(plan, attribute_names=["version", "cancelled_because", *_CHANGEABLE])


def _points(agenda: str | None) -> str | None:
    """One point a line, without empty lines."""
    points = [nfc(line) for line in (agenda or "").splitlines()]
    return "\n".join(point for point in points if point) or None


def _refusal(code: str, field: str, message: str) -> Finding:
    return Finding(code=code, field=field, severity=Severity.BLOCK, message=message)


def _check(actor: Actor, unit: Unit, facts: Mapping[str, Any], but: int | None = None) -> None:
    """Raises RuleBroken with a finding for each thing that cannot be."""
    if not unit.is_cell:
        text = _("%(unit)s không phải chi bộ nên không có sinh hoạt chi bộ.", unit=unit.name)
        raise RuleBroken([_refusal("plan.no_cell", "unit", text)])
    wrong = _day_wrong(unit, facts["held_on"])
    if not wrong:
        wrong = _taken(actor, unit, facts["kind"], facts["held_on"], but)
    long = [number for number, point in enumerate((facts["agenda"] or "").split("\n"), start=1) if len(point) > plan_queries.POINT]
    if long:
        text = _("Dòng %(number)s quá dài: mỗi nội dung tối đa %(max)s ký tự.", number=long[0], max=plan_queries.POINT)
        wrong.append(_refusal("plan.long_point", "agenda", text))
    if wrong:
        raise RuleBroken(wrong)


def _day_wrong(unit: Unit, day: dt.date) -> list[Finding]:
    today = clock.today()
    latest = add_months(today, MONTHS_AHEAD)
    if day < today:
        text = _("Ngày %(day)s đã qua. Buổi đã họp thì ghi vào sổ sinh hoạt; lịch chỉ ghi buổi sắp tới.", day=fmt_date(day))
        return [_refusal("plan.past", "held_on", text)]
    if day > latest:
        text = _("Lịch chỉ ghi trước đến %(latest)s. Hãy xem lại năm.", latest=fmt_date(latest))
        return [_refusal("plan.too_far", "held_on", text)]
    if day < unit.founded_on:
        text = _("%(unit)s thành lập ngày %(day)s, chưa có vào ngày họp này.", unit=unit.name, day=fmt_date(unit.founded_on))
        return [_refusal("plan.before_founding", "held_on", text)]
    if not unit.lives_on(day):
        text = _("%(unit)s đã kết thúc từ ngày %(day)s.", unit=unit.name, day=fmt_date(unit.dissolved_on))
        return [_refusal("plan.after_end", "held_on", text)]
    return []


def _taken(actor: Actor, unit: Unit, kind: MeetingKind, day: dt.date, but: int | None) -> list[Finding]:
    facts = {"unit": unit.name, "kind": label(kind).lower(), "day": fmt_date(day)}
    if plan_queries.standing(unit, kind, day, but) is not None:
        text = _("%(unit)s đã có lịch sinh hoạt %(kind)s ngày %(day)s. Hãy sửa lịch đó, hoặc đổi ngày hay loại.", **facts)
        return [_refusal("plan.taken", "held_on", text)]
    if kind is not MeetingKind.EXTRAORDINARY and queries.standing(actor, unit, kind, day) is not None:
        text = _("%(unit)s đã ghi buổi sinh hoạt %(kind)s ngày %(day)s vào sổ. Hãy đổi ngày hay loại.", **facts)
        return [_refusal("plan.held", "held_on", text)]
    return []


# -- conflicts in words -----------------------------------------------------------------------------------------------


def _titles() -> dict[str, str]:
    return {
        "kind": _("Loại sinh hoạt"), "held_on": _("Ngày họp"), "begins_at": _("Giờ họp"), "place": _("Địa điểm"),
        "topic": _("Chuyên đề, nội dung chính"), "agenda": _("Nội dung dự kiến"), "cancelled_because": _("Lý do hủy"),
    }  # fmt: skip


def _word(value: Any) -> Any:
    if isinstance(value, MeetingKind):
        return label(value)
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return fmt_date(value) if isinstance(value, dt.date) else value


def _stale(plan: MeetingPlan, changes: Mapping[str, Any]) -> Conflict:
    """What differs between what was sent and what stands; why it was cancelled, where that is what happened."""
    stands = {key: getattr(plan, key) for key in (*_CHANGEABLE, "cancelled_because")}
    sent = {**stands, "cancelled_because": None, **changes}
    titles = _titles()
    differing = [key for key in titles if sent[key] != stands[key]]
    return Conflict(
        _("Lịch này vừa được người khác sửa. Hãy xem bản đang lưu rồi làm lại nếu vẫn cần."),
        mine={titles[key]: _word(sent[key]) for key in differing},
        theirs={titles[key]: _word(stands[key]) for key in differing},
    )
