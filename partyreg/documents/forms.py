"""What may be entered about documents: why one is void, and a number that was used outside the register."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from ..forms import DateInput, Form, NotBefore, NotInFuture
from ..i18n import _, lazy
from ..org.models import Unit

_SERIES = re.compile(r"[A-ZĐ]+([/-][A-ZĐ]+)*")


class VoidForm(Form):
    """Why a document counts no more."""

    version = wtforms.HiddenField()
    reason = wtforms.TextAreaField(lazy("Lý do hủy"), validators=[InputRequired(), Length(max=500)])

    @property
    def seen(self) -> int:
        """The version that the page showed; one that cannot be read is stale."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class OutsideForm(Form):
    """A paper that was issued outside the register: only its number is taken."""

    issuer = wtforms.SelectField(lazy("Nơi ban hành"), validators=[InputRequired()])
    series = wtforms.StringField(lazy("Ký hiệu"), validators=[InputRequired(), Length(max=20)])
    number = wtforms.IntegerField(lazy("Số"), validators=[InputRequired(), NumberRange(min=1, max=99999)])
    issued_on = DateInput(lazy("Ngày văn bản"), validators=[InputRequired(), NotInFuture(), NotBefore(dt.date(2000, 1, 1))])
    title = wtforms.StringField(lazy("Trích yếu"), validators=[InputRequired(), Length(max=300)])
    signer = wtforms.StringField(lazy("Người ký"), validators=[Optional(), Length(max=120)])

    def offer(self, units: Iterable[Unit]) -> None:
        """The units that may have issued it."""
        self.issuer.choices = [wtforms.SelectChoice(one.code, one.name) for one in units]

    def validate_series(self, field: Any) -> None:
        """Raises ValidationError for what is no series of papers."""
        if field.data and not _SERIES.fullmatch(field.data):
            raise ValidationError(_("Ghi ký hiệu bằng chữ in hoa, không kèm số, ví dụ QĐ/ĐU hoặc NQ/CB."))
