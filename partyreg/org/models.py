"""Units of the Party organisation, and how units came out of earlier ones."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access import Reach
from ..db import Model, Scoped, Versioned, enum_column, link


class UnitKind(StrEnum):
    """The kinds of node in the tree."""

    COMMUNE = "commune"
    SECTION = "section"
    GRASSROOTS_CELL = "grassroots_cell"
    VILLAGE_CELL = "village_cell"


#: The kinds whose units hold members and meetings.
CELLS = (UnitKind.GRASSROOTS_CELL, UnitKind.VILLAGE_CELL)


class Block(StrEnum):
    """Which sphere of the commune's life a unit belongs to (khối)."""

    PARTY = "party"
    GOVERNMENT = "government"
    FRONT = "front"
    ARMED_FORCES = "armed_forces"
    SCHOOLS = "schools"
    HEALTH = "health"
    VILLAGE = "village"


class LineageKind(StrEnum):
    """How one unit became another; or, of a transfer, that a cell of the one went over to whoever took it in."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    TRANSFER = "transfer"


class Unit(Versioned, Scoped, Model):
    """A node of the tree. `path` lists the ids from the root (`/1/4/`), so "and all below" is a prefix."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = link("unit.id")
    kind: Mapped[UnitKind] = mapped_column(enum_column(UnitKind))
    block: Mapped[Block | None] = mapped_column(enum_column(Block))
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    name_sort: Mapped[str] = mapped_column(sa.String(600), info={"audit": False})
    village: Mapped[str | None] = mapped_column(sa.String(80))
    org_code: Mapped[str | None] = mapped_column(sa.String(20))
    path: Mapped[str] = mapped_column(sa.String(120), unique=True)
    founded_on: Mapped[dt.date]
    dissolved_on: Mapped[dt.date | None]

    __table_args__ = (
        sa.CheckConstraint("dissolved_on IS NULL OR dissolved_on >= founded_on", name="life_in_order"),
        sa.CheckConstraint("path LIKE '/%/'", name="path_has_slashes"),
        sa.CheckConstraint("(parent_id IS NULL) = (kind = 'commune' AND length(path) - length(replace(path, '/', '')) = 2)",
                           name="root_is_a_commune"),
    )  # fmt: skip

    @property
    def is_cell(self) -> bool:
        """Whether the unit holds members and meetings."""
        return self.kind in CELLS

    def lives_on(self, day: dt.date) -> bool:
        """Whether the unit existed on that day."""
        return self.founded_on <= day and (self.dissolved_on is None or day < self.dissolved_on)

    def inside(self) -> sa.ColumnElement[bool]:
        """The condition that a unit is this one or stands below it."""
        return Unit.path.startswith(self.path, autoescape=True)

    @classmethod
    def living(cls, day: dt.date) -> sa.ColumnElement[bool]:
        """The condition that a unit existed on that day."""
        return sa.and_(cls.founded_on <= day, sa.or_(cls.dissolved_on.is_(None), cls.dissolved_on > day))

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A unit belongs to the subtrees whose path its own path begins with."""
        return sa.or_(sa.false(), *(cls.path.startswith(path, autoescape=True) for path in reach.paths))


def unit_within(column: sa.orm.InstrumentedAttribute[int], reach: Reach) -> sa.ColumnElement[bool]:
    """The condition that the unit named by a foreign key lies within the reach; the whole tree needs no look-up."""
    if "/" in reach.paths:
        return sa.true()
    if not reach.paths:
        return sa.false()
    return column.in_(sa.select(Unit.id).where(Unit.within(reach)))


class Lineage(Scoped, Model):
    """Unit `from_id` went into, split into, or was renamed to unit `into_id` on a day, by a document."""

    __tablename__ = "lineage"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = link("unit.id")
    into_id: Mapped[int] = link("unit.id")
    kind: Mapped[LineageKind] = mapped_column(enum_column(LineageKind))
    happened_on: Mapped[dt.date]
    document: Mapped[str | None] = mapped_column(sa.String(120))

    former: Mapped[Unit] = relationship(foreign_keys=[from_id], lazy="raise_on_sql")
    successor: Mapped[Unit] = relationship(foreign_keys=[into_id], lazy="raise_on_sql")

    __table_args__ = (
        sa.UniqueConstraint("from_id", "into_id"),
        sa.CheckConstraint("from_id <> into_id", name="not_itself"),
        # A cell went over from one former commune, so the former communes together count nobody twice.
        sa.Index(
            "uq_lineage_transfer", "into_id", unique=True, sqlite_where=sa.text("kind = 'transfer'"),
            postgresql_where=sa.text("kind = 'transfer'"),
        ),
    )  # fmt: skip

    @classmethod
    def within(cls, reach: Reach) -> sa.ColumnElement[bool]:
        """A line of descent belongs to the unit that came out of it."""
        return unit_within(cls.into_id, reach)
