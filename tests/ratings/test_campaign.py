"""A campaign from its opening to the check of a sheet: every deed, and what each refuses."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.meetings.agenda_rows import Given
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind
from partyreg.ratings import actions, campaign_actions, campaign_queries, facts_queries, queries, sheet_actions
from partyreg.ratings.campaign_models import RatingLine, RatingMove
from partyreg.ratings.models import Level, MemberRating, NotRated, RatingYear
from partyreg.ratings.sheet_actions import Entry
from partyreg.rulebook.rating import RatingStep, SubjectKind
from tests import make
from tests.make import ratings as made
from tests.make.meetings import meeting
from tests.ratings.conftest import TODAY, codes, fields, versions


class TestOpening:
    def test_freezes_the_roll_and_proposes_who_is_not_rated(self, commune, office, three):
        members.hold_in_abeyance(made.SYSTEM, three[1], kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 11, 10))
        given = campaign_actions.open_campaign(office, 2026, made.terms())
        make.member(unit=commune.bon, full_name="Lò Văn Mới")
        assert [(line.name, line.kind, line.not_rated, line.law_reason, line.step) for line in made.lines(commune.bon)] == [
            ("Chi bộ bản Bon", SubjectKind.ORGANISATION, None, None, RatingStep.SELF),
            ("Lò Văn An", SubjectKind.MEMBER, None, None, RatingStep.SELF),
            ("Lò Văn Bình", SubjectKind.MEMBER, NotRated.EXEMPT, NotRated.EXEMPT, RatingStep.SELF),
            ("Lò Văn Chung", SubjectKind.MEMBER, None, None, RatingStep.SELF),
        ]
        assert given.terms == made.terms() and given.opened_by == office.name
        assert db.session.get_one(RatingYear, 2026).closed_on is None

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"order": ""}, "campaign.order"),
            ({"order_on": None}, "campaign.order"),
            ({"order_on": dt.date(2026, 11, 25)}, "campaign.order_on"),
            ({"day": dt.date(2025, 12, 31)}, "campaign.roll_on"),
            ({"day": dt.date(2026, 11, 25)}, "campaign.roll_on"),
            ({"max_result": 60}, "campaign.scale"),
        ],
    )
    def test_refuses_wrong_parameters(self, commune, office, change, code):
        with pytest.raises(RuleBroken) as caught:
            campaign_actions.open_campaign(office, 2026, dataclasses.replace(made.terms(), **change))
        assert code in codes(caught)

    def test_refuses_a_day_before_the_law_of_points(self, commune, office):
        early = dataclasses.replace(made.terms(), day=dt.date(2025, 7, 10), order_on=dt.date(2025, 7, 1))
        with pytest.raises(RuleBroken) as caught:
            campaign_actions.open_campaign(office, 2025, early)
        assert codes(caught) == {"campaign.no_law"}

    def test_refuses_a_second_one_a_closed_year_and_one_entered_by_hand(self, commune, office, three):
        made.year(number=2025)
        made.levels(unit=commune.bon, given={three[0]: Level.GOOD}, number=2025)
        last = made.terms(number=2025, roll_on=dt.date(2025, 12, 31))
        with pytest.raises(RuleBroken) as caught:
            campaign_actions.open_campaign(office, 2025, last)
        assert codes(caught) == {"campaign.has_levels"}
        actions.close_year(office, 2025, TODAY)
        with pytest.raises(RuleBroken) as caught:
            campaign_actions.open_campaign(office, 2025, last)
        assert codes(caught) == {"rating.closed"}
        made.campaign()
        with pytest.raises(RuleBroken) as caught:
            campaign_actions.open_campaign(office, 2026, made.terms())
        assert codes(caught) == {"campaign.known"}

    def test_is_the_whole_communes(self, commune, actor_):
        with pytest.raises(NotVisible):
            campaign_actions.open_campaign(actor_(Role.ORGANISATION, commune.bon, Permission.RATINGS_DECIDE), 2026, made.terms())


class TestByHand:
    def test_nobody_goes_around_the_campaign(self, commune, office, three):
        made.campaign()
        for deed in (
            lambda: actions.enter_members(office, 2026, commune.bon, {three[0].id: Level.EXCELLENT}),
            lambda: actions.set_level(office, 2026, commune.bon, three[0].id, Level.EXCELLENT),
            lambda: actions.rate_units(office, 2026, {commune.bon.id: Level.EXCELLENT}),
            lambda: actions.close_year(office, 2026, TODAY),
        ):
            with pytest.raises(RuleBroken) as caught:
                deed()
            assert codes(caught) == {"rating.campaign"}
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MemberRating)) == 0

    def test_a_closed_campaign_is_not_opened_again(self, commune, office):
        given = made.campaign()
        for unit in (commune.bon, commune.he):
            made.decided(unit)
        campaign_actions.close_campaign(office, 2026, given.version)
        with pytest.raises(RuleBroken) as caught:
            actions.reopen_year(office, 2026, "vì")
        assert codes(caught) == {"rating.campaign"}


class TestSheet:
    def test_keeps_levels_votes_author_and_paper(self, commune, secretary, three):
        made.campaign()
        sheet = made.entries(commune.bon)
        line = made.lines(commune.bon)[1]
        votes = {Level.EXCELLENT: 1, Level.GOOD: 2}
        sheet[line.id] = Entry(Level.EXCELLENT, Decimal("85.5"), votes, 0, Level.GOOD, "Phấn đấu thêm")
        assert sheet_actions.record_sheet(secretary, 2026, commune.bon, sheet, made.MINUTES, versions(commune.bon)) == 4
        assert (line.self_level, line.score, line.proposed, line.proposed_by) == (
            Level.EXCELLENT, Decimal("85.5"), Level.GOOD, secretary.name,
        )  # fmt: skip
        assert line.vote is not None and line.vote.for_level(Level.GOOD) == 2 and line.proposed_paper == "05-BC/CB"
        assert sheet_actions.record_sheet(secretary, 2026, commune.bon, sheet, made.MINUTES, {}) == 0

    def test_stays_in_its_cell(self, commune, secretary, actor_, three):
        made.campaign()
        foreign = made.lines(commune.he)[0]
        with pytest.raises(NotVisible):
            sheet_actions.record_sheet(secretary, 2026, commune.bon, {foreign.id: Entry()}, made.MINUTES, {})
        with pytest.raises(NotVisible):
            sheet_actions.record_sheet(secretary, 2026, commune.he, {}, made.MINUTES, {})
        with pytest.raises(NotVisible):
            sheet_actions.record_sheet(secretary, 2025, commune.bon, {}, made.MINUTES, {})

    @pytest.mark.parametrize(
        ("minutes", "field"),
        [
            ({"voted_on": None}, "voted_on"),
            ({"voted_on": dt.date(2026, 11, 25)}, "voted_on"),
            ({"voted_on": dt.date(2025, 12, 31)}, "voted_on"),
            ({"paper": " "}, "paper"),
            ({"paper": "x" * 81}, "paper"),
            ({"full_members": None}, "full_members"),
            ({"present": None}, "present"),
            ({"present": 4}, "present"),
        ],
    )
    def test_refuses_a_vote_without_its_meeting(self, commune, secretary, three, minutes, field):
        made.campaign()
        with pytest.raises(RuleBroken) as caught:
            given = dataclasses.replace(made.MINUTES, **minutes)
            sheet_actions.record_sheet(secretary, 2026, commune.bon, made.entries(commune.bon), given, versions(commune.bon))
        assert field in fields(caught)

    @pytest.mark.parametrize(
        ("place", "entry", "code"),
        [
            (1, Entry(Level.GOOD, votes={Level.GOOD: 9}, answer=Level.GOOD), "vote.too_many"),
            (1, Entry(Level.GOOD, score=Decimal(101), answer=Level.GOOD), "rating.score"),
            (1, Entry(Level.GOOD, answer=Level.GOOD, why="x" * 301), "rating.long_reason"),
            (0, Entry(Level.GOOD, answer=NotRated.OTHER), "rating.cell_level"),
            (0, Entry(Level.GOOD, votes={Level.GOOD: 1}, answer=Level.GOOD), "rating.cell_votes"),
        ],
    )
    def test_refuses_what_cannot_be(self, commune, secretary, three, place, entry, code):
        made.campaign()
        line = made.lines(commune.bon)[place]
        with pytest.raises(RuleBroken) as caught:
            sheet_actions.record_sheet(secretary, 2026, commune.bon, {line.id: entry}, made.MINUTES, versions(commune.bon))
        assert codes(caught) == {code}
        assert all(field.endswith(f"-{line.id}") for field in fields(caught))

    def test_who_comes_second_overwrites_nothing(self, commune, secretary, three):
        made.campaign()
        seen = versions(commune.bon)
        made.record(commune.bon)
        sheet = made.entries(commune.bon, Level.DONE)
        with pytest.raises(Conflict) as caught:
            sheet_actions.record_sheet(secretary, 2026, commune.bon, sheet, made.MINUTES, seen)
        assert caught.value.theirs["Lò Văn An"] == "Hoàn thành tốt nhiệm vụ"


class TestWay:
    def test_goes_up_comes_back_with_a_reason_and_is_on_record(self, commune, secretary, office, three):
        made.campaign()
        made.record(commune.bon)
        assert sheet_actions.submit_sheet(secretary, 2026, commune.bon) == 4
        with pytest.raises(RuleBroken) as caught:
            made.record(commune.bon, made.entries(commune.bon, Level.DONE))
        assert codes(caught) == {"rating.sent"}
        assert sheet_actions.return_sheet(office, 2026, commune.bon, "Thiếu biên bản kiểm phiếu") == 4
        assert {line.step for line in made.lines(commune.bon)} == {RatingStep.SELF}
        sheet_actions.submit_sheet(secretary, 2026, commune.bon)
        assert sheet_actions.check_sheet(office, 2026, commune.bon, "Đủ hồ sơ") == 4
        line = made.lines(commune.bon)[1]
        assert (line.step, line.checked_by, line.checked_on, line.checked_note) == (RatingStep.DECISION, office.name, TODAY, "Đủ hồ sơ")
        moves = db.session.scalars(sa.select(RatingMove).order_by(RatingMove.id)).all()
        assert [(m.to_step, m.reason) for m in moves] == [
            (RatingStep.CHECK, None), (RatingStep.SELF, "Thiếu biên bản kiểm phiếu"), (RatingStep.CHECK, None), (RatingStep.DECISION, None),
        ]  # fmt: skip

    def test_an_unfinished_sheet_stays(self, commune, secretary, three):
        made.campaign()
        with pytest.raises(RuleBroken) as caught:
            sheet_actions.submit_sheet(secretary, 2026, commune.bon)
        assert codes(caught) == {"rating.lacking"} and len(caught.value.findings) == 4
        an = made.lines(commune.bon)[1]
        made.record(commune.bon, {**made.entries(commune.bon), an.id: Entry(None, votes={Level.GOOD: 3}, answer=Level.GOOD)})
        with pytest.raises(RuleBroken) as caught:
            sheet_actions.submit_sheet(secretary, 2026, commune.bon)
        assert fields(caught) == {f"self_level-{an.id}"}

    def test_a_warning_needs_a_reason(self, commune, secretary, three):
        made.campaign()
        an, binh = made.lines(commune.bon)[1:3]
        sheet = made.entries(commune.bon)
        sheet[an.id] = Entry(Level.GOOD, Decimal(60), {Level.GOOD: 3}, 0, Level.GOOD)
        sheet[binh.id] = Entry(answer=NotRated.OTHER)
        made.record(commune.bon, sheet)
        with pytest.raises(RuleBroken) as caught:
            sheet_actions.submit_sheet(secretary, 2026, commune.bon)
        assert fields(caught) == {f"why-{an.id}", f"why-{binh.id}"} and codes(caught) == {"rating.reason"}
        sheet = {key: dataclasses.replace(entry, why="Hội nghị thống nhất") for key, entry in sheet.items()}
        made.record(commune.bon, sheet)
        assert sheet_actions.submit_sheet(secretary, 2026, commune.bon) == 4

    def test_refuses_what_is_not_its_turn(self, commune, secretary, office, three):
        made.campaign()
        for deed, code in (
            (lambda: sheet_actions.return_sheet(office, 2026, commune.bon, "vì"), "rating.nothing_sent"),
            (lambda: sheet_actions.return_sheet(office, 2026, commune.bon, " "), "rating.no_reason"),
            (lambda: sheet_actions.return_sheet(office, 2026, commune.bon, "x" * 301), "rating.long_reason"),
            (lambda: sheet_actions.check_sheet(office, 2026, commune.bon), "rating.nothing_sent"),
        ):
            with pytest.raises(RuleBroken) as caught:
                deed()
            assert codes(caught) == {code}
        made.record(commune.bon)
        sheet_actions.submit_sheet(secretary, 2026, commune.bon)
        with pytest.raises(RuleBroken) as caught:
            sheet_actions.submit_sheet(secretary, 2026, commune.bon)
        assert codes(caught) == {"rating.sent"}
        with pytest.raises(RuleBroken) as caught:
            sheet_actions.check_sheet(office, 2026, commune.bon, "x" * 301)
        assert codes(caught) == {"rating.long_reason"}


def test_ceilings_follow_what_is_typed(commune, three, actor_):
    given = made.campaign(pct=50)
    made.record(commune.bon)
    reader = actor_(Role.SECRETARY, commune.bon, Permission.RATINGS_READ)
    an = made.lines(commune.bon)[1]
    members_, cells = campaign_queries.ceilings(reader, given, {an.id: Level.EXCELLENT})
    assert (members_.kind, members_.rated, members_.pools[0].ceiling.most, members_.pools[0].pool.excellent) == (
        SubjectKind.MEMBER,
        3,
        1,
        1,
    )
    assert cells.rated == 1 and members_.reads
    assert {line.proposed for line in db.session.scalars(sa.select(RatingLine).where(RatingLine.member_id.is_not(None)))} == {Level.GOOD}


def test_who_drops_out_by_votes_and_who_is_tied(commune, three, actor_):
    """Three are proposed where one may be: the most votes stay, then points; who is equal in both is said to be tied."""
    given = made.campaign(pct=50)
    made.record(commune.bon)
    reader = actor_(Role.SECRETARY, commune.bon, Permission.RATINGS_READ)
    an, binh, chung = made.lines(commune.bon)[1:]
    best = {line.id: Level.EXCELLENT for line in (an, binh, chung)}
    write = sa.update(RatingLine).execution_options(recorded=True)
    for line, votes, points in ((an, 3, 95), (binh, 2, 95), (chung, 2, 90)):
        db.session.connection().execute(
            write.where(RatingLine.id == line.id).values(votes_excellent=votes, votes_good=3 - votes, score=points)
        )
    db.session.expire_all()
    members_ = campaign_queries.ceilings(reader, given, best)[0]
    assert (members_.out, members_.tied) == ((binh.name, chung.name), ())
    assert "rating.out" in {one.code for one in members_.findings}
    db.session.connection().execute(write.where(RatingLine.id == binh.id).values(votes_excellent=3, votes_good=0))
    db.session.expire_all()
    members_ = campaign_queries.ceilings(reader, given, best)[0]
    assert (members_.out, set(members_.tied)) == ((chung.name,), {an.name, binh.name})
    assert "rating.tie" in {one.code for one in members_.findings}
    within = campaign_queries.ceilings(reader, given, {an.id: Level.EXCELLENT})[0]
    assert (within.out, within.tied) == ((), ())


def test_the_floor_of_cells_and_the_ceiling_can_collide(commune, three, actor_):
    """One cell that is good: at least 20 % asks for one, at most 20 % of one allows none; no number keeps both, and that is said."""
    given = made.campaign()
    made.record(commune.bon)
    reader = actor_(Role.ORGANISATION, permission=Permission.RATINGS_READ)
    cells = campaign_queries.ceilings(reader, given)[1]
    assert "rating.collision" in {one.code for one in cells.findings}


def test_facts_stand_beside_each_member(commune, three, actor_):
    made.year(number=2025)
    made.levels(unit=commune.bon, given={three[0]: Level.EXCELLENT}, number=2025)
    held = meeting(unit=commune.bon, chair_id=three[0].id, given=[Given("Vận động làm đường", person_id=three[0].id)])
    reader = actor_(Role.SECRETARY, commune.bon, Permission.RATINGS_READ)
    found = facts_queries.facts(reader, held.held_on.year, [one.id for one in three], TODAY)
    assert (found[three[0].id].tasks, found[three[0].id].tasks_done) == (1, 0)
    assert found[three[0].id].past == {2025: Level.EXCELLENT}
    assert found[three[1].id].past == {}


def test_whoever_moved_keeps_the_meetings_of_her_former_cell(commune, three, actor_):
    meeting(unit=commune.bon, held_on=dt.date(2026, 3, 3), chair_id=three[0].id)
    members.transfer(made.SYSTEM, three[0], to=commune.he, on=dt.date(2026, 6, 1))
    for reader in (made.SYSTEM, actor_(Role.SECRETARY, commune.he, Permission.RATINGS_READ)):
        facts = facts_queries.facts(reader, 2026, [three[0].id], TODAY)[three[0].id]
        assert (facts.present, facts.expected) == (1, 1)
        assert [(row.present, row.invited) for row in queries.sheet(reader, 2026, commune.he).rows] == [(1, 1)]


def test_a_year_that_was_opened_for_levels_from_papers_gets_its_campaign(commune, three):
    year = made.year(number=2026)
    assert made.campaign().year == year.year == 2026
