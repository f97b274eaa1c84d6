"""The forms of a campaign: its parameters, a cell's sheet, a decision, a return, an amendment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ..forms import DateInput, EnumField, Form, NotInFuture, read_day, whole_number
from ..i18n import _, lazy
from ..rulebook.rating import Base, CeilingUnit, Level, Rounding
from .campaign_models import RatingLine
from .decision_actions import Ruling
from .models import NotRated
from .sheet_actions import LONGEST_PAPER, LONGEST_REASON, Answer, Entry, Minutes

_POINTS = re.compile(r"\d{1,3}([.,]\d{1,2})?")


def _whole(words: object, most: int = 100, *, needed: bool = True) -> wtforms.IntegerField:
    return wtforms.IntegerField(words, validators=[InputRequired() if needed else Optional(), NumberRange(min=0, max=most)])


class OpenForm(Form):
    """What orders the campaign, and what it counts by."""

    order = wtforms.StringField(lazy("Số văn bản quy định đợt"), validators=[InputRequired(), Length(max=80)])
    order_on = DateInput(lazy("Ngày văn bản"), validators=[InputRequired(), NotInFuture()])
    roll_on = DateInput(lazy("Ngày chốt danh sách"), validators=[InputRequired(), NotInFuture()])
    max_common = _whole(lazy("Điểm nhóm tiêu chí chung"))
    split = wtforms.StringField(lazy("Trong đó, từng nhóm"), validators=[InputRequired(), Length(max=40)])
    max_result = _whole(lazy("Điểm kết quả nhiệm vụ"))
    band_excellent = _whole(lazy("Hoàn thành xuất sắc từ (điểm)"))
    band_good = _whole(lazy("Hoàn thành tốt từ (điểm)"))
    band_done = _whole(lazy("Hoàn thành từ (điểm)"))
    member_pct = _whole(lazy("Giới hạn xuất sắc của đảng viên (%)"))
    member_base = EnumField(lazy("Tính trên"), Base, validators=[InputRequired()])
    member_unit = EnumField(lazy("Tính trong phạm vi"), CeilingUnit, validators=[InputRequired()])
    member_rounding = EnumField(lazy("Làm tròn"), Rounding, validators=[InputRequired()])
    member_exception_pct = _whole(lazy("Ngoại lệ (%)"), needed=False)
    organisation_pct = _whole(lazy("Giới hạn xuất sắc của chi bộ (%)"))
    organisation_base = EnumField(lazy("Tính trên"), Base, validators=[InputRequired()])
    organisation_unit = EnumField(lazy("Tính trong phạm vi"), CeilingUnit, validators=[InputRequired()])
    organisation_rounding = EnumField(lazy("Làm tròn"), Rounding, validators=[InputRequired()])
    organisation_exception_pct = _whole(lazy("Ngoại lệ (%)"), needed=False)

    def validate_split(self, given: wtforms.StringField) -> None:
        """Raises ValidationError for what is no list of whole numbers."""
        if not re.fullmatch(r"\d{1,3}(\s*[,;+]\s*\d{1,3})*", given.data or ""):
            raise wtforms.ValidationError(_("Viết các số cách nhau bằng dấu phẩy, ví dụ 10, 10, 10."))

    @property
    def groups(self) -> tuple[int, ...]:
        """The points of the groups of common criteria."""
        return tuple(int(one) for one in re.findall(r"\d+", self.split.data or ""))


class ReturnForm(Form):
    """Why a sheet goes back to its cell."""

    reason = wtforms.StringField(lazy("Lý do trả lại"), validators=[InputRequired(), Length(max=LONGEST_REASON)])


class CheckForm(Form):
    """What the check noted."""

    note = wtforms.StringField(lazy("Ý kiến thẩm định"), validators=[Optional(), Length(max=LONGEST_REASON)])


class DecisionForm(Form):
    """The paper that decides a sheet."""

    paper = wtforms.StringField(lazy("Số quyết định"), validators=[InputRequired(), Length(max=LONGEST_PAPER)])
    on = DateInput(lazy("Ngày quyết định"), validators=[InputRequired(), NotInFuture()])


class AmendForm(DecisionForm):
    """A level changed after the close."""

    to_level = EnumField(lazy("Mức đúng"), Level, validators=[InputRequired()])
    reason = wtforms.StringField(lazy("Lý do sửa"), validators=[InputRequired(), Length(max=LONGEST_REASON)])


@dataclass(slots=True)
class Read:
    """What a sheet sent: its entries, the meeting, the versions seen, and what could not be read, by field."""

    entries: dict[int, Entry] = field(default_factory=dict)
    minutes: Minutes = field(default_factory=Minutes)
    versions: dict[int, int] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def read_sheet(data: Mapping[str, str], lines: Iterable[RatingLine]) -> Read:
    """The fields `answer-<id>` and the like of those lines; a line that was not sent is left alone."""
    found = Read()
    found.minutes = Minutes(
        _day(data, "voted_on", found.wrong), data.get("paper", ""), _count(data, "full_members", found.wrong),
        _count(data, "not_counted", found.wrong) or 0, _count(data, "present", found.wrong),
    )  # fmt: skip
    for line in lines:
        if f"answer-{line.id}" not in data:
            continue
        votes = {level: _count(data, f"votes_{level.value}-{line.id}", found.wrong) or 0 for level in Level}
        found.entries[line.id] = Entry(
            _level(data, f"self_level-{line.id}", found.wrong), _points(data, f"score-{line.id}", found.wrong), votes,
            _count(data, f"blank-{line.id}", found.wrong) or 0, _answer(data, f"answer-{line.id}", found.wrong),
            data.get(f"why-{line.id}", ""),
        )  # fmt: skip
        found.versions[line.id] = whole_number(data.get(f"version-{line.id}", ""))
    return found


def read_rulings(data: Mapping[str, str], lines: Iterable[RatingLine]) -> tuple[dict[int, Ruling], dict[int, int], dict[str, str]]:
    """Line id -> what is decided, the versions seen, and what could not be read, by field."""
    wrong: dict[str, str] = {}
    rulings, versions = {}, {}
    for line in lines:
        if f"version-{line.id}" in data:
            rulings[line.id] = Ruling(_level(data, f"level-{line.id}", wrong), data.get(f"why-{line.id}", ""))
            versions[line.id] = whole_number(data[f"version-{line.id}"])
    return rulings, versions, wrong


def read_instead(data: Mapping[str, str]) -> dict[int, Level | None]:
    """Line id -> the level chosen on a page that is not saved yet; None for no level."""
    found: dict[int, Level | None] = {}
    for name, value in data.items():
        key = whole_number(name.partition("-")[2]) if name.startswith(("answer-", "level-")) else 0
        if key:
            found[key] = Level(value) if value in tuple(Level) else None
    return found


def _day(data: Mapping[str, str], name: str, wrong: dict[str, str]) -> dt.date | None:
    text = data.get(name, "").strip()
    try:
        return read_day(text) if text else None
    except ValueError as error:
        wrong[name] = str(error)
        return None


def _count(data: Mapping[str, str], name: str, wrong: dict[str, str]) -> int | None:
    text = data.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        wrong[name] = _("Phải là số nguyên, ví dụ 27.")
        return None
    return int(text)


def _points(data: Mapping[str, str], name: str, wrong: dict[str, str]) -> Decimal | None:
    text = data.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and _POINTS.fullmatch(text)):
        wrong[name] = _("Điểm từ 0 đến 100, ví dụ 85,5.")
        return None
    return Decimal(text.replace(",", "."))


def _level(data: Mapping[str, str], name: str, wrong: dict[str, str]) -> Level | None:
    text = data.get(name, "")
    if text and text not in tuple(Level):
        wrong[name] = _("Lựa chọn không có trong danh sách. Hãy chọn lại.")
        return None
    return Level(text) if text else None


def _answer(data: Mapping[str, str], name: str, wrong: dict[str, str]) -> Answer:
    text = data.get(name, "")
    if text in tuple(NotRated):
        return NotRated(text)
    return _level(data, name, wrong)
