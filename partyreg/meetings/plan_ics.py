"""A planned meeting as an entry of a calendar outside: when, where, which cell; it names nobody and tells nothing of the agenda."""

from __future__ import annotations

import datetime as dt

import icalendar

from .. import clock
from ..i18n import _, label
from ..rulebook.book import LAW
from .models import MeetingKind
from .plan_queries import PlanLine


def event(plan: PlanLine, url: str) -> icalendar.Event:
    """The entry; it keeps its uid whatever is changed, and its sequence grows, so that calendars replace it.

    A meeting without an hour fills its day. A regular one with an hour lasts as long as the law of its day asks for at least.
    """
    made = icalendar.Event()
    made.add("uid", f"plan-{plan.id}@partyreg")
    made.add("sequence", plan.version - 1)
    made.add("dtstamp", clock.now())
    if plan.begins_at is None:
        made.add("dtstart", plan.held_on)
    else:
        start = dt.datetime.combine(plan.held_on, plan.begins_at, clock.OFFICE_ZONE).astimezone(dt.UTC)
        made.add("dtstart", start)
        least = LAW.find("meeting.min_minutes", plan.held_on) if plan.kind is MeetingKind.REGULAR else None
        if least is not None:
            made.add("dtend", start + dt.timedelta(minutes=least.required))
    made.add("summary", _("Sinh hoạt %(kind)s – %(cell)s", kind=label(plan.kind).lower(), cell=plan.unit_name))
    if plan.place:
        made.add("location", plan.place)
    made.add("url", url)
    made.add("class", "PRIVATE")
    return made


def calendar(name: str) -> icalendar.Calendar:
    """An empty calendar of the register."""
    made = icalendar.Calendar()
    made.add("prodid", "-//partyreg//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    return made
