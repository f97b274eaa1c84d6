"""The form of a cell's vote: it starts from the roll of the day, and the server counts whom the rules leave out."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from flask import flash, render_template, request

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict, NotVisible, RuleBroken
from ..forms import day_asked, whole_number
from ..i18n import _, cited, fmt_date
from ..members import queries as members
from ..members.models import AbeyanceKind
from ..members.queries import RollEntry
from ..org.models import Unit
from ..rulebook import admission as law
from ..rulebook.admission import Purpose
from ..rulebook.timeline import NotInForce
from ..web import done
from . import actions, file_queries
from .attempt import attempt
from .deed_forms import VoteOnFileForm
from .facts import RollCount, roll_count
from .models import Admission, AdmissionVote
from .views import area

_NUMBERS = ("held_on", "number", "form", "members", "present", "in_favour", "against", "blank")


class RollSheet(NamedTuple):
    """The roll of the day of the vote, as the form shows it."""

    day: dt.date
    heads: RollCount
    never: list[tuple[str, str]]
    came: frozenset[int]

    @property
    def not_counted(self) -> int:
        """How many full members are left out of the total."""
        return self.heads.not_counted(self.came)

    @property
    def base(self) -> int:
        """How many full members count."""
        return self.heads.full - self.not_counted


@area.form("/admissions/<int:admission_id>/votes/new", needs=Permission.ADMISSIONS_PREPARE)
def new_vote(actor: Actor, admission_id: int) -> Any:
    """Write down the cell's vote on admission, recognition or removal."""
    file = file_queries.one(actor, admission_id)
    purpose = _purpose(file)
    day, fault = day_asked(request.args.get("on"))
    form = VoteOnFileForm(data={"held_on": day, "version": file.version})
    return _answer(actor, file, form, purpose, None, fault)


@area.form("/admissions/<int:admission_id>/votes/<int:vote_id>", needs=Permission.ADMISSIONS_PREPARE)
def edit_vote(actor: Actor, admission_id: int, vote_id: int) -> Any:
    """Write down a vote of the cell as the minutes have it, where it was written wrongly."""
    file = file_queries.one(actor, admission_id)
    vote = next((one for one in file_queries.votes(actor, file) if one.id == vote_id), None)
    if vote is None:
        raise NotVisible("AdmissionVote")
    form = VoteOnFileForm(data={name: getattr(vote, name) for name in _NUMBERS} | {"version": file.version})
    return _answer(actor, file, form, vote.purpose, vote, "")


def _purpose(file: Admission) -> Purpose:
    """What the address says the vote is about; the first that is voted on at the file's step where it says nothing."""
    asked = request.values.get("purpose", "")
    if asked in set(Purpose):
        return Purpose(asked)
    return next((purpose for purpose, steps in actions.VOTES_AT.items() if file.step in steps), Purpose.ADMISSION)


def _answer(actor: Actor, file: Admission, form: VoteOnFileForm, purpose: Purpose, vote: AdmissionVote | None, fault: str) -> Any:
    cell = file_queries.cell(file)
    if request.method == "GET":
        sheet = _sheet(actor, cell, form.held_on.data or clock.today(), _came_before(actor, cell, vote))
        if vote is None:
            form.members.data, form.present.data = sheet.heads.full, sheet.base
        return _page(file, cell, form, purpose, sheet, vote, fault)
    listed = request.form.get("roll_day", "")
    sheet = _sheet(actor, cell, form.held_on.data or clock.today(), _ticked())
    if not form.validate():
        return _page(file, cell, form, purpose, sheet, vote), 422
    if listed != sheet.day.isoformat() and sheet.heads.apart:
        text = _("Danh sách chi bộ ngày %(day)s có người được miễn hoặc ở nơi khác. Đánh dấu người có mặt bên dưới rồi lưu lại.")
        form.general.append(text % {"day": fmt_date(sheet.day)})
        return _page(file, cell, form, purpose, sheet, vote), 422
    try:
        attempt(lambda: _write(actor, file, form, purpose, sheet, vote))
    except RuleBroken as error:
        form.show(error.findings)
        return _page(file_queries.one(actor, file.id), cell, form, purpose, sheet, vote), 422
    except Conflict as error:
        file = file_queries.one(actor, file.id)
        form.version.data = str(file.version)
        return _page(file, cell, form, purpose, sheet, vote, conflict=error), 409
    if form.members.data != sheet.heads.full:
        text = _("Sổ đảng viên ngày %(day)s có %(roll)s đảng viên chính thức, biểu quyết ghi %(said)s. Hãy đối chiếu danh sách chi bộ.",
                 day=fmt_date(sheet.day), roll=sheet.heads.full, said=form.members.data)  # fmt: skip
        flash(text, "warn")
    return done(_("Đã ghi biểu quyết của chi bộ."), "admissions.show", admission_id=file.id)


def _write(actor: Actor, file: Admission, form: VoteOnFileForm, purpose: Purpose, sheet: RollSheet, vote: AdmissionVote | None) -> None:
    numbers = {name: form[name].data for name in _NUMBERS} | {"not_counted": sheet.not_counted}
    numbers |= {name: numbers[name] or 0 for name in ("against", "blank")}
    if vote is None:
        actions.record_vote(actor, file, form.seen, purpose=purpose, **numbers)
    else:
        actions.correct_vote(actor, file, form.seen, vote, **numbers)


def _ticked() -> frozenset[int]:
    return frozenset(whole_number(key) for key in request.form.getlist("came"))


def _came_before(actor: Actor, cell: Unit, vote: AdmissionVote | None) -> frozenset[int]:
    """Of those apart, whom a vote already kept must have counted, when it counted all of them."""
    if vote is None:
        return frozenset()
    count = roll_count(members.roll(actor, cell, vote.held_on))
    everybody = frozenset(one.member_id for one in count.apart)
    return everybody if count.not_counted(everybody) == vote.not_counted else frozenset()


def _sheet(actor: Actor, cell: Unit, day: dt.date, came: frozenset[int]) -> RollSheet:
    roll = members.roll(actor, cell, day)
    return RollSheet(day, roll_count(roll), [(one.name, why) for one in roll if (why := _never(one))], came)


def _never(one: RollEntry) -> str:
    """Why somebody on the roll never votes on a file; nothing for who does."""
    if one.is_guest:
        return _("sinh hoạt tạm thời ở chi bộ")
    if one.abeyance is AbeyanceKind.SUSPENSION:
        return _("đang bị đình chỉ sinh hoạt")
    return "" if one.full else _("đảng viên dự bị")


def _threshold(sheet: RollSheet, form: VoteOnFileForm, purpose: Purpose) -> str:
    """How many votes in favour are needed of how many, with the article; nothing where no law sets it."""
    said = form.members.data if isinstance(form.members.data, int) else sheet.heads.full
    base = max(said - sheet.not_counted, 0)
    try:
        needed = law.votes_needed(said, sheet.day, sheet.not_counted, purpose=purpose)
        all_for = law.vote_findings(law.VoteFacts(said, sheet.not_counted, base, base, 0), sheet.day, purpose=purpose)
    except (NotInForce, ValueError):
        return ""
    cite = next((one.cite for one in all_for if one.cite), None)
    text = _("Cần ít nhất %(needed)s phiếu tán thành trên %(base)s người được tính.", needed=needed, base=base)
    return f"{text} {cited(cite)}" if cite else text


def _page(
    file: Admission, cell: Unit, form: VoteOnFileForm, purpose: Purpose, sheet: RollSheet, vote: AdmissionVote | None, fault: str = "",
    conflict: Conflict | None = None,
) -> str:  # fmt: skip
    form.roll_day.data = sheet.day.isoformat()
    return render_template(
        "admissions/vote.html", file=file, person=file.person, cell=cell, form=form, purpose=purpose, sheet=sheet, vote=vote, fault=fault,
        threshold=_threshold(sheet, form, purpose), conflict=conflict,
    )  # fmt: skip
