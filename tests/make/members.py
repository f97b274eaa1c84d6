"""People and members for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from partyreg import access
from partyreg.members import actions
from partyreg.members.models import Member, Person, Schooling, Sex, Standing
from partyreg.org.models import Unit

SYSTEM = access.system("test")


def person(*, unit: Unit, full_name: str = "Lò Văn Ển", born_on: dt.date = dt.date(1985, 5, 20), **facts: Any) -> Person:
    """A person kept by `unit`."""
    given = {"sex": Sex.MALE, "ethnicity": "Thái", "schooling": Schooling.UPPER_SECONDARY, **facts}
    return actions.register_person(SYSTEM, unit=unit, full_name=full_name, born_on=born_on, **given)


def member(
    *,
    unit: Unit,
    full_name: str = "Lò Văn Ển",
    standing: Standing = Standing.FULL,
    decided_on: dt.date | None = None,
    ceremony_on: dt.date | None = None,
    full_on: dt.date | None = None,
    posted_on: dt.date | None = None,
    card_number: str | None = None,
    **facts: Any,
) -> Member:
    """A member of `unit`, full since 2016 or probationary since June 2026 unless told."""
    if standing is Standing.FULL:
        ceremony_on = ceremony_on or dt.date(2015, 3, 3)
        full_on = full_on or ceremony_on.replace(year=ceremony_on.year + 1)
    else:
        ceremony_on = ceremony_on or dt.date(2026, 6, 1)
    who = person(unit=unit, full_name=full_name, **facts)
    return actions.enrol(
        SYSTEM,
        person=who,
        unit=unit,
        decided_on=decided_on or ceremony_on - dt.timedelta(days=14),
        ceremony_on=ceremony_on,
        full_on=full_on,
        posted_on=posted_on,
        card_number=card_number,
    )
