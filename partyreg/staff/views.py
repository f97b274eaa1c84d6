"""The pages of organisations and staff: a year's levels on one sheet, and a line of the register."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, RuleBroken
from ..forms import whole_number
from ..i18n import _
from ..ratings.models import Level
from . import actions, queries
from .forms import Entered, LeaveForm, NewForm, PaperForm, StaffForm, read_levels, short_labels

area = web.Area("staff", __name__)


def _year() -> int:
    asked = whole_number(request.values.get("year", "")) or clock.today().year
    return min(max(asked, queries.FIRST_YEAR), clock.today().year)


@area.get("/staff", needs=Permission.STAFF_READ)
def index(actor: Actor) -> str:
    """A year's levels of organisations and staff."""
    return _sheet(actor, _year())


def _sheet(actor: Actor, year: int, form: PaperForm | None = None, entered: Entered | None = None, conflict: Conflict | None = None) -> str:
    rows = queries.sheet(actor, year)
    wanted = request.args.get("fill")
    return render_template(
        "staff/index.html", year=year, years=queries.years(actor), rows=rows, choices=short_labels(), entered=entered, conflict=conflict,
        form=form or PaperForm(formdata=None), missing=sum(row.level is None for row in rows),
        fill=Level(wanted) if wanted in tuple(Level) else None, may_edit=actor.may(Permission.STAFF_EDIT), day=queries.reference_day(year),
        latest=clock.today().year, first=queries.FIRST_YEAR,
    )  # fmt: skip


@area.post("/staff", needs=Permission.STAFF_EDIT)
def rate(actor: Actor) -> Any:
    """The levels of a year are saved at once; what somebody else changed meanwhile comes back beside one's own."""
    year, form = _year(), PaperForm()
    ids = [key for name in request.form if name.startswith("level-") and (key := whole_number(name[6:]))]
    entered = read_levels(request.form, ids)
    if form.validate() and not entered.wrong:
        try:
            count = actions.rate(actor, year, entered.levels, form.paper.data or "", entered.versions)
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _sheet(actor, year, form, entered, conflict), 409
        else:
            return web.done(_("Đã lưu xếp loại: %(count)s thay đổi.", count=count), "staff.index", year=year)
    return _sheet(actor, year, form, entered), 422


@area.form("/staff/new", needs=Permission.STAFF_EDIT)
def new(actor: Actor) -> Any:
    """An organisation or official is entered."""
    form = NewForm()
    if form.validate_on_submit():
        try:
            made = actions.register(
                actor, kind=form.kind.data, name=form.name.data or "", post=form.post.data, is_member=form.is_member.data,
                started_on=form.started_on.data,
            )  # fmt: skip
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã thêm %(name)s.", name=made.name), "staff.index")
    page = render_template("staff/form.html", form=form, staff=None, leaving=None, conflict=None)
    return page, 422 if form.is_submitted() else 200


@area.form("/staff/<int:staff_id>/edit", needs=Permission.STAFF_EDIT)
def edit(actor: Actor, staff_id: int) -> Any:
    """A line is edited; whoever saves second sees what the first one changed."""
    staff = queries.row(actor, staff_id)
    form = StaffForm(obj=staff if request.method == "GET" else None)
    if form.validate_on_submit():
        try:
            version = whole_number(form.version.data)
            actions.edit(actor, staff, version, name=form.name.data or "", post=form.post.data, is_member=form.is_member.data)
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _line(actor, staff_id, form=form, conflict=conflict), 409
        else:
            return web.done(_("Đã lưu."), "staff.index")
    return _line(actor, staff_id, form=form), 422 if form.is_submitted() else 200


@area.post("/staff/<int:staff_id>/leave", needs=Permission.STAFF_EDIT)
def leave(actor: Actor, staff_id: int) -> Any:
    """A line ends."""
    staff, leaving = queries.row(actor, staff_id), LeaveForm(prefix="leave")
    if leaving.validate():
        try:
            actions.leave(actor, staff, whole_number(leaving.version.data), leaving.on.data)
        except RuleBroken as refused:
            leaving.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _line(actor, staff_id, leaving=leaving, conflict=conflict), 409
        else:
            return web.done(_("Đã ghi thôi theo dõi."), "staff.index")
    return _line(actor, staff_id, leaving=leaving), 422


def _line(
    actor: Actor, staff_id: int, form: StaffForm | None = None, leaving: LeaveForm | None = None, conflict: Conflict | None = None
) -> str:  # fmt: skip
    staff = queries.row(actor, staff_id)
    form, leaving = form or StaffForm(formdata=None, obj=staff), leaving or LeaveForm(formdata=None, prefix="leave")
    for one in (form, leaving):
        if conflict or not one.version.data:
            one.version.data, one.version.raw_data = str(staff.version), None
    return render_template("staff/form.html", form=form, staff=staff, leaving=leaving, conflict=conflict)
