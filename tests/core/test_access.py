"""The policy in one table written out by hand, and how far a grant reaches."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.access import POLICY, Actor, Grant, NoPermissionNamed, Permission, Reach, Role, system

DAY = dt.date(2026, 1, 1)
#: Permission -> the roles that have it, in the order A(dministrator),
#: O(rganisation) S(tanding) I(nspection) R(eporting) B(í thư) M(ember).
TABLE = {
    "units:read": ".OSIRB.", "units:edit": ".O.....", "members:read": ".OSIRB.", "members:edit": ".O.....", "members:export": ".OS.RB.",
    "admissions:read": ".OS..B.", "admissions:prepare": ".O...B.", "admissions:check": ".O.....",
    "admissions:decide": "..S....", "papers:keep": ".O.....", "workdays:edit": ".O.....", "meetings:read": ".OSIRB.",
    "meetings:log": ".O...B.", "meetings:oversee": ".O.....",
    "discipline:read": "..SI.B.", "discipline:keep": "..SI.B.",
    "ratings:read": ".OSIRB.", "ratings:enter": ".O...B.", "ratings:decide": ".O.....", "ratings:rule": "..S....",
    "training:read": ".OSIRB.", "training:edit": ".O.....",
    "inspections:read": "..SI.B.", "inspections:keep": "..SI.B.", "inspections:count": ".OSIRB.",
    "staff:read": ".OSIR..", "staff:edit": ".O.....",
    "targets:read": ".OSIRB.", "targets:edit": ".O.....", "reports:read": ".OS.RB.",
    "law:read": "AOSIRBM", "rights:read": "AOSIRBM", "audit:read": "AO.....", "accounts:manage": "A......",
    "own:read": "......M",
}  # fmt: skip
ROLES = (Role.ADMINISTRATOR, Role.ORGANISATION, Role.STANDING, Role.INSPECTION, Role.REPORTING, Role.SECRETARY, Role.MEMBER)


def test_the_policy_is_the_table():
    assert set(TABLE) == set(Permission)
    for permission, marks in TABLE.items():
        assert {role for role, mark in zip(ROLES, marks, strict=True) if mark != "."} == {
            role for role in ROLES if permission in POLICY[role]
        }, permission
    assert POLICY[Role.SYSTEM] == set(Permission) and set(POLICY) == set(Role)


def test_the_policy_cannot_be_changed_while_running():
    with pytest.raises(TypeError):
        POLICY[Role.MEMBER] = frozenset(Permission)  # type: ignore[index]


def actor(*grants, permission=Permission.MEMBERS_READ, member_id=None):
    return Actor(1, "x", tuple(Grant(role, path, DAY) for role, path in grants), member_id, permission)


def test_only_the_outermost_subtrees_count():
    assert actor(
        (Role.SECRETARY, "/1/4/"), (Role.SECRETARY, "/1/4/"), (Role.STANDING, "/1/4/9/"), (Role.SECRETARY, "/1/40/")
    ).reach() == Reach(("/1/4/", "/1/40/"))
    assert actor((Role.ORGANISATION, "/1/"), (Role.SECRETARY, "/1/4/")).reach().paths == ("/1/",)


def test_a_grant_without_the_permission_reaches_nothing():
    both = actor((Role.ADMINISTRATOR, "/1/"), (Role.SECRETARY, "/1/4/"))
    assert both.reach().paths == ("/1/4/",)
    assert both.using(Permission.MEMBERS_EDIT).reach().paths == ()
    assert both.using(Permission.ACCOUNTS_MANAGE).reach().paths == ("/1/",)


def test_ones_own_record_is_ones_own_only():
    me = actor((Role.MEMBER, "/1/4/"), member_id=7)
    assert me.using(Permission.OWN_RECORD).reach() == Reach((), 7)
    assert me.reach() == Reach((), None)


def test_without_a_permission_named_nothing_is_answered():
    with pytest.raises(NoPermissionNamed):
        actor((Role.ORGANISATION, "/1/"), permission=None).reach()


def test_what_an_actor_may():
    secretary = actor((Role.SECRETARY, "/1/4/"))
    assert secretary.may(Permission.MEETINGS_LOG) and secretary.may("members:read") and not secretary.may("accounts:manage")
    assert secretary.is_a("secretary") and not secretary.is_a(Role.MEMBER)
    assert not actor().may(Permission.LAW_READ)
    with pytest.raises(ValueError):
        secretary.may("no:such")


def test_a_grant_holds_up_to_but_not_on_its_last_day():
    grant = Grant(Role.SECRETARY, "/1/", DAY, dt.date(2026, 2, 1))
    days = [DAY - dt.timedelta(days=1), DAY, dt.date(2026, 1, 31), dt.date(2026, 2, 1)]
    assert [grant.holds_on(day) for day in days] == [False, True, True, False]
    assert Grant(Role.SECRETARY, "/1/", DAY).holds_on(dt.date(2100, 1, 1))


def test_the_machine_may_all_and_says_so():
    machine = system("dòng lệnh")
    assert all(machine.may(permission) for permission in Permission) and machine.name == "dòng lệnh" and machine.user_id is None
    assert machine.using(Permission.MEMBERS_READ).reach().covers("/1/4/")


PATHS = st.lists(st.integers(1, 12), min_size=1, max_size=4).map(lambda ids: "/" + "/".join(map(str, ids)) + "/")


@given(st.lists(PATHS, max_size=5), PATHS)
def test_leaving_out_what_lies_inside_changes_nothing(paths, unit):
    grants = [(Role.SECRETARY, path) for path in paths]
    assert actor(*grants).reach().covers(unit) == any(unit.startswith(path) for path in paths)
    reach = actor(*grants).reach().paths
    assert not any(a != b and a.startswith(b) for a in reach for b in reach)
