"""The discipline of the term 2020-2025, as the report counts it by former commune, from its papers; and a little since.

Cà Nàng: 15 members reprimanded, one expelled. Chiềng Khay: one reprimanded by the committee after an inspection for signs of a
violation, 14 disciplined by their cells (the report names no forms: eleven reprimands and three warnings are invented). Mường
Chiên: three reprimanded over the population policy. Who, when and over what else is invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random

from partyreg import access
from partyreg.access import Permission
from partyreg.db import db
from partyreg.discipline import actions, fact_queries, ruling_actions
from partyreg.discipline.models import DisciplineCase, Source
from partyreg.discipline.ruling_actions import Counts
from partyreg.members.models import Exit, Member
from partyreg.org.models import Unit
from partyreg.rulebook.discipline import Content, Decider, Form, Part

from .people import between
from .places import BY_CODE, CA_NANG, CHIENG_KHAY, MUONG_CHIEN, Former
from .plan import SEED, START, Invented, Plan

_FIRST, _LAST = dt.date(2020, 9, 1), dt.date(2025, 5, 20)
_CONTENTS = (Content.DUTY, Content.ETHICS, Content.POPULATION, Content.LAND, Content.FORBIDDEN, Content.UNITY)
_KEEPER = access.system("demo").using(Permission.DISCIPLINE_KEEP)


@dataclass(frozen=True, slots=True)
class Paper:
    """A decision of the term: on whom, by whom, which form, over what."""

    person: str
    former: Former
    body: Decider
    form: Form
    source: Source
    content: Content
    acted_on: dt.date
    signed_on: dt.date
    published_on: dt.date
    number: str

    @property
    def issuer(self) -> str:
        """Whose decision the paper is."""
        return f"Đảng ủy xã {self.former.short} (cũ)"


def papers(plan: Plan) -> list[Paper]:
    """The decisions of the term; the same for the same plan."""
    rng = Random(f"{SEED} discipline")
    wanted: list[tuple[Former, Decider, Form, Source, Content | None]]
    wanted = [(CA_NANG, Decider.CELL, Form.REPRIMAND, Source.SIGNS, None)] * 15
    wanted += [(CHIENG_KHAY, Decider.COMMITTEE, Form.REPRIMAND, Source.SIGNS, None)]
    wanted += [(CHIENG_KHAY, Decider.CELL, Form.REPRIMAND, Source.SELF_REPORT, None)] * 11
    wanted += [(CHIENG_KHAY, Decider.CELL, Form.WARNING, Source.SELF_REPORT, None)] * 3
    wanted += [(MUONG_CHIEN, Decider.CELL, Form.REPRIMAND, Source.SIGNS, Content.POPULATION)] * 3
    used: set[str] = {login.person for login in plan.logins if login.person}
    found = []
    for former, body, form, source, content in wanted:
        signed = between(rng, _FIRST, _LAST)
        acted = signed - dt.timedelta(days=rng.randint(220, 500))
        person = rng.choice([one for one in plan.people if one.key not in used and _fits(one, former, acted)])
        used.add(person.key)
        found.append(
            Paper(person.key, former, body, form, source, content or rng.choice(_CONTENTS), acted, signed,
                  signed + dt.timedelta(days=rng.randint(1, 12)), f"{rng.randint(2, 90):02d}-QĐ/ĐU")
        )  # fmt: skip
    expelled = next(one for one in plan.people if one.left and one.left[0] is Exit.EXPELLED and one.left[1] < START)
    left = expelled.left[1] if expelled.left else START
    found.append(
        Paper(expelled.key, CA_NANG, Decider.STANDING, Form.EXPULSION, Source.COURT, Content.CORRUPTION,
              left - dt.timedelta(days=300), left - dt.timedelta(days=3), left, "17-QĐ/ĐU")
    )  # fmt: skip
    return found


def _fits(person: Invented, former: Former, acted: dt.date) -> bool:
    """A full member of a cell of that former commune then, who is still there and holds no office."""
    cell = BY_CODE[person.cell]
    is_there = person.posted_on is not None and person.posted_on <= acted and not person.moves and person.left is None
    return cell.former is former and is_there and person.full_then(acted) and not person.is_officer


def enter_past(plan: Plan, ids: Mapping[str, int]) -> None:
    """The decisions of the former communes are in the register, from their papers."""
    for paper in papers(plan):
        actions.enter_decided(
            _KEEPER, member=db.session.get_one(Member, ids[paper.person]), body=paper.body, source=paper.source, acted_on=paper.acted_on,
            content=paper.content, form=paper.form, issuer=paper.issuer, number=paper.number, signed_on=paper.signed_on,
            published_on=paper.published_on, delivered_on=paper.published_on,
        )  # fmt: skip


def expulsions(plan: Plan, ids: Mapping[str, int]) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """Whoever was expelled since the register began: the whole case, on the day on which it took effect."""
    for person in plan.people:
        if person.left is not None and person.left[0] is Exit.EXPELLED and START < person.left[1] <= plan.today:
            yield person.left[1], partial(_expel, person.key, ids, person.left[1])


def _expel(key: str, ids: Mapping[str, int], on: dt.date) -> None:
    member = db.session.get_one(Member, ids[key])
    case = _open(member, Decider.STANDING, on - dt.timedelta(days=60), Content.FORBIDDEN)
    day = on - dt.timedelta(days=20)
    _conclude(case, day)
    _vote(case, Part.PROPOSES, Form.EXPULSION, day)
    _vote(case, Part.DECIDES, Form.EXPULSION, day + dt.timedelta(days=10))
    signed = on - dt.timedelta(days=5)
    ruling_actions.decide(_KEEPER, case, case.version, form=Form.EXPULSION, number="31-QĐ/ĐU", signed_on=signed)
    ruling_actions.publish(_KEEPER, case, case.version, on)
    ruling_actions.deliver(_KEEPER, case, case.version, on)


def steps(plan: Plan, units: Mapping[str, Unit], ids: Mapping[str, int]) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """Since: a cell has reprimanded a member, and the inspection commission has a case under way."""
    if plan.today < START + dt.timedelta(days=200):
        return
    taken = {paper.person for paper in papers(plan)} | {login.person for login in plan.logins}
    long_ago = plan.today - dt.timedelta(days=400)
    free = [one for one in plan.people if one.key not in taken and _fits(one, CHIENG_KHAY, long_ago) and one.exempt_on is None]
    yield plan.today, partial(_reprimand, free[0].key, ids, plan.today - dt.timedelta(days=70))
    yield plan.today, partial(_under_way, free[-1].key, ids, plan.today - dt.timedelta(days=18))


def _reprimand(key: str, ids: Mapping[str, int], on: dt.date) -> None:
    case = _open(db.session.get_one(Member, ids[key]), Decider.CELL, on, Content.DUTY)
    day = on + dt.timedelta(days=10)
    _conclude(case, day)
    _vote(case, Part.DECIDES, Form.REPRIMAND, day)
    signed = day + dt.timedelta(days=4)
    ruling_actions.decide(_KEEPER, case, case.version, form=Form.REPRIMAND, number="02-QĐ/CB", signed_on=signed)
    ruling_actions.publish(_KEEPER, case, case.version, signed)
    ruling_actions.deliver(_KEEPER, case, case.version, signed)


def _under_way(key: str, ids: Mapping[str, int], on: dt.date) -> None:
    case = _open(db.session.get_one(Member, ids[key]), Decider.COMMISSION, on, Content.LAND)
    actions.hear(_KEEPER, case, case.version, on + dt.timedelta(days=7))


def _open(member: Member, body: Decider, on: dt.date, content: Content) -> DisciplineCase:
    acted = on - dt.timedelta(days=90)
    return actions.open_case(
        _KEEPER, member=member, body=body, source=Source.INSPECTION, opened_on=on, acted_on=acted, content=content, paper="Báo cáo kiểm tra"
    )


def _conclude(case: DisciplineCase, on: dt.date) -> None:
    actions.hear(_KEEPER, case, case.version, on)
    actions.conclude(_KEEPER, case, case.version, on)


def _vote(case: DisciplineCase, part: Part, form: Form, on: dt.date) -> None:
    """All who count were there and agreed: of the cell as its roll says, of the standing committee its nine."""
    full, apart = fact_queries.roll_counts(case, on) if part is Part.PROPOSES or case.body is Decider.CELL else (9, 0)
    counts = Counts(present=full - apart, in_favour=full - apart, not_counted=apart, members=full)
    ruling_actions.record_vote(_KEEPER, case, case.version, part=part, form=form, held_on=on, counts=counts)
