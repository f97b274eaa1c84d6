"""The page of reports, their files, and the structure of a committee."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import render_template, request

from .. import clock
from ..access import Actor, Permission
from ..errors import NotVisible, RuleBroken
from ..members.models import Body
from ..org import queries as org
from ..org.models import Unit
from ..ratings import queries as ratings
from ..rulebook.finding import Finding, Severity
from ..targets.structure import composition, thresholds
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
    """The structure of a unit's body on a day, against what the law asks for."""
    form, unit, sound = _structure_asked(actor)
    if not sound:
        return render_template("reports/structure.html", form=form, found=None, table=None, chart=None), 422
    found = composition(actor, form.body.data, form.on.data, unit)
    return render_template(
        "reports/structure.html", form=form, found=found, table=queries.composition_table(found), findings=thresholds(found),
        chart=chart_queries.ages(found), address={"unit": unit.code, "body": found.body.value, "on": found.on.isoformat()},
    )  # fmt: skip


@area.get("/reports/structure/table.<any(xlsx, csv):kind>", needs=Permission.REPORTS_READ)
def structure_file(actor: Actor, kind: str) -> Any:
    """The same table as a file."""
    form, unit, sound = _structure_asked(actor)
    if not sound:
        raise RuleBroken([
            Finding(code=f"structure.{field.name}", field=field.name, severity=Severity.BLOCK, message=str(message))
            for field in form for message in field.errors
        ])  # fmt: skip
    found = composition(actor, form.body.data, form.on.data, unit)
    table = queries.composition_table(found)
    return download(getattr(table, kind)(), f"structure-{unit.code}-{found.body.value}-{found.on}", kind)


def _structure_asked(actor: Actor) -> tuple[StructureForm, Unit, bool]:
    """The filter, the unit that it names (the outermost in reach where none), and whether the filter is sound.

    A cell's own committee is shown where no body is named. Raises NotVisible for a unit out of reach.
    """
    form = StructureForm(request.args if request.args else None)
    sound = form.validate() if request.args else True
    code = request.args.get("unit") or None
    named = org.by_code(actor, code) if code else None
    units = org.tree(actor, (form.on.data if sound else None) or clock.today())
    unit = named or next(iter(units), None) or org.root()
    offered = units if unit.id in {one.id for one in units} else [*units, unit]
    form.unit.choices = [wtforms.SelectChoice(one.code, one.name) for one in offered]
    form.unit.data = unit.code
    if not request.args.get("body"):
        form.body.data = Body.CELL_COMMITTEE if unit.is_cell else Body.EXECUTIVE
    return form, unit, bool(sound)
