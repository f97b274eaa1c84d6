"""What we do with the register of organisations and staff: enter, edit, end a line, and rate a year."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..members import actions as people
from ..members import queries as members
from ..members.models import Person, Sex
from ..names import nfc, sort_key
from ..org import queries as org
from ..org.models import Unit
from ..org.scope import one, visible
from ..rulebook.finding import Finding, Severity
from ..rulebook.rating import Level
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
def register_organisation(actor: Actor, *, kind: StaffKind, name: str, started_on: dt.date) -> Staff:
    """The organisation is on the commune's register from that day on.

    Raises RuleBroken without a name, for a kind that is people's, a day to come or absurdly early, and for a second organisation of
    the kind; NotVisible when the commune is out of reach.
    """
    unit = _commune(actor)
    if kind in OFFICIALS:
        _refuse("no_organisation", "kind", _("Cán bộ, công chức ghi bằng biểu mẫu “Thêm cán bộ, công chức”."))
    clean = _text("name", name, _("Chưa ghi tên."))
    _day(started_on)
    _only_one(unit.id, kind, started_on)
    made = Staff(unit_id=unit.id, kind=kind, name=clean, name_sort=sort_key(clean)[:600], started_on=started_on)
    db.session.add(made)
    db.session.flush()
    return made


@dataclasses.dataclass(frozen=True, slots=True)
class Newcomer:
    """An official whom the register does not know yet: the least that it keeps of a person."""

    full_name: str
    sex: Sex
    born_on: dt.date
    ethnicity: str


@deed
def register_official(actor: Actor, person: Person | Newcomer, *, kind: StaffKind, post: str, started_on: dt.date) -> Staff:
    """The person is in the commune's service in that post from that day on, a member of the Party or not.

    A newcomer whom the register knows by the same name and birthday is that person; of any other the commune keeps the record.
    Raises RuleBroken without a post, for an organisation's kind, a day to come or absurdly early or before she was born, for somebody
    who serves on that day or later already, and for a newcomer whom two records fit; as `register_person`; NotVisible when the
    commune or the person is out of reach.
    """
    unit = _commune(actor)
    if kind not in OFFICIALS:
        _refuse("no_official", "kind", _("Hãy chọn cán bộ hoặc công chức."))
    clean = _text("post", post, _("Chưa ghi chức vụ, vị trí của cán bộ, công chức."))
    _day(started_on)
    if started_on < person.born_on:
        _refuse("unborn", "started_on", _("Ngày bắt đầu trước ngày sinh %(day)s. Hãy xem lại hai ngày.", day=fmt_date(person.born_on)))
    serving = _record(actor, unit, person)
    running = (
        sa.select(Staff.post, Staff.started_on)
        .where(Staff.person_id == serving.id, sa.or_(Staff.ended_on.is_(None), Staff.ended_on > started_on))
        .limit(1)
    )
    if (found := db.session.execute(running).first()) is not None:
        text = _("%(name)s đã có trong sổ: %(post)s, từ %(day)s. Hãy sửa dòng đó, hoặc ghi thôi theo dõi trước.",
                 name=serving.full_name, post=found[0], day=fmt_date(found[1]))  # fmt: skip
        _refuse("twice", "started_on" if isinstance(person, Person) else "full_name", text)
    made = Staff(unit_id=unit.id, kind=kind, person_id=serving.id, post=clean, started_on=started_on)
    made.person = serving
    db.session.add(made)
    db.session.flush()
    return made


def _record(actor: Actor, unit: Unit, person: Person | Newcomer) -> Person:
    """The one record of the person; a newcomer's is made where there is none. Raises RuleBroken, NotVisible."""
    if isinstance(person, Person):
        return one(Person, actor, Person.id == person.id)
    same = members.same_people(actor, person.full_name, person.born_on)
    if len(same) > 1:
        _refuse("which", "full_name", _("Sổ có nhiều người cùng họ tên và ngày sinh này. Hãy tìm và chọn đúng người."))
    if same:
        return same[0]
    return people.register_person(
        actor, unit=unit, full_name=_text("full_name", person.full_name, _("Chưa ghi họ và tên.")), sex=person.sex, born_on=person.born_on,
        ethnicity=_text("ethnicity", person.ethnicity, _("Chưa ghi dân tộc."), 40),
    )  # fmt: skip


@deed
def edit(actor: Actor, staff: Staff, version: int, *, name: str | None = None, post: str | None = None) -> None:
    """The line says what is given: an organisation's name, or an official's post and, of one who never was a member, her name.

    `version` is the `shown_version` that was seen. Raises Conflict when somebody changed the line or the person since, RuleBroken for
    what cannot be, for a member's name and for a line that is ended; NotVisible.
    """
    changes = {"name": None if name is None else nfc(name), "post": None if post is None else nfc(post)}
    standing = _open(actor, staff, version, {key: value for key, value in changes.items() if value is not None})
    _running(standing)
    if standing.person is None:
        clean = _text("name", name or "", _("Chưa ghi tên."))
        if clean != standing.name:
            standing.name, standing.name_sort = clean, sort_key(clean)[:600]
        return
    clean = _text("post", post or "", _("Chưa ghi chức vụ, vị trí của cán bộ, công chức."))
    if name is not None and (called := _text("name", name, _("Chưa ghi tên."))) != standing.person.full_name:
        if queries.is_member(standing.person_id):
            _refuse("member_name", "name", _("Họ tên của đảng viên sửa ở trang đảng viên."))
        people.edit_person(actor, standing.person, standing.person.version, full_name=called)
    if clean != standing.post:
        standing.post = clean


@deed
def leave(actor: Actor, staff: Staff, version: int, on: dt.date) -> None:
    """The organisation or official serves no longer from that day on; levels given and classes finished stay.

    `version` is the `shown_version` that was seen. Raises Conflict when somebody changed it since; RuleBroken when it is ended
    already, for a day to come or before it began; NotVisible.
    """
    standing = _open(actor, staff, version, {})
    _running(standing)
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
    held = visible(Staff, actor).where(Staff.id.in_(ids)).options(joinedload(Staff.person)).with_for_update(of=Staff)
    lines = {one.id: one for one in db.session.scalars(held)}
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
                     _("%(name)s không được theo dõi ngày %(day)s.", name=lines[key].called, day=fmt_date(day)))
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
            mine={lines[key].called: label(changed[key]) for key in stale},
            theirs={lines[key].called: label(known[key].level if key in known else None) for key in stale},
        )


def _open(actor: Actor, staff: Staff, version: int, changes: Mapping[str, str]) -> Staff:
    """The line as it stands with its person, held against others. Raises NotVisible, Conflict."""
    query = visible(Staff, actor).where(Staff.id == staff.id).options(joinedload(Staff.person)).with_for_update(of=Staff)
    standing = db.session.scalar(query.execution_options(populate_existing=True))
    if standing is None:
        raise NotVisible("Staff")
    if standing.shown_version != version:
        titles, theirs = {"name": _("Tên"), "post": _("Chức vụ, vị trí")}, {"name": standing.called, "post": standing.post}
        differing = [key for key in titles if key in changes and changes[key] != theirs[key]]
        raise Conflict(
            _("Dòng này vừa được người khác sửa. Hãy xem bản đang lưu rồi làm lại nếu vẫn cần."),
            mine={titles[key]: changes[key] for key in differing},
            theirs={titles[key]: theirs[key] for key in differing},
        )
    return standing


def _running(standing: Staff) -> None:
    """Raises RuleBroken for a line that is ended."""
    if standing.ended_on is not None:
        _refuse("ended", "", _("Dòng này đã thôi theo dõi từ ngày %(day)s.", day=fmt_date(standing.ended_on)))


def _commune(actor: Actor) -> Unit:
    """The commune, held until the end, so that two who enter the same line at once come one after the other. Raises NotVisible."""
    unit = one(Unit, actor, Unit.id == org.root().id)
    db.session.execute(sa.select(Unit.id).where(Unit.id == unit.id).with_for_update())
    return unit


def _text(field: str, text: str, without: str, longest: int = LONGEST_NAME) -> str:
    """The text in its written form. Raises RuleBroken for none, or one that is too long."""
    clean = nfc(text)
    if not clean:
        _refuse(f"no_{field}", field, without)
    if len(clean) > longest:
        _refuse("too_long", field, _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=longest))
    return clean


def _day(started_on: dt.date) -> None:
    if not FIRST_DAY <= started_on <= clock.today():
        text = _("Ngày bắt đầu phải từ %(first)s đến hôm nay.", first=fmt_date(FIRST_DAY))
        _refuse("started_on", "started_on", text)


def _only_one(unit_id: int, kind: StaffKind, started_on: dt.date) -> None:
    """Raises RuleBroken for a second organisation of a kind on a day when the first was followed."""
    query = sa.select(Staff.id).where(
        Staff.unit_id == unit_id, Staff.kind == kind, sa.or_(Staff.ended_on.is_(None), Staff.ended_on > started_on)
    )
    if db.session.scalar(query.limit(1)) is not None:
        _refuse("twice", "kind", _("Đã có trong sổ. Hãy sửa dòng đó, hoặc ghi thôi theo dõi trước."))
