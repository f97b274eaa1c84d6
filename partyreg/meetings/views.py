"""The pages of meetings: the year's board, the form, one meeting with its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for

from .. import audit, clock
from ..access import Actor, Permission
from ..i18n import _, fmt_date
from ..org import queries as org
from ..org.models import Unit
from ..rulebook.book import LAW
from ..rulebook.meeting import Kind, MeetingFacts, meeting_findings
from ..rulebook.meeting_agenda import resolution
from ..web import Area, Page
from . import actions, agenda_queries, draft_queries, papers, queries
from .models import Attendance, MeetingItem
from .queries import MeetingPage
from .story import story

area = Area("meetings", __name__)

FIRST_YEAR = actions.FIRST_DAY.year
PAGE = 20


def _number(text: str | None, default: int, least: int, most: int) -> int:
    return min(max(int(text), least), most) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


@area.get("/meetings", needs=Permission.MEETINGS_READ)
def board(actor: Actor) -> str:
    """The board of all visible cells, or one cell's year with its meetings."""
    today = clock.today()
    year = _number(request.args.get("year"), today.year, FIRST_YEAR, today.year)
    code = request.args.get("unit")
    unit = org.by_code(actor, code) if code else None
    rows = queries.board(actor, year, today, unit)
    if unit is None and len(rows) == 1:
        unit = org.by_code(actor, rows[0].code)
    cell = unit if unit is not None and unit.is_cell else None
    page = Page(_number(request.args.get("page"), 1, 1, 10**6), PAGE, queries.count(actor, year, cell))
    return render_template(
        "meetings/board.html", year=year, years=range(today.year, max(FIRST_YEAR, today.year - 6), -1), rows=rows, unit=unit,
        cell=cell, meetings=queries.listing(actor, year, cell, limit=PAGE, offset=page.offset), page=page, months=_boxes(actor, year),
        can_log=actor.may(Permission.MEETINGS_LOG), drafts=_drafts(actor, unit),
        kept=sum(row.kept for row in rows), owed=sum(row.owed for row in rows),
        keeping=sum(row.owed > 0 and row.kept == row.owed for row in rows), owing=sum(row.owed > 0 for row in rows),
    )  # fmt: skip


def _drafts(actor: Actor, unit: Unit | None) -> list[draft_queries.Draft]:
    return draft_queries.drafts(actor.using(Permission.MEETINGS_LOG), unit) if actor.may(Permission.MEETINGS_LOG) else []


Box = tuple[int, str, str | None, str]


def _boxes(actor: Actor, year: int) -> Callable[[queries.BoardRow], list[Box]]:
    """What draws a cell's year: each box leads to the meeting, or to its form where one is missing.

    Words and addresses are made once, since a board has some four hundred boxes.
    """
    words = {
        "held": _("đã họp"), "late": _("họp muộn"), "missing": _("không họp"), "due": _("đến kỳ họp"), "none": _("chưa đến kỳ"),
    }  # fmt: skip
    months = {number: _("Tháng %(month)s", month=number) for number in range(1, 13)}
    days = {number: common_day(year, number).isoformat() for number in range(1, 13)}
    form, meetings = url_for("meetings.new"), url_for("meetings.board")
    may_log = actor.may(Permission.MEETINGS_LOG)

    def box(code: str, month: queries.Month) -> Box:
        href = None
        if month.meeting_id is not None:
            href = f"{meetings}/{month.meeting_id}"
        elif may_log and month.state in ("missing", "due"):
            href = f"{form}?unit={code}&held_on={days[month.number]}"
        told = f"{months[month.number]}: {words[month.state]} {fmt_date(month.held_on)}".strip()
        return month.number, month.state, href, told

    return lambda row: [box(row.code, month) for month in row.months]


def common_day(year: int, month: int) -> dt.date:
    """The common day of that month, or today while that is still to come."""
    rule = LAW.find("meeting.day", dt.date(year, month, 1))
    return min(dt.date(year, month, rule.required if rule else 1), clock.today())


@area.get("/meetings/<int:meeting_id>", needs=Permission.MEETINGS_READ)
def show(actor: Actor, meeting_id: int) -> str:
    """One meeting: facts, attendance, what the law says of it, and its history."""
    meeting = queries.one(actor, meeting_id)
    points = agenda_queries.points([meeting_id])[meeting_id]
    return render_template(
        "meetings/show.html", meeting=meeting, points=[(one, _vote(one, meeting)) for one in points],
        tasks=agenda_queries.tasks(actor, [meeting_id])[meeting_id], today=clock.today(),
        papers=papers.offered(meeting), findings=_findings(meeting),
        can_log=actor.may(Permission.MEETINGS_LOG),
        story=story(audit.history("meeting", meeting_id), meeting),
        tones={Attendance.PRESENT: "ok", Attendance.ABSENT: "danger", Attendance.EXCUSED: "warn", Attendance.EXEMPT: "neutral"},
    )  # fmt: skip


def _vote(item: MeetingItem, meeting: MeetingPage) -> Any:
    """What the law says of the vote on a point; None where there was none."""
    if item.in_favour is None:
        return None
    return resolution(item.in_favour, item.against or 0, item.blank or 0, meeting.counted_present, meeting.counted, meeting.held_on)


def _findings(meeting: MeetingPage) -> list[Any]:
    facts = MeetingFacts(
        kind=Kind(meeting.kind.value), held_on=meeting.held_on, minutes=meeting.minutes_long, members=meeting.whole,
        present=meeting.present, full_members=meeting.counted, full_present=meeting.counted_present,
        with_thematic=meeting.has_thematic,
    )  # fmt: skip
    return meeting_findings(facts, clock.today())
