"""The builder of the tests reaches every step by the deeds that people use."""

from __future__ import annotations

import pytest

from partyreg.admissions.moves import next_step
from partyreg.rulebook.admission import Step
from tests.admissions.deeds import refused
from tests.make.admissions import REACHED, admission


@pytest.mark.parametrize("step", REACHED)
def test_a_file_in_order_reaches_every_step(commune, step):
    assert admission(unit=commune.bon, step=step).step is step


@pytest.mark.parametrize("step", [Step.CLOSED, Step.WITHDRAWN, Step.MOVED])
def test_nothing_follows_an_end(commune, step):
    file = admission(unit=commune.bon, step=step)
    refused(lambda: next_step(file), "admission.step")


def test_no_step_but_the_committees_is_left_out():
    assert set(Step) - set(REACHED) == {Step.COMMITTEE}  # the law of today has no such step
