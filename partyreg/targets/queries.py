"""What we ask about the targets: how far they are met, and who stands on either side."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..db import db
from ..errors import NotVisible, RuleBroken
from ..i18n import _, fmt_date, fmt_exact, fmt_percent, percentage
from ..members import queries as members
from ..members.models import Member, Person
from ..org.former_queries import Place
from ..org.models import Unit, UnitKind
from ..ratings.models import Level, MemberRating, NotRated, UnitRating
from ..resolutions.queries import book, threshold
from ..rulebook.book import LAW
from ..rulebook.committee import needs_cell_committee
from ..rulebook.finding import Finding, Severity
from ..rulebook.targets import Threshold, named
from ..rulebook.timeline import Citation
from ..staff import queries as staff
from ..staff.models import Staff, StaffKind, StaffRating
from .measures import STAFF, TERM, Ids, Kind, Measure, admitted_in_term, counted_on

#: How many names a sentence about missing data tells.
_NAMED = 10
_FIRST_YEAR = 1930
#: The measures that count levels, which carry no day of their own.
OF_A_YEAR = ("21a", "21b", "21c", "21d", "24a", "25a")


class Side(StrEnum):
    """Which of a target's people or cells: the part, the whole, the whole without the part, or those whose data lack."""

    PART = "part"
    REST = "rest"
    WHOLE = "whole"
    MISSING = "missing"


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """One target, measured. `value` and `threshold` are percent; `met` is None while data lack or nothing was set."""

    no: str
    name: str
    kind: Kind
    part: int
    whole: int
    value: Decimal | None
    threshold: int | Decimal | None
    comparator: str | None
    met: bool | None
    on: dt.date
    period: str
    citation: Citation | None
    missing: tuple[str, ...]
    lacking: int = 0
    counts: str = ""  # the measure's key
    is_partial: bool = False  # the value is that of the others: some whose data lack are left out

    @property
    def sign(self) -> str:
        """The comparison as people write it."""
        return {">=": "≥", "<=": "≤"}.get(self.comparator or "", self.comparator or "")

    @property
    def aim_text(self) -> str | None:
        """The threshold as people write it; None where there is none."""
        return None if self.threshold is None else f"{self.sign} {fmt_exact(self.threshold)} %"

    @property
    def plain_threshold(self) -> int | float | None:
        """The threshold as JSON has it."""
        return float(self.threshold) if isinstance(self.threshold, Decimal) else self.threshold

    @property
    def text(self) -> str:
        """The figure as a sentence, for the gauge and whoever hears it."""
        figures = {"part": self.part, "whole": self.whole, "on": fmt_date(self.on)}
        if self.value is None:
            return str(_("%(part)s, chưa tính được tỷ lệ, đến %(on)s", **figures))
        return str(_("%(part)s/%(whole)s = %(value)s, đến %(on)s", value=fmt_percent(self.value), **figures))

    def as_json(self) -> dict[str, Any]:
        """The plain form that the command line prints."""
        return {
            "no": self.no, "name": self.name, "part": self.part, "whole": self.whole,
            "value": None if self.value is None else float(self.value), "threshold": self.plain_threshold, "comparator": self.comparator,
            "met": self.met, "on": self.on.isoformat(), "period": self.period,
            "citation": self.citation.text if self.citation else None, "missing": list(self.missing),
        }  # fmt: skip


def reference_day(year: int, on: dt.date | None = None) -> dt.date:
    """The day for which a year is measured: `on`, at the latest 31 December and today.

    Raises RuleBroken for a year that has not begun, or an `on` before it.
    """
    today = clock.today()
    if not _FIRST_YEAR <= year <= today.year:
        raise RuleBroken([refusal("year", _("Năm phải từ %(first)s đến %(last)s.", first=_FIRST_YEAR, last=today.year))])
    day = min(dt.date(year, 12, 31), today, on or dt.date.max)
    if day.year < year:
        text = _("Ngày %(day)s ở trước năm %(year)s. Hãy chọn ngày trong năm.", day=fmt_date(day), year=year)
        raise RuleBroken([refusal("on", text)])
    return day


def refusal(field: str, message: str) -> Finding:
    """Why a question about the targets cannot be answered."""
    return Finding(code=f"target.{field}", field=field, severity=Severity.BLOCK, message=message)


def evaluate(actor: Actor, year: int, on: dt.date | None = None, unit: Place | None = None) -> list[Result]:
    """The targets of a year that measures count (21a to 25b, unless a resolution set others), for the visible units (below `unit`, or of
    that part).

    Raises RuleBroken as `reference_day`.
    """
    day = reference_day(year, on)
    return _results([make(actor, year, day, unit) for make in counted_on(day).values()])


def compared(actor: Actor, year: int, on: dt.date, unit: Place | None = None) -> list[Result]:
    """The counted targets of an earlier year as a later one is held against them: on the day, but levels on the year's last."""
    found = []
    for make in counted_on(on).values():
        one = make(actor, year, on, unit)
        found.append(make(actor, year, reference_day(year), unit) if one.counts in OF_A_YEAR else one)
    return _results(found)


def term_result(actor: Actor, year: int, on: dt.date | None = None, unit: Place | None = None) -> Result | None:
    """The admissions of the term that the year touches, against the number set for it; None for a term without a number."""
    found = admitted_in_term(actor, year, reference_day(year, on), unit)
    return result(found) if found else None


def term_results_json(actor: Actor) -> list[dict[str, Any]]:
    """The whole terms that had a number of admissions to reach, in the plain form that the command line prints."""
    provisions = book().timeline(f"target.{TERM}").provisions
    years = [(after.since - dt.timedelta(days=1)).year for before, after in pairwise(provisions) if before.value is not None]
    found = [term_result(actor, year) for year in years]
    return [one.as_json() for one in found if one is not None]


def results_json(actor: Actor, year: int, on: dt.date | None = None, unit: Place | None = None) -> list[dict[str, Any]]:
    """The targets in the plain form that the command line prints. Raises RuleBroken as `reference_day`."""
    return [result.as_json() for result in evaluate(actor, year, on, unit)]


def measure(actor: Actor, no: str, year: int, on: dt.date | None = None, unit: Place | None = None) -> Measure:
    """One target's selects. Raises NotVisible for an unknown number or a year without it; RuleBroken as `reference_day`."""
    day = reference_day(year, on)
    make = admitted_in_term if no == TERM else counted_on(day).get(no)
    found = make(actor, year, day, unit) if make else None
    if found is None:
        raise NotVisible(f"target {no} in {year}")
    return found


def result(found: Measure) -> Result:
    """One target, measured."""
    return _results([found])[0]


def _results(found: Sequence[Measure]) -> list[Result]:
    """All counts in one statement; then one statement for each different list of those whose data lack."""
    asked = [_count(side) for one in found for side in (one.part, one.whole) if side is not None]
    counts = iter(db.session.execute(sa.select(*(query.label(f"n{i}") for i, query in enumerate(asked)))).one())
    told: dict[tuple[Kind, bool], tuple[int, tuple[str, ...]]] = {}
    results = []
    for one in found:
        part = next(counts)
        whole = next(counts) if one.whole is not None else (one.goal or 0)
        lacking: tuple[int, tuple[str, ...]] = (0, ())
        if one.lacking is not None:
            # 21a and 21c, 21b and 21d lack the same.
            key = one.kind, one.sizes is None
            lacking = told[key] = told.get(key) or _lacking(one)
        results.append(_judged(one, part, whole, *lacking))
    return results


def _count(ids: Ids) -> sa.ScalarSelect[int]:
    inner = ids.subquery()
    return sa.select(sa.func.count(sa.distinct(inner.c[0]))).select_from(inner).scalar_subquery()


def _lacking(one: Measure) -> tuple[int, tuple[str, ...]]:
    """How many lack data, and a sentence that names the first of them."""
    kind, ids = one.kind, one.lacking
    if ids is None:
        return 0, ()
    if kind in STAFF:
        named = sa.select(staff.NAME, sa.func.count().over()).select_from(Staff).outerjoin(Staff.person).where(Staff.id.in_(ids))
        named = named.order_by(staff.NAME_SORT, Staff.id)
    else:
        table: Any = Unit if kind is Kind.UNITS else Person
        name = Unit.name if kind is Kind.UNITS else Person.full_name
        named = sa.select(name, sa.func.count().over()).where(table.id.in_(ids)).order_by(table.name_sort, table.id)
    rows = db.session.execute(named.limit(_NAMED)).all()
    if not rows:
        return 0, ()
    count = rows[0][1]
    facts = {"count": count, "names": ", ".join(row[0] for row in rows), "more": count - len(rows)}
    if one.sizes is not None and count > len(rows):
        return count, (_("%(count)s chi bộ bản chưa ghi ai giữ chức vụ: %(names)s và %(more)s chi bộ khác", **facts),)
    if one.sizes is not None:
        return count, (_("%(count)s chi bộ bản chưa ghi ai giữ chức vụ: %(names)s", **facts),)
    if kind is Kind.UNITS and count > len(rows):
        return count, (_("%(count)s chi bộ chưa xếp loại: %(names)s và %(more)s chi bộ khác", **facts),)
    if kind is Kind.UNITS:
        return count, (_("%(count)s chi bộ chưa xếp loại: %(names)s", **facts),)
    if kind is Kind.ORGANISATIONS:
        return count, (_("%(count)s tổ chức chưa xếp loại: %(names)s", **facts),)
    if kind in STAFF and count > len(rows):
        return count, (_("%(count)s cán bộ, công chức chưa xếp loại: %(names)s và %(more)s người khác", **facts),)
    if kind in STAFF:
        return count, (_("%(count)s cán bộ, công chức chưa xếp loại: %(names)s", **facts),)
    if count > len(rows):
        return count, (_("%(count)s đảng viên chưa có kết quả xếp loại: %(names)s và %(more)s người khác", **facts),)
    return count, (_("%(count)s đảng viên chưa có kết quả xếp loại: %(names)s", **facts),)


class _Aim(NamedTuple):
    """What was set: percent, comparison, source."""

    percent: int | Decimal
    comparator: str
    cite: Citation
    rule: Threshold | None


def _aim(one: Measure) -> _Aim | None:
    if one.no == TERM:
        found = book().find(f"target.{TERM}", one.on)
        return _Aim(100, ">=", found.citation, None) if found else None
    rule = threshold(one.no, one.on)
    return _Aim(rule.value, rule.comparator, rule.cite, rule) if rule else None


def _judged(one: Measure, part: int, whole: int, lacking: int, told: tuple[str, ...]) -> Result:
    aim = _aim(one)
    missing = [*one.missing, *one.gaps, *told]
    if aim is None:
        missing.append(_("Chưa có chỉ tiêu có hiệu lực ngày %(day)s", day=fmt_date(one.on)))
    if not whole and not missing:
        missing.append(_("Chưa có số liệu để so sánh"))
    met: bool | None = None
    if aim is not None and whole and not missing:
        exact = Fraction(part * 100, whole)
        met = aim.rule.is_met(exact) if aim.rule else exact >= aim.percent
    # What a measure itself calls unknown has no value; where only some have no data yet, it is the value of the others.
    value = None if one.missing else percentage(part, whole)
    label = book().timeline(f"target.{TERM}").label if one.no == TERM else named(one.no, one.on, book())[0]
    return Result(
        one.no, label, one.kind, part, whole, value,
        aim.percent if aim else None, aim.comparator if aim else None, met, one.on, one.period, aim.cite if aim else None,
        tuple(missing), lacking, one.counts, bool(lacking or one.gaps),
    )  # fmt: skip


def side_ids(found: Measure, side: Side) -> Ids:
    """The ids of one side of a measure, from the very selects that were counted."""
    if side is Side.PART:
        return found.part
    if side is Side.MISSING:
        return found.lacking if found.lacking is not None else found.part.where(sa.false())
    whole = found.whole if found.whole is not None else found.part.where(sa.false())
    if side is Side.WHOLE:
        return whole
    column = next(iter(whole.selected_columns))
    return whole.where(column.not_in(found.part))


class Line(NamedTuple):
    """One cell or person of a drill-down; `fact` is her level, the reason for none, the day of admission or of the last class, or how
    many hold an office in the committee."""

    id: int
    name: str
    place: str | UnitKind | StaffKind
    born_on: dt.date | None
    fact: Level | NotRated | dt.date | int | None
    key: str | int | None  # the post of an official; else what her page is called, where the actor may open it


def count(found: Measure, side: Side) -> int:
    """How many stand on a side."""
    return db.session.scalar(sa.select(_count(side_ids(found, side)))) or 0


def counts(asked: Sequence[tuple[Measure, Side]]) -> list[int]:
    """How many stand on each of the sides, in one statement."""
    sides = (_count(side_ids(found, side)).label(f"n{i}") for i, (found, side) in enumerate(asked))
    return [*db.session.execute(sa.select(*sides)).one()]


def listing(actor: Actor, found: Measure, side: Side, year: int, *, limit: int | None = None, offset: int = 0) -> list[Line]:
    """Exactly those whom the count of that side counted, in Vietnamese order."""
    if found.kind in STAFF:
        query = _staff(found, side, year)
    elif found.days is not None:
        query = _holders(actor, found, found.days, side)
    else:
        query = _units(found, side, year) if found.kind is Kind.UNITS else _people(actor, found, side, year)
    if limit is not None:
        query = query.limit(limit).offset(offset)
    if found.days is not None:
        return [Line(i, name, place, born_on, day, i if mine else None) for i, name, born_on, place, mine, day in db.session.execute(query)]
    if found.kind in STAFF:
        return [Line(i, name, kind, None, level, post) for i, name, kind, post, level in db.session.execute(query)]
    if found.kind is Kind.UNITS:
        return [Line(i, name, kind, None, level, code) for i, name, kind, code, level in db.session.execute(query)]
    return [
        Line(i, name, place, born_on, admitted_on if found.of_admissions else level or not_rated, i if mine else None)
        for i, name, born_on, place, mine, admitted_on, level, not_rated in db.session.execute(query)
    ]


def too_small(actor: Actor, found: Measure) -> tuple[list[str], Citation | None]:
    """The cells without a committee that have too few full members to elect one on the day, by name, and the law that says so."""
    law = LAW.find("committee.cell_min_full_members", found.on)
    if found.sizes is None or law is None:
        return [], None
    full = {unit_id: count for unit_id, (_all, count) in members.counts_by_unit(actor, found.on).items()}
    rest = db.session.execute(sa.select(Unit.id, Unit.name).where(Unit.id.in_(side_ids(found, Side.REST))).order_by(Unit.name_sort)).all()
    return [name for unit_id, name in rest if not needs_cell_committee(full.get(unit_id, 0), found.on)], law.citation


def _units(found: Measure, side: Side, year: int) -> sa.Select[*tuple[Any, ...]]:
    if found.sizes is not None:
        size = found.sizes.subquery()
        return (
            sa.select(Unit.id, Unit.name, Unit.kind, Unit.code, sa.func.coalesce(size.c.people, 0))
            .outerjoin(size, size.c.unit_id == Unit.id)
            .where(Unit.id.in_(side_ids(found, side)))
            .order_by(Unit.name_sort, Unit.id)
        )
    return (
        sa.select(Unit.id, Unit.name, Unit.kind, Unit.code, UnitRating.level)
        .outerjoin(UnitRating, sa.and_(UnitRating.unit_id == Unit.id, UnitRating.year == year))
        .where(Unit.id.in_(side_ids(found, side)))
        .order_by(Unit.name_sort, Unit.id)
    )


def _staff(found: Measure, side: Side, year: int) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Staff.id, staff.NAME, Staff.kind, Staff.post, StaffRating.level)
        .outerjoin(Staff.person)
        .outerjoin(StaffRating, sa.and_(StaffRating.staff_id == Staff.id, StaffRating.year == year))
        .where(Staff.id.in_(side_ids(found, side)))
        .order_by(Staff.kind, staff.NAME_SORT, Staff.id)
    )


def _people(actor: Actor, found: Measure, side: Side, year: int) -> sa.Select[*tuple[Any, ...]]:
    """With the cell that rated the member that year, or else the cell that keeps her record."""
    reach = actor.reach()
    return (
        sa.select(Person.id, Person.full_name, Person.born_on, Unit.name, Person.within(reach), Member.decided_on,
                  MemberRating.level, MemberRating.not_rated)
        .join(Member, Member.id == Person.id)
        .outerjoin(MemberRating, sa.and_(MemberRating.member_id == Person.id, MemberRating.year == year, MemberRating.within(reach)))
        .join(Unit, Unit.id == sa.func.coalesce(MemberRating.unit_id, Person.unit_id))
        .where(Person.id.in_(side_ids(found, side)))
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip


def _holders(actor: Actor, found: Measure, days: Ids, side: Side) -> sa.Select[*tuple[Any, ...]]:
    """With the day of the last class; the page of one who is no member nobody opens."""
    day = days.subquery()
    return (
        sa.select(
            Person.id, Person.full_name, Person.born_on, Unit.name, sa.and_(Person.within(actor.reach()), Member.id.is_not(None)),
            day.c.ended_on,
        )
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Member, Member.id == Person.id)
        .outerjoin(day, day.c.person_id == Person.id)
        .where(Person.id.in_(side_ids(found, side)))
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
