"""The forms of admission files: the file itself, the board's filters, and the review of a cell's list."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from ..forms import DateInput, EnumField, Form, NotBefore, NotInFuture
from ..i18n import _, label, lazy
from ..members.models import Person, Qualification, Schooling, Sex, Theory
from ..members.queries import RollEntry
from ..org.models import Unit
from ..rulebook.admission import Step
from .actions import Introduces
from .deed_forms import LATELY, line, past_day
from .facts import CANDIDATE, DOSSIER, FACTS, FULL, LISTING, PERMIT, WRITABLE, IntroducerLine
from .models import Admission, IntroducerKind

_EARLY = NotBefore(dt.date(1900, 1, 1))
_MARKUP = re.compile(r"[<>\d@#$%^*=+{}\[\]\\|~]")
#: How many introducers the form has room for; the law asks for two.
SLOTS = (1, 2)
#: The parts of the form, in order: name -> the fields in it.
PARTS: Mapping[str, tuple[str, ...]] = {
    "person": (*CANDIDATE, "in_hard_area", "is_elder"),
    "source": (*LISTING, *PERMIT),
    "dossier": tuple(name for name in DOSSIER if name not in ("in_hard_area", "is_elder")),
    "introducers": tuple(f"{part}_{slot}" for slot in SLOTS for part in ("who", "since", "resolution", "resolved", "replaces")),
    "full": tuple(FULL),
}
#: The parts that a step has, those that matter at it first; a new file has all that come before the decision.
_SHOWN: Mapping[Step | None, tuple[tuple[str, ...], tuple[str, ...]]] = {
    None: (("person", "source"), ("dossier", "introducers")),
    Step.LISTED: (("source",), ("person",)),
    Step.DRAFT: (("dossier", "introducers"), ("person", "source")),
    Step.RETURNED: (("dossier", "introducers"), ("person", "source")),
    Step.PROBATION: (("full",), ()),
    Step.SENT_BACK: (("full",), ()),
}


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


def _text(words: Any, most: int, *validators: Any) -> wtforms.StringField:
    return wtforms.StringField(words, validators=[*(validators or (Optional(),)), Length(max=most)])


def _day(name: str) -> DateInput:
    return past_day(FACTS[name], needed=False)


def _slot(number: int) -> dict[str, wtforms.Field]:
    return {
        f"who_{number}": wtforms.SelectField(lazy("Người giới thiệu thứ %(number)s", number=number), validate_choice=True),
        f"since_{number}": DateInput(lazy("Cùng công tác, sinh hoạt từ ngày"), validators=[Optional(), NotInFuture(), _EARLY]),
        f"replaces_{number}": wtforms.BooleanField(lazy("Chi bộ phân công thay người giới thiệu trước")),
        f"resolution_{number}": _text(lazy("Số nghị quyết (nếu là đoàn thể)"), 40),
        f"resolved_{number}": DateInput(lazy("Ngày nghị quyết"), validators=[Optional(), NotInFuture(), LATELY]),
    }


def _key(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() else None


class FileForm(Form):
    """The candidate and the file, part by part; what is not known yet is filled in later."""

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
    in_hard_area = wtforms.BooleanField(FACTS["in_hard_area"])
    is_elder = wtforms.BooleanField(FACTS["is_elder"])

    listed_on = _day("listed_on")
    listing_number = line(FACTS["listing_number"], 40)
    helper_id = wtforms.SelectField(FACTS["helper_id"], coerce=_key)
    helper_on = _day("helper_on")
    certificate_on = _day("certificate_on")
    certificate_number = line(FACTS["certificate_number"], 40)
    asked_on = _day("asked_on")
    asked_number = line(FACTS["asked_number"], 40)
    permitted_on = _day("permitted_on")
    permit_number = line(FACTS["permit_number"], 40)

    opened_on = _day("opened_on")
    applied_on = _day("applied_on")
    cv_on = _day("cv_on")
    check_asked_on = _day("check_asked_on")
    check_concluded_on = _day("check_concluded_on")
    check_paper = line(FACTS["check_paper"], 80)
    check_abroad = wtforms.BooleanField(FACTS["check_abroad"])
    unions_opinion_on = _day("unions_opinion_on")
    residence_opinion_on = _day("residence_opinion_on")
    consent_paper = line(FACTS["consent_paper"], 80)
    readmission_paper = line(FACTS["readmission_paper"], 80)

    who_1, since_1, replaces_1, resolution_1, resolved_1 = _slot(1).values()
    who_2, since_2, replaces_2, resolution_2, resolved_2 = _slot(2).values()

    new_class_on = _day("new_class_on")
    new_class_number = line(FACTS["new_class_number"], 40)
    self_review_on = _day("self_review_on")
    remark_on = _day("remark_on")
    full_opinions_on = _day("full_opinions_on")

    def at(self, step: Step | None, *, is_readmission: bool = False, is_permitted: bool = False) -> None:
        """The form holds what a file at that step has, None for a new one; the other fields are gone."""
        self.open_parts, self.folded_parts = _SHOWN[step]
        kept = {"version", "candidate_version", "csrf_token"}
        for part in (*self.open_parts, *self.folded_parts):
            kept |= {name for name in PARTS[part] if step is None or name not in FACTS or name in WRITABLE[step]}
        if step in (Step.DRAFT, Step.RETURNED) and not is_permitted:
            kept |= set(PERMIT)
        if not is_readmission:
            kept.discard("readmission_paper")
        for name in set(self._fields) - kept:
            del self[name]

    def parts(self) -> list[tuple[str, bool, list[Any]]]:
        """(name, whether open, its fields) of every part; one with a fault in it is open."""
        found = []
        for part in PARTS:
            if part in (*self.open_parts, *self.folded_parts):
                fields = [self[name] for name in PARTS[part] if name in self._fields]
                found.append((part, part in self.open_parts or any(one.errors for one in fields), fields))
        return found

    def offer(self, roll: Iterable[RollEntry], named: Sequence[IntroducerLine] = (), helper: tuple[int, str] | None = None) -> None:
        """The full members of the cell and the unions may be chosen; whoever was named before stays."""
        full = {str(one.member_id): one.name for one in roll if one.full and not one.is_guest}
        people = full | {str(one.member_id): one.name or "" for one in named if one.member_id and str(one.member_id) not in full}
        unions = {kind.value: label(kind) for kind in IntroducerKind if kind is not IntroducerKind.MEMBER}
        for number in SLOTS:
            if f"who_{number}" in self._fields:
                choices = {"": _("Chưa có"), **people, **unions}
                self[f"who_{number}"].choices = [wtforms.SelectChoice(*one) for one in choices.items()]
        helpers = full | ({str(helper[0]): helper[1]} if helper else {})
        self.helper_id.choices = [wtforms.SelectChoice("", _("Chưa phân công")), *(wtforms.SelectChoice(*one) for one in helpers.items())]

    @property
    def candidate(self) -> dict[str, Any] | None:
        """The candidate's particulars as entered; None where the step has no such part."""
        return {name: self[name].data for name in CANDIDATE} if "full_name" in self._fields else None

    @property
    def dossier(self) -> dict[str, Any]:
        """What the file itself says, as entered."""
        return {name: self[name].data for name in FACTS if name in self._fields}

    @property
    def introducers(self) -> list[Introduces] | None:
        """Who introduces, as entered; None where the step has no such part."""
        if "who_1" not in self._fields:
            return None
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
    values: dict[str, Any] = {name: getattr(person, name) for name in CANDIDATE} | {name: getattr(file, name) for name in FACTS}
    for number, one in zip(SLOTS, named, strict=False):
        values[f"who_{number}"] = str(one.member_id) if one.member_id else one.kind.value
        values[f"since_{number}"], values[f"replaces_{number}"] = one.together_since, one.is_replacement
        values[f"resolution_{number}"], values[f"resolved_{number}"] = one.resolution_number, one.resolved_on
    return values | {"version": file.version, "candidate_version": person.version}


class FilterForm(Form):
    """Which files the board shows."""

    unit = wtforms.SelectField(lazy("Chi bộ"), validate_choice=False)
    late = wtforms.SelectField(lazy("Thời hạn"), validate_choice=False)

    def offer(self, units: Iterable[Unit]) -> None:
        """The cells that may be chosen, and what may be asked of the terms."""
        asked = {"": _("Tất cả"), "late": _("Đã quá hạn"), "soon": _("Sắp đến hạn")}
        self.late.choices = [wtforms.SelectChoice(*one) for one in asked.items()]
        self.unit.choices = [wtforms.SelectChoice("", _("Tất cả chi bộ")), *(wtforms.SelectChoice(one.code, one.name) for one in units)]


class ReviewForm(Form):
    """One review of a cell's list: the day and the resolution; the candidates stand beside it."""

    on = past_day(lazy("Ngày chi bộ rà soát"))
    number = line(lazy("Số nghị quyết"), 40)
