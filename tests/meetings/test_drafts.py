"""A form that is left half-way is kept as it was typed; and the pages of points, tasks and drafts."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from partyreg.access import Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, RuleBroken
from partyreg.meetings import agenda_queries, draft_actions, draft_queries, plan_actions
from partyreg.meetings.agenda_rows import Given
from partyreg.meetings.models import Meeting, MeetingDraft, MeetingKind
from tests.make.meetings import SYSTEM, meeting

NEW = "/meetings/new?unit=cb-bon"


def typed(cell, **more):
    """A form with the least typing, and more."""
    return {"kind": "regular", "held_on": "03/11/2026", "chair_id": str(cell.an), "client_key": "key-1", **more}


def drafts():
    return list(db.session.scalars(sa.select(MeetingDraft)))


def test_a_draft_keeps_everything_as_it_was_typed(cell, secretary):
    nonsense = typed(cell, held_on="31/02/2026", minutes_long="x", notes="Giữ tôi", **{"item-1-title": "Mục lạ", "item-1-notes": "Ý kiến"})
    nonsense |= {f"status-{cell.chi}": "excused", f"reason-{cell.chi}": "Ốm", "draft": "1", "task-1-title": "Việc", "task-1-due": "99"}
    answer = secretary.post(NEW, data=nonsense)
    [draft] = drafts()
    assert answer.status_code == 302 and answer.location.endswith(f"/meetings/new?draft={draft.id}")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 0
    page = secretary.get(answer.location).text
    for kept in ('value="31/02/2026"', 'value="x"', "Giữ tôi", "Mục lạ", "Ý kiến", 'value="Ốm"', 'value="99"', 'value="key-1"'):
        assert kept in page, kept
    assert "Lò Văn An giữ lúc" in secretary.get("/meetings").text and f"draft={draft.id}" in secretary.get("/").text


def test_a_second_draft_of_a_form_takes_the_place_of_the_first(cell, secretary):
    for version, notes in enumerate(("Một", "Hai")):
        assert secretary.post(NEW, data=typed(cell, notes=notes, draft="1", draft_version=str(version))).status_code == 302
    [draft] = drafts()
    assert draft_queries.typed(draft)["notes"] == "Hai" and "csrf_token" not in draft_queries.typed(draft)
    stale = secretary.post(NEW, data=typed(cell, notes="Ba", draft="1", draft_version="1"))
    assert stale.status_code == 409 and "vừa được giữ ở nơi khác" in stale.text and "Ba" in stale.text
    assert draft_queries.typed(drafts()[0])["notes"] == "Hai"
    entries = db.session.scalars(sa.select(AuditEntry.payload)).all()
    assert not any("Hai" in (payload or "") for payload in entries), "no record outlives a draft"


def test_what_is_sent_is_no_draft_any_more(cell, secretary):
    secretary.post(NEW, data=typed(cell, draft="1"))
    assert secretary.post(NEW, data=typed(cell)).status_code == 302
    assert drafts() == []
    answer = secretary.post(NEW, data=typed(cell, draft="1"))
    assert answer.status_code == 409 and "đã được ghi vào sổ" in answer.text


def test_a_draft_is_thrown_away(cell, secretary, as_):
    secretary.post(NEW, data=typed(cell, draft="1"))
    [draft] = drafts()
    other = as_(Role.SECRETARY, cell.he)
    assert other.post(f"/meetings/drafts/{draft.id}/drop").status_code == 404
    assert other.get(f"/meetings/new?draft={draft.id}").status_code == 404
    assert secretary.post(f"/meetings/drafts/{draft.id}/drop").status_code == 302
    assert drafts() == []


def test_drafts_that_cannot_be(cell, secretary, monkeypatch):
    monkeypatch.setattr(draft_actions, "MOST", 400)
    for key, fields in (("", {}), ("k" * 37, {}), ("k", {"notes": "a" * draft_actions.MOST})):
        with pytest.raises(RuleBroken) as refusal:
            draft_actions.keep_draft(SYSTEM, cell.unit, key, fields)
        assert [one.code for one in refusal.value.findings] == ["draft.unfit"]
    draft_actions.keep_draft(SYSTEM, cell.unit, "key-2", {})
    with pytest.raises(Conflict):
        draft_actions.keep_draft(SYSTEM, cell.he, "key-2", {})
    answer = secretary.post(NEW, data=typed(cell, notes="a" * draft_actions.MOST, draft="1"))
    assert answer.status_code == 422 and "quá dài" in answer.text
    draft = draft_queries.draft(SYSTEM, drafts()[0].id)
    draft_actions.drop_draft(SYSTEM, draft)
    assert drafts() == []


# -- the form ---------------------------------------------------------------------------------------------------------


def test_points_tasks_and_endings_are_typed_on_the_form(cell, secretary):
    meeting(unit=cell.unit, chair_id=cell.an, given=[Given("Sửa đường", cell.binh)], held_on=dt.date(2026, 10, 3))
    [old] = agenda_queries.open_tasks(SYSTEM, cell.unit)
    page = secretary.get(NEW).text
    assert "Sửa đường" in page and "Thông tin thời sự" in page
    lines = {
        "item-1-title": "Thời sự", "item-3-title": "Nghị quyết", "item-3-in_favour": "3", "item-3-against": "0", "item-3-blank": "0",
        "item-2-title": "", "task-1-title": "Thu đảng phí", "task-1-person": str(cell.chi), "task-1-due": "20/11/2026",
        f"end-{old.id}": "done", f"outcome-{old.id}": "Xong 5/11",
    }  # fmt: skip
    answer = secretary.post(NEW, data=typed(cell, **lines))
    assert answer.status_code == 302
    shown = secretary.get(answer.location).text
    for told in ("Thời sự", "tán thành 3", "được thông qua", "Thu đảng phí", "20/11/2026"):
        assert told in shown, told
    [left] = agenda_queries.open_tasks(SYSTEM, cell.unit)
    assert left.title == "Thu đảng phí" and left.person == "Cà Văn Chi"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ({"item-1-notes": "Không tên"}, "Ghi tên mục này"),
        ({"item-1-title": "A" * 301}, "Quá dài"),
        ({"item-1-title": "A", "item-1-in_favour": "hai"}, "Phải là số nguyên"),
        ({"item-1-title": "A", "item-1-in_favour": "9" * 40, "item-1-against": "0", "item-1-blank": "0"}, "Phải là số nguyên"),
        ({"item-1-title": "A", "item-1-in_favour": "9", "item-1-against": "0", "item-1-blank": "0"}, "lớn hơn số đảng viên"),
        ({"item-1-title": "A", "item-1-in_favour": "1"}, "Ghi đủ ba số"),
        ({"task-1-due": "20/11/2026"}, "Ghi việc phải làm"),
        ({"task-1-title": "A", "task-1-due": "31/11/2026"}, "Không có ngày"),
        ({"task-1-title": "A", "task-1-due": "01/11/2026"}, "trước ngày họp"),
        ({"task-1-title": "A", "task-1-person": "999999"}, "không thuộc danh sách"),
        ({"documents_on": "04/11/2026"}, "Ngày gửi tài liệu sau ngày họp"),
    ],
)
def test_lines_that_cannot_be_come_back_filled(cell, secretary, lines, told):
    answer = secretary.post(NEW, data=typed(cell, notes="Giữ tôi", **lines))
    assert answer.status_code == 422 and told in answer.text and "Giữ tôi" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 0
    for name, value in lines.items():
        assert value in answer.text or name == "task-1-person"


def proposal(cell):
    """The points that a regular meeting of November begins with, as the form sends them."""
    titles = agenda_queries.proposed(SYSTEM, cell.unit, MeetingKind.REGULAR, dt.date(2026, 11, 3))
    return {f"item-{number}-title": title for number, title in enumerate(titles, 1)}


def test_another_kind_proposes_its_own_points_unless_something_was_typed(cell, secretary):
    first = typed(cell, agenda_kind="regular", **proposal(cell)) | {"kind": "thematic", "refresh": "1", "task-1-title": "Giữ việc này"}
    page = secretary.post(NEW, data=first).text
    assert "Trình bày chuyên đề" in page and "Thông tin thời sự" not in page and "Giữ việc này" in page
    for typed_in in ({"item-1-notes": "Đã nói"}, {"item-1-title": "Tên khác"}):
        page = secretary.post(NEW, data=first | typed_in).text
        assert "Trình bày chuyên đề" not in page and next(iter(typed_in.values())) in page


def test_what_is_saved_under_another_kind_keeps_its_points_and_tasks(cell, secretary):
    meeting(unit=cell.unit, chair_id=cell.an, given=[Given("Việc cũ")], held_on=dt.date(2026, 10, 3))
    [old] = agenda_queries.open_tasks(SYSTEM, cell.unit)
    sent = typed(cell, agenda_kind="regular", **proposal(cell)) | {"kind": "thematic", "task-1-title": "Việc mới", f"end-{old.id}": "done"}
    assert secretary.post(NEW, data=sent).status_code == 302
    log = db.session.scalars(sa.select(Meeting).order_by(Meeting.id.desc())).first()
    assert len(agenda_queries.points([log.id])[log.id]) == len(proposal(cell))
    assert [task.title for task in agenda_queries.open_tasks(SYSTEM, cell.unit)] == ["Việc mới"]


def test_a_draft_says_who_came_since(cell, secretary):
    roll = ".".join(str(key) for key in (cell.an, cell.binh))
    secretary.post(NEW, data=typed(cell, roll=roll, draft="1"))
    page = secretary.get(f"/meetings/new?draft={drafts()[0].id}").text
    assert "Thêm vào danh sách: Cà Văn Chi" in page
    assert "Thêm vào danh sách: Cà Văn Chi" in secretary.post(NEW, data=typed(cell, roll=roll, refresh="1", reopened="1")).text


@pytest.mark.parametrize("day", ["31/12/9999", "01/01/1900", "01/01/2012"])
def test_days_that_no_law_knows_are_answered(cell, secretary, day):
    for more in ({}, {"refresh": "1"}):
        sent = typed(cell, agenda_kind="thematic", held_on=day, **more)
        assert secretary.post(NEW, data=sent).status_code in (200, 422)
    assert secretary.get(f"{NEW}&held_on={'-'.join(reversed(day.split('/')))}").status_code == 200


def test_a_chair_that_no_key_can_be(cell, secretary):
    log = meeting(unit=cell.unit, chair_id=cell.an)
    answer = secretary.post(f"/meetings/{log.id}/edit", data=typed(cell, chair_id="9" * 30, version="77"))
    assert answer.status_code == 422


def test_the_phone_hears_which_drafts_have_become_meetings(cell, secretary, as_):
    secretary.post(NEW, data=typed(cell))
    told = secretary.get("/offline.json?keys=key-1,other,%00").json
    assert told["known"] == ["key-1"] and told["pages"][0]["url"].endswith("unit=cb-bon")
    assert as_(Role.SECRETARY, cell.he).get("/offline.json?keys=key-1").json["known"] == []
    assert told["owner"] in secretary.get(NEW).text, "the form knows whose it is"
    assert told["assets"] in secretary.get("/sw.js").text, "kept pages and the kept shell are of one version"
    assert "self.SHELL" in secretary.get("/sw.js").text and secretary.get("/manifest.webmanifest").json["display"] == "standalone"


def test_points_are_corrected_on_the_form(cell, secretary):
    secretary.post(NEW, data=typed(cell, **{"item-1-title": "Thời sự", "task-1-title": "Việc"}))
    log = db.session.scalars(sa.select(Meeting)).one()
    [task] = agenda_queries.open_tasks(SYSTEM, cell.unit)
    page = secretary.get(f"/meetings/{log.id}/edit").text
    assert 'value="Thời sự"' in page and f'name="task-1-id" value="{task.id}"' in page
    sent = typed(cell, version="1", **{"item-1-title": "Thời sự mới", "task-1-title": "Việc sửa", "task-1-id": str(task.id)})
    assert secretary.post(f"/meetings/{log.id}/edit", data=sent).status_code == 302
    shown = secretary.get(f"/meetings/{log.id}").text
    assert "Thời sự mới" in shown and "Việc sửa" in shown and "<del>Thời sự</del>" in shown


# -- the same form as JSON ----------------------------------------------------------------------------------------------


def test_a_kept_form_is_answered_in_json(cell, secretary):
    as_json = {"Accept": "application/json"}
    wrong = secretary.post(NEW, data=typed(cell, **{"task-1-due": "20/11/2026", f"status-{cell.binh}": "excused"}), headers=as_json)
    assert wrong.status_code == 422 and wrong.json["state"] == "refused"
    assert any("Ghi việc phải làm" in one for one in wrong.json["messages"])
    right = secretary.post(NEW, data=typed(cell), headers=as_json)
    log = db.session.scalars(sa.select(Meeting)).one()
    assert right.status_code == 200 and right.json["state"] == "sent" and right.json["url"] == f"/meetings/{log.id}"
    again = secretary.post(NEW, data=typed(cell), headers=as_json)
    assert again.json["url"] == right.json["url"] and again.json["state"] == "sent"
    other = secretary.post(NEW, data=typed(cell, client_key="key-2", place="Nhà văn hóa"), headers=as_json)
    assert other.status_code == 409 and other.json["state"] == "conflict" and other.json["url"] == f"/meetings/{log.id}"
    assert other.json["mine"]["Địa điểm"] == "Nhà văn hóa" and other.json["theirs"]["Có mặt"] == "3/3"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 1


def test_a_conflict_may_be_settled_by_taking_the_standing_ones_place(cell, secretary):
    log = meeting(unit=cell.unit, chair_id=cell.an)
    page = secretary.post(NEW, data=typed(cell, place="Nhà văn hóa"))
    assert page.status_code == 409 and f'formaction="/meetings/{log.id}/edit"' in page.text
    assert secretary.post(f"/meetings/{log.id}/edit", data=typed(cell, place="Nhà văn hóa", version="1")).status_code == 302
    db.session.refresh(log)
    assert log.place == "Nhà văn hóa"


# -- the page of tasks ---------------------------------------------------------------------------------------------------


def test_tasks_are_closed_on_their_page(cell, secretary, as_):
    meeting(unit=cell.unit, chair_id=cell.an, given=[Given("Sửa đường", cell.binh)])
    [task] = agenda_queries.open_tasks(SYSTEM, cell.unit)
    door = f"/meetings/tasks/{task.id}/close"
    assert "Sửa đường" in secretary.get("/meetings/tasks?unit=cb-bon").text and "Sửa đường" in secretary.get("/").text
    for sent, status, told in (
        ({"version": "1", "end": "dropped", "outcome": " "}, 422, "Ghi lý do"),
        ({"version": "9", "end": "done", "outcome": "Giữ tôi"}, 409, "Giữ tôi"),
        ({"version": "1", "end": "done", "outcome": "a" * 301}, 422, "Quá dài"),
        ({"version": "9" * 99, "end": "done"}, 409, "người khác sửa"),
    ):  # fmt: skip
        answer = secretary.post(door, data=sent)
        assert answer.status_code == status and told in answer.text
    other = as_(Role.SECRETARY, cell.he)
    assert other.post(door, data={"version": "1", "end": "done"}).status_code == 404
    assert "Sửa đường" not in other.get("/meetings/tasks").text
    assert secretary.post(door, data={"version": "1", "end": "done", "outcome": "Xong"}).status_code == 302
    assert "Không còn việc nào" in secretary.get("/meetings/tasks?unit=cb-bon").text
    again = secretary.post(door, data={"version": "2", "end": "done"})
    assert again.status_code == 422 and "đã kết thúc rồi" in again.text


def test_the_draft_is_readable_json(cell, secretary):
    secretary.post(NEW, data=typed(cell, notes="Tiếng Việt", draft="1"))
    assert "Tiếng Việt" in drafts()[0].fields and json.loads(drafts()[0].fields)["kind"] == "regular"


def test_a_planned_meeting_is_taken_over_into_the_form(cell, secretary):
    day = dt.date(2026, 11, 25)
    planned = plan_actions.plan(
        SYSTEM, cell.unit, kind=MeetingKind.THEMATIC, held_on=day, place="Nhà văn hóa", topic="Làm đường", agenda="Trình bày\nThảo luận"
    )
    page = secretary.get(f"/meetings/new?unit=cb-bon&kind=thematic&plan={planned.id}").text
    for taken in ("Nhà văn hóa", "Làm đường", "Trình bày", "Thảo luận"):
        assert f'value="{taken}"' in page, taken
    assert "Trình bày chuyên đề" not in page
    there = plan_actions.plan(SYSTEM, cell.he, kind=MeetingKind.THEMATIC, held_on=day)
    assert secretary.get(f"/meetings/new?unit=cb-bon&plan={there.id}").status_code == 404
    assert secretary.get("/meetings/new?unit=cb-bon&plan=" + "9" * 400).status_code == 200
