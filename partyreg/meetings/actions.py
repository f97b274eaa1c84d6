"""What we do with meetings: log one, and correct it on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from .. import clock
from ..access import Actor, Permission
from ..audit import deed, insert_rows
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, fmt_moment, label
from ..org.models import Unit
from ..rulebook.book import LAW
from ..rulebook.finding import Finding
from ..rulebook.meeting_agenda import closes_on
from . import agenda_queries, agenda_rows, queries
from .agenda_rows import Given, Outcome, Point
from .agenda_rows import refusal as _refusal
from .models import Attendance, Meeting, MeetingAttendance, MeetingDraft, MeetingKind
from .queries import Attender, Expected

#: What the attendance list says of one member: her status, and the reason.
Mark = tuple[Attendance, str | None]

#: The law does not say who counted at a meeting before this day.
FIRST_DAY = LAW.timeline("meeting.never_counted").provisions[0].since

_CORRECTABLE = frozenset(
    {"kind", "held_on", "chair_id", "minute_taker_id", "minutes_long", "place", "topic", "guests", "notes", "conclusions", "documents_on"}
)


@deed
def log(
    actor: Actor, *, unit: Unit, kind: MeetingKind, held_on: dt.date, chair_id: int, minute_taker_id: int | None = None,
    minutes_long: int | None = None, place: str | None = None, topic: str | None = None, guests: str | None = None,
    notes: str | None = None, conclusions: str | None = None, documents_on: dt.date | None = None,
    attendance: Mapping[int, Mark] | None = None, points: Sequence[Point] = (), given: Sequence[Given] = (),
    closing: Mapping[int, Outcome] | None = None, client_key: str | None = None,
) -> Meeting:  # fmt: skip
    """The cell's meeting is on record with an attendance line for every member of that day's roll.

    Whoever `attendance` does not name has the law's default: present, or exempt, or excused while active elsewhere. The earlier
    tasks that `closing` names are closed on that day; the draft with the same key is gone. A second log with the same
    `client_key` answers the first meeting. `minutes_long` is in minutes.
    Raises RuleBroken for what cannot be, Conflict when that day's meeting of the kind is on record, NotVisible.
    """
    _hold(actor, unit)
    sent = _sent_before(unit, client_key)
    facts: dict[str, Any] = {
        "kind": kind, "held_on": held_on, "chair_id": chair_id, "minute_taker_id": minute_taker_id, "minutes_long": minutes_long,
        "place": place, "topic": topic, "guests": guests, "notes": notes, "conclusions": conclusions,
        "documents_on": documents_on,
    }  # fmt: skip
    closing = closing or {}
    if sent is not None:
        _same_as(sent, facts, attendance or {}, points, given)
        return sent
    roll = _roll(actor, unit, held_on)
    marks = _marks(roll, attendance or {})
    names = {one.member_id: one.name for one in roll}
    present, counted = _heads(roll, marks)
    wrong = _faults(facts, names, {one.member_id for one in roll if one.is_guest}, marks)
    wrong += agenda_rows.faults(points, given, closing, held_on=held_on, known=set(names), present=present, counted=counted)
    agenda_rows.broken(wrong)
    _check_free(unit, facts, marks)
    meeting = Meeting(unit_id=unit.id, client_key=client_key, logged_at=clock.now(), **facts)
    db.session.add(meeting)
    db.session.flush()
    insert_rows(MeetingAttendance, [_line(meeting.id, one, marks[one.member_id]) for one in roll])
    agenda_rows.write_points(meeting, points)
    agenda_rows.write_tasks(meeting, given)
    _settle(actor, unit, closing, held_on, client_key)
    return meeting


@deed
def correct(
    actor: Actor, /, meeting: Meeting, version: int, *, attendance: Mapping[int, Mark] | None = None,
    points: Sequence[Point] | None = None, given: Sequence[Given] | None = None, dropped: Collection[int] = (),
    closing: Mapping[int, Outcome] | None = None, client_key: str | None = None, **changes: Any,
) -> None:  # fmt: skip
    """The meeting's facts, attendance, points and tasks are as given; the record keeps old and new. What is not given stays as noted.

    Of its tasks only those named in `dropped` go. Where a form takes its place that was written anew, the earlier tasks that
    `closing` names are closed, and the draft with that key is gone.

    While the day stays, so does the list that was settled then (members found later are added); on another day the roll of
    that day rules. Raises RuleBroken as `log`, and for a closed month unless the actor oversees meetings; Conflict when
    somebody changed it since `version` or the new day is taken.
    """
    unknown = set(changes) - _CORRECTABLE
    if unknown:
        raise TypeError(f"a meeting has no {', '.join(sorted(unknown))} to correct")
    unit = meeting.unit
    _hold(actor, unit)
    db.session.refresh(meeting, attribute_names=["version", *sorted(_CORRECTABLE)])
    before = queries.attenders(meeting.id)
    if meeting.version != version:
        raise _stale(meeting, changes, before, attendance or {}, points, given)
    facts = {key: changes.get(key, getattr(meeting, key)) for key in _CORRECTABLE}
    agenda_rows.broken([*_closed(actor, unit, meeting.held_on), *_closed(actor, unit, facts["held_on"])][:1])
    roll = _roll(actor, unit, facts["held_on"])
    known = {one.member_id: one for one in roll}
    if facts["held_on"] == meeting.held_on:
        kept = {one.member_id: one.name for one in before} | {one.member_id: one.name for one in roll}
    else:
        kept = {one.member_id: one.name for one in roll}
    noted = {one.member_id: (one.status, one.reason) for one in before if one.member_id in kept}
    marks = _marks(roll, {**noted, **(attendance or {})}, kept)
    present, counted = _heads(roll, marks, before)
    wrong = _faults(facts, kept, {one.member_id for one in roll if one.is_guest}, marks)
    wrong += agenda_rows.faults(
        points or (), given or (), closing or {}, held_on=facts["held_on"], known=set(kept), present=present, counted=counted
    )
    agenda_rows.broken(wrong)
    if (facts["kind"], facts["held_on"]) != (meeting.kind, meeting.held_on):
        _check_free(unit, facts, marks)
    differs = points is not None and agenda_rows.write_points(meeting, points)
    differs = (given is not None and agenda_rows.write_tasks(meeting, given, dropped)) or differs
    _settle(actor, unit, closing or {}, facts["held_on"], client_key)
    _apply(meeting, version, facts, before, marks, known, differs)


def _apply(
    meeting: Meeting, version: int, facts: Mapping[str, Any], before: list[Attender], marks: Mapping[int, Mark],
    known: Mapping[int, Expected], differs: bool,
) -> None:  # fmt: skip
    """Write what differs: rows changed one by one, so that the record shows each old and new value."""
    for key, value in facts.items():
        if getattr(meeting, key) != value:
            setattr(meeting, key, value)
            differs = True
    kept = {line.member_id: line for line in before}
    rows = db.session.scalars(sa.select(MeetingAttendance).where(MeetingAttendance.meeting_id == meeting.id))
    for row in rows.all():
        if row.member_id not in marks:
            db.session.delete(row)
            differs = True
            continue
        status, reason = marks[row.member_id]
        one = known.get(row.member_id)
        counted = one.is_counted(status) if one is not None else row.is_counted
        if (row.status, row.reason, row.is_counted) != (status, reason, counted):
            row.status, row.reason, row.is_counted = status, reason, counted
            differs = True
    new = [one for one in known.values() if one.member_id not in kept]
    if differs or new:
        meeting.version = version + 1  # also when only the list changed: the meeting is another one for whoever has it open
        db.session.flush()
        insert_rows(MeetingAttendance, [_line(meeting.id, one, marks[one.member_id]) for one in new])


# -- what a deed asks first -------------------------------------------------------------------------------------------


def _hold(actor: Actor, unit: Unit) -> None:
    """The cell is the actor's, and no other meeting of it is being written meanwhile. Raises NotVisible."""
    mine = sa.select(Unit.id).where(Unit.id == unit.id, Unit.within(actor.reach())).with_for_update(key_share=True)
    if db.session.scalar(mine) is None:
        raise NotVisible("Unit")


def _sent_before(unit: Unit, client_key: str | None) -> Meeting | None:
    """The meeting that this draft became earlier. Raises Conflict when it was sent for another cell."""
    if client_key is None:
        return None
    found = db.session.scalar(sa.select(Meeting).where(Meeting.client_key == client_key))
    if found is not None and found.unit_id != unit.id:
        raise Conflict(_("Bản nháp này đã được gửi cho một chi bộ khác. Hãy mở biểu mẫu mới."))
    return found


def _settle(actor: Actor, unit: Unit, closing: Mapping[int, Outcome], held_on: dt.date, client_key: str | None) -> None:
    """What a form settles besides its meeting: tasks given before that day are closed, and its draft is gone."""
    of_cell = {one.id for one in agenda_queries.open_tasks(actor, unit, before=held_on) if one.id in closing}
    agenda_rows.close_tasks(agenda_queries.rows_of(of_cell), closing, held_on)
    if draft := db.session.scalar(sa.select(MeetingDraft).where(MeetingDraft.client_key == client_key)):
        db.session.delete(draft)
    db.session.flush()


def _closed(actor: Actor, unit: Unit, held_on: dt.date) -> list[Finding]:
    """What keeps a cell from correcting a meeting of a closed month; the organisation committee still may."""
    last = closes_on(held_on)
    if last is None or clock.today() <= last or actor.using(Permission.MEETINGS_OVERSEE).reach().covers(unit.path):
        return []
    text = _("Sổ tháng %(month)s/%(year)s đã khóa từ sau ngày %(day)s. Muốn sửa, đề nghị Ban Tổ chức sửa giúp.",
             month=held_on.month, year=held_on.year, day=fmt_date(last))  # fmt: skip
    return [_refusal("meeting.closed", "", text)]


def _heads(roll: Iterable[Expected], marks: Mapping[int, Mark], noted: Iterable[Attender] = ()) -> tuple[int, int]:
    """How many full members were there, and how many count, by the marks; those only `noted` count as was settled then."""
    known = {one.member_id: one for one in roll}
    counting = [marks[one.member_id][0] for one in known.values() if one.is_counted(marks[one.member_id][0])]
    counting += [marks[one.member_id][0] for one in noted if one.member_id not in known and one.member_id in marks and one.is_counted]
    return sum(status is Attendance.PRESENT for status in counting), len(counting)


def _roll(actor: Actor, unit: Unit, held_on: dt.date) -> list[Expected]:
    """That day's roll. Raises RuleBroken when the cell could not meet on that day."""
    if not unit.is_cell:
        raise RuleBroken(
            [_refusal("meeting.no_cell", "unit", _("%(unit)s không phải chi bộ nên không có sinh hoạt chi bộ.", unit=unit.name))]
        )
    if held_on > clock.today():
        text = _("Ngày họp %(day)s chưa đến. Hãy ghi sau khi đã họp, hoặc sửa ngày.", day=fmt_date(held_on))
        raise RuleBroken([_refusal("meeting.future", "held_on", text)])
    if held_on < unit.founded_on:
        text = _("%(unit)s thành lập ngày %(day)s, chưa có vào ngày họp này.", unit=unit.name, day=fmt_date(unit.founded_on))
        raise RuleBroken([_refusal("meeting.before_founding", "held_on", text)])
    if not unit.lives_on(held_on):
        text = _("%(unit)s đã kết thúc từ ngày %(day)s.", unit=unit.name, day=fmt_date(unit.dissolved_on))
        raise RuleBroken([_refusal("meeting.after_end", "held_on", text)])
    if held_on < FIRST_DAY:
        text = _("Sổ chỉ ghi sinh hoạt từ ngày %(day)s.", day=fmt_date(FIRST_DAY))
        raise RuleBroken([_refusal("meeting.too_early", "held_on", text)])
    return queries.expected(actor, unit, held_on)


def _marks(roll: Iterable[Expected], named: Mapping[int, Mark], names: Mapping[int, str] | None = None) -> dict[int, Mark]:
    """Member -> what is noted of her: as named, else the default. Raises RuleBroken for one who is not on the list."""
    default = {one.member_id: one.default for one in roll}
    names = names if names is not None else dict.fromkeys(default, "")
    strangers = sorted(set(named) - set(names))
    if strangers:
        text = _("Có người không thuộc danh sách chi bộ ngày họp. Hãy cập nhật danh sách rồi điểm danh lại.")
        raise RuleBroken([_refusal("meeting.not_on_roll", f"status-{member_id}", text) for member_id in strangers])
    marks: dict[int, Mark] = {member_id: (Attendance(one.attendance.value), one.reason or None) for member_id, one in default.items()}
    for member_id, (status, reason) in named.items():
        reason = (reason or "").strip() or None
        if reason is None and member_id in default and status == default[member_id].attendance.value:
            reason = default[member_id].reason or None
        marks[member_id] = (status, None if status is Attendance.PRESENT else reason)
    return marks


def _faults(facts: Mapping[str, Any], names: Mapping[int, str], guests: set[int], marks: Mapping[int, Mark]) -> list[Finding]:
    """A finding for each thing that cannot be of the facts and the list."""
    wrong = [
        _refusal("meeting.reason", f"reason-{member_id}", _("Chưa ghi lý do vắng của %(name)s.", name=names[member_id]))
        for member_id, (status, reason) in marks.items()
        if status is Attendance.EXCUSED and not reason
    ]
    for field, who in (("chair_id", _("Người chủ trì")), ("minute_taker_id", _("Người ghi biên bản"))):
        person_id = facts[field]
        if person_id is None and field == "minute_taker_id":
            continue
        if person_id not in names:
            text = _("%(who)s không thuộc danh sách chi bộ ngày họp. Hãy chọn người trong danh sách.", who=who)
            wrong.append(_refusal("meeting.officer_not_on_roll", field, text))
        elif person_id in guests and field == "chair_id":
            text = _("%(name)s chỉ sinh hoạt tạm thời ở chi bộ này nên không chủ trì được.", name=names[person_id])
            wrong.append(_refusal("meeting.chair_is_guest", field, text))
        elif marks[person_id][0] is not Attendance.PRESENT:
            text = _("%(who)s (%(name)s) đang ghi là vắng. Hãy sửa điểm danh hoặc chọn người khác.", who=who, name=names[person_id])
            wrong.append(_refusal("meeting.officer_absent", field, text))
    if facts["minutes_long"] is not None and not 1 <= facts["minutes_long"] <= 1440:
        wrong.append(_refusal("meeting.minutes", "minutes_long", _("Thời lượng phải từ 1 đến 1.440 phút.")))
    if facts["documents_on"] is not None and facts["documents_on"] > facts["held_on"]:
        wrong.append(_refusal("meeting.documents", "documents_on", _("Ngày gửi tài liệu sau ngày họp. Kiểm tra lại ngày.")))
    return wrong


def _check_free(unit: Unit, facts: Mapping[str, Any], marks: Mapping[int, Mark]) -> None:
    """Raises Conflict when the cell has a meeting of that kind on that day; extraordinary ones may be several."""
    if facts["kind"] is MeetingKind.EXTRAORDINARY:
        return
    theirs = db.session.scalar(
        sa.select(Meeting).where(Meeting.unit_id == unit.id, Meeting.kind == facts["kind"], Meeting.held_on == facts["held_on"])
    )
    if theirs is not None:
        message = _(
            "%(unit)s đã có buổi sinh hoạt %(kind)s ngày %(day)s, ghi lúc %(at)s. Hãy mở buổi đó để sửa, hoặc đổi ngày hay loại.",
            unit=unit.name, kind=label(theirs.kind).lower(), day=fmt_date(theirs.held_on), at=fmt_moment(theirs.logged_at),
        )  # fmt: skip
        there = [one.status for one in queries.attenders(theirs.id)]
        raise Conflict(
            message,
            mine=_shown(facts) | {_("Có mặt"): _presence([status for status, _reason in marks.values()])},
            theirs=_shown({key: getattr(theirs, key) for key in facts}) | {_("Có mặt"): _presence(there)},
        )


def _presence(statuses: Sequence[Attendance]) -> str:
    return f"{sum(one is Attendance.PRESENT for one in statuses)}/{len(statuses)}"


def _line(meeting_id: int, one: Expected, mark: Mark) -> dict[str, Any]:
    status, reason = mark
    return {
        "meeting_id": meeting_id, "member_id": one.member_id, "status": status, "is_counted": one.is_counted(status),
        "reason": reason,
    }  # fmt: skip


# -- conflicts in words -----------------------------------------------------------------------------------------------


def titles() -> dict[str, str]:
    """What a meeting's facts are called, in the order of the form."""
    return {
        "kind": _("Loại sinh hoạt"), "held_on": _("Ngày họp"), "chair_id": _("Chủ trì"), "minute_taker_id": _("Ghi biên bản"),
        "minutes_long": _("Thời lượng (phút)"), "place": _("Địa điểm"), "topic": _("Chuyên đề, nội dung chính"),
        "guests": _("Khách dự"), "notes": _("Diễn biến, ý kiến"), "conclusions": _("Kết luận"),
        "documents_on": _("Ngày gửi tài liệu"),
    }  # fmt: skip


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Title -> value in words, people by name."""
    people = queries.names({facts[key] for key in ("chair_id", "minute_taker_id") if facts.get(key)})
    words: dict[str, Any] = {}
    for key, title in titles().items():
        if key in facts:
            value = facts[key]
            words[title] = people.get(value, value) if key.endswith("_id") else _word(value)
    return words


def _word(value: Any) -> Any:
    if isinstance(value, MeetingKind | Attendance):
        return label(value)
    return fmt_date(value) if isinstance(value, dt.date) else value


def _same_as(
    meeting: Meeting, facts: Mapping[str, Any], attendance: Mapping[int, Mark], points: Sequence[Point], given: Sequence[Given]
) -> None:  # fmt: skip
    """Raises Conflict when a form that became this meeting earlier now says something else: it would be lost without a word."""
    found = _stale(meeting, facts, queries.attenders(meeting.id), attendance, points, given)
    if found.mine:
        text = _("Buổi này đã ghi vào sổ từ lần gửi trước, lúc %(at)s; bản gửi lần này khác bản trong sổ. Hãy so hai bản.",
                 at=fmt_moment(meeting.logged_at))  # fmt: skip
        raise Conflict(text, mine=found.mine, theirs=found.theirs)


def _stale(
    meeting: Meeting, changes: Mapping[str, Any], before: list[Attender], attendance: Mapping[int, Mark],
    points: Sequence[Point] | None, given: Sequence[Given] | None,
) -> Conflict:  # fmt: skip
    """What differs between what was sent and what stands: facts first, then points and tasks, then the list."""
    standing = {key: getattr(meeting, key) for key in changes}
    mine, theirs = _shown(changes), _shown(standing)
    if points is not None:
        kept = agenda_queries.points([meeting.id])[meeting.id]
        mine[_("Nội dung")] = "\n".join(agenda_rows.told(one) for one in points) or None
        theirs[_("Nội dung")] = "\n".join(agenda_rows.told(one) for one in kept) or None
    if given is not None:
        tasks = agenda_queries.given_by(meeting).values()
        mine[_("Nhiệm vụ")] = "\n".join(one.title for one in given) or None
        theirs[_("Nhiệm vụ")] = "\n".join(one.title for one in tasks) or None
    for one in before:
        if one.member_id in attendance:
            mine[one.name], theirs[one.name] = (_mark(*attendance[one.member_id]), _mark(one.status, one.reason))
    differing = [title for title in theirs if mine[title] != theirs[title]]
    return Conflict(
        _("Buổi sinh hoạt này vừa được người khác sửa. Hãy so hai bản rồi lưu lại nếu vẫn cần."),
        mine={title: mine[title] for title in differing},
        theirs={title: theirs[title] for title in differing},
    )


def _mark(status: Attendance, reason: str | None) -> str:
    return f"{label(status)} ({reason})" if reason and status is not Attendance.PRESENT else label(status)
