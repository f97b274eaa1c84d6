"""What the office's own pages ask: what is due, and the audit in human words."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor, Permission
from ..audit import AuditEntry, AuditTouch, refused_codes
from ..db import AnySelect, db
from ..discipline.queries import on_oneself, sees_all


class Change(NamedTuple):
    """One value of one row, before and after; an empty side means there was none."""

    table: str
    row_id: int | None
    verb: str
    column: str
    old: Any
    new: Any


class Entry(NamedTuple):
    """One deed of the audit; `changes` are empty where the reader may not see the values, `refused` says by what it was refused."""

    seq: int
    at: dt.datetime
    actor: str
    deed: str
    rows: int
    changes: tuple[Change, ...]
    refused: tuple[str, ...] = ()


def changes_of(payload: str | None) -> tuple[Change, ...]:
    """The changes that an entry recorded, one a value; none where they were lawfully erased, or the deed was refused."""
    found: list[Change] = []
    told = json.loads(payload) if payload else []
    for row in told if isinstance(told, list) else ():
        for column, values in row["values"].items():
            old, new = values if len(values) == 2 else (values[0], None) if row["verb"] == "delete" else (None, values[0])
            found.append(Change(row["table"], row["id"], row["verb"], column, old, new))
    return tuple(found)


def _entry(entry: AuditEntry, rows: int, number: int, *, shows_values: bool) -> Entry:
    changes = changes_of(entry.payload) if shows_values else ()
    return Entry(number, entry.at, entry.actor, entry.deed, rows, changes, refused_codes(entry.payload))


def _touched() -> Any:
    return sa.select(sa.func.count()).where(AuditTouch.seq == AuditEntry.seq).scalar_subquery()


#: The deeds of the area whose very existence is told by right only.
_HIDDEN = "discipline."


def _shown(actor: Actor) -> sa.ColumnElement[bool]:
    """Entries of discipline are shown to whoever may read every case, without those on herself; to others there is none."""
    return sa.not_(_hidden(actor, AuditEntry))


def _hidden(actor: Actor, entry: Any) -> sa.ColumnElement[bool]:
    of_discipline: sa.ColumnElement[bool] = entry.deed.startswith(_HIDDEN, autoescape=True)
    return sa.and_(of_discipline, on_oneself(actor, entry)) if sees_all(actor) else of_discipline


def _number(actor: Actor) -> Any:
    """The number under which an entry is shown: gaps in the numbers would tell that something is hidden, and how often."""
    if sees_all(actor) and actor.member_id is None:
        return AuditEntry.seq
    before = sa.orm.aliased(AuditEntry)
    hidden = sa.select(sa.func.count()).where(_hidden(actor, before), before.seq < AuditEntry.seq)
    return AuditEntry.seq - hidden.scalar_subquery()


def _audit(actor: Actor, deed: str, who: str) -> AnySelect:
    """Every entry that the reader may see; the door has asked for the audit's permission."""
    query = sa.select(AuditEntry, _touched(), _number(actor)).where(_shown(actor))
    if deed:
        query = query.where(AuditEntry.deed == deed)
    if who:
        query = query.where(AuditEntry.actor.contains(who, autoescape=True))
    return query


def audit_count(actor: Actor, deed: str = "", who: str = "") -> int:
    """How many entries the log shows."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_audit(actor, deed, who).subquery())) or 0


def audit_page(actor: Actor, deed: str = "", who: str = "", *, offset: int = 0, limit: int = 50) -> list[Entry]:
    """Entries of the audit, newest first; values only for those who may read members' records anyway."""
    shows = actor.may(Permission.MEMBERS_READ)
    query = _audit(actor, deed, who).order_by(AuditEntry.seq.desc()).offset(offset).limit(limit)
    return [_entry(entry, rows, number, shows_values=shows) for entry, rows, number in db.session.execute(query)]


def deeds(actor: Actor) -> list[str]:
    """The names of the deeds on record that the reader may see."""
    return list(db.session.scalars(sa.select(AuditEntry.deed).where(_shown(actor)).distinct().order_by(AuditEntry.deed)))


def history(actor: Actor, subjects: dict[str, list[int]], limit: int = 30) -> list[Entry]:
    """The deeds that touched any of these rows (table -> ids) which the caller has been shown, newest first.

    Those of discipline stand on the page of their case, for whoever may see that.
    """
    ways = [sa.and_(AuditTouch.subject == table, AuditTouch.row_id.in_(ids)) for table, ids in subjects.items() if ids]
    if not ways:
        return []
    seqs = sa.select(AuditTouch.seq).where(sa.or_(*ways))
    query = sa.select(AuditEntry, _touched(), _number(actor)).where(AuditEntry.seq.in_(seqs), _shown(actor))
    query = query.order_by(AuditEntry.seq.desc()).limit(limit)
    kept = {(table, row_id) for table, ids in subjects.items() for row_id in ids}
    found = []
    for entry, rows, number in db.session.execute(query):
        changes = tuple(change for change in changes_of(entry.payload) if (change.table, change.row_id) in kept)
        found.append(Entry(number, entry.at, entry.actor, entry.deed, rows, changes))
    return found
