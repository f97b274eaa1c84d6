"""What is done to a case is done by its body, in its order, and on somebody who is there: the ways around that were once open."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg import clock
from partyreg.access import Permission, Role
from partyreg.accounts import actions as accounts
from partyreg.accounts.models import User
from partyreg.db import db
from partyreg.discipline import actions, effect_queries, queries, ruling_actions
from partyreg.discipline.models import CloseReason, Source
from partyreg.discipline.queries import Filters, Stage
from partyreg.discipline.ruling_actions import Counts
from partyreg.members import actions as members
from partyreg.members.models import Body, Exit, Member, Person, Title
from partyreg.names import fold
from partyreg.org import actions as org
from partyreg.org.models import UnitKind
from partyreg.rulebook.discipline import Content, Decider, Form, Part
from partyreg.rulebook.discipline_time import Deferral, Result
from tests import make
from tests.discipline.deeds import JUNE, TODAY, refused, settle, stage
from tests.make.discipline import ALL, KEEPER, case, concluded, decided, published

READER = KEEPER.using(Permission.DISCIPLINE_READ)
DECIDES = {"part": Part.DECIDES, "form": Form.REPRIMAND, "held_on": JUNE}


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def vote(made, form: Form = Form.REPRIMAND, counts: Counts = ALL, on: dt.date = JUNE):
    return ruling_actions.record_vote(KEEPER, made, made.version, part=Part.DECIDES, form=form, held_on=on, counts=counts)


def sign(made, form: Form = Form.REPRIMAND, on: dt.date = JUNE) -> None:
    ruling_actions.decide(KEEPER, made, made.version, form=form, number="1", signed_on=on)


# -- whose case it is -------------------------------------------------------------------------------------------------


def test_a_cell_that_is_asked_votes_and_does_nothing_else(her, commune, actor_, as_):
    made = case(member=her)
    actions.ask_cell(KEEPER, made, made.version)
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_KEEP)
    for do, *typed in (
        (actions.add_act, JUNE, Content.LAND), (actions.hear, JUNE), (actions.conclude, JUNE), (actions.defer, Deferral.ILLNESS, JUNE),
        (actions.resume, JUNE), (actions.hand_over, Decider.CELL), (actions.close_case, JUNE, CloseReason.NO_VIOLATION),
        (ruling_actions.publish, JUNE), (ruling_actions.deliver, JUNE),
    ):  # fmt: skip
        refused("discipline.not_your_case", do, secretary, made, made.version, *typed)
    refused("discipline.not_your_case", ruling_actions.decide, secretary, made, made.version, form=Form.WARNING, number="1", signed_on=JUNE)
    concluded(made)
    db.session.commit()
    page = as_(Role.SECRETARY, commune.bon).get(f"/discipline/{made.id}").text
    assert "Ghi biểu quyết" in page and "Chuyển tập thể khác" not in page and "Đóng, không kỷ luật" not in page
    proposed = {"part": Part.PROPOSES, "form": Form.EXPULSION, "held_on": JUNE, "counts": Counts(present=1, in_favour=1)}
    assert ruling_actions.record_vote(secretary, made, made.version, **proposed).body is Decider.CELL


def test_a_section_has_no_part_in_a_case_of_its_cell(commune, actor_):
    section = org.found(
        KEEPER, parent=commune.root, kind=UnitKind.SECTION, code="dbbp-x", name="Đảng bộ bộ phận X", founded_on=day(7, 1, 2015)
    )
    cell = org.found(KEEPER, parent=section, kind=UnitKind.VILLAGE_CELL, code="cb-y", name="Chi bộ bản Y", founded_on=day(7, 1, 2015))
    made = case(member=make.member(unit=cell), body=Decider.CELL)
    assert queries.cases(actor_(Role.SECRETARY, section, Permission.DISCIPLINE_READ), TODAY) == []
    assert [row.id for row in queries.cases(actor_(Role.SECRETARY, cell, Permission.DISCIPLINE_READ), TODAY)] == [made.id]
    assert [row.id for row in queries.cases(actor_(Role.INSPECTION, commune.root, Permission.DISCIPLINE_READ), TODAY)] == [made.id]


def test_whoever_is_concerned_does_not_read_it_in_the_audit(as_, her, commune):
    """The head of the organisation committee sits in the standing committee: she holds both roles."""
    made = case(member=her, paper="88-BC/UBKT")
    other = case(member=make.member(unit=commune.bon, full_name="Quàng Văn Sáng"), paper="99-BC/UBKT")
    concluded(made)
    browser = as_(Role.STANDING, person_id=her.id)
    account = db.session.query(User).filter_by(person_id=her.id).one()
    accounts.grant(KEEPER.using(Permission.ACCOUNTS_MANAGE), account, Role.ORGANISATION, commune.root, day(1, 1, 2020))
    db.session.commit()
    colleague = as_(Role.STANDING, name="Một người khác")
    colleague.get(f"/discipline/{made.id}")
    page = browser.get("/audit").text
    assert "99-BC/UBKT" in page and "88-BC/UBKT" not in page
    assert "Kết luận phải thi hành kỷ luật" not in page
    assert browser.get(f"/discipline/{made.id}").status_code == 404
    assert browser.get(f"/discipline/{other.id}").status_code == 200


def test_a_refused_deed_shows_the_case_and_that_is_on_record(as_, her):
    made = case(member=her)
    db.session.commit()
    browser = as_(Role.INSPECTION, name="Hà Thị Kiểm")
    assert "Lò Thị Đành" in browser.post(f"/discipline/{made.id}/hear", data={}).text
    assert [one.reader for one in queries.readings(made)] == ["Hà Thị Kiểm"]
    typed = {"hear-on": "12/06/2026", "hear-version": "99"}
    assert browser.post(f"/discipline/{made.id}/hear", data=typed).status_code == 409
    assert len(queries.readings(made)) == 2


def test_the_cell_that_decided_keeps_its_case_when_the_member_moves(as_, her, commune):
    made = published(case(member=her, body=Decider.CELL))
    members.transfer(KEEPER, db.session.get_one(Member, her.id), to=commune.he, on=day(8, 1))
    db.session.commit()
    assert as_(Role.SECRETARY, commune.bon).get(f"/discipline/{made.id}").status_code == 200
    assert as_(Role.SECRETARY, commune.he).get(f"/discipline/{made.id}").status_code == 404


def test_a_cell_that_is_no_more_gets_no_case(her, commune):
    made = case(member=her)
    members.transfer(KEEPER, her, to=commune.he, on=day(7, 1))
    org.dissolve(KEEPER, commune.bon, day(7, 15))
    refused("discipline.no_cell", actions.hand_over, KEEPER, made, made.version, Decider.CELL)


def test_two_open_cases_on_the_same_one_are_told_to_whoever_sees_both(as_, her, commune, actor_):
    first = case(member=her)
    actions.open_case(
        actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_KEEP), member=her, body=Decider.CELL, source=Source.OTHER,
        opened_on=JUNE, acted_on=day(5, 1), content=Content.DUTY,
    )  # fmt: skip
    db.session.commit()
    assert "Còn 1 vụ việc khác đang xem xét" in as_(Role.INSPECTION).get(f"/discipline/{first.id}").text


# -- the order of things ----------------------------------------------------------------------------------------------


def test_a_new_violation_asks_for_a_new_conclusion_and_a_new_vote(her):
    """Else an expired limitation would be revived for the old vote."""
    made = concluded(case(member=her, acted_on=day(1, 1, 2020)))
    vote(made)
    refused("discipline.limitation", sign, made)
    actions.add_act(KEEPER, made, made.version, day(11, 1), Content.OTHER)
    assert made.concluded_on is None
    refused("discipline.not_concluded", sign, made)
    actions.conclude(KEEPER, made, made.version, day(6, 10))
    refused("discipline.limitation", sign, made)  # what came later was not known then


def test_a_vote_before_the_last_conclusion_is_none(her):
    made = concluded(case(member=her))
    vote(made)
    actions.add_act(KEEPER, made, made.version, day(11, 1), Content.OTHER)
    actions.conclude(KEEPER, made, made.version, day(11, 2))
    refused("discipline.vote_again", sign, made, Form.REPRIMAND, day(11, 3))
    vote(made, on=day(11, 4))
    sign(made, on=day(11, 5))


def test_a_conclusion_stands_once_there_is_a_vote(her):
    made = case(member=her, acted_on=day(6, 5, 2021))
    actions.hear(KEEPER, made, made.version, day(6, 2))
    actions.conclude(KEEPER, made, made.version, day(6, 9))
    actions.conclude(KEEPER, made, made.version, day(6, 10))  # a slip of the pen, before anybody voted
    refused("discipline.concluded", actions.hear, KEEPER, made, made.version, day(6, 3))
    vote(made)
    refused("discipline.voted", actions.conclude, KEEPER, made, made.version, day(6, 4))
    refused("discipline.voted", actions.conclude, KEEPER, made, made.version, day(9, 1))


def test_nothing_is_signed_while_the_case_is_deferred(her):
    made = concluded(case(member=her))
    vote(made)
    refused("discipline.order", actions.defer, KEEPER, made, made.version, Deferral.ILLNESS, day(5, 30))
    actions.defer(KEEPER, made, made.version, Deferral.PREGNANCY, JUNE)
    refused("discipline.still_deferred", sign, made)
    actions.resume(KEEPER, made, made.version, day(8, 1))
    refused("discipline.deferred", actions.defer, KEEPER, made, made.version, Deferral.ILLNESS, day(7, 1))


def test_the_form_carried_last_is_the_one_that_is_signed(her):
    made = concluded(case(member=her))
    vote(made, Form.EXPULSION, Counts(present=9, in_favour=2, against=7, members=9))
    vote(made, Form.REPRIMAND)
    vote(made, Form.WARNING)
    refused("discipline.other_form", sign, made, Form.REPRIMAND)
    sign(made, Form.WARNING)


def test_a_commune_body_votes_with_all_its_members(her, commune):
    made = concluded(case(member=her))
    one_of_nine = Counts(present=1, in_favour=1, members=9, not_counted=8)
    refused("discipline.not_counted", ruling_actions.record_vote, KEEPER, made, made.version, **DECIDES, counts=one_of_nine)
    for number in range(3):
        person = db.session.get_one(Person, make.member(unit=commune.he, full_name=f"Hà Văn {number}").id)
        members.appoint(KEEPER, person, unit=commune.root, body=Body.STANDING, title=Title.MEMBER, on=day(1, 1))
    refused("discipline.members", ruling_actions.record_vote, KEEPER, made, made.version, **DECIDES, counts=ALL)
    assert vote(made, counts=Counts(present=3, in_favour=2, against=1)).members == 3


def test_a_case_ends_after_what_was_done_last(her):
    made = concluded(case(member=her))
    vote(made)
    refused("discipline.order", actions.close_case, KEEPER, made, made.version, day(6, 11), CloseReason.NOT_DUE)


def test_the_limitation_ends_a_case_only_after_a_vote_that_was_carried(her):
    made = concluded(case(member=her, acted_on=day(1, 1, 2020)))
    vote(made, counts=Counts(present=9, in_favour=0, against=9, members=9))
    refused("discipline.vote_first", actions.close_case, KEEPER, made, made.version, JUNE, CloseReason.LIMITATION)


def test_a_cell_announces_before_the_paper_is_written(her):
    made = concluded(case(member=her, body=Decider.CELL))
    vote(made, counts=Counts(present=1, in_favour=1))
    sign(made, on=day(6, 20))
    refused("discipline.order", ruling_actions.publish, KEEPER, made, made.version, day(6, 11))
    ruling_actions.publish(KEEPER, made, made.version, JUNE)
    assert queries.state_of(KEEPER, made, TODAY).lapses_on == day(6, 12, 2027)


# -- who is there -----------------------------------------------------------------------------------------------------


def test_who_is_no_member_any_more_is_not_disciplined(her):
    made = concluded(case(member=her))
    members.leave(KEEPER, her, exit=Exit.DIED, on=day(6, 11))
    refused("discipline.gone", ruling_actions.record_vote, KEEPER, made, made.version, **DECIDES, counts=ALL)
    actions.close_case(KEEPER, made, made.version, JUNE, CloseReason.LEFT)
    assert stage(made) is Stage.CLOSED


def test_a_decision_that_cannot_take_effect_any_more_is_closed(her, as_):
    made = decided(case(member=her), Form.WARNING)
    refused("discipline.not_left", actions.close_case, KEEPER, made, made.version, JUNE, CloseReason.LEFT)
    refused("discipline.not_open", actions.close_case, KEEPER, made, made.version, JUNE, CloseReason.NOT_DUE)
    members.leave(KEEPER, her, exit=Exit.DIED, on=day(6, 13))
    refused("discipline.gone", ruling_actions.publish, KEEPER, made, made.version, day(6, 14))
    actions.close_case(KEEPER, made, made.version, day(6, 14), CloseReason.LEFT)
    refused("discipline.not_to_publish", ruling_actions.publish, KEEPER, made, made.version, day(6, 12))
    db.session.commit()
    assert stage(made) is Stage.CLOSED and "Đóng" in as_(Role.INSPECTION).get(f"/discipline/{made.id}").text


def test_a_signature_after_she_left_is_refused(her):
    made = concluded(case(member=her))
    vote(made)
    members.leave(KEEPER, her, exit=Exit.DIED, on=day(6, 13))
    refused("discipline.gone", sign, made, Form.REPRIMAND, day(6, 14))


def test_an_organisation_never_left(commune):
    made = case(organisation=commune.he)
    refused("discipline.not_left", actions.close_case, KEEPER, made, made.version, JUNE, CloseReason.LEFT)


# -- appeals ----------------------------------------------------------------------------------------------------------


def test_a_second_appeal_comes_after_the_first_one_and_in_time(her):
    made = published(case(member=her), Form.WARNING)
    ruling_actions.lodge_appeal(KEEPER, made, made.version, day(7, 1))
    settle(made, Result.CHANGED, Form.REPRIMAND)
    refused("discipline.order", ruling_actions.lodge_appeal, KEEPER, made, made.version, day(6, 20))
    ruling_actions.lodge_appeal(KEEPER, made, made.version, day(8, 20))
    ruling_actions.settle_appeal(
        KEEPER, made, made.version, result=Result.CHANGED, form=Form.WARNING, number="9", published_on=day(10, 1)
    )  # fmt: skip
    assert queries.state_of(KEEPER, made, TODAY).form is Form.WARNING


def test_no_appeal_wakes_what_has_lapsed(her):
    with clock.freeze(day(1, 1, 2030)):
        made = published(case(member=her, opened_on=day(6, 1, 2025), acted_on=day(5, 1, 2025)), Form.WARNING, day(6, 20, 2025))
        ruling_actions.lodge_appeal(KEEPER, made, made.version, day(7, 1, 2025))
        ruling_actions.settle_appeal(KEEPER, made, made.version, result=Result.KEPT, number="2", published_on=day(8, 1, 2025))
        refused("discipline.appeal_late", ruling_actions.lodge_appeal, KEEPER, made, made.version, day(12, 1, 2029))


def test_a_change_into_removal_takes_the_office(her, commune):
    held = members.appoint(
        KEEPER, db.session.get_one(Person, her.id), unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=day(1, 1, 2020)
    )
    made = published(case(member=her), Form.WARNING)
    ruling_actions.lodge_appeal(KEEPER, made, made.version, day(7, 1))
    given = {"result": Result.CHANGED, "form": Form.REMOVAL_FROM_OFFICE, "number": "9", "published_on": day(8, 1)}
    refused("discipline.which_office", ruling_actions.settle_appeal, KEEPER, made, made.version, **given)
    ruling_actions.settle_appeal(KEEPER, made, made.version, **given, position_id=held.id)
    assert held.ended_on == day(8, 1) and made.position_id == held.id


def test_an_annulled_case_is_no_relapse(her):
    first = published(case(member=her))
    second = published(case(member=her, acted_on=day(7, 1), opened_on=day(7, 2)), day=day(8, 1))
    assert stage(first, day(6, 12, 2027)) is Stage.IN_FORCE
    ruling_actions.lodge_appeal(KEEPER, second, second.version, day(8, 5))
    ruling_actions.settle_appeal(KEEPER, second, second.version, result=Result.ANNULLED, number="9", published_on=day(9, 1))
    assert stage(first, day(6, 12, 2027)) is Stage.LAPSED


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_a_search_finds_members_and_organisations_without_accents(her, commune):
    of_cell = case(organisation=commune.he)
    of_her = case(member=her)
    assert [row.id for row in queries.cases(READER, TODAY, Filters(q=fold("bản Hé")))] == [of_cell.id]
    assert [row.id for row in queries.cases(READER, TODAY, Filters(q=fold("Đành")))] == [of_her.id]


def test_after_the_lapse_her_own_page_is_silent(as_, her, commune):
    published(case(member=her))
    db.session.commit()
    with clock.freeze(day(6, 12, 2027)):
        assert "Quyết định kỷ luật của tôi" not in as_(Role.MEMBER, commune.bon, person_id=her.id).get("/me").text


def test_violations_that_expired_are_marked(as_, her):
    made = case(member=her, acted_on=day(1, 1, 2015))
    assert effect_queries.expired(made, queries.acts(made), [], TODAY) == set()
    actions.add_act(KEEPER, made, made.version, day(5, 1), Content.LAND)
    concluded(made)
    vote(made)
    db.session.commit()
    page = as_(Role.INSPECTION).get(f"/discipline/{made.id}").text
    assert page.count("đã hết thời hiệu") == 1


@pytest.mark.parametrize("path", ["transfer", "position"])
def test_the_forms_that_a_discipline_bars_lead_to_it(as_, her, commune, path):
    assert f"/discipline/of/{her.id}" not in as_(Role.ORGANISATION).get(f"/members/{her.id}/{path}").text
    both = as_(Role.ORGANISATION, name="Hai vai")
    account = db.session.query(User).filter_by(full_name="Hai vai").one()
    accounts.grant(KEEPER.using(Permission.ACCOUNTS_MANAGE), account, Role.STANDING, commune.root, day(1, 1, 2020))
    db.session.commit()
    assert f"/discipline/of/{her.id}" in both.get(f"/members/{her.id}/{path}").text


def test_an_office_that_ended_meanwhile_is_taken_from_nobody(her, commune):
    person = db.session.get_one(Person, her.id)
    held = members.appoint(KEEPER, person, unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=day(1, 1, 2020))
    made = decided(case(member=her), Form.REMOVAL_FROM_OFFICE, position_id=held.id)
    members.relieve(KEEPER, held, on=day(6, 13))
    ruling_actions.publish(KEEPER, made, made.version, day(6, 14))
    assert held.ended_on == day(6, 13) and stage(made) is Stage.IN_FORCE
