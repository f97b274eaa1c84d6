"""What may be asked of the targets: a year and a day."""

from __future__ import annotations

import wtforms
from wtforms.validators import Optional

from ..forms import DateInput, Form
from ..i18n import lazy


class AskForm(Form):
    """The filter above the targets; it only reads, so it carries no token."""

    class Meta(Form.Meta):
        """Without a token."""

        csrf = False

    year = wtforms.IntegerField(lazy("Năm"), validators=[Optional()])
    on = DateInput(lazy("Tính đến ngày"), validators=[Optional()])
