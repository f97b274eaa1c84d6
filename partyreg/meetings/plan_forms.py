"""The shape of what is typed about a meeting to come."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, Optional

from ..forms import DateInput, EnumField, Form
from ..i18n import _, lazy
from .models import MeetingKind
from .plan_actions import REASON

LONG_TEXT = 20_000
_HOUR = re.compile(r"^(\d{1,2})\s*(?:[:.,hg]|giờ)\s*(\d{2})?$", re.I)


def read_hour(text: str) -> dt.time:
    """The hour that was typed: `19:30`, `19h30`, `19 giờ`. Raises ValueError, saying in Vietnamese what is wrong with an example."""
    found = _HOUR.match(text)
    if found is None:
        raise ValueError(_("Không đọc được giờ “%(text)s”. Hãy viết như 19:30.", text=text[:20]))
    try:
        return dt.time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise ValueError(_("Không có giờ %(text)s trong ngày. Giờ từ 00:00 đến 23:59.", text=text[:20])) from None


class HourInput(wtforms.Field):
    """An hour of the day, written `19:30`; kept as typed when it is none."""

    data: dt.time | None
    widget = wtforms.widgets.TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the hour; what is none is refused with an example."""
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if text:
            self.data = read_hour(text)


class PlanForm(Form):
    """A meeting to come: kind, day, hour, place, what it is about."""

    kind = EnumField(lazy("Loại sinh hoạt"), MeetingKind, default=MeetingKind.REGULAR, validators=[InputRequired()])
    held_on = DateInput(lazy("Ngày họp"), validators=[InputRequired()])
    begins_at = HourInput(lazy("Giờ họp"), validators=[Optional()])
    place = wtforms.StringField(lazy("Địa điểm"), validators=[Optional(), Length(max=120)])
    topic = wtforms.StringField(lazy("Chuyên đề, nội dung chính"), validators=[Optional(), Length(max=200)])
    agenda = wtforms.TextAreaField(lazy("Nội dung dự kiến"), validators=[Optional(), Length(max=LONG_TEXT)])
    version = wtforms.HiddenField()

    def facts(self) -> dict[str, Any]:
        """The plan's facts as the deeds take them."""
        return {name: self._fields[name].data for name in ("kind", "held_on", "begins_at", "place", "topic", "agenda")}


class CancelForm(Form):
    """Why a planned meeting does not take place."""

    reason = wtforms.StringField(lazy("Lý do hủy"), validators=[InputRequired(), Length(max=REASON)])
    version = wtforms.HiddenField()


class RenewForm(Form):
    """When the next meeting is, and what it takes over from the last one."""

    kind = EnumField(lazy("Loại sinh hoạt"), MeetingKind, validators=[InputRequired()])
    held_on = DateInput(lazy("Ngày họp"), validators=[InputRequired()])
    begins_at = HourInput(lazy("Giờ họp"), validators=[Optional()])
    with_place = wtforms.BooleanField(lazy("Địa điểm"))
    with_topic = wtforms.BooleanField(lazy("Chuyên đề, nội dung chính"))
    with_tasks = wtforms.BooleanField(lazy("Việc chi bộ giao chưa xong"))
    with_items = wtforms.BooleanField(lazy("Các nội dung của buổi vừa họp"))
    with_due = wtforms.BooleanField(lazy("Việc đến hạn trong tháng họp"))

    def carried(self) -> set[str]:
        """The parts that are taken over."""
        return {name.removeprefix("with_") for name, field in self._fields.items() if name.startswith("with_") and field.data}
