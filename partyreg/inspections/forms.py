"""The shape of what is typed about inspections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, Optional

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture
from ..i18n import lazy
from ..rulebook.inspection import InspectingBody, InspectionConclusion, InspectionKind, InspectionMatter, InspectionStep
from .actions import FIRST_DAY, LONGEST_REASON, LONGEST_TITLE
from .step_actions import LONGEST_NUMBER


class InspectionForm(Form):
    """What an inspection is to be: for the forms that plan and edit it."""

    title = wtforms.StringField(lazy("Nội dung"), [InputRequired(), Length(max=LONGEST_TITLE)])
    body = EnumField(lazy("Chủ thể"), InspectingBody)
    kind = EnumField(lazy("Loại"), InspectionKind)
    matter = EnumField(lazy("Nhóm nội dung"), InspectionMatter)
    planned_on = DateInput(lazy("Dự kiến từ ngày"), [InputRequired(), NotBefore(FIRST_DAY)])
    is_planned = wtforms.BooleanField(lazy("Trong chương trình năm"))
    is_dispersed = wtforms.BooleanField(lazy("Đảng viên của chi bộ ở phân tán"))
    version = wtforms.HiddenField()

    def facts(self) -> dict[str, Any]:
        """What was typed, as the deeds take it."""
        names = ("title", "body", "kind", "matter", "planned_on", "is_planned", "is_dispersed")
        return {name: self._fields[name].data for name in names}


class NewForm(InspectionForm):
    """An inspection with the unit that holds it."""

    unit = wtforms.SelectField(lazy("Tổ chức tiến hành"), [InputRequired()])


class StepForm(Form):
    """A paper on the way, with its day and number."""

    step = EnumField(lazy("Bước"), InspectionStep, but=(InspectionStep.CONCLUSION,))
    on = DateInput(lazy("Ngày văn bản"), [InputRequired(), NotInFuture(), NotBefore(FIRST_DAY)])
    number = wtforms.StringField(lazy("Số văn bản"), [InputRequired(), Length(max=LONGEST_NUMBER)])
    version = wtforms.HiddenField()


class ConcludeForm(Form):
    """The conclusion's paper and the deadline; a field for each subject comes besides (`conclude_form`)."""

    on = DateInput(lazy("Ngày kết luận"), [InputRequired(), NotInFuture(), NotBefore(FIRST_DAY)])
    number = wtforms.StringField(lazy("Số thông báo kết luận"), [InputRequired(), Length(max=LONGEST_NUMBER)])
    mend_by = DateInput(lazy("Hạn khắc phục"), [Optional()])
    version = wtforms.HiddenField()


class CorrectForm(ConcludeForm):
    """A conclusion put right, and why."""

    reason = wtforms.StringField(lazy("Lý do đính chính"), [InputRequired(), Length(max=LONGEST_REASON)])


def conclude_form(base: type[ConcludeForm], subjects: Sequence[tuple[int, str]]) -> type[Any]:
    """The form with a choice for each subject, called `subject-<id>`."""
    fields = {f"subject-{key}": EnumField(name, InspectionConclusion, empty=lazy("Chọn kết luận")) for key, name in subjects}
    return type(base.__name__, (base,), fields)


class MendForm(Form):
    """When and how what was to be mended was mended."""

    on = DateInput(lazy("Ngày khắc phục xong"), [InputRequired(), NotInFuture(), NotBefore(FIRST_DAY)])
    how = wtforms.StringField(lazy("Kết quả khắc phục"), [InputRequired(), Length(max=LONGEST_REASON)])
    version = wtforms.HiddenField()


class CancelForm(Form):
    """Why an inspection is not held."""

    reason = wtforms.StringField(lazy("Lý do hủy"), [InputRequired(), Length(max=LONGEST_REASON)])
    version = wtforms.HiddenField()


class UnitForm(Form):
    """An organisation to be inspected."""

    unit = wtforms.SelectField(lazy("Tổ chức đảng"), [InputRequired()])


class PersonForm(Form):
    """A member to be inspected."""

    person = wtforms.SelectField(lazy("Đảng viên"), [InputRequired()], validate_choice=False)  # the deed asks for the reach


class TeammateForm(Form):
    """Somebody who holds the inspection."""

    person = wtforms.SelectField(lazy("Người trong tổ"), [InputRequired()], validate_choice=False)
    is_head = wtforms.BooleanField(lazy("Là tổ trưởng"))
