"""Every value of the shipped law can be said in Vietnamese."""

from __future__ import annotations

import re
from datetime import date

import pytest

from partyreg.rulebook.book import LAW
from partyreg.rulebook.words import CODES, NEEDS, STEPS, UNITS, value_text

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("key", LAW.keys())
def test_every_provision_has_words(key: str) -> None:
    line = LAW.timeline(key)
    for provision in line.provisions:
        if provision.is_repeal:
            continue
        text = value_text(provision.required, line.unit)
        assert text
        assert not re.search(r"[A-Z]+_[A-Z]+|mappingproxy|%\(", text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("admission.background_days", "30 ngày làm việc"),
        ("admission.cell_share", "ít nhất 2/3"),
        ("admission.opinions", "ý kiến tổ chức chính trị - xã hội, ý kiến chi ủy nơi cư trú"),
        ("admission.regulation", "Quy định 208-QĐ/TW"),
        ("admission.min_schooling", "hoàn thành trung học cơ sở"),
        ("admission.background_before_vote", "có"),
        ("committee.age_groups", "42, 50 năm"),
        ("meeting.score_bands", "tốt: 90; khá: 70; trung bình: 50; kém: 0"),
        (
            "rating.ceiling",
            "tỷ lệ %: 20; tính trên: số hoàn thành tốt nhiệm vụ trở lên; trong: toàn Đảng bộ xã, từng loại đối tượng; "
            "cách làm tròn: làm tròn xuống",
        ),
        (
            "rating.steps_member",
            "tự xếp loại: người hoặc tập thể được xếp loại; biểu quyết đề xuất mức: chi bộ; thẩm định: cơ quan tham mưu; "
            "quyết định: ban thường vụ",
        ),
        ("rating.ceiling_readings_organisation", "quy định của đợt xếp loại, trên số hoàn thành tốt của từng loại hình tổ chức"),
        ("target.23a", "ngưỡng: 100; so sánh: >=; kỳ: đến ngày; chậm nhất: 31/12/2030"),
    ],
)
def test_some_values_in_words(key: str, text: str) -> None:
    assert value_text(LAW.on(key, DAY).value, LAW.timeline(key).unit) == text


def test_no_and_the_score_sheet_in_words() -> None:
    assert value_text(False, "yes/no") == "không"
    sheet = value_text(LAW.on("meeting.score_sheet", DAY).value, "points")
    assert sheet.startswith("Thời gian 5 (Họp đúng ngày sinh hoạt 3 (đúng quy định: 3; trong tuần đầu: 2; muộn: 0); Đủ thời lượng 2 (")
    assert "Đảng viên dự sinh hoạt 5 (từ %: 90; điểm: 5; từ %: 75; điểm: 3;" in sheet
    assert value_text(({"name": "Cả buổi", "points": 100},), "points") == "Cả buổi 100 điểm"


def test_the_way_and_its_demands_in_words() -> None:
    path = value_text(LAW.on("admission.way", DAY).value, "steps")
    assert path.startswith("Chi bộ trực thuộc: trong danh sách cảm tình Đảng → xin làm thủ tục → làm hồ sơ → ")
    needs = value_text(LAW.on("admission.needs", DAY).value, "needs")
    assert "đảng ủy biểu quyết: đảng ủy biểu quyết; ban thường vụ quyết định: ban thường vụ biểu quyết, quyết định kết nạp" in needs
    assert not {*STEPS, *NEEDS} & set(re.findall(r"[a-z_]+", f"{path} {needs}"))
    assert value_text({"draft": ("age",)}, "needs", str.upper) == "LÀM HỒ SƠ: TUỔI"


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        value_text(3, "furlongs")
    assert all(text for text in (*UNITS.values(), *CODES.values()))
