"""The pages of meetings: the year's board, the form, one meeting with its history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import audit, clock
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date, fmt_moment, label
from ..members import queries as members
from ..org import queries as org
from ..org.models import Unit
from ..rulebook.book import LAW
from ..rulebook.meeting import Kind, MeetingFacts, meeting_findings
from ..web import Area, Page
from . import actions, papers, queries
from .forms import MeetingForm, Sheet, first_day
from .models import Attendance, MeetingKind
from .queries import Expected, MeetingPage
from .score_story import box
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
        can_log=actor.may(Permission.MEETINGS_LOG), kept=sum(row.kept for row in rows), owed=sum(row.owed for row in rows),
        keeping=sum(row.owed > 0 and row.kept == row.owed for row in rows), owing=sum(row.owed > 0 for row in rows),
    )  # fmt: skip


Box = tuple[int, str, str | None, str]


def _boxes(actor: Actor, year: int) -> Callable[[queries.BoardRow], list[Box]]:
    """What draws a cell's year: each box leads to the meeting, or to its form where one is missing.

    Words and addresses are made once, since a board has some four hundred boxes.
    """
    words = {
        "held": _("đã họp"), "late": _("họp muộn"), "missing": _("không họp"), "due": _("đến kỳ họp"), "none": _("chưa đến kỳ"),
    }  # fmt: skip
    months = {number: _("Tháng %(month)s", month=number) for number in range(1, 13)}
    days = {number: _proposed(year, number).isoformat() for number in range(1, 13)}
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


def _proposed(year: int, month: int) -> dt.date:
    """The common day of that month, or today while that is still to come."""
    rule = LAW.find("meeting.day", dt.date(year, month, 1))
    return min(dt.date(year, month, rule.required if rule else 1), clock.today())


@area.form("/meetings/new", needs=Permission.MEETINGS_LOG)
def new(actor: Actor) -> Any:
    """The form for a cell's meeting; sent, the meeting's page."""
    code = request.args.get("unit") or request.form.get("unit")
    if not code:
        cells = org.cells(actor, clock.today())
        if len(cells) != 1:
            return render_template("meetings/choose.html", cells=cells)
        code = cells[0].code
    unit = org.by_code(actor, code)
    if not unit.is_cell:
        return render_template("meetings/choose.html", cells=org.cells(actor, clock.today()), unit=unit), 422
    form = MeetingForm(data=None if request.method == "POST" else _proposal(unit))
    if request.method == "POST" and not form.client_key.data:
        form.client_key.data = str(uuid.uuid4())
    roll = _roll_of(actor, unit, form.held_on.data)
    sheet = Sheet.of(roll)
    _fill(actor, unit, form, sheet)
    if request.method == "GET" or "refresh" in request.form:
        return _form(unit, form, sheet)
    if not _ready(form, sheet):
        return _form(unit, form, sheet), 422
    started = clock.now()
    try:
        meeting = actions.log(actor, unit=unit, attendance=sheet.marks(), client_key=form.client_key.data or None, **form.facts())
    except RuleBroken as refused:
        form.show(sheet.show(refused.findings))
        return _form(unit, form, sheet), 422
    except Conflict as conflict:
        standing = queries.standing(actor, unit, form.kind.data, form.held_on.data)
        return _form(unit, form, sheet, conflict=conflict, standing=standing), 409
    if meeting.logged_at < started:
        text = _(
            "Buổi sinh hoạt này đã được ghi lúc %(at)s; lần gửi này không thay đổi gì. Muốn sửa, hãy bấm “Sửa”.",
            at=fmt_moment(meeting.logged_at),
        )
        flash(text, "warn")
    else:
        flash(_("Đã ghi buổi sinh hoạt ngày %(day)s.", day=fmt_date(meeting.held_on)), "ok")
    return redirect(url_for("meetings.show", meeting_id=meeting.id))


def _proposal(unit: Unit) -> dict[str, Any]:
    """What a fresh form holds: the usual kind and day, or those that the link named."""
    today = clock.today()
    asked = request.args.get("held_on", "")
    try:
        held_on = min(dt.date.fromisoformat(asked), today)
    except ValueError:
        common, latest = LAW.find("meeting.day", today), LAW.find("meeting.latest_day", today)
        held_on = first_day(today, common.required if common else None, latest.required if latest else None)
    kind = request.args.get("kind")
    return {
        "kind": MeetingKind(kind) if kind in set(MeetingKind) else MeetingKind.REGULAR,
        "held_on": held_on,
        "client_key": str(uuid.uuid4()),
    }


def _roll_of(actor: Actor, unit: Unit, day: dt.date | None) -> list[Expected]:
    """The roll of that day; of the last day on which the cell can have met, where that day cannot be, so nothing typed is lost."""
    last = clock.today()
    if unit.dissolved_on is not None:
        last = max(min(last, unit.dissolved_on - dt.timedelta(days=1)), actions.FIRST_DAY)
    possible = day is not None and day <= last and unit.lives_on(day) and day >= actions.FIRST_DAY
    return queries.expected(actor, unit, day if day is not None and possible else last)


def _fill(actor: Actor, unit: Unit, form: MeetingForm, sheet: Sheet) -> None:
    """The people to choose from, the chair proposed, and what was typed on the list."""
    form.offer((line.member_id, line.name) for line in sheet.lines)
    if request.method == "POST":
        sheet.fill(request.form)
    elif form.chair_id.data is None:
        secretary = members.secretary_of(actor, unit, form.held_on.data or clock.today())
        known = {line.member_id for line in sheet.lines}
        if secretary is not None and secretary.person_id in known:
            form.chair_id.data = secretary.person_id


def _ready(form: MeetingForm, sheet: Sheet) -> bool:
    """Whether what was typed can be handed to the deed; says so when the roll changed while the form was open."""
    valid = form.validate_on_submit()
    changes = sheet.difference(request.form.get("roll"))
    if changes:
        form.general.append(_("Danh sách đảng viên của ngày họp khác với lúc mở biểu mẫu. Đã cập nhật; hãy xem lại rồi lưu."))
        form.general.extend(changes)
    if not sheet.is_valid:
        form.general.append(_("Danh sách điểm danh có dòng cần xem lại."))
    return valid and sheet.is_valid and not changes


def _form(unit: Unit, form: MeetingForm, sheet: Sheet, *, conflict: Conflict | None = None, **more: Any) -> str:
    if not sheet.is_valid and not form.general:
        form.general.append(_("Danh sách điểm danh có dòng cần xem lại."))
    today = clock.today()
    least = LAW.find("meeting.min_minutes", form.held_on.data or today)
    values = {"meeting": None, "version": None, "standing": None, "conflict": conflict, **more}
    days = {today: _("Hôm nay"), today - dt.timedelta(days=1): _("Hôm qua")}
    common = _proposed(today.year, today.month)
    days.setdefault(common, _("Ngày sinh hoạt thống nhất"))
    return render_template(
        "meetings/form.html", unit=unit, form=form, sheet=sheet, choices=[(status.value, label(status)) for status in Attendance],
        least=least.required if least else None, labels={key: key for key in conflict.theirs} if conflict else {},
        days=days.items(), **values,
    )  # fmt: skip


@area.get("/meetings/<int:meeting_id>", needs=Permission.MEETINGS_READ)
def show(actor: Actor, meeting_id: int) -> str:
    """One meeting: facts, attendance, what the law says of it, and its history."""
    meeting = queries.one(actor, meeting_id)
    return render_template(
        "meetings/show.html", meeting=meeting, papers=papers.offered(meeting), findings=_findings(meeting),
        can_log=actor.may(Permission.MEETINGS_LOG), score=box(actor, meeting_id),
        story=story(audit.history("meeting", meeting_id), meeting),
        tones={Attendance.PRESENT: "ok", Attendance.ABSENT: "danger", Attendance.EXCUSED: "warn", Attendance.EXEMPT: "neutral"},
    )  # fmt: skip


def _findings(meeting: MeetingPage) -> list[Any]:
    facts = MeetingFacts(
        kind=Kind(meeting.kind.value), held_on=meeting.held_on, minutes=meeting.minutes_long, members=meeting.whole,
        present=meeting.present, full_members=meeting.counted, full_present=meeting.counted_present,
        with_thematic=meeting.has_thematic,
    )  # fmt: skip
    return meeting_findings(facts, clock.today())


@area.form("/meetings/<int:meeting_id>/edit", needs=Permission.MEETINGS_LOG)
def edit(actor: Actor, meeting_id: int) -> Response | str | tuple[str, int]:
    """The form for correcting a meeting; sent, the meeting's page."""
    meeting = queries.row(actor, meeting_id)
    noted = queries.attenders(meeting_id)
    form = MeetingForm(obj=None if request.method == "POST" else meeting)
    same_day = form.held_on.data in (None, meeting.held_on)
    roll = _roll_of(actor, meeting.unit, form.held_on.data or meeting.held_on)
    on_roll = {one.member_id for one in roll}
    sheet = Sheet.of(roll, noted if same_day else [one for one in noted if one.member_id in on_roll])
    _fill(actor, meeting.unit, form, sheet)
    version = _number(request.form.get("version"), meeting.version, 1, 10**8)
    shown: dict[str, Any] = {"meeting": meeting, "version": version}
    if request.method == "GET" or "refresh" in request.form:
        return _form(meeting.unit, form, sheet, **shown)
    if not _ready(form, sheet):
        return _form(meeting.unit, form, sheet, **shown), 422
    held_on = meeting.held_on
    try:
        actions.correct(actor, meeting, version, attendance=sheet.marks(), **form.facts())
    except RuleBroken as refused:
        form.show(sheet.show(refused.findings))
        return _form(meeting.unit, form, sheet, **shown), 422
    except Conflict as conflict:
        moved = form.held_on.data != held_on or form.kind.data is not meeting.kind
        other = queries.standing(actor, meeting.unit, form.kind.data, form.held_on.data) if moved else None
        shown = {"meeting": meeting, "version": meeting.version, "conflict": conflict}
        return _form(meeting.unit, form, sheet, standing=other if other != meeting_id else None, **shown), 409
    flash(_("Đã lưu; bản cũ và bản mới đều nằm trong lịch sử."), "ok")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))
