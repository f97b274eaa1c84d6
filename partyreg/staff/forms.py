"""The shape of what is typed about organisations and staff."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

import wtforms
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture, whole_number
from ..i18n import _, lazy
from ..members.models import Sex
from ..rulebook.rating import Level
from .actions import FIRST_DAY, LONGEST_NAME, LONGEST_PAPER
from .models import OFFICIALS, ORGANISATIONS, StaffKind

_CHOOSE = lazy("— chọn —")


def _full(_form: Form, field: wtforms.StringField) -> None:
    """A person's name has letters, and at least two words."""
    if field.data and (not any(c.isalpha() for c in field.data) or len(field.data.split()) < 2):
        raise ValidationError(_("Hãy ghi đủ họ và tên, ví dụ: Lò Văn Ển."))


class OrganisationForm(Form):
    """An organisation's line."""

    name = wtforms.StringField(lazy("Tên tổ chức"), [DataRequired(), Length(max=LONGEST_NAME)])
    version = wtforms.HiddenField()


class NewOrganisationForm(Form):
    """An organisation to be entered."""

    kind = EnumField(lazy("Tổ chức"), StaffKind, but=OFFICIALS, empty=_CHOOSE, validators=[InputRequired()])
    name = wtforms.StringField(lazy("Tên tổ chức"), [DataRequired(), Length(max=LONGEST_NAME)])
    started_on = DateInput(lazy("Theo dõi từ ngày"), [InputRequired(), NotInFuture(), NotBefore(FIRST_DAY)])


class MemberPostForm(Form):
    """The line of an official whose name is kept with her membership."""

    post = wtforms.StringField(lazy("Chức vụ, vị trí"), [DataRequired(), Length(max=LONGEST_NAME)])
    version = wtforms.HiddenField()


class PostForm(MemberPostForm):
    """The line of an official outside the Party."""

    name = wtforms.StringField(lazy("Họ và tên"), [DataRequired(), Length(max=LONGEST_NAME), _full])


class OfficialForm(Form):
    """Somebody on record who is in the commune's service."""

    kind = EnumField(lazy("Là"), StaffKind, but=ORGANISATIONS, empty=_CHOOSE, validators=[InputRequired()])
    post = wtforms.StringField(lazy("Chức vụ, vị trí"), [DataRequired(), Length(max=LONGEST_NAME)])
    started_on = DateInput(lazy("Phục vụ từ ngày"), [InputRequired(), NotInFuture(), NotBefore(FIRST_DAY)])


class NewcomerForm(OfficialForm):
    """Somebody in the commune's service whom the register does not know: the least that it keeps."""

    full_name = wtforms.StringField(lazy("Họ và tên"), [DataRequired(), Length(min=2, max=LONGEST_NAME), _full])
    sex = EnumField(lazy("Giới tính"), Sex, empty=_CHOOSE, validators=[InputRequired()])
    born_on = DateInput(lazy("Ngày sinh"), [InputRequired(), NotInFuture(), NotBefore(dt.date(1900, 1, 1))])
    ethnicity = wtforms.StringField(lazy("Dân tộc"), [DataRequired(), Length(max=40)])


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
