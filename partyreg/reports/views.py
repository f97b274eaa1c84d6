"""The page of reports, their files, and the structure of a committee."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock
from ..access import Actor, Permission
from ..errors import NotVisible
from ..members.models import Body
from ..org import queries as org
from ..ratings import queries as ratings
from ..targets.structure import composition
from ..web import Area, download
from . import chart_queries, queries
from .forms import StructureForm

area = Area("reports", __name__)


@area.get("/reports", needs=Permission.REPORTS_READ)
def index(actor: Actor) -> Any:
    """The reports of a year."""
    years = ratings.years()
    year = request.args.get("year", clock.today().year, type=int)
    return render_template("reports/index.html", reports=queries.names(), years=years, year=year if year in years else clock.today().year)


@area.get("/reports/<name>.<any(xlsx, csv):kind>", needs=Permission.REPORTS_READ)
def render(actor: Actor, name: str, kind: str) -> Any:
    """A report as a file."""
    if name not in queries.REPORTS:
        raise NotVisible(f"report {name}")
    year = request.args.get("year", clock.today().year, type=int)
    code = request.args.get("unit") or None
    unit = org.by_code(actor, code) if code else None
    return download(queries.render(actor, name, year, unit, kind), f"{name}-{year}", kind)


@area.get("/reports/structure", needs=Permission.REPORTS_READ)
def structure(actor: Actor) -> Any:
    """The structure of one of the commune's bodies on a day."""
    form = StructureForm(request.args if request.args else None)
    if request.args and not form.validate():
        return render_template("reports/structure.html", form=form, found=None, table=None, chart=None), 422
    found = composition(actor, form.body.data or Body.EXECUTIVE, form.on.data)
    return render_template(
        "reports/structure.html", form=form, found=found, table=queries.composition_table(found), chart=chart_queries.ages(found)
    )
