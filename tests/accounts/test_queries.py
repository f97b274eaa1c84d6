"""What is asked about accounts."""

import datetime as dt

import pytest

from partyreg import clock
from partyreg.access import Permission, Role
from partyreg.accounts import actions, queries, sign_in
from partyreg.db import db
from partyreg.errors import NotVisible
from tests.make.accounts import PASSWORD, SYSTEM, user

DAY = dt.date(2026, 11, 24)


def test_who_is_behind_a_token_is_one_statement(commune, counting):
    somebody = user(username="thu", full_name="Lò Thị Thu", role=Role.SECRETARY, unit=commune.bon)
    actions.grant(SYSTEM, somebody, Role.REPORTING, commune.root, dt.date(2021, 1, 1))
    actions.grant(SYSTEM, somebody, Role.STANDING, commune.root, dt.date(2021, 1, 1), dt.date(2022, 1, 1))
    token, _found = actions.sign_in(SYSTEM, "thu", PASSWORD)
    db.session.commit()
    db.session.connection()
    with counting() as count:
        found = sign_in.signed_in(token)
    assert len(count) == 1
    assert found is not None
    assert (found.username, found.actor.name, found.actor.user_id, found.get_id()) == ("thu", "Lò Thị Thu", somebody.id, token)
    assert [(grant.role, grant.path) for grant in found.actor.grants] == [
        (Role.SECRETARY, commune.bon.path),
        (Role.REPORTING, commune.root.path),
    ]
    assert sign_in.signed_in("forged") is None


def test_the_list_costs_the_same_for_three_users_and_for_thirty(commune, counting):
    costs = []
    for number in (3, 27):
        for _user in range(number):
            user(role=Role.SECRETARY, unit=commune.bon)
        with counting() as count:
            lines = queries.listing(SYSTEM, DAY)
        costs.append(len(count))
    assert len(lines) == 30
    assert costs[0] == costs[1] == 2


def test_the_list_tells_roles_locks_and_the_last_sign_in(commune):
    user(username="anh", role=Role.SECRETARY, unit=commune.bon)
    gone = user(username="bon", role=Role.SECRETARY, unit=commune.he, ended_on=dt.date(2025, 1, 1))
    user(username="cuc")
    actions.sign_in(SYSTEM, "anh", PASSWORD)
    actions.disable(SYSTEM, gone)
    for _time in range(5):
        actions.count_failure(sign_in.stranger(), "cuc")
    db.session.commit()
    an, bo, cu = queries.listing(SYSTEM, DAY)
    assert [(held.role, held.unit) for held in an.grants] == [(Role.SECRETARY, "Chi bộ bản Bon")]
    assert (an.signed_in_at, an.is_disabled, an.is_locked) == (clock.now(), False, False)
    assert (bo.grants, bo.signed_in_at, bo.is_disabled) == ((), None, True)
    assert cu.is_locked


def test_a_grant_is_now_later_or_over(commune):
    somebody = user(username="thu", role=Role.SECRETARY, unit=commune.bon, started_on=DAY, ended_on=DAY + dt.timedelta(days=2))
    [held] = queries.grants_of(SYSTEM, somebody.id)
    assert [held.state(DAY + dt.timedelta(days=n)) for n in (-1, 0, 1, 2)] == ["later", "now", "now", "over"]


def test_what_is_not_there_is_not_visible(commune):
    one, other = user(role=Role.SECRETARY, unit=commune.bon), user()
    with pytest.raises(NotVisible):
        queries.user(SYSTEM, 987654)
    with pytest.raises(NotVisible):
        queries.grant(SYSTEM, other.id, queries.grants_of(SYSTEM, one.id)[0].id)


def test_roles_are_granted_only_over_units_that_the_administrator_reaches(commune, actor_):
    below = actor_(Role.ADMINISTRATOR, commune.bon, Permission.ACCOUNTS_MANAGE)
    assert queries.units(below, DAY) == [("cb-bon", "Chi bộ bản Bon")]
    with pytest.raises(NotVisible):
        queries.unit(below, "muong-chien")
    above = actor_(Role.ADMINISTRATOR, None, Permission.ACCOUNTS_MANAGE)
    assert [code for code, _name in queries.units(above, DAY)] == ["muong-chien", "cb-bon", "cb-he"]
