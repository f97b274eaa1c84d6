"""Accounts for tests, through the same deeds that the administrator uses."""

from __future__ import annotations

import datetime as dt
import itertools

from partyreg import access
from partyreg.access import Role
from partyreg.accounts import actions
from partyreg.accounts.models import User
from partyreg.db import db
from partyreg.org.models import Unit

_number = itertools.count(1)
SYSTEM = access.system("test")
PASSWORD = "ruong lua ban Bon xanh"


def user(
    *,
    username: str | None = None,
    full_name: str = "Lò Văn Thử",
    password: str = PASSWORD,
    must_change: bool = False,
    person_id: int | None = None,
    role: Role | None = None,
    unit: Unit | None = None,
    started_on: dt.date = dt.date(2020, 1, 1),
    ended_on: dt.date | None = None,
) -> User:
    """A user with the password PASSWORD, and with a role over a unit where both are named."""
    username = username or f"nguoi.{next(_number)}"
    made = actions.add_user(SYSTEM, username=username, full_name=full_name, password=password, must_change=must_change, person_id=person_id)
    if role is not None and unit is not None:
        actions.grant(SYSTEM, made, role, unit, started_on, ended_on)
    db.session.commit()
    return made
