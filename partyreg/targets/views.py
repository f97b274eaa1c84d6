"""The pages of the targets: the dashboard, and who stands behind each figure."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..admissions.forecast_queries import Forecast, forecast
from ..errors import Forbidden, NotVisible, RuleBroken
from ..i18n import _, lazy
from ..org import former_queries
from ..org import queries as org
from ..org.former_queries import Place, code_of, is_commune
from ..org.models import Unit
from ..tables import Column, Row, Table
from ..web import Area, Page, download
from . import chart_queries, entry_queries, queries
from .forms import AskForm, CompareForm, FormerForm
from .measures import STAFF, Kind, Measure
from .queries import Side

area = Area("targets", __name__)

_SIZE = 50
_SIDES = {
    Side.PART: lazy("Tính vào chỉ tiêu"), Side.REST: lazy("Phần còn lại"), Side.WHOLE: lazy("Tổng số"), Side.MISSING: lazy("Thiếu số liệu"),
}  # fmt: skip


class Asked(NamedTuple):
    """Year, day, unit and former commune of a request, as addresses carry them on; `place` is what both ask of together."""

    form: AskForm
    year: int
    unit: Unit | None
    place: Place | None

    @property
    def address(self) -> dict[str, Any]:
        """The parameters that keep the same question."""
        given = {"year": self.year, "on": self.form.on.data.isoformat() if self.form.on.data else None}
        return {**given, "unit": self.unit.code if self.unit else None, "former": code_of(self.place)}


def ask(actor: Actor) -> Asked:
    """The question of this request. Raises NotVisible for a unit that the actor does not see, and for an unknown former commune."""
    form = AskForm(request.args)
    code = request.args.get("unit") or None
    unit = org.by_code(actor, code) if code else None
    return Asked(form, form.year.data or clock.today().year, unit, former_asked(form, unit))


def former_asked(form: AskForm | CompareForm | FormerForm, unit: Unit | None = None) -> Place | None:
    """The unit, or its part of the former commune that the form asks for. Raises NotVisible for an unknown one."""
    form.former.choices = former_queries.choices()
    return former_queries.asked(form.former.data, unit)


@area.get("/targets", needs=Permission.TARGETS_READ)
def index(actor: Actor) -> Any:
    """Every target of a year, with its gauge."""
    asked = ask(actor)
    results, groups = None, []
    if asked.form.validate():
        try:
            results = queries.evaluate(actor, asked.year, asked.form.on.data, asked.place)
            term = queries.term_result(actor, asked.year, asked.form.on.data, asked.place)
            results += [term] if term else []
            if is_commune(asked.place):
                groups = entry_queries.groups(entry_queries.entered(actor, asked.year, asked.form.on.data))
        except RuleBroken as error:
            asked.form.show(error.findings)
    cells = org.cells(actor, clock.today())
    page = render_template(
        "targets/index.html", asked=asked, results=results, cells=cells, groups=groups, gauges=chart_queries.gauges(results or []),
        sees=entry_queries.sees_commune(actor), may_edit=actor.may(Permission.TARGETS_EDIT),
    )  # fmt: skip
    return page if results is not None else (page, 422)


@area.get("/targets/<no>", needs=Permission.TARGETS_READ)
def one(actor: Actor, no: str) -> Any:
    """One target: its figure, its rule, and the people or cells of a side."""
    asked = ask(actor)
    side = _side()
    refuse_bad(asked)
    measure = queries.measure(actor, no, asked.year, asked.form.on.data, asked.place)
    result = queries.result(measure)
    counts = {s: queries.count(measure, s) for s in Side if s in (Side.PART, Side.MISSING) or measure.whole is not None}
    if side not in counts or (side is Side.MISSING and measure.lacking is None):
        raise NotVisible(f"side {side} of {no}")
    page = Page(request.args.get("page", 1, type=int), _SIZE, counts[side])
    lines = queries.listing(actor, measure, side, asked.year, limit=page.size, offset=page.offset)
    sides = [(s, _SIDES[s], n) for s, n in counts.items() if s is not Side.MISSING or measure.lacking is not None]
    forecast = forecast_of(actor, measure, asked.place)
    return render_template(
        "targets/one.html", asked=asked, result=result, measure=measure, side=side, sides=sides, page=page,
        table=_table(measure, result, side, lines), may_export=actor.may(Permission.MEMBERS_EXPORT),
        small=queries.too_small(actor, measure), forecast=forecast,
        drawn=chart_queries.of_target(actor, measure, result, asked.place, forecast),
    )  # fmt: skip


@area.get("/targets/<no>/export.<any(csv, xlsx):kind>", needs=Permission.MEMBERS_EXPORT)
def export(actor: Actor, no: str, kind: str) -> Any:
    """The same list as a file; no wider than what the actor may export."""
    if not actor.may(Permission.TARGETS_READ):
        raise Forbidden(Permission.TARGETS_READ.value)
    asked = ask(actor)
    side = _side()
    refuse_bad(asked)
    measure = queries.measure(actor, no, asked.year, asked.form.on.data, asked.place)
    lines = queries.listing(actor, measure, side, asked.year)
    table = _table(measure, queries.result(measure), side, lines)
    return download(table.csv() if kind == "csv" else table.xlsx(), f"{no}-{measure.on:%Y-%m-%d}-{side.value}", kind)


def forecast_of(actor: Actor, measure: Measure, unit: Place | None) -> Forecast | None:
    """How the running year's admissions will come out, seen from today; there is none of a day that is over."""
    if measure.counts != "22" or measure.on != clock.today():
        return None
    return forecast(actor, measure.on.year, measure.on, unit, done=measure.part)


def _side() -> Side:
    """Raises NotVisible for a side that no target has."""
    try:
        return Side(request.args.get("side", Side.PART.value))
    except ValueError:
        raise NotVisible("side") from None


def refuse_bad(asked: Asked) -> None:
    """Raises RuleBroken for a year or a day that is none."""
    if not asked.form.validate():
        raise RuleBroken(_field_findings(asked.form))


def _field_findings(form: AskForm) -> list[Any]:
    return [queries.refusal(field.name, str(message)) for field in form for message in field.errors]


def _table(measure: Measure, result: queries.Result, side: Side, lines: list[queries.Line]) -> Table:
    title = f"{result.no} {_SIDES[side]}"
    if measure.kind is Kind.UNITS:
        fact = Column("level", _("Xếp loại"), width=28) if measure.sizes is None else Column("people", _("Số người giữ chức vụ"), "number")
        columns = [Column("name", _("Chi bộ"), width=40), Column("kind", _("Loại hình"), width=28), fact]
        return Table(title, columns, [
            Row((line.name, line.place, line.fact), url_for("office.unit", code=line.key)) for line in lines
        ])  # fmt: skip
    if measure.kind in STAFF:
        named = _("Tổ chức") if measure.kind is Kind.ORGANISATIONS else _("Họ và tên")
        columns = [
            Column("name", named, width=40), Column("kind", _("Loại"), width=24), Column("post", _("Chức vụ, vị trí"), width=30),
            Column("level", _("Xếp loại"), width=28),
        ]  # fmt: skip
        return Table(title, columns, [Row((line.name, line.place, line.key, line.fact)) for line in lines])
    dated = measure.of_admissions or measure.days is not None
    said = _("Ngày học xong") if measure.days is not None else _("Ngày quyết định kết nạp") if dated else _("Xếp loại")
    columns = [
        Column("name", _("Họ và tên"), width=30), Column("born_on", _("Ngày sinh"), "date"), Column("cell", _("Chi bộ"), width=36),
        Column("fact", said, "date" if dated else "text", width=28),
    ]  # fmt: skip
    return Table(title, columns, [
        Row((line.name, line.born_on, line.place, line.fact), url_for("office.member", member_id=line.key) if line.key else None)
        for line in lines
    ])  # fmt: skip
