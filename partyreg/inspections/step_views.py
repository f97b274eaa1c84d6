"""The page of one inspection: how far it has come, whom it is about, who holds it, and the forms of what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, RuleBroken
from ..forms import Form, whole_number
from ..i18n import _, fmt_date, label
from ..members import queries as members
from ..org import queries as org
from ..rulebook.inspection import InspectionConclusion, InspectionStage, InspectionStep
from . import actions, queries, step_actions
from .forms import CancelForm, ConcludeForm, CorrectForm, MendForm, PersonForm, StepForm, TeammateForm, UnitForm, conclude_form
from .models import Inspection, InspectionSubject
from .views import area

#: The papers that one form records; the conclusion has its own.
_STEPS = (InspectionStep.DECISION, InspectionStep.PLAN, InspectionStep.REPORT)


@area.get("/inspections/<int:inspection_id>", needs=Permission.INSPECTIONS_READ)
def show(actor: Actor, inspection_id: int) -> str:
    """One inspection."""
    return _page(actor, inspection_id)


def _page(actor: Actor, inspection_id: int, sent: dict[str, Any] | None = None, conflict: Conflict | None = None) -> str:
    """The page, with the forms of what may be done next; a form that was sent comes back filled."""
    reader = actor.using(Permission.INSPECTIONS_READ)
    row = queries.row(reader, inspection_id)
    subjects, stage = queries.subjects(reader, row), queries.stage_of(row)
    keeper = actor.using(Permission.INSPECTIONS_KEEP)
    may_keep = actor.may(Permission.INSPECTIONS_KEEP) and queries.is_held_by(keeper, row)
    is_over = stage in (InspectionStage.CANCELLED, InspectionStage.MENDING, InspectionStage.DONE)
    forms: dict[str, Any] = {}
    if may_keep:
        forms = _over_forms(row, subjects, stage) if is_over else _open_forms(keeper, row, subjects)
    for name, form in (sent or {}).items():
        if name in forms:
            _choices(keeper, row, form)
            forms[name] = form
    for name, form in (sent or {}).items():
        if name not in forms:  # what was tried is not among what can be done: the reasons stand above the page
            forms["lost"] = form
    for form in forms.values():
        if "version" in form and (conflict or not form.version.data):
            form.version.data, form.version.raw_data = str(row.version), None
    cell = _cell(keeper, row) if may_keep and not is_over else None
    return render_template(
        "inspections/show.html", row=row, unit=row.unit, subjects=subjects, team=queries.team(reader, row), stage=stage,
        steps=_steps(row, stage), recorded=[one for one in _STEPS if getattr(row, f"{one.value}_on")],
        forms=forms, may_keep=may_keep, is_over=is_over, conflict=conflict, cell=cell,
        cells=org.cells(keeper, clock.today()) if cell and not row.unit.is_cell else [],
        line=next((one for one in queries.programme(reader, row.year) if one.row.id == row.id), None),
    )  # fmt: skip


def _steps(row: Inspection, stage: InspectionStage) -> list[tuple[str, str, str]]:
    """The papers as steps: what is done, what comes next, what is to come."""
    steps, next_one = [], stage not in (InspectionStage.CANCELLED, InspectionStage.DONE, InspectionStage.MENDING)
    for step in InspectionStep:
        day, number = getattr(row, f"{step.value}_on"), getattr(row, f"{step.value}_number")
        state = "done" if day else "now" if next_one else "todo"
        next_one = next_one and day is not None
        steps.append((label(step), state, _("số %(number)s, ngày %(day)s", number=number, day=fmt_date(day)) if day else ""))
    if row.mend_by is not None:
        note = _("xong ngày %(day)s", day=fmt_date(row.mended_on)) if row.mended_on else _("hạn %(day)s", day=fmt_date(row.mend_by))
        steps.append((_("Khắc phục"), "done" if row.mended_on else "now", note))
    return steps


def _open_forms(actor: Actor, row: Inspection, subjects: list[InspectionSubject]) -> dict[str, Any]:
    papers = queries.papers_of(row)
    step = next((one for one in InspectionStep if papers.day(one) is None), InspectionStep.CONCLUSION)
    asked = request.args.get("step")
    if asked in _STEPS:
        step = InspectionStep(asked)
    elif step is InspectionStep.CONCLUSION:  # every paper before it is there: the last one is what is put right by default
        step = _STEPS[-1]
    paper = StepForm(formdata=None, prefix="step", data={
        "step": step, "on": getattr(row, f"{step.value}_on"), "number": getattr(row, f"{step.value}_number"),
    })  # fmt: skip
    forms: dict[str, Any] = {
        "step": paper, "cancel": CancelForm(formdata=None, prefix="cancel"), "unit": UnitForm(formdata=None, prefix="unit"),
        "person": PersonForm(formdata=None, prefix="person"), "team": TeammateForm(formdata=None, prefix="team"),
    }  # fmt: skip
    if subjects:
        forms["conclude"] = conclude_form(ConcludeForm, _named(subjects))(formdata=None, prefix="conclude")
    for form in forms.values():
        _choices(actor, row, form)
    return forms


def _over_forms(row: Inspection, subjects: list[InspectionSubject], stage: InspectionStage) -> dict[str, Any]:
    if stage is InspectionStage.CANCELLED:
        return {}
    known = {"on": row.conclusion_on, "number": row.conclusion_number, "mend_by": row.mend_by}
    known |= {f"subject-{subject.id}": subject.conclusion for subject in subjects}
    forms: dict[str, Any] = {"correct": conclude_form(CorrectForm, _named(subjects))(formdata=None, prefix="correct", data=known)}
    if stage is InspectionStage.MENDING:
        forms["mend"] = MendForm(formdata=None, prefix="mend")
    return forms


def _named(subjects: list[InspectionSubject]) -> list[tuple[int, str]]:
    return [(one.id, one.person.full_name if one.person else one.unit.name) for one in subjects]


def _cell(actor: Actor, row: Inspection) -> Any:
    """The cell whose members are offered: the one that inspects, or the one that the address names."""
    code = request.args.get("cell")
    if row.unit.is_cell:
        return row.unit
    return org.by_code(actor, code) if code else next(iter(org.cells(actor, clock.today())), None)


def _choices(actor: Actor, row: Inspection, form: Any) -> None:
    """What there is to choose from in the forms that name an organisation or somebody."""
    if isinstance(form, UnitForm):
        units = [row.unit] if row.unit.is_cell else org.tree(actor, clock.today())
        form.unit.choices = [("", _("Chọn tổ chức")), *((unit.code, unit.name) for unit in units)]
    if isinstance(form, PersonForm | TeammateForm):
        cell = _cell(actor, row)
        roll = members.roll(actor, cell, clock.today()) if cell is not None else []
        form.person.choices = [("", _("Chọn người")), *((str(one.member_id), one.name) for one in roll)]


def _do(actor: Actor, inspection_id: int, name: str, form: Form, deed: Callable[[Inspection], object], said: str) -> Any:
    """A deed on the inspection, and its page: filled again where the form or the law refuses, or somebody else was first."""
    row = queries.row(actor, inspection_id)
    if form.validate():
        try:
            deed(row)
        except RuleBroken as refused:
            db.session.rollback()
            form.show(refused.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _page(actor, inspection_id, {name: form}, conflict), 409
        else:
            return web.done(said, "inspections.show", inspection_id=inspection_id, cell=request.args.get("cell"))
    return _page(actor, inspection_id, {name: form}), 422


@area.post("/inspections/<int:inspection_id>/units", needs=Permission.INSPECTIONS_KEEP)
def add_unit(actor: Actor, inspection_id: int) -> Any:
    """An organisation is to be inspected."""
    form = UnitForm(prefix="unit")
    _choices(actor, queries.row(actor, inspection_id), form)
    return _do(
        actor, inspection_id, "unit", form, lambda row: actions.add_unit(actor, row, org.by_code(actor, form.unit.data or "")),
        _("Đã thêm đối tượng."),
    )  # fmt: skip


@area.post("/inspections/<int:inspection_id>/members", needs=Permission.INSPECTIONS_KEEP)
def add_member(actor: Actor, inspection_id: int) -> Any:
    """A member is to be inspected."""
    form = PersonForm(prefix="person")
    return _do(
        actor, inspection_id, "person", form, lambda row: actions.add_member(actor, row, whole_number(form.person.data)),
        _("Đã thêm đối tượng."),
    )  # fmt: skip


@area.post("/inspections/<int:inspection_id>/subjects/<int:subject_id>/remove", needs=Permission.INSPECTIONS_KEEP)
def remove_subject(actor: Actor, inspection_id: int, subject_id: int) -> Any:
    """An organisation or member is not inspected after all."""
    actions.remove_subject(actor, queries.row(actor, inspection_id), subject_id)
    return web.done(_("Đã bỏ đối tượng."), "inspections.show", inspection_id=inspection_id)


@area.post("/inspections/<int:inspection_id>/team", needs=Permission.INSPECTIONS_KEEP)
def add_to_team(actor: Actor, inspection_id: int) -> Any:
    """Somebody holds the inspection with the others."""
    form = TeammateForm(prefix="team")
    return _do(
        actor, inspection_id, "team", form,
        lambda row: actions.add_to_team(actor, row, whole_number(form.person.data), form.is_head.data), _("Đã thêm người vào tổ."),
    )  # fmt: skip


@area.post("/inspections/<int:inspection_id>/team/<int:teammate_id>/remove", needs=Permission.INSPECTIONS_KEEP)
def remove_from_team(actor: Actor, inspection_id: int, teammate_id: int) -> Any:
    """Somebody holds the inspection no longer."""
    actions.remove_from_team(actor, queries.row(actor, inspection_id), teammate_id)
    return web.done(_("Đã bỏ người khỏi tổ."), "inspections.show", inspection_id=inspection_id)


@area.post("/inspections/<int:inspection_id>/step", needs=Permission.INSPECTIONS_KEEP)
def record_step(actor: Actor, inspection_id: int) -> Any:
    """A paper is on record."""
    form = StepForm(prefix="step")
    return _do(
        actor, inspection_id, "step", form,
        lambda row: step_actions.record_step(
            actor, row, whole_number(form.version.data), form.step.data, form.on.data, form.number.data or ""
        ),
        _("Đã ghi bước này."),
    )  # fmt: skip


@area.post("/inspections/<int:inspection_id>/conclude", needs=Permission.INSPECTIONS_KEEP)
def conclude(actor: Actor, inspection_id: int) -> Any:
    """The inspection is concluded."""
    form = _concluding(actor, inspection_id, ConcludeForm, "conclude")
    return _do(
        actor, inspection_id, "conclude", form,
        lambda row: step_actions.conclude(
            actor, row, whole_number(form.version.data), on=form.on.data, number=form.number.data or "", conclusions=_given(form),
            mend_by=form.mend_by.data,
        ),
        _("Đã ghi kết luận."),
    )  # fmt: skip


@area.post("/inspections/<int:inspection_id>/correct", needs=Permission.INSPECTIONS_KEEP)
def correct(actor: Actor, inspection_id: int) -> Any:
    """The conclusion is put right, for a reason."""
    form = _concluding(actor, inspection_id, CorrectForm, "correct")
    return _do(
        actor, inspection_id, "correct", form,
        lambda row: step_actions.correct(
            actor, row, whole_number(form.version.data), form.reason.data or "", on=form.on.data, number=form.number.data or "",
            conclusions=_given(form), mend_by=form.mend_by.data,
        ),
        _("Đã đính chính kết luận."),
    )  # fmt: skip


def _concluding(actor: Actor, inspection_id: int, base: type[ConcludeForm], prefix: str) -> Any:
    subjects = queries.subjects(actor, queries.row(actor, inspection_id))
    return conclude_form(base, _named(subjects))(prefix=prefix)


def _given(form: Form) -> dict[int, InspectionConclusion | None]:
    return {int(name[8:]): field.data for name, field in form._fields.items() if name.startswith("subject-")}


@area.post("/inspections/<int:inspection_id>/mend", needs=Permission.INSPECTIONS_KEEP)
def mend(actor: Actor, inspection_id: int) -> Any:
    """What was to be mended is mended."""
    form = MendForm(prefix="mend")
    return _do(
        actor, inspection_id, "mend", form,
        lambda row: step_actions.mend(actor, row, whole_number(form.version.data), form.on.data, form.how.data or ""),
        _("Đã ghi kết quả khắc phục."),
    )  # fmt: skip


@area.post("/inspections/<int:inspection_id>/cancel", needs=Permission.INSPECTIONS_KEEP)
def cancel(actor: Actor, inspection_id: int) -> Any:
    """The inspection is not held, and why is on record."""
    form = CancelForm(prefix="cancel")
    return _do(
        actor, inspection_id, "cancel", form,
        lambda row: actions.cancel(actor, row, whole_number(form.version.data), form.reason.data or ""), _("Đã hủy cuộc này."),
    )  # fmt: skip
