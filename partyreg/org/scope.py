"""Whose rows: the one definition of what an actor sees."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa

from ..access import Actor
from ..db import Model, Scoped, db
from ..errors import NotVisible

M = TypeVar("M", bound=Model)


def visible(kind: type[M], actor: Actor) -> sa.Select[M]:
    """The rows of a table that the actor's grants reach for the permission named at the door."""
    if not issubclass(kind, Scoped):
        raise TypeError(f"{kind.__name__} is not scoped")
    return sa.select(kind).where(kind.within(actor.reach()))


def one(kind: type[M], actor: Actor, *conditions: sa.ColumnElement[bool], options: tuple[Any, ...] = ()) -> M:
    """The one visible row that meets the conditions.

    Raises NotVisible when there is none, whether it does not exist or is not the actor's: the two look the same.
    """
    row = db.session.scalar(visible(kind, actor).where(*conditions).options(*options))
    if row is None:
        raise NotVisible(kind.__name__)
    return row
