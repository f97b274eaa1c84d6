"""The words with which the committee reminds cells that are late with a month's regular meeting, from the law of that month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..i18n import _, fmt_date
from ..rulebook.book import LAW
from .board_queries import Late, last_day


def reminder(late: Iterable[Late], year: int, month: int, on: dt.date) -> str:
    """One text to the secretaries of the cells, ready to be sent; the rule is named as it stood at the end of that month."""
    day = last_day(year, month)
    lines = [_("Kính gửi: Các đồng chí bí thư chi bộ có tên dưới đây"), "", *_rule(day)]
    lines.append(
        _("Đến ngày %(on)s, sổ chưa ghi buổi sinh hoạt định kỳ tháng %(month)s/%(year)s của:", on=fmt_date(on), month=month, year=year)
    )
    for one in late:
        if one.secretary:
            lines.append(_("- %(cell)s (bí thư: đồng chí %(name)s)", cell=one.name, name=one.secretary))
        else:
            lines.append(_("- %(cell)s (chưa có bí thư trong sổ)", cell=one.name))
    result = LAW.find("meeting.result_days", day)
    lines.append("")
    if result is not None:
        lines.append(
            _("Chi bộ đã họp thì đề nghị đồng chí ghi ngay kết quả vào sổ (%(instrument)s: trong %(days)s ngày sau khi họp).",
              instrument=result.citation.place, days=result.required)
        )  # fmt: skip
    lines.append(
        _("Chi bộ chưa họp thì đề nghị đồng chí tổ chức họp trong thời gian sớm nhất; nếu có lý do không họp được, "
          "đề nghị báo Ban Tổ chức để xem xét miễn.")
    )  # fmt: skip
    lines += ["", _("Trân trọng cảm ơn các đồng chí.")]
    return "\n".join(lines)


def _rule(day: dt.date) -> list[str]:
    """What the law asks of that month: how often, and on which day where it names one."""
    said = []
    often = LAW.find("meeting.regular_per_month", day)
    if often is not None:
        said.append(
            _(
                "Theo %(instrument)s, chi bộ sinh hoạt định kỳ mỗi tháng %(number)s kỳ.",
                instrument=often.citation.place,
                number=often.required,
            )
        )
    common, latest = LAW.find("meeting.day", day), LAW.find("meeting.latest_day", day)
    if common is not None and latest is not None:
        said.append(
            _("Theo %(instrument)s, ngày sinh hoạt thống nhất là ngày %(day)s hằng tháng; nếu vào ngày nghỉ hoặc có việc đặc biệt "
              "thì họp trong tuần đầu của tháng, chậm nhất ngày %(latest)s.",
              instrument=common.citation.place, day=common.required, latest=latest.required)
        )  # fmt: skip
    return said
