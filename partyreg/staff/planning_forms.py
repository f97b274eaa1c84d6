"""The shape of what is typed about cadre planning."""

from __future__ import annotations

import datetime as dt

import wtforms
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from ..forms import DateInput, Form, NotBefore, NotInFuture
from ..i18n import lazy
from .planning_actions import LONGEST


def _words(text: object, field: str) -> wtforms.StringField:
    return wtforms.StringField(text, [DataRequired(), Length(max=LONGEST[field])])


class PlanningForm(Form):
    """What was approved for somebody who is chosen."""

    post = _words(lazy("Chức danh quy hoạch"), "post")
    first_year = wtforms.IntegerField(lazy("Nhiệm kỳ từ năm"), [InputRequired(), NumberRange(1930, 2200)])
    last_year = wtforms.IntegerField(lazy("đến năm"), [InputRequired(), NumberRange(1930, 2200)])
    issuer = _words(lazy("Cơ quan phê duyệt"), "issuer")
    approved_on = DateInput(lazy("Ngày phê duyệt"), [InputRequired(), NotInFuture(), NotBefore(dt.date(1930, 1, 1))])
    paper = _words(lazy("Số quyết định"), "paper")


class EndForm(Form):
    """The day and the reason of the end."""

    on = DateInput(lazy("Đưa ra khỏi quy hoạch từ ngày"), [InputRequired(), NotInFuture()])
    because = _words(lazy("Lý do"), "because")
    version = wtforms.HiddenField()
