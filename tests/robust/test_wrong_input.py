"""What people type by mistake or out of malice, end to end: a message beside the field, the form filled, or the text kept harmlessly."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg.access import Role
from partyreg.admissions.models import AdmissionVote
from partyreg.db import db
from partyreg.members.models import Person
from partyreg.rulebook.admission import Step
from tests import make
from tests.make.admissions import admission

FORM = {
    "full_name": "Cà Thị Hoa", "sex": "female", "born_on": "08/03/1990", "ethnicity": "Thái", "ceremony_on": "03/02/2015",
    "full_on": "03/02/2016", "decided_on": "20/01/2015", "unit": "cb-bon", "qualification": "none", "theory": "none",
}  # fmt: skip
LONG = "dài " * 2_500
FORMULA = '=HYPERLINK("http://example.org","bấm đây")'


def beside(page: str, field: str) -> str:
    """What stands beside a field as its error."""
    found = re.search(rf'id="{field}-error">(.*?)</ul>', page, re.S)
    return unescape(re.sub(r"<[^>]+>|\s+", " ", found[1])) if found else ""


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("born_on", "31/02/1990", "Không có ngày 31/02/1990 trong lịch"),
        ("born_on", "01/01/2090", "chưa đến"),
        ("personal_number", "014190000001", "đã có ở một hồ sơ khác"),
        ("residence", LONG, "tối đa 200"),
        ("full_name", LONG, "120"),
        ("sex", "<script>", "không có trong danh sách"),
    ],
)
def test_a_message_stands_beside_the_field_and_the_form_stays_filled(as_: Any, commune: Any, field: str, typed: str, told: str):
    make.person(unit=commune.bon, personal_number="014190000001")
    db.session.commit()
    answer = as_(Role.ORGANISATION).post("/members/new", data={**FORM, "home_town": "Mường Chiên", field: typed})
    assert answer.status_code == 422
    assert told in beside(answer.text, field), beside(answer.text, field)
    assert 'value="Mường Chiên"' in answer.text, "the other fields keep what was typed"
    if field != "sex":
        assert unescape(answer.text).count(typed.strip()) >= 1, "and so does this one"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1, "nothing is written"


def test_five_votes_of_four_present(as_: Any, commune: Any):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    db.session.commit()
    vote = {
        "version": str(file.version), "held_on": "20/10/2026", "members": "4", "present": "4", "in_favour": "5", "against": "0",
        "blank": "0", "number": "07-NQ/CB", "form": "",
    }  # fmt: skip
    browser = as_(Role.SECRETARY, commune.bon)
    answer = browser.post(f"/admissions/{file.id}/votes/new?purpose=admission", data=vote)
    assert answer.status_code == 422
    said = beside(answer.text, "vote-in_favour") + beside(answer.text, "vote-present")
    assert "5" in said and "4" in said, said
    assert 'value="07-NQ/CB"' in answer.text and 'value="5"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AdmissionVote)) == 0


def test_a_name_typed_on_a_mac_is_the_same_name(as_: Any, commune: Any):
    browser = as_(Role.ORGANISATION)
    sent = {**FORM, "full_name": unicodedata.normalize("NFD", "Quàng Thị Ểnh")}
    assert browser.post("/members/new", data=sent).status_code == 302
    assert db.session.scalars(sa.select(Person.full_name)).all() == [unicodedata.normalize("NFC", "Quàng Thị Ểnh")]
    for typed in ("Ểnh", "enh", unicodedata.normalize("NFD", "Ểnh")):
        assert "Quàng Thị Ểnh" in browser.get("/members", query_string={"q": typed}).text


def test_markup_and_formulas_are_kept_harmlessly(as_: Any, commune: Any):
    browser = as_(Role.ORGANISATION)
    sent = {**FORM, "ethnicity": FORMULA[:40], "residence": "<script>alert(1)</script>", "occupation": FORMULA}
    answer = browser.post("/members/new", data=sent)
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    text = browser.get("/members/export.csv").data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells), "nothing is lost"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells), "no spreadsheet takes it for a formula"
