"""The doors to classes: a year's list with who still owes one, one class with its people, and the list as a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import Forbidden
from ..forms import whole_number
from ..i18n import _
from ..org import queries as org
from ..org.models import Unit
from ..rulebook.training import certificate_end
from ..tables import Column, Row, Table
from ..web import Area, download
from . import coverage_queries, queries
from .actions import YEARS_AHEAD
from .models import TrainingCourse

area = Area("training", __name__)


def year_asked() -> int:
    """The year that the address names; this year where it names none that the register keeps."""
    year, this = whole_number(request.args.get("year")), clock.today().year
    return year if queries.FIRST_DAY.year <= year <= this + YEARS_AHEAD else this


@area.get("/training", needs=Permission.TRAINING_READ)
def index(actor: Actor) -> str:
    """A year's classes, and of every post that requires one: how many of its holders had it, and who has not."""
    year, today = year_asked(), clock.today()
    unit = _unit_asked(actor)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    posts = coverage_queries.coverage(actor, year, today, unit) if year <= today.year else []
    seen = [one for one in org.tree(actor, today) if unit is None or one.path.startswith(unit.path)]
    posts = coverage_queries.concerning(posts, seen)
    rules = [one.rule for one in posts if one.rule is not None]
    return render_template(
        "training/index.html", year=year, years=range(today.year + YEARS_AHEAD, queries.FIRST_DAY.year - 1, -1), unit=unit,
        cells=org.cells(actor, today), courses=queries.courses(actor, first, last), posts=posts, today=today,
        sent=queries.sent(actor, first, last), gaps=coverage_queries.gaps(actor, rules, unit),
        may_edit=actor.may(Permission.TRAINING_EDIT),
    )  # fmt: skip


def _unit_asked(actor: Actor) -> Unit | None:
    """The unit that the address names. Raises NotVisible."""
    code = request.args.get("unit")
    return org.by_code(actor, code) if code else None


@area.get("/training/<int:course_id>", needs=Permission.TRAINING_READ)
def show(actor: Actor, course_id: int) -> str:
    """One class: its facts, and the people on its list whom the reader may see."""
    course = queries.course(actor, course_id)
    people = queries.pupils(actor, course)
    return render_template(
        "training/show.html", course=course, people=people, table=_table(course, people), may_edit=actor.may(Permission.TRAINING_EDIT),
        may_export=actor.may(Permission.MEMBERS_EXPORT),
    )  # fmt: skip


@area.get("/training/<int:course_id>/export.<any(csv, xlsx):kind>", needs=Permission.MEMBERS_EXPORT)
def export(actor: Actor, course_id: int, kind: str) -> Any:
    """The class's list as a file; no wider than what the actor may export."""
    if not actor.may(Permission.TRAINING_READ):
        raise Forbidden(Permission.TRAINING_READ.value)
    course = queries.course(actor, course_id)
    table = _table(course, queries.pupils(actor, course))
    return download(table.csv() if kind == "csv" else table.xlsx(), f"lop-{course.ended_on:%Y-%m-%d}-{course.id}", kind)


def _table(course: TrainingCourse, people: list[queries.Pupil]) -> Table:
    columns = [
        Column("name", _("Họ và tên"), width=30), Column("born_on", _("Ngày sinh"), "date"), Column("cell", _("Chi bộ"), width=36),
        Column("member", _("Đảng viên"), width=12), Column("result", _("Kết quả"), width=16),
        Column("number", _("Số giấy chứng nhận"), width=22), Column("day", _("Ngày cấp"), "date"),
        Column("until", _("Có giá trị đến"), "date"),
    ]  # fmt: skip
    return Table(course.title, columns, [
        Row(
            (one.name, one.born_on, one.unit_name, _("có") if one.is_member else _("không"), one.result, one.certificate_number,
             one.certificate_on, certificate_end(course.kind, one.certificate_on) if one.certificate_on else None),
            url_for("office.member", member_id=one.person_id) if one.is_member else None,
        )
        for one in people
    ])  # fmt: skip
