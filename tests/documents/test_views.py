"""The register of outgoing papers on the screen."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Role
from partyreg.db import db
from partyreg.documents import actions
from partyreg.documents.models import Document
from tests.make.documents import SYSTEM, document

OUTSIDE = {"issuer": "muong-chien", "series": "QĐ/ĐU", "number": "15", "issued_on": "03/02/2026", "title": "Quyết định cũ", "signer": ""}


@pytest.fixture
def keeper(as_):
    """The browser of the organisation committee."""
    return as_(Role.ORGANISATION)


def test_the_register_shows_a_year_and_one_of_its_series(keeper, commune):
    assert "Chưa có văn bản nào" in keeper.get("/papers").text
    made = document(unit=commune.bon, issuer=commune.root)
    document(unit=commune.bon, series="NQ/CB")
    old = document(unit=commune.root, issued_on=dt.date(2025, 5, 6))
    actions.void(SYSTEM, made, made.version, "Ghi sai họ tên")
    page = keeper.get("/papers").text
    assert "1-QĐ/ĐU" in page and "1-NQ/CB" in page and "Đã hủy 24/11/2026: Ghi sai họ tên" in page and "9H-HKN" in page
    assert f'href="/papers/{old.id}"' not in page and f'href="/papers/{old.id}"' in keeper.get("/papers?year=2025").text
    one = keeper.get("/papers", query_string={"year": 2026, "book": f"{commune.bon.id}:NQ/CB"}).text
    assert ">1-NQ/CB<" in one and f'href="/papers/{made.id}"' not in one
    assert keeper.get("/papers?year=1800&book=nonsense&page=9").status_code == 200


def test_a_paper_is_shown_and_both_its_files_are_served(keeper, commune):
    made = document(unit=commune.bon, issuer=commune.root)
    page = keeper.get(f"/papers/{made.id}").text
    assert "1-QĐ/ĐU" in page and "SHA-256" in page and "Cà Văn Ún" in page
    word, pdf = keeper.get(f"/papers/{made.id}.docx"), keeper.get(f"/papers/{made.id}.pdf")
    assert word.data[:2] == b"PK" and word.mimetype.endswith("wordprocessingml.document")
    assert pdf.data.startswith(b"%PDF") and pdf.mimetype == "application/pdf"
    assert f'filename="van-ban-{made.id}.pdf"' in pdf.headers["Content-Disposition"]


def test_a_paper_is_declared_void_with_a_reason(keeper, commune):
    made = document(unit=commune.root)
    address = f"/papers/{made.id}/void"
    empty = keeper.post(address, data={"version": made.version, "reason": ""})
    assert empty.status_code == 422 and made.voided_on is None
    assert keeper.post(address, data={"version": "9", "reason": "Sai"}).status_code == 409
    assert keeper.post(address, data={"version": made.version, "reason": "Sai họ tên"}).status_code == 302
    page = keeper.get(f"/papers/{made.id}").text
    assert "Văn bản đã hủy: Sai họ tên." in page and address not in page
    again = keeper.post(address, data={"version": made.version, "reason": "Sai nữa"})
    assert again.status_code == 422 and "đã hủy rồi" in again.text


def test_a_number_used_outside_is_noted(keeper, commune):
    assert "Chi bộ bản Bon" in keeper.get("/papers/outside").text
    assert keeper.post("/papers/outside", data=OUTSIDE).location == "/papers?year=2026"
    noted = db.session.scalars(sa.select(Document)).one()
    assert (noted.sign, noted.is_outside, noted.issuer_id, noted.signer) == ("15-QĐ/ĐU", True, commune.root.id, None)
    assert "Cấp ngoài sổ" in keeper.get("/papers").text and "Cấp ngoài sổ" in keeper.get(f"/papers/{noted.id}").text
    assert keeper.get(f"/papers/{noted.id}.pdf").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"series": "16-qđ"}, "chữ in hoa"),
        ({"number": "0"}, "Phải là số từ 1 đến 99999"),
        ({"issued_on": "25/11/2026"}, "chưa đến"),
        ({"title": ""}, "Chưa nhập mục này"),
        ({"issuer": "nowhere"}, "Lựa chọn không có"),
        ({}, "đã cấp"),
    ],
)
def test_a_wrong_number_is_refused_beside_its_field(keeper, commune, wrong, said):
    keeper.post("/papers/outside", data=OUTSIDE)
    refused = keeper.post("/papers/outside", data={**OUTSIDE, **wrong})
    assert refused.status_code == 422 and said in refused.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 1


def test_a_keeper_of_one_cell_finds_its_papers_only(as_, commune):
    made = document(unit=commune.he)
    keeper = as_(Role.ORGANISATION, commune.bon)
    for address in (f"/papers/{made.id}", f"/papers/{made.id}.pdf"):
        assert keeper.get(address).status_code == 404
    assert keeper.post(f"/papers/{made.id}/void", data={"version": 1, "reason": "Sai"}).status_code == 404
    assert as_(Role.SECRETARY, commune.he).get("/papers").status_code == 403
