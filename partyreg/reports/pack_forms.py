"""What one fills in to have a year-end pack made, and to choose what to compare it with."""

from __future__ import annotations

from collections.abc import Sequence

import wtforms
from wtforms.validators import DataRequired, Optional

from ..forms import DateInput, Form, NotInFuture
from ..i18n import lazy
from ..org.models import Unit


class PackForm(Form):
    """Year, day and unit of a pack."""

    year = wtforms.SelectField(lazy("Năm"), coerce=int)
    on = DateInput(lazy("Số liệu đến ngày"), validators=[Optional(), NotInFuture()])
    unit = wtforms.SelectField(lazy("Tổ chức"), validators=[DataRequired()])

    def offer(self, years: Sequence[int], units: Sequence[Unit]) -> None:
        """The years and units that may be chosen."""
        self.year.choices = [(year, str(year)) for year in years]
        self.unit.choices = [(unit.code, unit.name) for unit in units]


class RemoveForm(Form):
    """A pack is removed: there is nothing to fill in but the token."""
