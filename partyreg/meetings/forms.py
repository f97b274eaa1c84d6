"""The shape of what is typed about a meeting: its facts, and one line of attendance for each member of the roll."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ..forms import DateInput, EnumField, Form, NotInFuture, one_line, whole_number
from ..i18n import _, lazy, said
from ..members.models import AbeyanceKind
from ..rulebook.finding import Finding
from .models import Attendance, MeetingKind
from .queries import Attender, Expected

LONG_TEXT = 20_000
REASON = 200
_TYPED = re.compile(r"^(?:status|reason)-([1-9]\d{0,17})$")


def _person(value: Any) -> int | None:
    if value in (None, "", "None"):
        return None
    if key := whole_number(str(value)):
        return key
    raise ValueError("no key of a person")


def _without_nul(value: Any) -> Any:
    """No text of ours holds a zero byte; PostgreSQL cannot store one."""
    return value.replace("\x00", "") if isinstance(value, str) else value


class _Who(wtforms.SelectField):
    """A person of the roll; whether she may is for the deed to say, with the reason."""

    def __init__(self, text: Any, **kwargs: Any) -> None:
        super().__init__(text, coerce=_person, choices=[], validate_choice=False, **kwargs)


class MeetingForm(Form):
    """The facts of a meeting; the attendance lines stand beside it in a `Sheet`."""

    kind = EnumField(lazy("Loại sinh hoạt"), MeetingKind, default=MeetingKind.REGULAR, validators=[InputRequired()])
    held_on = DateInput(lazy("Ngày họp"), validators=[InputRequired(), NotInFuture()])
    chair_id = _Who(lazy("Chủ trì"), validators=[InputRequired()])
    minute_taker_id = _Who(lazy("Ghi biên bản"), validators=[Optional()])
    minutes_long = wtforms.IntegerField(
        lazy("Thời lượng (phút)"), validators=[Optional(), NumberRange(min=1, max=1440)], widget=wtforms.widgets.TextInput()
    )
    place = wtforms.StringField(lazy("Địa điểm"), filters=[_without_nul], validators=[Optional(), Length(max=120)])
    documents_on = DateInput(lazy("Ngày gửi tài liệu"), validators=[Optional()])
    topic = wtforms.StringField(lazy("Chuyên đề, nội dung chính"), filters=[_without_nul], validators=[Optional(), Length(max=200)])
    guests = wtforms.StringField(lazy("Khách dự"), filters=[_without_nul], validators=[Optional(), Length(max=300)])
    notes = wtforms.TextAreaField(lazy("Diễn biến, ý kiến"), filters=[_without_nul], validators=[Optional(), Length(max=LONG_TEXT)])
    conclusions = wtforms.TextAreaField(lazy("Kết luận"), filters=[_without_nul], validators=[Optional(), Length(max=LONG_TEXT)])
    client_key = wtforms.HiddenField(filters=[_without_nul], validators=[Optional(), Length(max=36)])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Chair and minute-taker are chosen among these."""
        choices = [wtforms.SelectChoice(str(person_id), name) for person_id, name in people]
        self.chair_id.choices = [wtforms.SelectChoice("", _("– chọn –")), *choices]
        self.minute_taker_id.choices = [wtforms.SelectChoice("", _("– chưa ghi –")), *choices]

    def facts(self) -> dict[str, Any]:
        """The meeting's facts as the deeds take them."""
        return {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "client_key")}


class SheetLine:
    """One member on the attendance list as it is shown: chosen status, typed reason, and what is wrong with them."""

    def __init__(self, member_id: int, name: str, status: str, reason: str, note: str = "") -> None:
        self.member_id, self.name, self.status, self.reason, self.note = member_id, name, status, reason, note
        self.errors: list[str] = []


class Sheet:
    """The attendance list of a form: the roll of its day, with what was typed laid over the defaults."""

    def __init__(self, lines: Sequence[SheetLine]) -> None:
        self.lines = list(lines)
        self.carried: list[tuple[str, str]] = []  # typed about people of another day's list, in case that day is chosen again

    @classmethod
    def of(cls, roll: Iterable[Expected], noted: Iterable[Attender] = ()) -> Sheet:
        """The list with the law's defaults, and over them what is on record; those only on record are kept."""
        known = {one.member_id: one for one in noted}
        lines = []
        for one in roll:
            old = known.pop(one.member_id, None)
            status = old.status.value if old else one.default.attendance.value
            reason = (old.reason if old else one.default.reason) or ""
            lines.append(SheetLine(one.member_id, one.name, status, reason, _note(one)))
        lines += [SheetLine(old.member_id, old.name, old.status.value, old.reason or "") for old in known.values()]
        return cls(lines)

    @property
    def fingerprint(self) -> str:
        """Who is on the list, to be sent along with the form."""
        return ".".join(str(line.member_id) for line in self.lines)

    @property
    def present(self) -> int:
        """How many are noted present."""
        return sum(line.status == Attendance.PRESENT for line in self.lines)

    @property
    def whole(self) -> int:
        """How many are on the list, without those noted as exempt."""
        return sum(line.status != Attendance.EXEMPT for line in self.lines)

    @property
    def is_valid(self) -> bool:
        """Whether no line has an error."""
        return not any(line.errors for line in self.lines)

    def fill(self, typed: Mapping[str, str]) -> None:
        """Lay what was typed over the list, and judge it; a line that was not sent keeps its default."""
        listed = {str(line.member_id) for line in self.lines}
        for name, value in typed.items():
            if (found := _TYPED.match(name)) and found[1] not in listed and value:
                self.carried.append((name, value))
        for line in self.lines:
            status = typed.get(f"status-{line.member_id}")
            reason = typed.get(f"reason-{line.member_id}")
            if reason is not None:
                line.reason = _without_nul(one_line(reason) or "")
            if status is not None and status in set(Attendance):
                if reason is None and status != line.status:
                    line.reason = ""
                line.status = status
            elif status:
                line.errors.append(_("Lựa chọn không có trong danh sách. Hãy chọn lại."))
            if len(line.reason) > REASON:
                line.errors.append(_("Lý do quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=REASON))

    def difference(self, sent: str | None) -> list[str]:
        """What changed on the roll since the form was opened, in words; nothing when the form did not tell."""
        if not sent:
            return []
        before = {whole_number(part) for part in sent.split(".")} - {0}
        now = {line.member_id: line.name for line in self.lines}
        told = []
        if added := [name for member_id, name in now.items() if member_id not in before]:
            told.append(_("Thêm vào danh sách: %(names)s.", names=", ".join(added)))
        if gone := before - set(now):
            told.append(_("%(number)s người không còn trong danh sách ngày này.", number=len(gone)))
        return told

    def marks(self) -> dict[int, tuple[Attendance, str | None]]:
        """The attendance as the deeds take it."""
        return {line.member_id: (Attendance(line.status), line.reason or None) for line in self.lines}

    def show(self, findings: Iterable[Finding]) -> list[Finding]:
        """Put each finding about a line beside it; the others are given back."""
        by_field = {f"{word}-{line.member_id}": line for line in self.lines for word in ("status", "reason")}
        rest = []
        for finding in findings:
            line = by_field.get(finding.field)
            if line is None:
                rest.append(finding)
            else:
                line.errors.append(said(finding))
        return rest


def _note(one: Expected) -> str:
    """What to know of a member while taking attendance."""
    notes = (
        (one.abeyance is AbeyanceKind.SUSPENSION, _("đình chỉ sinh hoạt")),
        (one.abeyance is AbeyanceKind.EXEMPTION, _("được miễn sinh hoạt")),
        (one.is_away, _("sinh hoạt tạm thời nơi khác")),
        (one.is_guest, _("sinh hoạt tạm thời tại chi bộ")),
        (not one.is_full, _("dự bị")),
    )
    return next((str(note) for holds, note in notes if holds), "")


def first_day(today: dt.date, day: int | None, latest: int | None) -> dt.date:
    """The day that a new form proposes: the month's common day during the first week, else today."""
    if day is not None and latest is not None and day <= today.day <= latest:
        return today.replace(day=day)
    return today
