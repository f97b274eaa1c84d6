"""The shapes of a resolution, of one of its targets, and of a withdrawal."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from .. import clock
from ..forms import DateInput, Form, whole_number
from ..i18n import _, lazy
from ..resolutions.models import Resolution, ResolutionTarget
from ..rulebook import resolution as rules
from ..rulebook.targets import ENTERED
from ..rulebook.words import unit_word
from .forms import NumberInput
from .resolution_actions import (
    LONGEST_ARTICLE,
    LONGEST_BODY,
    LONGEST_LABEL,
    LONGEST_NUMBER,
    LONGEST_REASON,
    LONGEST_SOURCE,
)
from .resolution_queries import EXPLAINED, PERIODS, SIGNS


class ResolutionForm(Form):
    """A resolution and its term."""

    number = wtforms.StringField(lazy("Số nghị quyết"), [InputRequired(), Length(max=LONGEST_NUMBER)])
    body = wtforms.StringField(lazy("Cơ quan ban hành"), [InputRequired(), Length(max=LONGEST_BODY)])
    adopted_on = DateInput(lazy("Ngày thông qua"), [InputRequired()])
    first_on = DateInput(lazy("Ngày đầu nhiệm kỳ"), [InputRequired()])
    last_on = DateInput(lazy("Ngày cuối nhiệm kỳ"), [InputRequired()])
    in_force_from = DateInput(lazy("Có hiệu lực từ ngày"), [InputRequired()])
    because = wtforms.StringField(lazy("Lý do"), [Length(max=LONGEST_REASON)])
    version = wtforms.HiddenField()

    @property
    def given(self) -> rules.Resolution:
        """What was typed, as the rulebook knows it."""
        return rules.Resolution(
            self.number.data or "", self.body.data or "", self.adopted_on.data, self.first_on.data, self.last_on.data,
            self.in_force_from.data,
        )  # fmt: skip

    def fill(self, one: Resolution) -> None:
        """The form shows what is on record."""
        for field in (self.number, self.body, self.adopted_on, self.first_on, self.last_on, self.in_force_from):
            field.data = getattr(one, field.name)
        self.version.data = str(one.version)


def _units() -> list[tuple[str, str]]:
    words = [(unit, unit_word(unit, _)) for unit in rules.UNITS]
    return [(unit, _("phần trăm tăng, giảm") if unit == "percent change" else word) for unit, word in words]


def _measures() -> list[tuple[str, str]]:
    return [(key, str(text)) for key, text in EXPLAINED.items()]


class TargetForm(Form):
    """A target of a resolution."""

    no = wtforms.StringField(lazy("Số chỉ tiêu"), [InputRequired(), Length(max=20)])
    label = wtforms.StringField(lazy("Tên chỉ tiêu"), [InputRequired(), Length(max=LONGEST_LABEL)])
    measure = wtforms.SelectField(lazy("Cách tính"), choices=_measures)
    unit = wtforms.SelectField(lazy("Đơn vị tính"), choices=_units)
    comparator = wtforms.SelectField(lazy("So sánh"), choices=lambda: list(SIGNS.items()))
    threshold = NumberInput(lazy("Mức chỉ tiêu"), [InputRequired()])
    upper = NumberInput(lazy("Phấn đấu đến"), [Optional()])
    period = wtforms.SelectField(lazy("Kỳ xét"), choices=lambda: [(key, str(text)) for key, text in PERIODS.items()])
    due_on = DateInput(lazy("Hạn"), [Optional()])
    article = wtforms.StringField(lazy("Điều, mục của nghị quyết"), [Length(max=LONGEST_ARTICLE)])
    baseline = NumberInput(lazy("Số gốc"), [Optional()])
    baseline_year = wtforms.IntegerField(lazy("Năm của số gốc"), validators=[Optional(), NumberRange(min=1, max=9999)])
    baseline_source = wtforms.StringField(lazy("Nguồn của số gốc"), [Length(max=LONGEST_SOURCE)])
    because = wtforms.StringField(lazy("Lý do"), [Length(max=LONGEST_REASON)])
    version = wtforms.HiddenField()

    @property
    def given(self) -> rules.Aim:
        """What was typed, as the rulebook knows it."""
        return rules.Aim(
            self.no.data or "", self.label.data or "", self.unit.data, self.measure.data, self.comparator.data, self.threshold.data,
            self.period.data, self.upper.data, self.due_on.data, self.article.data or "", self.baseline.data, self.baseline_year.data,
            self.baseline_source.data or "",
        )  # fmt: skip

    def fill(self, one: ResolutionTarget) -> None:
        """The form shows what is on record."""
        shown: tuple[Any, ...] = (
            self.no, self.label, self.measure, self.unit, self.comparator, self.threshold, self.upper, self.period, self.due_on,
            self.article, self.baseline, self.baseline_year, self.baseline_source,
        )  # fmt: skip
        for field in shown:
            field.data = getattr(one, field.name)
        self.version.data = str(one.version)

    def begin(self) -> None:
        """What most targets are: entered, in percent, at least, each year."""
        self.measure.data, self.unit.data, self.comparator.data, self.period.data = ENTERED, "percent", ">=", "YEAR"


class WithdrawForm(Form):
    """From when a target is in force no more, and why."""

    on = DateInput(lazy("Thôi áp dụng từ ngày"), [InputRequired()])
    why = wtforms.StringField(lazy("Lý do thôi áp dụng"), [InputRequired(), Length(max=LONGEST_REASON)])
    version = wtforms.HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the page."""
        return whole_number(self.version.data)

    def begin(self) -> None:
        """Today, unless told."""
        self.on.data = clock.today()
