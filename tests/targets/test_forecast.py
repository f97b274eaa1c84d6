"""The forecast on the page of target 22: the numbers for whoever reads targets, the files for whoever may open them."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Role
from partyreg.db import db
from partyreg.rulebook.admission import Step
from tests import make
from tests.make.admissions import admission, introducers

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def under_way(commune):
    """A file of Bon that can be decided now, and one of He that cannot this year."""
    now = admission(unit=commune.bon, full_name="Lò Thị Ngay", step=Step.DECIDING)
    later = admission(unit=commune.he, full_name="Quàng Thị Nguồn", step=Step.LISTED, asked_on=None, asked_number=None)
    return now, later


def test_the_page_of_22_shows_numbers_months_files_and_groups(under_way, as_):
    now, later = under_way
    text = as_(Role.STANDING).get("/targets/22").text
    for told in (
        "Dự báo kết nạp năm 2026", "Mức 3 %: cần 1 người = 0 đã kết nạp + 1 kịp trong năm", "Mức 4 %: cần 1 người", "vừa đủ",
        "Tháng 11/2026", "Tháng 12/2026", "Không kịp trong năm", "Còn hai kỳ sinh hoạt", "Dân tộc thiểu số", "Cán bộ bản", "Dưới 30 tuổi",
    ):  # fmt: skip
        assert told in text
    for file in (now, later):
        assert f'href="/admissions/{file.id}"' in text


def test_who_may_not_read_files_sees_the_numbers_only(under_way, as_):
    for role in (Role.INSPECTION, Role.REPORTING):
        text = as_(role).get("/targets/22").text
        assert "Mức 3 %: cần 1 người = 0 đã kết nạp + 1 kịp trong năm" in text
        assert "1 hồ sơ ngoài quyền xem của đồng chí" in text
        assert "Lò Thị Ngay" not in text
        assert "/admissions/" not in text


def test_a_secretary_sees_the_forecast_of_her_cell(under_way, as_, commune):
    text = as_(Role.SECRETARY, commune.bon).get("/targets/22").text
    assert "Lò Thị Ngay" in text
    assert "Quàng Thị Nguồn" not in text


def test_what_lacks_is_said(commune, as_):
    make.member(unit=commune.bon)
    assert "còn thiếu 1 người" in as_(Role.STANDING).get("/targets/22").text


@pytest.mark.parametrize(
    "address", ["/targets/22?year=2025", "/targets/22?on=30/06/2026", "/targets/21b", "/targets/term_admissions?year=2025"]
)
def test_no_forecast_of_a_day_that_is_over_nor_of_other_targets(under_way, as_, address):
    assert "Dự báo kết nạp" not in as_(Role.STANDING).get(address).text


def test_statements_do_not_grow_with_the_files(commune, as_, counting):
    browser = as_(Role.STANDING)
    named = introducers(commune.bon)

    def made(number):
        for _each in range(number):
            admission(unit=commune.bon, introduced_by=named, step=Step.LISTED)
        db.session.commit()
        with counting() as count:
            browser.get("/targets/22")
        return len(count)

    few = made(2)
    assert made(8) == few > 0
