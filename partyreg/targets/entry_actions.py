"""What we do with the entered targets: enter a year's value, correct it with a reason, remove it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NoReturn

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import PLACES, db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _
from ..names import nfc
from ..org import queries as org
from ..org.models import Unit
from ..org.scope import one, visible
from ..rulebook.finding import Finding, Severity
from .entry_queries import entered_on, ever_entered, fmt_value, label_of, unit_of
from .models import TargetEntry
from .queries import reference_day

#: The first year whose values are kept: that of the former term's congress.
FIRST_YEAR = 2020
LONGEST_SOURCE, LONGEST_PAPER, LONGEST_TEXT = 200, 80, 300
MOST = Decimal(10) ** 12


def _refuse(code: str, field: str, message: str) -> NoReturn:
    raise RuleBroken([Finding(f"target.{code}", field, Severity.BLOCK, message)])


@deed
def enter(
    actor: Actor, *, no: str, year: int, value: Decimal, source: str, paper: str, note: str | None = None
) -> TargetEntry:  # fmt: skip
    """The target, or the part, has this value in the year, by that source and paper.

    Raises RuleBroken for a number that is not entered by hand, a year to come or before the register's, a value that cannot be,
    a text that lacks or is too long, and where the year has a value already; NotVisible when the commune is out of reach.
    """
    unit = one(Unit, actor, Unit.id == org.root().id)
    if no not in ever_entered():
        _refuse("unknown", "no", _("Chỉ tiêu này không nhập tay. Hãy chọn trong danh sách."))
    if not FIRST_YEAR <= year <= clock.today().year:
        _refuse("year", "year", _("Năm phải từ %(first)s đến %(last)s.", first=FIRST_YEAR, last=clock.today().year))
    day = reference_day(year)
    if no not in entered_on(day):
        _refuse("not_then", "no", _("Năm %(year)s không nhập chỉ tiêu này. Hãy chọn năm hoặc chỉ tiêu khác.", year=year))
    facts = _facts(no, day, unit_of(no, day), value, source, paper, note)
    known = sa.select(TargetEntry.id).where(TargetEntry.unit_id == unit.id, TargetEntry.no == no, TargetEntry.year == year)
    if db.session.scalar(known) is not None:
        _refuse("twice", "no", _("Năm %(year)s đã có số liệu của chỉ tiêu này. Hãy sửa số liệu đó.", year=year))
    made = TargetEntry(unit_id=unit.id, no=no, year=year, measured_in=unit_of(no, day), **facts)
    db.session.add(made)
    db.session.flush()
    return made


@deed
def correct(
    actor: Actor, entry: TargetEntry, version: int, *, value: Decimal, source: str, paper: str, because: str, note: str | None = None
) -> None:
    """The value is as given, and why it was put right is on record.

    Raises Conflict when somebody changed it since `version`; RuleBroken as `enter`, and without a reason; NotVisible.
    """
    standing = _open(actor, entry.id, version, value, source)
    facts = _facts(standing.no, reference_day(standing.year), standing.measured_in, value, source, paper, note)
    reason = nfc(because)
    if not reason:
        _refuse("no_reason", "because", _("Chưa ghi lý do sửa."))
    if len(reason) > LONGEST_TEXT:
        _refuse("too_long", "because", _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_TEXT))
    for key, given in {**facts, "corrected_because": reason}.items():
        if getattr(standing, key) != given:
            setattr(standing, key, given)


@deed
def remove(actor: Actor, entry: TargetEntry, version: int) -> None:
    """The year has no value of that target any more; the audit keeps what it was.

    Raises Conflict when somebody changed it since `version`; NotVisible.
    """
    db.session.delete(_open(actor, entry.id, version, entry.value, entry.source))


def _open(actor: Actor, entry_id: int, version: int, value: Decimal, source: str) -> TargetEntry:
    """The value as it stands, held against others. Raises NotVisible, Conflict."""
    query = visible(TargetEntry, actor).where(TargetEntry.id == entry_id).with_for_update(of=TargetEntry)
    standing = db.session.scalar(query.execution_options(populate_existing=True))
    if standing is None:
        raise NotVisible("TargetEntry")
    if standing.version != version:
        unit = standing.measured_in
        raise Conflict(
            _("Số liệu này vừa được người khác sửa. Hãy xem bản đang lưu rồi làm lại nếu vẫn cần."),
            mine={_("Giá trị"): fmt_value(value, unit), _("Nguồn số liệu"): source},
            theirs={_("Giá trị"): fmt_value(standing.value, unit), _("Nguồn số liệu"): standing.source},
        )
    return standing


def _facts(no: str, day: dt.date, measured_in: str, value: Decimal, source: str, paper: str, note: str | None) -> dict[str, Any]:
    """What is kept of a value, in its written form. Raises RuleBroken for what cannot be."""
    if not value.is_finite() or abs(value) >= MOST:
        _refuse("value", "value", _("Số quá lớn. Hãy xem lại đơn vị."))
    if value != value.quantize(Decimal(1).scaleb(-PLACES)):
        _refuse("value", "value", _("Nhiều nhất %(places)s chữ số sau dấu phẩy.", places=PLACES))
    if value < 0 and measured_in != "percent change":
        _refuse("value", "value", _("“%(name)s” không thể là số âm.", name=label_of(no, day)))
    clean = {"source": nfc(source), "paper": nfc(paper), "note": nfc(note or "") or None}
    if not clean["source"]:
        _refuse("no_source", "source", _("Chưa ghi nguồn số liệu, ví dụ báo cáo của Ủy ban nhân dân xã."))
    if not clean["paper"]:
        _refuse("no_paper", "paper", _("Chưa ghi số văn bản kèm theo, ví dụ 45/BC-UBND."))
    for field, most in (("source", LONGEST_SOURCE), ("paper", LONGEST_PAPER), ("note", LONGEST_TEXT)):
        if len(clean[field] or "") > most:
            _refuse("too_long", field, _("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=most))
    return {"value": value, **clean}
