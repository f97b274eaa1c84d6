"""The base form, the shared fields, and findings put beside the fields that they concern."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

import wtforms
from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from . import clock
from .i18n import _, cited, label, lazy, said
from .names import nfc
from .rulebook.finding import Finding

E = TypeVar("E", bound=enum.StrEnum)

_DAY_FIRST = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_YEAR_FIRST = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


def one_line(value: str | None) -> str | None:
    """What was typed on one line, in its composed form; nothing instead of blanks."""
    return (nfc(value) or None) if isinstance(value, str) else value


def paragraphs(value: str | None) -> str | None:
    """What was typed on several lines, each in its composed form; nothing instead of blanks."""
    if not isinstance(value, str):
        return value
    return "\n".join(nfc(line) for line in value.splitlines()).strip() or None


class Words:
    """WTForms' own messages in Vietnamese (or English by the catalogue)."""

    def gettext(self, message: str) -> str:
        """The message in the language of the page."""
        return str(_MESSAGES.get(message, message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The message for a number; Vietnamese has one form."""
        return str(_MESSAGES.get(plural, singular if number == 1 else plural))


_MESSAGES: dict[str, Any] = {
    "This field is required.": lazy("Chưa nhập mục này. Hãy điền rồi lưu lại."),
    "Not a valid choice.": lazy("Lựa chọn không có trong danh sách. Hãy chọn lại."),
    "Not a valid choice": lazy("Lựa chọn không có trong danh sách. Hãy chọn lại."),
    "Invalid Choice: could not coerce.": lazy("Lựa chọn không có trong danh sách. Hãy chọn lại."),
    "Not a valid integer value.": lazy("Phải là số nguyên, ví dụ 27."),
    "Field cannot be longer than %(max)d characters.": lazy("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn."),
    "Field cannot be longer than %(max)d character.": lazy("Quá dài: tối đa %(max)d ký tự. Hãy rút gọn."),
    "Field must be at least %(min)d characters long.": lazy("Quá ngắn: ít nhất %(min)d ký tự."),
    "Field must be between %(min)d and %(max)d characters long.": lazy("Phải dài từ %(min)d đến %(max)d ký tự."),
    "Number must be between %(min)s and %(max)s.": lazy("Phải là số từ %(min)s đến %(max)s."),
    "Number must be at least %(min)s.": lazy("Phải là số từ %(min)s trở lên."),
    "Number must be at most %(max)s.": lazy("Phải là số không quá %(max)s."),
    "Invalid input.": lazy("Nội dung không hợp lệ. Hãy xem lại."),
    "CSRF token missing": lazy("Trang đã mở quá lâu. Hãy lưu lại lần nữa."),
}


class Form(FlaskForm):
    """Base of every form: Vietnamese messages, and room for what no single field is to blame for."""

    class Meta(FlaskForm.Meta):
        """Words in Vietnamese; the text fields keep one composed form."""

        def get_translations(self, _form: Any) -> Words:
            """Our own words instead of WTForms' catalogues, which have no Vietnamese."""
            return Words()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Every text field is cleaned before it is judged."""
            kind = unbound_field.field_class
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(kind, wtforms.TextAreaField):
                filters.append(paragraphs)
            elif issubclass(kind, wtforms.StringField) and not issubclass(kind, wtforms.PasswordField | DateInput):
                filters.append(one_line)
            unbound_field.kwargs["filters"] = list(dict.fromkeys(filters))
            return unbound_field.bind(form=form, **options)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.general: list[Finding | str] = []

    def show(self, findings: Iterable[Finding]) -> None:
        """Put each finding that blocks beside its field; those that name no field of this form stand above it."""
        for finding in findings:
            if finding.severity != "block":
                continue
            field = self._fields.get(finding.field or "")
            if field is None:
                self.general.append(finding)
            else:
                source = f" ({cited(finding.cite)})" if finding.cite else ""
                field.errors = [*field.errors, said(finding) + source]


def read_day(text: str) -> dt.date:
    """The day that was typed, day first or ISO. Raises ValueError, saying in Vietnamese what is wrong and giving an example."""
    found = _DAY_FIRST.match(text)
    parts = (found[3], found[2], found[1]) if found else None
    if parts is None and (iso := _YEAR_FIRST.match(text)):
        parts = (iso[1], iso[2], iso[3])
    if parts is None:
        raise ValueError(_("Không đọc được ngày “%(text)s”. Hãy viết như 23/11/2026.", text=text[:20]))
    try:
        return dt.date(*map(int, parts))
    except ValueError:
        raise ValueError(_("Không có ngày %(text)s trong lịch. Hãy xem lại ngày và tháng.", text=text[:20])) from None


def day_asked(text: str | None) -> tuple[dt.date, str]:
    """The day that an address asks for (`?on=`), today where it asks for none, and what is wrong with it."""
    try:
        return (read_day(text.strip()) if text and text.strip() else clock.today()), ""
    except ValueError as error:
        return clock.today(), str(error)


class DateInput(wtforms.DateField):
    """A day, written `23/11/2026` (or as browsers send it, `2026-11-23`); kept as typed when it is none."""

    data: Any  # a day once the field was validated as required; views need not say so again
    widget = wtforms.widgets.TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%d/%m/%Y") if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day; a day that no calendar has is refused with an example."""
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if text:
            self.data = read_day(text)


class NotInFuture:
    """The day is today or earlier."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError when the day is still to come."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("Ngày này chưa đến (hôm nay là %(day)s). Hãy xem lại.", day=clock.today().strftime("%d/%m/%Y")))


class NotBefore:
    """The day is not absurdly early."""

    def __init__(self, earliest: dt.date) -> None:
        self.earliest = earliest

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError when the day is earlier than anything that the register keeps."""
        if field.data and field.data < self.earliest:
            raise ValidationError(_("Ngày quá sớm (trước %(day)s). Hãy xem lại năm.", day=self.earliest.strftime("%d/%m/%Y")))


def whole_number(text: Any) -> int:
    """The number that a hidden field or an address says; 0 for what is none, or longer than any key or version."""
    said = str(text)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def choices_of(kind: type[enum.StrEnum], *, empty: str | None = None) -> list[wtforms.SelectChoice]:
    """The members of an enum as choices, with their labels; first an empty one where `empty` names it."""
    first = [wtforms.SelectChoice("", empty)] if empty is not None else []
    return [*first, *(wtforms.SelectChoice(member.value, label(member)) for member in kind)]


class EnumField(wtforms.SelectField):
    """A choice among an enum's members, without those in `but`; the data are the member, or None where the empty choice is taken."""

    def __init__(
        self, text: Any, kind: type[enum.StrEnum], *, empty: Any = None, but: Collection[enum.StrEnum] = (), **kwargs: Any
    ) -> None:
        self.kind, self.but = kind, but
        super().__init__(
            text,
            choices=lambda: [one for one in choices_of(kind, empty=str(empty) if empty is not None else None) if one.value not in but],
            coerce=self._read,
            **kwargs,
        )

    def _read(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        if value in self.but:
            raise ValueError(value)
        return value if isinstance(value, self.kind) else self.kind(value)

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError when nothing was chosen though something must be, or the value is none of the enum's."""
        raw = (self.raw_data or [""])[0]
        if raw and self.data is None:
            raise ValidationError(self.gettext("Not a valid choice."))
