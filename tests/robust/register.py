"""A small register made by the deeds that people use, on a file of its own, for tests with a real server or the command line."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from partyreg import access, clock, create_app, schema
from partyreg.access import Role
from partyreg.accounts.models import RoleGrant, User, UserSession
from partyreg.db import db
from partyreg.org.models import UnitKind
from tests import make
from tests.make.accounts import user

SYSTEM = access.system("test")


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell with its secretary: her cookie, and herself as the one who chairs."""

    code: str
    unit_id: int
    chair_id: int
    cookie: str


def application(instance: Path) -> Flask:
    """The application on the instance's own SQLite file."""
    return create_app(
        {
            "PARTYREG_INSTANCE": str(instance),
            "PARTYREG_DATABASE_URL": f"sqlite:///{(instance / 'partyreg.db').as_posix()}",
            "PARTYREG_ARGON2_FAST": True,
        }
    )


@contextlib.contextmanager
def opened(instance: Path) -> Iterator[Flask]:
    """The register of the instance, opened in this process for as long as the block lasts."""
    app = application(instance)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.close()
            db.engine.dispose()


def build(instance: Path, *, cells: int, members: int) -> list[Cell]:
    """A commune with so many cells of so many members, each cell with a secretary who is signed in; `tochuc` may edit members."""
    instance.mkdir(parents=True, exist_ok=True)
    with opened(instance) as app:
        schema.upgrade(db.engine)
        root = make.unit(code="muong-chien", name="Đảng bộ xã Mường Chiên", kind=UnitKind.COMMUNE, parent=None)
        made = []
        for number in range(1, cells + 1):
            unit = make.unit(code=f"cb-{number}", name=f"Chi bộ số {number}", parent=root)
            ids = [make.member(unit=unit, full_name=f"Lò Văn {'ABCDEĐGHIKLM'[n % 12]}").id for n in range(members)]
            made.append((unit.code, unit.id, ids[0]))
        user(username="tochuc", full_name="Cà Thị Hoa", role=Role.ORGANISATION, unit=root)
        db.session.commit()
        return [Cell(code, key, chair, _signed_in(app, code, key, chair)) for code, key, chair in made]


def _signed_in(app: Flask, code: str, unit_id: int, person_id: int) -> str:
    """The cookie of a secretary who has signed in; signing in itself is tested elsewhere, and is slow on purpose."""
    connection = db.session.connection()
    row = {
        "username": f"bithu.{code}", "full_name": f"Bí thư {code}", "password_hash": "-", "person_id": person_id, "failures": 0,
        "must_change": False, "version": 1,
    }  # fmt: skip
    user_id = connection.execute(sa.insert(User).returning(User.id), row).scalar_one()
    grant = {"user_id": user_id, "unit_id": unit_id, "role": Role.SECRETARY, "started_on": dt.date(2020, 1, 1)}
    connection.execute(sa.insert(RoleGrant), grant)
    token, now = secrets.token_urlsafe(32), clock.now()
    session = {
        "user_id": user_id, "token_hash": hashlib.sha256(token.encode()).hexdigest(), "started_at": now,
        "expires_at": now + dt.timedelta(hours=12),
    }  # fmt: skip
    connection.execute(sa.insert(UserSession), session)
    db.session.commit()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"partyreg={signer.dumps({'_user_id': token, '_fresh': True})}"
