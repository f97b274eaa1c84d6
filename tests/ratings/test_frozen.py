"""Whatever is entered after the close, in whatever order: the frozen result stays, and the amendments explain the difference."""

from __future__ import annotations

import contextlib
import datetime as dt

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg.db import db
from partyreg.errors import RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind
from partyreg.ratings import actions, campaign_actions, campaign_queries, decision_actions, sheet_actions
from partyreg.ratings.campaign_models import RatingFreeze
from partyreg.ratings.models import Level, MemberRating
from tests import make
from tests.make import ratings as made

TODAY = dt.date(2026, 11, 24)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["amend", "record", "submit", "return", "enter", "reopen", "exempt"]), st.integers(0, 3), st.sampled_from(Level)
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(deeds=DEEDS)
def test_nothing_entered_after_the_close_changes_the_frozen_result(commune, deeds):
    with db.session.begin_nested() as savepoint:
        people = [make.member(unit=commune.bon, full_name=f"Lò Văn {name}") for name in ("An", "Bình", "Chung")]
        campaign = made.campaign()
        for unit in (commune.bon, commune.he):
            made.decided(unit)
        kept = campaign_actions.close_campaign(made.SYSTEM, 2026, campaign.version)
        before, lines = (kept.content, kept.sha256), made.lines(commune.bon)
        for deed, place, level in deeds:
            with contextlib.suppress(RuleBroken):
                if deed == "amend":
                    decision_actions.amend(made.SYSTEM, lines[place].id, level, TODAY, "09-QĐ/ĐU", "vì")
                elif deed == "record":
                    made.record(commune.bon, made.entries(commune.bon, level))
                elif deed == "submit":
                    sheet_actions.submit_sheet(made.SYSTEM, 2026, commune.bon)
                elif deed == "return":
                    sheet_actions.return_sheet(made.SYSTEM, 2026, commune.bon, "vì")
                elif deed == "enter":
                    actions.enter_members(made.SYSTEM, 2026, commune.bon, {people[place % 3].id: level})
                elif deed == "reopen":
                    actions.reopen_year(made.SYSTEM, 2026, "vì")
                else:
                    members.hold_in_abeyance(made.SYSTEM, people[place % 3], kind=AbeyanceKind.EXEMPTION, on=TODAY)
        db.session.expire_all()
        frozen = db.session.scalars(sa.select(RatingFreeze)).one()
        assert (frozen.content, frozen.sha256) == before
        amended = {one.line_id: one.to_level for one in campaign_queries.amendments(made.SYSTEM, campaign)}
        for row in campaign_queries.compared(made.SYSTEM, campaign, frozen):
            assert row.now is amended.get(row.line_id, row.reported)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MemberRating)) == 3
        savepoint.rollback()
