"""The doors through which a member's life is recorded: moves, recognition, exemption, offices, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template

from .. import clock, web
from ..access import Actor, Permission
from ..errors import RuleBroken
from ..i18n import _
from ..org import queries as units
from ..org.scope import one
from . import actions, queries
from .forms import AbeyanceForm, EndForm, LeaveForm, PositionForm, TransferForm
from .models import Abeyance, Member, Position, PostingKind
from .views import area, unit_choices


def _act(form: Any, member: Member, title: str, deed: Callable[[], object], said: str) -> Any:
    """Show the form, or do the deed and go back to the member; what the law refuses stands beside its field."""
    if form.validate_on_submit():
        try:
            deed()
        except RuleBroken as refusal:
            form.show(refusal.findings)
        else:
            return web.done(said, "office.member", member_id=member.id)
    status = 422 if form.is_submitted() else 200
    return render_template("members/deed.html", form=form, member=member, title=title), status


@area.form("/members/<int:member_id>/transfer", needs=Permission.MEMBERS_EDIT)
def transfer(actor: Actor, member_id: int) -> Any:
    """The member moves to another cell, for good or for a time."""
    member = queries.member(actor, member_id)
    form = TransferForm()
    cells = {cell.code: cell for cell in units.cells(actor, clock.today())}
    form.to.choices = unit_choices(list(cells.values()), _("— chọn —"))

    def move() -> object:
        to = cells[form.to.data]
        if form.kind.data is PostingKind.TEMPORARY:
            return actions.post_temporarily(actor, member, to=to, on=form.on.data, until=form.until.data, paper=form.paper.data)
        return actions.transfer(actor, member, to=to, on=form.on.data, paper=form.paper.data)

    return _act(form, member, _("Chuyển sinh hoạt đảng"), move, _("Đã ghi việc chuyển sinh hoạt."))


@area.form("/members/<int:member_id>/leave", needs=Permission.MEMBERS_EDIT)
def leave(actor: Actor, member_id: int) -> Any:
    """The member leaves the organisation, one of the five ways."""
    member = queries.member(actor, member_id)
    form = LeaveForm()
    return _act(form, member, _("Ra khỏi đảng bộ"),
                lambda: actions.leave(actor, member, exit=form.exit.data, on=form.on.data, paper=form.paper.data),
                _("Đã ghi việc ra khỏi đảng bộ."))  # fmt: skip


@area.form("/members/<int:member_id>/abeyance", needs=Permission.MEMBERS_EDIT)
def abeyance(actor: Actor, member_id: int) -> Any:
    """The member is exempted from activities, or suspended."""
    member = queries.member(actor, member_id)
    form = AbeyanceForm()
    return _act(form, member, _("Miễn hoặc đình chỉ sinh hoạt"),
                lambda: actions.hold_in_abeyance(actor, member, kind=form.kind.data, on=form.on.data, reason=form.reason.data,
                                                 paper=form.paper.data), _("Đã ghi tình trạng sinh hoạt."))  # fmt: skip


@area.form("/members/<int:member_id>/abeyance/<int:abeyance_id>/end", needs=Permission.MEMBERS_EDIT)
def lift(actor: Actor, member_id: int, abeyance_id: int) -> Any:
    """The exemption or suspension ends."""
    member = queries.member(actor, member_id)
    held = one(Abeyance, actor, Abeyance.id == abeyance_id, Abeyance.member_id == member_id, Abeyance.ended_on.is_(None))
    form = EndForm()
    return _act(form, member, _("Kết thúc miễn hoặc đình chỉ sinh hoạt"), lambda: actions.lift(actor, held, on=form.on.data),
                _("Đã ghi ngày kết thúc."))  # fmt: skip


@area.form("/members/<int:member_id>/position", needs=Permission.MEMBERS_EDIT)
def appoint(actor: Actor, member_id: int) -> Any:
    """The member takes an office in a body."""
    member = queries.member(actor, member_id)
    form = PositionForm()
    found = {unit.code: unit for unit in units.tree(actor, clock.today())}
    form.unit.choices = unit_choices(list(found.values()), _("— chọn —"))
    return _act(form, member, _("Giữ chức vụ"),
                lambda: actions.appoint(actor, member.person, unit=found[form.unit.data], body=form.body.data, title=form.title.data,
                                        on=form.on.data, term=form.term.data or None, paper=form.paper.data),
                _("Đã ghi chức vụ."))  # fmt: skip


@area.form("/members/<int:member_id>/position/<int:position_id>/end", needs=Permission.MEMBERS_EDIT)
def relieve(actor: Actor, member_id: int, position_id: int) -> Any:
    """The office ends."""
    member = queries.member(actor, member_id)
    position = one(Position, actor, Position.id == position_id, Position.person_id == member_id, Position.ended_on.is_(None))
    form = EndForm()
    return _act(
        form,
        member,
        _("Thôi giữ chức vụ"),
        lambda: actions.relieve(actor, position, on=form.on.data),
        _("Đã ghi ngày thôi."),
    )


@area.form("/units/<code>/dissolve", needs=Permission.UNITS_EDIT)
def close_cell(actor: Actor, code: str) -> Any:
    """A cell ends, once its members have gone elsewhere."""
    unit = units.by_code(actor, code)
    form = EndForm(data={"on": clock.today()})
    if form.validate_on_submit():
        try:
            actions.close_cell(actor, unit, on=form.on.data)
        except RuleBroken as refusal:
            form.show(refusal.findings)
        else:
            return web.done(_("Đã ghi ngày kết thúc."), "office.unit", code=unit.code)
    status = 422 if form.is_submitted() else 200
    return render_template("org/edit.html", form=form, unit=unit, title=_("Giải thể: %(name)s", name=unit.name)), status
