"""The doors of accounts: signing in and out, one's own account, and the administrator's pages."""

from __future__ import annotations

from typing import Any

import flask_login
from flask import flash, redirect, render_template, request, session, url_for

from .. import clock, web
from ..access import Actor, Permission
from ..errors import RuleBroken
from ..i18n import _, fmt_moment, label
from ..rulebook.finding import Finding, Severity
from ..tables import Column, Row, Table
from . import actions, passwords, queries
from .forms import EndForm, GrantForm, NewUserForm, PasswordForm, SignInForm
from .models import User
from .sign_in import claimed, signed_in, stranger

area = web.Area("accounts", __name__)

_MANAGE = Permission.ACCOUNTS_MANAGE

#: Part of a browser's own description -> its name; the first that fits counts, since many pretend to be others.
_BROWSERS = (("Edg", "Edge"), ("coc_coc", "Cốc Cốc"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
             ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


def browser_name(description: str) -> str:
    """`Chrome, Windows`: what people call the browser that describes itself so; nothing more of it is kept."""
    names = [next((name for part, name in known if part in description), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, names))


def local_path(wanted: str | None) -> str | None:
    """The address when it leads into this application, else None: a link must not carry people off after the sign-in."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted or not wanted.isprintable():
        return None
    return wanted


def _forget() -> None:
    """The browser keeps nothing of what came before but the language."""
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language


# -- signing in and out -----------------------------------------------------------------------------------------------


@area.form("/sign-in", needs=web.PUBLIC)
def sign_in(_actor: None) -> Any:
    """The sign-in page."""
    wanted = local_path(request.values.get("next"))
    form = SignInForm()
    if request.method == "GET" and flask_login.current_user.is_authenticated:
        return redirect(wanted or url_for("office.home"))
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form, next=wanted), 422 if form.is_submitted() else 200
    name, password = form.data["username"], form.data["password"]
    try:
        token, user = actions.sign_in(claimed(name), name, password, browser_name(request.user_agent.string))
    except RuleBroken as refused:
        actions.count_failure(stranger(), name)
        web.keep()
        form.show(refused.findings)
        return render_template("accounts/sign_in.html", form=form, next=wanted), 422
    return _enter(token, user, wanted)


def _enter(token: str, user: User, wanted: str | None) -> Any:
    """Whoever has proved who she is goes in, with a new cookie; a one-time password is to be changed first."""
    _forget()
    flask_login.login_user(signed_in(token))
    if user.must_change:
        return redirect(url_for("accounts.own"))
    return redirect(wanted or url_for("office.home"))


@area.post("/sign-out", needs=web.SIGNED_IN)
def sign_out(actor: Actor) -> Any:
    """This browser is signed out."""
    actions.sign_out(actor, flask_login.current_user.session_id)
    return _leave(_("Đã đăng xuất."))


def _leave(message: str) -> Any:
    flask_login.logout_user()
    _forget()
    flash(message, "ok")
    return redirect(url_for("accounts.sign_in"))


# -- one's own account ------------------------------------------------------------------------------------------------


@area.form("/account", needs=web.SIGNED_IN)
def own(actor: Actor) -> Any:
    """Roles, sessions and password of whoever is signed in."""
    me = flask_login.current_user
    user = queries.user(actor, actor.user_id or 0)
    form = PasswordForm()
    if form.validate_on_submit():
        had_to = user.must_change
        try:
            actions.change_password(actor, user, form.data["old"], form.data["new"], session_id=me.session_id)
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            message = _("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất.")
            return web.done(message, "office.home" if had_to else "accounts.own")
    return _own_page(actor, user, form), 422 if form.is_submitted() else 200


def _own_page(actor: Actor, user: User, form: PasswordForm, *, calendar: str | None = None) -> str:
    return render_template(
        "accounts/own.html", user=user, form=form, grants=queries.grants_of(actor, user.id), day=clock.today(),
        sessions=queries.open_sessions(user.id), current=flask_login.current_user.session_id, min_length=passwords.MIN_LENGTH,
        feed=queries.open_feed(user.id), calendar=calendar,
    )  # fmt: skip


@area.post("/account/feed", needs=web.SIGNED_IN)
def make_feed(actor: Actor) -> str:
    """The calendar of whoever is signed in has a new address, which is shown once."""
    user = queries.user(actor, actor.user_id or 0)
    secret = actions.make_feed(actor, user)
    return _own_page(actor, user, PasswordForm(formdata=None), calendar=url_for("office.calendar", secret=secret, _external=True))


@area.post("/account/feed/end", needs=web.SIGNED_IN)
def end_feed(actor: Actor) -> Any:
    """The calendar of whoever is signed in has no address any more."""
    actions.end_feed(actor, queries.user(actor, actor.user_id or 0))
    return web.done(_("Đã khóa địa chỉ lịch. Điện thoại, máy tính đã đăng ký sẽ không nhận việc mới nữa."), "accounts.own")


@area.post("/account/sign-out-everywhere", needs=web.SIGNED_IN)
def sign_out_everywhere(actor: Actor) -> Any:
    """All browsers of whoever is signed in are signed out, this one too."""
    actions.sign_out_everywhere(actor, queries.user(actor, actor.user_id or 0))
    return _leave(_("Đã đăng xuất mọi thiết bị."))


# -- the administrator's pages ----------------------------------------------------------------------------------------


@area.get("/accounts", needs=_MANAGE)
def index(actor: Actor) -> str:
    """All users."""
    lines = queries.listing(actor, clock.today())
    columns = [Column("username", _("Tên đăng nhập")), Column("full_name", _("Họ và tên")), Column("roles", _("Vai trò")),
               Column("state", _("Trạng thái"), "badge"), Column("signed_in_at", _("Đăng nhập gần nhất"))]  # fmt: skip
    rows = [
        Row((line.username, line.full_name, "; ".join(f"{label(held.role)} – {held.unit}" for held in line.grants), _state(line),
             fmt_moment(line.signed_in_at)), url_for("accounts.user", user_id=line.id))
        for line in lines
    ]  # fmt: skip
    return render_template("accounts/index.html", table=Table(_("Tài khoản"), columns, rows), total=len(lines))


def _state(line: queries.Line) -> dict[str, str]:
    if line.is_disabled:
        return {"tone": "danger", "text": _("Đã vô hiệu")}
    if line.is_locked:
        return {"tone": "warn", "text": _("Tạm khóa")}
    return {"tone": "ok", "text": _("Hoạt động")} if line.grants else {"tone": "neutral", "text": _("Chưa có quyền")}


@area.form("/accounts/new", needs=_MANAGE)
def new(actor: Actor) -> Any:
    """A new user with a first role; her one-time password is shown once."""
    form = NewUserForm(queries.units(actor, clock.today()))
    if form.validate_on_submit():
        password = passwords.one_time()
        try:
            user = actions.add_user(
                actor, username=form.data["username"], full_name=form.data["full_name"], person_id=form.data["person_id"],
                password=password, must_change=True,
            )  # fmt: skip
            _grant(actor, user, form)
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return render_template("accounts/password.html", user=user, password=password, is_new=True)
    return render_template("accounts/new.html", form=form), 422 if form.is_submitted() else 200


def _grant(actor: Actor, user: User, form: GrantForm) -> None:
    given = form.data
    actions.grant(actor, user, given["role"], queries.unit(actor, given["unit"]), given["started_on"], given["ended_on"])


@area.form("/accounts/<int:user_id>", needs=_MANAGE)
def user(actor: Actor, user_id: int) -> Any:
    """One user with her roles; a further role may be granted."""
    found = queries.user(actor, user_id)
    form = GrantForm(queries.units(actor, clock.today()))
    if form.validate_on_submit():
        try:
            _grant(actor, found, form)
        except RuleBroken as refused:
            form.show(refused.findings)
        else:
            return web.done(_("Đã cấp quyền cho %(name)s.", name=found.full_name), "accounts.user", user_id=user_id)
    page = render_template(
        "accounts/user.html", user=found, form=form, grants=queries.grants_of(actor, user_id), day=clock.today(), now=clock.now(),
        sessions=queries.open_sessions(user_id), is_self=user_id == actor.user_id,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@area.post("/accounts/<int:user_id>/grants/<int:grant_id>/end", needs=_MANAGE)
def end_grant(actor: Actor, user_id: int, grant_id: int) -> Any:
    """A role of the user ends."""
    form = EndForm()
    if not form.validate_on_submit():
        raise RuleBroken([Finding("account.day_unreadable", "on", Severity.BLOCK, message) for message in form.on.errors])
    actions.end_grant(actor, queries.grant(actor, user_id, grant_id), form.data["on"])
    return web.done(_("Đã ghi ngày kết thúc quyền."), "accounts.user", user_id=user_id)


@area.post("/accounts/<int:user_id>/disable", needs=_MANAGE)
def disable(actor: Actor, user_id: int) -> Any:
    """The user can do nothing any more."""
    found = queries.user(actor, user_id)
    actions.disable(actor, found)
    return web.done(_("Đã vô hiệu tài khoản %(name)s.", name=found.username), "accounts.user", user_id=user_id)


@area.post("/accounts/<int:user_id>/enable", needs=_MANAGE)
def enable(actor: Actor, user_id: int) -> Any:
    """The user can sign in again."""
    found = queries.user(actor, user_id)
    actions.enable(actor, found)
    return web.done(_("Đã mở lại tài khoản %(name)s.", name=found.username), "accounts.user", user_id=user_id)


@area.post("/accounts/<int:user_id>/reset-password", needs=_MANAGE)
def reset_password(actor: Actor, user_id: int) -> Any:
    """The user has a one-time password, which is shown once."""
    found = queries.user(actor, user_id)
    password = actions.reset_password(actor, found)
    return render_template("accounts/password.html", user=found, password=password, is_new=False)


@area.post("/accounts/<int:user_id>/sign-out", needs=_MANAGE)
def end_sessions(actor: Actor, user_id: int) -> Any:
    """The user is signed in nowhere any more."""
    found = queries.user(actor, user_id)
    count = actions.sign_out_everywhere(actor, found)
    return web.done(_("Đã kết thúc %(count)d phiên của %(name)s.", count=count, name=found.username), "accounts.user", user_id=user_id)
