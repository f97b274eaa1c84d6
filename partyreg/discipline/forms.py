"""The shapes of what is typed about a case: a new one, one from its paper, and each deed of a case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture, whole_number
from ..i18n import _, label, lazy
from ..rulebook.discipline import Content, Decider, Part
from ..rulebook.discipline import Form as Discipline
from ..rulebook.discipline_time import Deferral, Result
from .models import CloseReason, Source
from .queries import Stage

_CHOOSE = lazy("— chọn —")
_EARLIEST = NotBefore(dt.date(1945, 1, 1))


def _day(text: Any, *, needed: bool = True) -> DateInput:
    return DateInput(text, [InputRequired() if needed else Optional(), NotInFuture(), _EARLIEST])


def _number(text: Any, **more: Any) -> wtforms.IntegerField:
    return wtforms.IntegerField(text, [Optional(), NumberRange(0, 100_000)], **more)


class FilterForm(Form):
    """What the list is narrowed to."""

    q = wtforms.StringField(lazy("Tên"), [Optional(), Length(max=60)])
    stage = EnumField(lazy("Tình trạng"), Stage, empty=lazy("Tất cả"))
    form = EnumField(lazy("Hình thức"), Discipline, empty=lazy("Tất cả"))


class _SubjectForm(Form):
    """Whom a case is about, one or the other, and the first violation."""

    member = wtforms.SelectField(lazy("Đảng viên"))
    organisation = wtforms.SelectField(lazy("hoặc chi bộ"))
    source = EnumField(lazy("Nguồn"), Source, empty=_CHOOSE, validators=[InputRequired()])
    acted_on = _day(lazy("Ngày vi phạm"))
    violation = EnumField(lazy("Nội dung vi phạm"), Content, empty=_CHOOSE, validators=[InputRequired()])

    def offer(self, members: list[tuple[int, str]], organisations: list[tuple[int, str]]) -> None:
        """Those whom a case can be about."""
        self.member.choices = [("", str(_CHOOSE)), *((str(key), name) for key, name in members)]
        self.organisation.choices = [("", str(_CHOOSE)), *((str(key), name) for key, name in organisations)]
        self.member.data, self.organisation.data = self.member.data or "", self.organisation.data or ""


class NewCaseForm(_SubjectForm):
    """A case is opened."""

    body = EnumField(lazy("Tập thể xem xét, quyết định"), Decider, but=(Decider.SUPERIOR,), validators=[InputRequired()])
    opened_on = _day(lazy("Ngày lập vụ việc"))
    paper = wtforms.StringField(lazy("Số, ngày văn bản nguồn"), [Optional(), Length(max=120)])
    is_superior_task = wtforms.BooleanField(lazy("Vi phạm trong nhiệm vụ do cấp trên giao"))
    inspected = wtforms.HiddenField()  # the line of an inspection that it comes from


class FromPaperForm(_SubjectForm):
    """A discipline known from its decision."""

    body = EnumField(lazy("Tập thể đã quyết định"), Decider, validators=[InputRequired()])
    form = EnumField(lazy("Hình thức"), Discipline, empty=_CHOOSE, validators=[InputRequired()])
    issuer = wtforms.StringField(lazy("Nơi ban hành"), [InputRequired(), Length(max=160)])
    number = wtforms.StringField(lazy("Số quyết định"), [InputRequired(), Length(max=40)])
    signed_on = _day(lazy("Ngày ký"))
    published_on = _day(lazy("Ngày công bố"))
    delivered_on = _day(lazy("Ngày giao"), needed=False)


class DeedForm(Form):
    """A deed of a case; its fields carry the deed's name, since several forms stand on one page."""

    version = wtforms.HiddenField()

    def seen(self) -> int:
        """The version of the case that was on the page."""
        return whole_number(self.version.data)

    def values(self) -> dict[str, Any]:
        """What was typed, by the names of the deed's arguments."""
        return {name: field.data for name, field in self._fields.items() if name not in ("version", "csrf_token")}

    def offer_forms(self, forms: tuple[Discipline, ...], offices: list[tuple[int, str]]) -> None:
        """The forms that the law has for the one concerned, and her offices, where the deed asks for them."""


class OnForm(DeedForm):
    """A day."""

    on = _day(lazy("Ngày"))


class ActForm(DeedForm):
    """One more violation."""

    acted_on = _day(lazy("Ngày vi phạm"))
    content = EnumField(lazy("Nội dung vi phạm"), Content, empty=_CHOOSE, validators=[InputRequired()])


class HearForm(OnForm):
    """The hearing."""

    in_absence = wtforms.BooleanField(lazy("Vắng mặt nhiều lần không lý do"))


class DeferForm(OnForm):
    """Why a case is not considered for now."""

    reason = EnumField(lazy("Lý do hoãn"), Deferral, validators=[InputRequired()])
    child_born_on = DateInput(lazy("Ngày sinh của con (chỉ để tính hạn, không lưu)"), [Optional(), NotInFuture(), _EARLIEST])


class HandOverForm(DeedForm):
    """Who deals with the case from now on."""

    body = EnumField(lazy("Chuyển cho"), Decider, but=(Decider.SUPERIOR,), validators=[InputRequired()])


class VoteForm(DeedForm):
    """A vote on the form."""

    part = EnumField(lazy("Biểu quyết để"), Part, validators=[InputRequired()])
    form = wtforms.SelectField(lazy("Hình thức"), [InputRequired()])
    held_on = _day(lazy("Ngày biểu quyết"))
    members = _number(lazy("Tổng số ủy viên (tập thể cấp xã; để trống thì lấy theo sổ)"))
    not_counted = _number(lazy("Không tính vào tổng số"))
    present = wtforms.IntegerField(lazy("Có mặt"), [InputRequired(), NumberRange(0, 100_000)])
    in_favour = wtforms.IntegerField(lazy("Đồng ý"), [InputRequired(), NumberRange(0, 100_000)])
    against = _number(lazy("Không đồng ý"))
    blank = _number(lazy("Phiếu trắng"))

    def offer_forms(self, forms: tuple[Discipline, ...], offices: list[tuple[int, str]]) -> None:
        """The forms that can be voted on."""
        _offer(self.form, forms)


class DecideForm(DeedForm):
    """The signed decision."""

    form = wtforms.SelectField(lazy("Hình thức"), [InputRequired()])
    number = wtforms.StringField(lazy("Số quyết định"), [InputRequired(), Length(max=40)])
    signed_on = _day(lazy("Ngày ký"))
    position_id = wtforms.SelectField(lazy("Chức vụ bị cách (khi cách chức)"))

    def offer_forms(self, forms: tuple[Discipline, ...], offices: list[tuple[int, str]]) -> None:
        """The forms that can be decided, and the offices that can be taken away."""
        _offer(self.form, forms)
        _offer_offices(self.position_id, offices)


class PublishForm(DeedForm):
    """The publication."""

    published_on = _day(lazy("Ngày công bố"))


class DeliverForm(DeedForm):
    """The delivery to the one concerned."""

    delivered_on = _day(lazy("Ngày giao quyết định"))


class LodgeForm(DeedForm):
    """An appeal comes in."""

    lodged_on = _day(lazy("Ngày khiếu nại"))


class SettleForm(DeedForm):
    """What an appeal came to."""

    result = EnumField(lazy("Kết quả"), Result, validators=[InputRequired()])
    form = EnumField(lazy("Hình thức mới (khi thay đổi)"), Discipline, empty=lazy("— chọn —"))
    position_id = wtforms.SelectField(lazy("Chức vụ bị cách (khi đổi thành cách chức)"))
    number = wtforms.StringField(lazy("Số quyết định giải quyết"), [InputRequired(), Length(max=40)])
    published_on = _day(lazy("Ngày công bố kết quả"))

    def offer_forms(self, forms: tuple[Discipline, ...], offices: list[tuple[int, str]]) -> None:
        """The offices that can be taken away."""
        _offer_offices(self.position_id, offices)


class CloseForm(OnForm):
    """The end without discipline."""

    because = EnumField(lazy("Lý do không kỷ luật"), CloseReason, validators=[InputRequired()])
    note = wtforms.StringField(lazy("Số, ngày văn bản kết luận"), [Optional(), Length(max=200)])


class PeriodForm(Form):
    """The days from which and to which is counted."""

    first = DateInput(lazy("Từ ngày"), [Optional(), _EARLIEST])
    last = DateInput(lazy("Đến ngày"), [Optional(), _EARLIEST])


def _offer_offices(field: wtforms.SelectField, offices: list[tuple[int, str]]) -> None:
    field.choices = [("", str(_CHOOSE)), *((str(key), name) for key, name in offices)]
    field.data = field.data or ""


def _offer(field: wtforms.SelectField, forms: tuple[Discipline, ...]) -> None:
    field.choices = [("", _("— chọn —")), *((form.value, label(form)) for form in forms)]
    field.data = field.data or ""
