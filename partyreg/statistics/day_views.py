"""The doors to the membership on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import render_template, request, url_for

from .. import charts, clock
from ..access import Actor, Permission
from ..errors import NotVisible
from ..i18n import _, label
from ..members.models import Sex
from ..org.former_queries import Place
from ..tables import Table
from ..web import Page, download
from . import day_queries, figures, movement_queries, views
from .day_queries import Dimension, Group, Snapshot, Who
from .forms import DayForm
from .views import SIZE, area


class _Asked(NamedTuple):
    form: DayForm
    on: dt.date
    place: Place | None
    by: Dimension
    sound: bool

    @property
    def address(self) -> dict[str, Any]:
        """The parameters that ask for the same."""
        return {"on": self.on.isoformat(), **views.place_address(self.place)}


def _ask(actor: Actor) -> _Asked:
    form = DayForm(request.args)
    sound = form.validate()
    on = (form.on.data if sound else None) or clock.today()
    if sound:
        form.on.data, form.on.raw_data = on, None
    place = views.place_asked(actor, form, movement_queries.units(actor, on, on))
    try:
        by = Dimension(request.args.get("by") or Dimension.THEORY)
    except ValueError:
        raise NotVisible("dimension") from None
    return _Asked(form, on, place, by, sound)


def _sound_ask(actor: Actor) -> _Asked:
    asked = _ask(actor)
    if not asked.sound:
        views.refuse_unsound(asked.form)
    return asked


def _tables(found: Snapshot, by: Dimension) -> list[figures.Shown]:
    return [*(figures.dimension_table(found, one) for one in Dimension), figures.cross_table(found, by)]


@area.get("/statistics/day", needs=Permission.REPORTS_READ)
def day(actor: Actor) -> Any:
    """The membership on a day, divided in every way."""
    asked = _ask(actor)
    if not asked.sound:
        return render_template("statistics/day.html", asked=asked, found=None), 422
    found = day_queries.snapshot(actor, asked.on, asked.place)
    return render_template(
        "statistics/day.html", asked=asked, found=found, tables=_tables(found, asked.by), pyramid=_pyramid(found.of(Dimension.AGE)),
        dimensions=list(Dimension), may_read=actor.may(Permission.MEMBERS_READ),
    )  # fmt: skip


def _pyramid(ages: Sequence[Group]) -> charts.Chart:
    bands = [f"{group.key}–{int(group.key) + 4}" for group in ages]
    return charts.pyramid(
        _("Tháp tuổi theo giới tính"), bands, [group.male for group in ages], [group.female for group in ages], name="ages"
    )


@area.get("/statistics/day.<any(csv, xlsx):kind>", needs=Permission.REPORTS_READ)
def day_file(actor: Actor, kind: str) -> Any:
    """One of the day's tables as a file."""
    asked = _sound_ask(actor)
    shown = views.choose(_tables(day_queries.snapshot(actor, asked.on, asked.place), asked.by))
    name = f"{asked.by.value}-{shown.key}" if shown.key == "cells" else shown.key
    return download(getattr(shown.table, kind)(), f"{name}-{asked.on}", kind)


class _Listed(NamedTuple):
    asked: _Asked
    title: str
    cells: dict[int, str]
    people: list[Who]

    def table(self, first: int = 0, size: int | None = None) -> Table:
        """The people as a table, each leading to her record."""
        lines = self.people[first : first + (size or len(self.people))]
        return figures.people_table(self.title, [
            (url_for("office.member", member_id=one.member_id), one.name, one.born_on, self.cells[one.unit_id]) for one in lines
        ])  # fmt: skip


def _listed(actor: Actor) -> _Listed:
    views.reports(actor)
    asked = _sound_ask(actor)
    group, sex = request.args.get("group", ""), request.args.get("sex", "")
    if sex not in ("", *Sex):
        raise NotVisible("sex")
    found = day_queries.snapshot(actor, asked.on, asked.place)
    words = dict(found.groups(asked.by)).get(group)
    title = f"{label(asked.by)}: {words or '–'}" if group else _("Đảng viên")
    people = found.members(asked.by if group else None, group, Sex(sex) if sex else None)
    return _Listed(asked, title, {cell.id: cell.name for cell in found.cells}, people)


@area.get("/statistics/day/people", needs=Permission.REPORTS_READ)
def day_people(actor: Actor) -> Any:
    """Who stands behind a figure of the day."""
    listed = _listed(views.reader(actor))
    page = Page(request.args.get("page", 1, type=int), SIZE, len(listed.people))
    unit = listed.asked.place.name if listed.asked.place else _("Toàn bộ phạm vi")
    return render_template(
        "statistics/people.html", title=listed.title, page=page, hidden=0,
        subtitle=_("%(unit)s, đến hết %(day)s", unit=unit, day=f"{listed.asked.on:%d/%m/%Y}"),
        table=listed.table(page.offset, page.size), back=url_for("statistics.day", **listed.asked.address),
        back_title=_("Cơ cấu đảng viên"), files="statistics.day_people_file", again=views.again(),
        may_export=actor.may(Permission.MEMBERS_EXPORT),
    )  # fmt: skip


@area.get("/statistics/day/people.<any(csv, xlsx):kind>", needs=Permission.MEMBERS_EXPORT)
def day_people_file(actor: Actor, kind: str) -> Any:
    """The same list as a file."""
    listed = _listed(actor)
    return download(getattr(listed.table(), kind)(), f"nguoi-{listed.asked.on}", kind)
