"""The pages of the yearly ratings: progress by cell, and a cell's sheet."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..i18n import _
from ..org import queries as org
from ..web import Area, done
from . import actions, chart_queries, forms, queries, sheet_pages
from .campaign_queries import of_year
from .models import Level, NotRated

area = Area("ratings", __name__)


@area.get("/ratings", needs=Permission.RATINGS_READ)
def index(actor: Actor) -> Any:
    """The running year."""
    return redirect(url_for("ratings.year", year=clock.today().year))


@area.get("/ratings/<int:year>", needs=Permission.RATINGS_READ)
def year(actor: Actor, year: int) -> Any:
    """A year: how far each cell has come, and the levels of the cells."""
    return _year_page(actor, queries.known_year(year))


def _year_page(actor: Actor, year: int, *, form: Any = None, entered: Any = None, conflict: Any = None, findings: Any = ()) -> str:
    cells = queries.progress(actor, year)
    sums = queries.totals(cells)
    day = queries.reference_day(year)
    return render_template(
        "ratings/year.html", year=year, years=queries.years(), campaign=queries.rating_year(year), cells=cells, totals=sums, day=day,
        advice=queries.advice(sums.levels, day) if sums.rated else [], levels=list(Level), choices=forms.short_labels(),
        entered=entered, conflict=conflict, conflict_names=_names(conflict), findings=findings,
        process=of_year(year),
        reopening=form or forms.ReasonForm(formdata=None), may_decide=actor.may(Permission.RATINGS_DECIDE), today=clock.today(),
        chart=chart_queries.by_cell(year, cells),
    )  # fmt: skip


def _names(conflict: Conflict | None) -> dict[str, str]:
    """The rows of a conflict are called as the people and cells in it."""
    return {name: name for name in conflict.mine} if conflict else {}


@area.post("/ratings/<int:year>", needs=Permission.RATINGS_DECIDE)
def rate(actor: Actor, year: int) -> Any:
    """The levels of the cells are saved at once."""
    cells = queries.progress(actor, queries.known_year(year))
    entered = forms.read_levels(request.form, [cell.unit_id for cell in cells])
    levels = {unit_id: level for unit_id, level in entered.levels.items() if isinstance(level, Level)}
    if entered.wrong or len(levels) < len(entered.levels):
        return _year_page(actor, year, entered=entered), 422
    try:
        count = actions.rate_units(actor, year, levels, entered.versions)
    except RuleBroken as error:
        return _year_page(actor, year, entered=entered, findings=error.findings), 422
    except Conflict as error:
        return _year_page(actor, year, entered=entered, conflict=error), 409
    return done(_("Đã lưu xếp loại tổ chức: %(count)s thay đổi.", count=count), "ratings.year", year=year)


@area.post("/ratings/<int:year>/open", needs=Permission.RATINGS_DECIDE)
def open_year(actor: Actor, year: int) -> Any:
    """The year takes levels."""
    actions.open_year(actor, year, clock.today())
    return done(_("Đã mở xếp loại năm %(year)s.", year=year), "ratings.year", year=year)


@area.post("/ratings/<int:year>/close", needs=Permission.RATINGS_DECIDE)
def close_year(actor: Actor, year: int) -> Any:
    """The year takes no changes any more."""
    actions.close_year(actor, year, clock.today())
    return done(_("Đã khóa xếp loại năm %(year)s.", year=year), "ratings.year", year=year)


@area.post("/ratings/<int:year>/reopen", needs=Permission.RATINGS_DECIDE)
def reopen_year(actor: Actor, year: int) -> Any:
    """A closed year takes changes again, for a reason."""
    queries.known_year(year)
    form = forms.ReasonForm()
    if not form.validate():
        return _year_page(actor, year, form=form), 422
    actions.reopen_year(actor, year, form.reason.data or "")
    return done(_("Đã mở lại xếp loại năm %(year)s.", year=year), "ratings.year", year=year)


@area.watched("/ratings/<int:year>/<code>", needs=Permission.RATINGS_READ)
def sheet(actor: Actor, year: int, code: str) -> Any:
    """A cell's sheet on one page; what it tells of a discipline is on record as read."""
    unit = org.by_code(actor, code)
    if (given := of_year(year)) is not None:
        return sheet_pages.page(actor, given, unit)
    return _sheet_page(actor, queries.known_year(year), unit)


def _sheet_page(actor: Actor, year: int, unit: Any, *, entered: Any = None, conflict: Any = None, findings: Any = ()) -> str:
    found = queries.sheet(actor, year, unit)
    campaign = queries.rating_year(year)
    is_open = campaign is not None and campaign.closed_on is None
    wanted = request.args.get("fill")
    fill = Level(wanted) if wanted in tuple(Level) else None
    return render_template(
        "ratings/sheet.html", sheet=found, unit=unit, year=year, campaign=campaign, levels=list(Level), choices=forms.short_labels(),
        no_level=forms.NO_LEVEL, reasons=list(NotRated), entered=entered, conflict=conflict,
        conflict_names=_names(conflict), findings=findings, fill=fill,
        past=range(year - queries.PAST_YEARS, year), may_enter=is_open and actor.may(Permission.RATINGS_ENTER),
    )  # fmt: skip


@area.post("/ratings/<int:year>/<code>", needs=Permission.RATINGS_ENTER)
def save(actor: Actor, year: int, code: str) -> Any:
    """The sheet is saved at once; a sheet that somebody changed meanwhile comes back with both versions, nothing is lost."""
    unit = org.by_code(actor, code)
    if (given := of_year(year)) is not None:
        return sheet_pages.save(actor, given, unit, request.form)
    queries.known_year(year)
    ids = [int(name[6:]) for name in request.form if name.startswith("level-") and name[6:].isascii() and name[6:].isdigit()]
    entered = forms.read_levels(request.form, ids)
    if entered.wrong:
        return _sheet_page(actor, year, unit, entered=entered), 422
    try:
        count = actions.enter_members(actor, year, unit, entered.levels, entered.versions)
    except RuleBroken as error:
        return _sheet_page(actor, year, unit, entered=entered, findings=error.findings), 422
    except Conflict as error:
        return _sheet_page(actor, year, unit, entered=entered, conflict=error), 409
    return done(_("Đã lưu bảng xếp loại: %(count)s thay đổi.", count=count), "ratings.sheet", year=year, code=code)
