"""The doors to pages of several areas: what is due, a unit, a member; and to the register's mirrors: law, rights, audit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import jsonify, redirect, render_template, request, url_for

from .. import clock, web
from ..access import POLICY, Actor, Permission, Role
from ..admissions import due_queries as admissions
from ..admissions import file_queries
from ..db import db
from ..discipline import queries as discipline
from ..errors import Forbidden, NotVisible
from ..forms import day_asked, whole_number
from ..meetings import agenda_queries as agenda
from ..meetings import attendance_queries as attendance
from ..meetings import board_queries as board
from ..meetings import draft_queries as drafts
from ..meetings.actions import FIRST_DAY
from ..meetings.boxes import Box, Drawing
from ..members import queries as members
from ..names import nfc
from ..org import queries as units
from ..org.models import Unit
from ..ratings import queries as ratings
from ..resolutions import queries as resolutions
from ..rulebook import seniority
from ..rulebook.timeline import NotInForce
from ..training import coverage_queries as coverage
from ..training import queries as training
from . import queries

area = web.Area("office", __name__)


def _strip(actor: Actor, cell: Unit, day: dt.date) -> list[Box]:
    """The twelve boxes of a cell's year as seen on a day."""
    months = board.year_strip(actor.using(Permission.MEETINGS_READ), cell, day.year, day)
    return Drawing(day.year).months(cell.code, months)


@area.get("/healthz", needs=web.PUBLIC)
def healthz(_nobody: None) -> Any:
    """Whether the database answers."""
    db.session.execute(sa.select(1))
    return jsonify(status="ok")


@area.get("/", needs=web.SIGNED_IN)
def home(actor: Actor) -> Any:
    """What is due today, each line one step from done."""
    if not actor.may(Permission.MEMBERS_READ):
        return redirect(url_for("accounts.index" if actor.may(Permission.ACCOUNTS_MANAGE) else "office.own"))
    day = clock.today()
    logs = board.due(actor.using(Permission.MEETINGS_LOG), day) if actor.may(Permission.MEETINGS_LOG) else []
    files = admissions.due(actor.using(Permission.ADMISSIONS_READ), day) if actor.may(Permission.ADMISSIONS_READ) else []
    sheets: list[Any] = []
    year = day.year if day.month >= 11 else day.year - 1 if day.month == 1 else None
    if year and actor.may(Permission.RATINGS_ENTER) and (campaign := ratings.rating_year(year)) and campaign.closed_on is None:
        sheets = [cell for cell in ratings.progress(actor.using(Permission.RATINGS_READ), year) if cell.missing]
    editor = actor.using(Permission.TRAINING_EDIT)
    untrained = coverage.missing_counts(editor, day.year, day) if actor.may(Permission.TRAINING_EDIT) else {}
    reader = actor.using(Permission.MEMBERS_READ)
    cells = units.cells(reader, day)
    own = cells[0] if len(cells) == 1 else None
    strip = _strip(actor, own, day) if own else None
    logger = actor.using(Permission.MEETINGS_LOG)
    may_log = actor.may(Permission.MEETINGS_LOG)
    return render_template(
        "office/home.html", drafts=drafts.drafts(logger) if may_log else [],
        tasks=agenda.open_tasks(logger, own, limit=50) if may_log and own else [], day=day,
        untrained=untrained, logs=logs, files=files, sheets=sheets, sheet_year=year, own=own, strip=strip,
        cells=cells, members=members.count_on(reader, day), may_log=may_log,
    )  # fmt: skip


@area.get("/units/<code>", needs=Permission.UNITS_READ)
def unit(actor: Actor, code: str) -> Any:
    """A unit as of any day: roster, committee, the year's twelve months, the years' levels."""
    day, fault = day_asked(request.args.get("on"))
    found = units.by_code(actor, code)
    reader = actor.using(Permission.MEMBERS_READ)
    roll = members.roll(reader, found, day) if found.is_cell else []
    page = render_template(
        "office/unit.html", unit=found, day=day, fault=fault, above=units.ancestors(found), lineage=units.lineage(found),
        roll=roll, committee=members.committee(reader, found, day),
        strip=_strip(actor, found, day) if found.is_cell else None,
        below=units.cells(actor, day, found) if not found.is_cell else [],
        counts=members.counts_by_unit(reader, day) if not found.is_cell else {},
        secretaries=members.officers(reader, day) if not found.is_cell else {},
    )  # fmt: skip
    return page, 422 if fault else 200


@area.get("/members/<int:member_id>", needs=Permission.MEMBERS_READ)
def member(actor: Actor, member_id: int) -> Any:
    """A member's record: particulars, the periods of her life, attendance, ratings, history."""
    return _member_page(actor, member_id, own=False)


@area.get("/me", needs=Permission.OWN_RECORD)
def own(actor: Actor) -> Any:
    """The signed-in member's own record."""
    if actor.member_id is None:
        raise Forbidden("own")
    return _member_page(actor, actor.member_id, own=True)


def _year_asked() -> int:
    """The year of meetings that the address names; this year where it names none that the register keeps."""
    year, this = whole_number(request.args.get("year")), clock.today().year
    return year if FIRST_DAY.year <= year <= this else this


def _member_page(actor: Actor, member_id: int, *, own: bool) -> Any:
    found = members.member(actor, member_id)
    day = clock.today()
    life = members.life(member_id)
    age = None
    if found.decided_on and found.full_on and life.standings and life.standings[0].exit is None:
        age = seniority.party_age(found.decided_on, day, members.gaps(life))
    year = _year_asked()
    may_meet = own or actor.may(Permission.MEETINGS_READ)
    reader = actor if own else actor.using(Permission.MEETINGS_READ)
    attended = attendance.year_of_member(reader, member_id, year) if may_meet else None
    levels = ratings.ratings_of(actor if own else actor.using(Permission.RATINGS_READ), member_id) if may_meet else []
    taken = training.of_person(actor if own else actor.using(Permission.TRAINING_READ), member_id)
    periods: dict[str, Any] = {
        "standing_period": life.standings,
        "posting": life.postings,
        "abeyance": life.abeyances,
        "position": life.positions,
    }
    touched = {"person": [member_id], "member": [member_id], **{table: [row.id for row in rows] for table, rows in periods.items()}}
    return render_template(
        "office/member.html", member=found, person=found.person, life=life, age=age, year=year, attended=attended,
        levels=levels, taken=taken,
        years=range(day.year, max(FIRST_DAY.year, day.year - 6) - 1, -1),
        own=own, day=day, decisions=discipline.own_decisions(actor, day) if own else [],
        file_id=file_queries.under_way(member_id) if actor.may(Permission.ADMISSIONS_READ) and not own else None,
        history=queries.history(actor, touched) if not own else [],
    )  # fmt: skip


@area.get("/law", needs=Permission.LAW_READ)
def law(actor: Actor) -> Any:
    """The law in force on a day, each value with its article and how sure we are of it."""
    day, fault = day_asked(request.args.get("on"))
    key = request.args.get("key")
    lines = [line for line in resolutions.law_on(day) if not key or line.key == key]
    timeline = None
    if key:
        try:
            timeline = resolutions.timeline(key)
        except (KeyError, NotInForce):
            raise NotVisible(key) from None
    groups: dict[str, list[Any]] = {}
    for line in lines:
        groups.setdefault(line.key.split(".")[0], []).append(line)
    return render_template("office/law.html", groups=groups, day=day, fault=fault, timeline=timeline), 422 if fault else 200


@area.get("/rights", needs=Permission.RIGHTS_READ)
def rights(actor: Actor) -> Any:
    """Who may do what, printed from the policy that the doors obey."""
    roles = [role for role in Role if role is not Role.SYSTEM]
    return render_template("office/rights.html", roles=roles, permissions=list(Permission), policy=POLICY, mine=actor.is_a)


@area.get("/audit", needs=Permission.AUDIT_READ)
def audit_log(actor: Actor) -> Any:
    """Every deed on record, newest first."""
    deed, who = nfc(request.args.get("deed", ""))[:60], nfc(request.args.get("who", ""))[:60]
    page = web.Page(request.args.get("page", 1, int), 50, queries.audit_count(actor, deed, who))
    entries = queries.audit_page(actor, deed, who, offset=page.offset, limit=page.size)
    return render_template("office/audit.html", entries=entries, page=page, deeds=queries.deeds(actor), deed=deed, who=who)
