"""Kept year-end packs for tests, without the seconds that making their files takes."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa

from partyreg import clock
from partyreg.db import db
from partyreg.org.models import Unit
from partyreg.reports.models import PackFormat, ReportPack, ReportPackFile
from partyreg.reports.pack import canonical, counted, fingerprint


def kept(
    *, unit: Unit, year: int = 2025, total: int = 12, needs: str = "members:read", made_by_id: int | None = None, **figures: int
) -> ReportPack:  # fmt: skip
    """A pack of one line (and one more for each further figure), with its three files."""
    lines = [counted("members.total", "Tổng số đảng viên", total, 10).as_json()]
    lines += [counted(key, key, value).as_json() for key, value in figures.items()]
    parameters: dict[str, Any] = {"unit": unit.code}
    day = dt.date(year, 12, 31) if year < 2026 else dt.date(2026, 11, 24)
    values: dict[str, Any] = {
        "unit_id": unit.id, "year": year, "day": day, "made_by_id": made_by_id, "made_by": "Lò Thị Hoa", "made_at": clock.now(),
        "needs": f" {needs} ", "parameters": canonical(parameters), "lines": canonical(lines), "line_count": len(lines),
        "sha256": fingerprint(year, day, unit.code, lines, parameters),
    }  # fmt: skip
    rows = db.session.connection()
    pack_id = rows.execute(sa.insert(ReportPack).values(**values).returning(ReportPack.id)).scalar_one()
    for form in PackFormat:
        content = f"{form} of {pack_id}".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        rows.execute(sa.insert(ReportPackFile).values(pack_id=pack_id, format=form, sha256=sha256, content=content))
    db.session.commit()
    return db.session.get_one(ReportPack, pack_id)
