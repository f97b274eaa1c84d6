"""The shape of what is typed to free a cell of a month, and of a month in an address."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from ..forms import Form
from ..i18n import _, lazy
from ..names import nfc
from .waiver_actions import LONGEST_REASON

_MONTH = re.compile(r"^(\d{4})-(\d{1,2})$", re.ASCII)


def read_month(text: str) -> tuple[int, int]:
    """Year and month of `2026-11`. Raises ValueError, saying in Vietnamese what is wrong."""
    found = _MONTH.match(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        raise ValueError(_("Không đọc được tháng “%(text)s”. Hãy viết như 2026-11.", text=nfc(text)[:20]))
    return int(found[1]), int(found[2])


def months_back(last: tuple[int, int], number: int) -> list[tuple[str, str]]:
    """So many months up to the last one, newest first: as in an address, and as people write it."""
    year, month = last
    counted = [divmod(year * 12 + month - 1 - back, 12) for back in range(number)]
    return [(f"{y:04d}-{m + 1:02d}", f"{m + 1:02d}/{y}") for y, m in counted if y >= dt.MINYEAR]


class WaiverForm(Form):
    """A cell, a month and the reason."""

    unit = SelectField(lazy("Chi bộ"), [InputRequired()])
    month = SelectField(lazy("Tháng"), [InputRequired()], validate_choice=False)  # older months come by an address
    reason = StringField(lazy("Lý do miễn"), [InputRequired(), Length(max=LONGEST_REASON)])

    def offer(self, cells: list[tuple[str, str]], months: list[tuple[str, str]]) -> None:
        """The cells and months to choose from; a month that was asked for besides stays chosen."""
        self.unit.choices = [("", _("Chọn chi bộ")), *cells]
        asked = self.month.data
        try:
            year, month = read_month(asked or "")
        except ValueError:
            pass
        else:
            if asked not in dict(months):
                months = [*months, (asked, f"{month:02d}/{year}")]
        self.month.choices = months

    def validate_month(self, field: Any) -> None:
        """Raises ValidationError when it is no month."""
        try:
            read_month(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None
