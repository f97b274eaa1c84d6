"""Every deed of accounts, and every refusal."""

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import clock
from partyreg.access import Actor, Permission, Role
from partyreg.accounts import actions, passwords, queries, sign_in
from partyreg.accounts.models import User, UserSession
from partyreg.audit import AuditEntry, verify
from partyreg.db import db
from partyreg.errors import RuleBroken
from tests.make.accounts import PASSWORD, SYSTEM, user

NOON = dt.datetime(2026, 11, 24, 5, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 24)
pytestmark = pytest.mark.usefixtures("app")


def refused(deed, *args, **kwargs):
    """The codes of the findings with which the deed is refused."""
    with pytest.raises(RuleBroken) as caught:
        deed(*args, **kwargs)
    db.session.rollback()
    return [finding.code for finding in caught.value.findings]


def try_wrongly(username, times=1):
    for _time in range(times):
        assert refused(actions.sign_in, sign_in.claimed(username), username, "not the password") == ["account.sign_in_refused"]
        actions.count_failure(sign_in.stranger(), username)
        db.session.commit()


def enter(username, password=PASSWORD):
    token, found = actions.sign_in(sign_in.claimed(username), username, password, "Chrome, Windows")
    db.session.commit()
    return token, found


def behind(token):
    """Whoever is behind the token now."""
    return sign_in.signed_in(token)


def last_entry():
    return db.session.scalar(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1))


def test_signing_in_opens_a_session_of_twelve_hours_and_puts_the_user_on_record():
    somebody = user(username="thu")
    with clock.freeze(NOON):
        token, found = enter("Thu ")
    session = db.session.scalars(sa.select(UserSession)).one()
    assert found.id == session.user_id == somebody.id
    assert session.token_hash == sign_in.hash_of(token) != token
    assert session.browser == "Chrome, Windows"
    assert session.expires_at == NOON + dt.timedelta(hours=12)
    assert (last_entry().deed, last_entry().user_id) == ("accounts.sign_in", somebody.id)
    for moment, is_open in ((NOON + dt.timedelta(hours=11, minutes=59), True), (NOON + dt.timedelta(hours=12), False)):
        with clock.freeze(moment):
            assert (behind(token) is not None) is is_open


def test_every_sign_in_has_a_token_of_its_own():
    user(username="thu")
    assert enter("thu")[0] != enter("thu")[0]


def test_an_unknown_name_a_wrong_password_and_a_disabled_user_get_the_same_answer():
    user(username="thu")
    gone = user(username="nghi")
    actions.disable(SYSTEM, gone)
    db.session.commit()
    messages = set()
    for name, password in (("thu", "wrong"), ("nobody", PASSWORD), ("nghi", PASSWORD)):
        with pytest.raises(RuleBroken) as caught:
            actions.sign_in(sign_in.claimed(name), name, password)
        messages.add(str(caught.value))
        actions.count_failure(sign_in.stranger(), name)
    assert len(messages) == 1
    assert gone.failures == 0


def test_nobodys_password_is_verified_too(monkeypatch):
    asked = []
    monkeypatch.setattr(passwords, "matches", lambda kept, _password: asked.append(kept))
    assert refused(actions.sign_in, sign_in.stranger(), "nobody", PASSWORD)
    assert asked == [None]


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour_and_then_it_opens_by_itself():
    somebody = user(username="thu")
    with clock.freeze(NOON):
        try_wrongly("thu", 4)
        enter("thu")
        assert somebody.failures == 0, "only failures in a row count"
        try_wrongly("thu", 5)
        assert somebody.locked_until == NOON + dt.timedelta(minutes=15)
    with clock.freeze(NOON + dt.timedelta(minutes=14, seconds=59)):
        assert refused(actions.sign_in, sign_in.claimed("thu"), "thu", PASSWORD) == ["account.sign_in_refused"]
        try_wrongly("thu", 3)
        assert (somebody.failures, somebody.locked_until) == (0, NOON + dt.timedelta(minutes=15)), "being locked is not prolonged"
    with clock.freeze(NOON + dt.timedelta(minutes=15)):
        enter("thu")
    assert somebody.locked_until is None


def test_failures_are_recorded_without_naming_an_actor_who_proved_nothing():
    somebody = user(username="thu")
    try_wrongly("thu")
    assert (last_entry().deed, last_entry().actor, last_entry().user_id) == ("accounts.count_failure", "sign-in", None)
    seq = last_entry().seq
    actions.count_failure(sign_in.stranger(), "nobody")
    assert last_entry().seq == seq
    assert somebody.failures == 1


def test_an_outdated_hash_is_renewed_at_sign_in():
    somebody = user(username="thu")
    passwords.set_up(fast=False)
    try:
        before = somebody.password_hash
        enter("thu")
        assert somebody.password_hash != before
        assert not passwords.is_outdated(somebody.password_hash)
    finally:
        passwords.set_up(fast=True)


def test_signing_out_ends_only_the_actors_own_session():
    mine, other = user(username="thu"), user(username="bon")
    token, _found = enter("thu")
    session = queries.open_sessions(mine.id)[0]
    actions.sign_out(Actor(other.id, "bon"), session.id)
    assert behind(token)
    actions.sign_out(Actor(mine.id, "thu"), session.id)
    actions.sign_out(Actor(mine.id, "thu"), session.id)
    assert behind(token) is None


def test_signing_out_everywhere_ends_all_sessions():
    somebody = user(username="thu")
    tokens = [enter("thu")[0] for _browser in range(3)]
    assert actions.sign_out_everywhere(Actor(somebody.id, "thu"), somebody) == 3
    assert [behind(token) for token in tokens] == [None] * 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "ab"}, "account.username_malformed"),
        ({"username": "bí thư"}, "account.username_malformed"),
        ({"username": "-thu"}, "account.username_malformed"),
        ({"username": " THU "}, "account.username_taken"),
        ({"full_name": " "}, "account.nameless"),
        ({"password": "muoi ba chu ne"[:13]}, "password.short"),
        ({"password": "dai" * 70}, "password.long"),
        ({"username": "bithu.cb-na-phay", "password": "BiThu.cb-na-phay"}, "password.is_username"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "password.monotonous"),
        ({"person_id": 987654}, "account.person_unknown"),
    ],
)
def test_a_user_who_cannot_be_added(changes, code):
    user(username="thu")
    assert code in refused(actions.add_user, SYSTEM, **{"username": "moi", "full_name": "Lò Mới", "password": PASSWORD, **changes})
    assert queries.by_username("moi") is None


def test_fourteen_characters_are_enough_and_keyboards_do_not_matter():
    decomposed = "Mu\u031bo\u031b\u0300ng Chie\u0302n 24"  # as an iPhone sends it
    somebody = user(username="thu", password=decomposed)
    assert passwords.matches(somebody.password_hash, "Mường Chiên 24")
    assert passwords.faults("Mường Chiên 24", username="thu", field="new") == []
    assert len("Mường Chiên 24") == passwords.MIN_LENGTH


def test_nothing_matches_a_hash_that_is_none():
    assert not passwords.matches("-", PASSWORD)
    assert not passwords.matches(None, PASSWORD)


def test_a_disabled_user_is_out_at_once_and_her_old_sessions_stay_ended():
    somebody = user(username="thu")
    token, _found = enter("thu")
    actions.disable(SYSTEM, somebody)
    moment = somebody.disabled_at
    actions.disable(SYSTEM, somebody)
    db.session.commit()
    assert somebody.disabled_at == moment
    assert behind(token) is None
    assert refused(actions.sign_in, sign_in.claimed("thu"), "thu", PASSWORD)
    db.session.commit()
    actions.enable(SYSTEM, somebody)
    assert behind(token) is None
    enter("thu")


def test_nobody_disables_herself():
    somebody = user(username="thu")
    assert refused(actions.disable, Actor(somebody.id, "thu"), somebody) == ["account.own_account"]


def test_a_reset_password_works_once_it_is_changed_and_ends_sessions_and_locks():
    somebody = user(username="thu")
    token, _found = enter("thu")
    try_wrongly("thu", 5)
    password = actions.reset_password(SYSTEM, somebody)
    db.session.commit()
    assert passwords.faults(password, username="thu", field="new") == []
    assert behind(token) is None
    assert refused(actions.sign_in, sign_in.claimed("thu"), "thu", PASSWORD)
    token, _found = enter("thu", password)
    assert behind(token).must_change
    actions.change_password(Actor(somebody.id, "thu"), somebody, password, PASSWORD)
    assert not somebody.must_change


def test_a_change_of_password_ends_the_other_sessions():
    somebody = user(username="thu")
    (here, _found), (there, _found) = enter("thu"), enter("thu")
    current = behind(here).session_id
    actions.change_password(Actor(somebody.id, "thu"), somebody, PASSWORD, "mot mat khau khac", session_id=current)
    assert behind(here)
    assert behind(there) is None
    enter("thu", "mot mat khau khac")


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("not the password", "mot mat khau khac", ["account.old_password_wrong"]),
        (PASSWORD, "ngan", ["password.short", "password.monotonous"]),
        (PASSWORD, PASSWORD, ["account.same_password"]),
    ],
)
def test_a_password_that_is_not_changed(old, new, codes):
    somebody = user(username="thu")
    assert refused(actions.change_password, Actor(somebody.id, "thu"), somebody, old, new) == codes


def test_a_grant_holds_from_its_first_day_up_to_its_last(commune):
    somebody = user(username="thu")
    actions.grant(SYSTEM, somebody, Role.SECRETARY, commune.bon, DAY, DAY + dt.timedelta(days=10))
    db.session.commit()
    with clock.freeze(NOON):
        token, _found = enter("thu")
        assert behind(token).actor.using(Permission.MEETINGS_LOG).reach().paths == (commune.bon.path,)
    for days, holds in ((-1, False), (0, True), (9, True), (10, False)):
        with clock.freeze(NOON + dt.timedelta(days=days)):
            token, _found = enter("thu")
            assert behind(token).actor.may(Permission.MEETINGS_LOG) is holds


def test_grants_that_are_refused(commune):
    somebody = user(username="thu", role=Role.SECRETARY, unit=commune.bon, started_on=DAY)

    def codes(role, unit, started_on, ended_on=None, actor=SYSTEM):
        return refused(actions.grant, actor, somebody, role, unit, started_on, ended_on)

    assert codes(Role.SYSTEM, commune.root, DAY) == ["account.role_of_machines"]
    assert codes(Role.ORGANISATION, commune.root, DAY, actor=Actor(somebody.id, "thu")) == ["account.own_grant"]
    assert codes(Role.ADMINISTRATOR, commune.bon, DAY) == ["account.administrator_of_a_part"]
    assert codes(Role.SECRETARY, commune.he, DAY, DAY) == ["account.period_backward"]
    assert codes(Role.SECRETARY, commune.bon, DAY + dt.timedelta(days=400)) == ["account.grant_overlaps"]
    assert codes(Role.SECRETARY, commune.bon, dt.date(2020, 1, 1), DAY + dt.timedelta(days=1)) == ["account.grant_overlaps"]
    assert actions.grant(SYSTEM, somebody, Role.SECRETARY, commune.bon, dt.date(2020, 1, 1), DAY).id, "they only touch"


def test_a_grant_that_ends(commune):
    somebody = user(username="thu", role=Role.SECRETARY, unit=commune.bon, started_on=dt.date(2026, 1, 1))
    given = queries.grant(SYSTEM, somebody.id, queries.grants_of(SYSTEM, somebody.id)[0].id)
    assert refused(actions.end_grant, SYSTEM, given, dt.date(2025, 12, 31)) == ["account.period_backward"]
    token, _found = enter("thu")
    actions.end_grant(SYSTEM, given, DAY + dt.timedelta(days=5))
    assert behind(token).actor.grants
    actions.end_grant(SYSTEM, given, clock.today())
    assert behind(token).actor.grants == ()
    db.session.commit()
    assert refused(actions.end_grant, SYSTEM, given, DAY + dt.timedelta(days=9)) == ["account.grant_over"]


def test_an_administrator_does_not_end_her_own_work(commune):
    somebody = user(username="thu", role=Role.ADMINISTRATOR, unit=commune.root)
    given = queries.grant(SYSTEM, somebody.id, queries.grants_of(SYSTEM, somebody.id)[0].id)
    assert refused(actions.end_grant, Actor(somebody.id, "thu"), given, DAY) == ["account.own_grant"]


def test_no_password_no_hash_and_no_token_is_in_the_audit():
    somebody = user(username="thu")
    token, _found = enter("thu")
    one_time = actions.reset_password(SYSTEM, somebody)
    actions.change_password(Actor(somebody.id, "thu"), somebody, one_time, "mot mat khau khac")
    actions.sign_out_everywhere(SYSTEM, somebody)
    db.session.commit()
    payloads = "\n".join(db.session.scalars(sa.select(AuditEntry.payload)))
    assert "thu" in payloads
    for secret in (PASSWORD, one_time, "mot mat khau khac", "argon2", token, sign_in.hash_of(token), somebody.password_hash):
        assert secret not in payloads
    assert verify() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User).where(User.password_hash.contains(PASSWORD))) == 0
