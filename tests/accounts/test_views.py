"""The doors of accounts, as a browser meets them."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from partyreg import clock
from partyreg.access import Role
from partyreg.accounts import actions, queries
from partyreg.accounts.models import User, UserSession
from partyreg.accounts.views import browser_name, local_path
from partyreg.db import db
from tests.make.accounts import PASSWORD, SYSTEM, user

NOON = dt.datetime(2026, 11, 24, 5, 0, tzinfo=dt.UTC)


def enter(client, username="thu", password=PASSWORD, **query):
    return client.post("/sign-in", data={"username": username, "password": password}, query_string=query)


def shown_once(page):
    [password] = re.findall(r'id="one-time-password">([^<]+)<', page.text)
    return password


def is_in(client):
    return client.get("/account").status_code == 200


def test_the_sign_in_page_has_the_fields_of_the_contract(client):
    page = client.get("/sign-in")
    assert page.status_code == 200
    for name in ("username", "password", "csrf_token"):
        assert f'name="{name}"' in page.text
    assert "Đảng bộ xã Mường Chiên" in page.text


def test_signing_in_and_out(client, commune):
    user(username="thu", role=Role.SECRETARY, unit=commune.bon)
    with client.session_transaction() as cookie:
        cookie["lang"], cookie["planted"] = "vi", "by somebody else"
    answer = enter(client)
    assert (answer.status_code, answer.location) == (302, "/")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["lang"] == "vi"
    assert is_in(client)
    assert client.get("/sign-in").location == "/"
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert not is_in(client)
    assert "Đã đăng xuất" in client.get("/sign-in").text


def test_a_token_that_was_signed_out_is_worthless(client, commune):
    user(username="thu")
    enter(client)
    with client.session_transaction() as cookie:
        stolen = dict(cookie)
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        cookie.update(stolen)
    assert not is_in(client)


def test_an_incomplete_form_is_refused(client):
    answer = enter(client, username="", password="")
    assert answer.status_code == 422
    assert "Chưa nhập mục này" in answer.text


def test_failures_are_counted_though_refused_and_the_lock_opens_by_itself(client, commune):
    somebody = user(username="thu", role=Role.SECRETARY, unit=commune.bon)
    with clock.freeze(NOON):
        for _time in range(5):
            answer = enter(client, password="not the password")
            assert answer.status_code == 422
            assert "không đúng" in answer.text
            assert "not the password" not in answer.text
        db.session.rollback()
        assert db.session.get_one(User, somebody.id).locked_until == NOON + dt.timedelta(minutes=15)
        assert enter(client).status_code == 422
    with clock.freeze(NOON + dt.timedelta(minutes=15)):
        assert enter(client).status_code == 302


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/meetings?unit=cb-bon", "/meetings?unit=cb-bon"),
        ("//evil.com", "/"),
        ("https://evil.com", "/"),
        ("/\\evil.com", "/"),
        ("/\t/evil.com", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_the_sign_in_only_local_pages(client, commune, wanted, leads_to):
    user(username="thu", role=Role.SECRETARY, unit=commune.bon)
    assert enter(client, next=wanted).location == leads_to


def test_an_address_that_cannot_be_read_leads_nowhere():
    assert local_path("/[") == "/["
    assert local_path("http://[") is None
    assert local_path(None) is None


def test_a_page_asked_for_without_a_session_leads_to_the_sign_in_and_back(client, commune):
    user(username="thu", role=Role.ADMINISTRATOR, unit=commune.root)
    answer = client.get("/accounts")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
    assert client.post(answer.location, data={"username": "thu", "password": PASSWORD}).location == "/accounts"


def test_a_disabled_users_open_session_ends_with_her_next_click(client, commune):
    somebody = user(username="thu", role=Role.SECRETARY, unit=commune.bon)
    enter(client)
    assert is_in(client)
    actions.disable(SYSTEM, somebody)
    assert not is_in(client)
    assert enter(client).status_code == 422


def test_an_expired_session_leads_to_the_sign_in(client, commune):
    user(username="thu")
    with clock.freeze(NOON):
        enter(client)
    with clock.freeze(NOON + dt.timedelta(hours=12)):
        assert not is_in(client)


def test_an_expired_grant_ends_by_itself(client, commune):
    user(username="thu", role=Role.ADMINISTRATOR, unit=commune.root, ended_on=dt.date(2026, 11, 25))
    evening = dt.datetime(2026, 11, 24, 16, 59, tzinfo=dt.UTC)
    with clock.freeze(evening):
        enter(client)
        assert client.get("/accounts").status_code == 200
    with clock.freeze(evening + dt.timedelta(minutes=1)):
        assert client.get("/accounts").status_code == 403


def test_a_one_time_password_is_to_be_changed_first(client, commune):
    user(username="thu", role=Role.SECRETARY, unit=commune.bon, must_change=True)
    assert enter(client, next="/meetings").location == "/account"
    assert "mật khẩu tạm thời" in client.get("/account").text
    answer = client.post("/account", data={"old": PASSWORD, "new": "mot mat khau khac", "repeat": "mot mat khau khac"})
    assert answer.location == "/"
    assert "mật khẩu tạm thời" not in client.get("/account").text


@pytest.mark.parametrize(
    ("old", "new", "repeat", "says"),
    [
        ("wrong", "mot mat khau khac", "mot mat khau khac", "Mật khẩu hiện tại không đúng"),
        (PASSWORD, "ngan qua", "ngan qua", "cần ít nhất 14 ký tự"),
        (PASSWORD, "mot mat khau khac", "mot mat khau la", "không giống nhau"),
    ],
)
def test_a_change_of_password_that_is_refused(client, commune, old, new, repeat, says):
    user(username="thu")
    enter(client)
    answer = client.post("/account", data={"old": old, "new": new, "repeat": repeat})
    assert answer.status_code == 422
    assert says in answer.text
    client.post("/sign-out")
    assert enter(client).status_code == 302


def test_a_password_changed_in_passing_leads_back_to_the_account(client, commune):
    user(username="thu")
    enter(client)
    answer = client.post("/account", data={"old": PASSWORD, "new": "mot mat khau khac", "repeat": "mot mat khau khac"})
    assert answer.location == "/account"
    assert is_in(client)


def test_signing_out_everywhere(app, client, commune):
    user(username="thu")
    enter(client)
    other = app.test_client()
    enter(other)
    assert is_in(other)
    page = client.get("/account")
    assert page.text.count("Thiết bị này") == 1
    assert client.post("/account/sign-out-everywhere").location == "/sign-in"
    assert not is_in(client)
    assert not is_in(other)


# -- the administrator's pages ----------------------------------------------------------------------------------------


def test_accounts_are_the_administrators_alone(as_, commune):
    somebody = user()
    for role in set(Role) - {Role.ADMINISTRATOR, Role.SYSTEM}:
        browser = as_(role)
        assert browser.get("/accounts").status_code == 403
        assert browser.get(f"/accounts/{somebody.id}").status_code == 403
        assert browser.post(f"/accounts/{somebody.id}/disable").status_code == 403


def test_the_list_shows_who_has_which_role(as_, commune):
    user(username="bithu.cb-bon", role=Role.SECRETARY, unit=commune.bon)
    locked, gone = user(username="khoa"), user(username="nghi")
    for _time in range(5):
        actions.count_failure(SYSTEM, locked.username)
    actions.disable(SYSTEM, gone)
    page = as_(Role.ADMINISTRATOR).get("/accounts")
    for text in ("bithu.cb-bon", "Bí thư chi bộ – Chi bộ bản Bon", "Tạm khóa", "Đã vô hiệu", "Hoạt động"):
        assert text in page.text


NEW = {"username": "bithu.cb-he", "full_name": "Lò Văn Hé", "role": "secretary", "unit": "cb-he", "started_on": "01/11/2026"}


def test_a_new_user_enters_with_the_password_shown_once(as_, client, commune):
    admin = as_(Role.ADMINISTRATOR)
    assert admin.get("/accounts/new").status_code == 200
    page = admin.post("/accounts/new", data=NEW)
    assert page.status_code == 200
    password = shown_once(page)
    made = queries.by_username("bithu.cb-he")
    assert made is not None
    assert password not in admin.get(f"/accounts/{made.id}").text
    assert [(held.role, held.unit) for held in queries.grants_of(SYSTEM, made.id)] == [(Role.SECRETARY, "Chi bộ bản Hé")]
    assert enter(client, "bithu.cb-he", password).location == "/account"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"username": "thu"}, "đã có người dùng"),
        ({"username": "bí thư"}, "không dấu"),
        ({"full_name": ""}, "Chưa nhập mục này"),
        ({"role": "system"}, "không dành cho người dùng"),
        ({"role": "emperor"}, "Lựa chọn không có trong danh sách"),
        ({"role": ""}, "Chưa nhập mục này"),
        ({"unit": "cb-none"}, "Lựa chọn không có trong danh sách"),
        ({"role": "administrator"}, "toàn đảng bộ"),
        ({"started_on": "31/02/2026"}, "Không có ngày"),
        ({"ended_on": "01/11/2026"}, "phải sau ngày bắt đầu"),
        ({"person_id": "987654"}, "Không có hồ sơ số 987654"),
    ],
)
def test_a_new_user_who_is_refused_leaves_nothing_behind(as_, commune, changes, says):
    user(username="thu")
    admin = as_(Role.ADMINISTRATOR)
    before = db.session.scalar(sa.select(sa.func.count(User.id)))
    answer = admin.post("/accounts/new", data={**NEW, **changes})
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == before


def test_a_role_is_granted_and_ended(as_, client, commune):
    somebody = user(username="thu")
    enter(client)
    admin, address = as_(Role.ADMINISTRATOR), f"/accounts/{somebody.id}"
    answer = admin.post(address, data={"role": "reporting", "unit": "muong-chien", "started_on": "2026-11-01"})
    assert (answer.status_code, answer.location) == (302, address)
    [held] = queries.grants_of(SYSTEM, somebody.id)
    page = admin.get(address)
    assert "Hiệu lực" in page.text
    assert "Đã cấp quyền" in page.text
    end = f"{address}/grants/{held.id}/end"
    unreadable = admin.post(end, data={"on": "hôm nay"})
    assert unreadable.status_code == 422
    assert "Không đọc được ngày" in unreadable.text
    assert admin.post(end, data={"on": "01/01/2020"}).status_code == 422
    assert admin.post(end, data={"on": "24/11/2026"}).status_code == 302
    assert "Đã hết" in admin.get(address).text
    assert admin.post(f"{address}/grants/987654/end", data={"on": "24/11/2026"}).status_code == 404


def test_a_grant_that_is_refused_comes_back_filled(as_, commune):
    somebody = user(username="thu", role=Role.SECRETARY, unit=commune.bon)
    answer = as_(Role.ADMINISTRATOR).post(
        f"/accounts/{somebody.id}", data={"role": "secretary", "unit": "cb-bon", "started_on": "01/11/2026"}
    )
    assert answer.status_code == 422
    assert "đã có vai trò" in answer.text
    assert 'value="01/11/2026"' in answer.text


def test_a_grant_of_the_future_is_told_apart(as_, commune):
    somebody = user(username="thu", role=Role.SECRETARY, unit=commune.bon, started_on=dt.date(2027, 1, 1))
    assert "Chưa đến ngày" in as_(Role.ADMINISTRATOR).get(f"/accounts/{somebody.id}").text


def test_disabling_and_enabling(as_, client, commune):
    somebody = user(username="thu")
    admin, address = as_(Role.ADMINISTRATOR), f"/accounts/{somebody.id}"
    assert admin.post(f"{address}/disable").location == address
    assert "đã bị vô hiệu" in admin.get(address).text
    assert enter(client).status_code == 422
    assert admin.post(f"{address}/enable").location == address
    assert enter(client).status_code == 302


def test_a_locked_account_says_until_when(as_, client, commune):
    somebody = user(username="thu")
    for _time in range(5):
        enter(client, password="not the password")
    assert "tự mở lại lúc 24/11/2026 08:15" in as_(Role.ADMINISTRATOR).get(f"/accounts/{somebody.id}").text


def test_a_password_is_reset_and_shown_once(as_, client, commune):
    somebody = user(username="thu")
    enter(client)
    page = as_(Role.ADMINISTRATOR).post(f"/accounts/{somebody.id}/reset-password")
    password = shown_once(page)
    assert not is_in(client)
    assert enter(client).status_code == 422
    assert enter(client, password=password).location == "/account"


def test_the_administrator_ends_a_users_sessions(as_, client, commune):
    somebody = user(username="thu")
    enter(client)
    admin = as_(Role.ADMINISTRATOR)
    assert "Đăng xuất mọi thiết bị" in admin.get(f"/accounts/{somebody.id}").text
    assert admin.post(f"/accounts/{somebody.id}/sign-out").status_code == 302
    assert not is_in(client)
    assert "Đã kết thúc 1 phiên" in admin.get(f"/accounts/{somebody.id}").text


def test_nobody_disables_or_favours_herself(as_, commune):
    admin = as_(Role.ADMINISTRATOR)
    admin.get("/account")
    own = db.session.scalars(sa.select(UserSession.user_id)).one()
    assert admin.post(f"/accounts/{own}/disable").status_code == 422
    assert (
        admin.post(f"/accounts/{own}", data={"role": "organisation", "unit": "muong-chien", "started_on": "01/11/2026"}).status_code == 422
    )
    assert "không tự cấp quyền" in admin.get(f"/accounts/{own}").text


def test_an_unknown_user_is_not_found(as_):
    assert as_(Role.ADMINISTRATOR).get("/accounts/987654").status_code == 404


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36", "Chrome, Windows"),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604", "Safari, iPhone"),
        ("curl/8.0", ""),
    ],
)
def test_browsers_are_named_as_people_call_them(description, name):
    assert browser_name(description) == name
