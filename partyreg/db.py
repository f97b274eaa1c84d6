"""The database: naming of constraints, the column types and mixins that every table uses, and SQLite's tuning."""

from __future__ import annotations

import datetime as dt
import enum
from contextvars import ContextVar
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from .access import Reach

db = SQLAlchemy(session_options={"autoflush": False})

#: A select of several columns, read into tuples.
AnySelect: TypeAlias = "sa.Select[*tuple[Any, ...]]"

#: Set by the door for requests that only read: SQLite then opens a plain transaction, and readers never wait for a writer.
read_only: ContextVar[bool] = ContextVar("read_only", default=False)


class Model(DeclarativeBase):
    """Base of every table; constraint names follow one convention, so migrations can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcMoment(sa.TypeDecorator[dt.datetime]):
    """A moment: aware in Python, stored as UTC without zone, so that both databases keep the same."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """The value in UTC without its zone; a naive moment is refused with ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """The stored value, marked as UTC."""
        return value.replace(tzinfo=dt.UTC) if value is not None else None


#: How many digits stand behind the comma at most.
PLACES = 4


class Exact(sa.TypeDecorator[Decimal]):
    """A number with up to four digits behind the comma, kept as a whole number of ten-thousandths: the same on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """The ten-thousandths; ValueError for a value that has smaller ones."""
        if value is None:
            return None
        scaled = value.scaleb(PLACES)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"more than {PLACES} places: {value}")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The number again."""
        return None if value is None else Decimal(value).scaleb(-PLACES)


#: Ordered byte by byte on every database, for sort keys that are made of ASCII.
SortText = sa.String(600).with_variant(sa.String(600, collation="C"), "postgresql")


def enum_column(kind: type[enum.StrEnum], name: str | None = None) -> sa.Enum:
    """A column type that stores the member's value and is guarded by a CHECK, named as the enum unless told."""
    name = name or "".join("_" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("_")
    return sa.Enum(
        kind, name=name, native_enum=False, create_constraint=True, length=32, validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )  # fmt: skip


def link(target: str, *, index: bool = True, **options: Any) -> Any:
    """A foreign key to `table.column`, indexed, since every child is looked up by its parent."""
    return mapped_column(sa.ForeignKey(target), index=index, **options)


class Scoped:
    """A table whose rows belong to somebody's unit."""

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """The condition that a row lies within the reach; each table says it once."""
        raise NotImplementedError(f"{cls.__name__} does not say whose its rows are")


class Period:
    """A fact with legal time: from `started_on` up to but not including `ended_on`; open while that is empty.

    Periods are ended, never edited.
    """

    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]

    @classmethod
    def holds(cls, day: dt.date | sa.SQLColumnExpression[dt.date]) -> sa.ColumnElement[bool]:
        """The condition that the fact held on that day."""
        return sa.and_(cls.started_on <= day, sa.or_(cls.ended_on.is_(None), cls.ended_on > day))

    @classmethod
    def period_check(cls) -> sa.CheckConstraint:
        """The constraint that a period does not end before it starts."""
        return sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="period_in_order")


class Versioned:
    """A row that people edit: every change raises `version`, and a stale one is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Tell SQLAlchemy which column counts the versions."""
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {"version_id_col": cls.version}


def tune(engine: sa.Engine) -> None:
    """On SQLite every connection keeps what it acknowledged (WAL, synchronous=FULL), and writers queue up instead of failing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
            "busy_timeout=30000",
            "cache_size=-32768",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        # A transaction that reads first and writes later would fail under concurrent writers, so writers lock at once.
        connection.exec_driver_sql("BEGIN" if read_only.get() else "BEGIN IMMEDIATE")
