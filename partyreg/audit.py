"""Every change on record: one entry a deed, old -> new, in the same transaction, chained by hashes.

A deed is a function of an area's `actions.py`, decorated with `@deed`. What the session flushes inside it is gathered and
written as one `AuditEntry`; a flush outside a deed, and any bulk change, is refused. A deed that the law refuses changes nothing;
that it was tried, and what refused it, is written by the door in a transaction of its own (`note_refusals`).
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from . import clock
from .access import Actor
from .db import Model, UtcMoment, db
from .errors import RuleBroken

F = TypeVar("F", bound=Callable[..., Any])

_GENESIS = "0" * 64
_LOCK = 7_051_930  # PostgreSQL's advisory lock of the chain's end; any constant will do.


class AuditEntry(Model):
    """One deed: who, when, which, and what it changed, or what refused it. Append-only; each holds its predecessor's hash."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(UtcMoment, index=True)
    user_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(sa.String(120))
    deed: Mapped[str] = mapped_column(sa.String(60), index=True)
    payload: Mapped[str | None] = mapped_column(sa.Text)  # empty only after a lawful erasure; the hash below stays
    payload_hash: Mapped[str] = mapped_column(sa.String(64))
    previous: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AuditTouch(Model):
    """The narrow index of the rows that an entry touched: a record's history is one query."""

    __tablename__ = "audit_touch"

    seq: Mapped[int] = mapped_column(sa.ForeignKey("audit_entry.seq"), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True)

    __table_args__ = (sa.Index("ix_audit_touch_subject_row_id", "subject", "row_id"),)


class UnrecordedChange(RuntimeError):
    """Something was about to be changed outside a deed, or in bulk: a mistake of ours, stopped before it is written."""


class _Deed:
    """The open deed of a session: its name and the changes gathered so far."""

    def __init__(self, name: str, actor: Actor) -> None:
        self.name = name
        self.actor = actor
        self.changes: list[tuple[Model, str, dict[str, list[Any]]]] = []
        self.bulk: list[tuple[str, int, str, dict[str, list[Any]]]] = []
        self.is_kept = False


def deed(function: F) -> F:
    """Mark a function of `actions.py` as a deed: its changes become one audit entry named `area.function`.

    A deed called by another deed is part of it. When the function raises, no change is recorded, since nothing will be committed;
    that it was refused is remembered for the door.
    """
    name = f"{function.__module__.split('.')[-2]}.{function.__name__}"

    @functools.wraps(function)
    def recorded(actor: Actor, /, *args: Any, **kwargs: Any) -> Any:
        session = db.session
        if "deed" in session.info:
            return function(actor, *args, **kwargs)
        open_deed = session.info["deed"] = _Deed(name, actor)
        try:
            result = function(actor, *args, **kwargs)
            session.flush()
            _write(session, open_deed)
        except RuleBroken as refused:
            codes = sorted({finding.code for finding in refused.findings})
            session.info.setdefault("refusals", []).append((name, actor, codes))
            raise
        finally:
            del session.info["deed"]
        return result

    recorded.__dict__["is_deed"] = True
    return cast(F, recorded)


def keep_entry() -> None:
    """The open deed leaves an entry even when it changes nothing: for what must not be read unseen."""
    db.session.info["deed"].is_kept = True


def forget_refusals() -> None:
    """What was refused so far is not the answer of this request: the same deed, or another, was done after all."""
    db.session.info.pop("refusals", None)
    db.session.info.pop("anyway", None)


def do_anyway(do: Callable[[], object]) -> None:
    """That deed is done even when this request is refused and rolled back: for what its answer shows and must not show unseen."""
    db.session.info.setdefault("anyway", []).append(do)


def note_refusals() -> bool:
    """The deeds refused in this session are on record, one entry each: who tried what, and the codes of the findings; nothing of
    what was typed, and no row. Then what is to be done anyway is done. Answers whether there was any of either. The door calls it
    when all else has been rolled back."""
    session = db.session
    refusals, anyway = session.info.pop("refusals", []), session.info.pop("anyway", [])
    for name, actor, codes in refusals:
        _append(session, name, actor, {"refused": codes}, [])
    for do in anyway:
        do()
    return bool(refusals or anyway)


def refused_codes(payload: str | None) -> tuple[str, ...]:
    """The codes of the findings that refused the deed of an entry; empty for a deed that was done."""
    told = json.loads(payload) if payload else []
    return tuple(told["refused"]) if isinstance(told, dict) else ()


def insert_rows(kind: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert many rows of one table at once, recorded in the open deed; the new ids, in the order of the rows."""
    if not rows:
        return []
    session = db.session
    open_deed = session.info.get("deed")
    if open_deed is None:
        raise UnrecordedChange(f"{kind.__name__}: rows inserted outside a deed")
    session.flush()
    named = dict.fromkeys(name for row in rows for name in row)
    rows = [{name: row.get(name) for name in named} for row in rows]  # alike, so that they go in one statement
    key = sa.inspect(kind).primary_key[0]
    options = {"recorded": True, "render_nulls": True}  # without the second, every None would start another statement
    if session.get_bind().dialect.name == "sqlite":
        # SQLite cannot return many rows in order; but its one writer holds the file, so the next numbers are known.
        first = (session.scalar(sa.select(sa.func.max(key))) or 0) + 1
        ids = list(range(first, first + len(rows)))
        numbered = [{key.key: row_id, **row} for row_id, row in zip(ids, rows, strict=True)]
        session.execute(sa.insert(kind), numbered, execution_options=options)
    else:
        statement = sa.insert(kind).returning(key, sort_by_parameter_order=True)
        ids = list(session.execute(statement, rows, execution_options=options).scalars())
    hidden = {column.key for column in sa.inspect(kind).columns if column.info.get("audit") is False}
    for row_id, row in zip(ids, rows, strict=True):
        shown = {name: [_plain(value)] for name, value in row.items() if name not in hidden and value is not None}
        open_deed.bulk.append((kind.__tablename__, row_id, "insert", shown))
    return ids


def _plain(value: Any) -> Any:
    """A value as JSON can hold it, the same on every database."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _difference(row: Model, verb: str) -> dict[str, list[Any]]:
    """Column -> [new] for an insert, [old] for a delete, [old, new] for an update."""
    state = inspect(row)
    changed: dict[str, list[Any]] = {}
    for attribute in state.mapper.column_attrs:
        if attribute.columns[0].info.get("audit") is False:
            continue
        if verb == "update":
            history = state.attrs[attribute.key].history
            if history.has_changes() and [*history.deleted] != [*history.added]:
                old = history.deleted[0] if history.deleted else None
                changed[attribute.key] = [_plain(old), _plain(history.added[0] if history.added else None)]
        else:
            value = state.dict.get(attribute.key)
            if isinstance(value, bool | int | float | str | Decimal | dt.date | dt.time | enum.Enum):
                changed[attribute.key] = [_plain(value)]
    return changed


@event.listens_for(Model, "attribute_instrument", propagate=True)
def _remember_the_old(_kind: type[Model], _key: str, attribute: Any) -> None:
    """A value that was not loaded is loaded before it is changed, or the audit would not know what it was."""
    if hasattr(attribute.impl, "active_history"):
        attribute.impl.active_history = True


@event.listens_for(Session, "before_flush")
def _gather(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    rows: list[tuple[Any, str]] = [(row, "insert") for row in session.new]
    rows += [(row, "update") for row in session.dirty if session.is_modified(row)]
    rows += [(row, "delete") for row in session.deleted]
    if not rows:
        return
    open_deed = session.info.get("deed")
    if open_deed is None:
        raise UnrecordedChange(f"{type(rows[0][0]).__name__}: changed outside a deed")
    for row, verb in rows:
        if isinstance(row, AuditEntry | AuditTouch):
            raise UnrecordedChange("the audit is written by deeds only")
        open_deed.changes.append((row, verb, _difference(row, verb)))


@event.listens_for(Session, "do_orm_execute")
def _no_bulk(state: ORMExecuteState) -> None:
    if not state.is_select and not state.execution_options.get("recorded"):
        raise UnrecordedChange("a bulk change would bypass the audit")


def _write(session: Session, done: _Deed) -> None:
    """Append the entry of a finished deed, unless it changed nothing and did not ask for one."""
    changes = [
        {
            "table": row.__tablename__,
            "id": (inspect(row).identity or (None,))[0],
            "verb": verb,
            "values": values,
        }
        for row, verb, values in done.changes
    ]
    changes += [{"table": t, "id": i, "verb": v, "values": values} for t, i, v, values in done.bulk]
    if changes or done.is_kept:
        touched = sorted({(c["table"], c["id"]) for c in changes if c["id"] is not None})
        _append(session, done.name, done.actor, changes, touched)


def _append(session: Session, name: str, actor: Actor, told: Any, touched: Sequence[tuple[str, int]]) -> None:
    """The chain has one more entry at its end, which touched those rows."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    last = connection.execute(sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, _GENESIS)
    payload = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    entry: dict[str, Any] = {
        "seq": seq, "at": clock.now(), "user_id": actor.user_id, "actor": actor.name, "deed": name,
        "payload": payload, "payload_hash": _digest(payload), "previous": previous,
    }  # fmt: skip
    entry["hash"] = entry_hash(**{key: value for key, value in entry.items() if key != "payload"})
    connection.execute(sa.insert(AuditEntry), entry)
    if touched:
        connection.execute(sa.insert(AuditTouch), [{"seq": seq, "subject": t, "row_id": i} for t, i in touched])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(*, seq: int, at: dt.datetime, user_id: int | None, actor: str, deed: str, payload_hash: str, previous: str) -> str:
    """The hash that binds an entry's facts and its predecessor; the payload enters by its own hash, so it can be erased lawfully."""
    facts = [seq, at.astimezone(dt.UTC).isoformat(), user_id, actor, deed, payload_hash, previous]
    return _digest(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))


def verify() -> list[str]:
    """What is wrong with the chain, one Vietnamese sentence an entry; empty when every entry is as it was written."""
    faults: list[str] = []
    previous, expected = _GENESIS, 1
    last_touch = db.session.scalar(sa.select(sa.func.max(AuditTouch.seq))) or 0  # before the entries: others may be writing
    entries: Iterable[AuditEntry] = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500))
    for entry in entries:
        name = f"Mục nhật ký số {entry.seq} ({entry.deed})"
        if entry.seq != expected:
            faults.append(f"{name}: thiếu các mục từ {expected} đến {entry.seq - 1}.")
        if entry.previous != previous:
            faults.append(f"{name}: không nối đúng với mục đứng trước.")
        if entry.payload is not None and _digest(entry.payload) != entry.payload_hash:
            faults.append(f"{name}: nội dung đã bị sửa sau khi ghi.")
        facts = {k: getattr(entry, k) for k in ("seq", "at", "user_id", "actor", "deed", "payload_hash", "previous")}
        if entry_hash(**facts) != entry.hash:
            faults.append(f"{name}: người, thời điểm, tên việc hoặc mã băm đã bị sửa sau khi ghi.")
        previous, expected = entry.hash, entry.seq + 1
    orphans = sa.select(AuditTouch.seq).where(AuditTouch.seq.between(expected, last_touch)).distinct().order_by(AuditTouch.seq)
    faults += [f"Mục nhật ký số {seq}: đã bị xóa ở cuối sổ." for seq in db.session.scalars(orphans)]
    return faults


def history(subject: str, row_id: int) -> list[AuditEntry]:
    """The entries that touched one row, newest first."""
    query = (
        sa.select(AuditEntry)
        .join(AuditTouch, AuditTouch.seq == AuditEntry.seq)
        .where(AuditTouch.subject == subject, AuditTouch.row_id == row_id)
        .order_by(AuditEntry.seq.desc())
    )
    return list(db.session.scalars(query))
