"""The door to a user's calendar of what is due: open to whoever knows its secret address."""

from __future__ import annotations

import datetime as dt

import icalendar
from flask import Response, session, url_for

from .. import clock, web
from ..accounts.sign_in import behind_feed
from ..i18n import _
from ..meetings import plan_ics, plan_queries
from . import calendar_queries
from .views import area

__all__ = ["area"]

#: How often a calendar asks again.
REFRESH = dt.timedelta(hours=6)


@area.get("/calendar/<secret>.ics", needs=web.PUBLIC)
def calendar(_nobody: None, secret: str) -> Response:
    """What is due for the user of that address, one all-day entry a line, and the planned meetings of her cells with their hour.

    Nothing at all tells an unknown address from a closed one.
    """
    actor = behind_feed(secret)
    session.modified = False  # a calendar's program keeps no cookies, and gets none
    if actor is None:
        return Response("", 404, mimetype="text/plain")
    made = plan_ics.calendar(_("Việc đến hạn"))
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for entry in calendar_queries.entries(actor, clock.today()):
        made.add_component(_event(entry))
    for plan in plan_queries.to_come(actor, clock.today()):
        made.add_component(plan_ics.event(plan, url_for("meetings.show_plan", plan_id=plan.id, _external=True)))
    return Response(made.to_ical(), mimetype="text/calendar; charset=utf-8")


def _event(entry: calendar_queries.Entry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{entry.key}@partyreg")
    event.add("dtstamp", clock.now())
    event.add("dtstart", entry.on)
    event.add("summary", entry.text)
    event.add("url", url_for(entry.endpoint, **entry.where, _external=True))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
