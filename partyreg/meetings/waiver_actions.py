"""What the organisation committee does with a month in which a cell need not meet: waive it, and take that back."""

from __future__ import annotations

import datetime as dt
from typing import NoReturn

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date
from ..names import nfc
from ..org.models import Unit
from ..org.scope import visible
from ..rulebook.finding import Finding, Severity
from ..rulebook.meeting_duty import month_duty
from . import waiver_queries as queries
from .actions import FIRST_DAY
from .models import MeetingWaiver

LONGEST_REASON = 300


def _refuse(code: str, field: str, message: str) -> NoReturn:
    raise RuleBroken([Finding(f"waiver.{code}", field, Severity.BLOCK, message)])


def latest_month() -> tuple[int, int]:
    """Year and month of the last month that can be waived today: the next one."""
    following = clock.today().replace(day=1) + dt.timedelta(days=31)
    return following.year, following.month


@deed
def waive(actor: Actor, unit: Unit, year: int, month: int, reason: str) -> MeetingWaiver:
    """The cell owes no regular meeting in that month, for the reason given.

    A month gone by, the running one or the next can be waived: what frees a cell (a flood, a merger under way) is known when it
    happens or shortly before, and a store of months waived far ahead would hide a cell that has ceased to meet.
    Raises RuleBroken without a reason, for what is no cell or no month, a month further ahead or before the register, one that
    the cell does not owe, one with a regular meeting on record, and one waived already. Raises NotVisible.
    """
    _hold(actor, unit)
    reason = nfc(reason)
    name = unit.name
    if not unit.is_cell:
        _refuse("no_cell", "unit", _("%(unit)s không phải chi bộ nên không có sinh hoạt chi bộ.", unit=name))
    if not reason:
        _refuse("no_reason", "reason", _("Chưa ghi lý do miễn. Hãy ghi việc làm căn cứ, ví dụ bản bị lũ chia cắt cả tháng."))
    if len(reason) > LONGEST_REASON:
        _refuse("long_reason", "reason", _("Lý do dài quá %(most)s ký tự. Hãy rút gọn.", most=LONGEST_REASON))
    if not 1 <= month <= 12:
        _refuse("no_month", "month", _("Không có tháng %(month)s. Hãy chọn lại tháng.", month=month))
    if (year, month) < (FIRST_DAY.year, FIRST_DAY.month):
        _refuse("too_early", "month", _("Sổ chỉ ghi sinh hoạt từ ngày %(day)s.", day=fmt_date(FIRST_DAY)))
    if (year, month) > (latest := latest_month()):
        text = _("Chỉ miễn được đến hết tháng %(month)s/%(year)s (tháng sau). Hãy chọn lại tháng.", month=latest[1], year=latest[0])
        _refuse("too_far", "month", text)
    if month_duty(unit.founded_on, unit.dissolved_on, year, month) != "owed":
        text = _("%(unit)s không hoạt động trọn tháng %(month)s/%(year)s nên vốn không phải sinh hoạt, không cần miễn.",
                 unit=name, month=month, year=year)  # fmt: skip
        _refuse("not_owed", "month", text)
    if (held_on := queries.regular_on(unit, year, month)) is not None:
        text = _("%(unit)s đã sinh hoạt định kỳ ngày %(day)s nên không miễn tháng này.", unit=name, day=fmt_date(held_on))
        _refuse("held", "month", text)
    if queries.waived_already(unit, year, month):
        _refuse("twice", "month", _("%(unit)s đã được miễn tháng %(month)s/%(year)s.", unit=name, month=month, year=year))
    made = MeetingWaiver(unit_id=unit.id, year=year, month=month, reason=reason)
    db.session.add(made)
    db.session.flush()
    return made


@deed
def withdraw_waiver(actor: Actor, waiver: MeetingWaiver, version: int) -> None:
    """The month is owed again; the audit keeps that it had been waived, and why.

    Raises Conflict when the waiver is another one than that version, NotVisible when it is gone or not the actor's.
    """
    row = visible(MeetingWaiver, actor).where(MeetingWaiver.id == waiver.id).with_for_update()
    standing = db.session.scalar(row.execution_options(populate_existing=True))
    if standing is None:
        raise NotVisible("MeetingWaiver")
    if standing.version != version:
        raise Conflict(_("Việc miễn tháng này vừa được người khác sửa. Hãy tải lại trang rồi xem lại."))
    db.session.delete(standing)


def _hold(actor: Actor, unit: Unit) -> None:
    """The cell is the actor's, and nobody else waives a month of it or logs a meeting meanwhile. Raises NotVisible."""
    mine = sa.select(Unit.id).where(Unit.id == unit.id, Unit.within(actor.reach())).with_for_update(key_share=True)
    if db.session.scalar(mine) is None:
        raise NotVisible("Unit")
