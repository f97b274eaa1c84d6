"""The doors to the posts outside the Party: village heads, and heads of village Front committees."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..errors import RuleBroken
from ..i18n import _
from ..members import queries as members
from ..org import queries as org
from ..org.models import UnitKind
from . import actions, queries
from .forms import EndForm, HolderForm
from .views import area


@area.get("/training/holders", needs=Permission.TRAINING_READ)
def holders(actor: Actor) -> str:
    """Who holds a post of a village today."""
    return render_template("training/holders.html", lines=queries.posts(actor, clock.today()), may_edit=actor.may(Permission.TRAINING_EDIT))


@area.form("/training/holders/new", needs=Permission.TRAINING_EDIT)
def name_holder(actor: Actor) -> Any:
    """The form of somebody who takes a post; sent, the list."""
    asked = request.args
    form = HolderForm(data=None if request.method == "POST" else {"post": asked.get("post"), "unit": asked.get("unit")})
    form.unit.choices = [
        ("", _("— chọn —")),
        *((unit.code, unit.name) for unit in org.cells(actor, clock.today()) if unit.kind is UnitKind.VILLAGE_CELL),
    ]
    if form.validate_on_submit():
        unit = org.by_code(actor, form.unit.data)
        try:
            actions.name_holder(
                actor, unit=unit, post=form.post.data, full_name=form.full_name.data or "", sex=form.sex.data, born_on=form.born_on.data,
                ethnicity=form.ethnicity.data or "", on=form.on.data, paper=form.paper.data,
            )  # fmt: skip
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã ghi %(name)s giữ chức vụ.", name=form.full_name.data), "training.holders")
    return render_template("training/holder_form.html", form=form), 422 if form.is_submitted() else 200


@area.form("/training/holders/<int:position_id>/end", needs=Permission.TRAINING_EDIT)
def end_post(actor: Actor, position_id: int) -> Any:
    """The form that ends a post; sent, the list."""
    position = queries.post(actor, position_id)
    person = members.person(actor, position.person_id)
    form = EndForm()
    if form.validate_on_submit():
        try:
            actions.end_post(actor, position, form.on.data)
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã ghi %(name)s thôi giữ chức vụ.", name=person.full_name), "training.holders")
    page = render_template("training/end_post.html", form=form, position=position, person=person)
    return page, 422 if form.is_submitted() else 200
