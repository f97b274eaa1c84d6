"""What we do with the programme: plan an inspection, edit and cancel it, name its subjects and its team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import Model, db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..members.models import Person
from ..names import nfc
from ..org.models import Unit
from ..org.scope import one
from ..rulebook.finding import Finding, Severity, blocking
from ..rulebook.inspection import InspectingBody, InspectionKind, InspectionMatter, plan_findings
from . import queries
from .models import Inspection, InspectionSubject, InspectionTeammate

M = TypeVar("M", bound=Model)

#: The register keeps inspections from the term 2015-2020 on.
FIRST_DAY = dt.date(2015, 1, 1)
LONGEST_TITLE = 300
LONGEST_REASON = 300

_CHANGEABLE = ("title", "body", "kind", "matter", "planned_on", "is_planned", "is_dispersed")


def refuse(code: str, field: str, message: str) -> NoReturn:
    """Raises RuleBroken with that one finding."""
    raise RuleBroken([Finding(f"inspection.{code}", field, Severity.BLOCK, message)])


@deed
def plan(
    actor: Actor, unit: Unit, *, title: str, body: InspectingBody, kind: InspectionKind, matter: InspectionMatter, planned_on: dt.date,
    is_planned: bool = True, is_dispersed: bool = False,
) -> Inspection:  # fmt: skip
    """The unit will hold an inspection about that day: one of the year's programme, or (`is_planned` false) one besides.

    Raises RuleBroken without a title, for a day out of the register's years, a body that the unit does not have, a unit that does
    not live on that day, and what the law does not let the body hold; NotVisible for a unit out of reach.
    """
    mine = sa.select(Unit.id).where(Unit.id == unit.id, Unit.within(actor.reach())).with_for_update(key_share=True)
    if db.session.scalar(mine) is None:
        raise NotVisible("Unit")
    facts: dict[str, Any] = {
        "title": nfc(title), "body": body, "kind": kind, "matter": matter, "planned_on": planned_on, "is_planned": is_planned,
        "is_dispersed": is_dispersed,
    }  # fmt: skip
    _check(unit, facts, planned_on)
    made = Inspection(unit_id=unit.id, year=planned_on.year, **facts)
    made.unit = unit
    db.session.add(made)
    db.session.flush()
    return made


@deed
def edit(actor: Actor, inspection: Inspection, version: int, **changes: Any) -> None:
    """The inspection is as given; what is not named stays.

    Raises Conflict when somebody changed it since `version`, RuleBroken as `plan` and for one that is concluded or cancelled,
    NotVisible when it is not held by a unit of the actor's.
    """
    unknown = set(changes) - set(_CHANGEABLE)
    if unknown:
        raise TypeError(f"an inspection has no {', '.join(sorted(unknown))} to change")
    standing = open_row(actor, inspection, version, changes)
    still_open(standing)
    facts = {key: changes.get(key, getattr(standing, key)) for key in _CHANGEABLE}
    facts["title"] = nfc(facts["title"])
    _check(standing.unit, facts, standing.decision_on or facts["planned_on"])
    for key, value in (*facts.items(), ("year", facts["planned_on"].year)):
        if getattr(standing, key) != value:
            setattr(standing, key, value)


@deed
def cancel(actor: Actor, inspection: Inspection, version: int, reason: str) -> None:
    """The inspection will not be held, and why is on record.

    Raises Conflict when somebody changed it since `version`; RuleBroken without a reason, when it is concluded or cancelled
    already; NotVisible.
    """
    standing = open_row(actor, inspection, version, {})
    still_open(standing)
    standing.cancelled_because = reason_of(reason)


@deed
def add_unit(actor: Actor, inspection: Inspection, unit: Unit) -> InspectionSubject:
    """The organisation is among those inspected.

    Raises RuleBroken for an inspection that is over, an organisation named already, one that did not live then, and for a cell
    that would inspect another; NotVisible.
    """
    standing = open_row(actor, inspection)
    still_open(standing)
    one(Unit, actor, Unit.id == unit.id)
    day = queries.governing_day(standing)
    if standing.body is InspectingBody.CELL and unit.id != standing.unit_id:
        refuse("not_own", "unit", _("Chi bộ chỉ kiểm tra, giám sát trong chi bộ mình."))
    if not unit.lives_on(day):
        refuse("not_living", "unit", _("%(unit)s không hoạt động ngày %(day)s.", unit=unit.name, day=fmt_date(day)))
    known = sa.select(InspectionSubject.id).where(
        InspectionSubject.inspection_id == standing.id, InspectionSubject.unit_id == unit.id, InspectionSubject.person_id.is_(None)
    )
    if db.session.scalar(known) is not None:
        refuse("twice", "unit", _("%(unit)s đã có trong danh sách đối tượng.", unit=unit.name))
    return _add(InspectionSubject(inspection_id=standing.id, unit_id=unit.id))


@deed
def add_member(actor: Actor, inspection: Inspection, person_id: int) -> InspectionSubject:
    """The member is among those inspected, as of the cell to which she belonged on the governing day (today, if that is to come).

    Raises RuleBroken for an inspection that is over, who is named already, holds it herself, was no member then, or belongs to
    another cell than the one that inspects; NotVisible for somebody out of reach.
    """
    standing = open_row(actor, inspection)
    still_open(standing)
    person = one(Person, actor, Person.id == person_id)
    home = _home(actor, standing, person)
    if standing.body is InspectingBody.CELL and home != standing.unit_id:
        refuse("not_own", "person", _("Chi bộ chỉ kiểm tra, giám sát trong chi bộ mình."))
    if _is_subject(standing, person_id):
        refuse("twice", "person", _("%(name)s đã có trong danh sách đối tượng.", name=person.full_name))
    if _in_team(standing, person_id):
        refuse("own_judge", "person", _("%(name)s ở trong tổ kiểm tra, giám sát nên không thể là đối tượng.", name=person.full_name))
    return _add(InspectionSubject(inspection_id=standing.id, unit_id=home, person_id=person_id))


@deed
def remove_subject(actor: Actor, inspection: Inspection, subject_id: int) -> None:
    """The organisation or member is no longer among those inspected; the audit keeps that it was.

    Raises RuleBroken for an inspection that is over; NotVisible for a subject of another one.
    """
    standing = open_row(actor, inspection)
    still_open(standing)
    subject = one(InspectionSubject, actor, InspectionSubject.id == subject_id, InspectionSubject.inspection_id == standing.id)
    db.session.delete(subject)


@deed
def add_to_team(actor: Actor, inspection: Inspection, person_id: int, is_head: bool = False) -> InspectionTeammate:
    """The member holds the inspection with the others.

    Raises RuleBroken for an inspection that is over, who was no member on the governing day (today, if that is to come), is in the
    team already or is inspected herself, and for a second head; NotVisible for somebody out of reach.
    """
    standing = open_row(actor, inspection)
    still_open(standing)
    person = one(Person, actor, Person.id == person_id)
    _home(actor, standing, person)
    if _in_team(standing, person_id):
        refuse("in_team", "person", _("%(name)s đã ở trong tổ.", name=person.full_name))
    if _is_subject(standing, person_id):
        refuse("own_judge", "person", _("%(name)s là đối tượng nên không thể ở trong tổ.", name=person.full_name))
    heads = sa.select(InspectionTeammate.id).where(InspectionTeammate.inspection_id == standing.id, InspectionTeammate.is_head)
    if is_head and db.session.scalar(heads) is not None:
        refuse("second_head", "is_head", _("Tổ đã có tổ trưởng. Hãy bỏ người đó trước."))
    return _add(InspectionTeammate(inspection_id=standing.id, person_id=person_id, is_head=is_head))


@deed
def remove_from_team(actor: Actor, inspection: Inspection, teammate_id: int) -> None:
    """The person holds the inspection no longer. Raises RuleBroken for an inspection that is over; NotVisible."""
    standing = open_row(actor, inspection)
    still_open(standing)
    found = one(InspectionTeammate, actor, InspectionTeammate.id == teammate_id, InspectionTeammate.inspection_id == standing.id)
    db.session.delete(found)


# -- what a deed asks first -------------------------------------------------------------------------------------------


def open_row(actor: Actor, inspection: Inspection, version: int | None = None, changes: Mapping[str, Any] | None = None) -> Inspection:
    """The inspection as it stands, held against others until the end.

    Raises NotVisible when no unit of the actor's holds it, Conflict when it is another one than `version`.
    """
    query = (
        sa.select(Inspection)
        .where(Inspection.id == inspection.id, Inspection.held_within(actor.reach()))
        .options(joinedload(Inspection.unit))
        .with_for_update(of=Inspection)
        .execution_options(populate_existing=True)
    )
    standing = db.session.scalar(query)
    if standing is None:
        raise NotVisible("Inspection")
    if version is not None and standing.version != version:
        raise _stale(standing, changes or {})
    return standing


def still_open(inspection: Inspection) -> None:
    """Raises RuleBroken when the inspection is concluded or cancelled."""
    if inspection.cancelled_because is not None:
        refuse("is_cancelled", "", _("Cuộc này đã hủy. Muốn tiến hành, hãy đưa cuộc mới vào chương trình."))
    if inspection.conclusion_on is not None:
        refuse("is_concluded", "", _("Cuộc này đã kết luận. Cần sửa thì đính chính, có lý do."))


def reason_of(reason: str) -> str:
    """The reason in its written form. Raises RuleBroken for none, or one that is too long."""
    clean = nfc(reason)
    if not clean:
        refuse("no_reason", "reason", _("Chưa ghi lý do. Hãy ghi ngắn gọn căn cứ hoặc văn bản."))
    if len(clean) > LONGEST_REASON:
        refuse("long_reason", "reason", _("Lý do quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_REASON))
    return clean


def _check(unit: Unit, facts: Mapping[str, Any], day: dt.date) -> None:
    """Raises RuleBroken for what cannot be; `day` governs what the body may hold."""
    planned_on, body = facts["planned_on"], facts["body"]
    latest = dt.date(clock.today().year + 1, 12, 31)
    if not facts["title"]:
        refuse("no_title", "title", _("Chưa ghi nội dung kiểm tra, giám sát."))
    if len(facts["title"]) > LONGEST_TITLE:
        refuse("long_title", "title", _("Nội dung quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_TITLE))
    if not FIRST_DAY <= planned_on <= latest:
        text = _("Chương trình chỉ ghi từ %(first)s đến %(last)s. Hãy xem lại năm.", first=fmt_date(FIRST_DAY), last=fmt_date(latest))
        refuse("planned_on", "planned_on", text)
    if (body is InspectingBody.CELL) != unit.is_cell:
        refuse(
            "other_body",
            "body",
            _("%(unit)s không có chủ thể này. Chi bộ thì chọn “Chi bộ”, đảng bộ thì chọn cơ quan của đảng bộ.", unit=unit.name),
        )
    if not unit.lives_on(planned_on):
        refuse("unit_gone", "planned_on", _("%(unit)s không hoạt động ngày %(day)s.", unit=unit.name, day=fmt_date(planned_on)))
    findings = plan_findings(queries.facts(facts["kind"], body, unit, min(day, clock.today()), is_dispersed=facts["is_dispersed"]), day)
    if wrong := blocking(findings):
        raise RuleBroken(wrong)


def _add(made: M) -> M:
    db.session.add(made)
    db.session.flush()
    return made


def _home(actor: Actor, inspection: Inspection, person: Person) -> int:
    """The cell of the member on the governing day, or today where that is to come. Raises RuleBroken for no member."""
    day = min(queries.governing_day(inspection), clock.today())
    home = queries.home_of(actor, person.id, day)
    if home is None:
        refuse(
            "no_member", "person", _("%(name)s không phải đảng viên trong phạm vi ngày %(day)s.", name=person.full_name, day=fmt_date(day))
        )
    return home


def _is_subject(inspection: Inspection, person_id: int) -> bool:
    query = sa.select(InspectionSubject.id).where(
        InspectionSubject.inspection_id == inspection.id, InspectionSubject.person_id == person_id
    )
    return db.session.scalar(query) is not None


def _in_team(inspection: Inspection, person_id: int) -> bool:
    query = sa.select(InspectionTeammate.id).where(
        InspectionTeammate.inspection_id == inspection.id, InspectionTeammate.person_id == person_id
    )
    return db.session.scalar(query) is not None


# -- conflicts in words -----------------------------------------------------------------------------------------------


def _titles() -> dict[str, str]:
    return {
        "title": _("Nội dung"), "body": _("Chủ thể"), "kind": _("Loại"), "matter": _("Nhóm nội dung"), "planned_on": _("Dự kiến"),
        "is_planned": _("Trong chương trình năm"), "is_dispersed": _("Đảng viên ở phân tán"), "decision_on": _("Ngày quyết định"),
        "decision_number": _("Số quyết định"), "plan_on": _("Ngày kế hoạch"), "plan_number": _("Số kế hoạch"),
        "report_on": _("Ngày báo cáo"), "report_number": _("Số báo cáo"), "conclusion_on": _("Ngày kết luận"),
        "conclusion_number": _("Số thông báo kết luận"), "mend_by": _("Hạn khắc phục"), "mended_on": _("Ngày khắc phục xong"),
        "mended_how": _("Kết quả khắc phục"), "cancelled_because": _("Lý do hủy"),
    }  # fmt: skip


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, InspectingBody | InspectionKind | InspectionMatter):
        return label(value)
    return fmt_date(value) if isinstance(value, dt.date) else value


def _stale(standing: Inspection, changes: Mapping[str, Any]) -> Conflict:
    """What differs between what was sent and what stands."""
    titles = _titles()
    differing = [key for key in titles if key in changes and changes[key] != getattr(standing, key)]
    return Conflict(
        _("Cuộc kiểm tra, giám sát này vừa được người khác sửa. Hãy xem bản đang lưu rồi làm lại nếu vẫn cần."),
        mine={titles[key]: _word(changes[key]) for key in differing},
        theirs={titles[key]: _word(getattr(standing, key)) for key in differing},
    )
