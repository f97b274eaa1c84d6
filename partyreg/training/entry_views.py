"""The doors through which a class is entered and corrected, and the results of many people at once."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..forms import whole_number
from ..i18n import _, label
from ..names import nfc
from ..org import queries as org
from ..rulebook.finding import Finding
from ..rulebook.training import CourseResult, Post
from . import actions, coverage_queries, queries
from .forms import CourseForm, ListForm, Typed, read_lines, shown
from .models import TrainingCourse
from .views import area

_FIELDS = ("kind", "title", "started_on", "ended_on", "sessions", "organiser", "place", "paper")


def _form_page(form: CourseForm, course: TrainingCourse | None, conflict: Conflict | None = None) -> Any:
    page = render_template(
        "training/form.html", form=form, course=course, conflict=conflict, labels={name: form[name].label.text for name in _FIELDS}
    )
    return page, 409 if conflict else 422 if form.is_submitted() else 200


@area.form("/training/new", needs=Permission.TRAINING_EDIT)
def new(actor: Actor) -> Any:
    """The form of a new class; sent, its page."""
    form = CourseForm()
    if form.validate_on_submit():
        try:
            made = actions.add_course(actor, **{name: form[name].data for name in _FIELDS})
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã ghi lớp. Hãy ghi người học."), "training.people", course_id=made.id)
    return _form_page(form, None)


@area.form("/training/<int:course_id>/edit", needs=Permission.TRAINING_EDIT)
def edit(actor: Actor, course_id: int) -> Any:
    """The form of a class on record; sent, its page."""
    course = queries.course(actor, course_id)
    form = CourseForm(obj=course)
    if form.validate_on_submit():
        try:
            version = whole_number(request.form.get("version", ""))
            actions.edit_course(actor, course, version, **{name: form[name].data for name in _FIELDS})
        except RuleBroken as refused:
            form.show(refused.findings)
        except Conflict as conflict:
            return _form_page(form, course, conflict)
        else:
            return web.done(_("Đã sửa lớp."), "training.show", course_id=course_id)
    return _form_page(form, course)


@area.post("/training/<int:course_id>/remove", needs=Permission.TRAINING_EDIT)
def remove(actor: Actor, course_id: int) -> Any:
    """A class entered by mistake is off the record."""
    course = queries.course(actor, course_id)
    year = course.ended_on.year
    actions.remove_course(actor, course, whole_number(request.form.get("version", "")))
    return web.done(_("Đã xóa lớp ghi nhầm."), "training.index", year=year)


@area.form("/training/<int:course_id>/people", needs=Permission.TRAINING_EDIT)
def people(actor: Actor, course_id: int) -> Any:
    """The list of a class, and whom the address offers for it: who still owes the class by her post, a cell, a name."""
    course = queries.course(actor, course_id)
    form = ListForm()
    listed = queries.pupils(actor, course)
    if form.is_submitted():
        return _enter(actor, course, listed, form)
    offered = _offered(actor, course)
    preset = request.args.get("preset", "")
    preset = preset if preset in set(CourseResult) else ""
    lines = [shown(one) for one in listed]
    return _list_page(actor, course, form, lines, [shown(one, preset) for one in offered])


def _offered(actor: Actor, course: TrainingCourse) -> list[queries.Pupil]:
    """Those whom the address asks for. Raises NotVisible for a cell out of reach."""
    args = request.args
    unit = org.by_code(actor, args["unit"]) if args.get("unit") else None
    ids = None
    if args.get("post") in set(Post):
        day = max(clock.today(), course.ended_on)
        found = coverage_queries.coverage(actor, course.ended_on.year, day, unit)
        ids = [one.person_id for each in found if each.post == args["post"] for one in each.missing]
        unit = None  # whoever holds a post in the cell need not belong to it
    return queries.offered(actor, course, ids=ids, unit=unit, name=_name_asked())


def _name_asked() -> str:
    return nfc(request.args.get("q", "").replace("\0", ""))[:100]


def _enter(actor: Actor, course: TrainingCourse, listed: list[queries.Pupil], form: ListForm) -> Any:
    given = request.form
    known = {one.person_id for one in listed}
    sent = {whole_number(name.removeprefix("result-")) for name in given if name.startswith("result-")}
    others = queries.offered(actor, course, ids=sorted(sent - known)[: queries.OFFERED]) if sent - known else []
    lines, entries = read_lines([*listed, *others], given)
    status = 422
    if form.validate() and not any(line.errors for line in lines):
        try:
            count = actions.enter_results(actor, course, entries)
        except RuleBroken as refused:
            lines = _blamed(lines, refused.findings)
        except Conflict:
            form.general.append(_("Danh sách lớp vừa được người khác sửa. Chưa có gì bị ghi đè; những gì đồng chí nhập còn nguyên."))
            lines, status = [_against(line) for line in lines], 409
        else:
            return web.done(_("Đã ghi %(count)s dòng của danh sách lớp.", count=count), "training.show", course_id=course.id)
    kept = [line for line in lines if line.pupil.person_id in known]
    return _list_page(actor, course, form, kept, [line for line in lines if line.pupil.person_id not in known]), status


def _against(line: Typed) -> Typed:
    """The line as typed, with what somebody else wrote meanwhile beside it; saved again, it takes the place of that."""
    if line.version == line.pupil.version:
        return line
    theirs = label(line.pupil.result) if line.pupil.result else _("không có trong danh sách")
    told = _("Người khác vừa ghi: %(theirs)s. Lưu lần nữa nếu vẫn muốn thay.", theirs=theirs)
    return line._replace(version=line.pupil.version).blame([told])


def _blamed(lines: list[Typed], findings: tuple[Finding, ...]) -> list[Typed]:
    """The lines, each with the findings that name it."""
    told: dict[int, list[str]] = {}
    for finding in findings:
        told.setdefault(whole_number(finding.field.split("-")[-1]), []).append(finding.message)
    return [line.blame(told.get(line.pupil.person_id, ())) for line in lines]


def _list_page(actor: Actor, course: TrainingCourse, form: ListForm, lines: list[Typed], offered: list[Typed]) -> str:
    return render_template(
        "training/people.html", course=course, form=form, lines=lines, offered=offered, cells=org.cells(actor, clock.today()),
        name=_name_asked(), results=list(CourseResult),
        posts=list(Post), most=queries.OFFERED, wrong=[line for line in (*lines, *offered) if line.errors],
    )  # fmt: skip
