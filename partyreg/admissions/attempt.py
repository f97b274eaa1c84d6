"""A deed that may be refused, on a page that is then shown again: nothing of it stays behind in the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..db import db

T = TypeVar("T")


def attempt(deed: Callable[[], T]) -> T:
    """Do the deed; when it raises, the rows that it changed or made are again as the database holds them."""
    with db.session.begin_nested():
        return deed()
