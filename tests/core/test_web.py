"""The door: one commit a request, error pages in Vietnamese, security headers on every answer, the token of every form."""

import re

import pytest
import sqlalchemy as sa
from flask import abort
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import RequestEntityTooLarge, UnprocessableEntity

from partyreg import access, web
from partyreg.access import Permission, Role
from partyreg.audit import deed
from partyreg.db import db
from partyreg.errors import Conflict, Forbidden, NotVisible, RuleBroken
from partyreg.org.models import Unit
from partyreg.rulebook.finding import Finding, Severity
from tests.conftest import Client


@deed
def rename(actor, unit, name):
    unit.name = name


def name_of(code="cb-bon"):
    return db.session.scalar(sa.select(Unit.name).where(Unit.code == code))


@pytest.fixture
def door(app, monkeypatch, as_):
    """door(view): what a POST to a guarded door with that view answers, by somebody who may enter."""
    browser = as_(Role.ORGANISATION)

    def through(view, method="POST"):
        guarded = web._guarded(lambda actor, **_values: view(actor), Permission.UNITS_EDIT)
        monkeypatch.setitem(app.view_functions, "org.edit", guarded)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        return browser.open("/units/cb-bon/edit", method=method)

    return through


def renamed(status):
    def view(actor):
        rename(actor, db.session.scalars(sa.select(Unit).where(Unit.code == "cb-bon")).one(), "Mới")
        return {"said": "x"}, status

    return view


@pytest.mark.parametrize(("status", "kept"), [(200, True), (302, True), (400, False), (409, False), (422, False), (500, False)])
def test_what_a_request_did_is_kept_when_its_answer_is_no_refusal(door, commune, status, kept):
    assert door(renamed(status)).status_code == status
    assert (name_of() == "Mới") is kept


def test_what_a_failing_request_did_is_not_kept(door, commune):
    def view(actor):
        renamed(200)(actor)
        raise RuntimeError("planted")

    assert door(view).status_code == 500
    assert name_of() == "Chi bộ bản Bon"


def test_a_reading_request_commits_nothing(door, commune):
    door(renamed(200), "GET")
    db.session.rollback()
    assert name_of() in ("Chi bộ bản Bon", "Mới")


FINDING = Finding("x", "y", Severity.BLOCK, "Thiếu <b>nghị quyết</b>.")
ERRORS = [
    (NotVisible("x"), 404, "Không tìm thấy"),
    (Forbidden("x"), 403, "Không thuộc nhiệm vụ"),
    (Conflict("Đã có người sửa.", mine={"Bản": "Bon"}, theirs={"Bản": "Hé"}), 409, "Đã có người sửa."),
    (StaleDataError("x"), 409, "vừa được người khác sửa"),
    (IntegrityError("x", {}, Exception("unique")), 409, "trùng hoặc mâu thuẫn"),
    (RuleBroken([FINDING]), 422, "Thiếu &lt;b&gt;nghị quyết&lt;/b&gt;."),
    (OperationalError("x", {}, Exception("locked")), 503, "Cơ sở dữ liệu đang bận"),
    (RequestEntityTooLarge(), 413, "quá lớn"),
    (UnprocessableEntity(), 422, "Yêu cầu không hợp lệ"),
    (RuntimeError("secret detail"), 500, "Có lỗi trong hệ thống"),
]


@pytest.mark.parametrize(
    ("error", "status", "said"), ERRORS, ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None
)
def test_error_pages_say_what_and_what_now_in_vietnamese(door, error, status, said):
    def view(actor):
        raise error

    answer = door(view)
    assert answer.status_code == status and said in answer.text
    assert "Làm gì tiếp" in answer.text and f"Mã {status}" in answer.text
    assert "secret detail" not in answer.text and "Traceback" not in answer.text
    assert answer.headers["Content-Security-Policy"] == web.CSP


def test_errors_of_the_address_itself(as_, client):
    browser = as_(Role.ORGANISATION)
    for who in (browser, client):
        assert who.get("/khong-co").status_code == 404
        answer = who.post("/units")
        assert answer.status_code == 405 and "Không dùng được cách gọi này" in answer.text
    assert "Đăng nhập" in client.get("/khong-co").text


def test_a_bad_request_is_told(door):
    answer = door(lambda actor: abort(400))
    assert answer.status_code == 400 and "Yêu cầu không hợp lệ" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/members", "/members/export.csv", "/khong-co", "/static/css/app.css", "/healthz", "/accounts"]
)
def test_every_answer_carries_the_headers(as_, path):
    answer = as_(Role.ORGANISATION).get(path)
    for name, value in web.HEADERS.items():
        assert answer.headers[name] == value, name
    assert "unsafe" not in web.CSP and "default-src 'none'" in web.CSP and "frame-ancestors 'none'" in web.CSP
    kept = answer.headers["Cache-Control"]
    assert "max-age" in kept if path.startswith("/static") else kept == "no-store"


def value_of(name, browser) -> str:
    """A hidden field of the page that edits the cell."""
    found = re.search(rf'name="{name}" value="([^"]+)"', browser.get("/units/cb-bon/edit").text)
    assert found
    return found[1]


def test_without_its_token_no_form_is_taken(app, as_, commune, monkeypatch):
    browser: Client = as_(Role.ORGANISATION)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setitem(app.config, "WTF_CSRF_CHECK_DEFAULT", True)
    sent = {"name": "Chi bộ bản Bon Mới", "version": value_of("version", browser)}
    for token in (None, "x"):
        answer = browser.post("/units/cb-bon/edit", data=sent if token is None else {**sent, "csrf_token": token})
        assert answer.status_code == 400 and "Mã bảo vệ" in answer.text
    assert name_of() == "Chi bộ bản Bon"
    token = value_of("csrf_token", browser)
    assert browser.post("/units/cb-bon/edit", data={**sent, "csrf_token": token}).status_code == 302
    assert name_of() == "Chi bộ bản Bon Mới"


def test_who_is_not_signed_in_comes_back_to_where_she_wanted(client, commune):
    assert client.get("/members?q=lo").location == "/sign-in?next=/members?q%3Dlo"
    assert client.post("/units/cb-bon/edit").location == "/sign-in"
    assert client.get("/").location == "/sign-in"


def test_the_navigation_shows_what_one_may_enter(as_):
    shown = {role: set(re.findall(r'class="nav-link[^"]*"\s+href="([^"?]+)"', as_(role).get("/law").text)) for role in Role}
    assert "/accounts" in shown[Role.ADMINISTRATOR] and "/members" not in shown[Role.ADMINISTRATOR]
    assert "/members" in shown[Role.SECRETARY] and "/accounts" not in shown[Role.SECRETARY]


def test_the_language_is_remembered(as_):
    browser = as_(Role.ORGANISATION)
    assert '<html lang="en"' in browser.get("/law?lang=en").text and '<html lang="en"' in browser.get("/law").text
    assert '<html lang="vi"' in browser.get("/law?lang=vi").text and '<html lang="vi"' in browser.get("/law?lang=xx").text


def test_pages_of_a_list():
    page = web.Page(3, 50, 101)
    assert (page.pages, page.page, page.offset, page.first, page.last) == (3, 3, 100, 101, 101)
    assert web.Page(9, 50, 101).page == 3 and web.Page(-1, 50, 101).page == 1
    empty = web.Page(1, 50, 0)
    assert (empty.pages, empty.first, empty.last) == (1, 0, 0)


def test_a_sign_is_drawn_with_its_text_or_hidden():
    assert 'aria-hidden="true"' in web.icon("key") and 'aria-label="A &amp; B"' in web.icon("key", "A & B")
    with pytest.raises(KeyError):
        web.icon("no-such-sign")


def test_nobody_is_an_actor_without_grants():
    assert not access.Actor(None, "x").may(Permission.LAW_READ)
