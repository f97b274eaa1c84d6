"""Every door names whom it is for."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from partyreg import web
from partyreg.access import Permission

#: Endpoints that hand out files of ours or of a wheel: no person's data, so nobody need sign in.
EXCUSED = {"static", "bootstrap.static"}


def undeclared(app: Flask) -> list[str]:
    """Endpoints that do not say what they need, or are reached without passing the guard of `Area`."""
    needs = web.needs_of(app)
    found = []
    for endpoint in sorted({rule.endpoint for rule in app.url_map.iter_rules()} - EXCUSED):
        code = getattr(app.view_functions[endpoint], "__code__", None)
        if endpoint not in needs:
            found.append(f"{endpoint} names no permission")
        elif code is None or code.co_name != "behind_the_door":
            found.append(f"{endpoint} is not guarded")
    return found


def test_every_endpoint_names_what_it_needs(bare):
    assert undeclared(bare) == []
    assert len(web.needs_of(bare)) > 40


def test_the_excused_hand_out_files_only(bare):
    assert {rule.endpoint for rule in bare.url_map.iter_rules()} >= EXCUSED
    with bare.test_request_context():
        assert bare.test_client().get("/static/css/app.css").status_code == 200


def test_a_plain_route_would_be_caught():
    app = Flask("planted")

    @app.get("/back-door")
    def back_door():
        return "everything"

    assert undeclared(app) == ["back_door names no permission"]


def test_a_view_put_behind_no_guard_would_be_caught():
    app, area = Flask("planted"), web.Area("members", __name__)
    area.needs["sneaky"] = Permission.MEMBERS_READ
    area.add_url_rule("/sneaky", "sneaky", lambda: "everything")
    app.register_blueprint(area)
    assert undeclared(app) == ["members.sneaky is not guarded"]


def test_a_route_without_needs_cannot_be_declared():
    area = web.Area("members", __name__)
    with pytest.raises(TypeError, match="needs="):
        area.route("/members")
    doors: list[Any] = [area.get, area.post, area.form]
    for declare in doors:
        with pytest.raises(TypeError, match="needs"):
            declare("/members")
    with pytest.raises(ValueError, match="no:such"):
        area.get("/members", needs="no:such")


def test_one_endpoint_cannot_have_two_needs():
    area = web.Area("members", __name__)

    def index(actor):
        return ""

    area.get("/members", needs=Permission.MEMBERS_READ)(index)
    with pytest.raises(TypeError, match="two different needs"):
        area.post("/members", needs=Permission.MEMBERS_EDIT)(index)


def test_only_few_doors_stand_open(bare):
    needs = web.needs_of(bare)
    assert {endpoint for endpoint, need in needs.items() if need == web.PUBLIC} == {
        "accounts.sign_in", "office.healthz", "office.calendar", "meetings.worker", "meetings.manifest", "meetings.waiting",
    }  # fmt: skip
    assert {endpoint for endpoint, need in needs.items() if need == web.SIGNED_IN} == {
        "accounts.own", "accounts.sign_out", "accounts.sign_out_everywhere", "accounts.make_feed", "accounts.end_feed", "office.home",
    }  # fmt: skip


def test_every_permission_opens_a_door(bare):
    assert {need for need in web.needs_of(bare).values() if isinstance(need, Permission)} == set(Permission)
