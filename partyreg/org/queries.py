"""What we ask of the tree of units."""

from __future__ import annotations

import datetime as dt
import re

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..errors import NotVisible
from .models import CELLS, Lineage, Unit, UnitKind
from .scope import one, visible


def by_code(actor: Actor, code: str) -> Unit:
    """The visible unit with that code. Raises NotVisible."""
    if "\0" in code:  # which PostgreSQL takes in no text
        raise NotVisible("Unit")
    return one(Unit, actor, Unit.code == code)


def tree(actor: Actor, day: dt.date) -> list[Unit]:
    """The visible units that lived on that day: the root, then by kind and name."""
    order = sa.case({UnitKind.COMMUNE: 0, UnitKind.SECTION: 1, UnitKind.GRASSROOTS_CELL: 2}, value=Unit.kind, else_=3)
    return list(db.session.scalars(visible(Unit, actor).where(Unit.living(day)).order_by(order, Unit.name_sort, Unit.id)))


def cells(actor: Actor, day: dt.date, under: Unit | None = None) -> list[Unit]:
    """The visible cells that lived on that day, below `under` where it is given."""
    found = [unit for unit in tree(actor, day) if unit.kind in CELLS]
    return [unit for unit in found if under is None or unit.path.startswith(under.path)]


def destinations(day: dt.date) -> list[Unit]:
    """Every cell that lived on that day, by kind and name: where somebody may go, whoever asks. Names of cells are no secret."""
    query = sa.select(Unit).where(Unit.living(day), Unit.kind.in_(CELLS))
    return list(db.session.scalars(query.order_by(Unit.kind, Unit.name_sort, Unit.id)))


def root() -> Unit:
    """The commune's organisation that lives today: the head of every paper, whoever asks.

    Raises sqlalchemy's NoResultFound in an empty register.
    """
    query = sa.select(Unit).where(Unit.parent_id.is_(None), Unit.dissolved_on.is_(None)).order_by(Unit.id).limit(1)
    return db.session.scalars(query).one()


def committee_name(root: Unit) -> str:
    """How a paper names the committee of the commune's organisation."""
    return re.sub(r"^Đảng bộ\b", "Đảng ủy", root.name)


def place_name(root: Unit) -> str:
    """The commune's own name, which stands before the day of a paper."""
    return re.sub(r"^Đảng (bộ|ủy) (xã|phường|đặc khu|thị trấn) ", "", root.name)


def ancestors(unit: Unit) -> list[Unit]:
    """The units above, outermost first; their names are no secret to whoever sees the unit."""
    ids = [int(part) for part in unit.path.strip("/").split("/")[:-1]]
    if not ids:
        return []
    return list(db.session.scalars(sa.select(Unit).where(Unit.id.in_(ids)).order_by(sa.func.length(Unit.path))))


def lineage(unit: Unit) -> list[Lineage]:
    """What the unit came out of, and what came out of it."""
    query = (
        sa.select(Lineage)
        .where(sa.or_(Lineage.from_id == unit.id, Lineage.into_id == unit.id))
        .options(sa.orm.joinedload(Lineage.former), sa.orm.joinedload(Lineage.successor))
        .order_by(Lineage.happened_on, Lineage.id)
    )
    return list(db.session.scalars(query))
