"""The doors to waived months: the year's list, the form, and taking a waiver back."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..errors import RuleBroken
from ..forms import whole_number
from ..i18n import _
from ..org import queries as org
from . import board_queries, waiver_actions, waiver_queries
from .views import FIRST_YEAR, area
from .waiver_forms import WaiverForm, months_back, read_month


@area.get("/meetings/waivers", needs=Permission.MEETINGS_READ)
def waivers(actor: Actor) -> str:
    """The months of a year that cells were freed of, and why."""
    latest = waiver_actions.latest_month()[0]
    year = min(max(whole_number(request.args.get("year", "")) or clock.today().year, FIRST_YEAR), latest)
    return render_template(
        "meetings/waivers.html", year=year, years=range(latest, FIRST_YEAR - 1, -1), waivers=waiver_queries.waivers(actor, year),
        may_waive=actor.may(Permission.MEETINGS_OVERSEE),
    )  # fmt: skip


@area.form("/meetings/waivers/new", needs=Permission.MEETINGS_OVERSEE)
def waive(actor: Actor) -> Any:
    """The form that frees a cell of a month; sent, the year's list."""
    asked = request.args
    form = WaiverForm(data=None if request.method == "POST" else {"unit": asked.get("unit"), "month": asked.get("month") or None})
    months = months_back(waiver_actions.latest_month(), 24)
    year, month = map(int, months[-1][0].split("-"))
    cells = board_queries.cells_since(actor, clock.today().replace(year=year, month=month, day=1))
    if request.method == "GET" and asked.get("unit") and asked["unit"] not in dict(cells):
        unit = org.by_code(actor, asked["unit"])
        if unit.is_cell:
            cells = [*cells, (unit.code, unit.name)]
        else:
            form.general.append(_("%(name)s không phải chi bộ nên không có sinh hoạt chi bộ. Hãy chọn một chi bộ.", name=unit.name))
    form.offer(cells, months)
    if form.validate_on_submit():
        year, month = read_month(form.month.data)
        unit = org.by_code(actor, form.unit.data)
        try:
            waiver_actions.waive(actor, unit, year, month, form.reason.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            said = _("Đã miễn sinh hoạt định kỳ tháng %(month)s/%(year)s cho %(unit)s.", month=month, year=year, unit=unit.name)
            return web.done(said, "meetings.waivers", year=year)
    page = render_template("meetings/waiver_form.html", form=form)
    return page, 422 if form.is_submitted() or form.general else 200


@area.post("/meetings/waivers/<int:waiver_id>/withdraw", needs=Permission.MEETINGS_OVERSEE)
def withdraw_waiver(actor: Actor, waiver_id: int) -> Any:
    """The month is owed again."""
    found = waiver_queries.waiver(actor, waiver_id)
    year, month = found.year, found.month
    waiver_actions.withdraw_waiver(actor, found, whole_number(request.form.get("version", "")))
    return web.done(_("Đã bỏ miễn; tháng %(month)s/%(year)s lại phải sinh hoạt.", month=month, year=year), "meetings.waivers", year=year)
