"""What we do to the tree: found, edit, merge and dissolve units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date
from ..names import nfc, sort_key
from ..rulebook.finding import Finding, Severity
from . import former_queries as formers
from .models import Block, Lineage, LineageKind, Unit, UnitKind


def _refuse(code: str, field: str, message: str) -> RuleBroken:
    return RuleBroken([Finding(code=code, field=field, severity=Severity.BLOCK, message=message)])


@deed
def found(
    actor: Actor, *, parent: Unit | None, kind: UnitKind, code: str, name: str, founded_on: dt.date,
    block: Block | None = None, village: str | None = None, org_code: str | None = None,
) -> Unit:  # fmt: skip
    """A unit exists below `parent` from that day on.

    Raises RuleBroken when the code is taken.
    """
    if db.session.scalar(sa.select(Unit.id).where(Unit.code == code)) is not None:
        raise _refuse("unit.code_taken", "code", _("Mã “%(code)s” đã có tổ chức khác dùng. Hãy chọn mã khác.", code=code))
    unit = Unit(
        parent_id=parent.id if parent else None, kind=kind, block=block, code=code, name=nfc(name), name_sort=_name_sort(name),
        village=village, org_code=org_code, path=f"/new-{code}/", founded_on=founded_on,
    )  # fmt: skip
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.session.flush()
    return unit


@deed
def edit(actor: Actor, unit: Unit, version: int, **changes: Any) -> None:
    """The unit's name, block, village, code of the organisation or dates are as given.

    Raises Conflict when somebody changed it since `version`.
    """
    if unit.version != version:
        raise Conflict(_("Tổ chức này vừa được người khác sửa."), mine=changes, theirs={key: getattr(unit, key) for key in changes})
    for key, value in changes.items():
        setattr(unit, key, value)
    unit.name = nfc(unit.name)
    unit.name_sort = _name_sort(unit.name)


def _name_sort(name: str) -> str:
    """Units are read from the first word on, so the name is turned before it is keyed as people's are."""
    words = nfc(name).split(" ")
    return sort_key(" ".join([*words[1:], words[0]]))[:600]


@deed
def merge(actor: Actor, sources: Sequence[Unit], into: Unit, on: dt.date, document: str | None = None) -> None:
    """The sources ended on that day and live on in `into`; their descent is on record.

    Raises RuleBroken when a source is `into` itself, has ended already, or was founded after that day.
    """
    for source in sources:
        if source.id == into.id:
            raise _refuse("unit.merged_into_itself", "into", _("Không sáp nhập một tổ chức vào chính nó."))
        _may_end(source, on)
        source.dissolved_on = on
        db.session.add(Lineage(from_id=source.id, into_id=into.id, kind=LineageKind.MERGE, happened_on=on, document=document))


@deed
def record_descent(actor: Actor, unit: Unit, former: Unit, on: dt.date, document: str | None = None) -> Lineage:
    """It is on record that the cell came from the former commune, by that document, on the day on which that commune was merged.

    Raises RuleBroken when the unit is no cell or has a descent already, when `former` is no commune that was merged into the one above
    the cell, when `on` is not the day of that merger, or when the cell was founded later and did not grow out of cells of that commune.
    """
    if not unit.is_cell:
        raise _refuse("descent.no_cell", "former", _("Chỉ chi bộ mới chuyển từ xã cũ sang. %(name)s không phải chi bộ.", name=unit.name))
    known = formers.descent(unit)
    if known is not None:
        raise _refuse("descent.twice", "former", _("Chi bộ này đã ghi là chuyển từ %(name)s.", name=known.former.name))
    merger = formers.merger_of(former) if former.kind is UnitKind.COMMUNE else None
    if merger is None or not unit.path.startswith(f"/{merger.into_id}/"):
        raise _refuse("descent.not_former", "former", _("%(name)s không phải đảng bộ xã đã hợp nhất vào đảng bộ này.", name=former.name))
    if on != merger.happened_on:
        text = _("Ngày chuyển phải là ngày hợp nhất, %(day)s.", day=fmt_date(merger.happened_on))
        raise _refuse("descent.other_day", "on", text)
    if unit.founded_on >= on and not formers.grew_out_of_older(unit, former):
        text = _("Chi bộ thành lập ngày %(day)s, từ khi đã hợp nhất, và không hình thành từ các chi bộ của xã cũ này.",
                 day=fmt_date(unit.founded_on))  # fmt: skip
        raise _refuse("descent.founded_later", "former", text)
    line = Lineage(from_id=former.id, into_id=unit.id, kind=LineageKind.TRANSFER, happened_on=on, document=document)
    db.session.add(line)
    db.session.flush()
    return line


@deed
def withdraw_descent(actor: Actor, unit: Unit) -> None:
    """No former commune is on record for the cell any more: what stood there had been entered by mistake.

    Raises RuleBroken when none stood there.
    """
    known = formers.descent(unit)
    if known is None:
        raise _refuse("descent.none", "former", _("Chi bộ này chưa ghi chuyển từ xã cũ nào."))
    db.session.delete(known)


@deed
def dissolve(actor: Actor, unit: Unit, on: dt.date) -> None:
    """The unit does not live from that day on.

    Raises RuleBroken when that is before it was founded, or it has ended already.
    """
    _may_end(unit, on)
    unit.dissolved_on = on


def _may_end(unit: Unit, on: dt.date) -> None:
    if unit.dissolved_on is not None:
        raise _refuse("unit.ended", "on", _("Tổ chức này đã kết thúc từ trước."))
    if on < unit.founded_on:
        raise _refuse("unit.ends_too_early", "on", _("Ngày giải thể trước ngày thành lập. Hãy xem lại."))
