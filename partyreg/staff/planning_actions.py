"""What we do with cadre planning: enter what was approved, and end an entry with its reason."""

from __future__ import annotations

import datetime as dt
from typing import NoReturn

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date
from ..members.models import Person
from ..names import nfc
from ..org.models import Unit
from ..org.queries import root
from ..org.scope import one
from ..rulebook.finding import Finding, Severity
from . import planning_queries as queries
from .planning_models import Planning

LONGEST = {"post": 120, "issuer": 160, "paper": 80, "because": 200}


def _refuse(code: str, field: str, message: str) -> NoReturn:
    raise RuleBroken([Finding(f"planning.{code}", field, Severity.BLOCK, message)])


def _text(field: str, text: str) -> str:
    """The text in its written form. Raises RuleBroken for none, or one that is too long."""
    clean = nfc(text)
    if not clean:
        _refuse("empty", field, _("Mục này không để trống."))
    if len(clean) > LONGEST[field]:
        _refuse("too_long", field, _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST[field]))
    return clean


@deed
def approve(
    actor: Actor, person: Person, *, post: str, first_year: int, last_year: int, issuer: str, approved_on: dt.date, paper: str
) -> Planning:  # fmt: skip
    """The person is planned for the post of the term, as a body approved on that day by that paper.

    Raises RuleBroken without post, body or paper, for a term that is none, a day to come or before she was born, and for an entry that
    runs already; NotVisible when the commune or the person is out of reach.
    """
    unit = one(Unit, actor, Unit.id == root().id)
    planned = one(Person, actor, Person.id == person.id)
    given = {"post": _text("post", post), "issuer": _text("issuer", issuer), "paper": _text("paper", paper)}
    if not (1930 <= first_year <= last_year <= min(first_year + 10, 2200)):
        _refuse("term", "last_year", _("Nhiệm kỳ không hợp lý. Hãy ghi năm đầu và năm cuối, ví dụ 2025 và 2030."))
    if not planned.born_on < approved_on <= clock.today():
        _refuse("day", "approved_on", _("Ngày phê duyệt phải sau ngày sinh và không sau hôm nay."))
    if queries.runs(planned.id, given["post"], first_year):
        _refuse("twice", "post", _("%(name)s đã được quy hoạch chức danh này trong nhiệm kỳ.", name=planned.full_name))
    made = Planning(
        unit_id=unit.id, person_id=planned.id, first_year=first_year, last_year=last_year, approved_on=approved_on, **given
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


@deed
def end(actor: Actor, planning: Planning, version: int, *, on: dt.date, because: str) -> None:
    """The entry runs no more from that day on, for that reason; it stays on record.

    Raises RuleBroken for one that has ended, without a reason, for a day to come or before the approval; NotVisible; Conflict.
    """
    standing = one(Planning, actor, Planning.id == planning.id)
    if standing.version != version:
        raise Conflict(_("Dòng này vừa được người khác sửa. Hãy xem bản đang lưu rồi làm lại nếu vẫn cần."))
    if standing.ended_on is not None:
        _refuse("ended", "on", _("Đã đưa ra khỏi quy hoạch ngày %(day)s.", day=fmt_date(standing.ended_on)))
    if not standing.approved_on <= on <= clock.today():
        _refuse("day", "on", _("Ngày này phải từ ngày phê duyệt %(day)s đến hôm nay.", day=fmt_date(standing.approved_on)))
    standing.ended_because, standing.ended_on = _text("because", because), on
    db.session.flush()
