"""The pages of the programme: a year's inspections, the form of one, and the figures."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, RuleBroken
from ..forms import choices_of, whole_number
from ..i18n import _
from ..org import queries as org
from ..org.models import Unit, UnitKind
from ..rulebook.inspection import InspectingBody, InspectionKind, InspectionMatter
from . import actions, count_queries, queries
from .forms import InspectionForm, NewForm

area = web.Area("inspections", __name__)

#: What the filter of the programme calls its states.
LATE, BEHIND = "late", "behind"

E = TypeVar("E", bound=StrEnum)


def _chosen(kind: type[E], name: str) -> E | None:
    """The member that an address names, or none."""
    asked = request.args.get(name)
    return kind(asked) if asked in set(kind) else None


def _year(name: str, default: int) -> int:
    asked = whole_number(request.args.get(name, "")) or default
    return min(max(asked, actions.FIRST_DAY.year), clock.today().year + 1)


@area.get("/inspections", needs=Permission.INSPECTIONS_READ)
def index(actor: Actor) -> str:
    """A year's programme with the state of each inspection."""
    year = _year("year", clock.today().year)
    body, kind, state = _chosen(InspectingBody, "body"), _chosen(InspectionKind, "kind"), request.args.get("state", "")
    lines = queries.programme(actor, year, body=body, kind=kind)
    numbers = {LATE: sum(line.is_late for line in lines), BEHIND: sum(line.is_behind for line in lines)}
    shown = [line for line in lines if (state != LATE or line.is_late) and (state != BEHIND or line.is_behind)]
    return render_template(
        "inspections/index.html", year=year, years=queries.years(actor), lines=shown, total=len(lines), numbers=numbers, body=body,
        kind=kind, state=state, bodies=choices_of(InspectingBody), kinds=choices_of(InspectionKind),
        may_keep=actor.may(Permission.INSPECTIONS_KEEP), may_count=actor.may(Permission.INSPECTIONS_COUNT),
    )  # fmt: skip


@area.form("/inspections/new", needs=Permission.INSPECTIONS_KEEP)
def new(actor: Actor) -> Any:
    """The form that puts an inspection into the programme; sent, its page."""
    units = [unit for unit in org.tree(actor, clock.today()) if unit.is_cell or unit.kind is UnitKind.COMMUNE]
    form = NewForm(data=_proposal(units) if request.method == "GET" else None)
    form.unit.choices = [(unit.code, unit.name) for unit in units]
    if form.validate_on_submit():
        try:
            made = actions.plan(actor, org.by_code(actor, form.unit.data), **form.facts())
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã đưa vào chương trình. Hãy thêm đối tượng và tổ kiểm tra."), "inspections.show", inspection_id=made.id)
    page = render_template("inspections/form.html", form=form, inspection=None, conflict=None)
    return page, 422 if form.is_submitted() else 200


def _proposal(units: list[Unit]) -> dict[str, Any]:
    """What a fresh form holds: the actor's outermost unit and the body that usually inspects there."""
    is_cell = not units or units[0].is_cell
    return {
        "unit": units[0].code if units else None, "body": InspectingBody.CELL if is_cell else InspectingBody.COMMISSION,
        "kind": InspectionKind.COMPLIANCE, "matter": InspectionMatter.DUTIES, "is_planned": True,
    }  # fmt: skip


@area.form("/inspections/<int:inspection_id>/edit", needs=Permission.INSPECTIONS_KEEP)
def edit(actor: Actor, inspection_id: int) -> Any:
    """The inspection is edited; whoever saves second sees what the first one changed."""
    row = queries.row(actor, inspection_id)
    form = InspectionForm(obj=row if request.method == "GET" else None)
    if form.validate_on_submit():
        try:
            actions.edit(actor, row, whole_number(form.version.data), **form.facts())
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            row = queries.row(actor, inspection_id)
            form.version.data, form.version.raw_data = str(row.version), None
            return render_template("inspections/form.html", form=form, inspection=row, conflict=conflict), 409
        else:
            return web.done(_("Đã lưu."), "inspections.show", inspection_id=inspection_id)
    page = render_template("inspections/form.html", form=form, inspection=row, conflict=None)
    return page, 422 if form.is_submitted() else 200


@area.get("/inspections/figures", needs=Permission.INSPECTIONS_COUNT)
def figures(actor: Actor) -> str:
    """The figures of a span of years, with nobody's name."""
    last = _year("year", clock.today().year)
    first = min(_year("since", last), last)
    holders = count_queries.holders(actor)
    unit = next((one for one in holders if one.code == request.args.get("unit")), None)
    return render_template(
        "inspections/figures.html", first=first, last=last, unit=unit, holders=holders,
        years=range(clock.today().year + 1, actions.FIRST_DAY.year - 1, -1), found=count_queries.figures(actor, first, last, unit),
        may_read=actor.may(Permission.INSPECTIONS_READ),
    )  # fmt: skip
