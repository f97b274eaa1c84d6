"""What the tests of discipline's deeds share."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from partyreg.db import db
from partyreg.discipline import queries, ruling_actions
from partyreg.errors import RuleBroken
from partyreg.rulebook.discipline import Form
from partyreg.rulebook.discipline_time import Result
from tests.make.discipline import KEEPER

TODAY = dt.date(2026, 11, 24)
JUNE = dt.date(2026, 6, 12)
TOMORROW = dt.date(2026, 11, 25)


def refused(code: str, do: Any, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(RuleBroken) as error, db.session.begin_nested():
        do(*args, **kwargs)
    assert code in {finding.code for finding in error.value.findings}
    assert all(finding.message for finding in error.value.findings)


def stage(found, day=TODAY):
    return queries.state_of(KEEPER, found, day).stage


def settle(made, result: Result, form: Form | None = None) -> None:
    ruling_actions.settle_appeal(KEEPER, made, made.version, result=result, form=form, number="20-QĐ/ĐU", published_on=dt.date(2026, 8, 1)
                                 if form is not Form.REMOVAL_FROM_OFFICE else dt.date(2026, 9, 1))  # fmt: skip
