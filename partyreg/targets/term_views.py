"""The pages of a whole term, and of two years side by side."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..errors import NotVisible, RuleBroken
from ..forms import whole_number
from ..i18n import _, label
from ..org.former_queries import Place, code_of
from ..rulebook.targets import group
from ..tables import Column, Row, Table
from . import term_queries
from .entry_queries import FORMER, Cell, fmt_value, rule_text, term_years
from .forms import CompareForm, FormerForm
from .views import area, former_asked


def _day_of_term() -> dt.date:
    """The day for which the term that `?first=` names is shown; today where it names none. Raises NotVisible for an unknown one."""
    asked = request.args.get("first", "")
    if not asked:
        return clock.today()
    for first, _last, day in term_queries.terms():
        if first == whole_number(asked):
            return day
    raise NotVisible("term")


@area.get("/targets/term", needs=Permission.TARGETS_READ)
def term(actor: Actor) -> Any:
    """Every target of the term year by year, with the path that is needed; the running term's, unless another is asked for."""
    on, today, form = _day_of_term(), clock.today(), FormerForm(request.args)
    place = former_asked(form)
    former = term_queries.former(FORMER) if term_years(on)[0] <= FORMER.year else []
    return render_template(
        "targets/term.html", form=form, place=place, former_code=code_of(place), lines=term_queries.lines(actor, on, place),
        years=term_years(on), today=today, fmt=fmt_value, terms=term_queries.terms(), rule_text=rule_text, group=group, former=former,
        may_export=actor.may(Permission.REPORTS_READ),
    )  # fmt: skip


@area.get("/targets/term.<any(csv, xlsx):kind>", needs=Permission.REPORTS_READ)
def export_term(actor: Actor, kind: str) -> Any:
    """The same table as a file: value and path of every year."""
    on = _day_of_term()
    years = term_years(on)
    columns = [
        Column("no", _("Số"), width=14), Column("name", _("Chỉ tiêu"), width=60), Column("threshold", _("Mức chỉ tiêu"), width=24),
        Column("base", _("Nhiệm kỳ trước, theo báo cáo"), width=24),
    ]  # fmt: skip
    for year in years:
        columns += [
            Column(f"value-{year}", _("Kết quả %(year)s", year=year), width=18),
            Column(f"need-{year}", _("Cần đạt %(year)s", year=year), width=18),
        ]  # fmt: skip
    rows = []
    for line in term_queries.lines(actor, on, former_asked(FormerForm(request.args))):
        told: list[Any] = [line.no, line.label, rule_text(line.rule), line.base_text or None]
        for cell in line.cells:
            told += [_cell(cell, line.unit) or None, fmt_value(cell.need, line.unit, 2) or None]
        rows.append(Row(tuple(told)))
    table = Table(_("Chỉ tiêu nhiệm kỳ %(first)s-%(last)s", first=years[0], last=years[-1]), columns, rows)
    return web.download(table.csv() if kind == "csv" else table.xlsx(), f"targets-{years[0]}-{years[-1]}", kind)


def _asked() -> tuple[CompareForm, int, int, Place | None]:
    form, year = CompareForm(request.args), clock.today().year
    return form, form.a.data or year - 1, form.b.data or year, former_asked(form)


def _cell(cell: Cell, unit: str) -> str:
    """The year's own value, and the mean that is judged behind it."""
    own = fmt_value(cell.value, unit)
    if cell.mean is None:
        return own
    mean = fmt_value(cell.mean, unit, 2)
    return _("%(own)s; bình quân %(count)s năm có số liệu: %(mean)s", own=own, count=cell.averaged, mean=mean)


@area.get("/targets/compare", needs=Permission.TARGETS_READ)
def compare(actor: Actor) -> Any:
    """Two years side by side."""
    form, a, b, place = _asked()
    table = None
    if form.validate():
        try:
            table = _table(actor, a, b, place)
        except RuleBroken as refused:
            form.show(_beside(refused, a))
    page = render_template("targets/compare.html", form=form, a=a, b=b, place=place, table=table,
                           may_export=actor.may(Permission.REPORTS_READ), former_code=code_of(place))  # fmt: skip
    return page if table is not None else (page, 422)


@area.get("/targets/compare.<any(csv, xlsx):kind>", needs=Permission.REPORTS_READ)
def export_compare(actor: Actor, kind: str) -> Any:
    """The same table as a file."""
    form, a, b, place = _asked()
    if not form.validate():
        return render_template("targets/compare.html", form=form, a=a, b=b, place=place, table=None, may_export=True), 422
    table = _table(actor, a, b, place)
    return web.download(table.csv() if kind == "csv" else table.xlsx(), f"targets-{a}-{b}", kind)


def _beside(refused: RuleBroken, a: int) -> list[Any]:
    """The refusal of a year, beside the field that asked for it."""
    name = "a" if not 1930 <= a <= clock.today().year else "b"
    return [dataclasses.replace(finding, field=name) for finding in refused.findings]


def _name(one: term_queries.Pair) -> str:
    return _("%(label)s (đánh giá theo bình quân)", label=one.label) if one.by_mean else one.label


def _table(actor: Actor, a: int, b: int, place: Place | None) -> Table:
    columns = [
        Column("no", _("Số"), width=14), Column("name", _("Chỉ tiêu"), width=60), Column("first", str(a), width=18),
        Column("first_state", _("Đánh giá %(year)s", year=a), width=18), Column("second", str(b), width=18),
        Column("second_state", _("Đánh giá %(year)s", year=b), width=18), Column("change", _("Tăng, giảm"), width=18),
        Column("percent", _("Tăng, giảm so với năm đầu"), "percent", width=18),
    ]  # fmt: skip
    return Table(_("So sánh %(a)s và %(b)s", a=a, b=b), columns, [
        Row((
            one.no, _name(one), fmt_value(one.first, one.unit) or None, label(one.states[0]), fmt_value(one.second, one.unit) or None,
            label(one.states[1]), fmt_value(one.change, one.unit) or None, one.percent,
        ))
        for one in term_queries.pairs(actor, a, b, place)
    ])  # fmt: skip
