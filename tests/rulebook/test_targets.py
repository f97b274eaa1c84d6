"""Targets of the congress, against the figures of its report."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from partyreg.rulebook.book import LAW
from partyreg.rulebook.targets import threshold
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
