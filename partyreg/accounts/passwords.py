"""Passwords: how they are kept (argon2id), what they must be, and how one-time passwords are made.

TCVN 14423:2026 asks for 14 characters where no second factor is used, and for 8 where one is.
"""

from __future__ import annotations

import functools
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..i18n import _
from ..rulebook.finding import Finding, Severity

#: Characters that a password needs as long as there is no second factor (TCVN 14423:2026).
MIN_LENGTH = 14
#: Longer texts are refused, so that nobody keeps the server busy with hashing.
MAX_LENGTH = 200

#: Letters and digits that nobody confuses when reading them out: without 0, 1, i, l and o.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

#: OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
_STRONG = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

_hasher = _STRONG


def set_up(*, fast: bool) -> None:
    """Passwords are hashed with full strength from now on, or, for tests only, at next to no cost."""
    global _hasher
    _hasher = _FAST if fast else _STRONG


def _typed(password: str) -> str:
    """The password independent of the keyboard: Windows, Android and iPhone compose Vietnamese letters differently."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """What is kept of the password: a salted argon2id hash that names its own parameters."""
    return _hasher.hash(_typed(password))


@functools.cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe(32))


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; takes as long for nobody's password (None) as for somebody's."""
    try:
        return _hasher.verify(kept or _nobodys_hash(_hasher), _typed(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def one_time() -> str:
    """A random password to be handed over once: four groups of four signs, about 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _sign in range(4)) for _group in range(4))


def faults(password: str, *, username: str, field: str) -> list[Finding]:
    """What is wrong with a new password; empty when it may be used."""
    found = []
    typed = _typed(password)
    if len(typed) < MIN_LENGTH:
        found.append(
            _fault("password.short", field,
                   _("Mật khẩu mới có %(length)d ký tự; cần ít nhất %(min)d ký tự (TCVN 14423:2026). "
                     "Hãy dùng vài từ ghép lại cho dễ nhớ.", length=len(typed), min=MIN_LENGTH))
        )  # fmt: skip
    if len(typed) > MAX_LENGTH:
        found.append(_fault("password.long", field, _("Mật khẩu dài quá %(max)d ký tự. Hãy rút gọn.", max=MAX_LENGTH)))
    if typed.strip().casefold() == username.casefold():
        found.append(_fault("password.is_username", field, _("Mật khẩu không được trùng tên đăng nhập. Hãy chọn mật khẩu khác.")))
    if typed and len(set(typed)) < 5:
        found.append(_fault("password.monotonous", field, _("Mật khẩu lặp lại quá ít ký tự. Hãy dùng ít nhất 5 ký tự khác nhau.")))
    return found


def _fault(code: str, field: str, message: str) -> Finding:
    return Finding(code, field, Severity.BLOCK, message)
