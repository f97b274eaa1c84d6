"""The form of a meeting: a new one, one that was kept as a draft, and the correction of one on record.

A page that was saved on a phone sends the same form to the same door and asks for JSON: the same form and deed judge it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict, NotVisible, RuleBroken
from ..forms import whole_number
from ..i18n import _, fmt_date, fmt_moment, label, said
from ..members import queries as members
from ..org import queries as org
from ..org.models import Unit
from ..rulebook.book import LAW
from ..web import done
from . import actions, agenda_queries, draft_actions, draft_queries, plan_queries, queries
from .agenda_forms import MOST, Agenda
from .board_queries import common_day
from .forms import MeetingForm, Sheet, first_day
from .models import Attendance, Meeting, MeetingKind, MeetingPlan
from .queries import Expected
from .views import area

#: What the buttons of the form send, and what is not of the meeting.
BUTTONS = ("refresh", "reopened", "draft", "draft_version", "phone", "csrf_token")


class Entry:
    """One form as it stands: its facts, its list, its points and tasks."""

    def __init__(
        self, actor: Actor, unit: Unit, sent: Mapping[str, str] | None, meeting: Meeting | None = None, plan: MeetingPlan | None = None
    ) -> None:
        self.actor, self.unit, self.sent, self.meeting, self.plan = actor, unit, sent, meeting, plan
        self.draft_version = 0
        formdata = MultiDict(sent) if sent is not None else None
        planned = {"place": plan.place, "topic": plan.topic} if plan else {}
        self.form = MeetingForm(formdata=formdata, obj=meeting, data=None if meeting else _proposal() | planned)
        if not self.form.client_key.data:
            self.form.client_key.data = str(uuid.uuid4())
        self.sheet = self._sheet()
        self.agenda = self._agenda()
        self.form.offer((line.member_id, line.name) for line in self.sheet.lines)
        if sent is not None:
            self.sheet.fill(sent)
        elif self.form.chair_id.data is None:
            self._propose_chair()

    def _sheet(self) -> Sheet:
        held_on, meeting = self.form.held_on.data, self.meeting
        if meeting is None:
            return Sheet.of(_roll_of(self.actor, self.unit, held_on))
        roll, noted = _roll_of(self.actor, self.unit, held_on or meeting.held_on), queries.attenders(meeting.id)
        on_roll = {one.member_id for one in roll}
        same_day = held_on in (None, meeting.held_on)
        return Sheet.of(roll, noted if same_day else [one for one in noted if one.member_id in on_roll])

    def _agenda(self) -> Agenda:
        if self.meeting is not None:
            if self.sent is not None:
                takes_over = any(name.startswith("end-") for name in self.sent)  # a new form takes the place of the one on record
                return Agenda.typed(self.sent, self._earlier(self.meeting.held_on) if takes_over else ())
            key = self.meeting.id
            return Agenda.of(agenda_queries.points([key])[key], agenda_queries.tasks(self.actor, [key])[key])
        kind, day = self.form.kind.data or MeetingKind.REGULAR, _day_of(self.unit, self.form.held_on.data)
        if self.sent is None:
            planned = (self.plan.agenda or "").splitlines() if self.plan is not None else []
            return Agenda.proposed(planned or self._proposed(kind, day), self._earlier(day))
        agenda, before = Agenda.typed(self.sent, self._earlier(day)), self.sent.get("agenda_kind", "")
        if "refresh" not in self.sent or before == kind.value or before not in set(MeetingKind):
            return agenda
        untouched = agenda.bare_titles == self._proposed(MeetingKind(before), day)
        return agenda.instead(self._proposed(kind, day)) if untouched else agenda

    def _proposed(self, kind: MeetingKind, day: dt.date) -> list[str]:
        return agenda_queries.proposed(self.actor, self.unit, kind, day)

    def _earlier(self, day: dt.date) -> list[agenda_queries.Task]:
        return agenda_queries.open_tasks(self.actor, self.unit, before=day, limit=MOST)

    def _propose_chair(self) -> None:
        secretary = members.secretary_of(self.actor, self.unit, self.form.held_on.data or clock.today())
        if secretary is not None and secretary.person_id in {line.member_id for line in self.sheet.lines}:
            self.form.chair_id.data = secretary.person_id

    def compare_roll(self) -> bool:
        """Whether the roll is still the one that the form was opened with; says above the form who came and went."""
        changes = self.sheet.difference((self.sent or {}).get("roll"))
        if changes:
            self.form.general.append(_("Danh sách đảng viên của ngày họp khác với lúc mở biểu mẫu. Đã cập nhật; hãy xem lại rồi lưu."))
            self.form.general.extend(changes)
        return not changes

    def is_ready(self) -> bool:
        """Whether what was typed can be handed to the deed; says so when the roll changed while the form was open."""
        valid, same = self.form.validate(), self.compare_roll()
        if not self.sheet.is_valid:
            self.form.general.append(_("Danh sách điểm danh có dòng cần xem lại."))
        if not self.agenda.is_valid:
            self.form.general.append(_("Mục nội dung hoặc nhiệm vụ có dòng cần xem lại."))
        return valid and self.sheet.is_valid and self.agenda.is_valid and same

    def refused(self, broken: RuleBroken) -> None:
        """Each finding stands beside what it is about."""
        self.form.show(self.agenda.show(self.sheet.show(broken.findings)))

    def faults(self) -> list[str]:
        """Everything that is wrong, in words, for whoever does not see the page."""
        found = [one if isinstance(one, str) else said(one) for one in self.form.general]
        for field in self.form:
            found += [f"{field.label.text}: {error}" for error in field.errors]
        for line in self.sheet.lines:
            found += [f"{line.name}: {error}" for error in line.errors]
        for one in (*self.agenda.points, *self.agenda.tasks):
            found += [error for errors in one.errors.values() for error in errors]
        for task, end in self.agenda.earlier:
            found += [f"{task.title}: {error}" for errors in end.errors.values() for error in errors]
        return list(dict.fromkeys(found))

    def page(self, status: int = 200, *, conflict: Conflict | None = None, standing: Meeting | None = None, **more: Any) -> Any:
        """The page of the form, or what it would say as JSON."""
        if _as_json():
            return _told(self, conflict, standing), status
        if not self.sheet.is_valid and not self.form.general:
            self.form.general.append(_("Danh sách điểm danh có dòng cần xem lại."))
        today, form = clock.today(), self.form
        least = LAW.find("meeting.min_minutes", form.held_on.data or today)
        days = {today: _("Hôm nay"), today - dt.timedelta(days=1): _("Hôm qua")}
        days.setdefault(common_day(today.year, today.month), _("Ngày sinh hoạt thống nhất"))
        page = render_template(
            "meetings/form.html", unit=self.unit, form=form, sheet=self.sheet, agenda=self.agenda.spare(), meeting=self.meeting,
            choices=[(status.value, label(status)) for status in Attendance], least=least.required if least else None,
            labels={key: key for key in conflict.theirs} if conflict else {}, days=days.items(), conflict=conflict, standing=standing,
            draft_version=self.draft_version, phone=phone_of(self.actor), **{"version": None, **more},
        )  # fmt: skip
        return page, status


def phone_of(actor: Actor) -> str:
    """The word by which a phone knows whose forms it keeps; it names nobody, and outlives a new secret key."""
    return hashlib.sha256(f"phone of account {actor.user_id}".encode()).hexdigest()[:24]


def _as_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _told(entry: Entry, conflict: Conflict | None, standing: Meeting | None) -> Any:
    if conflict is None:
        return jsonify(state="refused", messages=entry.faults())
    return jsonify(
        state="conflict", messages=[str(conflict)], mine=conflict.mine, theirs=conflict.theirs,
        url=url_for("meetings.show", meeting_id=standing.id) if standing else None,
    )  # fmt: skip


@area.form("/meetings/new", needs=Permission.MEETINGS_LOG)
def new(actor: Actor) -> Any:
    """The form for a cell's meeting, a fresh one or a draft; sent, the meeting's page; or the draft is kept."""
    draft_id = whole_number(request.args.get("draft"))
    draft = draft_queries.draft(actor, draft_id) if draft_id else None
    code = request.args.get("unit") or request.form.get("unit")
    if draft is not None:
        unit = draft_queries.unit_of(draft)
    elif not code:
        cells = org.cells(actor, clock.today())
        if len(cells) != 1:
            return render_template("meetings/choose.html", cells=cells)
        unit = cells[0]
    else:
        unit = org.by_code(actor, code)
    if not unit.is_cell:
        return render_template("meetings/choose.html", cells=org.cells(actor, clock.today()), unit=unit), 422
    plan_id = whole_number(request.args.get("plan"))
    plan = plan_queries.row(actor, plan_id) if plan_id else None
    if plan is not None and plan.unit_id != unit.id:
        raise NotVisible("MeetingPlan")
    sent = request.form if request.method == "POST" else draft_queries.typed(draft) if draft else None
    entry = Entry(actor, unit, sent, plan=plan)
    entry.draft_version = draft.version if draft else whole_number(request.form.get("draft_version"))
    if request.method == "GET" or "refresh" in request.form:
        if draft is not None or "reopened" in request.form:
            entry.compare_roll()
        return entry.page()
    if "draft" in request.form:
        return _kept(actor, entry)
    if not entry.is_ready():
        return entry.page(422)
    return _logged(actor, entry)


def _kept(actor: Actor, entry: Entry) -> Any:
    fields = {name: value for name, value in (entry.sent or {}).items() if name not in BUTTONS}
    fields["client_key"] = entry.form.client_key.data
    try:
        key, held_on = entry.form.client_key.data, entry.form.held_on.data
        draft = draft_actions.keep_draft(actor, entry.unit, key, fields, held_on, version=entry.draft_version)
    except RuleBroken as refused:
        entry.refused(refused)
        return entry.page(422)
    except Conflict as conflict:
        return entry.page(409, conflict=conflict)
    return done(_("Đã giữ bản nháp. Mở lại ở trang đầu hoặc trang sinh hoạt để viết tiếp."), "meetings.new", draft=draft.id)


def _logged(actor: Actor, entry: Entry) -> Any:
    started, form = clock.now(), entry.form
    points, given, closing = entry.agenda.facts
    try:
        meeting = actions.log(
            actor, unit=entry.unit, attendance=entry.sheet.marks(), points=points, given=given, closing=closing,
            client_key=form.client_key.data or None, **form.facts(),
        )  # fmt: skip
    except RuleBroken as refused:
        entry.refused(refused)
        return entry.page(422)
    except Conflict as conflict:
        return entry.page(409, conflict=conflict, standing=_standing(actor, entry))
    address = url_for("meetings.show", meeting_id=meeting.id)
    if _as_json():
        return jsonify(state="sent", url=address, messages=[_("Đã ghi buổi sinh hoạt ngày %(day)s.", day=fmt_date(meeting.held_on))])
    if meeting.logged_at < started:
        text = _(
            "Buổi sinh hoạt này đã được ghi lúc %(at)s; lần gửi này không thay đổi gì. Muốn sửa, hãy bấm “Sửa”.",
            at=fmt_moment(meeting.logged_at),
        )
        flash(text, "warn")
    else:
        flash(_("Đã ghi buổi sinh hoạt ngày %(day)s.", day=fmt_date(meeting.held_on)), "ok")
    return redirect(address)


def _standing(actor: Actor, entry: Entry) -> Meeting | None:
    key = entry.form.client_key.data or ""
    found = queries.with_keys(actor, [key]).get(key) or queries.standing(actor, entry.unit, entry.form.kind.data, entry.form.held_on.data)
    return queries.row(actor, found) if found else None


@area.post("/meetings/drafts/<int:draft_id>/drop", needs=Permission.MEETINGS_LOG)
def drop_draft(actor: Actor, draft_id: int) -> Any:
    """The draft is thrown away."""
    draft = draft_queries.draft(actor, draft_id)
    unit = draft_queries.unit_of(draft)
    draft_actions.drop_draft(actor, draft)
    return done(_("Đã bỏ bản nháp."), "meetings.board", unit=unit.code)


@area.form("/meetings/<int:meeting_id>/edit", needs=Permission.MEETINGS_LOG)
def edit(actor: Actor, meeting_id: int) -> Any:
    """The form for correcting a meeting; sent, the meeting's page."""
    meeting = queries.row(actor, meeting_id)
    entry = Entry(actor, meeting.unit, request.form if request.method == "POST" else None, meeting)
    form, sheet = entry.form, entry.sheet
    version = whole_number(request.form["version"]) if "version" in request.form else meeting.version
    if request.method == "GET" or "refresh" in request.form:
        return entry.page(version=version)
    if not entry.is_ready():
        return entry.page(422, version=version)
    held_on, kind = meeting.held_on, meeting.kind
    points, given, closing = entry.agenda.facts
    try:
        actions.correct(
            actor, meeting, version, attendance=sheet.marks(), points=points, given=given, dropped=entry.agenda.dropped, closing=closing,
            client_key=form.client_key.data or None, **form.facts(),
        )  # fmt: skip
    except RuleBroken as refused:
        entry.refused(refused)
        return entry.page(422, version=version)
    except Conflict as conflict:
        moved = form.held_on.data != held_on or form.kind.data is not kind
        other = _standing(actor, entry) if moved else None
        return entry.page(409, conflict=conflict, standing=other if other is not meeting else None, version=meeting.version)
    return done(_("Đã lưu; bản cũ và bản mới đều nằm trong lịch sử."), "meetings.show", meeting_id=meeting_id)


def _proposal() -> dict[str, Any]:
    """What a fresh form holds: the usual kind and day, or those that the link named."""
    today = clock.today()
    asked = request.args.get("held_on", "")
    try:
        held_on = min(dt.date.fromisoformat(asked), today)
    except ValueError:
        common, latest = LAW.find("meeting.day", today), LAW.find("meeting.latest_day", today)
        held_on = first_day(today, common.required if common else None, latest.required if latest else None)
    kind = request.args.get("kind")
    return {"kind": MeetingKind(kind) if kind in set(MeetingKind) else MeetingKind.REGULAR, "held_on": held_on}


def _roll_of(actor: Actor, unit: Unit, day: dt.date | None) -> list[Expected]:
    """The roll of that day; of the last day on which the cell can have met, where that day cannot be, so nothing typed is lost."""
    return queries.expected(actor, unit, _day_of(unit, day))


def _day_of(unit: Unit, day: dt.date | None) -> dt.date:
    """That day, where the cell can have met on it; else the last one on which it can have."""
    last = clock.today()
    if unit.dissolved_on is not None:
        last = max(min(last, unit.dissolved_on - dt.timedelta(days=1)), actions.FIRST_DAY)
    possible = day is not None and day <= last and unit.lives_on(day) and day >= actions.FIRST_DAY
    return day if day is not None and possible else last
