"""The pages of year-end packs."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Role
from partyreg.accounts.models import User
from partyreg.db import db
from partyreg.reports.models import ReportPack, ReportPackFile
from partyreg.reports.pack import canonical, counted
from tests import make
from tests.make.reports import kept


def me() -> int:
    """The account that signed in last."""
    return db.session.scalars(sa.select(sa.func.max(User.id))).one()


def test_one_button_makes_the_pack_and_opens_it(commune, as_):
    make.member(unit=commune.bon, full_name="Lò Thị Mai")
    browser = as_(Role.ORGANISATION)
    page = browser.get("/reports/year-end?year=2026")
    assert '<option selected value="2026">' in page.text and "Chi bộ bản Bon" in page.text
    sent = browser.post("/reports/year-end", data={"year": "2026", "on": "", "unit": "cb-bon"})
    made = db.session.scalars(sa.select(ReportPack)).one()
    assert sent.status_code == 302 and sent.location.endswith(f"/reports/packs/{made.id}")
    assert (made.unit_id, made.year, made.day) == (commune.bon.id, 2026, dt.date(2026, 11, 24))
    shown = browser.get(sent.location).text
    assert " ".join(made.sha256[n : n + 8] for n in range(0, 64, 8)) in shown and "Tổng số đảng viên" in shown and "Xóa báo cáo" in shown
    assert "Chi bộ bản Bon" in browser.get("/reports/packs").text
    for ending, start in (("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        file = browser.get(f"/reports/packs/{made.id}.{ending}")
        assert file.data.startswith(start) and f"{made.id}.{ending}" in file.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"year": "2026", "on": "30/02/2026", "unit": "cb-bon"}, "Không có ngày 30/02/2026 trong lịch"),
        ({"year": "2026", "on": "01/12/2026", "unit": "cb-bon"}, "Ngày này chưa đến"),
        ({"year": "2026", "on": "01/12/2025", "unit": "cb-bon"}, "ở trước năm 2026"),
        ({"year": "9" * 5000, "on": "", "unit": "cb-bon"}, "Lựa chọn không có trong danh sách"),
        ({"year": "2026", "on": "", "unit": "cb-xa\x00"}, "Lựa chọn không có trong danh sách"),
        ({"year": "2026", "on": ""}, "Chưa nhập mục này"),
    ],
)
def test_what_cannot_be_made_is_said_beside_the_field(commune, as_, sent, said):
    answer = as_(Role.ORGANISATION).post("/reports/year-end", data=sent)
    assert answer.status_code == 422 and said in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReportPack)) == 0


def test_a_secretary_makes_packs_of_her_cell_alone(commune, as_):
    browser = as_(Role.SECRETARY, commune.bon)
    assert "Chi bộ bản Hé" not in browser.get("/reports/year-end").text
    assert browser.post("/reports/year-end", data={"year": "2026", "unit": "cb-he"}).status_code == 422


def test_the_list_is_empty_at_first_and_a_foreign_pack_does_not_exist(commune, as_):
    foreign = kept(unit=commune.he)
    browser = as_(Role.SECRETARY, commune.bon)
    assert "Chưa có báo cáo năm nào" in browser.get("/reports/packs").text
    own = kept(unit=commune.bon)
    for address in (f"{foreign.id}", f"{foreign.id}.pdf", f"{own.id}/compare/{foreign.id}", f"{foreign.id}/compare/{own.id}", "2147483647"):
        assert browser.get(f"/reports/packs/{address}").status_code == 404
    assert browser.post(f"/reports/packs/{foreign.id}/remove").status_code == 404


def test_two_packs_side_by_side(commune, as_):
    first, second = kept(unit=commune.bon, stays=1), kept(unit=commune.bon, year=2026, total=1300, stays=1)
    browser = as_(Role.REPORTING)
    assert f"/reports/packs/{first.id}/compare/{second.id}" in browser.get(f"/reports/packs/{second.id}").text
    page = browser.get(f"/reports/packs/{first.id}/compare/{second.id}").text
    assert "31/12/2025" in page and "24/11/2026" in page and "Thay đổi: 1" in page and "Giữ nguyên: 1" in page and "1.300" in page
    assert "1.300" not in browser.get(f"/reports/packs/{first.id}/compare/{second.id}?state=same").text
    assert "Không có dòng nào" in browser.get(f"/reports/packs/{first.id}/compare/{second.id}?state=gone").text


def test_what_changed_beside_the_figure_is_shown(commune, as_):
    first, second = kept(unit=commune.bon), kept(unit=commune.bon)
    facts = ({"last": 7}, {"last": None, "threshold": "≥ 90 %", "met": True})
    for pack, changed in ((first, facts[0]), (second, facts[1])):
        line = counted("members.total", "Tổng số đảng viên", 12).as_json() | changed
        db.session.connection().execute(sa.update(ReportPack).where(ReportPack.id == pack.id).values(lines=canonical([line])))
    db.session.commit()
    page = as_(Role.REPORTING).get(f"/reports/packs/{first.id}/compare/{second.id}").text
    assert "12; năm trước: 7; mức chỉ tiêu: –; đánh giá: chưa kết luận" in page
    assert "12; năm trước: –; mức chỉ tiêu: ≥ 90 %; đánh giá: đạt" in page
    same = as_(Role.REPORTING).get(f"/reports/packs/{first.id}/compare/{first.id}").text
    assert "năm trước:" not in same


def test_whoever_made_a_pack_removes_it(commune, as_):
    browser = as_(Role.REPORTING)
    mine, other = kept(unit=commune.bon, made_by_id=me()), kept(unit=commune.bon)
    refused = browser.post(f"/reports/packs/{other.id}/remove")
    assert refused.status_code == 422 and "Chỉ người lập được xóa" in refused.text
    assert "Xóa báo cáo" not in browser.get(f"/reports/packs/{other.id}").text
    mine_id = mine.id
    assert browser.post(f"/reports/packs/{mine_id}/remove").status_code == 302
    assert list(db.session.scalars(sa.select(ReportPack.id))) == [other.id]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReportPackFile)) == 3
