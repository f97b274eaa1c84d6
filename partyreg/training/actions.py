"""What is done with classes: entered, corrected, taken off; results of many people at once; and who holds a post of a village."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any, NoReturn

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date
from ..members import actions as members
from ..members import queries as people
from ..members.models import OUTSIDE, Body, Person, Position, Sex
from ..names import nfc
from ..org import queries as org
from ..org.models import Unit, UnitKind
from ..org.scope import visible
from ..rulebook.finding import Finding, Severity
from ..rulebook.training import CourseKind, CourseResult, Post
from .coverage_queries import POSITIONS
from .models import TrainingCourse, TrainingResult
from .queries import FIRST_DAY

#: A class longer than this is a slip of the pen: the longest theory courses for serving officials take two years.
LONGEST_DAYS = 800
MOST_SESSIONS = 500
#: So many years ahead a class can be planned.
YEARS_AHEAD = 2


def _finding(code: str, field: str, message: str) -> Finding:
    return Finding(f"training.{code}", field, Severity.BLOCK, message)


def _refuse(code: str, field: str, message: str) -> NoReturn:
    raise RuleBroken([_finding(code, field, message)])


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """What is entered of one person; no result takes her off the list. `version` is that of the line which was shown, 0 for none."""

    person_id: int
    version: int
    result: CourseResult | None
    certificate_number: str | None = None
    certificate_on: dt.date | None = None


def _whole_commune(actor: Actor) -> None:
    """Classes are the commune's: whoever keeps only a part of it does not touch them. Raises NotVisible."""
    if not actor.reach().covers(org.root().path):
        raise NotVisible("TrainingCourse")


def _check_course(values: dict[str, Any]) -> None:
    started, ended = values["started_on"], values["ended_on"]
    if not values["title"]:
        _refuse("no_title", "title", _("Chưa ghi tên lớp. Hãy ghi tên như trong quyết định mở lớp."))
    if started < FIRST_DAY:
        _refuse("too_early", "started_on", _("Sổ chỉ ghi các lớp từ ngày %(day)s.", day=fmt_date(FIRST_DAY)))
    if ended < started:
        _refuse("ends_first", "ended_on", _("Ngày kết thúc trước ngày bắt đầu %(day)s. Hãy xem lại hai ngày.", day=fmt_date(started)))
    if (ended - started).days > LONGEST_DAYS:
        _refuse("too_long", "ended_on", _("Lớp dài quá %(days)s ngày. Hãy xem lại năm.", days=LONGEST_DAYS))
    if ended.year > (latest := clock.today().year + YEARS_AHEAD):
        _refuse("too_far", "ended_on", _("Chỉ ghi trước các lớp đến hết năm %(year)s.", year=latest))
    if values["sessions"] is not None and not 0 < values["sessions"] <= MOST_SESSIONS:
        _refuse("sessions", "sessions", _("Số buổi phải từ 1 đến %(most)s.", most=MOST_SESSIONS))


@deed
def add_course(
    actor: Actor, *, kind: CourseKind, title: str, started_on: dt.date, ended_on: dt.date, sessions: int | None = None,
    organiser: str | None = None, place: str | None = None, paper: str | None = None,
) -> TrainingCourse:  # fmt: skip
    """The class is on record, with nobody on its list yet.

    Raises RuleBroken without a title, for days out of order, too early, too far ahead or too long, an impossible number of sessions,
    or a class that is on record already; NotVisible for whoever does not keep the whole commune.
    """
    _whole_commune(actor)
    values = {"kind": kind, "title": nfc(title), "started_on": started_on, "ended_on": ended_on, "sessions": sessions}
    _check_course(values)
    _not_twice(values, place)
    made = TrainingCourse(**values, organiser=organiser, place=place, paper=paper)
    db.session.add(made)
    db.session.flush()
    return made


def _not_twice(values: dict[str, Any], place: str | None, but: int | None = None) -> None:
    """Raises RuleBroken for a class of the same kind, title, days and place: its people would be counted as sent twice."""
    same = sa.select(TrainingCourse.id).where(
        *(getattr(TrainingCourse, key) == values[key] for key in ("kind", "title", "started_on", "ended_on")),
        TrainingCourse.place.is_not_distinct_from(place),
        TrainingCourse.id.is_distinct_from(but),
    )
    if db.session.scalar(same.limit(1)) is not None:
        _refuse("course_twice", "title", _("Lớp này đã có trong sổ. Nếu là lớp khác, hãy ghi khác tên hoặc địa điểm."))


@deed
def edit_course(actor: Actor, course: TrainingCourse, version: int, **changes: Any) -> None:
    """The class is as given; the audit keeps what it was.

    Raises as `add_course`; RuleBroken besides where somebody has finished it and it would not be over, or a certificate would be
    older than its end; Conflict when somebody changed it since `version`.
    """
    _whole_commune(actor)
    course = _standing(course)
    if course.version != version:
        theirs = {key: getattr(course, key) for key in changes if getattr(course, key) != changes[key]}
        raise Conflict(_("Lớp này vừa được người khác sửa."), mine={key: changes[key] for key in theirs}, theirs=theirs)
    columns = ("kind", "title", "started_on", "ended_on", "sessions")
    after = {key: changes.get(key, getattr(course, key)) for key in columns}
    after["title"] = nfc(after["title"])
    _check_course(after)
    _not_twice(after, changes.get("place", course.place), course.id)
    lines = sa.select(sa.func.count(TrainingResult.id), sa.func.min(TrainingResult.certificate_on)).where(
        TrainingResult.course_id == course.id, TrainingResult.result == CourseResult.FINISHED
    )
    finished, first_paper = db.session.execute(lines).one()
    if finished and after["ended_on"] > clock.today():
        text = _("Đã ghi %(count)s người học xong nên ngày kết thúc không thể ở sau hôm nay.", count=finished)
        _refuse("finished_before", "ended_on", text)
    if first_paper is not None and after["ended_on"] > first_paper:
        text = _("Đã có giấy chứng nhận cấp ngày %(day)s, trước ngày kết thúc này. Hãy xem lại.", day=fmt_date(first_paper))
        _refuse("certificate_before", "ended_on", text)
    for key, value in {**changes, "title": after["title"]}.items():
        setattr(course, key, value)
    db.session.flush()


@deed
def remove_course(actor: Actor, course: TrainingCourse, version: int) -> None:
    """A class entered by mistake is off the record; the audit keeps it.

    Raises RuleBroken while somebody is on its list; Conflict when somebody changed it since `version`; NotVisible as `add_course`.
    """
    _whole_commune(actor)
    course = _standing(course)
    if course.version != version:
        raise Conflict(_("Lớp này vừa được người khác sửa."))
    count = db.session.scalar(sa.select(sa.func.count(TrainingResult.id)).where(TrainingResult.course_id == course.id)) or 0
    if count:
        _refuse("has_people", "version", _("Lớp còn %(count)s người trong danh sách. Bỏ họ khỏi danh sách trước rồi xóa lớp.", count=count))
    db.session.delete(course)


def _standing(course: TrainingCourse) -> TrainingCourse:
    """The class as it stands now, held against whoever writes to it meanwhile. Raises NotVisible when it is gone."""
    row = sa.select(TrainingCourse).where(TrainingCourse.id == course.id).with_for_update()
    found = db.session.scalar(row.execution_options(populate_existing=True))
    if found is None:
        raise NotVisible("TrainingCourse")
    return found


@deed
def enter_results(actor: Actor, course: TrainingCourse, entries: Sequence[Entry]) -> int:
    """Everybody of `entries` stands on the class's list as given, whoever has no result is off it; all or nothing. Answers how
    many lines changed.

    Raises RuleBroken with a finding for each wrong line (field `result-<person>` or `certificate-<person>`): finished before the
    class is over, a certificate without the class finished, without a day, older than the class, of a day to come, or of a number
    that two people have; Conflict where a line is another one than was shown; NotVisible for people out of reach.
    """
    course = _standing(course)
    ids = {one.person_id for one in entries}
    seen = set(db.session.scalars(visible(Person, actor).with_only_columns(Person.id).where(Person.id.in_(ids))))
    if ids - seen:
        raise NotVisible("Person")
    # All of the class's lines: a number may be taken by somebody whom the actor does not see.
    kept = {line.person_id: line for line in db.session.scalars(sa.select(TrainingResult).where(TrainingResult.course_id == course.id))}
    for one in entries:
        line = kept.get(one.person_id)
        if (line.version if line else 0) != one.version:
            raise Conflict(_("Danh sách lớp vừa được người khác sửa. Hãy tải lại trang rồi ghi lại."))
    findings = [finding for one in entries if one.result is not None for finding in _check_entry(course, one)]
    findings += _taken_twice(kept, entries)
    if findings:
        raise RuleBroken(findings)
    return sum([_write(course, kept.get(one.person_id), one) for one in entries])


def _check_entry(course: TrainingCourse, one: Entry) -> list[Finding]:
    today, key = clock.today(), one.person_id
    found = []
    if one.result is CourseResult.FINISHED and course.ended_on > today:
        text = _("Lớp đến %(day)s mới kết thúc; chưa ghi được là học xong.", day=fmt_date(course.ended_on))
        found.append(_finding("not_over", f"result-{key}", text))
    if one.result is not CourseResult.FINISHED and (one.certificate_number or one.certificate_on):
        found.append(_finding("certificate_unearned", f"certificate-{key}", _("Chỉ người học xong mới có giấy chứng nhận.")))
    elif one.certificate_number and one.certificate_on is None:
        found.append(_finding("certificate_undated", f"certificate-{key}", _("Có số giấy chứng nhận thì phải ghi ngày cấp.")))
    elif one.certificate_on and one.certificate_on < course.ended_on:
        text = _("Giấy chứng nhận không thể cấp trước ngày kết thúc lớp (%(day)s).", day=fmt_date(course.ended_on))
        found.append(_finding("certificate_early", f"certificate-{key}", text))
    elif one.certificate_on and one.certificate_on > today:
        found.append(_finding("certificate_late", f"certificate-{key}", _("Ngày cấp giấy chứng nhận chưa đến.")))
    return found


def _taken_twice(kept: dict[int, TrainingResult], entries: Sequence[Entry]) -> list[Finding]:
    numbers = {person: line.certificate_number for person, line in kept.items() if line.certificate_number}
    for one in entries:
        numbers.pop(one.person_id, None)
    holders: dict[str, int] = {number: person for person, number in numbers.items() if number}
    found = []
    for one in entries:
        number = one.certificate_number if one.result is not None else None
        if number and holders.setdefault(number, one.person_id) != one.person_id:
            text = _("Số giấy chứng nhận %(number)s đã ghi cho người khác trong lớp. Hãy xem lại số.", number=number)
            found.append(_finding("certificate_twice", f"certificate-{one.person_id}", text))
    return found


def _write(course: TrainingCourse, line: TrainingResult | None, one: Entry) -> bool:
    """Whether anything had to be written."""
    if one.result is None:
        if line is not None:
            db.session.delete(line)
        return line is not None
    values = {"result": one.result, "certificate_number": one.certificate_number, "certificate_on": one.certificate_on}
    if line is None:
        db.session.add(TrainingResult(course_id=course.id, person_id=one.person_id, **values))
        return True
    changed = {key: value for key, value in values.items() if getattr(line, key) != value}
    for key, value in changed.items():
        setattr(line, key, value)
    return bool(changed)


@deed
def name_holder(
    actor: Actor, *, unit: Unit, post: Post, full_name: str, sex: Sex, born_on: dt.date, ethnicity: str, on: dt.date,
    paper: str | None = None,
) -> Position:  # fmt: skip
    """The person holds the post of the village from that day on, member or not.

    Of one whom the register knows by the same name and birthday, that record is used; of anybody else no more is kept than this.
    Raises RuleBroken for a post of the Party or of the commune's service, elsewhere than in a village cell, for a day to come, a unit
    that did not live then, a post that somebody holds on that day or later, and a name and birthday that two records fit; as
    `register_person` and `appoint`; NotVisible for a unit out of reach.
    """
    mine = visible(Unit, actor).with_only_columns(Unit.id).where(Unit.id == unit.id).with_for_update(key_share=True)
    if db.session.scalar(mine) is None:
        raise NotVisible("Unit")
    if post is Post.CELL_SECRETARY:
        _refuse("party_post", "post", _("Chức vụ trong chi ủy ghi ở trang đảng viên, mục “Giữ chức vụ”."))
    if post is Post.OFFICIAL:
        _refuse("staff_post", "post", _("Cán bộ, công chức ghi ở sổ “Đoàn thể, cán bộ, công chức”."))
    if unit.kind is not UnitKind.VILLAGE_CELL:
        _refuse("wrong_unit", "unit", _("Không ghi chức vụ này ở %(unit)s: chức vụ ở bản ghi theo chi bộ bản.", unit=unit.name))
    _not_to_come(on)
    if not unit.lives_on(on):
        _refuse("dead_unit", "on", _("%(unit)s không hoạt động vào ngày này. Hãy xem lại ngày.", unit=unit.name))
    body, title, _kinds = POSITIONS[post]
    _nobody_else(unit, body, on)
    same = people.same_people(actor, full_name, born_on)
    if len(same) > 1:
        _refuse("which", "full_name", _("Sổ có nhiều người cùng họ tên và ngày sinh này. Hãy báo Ban Tổ chức xem lại hồ sơ."))
    person = (
        same[0] if same else members.register_person(actor, unit=unit, full_name=full_name, sex=sex, born_on=born_on, ethnicity=ethnicity)
    )
    return members.appoint(actor, person, unit=unit, body=body, title=title, on=on, paper=paper)


def _not_to_come(on: dt.date) -> None:
    if on > clock.today():
        _refuse("to_come", "on", _("Ngày này chưa đến (hôm nay là %(day)s). Hãy xem lại.", day=fmt_date(clock.today())))


def _nobody_else(unit: Unit, body: Body, on: dt.date) -> None:
    query = (
        sa.select(Person.full_name, Position.started_on)
        .join(Position, Position.person_id == Person.id)
        .where(Position.unit_id == unit.id, Position.body == body, sa.or_(Position.ended_on.is_(None), Position.ended_on > on))
        .limit(1)
    )
    if (found := db.session.execute(query).first()) is not None:
        text = _("%(name)s đang giữ chức vụ này từ %(day)s. Hãy ghi thôi giữ trước.", name=found[0], day=fmt_date(found[1]))
        _refuse("held", "post", text)


@deed
def end_post(actor: Actor, position: Position, on: dt.date) -> None:
    """The post is held no longer from that day on.

    Raises RuleBroken for a post that has ended, a day before its start or to come; NotVisible out of reach, and for the Party's posts.
    """
    row = visible(Position, actor).where(Position.id == position.id, Position.body.in_(OUTSIDE)).with_for_update()
    standing = db.session.scalar(row.execution_options(populate_existing=True))
    if standing is None:
        raise NotVisible("Position")
    if standing.ended_on is not None:
        _refuse("ended", "on", _("Chức vụ này đã được ghi thôi giữ."))
    _not_to_come(on)
    members.relieve(actor, standing, on=on)
