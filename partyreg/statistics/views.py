"""The doors to the movement of the membership in a period, its people and its files."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import wtforms
from flask import render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import Forbidden, NotVisible, RuleBroken
from ..i18n import _, label
from ..members.models import Standing
from ..org import former_queries
from ..org import queries as org
from ..org.former_queries import Part, Place, code_of
from ..org.models import Unit
from ..rulebook.finding import Finding, Severity
from ..web import Area, Page, download
from . import figures, movement_queries
from .events import WAYS_IN, WAYS_OUT, MovementLine
from .forms import FIRST_DAY, DayForm, PeriodForm
from .movement_queries import Movement

area = Area("statistics", __name__)

SIZE = 50
#: What addresses call the lines that are sums of others.
_SUMS = {"in": WAYS_IN, "out": WAYS_OUT}
_COLUMNS = {"total": "total", "unknown": None, **{one.value: one for one in Standing}}


class Asked(NamedTuple):
    """The period, unit and former commune of a request, as addresses carry them on; not sound when a day could not be read."""

    form: PeriodForm
    first: dt.date
    last: dt.date
    place: Place | None
    sound: bool

    @property
    def address(self) -> dict[str, Any]:
        """The parameters that ask for the same."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), **place_address(self.place)}


def ask(actor: Actor) -> Asked:
    """The period asked for, this year up to today where none is. Raises NotVisible for a unit out of reach or no former commune."""
    form = PeriodForm(request.args)
    sound = form.validate()
    last = (form.last.data if sound else None) or clock.today()
    first = (form.first.data if sound else None) or max(dt.date(last.year, 1, 1), FIRST_DAY)
    if sound and (fault := form.fault(first, last)):
        sound, form.last.errors = False, [fault]
    first = min(first, last)
    form.first.data, form.last.data = (first, last) if sound else (form.first.data, form.last.data)
    if sound:
        form.first.raw_data = form.last.raw_data = None
    place = place_asked(actor, form, movement_queries.units(actor, first, last))
    return Asked(form, first, last, place, sound)


def place_asked(actor: Actor, form: PeriodForm | DayForm, units: list[Unit]) -> Place | None:
    """The unit or the former commune that the address names, or both; the filter offers those units. Raises NotVisible."""
    unit = unit_asked(actor)
    offer_units(form, units, unit)
    form.former.choices = former_queries.choices()
    return former_queries.asked(form.former.data, unit)


def place_address(place: Place | None) -> dict[str, str | None]:
    """The parameters that ask of the same place."""
    unit = place.unit if isinstance(place, Part) else place
    return {"unit": unit.code if unit else None, "former": code_of(place)}


def unit_asked(actor: Actor) -> Unit | None:
    """The unit that the address names, None where it names none. Raises NotVisible."""
    code = request.args.get("unit") or None
    return org.by_code(actor, code) if code else None


def offer_units(form: PeriodForm | DayForm, units: list[Unit], chosen: Unit | None) -> None:
    """The filter offers those units, and the chosen one even if it lived at another time."""
    known = units if chosen is None or chosen.id in {one.id for one in units} else [*units, chosen]
    form.unit.choices = [wtforms.SelectChoice("", _("Toàn bộ phạm vi")), *(wtforms.SelectChoice(one.code, one.name) for one in known)]
    form.unit.data = chosen.code if chosen else ""


def refuse_unsound(form: PeriodForm | DayForm) -> None:
    """Raises RuleBroken with what is wrong with a filter: a list or a file has no place to show it beside the field."""
    raise RuleBroken([
        Finding(code=f"statistics.{field.name}", field=field.name, severity=Severity.BLOCK, message=str(message))
        for field in form for message in field.errors
    ])  # fmt: skip


def sound_ask(actor: Actor) -> Asked:
    """As `ask`. Raises RuleBroken where the period is not sound."""
    asked = ask(actor)
    if not asked.sound:
        refuse_unsound(asked.form)
    return asked


def reports(actor: Actor) -> None:
    """Raises Forbidden for whoever may export members but takes no reports: a list is part of its table."""
    if not actor.may(Permission.REPORTS_READ):
        raise Forbidden(Permission.REPORTS_READ.value)


def reader(actor: Actor) -> Actor:
    """The actor with the right to read members named. Raises Forbidden for whoever has the figures only."""
    if not actor.may(Permission.MEMBERS_READ):
        raise Forbidden(Permission.MEMBERS_READ.value)
    return actor.using(Permission.MEMBERS_READ)


def choose(tables: list[figures.Shown]) -> figures.Shown:
    """The table that the address names, the first where it names none. Raises NotVisible."""
    key = request.args.get("table") or tables[0].key
    for shown in tables:
        if shown.key == key:
            return shown
    raise NotVisible("table")


def _tables(found: Movement) -> list[figures.Shown]:
    return [figures.movement_table(found), figures.cells_table(found)]


@area.get("/statistics", needs=Permission.REPORTS_READ)
def index(actor: Actor) -> Any:
    """The movement of a period, and who does not fit."""
    asked = ask(actor)
    if not asked.sound:
        return render_template("statistics/movement.html", asked=asked, found=None), 422
    found = movement_queries.movement(actor, asked.first, asked.last, asked.place)
    odd = found.members(MovementLine.DIFFERENCE)
    return render_template(
        "statistics/movement.html", asked=asked, found=found, tables=_tables(found), odd=len(odd),
        odd_people=movement_queries.people(reader(actor), found, odd) if odd and actor.may(Permission.MEMBERS_READ) else [],
        may_read=actor.may(Permission.MEMBERS_READ),
    )  # fmt: skip


@area.get("/statistics/movement.<any(csv, xlsx):kind>", needs=Permission.REPORTS_READ)
def movement_file(actor: Actor, kind: str) -> Any:
    """One of the movement's tables as a file."""
    asked = sound_ask(actor)
    shown = choose(_tables(movement_queries.movement(actor, asked.first, asked.last, asked.place)))
    return download(getattr(shown.table, kind)(), f"{shown.key}-{asked.first}-{asked.last}", kind)


class _Listed(NamedTuple):
    asked: Asked
    title: str
    lines: list[movement_queries.Named]
    hidden: int
    day: str | None

    def table(self, lines: list[movement_queries.Named]) -> Any:
        """The people as a table, each leading to her record."""
        return figures.people_table(self.title, [
            (url_for("office.member", member_id=one.member_id), one.name, one.born_on, one.cell, *([one.day] if self.day else ()))
            for one in lines
        ], self.day)  # fmt: skip


def _listed(actor: Actor) -> _Listed:
    reports(actor)
    asked = sound_ask(actor)
    key = request.args.get("line", "closing")
    try:
        asked_lines, column = _SUMS.get(key) or (MovementLine(key),), _COLUMNS[request.args.get("standing", "total")]
    except (ValueError, KeyError):
        raise NotVisible("line") from None
    found = movement_queries.movement(actor, asked.first, asked.last, asked.place)
    told = [one for line in asked_lines for one in found.members(line, column)]
    lines = movement_queries.people(actor, found, told)
    ends = asked_lines[0] in (MovementLine.OPENING, MovementLine.CLOSING, MovementLine.DIFFERENCE)
    words = {"in": _("Tăng trong kỳ"), "out": _("Giảm trong kỳ")}.get(key) or label(asked_lines[0])
    if column != "total":
        words += f", {label(column) if isinstance(column, Standing) else _('Chưa rõ tư cách')}"
    return _Listed(asked, words, lines, len(told) - len(lines), None if ends else _("Ngày"))


@area.get("/statistics/movement/people", needs=Permission.REPORTS_READ)
def movement_people(actor: Actor) -> Any:
    """Who stands behind a figure of the movement."""
    listed = _listed(reader(actor))
    page = Page(request.args.get("page", 1, type=int), SIZE, len(listed.lines))
    return render_template(
        "statistics/people.html", title=listed.title, subtitle=span_words(listed.asked), hidden=listed.hidden, page=page,
        table=listed.table(listed.lines[page.offset : page.offset + page.size]), back=url_for("statistics.index", **listed.asked.address),
        back_title=_("Biến động đảng viên"), files="statistics.movement_people_file", again=again(),
        may_export=actor.may(Permission.MEMBERS_EXPORT),
    )  # fmt: skip


@area.get("/statistics/movement/people.<any(csv, xlsx):kind>", needs=Permission.MEMBERS_EXPORT)
def movement_people_file(actor: Actor, kind: str) -> Any:
    """The same list as a file."""
    listed = _listed(actor)
    return download(getattr(listed.table(listed.lines), kind)(), f"nguoi-{listed.asked.first}-{listed.asked.last}", kind)


def again() -> dict[str, str]:
    """What the address asks for, to ask the same of another door; parameters that the doors do not know are left out."""
    return {key: request.args[key] for key in ("from", "to", "on", "unit", "former", "line", "standing", "group", "by", "level", "sex")
            if request.args.get(key)}  # fmt: skip


def span_words(asked: Asked) -> str:
    """Period and unit in words."""
    unit = asked.place.name if asked.place else _("Toàn bộ phạm vi")
    return _("%(unit)s, từ %(first)s đến hết %(last)s", unit=unit, first=f"{asked.first:%d/%m/%Y}", last=f"{asked.last:%d/%m/%Y}")
