"""Days that the office has set apart from the calendar of public holidays."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Model


class SpecialDay(Model):
    """A day that is off, or worked, other than the public calendar says: the same for everybody."""

    __tablename__ = "special_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(unique=True)
    is_off: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.String(200))
