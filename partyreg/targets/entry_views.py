"""The pages of the entered targets: a year's values, and the form of one."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..forms import whole_number
from ..i18n import _
from ..resolutions.queries import threshold
from ..rulebook.words import unit_word
from ..tables import Column, Row, Table
from . import entry_actions, entry_queries
from .entry_queries import Entered
from .forms import CorrectForm, EnterForm
from .models import TargetEntry
from .queries import reference_day
from .views import area


def _year() -> int:
    asked = whole_number(request.args.get("year", "")) or clock.today().year
    return min(max(asked, entry_actions.FIRST_YEAR), clock.today().year)


@area.get("/targets/entries", needs=Permission.TARGETS_READ)
def entries(actor: Actor) -> Any:
    """The values of a year, and what is still to be entered."""
    year = _year()
    found = entry_queries.entered(actor, year)
    return render_template(
        "targets/entries.html", year=year, years=range(clock.today().year, entry_actions.FIRST_YEAR - 1, -1),
        groups=entry_queries.groups(found), missing=sum(one.entry is None for one in found), odd=entry_queries.odd,
        fmt=entry_queries.fmt_value, may_edit=actor.may(Permission.TARGETS_EDIT), may_export=actor.may(Permission.REPORTS_READ),
        sees=entry_queries.sees_commune(actor),
    )  # fmt: skip


@area.get("/targets/entries.<any(csv, xlsx):kind>", needs=Permission.REPORTS_READ)
def export_entries(actor: Actor, kind: str) -> Any:
    """The same list as a file."""
    year = _year()
    table = _table(year, entry_queries.entered(actor, year))
    return web.download(table.csv() if kind == "csv" else table.xlsx(), f"targets-{year}", kind)


def _table(year: int, found: list[Entered]) -> Table:
    columns = [
        Column("no", _("Số"), width=14), Column("name", _("Chỉ tiêu"), width=60), Column("value", _("Giá trị"), width=20),
        Column("threshold", _("Mức chỉ tiêu"), width=24), Column("state", _("Đánh giá"), width=18),
        Column("base", _("Nhiệm kỳ trước, theo báo cáo"), width=24), Column("source", _("Nguồn số liệu"), width=40),
        Column("paper", _("Số văn bản"), width=24), Column("citation", _("Căn cứ"), width=60),
    ]  # fmt: skip
    return Table(_("Chỉ tiêu nhập tay năm %(year)s", year=year), columns, [
        Row((
            one.no, one.label, entry_queries.fmt_value(one.entry.value, one.unit) if one.entry else None, one.rule_text, one.state,
            one.base_text or None, one.entry.source if one.entry else None, one.entry.paper if one.entry else None,
            one.rule.cite.text if one.rule else None,
        ))
        for one in found
    ])  # fmt: skip


@area.form("/targets/entries/new", needs=Permission.TARGETS_EDIT)
def enter(actor: Actor) -> Any:
    """A value is entered."""
    form = EnterForm()
    if not form.is_submitted():
        form.year.data = _year()
        asked = request.args.get("no", "")
        known = entry_queries.ever_entered()
        form.no.data = asked if asked in known else known[0]
    elif form.validate():
        try:
            made = entry_actions.enter(
                actor, no=form.no.data, year=form.year.data or 0, value=form.value.data, source=form.source.data or "",
                paper=form.paper.data or "", note=form.note.data,
            )  # fmt: skip
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            _warn(made)
            return web.done(_("Đã lưu."), "targets.entries", year=made.year)
    page = render_template("targets/entry.html", form=form, entry=None, unit="", rule="", conflict=None)
    return page, 422 if form.is_submitted() else 200


@area.form("/targets/entries/<int:entry_id>", needs=Permission.TARGETS_EDIT)
def correct(actor: Actor, entry_id: int) -> Any:
    """A value is put right, with the reason."""
    entry = entry_queries.entry(actor, entry_id)
    form = CorrectForm(obj=entry if request.method == "GET" else None)
    if form.is_submitted() and form.validate():
        try:
            entry_actions.correct(
                actor, entry, whole_number(form.version.data), value=form.value.data, source=form.source.data or "",
                paper=form.paper.data or "", because=form.because.data or "", note=form.note.data,
            )  # fmt: skip
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _page(actor, entry_id, form, conflict), 409
        else:
            _warn(entry)
            return web.done(_("Đã lưu."), "targets.entries", year=entry.year)
    return _page(actor, entry_id, form), 422 if form.is_submitted() else 200


@area.post("/targets/entries/<int:entry_id>/remove", needs=Permission.TARGETS_EDIT)
def remove(actor: Actor, entry_id: int) -> Any:
    """A value is removed."""
    entry = entry_queries.entry(actor, entry_id)
    year = entry.year
    try:
        entry_actions.remove(actor, entry, whole_number(request.form.get("version", "")))
    except Conflict as conflict:
        db.session.rollback()
        entry = entry_queries.entry(actor, entry_id)
        return _page(actor, entry_id, CorrectForm(formdata=None, obj=entry), conflict), 409
    return web.done(_("Đã xóa số liệu."), "targets.entries", year=year)


def _warn(entry: TargetEntry) -> None:
    if text := entry_queries.odd(entry.measured_in, entry.value):
        flash(text, "warn")


def _page(actor: Actor, entry_id: int, form: CorrectForm, conflict: Conflict | None = None) -> str:
    entry = entry_queries.entry(actor, entry_id)
    if entry.no not in entry_queries.ever_entered():
        raise NotVisible("TargetEntry")
    if conflict or not form.version.data:
        form.version.data, form.version.raw_data = str(entry.version), None
    day = reference_day(entry.year)
    rule = threshold(entry.no, clock.today())
    return render_template(
        "targets/entry.html", form=form, entry=entry, conflict=conflict, unit=unit_word(entry.measured_in, _),
        rule=entry_queries.rule_text(rule), name=entry_queries.label_of(entry.no, day),
    )  # fmt: skip
