"""Decision, close and amendment of a campaign: every deed, and what each refuses."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind
from partyreg.ratings import campaign_actions, campaign_queries, decision_actions, sheet_actions
from partyreg.ratings.campaign_models import RatingFreeze
from partyreg.ratings.decision_actions import Ruling
from partyreg.ratings.models import Level, MemberRating, NotRated, RatingYear, UnitRating
from tests.make import ratings as made
from tests.ratings.conftest import TODAY, codes, versions


def rule(standing, commune, *, paper: str = "07-QĐ/ĐU", on: dt.date = TODAY, seen=None, **changed: Ruling) -> int:
    lines = made.lines(commune.bon)
    rulings = {line.id: changed.get(line.name.split()[-1], Ruling(line.proposed)) for line in lines}
    return decision_actions.decide_sheet(standing, 2026, commune.bon, rulings, paper, on, versions(commune.bon) if seen is None else seen)


class TestDecision:
    def test_makes_the_levels_of_the_year(self, commune, standing, three):
        members.hold_in_abeyance(made.SYSTEM, three[1], kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 11, 10))
        made.campaign()
        made.checked(commune.bon)
        assert rule(standing, commune, An=Ruling(Level.DONE, "Chậm nhiệm vụ")) == 4
        rows = {row.member_id: row.level or row.not_rated for row in db.session.scalars(sa.select(MemberRating))}
        assert rows == {three[0].id: Level.DONE, three[1].id: NotRated.EXEMPT, three[2].id: Level.GOOD}
        assert [row.level for row in db.session.scalars(sa.select(UnitRating))] == [Level.GOOD]
        line = made.lines(commune.bon)[1]
        assert (line.decided_by, line.decided_paper, line.decided_why) == (standing.name, "07-QĐ/ĐU", "Chậm nhiệm vụ")

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"paper": " "}, "rating.no_paper"),
            ({"paper": "x" * 81}, "rating.long_paper"),
            ({"on": dt.date(2026, 11, 25)}, "rating.decided_on"),
            ({"on": dt.date(2026, 11, 19)}, "rating.decided_on"),
            ({"An": Ruling(None)}, "rating.lacking"),
            ({"An": Ruling(Level.DONE)}, "rating.unlike_proposed"),
            ({"An": Ruling(Level.GOOD, "x" * 301)}, "rating.long_reason"),
            ({"An": Ruling(Level.EXCELLENT)}, "rating.ceiling"),
        ],
    )
    def test_refuses_without_paper_day_or_reason(self, commune, standing, three, given, code):
        made.campaign()
        made.checked(commune.bon)
        with pytest.raises(RuleBroken) as caught:
            rule(standing, commune, **given)
        assert code in codes(caught)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MemberRating)) == 0

    def test_beyond_the_ceiling_stays_with_people(self, commune, standing, three):
        made.campaign()
        made.checked(commune.bon)
        assert rule(standing, commune, An=Ruling(Level.EXCELLENT, "Thành tích đột xuất")) == 4

    def test_refuses_an_unchecked_sheet_a_stale_one_and_a_foreign_line(self, commune, standing, three):
        made.campaign()
        made.record(commune.bon)
        with pytest.raises(RuleBroken) as caught:
            rule(standing, commune)
        assert codes(caught) == {"rating.not_checked"}
        sheet_actions.submit_sheet(made.SYSTEM, 2026, commune.bon)
        sheet_actions.check_sheet(made.SYSTEM, 2026, commune.bon)
        with pytest.raises(Conflict):
            rule(standing, commune, seen={})
        foreign = {made.lines(commune.he)[0].id: Ruling(Level.GOOD)}
        with pytest.raises(NotVisible):
            decision_actions.decide_sheet(standing, 2026, commune.bon, foreign, "07-QĐ/ĐU", TODAY, {})


@pytest.fixture
def closed(commune, office, three) -> RatingFreeze:
    given = made.campaign()
    for unit in (commune.bon, commune.he):
        made.decided(unit)
    return campaign_actions.close_campaign(office, 2026, given.version)


class TestClose:
    def test_keeps_results_bases_parameters_and_people(self, closed):
        content = json.loads(closed.content)
        assert [one["name"] for one in content["results"] if one["member_id"]] == ["Lò Văn An", "Lò Văn Bình", "Lò Văn Chung"]
        assert content["results"][-1]["votes"]["good"] == 3 and content["results"][-1]["paper"] == "07-QĐ/ĐU"
        assert content["parameters"]["order"] == "12-HD/ĐU"
        assert content["bases"][0]["rated"] == 3 and content["bases"][0]["most"] == 0
        assert closed.sha256 == hashlib.sha256(closed.content.encode()).hexdigest()
        assert db.session.get_one(RatingYear, 2026).closed_on == TODAY

    def test_waits_for_every_decision_and_happens_once(self, commune, office, actor_, three):
        given = made.campaign()
        with pytest.raises(RuleBroken) as caught:
            campaign_actions.close_campaign(office, 2026, given.version)
        assert codes(caught) == {"campaign.undecided"}
        with pytest.raises(NotVisible):
            campaign_actions.close_campaign(office, 2025, 1)
        with pytest.raises(NotVisible):
            campaign_actions.close_campaign(actor_(Role.ORGANISATION, commune.bon, Permission.RATINGS_DECIDE), 2026, 1)
        for unit in (commune.bon, commune.he):
            made.decided(unit)
        with pytest.raises(Conflict):
            campaign_actions.close_campaign(office, 2026, 99)
        campaign_actions.close_campaign(office, 2026, given.version)
        with pytest.raises(RuleBroken) as caught:
            campaign_actions.close_campaign(office, 2026, given.version)
        assert codes(caught) == {"campaign.closed"}

    def test_nothing_moves_after_it(self, commune, office, standing, closed):
        for deed in (
            lambda: made.record(commune.bon),
            lambda: sheet_actions.submit_sheet(office, 2026, commune.bon),
            lambda: sheet_actions.return_sheet(office, 2026, commune.bon, "vì"),
            lambda: sheet_actions.check_sheet(office, 2026, commune.bon),
            lambda: rule(standing, commune),
        ):
            with pytest.raises(RuleBroken) as caught:
                deed()
            assert codes(caught) == {"campaign.closed"}


class TestAmendment:
    def test_changes_what_is_known_now_and_not_what_was_reported(self, commune, standing, three, closed, actor_):
        before = closed.content
        line = made.lines(commune.bon)[1]
        row = decision_actions.amend(standing, line.id, Level.DONE, TODAY, "09-QĐ/ĐU", "Kết luận kiểm tra")
        assert (row.from_level, row.to_level, row.entered_by) == (Level.GOOD, Level.DONE, standing.name)
        cell = made.lines(commune.bon)[0]
        decision_actions.amend(standing, cell.id, Level.EXCELLENT, TODAY, "09-QĐ/ĐU", "Nhầm khi nhập")
        reader = actor_(Role.ORGANISATION, permission=Permission.RATINGS_READ)
        given = campaign_queries.campaign(2026)
        rows = campaign_queries.compared(reader, given, closed)
        assert {(one.name, one.reported, one.now) for one in rows if one.differs} == {
            ("Lò Văn An", Level.GOOD, Level.DONE), ("Chi bộ bản Bon", Level.GOOD, Level.EXCELLENT),
        }  # fmt: skip
        assert campaign_queries.sums(rows)["good"] == (3, 2)
        assert len(campaign_queries.amendments(reader, given)) == 2
        assert db.session.scalars(sa.select(RatingFreeze)).one().content == before

    @pytest.mark.parametrize(
        ("level", "on", "paper", "reason", "code"),
        [
            (Level.GOOD, TODAY, "9", "vì", "rating.same_level"),
            (Level.DONE, TODAY, " ", "vì", "rating.no_paper"),
            (Level.DONE, TODAY, "9", " ", "rating.no_reason"),
            (Level.DONE, TODAY, "9", "x" * 301, "rating.long_reason"),
            (Level.DONE, dt.date(2026, 11, 23), "9", "vì", "rating.decided_on"),
        ],
    )
    def test_refuses(self, commune, standing, closed, level, on, paper, reason, code):
        with pytest.raises(RuleBroken) as caught:
            decision_actions.amend(standing, made.lines(commune.bon)[1].id, level, on, paper, reason)
        assert codes(caught) == {code}

    def test_is_for_closed_campaigns_and_visible_lines(self, commune, standing, three, actor_):
        made.campaign()
        line = made.lines(commune.bon)[1]
        with pytest.raises(RuleBroken) as caught:
            decision_actions.amend(standing, line.id, Level.DONE, TODAY, "9", "vì")
        assert codes(caught) == {"campaign.open"}

    def test_of_a_level_that_is_not_on_record_is_refused(self, commune, standing, closed):
        line = made.lines(commune.bon)[1]
        db.session.connection().execute(sa.delete(MemberRating).where(MemberRating.member_id == line.member_id))
        db.session.expire_all()
        with pytest.raises(NotVisible):
            decision_actions.amend(standing, line.id, Level.DONE, TODAY, "9", "vì")

    def test_is_not_for_lines_out_of_reach(self, commune, three, actor_):
        made.campaign()
        line = made.lines(commune.bon)[1]
        with pytest.raises(NotVisible):
            decision_actions.amend(actor_(Role.STANDING, commune.he, Permission.RATINGS_RULE), line.id, Level.DONE, TODAY, "9", "vì")
