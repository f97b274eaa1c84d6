"""What a user's calendar says: the lines of her home page that have a day, without anybody's name.

The calendar leaves the office: whoever keeps it (a telephone, a provider abroad) reads it. So it says what is due, in which cell,
and when; a person's name stays behind the sign-in, on the page that the line leads to.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..access import Actor, Permission
from ..admissions import due_queries as admissions
from ..admissions.due_queries import DueKind
from ..i18n import _, lazy
from ..meetings import board_queries as meetings
from ..rulebook.book import LAW

#: What a line is about, told without its person.
_WHAT: Mapping[DueKind, Any] = {
    DueKind.REVIEW: lazy("Rà soát danh sách cảm tình Đảng"),
    DueKind.CERTIFICATE: lazy("Giấy chứng nhận nhận thức về Đảng hết giá trị"),
    DueKind.CHECK: lazy("Hạn trả lời thẩm tra lý lịch"),
    DueKind.DOSSIER: lazy("Hồ sơ kết nạp hết giá trị"),
    DueKind.DECISION: lazy("Hạn quyết định kết nạp"),
    DueKind.CEREMONY: lazy("Hạn làm lễ kết nạp"),
    DueKind.PROBATION: lazy("Hết thời gian dự bị"),
    DueKind.RECOGNITION: lazy("Hạn chi bộ xét công nhận chính thức"),
    DueKind.RULING: lazy("Hạn quyết định công nhận chính thức"),
    DueKind.START: lazy("Đề nghị cho làm thủ tục kết nạp"),
    DueKind.RETURNED: lazy("Hồ sơ bị trả lại"),
    DueKind.CARD: lazy("Cấp thẻ đảng viên"),
}


class Entry(NamedTuple):
    """One day in the calendar; `key` stays the same while the line is due, and `url_for(endpoint, **where)` is its page."""

    key: str
    on: dt.date
    text: str
    endpoint: str
    where: dict[str, Any]


def entries(actor: Actor, day: dt.date) -> list[Entry]:
    """What the actor has to do that has a day, by day; the same questions as her home page asks."""
    found = [*_meetings(actor, day), *_admissions(actor, day)]
    seen: Counter[str] = Counter()
    numbered = []
    for entry in found:
        seen[entry.key] += 1
        numbered.append(entry if seen[entry.key] == 1 else entry._replace(key=f"{entry.key}-{seen[entry.key]}"))
    return sorted(numbered, key=lambda entry: (entry.on, entry.key))


def _meetings(actor: Actor, day: dt.date) -> list[Entry]:
    """The month's regular meetings that are not on record, on the last day that the law allows; none where it names no day."""
    latest = LAW.find("meeting.latest_day", day)
    if latest is None or not actor.may(Permission.MEETINGS_LOG):
        return []
    on = day.replace(day=latest.required)
    return [
        Entry(
            f"meeting-{due.unit_id}-{due.year}-{due.month}", on,
            _("Sinh hoạt định kỳ tháng %(m)s/%(y)s – %(cell)s", m=due.month, y=due.year, cell=due.name), "meetings.new", {"unit": due.code},
        )
        for due in meetings.due(actor.using(Permission.MEETINGS_LOG), day)
    ]  # fmt: skip


def _admissions(actor: Actor, day: dt.date) -> list[Entry]:
    if not actor.may(Permission.ADMISSIONS_READ):
        return []
    found = []
    for due in admissions.due(actor.using(Permission.ADMISSIONS_READ), day):
        if due.on is not None:
            cell = due.name if due.kind is DueKind.REVIEW else due.unit  # a review is the cell's own: it has no person
            text = _("%(what)s – %(cell)s", what=_WHAT[due.kind], cell=cell)
            found.append(Entry(f"admission-{due.kind}-{due.key}", due.on, text, due.endpoint, due.where))
    return found
