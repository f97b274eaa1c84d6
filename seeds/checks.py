"""Inspections and supervisions: those of the former communes' last term as the report counts them, and the programmes since.

The report: Cà Nàng held 17, after which 16 members were disciplined; Chiềng Khay inspected 16 organisations and 7 members; Mường
Chiên (old) held 10, after which 3 members were reprimanded. Whom and when is invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from partyreg import access
from partyreg.access import Permission
from partyreg.discipline.models import Source
from partyreg.inspections import actions, queries, step_actions
from partyreg.inspections.models import Inspection
from partyreg.members.models import Body
from partyreg.org import queries as org
from partyreg.org.models import Unit
from partyreg.rulebook.inspection import InspectingBody, InspectionConclusion, InspectionKind, InspectionMatter, InspectionStep

from . import discipline
from .places import CA_NANG, CELLS, CHIENG_KHAY, MUONG_CHIEN, ROOT, Former
from .plan import START, Plan

_K, _B, _M, _C = InspectionKind, InspectingBody, InspectionMatter, InspectionConclusion
Units = Mapping[str, Unit]
Step = tuple[dt.date, Callable[[], object]]
_TITLES = {
    _K.SIGNS: ("Việc chấp hành những điều đảng viên không được làm", _M.FORBIDDEN),
    _K.COMPLIANCE: ("Việc chấp hành quy chế làm việc và nguyên tắc tập trung dân chủ", _M.REGULATIONS),
    _K.FINANCE: ("Việc thu, nộp và sử dụng đảng phí", _M.DUTIES),
    _K.SUPERVISION: ("Việc duy trì nền nếp sinh hoạt chi bộ", _M.REGULATIONS),
    _K.THEMATIC: ("Việc học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh", _M.ETHICS),
    _K.DISCIPLINE: ("Việc thi hành kỷ luật trong Đảng", _M.DUTIES),
}


@dataclass(frozen=True, slots=True)
class Check:
    """An inspection: `begun_on` is the decision's day; a plan, a report and the conclusion follow (`done`: up to which)."""

    unit: str
    body: InspectingBody
    kind: InspectionKind
    begun_on: dt.date
    units: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    found: InspectionConclusion = _C.GOOD
    mend_days: int = 0
    mended: bool = True
    done: int = 4  # how many of the four papers there are
    dropped: str = ""
    besides: bool = False

    @property
    def papers(self) -> tuple[tuple[InspectionStep, dt.date], ...]:
        """The papers with their days."""
        days = (0, 3, 30, 45)
        return tuple((step, self.begun_on + dt.timedelta(days=days[n])) for n, step in enumerate(InspectionStep))


def _people(plan: Plan, former: Former, day: dt.date, number: int) -> list[str]:
    """The keys of members of the former commune's village cells, who were there on that day and are still; nobody twice."""
    codes = {cell.code for cell in CELLS if cell.former is former and cell.is_village}
    found = [p for p in plan.people if p.home_on(day) in codes and not p.is_officer and p.left is None and not p.moves]
    return [person.key for person in found[:: max(1, len(found) // number)]][:number]


def _cells(former: Former, day: dt.date) -> list[str]:
    return [cell.code for cell in CELLS if cell.former is former and cell.founded_on <= day]


def of_the_term(plan: Plan) -> list[Check]:
    """The inspections of the three former communes from 2020 to 2025."""
    first = dt.date(2020, 9, 7)
    checks: list[Check] = []

    def add(
        former: Former, kind: InspectionKind, units: Sequence[str] = (), members: Sequence[str] = (), found: InspectionConclusion = _C.GOOD
    ) -> None:
        begun = first + dt.timedelta(days=43 * (len(checks) % 38))
        body = _B.COMMISSION if len(checks) % 3 else _B.COMMITTEE
        checks.append(Check(former.code, body, kind, begun, tuple(units), tuple(members), found))

    def signs(former: Former, together: int) -> None:
        """Those inspections after which somebody was disciplined: the same people, and concluded before the decision was signed."""
        after = [one for one in decided if one.former is former and one.source is not Source.SELF_REPORT]
        after.sort(key=lambda one: one.signed_on)
        for number in range(0, len(after), together):
            concerned = after[number : number + together]
            begun = concerned[0].signed_on - dt.timedelta(days=60)
            keys = tuple(one.person for one in concerned)
            checks.append(Check(former.code, _B.COMMISSION, _K.SIGNS, begun, (), keys, _C.DISCIPLINE, besides=True))

    decided, cells = discipline.papers(plan), _cells(CA_NANG, first)
    signs(CA_NANG, 2)
    for number in range(9):
        kind = (_K.COMPLIANCE, _K.SUPERVISION, _K.FINANCE)[number % 3]
        add(CA_NANG, kind, units=[cells[number % len(cells)]], found=_C.NOT_GOOD if number == 4 else _C.GOOD)
    people, cells = _people(plan, CHIENG_KHAY, first, 6), _cells(CHIENG_KHAY, first)
    for number in range(8):
        kind = (_K.COMPLIANCE, _K.SUPERVISION, _K.THEMATIC, _K.DISCIPLINE)[number % 4]
        add(CHIENG_KHAY, kind, units=[cells[(2 * number + n) % len(cells)] for n in (0, 1)])
    for number in range(3):
        add(CHIENG_KHAY, _K.COMPLIANCE, members=people[2 * number : 2 * number + 2])
    signs(CHIENG_KHAY, 1)
    cells = _cells(MUONG_CHIEN, first)
    signs(MUONG_CHIEN, 1)
    for number in range(7):
        add(MUONG_CHIEN, (_K.COMPLIANCE, _K.SUPERVISION)[number % 2], units=[cells[number % len(cells)]])
    return checks


def since(today: dt.date) -> list[Check]:
    """The programmes of 2025 and 2026 in the new commune: some done, one mended late, one behind, one dropped, one to come."""
    on = dt.date
    checks = [
        Check(ROOT, _B.COMMISSION, _K.COMPLIANCE, on(2025, 8, 11), ("cb-khau-pum", "cb-phieng-bay")),
        Check(ROOT, _B.STANDING, _K.SUPERVISION, on(2025, 9, 8), ("cb-uy-ban",)),
        Check(ROOT, _B.COMMISSION, _K.FINANCE, on(2025, 9, 22), ("cb-co-noi", "cb-quyen"), found=_C.FAULTS, mend_days=60),
        Check(ROOT, _B.COMMISSION, _K.THEMATIC, on(2025, 10, 6), ("cb-cong-an",)),
        Check(ROOT, _B.COMMISSION, _K.COMPLIANCE, on(2026, 2, 23), ("cb-na-pong", "cb-bon")),
        Check(ROOT, _B.STANDING, _K.THEMATIC, on(2026, 3, 16), ("cb-thcs-chieng-khay",)),
        Check(ROOT, _B.COMMISSION, _K.FINANCE, on(2026, 4, 6), ("cb-he", "cb-long-o"), found=_C.FAULTS, mend_days=90, mended=False),
        Check(ROOT, _B.COMMISSION, _K.DISCIPLINE, on(2026, 5, 11), ("cb-co-phat",)),
        Check(ROOT, _B.ADVISORY, _K.SUPERVISION, on(2026, 6, 8), ("cb-tram-y-te",)),
        Check(ROOT, _B.COMMISSION, _K.COMPLIANCE, on(2026, 8, 17), ("cb-huoi-pho",), done=3),
        Check(ROOT, _B.COMMISSION, _K.THEMATIC, on(2026, 9, 14), ("cb-na-ke",), dropped="Điều chỉnh chương trình."),
        Check(ROOT, _B.STANDING, _K.COMPLIANCE, on(2026, 10, 12), ("cb-mn-ca-nang",), done=0),
        Check(ROOT, _B.COMMISSION, _K.SUPERVISION, on(2026, 12, 7), ("cb-pa-lau",)),
    ]  # fmt: skip
    checks += [
        Check(code, _B.CELL, _K.SUPERVISION, on(2026, month, 9), (code,))
        for code, month in (("cb-bon", 3), ("cb-he", 5), ("cb-phieng-bay", 6), ("cb-co-noi", 9), ("cb-quyen", 12))
    ]
    return [check for check in checks if _planned_on(check) <= today]


def _planned_on(check: Check) -> dt.date:
    """The programme of a year is made in January; that of 2025 on the day the commune began."""
    return START if check.begun_on.year <= START.year else dt.date(check.begun_on.year, 1, 15)


def steps(plan: Plan, units: Units, ids: Mapping[str, int]) -> Iterator[Step]:
    """The term's inspections at once on the register's first day, from the former communes' papers; the later ones step by step."""
    for check in of_the_term(plan):
        yield START, partial(_whole, check, ids)
    team = [ids[office.person] for office in plan.offices if office.body is Body.INSPECTION and office.ended_on is None]
    for number, check in enumerate(since(plan.today), start=1):
        made: list[Inspection] = []
        yield _planned_on(check), partial(_plan, check, units[check.unit], ids, made, team[:3] if check.unit == ROOT else [])
        if check.dropped:
            if check.begun_on <= plan.today:
                yield check.begun_on, partial(_cancel, check, made)
            continue
        for step, day in check.papers[: check.done]:
            alone = check.body is _B.CELL and step in (InspectionStep.DECISION, InspectionStep.PLAN)
            if day <= plan.today and not alone:
                yield day, partial(_paper, check, made, step, day, number)
        if check.done == 4 and check.mend_days and check.mended and (on := check.papers[3][1] + dt.timedelta(days=50)) <= plan.today:
            yield on, partial(_mend, made, on)


def _keeping() -> access.Actor:
    return access.system("demo").using(Permission.INSPECTIONS_KEEP)


def _whole(check: Check, ids: Mapping[str, int]) -> None:
    made: list[Inspection] = []
    _plan(check, org.by_code(access.system("demo").using(Permission.UNITS_READ), check.unit), ids, made, [])
    for number, (step, day) in enumerate(check.papers, start=1):
        _paper(check, made, step, day, number)


def _plan(check: Check, unit: Unit, ids: Mapping[str, int], made: list[Inspection], team: Sequence[int]) -> None:
    title, matter = _TITLES[check.kind]
    row = actions.plan(
        _keeping(), unit, title=title, body=check.body, kind=check.kind, matter=matter, planned_on=check.begun_on,
        is_planned=not check.besides,
    )  # fmt: skip
    reader = access.system("demo").using(Permission.UNITS_READ)
    for code in check.units:
        actions.add_unit(_keeping(), row, org.by_code(reader, code))
    for key in check.members:
        actions.add_member(_keeping(), row, ids[key])
    for number, person_id in enumerate(team):
        actions.add_to_team(_keeping(), row, person_id, is_head=number == 0)
    made.append(row)


def _paper(check: Check, made: list[Inspection], step: InspectionStep, day: dt.date, number: int) -> None:
    series = {InspectionStep.DECISION: "QĐ", InspectionStep.PLAN: "KH", InspectionStep.REPORT: "BC", InspectionStep.CONCLUSION: "TB"}[step]
    name = f"{number:02d}-{series}/{'UBKT' if check.body is _B.COMMISSION else 'CB' if check.body is _B.CELL else 'ĐU'}"
    row = made[0]
    if step is not InspectionStep.CONCLUSION:
        step_actions.record_step(_keeping(), row, row.version, step, day, name)
        return
    given: dict[int, InspectionConclusion | None] = {one.id: check.found for one in queries.subjects(_keeping(), row)}
    mend_by = day + dt.timedelta(days=check.mend_days) if check.mend_days else None
    step_actions.conclude(_keeping(), row, row.version, on=day, number=name, conclusions=given, mend_by=mend_by)


def _mend(made: list[Inspection], on: dt.date) -> None:
    step_actions.mend(_keeping(), made[0], made[0].version, on, "Đã nộp đủ đảng phí, bổ sung sổ thu và chữ ký.")


def _cancel(check: Check, made: list[Inspection]) -> None:
    actions.cancel(_keeping(), made[0], made[0].version, check.dropped)
