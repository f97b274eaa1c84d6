"""The pages of tasks that meetings gave: what is still to be done, and how each ended."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import render_template, request

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..forms import one_line, whole_number
from ..i18n import _, said
from ..org import queries as org
from ..org.models import Unit
from ..web import done
from . import agenda_queries, task_actions
from .agenda_forms import OUTCOME
from .views import area


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """What was typed about one task, and what is wrong with it."""

    task_id: int
    outcome: str
    errors: list[str]


@area.get("/meetings/tasks", needs=Permission.MEETINGS_READ)
def tasks(actor: Actor) -> Any:
    """What is still to be done, in one cell or in all."""
    code = request.args.get("unit")
    return _page(actor, org.by_code(actor, code) if code else None)


@area.post("/meetings/tasks/<int:task_id>/close", needs=Permission.MEETINGS_LOG)
def close_task(actor: Actor, task_id: int) -> Any:
    """The task is done, or dropped."""
    row = agenda_queries.task(actor, task_id)
    unit = agenda_queries.unit_of(row)
    outcome = (one_line(request.form.get("outcome")) or "").replace("\x00", "")
    errors = [_("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=OUTCOME)] if len(outcome) > OUTCOME else []
    if errors:
        return _page(actor, unit, Sent(task_id, outcome, errors)), 422
    try:
        task_actions.close_task(
            actor, row, whole_number(request.form.get("version")), is_done=request.form.get("end") == "done", outcome=outcome
        )
    except RuleBroken as refused:
        return _page(actor, unit, Sent(task_id, outcome, [said(one) for one in refused.findings])), 422
    except Conflict as conflict:
        return _page(actor, unit, Sent(task_id, outcome, [str(conflict)]), str(conflict)), 409
    return done(_("Đã ghi kết quả nhiệm vụ."), "meetings.tasks", unit=unit.code)


def _page(actor: Actor, unit: Unit | None, sent: Sent | None = None, fault: str = "") -> str:
    found = agenda_queries.open_tasks(actor, unit)
    if sent is not None and not fault and sent.task_id not in {task.id for task in found}:
        fault = sent.errors[0]
    return render_template(
        "meetings/tasks.html", most=agenda_queries.MOST_TASKS, unit=unit, tasks=found, sent=sent, fault=fault, day=clock.today(),
        can_close=actor.may(Permission.MEETINGS_LOG),
    )  # fmt: skip
