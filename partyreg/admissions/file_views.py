"""The forms in which a file is opened and filled in."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict, RuleBroken
from ..forms import whole_number
from ..i18n import _, label
from ..members import queries as members
from ..members.models import Person
from ..org import queries as org
from ..org.models import Unit
from ..web import done
from . import actions, file_queries
from .attempt import attempt
from .facts import CANDIDATE, WRITABLE
from .forms import FileForm, values_of
from .models import Admission
from .views import area, chosen_cell


@area.form("/admissions/new", needs=Permission.ADMISSIONS_PREPARE)
def new(actor: Actor) -> Any:
    """Put a candidate on the cell's list, or open a dossier that began before: for a new person or one whom the register knows."""
    unit = chosen_cell(actor)
    if unit is None:
        return render_template("admissions/choose.html", cells=org.cells(actor, clock.today()), task="new")
    person = _known_person(actor)
    left_on, exit_way, _times = file_queries.former(person.id) if person else (None, None, 0)
    known = None if person is None else {name: getattr(person, name) for name in CANDIDATE} | {"candidate_version": person.version}
    form = FileForm(data=known)
    form.at(None, is_readmission=left_on is not None)
    form.offer(members.roll(actor, unit, clock.today()))
    before = {"left_on": left_on, "exit": exit_way} if left_on else None
    if request.method == "GET":
        return _form_page(form, unit, None, before=before)
    if form.validate():
        try:
            file = attempt(
                lambda: actions.open_file(
                    actor, unit=unit, person=person, candidate=form.candidate, introducers=form.introducers or (),
                    candidate_version=whole_number(form.candidate_version.data), **form.dossier,
                )
            )  # fmt: skip
        except RuleBroken as error:
            form.show(error.findings)
        except Conflict as error:
            form.candidate_version.data = members.person(actor, person.id).version if person else None
            return _form_page(form, unit, None, error, before), 409
        else:
            message = _("Đã lập hồ sơ của %(name)s, bước “%(step)s”.", name=form.full_name.data, step=label(file.step))
            return done(message, "admissions.show", admission_id=file.id)
    return _form_page(form, unit, None, before=before), 422


@area.form("/admissions/<int:admission_id>/edit", needs=Permission.ADMISSIONS_PREPARE)
def edit(actor: Actor, admission_id: int) -> Any:
    """Fill in a file that is at the cell; a stale form comes back beside what is kept."""
    file = file_queries.one(actor, admission_id)
    if not WRITABLE.get(file.step):
        actions.edit(actor, file, file.version)  # refuses, with the reason and the article
    form = _form_of(actor, file)
    if request.method == "GET":
        return _form_page(form, file_queries.cell(file), file)
    if not form.validate():
        return _form_page(form, file_queries.cell(file), file), 422
    try:
        attempt(
            lambda: actions.edit(
                actor, file, whole_number(form.version.data), candidate=form.candidate,
                candidate_version=whole_number(form.candidate_version.data),
                introducers=form.introducers, **form.dossier,
            )
        )  # fmt: skip
    except RuleBroken as error:
        form.show(error.findings)
        file = file_queries.one(actor, admission_id)
        return _form_page(form, file_queries.cell(file), file), 422
    except Conflict as error:
        file = file_queries.one(actor, admission_id)
        form.version.data, form.candidate_version.data = file.version, file.person.version
        return _form_page(form, file_queries.cell(file), file, error), 409
    return done(_("Đã lưu hồ sơ."), "admissions.show", admission_id=file.id)


def _form_of(actor: Actor, file: Admission) -> FileForm:
    today = clock.today()
    named = file_queries.introducers(actor, file, today)
    form = FileForm(data=values_of(file, file.person, named))
    form.at(file.step, is_readmission=file.is_readmission, is_permitted=file.permitted_on is not None)
    helper = (file.helper_id, file_queries.helper_name(actor, file) or "") if file.helper_id else None
    form.offer(members.roll(actor, file_queries.cell(file), today), named, helper)
    return form


def _known_person(actor: Actor) -> Person | None:
    key = whole_number(request.args.get("person"))
    return members.person(actor, key) if key else None


def _form_page(
    form: FileForm, unit: Unit, file: Admission | None, conflict: Conflict | None = None, before: dict[str, Any] | None = None
) -> str:
    return render_template(
        "admissions/form.html", form=form, unit=unit, file=file, conflict=conflict, before=before,
        labels={name: name for name in conflict.mine} if conflict else {},
        back=url_for("admissions.show", admission_id=file.id) if file else url_for("admissions.index"),
    )  # fmt: skip
