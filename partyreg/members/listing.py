"""The list of members on a day: filtered, searched without accents, by given name; on the screen and as files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa

from ..access import Actor
from ..db import db
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


def _posted(actor: Actor, wanted: Filters) -> sa.ColumnElement[bool]:
    """The condition on home postings that the list is narrowed to: the day, whose they are, and the unit."""
    condition = sa.and_(Posting.kind == PostingKind.HOME, Posting.holds(wanted.on), Posting.within(actor.reach()))
    if wanted.unit is not None:
        below = sa.select(Unit.id).where(Unit.path.startswith(wanted.unit.path, autoescape=True))
        condition = sa.and_(condition, Posting.unit_id.in_(below))
    return condition


def _gone(actor: Actor, wanted: Filters) -> list[sa.ColumnElement[bool]]:
    """The conditions on people who were members and are no more on the day, by the unit that keeps the record."""
    members = sa.select(Posting.member_id).where(Posting.kind == PostingKind.HOME, Posting.holds(wanted.on))
    left = sa.select(StandingPeriod.member_id).where(StandingPeriod.exit.is_not(None), StandingPeriod.ended_on <= wanted.on)
    conditions = [Person.id.in_(left), Person.id.not_in(members), Person.within(actor.reach())]
    if wanted.unit is not None:
        conditions.append(Person.unit_id.in_(sa.select(Unit.id).where(Unit.path.startswith(wanted.unit.path, autoescape=True))))
    return conditions


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


def _people(actor: Actor, wanted: Filters, *, by_name: bool) -> sa.Select[int]:
    """The ids of the people on the list.

    A page of a long list walks the names in their order and looks whether each is posted; a short list is looked up by its
    postings. The two conditions say the same, but databases do not see which is cheaper.
    """
    query = sa.select(Person.id).where(*_particulars(wanted))
    if wanted.left:
        return query.where(*_gone(actor, wanted))
    if by_name:
        return query.where(sa.exists(sa.select(1).where(Posting.member_id == Person.id, _posted(actor, wanted)).correlate(Person)))
    return query.where(Person.id.in_(sa.select(Posting.member_id).where(_posted(actor, wanted))))


def count(actor: Actor, wanted: Filters) -> int:
    """How many people the list has in all."""
    if not wanted.left and not _particulars(wanted):
        query: sa.Select[int] = sa.select(sa.func.count()).select_from(Posting).where(_posted(actor, wanted))
    else:
        query = sa.select(sa.func.count()).select_from(_people(actor, wanted, by_name=False).subquery())
    return db.session.scalar(query) or 0


def rows(actor: Actor, wanted: Filters, *, offset: int = 0, limit: int | None = None) -> list[Any]:
    """The rows of the list by given name: id, name, birth, sex, ethnicity, cell, standing, dates, card, qualification, theory."""
    people = _people(actor, wanted, by_name=limit is not None and _is_broad(actor, wanted))
    ordered = people.order_by(Person.name_sort, Person.id).offset(offset)
    if limit is not None:
        ids = list(db.session.scalars(ordered.limit(limit)))
        chosen: sa.ColumnElement[bool] = Person.id.in_(ids)
    else:
        chosen = Person.id.in_(people)
    query = (
        sa.select(
            Person.id, Person.full_name, Person.born_on, Person.sex, Person.ethnicity, Unit.name.label("unit"), StandingPeriod.standing,
            Member.ceremony_on, Member.full_on, Member.card_number, Person.qualification, Person.theory,
        )
        .select_from(Person)
        .join(Member, Member.id == Person.id)
        .where(chosen)
        .order_by(Person.name_sort, Person.id)
    )  # fmt: skip
    if wanted.left:
        last = sa.and_(StandingPeriod.member_id == Person.id, StandingPeriod.exit.is_not(None), StandingPeriod.ended_on <= wanted.on)
        query = query.join(Unit, Unit.id == Person.unit_id).outerjoin(StandingPeriod, last)
    else:
        home = sa.and_(Posting.member_id == Person.id, Posting.kind == PostingKind.HOME, Posting.holds(wanted.on))
        query = query.join(Posting, home).join(Unit, Unit.id == Posting.unit_id)
        query = query.outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Person.id, StandingPeriod.holds(wanted.on)))
    return list(db.session.execute(query))


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
