"""The pages of resolutions, and of the terms that they begin."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from partyreg.access import Role
from partyreg.db import db
from partyreg.resolutions.models import Resolution, ResolutionTarget
from tests.make.ratings import year
from tests.make.reports import kept
from tests.make.resolutions import resolution, target

NEW = {
    "number": "01-NQ/ĐU", "body": "Đại hội Đảng bộ xã", "adopted_on": "01/11/2026", "first_on": "01/07/2030", "last_on": "30/06/2035",
    "in_force_from": "01/07/2030",
}  # fmt: skip
AIM = {
    "no": "26", "label": "Chi bộ có tủ sách", "measure": "entered", "unit": "percent", "comparator": ">=", "threshold": "80",
    "period": "YEAR", "article": "mục II",
}  # fmt: skip


@pytest.fixture
def office(as_):
    return as_(Role.ORGANISATION)


class TestList:
    def test_the_shipped_law_stands_in_the_list_with_its_source(self, office, commune):
        page = office.get("/targets/resolutions").text
        assert "Chưa nhập nghị quyết nào" in page and "21a. Tổ chức cơ sở đảng" in page and "Kèm theo sổ" in page
        assert "chỉ tiêu 21a, Nghị quyết Đại hội Đảng bộ xã Mường Chiên" in page and "/targets/resolutions/new" in page
        assert "/targets/resolutions" in office.get("/targets").text

    def test_a_day_has_what_is_in_force_on_it(self, office, commune):
        target(resolution(), no="21a", label="Chi bộ tốt", measure="21a", threshold=Decimal(97))
        assert "≥ 97 %" in office.get("/targets/resolutions").text and "Đang áp dụng" in office.get("/targets/resolutions").text
        before = office.get("/targets/resolutions?on=2026-09-30").text
        assert "≥ 97 %" not in before and "Đã nhập</" not in before
        assert "Không có chỉ tiêu" in office.get("/targets/resolutions?on=2001-01-01").text
        assert office.get("/targets/resolutions?on=31/02/2026").status_code == 422

    @pytest.mark.parametrize("role", [Role.SECRETARY, Role.STANDING, Role.REPORTING])
    def test_whoever_reads_targets_reads_them_and_changes_nothing(self, as_, commune, role):
        made = resolution()
        own = target(made)
        browser = as_(role, commune.bon if role is Role.SECRETARY else None)
        page = browser.get(f"/targets/resolutions/{made.id}").text
        assert "26. Chi bộ có tủ sách" in page and "/edit" not in page and f"resolution-targets/{own.id}" not in page
        assert "/targets/resolutions/new" not in browser.get("/targets/resolutions").text
        assert browser.get("/targets/resolutions/new").status_code == 403

    def test_the_office_of_a_cell_is_offered_nothing(self, as_, commune):
        made = resolution()
        browser = as_(Role.ORGANISATION, commune.bon)
        assert "/edit" not in browser.get(f"/targets/resolutions/{made.id}").text
        assert browser.post("/targets/resolutions/new", data=NEW).status_code == 404


class TestEntering:
    def test_from_the_paper_to_the_target(self, office, commune):
        page = office.post("/targets/resolutions/new", data=NEW, follow_redirects=True).text
        assert "Nghị quyết 01-NQ/ĐU" in page and "chưa có hiệu lực" in page and "Chưa có chỉ tiêu" in page
        made = db.session.query(Resolution).one().id
        form = office.get(f"/targets/resolutions/{made}/targets/new").text
        assert "Đảng viên được quyết định kết nạp trong năm, so với số đảng viên" in form and "tỷ đồng" in form
        page = office.post(f"/targets/resolutions/{made}/targets/new", data=AIM, follow_redirects=True).text
        assert "26. Chi bộ có tủ sách" in page and "≥ 80 %" in page and "Nhập tay mỗi năm" in page
        own = db.session.query(ResolutionTarget).one().id
        form = office.get(f"/targets/resolution-targets/{own}").text
        assert 'value="80"' in form and "26. Chi bộ có tủ sách: ≥ 80 %" in form
        changed = {
            **AIM, "threshold": "82,5", "upper": "90", "period": "STATE", "due_on": "31/12/2034", "baseline": "40", "baseline_year": "2029",
            "baseline_source": "Báo cáo", "because": "Gõ nhầm", "version": "1",
        }  # fmt: skip
        page = office.post(f"/targets/resolution-targets/{own}", data=changed, follow_redirects=True).text
        assert "≥ 82,5 %" in page and "phấn đấu 90 %" in page and "đến 31/12/2034" in page and "Đã sửa: Gõ nhầm" in page and "40 %" in page
        stale = office.post(f"/targets/resolution-targets/{own}", data={**changed, "threshold": "85"})
        assert stale.status_code == 409 and "≥ 85 %" in stale.text and "≥ 82,5 %" in stale.text
        gone = {"on": "01/07/2031", "why": "Đại hội bỏ", "version": "1"}
        assert office.post(f"/targets/resolution-targets/{own}/withdraw", data=gone).status_code == 409
        page = office.post(f"/targets/resolution-targets/{own}/withdraw", data={**gone, "version": "2"}, follow_redirects=True).text
        assert "Thôi áp dụng từ 01/07/2031" in page and "Đại hội bỏ" in page
        assert "Thôi áp dụng từ ngày" not in office.get(f"/targets/resolution-targets/{own}").text

    def test_a_resolution_is_put_right(self, office, commune):
        made = resolution().id
        form = office.get(f"/targets/resolutions/{made}/edit").text
        assert 'value="09-NQ/ĐU"' in form and 'value="01/10/2026"' in form
        changed = {**NEW, "first_on": "01/07/2025", "last_on": "30/06/2030", "in_force_from": "01/12/2026", "version": "1"}
        refused = office.post(f"/targets/resolutions/{made}/edit", data=changed)
        assert refused.status_code == 422 and "Chưa ghi lý do" in refused.text
        page = office.post(f"/targets/resolutions/{made}/edit", data={**changed, "because": "Sai số"}, follow_redirects=True).text
        assert "01/12/2026" in page and "Sai số" in page
        stale = office.post(f"/targets/resolutions/{made}/edit", data={**changed, "because": "Sai số"})
        assert stale.status_code == 409 and 'value="2"' in stale.text

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"number": ""}, "Chưa nhập mục này"), ({"adopted_on": "31/02/2026"}, "Không có ngày"),
            ({"adopted_on": "1/1/2027"}, "chưa đến"),
            ({"last_on": "01/01/2030"}, "ở trước ngày đầu"), ({"in_force_from": "01/01/2029"}, "phải nằm trong nhiệm kỳ"),
            ({"first_on": "01/01/2028"}, "chồng lên nhiệm kỳ 2025-2030"), ({"body": "x" * 201}, "Quá dài"),
            ({"first_on": "01/01/0001"}, "Năm phải từ"), ({"number": "1\0"}, ""), ({"last_on": "30/06/2050"}, "quá 10 năm"),
        ],
    )  # fmt: skip
    def test_a_wrong_resolution_comes_back_filled(self, office, commune, changed, told):
        answer = office.post("/targets/resolutions/new", data={**NEW, **changed})
        assert answer.status_code in (302, 422) and told in answer.text
        if told:
            assert (answer.status_code == 422 and "30/06/2035" in answer.text) or "last_on" in changed

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"no": "026"}, "Số chỉ tiêu viết như"), ({"label": ""}, "Chưa nhập mục này"), ({"threshold": "101"}, "trên một trăm"),
            ({"threshold": "1.5"}, "Không đọc được số"), ({"threshold": "9" * 20}, "Số quá lớn"),
            ({"threshold": "9" * 40}, "Không đọc được"),
            ({"comparator": "="}, "Lựa chọn không có"), ({"unit": "km"}, "Lựa chọn không có"), ({"measure": "99"}, "Lựa chọn không có"),
            ({"measure": "21a", "period": "MEAN"}, "Sổ chỉ tính số này"), ({"measure": "21a", "unit": "tons"}, "tỷ lệ phần trăm"),
            ({"due_on": "01/01/2034"}, "mới có hạn"), ({"period": "STATE"}, "Chưa ghi ngày hạn"),
            ({"period": "STATE", "due_on": "01/01/2040"}, "Hạn phải nằm trong nhiệm kỳ"), ({"baseline": "5"}, "cần đủ ba mục"),
            ({"upper": "70"}, "Mức phấn đấu phải vượt"),
            ({"baseline_year": "9" * 30}, "Phải là số"), ({"no": "\0"}, "Số chỉ tiêu viết như"),
        ],
    )  # fmt: skip
    def test_a_wrong_target_comes_back_filled(self, office, commune, changed, told):
        made = resolution().id
        answer = office.post(f"/targets/resolutions/{made}/targets/new", data={**AIM, **changed})
        assert answer.status_code == 422 and told in answer.text and "mục II" in answer.text
        assert db.session.query(ResolutionTarget).count() == 0

    def test_a_wrong_correction_and_withdrawal_come_back(self, office, commune):
        own = target(resolution()).id
        answer = office.post(f"/targets/resolution-targets/{own}", data={**AIM, "threshold": "101", "version": "1", "because": "Sửa"})
        assert answer.status_code == 422 and "trên một trăm" in answer.text
        answer = office.post(f"/targets/resolution-targets/{own}/withdraw", data={"on": "01/01/2040", "why": "Bỏ", "version": "1"})
        assert answer.status_code == 422 and "phải từ 01/10/2026 đến 30/06/2030" in answer.text
        answer = office.post(f"/targets/resolution-targets/{own}/withdraw", data={"on": "", "why": "", "version": "x"})
        assert answer.status_code == 422
        assert office.get(f"/targets/resolution-targets/{own}/withdraw").status_code == 200
        for lost in ("resolutions/99", "resolutions/99/edit", "resolutions/99/targets/new", "resolution-targets/99"):
            assert office.get(f"/targets/{lost}").status_code == 404

    def test_what_touches_a_kept_report_is_asked_for_and_shown(self, office, commune):
        made = resolution().id
        kept(unit=commune.root, year=2026)
        answer = office.post(f"/targets/resolutions/{made}/targets/new", data=AIM)
        assert answer.status_code == 422 and "Năm 2026 đã khóa hoặc đã lập báo cáo" in answer.text
        page = office.post(f"/targets/resolutions/{made}/targets/new", data={**AIM, "because": "Bổ sung"}, follow_redirects=True).text
        assert "Thay đổi chạm đến năm đã khóa" in page and "Bổ sung" in page and "Các năm: 2026" in page


class TestEverywhere:
    def test_a_counted_target_opens_under_its_number(self, office, commune):
        year()
        target(resolution(), no="27", label="Đảng viên tốt", measure="21b", threshold=Decimal(92))
        page = office.get("/targets").text
        assert "27. Đảng viên tốt" in page and "≥ 92" in office.get("/targets/27").text
        assert office.get("/targets/27?year=2025").status_code == 404
        assert office.get("/targets/27/export.xlsx").status_code == 200 and office.get("/targets/27/chart.svg").status_code == 200
        assert "Đảng viên tốt" in office.get("/targets/compare?a=2025&b=2026").text

    def test_an_entered_target_is_entered_and_exported(self, office, commune):
        target(resolution())
        form = office.get("/targets/entries/new?no=26&year=2026").text
        assert "26. Chi bộ có tủ sách" in form
        value = {"no": "26", "year": "2026", "value": "85", "source": "Báo cáo", "paper": "1/BC"}
        page = office.post("/targets/entries/new", data=value, follow_redirects=True).text
        assert "85 %" in page
        sheet = openpyxl.load_workbook(io.BytesIO(office.get("/targets/entries.xlsx?year=2026").data)).worksheets[0]
        assert any(row[0].value == "26" for row in sheet.iter_rows())
        refused = office.post("/targets/entries/new", data={**value, "year": "2025"})
        assert refused.status_code == 422 and "Năm 2025 không nhập chỉ tiêu này" in refused.text

    def test_the_terms_have_a_page_each(self, office, commune):
        made = resolution(number="01", first=dt.date(2030, 7, 1), last=dt.date(2035, 6, 30), since=dt.date(2030, 7, 1))
        target(made, label="Của nhiệm kỳ sau")
        page = office.get("/targets/term").text
        assert "Chỉ tiêu nhiệm kỳ 2025-2030" in page and "2030-2035" in page and "Của nhiệm kỳ sau" not in page
        page = office.get("/targets/term?first=2030").text
        assert "Chỉ tiêu nhiệm kỳ 2030-2035" in page and "Của nhiệm kỳ sau" in page and "Cần 80 %" in page
        assert office.get("/targets/term?first=2020").status_code == 200
        assert office.get("/targets/term?first=1999").status_code == 404 == office.get(f"/targets/term?first={'9' * 40}").status_code
        assert office.get("/targets/term.csv?first=2030").status_code == 200

    def test_the_law_on_a_day_has_it(self, office, commune):
        target(resolution(), no="6", label="Rừng", unit="percent", threshold=Decimal("62.7531"), baseline=Decimal(59), baseline_year=2025,
               baseline_source="BC")  # fmt: skip
        page = office.get("/law").text
        assert "62.7531" in page and "09-NQ/ĐU" in page and "Rừng" in page
        assert "62.7531" not in office.get("/law?on=2026-09-01").text
        assert "62.7531" in office.get("/law?key=target.6").text and office.get("/law?key=target.99").status_code == 404
