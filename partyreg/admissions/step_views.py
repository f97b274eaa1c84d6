"""The doors of a file's steps: each does one deed, or shows the file again with its form filled and what is wrong beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from .. import clock
from ..access import Actor, Permission
from ..db import db
from ..documents.models import Document
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _
from ..members import queries as members
from ..org import queries as org
from ..web import done
from . import actions, file_queries, ruling_actions
from . import deed_forms as forms
from .attempt import attempt
from .models import Admission
from .page_views import file_page
from .paper_views import looked_at
from .views import area

_P = Permission


def _do(actor: Actor, admission_id: int, form: Any, deed: Callable[[Admission, Any], object], said: str) -> Any:
    """Do the deed and go back to the file; the page of the file where the form, the law or a newer version refuses it."""
    file = file_queries.one(actor, admission_id)
    form.offer(org.destinations(clock.today()))
    if not form.validate():
        return file_page(actor, file, sent=form), 422
    try:
        made = attempt(lambda: deed(file, form))
    except RuleBroken as error:
        form.show(error.findings)
        return file_page(actor, file_queries.one(actor, admission_id), sent=form), 422
    except Conflict as error:
        file = file_queries.one(actor, admission_id)
        form.version.data = str(file.version)
        return file_page(actor, file, sent=form, conflict=error), 409
    if "preview" in request.form and isinstance(made, Document):
        if made.is_outside:
            db.session.rollback()
            form.general.append(_("Quyết định ban hành ngoài sổ không có bản xem trước."))
            return file_page(actor, file_queries.one(actor, admission_id), sent=form), 422
        return looked_at(made)
    return done(said, "admissions.show", admission_id=admission_id)


@area.post("/admissions/<int:admission_id>/ask", needs=_P.ADMISSIONS_PREPARE)
def ask_to_start(actor: Actor, admission_id: int) -> Any:
    """The cell asks to be allowed to start."""
    return _do(actor, admission_id, forms.AskForm(), lambda file, form: actions.ask_to_start(actor, file, form.seen),
               _("Đã gửi đề nghị cho làm thủ tục kết nạp."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/submit", needs=_P.ADMISSIONS_PREPARE)
def submit(actor: Actor, admission_id: int) -> Any:
    """The cell hands the file to the organisation committee."""
    return _do(actor, admission_id, forms.SubmitForm(), lambda file, form: actions.submit(actor, file, form.seen),
               _("Đã trình hồ sơ lên Ban Tổ chức."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/propose", needs=_P.ADMISSIONS_PREPARE)
def propose(actor: Actor, admission_id: int) -> Any:
    """The cell proposes full membership."""
    return _do(actor, admission_id, forms.ProposeForm(), lambda file, form: actions.propose(actor, file, form.seen),
               _("Đã trình đề nghị công nhận chính thức."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/ceremony", needs=_P.ADMISSIONS_PREPARE)
def hold_ceremony(actor: Actor, admission_id: int) -> Any:
    """The ceremony was held: the candidate is a probationary member."""
    return _do(actor, admission_id, forms.CeremonyForm(), lambda file, form: actions.hold_ceremony(actor, file, form.seen, **form.facts),
               _("Đã ghi lễ kết nạp. Thời gian dự bị tính từ ngày lễ."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/withdraw", needs=_P.ADMISSIONS_PREPARE)
def withdraw(actor: Actor, admission_id: int) -> Any:
    """The file is closed without a decision, with the reason."""
    return _do(actor, admission_id, forms.WithdrawForm(), lambda file, form: actions.withdraw(actor, file, form.seen, form.reason.data),
               _("Đã rút hồ sơ."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/move", needs=_P.ADMISSIONS_PREPARE)
def move_away(actor: Actor, admission_id: int) -> Any:
    """The candidate moved: to another cell of the commune, or outside it."""

    def move(file: Admission, form: Any) -> object:
        to = next((cell for cell in org.destinations(clock.today()) if cell.code == form.to.data), None)
        return actions.move_away(actor, file, form.seen, on=form.on.data, to=to, paper=form.paper.data)

    file_queries.one(actor, admission_id)
    form = forms.MoveForm()
    answer = _do(actor, admission_id, form, move, _("Đã chuyển hồ sơ."))
    if getattr(answer, "status_code", None) != 302:
        return answer
    try:
        file_queries.one(actor, admission_id)
    except NotVisible:
        return done(_("Đã chuyển hồ sơ sang chi bộ khác."), "admissions.index")
    return answer


@area.post("/admissions/<int:admission_id>/permit", needs=_P.ADMISSIONS_DECIDE)
def permit(actor: Actor, admission_id: int) -> Any:
    """The cell may start with the dossier."""
    return _do(actor, admission_id, forms.PermitForm(), lambda file, form: ruling_actions.permit(actor, file, form.seen, **form.facts),
               _("Đã cho phép chi bộ làm thủ tục kết nạp."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/pass", needs=_P.ADMISSIONS_CHECK)
def pass_on(actor: Actor, admission_id: int) -> Any:
    """The organisation committee checked the file and passes it on."""
    return _do(actor, admission_id, forms.PassForm(), lambda file, form: ruling_actions.pass_on(actor, file, form.seen),
               _("Đã thẩm tra và chuyển hồ sơ tiếp."))  # fmt: skip


def _back(actor: Actor, admission_id: int, form: Any) -> Any:
    return _do(actor, admission_id, form, lambda file, form: ruling_actions.send_back(actor, file, form.seen, form.reason.data),
               _("Đã trả hồ sơ lại chi bộ."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/return", needs=_P.ADMISSIONS_CHECK)
def send_back(actor: Actor, admission_id: int) -> Any:
    """The organisation committee sends the file back to the cell, with the reason."""
    return _back(actor, admission_id, forms.ReturnForm())


@area.post("/admissions/<int:admission_id>/give-back", needs=_P.ADMISSIONS_DECIDE)
def give_back(actor: Actor, admission_id: int) -> Any:
    """The standing committee sends the file back to the cell, with the reason."""
    return _back(actor, admission_id, forms.GiveBackForm())


@area.post("/admissions/<int:admission_id>/committee", needs=_P.ADMISSIONS_DECIDE)
def committee_votes(actor: Actor, admission_id: int) -> Any:
    """The whole committee voted on the file."""
    return _do(actor, admission_id, forms.CommitteeForm(),
               lambda file, form: ruling_actions.committee_votes(actor, file, form.seen, **form.facts),
               _("Đã ghi biểu quyết của Ban Chấp hành."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/decide", needs=_P.ADMISSIONS_DECIDE)
def decide(actor: Actor, admission_id: int) -> Any:
    """The standing committee decided to admit."""
    return _do(actor, admission_id, forms.DecideForm(), lambda file, form: ruling_actions.decide(actor, file, form.seen, **form.facts),
               _("Đã ra quyết định kết nạp. Chi bộ tổ chức lễ kết nạp đúng hạn."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/decline", needs=_P.ADMISSIONS_DECIDE)
def decline(actor: Actor, admission_id: int) -> Any:
    """The standing committee decided not to admit."""
    return _do(actor, admission_id, forms.DeclineForm(), lambda file, form: ruling_actions.decline(actor, file, form.seen, **form.facts),
               _("Đã ghi kết luận không kết nạp."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/not-carried", needs=_P.ADMISSIONS_DECIDE)
def not_carried(actor: Actor, admission_id: int) -> Any:
    """The committee's vote fell short: it is written down, and the file goes back to the cell."""
    return _do(actor, admission_id, forms.NotCarriedForm(),
               lambda file, form: ruling_actions.not_carried(actor, file, form.seen, **form.facts),
               _("Đã ghi biểu quyết và trả hồ sơ lại chi bộ."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/recognise", needs=_P.ADMISSIONS_DECIDE)
def recognise(actor: Actor, admission_id: int) -> Any:
    """The standing committee recognised the probationary member as a full one."""
    return _do(actor, admission_id, forms.RecogniseForm(),
               lambda file, form: ruling_actions.recognise(actor, file, form.seen, **form.facts),
               _("Đã ra quyết định công nhận đảng viên chính thức."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/remove", needs=_P.ADMISSIONS_DECIDE)
def remove(actor: Actor, admission_id: int) -> Any:
    """The standing committee took the probationary member off the rolls."""
    return _do(actor, admission_id, forms.RemoveForm(), lambda file, form: ruling_actions.remove(actor, file, form.seen, **form.facts),
               _("Đã ra quyết định xóa tên."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/cancel", needs=_P.ADMISSIONS_DECIDE)
def cancel(actor: Actor, admission_id: int) -> Any:
    """The decision to admit is cancelled."""
    return _do(actor, admission_id, forms.CancelForm(), lambda file, form: ruling_actions.cancel(actor, file, form.seen, **form.facts),
               _("Đã hủy quyết định kết nạp."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/card", needs=_P.ADMISSIONS_CHECK)
def issue_card(actor: Actor, admission_id: int) -> Any:
    """The member has a card; the file is closed."""
    return _do(actor, admission_id, forms.CardForm(), lambda file, form: ruling_actions.issue_card(actor, file, form.seen, **form.facts),
               _("Đã ghi số thẻ đảng viên. Hồ sơ kết thúc."))  # fmt: skip


@area.post("/admissions/<int:admission_id>/close", needs=_P.ADMISSIONS_CHECK)
def close(actor: Actor, admission_id: int) -> Any:
    """The file ends, because its person left on the way."""
    return _do(actor, admission_id, forms.CloseForm(), lambda file, form: ruling_actions.close(actor, file, form.seen),
               _("Đã đóng hồ sơ."))  # fmt: skip


@area.post("/admissions/of/<int:member_id>", needs=_P.ADMISSIONS_CHECK)
def take_over(actor: Actor, member_id: int) -> Any:
    """A probationary member known from papers gets a file for her full membership."""
    file = ruling_actions.take_over(actor, members.member(actor, member_id))
    return done(_("Đã lập hồ sơ công nhận chính thức."), "admissions.show", admission_id=file.id)
