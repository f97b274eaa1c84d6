"""The doors to meetings to come: plan one, its page, change and cancel it, hand it to a calendar, renew the last meeting."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..forms import read_day, whole_number
from ..i18n import _, fmt_date
from ..org import queries as org
from ..org.models import Unit
from . import plan_actions, plan_ics, plan_queries, queries
from .models import MeetingKind, MeetingPlan
from .plan_forms import CancelForm, PlanForm, RenewForm
from .views import area


def may_log(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may plan and log for that cell, whatever the door she came in by."""
    return actor.using(Permission.MEETINGS_LOG).reach().covers(unit.path)


def cell_asked(actor: Actor) -> Unit | None:
    """The cell that the address names, or the only one there is; none where it names none or no cell. Raises NotVisible."""
    code = request.args.get("unit")
    if code:
        unit = org.by_code(actor, code)
        return unit if unit.is_cell else None
    cells = org.cells(actor, clock.today())
    return cells[0] if len(cells) == 1 else None


def choose(actor: Actor, title: str, endpoint: str, **values: Any) -> Any:
    """The page on which a cell is chosen for another page; 422 where the address names a unit that is no cell."""
    page = render_template(
        "meetings/choose_cell.html", title=title, endpoint=endpoint, values=values, cells=org.cells(actor, clock.today()),
        refused=bool(request.args.get("unit")),
    )  # fmt: skip
    return page, 422 if request.args.get("unit") else 200


@area.form("/meetings/plans/new", needs=Permission.MEETINGS_LOG)
def new_plan(actor: Actor) -> Any:
    """The form for a meeting to come; sent, the page of the plan."""
    unit = cell_asked(actor)
    if unit is None:
        return choose(actor, _("Lên lịch sinh hoạt cho chi bộ nào?"), "meetings.new_plan")
    form = PlanForm(data=_proposal() if request.method == "GET" else None)
    if form.validate_on_submit():
        try:
            made = plan_actions.plan(actor, unit, **form.facts())
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return _planned(made)
    return render_template("meetings/plan_new.html", form=form, unit=unit), 422 if form.is_submitted() else 200


def _proposal() -> dict[str, Any]:
    """What a fresh form holds: the day and kind that the link names, else the next common day."""
    try:
        held_on = read_day(request.args.get("held_on", ""))
    except ValueError:
        proposed = plan_queries.next_day(clock.today())
        held_on = proposed.day if proposed else clock.today()
    kind = request.args.get("kind")
    return {"kind": MeetingKind(kind) if kind in set(MeetingKind) else MeetingKind.REGULAR, "held_on": held_on}


def _planned(plan: MeetingPlan) -> Any:
    return web.done(_("Đã lên lịch sinh hoạt ngày %(day)s.", day=fmt_date(plan.held_on)), "meetings.show_plan", plan_id=plan.id)


@area.get("/meetings/plans/<int:plan_id>", needs=Permission.MEETINGS_READ)
def show_plan(actor: Actor, plan_id: int) -> Any:
    """One plan: what is announced, and for whoever may, the forms that change and cancel it."""
    plan = plan_queries.row(actor, plan_id)
    return _page(actor, plan)


def _page(actor: Actor, plan: MeetingPlan, form: PlanForm | None = None, cancel: CancelForm | None = None, **more: Any) -> str:
    """The page of a plan, with the forms as they were sent."""
    form = form or PlanForm(formdata=None, obj=plan)
    cancel = cancel or CancelForm(formdata=None)
    for one in (form, cancel):
        if not one.version.data or "conflict" in more:
            one.version.data, one.version.raw_data = str(plan.version), None
    reader = actor.using(Permission.MEETINGS_READ)
    today = clock.today()
    return render_template(
        "meetings/plan.html", plan=plan, unit=plan.unit, form=form, cancel=cancel, may_log=may_log(actor, plan.unit),
        held=queries.standing(reader, plan.unit, plan.kind, plan.held_on), has_come=plan.held_on <= today,
        is_past=plan.held_on < today, **more,
    )  # fmt: skip


@area.post("/meetings/plans/<int:plan_id>", needs=Permission.MEETINGS_LOG)
def change_plan(actor: Actor, plan_id: int) -> Any:
    """The plan is changed; whoever saves second sees what the first one changed."""
    plan = plan_queries.row(actor, plan_id)
    form = PlanForm()
    if form.validate_on_submit():
        try:
            plan_actions.change_plan(actor, plan, whole_number(form.version.data), **form.facts())
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _page(actor, plan_queries.row(actor, plan_id), form, conflict=conflict), 409
        else:
            return web.done(_("Đã lưu lịch."), "meetings.show_plan", plan_id=plan_id)
    return _page(actor, plan, form), 422


@area.post("/meetings/plans/<int:plan_id>/cancel", needs=Permission.MEETINGS_LOG)
def cancel_plan(actor: Actor, plan_id: int) -> Any:
    """The planned meeting does not take place, and why is on record."""
    plan = plan_queries.row(actor, plan_id)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            plan_actions.cancel_plan(actor, plan, whole_number(form.version.data), form.reason.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _page(actor, plan_queries.row(actor, plan_id), cancel=form, conflict=conflict), 409
        else:
            return web.done(_("Đã hủy lịch sinh hoạt."), "meetings.show_plan", plan_id=plan_id)
    return _page(actor, plan, cancel=form), 422


@area.get("/meetings/plans/<int:plan_id>.ics", needs=Permission.MEETINGS_READ)
def plan_file(actor: Actor, plan_id: int) -> Response:
    """One plan for the calendar of a phone. A plan that is cancelled has none."""
    plan = plan_queries.row(actor, plan_id)
    if plan.cancelled_because is not None:
        raise NotVisible("MeetingPlan")
    made = plan_ics.calendar(_("Lịch sinh hoạt chi bộ"))
    made.add_component(plan_ics.event(plan_queries.line(plan), url_for("meetings.show_plan", plan_id=plan.id, _external=True)))
    named = {"Content-Disposition": f'attachment; filename="sinh-hoat-{plan.unit.code}-{plan.held_on}.ics"'}
    return Response(made.to_ical(), mimetype="text/calendar; charset=utf-8", headers=named)


@area.form("/meetings/<int:meeting_id>/renew", needs=Permission.MEETINGS_LOG)
def renew(actor: Actor, meeting_id: int) -> Any:
    """The next meeting is proposed from the last one; sent, the page of its plan."""
    meeting = queries.row(actor, meeting_id)
    offered = plan_queries.renewal(actor, meeting)
    fresh: dict[str, Any] = {
        "kind": meeting.kind, "held_on": offered.proposed.day if offered.proposed else None, "begins_at": offered.begins_at,
        "with_place": bool(offered.place), "with_tasks": bool(offered.tasks), "with_due": bool(offered.due),
    }  # fmt: skip
    form = RenewForm(data=fresh if request.method == "GET" else None)
    if form.validate_on_submit():
        facts = {**offered.facts(form.carried()), "kind": form.kind.data, "held_on": form.held_on.data, "begins_at": form.begins_at.data}
        try:
            made = plan_actions.plan(actor, meeting.unit, **facts)
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return _planned(made)
    parts = [
        (form.with_place, [offered.place] if offered.place else []), (form.with_topic, [offered.topic] if offered.topic else []),
        (form.with_tasks, offered.tasks), (form.with_items, offered.items), (form.with_due, offered.due),
    ]  # fmt: skip
    page = render_template("meetings/renew.html", meeting=meeting, unit=meeting.unit, form=form, offered=offered, parts=parts)
    return page, 422 if form.is_submitted() else 200
