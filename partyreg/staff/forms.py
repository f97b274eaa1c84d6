"""The shape of what is typed about organisations and staff."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

import wtforms
from wtforms.validators import InputRequired, Length

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture, whole_number
from ..i18n import _, lazy
from ..ratings.models import Level
from .actions import FIRST_DAY, LONGEST_NAME, LONGEST_PAPER
from .models import StaffKind


class StaffForm(Form):
    """What may be edited of a line."""

    name = wtforms.StringField(lazy("Tên tổ chức, họ và tên"), [InputRequired(), Length(max=LONGEST_NAME)])
    post = wtforms.StringField(lazy("Chức vụ, vị trí"), [Length(max=LONGEST_NAME)])
    is_member = wtforms.BooleanField(lazy("Là đảng viên"))
    version = wtforms.HiddenField()


class NewForm(StaffForm):
    """A line to be entered."""

    kind = EnumField(lazy("Là"), StaffKind)
    started_on = DateInput(lazy("Từ ngày"), [InputRequired(), NotInFuture(), NotBefore(FIRST_DAY)])


class LeaveForm(Form):
    """The day on which it ended."""

    on = DateInput(lazy("Thôi theo dõi từ ngày"), [InputRequired(), NotInFuture()])
    version = wtforms.HiddenField()


class PaperForm(Form):
    """The paper by which levels are given."""

    paper = wtforms.StringField(lazy("Văn bản xếp loại"), [Length(max=LONGEST_PAPER)])


@dataclasses.dataclass(slots=True)
class Entered:
    """What was chosen, the versions that were seen, and what could not be read; by the id of the line."""

    levels: dict[int, Level] = dataclasses.field(default_factory=dict)
    versions: dict[int, int] = dataclasses.field(default_factory=dict)
    wrong: dict[int, str] = dataclasses.field(default_factory=dict)


def read_levels(data: Mapping[str, str], ids: Iterable[int]) -> Entered:
    """The rows `level-<id>` and `version-<id>` of those ids; a row without a choice is left alone."""
    found = Entered()
    for one in ids:
        found.versions[one] = whole_number(data.get(f"version-{one}", ""))
        if chosen := data.get(f"level-{one}", ""):
            try:
                found.levels[one] = Level(chosen)
            except ValueError:
                found.wrong[one] = _("Lựa chọn không có trong danh sách. Hãy chọn lại.")
    return found


def short_labels() -> list[tuple[str, str]]:
    """The levels in few words, for buttons."""
    return [
        (Level.EXCELLENT.value, _("Xuất sắc")), (Level.GOOD.value, _("Tốt")), (Level.DONE.value, _("Hoàn thành")),
        (Level.NOT_DONE.value, _("Không hoàn thành")),
    ]  # fmt: skip
