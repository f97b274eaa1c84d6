"""What is done with the calendar: a day is set apart from what the public calendar says, or put back."""

from __future__ import annotations

import datetime as dt
from typing import NoReturn

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import RuleBroken
from ..i18n import _, fmt_date
from ..names import nfc
from ..rulebook.dates import is_working_day
from ..rulebook.finding import Finding, Severity
from . import queries
from .models import SpecialDay


def _refuse(field: str, code: str, message: str) -> NoReturn:
    raise RuleBroken([Finding(f"workdays.{code}", field, Severity.BLOCK, message)])


@deed
def set_apart(actor: Actor, day: dt.date, is_off: bool, reason: str) -> SpecialDay:
    """The day is off (or worked) for everybody from now on, whatever the public calendar says; every open term is counted anew.

    Raises RuleBroken without a reason, for a day set apart already, too far ahead, or off (or worked) anyway.
    """
    reason = nfc(reason)
    if not reason:
        _refuse("reason", "no_reason", _("Chưa ghi lý do. Hãy ghi văn bản hoặc việc làm căn cứ, ví dụ số thông báo nghỉ."))
    if queries.on(day) is not None:
        _refuse("day", "twice", _("Ngày %(day)s đã có trong sổ. Hãy bỏ dòng đó trước, rồi ghi lại.", day=fmt_date(day)))
    if day.year > (latest := clock.today().year + queries.YEARS_AHEAD):
        _refuse("day", "too_far", _("Sổ chỉ ghi ngày đến hết năm %(year)s. Hãy xem lại năm.", year=latest))
    is_worked = is_working_day(day, queries.days_off(day))
    if is_off and not is_worked:
        _refuse("day", "off_anyway", _("Ngày %(day)s vốn là ngày nghỉ (thứ bảy, chủ nhật hoặc ngày lễ), không cần ghi.", day=fmt_date(day)))
    if not is_off and is_worked:
        _refuse("day", "worked_anyway", _("Ngày %(day)s vốn là ngày làm việc, không cần ghi làm bù.", day=fmt_date(day)))
    made = SpecialDay(day=day, is_off=is_off, reason=reason)
    db.session.add(made)
    db.session.flush()
    return made


@deed
def put_back(actor: Actor, special_day: SpecialDay) -> None:
    """The day is again what the public calendar says; the audit keeps what had been set apart and why."""
    db.session.delete(special_day)
