"""What is asked about accounts: who is behind a cookie, the list of users, one user's grants and sessions.

Nothing here reads a member's personal data: an account knows its own name, and no more.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import clock
from ..access import Actor, Grant, Role
from ..db import Model, db
from ..errors import NotVisible
from ..org.models import Unit
from ..org.scope import one, visible
from .models import FeedKey, RoleGrant, User, UserSession


class Behind(NamedTuple):
    """One row of the answer to "who is behind this token": the session and user, with one grant (or none)."""

    session_id: int
    user_id: int
    username: str
    full_name: str
    person_id: int | None
    must_change: bool
    role: Role | None
    path: str | None
    started_on: dt.date | None
    ended_on: dt.date | None


def _behind_token() -> sa.Select[Any]:
    session, user, grant, unit = (kind.__table__ for kind in (UserSession, User, RoleGrant, Unit))
    day = sa.bindparam("day", type_=sa.Date())
    in_force = sa.and_(grant.c.user_id == user.c.id, grant.c.started_on <= day, sa.or_(grant.c.ended_on.is_(None), grant.c.ended_on > day))
    return (
        sa.select(
            session.c.id, user.c.id, user.c.username, user.c.full_name, user.c.person_id, user.c.must_change,
            grant.c.role, unit.c.path, grant.c.started_on, grant.c.ended_on,
        )
        .select_from(session)
        .join(user, user.c.id == session.c.user_id)
        .outerjoin(grant, in_force)
        .outerjoin(unit, unit.c.id == grant.c.unit_id)
        .where(
            session.c.token_hash == sa.bindparam("token_hash"),
            session.c.ended_at.is_(None),
            session.c.expires_at > sa.bindparam("now"),
            user.c.disabled_at.is_(None),
        )
        .order_by(grant.c.id)
    )  # fmt: skip


#: Asked by every request of whoever is signed in, so it is one statement, made once, on tables and not on entities.
_BEHIND_TOKEN = _behind_token()


def behind_token(token_hash: str) -> list[Behind]:
    """Who is behind a token now, one row a grant in force today; empty when the session has ended or the user is disabled."""
    asked = {"token_hash": token_hash, "now": clock.now(), "day": clock.today()}
    return [Behind(*row) for row in db.session.execute(_BEHIND_TOKEN, asked)]


def by_username(username: str, *, lock: bool = False) -> User | None:
    """The user of that name, if there is one; with `lock`, nobody else changes her until the transaction ends."""
    query = sa.select(User).where(User.username == username.strip().lower())
    return db.session.scalar(query.with_for_update() if lock else query)


def user(_actor: Actor, user_id: int) -> User:
    """One user.

    Raises NotVisible when there is none. Whether the actor may ask is decided at the door: accounts are kept for the whole commune.
    """
    found = db.session.get(User, user_id)
    if found is None:
        raise NotVisible("User")
    return found


class Held(NamedTuple):
    """A grant as it is shown: the role, the unit's name, and the time."""

    id: int
    user_id: int
    role: Role
    unit: str
    started_on: dt.date
    ended_on: dt.date | None

    def state(self, day: dt.date) -> str:
        """`now`, `later` or `over` on that day."""
        if self.started_on > day:
            return "later"
        return "now" if self.ended_on is None or day < self.ended_on else "over"


class Line(NamedTuple):
    """A user in the list."""

    id: int
    username: str
    full_name: str
    is_disabled: bool
    is_locked: bool
    signed_in_at: dt.datetime | None
    grants: tuple[Held, ...]


_HELD = sa.select(RoleGrant.id, RoleGrant.user_id, RoleGrant.role, Unit.name, RoleGrant.started_on, RoleGrant.ended_on).join(
    Unit, Unit.id == RoleGrant.unit_id
)


def listing(_actor: Actor, day: dt.date) -> list[Line]:
    """All users by name, with their grants in force on that day and their last sign-in; two statements."""
    last = sa.select(UserSession.user_id, sa.func.max(UserSession.started_at).label("at")).group_by(UserSession.user_id).subquery()
    users = db.session.execute(
        sa.select(User.id, User.username, User.full_name, User.disabled_at, User.locked_until, last.c.at)
        .outerjoin(last, last.c.user_id == User.id)
        .order_by(User.username)
    ).all()
    grants: defaultdict[int, list[Held]] = defaultdict(list)
    for row in db.session.execute(_HELD.where(RoleGrant.holds(day)).order_by(RoleGrant.started_on, RoleGrant.id)):
        held = Held(*row)
        grants[held.user_id].append(held)
    now = clock.now()
    return [
        Line(key, username, name, disabled is not None, locked is not None and locked > now, at, tuple(grants[key]))
        for key, username, name, disabled, locked, at in users
    ]


def grants_of(_actor: Actor, user_id: int) -> list[Held]:
    """Every grant that the user ever had, the latest first."""
    query = _HELD.where(RoleGrant.user_id == user_id).order_by(RoleGrant.started_on.desc(), RoleGrant.id.desc())
    return [Held(*row) for row in db.session.execute(query)]


def grant(_actor: Actor, user_id: int, grant_id: int) -> RoleGrant:
    """One grant of that user.

    Raises NotVisible when the user has no such grant.
    """
    found = db.session.scalar(sa.select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.user_id == user_id))
    if found is None:
        raise NotVisible("RoleGrant")
    return found


def open_sessions(user_id: int) -> list[UserSession]:
    """The browsers in which the user is signed in now, the latest first."""
    query = sa.select(UserSession).where(
        UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > clock.now()
    )
    return list(db.session.scalars(query.order_by(UserSession.started_at.desc(), UserSession.id.desc())))


def open_feed(user_id: int) -> FeedKey | None:
    """The user's calendar address that is open now, if there is one."""
    return db.session.scalar(sa.select(FeedKey).where(FeedKey.user_id == user_id, FeedKey.ended_at.is_(None)))


def by_feed(token_hash: str) -> User | None:
    """Whose calendar address that is; None when it is unknown or ended, or its user is disabled or locked."""
    locked = sa.and_(User.locked_until.is_not(None), User.locked_until > clock.now())
    query = (
        sa.select(User)
        .join(FeedKey, FeedKey.user_id == User.id)
        .where(FeedKey.token_hash == token_hash, FeedKey.ended_at.is_(None), User.disabled_at.is_(None), ~locked)
    )
    return db.session.scalar(query)


def grants_in_force(user_id: int, day: dt.date) -> tuple[Grant, ...]:
    """What the user may do on that day."""
    query = (
        sa.select(RoleGrant.role, Unit.path, RoleGrant.started_on, RoleGrant.ended_on)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.user_id == user_id, RoleGrant.holds(day))
        .order_by(RoleGrant.id)
    )
    return tuple(Grant(*row) for row in db.session.execute(query))


def overlapping(user_id: int, role: Role, unit_id: int, started_on: dt.date, ended_on: dt.date | None) -> RoleGrant | None:
    """A grant of the same role over the same unit that shares a day with the period, if there is one."""
    shares = sa.or_(RoleGrant.ended_on.is_(None), RoleGrant.ended_on > started_on)
    if ended_on is not None:
        shares = sa.and_(shares, RoleGrant.started_on < ended_on)
    same = (RoleGrant.user_id == user_id, RoleGrant.role == role, RoleGrant.unit_id == unit_id)
    return db.session.scalar(sa.select(RoleGrant).where(*same, shares).limit(1))


def has_person(person_id: int) -> bool:
    """Whether the register keeps a person of that number; nothing of the person is read."""
    person = Model.metadata.tables["person"]
    return db.session.scalar(sa.select(person.c.id).where(person.c.id == person_id)) is not None


def units(actor: Actor, day: dt.date) -> list[tuple[str, str]]:
    """Code and name of the living units over which the actor may grant roles, from the root downward."""
    query = visible(Unit, actor).where(Unit.living(day)).order_by(sa.func.length(Unit.path), Unit.name_sort)
    return [(code, name) for code, name in db.session.execute(query.with_only_columns(Unit.code, Unit.name))]


def unit(actor: Actor, code: str) -> Unit:
    """The unit of that code.

    Raises NotVisible when the actor may not grant roles over it.
    """
    return one(Unit, actor, Unit.code == code)
