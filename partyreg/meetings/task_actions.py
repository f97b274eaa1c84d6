"""What we do with a task between two meetings: note how it ended."""

from __future__ import annotations

import datetime as dt

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict
from ..forms import one_line
from ..i18n import _
from . import agenda_rows
from .models import MeetingTask


@deed
def close_task(actor: Actor, task: MeetingTask, version: int, *, is_done: bool, outcome: str | None, on: dt.date | None = None) -> None:
    """The task is done, or dropped with the reason, on that day (today).

    Raises Conflict when somebody changed it since `version`; RuleBroken when it is closed already, dropped without a reason, or
    the day has not come.
    """
    if task.version != version:
        raise Conflict(_("Nhiệm vụ này vừa được người khác sửa. Hãy xem lại rồi làm lại."))
    day, why = on or clock.today(), one_line(outcome)
    found = []
    if task.closed_on is not None:
        found.append(agenda_rows.refusal("task.closed", "", _("Nhiệm vụ này đã kết thúc rồi.")))
    if not is_done and not why:
        found.append(agenda_rows.refusal("task.no_reason", "outcome", _("Ghi lý do không làm nữa.")))
    if day > clock.today():
        found.append(agenda_rows.refusal("task.future", "on", _("Ngày này chưa đến. Kiểm tra lại ngày.")))
    agenda_rows.broken(found)
    task.closed_on, task.is_done, task.outcome = day, is_done, why
    db.session.flush()
