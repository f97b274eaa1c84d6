"""From which former commune a cell came: the deeds, each refusal, the page, and that every cell is in one part only."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.audit import history
from partyreg.db import db
from partyreg.errors import NotVisible, RuleBroken
from partyreg.inspections.models import Inspection
from partyreg.org import actions, former_queries, queries
from partyreg.org.former_queries import NONE, Part
from partyreg.org.models import Lineage, LineageKind, Unit, UnitKind
from tests import make
from tests.make.inspections import inspection
from tests.make.org import former

ROOT = access.system("test")
MERGED = dt.date(2025, 7, 1)


@pytest.fixture
def cold(commune):
    return former(commune.root, "xa-lanh", "Đảng bộ xã Lạnh (cũ)")


@pytest.fixture
def office(as_):
    return as_(Role.ORGANISATION)


def refused(code, unit, old, on=MERGED):
    with pytest.raises(RuleBroken) as refusal:
        actions.record_descent(ROOT, unit, old, on)
    finding = refusal.value.findings[0]
    assert finding.code == code and finding.blocks and not finding.message.isascii()
    return finding


def inside(place) -> set[str]:
    return set(db.session.scalars(sa.select(Unit.code).where(Unit.id.in_(former_queries.below(place)))))


def test_a_descent_is_recorded_and_withdrawn(commune, cold):
    line = actions.record_descent(ROOT, commune.bon, cold, MERGED, "15-QĐ/TU")
    assert (line.kind, line.happened_on, line.document) == (LineageKind.TRANSFER, MERGED, "15-QĐ/TU")
    assert [one.former for one in queries.lineage(commune.bon)] == [cold] and commune.bon.dissolved_on is None
    assert history("lineage", line.id)[0].deed == "org.record_descent"
    assert inside(Part(cold)) == {"cb-bon"} and inside(Part(cold, commune.he)) == set()
    assert inside(Part(None)) == {"muong-chien", "cb-he", "xa-lanh"} and inside(Part(None, commune.bon)) == set()
    actions.withdraw_descent(ROOT, commune.bon)
    assert former_queries.descent(commune.bon) is None and inside(Part(cold)) == set()
    with pytest.raises(RuleBroken) as refusal:
        actions.withdraw_descent(ROOT, commune.bon)
    assert refusal.value.findings[0].code == "descent.none"


def test_descents_that_cannot_be(commune, cold):
    late = make.unit(parent=commune.root, code="cb-moi", founded_on=MERGED)
    living = make.unit(parent=None, kind=UnitKind.COMMUNE, code="xa-khac", name="Đảng bộ xã Khác")
    elsewhere = former(living, "xa-cua-xa-khac")
    refused("descent.no_cell", commune.root, cold)
    refused("descent.not_former", commune.bon, living)
    refused("descent.not_former", commune.bon, commune.he)
    refused("descent.not_former", commune.bon, elsewhere)
    assert refused("descent.other_day", commune.bon, cold, MERGED - dt.timedelta(days=1)).field == "on"
    refused("descent.founded_later", late, cold)
    actions.record_descent(ROOT, commune.bon, cold, MERGED)
    refused("descent.twice", commune.bon, cold)


def test_a_cell_that_grew_out_of_cells_of_one_former_commune_is_of_it(commune, cold):
    warm = former(commune.root, "xa-am")
    actions.record_descent(ROOT, commune.bon, cold, MERGED)
    day = dt.date(2026, 2, 1)
    both, one = (make.unit(parent=commune.root, code=code, founded_on=day) for code in ("cb-ca-hai", "cb-mot"))
    actions.record_descent(ROOT, commune.he, warm, MERGED)
    actions.merge(ROOT, [commune.bon], one, day)
    split = {"from_id": commune.bon.id, "into_id": both.id, "kind": LineageKind.SPLIT, "happened_on": day}
    db.session.connection().execute(sa.insert(Lineage), [split])
    actions.merge(ROOT, [commune.he], both, day)
    refused("descent.founded_later", both, cold)
    refused("descent.founded_later", one, warm)
    assert actions.record_descent(ROOT, one, cold, MERGED).into_id == one.id


def test_the_database_keeps_a_second_descent_out(commune, cold):
    warm = former(commune.root, "xa-am")
    lines = [{"from_id": old.id, "into_id": commune.bon.id, "kind": LineageKind.TRANSFER, "happened_on": MERGED} for old in (cold, warm)]
    with pytest.raises(IntegrityError):
        db.session.connection().execute(sa.insert(Lineage), lines)


def test_what_an_address_may_ask_of(commune):
    assert former_queries.choices() == [] and former_queries.asked(None, commune.bon) is commune.bon
    cold = former(commune.root, "xa-lanh", "Đảng bộ xã Lạnh (cũ)")
    assert former_queries.choices()[1:] == [("xa-lanh", "Đảng bộ xã Lạnh (cũ)"), (NONE, "Không thuộc xã cũ nào")]
    part, none = former_queries.asked("xa-lanh", commune.bon), former_queries.asked(NONE, None)
    assert part == Part(cold, commune.bon) and none == Part(None)
    assert (former_queries.code_of(part), former_queries.code_of(none)) == ("xa-lanh", NONE)
    assert former_queries.code_of(commune.bon) is former_queries.code_of(None) is None
    assert part.name == "Chi bộ bản Bon, Đảng bộ xã Lạnh (cũ)" and none.name == "Không thuộc xã cũ nào"
    assert former_queries.is_commune(None) and former_queries.is_commune(commune.root)
    assert not former_queries.is_commune(commune.bon) and not former_queries.is_commune(none)
    for code in ("cb-bon", "muong-chien", "no\0such"):
        with pytest.raises(NotVisible):
            former_queries.asked(code, None)


def test_the_cells_do_not_inherit_the_inspections_of_the_commune(commune, actor_):
    old = make.unit(parent=None, kind=UnitKind.COMMUNE, code="xa-lanh", name="Đảng bộ xã Lạnh (cũ)")
    checked, day = inspection(unit=old, units=[old]), dt.date(2026, 10, 1)
    actions.merge(ROOT, [old], commune.root, day)
    actions.record_descent(ROOT, commune.bon, old, day)
    of = sa.select(Inspection.id).where(Inspection.id == checked.id)
    cell, whole = (actor_(role, unit, Permission.INSPECTIONS_READ).reach() for role, unit in
                   ((Role.SECRETARY, commune.bon), (Role.INSPECTION, commune.root)))  # fmt: skip
    assert cell.paths and db.session.scalar(of.where(Inspection.within(cell))) is None
    assert db.session.scalar(of.where(Inspection.within(whole))) == checked.id


def test_the_page_records_a_descent_and_takes_a_mistake_back(office, commune, cold):
    assert "Xã cũ" in office.get("/units/cb-bon").text
    form = office.get("/units/cb-bon/descent").text
    assert ("Đảng bộ xã Lạnh (cũ)" in form and 'value="2025-07-01"' in form) or "01/07/2025" in form
    sent = {"former": "xa-lanh", "on": "01/07/2025", "document": "15-QĐ/TU"}
    assert office.post("/units/cb-bon/descent", data=sent).status_code == 302
    page = office.get("/units/cb-bon").text
    assert "Đảng bộ xã Lạnh (cũ) → Chi bộ bản Bon (Chuyển từ xã cũ, 01/07/2025; 15-QĐ/TU)" in page
    assert "Gỡ xã cũ" in office.get("/units/cb-bon/descent").text
    again = office.post("/units/cb-bon/descent", data=sent)
    assert again.status_code == 422 and "đã ghi là chuyển từ" in again.text
    assert office.post("/units/cb-bon/descent/withdraw").status_code == 302
    assert office.post("/units/cb-bon/descent/withdraw").status_code == 422
    assert "Gỡ xã cũ" not in office.get("/units/cb-bon/descent").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("former", "", "Chưa nhập"),
        ("former", "cb-he", "không có trong danh sách"),
        ("on", "02/07/2025", "Ngày chuyển phải là ngày hợp nhất, 01/07/2025"),
        ("on", "31/02/2025", "31/02/2025"),
        ("on", "01/01/2030", "chưa đến"),
        ("document", "x" * 121, "Quá dài"),
    ],
)
def test_wrong_input_is_told_beside_its_field(office, cold, field, value, said):
    sent = {"former": "xa-lanh", "on": "01/07/2025", "document": "15-QĐ/TU"}
    answer = office.post("/units/cb-bon/descent", data={**sent, field: value})
    assert answer.status_code == 422
    box = re.search(rf'<ul class="field-errors" id="{field}-error">.*?</ul>', answer.text, re.S)
    assert box and said in box[0]
    assert db.session.scalar(sa.select(sa.func.count()).where(Lineage.kind == LineageKind.TRANSFER)) == 0


def test_without_a_merger_there_is_nothing_to_choose(office):
    assert "Chưa có xã cũ" in office.get("/units/cb-bon/descent").text
    assert office.post("/units/cb-bon/descent", data={"former": "x"}).status_code == 422


def test_who_may_not_edit_is_refused(as_, commune, cold):
    secretary = as_(Role.SECRETARY, commune.bon)
    assert secretary.get("/units/cb-bon/descent").status_code == 403
    assert "/descent" not in secretary.get("/units/cb-bon").text
    narrow = as_(Role.ORGANISATION, commune.bon)
    assert narrow.get("/units/cb-he/descent").status_code == narrow.post("/units/cb-he/descent/withdraw").status_code == 404
