"""Who was wrongly expelled is a member as if she had never left."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg import access
from partyreg.errors import RuleBroken
from partyreg.members import actions, queries
from partyreg.members.models import Exit
from partyreg.members.restore_actions import restore
from tests import make

SYSTEM = access.system("test")


def test_restore(commune):
    her = make.member(unit=commune.bon)
    actions.leave(SYSTEM, her, exit=Exit.EXPELLED, on=dt.date(2026, 6, 1), paper="12-QĐ/ĐU")
    restore(SYSTEM, her, on=dt.date(2026, 8, 1))
    life = queries.life(her.id)
    assert life.standings[0].exit is None and life.standings[0].ended_on is None and life.standings[0].exit_paper is None
    assert [posting.ended_on for posting in life.postings] == [None] and queries.gaps(life) == []


def test_restore_gives_back_no_other_way_out(commune):
    her = make.member(unit=commune.bon)
    for code in ("restore.not_expelled",) * 2:
        with pytest.raises(RuleBroken) as refused:
            restore(SYSTEM, her, on=dt.date(2026, 8, 1))
        assert [finding.code for finding in refused.value.findings] == [code]
        if queries.life(her.id).standings[0].ended_on is None:
            actions.leave(SYSTEM, her, exit=Exit.REMOVED, on=dt.date(2026, 6, 1))
