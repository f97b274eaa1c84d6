"""Units for tests."""

from __future__ import annotations

import datetime as dt
import itertools

from partyreg import access
from partyreg.org import actions
from partyreg.org.models import Unit, UnitKind

_number = itertools.count(1)
SYSTEM = access.system("test")


def unit(
    *,
    parent: Unit | None,
    code: str | None = None,
    name: str | None = None,
    kind: UnitKind = UnitKind.VILLAGE_CELL,
    founded_on: dt.date = dt.date(2015, 1, 1),
    village: str | None = None,
) -> Unit:
    """A unit below `parent`; a village cell unless told."""
    code = code or f"cb-{next(_number)}"
    return actions.found(
        SYSTEM,
        parent=parent,
        kind=kind,
        code=code,
        name=name or f"Chi bộ {code}",
        founded_on=founded_on,
        village=village,
    )


def former(commune: Unit, code: str, name: str | None = None, *, on: dt.date = dt.date(2025, 7, 1)) -> Unit:
    """A commune that was merged into another on that day."""
    made = unit(parent=None, kind=UnitKind.COMMUNE, code=code, name=name or f"Đảng bộ xã {code}", founded_on=dt.date(1962, 1, 1))
    actions.merge(SYSTEM, [made], commune, on, "15-QĐ/TU")
    return made
