"""The forms of admission files: the dossier, the decision, and a reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture
from ..i18n import _, fmt_date, label, lazy
from ..members.models import Person, Qualification, Schooling, Sex, Theory
from ..members.queries import RollEntry
from ..org.models import Unit
from ..rulebook.dates import add_months
from .actions import Introduces
from .facts import CANDIDATE, DOSSIER, IntroducerLine
from .models import Admission, IntroducerKind

_EARLY = NotBefore(dt.date(1900, 1, 1))
_LATELY = NotBefore(dt.date(1990, 1, 1))
_MARKUP = re.compile(r"[<>\d@#$%^*=+{}\[\]\\|~]")
#: How many introducers the form has room for; the law asks for two.
SLOTS = (1, 2)


class _IsName:
    """The text can be a person's name: letters, spaces, full stops, hyphens."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError for digits and signs that no name has."""
        if field.data and _MARKUP.search(field.data):
            raise ValidationError(_("Họ tên chỉ gồm chữ. Hãy viết như trong căn cước, ví dụ Lò Thị Hoa."))


class _IsNumber:
    """The text is a personal number: 12 digits, or the 9 of an old identity card."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError for any other text."""
        if field.data and not re.fullmatch(r"[0-9]{9}|[0-9]{12}", field.data):
            raise ValidationError(_("Số định danh gồm 12 chữ số (chứng minh nhân dân cũ: 9 chữ số), viết liền."))


def _day(name: str, *validators: Any) -> DateInput:
    return DateInput(DOSSIER[name], validators=[Optional(), *validators, NotInFuture(), _LATELY])


def _text(words: Any, most: int, *validators: Any) -> wtforms.StringField:
    return wtforms.StringField(words, validators=[*(validators or (Optional(),)), Length(max=most)])


def _count(name: str) -> wtforms.IntegerField:
    return wtforms.IntegerField(DOSSIER[name], validators=[Optional(), NumberRange(min=0, max=999)])


def _slot(number: int) -> dict[str, wtforms.Field]:
    return {
        f"who_{number}": wtforms.SelectField(lazy("Người giới thiệu thứ %(number)s", number=number), validate_choice=True),
        f"since_{number}": DateInput(lazy("Cùng công tác, sinh hoạt từ ngày"), validators=[Optional(), NotInFuture(), _EARLY]),
        f"replaces_{number}": wtforms.BooleanField(lazy("Chi bộ phân công thay người giới thiệu trước")),
        f"resolution_{number}": _text(lazy("Số nghị quyết (nếu là đoàn thể)"), 40),
        f"resolved_{number}": DateInput(lazy("Ngày nghị quyết"), validators=[Optional(), NotInFuture(), _LATELY]),
    }


class FileForm(Form):
    """The candidate, the dossier, the introducers and the cell's vote on one page; empty parts may be filled in later."""

    version = wtforms.HiddenField()
    candidate_version = wtforms.HiddenField()

    full_name = _text(CANDIDATE["full_name"], 120, InputRequired(), _IsName())
    other_name = _text(CANDIDATE["other_name"], 120)
    sex = EnumField(CANDIDATE["sex"], Sex, empty=lazy("Chọn"), validators=[InputRequired()])
    born_on = DateInput(CANDIDATE["born_on"], validators=[InputRequired(), NotInFuture(), _EARLY])
    ethnicity = _text(CANDIDATE["ethnicity"], 40, InputRequired())
    religion = _text(CANDIDATE["religion"], 40)
    personal_number = _text(CANDIDATE["personal_number"], 12, Optional(), _IsNumber())
    home_town = _text(CANDIDATE["home_town"], 200)
    residence = _text(CANDIDATE["residence"], 200)
    occupation = _text(CANDIDATE["occupation"], 120)
    schooling = EnumField(CANDIDATE["schooling"], Schooling, empty=lazy("Chưa ghi"), validators=[Optional()])
    qualification = EnumField(CANDIDATE["qualification"], Qualification, default=Qualification.NONE)
    theory = EnumField(CANDIDATE["theory"], Theory, default=Theory.NONE)

    opened_on = DateInput(DOSSIER["opened_on"], validators=[InputRequired(), NotInFuture(), _LATELY])
    applied_on = _day("applied_on")
    certificate_on = _day("certificate_on")
    certificate_number = _text(DOSSIER["certificate_number"], 40)
    check_asked_on = _day("check_asked_on")
    check_concluded_on = _day("check_concluded_on")
    check_paper = _text(DOSSIER["check_paper"], 80)
    check_abroad = wtforms.BooleanField(DOSSIER["check_abroad"])
    in_hard_area = wtforms.BooleanField(DOSSIER["in_hard_area"])
    is_elder = wtforms.BooleanField(DOSSIER["is_elder"])
    consent_paper = _text(DOSSIER["consent_paper"], 80)

    who_1, since_1, replaces_1, resolution_1, resolved_1 = _slot(1).values()
    who_2, since_2, replaces_2, resolution_2, resolved_2 = _slot(2).values()

    voted_on = _day("voted_on")
    resolution_number = _text(DOSSIER["resolution_number"], 40)
    full_members = _count("full_members")
    not_counted = _count("not_counted")
    present = _count("present")
    in_favour = _count("in_favour")
    against = _count("against")
    blank = _count("blank")

    def offer(self, roll: Iterable[RollEntry], named: Sequence[IntroducerLine] = ()) -> None:
        """The full members of the cell and the unions may be chosen as introducers; those named before stay."""
        people = {str(one.member_id): one.name for one in roll if one.full and not one.is_guest}
        people |= {str(one.member_id): one.name or "" for one in named if one.member_id and str(one.member_id) not in people}
        unions = {kind.value: label(kind) for kind in IntroducerKind if kind is not IntroducerKind.MEMBER}
        choices = {"": _("Chưa có"), **people, **unions}
        for number in SLOTS:
            self[f"who_{number}"].choices = [wtforms.SelectChoice(*one) for one in choices.items()]

    @property
    def candidate(self) -> dict[str, Any]:
        """The candidate's particulars as entered."""
        return {name: self[name].data for name in CANDIDATE}

    @property
    def dossier(self) -> dict[str, Any]:
        """What the file itself says, as entered."""
        return {name: self[name].data for name in DOSSIER}

    @property
    def introducers(self) -> list[Introduces]:
        """Who introduces, as entered."""
        given = []
        for number in SLOTS:
            who, since, replaces, resolution, resolved = (
                self[f"{part}_{number}"].data for part in ("who", "since", "replaces", "resolution", "resolved")
            )
            if not who:
                continue
            if who.isdigit():
                given.append(Introduces(IntroducerKind.MEMBER, int(who), since, is_replacement=replaces))
            else:
                given.append(Introduces(IntroducerKind(who), None, None, resolution, resolved))
        return given


def values_of(file: Admission, person: Person, named: Sequence[IntroducerLine]) -> dict[str, Any]:
    """What a form shows of a file that is kept."""
    values: dict[str, Any] = {name: getattr(person, name) for name in CANDIDATE} | {name: getattr(file, name) for name in DOSSIER}
    for number, one in zip(SLOTS, named, strict=False):
        values[f"who_{number}"] = str(one.member_id) if one.member_id else one.kind.value
        values[f"since_{number}"], values[f"replaces_{number}"] = one.together_since, one.is_replacement
        values[f"resolution_{number}"], values[f"resolved_{number}"] = one.resolution_number, one.resolved_on
    return values | {"version": file.version, "candidate_version": person.version}


class DecisionForm(Form):
    """The standing committee's decision, as it was issued."""

    version = wtforms.HiddenField()
    decision_number = _text(lazy("Số quyết định"), 40, InputRequired())
    decided_on = DateInput(lazy("Ngày quyết định"), validators=[InputRequired(), NotInFuture(), _LATELY])
    signer = _text(lazy("Người ký"), 120, InputRequired())
    ceremony_on = DateInput(lazy("Ngày tổ chức lễ kết nạp"), validators=[InputRequired(), _LATELY])

    def validate_ceremony_on(self, field: Any) -> None:
        """Raises ValidationError for a ceremony that only a mistyped year can mean."""
        decided = self.decided_on.data
        if field.data and decided and field.data > add_months(decided, 12):
            raise ValidationError(_("Ngày lễ muộn hơn quyết định (%(day)s) quá một năm. Hãy xem lại năm.", day=fmt_date(decided)))


def _why(place: str) -> wtforms.TextAreaField:
    return wtforms.TextAreaField(lazy("Lý do"), id=f"{place}-reason", validators=[InputRequired(), Length(max=500)])


class ReturnForm(Form):
    """Why a file goes back to the cell."""

    version = wtforms.HiddenField()
    reason = _why("return")


class WithdrawForm(Form):
    """Why a file is closed without a decision."""

    version = wtforms.HiddenField()
    reason = _why("withdraw")


class StepForm(Form):
    """Nothing but the version that the page showed."""

    version = wtforms.HiddenField()


class FilterForm(Form):
    """Which cell's files the board shows."""

    unit = wtforms.SelectField(lazy("Chi bộ"), validate_choice=False)

    def offer(self, units: Iterable[Unit]) -> None:
        """The cells that may be chosen."""
        self.unit.choices = [wtforms.SelectChoice("", _("Tất cả chi bộ")), *(wtforms.SelectChoice(one.code, one.name) for one in units)]


def seen_version(form: Any) -> int:
    """The version that the page showed; one that cannot be read is stale."""
    text = str(form.version.data or "")
    return int(text) if text.isascii() and text.isdigit() else 0
