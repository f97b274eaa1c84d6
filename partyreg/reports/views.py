"""The page of reports, their files, and the structure of a committee."""

from __future__ import annotations

from typing import Any, NamedTuple

import wtforms
from flask import render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import Forbidden, NotVisible, RuleBroken
from ..i18n import _, label
from ..members.models import Body
from ..org import queries as org
from ..org.models import Unit
from ..ratings import queries as ratings
from ..rulebook.finding import Finding, Severity
from ..tables import Column, Row, Table
from ..targets.structure import ALL, Holder, Structure, composition, thresholds
from ..web import Area, Page, download
from . import chart_queries, queries
from .forms import StructureForm

area = Area("reports", __name__)

_SIZE = 50


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
        return render_template("reports/structure.html", form=form, found=None, chart=None), 422
    found = composition(actor, form.body.data, form.on.data, unit)
    return render_template(
        "reports/structure.html", form=form, found=found, lines=queries.composition_lines(found), findings=thresholds(found),
        may_read=actor.may(Permission.MEMBERS_READ), chart=chart_queries.ages(found), address=_address(found),
    )  # fmt: skip


@area.get("/reports/structure/table.<any(xlsx, csv):kind>", needs=Permission.REPORTS_READ)
def structure_file(actor: Actor, kind: str) -> Any:
    """The same table as a file."""
    found = _sound_structure(actor)
    table = queries.composition_table(found)
    return download(getattr(table, kind)(), f"structure-{found.unit.code}-{found.body.value}-{found.on}", kind)


def _sound_structure(actor: Actor) -> Structure:
    """Raises RuleBroken with what is wrong with the filter: a list or a file has no place to show it beside the field."""
    form, unit, sound = _structure_asked(actor)
    if not sound:
        raise RuleBroken([
            Finding(code=f"structure.{field.name}", field=field.name, severity=Severity.BLOCK, message=str(message))
            for field in form for message in field.errors
        ])  # fmt: skip
    return composition(actor, form.body.data, form.on.data, unit)


def _address(found: Structure) -> dict[str, str]:
    return {"unit": found.unit.code, "body": found.body.value, "on": found.on.isoformat()}


class _Listed(NamedTuple):
    """A figure of the structure, in words, and whom it counts."""

    found: Structure
    group: str
    title: str
    people: list[Holder]

    def table(self, people: list[Holder]) -> Table:
        """The people as a table, each whose record the reader may open leading to it."""
        columns = [
            Column("name", _("Họ và tên"), width=30), Column("born_on", _("Ngày sinh"), "date"), Column("age", _("Tuổi"), "number"),
            Column("cell", _("Chi bộ"), width=40),
        ]  # fmt: skip
        return Table(self.title, columns, [
            Row((one.name, one.born_on, one.age, one.cell), url_for("office.member", member_id=one.person_id) if one.is_open else None)
            for one in people
        ])  # fmt: skip


def _listed(actor: Actor) -> _Listed:
    """Raises NotVisible for a group that the structure does not have; RuleBroken for a filter that is not sound."""
    found = _sound_structure(actor)
    group = request.args.get("group") or ALL
    words = {ALL: label(found.body), **{one.group: f"{one.what}: {one.words}" for one in queries.composition_lines(found)}}
    if group not in words:
        raise NotVisible("group")
    return _Listed(found, group, words[group], found.members(group))


@area.get("/reports/structure/people", needs=Permission.REPORTS_READ)
def structure_people(actor: Actor) -> Any:
    """Whom a figure of the structure counts."""
    if not actor.may(Permission.MEMBERS_READ):
        raise Forbidden(Permission.MEMBERS_READ.value)
    listed = _listed(actor.using(Permission.MEMBERS_READ))
    page = Page(request.args.get("page", 1, type=int), _SIZE, len(listed.people))
    return render_template(
        "reports/structure_people.html", listed=listed, page=page, address=_address(listed.found),
        table=listed.table(listed.people[page.offset : page.offset + page.size]), may_export=actor.may(Permission.MEMBERS_EXPORT),
    )  # fmt: skip


@area.get("/reports/structure/people.<any(xlsx, csv):kind>", needs=Permission.MEMBERS_EXPORT)
def structure_people_file(actor: Actor, kind: str) -> Any:
    """The same list as a file."""
    if not actor.may(Permission.REPORTS_READ):
        raise Forbidden(Permission.REPORTS_READ.value)
    listed = _listed(actor)
    return download(getattr(listed.table(listed.people), kind)(), f"structure-people-{listed.found.unit.code}-{listed.found.on}", kind)


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
