"""What is done with a cell's sheet: sent on, returned, checked, decided; and its ceiling while somebody types."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..i18n import _
from ..org import queries as org
from ..rulebook.rating import RatingStep
from ..web import done
from . import campaign_forms as forms
from . import campaign_queries as queries
from . import decision_actions, sheet_actions
from .sheet_pages import beside, digits, page
from .views import area


@area.post("/ratings/<int:year>/<code>/submit", needs=Permission.RATINGS_ENTER)
def submit_sheet(actor: Actor, year: int, code: str) -> Any:
    """The sheet goes to those who check it; an unfinished one stays, with what is lacking beside each name."""
    unit, given = org.by_code(actor, code), queries.campaign(year)
    try:
        count = sheet_actions.submit_sheet(actor, year, unit)
    except RuleBroken as refused:
        placed, general = beside(refused.findings)
        return page(actor, given, unit, errors=placed, general=general), 422
    return done(_("Đã gửi bảng: %(count)s trường hợp chờ thẩm định.", count=count), "ratings.sheet", year=year, code=code)


@area.post("/ratings/<int:year>/<code>/return", needs=Permission.RATINGS_DECIDE)
def return_sheet(actor: Actor, year: int, code: str) -> Any:
    """The sheet goes back to its cell, with the reason."""
    unit, given, form = org.by_code(actor, code), queries.campaign(year), forms.ReturnForm()
    if form.validate():
        try:
            sheet_actions.return_sheet(actor, year, unit, form.reason.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return done(_("Đã trả lại bảng cho chi bộ."), "ratings.sheet", year=year, code=code)
    return page(actor, given, unit, returning=form, general=_general(form)), 422


@area.post("/ratings/<int:year>/<code>/check", needs=Permission.RATINGS_DECIDE)
def check_sheet(actor: Actor, year: int, code: str) -> Any:
    """The sheet was found in order and waits for the decision."""
    unit, given, form = org.by_code(actor, code), queries.campaign(year), forms.CheckForm()
    if form.validate():
        try:
            count = sheet_actions.check_sheet(actor, year, unit, form.note.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return done(_("Đã thẩm định: %(count)s trường hợp chờ quyết định.", count=count), "ratings.sheet", year=year, code=code)
    return page(actor, given, unit, checking=form, general=_general(form)), 422


def _general(form: forms.ReturnForm | forms.CheckForm) -> list[Any]:
    return form.general


@area.get("/ratings/<int:year>/<code>/ceiling", needs=Permission.RATINGS_READ)
def ceiling(actor: Actor, year: int, code: str) -> Any:
    """The ceilings, counted with the levels chosen on a page that is not saved yet."""
    unit = org.by_code(actor, code)
    found = queries.ceilings(actor, queries.campaign(year), forms.read_instead(request.args))
    return render_template("ratings/ceiling_page.html", ceilings=found, unit=unit, year=year)


@area.form("/ratings/<int:year>/<code>/decision", needs=Permission.RATINGS_RULE)
def decide_sheet(actor: Actor, year: int, code: str) -> Any:
    """The checked lines of a cell, and the decision on them."""
    unit, given = org.by_code(actor, code), queries.campaign(year)
    lines = [line for line in queries.lines(actor, given, unit) if line.step is RatingStep.DECISION]
    form = forms.DecisionForm()
    errors: dict[str, list[str]] = {}
    conflict, status = None, 200
    if request.method == "POST":
        status = 422
        rulings, versions, wrong = forms.read_rulings(request.form, lines)
        errors = {name: [text] for name, text in wrong.items()}
        if form.validate() and not wrong:
            try:
                count = decision_actions.decide_sheet(actor, year, unit, rulings, form.paper.data or "", form.on.data, versions)
            except RuleBroken as refused:
                errors, _rest = beside(refused.findings)
                form.show(one for one in refused.findings if one.field in ("", "year", "paper", "on"))
            except Conflict as error:
                conflict, status = error, 409
            else:
                return done(_("Đã quyết định %(count)s trường hợp.", count=count), "ratings.sheet", year=year, code=code)
    elif not form.on.data:
        form.on.data = clock.today()
    typed = request.form if request.method == "POST" else {}
    return render_template(
        "ratings/decision.html", campaign=given, unit=unit, year=year, lines=lines, form=form, errors=errors, conflict=conflict,
        typed=typed,
        warnings={line.id: queries.findings(given, line, line.level) for line in lines}, levels=digits(),
        ceilings=queries.ceilings(actor, given, forms.read_instead(typed)),
    ), status  # fmt: skip
