"""What is done to a case before its decision: opened, heard, deferred, concluded, handed over, closed; and that it was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NoReturn

from .. import clock
from ..access import Actor
from ..audit import deed, keep_entry
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date
from ..inspections import queries as inspections
from ..inspections.models import Inspection
from ..members.models import Member
from ..names import nfc
from ..org.models import Unit
from ..org.queries import root
from ..rulebook import discipline as forms
from ..rulebook import discipline_time as law
from ..rulebook.book import LAW
from ..rulebook.discipline import Content, Decider, Form
from ..rulebook.discipline_time import Deferral
from ..rulebook.finding import Finding, Severity, blocking
from . import fact_queries, queries
from .models import CloseReason, DisciplineAct, DisciplineCase, DisciplineReading, Source

#: The bodies that may deal with an organisation.
OVER_ORGANISATIONS = (Decider.STANDING, Decider.COMMITTEE)


def refuse(code: str, field: str, message: str) -> NoReturn:
    """Raises RuleBroken for one reason of this area's own."""
    raise RuleBroken([Finding(f"discipline.{code}", field, Severity.BLOCK, message)])


def refuse_by_law(findings: Sequence[Finding]) -> None:
    """Raises RuleBroken for those findings of the law that refuse; the others are shown on the page."""
    if blocked := blocking(findings):
        raise RuleBroken(blocked)


def not_in_future(day: dt.date, field: str) -> None:
    """Raises RuleBroken for a day that is still to come."""
    if day > clock.today():
        refuse("in_future", field, _("Ngày này chưa đến. Hãy xem lại."))


def not_before(day: dt.date, earliest: dt.date | None, field: str, what: str) -> None:
    """Raises RuleBroken for a day before another that comes first."""
    if earliest is not None and day < earliest:
        refuse("order", field, _("Ngày này trước %(what)s (%(day)s). Hãy xem lại hai ngày.", what=what, day=fmt_date(earliest)))


def hold(case: DisciplineCase, version: int) -> None:
    """Raises Conflict when somebody changed the case since it was shown."""
    if case.version != version:
        raise Conflict(_("Vụ việc này vừa được người khác cập nhật. Hãy tải lại trang rồi xem lại."))


def hold_body(actor: Actor, case: DisciplineCase, version: int) -> None:
    """As `hold`; raises RuleBroken when the body that deals with the case is none of the actor's."""
    hold(case, version)
    if not queries.deals(actor, case):
        refuse("not_your_case", "", _("Vụ việc do cấp xã xem xét; chi bộ được giao chỉ biểu quyết đề nghị."))


def hold_open(actor: Actor, case: DisciplineCase, version: int) -> None:
    """As `hold_body`; raises RuleBroken when the case has been decided or closed."""
    hold_body(actor, case, version)
    refuse_over(case)


def refuse_over(case: DisciplineCase) -> None:
    """Raises RuleBroken when a case has been decided or closed."""
    if not case.is_open:
        refuse("not_open", "", _("Vụ việc đã có quyết định hoặc đã đóng, không ghi thêm được."))


def _may_deal(actor: Actor, body: Decider, unit: Unit) -> None:
    if not actor.reach().covers(unit.path):
        refuse("not_yours", "body", _("Vụ việc ở cấp xã do Ủy ban kiểm tra hoặc Ban Thường vụ lập. Hãy chọn chi bộ của đồng chí."))
    if body is Decider.SUPERIOR:
        refuse("superior", "body", _("Vụ việc do cấp trên quyết định thì ghi từ quyết định, không lập ở đây."))


def _subject(actor: Actor, member: Member | None, organisation: Unit | None, day: dt.date) -> Unit:
    """The cell concerned. Raises RuleBroken for oneself, somebody who is no member on that day, and what is no living cell."""
    if (member is None) == (organisation is None):
        refuse("one_subject", "member", _("Chọn một đảng viên hoặc một tổ chức."))
    if organisation is not None:
        if not organisation.is_cell or not organisation.lives_on(day):
            refuse("no_cell", "organisation", _("Tổ chức này không phải chi bộ đang hoạt động vào ngày %(day)s.", day=fmt_date(day)))
        return organisation
    if member is None or member.id == actor.member_id:
        refuse("oneself", "member", _("Không ai lập vụ việc về chính mình; hãy để tổ chức có thẩm quyền lập."))
    home = fact_queries.home_of(member.id, day)
    if home is None:
        refuse("no_member", "member", _("Người này không phải đảng viên của đảng bộ vào ngày %(day)s.", day=fmt_date(day)))
    return home


@deed
def open_case(
    actor: Actor, *, member: Member | None = None, organisation: Unit | None = None, body: Decider, source: Source, opened_on: dt.date,
    acted_on: dt.date, content: Content, paper: str | None = None, is_superior_task: bool = False, inspection: Inspection | None = None,
) -> DisciplineCase:  # fmt: skip
    """A case is under way, with its first violation; the cell deals with it where it is to decide, the commune's bodies otherwise.

    It may come from an inspection that was concluded so. Raises RuleBroken for an inspection that concluded otherwise, a day to
    come, a violation after the opening, a subject as `_subject` says, a body out of the actor's reach, a body that has no power over
    organisations, and a second open case on the same one.
    """
    not_in_future(opened_on, "opened_on")
    if acted_on > opened_on:
        refuse("act_later", "acted_on", _("Ngày vi phạm sau ngày lập vụ việc. Hãy xem lại hai ngày."))
    home = _subject(actor, member, organisation, opened_on)
    unit = home if body is Decider.CELL else root()
    _may_deal(actor, body, unit)
    if organisation is not None and body not in OVER_ORGANISATIONS:
        refuse("organisation_body", "body", _("Kỷ luật tổ chức đảng do Ban Thường vụ hoặc Ban Chấp hành xem xét. Hãy chọn lại."))
    member_id, organisation_id = member.id if member else None, organisation.id if organisation else None
    if inspection is not None and not inspections.concluded_for_discipline(inspection, member_id, organisation_id):
        refuse("inspection", "source", _("Cuộc kiểm tra này không kết luận phải kỷ luật đối tượng đã chọn. Hãy chọn đúng đối tượng."))
    if queries.is_under_way(actor, member_id, organisation_id):
        refuse("twice", "member", _("Đang có một vụ việc về đối tượng này; hãy ghi vi phạm mới vào vụ việc đó."))
    case = DisciplineCase(
        unit_id=unit.id, home_id=home.id, member_id=member_id, organisation_id=organisation_id, body=body, source=source,
        inspection_id=inspection.id if inspection else None, opened_on=opened_on, paper=nfc(paper or "") or None,
        is_superior_task=is_superior_task, is_from_paper=False, is_heard_in_absence=False,
    )  # fmt: skip
    db.session.add(case)
    db.session.flush()
    db.session.add(DisciplineAct(case_id=case.id, acted_on=acted_on, content=content))
    db.session.flush()
    return case


@deed
def enter_decided(
    actor: Actor, *, member: Member | None = None, organisation: Unit | None = None, body: Decider, source: Source, acted_on: dt.date,
    content: Content, form: Form, issuer: str, number: str, signed_on: dt.date, published_on: dt.date, delivered_on: dt.date | None = None,
) -> DisciplineCase:  # fmt: skip
    """A discipline known from its paper is on record, without votes: of the time before the commune's organisation, or from above.

    Nobody's membership changes: whoever was expelled then must have left in the book already. Raises RuleBroken for a decision of
    this organisation's own bodies (that is a case), days out of order or to come, a form that the law did not have, a decision that
    is on record, and a subject as `_subject` says.
    """
    for day, field in ((signed_on, "signed_on"), (published_on, "published_on"), (delivered_on or published_on, "delivered_on")):
        not_in_future(day, field)
    not_before(signed_on, acted_on, "signed_on", _("ngày vi phạm"))
    not_before(published_on, signed_on, "published_on", _("ngày ký"))
    not_before(delivered_on or published_on, signed_on, "delivered_on", _("ngày ký"))
    commune = root()
    if body is not Decider.SUPERIOR and signed_on >= commune.founded_on:
        text = _("Quyết định từ ngày %(day)s là của đảng bộ này: hãy lập vụ việc và ghi biểu quyết.", day=fmt_date(commune.founded_on))
        refuse("own_decision", "signed_on", text)
    if not actor.reach().covers(commune.path):
        refuse("not_yours", "body", _("Vụ việc ở cấp xã do Ủy ban kiểm tra hoặc Ban Thường vụ lập. Hãy chọn chi bộ của đồng chí."))
    home = _subject(actor, member, organisation, signed_on)
    number, issuer = nfc(number), nfc(issuer)
    known = forms.forms(fact_queries.subject_on(member.id if member else None, signed_on), signed_on)
    if known and form not in known:
        refuse("form", "form", _("Quy định không có hình thức này với đối tượng đã chọn. Hãy xem lại."))
    if fact_queries.is_on_record(member.id if member else None, organisation.id if organisation else None, number, signed_on):
        refuse("decided_twice", "number", _("Quyết định này đã có trong sổ. Hãy tìm trong danh sách."))
    if form is Form.EXPULSION and member is not None and not fact_queries.left_expelled(member.id):
        refuse("not_expelled", "form", _("Sổ chưa ghi đảng viên này ra khỏi Đảng do khai trừ. Hãy nhờ Ban Tổ chức ghi trước."))
    case = DisciplineCase(
        unit_id=commune.id, home_id=home.id, member_id=member.id if member else None,
        organisation_id=organisation.id if organisation else None, body=body, source=source, opened_on=signed_on,
        is_superior_task=False, is_from_paper=True, is_heard_in_absence=False, form=form, issuer=issuer, number=number,
        signed_on=signed_on, published_on=published_on, delivered_on=delivered_on,
    )  # fmt: skip
    db.session.add(case)
    db.session.flush()
    db.session.add(DisciplineAct(case_id=case.id, acted_on=acted_on, content=content))
    db.session.flush()
    return case


@deed
def add_act(actor: Actor, case: DisciplineCase, version: int, acted_on: dt.date, content: Content) -> None:
    """The case is about one more violation, which may restart the limitation period; what was concluded before is to be concluded anew.

    Raises RuleBroken for a day to come or a violation that is on record, and as `hold_open`; Conflict.
    """
    hold_open(actor, case, version)
    not_in_future(acted_on, "acted_on")
    if any((act.acted_on, act.content) == (acted_on, content) for act in queries.acts(case)):
        refuse("act_twice", "acted_on", _("Vi phạm này đã được ghi."))
    db.session.add(DisciplineAct(case_id=case.id, acted_on=acted_on, content=content))
    case.concluded_on, case.version = None, version + 1
    db.session.flush()


@deed
def hear(actor: Actor, case: DisciplineCase, version: int, on: dt.date, in_absence: bool = False) -> None:
    """The one concerned was heard, or stayed away again and again without reason (DIS-23).

    Raises RuleBroken for a day to come or before the opening, after the conclusion, and as `hold_open`; Conflict.
    """
    hold_open(actor, case, version)
    not_in_future(on, "on")
    not_before(on, case.opened_on, "on", _("ngày lập vụ việc"))
    if case.concluded_on is not None:
        refuse("concluded", "on", _("Đã kết luận; việc nghe trình bày ghi trước khi kết luận."))
    case.heard_on, case.is_heard_in_absence = on, in_absence
    db.session.flush()


@deed
def defer(actor: Actor, case: DisciplineCase, version: int, reason: Deferral, on: dt.date, child_born_on: dt.date | None = None) -> None:
    """The case is not considered for now; for a small child until it is old enough, which ends by itself (DIS-24).

    The child's day of birth is not kept. Raises RuleBroken for an organisation, a day to come, a child without a day of birth, one
    that is old enough on that day, a case that is deferred then already, a day before its opening, and as `hold_open`; Conflict.
    """
    hold_open(actor, case, version)
    not_in_future(on, "on")
    not_before(on, case.opened_on, "on", _("ngày lập vụ việc"))
    if case.member_id is None:
        refuse("defer_organisation", "reason", _("Chỉ hoãn với đảng viên."))
    if queries.is_deferred(case, on):
        refuse("deferred", "reason", _("Vụ việc đang được hoãn."))
    until = law.deferral_ends(reason, child_born_on, on)
    if reason is Deferral.CHILD:
        if child_born_on is None or child_born_on > on:
            refuse("child_born", "child_born_on", _("Hãy ghi ngày sinh của con, không sau ngày hoãn."))
        if until is not None and until <= on:
            months = LAW.on("discipline.child_months", on).required
            refuse("child_old", "child_born_on", _("Con đã đủ %(months)s tháng tuổi vào ngày hoãn.", months=months))
    case.deferral, case.deferred_on, case.deferred_until = reason, on, until
    db.session.flush()


@deed
def resume(actor: Actor, case: DisciplineCase, version: int, on: dt.date) -> None:
    """The case is considered again from that day on.

    Raises RuleBroken when it is not deferred, for a day to come or before the deferral, and as `hold_open`; Conflict.
    """
    hold_open(actor, case, version)
    not_in_future(on, "on")
    if not queries.is_deferred(case, clock.today()):
        refuse("not_deferred", "on", _("Vụ việc không ở tình trạng hoãn."))
    not_before(on, case.deferred_on, "on", _("ngày hoãn"))
    case.deferred_until = on
    db.session.flush()


@deed
def conclude(actor: Actor, case: DisciplineCase, version: int, on: dt.date) -> None:
    """The competent body has concluded on that day that discipline is due: until then the limitation runs (DIS-09).

    Raises RuleBroken once there is a vote after the conclusion, before the hearing, while the case is deferred, for a day to come,
    and as `hold_open`; Conflict.
    """
    hold_open(actor, case, version)
    not_in_future(on, "on")
    if case.heard_on is None:
        refuse("not_heard", "on", _("Chưa ghi việc nghe đối tượng trình bày (hoặc vắng mặt không lý do). Hãy ghi trước."))
    not_before(on, case.heard_on, "on", _("ngày nghe trình bày"))
    refuse_deferred(case, on, "on")
    if case.concluded_on is not None and any(vote.held_on >= case.concluded_on for vote in queries.votes(case)):
        refuse("voted", "on", _("Đã biểu quyết theo kết luận đã ghi; không đổi ngày kết luận được nữa."))
    case.concluded_on = on
    db.session.flush()


def refuse_deferred(case: DisciplineCase, on: dt.date, field: str) -> None:
    """Raises RuleBroken while the case is deferred."""
    if case.deferred_on is not None and case.deferred_on <= on and queries.is_deferred(case, on):
        refuse("still_deferred", field, _("Vụ việc đang hoãn vào ngày này. Hãy kết thúc việc hoãn trước, hoặc xem lại ngày."))


@deed
def hand_over(actor: Actor, case: DisciplineCase, version: int, body: Decider) -> None:
    """That body deals with the case now. Whoever has dealt with it goes on seeing it; a cell to which it is handed sees it from now on.

    Raises RuleBroken for the body that has it, the superior, a cell where an organisation is concerned or that is no more, and as
    `hold_open`; Conflict.
    """
    hold_open(actor, case, version)
    if body in (case.body, Decider.SUPERIOR):
        refuse("same_body", "body", _("Hãy chọn một tập thể khác của đảng bộ."))
    if case.organisation_id is not None and body not in OVER_ORGANISATIONS:
        refuse("organisation_body", "body", _("Kỷ luật tổ chức đảng do Ban Thường vụ hoặc Ban Chấp hành xem xét. Hãy chọn lại."))
    if body is Decider.CELL:
        if not db.session.get_one(Unit, case.home_id).lives_on(clock.today()):
            refuse("no_cell", "body", _("Chi bộ này không còn hoạt động. Hãy để tập thể cấp xã xem xét."))
        case.unit_id = case.home_id
    case.body = body
    db.session.flush()


@deed
def ask_cell(actor: Actor, case: DisciplineCase, version: int) -> None:
    """The member's cell sees the case and can vote on proposing an expulsion; the body that decides stays.

    Raises RuleBroken when the cell sees it already or an organisation is concerned, and as `hold_open`; Conflict.
    """
    hold_open(actor, case, version)
    if case.organisation_id is not None or case.unit_id == case.home_id:
        refuse("cell_asked", "", _("Chi bộ đã được giao hoặc không liên quan."))
    case.unit_id = case.home_id
    db.session.flush()


@deed
def close_case(actor: Actor, case: DisciplineCase, version: int, on: dt.date, because: CloseReason, note: str | None = None) -> None:
    """The case has ended without discipline.

    One whose decision was signed and cannot take effect, because she is no member any more, ends so too. Raises RuleBroken for a
    day to come or before what was done last; for the limitation as reason before a form was carried by a vote and compared with
    it (DIS-10), or while it has not run out; for having left as reason of one who is there; and as `hold_open`; Conflict.
    """
    hold_body(actor, case, version)
    if not (because is CloseReason.LEFT and case.signed_on is not None and case.published_on is None and case.closed_on is None):
        refuse_over(case)
    not_in_future(on, "on")
    votes = queries.votes(case)
    done = [case.opened_on, case.heard_on, case.concluded_on, case.signed_on, *(vote.held_on for vote in votes)]
    not_before(on, max(day for day in done if day is not None), "on", _("việc đã ghi sau cùng"))
    if because is CloseReason.LEFT and (case.member_id is None or fact_queries.home_of(case.member_id, on) is not None):
        refuse("not_left", "because", _("Người này vẫn là đảng viên của đảng bộ vào ngày đóng. Hãy chọn lý do khác."))
    if because is CloseReason.LIMITATION:
        carried = fact_queries.carried(votes)
        if not carried or case.concluded_on is None:
            refuse("vote_first", "because", _("Phải biểu quyết hình thức trước, rồi mới so với thời hiệu. Hãy ghi biểu quyết."))
        period = law.limitation(fact_queries.law_acts(queries.acts(case)), carried[-1].form, case.concluded_on)
        if period is None or not period.expired_on(case.concluded_on):
            refuse("in_time", "because", _("Chưa hết thời hiệu với hình thức đã biểu quyết. Hãy chọn lý do khác."))
    case.closed_on, case.closed_because, case.closing_note = on, because, nfc(note or "") or None
    db.session.flush()


@deed
def read_list(actor: Actor) -> None:
    """It is on record that the actor has looked through the cases; which she opened besides is told by `read_case`."""
    keep_entry()


@deed
def read_case(actor: Actor, case: DisciplineCase) -> None:
    """It is on record that the actor has opened the case."""
    db.session.add(DisciplineReading(case_id=case.id, user_id=actor.user_id, reader=actor.name, read_at=clock.now()))
    db.session.flush()
