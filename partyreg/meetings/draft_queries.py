"""What we ask about drafts: those of the visible cells, and one with what was typed."""

from __future__ import annotations

import datetime as dt
import json
from typing import NamedTuple

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..org.models import Unit
from ..org.scope import one, visible
from .models import MeetingDraft


class Draft(NamedTuple):
    """A draft in a list."""

    id: int
    unit_code: str
    unit_name: str
    held_on: dt.date | None
    author: str
    saved_at: dt.datetime


def drafts(actor: Actor, unit: Unit | None = None, *, limit: int = 20) -> list[Draft]:
    """The drafts of the visible cells, or of one, the latest first."""
    query = visible(MeetingDraft, actor).join(Unit, Unit.id == MeetingDraft.unit_id)
    if unit is not None:
        query = query.where(MeetingDraft.unit_id == unit.id)
    named = query.with_only_columns(MeetingDraft.id, Unit.code, Unit.name, MeetingDraft.held_on, MeetingDraft.author, MeetingDraft.saved_at)
    return [Draft._make(row) for row in db.session.execute(named.order_by(MeetingDraft.saved_at.desc()).limit(limit))]


def draft(actor: Actor, draft_id: int) -> MeetingDraft:
    """One visible draft. Raises NotVisible."""
    return one(MeetingDraft, actor, MeetingDraft.id == draft_id)


def typed(draft: MeetingDraft) -> dict[str, str]:
    """Field -> what was typed in it."""
    return {str(name): str(value) for name, value in json.loads(draft.fields).items()}


def unit_of(draft: MeetingDraft) -> Unit:
    """The cell of a draft that the caller has been shown."""
    return db.session.scalars(sa.select(Unit).where(Unit.id == draft.unit_id)).one()
