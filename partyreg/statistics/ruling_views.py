"""The doors to the disciplines of a period: figures for whoever may see cases, and no name without a trace."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request, url_for

from ..access import Actor, Permission
from ..discipline import actions as discipline
from ..errors import NotVisible
from ..forms import whole_number
from ..i18n import _, label
from ..rulebook.discipline import Content, Decider, Form
from ..web import Page, download
from . import ruling_queries, ruling_tables, views
from .ruling_queries import Asked, Rulings
from .views import SIZE, area

E = TypeVar("E", bound=StrEnum)


def _rulings(actor: Actor, asked: views.Asked) -> Rulings:
    return ruling_queries.rulings(actor, asked.first, asked.last, asked.place)


@area.get("/statistics/discipline", needs=Permission.DISCIPLINE_READ)
def rulings(actor: Actor) -> Any:
    """The disciplines of a period, in figures only."""
    asked = views.ask(actor)
    if not asked.sound:
        return render_template("statistics/discipline.html", asked=asked, found=None), 422
    found = _rulings(actor, asked)
    return render_template("statistics/discipline.html", asked=asked, found=found, tables=ruling_tables.tables(found))


@area.get("/statistics/discipline.<any(csv, xlsx):kind>", needs=Permission.DISCIPLINE_READ)
def rulings_file(actor: Actor, kind: str) -> Any:
    """One of the tables as a file."""
    asked = views.sound_ask(actor)
    shown = views.choose(ruling_tables.tables(_rulings(actor, asked)))
    return download(getattr(shown.table, kind)(), f"ky-luat-{shown.key}-{asked.first}-{asked.last}", kind)


def _one_of(kind: type[E], name: str) -> E | None:
    try:
        return kind(request.args[name]) if request.args.get(name) else None
    except ValueError:
        raise NotVisible(name) from None


def _narrowed() -> Asked:
    """Which decisions the address asks for. Raises NotVisible for what is no form, content, body or kind."""
    who = request.args.get("who", "")
    if who not in ("", "members", "organisations"):
        raise NotVisible("who")
    year = whole_number(request.args.get("year")) if request.args.get("year") else None
    return Asked(
        who == "organisations" if who else None, _one_of(Form, "form"), _one_of(Content, "content"), _one_of(Decider, "body"), year
    )  # fmt: skip


def _words(wanted: Asked) -> str:
    who = {None: _("Quyết định kỷ luật"), True: _("Kỷ luật tổ chức đảng"), False: _("Kỷ luật đảng viên")}[wanted.organisations]
    parts = [label(one) for one in (wanted.form, wanted.content, wanted.body) if one is not None]
    return ": ".join([who, ", ".join([*parts, *([str(wanted.year)] if wanted.year is not None else [])])]).removesuffix(": ")


@area.watched("/statistics/discipline/cases", needs=Permission.DISCIPLINE_READ)
def ruling_cases(actor: Actor) -> Any:
    """The decisions behind a figure, with names; that the actor looked is on record where there was any."""
    asked, wanted = views.sound_ask(actor), _narrowed()
    found = _rulings(actor, asked).those(wanted)
    if found:
        discipline.read_list(actor)
    page = Page(request.args.get("page", 1, type=int), SIZE, len(found))
    shown = ruling_queries.named(actor, found[page.offset : page.offset + page.size])
    return render_template(
        "statistics/cases.html", title=_words(wanted), subtitle=views.span_words(asked), page=page,
        table=ruling_tables.cases_table(_words(wanted), shown), back=url_for("statistics.rulings", **asked.address),
    )  # fmt: skip
