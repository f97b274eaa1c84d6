"""The doors to the tree of units: the tree, a new unit, editing one. The page of one unit is the office's."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import web
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..forms import day_asked, whole_number
from ..i18n import _
from ..tables import text_of
from . import actions, queries
from .forms import NewUnitForm, UnitForm
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
