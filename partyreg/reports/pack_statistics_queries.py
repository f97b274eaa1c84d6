"""The sections on the membership as statistics: what happened to it in the year, and of what it consists on the day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from .. import charts
from ..access import Actor
from ..i18n import fmt_date
from ..org.models import Unit
from ..statistics import day_queries, figures, movement_queries
from ..statistics.day_queries import Dimension, Group
from ..statistics.events import WAYS_IN, WAYS_OUT, MovementLine
from ..tables import Row, Table
from .pack import Section, counted
from .pack_section_queries import NUMBER, empty, picture, year_before


def _numbered(table: Table, **more: Any) -> Table:
    """A table as the report prints it: its lines are numbered."""
    rows = [Row((number, *row.cells)) for number, row in enumerate(table.rows, 1)]
    return dataclasses.replace(table, columns=[NUMBER, *table.columns], rows=rows, **more)


def movement(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """Opening, ways in and out, closing of the year up to the day, against the same of the year before; it always adds up."""
    found = movement_queries.movement(actor, dt.date(year, 1, 1), day, unit)
    former = movement_queries.movement(actor, dt.date(year - 1, 1, 1), year_before(day), unit)
    told = (
        ("opening", f"Đảng viên đầu kỳ (01/01/{year})", (MovementLine.OPENING,)), ("in", "Tăng trong kỳ", WAYS_IN),
        ("out", "Giảm trong kỳ", WAYS_OUT), ("closing", f"Đảng viên cuối kỳ ({fmt_date(day)})", (MovementLine.CLOSING,)),
    )  # fmt: skip
    first, before = dt.date(year - 1, 1, 1), year_before(day)
    opened, closed = (bool(former.sum((line,))) for line in (MovementLine.OPENING, MovementLine.CLOSING))
    # What happened in a year is known where the register had members when it began; the closing where it had some by then.
    known = {"opening": opened, "in": opened, "out": opened, "closing": closed}
    lines = tuple(
        counted(f"movement.{key}", name, found.sum(parts), former.sum(parts) if known[key] else None) for key, name, parts in told
    )  # fmt: skip
    gaps = [empty(at) for at, is_known in ((first, opened), (before, closed)) if not is_known]
    if unexplained := len(found.unexplained()):
        gaps.append(f"Hồ sơ của {unexplained} đảng viên mâu thuẫn nhau về biến động; số chênh lệch ghi riêng một dòng.")
    return Section("movement", "Biến động đảng viên", lines, (_numbered(figures.movement_table(found).table, words=2),), gaps=tuple(gaps))


def make_up(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section | None:
    """The members of the day by age and sex, ethnicity, seniority, qualification and theory."""
    found = day_queries.snapshot(actor, day, unit)
    if not found.people:
        return None
    wanted = (Dimension.AGE, Dimension.ETHNICITY, Dimension.SENIORITY, Dimension.QUALIFICATION, Dimension.THEORY)
    tables = tuple(_numbered(figures.dimension_table(found, one).table) for one in wanted)
    return Section("make_up", "Cơ cấu đảng viên", (), tables, picture(_pyramid(found.of(Dimension.AGE))))


def _pyramid(ages: tuple[Group, ...] | list[Group]) -> charts.Chart | None:
    bands = [f"{group.key}–{int(group.key) + 4}" for group in ages]
    return (
        charts.pyramid("Tháp tuổi theo giới tính", bands, [group.male for group in ages], [group.female for group in ages], name="ages")
        if ages
        else None
    )
