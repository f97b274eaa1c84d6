"""Charts: what is drawn fits, is told in words and as a table, and survives hostile names and figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from partyreg import charts
from partyreg.charts.canvas import FILLS, cut, scale_end, width_of, wrapped
from tests.charts.look import boxes, dots, drawings, faults, tree, words

LONG = "Chi bộ Trường Phổ thông dân tộc bán trú Tiểu học và Trung học cơ sở Mường Chiên, điểm trường bản Huổi Xanh"
HOSTILE = "<b>&\"'</b>\x00\x08\ud800 WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
KINDS = ["Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ", "Chưa xếp loại"]


def year(done: list[int], planned: dict[int, int] | None = None) -> list[charts.Month]:
    """The months of 2026, done as far as told."""
    told = planned or {}
    return [charts.Month(dt.date(2026, at, 1), done[at - 1] if at <= len(done) else None, told.get(at, 0)) for at in range(1, 13)]


# -- every chart that data can ask for ----------------------------------------------------------------------------------


def rows(count: int, name: str = "Chi bộ bản số") -> list[charts.Bar]:
    """So many cells with growing counts."""
    return [charts.Bar(f"{name} {at}", (at % 7, at * 3 % 40, at % 3, at % 2, at % 5)) for at in range(count)]


EVERY = {
    "gauge met": charts.gauge(charts.Reading("Đạt", Decimal("95.05"), 90, met=True)),
    "gauge at the mark": charts.gauge(charts.Reading("Đúng mức", 90, 90, met=True)),
    "gauge of nothing": charts.gauge(charts.Reading("Không", 0, 0, "<=", met=True)),
    "gauge of all": charts.gauge(charts.Reading("Tất cả", 100, 100, met=True)),
    "gauge beyond": charts.gauge(charts.Reading("Vượt", Fraction(40000, 3), 3, met=True)),
    "gauge far below": charts.gauge(charts.Reading("Xa", Decimal("0.01"), 100, met=False)),
    "gauge unknown": charts.gauge(charts.Reading("Chưa biết", None, 90)),
    "gauge without a mark": charts.gauge(charts.Reading("Không mức", 12, None)),
    "gauge knowing nothing": charts.gauge(charts.Reading("Không gì", None, None, None)),
    "gauge hostile": charts.gauge(charts.Reading(HOSTILE, 50, 50, HOSTILE[:8], met=True)),
    "gauges": charts.gauges("Các chỉ tiêu", [charts.Reading(f"{at} {LONG[:at * 12]}", at * 11, 90, met=at > 8) for at in range(11)]),
    "gauges of one": charts.gauges("Một", [charts.Reading(HOSTILE, None, 90, HOSTILE[:8])]),
    "gauges of none": charts.gauges("Không", []),
    "levels": charts.levels("33 chi bộ", rows(33), KINDS),
    "levels of one": charts.levels("Một", rows(2)[1:], KINDS),
    "levels of none": charts.levels("Không có", [], KINDS),
    "levels of a hundred": charts.levels("Trăm", rows(100), KINDS),
    "levels all zero": charts.levels("Không", [charts.Bar("Chi bộ", (0, 0, 0, 0, 0))] * 3, KINDS),
    "levels all equal": charts.levels("Bằng nhau", [charts.Bar("Chi bộ", (5, 5, 5, 5, 5))] * 5, KINDS),
    "levels long": charts.levels("Dài", [charts.Bar(LONG, (1, 0, 0, 0, 0)), charts.Bar(HOSTILE, (0, 9, 0, 0, 0))], KINDS),
    "levels huge": charts.levels("Lớn", [charts.Bar("Chi bộ", (1_000, 22_000, 3, 0, 1)), charts.Bar("", (1, 0, 0, 0, 0))], KINDS),
    "levels of two kinds": charts.levels("Hai", [charts.Bar("Chi bộ", (3, 4))], [LONG, HOSTILE]),
    "pace": charts.pace("Tiến độ", year([4, 0, 2, 0, 5, 1, 0, 6, 0, 3, 0], {11: 14, 12: 8}), 27, today=dt.date(2026, 11, 24)),
    "pace begun": charts.pace("Mới", year([0]), 27, today=dt.date(2026, 1, 1)),
    "pace on the last day": charts.pace("Cuối", year([1] * 12), 12, today=dt.date(2026, 12, 31)),
    "pace exactly": charts.pace("Đúng", year([3] * 12), 36),
    "pace of nothing": charts.pace("Không", year([0] * 12), 0),
    "pace without a number": charts.pace("Không mức", year([1, 2, 3]), None),
    "pace of large numbers": charts.pace("Lớn", year([12_345] * 12), 99_999, today=dt.date(2026, 6, 15)),
    "pace of no months": charts.pace("Trống", [], 5, today=dt.date(2026, 6, 15)),
    "pace of one month": charts.pace("Một", year([3])[:1], 5, today=dt.date(2026, 1, 15)),
    "pyramid": charts.pyramid("Tháp", ["Dưới 42 tuổi", "Từ 42 đến 50 tuổi", "Từ 51 tuổi trở lên"], [4, 11, 2], [2, 2, 0]),
    "pyramid of nobody": charts.pyramid("Không", ["Dưới 42 tuổi"], [0], [0]),
    "pyramid without bands": charts.pyramid("Trống", [], [], []),
    "pyramid hostile": charts.pyramid("Lớn", [HOSTILE, LONG, "x"], [100_000, 1, 0], [0, 2_000_000, 0]),
    "years": charts.years("Năm", range(2021, 2027), [charts.Line("Kết quả", [88, 89, None, 92, 94, 100], frozenset({2026}))],
                          [charts.Line("Mức chỉ tiêu", [85, 85, 85, 85, 90, 90])]),
    "years all equal": charts.years("Bằng", range(2021, 2027), [charts.Line(f"Dòng {n}", [50] * 6) for n in range(6)]),
    "years at the ends": charts.years("Đầu cuối", range(2021, 2027), [charts.Line("A", [0] * 6), charts.Line("B", [100] * 6)],
                                      [charts.Line("C", [0] * 6), charts.Line("D", [100] * 6)]),
    "years of one": charts.years("Một", [2026], [charts.Line("Kết quả", [Decimal("3.18")])], [charts.Line("Mức", [3])]),
    "years of none": charts.years("Không", [], [charts.Line("Kết quả", [])]),
    "years unknown": charts.years("Chưa", range(2021, 2027), [charts.Line("Kết quả", [None] * 6)]),
    "years of thirty": charts.years("Dài", range(1997, 2027), [charts.Line(LONG, [n * 3.3 for n in range(30)])]),
    "years hostile": charts.years("Lạ", range(2021, 2027), [charts.Line(HOSTILE, [250, None, 1, None, 7, 99_999])]),
}  # fmt: skip


@pytest.mark.parametrize("chart", EVERY.values(), ids=EVERY)
def test_no_words_cover_others_and_everything_is_named(chart):
    assert faults(chart) == []
    assert chart.text.strip()
    assert all(len(row.cells) == len(chart.table.columns) for row in chart.table.rows)


def test_a_fault_would_be_found():
    good = EVERY["gauge met"]
    bad = str(good.svg).replace('x="0" y="24"', 'x="300" y="24"')
    assert any("covers" in fault for fault in faults(charts.Chart("x", "x", type(good.svg)(bad), "x", good.table)))
    assert faults(charts.Chart("x", "x", good.svg, "x", good.table, good.svg))  # the same ids twice


@pytest.mark.parametrize("chart", [chart for name, chart in EVERY.items() if "hostile" in name or "long" in name])
def test_names_are_escaped(chart):
    for svg in (chart.svg, chart.narrow):
        assert "<b>" not in svg
        assert "\x00" not in svg
        assert "\ud800" not in svg


@pytest.mark.parametrize("name", ["levels", "pace", "pyramid", "years"])
def test_a_phone_gets_a_drawing_of_its_own_width(name):
    wide, narrow = drawings(EVERY[name])
    assert (wide.get("width"), narrow.get("width")) == ("680", "340")
    assert 'id="c-' in EVERY[name].svg


def test_drawings_of_two_names_share_no_ids():
    first, second = (charts.levels("A", rows(3), KINDS, name=name) for name in ("levels-1", "levels 2"))
    ids = [{element.get("id") for svg in drawings(chart) for element in svg.iter() if element.get("id")} for chart in (first, second)]
    assert ids[0] and not ids[0] & ids[1]
    assert all(" " not in name for name in ids[1] if name)


# -- what each says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "threshold", "met", "word", "text"),
    [
        (Decimal("95.05"), 90, True, "Đạt", "Tỷ lệ 95,05 %, mức chỉ tiêu ≥ 90,00 %: đạt."),
        (Fraction(4, 21) * 100, 20, False, "Chưa đạt", "Tỷ lệ 19,05 %, mức chỉ tiêu ≥ 20,00 %: chưa đạt."),
        (95, 95, None, "Chưa đủ số liệu", "Tỷ lệ 95,00 %, mức chỉ tiêu ≥ 95,00 %: chưa đủ số liệu để kết luận."),
        (None, 95, None, "Chưa đủ số liệu", "Chưa tính được tỷ lệ, chưa đủ số liệu; mức chỉ tiêu ≥ 95,00 %."),
        (12, None, None, "Chưa đủ số liệu", "Tỷ lệ 12,00 %; chưa có mức chỉ tiêu để so sánh."),
        (None, None, None, "Chưa đủ số liệu", "Chưa đủ số liệu."),
    ],
)
def test_gauge_tells_its_state_in_a_word(value, threshold, met, word, text):
    chart = charts.gauge(charts.Reading("Chỉ tiêu", value, threshold, met=met, part=4, whole=21))
    assert chart.text == text
    assert word in words(tree(chart.svg))
    assert chart.table.rows[0].cells[0:2] == (4, 21)
    assert chart.table.rows[0].cells[-1] == word


def test_many_gauges_stand_in_one_drawing_each_as_it_is_alone():
    given = [
        charts.Reading("21a Chi bộ", 95, 90, met=True, part=19, whole=20), charts.Reading("21e Nền nếp", 80, 100, met=False),
        charts.Reading("25b Kỹ năng số", 49, 100, met=False, later=True), charts.Reading("23b Bồi dưỡng", None, 100),
    ]  # fmt: skip
    sheet = charts.gauges("Các chỉ tiêu", given)
    assert sheet.text == "4 chỉ tiêu: 1 đạt, 1 chưa đạt, 1 chưa đến hạn, 1 chưa đủ số liệu."
    alone = [word for one in given for word in words(tree(charts.gauge(one).svg))]
    for drawing in drawings(sheet):
        assert sorted(words(drawing)) == sorted([*alone, *(one.title for one in given)])
    assert [row.cells[0] for row in sheet.table.rows] == [one.title for one in given]
    assert [row.cells[-1] for row in sheet.table.rows] == ["Đạt", "Chưa đạt", "Chưa đến hạn", "Chưa đủ số liệu"]


def test_gauge_states_differ_by_pattern():
    used = [
        {fill for fill in range(5) if f"-p{fill})" in charts.gauge(charts.Reading("x", 50, 60, met=met)).svg} for met in (True, False, None)
    ]
    assert used == [{0, 4}, {1, 4}, {2, 4}]


def test_gauge_reaches_as_far_as_the_value():
    bars = [
        float(one.get("width", 0)) for one in tree(charts.gauge(charts.Reading("x", 50, 60, met=False)).svg) if one.tag.endswith("rect")
    ]
    assert bars[1] == pytest.approx(bars[0] / 2, abs=0.01)


def test_small_marks_have_a_scale_of_their_own():
    shown = words(tree(charts.gauge(charts.Reading("x", Decimal("2.40"), 3, met=False)).svg))
    assert "mức ≥ 3,00 %" in shown
    assert "100,00 %" not in shown


def test_levels_show_every_count_and_each_kind_has_a_pattern():
    chart = charts.levels("x", [charts.Bar("Chi bộ bản Bon", (3, 14, 2, 1, 4)), charts.Bar("Chi bộ bản Hé", (0, 1, 0, 0, 0))], KINDS)
    for svg in drawings(chart):
        shown = words(svg)
        assert all(kind in shown for kind in KINDS)
        assert shown[-12:] == ["Chi bộ bản Bon", "3", "14", "2", "1", "4", "Chi bộ bản Hé", "0", "1", "0", "0", "0"]
    assert all(f"-p{fill})" in chart.svg for fill in range(5))
    assert len(set(FILLS)) == 5
    assert chart.text.startswith("2 chi bộ, 25 đảng viên: hoàn thành xuất sắc nhiệm vụ 3, hoàn thành tốt nhiệm vụ 15")
    assert chart.table.rows[0].cells == ("Chi bộ bản Bon", 3, 14, 2, 1, 4)


def test_levels_refuse_counts_that_do_not_fit():
    with pytest.raises(ValueError, match="as many counts"):
        charts.levels("x", [charts.Bar("x", (1, 2))], KINDS)
    with pytest.raises(ValueError, match="at most five"):
        charts.levels("x", [charts.Bar("x", (1,) * 6)], [*KINDS, "x"])


def test_pace_adds_up_and_compares():
    chart = EVERY["pace"]
    assert chart.text == ("Đến tháng 11/2026 đã kết nạp 21 người; tiến độ cần 25, cả năm cần 27. Tính cả hồ sơ kịp quyết định: 43 người.")
    assert chart.table.rows[-1].cells == ("12/2026", None, None, 8, 27)
    assert chart.table.rows[4].cells == ("05/2026", 5, 11, 0, 12)
    assert "hôm nay, 24/11" in words(tree(chart.svg))
    assert "43" in words(tree(chart.narrow))
    assert EVERY["pace without a number"].text == "Đến tháng 03/2026 đã kết nạp 6 người."
    assert EVERY["pace of no months"].text == "Chưa có số liệu."


def test_pyramid_has_men_left_and_women_right():
    chart = EVERY["pyramid"]
    assert chart.text == "17 nam và 4 nữ. Nhóm đông nhất: Từ 42 đến 50 tuổi, 13 người."
    placed = {box.words: box for box in boxes(tree(chart.svg))}
    assert placed["11"].right < placed["Từ 42 đến 50 tuổi"].left < placed["Nữ"].left
    assert placed["Từ 51 tuổi trở lên"].top < placed["Dưới 42 tuổi"].top
    with pytest.raises(ValueError, match="zip"):
        charts.pyramid("x", ["a"], [1, 2], [1])


def test_years_break_at_a_gap_and_mark_incomplete_years():
    chart = EVERY["years"]
    svg = tree(chart.svg)
    lines = [one for one in svg if one.tag.endswith("polyline") and one.get("stroke-width") == "2.5"]
    assert [len(one.get("points", "").split()) for one in lines] == [2, 3]
    hollow = [one for one in svg if "c-hollow" in one.get("class", "")]
    assert len(hollow) == 1
    assert chart.text == "Kết quả: từ 88,00 % năm 2021 đến 100,00 % năm 2026. Năm chưa đủ số liệu: 2026."
    assert chart.table.rows[2].cells == ("2023", None, "85,00 %")
    assert chart.table.rows[5].cells[1] == "100,00 % (chưa đủ số liệu)"
    assert EVERY["years of one"].text == "Kết quả: 3,18 % năm 2026."
    with pytest.raises(ValueError, match="each year"):
        charts.years("x", [2025, 2026], [charts.Line("x", [1])])


def test_lines_differ_by_dash_and_marker():
    svg = tree(charts.years("x", [2025, 2026], [charts.Line(f"{n}", [n * 10, n * 20]) for n in range(4)]).svg)
    lines = [one for one in svg if one.tag.endswith("polyline") and one.get("stroke-width") == "2.5"]
    assert len({one.get("stroke-dasharray") for one in lines}) == 4
    assert len([one for one in svg if "c-solid" in one.get("class", "")]) == 8


# -- the picture, and the measures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gauge met", "gauges", "levels", "pace", "pyramid hostile", "years"])
def test_the_picture_shows_what_is_drawn(name):
    width, height, lines = dots(charts.png(EVERY[name], 80))
    assert abs(width - 80 / 25.4 * 220) < 2
    assert height > 50
    dark = sum(1 for line in lines if min(line[::3]) < 120)
    assert dark > height / 8


def test_the_picture_can_carry_its_title_and_words():
    plain, titled = (dots(charts.png(EVERY["pace"], 80, titled=titled))[1] for titled in (False, True))
    assert titled > plain + 50
    assert dots(charts.png(EVERY["pace"], 80, narrow=True))[1] > plain


@pytest.mark.parametrize("sign", [">=", "<="])
def test_the_picture_has_a_letter_for_every_sign(sign):
    shown, box = (charts.png(charts.gauge(charts.Reading("x", 10, 50, one)), 60) for one in (sign, "\ue000"))
    assert shown != box  # no letter is a box


def test_the_same_chart_is_the_same_picture():
    assert charts.png(EVERY["years"], 60) == charts.png(EVERY["years"], 60)


def test_words_are_cut_and_wrapped_within_their_room():
    assert cut("Chi bộ", 500) == "Chi bộ"
    assert cut(LONG, 100).endswith("…")
    assert width_of(cut(LONG, 100)) <= 100
    assert all(width_of(line) <= 120 for line in wrapped(LONG, 120))
    assert len(wrapped(LONG, 120)) == 2
    assert wrapped("một hai", 1000) == ["một hai"]


@pytest.mark.parametrize(("peak", "whole", "end"), [(43, True, 60), (1, True, 4), (3.3, False, 4), (101, False, 200), (0.02, False, 0.02)])
def test_scales_end_at_round_numbers(peak, whole, end):
    assert scale_end(peak, whole=whole) == pytest.approx(end)
