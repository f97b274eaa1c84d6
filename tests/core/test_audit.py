"""No change without a deed, and no deed that can be rewritten unseen."""

import contextlib
import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from partyreg import access, audit, clock
from partyreg.access import Role
from partyreg.accounts.models import FeedKey, User, UserSession
from partyreg.audit import AuditEntry, AuditTouch, UnrecordedChange, deed, history, insert_rows, verify
from partyreg.db import db
from partyreg.errors import RuleBroken
from partyreg.members.models import Abeyance, AbeyanceKind, Person
from partyreg.org.models import Lineage, LineageKind, Unit
from partyreg.rulebook.finding import Finding, Severity
from tests import make
from tests.make.accounts import user

ACTOR = access.Actor(None, "Lò Văn Thử")


@deed
def rename(actor, unit, name):
    unit.name = name


@deed
def rename_twice(actor, unit):
    rename(actor, unit, "Một")
    db.session.flush()
    rename(actor, unit, "Hai")


@deed
def rename_and_refuse(actor, unit):
    unit.name = "Dở dang"
    raise RuleBroken([])


@deed
def rename_to_nothing(actor, unit, typed):
    unit.name = typed
    found = [Finding(code, "name", Severity.BLOCK, f"Không được: {typed}") for code in ("b.two", "a.one", "b.two")]
    raise RuleBroken(found)


@deed
def rename_after_all(actor, unit):
    with contextlib.suppress(RuleBroken):
        rename_to_nothing(actor, unit, "x")
    unit.name = "Rốt cuộc"


@deed
def look(actor, unit):
    return unit.name


@deed
def note(actor, rows):
    return insert_rows(Abeyance, rows)


@deed
def remove(actor, row):
    db.session.delete(row)


@deed
def forge(actor):
    db.session.add(AuditEntry(seq=99, at=clock.now(), actor="x", deed="x", payload_hash="x", previous="x", hash="x"))


@deed
def descend(actor, one, other):
    db.session.add(Lineage(from_id=one.id, into_id=other.id, kind=LineageKind.SPLIT, happened_on=dt.date(2026, 1, 1)))


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)))


def changes(entry: AuditEntry) -> list[dict]:
    found: list[dict] = json.loads(entry.payload or "[]")
    return found


def tamper(statement: sa.Executable) -> None:
    """What somebody with the database in hand would do."""
    db.session.connection().execute(statement)
    db.session.expire_all()


def test_a_deed_records_who_when_what_old_and_new(commune):
    actor = access.Actor(7, "Cà Thị Ghi")
    db.session.refresh(commune.bon)
    rename(actor, commune.bon, "Chi bộ bản Bon Lớn")
    last = entries()[-1]
    assert (last.user_id, last.actor, last.deed, last.at) == (7, "Cà Thị Ghi", "core.rename", clock.now())
    (change,) = changes(last)
    assert (change["table"], change["id"], change["verb"]) == ("unit", commune.bon.id, "update")
    assert change["values"]["name"] == ["Chi bộ bản Bon", "Chi bộ bản Bon Lớn"]
    assert history("unit", commune.bon.id)[0].seq == last.seq


def test_inserts_and_deletes_are_recorded_with_their_values(commune):
    descend(ACTOR, commune.bon, commune.he)
    made = db.session.scalars(sa.select(Lineage)).one()
    assert changes(entries()[-1])[0]["values"]["happened_on"] == ["2026-01-01"]
    number = made.id
    remove(ACTOR, made)
    gone = changes(entries()[-1])[0]
    assert gone["verb"] == "delete" and gone["id"] == number and gone["values"]["kind"] == ["split"]


def test_deeds_within_a_deed_are_one_entry_under_the_outer_name(commune):
    before = len(entries())
    rename_twice(ACTOR, commune.bon)
    added = entries()[before:]
    assert [one.deed for one in added] == ["core.rename_twice"]
    assert [one["values"]["name"][1] for one in changes(added[0])] == ["Một", "Hai"]


def test_a_deed_that_changes_nothing_or_fails_leaves_no_entry(commune):
    before = len(entries())
    assert look(ACTOR, commune.bon) == "Chi bộ bản Bon"
    rename(ACTOR, commune.bon, "Chi bộ bản Bon")
    with pytest.raises(RuleBroken):
        rename_and_refuse(ACTOR, commune.bon)
    db.session.rollback()
    assert len(entries()) == before
    rename(ACTOR, commune.bon, "Sau đó")
    assert len(entries()) == before + 1, "the session is free for the next deed"


# -- what was refused -------------------------------------------------------------------------------------------------


def test_a_refused_deed_is_on_record_once_with_its_codes_only(commune):
    with pytest.raises(RuleBroken):
        rename_to_nothing(ACTOR, commune.bon, "gõ tay")
    db.session.rollback()
    assert audit.note_refusals() and not audit.note_refusals()
    last = entries()[-1]
    assert (last.deed, last.actor, json.loads(last.payload or "")) == (
        "core.rename_to_nothing",
        ACTOR.name,
        {"refused": ["a.one", "b.two"]},
    )
    assert audit.refused_codes(last.payload) == ("a.one", "b.two") and audit.refused_codes(None) == () == audit.refused_codes("[]")
    touched = db.session.scalar(sa.select(sa.func.count()).select_from(AuditTouch).where(AuditTouch.seq == last.seq))
    assert touched == 0 and verify() == []
    rename(ACTOR, commune.bon, "Sau đó")
    assert verify() == [] and history("unit", commune.bon.id)[0].deed == "core.rename"


def test_what_is_refused_within_a_deed_and_put_right_is_not_on_record(commune):
    rename_after_all(ACTOR, commune.bon)
    assert not audit.note_refusals() and entries()[-1].deed == "core.rename_after_all"


def test_a_refusal_that_came_to_nothing_is_forgotten(commune):
    with pytest.raises(RuleBroken):
        rename_and_refuse(ACTOR, commune.bon)
    db.session.rollback()
    audit.forget_refusals()
    assert not audit.note_refusals()


def refusals() -> list[tuple[str, str]]:
    return [(one.deed, ",".join(audit.refused_codes(one.payload))) for one in entries() if audit.refused_codes(one.payload)]


def test_the_door_notes_what_a_form_was_refused_for(as_, commune):
    officer = as_(Role.ORGANISATION, name="Cà Thị Ghi")
    answer = officer.post("/workdays/new", data={"day": "12/12/2026", "kind": "off", "reason": "Chữ gõ tay"})
    assert answer.status_code == 422 and refusals() == [("workdays.set_apart", "workdays.off_anyway")]
    last = entries()[-1]
    assert last.actor == "Cà Thị Ghi" and last.user_id and "Chữ gõ tay" not in (last.payload or "") and verify() == []
    page = officer.get("/audit?deed=workdays.set_apart").text
    assert "bị từ chối" in page and "workdays.off_anyway" in page and "Cà Thị Ghi" in page


def test_the_door_notes_a_refusal_that_no_form_caught(as_, commune):
    somebody = user(username="quan.tri", role=Role.ADMINISTRATOR, unit=commune.root)
    browser = as_(Role.ADMINISTRATOR)
    me = db.session.scalars(sa.select(User.id).where(User.id != somebody.id)).one()
    assert browser.post(f"/accounts/{me}/disable").status_code == 422
    assert refusals() == [("accounts.disable", "account.own_account")]


def test_what_was_done_has_no_refusal_and_a_mistyped_form_none(as_):
    officer = as_(Role.ORGANISATION)
    assert officer.post("/workdays/new", data={"day": "x"}).status_code == 422
    assert officer.post("/workdays/new", data={"day": "07/12/2026", "kind": "off", "reason": "x"}).status_code == 302
    assert refusals() == []


def test_a_stranger_cannot_fill_the_audit(client, commune):
    for name in ("khong.co", "quan.tri"):
        assert client.post("/sign-in", data={"username": name, "password": "sai mật khẩu"}).status_code == 422
    assert refusals() == []


def test_a_change_outside_a_deed_is_refused(commune):
    commune.bon.name = "Lén"
    with pytest.raises(UnrecordedChange, match="Unit"):
        db.session.flush()
    db.session.rollback()
    db.session.add(Unit())
    with pytest.raises(UnrecordedChange):
        db.session.commit()
    db.session.rollback()
    db.session.delete(db.session.get(Unit, commune.bon.id))
    with pytest.raises(UnrecordedChange):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(UnrecordedChange, match="outside a deed"):
        insert_rows(Abeyance, [{"member_id": 1}])


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(Unit).values(name="Lén"),
        sa.delete(Unit),
        sa.insert(Unit).values(name="Lén"),
        sa.update(Unit).where(Unit.id > 0).values(name="Lén"),
        sa.text("UPDATE unit SET name = 'Lén'"),
        sa.text("DELETE FROM unit"),
    ],
    ids=str,
)
def test_a_bulk_change_is_refused_even_as_text(commune, statement):
    with pytest.raises(UnrecordedChange):
        db.session.execute(statement)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Unit).where(Unit.name == "Lén")) == 0


def test_the_audit_cannot_be_written_even_by_a_deed(commune):
    with pytest.raises(UnrecordedChange, match="by deeds only"):
        forge(ACTOR)
    db.session.rollback()


def test_many_rows_at_once_are_recorded(commune):
    people = [make.member(unit=commune.bon) for _ in range(3)]
    before = len(entries())
    rows = [{"member_id": one.id, "kind": AbeyanceKind.EXEMPTION, "started_on": dt.date(2026, 1, 1)} for one in people]
    ids = note(ACTOR, rows)
    assert [db.session.get_one(Abeyance, number).member_id for number in ids] == [one.id for one in people]
    added = entries()[before:]
    assert len(added) == 1 and [one["id"] for one in changes(added[0])] == ids
    assert changes(added[0])[0]["values"] == {"member_id": [people[0].id], "kind": ["exemption"], "started_on": ["2026-01-01"]}
    assert history("abeyance", ids[1]) == added
    assert note(ACTOR, []) == [] and len(entries()) == before + 1


def test_secrets_and_keys_made_by_the_machine_are_not_in_the_payload(commune):
    made = user(username="bi.mat")
    make.person(unit=commune.bon)
    text = "".join(one.payload or "" for one in entries())
    assert made.password_hash not in text and "password_hash" not in text and "name_sort" not in text and "bi.mat" in text
    kinds: tuple[Any, ...] = (User, UserSession, FeedKey, Person)
    hidden = {(kind.__name__, column.key) for kind in kinds for column in sa.inspect(kind).columns if column.info.get("audit") is False}
    assert hidden == {("User", "password_hash"), ("UserSession", "token_hash"), ("FeedKey", "token_hash"),
                      ("Person", "name_fold"), ("Person", "name_sort")}  # fmt: skip


def test_rows_without_key_of_their_own_are_recorded_too(commune):
    member = make.member(unit=commune.bon)
    assert [one.deed for one in history("member", member.id)] == ["members.enrol"]


# -- the chain --------------------------------------------------------------------------------------------------------


@pytest.fixture
def chain(commune):
    """A few more entries, and the numbers of one in the middle and of the last."""
    for name in ("Một", "Hai", "Ba"):
        rename(ACTOR, commune.bon, name)
    found = entries()
    assert verify() == [] and len(found) >= 5
    assert [one.previous for one in found[1:]] == [one.hash for one in found[:-1]] and found[0].previous == "0" * 64
    return found[2].seq, found[-1].seq


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", "[]"),
        ("payload_hash", "0" * 64),
        ("actor", "Người khác"),
        ("user_id", 5),
        ("deed", "org.khac"),
        ("at", dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
        ("hash", "f" * 64),
        ("previous", "e" * 64),
    ],
)
@pytest.mark.parametrize("place", [0, 1], ids=["middle", "end"])
def test_an_entry_edited_by_hand_is_named(chain, column, value, place):
    tamper(sa.update(AuditEntry).where(AuditEntry.seq == chain[place]).values({column: value}))
    faults = verify()
    assert faults and f"Mục nhật ký số {chain[place]} " in faults[0]
    assert all(fault.endswith(".") for fault in faults)


@pytest.mark.parametrize("place", [0, 1], ids=["middle", "end"])
def test_an_entry_deleted_by_hand_is_named(chain, place):
    seq = chain[place]
    db.session.connection().exec_driver_sql("PRAGMA foreign_keys=OFF" if db.engine.dialect.name == "sqlite" else "SELECT 1")
    if db.engine.dialect.name == "postgresql":
        tamper(sa.text("ALTER TABLE audit_touch DROP CONSTRAINT fk_audit_touch_seq_audit_entry"))
    else:
        tamper(sa.text("PRAGMA defer_foreign_keys=ON"))
    tamper(sa.delete(AuditEntry).where(AuditEntry.seq == seq))
    faults = verify()
    assert any(str(seq) in fault and ("thiếu" in fault or "bị xóa" in fault) for fault in faults), faults
    if place:
        assert faults == [f"Mục nhật ký số {seq}: đã bị xóa ở cuối sổ."]


def test_two_entries_exchanged_are_named(chain):
    first, second = (db.session.get_one(AuditEntry, seq) for seq in (chain[0], chain[0] + 1))
    payloads = first.payload, second.payload
    db.session.expire_all()
    tamper(sa.update(AuditEntry).where(AuditEntry.seq == chain[0]).values(payload=payloads[1]))
    tamper(sa.update(AuditEntry).where(AuditEntry.seq == chain[0] + 1).values(payload=payloads[0]))
    assert len(verify()) == 2


def test_a_lawful_erasure_of_the_payload_leaves_the_chain_whole(chain):
    tamper(sa.update(AuditEntry).where(AuditEntry.seq == chain[0]).values(payload=None))
    assert verify() == []


def test_an_empty_register_is_sound(app):
    assert verify() == [] and db.session.scalar(sa.select(sa.func.count()).select_from(AuditTouch)) == 0


@given(actor=st.text(max_size=20), deed=st.text(max_size=20), user_id=st.one_of(st.none(), st.integers(1, 9)), other=st.text(max_size=20))
def test_the_hash_binds_every_fact(actor, deed, user_id, other):
    facts = {
        "seq": 3,
        "at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "user_id": user_id,
        "actor": actor,
        "deed": deed,
        "payload_hash": "p",
        "previous": "q",
    }
    whole = audit.entry_hash(**facts)
    assert whole == audit.entry_hash(**{**facts, "at": facts["at"].astimezone(clock.OFFICE_ZONE)}), "the zone does not matter"
    for name in ("actor", "deed"):
        if other != facts[name]:
            assert audit.entry_hash(**{**facts, name: other}) != whole
    assert audit.entry_hash(**{**facts, "seq": 4}) != whole
