"""What we ask about year-end packs: what one says today, those that were kept, and how two of them differ."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor, Permission
from ..db import db
from ..errors import NotVisible
from ..org.models import Unit, unit_within
from ..org.scope import visible
from ..targets import queries as targets
from ..targets import resolution_queries
from ..targets.entry_queries import Entered
from ..targets.queries import Result
from . import pack_guarded_queries as guarded
from . import pack_section_queries as sections
from . import pack_statistics_queries as statistics
from . import pack_target_queries as aims
from .models import PackFormat, ReportPack, ReportPackFile
from .pack import Pack, Section, fingerprint, in_vietnamese

Make = Callable[[Actor, int, dt.date, Unit], Section | None]

#: The report in its order: what each section takes, and the function that answers it.
SECTIONS: tuple[tuple[Permission, Make], ...] = (
    (Permission.MEMBERS_READ, sections.membership),
    (Permission.MEMBERS_READ, statistics.movement),
    (Permission.MEMBERS_READ, statistics.make_up),
    (Permission.MEMBERS_READ, sections.admissions),
    (Permission.MEETINGS_READ, sections.sittings),
    (Permission.RATINGS_READ, sections.levels),
    (Permission.TARGETS_READ, aims.aims),
    (Permission.TRAINING_READ, sections.classes),
    (Permission.STAFF_READ, sections.organisations),
    (Permission.MEMBERS_READ, sections.committee),
    (Permission.INSPECTIONS_COUNT, guarded.checks),
    (Permission.DISCIPLINE_READ, guarded.punished),
)


def offered(actor: Actor) -> list[Unit]:
    """The units on which the reader may ask for a pack, the widest first."""
    query = visible(Unit, actor).where(Unit.dissolved_on.is_(None))
    return list(db.session.scalars(query.order_by(sa.func.length(Unit.path), Unit.name_sort, Unit.id)))


def gather(actor: Actor, year: int, on: dt.date | None = None, unit: Unit | None = None) -> Pack:
    """The year of a unit (the widest that the reader has) as she may see it today, up to the day `on`.

    A section is there where its permission covers the whole unit, and is not spoken of where it does not. The number of
    statements does not grow with cells or members. Raises NotVisible for a unit beyond her reach, RuleBroken as
    `targets.reference_day`.
    """
    day = targets.reference_day(year, on)
    unit = unit or next(iter(offered(actor)), None)
    if unit is None or not actor.reach().covers(unit.path):
        raise NotVisible("unit")
    made, needs = [], []
    with in_vietnamese():
        for permission, make in SECTIONS:
            if _covers(actor, permission, unit):
                section = make(actor.using(permission), year, day, unit)
                if section is not None:
                    made.append(section)
                    needs.append(permission)
        parameters = _parameters(actor, year, day, unit, made, needs)
    return Pack(year, day, unit.id, unit.code, unit.name, unit.kind, tuple(made), tuple(parameters["permissions"]), parameters)


def _covers(actor: Actor, permission: Permission, unit: Unit) -> bool:
    return actor.may(permission) and actor.using(permission).reach().covers(unit.path)


def _parameters(
    actor: Actor, year: int, day: dt.date, unit: Unit, made: list[Section], needs: list[Permission]
) -> dict[str, Any]:  # fmt: skip
    """What the figures rest on: the thresholds with their sources, how far the maker saw, and what her figures took."""
    used = set(needs)
    for section in made:
        for roster in section.annex:
            used |= set(aims.names_take(roster.kind))
    judged: list[Result] = []
    entered: list[Entered] = []
    if Permission.TARGETS_READ in used:
        reader = actor.using(Permission.TARGETS_READ)
        judged = aims.results(reader, year, day, unit)
        entered = aims.entered_beside(reader, judged, year, day, unit)
    return {
        "compared_with": sections.year_before(day).isoformat(),
        "permissions": sorted(one.value for one in used),
        "reach": list(actor.reach().paths),
        "unit": unit.code,
        "targets": {
            one.no: {
                "threshold": one.plain_threshold, "comparator": one.comparator, "citation": one.citation.text if one.citation else None,
            }
            for one in judged
        } | {
            one.no: {"threshold": float(one.rule.value), "comparator": one.rule.comparator, "citation": one.rule.cite.text}
            for one in entered if one.rule is not None
        },
    }  # fmt: skip


def _kept_days() -> list[tuple[int, dt.date]]:
    """Year and day of every kept pack, whoever may read it: its figures rest on the thresholds of that day."""
    return [(year, day) for year, day in db.session.execute(sa.select(ReportPack.year, ReportPack.day).distinct())]


resolution_queries.relying.append(_kept_days)


# -- kept packs -------------------------------------------------------------------------------------------------------


def _seen(actor: Actor) -> sa.Select[ReportPack]:
    """The packs of which the reader may see every figure. Whose figures of discipline one sees depends on who one is, so a pack
    that has them is its maker's alone."""
    query = visible(ReportPack, actor)
    for permission in Permission:
        takes = ReportPack.needs.contains(f" {permission.value} ", autoescape=True)
        query = query.where(sa.or_(sa.not_(takes), unit_within(ReportPack.unit_id, actor.using(permission).reach())))
    takes = ReportPack.needs.contains(f" {Permission.DISCIPLINE_READ.value} ", autoescape=True)
    return query.where(sa.or_(sa.not_(takes), ReportPack.made_by_id == actor.user_id))


class Kept(NamedTuple):
    """A kept pack and the name of its unit."""

    pack: ReportPack
    unit: str


def kept(actor: Actor, *, limit: int, offset: int = 0) -> list[Kept]:
    """The packs that the reader may see, the newest first."""
    query = _seen(actor).join(Unit, Unit.id == ReportPack.unit_id).add_columns(Unit.name)
    query = query.order_by(ReportPack.made_at.desc(), ReportPack.id.desc()).limit(limit).offset(offset)
    return [Kept(pack, name) for pack, name in db.session.execute(query)]


def kept_count(actor: Actor) -> int:
    """How many packs the reader may see."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_seen(actor).subquery())) or 0


def one(actor: Actor, pack_id: int) -> Kept:
    """One pack. Raises NotVisible, also where it has figures that the reader may not see."""
    query = _seen(actor).join(Unit, Unit.id == ReportPack.unit_id).add_columns(Unit.name).where(ReportPack.id == pack_id)
    found = db.session.execute(query).first()
    if found is None:
        raise NotVisible("ReportPack")
    return Kept(*found)


def others(actor: Actor, found: ReportPack, limit: int = 20) -> list[ReportPack]:
    """The other packs of the same unit that the reader may see, the newest first."""
    query = _seen(actor).where(ReportPack.unit_id == found.unit_id, ReportPack.id != found.id)
    return list(db.session.scalars(query.order_by(ReportPack.made_at.desc(), ReportPack.id.desc()).limit(limit)))


def hashes(found: ReportPack) -> dict[PackFormat, str]:
    """The forms in which a pack that the caller was shown is kept, each with its SHA-256."""
    query = sa.select(ReportPackFile.format, ReportPackFile.sha256).where(ReportPackFile.pack_id == found.id)
    return dict(sorted((form, sha256) for form, sha256 in db.session.execute(query)))


def content(found: ReportPack, form: PackFormat) -> bytes:
    """The file of a pack that the caller was shown. Raises NotVisible where there is none in that form."""
    query = sa.select(ReportPackFile.content).where(ReportPackFile.pack_id == found.id, ReportPackFile.format == form)
    held = db.session.scalar(query)
    if held is None:
        raise NotVisible("ReportPackFile")
    return held


def lines(found: ReportPack) -> list[dict[str, Any]]:
    """The lines of a pack as they were kept."""
    told: list[dict[str, Any]] = json.loads(found.lines)
    return told


class Difference(NamedTuple):
    """A line in two packs: `state` is same, changed, new (only in the second) or gone (only in the first)."""

    key: str
    label: str
    state: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


#: What makes a line another line; its words follow from these and from the day.
_COMPARED = ("value", "part", "whole", "threshold", "met", "last")


def compare(first: ReportPack, second: ReportPack) -> list[Difference]:
    """Every line of two packs, in the order of the second, those that are gone at the end."""
    before, after = ({line["key"]: line for line in lines(one_)} for one_ in (first, second))
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            state = "new" if old is None else "gone"
        else:
            state = "same" if all(old[name] == new[name] for name in _COMPARED) else "changed"
        found.append(Difference(key, (new or old or {})["label"], state, old, new))
    return found


def pack_faults() -> list[str]:
    """For `verify`: packs and files that are not as they were made, one Vietnamese sentence each."""
    faults = []
    files = sa.select(ReportPackFile).order_by(ReportPackFile.id).execution_options(yield_per=10)
    held: dict[int, set[PackFormat]] = {}
    for file in db.session.scalars(files):
        held.setdefault(file.pack_id, set()).add(file.format)
        if hashlib.sha256(file.content).hexdigest() != file.sha256:
            faults.append(f"Báo cáo năm mã {file.pack_id}: tệp {file.format} không còn như khi lập.")
        db.session.expunge(file)
    for found in db.session.scalars(sa.select(ReportPack).order_by(ReportPack.id)):
        if not _is_whole(found):
            faults.append(f"Báo cáo năm mã {found.id}: số liệu không còn như khi lập.")
        faults += [f"Báo cáo năm mã {found.id}: mất tệp {form}." for form in PackFormat if form not in held.get(found.id, ())]
    return faults


def _is_whole(found: ReportPack) -> bool:
    try:
        parameters: dict[str, Any] = json.loads(found.parameters)
        said = lines(found)
        return found.line_count == len(said) and fingerprint(found.year, found.day, parameters["unit"], said, parameters) == found.sha256
    except (ValueError, KeyError, TypeError):
        return False
