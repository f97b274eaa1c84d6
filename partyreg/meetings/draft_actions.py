"""What we do with a meeting that is not written down to the end: keep the form as it is, or throw it away."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict
from ..i18n import _, fmt_moment
from ..org.models import Unit
from . import agenda_rows
from .models import Meeting, MeetingDraft

#: How much one form may hold (characters).
MOST = 400_000


@deed
def keep_draft(
    actor: Actor, unit: Unit, client_key: str, fields: Mapping[str, str], held_on: dt.date | None = None, *, version: int = 0
) -> MeetingDraft:
    """The form is kept as it was typed, in place of what was kept under that key before. Nothing of it is judged.

    Raises Conflict when the key has become a meeting, belongs to another cell, or somebody kept another text since `version`
    (0 for a form that was never kept); RuleBroken for a form that no page can have sent.
    """
    written = json.dumps(dict(fields), ensure_ascii=False)
    if not client_key or len(client_key) > 36 or len(written) > MOST:
        agenda_rows.broken([agenda_rows.refusal("draft.unfit", "", _("Bản nháp này quá dài hoặc hỏng. Hãy mở biểu mẫu mới."))])
    if db.session.scalar(sa.select(Meeting.id).where(Meeting.client_key == client_key)) is not None:
        raise Conflict(_("Buổi sinh hoạt này đã được ghi vào sổ. Muốn sửa, hãy mở buổi đó."))
    draft = db.session.scalar(sa.select(MeetingDraft).where(MeetingDraft.client_key == client_key))
    if draft is None:
        draft = MeetingDraft(unit_id=unit.id, client_key=client_key, version=1)
        db.session.add(draft)
    elif draft.unit_id != unit.id:
        raise Conflict(_("Bản nháp này của một chi bộ khác. Hãy mở biểu mẫu mới."))
    elif draft.version != version and draft.fields != written:
        message = _("Bản nháp này vừa được giữ ở nơi khác lúc %(at)s (%(who)s). Mở bản đó ở trang đầu rồi chép phần còn thiếu.",
                    at=fmt_moment(draft.saved_at), who=draft.author)  # fmt: skip
        raise Conflict(message)
    draft.fields, draft.held_on, draft.author, draft.saved_at = written, held_on, actor.name, clock.now()
    db.session.flush()
    return draft


@deed
def drop_draft(actor: Actor, draft: MeetingDraft) -> None:
    """The draft is gone; what was typed in it is not kept."""
    db.session.delete(draft)
    db.session.flush()
