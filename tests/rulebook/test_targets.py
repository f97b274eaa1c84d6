"""Targets of the congress, against the figures of its report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from partyreg.rulebook.book import LAW
from partyreg.rulebook.targets import State, baseline, group, needed, numbers, state, term, threshold
from partyreg.rulebook.timeline import NotInForce

DAY = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("number", "value", "period"),
    [
        ("21a", 90, "YEAR"),
        ("21b", 90, "YEAR"),
        ("21c", 20, "YEAR"),
        ("21d", 15, "YEAR"),
        ("21e", 100, "YEAR"),
        ("22", 3, "YEAR"),
        ("23a", 100, "STATE"),
        ("23b", 100, "YEAR"),
        ("24a", 95, "YEAR"),
        ("24b", -10, "TERM"),
        ("25a", 95, "YEAR"),
        ("25b", 100, "STATE"),
    ],
)
def test_the_twelve_targets_of_party_building(number: str, value: int, period: str) -> None:
    target = threshold(number, DAY)
    assert (target.value, target.period) == (value, period)
    assert target.is_met(value)
    assert "Mường Chiên" in target.cite.text
    assert target.label


def test_comparisons() -> None:
    assert not threshold("21a", DAY).is_met(Fraction(899, 10))
    assert not threshold("24b", DAY).is_met(-9)
    former = threshold("21a", date(2024, 12, 31))
    assert (former.value, former.comparator) == (80, ">")
    assert not former.is_met(80)
    assert former.is_met(81)
    assert threshold("22", DAY).upper == 4
    assert threshold("23a", DAY).by == date(2030, 12, 31)


def test_the_former_term_had_a_number_of_admissions() -> None:
    assert LAW.on("target.term_admissions", date(2024, 1, 1)).value == 125
    with pytest.raises(NotInForce):
        LAW.on("target.term_admissions", DAY)
    with pytest.raises(KeyError):
        threshold("99", DAY)


def test_the_resolution_has_twenty_five_targets_in_order() -> None:
    found = numbers()
    assert list(dict.fromkeys(int("".join(filter(str.isdigit, group(no)))) for no in found)) == list(range(1, 26))
    assert {group(no): sum(one.startswith(f"{group(no)}.") for one in found) for no in found if "." in no} == {
        "2": 9,
        "3": 2,
        "4": 2,
        "12": 2,
    }
    assert found.index("9") < found.index("10") and found[-1] == "25b"


@pytest.mark.parametrize(
    ("number", "value", "comparator", "unit"),
    [
        ("1", 10, ">", "percent change"),
        ("2.maize", 1535, ">=", "tons"),
        ("2.rice", 3443, ">=", "tons"),
        ("2.cassava", Decimal("6891.87"), ">=", "tons"),
        ("2.buffalo", 6185, ">=", "head"),
        ("2.cattle", 4975, ">=", "head"),
        ("2.goats", 7490, ">=", "head"),
        ("2.pigs", 15622, ">=", "head"),
        ("2.cages", 200, ">=", "cages"),
        ("2.fish", 400, ">=", "tons"),
        ("3.visitors", 20000, ">=", "visits"),
        ("3.revenue", 10, ">", "billion VND"),
        ("4.households", 1300, ">=", "households"),
        ("4.workers", 6300, ">=", "workers"),
        ("5", 30, ">", "percent"),
        ("6", 60, ">=", "percent"),
        ("7", 3, ">=", "enterprises"),
        ("8", 50, ">=", "percent change"),
        ("9", 7, ">=", "schools"),
        ("10", 5, "<", "percent"),
        ("11", 90, ">", "percent"),
        ("12.villages", 3, ">=", "villages"),
        ("12.models", 1, ">=", "villages"),
        ("13", 100, ">=", "percent"),
        ("14", 100, ">=", "percent"),
        ("15", 3, ">=", "percent"),
        ("16", 80, ">=", "percent"),
        ("17", 100, ">=", "percent"),
        ("18", 98, ">=", "percent"),
        ("19", 80, ">", "percent"),
        ("20", 35, ">", "percent"),
    ],
)
def test_the_entered_targets_are_the_reports(number: str, value: int | Decimal, comparator: str, unit: str) -> None:
    target = threshold(number, DAY)
    assert (target.value, target.comparator, target.unit) == (value, comparator, unit)
    assert target.is_met(value) is ("=" in comparator)
    with pytest.raises(NotInForce):
        threshold(number, date(2025, 6, 30))


def test_the_former_terms_figures_are_the_reports() -> None:
    former = date(2025, 6, 30)
    told = {no: found.value for no in (*numbers(), "grain", "poultry", "revenue", "insurance") if (found := baseline(no, former))}
    assert told == {
        "2.buffalo": 5049, "2.cattle": 4557, "2.pigs": 6662, "2.goats": 4612, "2.fish": 550, "3.visitors": 10000, "6": 59.03, "14": 100,
        "grain": 6229, "poultry": 147443, "revenue": 774, "insurance": 102.1,
    }  # fmt: skip
    assert baseline("6", DAY) is None
    assert (term(former), term(DAY)) == ((2020, 2025), (2025, 2030))


def test_a_target_with_a_last_day_is_not_missed_before_it() -> None:
    late, yearly, mean = threshold("6", DAY), threshold("18", DAY), threshold("1", DAY)
    assert state(late, False, DAY, 2030) is State.NOT_DUE
    assert state(late, False, date(2030, 12, 31), 2030) is State.NOT_MET
    assert state(late, True, DAY, 2030) is State.MET
    assert state(late, None, DAY, 2030) is state(None, True, DAY, 2030) is State.NO_DATA
    assert state(yearly, False, DAY, 2030) is State.NOT_MET
    assert state(mean, False, DAY, 2030) is State.NOT_DUE


def test_the_path_needed() -> None:
    late, yearly = threshold("6", DAY), threshold("18", DAY)
    assert needed(late, (2026, Decimal(56)), 2028, 2030) == 58
    assert needed(late, (2026, Decimal(61)), 2028, 2030) == 61
    assert needed(late, (2026, Decimal(56)), 2030, 2030) == needed(late, None, 2031, 2030) == 60
    assert needed(late, None, 2028, 2030) is needed(late, (2026, Decimal(56)), 2026, 2030) is None
    assert needed(yearly, None, 2026, 2030) == 98
    assert needed(threshold("10", DAY), (2026, Decimal(13)), 2028, 2030) == 9
