"""Which deeds are offered on the page of a file: to whom, at which step, with which form."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..access import Actor, Permission
from ..i18n import lazy
from ..rulebook.admission import BACK, CANDIDATE, Step
from . import deed_forms as forms
from .deed_forms import DeedForm
from .models import Admission
from .ruling_actions import AFTER_CEREMONY

_P = Permission


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """One deed: its form and door, who may do it, and the steps at which it can be done.

    `by_others`: whoever handed the file in or passed it on in the round under way may not do it.
    """

    form: type[DeedForm]
    view: str
    needs: Permission
    steps: tuple[Step, ...]
    title: Any
    button: Any
    sign: str
    confirm: Any = ""
    look: str = "primary"
    by_others: bool = False
    is_folded: bool = False

    @property
    def key(self) -> str:
        """The name of the deed on the page."""
        return self.form.key

    @property
    def endpoint(self) -> str:
        """The door of the deed."""
        return "admissions." + self.view

    @property
    def has_paper(self) -> bool:
        """Whether the deed issues a paper, which can be looked at before."""
        return self.key in ("decide", "recognise", "remove", "cancel")

    def stands(self, actor: Actor, file: Admission, path: str) -> bool:
        """Whether the deed is the actor's kind of work, in her reach, at the file's step."""
        return file.step in self.steps and actor.may(self.needs) and actor.using(self.needs).reach().covers(path)


#: Every deed with a form on the page, in the order in which they stand there.
OFFERS: tuple[Offer, ...] = (
    Offer(forms.AskForm, "ask_to_start", _P.ADMISSIONS_PREPARE, (Step.LISTED,), lazy("Xin làm thủ tục kết nạp"),
          lazy("Gửi đề nghị"), "send", lazy("Gửi đề nghị cho làm thủ tục kết nạp?")),
    Offer(forms.SubmitForm, "submit", _P.ADMISSIONS_PREPARE, (Step.DRAFT, Step.RETURNED), lazy("Trình Ban Tổ chức"),
          lazy("Trình hồ sơ"), "send", lazy("Trình hồ sơ lên Ban Tổ chức? Sau khi trình, chi bộ không sửa được nữa.")),
    Offer(forms.ProposeForm, "propose", _P.ADMISSIONS_PREPARE, (Step.PROBATION, Step.SENT_BACK), lazy("Đề nghị công nhận chính thức"),
          lazy("Trình đề nghị"), "send", lazy("Trình hồ sơ công nhận lên Ban Tổ chức? Sau khi trình, chi bộ không sửa được nữa.")),
    Offer(forms.CeremonyForm, "hold_ceremony", _P.ADMISSIONS_PREPARE, (Step.DECIDED,), lazy("Ghi lễ kết nạp"),
          lazy("Ghi lễ kết nạp"), "check-lg", lazy("Ghi ngày lễ kết nạp? Người này trở thành đảng viên dự bị từ ngày lễ.")),
    Offer(forms.PermitForm, "permit", _P.ADMISSIONS_DECIDE, (Step.ASKED,), lazy("Cho phép làm thủ tục"),
          lazy("Cho phép"), "check-lg", lazy("Cho phép chi bộ làm thủ tục kết nạp?"), by_others=True),
    Offer(forms.PassForm, "pass_on", _P.ADMISSIONS_CHECK, (Step.SUBMITTED, Step.PROPOSED), lazy("Thẩm tra xong"),
          lazy("Chuyển tiếp"), "send", lazy("Đã thẩm tra đủ, chuyển hồ sơ lên cấp quyết định?"), by_others=True),
    Offer(forms.CommitteeForm, "committee_votes", _P.ADMISSIONS_DECIDE, (Step.COMMITTEE,), lazy("Biểu quyết của Ban Chấp hành"),
          lazy("Ghi biểu quyết"), "check-lg", by_others=True),
    Offer(forms.DecideForm, "decide", _P.ADMISSIONS_DECIDE, (Step.DECIDING,), lazy("Quyết định kết nạp"),
          lazy("Ra quyết định"), "check-lg", lazy("Ra quyết định kết nạp?"), by_others=True),
    Offer(forms.RecogniseForm, "recognise", _P.ADMISSIONS_DECIDE, (Step.RULING,), lazy("Quyết định công nhận chính thức"),
          lazy("Ra quyết định công nhận"), "check-lg", lazy("Ra quyết định công nhận đảng viên chính thức?"), by_others=True),
    Offer(forms.CardForm, "issue_card", _P.ADMISSIONS_CHECK, (Step.RECOGNISED,), lazy("Thẻ đảng viên"),
          lazy("Ghi số thẻ"), "check-lg"),
    Offer(forms.CloseForm, "close", _P.ADMISSIONS_CHECK, AFTER_CEREMONY, lazy("Đảng viên đã ra khỏi đảng bộ"),
          lazy("Đóng hồ sơ"), "x-lg", lazy("Đóng hồ sơ này?"), "outline-secondary"),
    Offer(forms.ReturnForm, "send_back", _P.ADMISSIONS_CHECK, tuple(BACK), lazy("Trả lại chi bộ"),
          lazy("Trả lại"), "arrow-return-left", look="outline-secondary", is_folded=True),
    Offer(forms.GiveBackForm, "give_back", _P.ADMISSIONS_DECIDE, (Step.ASKED, Step.DECIDING, Step.RULING),
          lazy("Trả lại chi bộ"), lazy("Trả lại"), "arrow-return-left", look="outline-secondary", is_folded=True),
    Offer(forms.DeclineForm, "decline", _P.ADMISSIONS_DECIDE, (Step.DECIDING,), lazy("Không kết nạp"),
          lazy("Ghi không kết nạp"), "x-lg", lazy("Ghi kết luận không kết nạp? Hồ sơ kết thúc."), "outline-danger", True, True),
    Offer(forms.NotCarriedForm, "not_carried", _P.ADMISSIONS_DECIDE, (Step.COMMITTEE, Step.RULING), lazy("Biểu quyết không đủ tỷ lệ"),
          lazy("Ghi và trả lại chi bộ"), "arrow-return-left", lazy("Ghi biểu quyết không đủ tỷ lệ và trả hồ sơ lại chi bộ?"),
          "outline-danger", True, True),
    Offer(forms.RemoveForm, "remove", _P.ADMISSIONS_DECIDE, (Step.RULING,), lazy("Xóa tên đảng viên dự bị"),
          lazy("Ra quyết định xóa tên"), "x-lg", lazy("Ra quyết định xóa tên trong danh sách đảng viên dự bị?"), "outline-danger",
          True, True),
    Offer(forms.CancelForm, "cancel", _P.ADMISSIONS_DECIDE,
          (Step.DECIDED, Step.PROBATION, Step.SENT_BACK, Step.PROPOSED, Step.RULING), lazy("Hủy quyết định kết nạp"),
          lazy("Hủy quyết định"), "x-lg", lazy("Hủy quyết định kết nạp?"), "outline-danger", is_folded=True),
    Offer(forms.MoveForm, "move_away", _P.ADMISSIONS_PREPARE, (*CANDIDATE, Step.DECIDED), lazy("Chuyển hồ sơ đi nơi khác"),
          lazy("Chuyển hồ sơ"), "send", lazy("Chuyển hồ sơ theo người đi nơi khác?"), "outline-secondary", is_folded=True),
    Offer(forms.WithdrawForm, "withdraw", _P.ADMISSIONS_PREPARE, CANDIDATE, lazy("Rút hồ sơ"),
          lazy("Rút hồ sơ"), "x-lg", lazy("Rút hồ sơ này? Muốn kết nạp lại phải lập hồ sơ mới."), "outline-danger", is_folded=True),
)  # fmt: skip
