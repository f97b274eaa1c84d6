"""The doors to discipline that show no single case: the list, a new case, one from its paper, the numbers of a period."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import render_template, request

from .. import clock
from ..access import Actor, Permission
from ..errors import NotVisible, RuleBroken
from ..forms import whole_number
from ..i18n import _, fmt_date
from ..inspections import queries as inspections
from ..inspections.models import Inspection, InspectionSubject
from ..members import queries as members
from ..names import fold
from ..org.models import Unit
from ..org.scope import one
from ..rulebook.discipline import Decider
from ..rulebook.inspection import InspectionKind
from ..web import Area, Page, done
from . import actions, effect_queries, queries
from .forms import FilterForm, FromPaperForm, NewCaseForm, PeriodForm
from .models import Source

area = Area("discipline", __name__)

_KINDS = {"members": False, "organisations": True}


@area.watched("/discipline", needs=Permission.DISCIPLINE_READ)
def index(actor: Actor) -> Any:
    """The cases that the actor may see, narrowed as the address says; that she looked is on record where there was any."""
    form = FilterForm(formdata=request.args, meta={"csrf": False})
    sound = form.validate()
    kind = request.args.get("kind", "")
    wanted = queries.Filters(
        stage=form.stage.data if not form.stage.errors else None,
        form=form.form.data if not form.form.errors else None,
        organisations=_KINDS.get(kind),
        q=fold(form.q.data or "") if not form.q.errors else "",
    )
    rows = queries.cases(actor, clock.today(), wanted)
    if rows:
        actions.read_list(actor)
    page = Page(request.args.get("page", 1, int), 50, len(rows))
    text = render_template(
        "discipline/index.html", form=form, kind=kind if kind in _KINDS else "", page=page,
        rows=rows[page.offset : page.offset + page.size],
        may_keep=actor.may(Permission.DISCIPLINE_KEEP), of_commune=queries.is_of_the_commune(actor),
    )  # fmt: skip
    return text, 200 if sound else 422


@area.watched("/discipline/of/<int:member_id>", needs=Permission.DISCIPLINE_READ)
def of_member(actor: Actor, member_id: int) -> Any:
    """A member's cases that the actor may see, and what they hold up today; each is on record as read. Nobody is shown her own."""
    found = members.member(actor, member_id)
    if member_id == actor.member_id:
        raise NotVisible(str(member_id))
    day = clock.today()
    rows = queries.cases(actor, day, queries.Filters(member_id=member_id))
    for row in rows:
        actions.read_case(actor, queries.case(actor, row.id))
    held = effect_queries.effects_on(actor, member_id, day)
    return render_template("discipline/member.html", member=found, rows=rows, effects=held, day=day)


def _subject(actor: Actor, form: Any) -> dict[str, Any]:
    """What was violated, and the member or the organisation that was chosen, among those in the actor's reach. Raises NotVisible."""
    chosen: dict[str, Any] = {"content": form.violation.data}
    if form.member.data:
        chosen["member"] = members.member(actor, int(form.member.data))
    if form.organisation.data:
        chosen["organisation"] = one(Unit, actor, Unit.id == int(form.organisation.data))
    return chosen


def _offer(actor: Actor, form: NewCaseForm | FromPaperForm) -> None:
    day, of_commune = clock.today(), queries.is_of_the_commune(actor)
    form.offer(queries.candidates(actor, day), queries.organisations(actor, day) if of_commune else [])


def _inspected(actor: Actor, key: str | None) -> tuple[InspectionSubject, Inspection] | None:
    """The line of an inspection, and the inspection, from which a case is to come; None without one. Raises NotVisible."""
    if not key:
        return None
    if not actor.may(Permission.INSPECTIONS_READ):
        raise NotVisible(key)
    return inspections.subject(actor.using(Permission.INSPECTIONS_READ), whole_number(key))


def _prefill(form: NewCaseForm, subject: InspectionSubject, inspection: Inspection) -> None:
    form.inspected.data = str(subject.id)
    form.source.data = Source.SIGNS if inspection.kind is InspectionKind.SIGNS else Source.INSPECTION
    if subject.person_id is not None:
        form.member.data = str(subject.person_id)
    else:
        form.organisation.data, form.body.data = str(subject.unit_id), Decider.STANDING
    if inspection.conclusion_on is not None:
        form.paper.data = _("%(number)s ngày %(day)s", number=inspection.conclusion_number, day=fmt_date(inspection.conclusion_on))


@area.form("/discipline/new", needs=Permission.DISCIPLINE_KEEP)
def new(actor: Actor) -> Any:
    """A case is opened; `member` in the address names whom it is about, `inspected` the line of an inspection
    that it comes from."""
    form = NewCaseForm()
    _offer(actor, form)
    of_commune = queries.is_of_the_commune(actor)
    if request.method == "GET":
        form.opened_on.data, form.body.data = clock.today(), Decider.COMMISSION if of_commune else Decider.CELL
        if found := _inspected(actor, request.args.get("inspected")):
            _prefill(form, *found)
        elif asked := whole_number(request.args.get("member")):
            form.member.data = str(asked)
    if form.validate_on_submit():
        names = ("source", "acted_on", "body", "opened_on", "paper", "is_superior_task")
        found = _inspected(actor, form.inspected.data)
        try:
            case = actions.open_case(
                actor, **_subject(actor, form), **{name: form[name].data for name in names}, inspection=found[1] if found else None
            )
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return done(_("Đã lập vụ việc."), "discipline.show", case_id=case.id)
    page = render_template("discipline/new.html", form=form, from_paper=False, of_commune=of_commune)
    return page, 422 if form.is_submitted() else 200


@area.form("/discipline/new/paper", needs=Permission.DISCIPLINE_KEEP)
def new_from_paper(actor: Actor) -> Any:
    """A discipline known from its paper is entered."""
    form = FromPaperForm()
    _offer(actor, form)
    if form.validate_on_submit():
        names = ("source", "acted_on", "body", "form", "issuer", "number", "signed_on", "published_on", "delivered_on")
        try:
            case = actions.enter_decided(actor, **_subject(actor, form), **{name: form[name].data for name in names})
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return done(_("Đã ghi quyết định kỷ luật."), "discipline.show", case_id=case.id)
    page = render_template("discipline/new.html", form=form, from_paper=True, of_commune=queries.is_of_the_commune(actor))
    return page, 422 if form.is_submitted() else 200


@area.get("/discipline/figures", needs=Permission.DISCIPLINE_READ)
def figures(actor: Actor) -> Any:
    """Counts by form, body, content and cell over a period: this year unless told."""
    form = PeriodForm(formdata=request.args, meta={"csrf": False})
    sound, today = form.validate(), clock.today()
    first = (form.first.data if not form.first.errors else None) or dt.date(today.year, 1, 1)
    last = (form.last.data if not form.last.errors else None) or today
    told = effect_queries.figures(actor, first, last)
    return render_template("discipline/figures.html", form=form, first=first, last=last, figures=told), 200 if sound else 422
