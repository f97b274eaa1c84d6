"""The deeds on the tree: found, edit, merge, dissolve; each refusal; who sees which unit."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from partyreg import access
from partyreg.access import Grant, Permission, Role
from partyreg.audit import history
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.org import actions, queries
from partyreg.org.models import Block, LineageKind, Unit, UnitKind, unit_within
from tests import make
from tests.conftest import TODAY

ROOT = access.system("test")
READER = ROOT.using(Permission.UNITS_READ)
DAY = dt.date(2026, 3, 1)


def refused(code, deed, /, *args, **facts):
    with pytest.raises(RuleBroken) as refusal:
        deed(ROOT, *args, **facts)
    finding = refusal.value.findings[0]
    assert finding.code == code and finding.blocks and not finding.message.isascii()
    return finding


def test_a_unit_is_founded_below_its_parent(commune):
    unit = actions.found(
        ROOT,
        parent=commune.root,
        kind=UnitKind.GRASSROOTS_CELL,
        code="cb-truong",
        name="Chi  bộ Trươ\u0300ng",
        founded_on=DAY,
        block=Block.SCHOOLS,
        village="Bon",
        org_code="49018090110001",
    )
    assert unit.path == f"{commune.root.path}{unit.id}/" and unit.parent_id == commune.root.id
    assert unit.name == "Chi bộ Trường" and unit.is_cell and not commune.root.is_cell
    assert unit.lives_on(DAY) and not unit.lives_on(DAY - dt.timedelta(days=1))
    assert history("unit", unit.id)[0].deed == "org.found"
    finding = refused(
        "unit.code_taken", actions.found, parent=commune.root, kind=UnitKind.VILLAGE_CELL, code="cb-truong", name="X", founded_on=DAY
    )
    assert finding.field == "code"


def test_a_unit_is_edited_and_a_stale_edit_is_a_conflict(commune):
    before = commune.bon.version
    actions.edit(ROOT, commune.bon, before, name="Chi bộ Ba\u0309n Bon", village="Bon")
    assert commune.bon.name == "Chi bộ Bản Bon" and commune.bon.version == before + 1
    with pytest.raises(Conflict) as conflict:
        actions.edit(ROOT, commune.bon, before, village="Hé")
    assert conflict.value.theirs == {"village": "Bon"} and conflict.value.mine == {"village": "Hé"}
    actions.edit(ROOT, commune.bon, commune.bon.version, name="Ж" * 160)
    assert len(commune.bon.name) == 160


def test_units_merge_and_their_descent_is_on_record(commune):
    into = make.unit(parent=commune.root, code="cb-chung", founded_on=DAY)
    actions.merge(ROOT, [commune.bon, commune.he], into, DAY, "15-QĐ/ĐU")
    assert commune.bon.dissolved_on == commune.he.dissolved_on == DAY
    lines = queries.lineage(into)
    assert [(one.former.code, one.successor.code, one.kind, one.document) for one in lines] == [
        ("cb-bon", "cb-chung", LineageKind.MERGE, "15-QĐ/ĐU"),
        ("cb-he", "cb-chung", LineageKind.MERGE, "15-QĐ/ĐU"),
    ]
    assert [one.successor.code for one in queries.lineage(commune.bon)] == ["cb-chung"]
    refused("unit.ended", actions.merge, [commune.bon], into, DAY)


def test_mergers_that_cannot_be(commune):
    refused("unit.merged_into_itself", actions.merge, [commune.bon], commune.bon, DAY)
    refused("unit.ends_too_early", actions.merge, [commune.bon], commune.he, dt.date(2014, 1, 1))


def test_a_unit_is_dissolved_once_and_not_before_it_was_founded(commune):
    assert refused("unit.ends_too_early", actions.dissolve, commune.bon, dt.date(2014, 12, 31)).field == "on"
    actions.dissolve(ROOT, commune.bon, DAY)
    assert commune.bon.lives_on(DAY - dt.timedelta(days=1)) and not commune.bon.lives_on(DAY)
    refused("unit.ended", actions.dissolve, commune.bon, TODAY)


# -- queries ----------------------------------------------------------------------------------------------------------


def test_the_tree_of_a_day(commune):
    actions.dissolve(ROOT, commune.he, DAY)
    school = make.unit(parent=commune.root, code="cb-truong", name="Chi bộ Trường", kind=UnitKind.GRASSROOTS_CELL, founded_on=DAY)
    section = make.unit(parent=commune.root, code="db-bo-phan", name="Đảng bộ bộ phận", kind=UnitKind.SECTION)
    below = make.unit(parent=section, code="cb-ao", name="Chi bộ bản Áo")
    assert [one.code for one in queries.tree(READER, DAY)] == ["muong-chien", "db-bo-phan", "cb-truong", "cb-ao", "cb-bon"]
    assert [one.code for one in queries.tree(READER, DAY - dt.timedelta(days=1))] == [
        "muong-chien",
        "db-bo-phan",
        "cb-ao",
        "cb-bon",
        "cb-he",
    ]
    assert [one.code for one in queries.cells(READER, DAY)] == ["cb-truong", "cb-ao", "cb-bon"]
    assert queries.cells(READER, DAY, section) == [below]
    assert queries.ancestors(below) == [commune.root, section] and queries.ancestors(commune.root) == []
    assert queries.root() == commune.root and school.is_cell


def test_units_are_read_from_the_first_word_on(commune):
    for code, name in (("cb-a", "Chi bộ bản Ỏ"), ("cb-b", "Chi bộ bản Áng"), ("cb-c", "Chi bộ bản Đông")):
        make.unit(parent=commune.root, code=code, name=name)
    assert [one.name.rsplit(" ", 1)[1] for one in queries.cells(READER, TODAY)] == ["Áng", "Bon", "Đông", "Hé", "Ỏ"]


def test_another_cell_does_not_exist(commune, actor_):
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.UNITS_READ)
    assert queries.by_code(secretary, "cb-bon") == commune.bon
    assert queries.tree(secretary, TODAY) == [commune.bon]
    for code in ("cb-he", "muong-chien", "no-such"):
        with pytest.raises(NotVisible):
            queries.by_code(secretary, code)
    assert queries.cells(actor_(Role.SECRETARY, commune.bon, Permission.UNITS_EDIT), TODAY) == []


def test_the_whole_tree_needs_no_look_up_and_nothing_is_nothing():
    whole = ROOT.using(Permission.UNITS_READ).reach()
    assert whole.paths == ("/",) and str(unit_within(Unit.id, whole)) == str(sa.true())
    nothing = access.Actor(None, "x", (Grant(Role.MEMBER, "/1/", DAY),), None, Permission.UNITS_READ).reach()
    assert nothing.paths == () and str(unit_within(Unit.id, nothing)) == str(sa.false())


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"dissolved_on": dt.date(2000, 1, 1)}, "life_in_order"),
        ({"path": "1"}, "path_has_slashes"),
        ({"parent_id": None}, "root_is_a_commune"),
        ({"kind": UnitKind.COMMUNE, "parent_id": None, "path": "/1/2/"}, "root_is_a_commune"),
    ],
)
def test_the_database_itself_refuses_nonsense(commune, values, name):
    row = {
        "kind": UnitKind.VILLAGE_CELL,
        "code": "cb-x",
        "name": "X",
        "name_sort": "x",
        "path": f"{commune.root.path}999/",
        "founded_on": DAY,
        "parent_id": commune.root.id,
        "version": 1,
    }
    with pytest.raises(IntegrityError, match=name), db.session.begin_nested():
        db.session.connection().execute(sa.insert(Unit), {**row, **values})
