"""The shape of what is typed about accounts."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Optional

from .. import clock
from ..access import Role
from ..forms import DateInput, EnumField, Form, choices_of
from ..i18n import _, lazy
from .passwords import MAX_LENGTH


class SignInForm(Form):
    """Name and password; the second factor's `code` will stand beside them."""

    username = StringField(lazy("Tên đăng nhập"), [InputRequired(), Length(max=60)])
    password = PasswordField(lazy("Mật khẩu"), [InputRequired(), Length(max=MAX_LENGTH)])


class PasswordForm(Form):
    """A change of one's own password."""

    old = PasswordField(lazy("Mật khẩu hiện tại"), [InputRequired(), Length(max=MAX_LENGTH)])
    new = PasswordField(lazy("Mật khẩu mới"), [InputRequired(), Length(max=MAX_LENGTH)])
    repeat = PasswordField(
        lazy("Nhập lại mật khẩu mới"),
        [InputRequired(), EqualTo("new", lazy("Hai lần nhập mật khẩu mới không giống nhau. Hãy nhập lại."))],
    )


class GrantForm(Form):
    """A role over a unit, for a time."""

    role = EnumField(lazy("Vai trò"), Role, validators=[InputRequired()])
    unit = SelectField(lazy("Đơn vị"), [InputRequired()])
    started_on = DateInput(lazy("Có quyền từ ngày"), [InputRequired()])
    ended_on = DateInput(lazy("Hết quyền từ ngày"), [Optional()])

    def __init__(self, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        choices = choices_of(Role, empty=_("– chọn vai trò –"))
        self.role.choices = [choice for choice in choices if choice.value != Role.SYSTEM]
        self.unit.choices = [SelectChoice("", _("– chọn đơn vị –")), *(SelectChoice(code, name) for code, name in units)]
        if not self.is_submitted():
            self.started_on.data = clock.today()


class NewUserForm(GrantForm):
    """A new user with a first role."""

    username = StringField(lazy("Tên đăng nhập"), [InputRequired(), Length(max=60)])
    full_name = StringField(lazy("Họ và tên"), [InputRequired(), Length(max=120)])
    person_id = IntegerField(lazy("Số hồ sơ đảng viên"), [Optional(), NumberRange(min=1, max=2_000_000_000)])


class EndForm(Form):
    """The first day without the role."""

    on = DateInput(lazy("Hết quyền từ ngày"), [InputRequired()])
