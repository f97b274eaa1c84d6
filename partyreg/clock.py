"""The only reader of the clock: the office's day and the moment in UTC."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

#: Việt Nam keeps UTC+7 all the year, without summer time since 1975.
OFFICE_ZONE = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")

_frozen: dt.datetime | None = None


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _frozen if _frozen is not None else dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The calendar day in the office (UTC+7)."""
    return now().astimezone(OFFICE_ZONE).date()


@contextlib.contextmanager
def freeze(moment: dt.date | dt.datetime) -> Iterator[None]:
    """Inside the block `now()` answers `moment`; a bare date means eight in the morning in the office."""
    global _frozen
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(8), OFFICE_ZONE)
    before, _frozen = _frozen, moment.astimezone(dt.UTC)
    try:
        yield
    finally:
        _frozen = before
