"""What we do with the register of organisations and staff: enter, edit, end a line, and rate a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NoReturn

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..names import nfc, sort_key
from ..org import queries as org
from ..org.models import Unit
from ..org.scope import one, visible
from ..ratings.models import Level
from ..rulebook.finding import Finding, Severity
from . import queries
from .models import OFFICIALS, Staff, StaffKind, StaffRating

LONGEST_NAME = 120
LONGEST_PAPER = 80
#: The socio-political organisations are older than the register; nobody serves since before.
FIRST_DAY = dt.date(1930, 1, 1)


def _finding(code: str, field: str, message: str) -> Finding:
    return Finding(f"staff.{code}", field, Severity.BLOCK, message)


def _refuse(code: str, field: str, message: str) -> NoReturn:
    raise RuleBroken([_finding(code, field, message)])


@deed
def register(
    actor: Actor, *, kind: StaffKind, name: str, started_on: dt.date, post: str | None = None, is_member: bool = False
) -> Staff:  # fmt: skip
    """The organisation or official is on the commune's register from that day on.

    Raises RuleBroken without a name, for an official without a post, a day to come or absurdly early, and for what stands in the
    register already; NotVisible when the commune is out of reach.
    """
    unit = one(Unit, actor, Unit.id == org.root().id)
    facts = _facts(kind, name, post, is_member)
    if not FIRST_DAY <= started_on <= clock.today():
        text = _("Ngày bắt đầu phải từ %(first)s đến hôm nay.", first=fmt_date(FIRST_DAY))
        _refuse("started_on", "started_on", text)
    _not_twice(unit.id, kind, facts)
    made = Staff(unit_id=unit.id, kind=kind, started_on=started_on, **facts)
    db.session.add(made)
    db.session.flush()
    return made


@deed
def edit(actor: Actor, staff: Staff, version: int, *, name: str, post: str | None = None, is_member: bool = False) -> None:
    """The line says what is given.

    Raises Conflict when somebody changed it since `version`, RuleBroken as `register` and for a line that is ended, NotVisible.
    """
    standing = _open(actor, staff, version, {"name": nfc(name), "post": nfc(post or "") or None, "is_member": is_member})
    if standing.ended_on is not None:
        _refuse("ended", "", _("Dòng này đã thôi theo dõi từ ngày %(day)s.", day=fmt_date(standing.ended_on)))
    facts = _facts(standing.kind, name, post, is_member)
    _not_twice(standing.unit_id, standing.kind, facts, standing.id)
    for key, value in facts.items():
        if getattr(standing, key) != value:
            setattr(standing, key, value)


@deed
def leave(actor: Actor, staff: Staff, version: int, on: dt.date) -> None:
    """The organisation or official serves no longer from that day on; levels given stay.

    Raises Conflict when somebody changed it since `version`; RuleBroken when it is ended already, for a day to come or before it
    began; NotVisible.
    """
    standing = _open(actor, staff, version, {})
    if standing.ended_on is not None:
        _refuse("ended", "", _("Dòng này đã thôi theo dõi từ ngày %(day)s.", day=fmt_date(standing.ended_on)))
    if not standing.started_on <= on <= clock.today():
        _refuse("ended_on", "on", _("Ngày thôi phải từ ngày bắt đầu (%(day)s) đến hôm nay.", day=fmt_date(standing.started_on)))
    standing.ended_on = on


@deed
def rate(actor: Actor, year: int, levels: Mapping[int, Level], paper: str, versions: Mapping[int, int] | None = None) -> int:
    """These organisations and officials have these levels in the year, by that paper; how many changed.

    What is the same stays untouched, its paper too. `versions` are those of the ratings that were seen, 0 for none. Raises
    RuleBroken for a year to come or before the register's, for a level without a paper, and for who did not serve on the year's
    reference day; Conflict when somebody else gave a different level meanwhile; NotVisible.
    """
    if not queries.FIRST_YEAR <= year <= clock.today().year:
        text = _("Chỉ xếp loại các năm từ %(first)s đến %(last)s.", first=queries.FIRST_YEAR, last=clock.today().year)
        _refuse("year", "year", text)
    ids = list(levels)
    lines = {one.id: one for one in db.session.scalars(visible(Staff, actor).where(Staff.id.in_(ids)).with_for_update(of=Staff))}
    if len(lines) < len(levels):
        raise NotVisible("Staff")
    query = sa.select(StaffRating).where(StaffRating.year == year, StaffRating.staff_id.in_(ids))
    known = {row.staff_id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}
    changed = {key: level for key, level in levels.items() if key not in known or known[key].level is not level}
    _not_stale(changed, versions, known, lines)
    day = queries.reference_day(year)
    gone = [key for key in changed if not _serves(lines[key], day) and key not in known]
    if gone:
        raise RuleBroken([
            _finding("not_serving", f"level-{key}",
                     _("%(name)s không được theo dõi ngày %(day)s.", name=lines[key].name, day=fmt_date(day)))
            for key in gone
        ])  # fmt: skip
    clean = nfc(paper)
    if changed and not clean:
        _refuse("no_paper", "paper", _("Chưa ghi văn bản xếp loại, ví dụ 45-QĐ/UBND ngày 20/12/2026."))
    if len(clean) > LONGEST_PAPER:
        _refuse("long_paper", "paper", _("Tên văn bản quá dài: tối đa %(max)d ký tự.", max=LONGEST_PAPER))
    for key, level in changed.items():
        if key in known:
            known[key].level, known[key].paper = level, clean
        else:
            db.session.add(StaffRating(staff_id=key, year=year, level=level, paper=clean))
    return len(changed)


def _serves(line: Staff, day: dt.date) -> bool:
    return line.started_on <= day and (line.ended_on is None or day < line.ended_on)


def _not_stale(
    changed: Mapping[int, Level], versions: Mapping[int, int] | None, known: Mapping[int, StaffRating], lines: Mapping[int, Staff]
) -> None:
    if versions is None:
        return
    stale = [key for key in changed if (known[key].version if key in known else 0) != versions.get(key, 0)]
    if stale:
        raise Conflict(
            _("Có người đã xếp loại trước trong lúc đồng chí đang nhập. Chưa có gì bị ghi đè."),
            mine={lines[key].name: label(changed[key]) for key in stale},
            theirs={lines[key].name: label(known[key].level if key in known else None) for key in stale},
        )


def _open(actor: Actor, staff: Staff, version: int, changes: Mapping[str, Any]) -> Staff:
    """The line as it stands, held against others. Raises NotVisible, Conflict."""
    query = visible(Staff, actor).where(Staff.id == staff.id).with_for_update(of=Staff).execution_options(populate_existing=True)
    standing = db.session.scalar(query)
    if standing is None:
        raise NotVisible("Staff")
    if standing.version != version:
        titles = {"name": _("Tên"), "post": _("Chức vụ, vị trí"), "is_member": _("Là đảng viên")}
        differing = [key for key in titles if key in changes and changes[key] != getattr(standing, key)]
        raise Conflict(
            _("Dòng này vừa được người khác sửa. Hãy xem bản đang lưu rồi làm lại nếu vẫn cần."),
            mine={titles[key]: _word(changes[key]) for key in differing},
            theirs={titles[key]: _word(getattr(standing, key)) for key in differing},
        )
    return standing


def _word(value: Any) -> Any:
    return (_("có") if value else _("không")) if isinstance(value, bool) else value


def _facts(kind: StaffKind, name: str, post: str | None, is_member: bool) -> dict[str, Any]:
    """What is kept of a line, in its written form. Raises RuleBroken for what cannot be."""
    clean, clean_post = nfc(name), nfc(post or "")
    if not clean:
        _refuse("no_name", "name", _("Chưa ghi tên."))
    official = kind in OFFICIALS
    if official and not clean_post:
        _refuse("no_post", "post", _("Chưa ghi chức vụ, vị trí của cán bộ, công chức."))
    for field, text in (("name", clean), ("post", clean_post)):
        if len(text) > LONGEST_NAME:
            _refuse("too_long", field, _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_NAME))
    return {
        "name": clean, "name_sort": sort_key(clean)[:600], "post": clean_post if official else None, "is_member": official and is_member,
    }  # fmt: skip


def _not_twice(unit_id: int, kind: StaffKind, facts: Mapping[str, Any], but: int | None = None) -> None:
    """Raises RuleBroken for a second organisation of a kind, or the same person in the same post again, while the first serves."""
    query = sa.select(Staff.id).where(Staff.unit_id == unit_id, Staff.kind == kind, Staff.ended_on.is_(None))
    if kind in OFFICIALS:
        query = query.where(Staff.name == facts["name"], Staff.post == facts["post"])
    if but is not None:
        query = query.where(Staff.id != but)
    if db.session.scalar(query) is not None:
        _refuse("twice", "name", _("Đã có trong sổ. Hãy sửa dòng đó, hoặc ghi thôi theo dõi trước."))
