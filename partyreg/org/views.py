"""The doors to the tree of units: the tree, a new unit, editing one, its descent. The page of one unit is the office's."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import web
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..forms import day_asked, whole_number
from ..i18n import _
from ..names import nfc
from ..tables import text_of
from . import actions, former_queries, queries
from .forms import DescentForm, NewUnitForm, UnitForm
from .models import UnitKind

area = web.Area("org", __name__)


@area.get("/units", needs=Permission.UNITS_READ)
def index(actor: Actor) -> Any:
    """The tree of units as of a day, with what it grew out of."""
    day, fault = day_asked(request.args.get("on"))
    tree = queries.tree(actor, day)
    commune = next((unit for unit in tree if unit.kind is UnitKind.COMMUNE), None)
    lineage = queries.lineage(commune) if commune else []
    return render_template("org/index.html", tree=tree, day=day, fault=fault, lineage=lineage), 422 if fault else 200


@area.form("/units/new", needs=Permission.UNITS_EDIT)
def new(actor: Actor) -> Any:
    """A cell is founded below the commune."""
    form = NewUnitForm()
    if form.validate_on_submit():
        try:
            unit = actions.found(
                actor, parent=queries.root(), kind=form.kind.data, code=form.code.data, name=form.name.data, block=form.block.data,
                village=form.village.data, org_code=form.org_code.data or None, founded_on=form.founded_on.data,
            )  # fmt: skip
        except RuleBroken as refusal:
            form.show(refusal.findings)
        else:
            return web.done(_("Đã thành lập %(name)s.", name=unit.name), "office.unit", code=unit.code)
    return render_template("org/edit.html", form=form, unit=None, title=_("Thành lập chi bộ")), 422 if form.is_submitted() else 200


@area.form("/units/<code>/edit", needs=Permission.UNITS_EDIT)
def edit(actor: Actor, code: str) -> Any:
    """A unit's particulars are edited; a stale form is shown as a conflict."""
    unit = queries.by_code(actor, code)
    form = UnitForm(obj=unit if request.method == "GET" else None)
    more: dict[str, Any] = {}
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        version = whole_number(form.version.data)
        changes = {name: form[name].data or None for name in ("block", "village", "org_code")} | {"name": form.name.data}
        try:
            actions.edit(actor, unit, version, **changes)
        except Conflict as conflict:
            names = [name for name, value in changes.items() if getattr(unit, name) != value]
            more = {
                "conflict": str(conflict), "labels": {name: form[name].label.text for name in names},
                "mine": {name: text_of(changes[name]) for name in names},
                "theirs": {name: text_of(getattr(unit, name)) for name in names},
            }  # fmt: skip
            form.version.data, form.version.raw_data, status = str(unit.version), None, 409
        else:
            return web.done(_("Đã lưu."), "office.unit", code=unit.code)
    return render_template("org/edit.html", form=form, unit=unit, title=_("Sửa: %(name)s", name=unit.name), **more), status


@area.form("/units/<code>/descent", needs=Permission.UNITS_EDIT)
def descent(actor: Actor, code: str) -> Any:
    """From which former commune a cell came is recorded; where it is on record, it is shown and may be withdrawn."""
    unit = queries.by_code(actor, code)
    known, formers = former_queries.descent(unit), former_queries.formers()
    merger = former_queries.merger_of(formers[0]) if formers else None
    form = DescentForm(on=merger.happened_on if merger else None, document=merger.document if merger else None)
    form.former.choices = [("", _("— chọn —")), *((one.code, one.name) for one in formers)]
    if form.validate_on_submit():
        chosen = next(one for one in formers if one.code == form.former.data)
        try:
            actions.record_descent(actor, unit, chosen, form.on.data, nfc(form.document.data or "") or None)
        except RuleBroken as refusal:
            form.show(refusal.findings)
        else:
            return web.done(_("Đã ghi %(name)s chuyển từ %(former)s.", name=unit.name, former=chosen.name), "office.unit", code=unit.code)
    page = render_template("org/descent.html", form=form, unit=unit, known=known, formers=formers)
    return page, 422 if form.is_submitted() else 200


@area.post("/units/<code>/descent/withdraw", needs=Permission.UNITS_EDIT)
def withdraw_descent(actor: Actor, code: str) -> Any:
    """What was entered by mistake is taken back."""
    unit = queries.by_code(actor, code)
    actions.withdraw_descent(actor, unit)
    return web.done(_("Đã gỡ xã cũ của %(name)s.", name=unit.name), "office.unit", code=unit.code)
