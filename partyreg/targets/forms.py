"""What may be asked of the targets, and the shape of an entered value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from .. import clock
from ..forms import DateInput, Form
from ..i18n import _, lazy
from .entry_actions import LONGEST_PAPER, LONGEST_SOURCE, LONGEST_TEXT
from .entry_queries import ever_entered, label_of

_VIETNAMESE = re.compile(r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$")


def _printable(text: str) -> str:
    """What may stand on a page of the text that was sent."""
    return "".join(sign for sign in text if sign.isprintable())


class FormerForm(Form):
    """Which former commune is asked about; it only reads, so it carries no token."""

    class Meta(Form.Meta):
        """Without a token."""

        csrf = False

    former = wtforms.SelectField(lazy("Xã cũ"), validate_choice=False)


class AskForm(FormerForm):
    """The filter above the targets."""

    year = wtforms.IntegerField(lazy("Năm"), validators=[Optional()])
    on = DateInput(lazy("Tính đến ngày"), validators=[Optional()])


class CompareForm(FormerForm):
    """Two years side by side."""

    a = wtforms.IntegerField(lazy("Năm thứ nhất"), validators=[Optional()])
    b = wtforms.IntegerField(lazy("Năm thứ hai"), validators=[Optional()])


class NumberInput(wtforms.StringField):
    """A number as Vietnamese offices write it, `1.234,5`; kept as typed when it is none."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return _printable(str(self.raw_data[0]))[:60]
        if self.data is None:
            return ""
        plain = self.data.normalize()
        # Read back as it is written, so the language of the page does not matter.
        return f"{plain:,.{max(0, -plain.as_tuple().exponent)}f}".translate(str.maketrans(",.", ".,"))

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number. Raises ValueError with an example for what is none; a lone dot may not stand for a comma."""
        text = (valuelist[0] if valuelist else "").replace("\u00a0", "").replace(" ", "").replace("−", "-").rstrip("%")
        self.data = None
        if not text:
            return
        if not text.isascii() or len(text) > 30 or not _VIETNAMESE.match(text):
            raise ValueError(_("Không đọc được số “%(text)s”. Hãy viết như 1.234,5.", text=_printable(text)[:20]))
        self.data = Decimal(text.replace(".", "").replace(",", "."))


class ValueForm(Form):
    """What may be corrected of a value."""

    value = NumberInput(lazy("Giá trị"), [InputRequired()])
    source = wtforms.StringField(lazy("Nguồn số liệu"), [InputRequired(), Length(max=LONGEST_SOURCE)])
    paper = wtforms.StringField(lazy("Số văn bản, phụ lục kèm theo"), [InputRequired(), Length(max=LONGEST_PAPER)])
    note = wtforms.StringField(lazy("Ghi chú"), [Length(max=LONGEST_TEXT)])


class CorrectForm(ValueForm):
    """A correction and its reason."""

    because = wtforms.StringField(lazy("Lý do sửa"), [InputRequired(), Length(max=LONGEST_TEXT)])
    version = wtforms.HiddenField()


def _entered() -> list[tuple[str, str]]:
    return [(no, f"{no.split('.')[0]}. {label_of(no, clock.today())}") for no in ever_entered()]


class EnterForm(ValueForm):
    """A value to be entered."""

    no = wtforms.SelectField(lazy("Chỉ tiêu"), choices=lambda: _entered())
    year = wtforms.IntegerField(lazy("Năm"), validators=[InputRequired(), NumberRange(min=1, max=9999)])
