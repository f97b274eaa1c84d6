"""The list of members on a day: filtered, searched without accents, by given name; on the screen and as files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa

from ..access import Actor
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


_COLUMNS = (
    Person.id, Person.full_name, Person.born_on, Person.sex, Person.ethnicity, Unit.name.label("unit"), StandingPeriod.standing,
    Member.ceremony_on, Member.full_on, Member.card_number, Person.qualification, Person.theory,
)  # fmt: skip


def _members(actor: Actor, wanted: Filters) -> AnySelect:
    """Members on the day, by the home posting of that day; those who left, by the unit that keeps the record."""
    if wanted.left:
        gone = Member.id.not_in(on_day_anywhere(wanted.on))
        return (
            sa.select(*_COLUMNS)
            .select_from(Member)
            .join(Person, Person.id == Member.id)
            .join(Unit, Unit.id == Person.unit_id)
            .join(StandingPeriod, sa.and_(StandingPeriod.member_id == Member.id, StandingPeriod.exit.is_not(None)))
            .where(gone, StandingPeriod.ended_on <= wanted.on, Person.within(actor.reach()))
        )
    return (
        sa.select(*_COLUMNS)
        .select_from(Posting)
        .join(Person, Person.id == Posting.member_id)
        .join(Member, Member.id == Posting.member_id)
        .join(Unit, Unit.id == Posting.unit_id)
        .outerjoin(StandingPeriod, sa.and_(StandingPeriod.member_id == Posting.member_id, StandingPeriod.holds(wanted.on)))
        .where(Posting.kind == PostingKind.HOME, Posting.holds(wanted.on), Posting.within(actor.reach()))
    )


def on_day_anywhere(day: dt.date) -> sa.Select[int]:
    """The ids of all members on that day; only ever used to leave rows out."""
    return sa.select(Posting.member_id).where(Posting.kind == PostingKind.HOME, Posting.holds(day))


def _years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _narrowed(query: AnySelect, wanted: Filters) -> AnySelect:
    if wanted.unit is not None:
        query = query.where(Unit.path.startswith(wanted.unit.path, autoescape=True))
    if wanted.standing is not None:
        query = query.where(StandingPeriod.standing == wanted.standing)
    if wanted.abeyance is not None:
        held = sa.select(Abeyance.member_id).where(Abeyance.kind == wanted.abeyance, Abeyance.holds(wanted.on))
        query = query.where(Person.id.in_(held))
    if wanted.sex is not None:
        query = query.where(Person.sex == wanted.sex)
    if wanted.ethnicity:
        query = query.where(Person.ethnicity == wanted.ethnicity)
    if wanted.age_from is not None:
        query = query.where(Person.born_on <= _years_before(wanted.on, wanted.age_from))
    if wanted.age_to is not None:
        query = query.where(Person.born_on > _years_before(wanted.on, wanted.age_to + 1))
    for word in fold(wanted.q).split()[:8]:
        query = query.where(_matches(word))
    return query


def _matches(word: str) -> sa.ColumnElement[bool]:
    """A word is the beginning of a word of the name or of the cell's village, a year of birth, or the end of a card number."""
    by_name = Person.name_fold.contains(" " + word, autoescape=True)
    if word.isdigit():
        ways: list[sa.ColumnElement[bool]] = [by_name]
        if len(word) >= 3:
            ways.append(Member.card_number.endswith(word, autoescape=True))
        if len(word) == 4 and 1900 <= int(word) <= 2100:
            ways.append(Person.born_on.between(dt.date(int(word), 1, 1), dt.date(int(word), 12, 31)))
        return sa.or_(*ways)
    villages = [unit_id for unit_id, name in db.session.execute(sa.select(Unit.id, Unit.village))
                if name and any(part.startswith(word) for part in fold(name).split())]  # fmt: skip
    return sa.or_(by_name, Unit.id.in_(villages)) if villages else by_name


def count(actor: Actor, wanted: Filters) -> int:
    """How many members the list has in all."""
    narrowed = _narrowed(_members(actor, wanted), wanted).with_only_columns(sa.func.count(), maintain_column_froms=True)
    return db.session.scalar(narrowed) or 0


def rows(actor: Actor, wanted: Filters, *, offset: int = 0, limit: int | None = None) -> list[Any]:
    """The rows of the list by given name: id, name, birth, sex, ethnicity, cell, standing, dates, card, qualification, theory."""
    query = _narrowed(_members(actor, wanted), wanted).order_by(Person.name_sort, Person.id).offset(offset)
    return list(db.session.execute(query.limit(limit) if limit else query))


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
