"""Appeals, and disciplines entered from their papers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from partyreg.access import Permission, Role
from partyreg.discipline import actions, fact_queries, queries, ruling_actions
from partyreg.discipline.models import Source
from partyreg.discipline.queries import Stage
from partyreg.errors import Conflict
from partyreg.members.models import Standing
from partyreg.rulebook.discipline import Content, Decider, Form
from partyreg.rulebook.discipline_time import Result
from tests import make
from tests.discipline.deeds import JUNE, TODAY, TOMORROW, refused, settle, stage
from tests.make.discipline import KEEPER, case, decided, published


def test_lodge_appeal(her, commune, actor_):
    made = decided(case(member=her))
    refused("discipline.not_delivered", ruling_actions.lodge_appeal, KEEPER, made, made.version, JUNE)
    ruling_actions.publish(KEEPER, made, made.version, JUNE)
    ruling_actions.deliver(KEEPER, made, made.version, JUNE)
    refused("discipline.order", ruling_actions.lodge_appeal, KEEPER, made, made.version, dt.date(2026, 6, 11))
    refused("discipline.in_future", ruling_actions.lodge_appeal, KEEPER, made, made.version, TOMORROW)
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_KEEP)
    refused("discipline.appeal_level", ruling_actions.lodge_appeal, secretary, made, made.version, JUNE)
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2026, 10, 1))  # late, but the rule is unverified by now
    refused("discipline.appeal_open", ruling_actions.lodge_appeal, KEEPER, made, made.version, dt.date(2026, 10, 2))
    assert stage(made, dt.date(2028, 1, 1)) is Stage.IN_FORCE  # no lapse while it is being settled
    with pytest.raises(Conflict):
        ruling_actions.lodge_appeal(KEEPER, made, 1, JUNE)


def test_a_late_appeal_is_refused_where_the_rule_is_known(her):
    day = dt.date(2025, 9, 1)
    made = published(case(member=her, opened_on=dt.date(2025, 8, 1), acted_on=dt.date(2025, 5, 1)), day=day)
    refused("discipline.appeal_late", ruling_actions.lodge_appeal, KEEPER, made, made.version, dt.date(2025, 10, 2))
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2025, 10, 1))


def test_settle_appeal(her, commune, actor_):
    made = published(case(member=her))
    given: dict[str, Any] = {"result": Result.KEPT, "number": "20", "published_on": dt.date(2026, 8, 1)}

    def settles(code: str, by: Any = KEEPER, **changed: Any) -> None:
        refused(code, ruling_actions.settle_appeal, by, made, made.version, **{**given, **changed})

    settles("discipline.no_appeal")
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2026, 7, 1))
    settles("discipline.no_number", number="")
    settles("discipline.in_future", published_on=TOMORROW)
    settles("discipline.order", published_on=dt.date(2026, 6, 30))
    settles("discipline.change_to", result=Result.CHANGED)
    settles("discipline.change_to", result=Result.CHANGED, form=Form.REPRIMAND)
    settles("discipline.form", result=Result.CHANGED, form=Form.DISSOLUTION)
    settles("discipline.appeal_level", actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_KEEP))
    with pytest.raises(Conflict):
        ruling_actions.settle_appeal(KEEPER, made, 1, **given)
    settle(made, Result.KEPT)
    assert queries.state_of(KEEPER, made, TODAY).lapses_on == dt.date(2027, 8, 1)
    ruling_actions.lodge_appeal(KEEPER, made, made.version, dt.date(2026, 9, 1))
    ruling_actions.settle_appeal(KEEPER, made, made.version, result=Result.ANNULLED, number="30", published_on=dt.date(2026, 9, 9))
    refused("discipline.appeal_open", ruling_actions.lodge_appeal, KEEPER, made, made.version, dt.date(2026, 10, 1))


def test_a_relapse_keeps_a_discipline_in_force(her):
    first = published(case(member=her))
    case(member=her, acted_on=dt.date(2026, 7, 1), opened_on=dt.date(2026, 8, 1))
    assert stage(first, dt.date(2028, 1, 1)) is Stage.IN_FORCE


# -- from paper -------------------------------------------------------------------------------------------------------


def test_enter_decided(her, commune, actor_):
    given: dict[str, Any] = {
        "member": her, "body": Decider.CELL, "source": Source.INSPECTION, "acted_on": dt.date(2016, 1, 1), "content": Content.POPULATION,
        "form": Form.REPRIMAND, "issuer": "Chi bộ bản Bon (cũ)", "number": "01-QĐ/CB", "signed_on": dt.date(2014, 6, 1),
        "published_on": dt.date(2014, 6, 2),
    }  # fmt: skip

    def enters(code: str, by: Any = KEEPER, **changed: Any) -> None:
        refused(code, actions.enter_decided, by, **{**given, **changed})

    enters("discipline.order")
    enters("discipline.own_decision", signed_on=dt.date(2026, 6, 1), published_on=dt.date(2026, 6, 2))
    enters("discipline.in_future", delivered_on=TOMORROW, acted_on=dt.date(2014, 1, 1))
    given |= {"body": Decider.SUPERIOR, "signed_on": dt.date(2026, 6, 1), "published_on": dt.date(2026, 6, 2)}
    enters("discipline.order", published_on=dt.date(2026, 5, 2))
    enters("discipline.order", delivered_on=dt.date(2026, 5, 2))
    came_later = make.member(unit=commune.bon, full_name="Lò Sau", ceremony_on=dt.date(2026, 8, 15), standing=Standing.PROBATIONARY)
    enters("discipline.no_member", member=came_later)
    enters("discipline.form", form=Form.DISSOLUTION)
    enters("discipline.form", member=None, organisation=commune.he, form=Form.EXPULSION)
    enters("discipline.not_expelled", form=Form.EXPULSION)
    enters("discipline.not_yours", actor_(Role.SECRETARY, commune.bon, Permission.DISCIPLINE_KEEP))
    made = actions.enter_decided(KEEPER, **given)
    assert made.is_from_paper and stage(made) is Stage.IN_FORCE and fact_queries.home_of(her.id, TODAY) is not None
    enters("discipline.decided_twice")
    of_unit = actions.enter_decided(KEEPER, **{**given, "member": None, "organisation": commune.he})
    assert queries.name_of(of_unit) == "Chi bộ bản Hé"
