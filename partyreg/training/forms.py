"""The shape of what is typed about classes, their lists, and posts outside the Party."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import wtforms
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture, read_day, whole_number
from ..i18n import _, lazy
from ..members.models import Sex
from ..names import nfc
from ..rulebook.training import CourseKind, CourseResult, Post
from .actions import MOST_SESSIONS, Entry
from .queries import FIRST_DAY, Pupil

_LONGEST_NUMBER = 40
_EARLY = NotBefore(dt.date(1900, 1, 1))


class CourseForm(Form):
    """A class."""

    kind = EnumField(lazy("Loại lớp"), CourseKind, empty=lazy("— chọn —"), validators=[InputRequired()])
    title = wtforms.StringField(lazy("Tên lớp"), [DataRequired(), Length(max=200)])
    started_on = DateInput(lazy("Từ ngày"), [InputRequired(), NotBefore(FIRST_DAY)])
    ended_on = DateInput(lazy("Đến ngày"), [InputRequired(), NotBefore(FIRST_DAY)])
    sessions = wtforms.IntegerField(lazy("Số buổi"), [Optional(), NumberRange(1, MOST_SESSIONS)])
    organiser = wtforms.StringField(lazy("Nơi mở lớp"), [Length(max=120)])
    place = wtforms.StringField(lazy("Địa điểm"), [Length(max=120)])
    paper = wtforms.StringField(lazy("Văn bản mở lớp"), [Length(max=80)])


class HolderForm(Form):
    """Somebody who takes a post of a village: the least that the register needs."""

    post = EnumField(lazy("Chức vụ"), Post, but=(Post.CELL_SECRETARY, Post.OFFICIAL), empty=lazy("— chọn —"), validators=[InputRequired()])
    unit = wtforms.SelectField(lazy("Chi bộ bản"), [InputRequired()])
    full_name = wtforms.StringField(lazy("Họ và tên"), [DataRequired(), Length(min=2, max=120)])
    sex = EnumField(lazy("Giới tính"), Sex, empty=lazy("— chọn —"), validators=[InputRequired()])
    born_on = DateInput(lazy("Ngày sinh"), [InputRequired(), NotInFuture(), _EARLY])
    ethnicity = wtforms.StringField(lazy("Dân tộc"), [DataRequired(), Length(max=40)])
    on = DateInput(lazy("Giữ chức vụ từ ngày"), [InputRequired(), NotInFuture(), _EARLY])
    paper = wtforms.StringField(lazy("Số văn bản"), [Length(max=80)])

    def validate_full_name(self, field: wtforms.StringField) -> None:
        """A name has letters, and at least two words."""
        if field.data and (not any(c.isalpha() for c in field.data) or len(field.data.split()) < 2):
            raise ValidationError(_("Hãy ghi đủ họ và tên, ví dụ: Lò Văn Ển."))


class EndForm(Form):
    """The day on which a post ends."""

    on = DateInput(lazy("Thôi giữ từ ngày"), [InputRequired(), NotInFuture(), _EARLY])


class ListForm(Form):
    """The list of a class: its lines are read by `read_lines`, since their number is not known beforehand."""


class Typed(NamedTuple):
    """A line as it was typed, with what is wrong with it."""

    pupil: Pupil
    result: str
    number: str
    day: str
    version: int
    errors: tuple[str, ...] = ()

    def blame(self, messages: Iterable[str]) -> Typed:
        """The line with more that is wrong with it."""
        return self._replace(errors=(*self.errors, *messages))


def shown(pupil: Pupil, preset: str = "") -> Typed:
    """A line as it stands; `preset` is what somebody who is only offered is proposed as."""
    day = pupil.certificate_on.strftime("%d/%m/%Y") if pupil.certificate_on else ""
    return Typed(pupil, pupil.result.value if pupil.result else preset, pupil.certificate_number or "", day, pupil.version)


def read_lines(pupils: Iterable[Pupil], given: Mapping[str, str]) -> tuple[list[Typed], list[Entry]]:
    """The lines of those people as sent, and what they enter; a line that cannot be read has errors and enters nothing.

    A certificate goes with the class finished: under any other result what its fields still hold is left aside.
    """
    lines, entries = [], []
    for pupil in pupils:
        key = pupil.person_id
        if f"result-{key}" not in given:
            continue
        word, number, day = (nfc(given.get(f"{name}-{key}", "").replace("\0", "")) for name in ("result", "number", "day"))
        line = Typed(pupil, word, number[:200], day[:40], whole_number(given.get(f"version-{key}", "0")))
        finished, errors = word == CourseResult.FINISHED, []
        on = None
        if word and word not in set(CourseResult):
            errors.append(_("Lựa chọn không có trong danh sách. Hãy chọn lại."))
        if finished and len(number) > _LONGEST_NUMBER:
            errors.append(_("Số giấy chứng nhận dài quá %(most)s ký tự. Hãy rút gọn.", most=_LONGEST_NUMBER))
        if finished and day:
            try:
                on = read_day(day)
            except ValueError as error:
                errors.append(str(error))
        if errors:
            line = line.blame(errors)
        else:
            result = CourseResult(word) if word else None
            entries.append(Entry(key, line.version, result, (number or None) if finished else None, on))
        lines.append(line)
    return lines, entries
