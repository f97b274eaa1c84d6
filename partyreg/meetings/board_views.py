"""The doors to the year's board, to one cell's year, and to the reminder of who is late."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock
from ..access import Actor, Permission
from ..forms import whole_number
from ..i18n import _
from ..org import queries as org
from ..org.models import Unit
from ..web import Page
from . import board_queries, boxes, draft_queries, queries, waiver_actions
from .actions import FIRST_DAY
from .reminder import reminder as written
from .views import FIRST_YEAR, area
from .waiver_forms import months_back, read_month

PAGE = 20


@area.get("/meetings", needs=Permission.MEETINGS_READ)
def board(actor: Actor) -> str:
    """The board of all visible cells, narrowed to those with a month that is so; or one cell's year with its meetings."""
    today = clock.today()
    year = min(max(whole_number(request.args.get("year", "")) or today.year, FIRST_YEAR), today.year)
    code = request.args.get("unit")
    unit = org.by_code(actor, code) if code else None
    rows = board_queries.board(actor, year, today, unit)
    if unit is None and len(rows) == 1:
        unit = org.by_code(actor, rows[0].code)
    cell = unit if unit is not None and unit.is_cell else None
    state = request.args.get("state", "")
    state = state if state in board_queries.NARROWED_BY and cell is None else ""
    shown = [row for row in rows if row.has(state)] if state else rows
    number = min(max(whole_number(request.args.get("page", "")), 1), 10**6)
    page = Page(number, PAGE, queries.count(actor, year, unit))
    may_waive = actor.may(Permission.MEETINGS_OVERSEE)
    drawing = boxes.Drawing(year, may_log=actor.may(Permission.MEETINGS_LOG))
    return render_template(
        "meetings/board.html", year=year, years=range(today.year, max(FIRST_YEAR, today.year - 6), -1), rows=rows, shown=shown, unit=unit,
        cell=cell, meetings=queries.listing(actor, year, unit, limit=PAGE, offset=page.offset), page=page, drawing=drawing,
        can_log=drawing.may_log, drafts=_drafts(actor, unit), kept=sum(row.kept for row in rows), owed=sum(row.owed for row in rows),
        keeping=sum(row.owed > 0 and row.kept == row.owed for row in rows), owing=sum(row.owed > 0 for row in rows),
        words=boxes.words(), state=state, states=board_queries.NARROWED_BY, totals=board_queries.totals(shown), may_waive=may_waive,
        to_waive=_to_waive(rows, year) if may_waive and cell else [], this_month=f"{today:%Y-%m}",
    )  # fmt: skip


def _drafts(actor: Actor, unit: Unit | None) -> list[draft_queries.Draft]:
    return draft_queries.drafts(actor.using(Permission.MEETINGS_LOG), unit) if actor.may(Permission.MEETINGS_LOG) else []


def _to_waive(rows: list[board_queries.BoardRow], year: int) -> list[tuple[int, str]]:
    """The months of one cell that the form could free it of: number, and as in an address."""
    return [
        (month.number, f"{year}-{month.number:02d}") for row in rows for month in row.months
        if month.is_owed and month.meeting_id is None and (year, month.number) <= waiver_actions.latest_month()
    ]  # fmt: skip


@area.get("/meetings/reminder", needs=Permission.MEETINGS_OVERSEE)
def reminder(actor: Actor) -> Any:
    """The cells that are late with a month, and a text that reminds their secretaries."""
    today = clock.today()
    year, month, fault = today.year, today.month, ""
    if asked := request.args.get("month", "").strip():
        try:
            year, month = _month_asked(asked)
        except ValueError as error:
            fault = str(error)
    late = board_queries.late_cells(actor, year, month, today)
    months = months_back((today.year, today.month), 12)
    if (chosen := f"{year}-{month:02d}") not in dict(months):
        months.append((chosen, f"{month:02d}/{year}"))
    page = render_template(
        "meetings/reminder.html", year=year, month=month, chosen=chosen, months=months, fault=fault, late=late,
        text=written(late, year, month, today) if late else "",
    )  # fmt: skip
    return page, 422 if fault else 200


def _month_asked(text: str) -> tuple[int, int]:
    """A month that the register keeps and that has begun. Raises ValueError, saying in Vietnamese what is wrong."""
    year, month = read_month(text)
    today = clock.today()
    if (year, month) > (today.year, today.month):
        raise ValueError(_("Tháng %(month)s/%(year)s chưa đến, chưa có chi bộ nào muộn.", month=month, year=year))
    if (year, month) < (FIRST_DAY.year, FIRST_DAY.month):
        raise ValueError(_("Sổ chỉ ghi sinh hoạt từ ngày %(day)s.", day=FIRST_DAY.strftime("%d/%m/%Y")))
    return year, month
