"""The board of admission files, one file, and the doors of its steps."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..members import queries as members
from ..members.models import Person
from ..org import queries as org
from ..org.models import Unit
from ..rulebook.admission import Step, ceremony_due, probation_ends, votes_needed
from ..rulebook.finding import blocking
from ..rulebook.timeline import NotInForce
from ..web import Area, Page, done
from . import actions, queries
from .facts import CANDIDATE, IntroducerLine, deadline, roll_count, vote_of
from .forms import DecisionForm, FileForm, FilterForm, ReturnForm, StepForm, WithdrawForm, seen_version, values_of
from .models import Admission
from .workdays import days_off

area = Area("admissions", __name__)

#: Tabs of the board: word in the address -> steps.
TABS: dict[str, tuple[Step, ...]] = {
    "waiting": (Step.SUBMITTED,),
    "returned": (Step.RETURNED,),
    "draft": (Step.DRAFT,),
    "done": queries.DONE,
}
#: A column of the board shows so many files; its tab shows all.
COLUMN = 12
PAGE = 25


@area.get("/admissions", needs=Permission.ADMISSIONS_READ)
def index(actor: Actor) -> Any:
    """The board: a column for each step, or one step's files page by page."""
    filters = FilterForm(request.args, meta={"csrf": False})
    filters.offer(org.cells(actor, clock.today()))
    unit = org.by_code(actor, filters.unit.data) if filters.unit.data else None
    counts = queries.counts(actor, unit)
    tabs = [(key, sum(counts[step] for step in steps)) for key, steps in TABS.items()]
    shown = request.args.get("tab", "")
    context: dict[str, Any] = {
        "filters": filters, "unit": unit, "tabs": tabs, "shown": shown if shown in TABS else "",
        "may_open": actor.may(Permission.ADMISSIONS_PREPARE),
    }  # fmt: skip
    if shown in TABS:
        page = Page(request.args.get("page", 1, type=int), PAGE, dict(tabs)[shown])
        files = queries.listing(actor, TABS[shown], unit, offset=page.offset, limit=PAGE)
        return render_template("admissions/index.html", files=files, page=page, **context)
    columns = {key: queries.listing(actor, steps, unit, limit=COLUMN) for key, steps in TABS.items()}
    return render_template("admissions/index.html", columns=columns, **context)


@area.form("/admissions/new", needs=Permission.ADMISSIONS_PREPARE)
def new(actor: Actor) -> Any:
    """Open a file in a cell, for a new candidate or for a person whom the register knows."""
    unit = _chosen_cell(actor)
    if unit is None:
        return render_template("admissions/choose.html", cells=org.cells(actor, clock.today()))
    person = _known_person(actor)
    today = clock.today()
    form = FileForm(data=None if person is None else {name: getattr(person, name) for name in CANDIDATE})
    roll = members.roll(actor, unit, form.voted_on.data or today)
    form.offer(roll)
    if request.method == "GET":
        form.opened_on.data = today
        return _form_page(form, unit, None, roll)
    if form.validate():
        try:
            file = actions.open_file(
                actor, unit=unit, person=person, candidate=form.candidate, introducers=form.introducers, **form.dossier
            )
        except RuleBroken as error:
            form.show(error.findings)
        else:
            message = _("Đã lập hồ sơ kết nạp của %(name)s.", name=form.full_name.data)
            return done(message, "admissions.show", admission_id=file.id)
    return _form_page(form, unit, None, roll), 422


@area.get("/admissions/<int:admission_id>", needs=Permission.ADMISSIONS_READ)
def show(actor: Actor, admission_id: int) -> Any:
    """One file: its steps, what the law says of it today, the vote, the log, and what the actor may do."""
    return _file_page(actor, queries.one(actor, admission_id))


@area.form("/admissions/<int:admission_id>/edit", needs=Permission.ADMISSIONS_PREPARE)
def edit(actor: Actor, admission_id: int) -> Any:
    """Fill in a file that is at the cell; a stale form comes back beside what is kept."""
    file = queries.one(actor, admission_id)
    if file.step not in actions.EDITABLE:
        actions.edit(actor, file, file.version)  # refuses, with the reason and the article
    named = queries.introducers(actor, file, file.voted_on or clock.today())
    form = FileForm(data=values_of(file, file.person, named))
    roll = members.roll(actor, file.unit, form.voted_on.data or clock.today())
    form.offer(roll, named)
    if request.method == "GET":
        return _form_page(form, file.unit, file, roll)
    if not form.validate():
        return _form_page(form, file.unit, file, roll), 422
    try:
        actions.edit(
            actor, file, seen_version(form), candidate=form.candidate, candidate_version=_number(form.candidate_version.data),
            introducers=form.introducers, **form.dossier,
        )  # fmt: skip
    except RuleBroken as error:
        form.show(error.findings)
        return _form_page(form, file.unit, file, roll), 422
    except Conflict as error:
        form.version.data, form.candidate_version.data = file.version, file.person.version
        return _form_page(form, file.unit, file, roll, error), 409
    return done(_("Đã lưu hồ sơ."), "admissions.show", admission_id=file.id)


@area.post("/admissions/<int:admission_id>/submit", needs=Permission.ADMISSIONS_PREPARE)
def submit(actor: Actor, admission_id: int) -> Any:
    """Hand the file to the organisation committee."""
    file, form = queries.one(actor, admission_id), StepForm()
    try:
        actions.submit(actor, file, seen_version(form))
    except RuleBroken as error:
        return _file_page(actor, file, problems=error.findings), 422
    return done(_("Đã trình hồ sơ lên Ban Tổ chức."), "admissions.show", admission_id=file.id)


@area.post("/admissions/<int:admission_id>/return", needs=Permission.ADMISSIONS_DECIDE)
def send_back(actor: Actor, admission_id: int) -> Any:
    """Send the file back to the cell, with the reason."""
    file, form = queries.one(actor, admission_id), ReturnForm()
    if not form.validate():
        return _file_page(actor, file, back=form), 422
    try:
        actions.send_back(actor, file, seen_version(form), form.reason.data)
    except RuleBroken as error:
        form.show(error.findings)
        return _file_page(actor, file, back=form), 422
    return done(_("Đã trả hồ sơ lại chi bộ."), "admissions.show", admission_id=file.id)


@area.post("/admissions/<int:admission_id>/approve", needs=Permission.ADMISSIONS_DECIDE)
def approve(actor: Actor, admission_id: int) -> Any:
    """Write down the decision: the candidate becomes a probationary member."""
    file, form = queries.one(actor, admission_id), DecisionForm()
    if not form.validate():
        return _file_page(actor, file, decision=form), 422
    try:
        actions.approve(
            actor, file, seen_version(form), decided_on=form.decided_on.data, decision_number=form.decision_number.data,
            signer=form.signer.data, ceremony_on=form.ceremony_on.data,
        )  # fmt: skip
    except RuleBroken as error:
        form.show(error.findings)
        return _file_page(actor, file, decision=form), 422
    message = _("Đã duyệt. %(name)s là đảng viên dự bị từ ngày %(day)s.", name=file.person.full_name, day=fmt_date(file.ceremony_on))
    return done(message, "admissions.show", admission_id=file.id)


@area.post("/admissions/<int:admission_id>/withdraw", needs=Permission.ADMISSIONS_PREPARE)
def withdraw(actor: Actor, admission_id: int) -> Any:
    """Close the file without a decision, with the reason."""
    file, form = queries.one(actor, admission_id), WithdrawForm()
    if not form.validate():
        return _file_page(actor, file, off=form), 422
    try:
        actions.withdraw(actor, file, seen_version(form), form.reason.data)
    except RuleBroken as error:
        form.show(error.findings)
        return _file_page(actor, file, off=form), 422
    return done(_("Đã rút hồ sơ."), "admissions.show", admission_id=file.id)


# -- what the pages show ----------------------------------------------------------------------------------------------


def _chosen_cell(actor: Actor) -> Unit | None:
    """The cell named in the address; where none is, the only one that the actor has."""
    cells = org.cells(actor, clock.today())
    code = request.args.get("unit")
    if not code:
        return cells[0] if len(cells) == 1 else None
    found = next((one for one in cells if one.code == code), None)
    if found is None:
        raise NotVisible("Unit")
    return found


def _known_person(actor: Actor) -> Person | None:
    key = request.args.get("person", type=int)
    return members.person(actor, key) if key else None


def _number(text: Any) -> int:
    return int(text) if str(text).isascii() and str(text).isdigit() else 0


def _form_page(form: FileForm, unit: Unit, file: Admission | None, roll: list[Any], conflict: Conflict | None = None) -> str:
    return render_template(
        "admissions/form.html", form=form, unit=unit, file=file, conflict=conflict, roll=roll_count(roll),
        labels={name: name for name in conflict.mine} if conflict else {}, roll_day=form.voted_on.data or clock.today(),
        back=url_for("admissions.show", admission_id=file.id) if file else url_for("admissions.index"),
    )  # fmt: skip


def _file_page(
    actor: Actor, file: Admission, *, decision: DecisionForm | None = None, back: ReturnForm | None = None,
    off: WithdrawForm | None = None, problems: Any = (),
) -> str:  # fmt: skip
    today = clock.today()
    prepares = actor.using(Permission.ADMISSIONS_PREPARE).reach().covers(file.unit.path)
    decides = actor.using(Permission.ADMISSIONS_DECIDE).reach().covers(file.unit.path)
    waits = file.step is Step.SUBMITTED
    own = waits and actor.user_id is not None and queries.submitter(file) == actor.user_id
    named = queries.introducers(actor, file, file.voted_on or today)
    found = queries.findings(actor, file, today)
    moves = queries.moves(actor, file)
    return render_template(
        "admissions/show.html", file=file, person=file.person, unit=file.unit, findings=found, blocks=len(blocking(found)),
        introducers=[_introduced(one) for one in named], moves=moves, steps=_steps(file), problems=problems,
        term=deadline(file.voted_on, today) if file.step in queries.OPEN else None, vote=_vote(file),
        last_return=next((one for one in moves if one.to_step is Step.RETURNED), None) if file.step is Step.RETURNED else None,
        may_edit=prepares and file.step in actions.EDITABLE, may_withdraw=prepares and file.step in queries.OPEN,
        may_decide=decides and waits, own=own, is_member=file.step is Step.APPROVED and actor.may(Permission.MEMBERS_READ),
        decision=decision or DecisionForm(formdata=None), back=back or ReturnForm(formdata=None),
        off=off or WithdrawForm(formdata=None), ceremony_due=ceremony_due(today, days_off(today)),
    )  # fmt: skip


def _introduced(one: IntroducerLine) -> tuple[str, str]:
    """Who introduces, and in what capacity."""
    if one.member_id is None:
        number, day = one.resolution_number or "–", fmt_date(one.resolved_on) or "–"
        return label(one.kind), _("Nghị quyết số %(number)s ngày %(day)s", number=number, day=day)
    words = [_("Đảng viên chính thức") if one.is_full else _("Không phải đảng viên chính thức vào ngày chi bộ xét")]
    if one.together_since:
        words.append(_("cùng sinh hoạt từ %(day)s", day=fmt_date(one.together_since)))
    else:
        words.append(_("chưa ghi thời gian cùng sinh hoạt"))
    if one.is_replacement:
        words.append(_("thay người giới thiệu trước"))
    return one.name or "–", "; ".join(words)


def _vote(file: Admission) -> str | None:
    """`7/9 đảng viên chính thức, cần 6`: for, of how many who count, and how many are needed on the day of the vote."""
    vote = vote_of(file)
    if vote is None or file.voted_on is None:
        return None
    try:
        needed = votes_needed(vote.full_members, file.voted_on, vote.not_counted)
    except (NotInForce, ValueError):
        return None
    shown = {"votes": vote.in_favour, "base": vote.base, "needed": needed}
    return str(_("%(votes)s/%(base)s đảng viên chính thức, cần %(needed)s", **shown))


def _steps(file: Admission) -> list[tuple[str, str, str | None]]:
    """The way of the file from the dossier to full membership, for the stepper."""
    now = {Step.DRAFT: 1, Step.RETURNED: 1, Step.SUBMITTED: 3, Step.APPROVED: 5, Step.WITHDRAWN: 0}[file.step]
    if file.step is Step.DRAFT and file.voted_on is None:
        now = 0
    elif file.step in actions.EDITABLE:
        now = 2
    if file.step is Step.APPROVED and file.ceremony_on and file.ceremony_on > clock.today():
        now = 4
    full_on = probation_ends(file.ceremony_on) if file.ceremony_on else None
    if file.step is Step.APPROVED and queries.recognised_on(file):
        now = 6
    notes = [
        (_("Lập hồ sơ"), fmt_date(file.opened_on)),
        (_("Chi bộ xét"), fmt_date(file.voted_on)),
        (_("Trình Ban Tổ chức"), fmt_date(file.submitted_on)),
        (_("Thẩm tra, quyết định"), fmt_date(file.decided_on)),
        (_("Lễ kết nạp"), fmt_date(file.ceremony_on)),
        (_("Dự bị, đến ngày"), fmt_date(full_on)),
    ]
    if file.step is Step.WITHDRAWN:
        return [(text, "done" if note else "todo", note or None) for text, note in notes]
    return [(text, "done" if at < now else "now" if at == now else "todo", note or None) for at, (text, note) in enumerate(notes)]
