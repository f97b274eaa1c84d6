"""Votes on the form, the decision, its publication and delivery, and appeals."""

from __future__ import annotations

import dataclasses
import datetime as dt

from ..access import Actor
from ..audit import deed
from ..db import db
from ..i18n import _
from ..members.actions import leave, relieve
from ..members.models import Exit, Member
from ..members.restore_actions import restore
from ..names import nfc
from ..org.models import Unit
from ..org.queries import committee_name, root
from ..rulebook import discipline as law
from ..rulebook import discipline_time as time
from ..rulebook.admission_way import VotingBody
from ..rulebook.discipline import Decider, Form, Part
from ..rulebook.discipline_time import Result
from ..rulebook.voting import VoteFacts, count_findings
from . import fact_queries, queries
from .actions import hold, hold_body, hold_open, not_before, not_in_future, refuse, refuse_by_law, refuse_deferred, refuse_over
from .models import DisciplineAppeal, DisciplineCase, DisciplineVote


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """A vote in persons. Of a cell the full members come from the roll of the day; `members` is then left out."""

    present: int
    in_favour: int
    against: int = 0
    blank: int = 0
    not_counted: int = 0
    members: int | None = None


@deed
def record_vote(
    actor: Actor, case: DisciplineCase, version: int, *, part: Part, form: Form, held_on: dt.date, counts: Counts
) -> DisciplineVote:
    """What a body voted on the form is on record, carried or not: the cell where it proposes, the body of the case where it decides.

    Raises RuleBroken before it was concluded that discipline is due, while the case is deferred, for a day to come, for numbers
    that cannot be true (of a cell against its roll, of a commune's body against its positions on record), a form that is none for
    the one concerned, one who is no member on that day, a proposal of what a cell decides itself, a vote of a body out of the
    actor's reach, and a case that is over; Conflict.
    """
    hold(case, version)
    refuse_over(case)
    not_in_future(held_on, "held_on")
    if case.concluded_on is None:
        refuse("not_concluded", "held_on", _("Chưa kết luận phải thi hành kỷ luật. Hãy ghi ngày kết luận trước khi biểu quyết."))
    not_before(held_on, case.concluded_on, "held_on", _("ngày kết luận"))
    refuse_deferred(case, held_on, "held_on")
    body = Decider.CELL if part is Part.PROPOSES else case.body
    if part is Part.PROPOSES and (Part.PROPOSES not in law.parts(form) or case.organisation_id is not None):
        refuse("no_proposal", "part", _("Chỉ khai trừ đảng viên mới cần chi bộ biểu quyết đề nghị."))
    unit = db.session.get_one(Unit, case.home_id) if body is Decider.CELL else root()
    if not actor.reach().covers(unit.path):
        refuse("not_your_vote", "part", _("Biểu quyết của cấp xã do Ủy ban kiểm tra hoặc Ban Thường vụ ghi."))
    _refuse_gone(case, held_on, "held_on")
    refuse_by_law(law.form_findings(form, fact_queries.of_case(case, held_on), held_on))
    members = counts.members or 0
    if body is Decider.CELL:
        members, apart = fact_queries.roll_counts(case, held_on)
        if counts.not_counted > apart:
            text = _(
                "Chỉ có %(apart)s đảng viên chính thức được miễn, bị đình chỉ hoặc ở nơi khác; không thể không tính nhiều hơn.", apart=apart
            )
            refuse("not_counted", "not_counted", text)
    else:
        if counts.not_counted:
            refuse("not_counted", "not_counted", _("Tập thể cấp xã tính đủ số ủy viên; ô này để trống."))
        known = fact_queries.members_on_record(body, held_on)
        if known and counts.members not in (None, known):
            text = _(
                "Sổ ghi tập thể này có %(known)s ủy viên vào ngày biểu quyết. Hãy xem lại số ủy viên, hoặc sửa chức vụ trong sổ.",
                known=known,
            )
            refuse("members", "members", text)
        members = known or members
    told = VoteFacts(members, counts.not_counted, counts.present, counts.in_favour, counts.against, counts.blank)
    refuse_by_law(count_findings(told, VotingBody.CELL if body is Decider.CELL else VotingBody.STANDING))
    if told.base == 0:
        refuse("nobody", "members", _("Không có ai được tính để biểu quyết. Kiểm tra lại danh sách của tập thể."))
    vote = DisciplineVote(
        case_id=case.id, body=body, part=part, form=form, held_on=held_on, members=members, not_counted=told.not_counted,
        present=told.present, in_favour=told.in_favour, against=told.against, blank=told.blank,
    )  # fmt: skip
    db.session.add(vote)
    case.version = version + 1
    db.session.flush()
    return vote


@deed
def decide(
    actor: Actor, case: DisciplineCase, version: int, *, form: Form, number: str, signed_on: dt.date, position_id: int | None = None
) -> None:
    """The decision is signed: the form that was carried last, if the limitation still allows it.

    Raises RuleBroken by the law (form, competence, votes, limitation), without a number, for a day to come or before the vote,
    while the case is deferred, on one who is no member any more, after another form was carried, for an expulsion that the cell
    would both propose and decide, for a removal without the office, for a decision of the commune's bodies out of the actor's
    reach, and as `hold_open`; Conflict.
    """
    hold_open(actor, case, version)
    not_in_future(signed_on, "signed_on")
    refuse_deferred(case, signed_on, "signed_on")
    _refuse_gone(case, signed_on, "signed_on")
    number = nfc(number)
    if not number:
        refuse("no_number", "number", _("Chưa ghi số quyết định."))
    unit = db.session.get_one(Unit, case.home_id) if case.body is Decider.CELL else root()
    if form is Form.EXPULSION and case.body is Decider.CELL:
        refuse("two_bodies", "form", _("Chi bộ chỉ đề nghị khai trừ. Hãy chuyển vụ việc cho tập thể có thẩm quyền quyết định."))
    facts = fact_queries.of_case(case, signed_on)
    refuse_by_law([*law.form_findings(form, facts, signed_on), *law.competence_findings(case.body, form, facts, signed_on)])
    votes, concluded = queries.votes(case), case.concluded_on
    if concluded is None:
        refuse("not_concluded", "form", _("Chưa kết luận, hoặc có vi phạm ghi thêm sau kết luận. Hãy kết luận, rồi biểu quyết."))
    for part in law.parts(form):
        last = next((vote for vote in reversed(votes) if vote.part is part and vote.form is form), None)
        if last is None or last.body is not (Decider.CELL if part is Part.PROPOSES else case.body):
            if part is Part.PROPOSES:
                refuse("no_proposal_vote", "form", _("Chưa có biểu quyết đề nghị khai trừ của chi bộ."))
            refuse("no_vote", "form", _("Tập thể quyết định chưa biểu quyết hình thức này."))
        refuse_by_law(law.vote_findings(fact_queries.vote_facts(last), part, last.body, last.held_on))
        not_before(signed_on, last.held_on, "signed_on", _("ngày biểu quyết"))
        if last.held_on < concluded:
            refuse("vote_again", "form", _("Đã kết luận lại sau khi biểu quyết. Hãy biểu quyết lại."))
    carried = [vote for vote in fact_queries.carried(votes) if vote.part is Part.DECIDES]
    if carried and carried[-1].form is not form:
        refuse("other_form", "form", _("Lần biểu quyết sau đã thông qua hình thức khác. Hãy ghi quyết định theo hình thức đó."))
    refuse_by_law(time.limitation_findings(fact_queries.law_acts(queries.acts(case)), form, concluded))
    held = {position.id for position, _unit in fact_queries.offices(case, signed_on)}
    if form is Form.REMOVAL_FROM_OFFICE and position_id not in held:
        refuse("which_office", "position_id", _("Hãy chọn chức vụ bị cách."))
    case.form, case.number, case.signed_on = form, number, signed_on
    case.position_id = position_id if form is Form.REMOVAL_FROM_OFFICE else None
    case.issuer = unit.name if case.body is Decider.CELL else committee_name(unit)
    db.session.flush()


@deed
def publish(actor: Actor, case: DisciplineCase, version: int, published_on: dt.date) -> None:
    """The decision is published and takes effect: who is expelled is no member from that day on, who is removed leaves the office.

    A cell announces what it voted at its meeting, before the paper is written (DIS-20). Raises RuleBroken before the signing (of a
    cell: before the vote) or a second time, for a day to come, where she is no member any more or was appointed later, for an
    actor of another body; and Conflict.
    """
    hold_body(actor, case, version)
    not_in_future(published_on, "published_on")
    if case.signed_on is None or case.published_on is not None or case.closed_on is not None:
        refuse("not_to_publish", "published_on", _("Chưa có quyết định, hoặc đã công bố."))
    if case.body is Decider.CELL:
        voted = max(vote.held_on for vote in queries.votes(case))
        not_before(published_on, voted, "published_on", _("ngày biểu quyết"))
    else:
        not_before(published_on, case.signed_on, "published_on", _("ngày ký"))
    if case.form is not Form.EXPULSION:
        _refuse_gone(case, published_on, "published_on")
    if case.form is Form.EXPULSION:
        _expel(actor, case, published_on, case.number)
    elif case.form is Form.REMOVAL_FROM_OFFICE:
        _relieve(actor, case, published_on)
    case.published_on = published_on
    db.session.flush()


def _relieve(actor: Actor, case: DisciplineCase, on: dt.date) -> None:
    held = {position.id: position for position, _unit in fact_queries.offices(case, on)}
    if case.position_id in held:  # she may have left it meanwhile
        relieve(actor, held[case.position_id], on=on)


def _remove(actor: Actor, case: DisciplineCase, position_id: int | None, on: dt.date) -> None:
    """She leaves the office that an appeal takes. Raises RuleBroken for an office that she does not hold on that day."""
    if position_id not in {position.id for position, _unit in fact_queries.offices(case, on)}:
        refuse("which_office", "position_id", _("Hãy chọn chức vụ bị cách."))
    case.position_id = position_id
    _relieve(actor, case, on)


def _expel(actor: Actor, case: DisciplineCase, on: dt.date, paper: str | None) -> None:
    leave(actor, db.session.get_one(Member, case.member_id), exit=Exit.EXPELLED, on=on, paper=paper)


@deed
def deliver(actor: Actor, case: DisciplineCase, version: int, delivered_on: dt.date) -> None:
    """The one concerned has the decision; from that day the time for an appeal runs.

    Raises RuleBroken before publication or a second time, for a day to come or before the signing, for an actor of another body; and
    Conflict.
    """
    hold_body(actor, case, version)
    not_in_future(delivered_on, "delivered_on")
    if case.published_on is None or case.delivered_on is not None:
        refuse("not_to_deliver", "delivered_on", _("Chưa công bố quyết định, hoặc đã giao."))
    not_before(delivered_on, case.signed_on, "delivered_on", _("ngày ký"))
    case.delivered_on = delivered_on
    db.session.flush()


def _refuse_gone(case: DisciplineCase, on: dt.date, field: str) -> None:
    """Raises RuleBroken for one who is no member on that day: there is nobody to discipline."""
    if case.member_id is not None and fact_queries.home_of(case.member_id, on) is None:
        refuse(
            "gone", field, _("Người này không còn là đảng viên của đảng bộ vào ngày này. Hãy đóng vụ việc với lý do đã ra khỏi đảng bộ.")
        )


def _of_the_commune(actor: Actor) -> None:
    if not queries.is_of_the_commune(actor):
        refuse("appeal_level", "", _("Khiếu nại do Ủy ban kiểm tra, Ban Thường vụ hoặc cấp ủy từ cấp xã trở lên giải quyết."))


@deed
def lodge_appeal(actor: Actor, case: DisciplineCase, version: int, lodged_on: dt.date) -> None:
    """An appeal is being settled; until then the discipline does not lapse.

    One who appeals again does so against the last settlement, and in the same time after it. Raises RuleBroken before the delivery
    or that settlement, out of time by the law, while another appeal is being settled, after an annulment, for a day to come, for an
    actor of a cell, and Conflict.
    """
    hold(case, version)
    _of_the_commune(actor)
    not_in_future(lodged_on, "lodged_on")
    if case.delivered_on is None:
        refuse("not_delivered", "lodged_on", _("Chưa ghi ngày giao quyết định; chưa giao thì chưa giải quyết khiếu nại."))
    not_before(lodged_on, case.delivered_on, "lodged_on", _("ngày giao quyết định"))
    made = queries.appeals(case)
    if any(appeal.result in (None, Result.ANNULLED) for appeal in made):
        refuse("appeal_open", "lodged_on", _("Đang giải quyết một khiếu nại, hoặc quyết định đã bị hủy."))
    since = made[-1].published_on or case.delivered_on if made else case.delivered_on
    not_before(lodged_on, since, "lodged_on", _("ngày công bố kết quả khiếu nại trước"))
    refuse_by_law(time.appeal_findings(since, lodged_on))
    db.session.add(DisciplineAppeal(case_id=case.id, lodged_on=lodged_on))
    case.version = version + 1
    db.session.flush()


@deed
def settle_appeal(
    actor: Actor, case: DisciplineCase, version: int, *, result: Result, number: str, published_on: dt.date, form: Form | None = None,
    position_id: int | None = None,
) -> None:  # fmt: skip
    """The appeal is settled: the decision stays, has another form, or is annulled.

    Who was expelled and is so no longer, is a member as if she had never left; what cannot be given back by itself (`leftover`) is
    for people to do. A change into removal takes the office named. Raises RuleBroken for such a change without an office, without
    an appeal under way, without a number, for days out of order or to come, for a change without a form, into the same one or into
    one that the law does not have for her, where her membership cannot be restored or ended, for an actor of a cell, and Conflict.
    """
    hold(case, version)
    _of_the_commune(actor)
    not_in_future(published_on, "published_on")
    made = queries.appeals(case)
    appeal = next((one for one in made if one.result is None), None)
    told = queries.ruled(case, made)
    if appeal is None or told is None:
        refuse("no_appeal", "result", _("Không có khiếu nại nào đang giải quyết."))
    number = nfc(number)
    if not number:
        refuse("no_number", "number", _("Chưa ghi số quyết định."))
    not_before(published_on, appeal.lodged_on, "published_on", _("ngày khiếu nại"))
    before = time.form_now(told)
    after = {Result.KEPT: before, Result.ANNULLED: None}.get(result, form)
    if result is Result.CHANGED:
        if form is None or form is before:
            refuse("change_to", "form", _("Hãy chọn hình thức mới, khác hình thức đang thi hành."))
        if not (form is Form.REMOVAL_FROM_OFFICE and case.position_id):
            refuse_by_law(law.form_findings(form, fact_queries.of_case(case, told.signed_on), told.signed_on))
            if form is Form.REMOVAL_FROM_OFFICE:
                _remove(actor, case, position_id, published_on)
    if case.member_id is not None and Form.EXPULSION in (before, after) and before is not after:
        member = db.session.get_one(Member, case.member_id)
        if after is Form.EXPULSION:
            _expel(actor, case, published_on, number)
        else:
            restore(actor, member, on=published_on)
    appeal.result, appeal.number, appeal.published_on = result, number, published_on
    appeal.form = form if result is Result.CHANGED else None
    case.version = version + 1
    db.session.flush()
