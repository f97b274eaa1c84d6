"""The shape of what is typed about the calendar."""

from __future__ import annotations

import datetime as dt

from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from ..forms import DateInput, Form, NotBefore
from ..i18n import lazy

#: The register keeps no term that began earlier.
EARLIEST = dt.date(1980, 1, 1)


class SpecialDayForm(Form):
    """A day, whether it is off or worked, and by which paper."""

    day = DateInput(lazy("Ngày"), [InputRequired(), NotBefore(EARLIEST)])
    kind = RadioField(
        lazy("Ngày này"), [InputRequired()],
        choices=[SelectChoice("off", lazy("là ngày nghỉ")), SelectChoice("worked", lazy("là ngày làm việc, làm bù"))],
    )  # fmt: skip
    reason = StringField(lazy("Căn cứ, lý do"), [InputRequired(), Length(max=200)])
