"""The secret address of a user's calendar: made, shown once, closed, and read by nobody else."""

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import clock
from partyreg.access import Actor, Role
from partyreg.accounts import actions, queries, sign_in
from partyreg.accounts.models import FeedKey, User
from partyreg.audit import history
from partyreg.db import db
from partyreg.errors import RuleBroken
from tests.make.accounts import SYSTEM, user


@pytest.fixture
def somebody(commune):
    return user(username="bi.thu", role=Role.SECRETARY, unit=commune.bon)


def made(somebody: User) -> str:
    secret = actions.make_feed(Actor(somebody.id, somebody.full_name), somebody)
    db.session.commit()
    return secret


def whose(secret: str) -> User | None:
    return queries.by_feed(sign_in.hash_of(secret))


def test_the_address_leads_to_its_user_and_her_grants(somebody, commune):
    secret = made(somebody)
    assert whose(secret) is somebody and whose(secret + "x") is None and whose("") is None
    actor = sign_in.behind_feed(secret)
    assert actor is not None
    assert (actor.user_id, actor.name, [grant.path for grant in actor.grants]) == (somebody.id, somebody.full_name, [commune.bon.path])
    assert sign_in.behind_feed("unknown") is None


def test_only_the_hash_is_kept(somebody):
    secret = made(somebody)
    feed = db.session.scalars(sa.select(FeedKey)).one()
    assert len(secret) >= 43 and feed.token_hash == sign_in.hash_of(secret)
    told = "".join(entry.payload or "" for entry in history("feed_key", feed.id))
    assert "made_at" in told and secret not in told and feed.token_hash not in told


def test_a_new_address_closes_the_one_before(somebody):
    first, second = made(somebody), made(somebody)
    assert whose(first) is None and whose(second) is somebody
    assert [feed.ended_at is None for feed in db.session.scalars(sa.select(FeedKey).order_by(FeedKey.id))] == [False, True]


def test_a_closed_address_leads_nowhere(somebody):
    secret = made(somebody)
    actions.end_feed(SYSTEM, somebody)
    assert whose(secret) is None and queries.open_feed(somebody.id) is None
    actions.end_feed(SYSTEM, somebody)


def test_nobody_makes_an_address_of_somebody_else(somebody):
    for actor in (SYSTEM, Actor(somebody.id + 1, "Khác")):
        with pytest.raises(RuleBroken) as caught:
            actions.make_feed(actor, somebody)
        assert caught.value.findings[0].code == "account.others_feed"
    assert queries.open_feed(somebody.id) is None


def test_a_disabled_user_has_no_calendar_and_gets_the_old_one_back_never(somebody):
    secret = made(somebody)
    actions.disable(SYSTEM, somebody)
    assert whose(secret) is None
    actions.enable(SYSTEM, somebody)
    assert whose(secret) is None


def test_an_address_left_open_by_a_disabled_user_leads_nowhere(somebody):
    secret = made(somebody)
    db.session.connection().execute(sa.update(User).where(User.id == somebody.id).values(disabled_at=clock.now()))
    assert whose(secret) is None


def test_a_locked_user_has_no_calendar_until_the_lock_ends(somebody):
    secret = made(somebody)
    for _time in range(actions.FAILURES_ALLOWED):
        actions.count_failure(sign_in.stranger(), somebody.username)
    assert whose(secret) is None
    with clock.freeze(clock.now() + actions.LOCK_LASTS):
        assert whose(secret) is somebody


def test_grants_that_are_over_or_to_come_give_nothing(somebody, commune):
    secret = made(somebody)
    with clock.freeze(dt.date(2019, 12, 31)):
        actor = sign_in.behind_feed(secret)
    assert actor is not None and actor.grants == ()


# -- one's own account ------------------------------------------------------------------------------------------------


def test_the_address_is_shown_once_and_can_be_closed(as_, commune):
    browser = as_(Role.SECRETARY, commune.bon)
    assert "Tạo địa chỉ lịch" in browser.get("/account").text
    page = browser.post("/account/feed")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    address = page.text.split('id="calendar-address">')[1].split("<")[0]
    assert address.startswith("http://localhost/calendar/") and address.endswith(".ics")
    again = browser.get("/account").text
    assert address not in again and "calendar-address" not in again and "Đang mở một địa chỉ" in again
    assert as_(Role.MEMBER).get(address).status_code == 200, "whoever has the address may read, with any cookie or none"
    assert browser.post("/account/feed/end").status_code == 302
    assert "Đang mở một địa chỉ" not in browser.get("/account").text
    assert browser.get(address).status_code == 404
