"""The list of members on a day: filtered, searched without accents, by given name; on the screen and as files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from typing import Any

import sqlalchemy as sa

from ..access import Actor, Reach
from ..db import AnySelect, db
from ..i18n import _
from ..names import fold
from ..org.models import Unit
from ..tables import Column, Row, Table
from .models import Abeyance, AbeyanceKind, Member, Person, Posting, PostingKind, Sex, Standing, StandingPeriod


@dataclasses.dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; `left` lists those who are no members any more instead."""

    on: dt.date
    q: str = ""
    unit: Unit | None = None
    standing: Standing | None = None
    abeyance: AbeyanceKind | None = None
    left: bool = False
    sex: Sex | None = None
    ethnicity: str = ""
    age_from: int | None = None
    age_to: int | None = None


_ON = sa.bindparam("on", type_=sa.Date)


def _below(path: str) -> sa.Select[int]:
    return sa.select(Unit.id).where(Unit.path.startswith(path, autoescape=True))


def _posted(reach: Reach, path: str | None) -> sa.ColumnElement[bool]:
    """The condition on home postings that the list is narrowed to: the day, whose they are, and the unit."""
    condition = sa.and_(Posting.kind == PostingKind.HOME, Posting.holds(_ON), Posting.within(reach))
    return condition if path is None else sa.and_(condition, Posting.unit_id.in_(_below(path)))


@functools.lru_cache(maxsize=512)
def _people(reach: Reach, path: str | None, left: bool, by_name: bool) -> sa.Select[int]:
    """The ids of the people on the list, before it is narrowed by their particulars. Kept, since building it costs more than
    running it.

    A page of a long list walks the names in their order and looks whether each is posted; a short list is looked up by its
    postings. The two conditions say the same, but databases do not see which is cheaper.
    """
    query = sa.select(Person.id)
    if left:
        members = sa.select(Posting.member_id).where(Posting.kind == PostingKind.HOME, Posting.holds(_ON))
        gone = sa.select(StandingPeriod.member_id).where(StandingPeriod.exit.is_not(None), StandingPeriod.ended_on <= _ON)
        query = query.where(Person.id.in_(gone), Person.id.not_in(members), Person.within(reach))
        return query if path is None else query.where(Person.unit_id.in_(_below(path)))
    if by_name:
        return query.where(sa.exists(sa.select(1).where(Posting.member_id == Person.id, _posted(reach, path)).correlate(Person)))
    return query.where(Person.id.in_(sa.select(Posting.member_id).where(_posted(reach, path))))


@functools.lru_cache(maxsize=512)
def _posting_count(reach: Reach, path: str | None) -> sa.Select[int]:
    """How many are posted: the count of a list that is not narrowed further."""
    return sa.select(sa.func.count()).select_from(Posting).where(_posted(reach, path))


def _years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _particulars(wanted: Filters) -> list[sa.ColumnElement[bool]]:
    """The conditions on the people themselves."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.standing is not None:
        standing = sa.select(StandingPeriod.member_id).where(StandingPeriod.standing == wanted.standing, StandingPeriod.holds(wanted.on))
        found.append(Person.id.in_(standing))
    if wanted.abeyance is not None:
        found.append(Person.id.in_(sa.select(Abeyance.member_id).where(Abeyance.kind == wanted.abeyance, Abeyance.holds(wanted.on))))
    if wanted.sex is not None:
        found.append(Person.sex == wanted.sex)
    if wanted.ethnicity:
        found.append(Person.ethnicity == wanted.ethnicity)
    if wanted.age_from is not None:
        found.append(Person.born_on <= _years_before(wanted.on, wanted.age_from))
    if wanted.age_to is not None:
        found.append(Person.born_on > _years_before(wanted.on, wanted.age_to + 1))
    return found + [_matches(word, wanted) for word in fold(wanted.q).split()[:8]]


def _matches(word: str, wanted: Filters) -> sa.ColumnElement[bool]:
    """A word begins a word of the name or of the cell's village, is a year of birth, or ends a card number."""
    ways: list[sa.ColumnElement[bool]] = [Person.name_fold.contains(" " + word, autoescape=True)]
    if word.isascii() and word.isdigit():
        if len(word) >= 3:
            ways.append(Person.id.in_(sa.select(Member.id).where(Member.card_number.endswith(word, autoescape=True))))
        if len(word) == 4 and 1900 <= int(word) <= 2100:
            ways.append(Person.born_on.between(dt.date(int(word), 1, 1), dt.date(int(word), 12, 31)))
        return sa.or_(*ways)
    villages = [
        unit_id
        for unit_id, name in db.session.execute(sa.select(Unit.id, Unit.village).where(Unit.village.is_not(None)))
        if any(part.startswith(word) for part in fold(name or "").split())
    ]
    if villages:
        here = sa.select(Posting.member_id).where(Posting.unit_id.in_(villages), Posting.kind == PostingKind.HOME, Posting.holds(wanted.on))
        ways.append(Person.unit_id.in_(villages) if wanted.left else Person.id.in_(here))
    return sa.or_(*ways)


def _is_broad(actor: Actor, wanted: Filters) -> bool:
    """Whether the list is of a whole commune or more, rather than of a cell."""
    return (wanted.unit is None or not wanted.unit.is_cell) and all(path.count("/") <= 2 for path in actor.reach().paths)


def _path(wanted: Filters) -> str | None:
    return wanted.unit.path if wanted.unit is not None else None


def count(actor: Actor, wanted: Filters) -> int:
    """How many people the list has in all."""
    narrower = _particulars(wanted)
    if wanted.left or narrower:
        people = _people(actor.reach(), _path(wanted), wanted.left, False).where(*narrower)
        query: sa.Select[int] = sa.select(sa.func.count()).select_from(people.subquery())
    else:
        query = _posting_count(actor.reach(), _path(wanted))
    return db.session.scalar(query, {"on": wanted.on}) or 0


@functools.cache
def _details(left: bool) -> AnySelect:
    """What the list shows of the people with given ids."""
    query = (
        sa.select(
            Person.id, Person.full_name, Person.born_on, Person.sex, Person.ethnicity, Unit.name.label("unit"), StandingPeriod.standing,
            Member.ceremony_on, Member.full_on, Member.card_number, Person.qualification, Person.theory,
        )
        .select_from(Person)
        .join(Member, Member.id == Person.id)
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
    if left:
        last = sa.and_(StandingPeriod.member_id == Person.id, StandingPeriod.exit.is_not(None), StandingPeriod.ended_on <= _ON)
        return query.join(Unit, Unit.id == Person.unit_id).outerjoin(StandingPeriod, last)
    home = sa.and_(Posting.member_id == Person.id, Posting.kind == PostingKind.HOME, Posting.holds(_ON))
    query = query.join(Posting, home).join(Unit, Unit.id == Posting.unit_id)
    return query.outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Person.id, StandingPeriod.holds(_ON)))


@functools.cache
def _page_details(left: bool) -> AnySelect:
    return _details(left).where(Person.id.in_(sa.bindparam("ids", expanding=True)))


def rows(actor: Actor, wanted: Filters, *, offset: int = 0, limit: int | None = None) -> list[Any]:
    """The rows of the list by given name: id, name, birth, sex, ethnicity, cell, standing, dates, card, qualification, theory."""
    by_name = limit is not None and _is_broad(actor, wanted)
    people = _people(actor.reach(), _path(wanted), wanted.left, by_name)
    if narrower := _particulars(wanted):
        people = people.where(*narrower)
    if limit is None:
        return list(db.session.execute(_details(wanted.left).where(Person.id.in_(people)), {"on": wanted.on}))
    ordered = people.order_by(Person.name_sort, Person.id).offset(offset).limit(limit)
    ids = list(db.session.scalars(ordered, {"on": wanted.on}))
    return list(db.session.execute(_page_details(wanted.left), {"on": wanted.on, "ids": ids})) if ids else []


def table(actor: Actor, wanted: Filters) -> Table:
    """The whole list as it is narrowed, for a file."""
    columns = (
        Column("name", _("Họ và tên"), width=26), Column("born_on", _("Ngày sinh"), "date", 12), Column("sex", _("Giới tính"), width=9),
        Column("ethnicity", _("Dân tộc"), width=11), Column("unit", _("Chi bộ"), width=28), Column("standing", _("Tư cách"), width=12),
        Column("ceremony_on", _("Ngày vào Đảng"), "date", 13), Column("full_on", _("Ngày chính thức"), "date", 13),
        Column("card_number", _("Số thẻ đảng"), width=15), Column("qualification", _("Chuyên môn"), width=16),
        Column("theory", _("Lý luận chính trị"), width=16),
    )  # fmt: skip
    return Table(_("Danh sách đảng viên"), columns, [Row(tuple(row[1:])) for row in rows(actor, wanted)])


def ethnicities(actor: Actor) -> list[str]:
    """The ethnicities among the people that the actor sees."""
    query = sa.select(Person.ethnicity).where(Person.within(actor.reach())).distinct().order_by(Person.ethnicity)
    return list(db.session.scalars(query))
