"""The pages of resolutions: the list with the targets of a day, one with its targets, and their forms."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, RuleBroken
from ..forms import day_asked, whole_number
from ..i18n import _
from ..resolutions import queries as resolutions
from ..resolutions.models import Resolution, ResolutionTarget
from ..rulebook.targets import group
from . import entry_queries, resolution_actions
from . import resolution_queries as queries
from .resolution_forms import ResolutionForm, TargetForm, WithdrawForm
from .views import area


def _may_edit(actor: Actor) -> bool:
    return actor.may(Permission.TARGETS_EDIT) and entry_queries.sees_commune(actor.using(Permission.TARGETS_EDIT))


@area.get("/targets/resolutions", needs=Permission.TARGETS_READ)
def resolutions_list(actor: Actor) -> Any:
    """Every resolution that was entered, and all targets in force on a day, those of the shipped law with them."""
    day, fault = day_asked(request.args.get("on"))
    page = render_template(
        "targets/resolutions.html", entries=queries.entries(), lines=queries.in_force(day), day=day, fault=fault,
        group=group, rule_text=entry_queries.rule_text, measure_text=queries.measure_text, periods=queries.PERIODS,
        may_edit=_may_edit(actor),
    )  # fmt: skip
    return (page, 422) if fault else page


@area.get("/targets/resolutions/<int:resolution_id>", needs=Permission.TARGETS_READ)
def resolution(actor: Actor, resolution_id: int) -> Any:
    """One resolution: its term, its targets, and what was changed after a year was closed."""
    found = queries.resolution(resolution_id)
    targets = queries.targets_of(found.id)
    return render_template(
        "targets/resolution.html", resolution=found, targets=targets, amendments=queries.amendments(found.id), signs=queries.SIGNS,
        fmt=entry_queries.fmt_value, measure_text=queries.measure_text, periods=queries.PERIODS, may_edit=_may_edit(actor),
        ended=found.last_on < clock.today(), coming=found.in_force_from > clock.today(),
    )  # fmt: skip


@area.form("/targets/resolutions/new", needs=Permission.TARGETS_EDIT)
def adopt(actor: Actor) -> Any:
    """A resolution is entered."""
    form = ResolutionForm()
    if form.is_submitted() and form.validate():
        try:
            made = resolution_actions.adopt(actor, form.given, form.because.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã lưu nghị quyết. Hãy thêm các chỉ tiêu."), "targets.resolution", resolution_id=made.id)
    page = render_template("targets/resolution_form.html", form=form, resolution=None, conflict=None)
    return page, 422 if form.is_submitted() else 200


@area.form("/targets/resolutions/<int:resolution_id>/edit", needs=Permission.TARGETS_EDIT)
def correct_resolution(actor: Actor, resolution_id: int) -> Any:
    """A resolution is put right, with the reason."""
    found = queries.resolution(resolution_id)
    form = ResolutionForm()
    if form.is_submitted() and form.validate():
        try:
            resolution_actions.correct_resolution(actor, found, whole_number(form.version.data), form.given, form.because.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _resolution_page(resolution_id, form, conflict), 409
        else:
            return web.done(_("Đã lưu."), "targets.resolution", resolution_id=resolution_id)
    return _resolution_page(resolution_id, form), 422 if form.is_submitted() else 200


def _resolution_page(resolution_id: int, form: ResolutionForm, conflict: Conflict | None = None) -> str:
    found: Resolution = queries.resolution(resolution_id)
    if not form.is_submitted():
        form.fill(found)
    if conflict:
        form.version.data, form.version.raw_data = str(found.version), None
    return render_template("targets/resolution_form.html", form=form, resolution=found, conflict=conflict)


@area.form("/targets/resolutions/<int:resolution_id>/targets/new", needs=Permission.TARGETS_EDIT)
def add_target(actor: Actor, resolution_id: int) -> Any:
    """A target is added to a resolution."""
    found = queries.resolution(resolution_id)
    form = TargetForm()
    if not form.is_submitted():
        form.begin()
    elif form.validate():
        try:
            resolution_actions.add_target(actor, found, form.given, form.because.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã thêm chỉ tiêu."), "targets.resolution", resolution_id=resolution_id)
    page = render_template("targets/resolution_target.html", form=form, resolution=found, target=None, withdraw=None, conflict=None)
    return page, 422 if form.is_submitted() else 200


@area.form("/targets/resolution-targets/<int:target_id>", needs=Permission.TARGETS_EDIT)
def correct_target(actor: Actor, target_id: int) -> Any:
    """A target of a resolution is put right, with the reason."""
    found = queries.target(target_id)
    form = TargetForm()
    if form.is_submitted() and form.validate():
        try:
            resolution_actions.correct_target(actor, found, whole_number(form.version.data), form.given, form.because.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _target_page(target_id, form, WithdrawForm(formdata=None), conflict), 409
        else:
            return web.done(_("Đã lưu."), "targets.resolution", resolution_id=found.resolution_id)
    return _target_page(target_id, form, WithdrawForm(formdata=None)), 422 if form.is_submitted() else 200


@area.form("/targets/resolution-targets/<int:target_id>/withdraw", needs=Permission.TARGETS_EDIT)
def withdraw_target(actor: Actor, target_id: int) -> Any:
    """A target of a resolution is withdrawn, with the reason."""
    found = queries.target(target_id)
    form = WithdrawForm()
    if form.is_submitted() and form.validate():
        try:
            resolution_actions.withdraw_target(actor, found, form.seen, form.on.data, form.why.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _target_page(target_id, TargetForm(formdata=None), form, conflict), 409
        else:
            return web.done(_("Đã ghi thôi áp dụng."), "targets.resolution", resolution_id=found.resolution_id)
    return _target_page(target_id, TargetForm(formdata=None), form), 422 if form.is_submitted() else 200


def _target_page(target_id: int, form: TargetForm, withdraw: WithdrawForm, conflict: Conflict | None = None) -> str:
    found: ResolutionTarget = queries.target(target_id)
    if form.threshold.raw_data is None:
        form.fill(found)
    if withdraw.on.raw_data is None:
        withdraw.begin()
    if conflict or not form.version.data:
        form.version.data, form.version.raw_data = str(found.version), None
    return render_template(
        "targets/resolution_target.html", form=form, resolution=queries.resolution(found.resolution_id), target=found,
        withdraw=None if found.withdrawn_on else withdraw, conflict=conflict, said=queries.told(resolutions.aim(found)),
    )  # fmt: skip
