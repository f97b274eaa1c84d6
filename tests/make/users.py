"""Signed-in users for tests, made directly: signing in itself is tested by its own tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import secrets

import sqlalchemy as sa

from partyreg import clock
from partyreg.access import Role
from partyreg.accounts.models import RoleGrant, User, UserSession
from partyreg.db import db
from partyreg.org.models import Unit

_number = itertools.count(1)


def signed_in_user(role: Role, unit: Unit, *, person_id: int | None = None, name: str = "") -> str:
    """A user with that role over that unit exists and has a session; its token is answered."""
    connection = db.session.connection()
    username = f"{role.value}-{next(_number)}"
    user_id = connection.execute(
        sa.insert(User).returning(User.id),
        {
            "username": username, "full_name": name or f"Người dùng {username}", "password_hash": "-", "person_id": person_id,
            "failures": 0, "must_change": False, "version": 1,
        },
    ).scalar_one()  # fmt: skip
    connection.execute(sa.insert(RoleGrant), {"user_id": user_id, "unit_id": unit.id, "role": role, "started_on": dt.date(2020, 1, 1)})
    token = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(UserSession),
        {
            "user_id": user_id, "token_hash": hashlib.sha256(token.encode()).hexdigest(), "started_at": clock.now(),
            "expires_at": clock.now() + dt.timedelta(hours=12),
        },
    )  # fmt: skip
    db.session.commit()
    return token
