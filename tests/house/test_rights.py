"""Every address and every role answer as the policy says, and the page of rights prints that policy."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask

from partyreg import access, web
from partyreg.access import POLICY, Permission, Role
from partyreg.accounts.models import RoleGrant
from partyreg.admissions.models import AdmissionVote
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.discipline import actions as discipline
from partyreg.discipline.models import Source
from partyreg.documents import actions as documents
from partyreg.i18n import label
from partyreg.inspections import actions as inspections
from partyreg.inspections.models import InspectionSubject
from partyreg.meetings import draft_actions, waiver_actions
from partyreg.meetings.agenda_rows import Given
from partyreg.meetings.models import MeetingKind, MeetingTask
from partyreg.meetings.plan_actions import plan
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind, Body, Person, Title
from partyreg.ratings.models import Level
from partyreg.rulebook.discipline import Content, Decider
from partyreg.workdays import actions as workdays
from tests import make
from tests.make.accounts import user
from tests.make.admissions import admission
from tests.make.inspections import inspection
from tests.make.meetings import meeting
from tests.make.planning import planning
from tests.make.ratings import campaign, levels, year
from tests.make.ratings import lines as campaign_lines
from tests.make.reports import kept
from tests.make.resolutions import resolution, target
from tests.make.staff import staff
from tests.make.targets import entry
from tests.make.training import course

#: Doors that end the session they are entered with.
ENDS_THE_SESSION = {"accounts.sign_out", "accounts.sign_out_everywhere", "accounts.end_sessions"}
#: Parameters that name somebody's row.
OF_A_UNIT = {
    "member_id",
    "code",
    "meeting_id",
    "admission_id",
    "abeyance_id",
    "position_id",
    "document_id",
    "vote_id",
    "draft_id",
    "task_id",
    "waiver_id",
    "plan_id",
    "inspection_id",
    "subject_id",
    "teammate_id",
    "case_id",
    "line_id",
    "pack_id",
    "other_id",
}
#: Endpoints that hand out files of other kinds than the rest.
ENDINGS = {
    "documents.file": "pdf", "admissions.download_paper": "pdf",
    "meetings.paper": "docx", "meetings.book": "docx", "reports.pack_file": "pdf",
}  # fmt: skip
#: Endpoints whose kind is not of the common sample.
KINDS = {"meetings.paper": "minutes"}


def _of(unit: Any) -> dict[str, Any]:
    """One row of every kind in a cell, as the parameters of addresses."""
    person_of = make.member(unit=unit, full_name=f"Lò Văn {unit.code[-2:].title()}")
    person = db.session.get_one(Person, person_of.id)
    system = access.system("test")
    position = members.appoint(system, person, unit=unit, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2020, 1, 1))
    held = members.hold_in_abeyance(system, person_of, kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 11, 20))
    file = admission(unit=unit, full_name=f"Quàng Thị {unit.code[-2:].title()}")
    vote = db.session.scalars(sa.select(AdmissionVote.id).where(AdmissionVote.admission_id == file.id)).one()
    document = documents.note_outside(
        system, unit=unit, issuer=unit, kind="outside", title="Nghị quyết", series="NQ/CB", number=7, issued_on=dt.date(2026, 11, 2)
    )
    log = meeting(unit=unit, chair_id=person_of.id, given=[Given("Việc")])
    task = db.session.scalars(sa.select(MeetingTask.id).where(MeetingTask.meeting_id == log.id)).one()
    draft = draft_actions.keep_draft(system, unit, f"draft-{unit.id}", {})
    waived = waiver_actions.waive(system.using(Permission.MEETINGS_OVERSEE), unit, 2026, 12, "Bản bị lũ chia cắt")
    planned = plan(system.using(Permission.MEETINGS_LOG), unit, kind=MeetingKind.REGULAR, held_on=dt.date(2026, 12, 3))
    checked = inspection(unit=unit, units=[unit])
    subject = db.session.scalars(sa.select(InspectionSubject.id).where(InspectionSubject.inspection_id == checked.id)).one()
    teammate = inspections.add_to_team(system.using(Permission.INSPECTIONS_KEEP), checked, person_of.id)
    levels(unit=unit, given={person_of: Level.GOOD})
    accused = make.member(unit=unit, full_name=f"Lò Thị {unit.code[-2:].title()}")
    case = discipline.open_case(
        system.using(Permission.DISCIPLINE_KEEP), member=accused, body=Decider.CELL, source=Source.OTHER,
        opened_on=dt.date(2026, 11, 2), acted_on=dt.date(2026, 10, 1), content=Content.DUTY,
    )  # fmt: skip
    packs = [kept(unit=unit) for _n in range(2)]
    return {
        "pack_id": packs[0].id, "other_id": packs[1].id,
        "member_id": person_of.id, "code": unit.code, "meeting_id": log.id, "admission_id": file.id, "abeyance_id": held.id,
        "position_id": position.id, "document_id": document.id, "vote_id": vote,
        "draft_id": draft.id, "task_id": task, "waiver_id": waived.id, "plan_id": planned.id,
        "inspection_id": checked.id, "subject_id": subject, "teammate_id": teammate.id, "case_id": case.id,
        "line_id": campaign_lines(unit, 2025)[0].id,
    }  # fmt: skip


@pytest.fixture
def sample(commune) -> SimpleNamespace:
    """`.own` and `.other`: parameters for every address, of the cell of Bon and of the cell of He."""
    year(number=2026)
    campaign(number=2025)
    somebody = user(role=Role.MEMBER, unit=commune.bon)
    held = db.session.scalars(sa.select(RoleGrant.id).where(RoleGrant.user_id == somebody.id)).one()
    special = workdays.set_apart(access.system("test"), dt.date(2026, 12, 7), True, "Thông báo 12")
    somebody_planned = db.session.get_one(Person, make.member(unit=commune.bon, full_name="Lò Thị Hoạch").id)
    own_resolution = resolution()
    common = {
        "year": 2026, "user_id": somebody.id, "grant_id": held, "no": "21a", "name": "ratings", "kind": "csv", "ending": "csv",
        "special_day_id": special.id, "secret": "unknown", "course_id": course().id, "staff_id": staff().id, "entry_id": entry().id,
        "planning_id": planning(somebody_planned).id,
        "resolution_id": own_resolution.id, "target_id": target(own_resolution).id,
        "step": "hear", "picture": "svg",
    }  # fmt: skip
    made = SimpleNamespace(own={**common, **_of(commune.bon)}, other={**common, **_of(commune.he)})
    db.session.commit()
    return made


def addresses(app: Flask, method: str, values: dict[str, Any]) -> Iterator[tuple[str, str, set[str]]]:
    """(endpoint, address, names of its parameters) of every rule of that method, filled with the values."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()) and not rule.endpoint.endswith("static"):
                given = {**values, "ending": ENDINGS.get(rule.endpoint, values["ending"]), "kind": KINDS.get(rule.endpoint, values["kind"])}
                yield (
                    rule.endpoint,
                    adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments}, method),
                    set(rule.arguments),
                )


def expected(need: Permission | str, role: Role | None) -> str:
    """What a door answers to a role, in a word."""
    if role is None:
        return "open" if need == web.PUBLIC else "sign in"
    return "open" if not isinstance(need, Permission) or need in POLICY[role] else "forbidden"


def answer(response: Any) -> str:
    """What a response is, in a word."""
    if response.status_code == 403:
        return "forbidden"
    if response.status_code == 302 and response.location.startswith("/sign-in"):
        return "sign in"
    return "open" if response.status_code < 500 else f"failed with {response.status_code}"


def faults(app: Flask, browser: Any, role: Role | None, values: dict[str, Any], methods: tuple[str, ...]) -> list[str]:
    """Addresses that answer a role otherwise than the policy says."""
    needs, found = web.needs_of(app), []
    for method in methods:
        for endpoint, address, _names in list(addresses(app, method, values)):
            if method == "POST" and endpoint in ENDS_THE_SESSION and expected(needs[endpoint], role) == "open":
                continue
            said = answer(browser.open(address, method=method))
            wanted = expected(needs[endpoint], role)
            if said != wanted:
                found.append(f"{method} {address} ({endpoint}): {role or 'nobody'} gets {said}, not {wanted}")
    return found


@pytest.mark.parametrize("role", list(Role))
def test_every_address_answers_a_role_as_the_policy_says(app, as_, sample, role):
    browser = as_(role, person_id=sample.own["member_id"])
    assert faults(app, browser, role, sample.own, ("GET", "POST")) == []


def test_every_address_sends_a_stranger_to_sign_in(app, client, sample):
    assert faults(app, client, None, sample.own, ("GET", "POST")) == []


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ORGANISATION, Role.STANDING, Role.INSPECTION, Role.REPORTING])
def test_rows_of_another_cell_are_not_found(app, as_, commune, sample, role):
    """Whatever she may do in her own cell: a row of another one does not exist for her, and nothing is written."""
    browser = as_(role, commune.bon)
    needs = web.needs_of(app)
    entries = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    asked = 0
    for method in ("GET", "POST"):
        for endpoint, address, names in list(addresses(app, method, sample.other)):
            if names & OF_A_UNIT and expected(needs[endpoint], role) == "open":
                asked += 1
                assert browser.open(address, method=method, data={"on": "01/11/2026"}).status_code == 404, (method, address)
    assert asked >= 4
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == entries


def test_every_parameter_has_a_sample(app, sample):
    assert {name for rule in app.url_map.iter_rules() for name in rule.arguments} - {"filename"} <= set(sample.own)


def test_a_door_left_open_would_be_found(app, as_, sample, monkeypatch):
    monkeypatch.setitem(app.view_functions, "accounts.index", lambda: {"every": "account"})
    found = faults(app, as_(Role.SECRETARY, person_id=sample.own["member_id"]), Role.SECRETARY, sample.own, ("GET",))
    assert len(found) == 1 and "accounts.index" in found[0]


def test_a_door_locked_too_tightly_would_be_found(app, as_, sample, monkeypatch):
    monkeypatch.setitem(app.view_functions, "members.index", lambda: ({"no": "entry"}, 403))
    found = faults(app, as_(Role.SECRETARY, person_id=sample.own["member_id"]), Role.SECRETARY, sample.own, ("GET",))
    assert len(found) == 1 and "gets forbidden, not open" in found[0]


# -- the page ---------------------------------------------------------------------------------------------------------


def printed(text: str) -> dict[str, set[str]]:
    """Label of a role -> labels of the permissions that the page of rights gives it."""
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    table = tree.find(".//table[@class='table table-rights']")
    assert table is not None
    head, *lines = list(table.iter("tr"))
    roles = [(cell.text or "").strip() for cell in list(head)[1:]]
    rights: dict[str, set[str]] = {role: set() for role in roles}
    for line in lines:
        name, *cells = list(line)
        for role, cell in zip(roles, cells, strict=True):
            if any(str(part.tag).endswith("svg") for part in cell.iter()):
                rights[role].add("".join(name.itertext()).strip())
    return rights


def expected_page(policy: Any) -> dict[str, set[str]]:
    """What the page should print of a policy."""
    return {label(role): {label(permission) for permission in policy[role]} for role in Role if role is not Role.SYSTEM}


def test_the_page_of_rights_prints_the_policy(as_):
    page = as_(Role.MEMBER).get("/rights").text
    assert printed(page) == expected_page(POLICY)


def test_a_page_that_differs_from_the_policy_would_be_found(as_):
    planted = {**POLICY, Role.INSPECTION: POLICY[Role.INSPECTION] | {Permission.MEMBERS_EDIT}}
    assert printed(as_(Role.MEMBER).get("/rights").text) != expected_page(planted)


def test_no_two_permissions_and_no_two_roles_share_a_label(app):
    for kind in (Permission, Role):
        names = [label(member) for member in kind]
        assert all(a != b for a, b in itertools.combinations(names, 2))
