"""Targets 21a to 21d of a year that has a campaign: its roll decides whom they count, whatever is entered of cells and members later."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members import restore_actions
from partyreg.members.models import Exit
from partyreg.ratings import campaign_actions
from partyreg.targets import queries
from partyreg.targets.queries import Side
from tests import make
from tests.make import ratings as made

TODAY = dt.date(2026, 11, 24)
NUMBERS = ("21a", "21b", "21c", "21d")


def told(unit=None) -> list[tuple]:
    found = {one.no: one for one in queries.evaluate(made.SYSTEM, 2026, unit=unit)}
    return [(no, found[no].part, found[no].whole, found[no].lacking, found[no].met) for no in NUMBERS]


@pytest.fixture
def people(commune):
    return [make.member(unit=commune.bon, full_name=f"Lò Văn {name}") for name in ("An", "Bình", "Chung")]


def closed(commune):
    campaign = made.campaign()  # the roll of 20 November
    for unit in (commune.bon, commune.he):
        made.decided(unit)
    campaign_actions.close_campaign(made.SYSTEM, 2026, campaign.version)


def test_who_comes_after_the_roll_is_not_lacking(commune, people):
    campaign = made.campaign()
    make.member(unit=commune.bon, full_name="Lò Văn Đến", posted_on=dt.date(2026, 11, 22))
    assert [one[3] for one in told()] == [2, 3, 2, 3]
    rated = queries.measure(made.SYSTEM, "21b", 2026)
    assert [line.name for line in queries.listing(made.SYSTEM, rated, Side.MISSING, 2026)] == ["Lò Văn An", "Lò Văn Bình", "Lò Văn Chung"]
    assert [one[3] for one in told(commune.he)] == [1, 0, 1, 0] and [one[3] for one in told(commune.bon)] == [1, 3, 1, 3]
    for unit in (commune.bon, commune.he):
        made.decided(unit)
    assert [(one[2], one[3], one[4] is None) for one in told()] == [(2, 0, False), (3, 0, False)] * 2
    assert campaign.is_open


def test_who_left_after_the_roll_is_lacking_until_rated(commune, people):
    made.campaign()
    members.leave(made.SYSTEM, people[0], exit=Exit.DIED, on=dt.date(2026, 11, 22))
    assert [one[3] for one in told()] == [2, 3, 2, 3]


@pytest.mark.parametrize("deed", ["arrive", "restore", "found", "close", "move"])
def test_what_is_entered_after_the_close_changes_nothing(commune, people, deed):
    gone = make.member(unit=commune.bon, full_name="Lò Thị Khai")
    members.leave(made.SYSTEM, gone, exit=Exit.EXPELLED, on=dt.date(2026, 11, 1))
    closed(commune)
    before = told()
    if deed == "arrive":
        make.member(unit=commune.bon, posted_on=dt.date(2026, 11, 10))
    elif deed == "restore":
        restore_actions.restore(made.SYSTEM, gone, on=TODAY)
    elif deed == "found":
        make.unit(parent=commune.root, founded_on=dt.date(2026, 11, 23))
    elif deed == "close":
        members.close_cell(made.SYSTEM, commune.he, on=dt.date(2026, 11, 22))
    else:
        members.transfer(made.SYSTEM, people[0], to=commune.he, on=dt.date(2026, 11, 22))
    db.session.commit()
    assert told() == before
    cells = [told(unit) for unit in (commune.bon, commune.he)]
    assert [sum(cell[at][2] for cell in cells) for at in range(4)] == [one[2] for one in before]


def test_a_year_without_a_campaign_asks_the_rolls_of_its_day(commune, people):
    assert [one[3] for one in told()] == [2, 3, 2, 3]
    make.member(unit=commune.he, posted_on=dt.date(2026, 11, 22))
    make.unit(parent=commune.root, founded_on=dt.date(2026, 11, 23))
    assert [one[3] for one in told()] == [3, 4, 3, 4]
