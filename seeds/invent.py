"""Puts the plan of the commune together."""

from __future__ import annotations

import datetime as dt

from partyreg.access import Role
from partyreg.members.models import Body, Title

from . import levels
from .dossiers import Dossiers
from .gatherings import Gatherings
from .places import CELLS, ROOT
from .plan import Invented, Login, Office, Plan
from .population import Population
from .waiting import Desk


def invent(today: dt.date) -> Plan:
    """The commune up to that day; the same for the same day. Raises ValueError before 2025-07-01."""
    population = Population(today)
    dossiers = Dossiers(population)
    dates = dossiers.dates()
    population.balance(len(dates))
    dossiers.approve(dates)
    Desk(dossiers).lay_out()
    people = population.people.all
    return Plan(
        today=today,
        people=tuple(people),
        offices=tuple(population.offices),
        meetings=tuple(Gatherings(people, population.offices, today).all()),
        files=tuple(dossiers.files),
        years=tuple(levels.years(people, today)),
        logins=tuple(_logins(people, population.offices, population.seats)),
    )


def _logins(people: list[Invented], offices: list[Office], seats: list[Invented]) -> list[Login]:
    """The accounts of the contract; those of the committee belong to its members."""
    by_key = {person.key: person for person in people}
    logins = [
        Login("quantri", "Quản trị hệ thống", Role.ADMINISTRATOR, ROOT),
        Login("tochuc", seats[5].full_name, Role.ORGANISATION, ROOT, seats[5].key),
        Login("thuongvu", seats[1].full_name, Role.STANDING, ROOT, seats[1].key),
        Login("kiemtra", seats[4].full_name, Role.INSPECTION, ROOT, seats[4].key),
        Login("baocao", seats[10].full_name, Role.REPORTING, ROOT, seats[10].key),
    ]
    for cell in CELLS:
        held = (o for o in offices if o.unit == cell.code and o.body is Body.CELL_COMMITTEE and o.ended_on is None)
        secretary = by_key[next(office.person for office in held if office.title is Title.SECRETARY)]
        logins.append(Login(f"bithu.{cell.code}", secretary.full_name, Role.SECRETARY, cell.code, secretary.key))
    ordinary = next(p for p in people if p.cell == "cb-bon" and not p.is_officer and p.left is None and not p.moves and p.exempt_on is None)
    logins.append(Login("dangvien", ordinary.full_name, Role.MEMBER, "cb-bon", ordinary.key))
    return logins
