"""What may be asked of a committee's structure: which body, on which day."""

from __future__ import annotations

import wtforms
from wtforms.validators import Optional

from ..forms import DateInput, EnumField, Form, NotInFuture
from ..i18n import lazy
from ..members.models import Body


class StructureForm(Form):
    """The filter above the structure; it only reads, so it carries no token."""

    class Meta(Form.Meta):
        """Without a token."""

        csrf = False

    unit = wtforms.SelectField(lazy("Tổ chức"), validate_choice=False)
    body = EnumField(lazy("Cấp ủy"), Body, default=Body.EXECUTIVE)
    on = DateInput(lazy("Ngày"), validators=[Optional(), NotInFuture()])
