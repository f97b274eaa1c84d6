"""What we do to people and members. Facts with legal time are ended and begun, never edited."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date
from ..org import actions as org
from ..org.models import Unit
from ..rulebook.finding import Finding, Severity
from .models import (
    OUTSIDE,
    Abeyance,
    AbeyanceKind,
    Body,
    Exit,
    Member,
    Person,
    Position,
    Posting,
    PostingKind,
    Sex,
    Standing,
    StandingPeriod,
    Title,
)


def refuse(code: str, field: str, message: str) -> RuleBroken:
    """The error of a deed that is refused for one reason."""
    return RuleBroken([Finding(code=code, field=field, severity=Severity.BLOCK, message=message)])


def _unique(column: Any, value: str | None, own_id: int | None, field: str, name: str) -> None:
    """Raises RuleBroken when another row has that number."""
    if not value:
        return
    taken = db.session.scalar(sa.select(column.class_.id).where(column == value))
    if taken is not None and taken != own_id:
        raise refuse(
            f"{field}.taken",
            field,
            _("%(name)s %(value)s đã có ở một hồ sơ khác. Hãy kiểm tra lại số.", name=name, value=value),
        )


def _check_person(born_on: dt.date) -> None:
    if born_on > clock.today():
        raise refuse("person.born_in_future", "born_on", _("Ngày sinh chưa đến. Hãy xem lại năm sinh."))


@deed
def register_person(
    actor: Actor, *, unit: Unit, full_name: str, sex: Sex, born_on: dt.date, ethnicity: str, **optional: Any
) -> Person:  # fmt: skip
    """The register knows the person; `unit` keeps the record.

    Raises RuleBroken for a birth day in the future or a personal number that another person has.
    """
    _check_person(born_on)
    _unique(Person.personal_number, optional.get("personal_number"), None, "personal_number", _("Số định danh cá nhân"))
    person = Person(unit_id=unit.id, full_name=full_name, sex=sex, born_on=born_on, ethnicity=ethnicity, **optional)
    db.session.add(person)
    db.session.flush()
    return person


@deed
def edit_person(actor: Actor, person: Person, version: int, **changes: Any) -> None:
    """The person's particulars are as given.

    Raises Conflict when somebody changed them since `version`; RuleBroken as `register_person`.
    """
    _not_stale(person, version, changes)
    _check_person(changes.get("born_on", person.born_on))
    _unique(Person.personal_number, changes.get("personal_number"), person.id, "personal_number", _("Số định danh cá nhân"))
    for key, value in changes.items():
        setattr(person, key, value)
    db.session.flush()


@deed
def edit_member(actor: Actor, member: Member, version: int, **changes: Any) -> None:
    """The member's numbers and dates are as given. Raises Conflict and RuleBroken as `edit_person`.

    A probationary member becomes full by the votes on her file, a year after the ceremony that it holds: neither day is written here.
    """
    _not_stale(member, version, changes)
    for field in ("ceremony_on", "full_on"):
        if field in changes and changes[field] != getattr(member, field) and _is_probationary(member):
            text = _("Đảng viên đang dự bị: ngày này theo hồ sơ kết nạp, không sửa ở đây. Nếu ghi sai, xử lý ở hồ sơ kết nạp.")
            raise refuse("member.on_probation", field, text)
    _unique(Member.card_number, changes.get("card_number"), member.id, "card_number", _("Số thẻ đảng viên"))
    _unique(Member.file_number, changes.get("file_number"), member.id, "file_number", _("Số lý lịch"))
    after = {key: changes.get(key, getattr(member, key)) for key in ("decided_on", "ceremony_on", "full_on")}
    check_dates(**after)
    for key, value in changes.items():
        setattr(member, key, value)
    db.session.flush()


def _is_probationary(member: Member) -> bool:
    query = sa.select(StandingPeriod.standing).where(StandingPeriod.member_id == member.id, StandingPeriod.ended_on.is_(None))
    return db.session.scalar(query) is Standing.PROBATIONARY


def _not_stale(row: Person | Member, version: int, changes: dict[str, Any]) -> None:
    if row.version != version:
        theirs = {key: getattr(row, key) for key in changes if getattr(row, key) != changes[key]}
        raise Conflict(_("Hồ sơ này vừa được người khác sửa."), mine={key: changes[key] for key in theirs}, theirs=theirs)


def check_dates(decided_on: dt.date | None, ceremony_on: dt.date | None, full_on: dt.date | None) -> None:
    """Raises RuleBroken for a decision, a ceremony and a day of full membership out of their order."""
    if decided_on and ceremony_on and ceremony_on < decided_on:
        raise refuse("member.ceremony_before_decision", "ceremony_on",
                      _("Ngày kết nạp (lễ) trước ngày quyết định %(day)s. Hãy xem lại hai ngày.", day=fmt_date(decided_on)))  # fmt: skip
    if ceremony_on and full_on and full_on <= ceremony_on:
        raise refuse("member.full_before_ceremony", "full_on",
                      _("Ngày chính thức không sau ngày kết nạp %(day)s. Hãy xem lại hai ngày.", day=fmt_date(ceremony_on)))  # fmt: skip


@deed
def enrol(
    actor: Actor, *, person: Person, unit: Unit, decided_on: dt.date | None, ceremony_on: dt.date, full_on: dt.date | None = None,
    card_number: str | None = None, card_issued_on: dt.date | None = None, file_number: str | None = None,
    decision_number: str | None = None, posted_on: dt.date | None = None,
) -> Member:  # fmt: skip
    """A member known from papers is on the roll of `unit` from `posted_on` (the ceremony, where it is not given).

    Raises RuleBroken for dates out of order, numbers that another member has, or a person who is a member already.
    """
    if db.session.get(Member, person.id) is not None:
        raise refuse("member.already", "person", _("Người này đã là đảng viên trong sổ."))
    check_dates(decided_on, ceremony_on, full_on)
    _unique(Member.card_number, card_number, person.id, "card_number", _("Số thẻ đảng viên"))
    _unique(Member.file_number, file_number, person.id, "file_number", _("Số lý lịch"))
    member = Member(
        id=person.id, card_number=card_number, card_issued_on=card_issued_on, file_number=file_number,
        decided_on=decided_on, decision_number=decision_number, ceremony_on=ceremony_on, full_on=full_on,
    )  # fmt: skip
    db.session.add(member)
    db.session.flush()
    started = posted_on or ceremony_on
    db.session.add(StandingPeriod(member_id=member.id, standing=Standing.PROBATIONARY, started_on=ceremony_on, ended_on=full_on))
    if full_on:
        db.session.add(StandingPeriod(member_id=member.id, standing=Standing.FULL, started_on=full_on))
    db.session.add(Posting(member_id=member.id, unit_id=unit.id, kind=PostingKind.HOME, started_on=started))
    person.unit_id = unit.id
    db.session.flush()
    return member


def open_standing(member: Member) -> StandingPeriod:
    """Her standing that has not ended. Raises RuleBroken for one who has left."""
    period = db.session.scalar(sa.select(StandingPeriod).where(StandingPeriod.member_id == member.id, StandingPeriod.ended_on.is_(None)))
    if period is None:
        raise refuse("member.left", "on", _("Đảng viên này đã ra khỏi đảng bộ; không ghi thêm được."))
    return period


def _postings_after(member: Member, day: dt.date, kind: PostingKind | None = None) -> list[Posting]:
    """Her postings that go on after that day: open, or to end later."""
    query = sa.select(Posting).where(Posting.member_id == member.id, sa.or_(Posting.ended_on.is_(None), Posting.ended_on > day))
    return list(db.session.scalars(query.where(Posting.kind == kind) if kind else query))


@deed
def transfer(actor: Actor, member: Member, *, to: Unit, on: dt.date, paper: str | None = None) -> Posting:
    """The member's home is the cell `to` from that day on.

    Raises RuleBroken when she is there already, has left, `to` is no living cell, or the day is before her present posting.
    """
    open_standing(member)
    if not to.is_cell or not to.lives_on(on):
        raise refuse("transfer.no_cell", "to", _("%(unit)s không phải chi bộ đang hoạt động vào ngày này.", unit=to.name))
    for posting in (home for home in _postings_after(member, on, PostingKind.HOME) if home.ended_on is None):
        if posting.unit_id == to.id:
            raise refuse("transfer.same_cell", "to", _("Đảng viên đang sinh hoạt tại chính chi bộ này."))
        if on < posting.started_on:
            raise refuse("transfer.too_early", "on",
                          _("Ngày chuyển trước ngày về chi bộ hiện tại (%(day)s).", day=fmt_date(posting.started_on)))  # fmt: skip
        posting.ended_on = on
    for visit in _postings_after(member, on, PostingKind.TEMPORARY):
        if visit.unit_id == to.id:  # the guest is at home here now
            visit.ended_on = max(on, visit.started_on)
    db.session.flush()
    arrived = Posting(member_id=member.id, unit_id=to.id, kind=PostingKind.HOME, started_on=on, paper=paper)
    db.session.add(arrived)
    keeper = db.session.get_one(Person, member.id)
    keeper.unit_id = to.id
    db.session.flush()
    return arrived


@deed
def post_temporarily(
    actor: Actor, member: Member, *, to: Unit, on: dt.date, until: dt.date | None = None, paper: str | None = None
) -> Posting:
    """The member takes part in the cell `to` for a time; her home stays.

    Raises RuleBroken when she does so somewhere in that time already, has left, `to` is her home or no living cell, or the time is empty.
    """
    open_standing(member)
    if not to.is_cell or not to.lives_on(on):
        raise refuse("posting.no_cell", "to", _("%(unit)s không phải chi bộ đang hoạt động vào ngày này.", unit=to.name))
    if until is not None and until <= on:
        raise refuse("posting.ends_too_early", "until", _("Ngày kết thúc không sau ngày bắt đầu."))
    if any(home.unit_id == to.id and home.started_on <= on for home in _postings_after(member, on, PostingKind.HOME)):
        raise refuse("posting.at_home", "to", _("Đảng viên đang sinh hoạt tại chính chi bộ này."))
    if any(until is None or visit.started_on < until for visit in _postings_after(member, on, PostingKind.TEMPORARY)):
        raise refuse("posting.already_temporary", "to", _("Đảng viên đang sinh hoạt tạm thời ở nơi khác; hãy kết thúc trước."))
    posting = Posting(member_id=member.id, unit_id=to.id, kind=PostingKind.TEMPORARY, started_on=on, ended_on=until, paper=paper)
    db.session.add(posting)
    db.session.flush()
    return posting


@deed
def leave(actor: Actor, member: Member, *, exit: Exit, on: dt.date, paper: str | None = None) -> None:
    """The member is no member from that day on; postings, positions and abeyances end with it, posts of the village only by death.

    Raises RuleBroken when she has left already, or the day is before her present standing began.
    """
    period = open_standing(member)
    if on < period.started_on:
        raise refuse("leave.too_early", "on", _("Ngày ra khỏi Đảng trước ngày bắt đầu của tư cách hiện tại (%(day)s).",
                                                  day=fmt_date(period.started_on)))  # fmt: skip
    period.ended_on, period.exit, period.exit_paper = on, exit, paper
    going_on: list[Posting | Abeyance | Position] = [*_postings_after(member, on)]
    going_on += db.session.scalars(
        sa.select(Abeyance).where(Abeyance.member_id == member.id, sa.or_(Abeyance.ended_on.is_(None), Abeyance.ended_on > on))
    )
    going_on += db.session.scalars(
        sa.select(Position).where(
            Position.person_id == member.id,
            sa.or_(Position.ended_on.is_(None), Position.ended_on > on),
            sa.true() if exit is Exit.DIED else Position.body.not_in(OUTSIDE),
        )
    )
    for row in going_on:
        row.ended_on = max(on, row.started_on)


@deed
def hold_in_abeyance(
    actor: Actor,
    member: Member,
    *,
    kind: AbeyanceKind,
    on: dt.date,
    reason: str | None = None,
    paper: str | None = None,
) -> Abeyance:
    """The member is exempted, or suspended, from that day on. Raises RuleBroken when she is so already, or has left."""
    open_standing(member)
    query = sa.select(Abeyance.id).where(Abeyance.member_id == member.id, Abeyance.kind == kind, Abeyance.ended_on.is_(None))
    if db.session.scalar(query) is not None:
        raise refuse("abeyance.already", "kind", _("Đảng viên đang ở tình trạng này rồi."))
    abeyance = Abeyance(member_id=member.id, kind=kind, started_on=on, reason=reason, paper=paper)
    db.session.add(abeyance)
    db.session.flush()
    return abeyance


@deed
def lift(actor: Actor, abeyance: Abeyance, *, on: dt.date) -> None:
    """The exemption or suspension holds no longer from that day on. Raises RuleBroken for a day before its start."""
    _end(abeyance, on)


@deed
def appoint(
    actor: Actor,
    person: Person,
    *,
    unit: Unit,
    body: Body,
    title: Title,
    on: dt.date,
    term: str | None = None,
    paper: str | None = None,
) -> Position:
    """The person holds the office from that day on. Raises RuleBroken when she holds one in that body already."""
    query = sa.select(Position.id).where(
        Position.person_id == person.id, Position.unit_id == unit.id, Position.body == body, Position.ended_on.is_(None)
    )
    if db.session.scalar(query) is not None:
        raise refuse(
            "position.already",
            "body",
            _("Người này đang giữ một chức vụ trong tập thể đó; hãy kết thúc chức vụ cũ trước."),
        )
    position = Position(person_id=person.id, unit_id=unit.id, body=body, title=title, term=term, paper=paper, started_on=on)
    db.session.add(position)
    db.session.flush()
    return position


@deed
def relieve(actor: Actor, position: Position, *, on: dt.date) -> None:
    """The office is held no longer from that day on. Raises RuleBroken for a day before its start."""
    _end(position, on)


def _end(period: Abeyance | Position, on: dt.date) -> None:
    if on < period.started_on:
        raise refuse(
            "period.ends_too_early",
            "on",
            _("Ngày kết thúc trước ngày bắt đầu (%(day)s).", day=fmt_date(period.started_on)),
        )
    period.ended_on = on


@deed
def close_cell(actor: Actor, unit: Unit, *, on: dt.date) -> None:
    """The cell does not live from that day on; its members have gone elsewhere before.

    Raises RuleBroken while somebody is on its roll on that day or later, and as `org.actions.dissolve`.
    """
    remaining = (
        sa.select(sa.func.count())
        .select_from(Posting)
        .where(Posting.unit_id == unit.id, sa.or_(Posting.ended_on.is_(None), Posting.ended_on > on))
    )
    if count := db.session.scalar(remaining):
        raise refuse("unit.has_members", "on", _("Còn %(n)s đảng viên sinh hoạt tại đây. Hãy chuyển sinh hoạt cho họ trước.", n=count))
    org.dissolve(actor, unit, on)
