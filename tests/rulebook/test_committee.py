"""Cells and committees."""

from __future__ import annotations

from datetime import date

import pytest

from partyreg.rulebook.committee import (
    age_at,
    age_groups,
    age_structure,
    cell_findings,
    needs_cell_committee,
    reference_month,
    standing_most,
    structure_findings,
)
from partyreg.rulebook.finding import Severity

DAY = date(2026, 9, 3)


def test_ages_are_reckoned_at_a_fixed_month() -> None:
    assert reference_month(DAY) == date(2025, 7, 1)
    assert reference_month(DAY, at_base=True) == date(2025, 4, 1)
    assert age_at(date(1985, 7, 31), reference_month(DAY)) == 40
    assert age_at(date(1985, 8, 1), reference_month(DAY)) == 39


def test_age_groups_of_two_terms() -> None:
    assert [group.below for group in age_groups(date(2020, 7, 1))] == [40, 51, None]
    assert [group.below for group in age_groups(DAY)] == [42, 51, None]


def test_age_structure_counts_everyone_once() -> None:
    born = [date(1990, 1, 1), date(1983, 7, 1), date(1983, 8, 1), date(1975, 1, 1), date(1974, 7, 1), date(1960, 1, 1)]
    assert [count for _, count in age_structure(born, DAY)] == [2, 2, 2]


@pytest.mark.parametrize(("members", "needs"), [(8, False), (9, True), (40, True)])
def test_a_cell_committee_from_nine_full_members(members: int, needs: bool) -> None:
    assert needs_cell_committee(members, DAY) is needs


def test_a_standing_committee_is_at_most_a_third() -> None:
    assert standing_most(27, DAY) == 9
    assert standing_most(29, DAY) == 9


@pytest.mark.parametrize(
    ("full", "committee", "codes"),
    [
        (20, 5, set()),
        (8, 0, set()),
        (2, 0, {"cell.too_few"}),
        (8, 3, {"cell.no_committee"}),
        (9, 0, {"cell.committee_missing"}),
        (40, 8, {"cell.committee_large"}),
    ],
)
def test_sizes_of_a_cell(full: int, committee: int, codes: set[str]) -> None:
    findings = cell_findings(full, committee, DAY)
    assert {f.code for f in findings} == codes
    assert all(f.severity is Severity.WARN for f in findings)


def test_the_limit_of_a_committee_is_not_asked_before_it_is_law() -> None:
    assert cell_findings(40, 8, date(2020, 1, 1)) == []


@pytest.mark.parametrize(
    ("women", "young", "members", "severities"),
    [
        (4, 3, 21, ["ok", "ok"]),
        (3, 2, 21, ["warn", "warn"]),
        (3, 2, 20, ["ok", "ok"]),
        (2, 2, 20, ["warn", "ok"]),
        (1, 0, 1, ["ok", "warn"]),
        (0, 0, 0, []),
    ],
)
def test_shares_of_women_and_young_are_judged_and_unverified_ones_only_warn(
    women: int, young: int, members: int, severities: list[str]
) -> None:
    found = structure_findings(women, young, members, DAY)
    assert [one.severity.value for one in found] == severities
    assert not any(one.blocks for one in found)
    assert all(one.cite is not None and one.cite.instrument == "Chỉ thị 45-CT/TW" for one in found)


def test_what_lacks_is_said_in_persons_and_the_doubt_with_it() -> None:
    women, _young = structure_findings(3, 3, 21, DAY)
    assert women.message == "Nữ: 3 trên 21, chưa đạt mức ít nhất 15 %. Thiếu 1 người. (quy định chưa được kiểm chứng)"
    assert (women.code, women.field) == ("committee.women_percent.unmet", "women")


def test_no_share_is_asked_for_before_the_law_knows_one() -> None:
    assert structure_findings(0, 0, 21, date(2015, 1, 1)) == []
    assert [one.field for one in structure_findings(0, 0, 21, date(2020, 7, 1))] == ["young"]
