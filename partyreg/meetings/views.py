"""The page of one meeting with its history; the form is in `form_views`, the year's board in `board_views`."""

from __future__ import annotations

from typing import Any

from flask import render_template

from .. import audit, clock
from ..access import Actor, Permission
from ..rulebook.meeting import Kind, MeetingFacts, meeting_findings
from ..rulebook.meeting_agenda import resolution
from ..web import Area
from . import actions, paper_queries, papers, queries
from .models import Attendance, MeetingItem
from .queries import MeetingPage
from .score_story import box
from .story import story

area = Area("meetings", __name__)

FIRST_YEAR = actions.FIRST_DAY.year


@area.get("/meetings/<int:meeting_id>", needs=Permission.MEETINGS_READ)
def show(actor: Actor, meeting_id: int) -> str:
    """One meeting: facts, attendance, what the law says of it, and its history."""
    meeting = queries.one(actor, meeting_id)
    work = paper_queries.work(actor, [meeting])[meeting_id]
    return render_template(
        "meetings/show.html", meeting=meeting, points=[(one, _vote(one, meeting)) for one in work.points],
        tasks=work.tasks, today=clock.today(),
        papers=papers.offered(meeting, work), findings=_findings(meeting),
        can_log=actor.may(Permission.MEETINGS_LOG), score=box(actor, meeting_id),
        story=story(audit.history("meeting", meeting_id), meeting),
        tones={Attendance.PRESENT: "ok", Attendance.ABSENT: "danger", Attendance.EXCUSED: "warn", Attendance.EXEMPT: "neutral"},
    )  # fmt: skip


def _vote(item: MeetingItem, meeting: MeetingPage) -> Any:
    """What the law says of the vote on a point; None where there was none."""
    if item.in_favour is None:
        return None
    return resolution(item.in_favour, item.against or 0, item.blank or 0, meeting.counted_present, meeting.counted, meeting.held_on)


def _findings(meeting: MeetingPage) -> list[Any]:
    facts = MeetingFacts(
        kind=Kind(meeting.kind.value), held_on=meeting.held_on, minutes=meeting.minutes_long, members=meeting.whole,
        present=meeting.present, full_members=meeting.counted, full_present=meeting.counted_present,
        with_thematic=meeting.has_thematic, documents_on=meeting.documents_on,
        recorded_on=meeting.logged_at.astimezone(clock.OFFICE_ZONE).date(),
    )  # fmt: skip
    return meeting_findings(facts, clock.today())
