"""The deeds of a case, each with what it changes and each of its refusals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.discipline import actions, fact_queries, queries, ruling_actions
from partyreg.discipline.models import CloseReason, DisciplineReading, Source
from partyreg.discipline.queries import Stage
from partyreg.discipline.ruling_actions import Counts
from partyreg.errors import Conflict
from partyreg.members import actions as members
from partyreg.members import restore_actions
from partyreg.members.models import AbeyanceKind, Body, Exit, Person, Standing, StandingPeriod, Title
from partyreg.members.queries import gaps, life
from partyreg.org import actions as org
from partyreg.rulebook.discipline import Content, Decider, Form, Part
from partyreg.rulebook.discipline_time import Deferral, Result
from tests import make
from tests.discipline.deeds import JUNE, TODAY, TOMORROW, refused, settle, stage
from tests.make.discipline import ALL, KEEPER, case, concluded, decided, published

# -- before the decision ----------------------------------------------------------------------------------------------


def test_open_case(commune, her):
    made = case(member=her, body=Decider.CELL, paper=" 12-BC/UBKT ", is_superior_task=True)
    assert (made.unit_id, made.home_id, made.paper) == (commune.bon.id, commune.bon.id, "12-BC/UBKT")
    assert [(act.acted_on, act.content) for act in queries.acts(made)] == [(dt.date(2026, 5, 1), Content.DUTY)]
    assert stage(made) is Stage.OPEN
    above = case(organisation=commune.he)
    assert (above.unit_id, above.home_id, above.organisation_id) == (commune.root.id, commune.he.id, commune.he.id)


def test_open_case_is_refused(commune, her, actor_):
    given: dict[str, Any] = {
        "body": Decider.STANDING, "source": Source.OTHER, "opened_on": JUNE, "acted_on": dt.date(2026, 5, 1), "content": Content.DUTY,
    }  # fmt: skip

    def opens(code: str, by: Any = KEEPER, **changed: Any) -> None:
        refused(code, actions.open_case, by, **{"member": her, **given, **changed})

    opens("discipline.in_future", opened_on=TOMORROW)
    opens("discipline.act_later", acted_on=dt.date(2026, 6, 13))
    opens("discipline.one_subject", member=None)
    opens("discipline.one_subject", organisation=commune.bon)
    opens("discipline.no_cell", member=None, organisation=commune.root)
    opens("discipline.organisation_body", member=None, organisation=commune.bon, body=Decider.COMMISSION)
    opens("discipline.superior", body=Decider.SUPERIOR)
    opens("discipline.no_member", opened_on=dt.date(2014, 1, 1), acted_on=dt.date(2013, 1, 1))
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_KEEP)
    opens("discipline.not_yours", secretary)
    herself = actor_(Role.INSPECTION, None, Permission.DISCIPLINE_KEEP, member_id=her.id)
    opens("discipline.oneself", herself)
    case(member=her)
    opens("discipline.twice")
    actions.open_case(secretary, member=her, **{**given, "body": Decider.CELL})  # she cannot see the other, so is told of none


def test_add_act(her):
    made = case(member=her)
    actions.add_act(KEEPER, made, made.version, JUNE, Content.LAND)
    assert len(queries.acts(made)) == 2 and made.version == 2
    refused("discipline.act_twice", actions.add_act, KEEPER, made, made.version, JUNE, Content.LAND)
    refused("discipline.in_future", actions.add_act, KEEPER, made, made.version, TOMORROW, Content.LAND)
    with pytest.raises(Conflict):
        actions.add_act(KEEPER, made, 1, JUNE, Content.ETHICS)


def test_hear_and_conclude(her):
    made = case(member=her)
    refused("discipline.not_heard", actions.conclude, KEEPER, made, made.version, JUNE)
    refused("discipline.in_future", actions.hear, KEEPER, made, made.version, TOMORROW)
    refused("discipline.order", actions.hear, KEEPER, made, made.version, dt.date(2026, 5, 31))
    actions.hear(KEEPER, made, made.version, JUNE, in_absence=True)
    assert (made.heard_on, made.is_heard_in_absence) == (JUNE, True)
    refused("discipline.order", actions.conclude, KEEPER, made, made.version, dt.date(2026, 6, 11))
    refused("discipline.in_future", actions.conclude, KEEPER, made, made.version, TOMORROW)
    actions.conclude(KEEPER, made, made.version, JUNE)
    assert made.concluded_on == JUNE


def test_defer_and_resume(commune, her):
    made = case(member=her)
    refused("discipline.not_deferred", actions.resume, KEEPER, made, made.version, JUNE)
    refused("discipline.child_born", actions.defer, KEEPER, made, made.version, Deferral.CHILD, JUNE)
    refused("discipline.child_born", actions.defer, KEEPER, made, made.version, Deferral.CHILD, JUNE, dt.date(2026, 7, 1))
    refused("discipline.child_old", actions.defer, KEEPER, made, made.version, Deferral.CHILD, JUNE, dt.date(2025, 6, 12))
    refused("discipline.in_future", actions.defer, KEEPER, made, made.version, Deferral.ILLNESS, TOMORROW)
    actions.defer(KEEPER, made, made.version, Deferral.CHILD, JUNE, dt.date(2026, 1, 10))
    assert made.deferred_until == dt.date(2027, 1, 10) and stage(made) is Stage.DEFERRED
    assert stage(made, dt.date(2027, 1, 10)) is Stage.OPEN  # it ends by itself
    refused("discipline.deferred", actions.defer, KEEPER, made, made.version, Deferral.ILLNESS, JUNE)
    actions.hear(KEEPER, made, made.version, JUNE)
    refused("discipline.still_deferred", actions.conclude, KEEPER, made, made.version, dt.date(2026, 7, 1))
    refused("discipline.order", actions.resume, KEEPER, made, made.version, dt.date(2026, 6, 11))
    refused("discipline.in_future", actions.resume, KEEPER, made, made.version, TOMORROW)
    actions.resume(KEEPER, made, made.version, dt.date(2026, 8, 1))
    assert stage(made) is Stage.OPEN
    actions.conclude(KEEPER, made, made.version, dt.date(2026, 8, 1))
    of_cell = case(organisation=commune.he)
    refused("discipline.defer_organisation", actions.defer, KEEPER, of_cell, of_cell.version, Deferral.ILLNESS, JUNE)


def test_hand_over_and_ask_cell(commune, her, actor_):
    made = case(member=her)
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_READ)
    assert queries.cases(secretary, TODAY) == []
    refused("discipline.same_body", actions.hand_over, KEEPER, made, made.version, Decider.STANDING)
    refused("discipline.same_body", actions.hand_over, KEEPER, made, made.version, Decider.SUPERIOR)
    actions.ask_cell(KEEPER, made, made.version)
    assert [row.id for row in queries.cases(secretary, TODAY)] == [made.id] and made.body is Decider.STANDING
    refused("discipline.cell_asked", actions.ask_cell, KEEPER, made, made.version)
    other = case(member=make.member(unit=commune.he))
    actions.hand_over(KEEPER, other, other.version, Decider.CELL)
    assert (other.unit_id, other.body) == (commune.he.id, Decider.CELL)
    actions.hand_over(KEEPER, other, other.version, Decider.COMMISSION)
    assert other.unit_id == commune.he.id  # the cell goes on seeing what it has dealt with
    of_cell = case(organisation=commune.he)
    refused("discipline.organisation_body", actions.hand_over, KEEPER, of_cell, of_cell.version, Decider.CELL)
    refused("discipline.cell_asked", actions.ask_cell, KEEPER, of_cell, of_cell.version)


def test_close_case(commune, her):
    made = case(member=her, acted_on=dt.date(2020, 1, 1))
    refused("discipline.vote_first", actions.close_case, KEEPER, made, made.version, JUNE, CloseReason.LIMITATION)
    refused("discipline.in_future", actions.close_case, KEEPER, made, made.version, TOMORROW, CloseReason.NOT_DUE)
    refused("discipline.order", actions.close_case, KEEPER, made, made.version, dt.date(2026, 5, 1), CloseReason.NOT_DUE)
    concluded(made)
    ruling_actions.record_vote(KEEPER, made, made.version, part=Part.DECIDES, form=Form.WARNING, held_on=JUNE, counts=ALL)
    refused("discipline.in_time", actions.close_case, KEEPER, made, made.version, JUNE, CloseReason.LIMITATION)
    ruling_actions.record_vote(KEEPER, made, made.version, part=Part.DECIDES, form=Form.REPRIMAND, held_on=JUNE, counts=ALL)
    refused("discipline.limitation", ruling_actions.decide, KEEPER, made, made.version, form=Form.REPRIMAND, number="1", signed_on=JUNE)
    actions.close_case(KEEPER, made, made.version, JUNE, CloseReason.LIMITATION, "03-BC/UBKT")
    assert stage(made) is Stage.CLOSED
    refused("discipline.not_open", actions.add_act, KEEPER, made, made.version, JUNE, Content.LAND)
    with pytest.raises(Conflict):
        actions.close_case(KEEPER, made, 1, JUNE, CloseReason.NOT_DUE)


def test_read_case(her, actor_):
    made = case(member=her)
    actions.read_case(actor_(Role.INSPECTION, None, Permission.DISCIPLINE_READ), made)
    assert [one.reader for one in db.session.scalars(sa.select(DisciplineReading))] == ["test inspection"]


# -- votes and the decision -------------------------------------------------------------------------------------------


def test_record_vote(commune, her, actor_):
    made = case(member=her, body=Decider.CELL)
    vote = {"part": Part.DECIDES, "form": Form.REPRIMAND, "held_on": JUNE, "counts": Counts(present=1, in_favour=1)}

    def votes(code: str, by: Any = KEEPER, **changed: Any) -> None:
        refused(code, ruling_actions.record_vote, by, made, made.version, **{**vote, **changed})

    votes("discipline.not_concluded")
    concluded(made)
    votes("discipline.in_future", held_on=TOMORROW)
    votes("discipline.order", held_on=dt.date(2026, 6, 9))
    votes("discipline.no_proposal", part=Part.PROPOSES)
    votes("discipline.form", form=Form.DISSOLUTION)
    votes("discipline.no_office", form=Form.REMOVAL_FROM_OFFICE)
    votes("discipline.not_counted", counts=Counts(present=1, in_favour=1, not_counted=1))
    votes("vote.present", counts=Counts(present=2, in_favour=1))
    votes("vote.negative", counts=Counts(present=1, in_favour=-1))
    votes("discipline.not_your_vote", actor_(Role.SECRETARY, commune.he, Permission.DISCIPLINE_KEEP))
    made_vote = ruling_actions.record_vote(KEEPER, made, made.version, **vote)
    assert (made_vote.members, made_vote.body) == (1, Decider.CELL)  # from the roll
    held = make.member(unit=commune.bon, full_name="Lò Văn Xa")
    members.hold_in_abeyance(KEEPER, held, kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 1, 1))
    assert fact_queries.roll_counts(made, JUNE) == (2, 1)
    with_exempt = Counts(present=1, in_favour=1, not_counted=1)
    ruling_actions.record_vote(KEEPER, made, made.version, **{**vote, "counts": with_exempt})
    empty = case(member=make.member(unit=commune.he, standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 3, 1)), body=Decider.CELL)
    concluded(empty)
    nobody = {**vote, "counts": Counts(present=0, in_favour=0)}
    refused("discipline.nobody", ruling_actions.record_vote, KEEPER, empty, empty.version, **nobody)
    refused("discipline.form", ruling_actions.record_vote, KEEPER, empty, empty.version, **{**vote, "form": Form.EXPULSION})
    with pytest.raises(Conflict):
        ruling_actions.record_vote(KEEPER, made, 1, **vote)


def test_a_vote_waits_for_the_end_of_a_deferral(her):
    made = concluded(case(member=her))
    actions.defer(KEEPER, made, made.version, Deferral.PREGNANCY, JUNE)
    refused(
        "discipline.still_deferred", ruling_actions.record_vote, KEEPER, made, made.version, part=Part.DECIDES, form=Form.WARNING,
        held_on=JUNE, counts=ALL,
    )  # fmt: skip


def test_decide(her, commune, actor_):
    made = concluded(case(member=her))
    given = {"form": Form.REPRIMAND, "number": "12-QĐ/ĐU", "signed_on": JUNE}

    def decides(code: str, by: Any = KEEPER, **changed: Any) -> None:
        refused(code, ruling_actions.decide, by, made, made.version, **{**given, **changed})

    decides("discipline.no_vote")
    decides("discipline.no_proposal_vote", form=Form.EXPULSION)
    half = Counts(present=9, in_favour=4, against=5, members=9)
    ruling_actions.record_vote(KEEPER, made, made.version, part=Part.DECIDES, form=Form.REPRIMAND, held_on=JUNE, counts=half)
    decides("discipline.short")
    ruling_actions.record_vote(KEEPER, made, made.version, part=Part.DECIDES, form=Form.REPRIMAND, held_on=JUNE, counts=ALL)
    decides("discipline.no_number", number="  ")
    decides("discipline.in_future", signed_on=TOMORROW)
    decides("discipline.order", signed_on=dt.date(2026, 6, 11))
    decides("discipline.form", form=Form.DISSOLUTION)
    decides("discipline.not_your_case", actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_KEEP))
    ruling_actions.decide(KEEPER, made, made.version, **given)
    assert stage(made) is Stage.SIGNED and made.issuer == "Đảng ủy xã Mường Chiên"
    decides("discipline.not_open")
    with pytest.raises(Conflict):
        ruling_actions.decide(KEEPER, made, 1, **given)


def test_the_cell_decides_by_itself_but_expels_nobody(her, commune, actor_):
    made = concluded(case(member=her, body=Decider.CELL))
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_KEEP)
    whole = Counts(present=1, in_favour=1)
    for part in Part:
        ruling_actions.record_vote(secretary, made, made.version, part=part, form=Form.EXPULSION, held_on=JUNE, counts=whole)
    refused("discipline.two_bodies", ruling_actions.decide, secretary, made, made.version, form=Form.EXPULSION, number="1", signed_on=JUNE)
    decided(made)
    assert made.issuer == "Chi bộ bản Bon"


def test_the_law_of_competence_refuses_where_it_is_known(her):
    """A task of the superior, judged by a cell in 2025, when a regulation was in force whose article is known."""
    day = dt.date(2025, 12, 1)
    made = case(member=her, body=Decider.CELL, opened_on=day, acted_on=dt.date(2025, 5, 1), is_superior_task=True)
    concluded(made, day)
    whole = Counts(present=1, in_favour=1)
    ruling_actions.record_vote(KEEPER, made, made.version, part=Part.DECIDES, form=Form.REPRIMAND, held_on=day, counts=whole)
    refused("discipline.superior_task", ruling_actions.decide, KEEPER, made, made.version, form=Form.REPRIMAND, number="1", signed_on=day)


# -- publication, effects, delivery -----------------------------------------------------------------------------------


def test_publish_and_deliver(her):
    made = case(member=her)
    refused("discipline.not_to_publish", ruling_actions.publish, KEEPER, made, made.version, JUNE)
    decided(made)
    refused("discipline.not_to_deliver", ruling_actions.deliver, KEEPER, made, made.version, JUNE)
    refused("discipline.in_future", ruling_actions.publish, KEEPER, made, made.version, TOMORROW)
    refused("discipline.order", ruling_actions.publish, KEEPER, made, made.version, dt.date(2026, 6, 11))
    ruling_actions.publish(KEEPER, made, made.version, JUNE)
    refused("discipline.not_to_publish", ruling_actions.publish, KEEPER, made, made.version, JUNE)
    refused("discipline.in_future", ruling_actions.deliver, KEEPER, made, made.version, TOMORROW)
    refused("discipline.order", ruling_actions.deliver, KEEPER, made, made.version, dt.date(2026, 6, 11))
    ruling_actions.deliver(KEEPER, made, made.version, JUNE)
    refused("discipline.not_to_deliver", ruling_actions.deliver, KEEPER, made, made.version, JUNE)
    assert stage(made) is Stage.IN_FORCE and stage(made, dt.date(2027, 6, 11)) is Stage.IN_FORCE
    assert stage(made, dt.date(2027, 6, 12)) is Stage.LAPSED
    for deed in (ruling_actions.publish, ruling_actions.deliver):
        with pytest.raises(Conflict):
            deed(KEEPER, made, 1, JUNE)


def standing(member) -> StandingPeriod:
    query = sa.select(StandingPeriod).where(StandingPeriod.member_id == member.id).order_by(StandingPeriod.started_on.desc())
    return db.session.scalars(query).first()


def test_an_expulsion_ends_the_membership_and_an_annulment_restores_it(her, commune):
    made = published(case(member=her), Form.EXPULSION)
    assert (standing(her).exit, standing(her).ended_on, standing(her).exit_paper) == (Exit.EXPELLED, JUNE, "12-QĐ/ĐU")
    assert fact_queries.home_of(her.id, TODAY) is None
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2026, 7, 1))
    settle(made, Result.ANNULLED)
    assert stage(made) is Stage.ANNULLED and standing(her).exit is None and standing(her).ended_on is None
    assert fact_queries.home_of(her.id, TODAY).id == commune.bon.id and gaps(life(her.id)) == []


def test_an_appeal_may_make_an_expulsion_of_it(her):
    made = published(case(member=her), Form.WARNING)
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2026, 7, 1))
    settle(made, Result.CHANGED, Form.EXPULSION)
    assert standing(her).exit is Exit.EXPELLED and standing(her).ended_on == dt.date(2026, 8, 1)
    assert queries.state_of(KEEPER, made, TODAY).form is Form.EXPULSION


def test_restore_is_refused_where_nobody_can_know(her, commune):
    refused("restore.not_expelled", restore_actions.restore, KEEPER, her, on=TODAY)
    made = published(case(member=her), Form.EXPULSION)
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2026, 7, 1))
    org.dissolve(KEEPER, commune.bon, dt.date(2026, 7, 15))
    given = {"result": Result.CHANGED, "form": Form.WARNING, "number": "9", "published_on": dt.date(2026, 8, 1)}
    refused("restore.no_cell", ruling_actions.settle_appeal, KEEPER, made, made.version, **given)
    assert queries.appeals(made)[0].result is None and standing(her).exit is Exit.EXPELLED


def test_a_removal_takes_the_office_and_no_appeal_gives_it_back(her, commune):
    held = members.appoint(
        KEEPER, db.session.get_one(Person, her.id), unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY,
        on=dt.date(2020, 1, 1),
    )  # fmt: skip
    made = concluded(case(member=her))
    ruling_actions.record_vote(KEEPER, made, made.version, part=Part.DECIDES, form=Form.REMOVAL_FROM_OFFICE, held_on=JUNE, counts=ALL)
    given = {"form": Form.REMOVAL_FROM_OFFICE, "number": "4", "signed_on": JUNE}
    refused("discipline.which_office", ruling_actions.decide, KEEPER, made, made.version, **given)
    refused("discipline.which_office", ruling_actions.decide, KEEPER, made, made.version, position_id=held.id + 77, **given)
    ruling_actions.decide(KEEPER, made, made.version, position_id=held.id, **given)
    ruling_actions.publish(KEEPER, made, made.version, JUNE)
    assert held.ended_on == JUNE
    ruling_actions.deliver(KEEPER, made, made.version, JUNE)
    ruling_actions.lodge_appeal(KEEPER, made, made.version, JUNE)
    settle(made, Result.CHANGED, Form.REPRIMAND)
    assert held.ended_on == JUNE
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2026, 8, 2))
    settle(made, Result.CHANGED, Form.REMOVAL_FROM_OFFICE)
