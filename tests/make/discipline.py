"""Cases of discipline for tests, taken as far as told by the deeds that people use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from partyreg import access
from partyreg.access import Permission
from partyreg.discipline import actions, ruling_actions
from partyreg.discipline.models import DisciplineCase, Source
from partyreg.discipline.ruling_actions import Counts
from partyreg.members.models import Member
from partyreg.org.models import Unit
from partyreg.rulebook.discipline import Content, Decider, Form, Part

KEEPER = access.system("test").using(Permission.DISCIPLINE_KEEP)
#: A vote of nine that carries everything.
ALL = Counts(present=9, in_favour=9, members=9)


def case(
    *, member: Member | None = None, organisation: Unit | None = None, body: Decider = Decider.STANDING,
    acted_on: dt.date = dt.date(2026, 5, 1), opened_on: dt.date = dt.date(2026, 6, 1), content: Content = Content.DUTY, **facts: Any,
) -> DisciplineCase:  # fmt: skip
    """An open case of June 2026, of the standing committee unless told."""
    return actions.open_case(
        KEEPER, member=member, organisation=organisation, body=body, source=Source.INSPECTION, opened_on=opened_on, acted_on=acted_on,
        content=content, **facts,
    )  # fmt: skip


def concluded(made: DisciplineCase, day: dt.date = dt.date(2026, 6, 10)) -> DisciplineCase:
    """The one concerned was heard, and discipline is due."""
    actions.hear(KEEPER, made, made.version, day)
    actions.conclude(KEEPER, made, made.version, day)
    return made


def decided(made: DisciplineCase, form: Form = Form.REPRIMAND, day: dt.date = dt.date(2026, 6, 12), **facts: Any) -> DisciplineCase:
    """The form was voted and the decision signed; of a commune's body, with nine members."""
    if made.concluded_on is None:
        concluded(made, day - dt.timedelta(days=2))
    if form is Form.EXPULSION:
        whole = Counts(present=1, in_favour=1)
        ruling_actions.record_vote(KEEPER, made, made.version, part=Part.PROPOSES, form=form, held_on=day, counts=whole)
    counts = Counts(present=1, in_favour=1) if made.body is Decider.CELL else ALL
    ruling_actions.record_vote(KEEPER, made, made.version, part=Part.DECIDES, form=form, held_on=day, counts=counts)
    ruling_actions.decide(KEEPER, made, made.version, form=form, number="12-QĐ/ĐU", signed_on=day, **facts)
    return made


def published(made: DisciplineCase, form: Form = Form.REPRIMAND, day: dt.date = dt.date(2026, 6, 12), **facts: Any) -> DisciplineCase:
    """The decision was signed, published and delivered on that day."""
    decided(made, form, day, **facts)
    ruling_actions.publish(KEEPER, made, made.version, day)
    ruling_actions.deliver(KEEPER, made, made.version, day)
    return made
