"""The doors to a month's calendar of meetings, and to the attendance of a cell over a year."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from .. import clock
from ..access import Actor, Permission
from ..errors import NotVisible
from ..forms import whole_number
from ..i18n import _
from ..org import queries as org
from ..rulebook.book import LAW
from ..rulebook.dates import add_months
from ..web import download
from . import attendance_queries, month_queries
from .plan_actions import MONTHS_AHEAD
from .plan_views import cell_asked, choose
from .views import FIRST_YEAR, area

_MONTH = re.compile(r"^(\d{4})-(\d{1,2})$", re.ASCII)


def _month_asked(today: dt.date) -> dt.date:
    """The first day of the month that the address names; of this month where it names none that the calendar has."""
    found = _MONTH.match(request.args.get("month", ""))
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) >= FIRST_YEAR:
        first = dt.date(int(found[1]), int(found[2]), 1)
        if first <= add_months(today, MONTHS_AHEAD):
            return first
    return today.replace(day=1)


@area.get("/meetings/calendar", needs=Permission.MEETINGS_READ)
def calendar(actor: Actor) -> Any:
    """A month's meetings, held and planned, of one cell or of all that the actor sees."""
    today = clock.today()
    first = _month_asked(today)
    code = request.args.get("unit")
    unit = org.by_code(actor, code) if code else None
    cells = org.cells(actor, today)
    only = unit if unit is not None and unit.is_cell else cells[0] if len(cells) == 1 else None
    later = add_months(first, 1)
    return render_template(
        "meetings/calendar.html", first=first, weeks=month_queries.weeks(actor, first.year, first.month, unit), today=today, unit=unit,
        cells=cells, only=only, before=add_months(first, -1) if first > dt.date(FIRST_YEAR, 1, 1) else None,
        after=later if later <= add_months(today, MONTHS_AHEAD) else None, may_log=actor.may(Permission.MEETINGS_LOG),
    )  # fmt: skip


def year_asked() -> int:
    """The year that the address names, this one where it names none that the register keeps."""
    year, this = whole_number(request.args.get("year")), clock.today().year
    return year if FIRST_YEAR <= year <= this else this


@area.get("/meetings/attendance", needs=Permission.MEETINGS_READ)
def attendance(actor: Actor) -> Any:
    """How everybody of a cell attended in a year, those under the aim first."""
    year = year_asked()
    unit = cell_asked(actor)
    if unit is None:
        return choose(actor, _("Xem chuyên cần của chi bộ nào?"), "meetings.attendance", year=year)
    aim = LAW.find("meeting.attendance_percent", attendance_queries.judged_on(year))
    lines = attendance_queries.attendance_of_year(actor, unit, year)
    may_export = actor.using(Permission.MEMBERS_EXPORT).reach().covers(unit.path)
    return render_template(
        "meetings/attendance.html", unit=unit, year=year, years=years_to_choose(), lines=lines, aim=aim, may_export=may_export,
        note=attendance_queries.note, verdict=attendance_queries.verdict, under=sum(one.is_under for one in lines),
        member_url=url_for("office.member", member_id=0)[:-1] if actor.may(Permission.MEMBERS_READ) else None,
    )  # fmt: skip


def years_to_choose() -> list[int]:
    """The years that a list offers, newest first."""
    this = clock.today().year
    return list(range(this, max(FIRST_YEAR, this - 6) - 1, -1))


@area.get("/meetings/attendance.<any(csv, xlsx):ending>", needs=Permission.MEMBERS_EXPORT)
def attendance_file(actor: Actor, ending: str) -> Response:
    """The same list as a file, for whoever may take lists of members out of the register."""
    year = year_asked()
    unit = cell_asked(actor)
    if unit is None:
        raise NotVisible("Unit")
    lines = attendance_queries.attendance_of_year(actor.using(Permission.MEETINGS_READ), unit, year)
    table = attendance_queries.table(unit, year, lines)
    return download(getattr(table, ending)(), f"chuyen-can-{unit.code}-{year}", ending)
