"""What is done with accounts: signing in and out, passwords, grants of roles, disabling."""

from __future__ import annotations

import datetime as dt
import re
from typing import NoReturn

from .. import clock
from ..access import POLICY, Actor, Permission, Role
from ..audit import deed
from ..db import db
from ..errors import RuleBroken
from ..i18n import _, fmt_date, label
from ..names import nfc
from ..org.models import Unit
from ..rulebook.finding import Finding, Severity
from . import passwords, queries
from .models import FeedKey, RoleGrant, User, UserSession
from .sign_in import hash_of, new_token

#: How long a session lasts without signing in again.
SESSION_LASTS = dt.timedelta(hours=12)
#: So many wrong passwords one after the other lock the account ...
FAILURES_ALLOWED = 5
#: ... for so long; then it opens by itself.
LOCK_LASTS = dt.timedelta(minutes=15)

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


def _refuse(field: str, code: str, message: str) -> NoReturn:
    raise RuleBroken([Finding(f"account.{code}", field, Severity.BLOCK, message)])


def _is_locked(user: User) -> bool:
    return user.locked_until is not None and user.locked_until > clock.now()


def _end_sessions(user: User, *, but: int | None = None) -> int:
    ended = [session for session in queries.open_sessions(user.id) if session.id != but]
    for session in ended:
        session.ended_at = clock.now()
    return len(ended)


def _set_password(user: User, password: str, *, must_change: bool) -> None:
    user.password_hash = passwords.hashed(password)
    user.must_change = must_change
    user.failures = 0
    user.locked_until = None


# -- signing in and out -----------------------------------------------------------------------------------------------


@deed
def sign_in(actor: Actor, username: str, password: str, browser: str | None = None) -> tuple[str, User]:
    """A new session is open for the user; its secret token (kept nowhere but in the cookie) and the user.

    Raises RuleBroken with one and the same message, after the same work, for an unknown name, a wrong password, a locked and a
    disabled account: the page gives nothing away. Whoever catches it calls `count_failure`.
    """
    user = queries.by_username(username, lock=True)
    is_right = passwords.matches(user.password_hash if user else None, password)
    if user is None or not is_right or user.disabled_at is not None or _is_locked(user):
        _refuse("", "sign_in_refused",
                _("Tên đăng nhập hoặc mật khẩu không đúng. Sau %(count)d lần sai liên tiếp, tài khoản tạm khóa %(minutes)d phút rồi "
                  "tự mở lại. Nếu quên mật khẩu, hãy đề nghị quản trị cấp lại.",
                  count=FAILURES_ALLOWED, minutes=LOCK_LASTS // dt.timedelta(minutes=1)))  # fmt: skip
    if user.failures:
        user.failures = 0
    if user.locked_until is not None:
        user.locked_until = None
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    token, now = new_token(), clock.now()
    db.session.add(
        UserSession(user_id=user.id, token_hash=hash_of(token), started_at=now, expires_at=now + SESSION_LASTS,
                    browser=browser[:200] if browser else None)
    )  # fmt: skip
    return token, user


@deed
def count_failure(actor: Actor, username: str) -> None:
    """A refused sign-in is counted; the fifth in a row locks the account for 15 minutes. While it is locked nothing is counted."""
    user = queries.by_username(username, lock=True)
    if user is None or user.disabled_at is not None or _is_locked(user):
        return
    user.failures += 1
    if user.failures >= FAILURES_ALLOWED:
        user.failures = 0
        user.locked_until = clock.now() + LOCK_LASTS


@deed
def sign_out(actor: Actor, session_id: int) -> None:
    """The actor's session has ended; one that is over, or somebody else's, stays as it is."""
    session = db.session.get(UserSession, session_id)
    if session is not None and session.user_id == actor.user_id and session.ended_at is None:
        session.ended_at = clock.now()


@deed
def sign_out_everywhere(actor: Actor, user: User) -> int:
    """The user is signed in nowhere any more; how many sessions have ended."""
    return _end_sessions(user)


# -- the calendar's address --------------------------------------------------------------------------------------------


def _close_feed(user: User) -> None:
    feed = queries.open_feed(user.id)
    if feed is not None:
        feed.ended_at = clock.now()


@deed
def make_feed(actor: Actor, user: User) -> str:
    """The user's calendar has a new secret address, answered here and kept nowhere; the one before is closed.

    Raises RuleBroken for somebody else's calendar: whoever holds the address reads it as its user.
    """
    if user.id != actor.user_id:
        _refuse("", "others_feed", _("Địa chỉ lịch chỉ do chính người dùng tạo. Hãy để người đó đăng nhập và tự tạo."))
    _close_feed(user)
    db.session.flush()
    secret = new_token()
    db.session.add(FeedKey(user_id=user.id, token_hash=hash_of(secret), made_at=clock.now()))
    return secret


@deed
def end_feed(actor: Actor, user: User) -> None:
    """The user's calendar has no address any more; where there was none, nothing changes."""
    _close_feed(user)


# -- users and passwords ----------------------------------------------------------------------------------------------


@deed
def add_user(
    actor: Actor, *, username: str, full_name: str, password: str, must_change: bool = False, person_id: int | None = None
) -> User:
    """A new user can sign in; without a grant she sees nothing yet.

    Raises RuleBroken for a malformed or taken name, a weak password, or an unknown person.
    """
    username, full_name = username.strip().lower(), nfc(full_name)
    if not _USERNAME.fullmatch(username):
        _refuse("username", "username_malformed",
                _("Tên đăng nhập gồm 3 đến 60 chữ cái không dấu, chữ số, dấu chấm, gạch; ví dụ bithu.cb-bon."))  # fmt: skip
    if queries.by_username(username) is not None:
        _refuse("username", "username_taken", _("Tên đăng nhập “%(name)s” đã có người dùng. Hãy chọn tên khác.", name=username))
    if not full_name:
        _refuse("full_name", "nameless", _("Chưa nhập họ và tên. Hãy ghi như trên giấy tờ."))
    if faults := passwords.faults(password, username=username, field="password"):
        raise RuleBroken(faults)
    if person_id is not None and not queries.has_person(person_id):
        _refuse("person_id", "person_unknown", _("Không có hồ sơ số %(number)d. Hãy xem lại số hồ sơ.", number=person_id))
    user = User(username=username, full_name=full_name, password_hash=passwords.hashed(password), must_change=must_change,
                person_id=person_id, failures=0)  # fmt: skip
    db.session.add(user)
    db.session.flush()
    return user


@deed
def disable(actor: Actor, user: User) -> None:
    """The user can do nothing any more, from her next click on; her calendar has no address any more.

    Raises RuleBroken when it is the actor herself.
    """
    if user.id == actor.user_id:
        _refuse("", "own_account", _("Đồng chí không tự khóa tài khoản của mình. Hãy đề nghị một quản trị khác."))
    if user.disabled_at is None:
        user.disabled_at = clock.now()
    _end_sessions(user)
    _close_feed(user)


@deed
def enable(actor: Actor, user: User) -> None:
    """The user can sign in again, and is not locked; earlier sessions stay ended, and an earlier calendar address closed."""
    user.disabled_at = None
    user.failures = 0
    user.locked_until = None


@deed
def reset_password(actor: Actor, user: User) -> str:
    """The user's password is a new random one, to be handed over once and changed at the next sign-in; all sessions have ended."""
    password = passwords.one_time()
    _set_password(user, password, must_change=True)
    _end_sessions(user)
    return password


@deed
def change_password(actor: Actor, user: User, old: str, new: str, *, session_id: int | None = None) -> None:
    """The user's password is the new one; all her sessions but `session_id` have ended.

    Raises RuleBroken when the old one is wrong, or the new one is weak or the old one again.
    """
    if not passwords.matches(user.password_hash, old):
        _refuse("old", "old_password_wrong", _("Mật khẩu hiện tại không đúng. Hãy nhập lại."))
    if faults := passwords.faults(new, username=user.username, field="new"):
        raise RuleBroken(faults)
    if passwords.matches(user.password_hash, new):
        _refuse("new", "same_password", _("Mật khẩu mới trùng mật khẩu hiện tại. Hãy chọn mật khẩu khác."))
    _set_password(user, new, must_change=False)
    _end_sessions(user, but=session_id)


# -- grants -----------------------------------------------------------------------------------------------------------


@deed
def grant(actor: Actor, user: User, role: Role, unit: Unit, started_on: dt.date, ended_on: dt.date | None = None) -> RoleGrant:
    """The user has the role over the unit and all below it, from `started_on` up to but not including `ended_on`.

    Raises RuleBroken for a period that ends before it starts, a role that is not for people, an administrator of less than the whole
    commune, a role that she already has over the unit at that time, and for whoever would grant something to herself.
    """
    if role is Role.SYSTEM:
        _refuse("role", "role_of_machines", _("Vai trò “%(role)s” không dành cho người dùng. Hãy chọn vai trò khác.", role=label(role)))
    if user.id == actor.user_id:
        _refuse("role", "own_grant", _("Đồng chí không tự cấp quyền cho mình. Hãy đề nghị một quản trị khác."))
    if role is Role.ADMINISTRATOR and unit.parent_id is not None:
        _refuse("unit", "administrator_of_a_part",
                _("Quản trị giữ tài khoản của toàn đảng bộ, nên chỉ cấp cho đảng bộ xã. Hãy chọn đảng bộ xã."))  # fmt: skip
    if ended_on is not None and ended_on <= started_on:
        _refuse("ended_on", "period_backward", _("Ngày hết quyền phải sau ngày bắt đầu (%(day)s).", day=fmt_date(started_on)))
    if standing := queries.overlapping(user.id, role, unit.id, started_on, ended_on):
        _refuse("role", "grant_overlaps",
                _("Người này đã có vai trò “%(role)s” ở đơn vị này từ ngày %(day)s. Hãy kết thúc quyền đó trước.",
                  role=label(role), day=fmt_date(standing.started_on)))  # fmt: skip
    given = RoleGrant(user_id=user.id, unit_id=unit.id, role=role, started_on=started_on, ended_on=ended_on)
    db.session.add(given)
    db.session.flush()
    return given


@deed
def end_grant(actor: Actor, grant: RoleGrant, on: dt.date) -> None:
    """The grant gives nothing from that day on.

    Raises RuleBroken when it ends by then anyway, would end before it starts, or is what the actor keeps accounts with.
    """
    if grant.user_id == actor.user_id and Permission.ACCOUNTS_MANAGE in POLICY[grant.role]:
        _refuse("", "own_grant", _("Đồng chí không tự kết thúc quyền quản trị của mình. Hãy đề nghị một quản trị khác."))
    if grant.ended_on is not None and grant.ended_on <= on:
        _refuse("on", "grant_over", _("Quyền này đã hết từ ngày %(day)s.", day=fmt_date(grant.ended_on)))
    if on < grant.started_on:
        _refuse("on", "period_backward",
                _("Quyền này bắt đầu ngày %(day)s; ngày kết thúc không thể sớm hơn.", day=fmt_date(grant.started_on)))  # fmt: skip
    grant.ended_on = on
