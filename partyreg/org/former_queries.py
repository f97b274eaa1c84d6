"""The former communes, and questions asked of a part of the cells: those of one former commune, or those of none."""

from __future__ import annotations

import dataclasses

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ..db import db
from ..errors import NotVisible
from ..i18n import _
from .models import Lineage, LineageKind, Unit, UnitKind
from .queries import root

#: What an address says for the cells of no former commune: no code of a unit looks like it.
NONE = "-"


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """The units that came from a former commune (from none, where it is None), below `unit` where that is given.

    The parts of all former communes and that of none are together the whole, and no unit is in two of them.
    """

    former: Unit | None
    unit: Unit | None = None

    def inside(self) -> sa.ColumnElement[bool]:
        """The condition that a unit belongs to the part."""
        came = sa.select(Lineage.into_id).where(Lineage.kind == LineageKind.TRANSFER)
        found = Unit.id.not_in(came) if self.former is None else Unit.id.in_(came.where(Lineage.from_id == self.former.id))
        return found if self.unit is None else sa.and_(found, self.unit.inside())

    @property
    def code(self) -> str:
        """What addresses call the former commune."""
        return NONE if self.former is None else self.former.code

    @property
    def name(self) -> str:
        """The part in words."""
        kept = _("Không thuộc xã cũ nào") if self.former is None else self.former.name
        return kept if self.unit is None else f"{self.unit.name}, {kept}"


#: What a question about figures may be asked of: a unit with all below it, or a part of the cells.
Place = Unit | Part


def below(place: Place) -> sa.Select[int]:
    """The ids of the place's units."""
    return sa.select(Unit.id).where(place.inside())


def is_commune(place: Place | None) -> bool:
    """Whether the place leaves nothing of a commune out."""
    return place is None or (isinstance(place, Unit) and place.parent_id is None)


def formers() -> list[Unit]:
    """The communes that were merged into the one of today, by name, whoever asks: they are no secret."""
    query = sa.select(Unit).join(Lineage, Lineage.from_id == Unit.id)
    query = query.where(Lineage.into_id == root().id, Lineage.kind == LineageKind.MERGE, Unit.kind == UnitKind.COMMUNE)
    return list(db.session.scalars(query.order_by(Unit.name_sort, Unit.id)))


def asked(code: str | None, unit: Unit | None) -> Place | None:
    """What an address asks of: the part that `code` names, below the unit where it names one. Raises NotVisible for no former commune."""
    if not code:
        return unit
    if code == NONE:
        return Part(None, unit)
    for former in formers():
        if former.code == code:
            return Part(former, unit)
    raise NotVisible("former commune")


def choices() -> list[tuple[str, str]]:
    """Code and words of what a filter offers, everything first; empty where no commune was merged into today's."""
    found = [(former.code, former.name) for former in formers()]
    return [("", _("Tất cả")), *found, (NONE, _("Không thuộc xã cũ nào"))] if found else []


def code_of(place: Place | None) -> str | None:
    """What addresses call the former commune that was asked for; None where none was."""
    return place.code if isinstance(place, Part) else None


def merger_of(former: Unit) -> Lineage | None:
    """The line by which a commune ended and went into another; None of one that did not."""
    query = sa.select(Lineage).where(Lineage.from_id == former.id, Lineage.kind == LineageKind.MERGE)
    return db.session.scalars(query.order_by(Lineage.happened_on.desc(), Lineage.id)).first()


def descent(unit: Unit) -> Lineage | None:
    """The line from its former commune into a cell, with that commune; None of a cell without one."""
    query = sa.select(Lineage).where(Lineage.into_id == unit.id, Lineage.kind == LineageKind.TRANSFER)
    return db.session.scalars(query.options(joinedload(Lineage.former))).first()


def grew_out_of_older(unit: Unit, former: Unit) -> bool:
    """Whether a cell came out of cells that were all of that former commune: merged, split off or renamed since."""
    sources = sa.select(Lineage.from_id).where(Lineage.into_id == unit.id, Lineage.kind != LineageKind.TRANSFER)
    found = list(db.session.scalars(sources))
    came = sa.select(sa.func.count()).where(
        Lineage.into_id.in_(found), Lineage.kind == LineageKind.TRANSFER, Lineage.from_id == former.id
    )  # fmt: skip
    return bool(found) and db.session.scalar(came) == len(found)
