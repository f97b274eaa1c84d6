"""The programme and the figures: who sees what, what they add up to, and how many statements they take."""

from __future__ import annotations

import datetime as dt

from partyreg.access import Permission, Role
from partyreg.inspections import actions, count_queries, queries
from partyreg.rulebook.inspection import InspectingBody, InspectionConclusion, InspectionKind
from tests import make
from tests.make.inspections import SYSTEM, concluded, inspection

READ, COUNT = Permission.INSPECTIONS_READ, Permission.INSPECTIONS_COUNT


def test_the_programme_says_what_is_late_and_what_is_behind(commune):
    concluded(inspection(unit=commune.root, units=[commune.bon], title="Muộn"), InspectionConclusion.FAULTS, dt.date(2026, 9, 30))
    inspection(unit=commune.root, title="Chậm", planned_on=dt.date(2026, 10, 31), kind=InspectionKind.FINANCE)
    inspection(unit=commune.root, title="Tháng này", planned_on=dt.date(2026, 11, 1), body=InspectingBody.STANDING)
    inspection(unit=commune.root, title="Năm sau", planned_on=dt.date(2027, 1, 1))
    lines = queries.programme(SYSTEM, 2026)
    assert [(line.row.title, line.is_late, line.is_behind) for line in lines] == [
        ("Muộn", True, False), ("Chậm", False, True), ("Tháng này", False, False),
    ]  # fmt: skip
    assert [line.row.title for line in queries.programme(SYSTEM, 2026, body=InspectingBody.STANDING)] == ["Tháng này"]
    assert [line.row.title for line in queries.programme(SYSTEM, 2026, kind=InspectionKind.FINANCE)] == ["Chậm"]
    assert queries.programme(SYSTEM, 2026, unit=commune.bon) == []
    assert queries.years(SYSTEM) == [2027, 2026]


def test_a_secretary_sees_her_own_programme_and_what_inspects_her_cell(commune, actor_):
    mine, other = make.member(unit=commune.bon), make.member(unit=commune.he)
    both = inspection(unit=commune.root, units=[commune.bon, commune.he], members=[other.id], title="Hai chi bộ")
    inspection(unit=commune.root, members=[mine.id], title="Đảng viên của chi bộ")
    inspection(unit=commune.root, units=[commune.he], title="Chi bộ khác")
    inspection(unit=commune.bon, members=[mine.id], title="Chi bộ tự kiểm tra")
    secretary = actor_(Role.SECRETARY, commune.bon, READ)
    lines = queries.programme(secretary, 2026)
    assert {line.row.title: (line.units, line.members) for line in lines} == {"Hai chi bộ": (1, 0), "Chi bộ tự kiểm tra": (0, 1)}
    assert [one.unit_id for one in queries.subjects(secretary, both)] == [commune.bon.id]
    assert len(queries.programme(actor_(Role.INSPECTION, None, READ), 2026)) == 4


def test_the_figures_add_up(commune, actor_):
    somebody = make.member(unit=commune.he)
    concluded(inspection(unit=commune.root, units=[commune.bon, commune.he]))
    concluded(inspection(unit=commune.root, members=[somebody.id], kind=InspectionKind.SIGNS), InspectionConclusion.DISCIPLINE)
    concluded(inspection(unit=commune.bon, units=[commune.bon], kind=InspectionKind.SUPERVISION), InspectionConclusion.FAULTS)
    inspection(unit=commune.root, units=[commune.bon])
    dropped = inspection(unit=commune.root)
    actions.cancel(SYSTEM, dropped, dropped.version, "Điều chỉnh")
    found = count_queries.figures(actor_(Role.REPORTING, None, COUNT), 2026, 2026)
    assert [tuple(line) for line in found.by_kind] == [
        (InspectionKind.SIGNS, 1, 1, 0, 0, 1, 0, 1, 0, 1), (InspectionKind.COMPLIANCE, 3, 1, 1, 2, 0, 2, 0, 0, 0),
        (InspectionKind.SUPERVISION, 1, 1, 0, 1, 0, 0, 1, 1, 0),
    ]  # fmt: skip
    assert found.total == [5, 3, 1, 3, 1, 2, 2, 1, 1]
    for lines in (found.by_matter, found.by_body, found.by_year):
        assert [sum(line[place] for line in lines) for place in range(1, 10)] == found.total
    assert count_queries.figures(SYSTEM, 2026, 2026, commune.bon).total[0] == 1
    assert count_queries.figures(SYSTEM, 2025, 2025).by_kind == []
    own = count_queries.figures(actor_(Role.SECRETARY, commune.bon, COUNT), 2026, 2026)
    assert own.total[3:5] == [2, 0]
    assert [unit.id for unit in count_queries.holders(SYSTEM)] == [commune.root.id, commune.bon.id]


def test_more_inspections_take_no_more_statements(commune, counting):
    def ask() -> int:
        with counting() as count:
            queries.programme(SYSTEM, 2026)
            count_queries.figures(SYSTEM, 2020, 2026)
        return len(count)

    concluded(inspection(unit=commune.root, units=[commune.bon, commune.he]))
    before = ask()
    for _number in range(4):
        concluded(inspection(unit=commune.root, units=[commune.bon, commune.he]))
    assert ask() == before <= 4
