"""The pages of a campaign: opening, progress by cell, the close, and what was reported beside what is known now."""

from __future__ import annotations

import dataclasses
import datetime as dt
from types import MappingProxyType
from typing import Any

from flask import render_template, request

from .. import clock
from ..access import Actor, Permission
from ..errors import NotVisible, RuleBroken
from ..forms import whole_number
from ..i18n import _
from ..org.scope import one
from ..rulebook.rating import Bands, CeilingRule, Level, Parameters, SubjectKind, parameter_findings, proposed
from ..rulebook.timeline import NotInForce
from ..web import done
from . import campaign_actions, decision_actions
from . import campaign_forms as forms
from . import campaign_queries as queries
from .campaign_models import RatingLine
from .models import NotRated
from .queries import reference_day
from .views import area

_KINDS = (SubjectKind.MEMBER, SubjectKind.ORGANISATION)


@area.get("/ratings/campaign/<int:year>", needs=Permission.RATINGS_READ)
def campaign(actor: Actor, year: int) -> Any:
    """Where every cell's sheet stands, the parameters and the ceilings."""
    given = queries.campaign(year)
    return render_template(
        "ratings/campaign.html", campaign=given, year=year, cells=queries.progress(actor, given), ceilings=queries.ceilings(actor, given),
        terms=given.terms, findings=parameter_findings(given.terms),
    )  # fmt: skip


@area.form("/ratings/campaign/<int:year>/open", needs=Permission.RATINGS_DECIDE)
def open_campaign(actor: Actor, year: int) -> Any:
    """The parameters that the law of the day proposes, to be confirmed by the ordering document."""
    if not 1930 <= year <= clock.today().year:
        raise NotVisible(f"rating year {year}")
    day = reference_day(year)
    try:
        law = proposed(day, _KINDS)
    except NotInForce:
        return render_template("ratings/campaign_open.html", year=year, day=day, form=None), 422 if request.method == "POST" else 200
    form = forms.OpenForm(data=_data(law)) if request.method == "GET" else forms.OpenForm()
    if form.validate_on_submit():
        try:
            campaign_actions.open_campaign(actor, year, _terms(form, law))
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return done(_("Đã mở đợt xếp loại năm %(year)s.", year=year), "ratings.campaign", year=year)
    return render_template("ratings/campaign_open.html", year=year, day=day, form=form), 422 if request.method == "POST" else 200


def _data(law: Parameters) -> dict[str, Any]:
    data: dict[str, Any] = {
        "roll_on": law.day, "max_common": law.max_common, "max_result": law.max_result, "split": ", ".join(map(str, law.split)),
        "band_excellent": law.bands.excellent, "band_good": law.bands.good, "band_done": law.bands.done,
    }  # fmt: skip
    for kind, rule in law.ceilings.items():
        for name in ("pct", "base", "unit", "rounding", "exception_pct"):
            data[f"{kind}_{name}"] = getattr(rule, name)
    return data


def _terms(form: forms.OpenForm, law: Parameters) -> Parameters:
    data = form.data
    ceilings = {
        kind: CeilingRule(
            data[f"{kind}_pct"], data[f"{kind}_base"], data[f"{kind}_unit"], data[f"{kind}_rounding"], rule.cite,
            data[f"{kind}_exception_pct"],
        )
        for kind, rule in law.ceilings.items()
    }  # fmt: skip
    bands = Bands(data["band_excellent"], data["band_good"], data["band_done"])
    return dataclasses.replace(
        law, day=data["roll_on"], max_common=data["max_common"], max_result=data["max_result"], split=form.groups, bands=bands,
        ceilings=MappingProxyType(ceilings), order=data["order"], order_on=data["order_on"],
    )  # fmt: skip


@area.post("/ratings/campaign/<int:year>/close", needs=Permission.RATINGS_DECIDE)
def close_campaign(actor: Actor, year: int) -> Any:
    """The campaign is closed, and its state kept."""
    campaign_actions.close_campaign(actor, year, whole_number(request.form.get("version", "")))
    return done(_("Đã khóa đợt xếp loại năm %(year)s và lưu kết quả.", year=year), "ratings.frozen", year=year)


@area.get("/ratings/campaign/<int:year>/frozen", needs=Permission.RATINGS_READ)
def frozen(actor: Actor, year: int) -> Any:
    """What was reported when the campaign was closed, what is known now, and the amendments between."""
    given = queries.campaign(year)
    kept = queries.freeze(given)
    if kept is None:
        raise NotVisible(f"frozen campaign {year}")
    rows = queries.compared(actor, given, kept)
    return render_template(
        "ratings/frozen.html", campaign=given, year=year, kept=kept, rows=rows, sums=queries.sums(rows), kinds=[*Level, *NotRated],
        amendments=queries.amendments(actor, given), changed={row.line_id for row in rows if row.differs},
    )  # fmt: skip


@area.form("/ratings/campaign/<int:year>/amend/<int:line_id>", needs=Permission.RATINGS_RULE)
def amend(actor: Actor, year: int, line_id: int) -> Any:
    """A decision changes one level of a closed campaign."""
    line = one(RatingLine, actor, RatingLine.id == line_id)
    given = queries.campaign(year)
    if line.campaign_id != given.id or given.is_open:
        raise NotVisible("RatingLine")
    form = forms.AmendForm()
    if form.validate_on_submit():
        try:
            day: dt.date = form.on.data
            decision_actions.amend(actor, line.id, form.to_level.data, day, form.paper.data or "", form.reason.data or "")
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return done(_("Đã sửa mức xếp loại của %(name)s.", name=line.name), "ratings.frozen", year=year)
    return render_template("ratings/amend.html", year=year, line=line, form=form), 422 if request.method == "POST" else 200
