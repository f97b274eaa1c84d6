"""Users, their grants and their sessions."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Role
from ..db import Model, Period, UtcMoment, Versioned, enum_column, link
from ..org.models import Unit


class User(Versioned, Model):
    """Somebody who signs in. A disabled user keeps her name in the records and can do nothing."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    full_name: Mapped[str] = mapped_column(sa.String(120))
    password_hash: Mapped[str] = mapped_column(sa.String(200), info={"audit": False})
    person_id: Mapped[int | None] = link("person.id")
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    must_change: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.CheckConstraint("username = lower(username)", name="username_is_lower_case"),
        sa.CheckConstraint("failures >= 0", name="failures_not_negative"),
    )


class RoleGrant(Period, Model):
    """A user has a role over a unit and all below it, for a time."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = link("user.id")
    unit_id: Mapped[int] = link("unit.id")
    role: Mapped[Role] = mapped_column(enum_column(Role))
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        Period.period_check(),
        sa.Index("uq_role_grant_open", "user_id", "unit_id", "role", unique=True,
                 sqlite_where=sa.text("ended_on IS NULL"), postgresql_where=sa.text("ended_on IS NULL")),
    )  # fmt: skip


class UserSession(Model):
    """A signed-in browser. The cookie holds a secret, the table only its hash; ending the row signs the browser out at once."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = link("user.id")
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True, info={"audit": False})
    started_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    browser: Mapped[str | None] = mapped_column(sa.String(200))


class FeedKey(Model):
    """A secret address of a user's calendar of what is due. The table holds only the secret's hash; ending the row closes it."""

    __tablename__ = "feed_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = link("user.id")
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True, info={"audit": False})
    made_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)

    __table_args__ = (
        sa.Index("uq_feed_key_open", "user_id", unique=True,
                 sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")),
    )  # fmt: skip
