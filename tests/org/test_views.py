"""The pages of the tree: the tree of a day, a new cell, an edited one, one that ends."""

import re

import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Role
from partyreg.db import db
from partyreg.org import actions
from partyreg.org.models import Block, Unit
from tests import make

NEW = {"name": "Chi bộ bản Áng", "kind": "village_cell", "code": "cb-ang", "founded_on": "01/07/2025", "block": "village", "village": "Áng"}


@pytest.fixture
def office(as_):
    return as_(Role.ORGANISATION)


def unit(code: str) -> Unit:
    return db.session.scalars(sa.select(Unit).where(Unit.code == code)).one()


def test_the_tree_of_a_day(office, commune):
    assert office.post("/units/new", data=NEW).status_code == 302
    assert "Chi bộ bản Áng" in office.get("/units").text and "3 chi bộ" in office.get("/units").text
    before = office.get("/units?on=30/06/2025").text
    assert "Chi bộ bản Áng" not in before and "2 chi bộ" in before
    answer = office.get("/units?on=31/02/2025")
    assert answer.status_code == 422 and "31/02/2025" in answer.text


def test_the_descent_is_shown(office, commune):
    old = make.unit(parent=None, kind=commune.root.kind, code="xa-cu", name="Đảng bộ xã Cũ")
    actions.merge(access.system("test"), [old], commune.root, old.founded_on, "15-QĐ/TU")
    page = office.get("/units").text
    assert "Đảng bộ xã Cũ" in page and "15-QĐ/TU" in page


def test_a_cell_is_founded(office):
    assert office.get("/units/new").status_code == 200
    answer = office.post("/units/new", data=NEW)
    assert answer.status_code == 302 and answer.location == "/units/cb-ang"
    assert unit("cb-ang").block is Block.VILLAGE
    assert "Đã thành lập" in office.get(answer.location).text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "cb-bon", "đã có tổ chức khác dùng"),
        ("code", "Chi Bộ", "không dấu"),
        ("code", "", "Chưa nhập"),
        ("code", "a" * 41, "Quá dài"),
        ("name", "", "Chưa nhập"),
        ("name", "x" * 10_000, "160"),
        ("kind", "", "Chưa nhập"),
        ("kind", "x", "không có trong danh sách"),
        ("founded_on", "31/02/2025", "31/02/2025"),
        ("founded_on", "01/01/2030", "chưa đến"),
        ("founded_on", "01/01/1900", "quá sớm"),
        ("org_code", "12", "14 chữ số"),
        ("village", "y" * 81, "Quá dài"),
    ],
)
def test_wrong_input_is_told_beside_its_field(office, field, value, said):
    answer = office.post("/units/new", data={**NEW, field: value})
    assert answer.status_code == 422
    box = re.search(rf'<ul class="field-errors" id="{field}-error">.*?</ul>', answer.text, re.S)
    assert box and said in box[0]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 3


def test_a_cell_is_edited_and_the_second_editor_sees_the_conflict(office, as_, commune):
    second = as_(Role.ORGANISATION)
    version = re.search(r'name="version" value="(\d+)"', second.get("/units/cb-bon/edit").text)
    assert version
    sent = {"name": "Chi bộ bản Bon", "village": "Bon", "version": version[1]}
    assert office.post("/units/cb-bon/edit", data=sent).status_code == 302
    answer = second.post("/units/cb-bon/edit", data={**sent, "village": "Bon Lớn", "block": "village"})
    assert answer.status_code == 409 and "Bon Lớn" in answer.text and "Chưa có gì bị ghi đè" in answer.text
    assert unit("cb-bon").village == "Bon"
    version = re.search(r'name="version" value="(\d+)"', answer.text)
    assert version
    assert second.post("/units/cb-bon/edit", data={**sent, "village": "Bon Lớn", "version": version[1]}).status_code == 302
    assert unit("cb-bon").village == "Bon Lớn"
    assert second.post("/units/cb-bon/edit", data={**sent, "version": "x"}).status_code == 409
    assert second.post("/units/cb-bon/edit", data={**sent, "name": ""}).status_code == 422


def test_a_cell_ends(office):
    assert office.get("/units/cb-bon/dissolve").status_code == 200
    assert office.post("/units/cb-bon/dissolve", data={"on": "01/01/2014"}).status_code == 422
    assert office.post("/units/cb-bon/dissolve", data={"on": "01/01/2030"}).status_code == 422
    assert office.post("/units/cb-bon/dissolve", data={"on": "01/11/2026"}).status_code == 302
    assert office.post("/units/cb-bon/dissolve", data={"on": "02/11/2026"}).status_code == 422
    assert "1 chi bộ" in office.get("/units").text


def test_who_may_not_edit_is_refused_and_another_cell_is_not_found(as_, commune):
    secretary = as_(Role.SECRETARY, commune.bon)
    assert secretary.get("/units/new").status_code == 403 and secretary.post("/units/cb-bon/edit", data=NEW).status_code == 403
    assert "Chi bộ bản Hé" not in secretary.get("/units").text
    narrow = as_(Role.ORGANISATION, commune.bon)
    assert (
        narrow.get("/units/cb-he/edit").status_code == 404
        and narrow.post("/units/cb-he/dissolve", data={"on": "01/11/2026"}).status_code == 404
    )


def test_the_tree_asks_the_same_of_three_and_of_thirty(office, commune, counting):
    def questions() -> int:
        office.get("/units")
        with counting() as count:
            office.get("/units")
        return len(count)

    few = questions()
    for _ in range(27):
        make.unit(parent=commune.root)
    assert questions() == few
