"""Resolutions laid over the shipped law: which target is in force on which day, and what cannot be entered."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partyreg.rulebook.book import LAW
from partyreg.rulebook.resolution import Aim, Resolution, aim_findings, overlay, term_findings, twice
from partyreg.rulebook.targets import counted, heads, listed, named, numbers, term, threshold
from partyreg.rulebook.timeline import NotInForce, Provision

TODAY = date(2031, 3, 1)
MEASURES = ("21a", "21d", "22")
AIM = Aim("26", "Chi bộ có tủ sách", "percent", "entered", ">=", Decimal(80), "YEAR")
NEXT = Resolution("01-NQ/ĐU", "Đại hội", date(2030, 7, 1), date(2030, 7, 1), date(2035, 6, 30), date(2030, 7, 1))
MIDDLE = Resolution("09-NQ/ĐU", "Đảng ủy", date(2027, 12, 1), date(2025, 7, 1), date(2030, 6, 30), date(2028, 1, 1))


def of(base: Resolution, *aims: Aim) -> Resolution:
    return dataclasses.replace(base, aims=aims)


def aim(**changed: object) -> Aim:
    return dataclasses.replace(AIM, **changed)


def value(book, no: str, day: date) -> object:
    try:
        return threshold(no, day, book).value
    except NotInForce:
        return None


class TestOverlay:
    def test_without_resolutions_it_is_the_law_itself(self):
        assert overlay([]) is LAW

    def test_a_new_number_begins_on_the_resolutions_day(self):
        book = overlay([of(MIDDLE, aim(upper=Decimal("92.5"), baseline=Decimal(40), baseline_year=2025, baseline_source="BC 1"))])
        assert value(book, "26", date(2027, 12, 31)) is None and "26" not in listed(date(2027, 12, 31), book)
        rule = threshold("26", date(2028, 1, 1), book)
        assert (rule.value, rule.upper, rule.measure, rule.start) == (80, Decimal("92.5"), "entered", (2025, Decimal(40), "BC 1"))
        assert rule.cite.instrument == "09-NQ/ĐU (Đảng ủy)" and "26" in listed(date(2028, 1, 1), book)
        assert named("26", date(2020, 1, 1), book) == ("Chi bộ có tủ sách", "percent", "entered")

    def test_a_threshold_is_amended_in_mid_term(self):
        book = overlay([of(MIDDLE, aim(no="21a", label="Cao hơn", measure="21a", threshold=Decimal(95)))])
        assert [value(book, "21a", date(y, 12, 31)) for y in (2020, 2027, 2028, 2040)] == [80, 90, 95, 95]
        assert (named("21a", date(2027, 12, 31), book)[0], named("21a", date(2029, 1, 1), book)[0]) == (
            LAW.timeline("target.21a").label, "Cao hơn",
        )  # fmt: skip
        assert book.timeline("target.term") == LAW.timeline("target.term")

    def test_a_new_term_ends_what_it_does_not_take_over_with_the_last_year(self):
        book = overlay([of(NEXT, aim(no="21a", measure="21a", threshold=Decimal(92)))])
        assert [value(book, "21a", day) for day in (date(2030, 6, 30), date(2030, 7, 1), date(2033, 1, 1))] == [90, 92, 92]
        assert [value(book, "21b", day) for day in (date(2030, 12, 31), date(2031, 1, 1))] == [90, None]
        assert "21b" not in listed(date(2031, 1, 1), book) and "21b" in listed(date(2019, 1, 1), book)
        assert (term(date(2030, 6, 30), book), term(date(2030, 7, 1), book)) == ((2025, 2030), (2030, 2035))

    def test_a_number_withdrawn_ends_and_one_taken_back_never_was(self):
        taken = aim(no="21a", measure="21a", threshold=Decimal(95), withdrawn_on=MIDDLE.since)
        ended = aim(withdrawn_on=date(2029, 1, 1))
        book = overlay([of(MIDDLE, taken, ended)])
        assert value(book, "21a", date(2028, 6, 1)) == 90
        assert [value(book, "26", day) for day in (date(2028, 12, 31), date(2029, 1, 1))] == [80, None]
        later = dataclasses.replace(MIDDLE, number="10", since=date(2028, 6, 1), aims=(aim(threshold=Decimal(70)),))
        assert value(overlay([of(MIDDLE, ended), later]), "26", date(2029, 6, 1)) == 70
        before = overlay([of(MIDDLE, ended), dataclasses.replace(NEXT)])
        assert value(before, "26", date(2029, 1, 1)) is None

    def test_a_measure_is_found_under_its_new_number(self):
        book = overlay([of(NEXT, aim(no="7", unit="percent", measure="21d", threshold=Decimal("15.5")))])
        assert counted("21d", date(2028, 1, 1), book).key == "target.21d"
        found = counted("21d", date(2031, 6, 1), book)
        assert (found.key, found.value) == ("target.7", Decimal("15.5"))
        with pytest.raises(NotInForce):
            counted("21c", date(2031, 6, 1), book)
        assert heads(Decimal("15.5"), 200) == 31 and heads(Decimal("15.5"), 201) == 32

    def test_what_the_law_itself_repealed_stays_repealed(self):
        cite = LAW.on("target.6", date(2026, 1, 1)).citation
        book = overlay([of(NEXT, AIM)], LAW.with_local({"target.6": [Provision(date(2027, 1, 1), None, cite)]}))
        assert [value(book, "6", date(y, 6, 1)) for y in (2026, 2027, 2032)] == [60, None, None]

    def test_a_due_day_is_kept(self):
        book = overlay([of(NEXT, aim(period="STATE", by=date(2034, 12, 31)))])
        assert threshold("26", TODAY, book).by == date(2034, 12, 31)


@settings(max_examples=60, deadline=None)
@given(
    given_=st.lists(
        st.tuples(
            st.sampled_from(["21a", "26", "6"]), st.dates(date(2026, 1, 1), date(2030, 6, 30)), st.integers(1, 99),
            st.none() | st.integers(0, 900),
        ),
        unique_by=lambda one: one[:2], max_size=6,
    ),
    day=st.dates(date(2019, 1, 1), date(2036, 1, 1)),
)  # fmt: skip
def test_every_day_has_the_latest_provision_in_force(given_, day):
    """Against a plain reading: the last one begun on the day, of law and resolutions, unless it was withdrawn by then."""
    laid = [
        dataclasses.replace(
            MIDDLE, since=since,
            aims=(aim(no=no, threshold=Decimal(most), withdrawn_on=None if after is None else since + timedelta(after)),),
        )
        for no, since, most, after in given_
    ]  # fmt: skip
    book = overlay(laid)
    for no in ("21a", "26", "6", "21b"):
        begun = [
            (since, most, None if after is None else since + timedelta(after))
            for one, since, most, after in given_ if one == no and since <= day and after != 0
        ]  # fmt: skip
        if begun:
            _since, most, gone = max(begun)
            wanted = None if gone is not None and gone <= day else most
        else:
            wanted = value(LAW, no, day) if no in numbers() else None
        assert (value(book, no, day) if no in numbers(book) else None) == wanted


class TestTerms:
    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({}, None), ({"adopted_on": date(2031, 3, 2)}, "future"), ({"last": date(2030, 6, 1)}, "order"),
            ({"last": date(2045, 1, 1)}, "long"), ({"since": date(2036, 1, 1)}, "outside"), ({"since": date(2030, 6, 1)}, "outside"),
            ({"adopted_on": date(1029, 1, 1)}, "year"), ({"first": date(2028, 1, 1), "since": date(2031, 1, 1)}, "overlap"),
        ],
    )  # fmt: skip
    def test_days_that_cannot_be(self, changed, code):
        found = term_findings(dataclasses.replace(NEXT, **changed), [], TODAY)
        assert [one.code for one in found] == ([f"resolution.{code}"] if code else [])

    def test_a_term_is_another_or_the_same_to_the_day(self):
        assert term_findings(MIDDLE, [], TODAY) == [] == term_findings(NEXT, [NEXT, MIDDLE], TODAY)
        other = dataclasses.replace(NEXT, last=date(2035, 12, 31))
        assert [one.code for one in term_findings(other, [NEXT], TODAY)] == ["resolution.overlap"]


class TestAims:
    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"no": "021"}, "number"), ({"no": "2.Ngô"}, "number"), ({"label": ""}, "no_label"), ({"unit": "km"}, "unit"),
            ({"measure": "99"}, "measure"), ({"comparator": "="}, "comparator"), ({"period": "WEEK"}, "period"),
            ({"measure": "21a", "period": "MEAN"}, "uncountable"), ({"measure": "21a", "unit": "tons"}, "not_percent"),
            ({"threshold": Decimal("NaN")}, "value"), ({"threshold": Decimal(10) ** 12}, "value"),
            ({"threshold": Decimal("1.00001")}, "value"), ({"threshold": Decimal(-1)}, "negative"),
            ({"threshold": Decimal(101)}, "above_all"), ({"upper": Decimal(70)}, "upper"),
            ({"comparator": "<", "upper": Decimal(90)}, "upper"), ({"by": date(2029, 1, 1)}, "due"), ({"period": "STATE"}, "no_due"),
            ({"period": "STATE", "by": date(2031, 1, 1)}, "due_outside"), ({"period": "STATE", "by": date(2027, 1, 1)}, "due_outside"),
            ({"baseline": Decimal(1)}, "baseline"),
            ({"baseline": Decimal(1), "baseline_year": 1900, "baseline_source": "BC"}, "baseline_year"),
        ],
    )  # fmt: skip
    def test_what_cannot_be(self, changed, code):
        found = aim_findings(aim(**changed), MIDDLE, MEASURES)
        assert [one.code for one in found] == [f"resolution.{code}"]
        assert "%(" not in found[0].message and "%%" not in found[0].message

    @pytest.mark.parametrize(
        "changed",
        [
            {}, {"measure": "21a"}, {"unit": "percent change", "threshold": Decimal(-10), "comparator": "<="}, {"upper": Decimal(90)},
            {"comparator": "<=", "upper": Decimal(70)}, {"period": "STATE", "by": date(2030, 12, 31)}, {"period": "TERM"},
            {"baseline": Decimal("102.1"), "baseline_year": 2025, "baseline_source": "BC"}, {"unit": "tons", "threshold": Decimal(1500)},
        ],
    )  # fmt: skip
    def test_what_can_be(self, changed):
        assert aim_findings(aim(**changed), MIDDLE, MEASURES) == []

    def test_a_number_is_set_once_from_a_day(self):
        assert [one.code for one in twice(AIM, MIDDLE, [of(MIDDLE, AIM)])] == ["resolution.twice"]
        assert twice(AIM, MIDDLE, [of(NEXT, AIM), of(MIDDLE, aim(withdrawn_on=MIDDLE.since)), of(MIDDLE, aim(no="27"))]) == []
