"""What input about members looks like."""

from __future__ import annotations

import datetime as dt

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture
from ..i18n import lazy
from .models import (
    AbeyanceKind,
    Body,
    Exit,
    PostingKind,
    Qualification,
    Schooling,
    Sex,
    Standing,
    Theory,
    Title,
)

_EARLY = NotBefore(dt.date(1900, 1, 1))

#: The 54 recognised peoples that live in the commune come first; any other may be typed.
ETHNICITIES = ("Thái", "Kháng", "Dao", "Mông", "Kinh", "Khơ Mú", "Mường", "Tày", "La Ha", "Xinh Mun", "Lào", "Nùng")


class FilterForm(Form):
    """What the list is narrowed to; sent by GET, so its address can be kept and shared."""

    q = wtforms.StringField(lazy("Tìm"), [Length(max=100)])
    unit = wtforms.SelectField(lazy("Chi bộ"), validate_choice=True)
    standing = wtforms.SelectField(lazy("Tư cách"), validate_choice=True)
    sex = EnumField(lazy("Giới tính"), Sex, empty=lazy("Tất cả"))
    ethnicity = wtforms.SelectField(lazy("Dân tộc"), validate_choice=True)
    age_from = wtforms.IntegerField(lazy("Tuổi từ"), [Optional(), NumberRange(0, 130)])
    age_to = wtforms.IntegerField(lazy("đến"), [Optional(), NumberRange(0, 130)])
    on = DateInput(lazy("Vào ngày"), [Optional(), NotInFuture(), _EARLY])


class PersonForm(Form):
    """The particulars of a person: only those of the member's form that the register needs."""

    full_name = wtforms.StringField(lazy("Họ và tên khai sinh"), [InputRequired(), Length(min=2, max=120)])
    other_name = wtforms.StringField(lazy("Tên gọi khác"), [Length(max=120)])
    sex = EnumField(lazy("Giới tính"), Sex, empty=lazy("— chọn —"), validators=[InputRequired()])
    born_on = DateInput(lazy("Ngày sinh"), [InputRequired(), NotInFuture(), _EARLY])
    ethnicity = wtforms.StringField(lazy("Dân tộc"), [InputRequired(), Length(max=40)])
    religion = wtforms.StringField(lazy("Tôn giáo"), [Length(max=40)])
    personal_number = wtforms.StringField(
        lazy("Số định danh cá nhân"),
        [
            Optional(),
            Regexp(r"^([0-9]{9}|[0-9]{12})$", message=lazy("Phải gồm đúng 12 chữ số (số cũ: 9 chữ số), giữ số 0 ở đầu.")),
        ],
    )
    birthplace = wtforms.StringField(lazy("Nơi đăng ký khai sinh"), [Length(max=200)])
    home_town = wtforms.StringField(lazy("Quê quán"), [Length(max=200)])
    residence = wtforms.StringField(lazy("Nơi cư trú"), [Length(max=200)])
    occupation = wtforms.StringField(lazy("Nghề nghiệp"), [Length(max=120)])
    schooling = EnumField(lazy("Giáo dục phổ thông"), Schooling, empty=lazy("— chưa rõ —"))
    qualification = EnumField(lazy("Chuyên môn cao nhất"), Qualification, default=Qualification.NONE)
    theory = EnumField(lazy("Lý luận chính trị cao nhất"), Theory, default=Theory.NONE)
    version = wtforms.HiddenField()

    def validate_full_name(self, field: wtforms.StringField) -> None:
        """A name has letters, and at least two words."""
        if field.data and (not any(c.isalpha() for c in field.data) or len(field.data.split()) < 2):
            raise ValidationError(lazy("Hãy ghi đủ họ và tên, ví dụ: Lò Văn Ển."))


class MembershipForm(Form):
    """A member's numbers and her three dates."""

    decided_on = DateInput(lazy("Ngày quyết định kết nạp"), [Optional(), NotInFuture(), _EARLY])
    decision_number = wtforms.StringField(lazy("Số quyết định"), [Length(max=40)])
    ceremony_on = DateInput(lazy("Ngày vào Đảng (lễ kết nạp)"), [InputRequired(), NotInFuture(), _EARLY])
    full_on = DateInput(lazy("Ngày chính thức"), [Optional(), NotInFuture(), _EARLY])
    card_number = wtforms.StringField(
        lazy("Số thẻ đảng viên"),
        [
            Optional(),
            Regexp(r"^([0-9]{8}|[0-9]{12})$", message=lazy("Phải gồm đúng 12 chữ số (thẻ cũ: 8 chữ số), giữ số 0 ở đầu.")),
        ],
    )
    card_issued_on = DateInput(lazy("Ngày cấp thẻ"), [Optional(), NotInFuture(), _EARLY])
    file_number = wtforms.StringField(lazy("Số lý lịch"), [Length(max=12)])
    member_version = wtforms.HiddenField()


class NewMemberForm(PersonForm, MembershipForm):
    """A member known from papers, entered into the register."""

    unit = wtforms.SelectField(lazy("Chi bộ"), [InputRequired()])
    posted_on = DateInput(lazy("Về chi bộ từ ngày (bỏ trống: ngày vào Đảng)"), [Optional(), NotInFuture(), _EARLY])


class MemberForm(PersonForm, MembershipForm):
    """A member's record, edited."""


class _Dated(Form):
    on = DateInput(lazy("Từ ngày"), [InputRequired(), NotInFuture(), _EARLY])
    paper = wtforms.StringField(lazy("Số văn bản"), [Length(max=80)])


class TransferForm(_Dated):
    """Where a member goes, for good or for a time."""

    kind = EnumField(lazy("Loại chuyển"), PostingKind, default=PostingKind.HOME)
    to = wtforms.SelectField(lazy("Đến chi bộ"), [InputRequired()])
    until = DateInput(lazy("Đến ngày (nếu tạm thời)"), [Optional(), _EARLY])


class LeaveForm(_Dated):
    """How a member left."""

    exit = EnumField(lazy("Hình thức"), Exit, empty=lazy("— chọn —"), but=(Exit.CANCELLED,), validators=[InputRequired()])


class AbeyanceForm(_Dated):
    """Why a member does not take part."""

    kind = EnumField(lazy("Tình trạng"), AbeyanceKind, empty=lazy("— chọn —"), validators=[InputRequired()])
    reason = wtforms.StringField(lazy("Lý do"), [Length(max=200)])


class PositionForm(_Dated):
    """An office in a body."""

    unit = wtforms.SelectField(lazy("Tổ chức"), [InputRequired()])
    body = EnumField(lazy("Tập thể"), Body, empty=lazy("— chọn —"), validators=[InputRequired()])
    title = EnumField(lazy("Chức vụ"), Title, empty=lazy("— chọn —"), validators=[InputRequired()])
    term = wtforms.StringField(lazy("Nhiệm kỳ"), [Optional(), Regexp(r"^[0-9]{4}-[0-9]{4}$", message=lazy("Ghi như 2025-2030."))])


class EndForm(Form):
    """When something ended."""

    on = DateInput(lazy("Kết thúc ngày"), [InputRequired(), NotInFuture(), _EARLY])


STANDING_CHOICES: tuple[tuple[str, object], ...] = (
    ("", lazy("Tất cả")),
    (Standing.FULL.value, lazy("Chính thức")),
    (Standing.PROBATIONARY.value, lazy("Dự bị")),
    (AbeyanceKind.EXEMPTION.value, lazy("Được miễn sinh hoạt")),
    (AbeyanceKind.SUSPENSION.value, lazy("Bị đình chỉ sinh hoạt")),
    ("left", lazy("Đã ra khỏi đảng bộ")),
)
