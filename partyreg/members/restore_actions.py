"""Who was wronged is a member again, as if she had never left (L-06: seniority goes on without a gap)."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ..access import Actor
from ..audit import deed
from ..db import db
from ..i18n import _
from ..org.models import Unit
from .actions import refuse
from .models import Exit, Member, Posting, PostingKind, StandingPeriod


@deed
def restore(actor: Actor, member: Member, *, on: dt.date) -> None:
    """The member who was expelled has never left: her standing and her home posting go on.

    What ended with the expulsion besides - offices, a temporary posting, an exemption - stays ended, since others may have taken
    its place: whoever has the right enters it anew. Raises RuleBroken for one whose last exit is no expulsion, and when her cell
    does not live on that day: then nobody can know where she belongs.
    """
    newest = sa.select(StandingPeriod).where(StandingPeriod.member_id == member.id)
    period = db.session.scalar(newest.order_by(StandingPeriod.started_on.desc(), StandingPeriod.id.desc()).limit(1))
    if period is None or period.exit is not Exit.EXPELLED:
        text = _("Đảng viên này không ở tình trạng bị khai trừ, nên không tự khôi phục được. Hãy xem lại hồ sơ đảng viên.")
        raise refuse("restore.not_expelled", "result", text)
    homes = sa.select(Posting).where(Posting.member_id == member.id, Posting.kind == PostingKind.HOME, Posting.ended_on == period.ended_on)
    home = db.session.scalar(homes.order_by(Posting.id.desc()).limit(1))
    cell = db.session.get(Unit, home.unit_id) if home else None
    if home is None or cell is None or not cell.lives_on(on):
        text = _("Chi bộ trước đây không còn hoạt động, nên không tự khôi phục được. Hãy nhờ Ban Tổ chức bố trí chi bộ trước.")
        raise refuse("restore.no_cell", "result", text)
    period.ended_on = period.exit = period.exit_paper = None
    home.ended_on = None
    db.session.flush()
