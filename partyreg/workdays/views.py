"""The doors to the calendar of working days: a year's days off, a day set apart, a day put back."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..errors import NotVisible, RuleBroken
from ..i18n import _, fmt_date
from . import actions, queries
from .forms import EARLIEST, SpecialDayForm

area = web.Area("workdays", __name__)


def _page(actor: Actor, year: int, form: SpecialDayForm) -> Any:
    latest = clock.today().year + queries.YEARS_AHEAD
    if not EARLIEST.year <= year <= latest:
        raise NotVisible(str(year))
    page = render_template(
        "workdays/index.html", year=year, lines=queries.of_year(year), form=form, may_edit=actor.may(Permission.WORKDAYS_EDIT),
        before=year - 1 if year > EARLIEST.year else None, after=year + 1 if year < latest else None,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@area.get("/workdays", needs=Permission.LAW_READ)
def index(actor: Actor) -> Any:
    """The year's days off and worked days, and why each is so."""
    return _page(actor, request.args.get("year", clock.today().year, int), SpecialDayForm(formdata=None))


@area.post("/workdays/new", needs=Permission.WORKDAYS_EDIT)
def set_apart(actor: Actor) -> Any:
    """A day is set apart."""
    form = SpecialDayForm()
    if form.validate_on_submit():
        try:
            made = actions.set_apart(actor, form.day.data, form.kind.data == "off", form.reason.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            message = _("Đã ghi ngày %(day)s. Mọi thời hạn tính bằng ngày làm việc đã được tính lại.", day=fmt_date(made.day))
            return web.done(message, "workdays.index", year=made.day.year)
    year = form.day.data.year if form.day.data and not form.day.errors else clock.today().year
    return _page(actor, min(year, clock.today().year + queries.YEARS_AHEAD), form)


@area.post("/workdays/<int:special_day_id>/remove", needs=Permission.WORKDAYS_EDIT)
def put_back(actor: Actor, special_day_id: int) -> Any:
    """A day is again what the public calendar says."""
    found = queries.special_day(actor, special_day_id)
    day = found.day
    actions.put_back(actor, found)
    return web.done(_("Đã bỏ ngày %(day)s khỏi sổ ngày riêng.", day=fmt_date(day)), "workdays.index", year=day.year)
