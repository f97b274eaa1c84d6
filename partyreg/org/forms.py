"""What input about units looks like."""

from __future__ import annotations

import datetime as dt

import wtforms
from wtforms.validators import InputRequired, Length, Optional, Regexp

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture
from ..i18n import lazy
from .models import Block, UnitKind

_EARLY = NotBefore(dt.date(1930, 2, 3))


_CODE = Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=lazy("Chỉ dùng chữ thường không dấu, số và gạch nối, ví dụ cb-bon."))


class UnitForm(Form):
    """A unit's particulars."""

    name = wtforms.StringField(lazy("Tên tổ chức"), [InputRequired(), Length(min=2, max=160)])
    block = EnumField(lazy("Khối"), Block, empty=lazy("— chọn —"))
    village = wtforms.StringField(lazy("Bản"), [Length(max=80)])
    org_code = wtforms.StringField(
        lazy("Mã tổ chức đảng"),
        [Optional(), Regexp(r"^[0-9]{14}$", message=lazy("Mã tổ chức đảng gồm 14 chữ số (2.3.3.3.3), hoặc để trống."))],
    )
    version = wtforms.HiddenField()


class NewUnitForm(UnitForm):
    """A new unit below the commune."""

    kind = EnumField(lazy("Loại"), UnitKind, empty=lazy("— chọn —"), validators=[InputRequired()])
    code = wtforms.StringField(lazy("Mã ngắn"), [InputRequired(), Length(max=40), _CODE])
    founded_on = DateInput(lazy("Ngày thành lập"), [InputRequired(), NotInFuture(), _EARLY])


class DescentForm(Form):
    """From which former commune a cell came; the day offered is that of the merger."""

    former = wtforms.SelectField(lazy("Xã cũ"), [InputRequired()])
    on = DateInput(lazy("Ngày hợp nhất"), [InputRequired(), NotInFuture(), _EARLY])
    document = wtforms.StringField(lazy("Văn bản"), [Length(max=120)])
