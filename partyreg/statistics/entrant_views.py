"""The doors to the admissions of a period."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import render_template, request, url_for

from ..access import Actor, Permission
from ..errors import NotVisible
from ..i18n import _
from ..tables import Table
from ..web import Page, download
from . import entrant_queries, figures, movement_queries, views
from .entrant_queries import GROUPS, Admissions
from .views import SIZE, Asked, area


def _admissions(actor: Actor, asked: Asked) -> Admissions:
    return entrant_queries.admissions(actor, movement_queries.movement(actor, asked.first, asked.last, asked.place))


def _tables(found: Admissions) -> list[figures.Shown]:
    return [figures.months_table(found), *figures.level_tables(found)]


@area.get("/statistics/admissions", needs=Permission.REPORTS_READ)
def admissions(actor: Actor) -> Any:
    """The admissions of a period: by month and group, by education."""
    asked = views.ask(actor)
    if not asked.sound:
        return render_template("statistics/admissions.html", asked=asked, found=None), 422
    found = _admissions(actor, asked)
    return render_template(
        "statistics/admissions.html", asked=asked, found=found, tables=_tables(found), total=found.total,
        names={group: figures.group_name(group) for group in GROUPS}, may_read=actor.may(Permission.MEMBERS_READ),
    )  # fmt: skip


@area.get("/statistics/admissions.<any(csv, xlsx):kind>", needs=Permission.REPORTS_READ)
def admissions_file(actor: Actor, kind: str) -> Any:
    """One of the tables of admissions as a file."""
    asked = views.sound_ask(actor)
    shown = views.choose(_tables(_admissions(actor, asked)))
    return download(getattr(shown.table, kind)(), f"ket-nap-{shown.key}-{asked.first}-{asked.last}", kind)


class _Listed(NamedTuple):
    asked: Asked
    title: str
    lines: list[movement_queries.Named]
    hidden: int

    def table(self, first: int = 0, size: int | None = None) -> Table:
        lines = self.lines[first : first + (size or len(self.lines))]
        return figures.people_table(self.title, [
            (url_for("office.member", member_id=one.member_id), one.name, one.born_on, one.cell, one.day) for one in lines
        ], _("Ngày kết nạp"))  # fmt: skip


def _listed(actor: Actor) -> _Listed:
    views.reports(actor)
    asked = views.sound_ask(actor)
    group, field = request.args.get("group", "people"), request.args.get("by", "")
    if group not in GROUPS or field not in ("", "qualification", "theory"):
        raise NotVisible("group")
    found = _admissions(actor, asked)
    told = found.members(group, field, request.args.get("level", ""))
    lines = movement_queries.people(actor, found.found, told)
    title = _("Kết nạp") if group == "people" else _("Kết nạp: %(group)s", group=figures.group_name(group))
    return _Listed(asked, title, lines, len(told) - len(lines))


@area.get("/statistics/admissions/people", needs=Permission.REPORTS_READ)
def admissions_people(actor: Actor) -> Any:
    """Who was admitted."""
    listed = _listed(views.reader(actor))
    page = Page(request.args.get("page", 1, type=int), SIZE, len(listed.lines))
    return render_template(
        "statistics/people.html", title=listed.title, subtitle=views.span_words(listed.asked), hidden=listed.hidden, page=page,
        table=listed.table(page.offset, page.size), back=url_for("statistics.admissions", **listed.asked.address),
        back_title=_("Kết nạp trong kỳ"), files="statistics.admissions_people_file", again=views.again(),
        may_export=actor.may(Permission.MEMBERS_EXPORT),
    )  # fmt: skip


@area.get("/statistics/admissions/people.<any(csv, xlsx):kind>", needs=Permission.MEMBERS_EXPORT)
def admissions_people_file(actor: Actor, kind: str) -> Any:
    """The same list as a file."""
    listed = _listed(actor)
    return download(getattr(listed.table(), kind)(), f"ket-nap-nguoi-{listed.asked.first}-{listed.asked.last}", kind)
