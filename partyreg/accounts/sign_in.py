"""Who is asking: the secret in the cookie leads to a session, its user, and the grants in force today.

It is read anew with every request, so a disabled user or an ended grant counts at once.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from flask_login import UserMixin

from .. import clock, web
from ..access import Actor, Grant
from . import passwords, queries

if TYPE_CHECKING:
    from flask import Flask


class SignedIn(UserMixin):
    """Whoever is behind the request: the actor with her grants, and the session she works in."""

    def __init__(self, token: str, *, session_id: int, username: str, must_change: bool, actor: Actor) -> None:
        self.token = token
        self.session_id = session_id
        self.username = username
        self.must_change = must_change
        self.actor = actor

    def get_id(self) -> str:
        """What the cookie keeps: the session's secret, never the user's key."""
        return self.token


def init_accounts(app: Flask) -> None:
    """The cookie's token leads to whoever signed in with it; passwords are hashed as the settings say."""
    passwords.set_up(fast=bool(app.config.get("PARTYREG_ARGON2_FAST")))
    web.login.user_loader(signed_in)


def new_token() -> str:
    """A secret of 256 bits for one session."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in(token: str) -> SignedIn | None:
    """Whoever is behind the token, or None when its session has ended or expired, or the user is disabled."""
    rows = queries.behind_token(hash_of(token))
    if not rows:
        return None
    first = rows[0]
    grants = tuple(
        Grant(row.role, row.path, row.started_on, row.ended_on)
        for row in rows
        if row.role is not None and row.path is not None and row.started_on is not None
    )
    actor = Actor(first.user_id, first.full_name, grants, first.person_id)
    return SignedIn(token, session_id=first.session_id, username=first.username, must_change=first.must_change, actor=actor)


def behind_feed(secret: str) -> Actor | None:
    """The user of a calendar address with her grants in force today, or None when the address leads to nobody."""
    user = queries.by_feed(hash_of(secret))
    if user is None:
        return None
    return Actor(user.id, user.full_name, queries.grants_in_force(user.id, clock.today()), user.person_id)


def stranger() -> Actor:
    """The actor before anybody has signed in: without grants, named after the door."""
    return Actor(None, "sign-in")


def claimed(username: str) -> Actor:
    """The actor that a username claims to be, without grants; `actions.sign_in` puts her on record once the password has proved it."""
    user = queries.by_username(username)
    return Actor(user.id, user.full_name) if user else stranger()
