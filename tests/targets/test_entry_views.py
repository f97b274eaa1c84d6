"""The pages of the entered targets, of the term, and of two years side by side."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from partyreg.access import Role
from partyreg.db import db
from partyreg.targets.models import TargetEntry
from tests.make.targets import entry

NEW = {"no": "2.cassava", "year": "2026", "value": "6.891,87", "source": "Báo cáo kinh tế - xã hội", "paper": "45/BC-UBND, phụ lục 2"}


@pytest.fixture
def office(as_):
    return as_(Role.ORGANISATION)


class TestEntries:
    def test_a_value_is_entered_corrected_and_removed(self, office, commune):
        assert 'selected value="2.cassava"' in office.get("/targets/entries/new?no=2.cassava&year=2026").text
        page = office.post("/targets/entries/new", data=NEW, follow_redirects=True).text
        assert "6.891,87 tấn" in page and "45/BC-UBND, phụ lục 2" in page and "Còn 31 số chưa nhập" in page
        made = SimpleNamespace(id=db.session.query(TargetEntry).one().id)
        form = office.get(f"/targets/entries/{made.id}").text
        assert 'value="6.891,87"' in form and "Tính bằng: tấn" in form and "≥ 6.891,87 tấn" in form
        changed = {**NEW, "value": "7.000", "because": "Số cũ là ước tính", "version": "1"}
        assert office.post(f"/targets/entries/{made.id}", data={**changed, "because": ""}).status_code == 422
        page = office.post(f"/targets/entries/{made.id}", data=changed, follow_redirects=True).text
        assert "7.000 tấn" in page and "Đã sửa: Số cũ là ước tính" in page
        stale = office.post(f"/targets/entries/{made.id}", data={**changed, "value": "8.000"})
        assert stale.status_code == 409 and "8.000 tấn" in stale.text and "7.000 tấn" in stale.text
        assert office.post(f"/targets/entries/{made.id}/remove", data={"version": "1"}).status_code == 409
        assert "Đã xóa số liệu" in office.post(f"/targets/entries/{made.id}/remove", data={"version": "2"}, follow_redirects=True).text
        assert office.get(f"/targets/entries/{made.id}").status_code == 404

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"value": "1.5"}, "Không đọc được số “1.5”"), ({"value": "abc"}, "Không đọc được số"), ({"value": ""}, "Chưa nhập mục này"),
            ({"value": "9" * 40}, "Không đọc được số"), ({"value": "9" * 20}, "Số quá lớn"), ({"value": "1,23456"}, "Nhiều nhất 4 chữ số"),
            ({"value": "1\0x"}, "Không đọc được số"), ({"value": "-3"}, "không thể là số âm"), ({"value": "٣"}, "Không đọc được số"),
            ({"source": ""}, "Chưa nhập mục này"), ({"paper": "x" * 99}, "Quá dài"), ({"year": "2027"}, "Năm phải từ 2020 đến 2026"),
            ({"year": "9" * 30}, "Phải là số"), ({"no": "21a"}, "Lựa chọn không có"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_comes_back_filled(self, office, commune, changed, told):
        answer = office.post("/targets/entries/new", data={**NEW, **changed})
        assert answer.status_code == 422
        assert told in answer.text
        if "source" not in changed:
            assert "Báo cáo kinh tế - xã hội" in answer.text
        assert db.session.query(TargetEntry).count() == 0

    def test_a_share_of_more_than_all_is_kept_with_a_warning(self, office, commune):
        page = office.post("/targets/entries/new", data={**NEW, "no": "11", "value": "102,1"}, follow_redirects=True).text
        assert page.count("Tỷ lệ trên 100 %. Hãy xem lại số đã nhập.") == 2 and "102,1 %" in page

    def test_a_second_value_of_a_year_is_refused_beside_the_field(self, office, commune):
        entry("2.cassava")
        answer = office.post("/targets/entries/new", data=NEW)
        assert answer.status_code == 422 and "đã có số liệu của chỉ tiêu này" in answer.text

    def test_readers_read_and_export(self, as_, commune):
        entry()
        for role in (Role.STANDING, Role.INSPECTION, Role.REPORTING):
            page = as_(role).get("/targets/entries?year=2026").text
            assert "59,5 %" in page and "Nhập số liệu" not in page
            assert as_(role).post("/targets/entries/new", data=NEW).status_code == 403
        rows = as_(Role.REPORTING).get("/targets/entries.csv?year=2026").data.decode("utf-8-sig").splitlines()
        assert len(rows) == 33 and any(row.startswith("6,Tỷ lệ che phủ rừng,") and "45/BC-UBND" in row for row in rows)
        assert as_(Role.REPORTING).get("/targets/entries.xlsx").data[:2] == b"PK"
        page = as_(Role.SECRETARY, commune.bon).get("/targets/entries").text
        assert "chỉ tính cho cả xã" in page and "59,5" not in page

    @pytest.mark.parametrize("asked", ["year=99999999999999", "year=x%00", "year=-1", "no=%00"])
    def test_an_odd_address_is_answered(self, office, commune, asked):
        assert office.get(f"/targets/entries?{asked}").status_code == 200
        assert office.get(f"/targets/entries/new?{asked}").status_code == 200

    def test_the_dashboard_shows_all_twenty_five(self, office, commune):
        entry()
        page = office.get("/targets?year=2026").text
        for number in range(1, 21):
            assert f"{number}. " in page
        assert "59,5 %" in page and "nhiệm kỳ trước 59,03 % (theo báo cáo)" in page and "Chưa đến hạn" in page and "24b. " in page
        assert "nhập tay mỗi năm" not in office.get("/targets?year=2026&unit=cb-bon").text

    def test_the_page_takes_as_many_statements_for_many_values_as_for_few(self, office, commune, counting):
        def taken() -> int:
            with counting() as count:
                assert office.get("/targets?year=2026").status_code == 200
            return len(count)

        taken()
        few = taken()
        for no in ("5", "6", "7", "2.maize", "2.rice"):
            entry(no, value="1")
        assert taken() == few


class TestTerm:
    def test_every_year_of_the_term_stands_with_its_path(self, as_, commune):
        entry("2.cattle", 2025, "4600")
        page = as_(Role.REPORTING).get("/targets/term").text
        assert "Chỉ tiêu nhiệm kỳ 2025-2030" in page and "4.600 con" in page and "Cần 4.627 con" in page
        assert "chậm so với đường cần đi" in page and "Nhiệm kỳ 2020-2025, theo báo cáo" in page and "774 tỷ đồng" in page
        rows = as_(Role.REPORTING).get("/targets/term.csv").data.decode("utf-8-sig").splitlines()
        assert len(rows) == 44 and "Cần đạt 2030" in rows[0]
        assert as_(Role.REPORTING).get("/targets/term.xlsx").data[:2] == b"PK"
        assert "4.600" not in as_(Role.SECRETARY, commune.bon).get("/targets/term").text

    def test_two_years_are_compared(self, as_, commune):
        entry("2.goats", 2025, "5000")
        entry("2.goats", 2026, "5500")
        browser = as_(Role.REPORTING)
        page = browser.get("/targets/compare?a=2025&b=2026").text
        assert "5.500 con" in page and "500 con" in page and "10,00 %" in page
        assert "2025" in browser.get("/targets/compare").text
        assert "10.00" in browser.get("/targets/compare.csv?a=2025&b=2026").data.decode("utf-8-sig")
        assert browser.get("/targets/compare.xlsx").data[:2] == b"PK"

    @pytest.mark.parametrize("asked", ["a=abc&b=2026", "a=2025&b=2099", "a=1800&b=2026", "a=99999999999999999999&b=1"])
    def test_a_wrong_year_comes_back_with_the_reason(self, as_, commune, asked):
        browser = as_(Role.REPORTING)
        answer = browser.get(f"/targets/compare?{asked}")
        assert answer.status_code == 422
        assert "field-errors" in answer.text
        assert browser.get(f"/targets/compare.csv?{asked}").status_code == 422


def test_the_mean_that_is_judged_stands_beside_the_years_own_value(commune, as_):
    for year, value in ((2025, 20), (2026, 10)):
        entry("1", year, str(value))
    reader = as_(Role.ORGANISATION)
    said = "Bình quân 2 năm có số liệu: 15 %"
    assert said in reader.get("/targets?year=2026").text and said in reader.get("/targets/term").text
    assert "(đánh giá theo bình quân)" in reader.get("/targets/compare?a=2025&b=2026").text
    assert "10 %; bình quân 2 năm có số liệu: 15 %" in reader.get("/targets/term.csv").get_data(as_text=True)
