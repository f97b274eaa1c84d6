"""How the boxes of a year are drawn: a sign, a word for whoever sees no colour, and where each leads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask import url_for

from ..i18n import _, fmt_date
from ..rulebook.meeting_duty import months_of
from .board_queries import Month, Quarter, common_day


class Box(NamedTuple):
    """One box: its number, its state, where it leads, and the same told in words."""

    number: int
    state: str
    href: str | None
    told: str


def words() -> dict[str, str]:
    """State of a month -> what it is called, in the order of a legend."""
    return {
        "held": _("đã họp"), "late": _("họp muộn"), "quorum": _("họp thiếu số người"), "missing": _("không họp"),
        "due": _("đến kỳ họp"), "waived": _("được miễn"), "none": _("chưa đến kỳ"),
    }  # fmt: skip


class Drawing:
    """Draws the years of many cells; words and addresses are made once, since a board has some four hundred boxes.

    A month with a meeting leads to it, a waived one to its waiver, and one without leads to the form for whoever may log.
    """

    def __init__(self, year: int, *, may_log: bool = False) -> None:
        self.year, self.may_log = year, may_log
        self._words = words()
        self._months = {number: _("Tháng %(month)s", month=number) for number in range(1, 13)}
        self._quarters = {number: _("Chuyên đề quý %(quarter)s", quarter=number) for number in range(1, 5)}
        self._days = {number: common_day(year, number).isoformat() for number in range(1, 13)} if may_log else {}
        self._form, self._board = (url_for("meetings.new") if may_log else ""), url_for("meetings.board")
        self._waivers = url_for("meetings.waivers", year=year)
        self._late, self._waived = _("họp muộn"), _("tháng được miễn")

    def months(self, code: str, months: Iterable[Month]) -> list[Box]:
        """The twelve boxes of a cell."""
        return [self._month(code, month) for month in months]

    def quarters(self, code: str, quarters: Iterable[Quarter]) -> list[Box]:
        """The four boxes of a cell's thematic meetings."""
        return [self._quarter(code, quarter) for quarter in quarters]

    def _month(self, code: str, month: Month) -> Box:
        href = None
        if month.meeting_id is not None:
            href = f"{self._board}/{month.meeting_id}"
        elif month.waiver_id is not None:
            href = f"{self._waivers}#waiver-{month.waiver_id}"
        elif self.may_log and month.state in ("missing", "due"):
            href = f"{self._form}?unit={code}&held_on={self._days[month.number]}"
        told = f"{self._months[month.number]}: {self._words[month.state]} {fmt_date(month.held_on)}".strip()
        if month.is_late and month.state != "late":
            told = f"{told}, {self._late}"
        if month.waiver_id is not None and month.state != "waived":
            told = f"{told}, {self._waived}"
        return Box(month.number, month.state, href, told)

    def _quarter(self, code: str, quarter: Quarter) -> Box:
        href = None
        if quarter.meeting_id is not None:
            href = f"{self._board}/{quarter.meeting_id}"
        elif self.may_log and quarter.state in ("missing", "due"):
            day = self._days[months_of(quarter.number)[-1]]
            href = f"{self._form}?unit={code}&kind=thematic&held_on={day}"
        told = f"{self._quarters[quarter.number]}: {self._words[quarter.state]} {fmt_date(quarter.held_on)}".strip()
        return Box(quarter.number, quarter.state, href, told)
