"""The pages of cadre planning: the entries of a term, a new one, the end of one, and the list as a file."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from .. import clock, web
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, RuleBroken
from ..forms import whole_number
from ..i18n import _
from ..members import queries as members
from ..names import nfc
from ..tables import Column, Row, Table
from ..web import download
from . import planning_actions as actions
from . import planning_queries as queries
from .planning_forms import EndForm, PlanningForm
from .views import area

_SIZE = 50


def _words() -> str:
    return nfc(request.args.get("q", "").replace("\0", ""))[:100]


def _asked(actor: Actor) -> tuple[int | None, bool, list[queries.Line]]:
    first = whole_number(request.args.get("term")) or None
    running = request.args.get("state") == "running"
    return first, running, queries.entries(actor, first, _words(), running)


@area.get("/staff/planning", needs=Permission.STAFF_READ)
def planning(actor: Actor) -> str:
    """The entries, narrowed as the address says."""
    first, running, lines = _asked(actor)
    page = web.Page(request.args.get("page", 1, int), _SIZE, len(lines))
    return render_template(
        "staff/planning.html", lines=lines[page.offset : page.offset + page.size], page=page, terms=queries.terms(actor), term=first,
        running=running, words=_words(), may_edit=actor.may(Permission.STAFF_EDIT),
        address={"term": first, "state": "running" if running else None, "q": _words() or None},
    )  # fmt: skip


@area.get("/staff/planning.<any(csv, xlsx):kind>", needs=Permission.STAFF_READ)
def planning_file(actor: Actor, kind: str) -> Any:
    """The same list as a file."""
    _first, _running, lines = _asked(actor)
    columns = [
        Column("number", _("STT"), "number", 6), Column("name", _("Họ và tên"), width=30),
        Column("post", _("Chức danh quy hoạch"), width=40), Column("term", _("Nhiệm kỳ"), width=12),
        Column("issuer", _("Cơ quan phê duyệt"), width=36), Column("approved_on", _("Ngày phê duyệt"), "date"),
        Column("paper", _("Số quyết định"), width=18),
        Column("ended_on", _("Đưa ra khỏi quy hoạch"), "date"), Column("because", _("Lý do"), width=30),
    ]  # fmt: skip
    rows = [
        Row((number, one.row.person.full_name, one.row.post, f"{one.row.first_year}–{one.row.last_year}", one.row.issuer,
             one.row.approved_on, one.row.paper, one.row.ended_on, one.row.ended_because))
        for number, one in enumerate(lines, start=1)
    ]  # fmt: skip
    table = Table(_("Quy hoạch cán bộ"), columns, rows)
    return download(table.csv() if kind == "csv" else table.xlsx(), "quy-hoach-can-bo", kind)


@area.form("/staff/planning/new", needs=Permission.STAFF_EDIT)
def new_planning(actor: Actor) -> Any:
    """Somebody whom the address names (`person`) or who is searched for (`q`) is planned for a post."""
    asked = request.args.get("person")
    chosen = members.person(actor, whole_number(asked)) if asked else None
    form = PlanningForm()
    if request.method == "GET":
        form.first_year.data, form.last_year.data = clock.today().year, clock.today().year + 5
    if chosen is not None and form.validate_on_submit():
        try:
            actions.approve(actor, chosen, **{name: value for name, value in form.data.items() if name != "csrf_token"})
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã ghi quy hoạch của %(name)s.", name=chosen.full_name), "staff.planning")
    page = render_template(
        "staff/planning_new.html", form=form, chosen=chosen, words=_words(),
        found=queries.offered(actor, _words()) if chosen is None else (), most=queries.OFFERED,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@area.form("/staff/planning/<int:planning_id>/end", needs=Permission.STAFF_EDIT)
def end_planning(actor: Actor, planning_id: int) -> Any:
    """An entry ends, with its reason."""
    entry, form, conflict, status = queries.entry(actor, planning_id), EndForm(), None, 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                actions.end(actor, entry, whole_number(form.version.data), on=form.on.data, because=form.because.data or "")
            except RuleBroken as refused:
                form.show(refused.findings)
            except Conflict as stale:
                db.session.rollback()
                entry, conflict, status = queries.entry(actor, planning_id), stale, 409
            else:
                return web.done(_("Đã đưa ra khỏi quy hoạch."), "staff.planning")
    if conflict or not form.version.data:
        form.version.data, form.version.raw_data = str(entry.version), None
    return render_template("staff/planning_end.html", form=form, entry=entry, conflict=conflict), status
