"""The small forms of the deeds on a file: each carries the version that the page showed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture, whole_number
from ..i18n import _, lazy
from ..org.models import Unit
from ..rulebook.admission import VoteForm
from .ruling_actions import Counts

LATELY = NotBefore(dt.date(1990, 1, 1))


def past_day(words: Any, *, needed: bool = True) -> DateInput:
    """A day up to today."""
    return DateInput(words, validators=[InputRequired() if needed else Optional(), NotInFuture(), LATELY])


def line(words: Any, most: int, *, needed: bool = False) -> wtforms.StringField:
    """A line of text of at most so many signs."""
    return wtforms.StringField(words, validators=[InputRequired() if needed else Optional(), Length(max=most)])


def heads(words: Any, *, needed: bool = True) -> wtforms.IntegerField:
    """A number of persons."""
    return wtforms.IntegerField(words, validators=[InputRequired() if needed else Optional(), NumberRange(min=0, max=999)])


class DeedForm(Form):
    """Nothing but the version that the page showed; the ids of its fields are its own among the forms of the page."""

    key = "deed"
    #: The fields that stand first on the page, before those that other forms have too.
    first: tuple[str, ...] = ()
    version = wtforms.HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.id = f"{self.key}-{field.name}"
            field.label.field_id = field.id

    @property
    def seen(self) -> int:
        """The version that the page showed; one that cannot be read is stale."""
        return whole_number(self.version.data)

    @property
    def facts(self) -> dict[str, Any]:
        """What was entered, without the version and the token."""
        return {field.name: field.data for field in self if field.name not in ("version", "csrf_token")}

    @property
    def typed(self) -> dict[str, Any]:
        """What was entered in words, as a page compares it; nothing for what was left empty."""
        return {str(one.label.text): one._value() for one in self if hasattr(one, "_value") and one.name != "version" and one.data}

    @property
    def shown(self) -> list[Any]:
        """The fields that are filled in, in the order in which the page shows them."""
        fields = [field for field in self if field.name not in ("version", "csrf_token")]
        return sorted(fields, key=lambda field: field.name not in self.first)

    def offer(self, units: Iterable[Unit]) -> None:
        """The cells that may be chosen; most deeds choose none."""

    def propose(self, values: Mapping[str, Any]) -> None:
        """What the fields say before anybody typed."""
        for name, value in values.items():
            if name in self._fields and value is not None:
                self[name].data = value

    def hint(self, hints: Mapping[str, str]) -> None:
        """What is said below a field."""
        for name, text in hints.items():
            if name in self._fields:
                self[name].description = text


class AskForm(DeedForm):
    """The cell asks to be allowed to start."""

    key = "ask"


class SubmitForm(DeedForm):
    """The cell hands the file in."""

    key = "submit"


class ProposeForm(DeedForm):
    """The cell proposes full membership."""

    key = "propose"


class PassForm(DeedForm):
    """The organisation committee checked the file and passes it on."""

    key = "pass"


class _ReasonForm(DeedForm):
    reason = wtforms.TextAreaField(lazy("Lý do"), validators=[InputRequired(), Length(max=500)], render_kw={"rows": 3})


class ReturnForm(_ReasonForm):
    """Why the organisation committee sends a file back to the cell."""

    key = "return"


class GiveBackForm(_ReasonForm):
    """Why the standing committee sends a file back to the cell."""

    key = "give-back"


class WithdrawForm(_ReasonForm):
    """Why a file is closed without a decision."""

    key = "withdraw"


class PermitForm(DeedForm):
    """The permission to start, as it was given."""

    key = "permit"
    permitted_on = past_day(lazy("Ngày cho phép làm thủ tục"))
    permit_number = line(lazy("Số văn bản cho phép"), 40, needed=True)


class CeremonyForm(DeedForm):
    """The ceremony of admission."""

    key = "ceremony"
    ceremony_on = past_day(lazy("Ngày tổ chức lễ kết nạp"))
    received_on = past_day(lazy("Ngày chi bộ nhận quyết định"), needed=False)
    late_paper = line(lazy("Văn bản đồng ý tổ chức lễ muộn"), 80)


class MoveForm(DeedForm):
    """Where the candidate moves, and by which paper."""

    key = "move"
    to = wtforms.SelectField(lazy("Chuyển đến"), validate_choice=True)
    on = past_day(lazy("Ngày chuyển"))
    paper = line(lazy("Số giấy giới thiệu, công văn chuyển hồ sơ"), 80, needed=True)

    def offer(self, units: Iterable[Unit]) -> None:
        """The living cells of the commune, or a place outside it."""
        first = wtforms.SelectChoice("", _("Nơi khác, ngoài đảng bộ xã"))
        self.to.choices = [first, *(wtforms.SelectChoice(one.code, one.name) for one in units)]


class _BallotForm(DeedForm):
    members = heads(lazy("Tổng số ủy viên"))
    present = heads(lazy("Số ủy viên có mặt"))
    in_favour = heads(lazy("Số phiếu tán thành"))
    against = heads(lazy("Số phiếu không tán thành"), needed=False)
    blank = heads(lazy("Số phiếu trắng, không hợp lệ"), needed=False)
    form = EnumField(lazy("Hình thức biểu quyết"), VoteForm, empty=lazy("Chưa ghi"), validators=[Optional()])

    @property
    def facts(self) -> dict[str, Any]:
        """What was entered, the numbers of the vote as its counts; votes that were left empty are none."""
        given = super().facts
        return given | {"counts": Counts(**{one.name: given.pop(one.name) or 0 for one in dataclasses.fields(Counts)})}


class CommitteeForm(_BallotForm):
    """The vote of the whole committee, as its minutes count it."""

    key = "committee"
    first = ("held_on",)
    held_on = past_day(lazy("Ngày họp Ban Chấp hành"))
    number = line(lazy("Số nghị quyết, biên bản"), 40)


class DecideForm(_BallotForm):
    """A decision of the standing committee with its vote; the register gives the number unless one was given outside it."""

    key = "decide"
    first = ("decided_on", "signer")
    decided_on = past_day(lazy("Ngày quyết định"))
    signer = line(lazy("Người ký"), 120, needed=True)
    outside_number = line(lazy("Số quyết định đã ban hành ngoài sổ"), 40)


class RecogniseForm(DecideForm):
    """The decision on full membership."""

    key = "recognise"


class RemoveForm(DecideForm):
    """The decision that takes a probationary member off the rolls."""

    key = "remove"


class DeclineForm(_BallotForm):
    """The standing committee voted not to admit."""

    key = "decline"
    first = ("held_on",)
    held_on = past_day(lazy("Ngày họp Ban Thường vụ"))
    reason = wtforms.TextAreaField(lazy("Lý do"), validators=[InputRequired(), Length(max=500)], render_kw={"rows": 3})


class NotCarriedForm(_BallotForm):
    """The committee did not carry what it was asked for."""

    key = "not_carried"
    first = ("held_on",)
    held_on = past_day(lazy("Ngày họp"))
    reason = wtforms.TextAreaField(lazy("Lý do"), validators=[InputRequired(), Length(max=500)], render_kw={"rows": 3})


class CancelForm(DeedForm):
    """The decision is cancelled."""

    key = "cancel"
    on = past_day(lazy("Ngày hủy quyết định"))
    signer = line(lazy("Người ký"), 120, needed=True)
    outside_number = line(lazy("Số quyết định đã ban hành ngoài sổ"), 40)
    reason = wtforms.TextAreaField(lazy("Lý do"), validators=[InputRequired(), Length(max=500)], render_kw={"rows": 3})


class CardForm(DeedForm):
    """The member's card."""

    key = "card"
    card_number = line(lazy("Số thẻ đảng viên"), 20, needed=True)
    issued_on = past_day(lazy("Ngày cấp thẻ"))


class CloseForm(DeedForm):
    """The file ends, because its person left."""

    key = "close"


class PaperForm(DeedForm):
    """When a paper is issued, and who signs it."""

    key = "paper"
    issued_on = past_day(lazy("Ngày ban hành"))
    signer = line(lazy("Người ký"), 120)


class VoidForm(DeedForm):
    """Why an issued paper is void."""

    key = "void"
    reason = wtforms.TextAreaField(lazy("Lý do hủy văn bản"), validators=[InputRequired(), Length(max=500)], render_kw={"rows": 2})


class VoteOnFileForm(DeedForm):
    """The cell's vote on a file, as the minutes count it.

    `roll_day` is the day whose roll the page listed, `counted` whoever of those exempted or elsewhere was there and voted.
    """

    key = "vote"
    roll_day = wtforms.HiddenField()
    held_on = past_day(lazy("Ngày chi bộ họp"))
    number = line(lazy("Số nghị quyết (hoặc biên bản khi không đủ phiếu)"), 40)
    form = EnumField(lazy("Hình thức biểu quyết"), VoteForm, empty=lazy("Chưa ghi"), validators=[Optional()])
    members = heads(lazy("Số đảng viên chính thức của chi bộ"))
    present = heads(lazy("Số đảng viên chính thức có mặt (tính vào tổng số)"))
    in_favour = heads(lazy("Số phiếu tán thành"))
    against = heads(lazy("Số phiếu không tán thành"), needed=False)
    blank = heads(lazy("Số phiếu trắng, không hợp lệ"), needed=False)
