"""What we do in a year of ratings: open, enter a cell's sheet, rate a unit, close, open again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed, insert_rows
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..names import nfc
from ..org.models import Unit
from ..org.scope import one, visible
from ..rulebook.finding import Finding, Severity
from .campaign_queries import of_year
from .models import Level, MemberRating, NotRated, RatingYear, UnitRating
from .queries import on_roll, reference_day

Answer = Level | NotRated

_REASON_MOST = 300


def _finding(code: str, field: str, message: str) -> Finding:
    return Finding(code=code, field=field, severity=Severity.BLOCK, message=message)


def _refuse(code: str, field: str, message: str) -> RuleBroken:
    return RuleBroken([_finding(code, field, message)])


@deed
def open_year(actor: Actor, year: int, opened_on: dt.date) -> RatingYear:
    """Levels of that year may be entered.

    Raises RuleBroken when the year is open or closed already, has not begun, or `opened_on` is to come or before it.
    """
    today = clock.today()
    if year > today.year:
        raise _refuse("rating.year_ahead", "year", _("Năm %(year)s chưa đến. Chỉ mở được năm nay và các năm trước.", year=year))
    if not dt.date(year, 1, 1) <= opened_on <= today:
        raise _refuse("rating.opened_on", "opened_on",
                      _("Ngày mở phải từ %(first)s đến hôm nay.", first=fmt_date(dt.date(year, 1, 1))))  # fmt: skip
    if db.session.get(RatingYear, year) is not None:
        raise _refuse("rating.year_known", "year", _("Đợt xếp loại năm %(year)s đã được mở.", year=year))
    row = RatingYear(year=year, opened_on=opened_on)
    db.session.add(row)
    db.session.flush()
    return row


@deed
def close_year(actor: Actor, year: int, on: dt.date) -> RatingYear:
    """Nothing of that year may be changed any more.

    Raises RuleBroken when the year is not open, has a campaign (which is closed itself), or the day is to come or before the opening.
    """
    row = _open(year)
    _by_hand(year)
    if not row.opened_on <= on <= clock.today():
        raise _refuse("rating.closed_on", "on", _("Ngày khóa phải từ ngày mở (%(day)s) đến hôm nay.", day=fmt_date(row.opened_on)))
    row.closed_on = on
    return row


@deed
def reopen_year(actor: Actor, year: int, reason: str) -> RatingYear:
    """A closed year takes changes again; the reason stands in the audit.

    Raises RuleBroken without a reason, when the year is not closed, or when it was a campaign: that is amended, not opened again.
    """
    why = nfc(reason or "")
    if not why:
        raise _refuse("rating.no_reason", "reason", _("Chưa ghi lý do mở lại. Hãy nêu văn bản hoặc lý do rồi làm lại."))
    if len(why) > _REASON_MOST:
        raise _refuse("rating.long_reason", "reason", _("Lý do quá dài: tối đa %(most)s ký tự.", most=_REASON_MOST))
    row = db.session.get(RatingYear, year)
    if row is None or row.closed_on is None:
        raise _refuse("rating.not_closed", "year", _("Năm %(year)s không ở trạng thái đã khóa.", year=year))
    _by_hand(year)
    row.closed_on = None
    db.session.flush()
    # The table keeps the state only; why it was changed belongs to the entry of the deed.
    db.session.info["deed"].bulk.append((RatingYear.__tablename__, year, "update", {"reason": [None, why]}))
    return row


def _open(year: int) -> RatingYear:
    """The open campaign of a year. Raises RuleBroken when it was not opened, or is closed."""
    row = db.session.get(RatingYear, year)
    if row is None:
        raise _refuse("rating.not_opened", "year", _("Năm %(year)s chưa mở xếp loại. Ban Tổ chức mở đợt trước khi nhập.", year=year))
    if row.closed_on is not None:
        raise _refuse("rating.closed", "year",
                      _("Xếp loại năm %(year)s đã khóa ngày %(day)s. Cần sửa thì đề nghị Ban Tổ chức mở lại, có lý do.",
                        year=year, day=fmt_date(row.closed_on)))  # fmt: skip
    return row


def _by_hand(year: int) -> None:
    """Levels of the year come from papers of the past. Raises RuleBroken when it has a campaign, whose votes nobody goes around."""
    if of_year(year) is not None:
        raise _refuse("rating.campaign", "year",
                      _("Năm %(year)s có đợt xếp loại: mức xếp loại đi qua bảng của chi bộ, thẩm định và quyết định.",
                        year=year))  # fmt: skip


@deed
def enter_members(actor: Actor, year: int, unit: Unit, levels: Mapping[int, Answer], versions: Mapping[int, int] | None = None) -> int:
    """The members of the cell have these levels, or these reasons for none; how many rows changed.

    `versions` are those of the rows that the person who entered saw, 0 for none. Raises NotVisible for a unit out of reach;
    RuleBroken when the year is not open or has a campaign, or somebody is not on the cell's roll of the reference day or was rated by
    another cell; Conflict when somebody else gave a different level meanwhile. What is the same stays untouched.
    """
    one(Unit, actor, Unit.id == unit.id)
    _open(year)
    _by_hand(year)
    roll = on_roll(actor, unit, reference_day(year))
    query = sa.select(MemberRating).where(MemberRating.year == year, MemberRating.member_id.in_(list(levels)))
    known = {row.member_id: row for row in db.session.scalars(query)}
    _may_enter(unit, year, levels, roll, known)
    changed = {member_id: answer for member_id, answer in levels.items() if _answer(known.get(member_id)) != answer}
    _not_stale(changed, versions, known, roll)
    new = []
    for member_id, answer in changed.items():
        level, reason = _columns(answer)
        row = known.get(member_id)
        if row is None:
            new.append({"year": year, "member_id": member_id, "unit_id": unit.id, "level": level, "not_rated": reason, "version": 1})
        else:
            row.level, row.not_rated = level, reason
    insert_rows(MemberRating, new)
    return len(changed)


@deed
def set_level(actor: Actor, year: int, unit: Unit, member_id: int, answer: Answer, version: int | None = None) -> int:
    """One member of the cell has this level; 1 when it changed, else 0. Raises as `enter_members`."""
    versions = None if version is None else {member_id: version}
    return enter_members(actor, year, unit, {member_id: answer}, versions)


def _columns(answer: Answer) -> tuple[Level | None, NotRated | None]:
    return (answer, None) if isinstance(answer, Level) else (None, answer)


def _answer(row: MemberRating | None) -> Answer | None:
    return None if row is None else row.level or row.not_rated


def _may_enter(unit: Unit, year: int, levels: Mapping[int, Answer], roll: Mapping[int, str], known: Mapping[int, MemberRating]) -> None:
    findings = []
    for member_id in levels:
        field = f"level-{member_id}"
        if member_id not in roll:
            findings.append(
                _finding("rating.not_on_roll", field,
                         _("Đảng viên số %(id)s không có trong danh sách chi bộ ngày %(day)s. Kiểm tra lại nơi sinh hoạt.",
                           id=member_id, day=fmt_date(reference_day(year))))
            )  # fmt: skip
        elif (row := known.get(member_id)) is not None and row.unit_id != unit.id:
            findings.append(
                _finding("rating.elsewhere", field,
                         _("%(name)s đã được chi bộ khác xếp loại năm %(year)s. Chi bộ đó sửa nếu cần.",
                           name=roll[member_id], year=year))
            )  # fmt: skip
    if findings:
        raise RuleBroken(findings)


def _not_stale(
    changed: Mapping[int, Answer], versions: Mapping[int, int] | None, known: Mapping[int, MemberRating], names: Mapping[int, str]
) -> None:
    """Raises Conflict when a row that is about to change is not the one that was seen."""
    if versions is None:
        return
    stale = [m for m in changed if (known[m].version if m in known else 0) != versions.get(m, 0)]
    if stale:
        raise Conflict(
            _("Có người đã xếp loại trước trong lúc đồng chí đang nhập. Chưa có gì bị ghi đè."),
            mine={names[m]: label(changed[m]) for m in stale},
            theirs={names[m]: label(_answer(known.get(m))) for m in stale},
        )


@deed
def rate_units(actor: Actor, year: int, levels: Mapping[int, Level], versions: Mapping[int, int] | None = None) -> int:
    """The cells have these levels in that year; how many changed.

    Raises NotVisible for a unit out of reach; RuleBroken when the year is not open or has a campaign, or a unit is no cell that lived on
    the reference day; Conflict as `enter_members`.
    """
    _open(year)
    _by_hand(year)
    day = reference_day(year)
    units: list[Unit] = list(db.session.scalars(visible(Unit, actor).where(Unit.id.in_(list(levels)))))
    if len(units) < len(levels):
        raise NotVisible(Unit.__name__)
    _are_cells(units, day)
    query = sa.select(UnitRating).where(UnitRating.year == year, UnitRating.unit_id.in_(list(levels)))
    known = {row.unit_id: row for row in db.session.scalars(query)}
    names = {unit.id: unit.name for unit in units}
    changed = {u: level for u, level in levels.items() if u not in known or known[u].level is not level}
    stale = [u for u in changed if versions is not None and (known[u].version if u in known else 0) != versions.get(u, 0)]
    if stale:
        raise Conflict(
            _("Có người đã xếp loại tổ chức này trước. Chưa có gì bị ghi đè."),
            mine={names[u]: label(changed[u]) for u in stale},
            theirs={names[u]: label(known[u].level if u in known else None) for u in stale},
        )
    for unit_id, level in changed.items():
        if unit_id in known:
            known[unit_id].level = level
        else:
            db.session.add(UnitRating(year=year, unit_id=unit_id, level=level))
    return len(changed)


@deed
def rate_unit(actor: Actor, year: int, unit: Unit, level: Level, version: int | None = None) -> int:
    """One cell has this level; 1 when it changed, else 0. Raises as `rate_units`."""
    return rate_units(actor, year, {unit.id: level}, None if version is None else {unit.id: version})


def _are_cells(units: Sequence[Unit], day: dt.date) -> None:
    wrong = [unit for unit in units if not (unit.is_cell and unit.lives_on(day))]
    if wrong:
        raise RuleBroken(
            [
                _finding("rating.no_cell", f"unit-{unit.id}",
                         _("%(name)s không phải chi bộ đang hoạt động ngày %(day)s.", name=unit.name, day=fmt_date(day)))
                for unit in wrong
            ]
        )  # fmt: skip
