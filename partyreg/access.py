"""Who may do what: permissions, roles, the policy, and the actor that carries them. Pure: no Flask, no SQLAlchemy."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """One kind of work, named `area:verb`; every door of the application names one."""

    UNITS_READ = "units:read"
    UNITS_EDIT = "units:edit"
    MEMBERS_READ = "members:read"
    MEMBERS_EDIT = "members:edit"
    MEMBERS_EXPORT = "members:export"
    ADMISSIONS_READ = "admissions:read"
    ADMISSIONS_PREPARE = "admissions:prepare"
    ADMISSIONS_CHECK = "admissions:check"
    ADMISSIONS_DECIDE = "admissions:decide"
    PAPERS_KEEP = "papers:keep"
    WORKDAYS_EDIT = "workdays:edit"
    MEETINGS_READ = "meetings:read"
    MEETINGS_LOG = "meetings:log"
    MEETINGS_OVERSEE = "meetings:oversee"
    DISCIPLINE_READ = "discipline:read"
    DISCIPLINE_KEEP = "discipline:keep"
    RATINGS_READ = "ratings:read"
    RATINGS_ENTER = "ratings:enter"
    RATINGS_DECIDE = "ratings:decide"
    RATINGS_RULE = "ratings:rule"
    TRAINING_READ = "training:read"
    TRAINING_EDIT = "training:edit"
    INSPECTIONS_READ = "inspections:read"
    INSPECTIONS_KEEP = "inspections:keep"
    INSPECTIONS_COUNT = "inspections:count"
    STAFF_READ = "staff:read"
    STAFF_EDIT = "staff:edit"
    TARGETS_READ = "targets:read"
    TARGETS_EDIT = "targets:edit"
    REPORTS_READ = "reports:read"
    LAW_READ = "law:read"
    RIGHTS_READ = "rights:read"
    AUDIT_READ = "audit:read"
    ACCOUNTS_MANAGE = "accounts:manage"
    OWN_RECORD = "own:read"


class Role(StrEnum):
    """What a person is in the office; a grant gives one role over one unit and all below it."""

    ADMINISTRATOR = "administrator"
    ORGANISATION = "organisation"
    STANDING = "standing"
    INSPECTION = "inspection"
    REPORTING = "reporting"
    SECRETARY = "secretary"
    MEMBER = "member"
    SYSTEM = "system"


_P = Permission
_READS = {
    _P.UNITS_READ,
    _P.MEMBERS_READ,
    _P.MEETINGS_READ,
    _P.RATINGS_READ,
    _P.TRAINING_READ,
    _P.TARGETS_READ,
    _P.LAW_READ,
    _P.RIGHTS_READ,
}

#: Cases of discipline: each role sees those that the bodies of its own unit deal with, and no others.
_DISCIPLINE = {_P.DISCIPLINE_READ, _P.DISCIPLINE_KEEP}

#: The whole policy. The administrator keeps accounts and sees no personal data; an ordinary member sees her own record.
POLICY: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset({_P.ACCOUNTS_MANAGE, _P.AUDIT_READ, _P.LAW_READ, _P.RIGHTS_READ}),
        Role.ORGANISATION: frozenset(
            _READS
            | {_P.UNITS_EDIT, _P.MEMBERS_EDIT, _P.MEMBERS_EXPORT, _P.ADMISSIONS_READ, _P.ADMISSIONS_PREPARE}
            | {
                _P.ADMISSIONS_CHECK,
                _P.PAPERS_KEEP,
                _P.WORKDAYS_EDIT,
                _P.MEETINGS_LOG,
                _P.MEETINGS_OVERSEE,
                _P.RATINGS_ENTER,
                _P.RATINGS_DECIDE,
                _P.TRAINING_EDIT,
                _P.INSPECTIONS_COUNT,
                _P.STAFF_READ,
                _P.STAFF_EDIT,
                _P.TARGETS_EDIT,
                _P.REPORTS_READ,
                _P.AUDIT_READ,
            }
        ),
        Role.STANDING: frozenset(
            _READS
            | _DISCIPLINE
            | {_P.ADMISSIONS_READ, _P.ADMISSIONS_DECIDE, _P.MEMBERS_EXPORT, _P.REPORTS_READ}
            | {_P.INSPECTIONS_READ, _P.INSPECTIONS_KEEP, _P.INSPECTIONS_COUNT, _P.STAFF_READ, _P.RATINGS_RULE}
        ),
        Role.INSPECTION: frozenset(_READS | _DISCIPLINE | {_P.INSPECTIONS_READ, _P.INSPECTIONS_KEEP, _P.INSPECTIONS_COUNT, _P.STAFF_READ}),
        Role.REPORTING: frozenset(_READS | {_P.MEMBERS_EXPORT, _P.REPORTS_READ, _P.INSPECTIONS_COUNT, _P.STAFF_READ}),
        Role.SECRETARY: frozenset(
            _READS
            | _DISCIPLINE
            | {
                _P.MEMBERS_EXPORT,
                _P.ADMISSIONS_READ,
                _P.ADMISSIONS_PREPARE,
                _P.MEETINGS_LOG,
                _P.RATINGS_ENTER,
                _P.REPORTS_READ,
                _P.INSPECTIONS_READ,
                _P.INSPECTIONS_KEEP,
                _P.INSPECTIONS_COUNT,
            }
        ),
        Role.MEMBER: frozenset({_P.OWN_RECORD, _P.LAW_READ, _P.RIGHTS_READ}),
        Role.SYSTEM: frozenset(Permission),
    }
)


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """A role over the unit at `path` and everything below, from `started_on` up to but not including `ended_on`."""

    role: Role
    path: str
    started_on: dt.date
    ended_on: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the grant gives anything on that day."""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """How far a permission goes: subtrees by path prefix (`/1/4/`), and the actor's own record."""

    paths: tuple[str, ...] = ()
    member_id: int | None = None

    def covers(self, path: str) -> bool:
        """Whether the unit at `path` lies in one of the subtrees."""
        return any(path.startswith(prefix) for prefix in self.paths)


class NoPermissionNamed(RuntimeError):
    """A query was asked by an actor whose door named no permission: a mistake of ours, never of the user."""


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a signed-in user or a named system actor, with the grants in force and the permission named at the door."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    member_id: int | None = None
    permission: Permission | None = None

    def may(self, permission: Permission | str) -> bool:
        """Whether any grant in force carries the permission, over whatever unit."""
        wanted = Permission(permission)
        return any(wanted in POLICY[grant.role] for grant in self.grants)

    def is_a(self, role: Role | str) -> bool:
        """Whether a grant in force is of that role."""
        return any(grant.role == role for grant in self.grants)

    def using(self, permission: Permission) -> Actor:
        """The same actor, with that permission named for the queries that follow."""
        return dataclasses.replace(self, permission=permission)

    def reach(self) -> Reach:
        """The subtrees that the named permission covers.

        Raises NoPermissionNamed when the door named none.
        """
        if self.permission is None:
            raise NoPermissionNamed(self.name)
        paths = sorted({grant.path for grant in self.grants if self.permission in POLICY[grant.role]})
        outermost = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
        own = self.member_id if self.permission is Permission.OWN_RECORD else None
        if self.permission is Permission.OWN_RECORD:
            return Reach((), own)
        return Reach(tuple(outermost), own)


def system(name: str) -> Actor:
    """A named actor of the machine (command line, demo): every permission over the whole tree."""
    return Actor(None, name, (Grant(Role.SYSTEM, "/", dt.date.min),))
