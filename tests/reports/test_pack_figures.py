"""The figures of the pack agree with one another, are compared with what can be compared, and what lacks is said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from partyreg import access
from partyreg.access import Permission
from partyreg.members import actions as members
from partyreg.org.models import Unit, UnitKind
from partyreg.ratings.models import Level, NotRated
from partyreg.reports import pack_queries as queries
from partyreg.reports.pack import Pack
from tests import make
from tests.make import ratings as made

SYSTEM = access.system("test").using(Permission.REPORTS_READ)
G, D = Level.GOOD, Level.DONE
MAY = dt.date(2026, 5, 1)


def told(unit: Unit, year: int = 2026, on: dt.date | None = None, actor: Any = SYSTEM) -> tuple[Pack, dict[str, dict[str, Any]]]:
    """The pack, and its lines by key."""
    found = queries.gather(actor, year, on, unit)
    return found, {line["key"]: line for line in found.lines}


def section(found: Pack, key: str) -> Any:
    return next(one for one in found.sections if one.key == key)


def people(unit: Unit, many: int) -> list[Any]:
    return [make.member(unit=unit, full_name=f"Lò Văn {unit.id} {n}") for n in range(many)]


class TestMembers:
    @pytest.fixture
    def joined(self, commune):
        """Two cells that became one in May."""
        people(commune.bon, 2)
        for one in people(commune.he, 3):
            members.transfer(SYSTEM, one, to=commune.bon, on=MAY)
        members.close_cell(SYSTEM, commune.he, on=MAY)
        return commune

    def test_the_columns_of_the_cells_add_up_to_the_lines(self, joined):
        found, lines = told(joined.root)
        (table,) = section(found, "members").tables
        total = lines["members.total"]
        assert [sum(row.cells[n] for row in table.rows) for n in (2, 5, 6)] == [5, 5, 0] == [
            total["value"], total["last"], total["value"] - total["last"],
        ]  # fmt: skip
        assert [row.cells[1:] for row in table.rows][-1] == (f"{joined.he.name} (không còn hoạt động)", 0, 0, 0, 3, -3)

    def test_so_do_they_for_a_section_of_the_organisation(self, commune):
        above = make.unit(parent=commune.root, kind=UnitKind.SECTION, name="Đảng bộ bộ phận A")
        stays, goes = make.unit(parent=above), make.unit(parent=above)
        people(stays, 1)
        for one in people(goes, 2):
            members.transfer(SYSTEM, one, to=commune.bon, on=MAY)
        members.close_cell(SYSTEM, goes, on=MAY)
        found, lines = told(above)
        (table,) = section(found, "members").tables
        assert [sum(row.cells[n] for row in table.rows) for n in (2, 5)] == [1, 3]
        assert (lines["members.total"]["value"], lines["members.total"]["last"]) == (1, 3)


class TestRatings:
    def test_not_rated_for_a_reason_and_not_rated_yet_are_two_lines(self, commune):
        five = people(commune.bon, 5)
        made.year()
        made.levels(unit=commune.bon, given={five[0]: G, five[1]: NotRated.OTHER})
        _found, lines = told(commune.root)
        assert lines["ratings.rated"]["value"] == 1
        assert lines["ratings.not_rated"]["text"] == "Đảng viên không xếp loại, đã ghi lý do: 1."
        assert lines["ratings.missing"]["text"] == "Đảng viên chưa có kết quả xếp loại: 3."
