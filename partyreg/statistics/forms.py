"""What may be asked of the statistics: a period or a day, and a unit."""

from __future__ import annotations

import datetime as dt

import wtforms
from wtforms.validators import Optional

from ..forms import DateInput, Form, NotBefore, NotInFuture
from ..i18n import _, lazy

FIRST_DAY = dt.date(1930, 2, 3)
#: A longer period is asked in parts; each part's closing is the next one's opening.
MOST_YEARS = 10


class _Asking(Form):
    """A filter only reads, so it carries no token."""

    class Meta(Form.Meta):
        """Without a token."""

        csrf = False

    former = wtforms.SelectField(lazy("Xã cũ"), validate_choice=False)


class PeriodForm(_Asking):
    """A period: both days are in it."""

    first = DateInput(lazy("Từ ngày"), name="from", validators=[Optional(), NotInFuture(), NotBefore(FIRST_DAY)])
    last = DateInput(lazy("Đến hết ngày"), name="to", validators=[Optional(), NotInFuture(), NotBefore(FIRST_DAY)])
    unit = wtforms.SelectField(lazy("Tổ chức"), validate_choice=False)

    def fault(self, first: dt.date, last: dt.date) -> str | None:
        """What is wrong with a period, also where one of its days was not asked for; None of a sound one."""
        if last < first:
            return _("Ngày cuối kỳ trước ngày đầu kỳ. Hãy xem lại hai ngày.")
        if last.year - first.year > MOST_YEARS:
            return _("Kỳ dài quá %(years)s năm. Hãy chia thành nhiều kỳ.", years=MOST_YEARS)
        return None


class DayForm(_Asking):
    """A day."""

    on = DateInput(lazy("Đến hết ngày"), validators=[Optional(), NotInFuture(), NotBefore(FIRST_DAY)])
    unit = wtforms.SelectField(lazy("Tổ chức"), validate_choice=False)
