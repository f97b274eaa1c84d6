"""Timelines: the latest provision not after the day rules, and a new law never changes the past."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.timeline import Citation, Confidence, NotInForce, Provision, Timeline

CITE = Citation("294-QĐ/TW", "khoản 4.1", Confidence.SECONDARY)
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def _timeline(days: list[date]) -> Timeline[int]:
    return Timeline("a.b", "Nhãn", "months", tuple(Provision(day, n, CITE) for n, day in enumerate(days, start=1)))


def test_citation_reads_as_one_line() -> None:
    assert CITE.text == str(CITE) == "khoản 4.1, 294-QĐ/TW (nguồn thứ cấp)"
    assert Citation("50-CT/TW", "", Confidence.UNVERIFIED).text == "50-CT/TW (chưa được kiểm chứng)"


@pytest.mark.parametrize("confidence", Confidence)
def test_each_confidence_has_words_and_only_unverified_is_not_verified(confidence: Confidence) -> None:
    assert confidence.text
    assert Citation("x", "y", confidence).is_verified == (confidence is not Confidence.UNVERIFIED)


def test_before_the_first_provision_nothing_is_in_force() -> None:
    with pytest.raises(NotInForce, match=r"a\.b.*31/12/2019.*01/01/2020") as caught:
        _timeline([date(2020, 1, 1)]).on(date(2019, 12, 31))
    assert (caught.value.key, caught.value.day) == ("a.b", date(2019, 12, 31))
    assert isinstance(caught.value, LookupError)
    assert str(NotInForce("a.b", date(2020, 1, 1))) == "Không có quy định “a.b” có hiệu lực vào ngày 01/01/2020"


def test_a_repeal_ends_what_was_in_force() -> None:
    repeal: Provision[int] = Provision(date(2021, 1, 1), None, CITE)
    line = Timeline("a.b", "Nhãn", "months", (Provision(date(2020, 1, 1), 5, CITE), repeal))
    assert line.on(date(2020, 12, 31)).required == 5
    with pytest.raises(NotInForce, match="bãi bỏ từ 01/01/2021"):
        line.on(date(2021, 1, 1))
    assert repeal.is_repeal
    with pytest.raises(ValueError, match="repeal"):
        _ = repeal.required


def test_a_timeline_needs_provisions_of_different_days() -> None:
    with pytest.raises(ValueError, match="at least one"):
        _timeline([])
    with pytest.raises(ValueError, match="two provisions since 2020-01-01"):
        _timeline([date(2020, 1, 1), date(2020, 1, 1)])


def test_a_local_provision_of_the_same_day_rules() -> None:
    line = _timeline([date(2020, 1, 1)]).layered([Provision(date(2020, 1, 1), 9, CITE)])
    assert [p.value for p in line.provisions] == [9]


@given(st.lists(DAYS, min_size=1, max_size=8, unique=True), DAYS)
def test_the_latest_provision_not_after_the_day_rules(days: list[date], day: date) -> None:
    line = _timeline(days)
    earlier = [d for d in days if d <= day]
    if earlier:
        assert line.on(day).since == max(earlier)
    else:
        with pytest.raises(NotInForce):
            line.on(day)


@given(st.lists(DAYS, min_size=1, max_size=8, unique=True), DAYS, st.integers(1, 9000))
def test_a_new_law_never_changes_the_past(days: list[date], new: date, before: int) -> None:
    old = _timeline(days)
    changed = old.layered([Provision(new, 99, CITE)])
    day = new - timedelta(days=before)
    if day >= min(days):
        assert changed.on(day) == old.on(day)
    assert changed.on(new).value == 99
