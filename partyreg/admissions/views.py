"""The board of admission files, and the review of a cell's list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import render_template, request

from .. import clock
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..forms import whole_number
from ..i18n import _, label, said
from ..org import queries as org
from ..org.models import Unit
from ..rulebook.admission import ENDS, OPEN, Step
from ..web import Area, Page, done
from . import actions, file_queries, queries
from .course import GROUPS
from .forms import FilterForm, ReviewForm
from .queries import Card

area = Area("admissions", __name__)

#: A column of the board shows so many files; alone it shows all, page by page.
COLUMN = 5
PAGE = 25


class Column(NamedTuple):
    """One column of the board: the first files, and how many there are."""

    key: str
    title: str
    cards: list[Card]
    total: int


@area.get("/admissions", needs=Permission.ADMISSIONS_READ)
def index(actor: Actor) -> Any:
    """The board: a column for each part of the way, or one part's files page by page."""
    filters = FilterForm(request.args, meta={"csrf": False})
    filters.offer(org.cells(actor, clock.today()))
    unit = org.by_code(actor, filters.unit.data) if filters.unit.data else None
    found = queries.listing(actor, OPEN, unit)
    mine = {card.id for card in found if card.is_mine}
    late, only_mine = request.args.get("late", ""), request.args.get("mine") == "1"
    context: dict[str, Any] = {
        "filters": filters, "unit": unit, "late": late if late in _IS else "", "mine": only_mine, "shown": _shown(), "title": _title(),
        "numbers": _numbers(found, mine, sum(queries.counts(actor, unit)[step] for step in ENDS)),
        "may_open": actor.may(Permission.ADMISSIONS_PREPARE), "asked": _asked(unit),
    }  # fmt: skip
    if request.args.get("tab") == "done":
        total = context["numbers"]["done"]
        page = Page(request.args.get("page", 1, type=int), PAGE, total)
        files = queries.listing(actor, ENDS, unit, offset=page.offset, limit=PAGE)
        return render_template("admissions/index.html", files=files, page=page, **context)
    if late in _IS:
        found = [card for card in found if card.deadline and _IS[late](card.deadline)]
    if only_mine:
        found = [card for card in found if card.id in mine]
    if steps := _steps(request.args.get("step", "")):
        found = [card for card in found if card.step in steps]
        page = Page(request.args.get("page", 1, type=int), PAGE, len(found))
        return render_template("admissions/index.html", files=found[page.offset : page.offset + PAGE], page=page, **context)
    columns = []
    for key, (title, steps) in GROUPS.items():
        there = [card for card in found if card.step in steps]
        columns.append(Column(key, str(title), there[:COLUMN], len(there)))
    return render_template("admissions/index.html", columns=columns, total=len(found), **context)


_IS = {"late": lambda term: term.is_late, "soon": lambda term: term.is_near}


def _steps(asked: str) -> tuple[Step, ...]:
    """The steps of a group of the board, or the one step, that the address names; none for a word that names neither."""
    if asked in GROUPS:
        return GROUPS[asked][1]
    return (Step(asked),) if asked in {step.value for step in OPEN} else ()


def _shown() -> str:
    return "done" if request.args.get("tab") == "done" else request.args["step"] if _steps(request.args.get("step", "")) else ""


def _title() -> str:
    """The heading of the files that are shown alone."""
    shown = _shown()
    if shown in GROUPS:
        return str(GROUPS[shown][0])
    return _("Đã kết thúc") if shown == "done" else label(Step(shown)) if shown else ""


def _numbers(found: list[Card], mine: set[int], ended: int) -> dict[str, int]:
    terms = [card.deadline for card in found if card.deadline]
    return {
        "open": len(found), "mine": len(mine), "late": sum(term.is_late for term in terms), "soon": sum(term.is_near for term in terms),
        "done": ended,
    }  # fmt: skip


def _asked(unit: Unit | None) -> dict[str, str]:
    """The filters of the address, to be kept in the links of the page."""
    kept = {name: request.args[name] for name in ("late", "mine", "step") if request.args.get(name)}
    return kept | ({"unit": unit.code} if unit else {})


# -- the review of a cell's list --------------------------------------------------------------------------------------


class Line(NamedTuple):
    """One candidate of the list under review, with what was chosen and what is wrong with it."""

    card: Card
    version: int
    reviewed_on: Any
    verdict: str
    reason: str
    faults: list[str]


@area.form("/admissions/reviews", needs=Permission.ADMISSIONS_PREPARE)
def reviews(actor: Actor) -> Any:
    """The cell reviews its list: every candidate stays on it, or is struck off with a reason; all are saved, or none."""
    unit = chosen_cell(actor)
    if unit is None:
        return render_template("admissions/choose.html", cells=org.cells(actor, clock.today()), task="review")
    form, sent = ReviewForm(), request.method == "POST"
    if not sent:
        form.on.data = clock.today()
    cards = queries.listing(actor, (Step.LISTED,), unit)
    faults: dict[int, list[str]] = {}
    conflict: Conflict | None = None
    if sent and form.validate():
        faults = {card.id: [_("Ghi lý do đưa ra khỏi danh sách.")] for card in cards if _struck(card.id) and not _reason(card.id)}
        try:
            if not faults:
                with db.session.begin_nested():
                    faults = _review_all(actor, form, cards)
                    if faults:
                        raise RuleBroken([])
                return done(_("Đã ghi kết quả rà soát danh sách."), "admissions.index", step="source", unit=unit.code)
        except RuleBroken:
            pass
        except Conflict as error:
            conflict = error
    shown = _lines(actor, cards, sent, faults)
    status = 409 if conflict else 422 if sent else 200
    return render_template("admissions/reviews.html", form=form, unit=unit, lines=shown, conflict=conflict), status


def _review_all(actor: Actor, form: ReviewForm, cards: list[Card]) -> dict[int, list[str]]:
    """Every candidate is reviewed as chosen; what the law refuses, by file. Raises Conflict."""
    faults = {}
    for card in cards:
        if f"verdict-{card.id}" not in request.form:
            continue
        file = file_queries.one(actor, card.id)
        version = whole_number(request.form.get(f"version-{card.id}"))
        try:
            actions.review(
                actor, file, version, on=form.on.data, is_kept=not _struck(card.id), number=form.number.data, reason=_reason(card.id)
            )
        except RuleBroken as error:
            faults[card.id] = [said(one) for one in error.findings]
    return faults


def _struck(key: int) -> bool:
    return request.form.get(f"verdict-{key}") == "strike"


def _reason(key: int) -> str:
    return request.form.get(f"reason-{key}", "").strip()[:500]


def _lines(actor: Actor, cards: list[Card], sent: bool, faults: Mapping[int, list[str]]) -> list[Line]:
    found, kept = [], file_queries.reviewed(actor, [card.id for card in cards])
    for card in cards:
        version, last = kept[card.id]
        verdict = request.form.get(f"verdict-{card.id}", "keep") if sent else "keep"
        found.append(Line(card, version, last, verdict, _reason(card.id), faults.get(card.id, [])))
    return found


def chosen_cell(actor: Actor) -> Unit | None:
    """The cell named in the address; where none is, the only one that the actor has. Raises NotVisible."""
    cells = org.cells(actor, clock.today())
    code = request.args.get("unit")
    if not code:
        return cells[0] if len(cells) == 1 else None
    found = next((one for one in cells if one.code == code), None)
    if found is None:
        raise NotVisible("Unit")
    return found
