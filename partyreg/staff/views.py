"""The pages of organisations and staff: a year's levels on one sheet, and a line of the register."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..forms import Form, whole_number
from ..i18n import _
from ..members import queries as members
from ..names import nfc
from ..rulebook.rating import Level
from . import actions, queries
from .forms import (
    Entered,
    LeaveForm,
    MemberPostForm,
    NewcomerForm,
    NewOrganisationForm,
    OfficialForm,
    OrganisationForm,
    PaperForm,
    PostForm,
    read_levels,
    short_labels,
)
from .models import Staff

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
    """Somebody is in the commune's service: one whom the address names (`person`), one to be searched for (`q`), or a newcomer."""
    chosen = None
    if asked := request.args.get("person"):
        chosen = next(iter(queries.known(actor, person_id=whole_number(asked))), None)
        if chosen is None:
            raise NotVisible("Person")
    form: OfficialForm = OfficialForm() if chosen else NewcomerForm()
    if form.validate_on_submit():
        try:
            made = actions.register_official(
                actor, members.person(actor, chosen.person_id) if chosen else _newcomer(form), kind=form.kind.data,
                post=form.post.data or "", started_on=form.started_on.data,
            )  # fmt: skip
        except RuleBroken as refused:
            db.session.rollback()
            form.show(refused.findings)
        else:
            return web.done(_("Đã thêm %(name)s.", name=made.called), "staff.index")
    words = nfc(request.args.get("q", "").replace("\0", ""))[:100]
    page = render_template(
        "staff/new.html", form=form, chosen=chosen, words=words, found=queries.known(actor, name=words) if words and not chosen else [],
        most=queries.OFFERED,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _newcomer(form: OfficialForm) -> actions.Newcomer:
    typed = form.data
    return actions.Newcomer(typed["full_name"], typed["sex"], typed["born_on"], typed["ethnicity"])


@area.form("/staff/organisations/new", needs=Permission.STAFF_EDIT)
def new_organisation(actor: Actor) -> Any:
    """An organisation is entered."""
    form = NewOrganisationForm()
    if form.validate_on_submit():
        try:
            made = actions.register_organisation(actor, kind=form.kind.data, name=form.name.data, started_on=form.started_on.data)
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã thêm %(name)s.", name=made.called), "staff.index")
    return render_template("staff/organisation.html", form=form), 422 if form.is_submitted() else 200


@area.form("/staff/<int:staff_id>/edit", needs=Permission.STAFF_EDIT)
def edit(actor: Actor, staff_id: int) -> Any:
    """A line is edited; whoever saves second sees what the first one changed."""
    staff = queries.row(actor, staff_id)
    form = _form(staff, sent=request.method == "POST")
    if form.validate_on_submit():
        typed = form.data
        try:
            actions.edit(actor, staff, whole_number(typed["version"]), name=typed.get("name"), post=typed.get("post"))
        except RuleBroken as refused:
            db.session.rollback()
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _line(actor, staff_id, form=form, conflict=conflict), 409
        else:
            return web.done(_("Đã lưu."), "staff.index")
    return _line(actor, staff_id, form=form), 422 if form.is_submitted() else 200


def _form(staff: Staff, *, sent: bool) -> Form:
    """The form of what may be edited of the line, as it stands or as it was sent."""
    if staff.person is None:
        kind: type[Form] = OrganisationForm
    else:
        kind = MemberPostForm if queries.is_member(staff.person_id) else PostForm
    return kind() if sent else kind(formdata=None, data={"name": staff.called, "post": staff.post})


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
    actor: Actor, staff_id: int, form: Form | None = None, leaving: LeaveForm | None = None, conflict: Conflict | None = None
) -> str:  # fmt: skip
    staff = queries.row(actor, staff_id)
    form, leaving = form or _form(staff, sent=False), leaving or LeaveForm(formdata=None, prefix="leave")
    for one in (form, leaving):
        version = one["version"]
        if conflict or not version.data:
            version.data, version.raw_data = str(staff.shown_version), None
    return render_template(
        "staff/form.html", form=form, staff=staff, leaving=leaving, conflict=conflict, is_member=queries.is_member(staff.person_id)
    )
