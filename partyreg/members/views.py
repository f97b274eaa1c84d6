"""The doors to members: the list, a new member, editing a record."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import redirect, render_template, request, url_for

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, RuleBroken
from ..forms import whole_number
from ..i18n import _, fmt_date, label
from ..org import queries as units
from ..org.models import CELLS, Unit, UnitKind
from ..tables import text_of
from . import actions, listing, queries
from .forms import ETHNICITIES, STANDING_CHOICES, FilterForm, MemberForm, NewMemberForm
from .models import AbeyanceKind, Sex, Standing

area = web.Area("members", __name__)

PERSON_FIELDS = (
    "full_name", "other_name", "sex", "born_on", "ethnicity", "religion", "personal_number", "birthplace", "home_town", "residence",
    "occupation", "schooling", "qualification", "theory",
)  # fmt: skip
MEMBER_FIELDS = (
    "decided_on",
    "decision_number",
    "ceremony_on",
    "full_on",
    "card_number",
    "card_issued_on",
    "file_number",
)


def unit_choices(found: list[Unit], empty: Any = None) -> list[wtforms.SelectChoice]:
    """Units as choices by their codes."""
    first = [wtforms.SelectChoice("", str(empty))] if empty is not None else []
    return [*first, *(wtforms.SelectChoice(unit.code, unit.name) for unit in found)]


def _filters(actor: Actor) -> tuple[FilterForm, listing.Filters, bool]:
    """The form as sent, what it asks for, and whether it is sound; an unsound part is left out of the question."""
    form = FilterForm(formdata=request.args, meta={"csrf": False})
    tree = [unit for unit in units.tree(actor, clock.today()) if unit.kind in CELLS or unit.kind is UnitKind.COMMUNE]
    form.unit.choices = unit_choices(tree, _("Tất cả"))
    form.standing.choices = [wtforms.SelectChoice(value, str(text)) for value, text in STANDING_CHOICES]
    known = listing.ethnicities(actor)
    form.ethnicity.choices = [
        wtforms.SelectChoice("", _("Tất cả")),
        *(wtforms.SelectChoice(name, name) for name in known),
    ]
    for field in (form.unit, form.standing, form.ethnicity):
        field.data = request.args.get(field.name, "")
    sound = form.validate()
    bad = set(form.errors)
    standing = form.standing.data or ""
    wanted = listing.Filters(
        on=form.on.data if form.on.data and "on" not in bad else clock.today(),
        q=(form.q.data or "") if "q" not in bad else "",
        unit=next((unit for unit in tree if unit.code == form.unit.data), None),
        standing=Standing(standing) if standing in set(Standing) else None,
        abeyance=AbeyanceKind(standing) if standing in set(AbeyanceKind) else None,
        left=standing == "left",
        sex=form.sex.data if "sex" not in bad else None,
        ethnicity=(form.ethnicity.data or "") if "ethnicity" not in bad else "",
        age_from=form.age_from.data if "age_from" not in bad else None,
        age_to=form.age_to.data if "age_to" not in bad else None,
    )
    return form, wanted, sound


def _asked(form: FilterForm) -> dict[str, Any]:
    """What the address asks for, to ask the same of another door; nothing that the form does not know."""
    return {name: value for name, value in request.args.items() if value and name in form}


@area.get("/members", needs=Permission.MEMBERS_READ)
def index(actor: Actor) -> Any:
    """The list of members, narrowed as the address says."""
    form, wanted, sound = _filters(actor)
    page = web.Page(request.args.get("page", 1, int), 50, listing.count(actor, wanted))
    words = {member: label(member) for member in (*Sex, *Standing, None)}
    rows = [
        (row.id, row.full_name, fmt_date(row.born_on), words[row.sex], row.ethnicity, row.unit, words[row.standing],
         fmt_date(row.ceremony_on), row.card_number or "") for row in listing.rows(actor, wanted, offset=page.offset, limit=page.size)
    ]  # fmt: skip
    text = render_template("members/index.html", form=form, wanted=wanted, rows=rows, page=page, again=_asked(form), member_url="/members/")
    return text, 200 if sound else 422


@area.get("/members/export.<any(csv, xlsx):ending>", needs=Permission.MEMBERS_EXPORT)
def export(actor: Actor, ending: str) -> Any:
    """The list as a file: exactly the rows that the same address shows; what it refuses there is no file here."""
    form, wanted, sound = _filters(actor)
    if not sound:
        return redirect(url_for("members.index", **_asked(form)))
    table = listing.table(actor, wanted)
    return web.download(getattr(table, ending)(), f"dang-vien-{wanted.on.isoformat()}", ending)


def _values(form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: form[name].data for name in names}


@area.form("/members/new", needs=Permission.MEMBERS_EDIT)
def new(actor: Actor) -> Any:
    """A member known from papers is entered."""
    form = NewMemberForm()
    cells = units.cells(actor, clock.today())
    form.unit.choices = unit_choices(cells, _("— chọn —"))
    if request.method == "GET":
        form.unit.data = request.args.get("unit", "")
    if form.validate_on_submit():
        unit = next(cell for cell in cells if cell.code == form.unit.data)
        try:
            person = actions.register_person(actor, unit=unit, **_values(form, PERSON_FIELDS))
            facts = _values(form, MEMBER_FIELDS)
            actions.enrol(actor, person=person, unit=unit, posted_on=form.posted_on.data, **facts)
        except RuleBroken as refusal:
            form.show(refusal.findings)
        else:
            return web.done(_("Đã thêm đảng viên %(name)s.", name=person.full_name), "office.member", member_id=person.id)
    status = 422 if form.is_submitted() else 200
    return render_template("members/edit.html", form=form, member=None, ethnicities=ETHNICITIES), status


@area.form("/members/<int:member_id>/edit", needs=Permission.MEMBERS_EDIT)
def edit(actor: Actor, member_id: int) -> Any:
    """A member's record is edited; whoever saves second sees what the first one changed."""
    member = queries.member(actor, member_id)
    person = member.person
    form = MemberForm(data=_values_of(member) if request.method == "GET" else None)
    if request.method == "GET":
        form.version.data, form.member_version.data = str(person.version), str(member.version)
    if form.validate_on_submit():
        try:
            _save(actor, member, form)
        except RuleBroken as refusal:
            db.session.rollback()
            form.show(refusal.findings)
        except Conflict as conflict:
            db.session.rollback()
            return _conflict_page(actor, member_id, form, conflict)
        else:
            return web.done(_("Đã lưu hồ sơ."), "office.member", member_id=member_id)
        person = queries.member(actor, member_id).person
    status = 422 if form.is_submitted() else 200
    return render_template("members/edit.html", form=form, member=member, person=person, ethnicities=ETHNICITIES), status


def _save(actor: Actor, member: Any, form: MemberForm) -> None:
    """Both rows, or neither: the request is committed once."""
    actions.edit_person(actor, member.person, whole_number(form.version.data), **_values(form, PERSON_FIELDS))
    actions.edit_member(actor, member, whole_number(form.member_version.data), **_values(form, MEMBER_FIELDS))


def _values_of(member: Any) -> dict[str, Any]:
    return {name: getattr(member.person, name) for name in PERSON_FIELDS} | {name: getattr(member, name) for name in MEMBER_FIELDS}


def _conflict_page(actor: Actor, member_id: int, form: MemberForm, conflict: Conflict) -> Any:
    """What stands beside what was typed; saving again from here is a choice made with open eyes."""
    member = queries.member(actor, member_id)
    stands = _values_of(member)
    names = [name for name in (*PERSON_FIELDS, *MEMBER_FIELDS) if form[name].data != stands[name]]
    form.version.data, form.member_version.data = str(member.person.version), str(member.version)
    form.version.raw_data = form.member_version.raw_data = None
    return render_template(
        "members/edit.html", form=form, member=member, person=member.person, ethnicities=ETHNICITIES, conflict=str(conflict),
        mine={name: text_of(form[name].data) for name in names}, theirs={name: text_of(stands[name]) for name in names},
        labels={name: form[name].label.text for name in names},
    ), 409  # fmt: skip
