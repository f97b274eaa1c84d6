"""The pages of scores: the cell's form, the committee's form, and the year of every cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..forms import whole_number
from ..i18n import _
from ..rulebook.meeting_score import propose
from . import score_actions, score_queries
from .models import Scorer
from .score_forms import ScoreForm, form_of
from .score_story import TONES
from .views import area


@area.form("/meetings/<int:meeting_id>/score", needs=Permission.MEETINGS_LOG)
def score(actor: Actor, meeting_id: int) -> Any:
    """The form in which the cell scores its meeting; sent, the meeting's page."""
    return _scoring(actor, meeting_id, Scorer.CELL)


@area.form("/meetings/<int:meeting_id>/rescore", needs=Permission.MEETINGS_OVERSEE)
def rescore(actor: Actor, meeting_id: int) -> Any:
    """The form in which the organisation committee scores a meeting after the cell; sent, the meeting's page."""
    return _scoring(actor, meeting_id, Scorer.COMMITTEE)


def _scoring(actor: Actor, meeting_id: int, scorer: Scorer) -> Any:
    meeting, unit = score_queries.meeting(actor, meeting_id)
    sheet = score_queries.sheet_of_day(meeting.held_on)
    shown: dict[str, Any] = {"meeting": meeting, "unit": unit, "scorer": scorer, "sheet": sheet}
    if sheet is None:
        first = score_queries.first_sheet()
        return render_template("meetings/score.html", first=first, **shown), 422 if request.method == "POST" else 200
    proposed = propose(sheet, score_queries.facts_of(meeting), clock.today())
    standing = score_queries.scores(meeting_id)
    own, cells = standing.get(scorer), standing.get(Scorer.CELL)
    base = own or (cells if scorer is Scorer.COMMITTEE else None)
    stands = {**proposed.fixed, **score_queries.read(base.points)} if base else proposed.fixed
    open_lines = [line for line in sheet.lines if scorer is Scorer.COMMITTEE or line.key not in proposed.fixed]
    form = form_of(open_lines, stands, own.remark if own else None, own.version if own else None, request.method == "POST")
    shown |= {"proposed": proposed, "cells": score_queries.read(cells.points) if cells and scorer is Scorer.COMMITTEE else {}}
    if request.method == "GET" or "sum" in request.form:
        return _page(form, own, **shown)
    if not form.validate_on_submit():
        return _page(form, own, **shown), 422
    act = score_actions.rescore if scorer is Scorer.COMMITTEE else score_actions.score
    try:
        saved = act(actor, meeting, form.seen, form.typed(request.form), form.remark.data)
    except RuleBroken as refused:
        form.show(refused.findings)
        return _page(form, own, **shown), 422
    except Conflict as conflict:
        form.version.data = str(own.version) if own else ""
        return _page(form, own, conflict=conflict, **shown), 409
    flash(_("Đã chấm %(points)s/100 điểm.", points=score_actions.written(saved.total)), "ok")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


def _page(form: ScoreForm, own: Any, *, conflict: Conflict | None = None, **shown: Any) -> str:
    proposed, meeting = shown["proposed"], shown["meeting"]
    total, missing = form.sum_of([line.key for line in proposed.sheet.lines], proposed.fixed)
    bands, cite = score_queries.bands(meeting.held_on)
    in_bounds = not missing and 0 <= total <= 100
    return render_template(
        "meetings/score.html", form=form, conflict=conflict, total=total, missing=missing, bands=bands, bands_cite=cite,
        band=next((band for least, band in bands if in_bounds and total >= least), None), tones=TONES, is_new=own is None,
        judged={one.line.key: one for one in proposed.proposals}, written=score_actions.written, **shown,
    )  # fmt: skip


#: What a year's chart is drawn in: twelve columns, points upward.
STEP, HEIGHT = 16, 40


def _columns(months: list[Decimal | None], tones: list[str]) -> list[tuple[int, float, float, str]]:
    """(x, y, height, tone) of each month's bar; a month without score has none."""
    return [
        (n * STEP + 2, round(HEIGHT - float(value) * HEIGHT / 100, 1), round(float(value) * HEIGHT / 100, 1), tones[n])
        for n, value in enumerate(months)
        if value is not None
    ]


@area.get("/meetings/scores", needs=Permission.MEETINGS_READ)
def scores(actor: Actor) -> str:
    """The year of every visible cell: its scores by month, the average, what is not scored, and the change."""
    today = clock.today()
    number = min(max(whole_number(request.args.get("year")) or today.year, score_queries.FIRST_YEAR), today.year)
    rows = score_queries.year(actor, number, today)
    rule, cite = score_queries.bands(min(today, today.replace(year=number, month=12, day=31)))
    charts = {row.code: _chart(row) for row in rows}
    counted = [(band, sum(row.band is band for row in rows)) for _least, band in rule]
    return render_template(
        "meetings/scores.html", year=number, years=range(today.year, score_queries.FIRST_YEAR - 1, -1), rows=rows, charts=charts,
        bands=rule, bands_cite=cite, counted=counted, unscored=sum(len(row.unscored) for row in rows), tones=TONES,
        average=score_queries.mean(mark.total for row in rows for mark in row.marks), written=score_actions.written,
    )  # fmt: skip


def _chart(row: score_queries.CellYear) -> dict[str, Any]:
    """A cell's bars, and the same in words."""
    months = row.months
    tones = ["neutral"] * 12
    for mark in row.marks:  # a month with several meetings has the look of its last
        tones[mark.held_on.month - 1] = TONES[mark.band] if mark.band is not None else "neutral"
    said = [_("tháng %(month)s: %(points)s", month=n, points=score_actions.written(p)) for n, p in enumerate(months, 1) if p is not None]
    return {"bars": _columns(months, tones), "text": _("Điểm từng tháng: %(list)s.", list="; ".join(said)) if said else ""}
