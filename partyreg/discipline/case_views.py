"""The page of a case, which is never read unseen, and the one door for what is done to it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import flash, render_template

from .. import audit, clock
from ..access import Actor, Permission
from ..db import db
from ..errors import Conflict, NotVisible, RuleBroken
from ..i18n import _, fmt_date, label, lazy
from ..rulebook import discipline as law
from ..rulebook import discipline_time as time
from ..rulebook.discipline import Form as Discipline
from ..rulebook.discipline_time import Result
from ..web import done
from . import actions, effect_queries, fact_queries, forms, queries, ruling_actions
from .forms import DeedForm
from .models import DisciplineCase
from .ruling_actions import Counts
from .views import area


class Step(NamedTuple):
    """A deed offered on the page: its form, what does it, and its words."""

    form: type[DeedForm]
    do: Callable[..., Any]
    title: Any
    said: Any
    is_folded: bool = False
    confirm: Any = ""


def _vote(actor: Actor, case: DisciplineCase, version: int, **typed: Any) -> None:
    names = ("members", "not_counted", "present", "in_favour", "against", "blank")
    numbers = {name: typed.pop(name) for name in names}
    counts = Counts(**{name: value if value is not None or name == "members" else 0 for name, value in numbers.items()})
    ruling_actions.record_vote(actor, case, version, counts=counts, **{**typed, "form": Discipline(typed["form"])})


def _decide(actor: Actor, case: DisciplineCase, version: int, **typed: Any) -> None:
    form, position_id = Discipline(typed.pop("form")), int(typed.pop("position_id") or 0) or None
    ruling_actions.decide(actor, case, version, form=form, position_id=position_id, **typed)


def _settle(actor: Actor, case: DisciplineCase, version: int, **typed: Any) -> None:
    position_id = int(typed.pop("position_id") or 0) or None
    ruling_actions.settle_appeal(actor, case, version, position_id=position_id, **typed)


STEPS: Mapping[str, Step] = {
    "hear": Step(forms.HearForm, actions.hear, lazy("Ghi việc nghe trình bày"), lazy("Đã ghi việc nghe trình bày.")),
    "conclude": Step(forms.OnForm, actions.conclude, lazy("Kết luận phải thi hành kỷ luật"), lazy("Đã ghi kết luận.")),
    "vote": Step(forms.VoteForm, _vote, lazy("Ghi biểu quyết hình thức"), lazy("Đã ghi biểu quyết.")),
    "decide": Step(forms.DecideForm, _decide, lazy("Ghi quyết định đã ký"), lazy("Đã ghi quyết định.")),
    "publish": Step(
        forms.PublishForm, ruling_actions.publish, lazy("Công bố quyết định"), lazy("Đã ghi ngày công bố."),
        confirm=lazy("Công bố quyết định? Khai trừ, cách chức có hiệu lực trong sổ ngay."),
    ),
    "deliver": Step(forms.DeliverForm, ruling_actions.deliver, lazy("Giao quyết định"), lazy("Đã ghi ngày giao quyết định.")),
    "settle": Step(forms.SettleForm, _settle, lazy("Ghi kết quả khiếu nại"), lazy("Đã ghi kết quả khiếu nại.")),
    "resume": Step(forms.OnForm, actions.resume, lazy("Kết thúc việc hoãn"), lazy("Đã kết thúc việc hoãn.")),
    "lodge": Step(forms.LodgeForm, ruling_actions.lodge_appeal, lazy("Ghi khiếu nại"), lazy("Đã ghi khiếu nại."), is_folded=True),
    "act": Step(forms.ActForm, actions.add_act, lazy("Thêm vi phạm"), lazy("Đã thêm vi phạm."), is_folded=True),
    "defer": Step(forms.DeferForm, actions.defer, lazy("Hoãn xem xét"), lazy("Đã hoãn xem xét."), is_folded=True),
    "ask-cell": Step(
        DeedForm, actions.ask_cell, lazy("Giao chi bộ biểu quyết đề nghị"), lazy("Chi bộ đã thấy vụ việc và biểu quyết được."),
        is_folded=True,
    ),
    "hand-over": Step(forms.HandOverForm, actions.hand_over, lazy("Chuyển tập thể khác"), lazy("Đã chuyển vụ việc."), is_folded=True),
    "close": Step(
        forms.CloseForm, actions.close_case, lazy("Đóng, không kỷ luật"), lazy("Đã đóng vụ việc."), is_folded=True,
        confirm=lazy("Đóng vụ việc mà không kỷ luật?"),
    ),
}  # fmt: skip


def offered(case: DisciplineCase, is_deferred: bool, voted: bool, under_appeal: bool, of_commune: bool, deals: bool) -> list[str]:
    """The names of the deeds that can be done to a case as it stands; the deeds themselves judge again."""
    if case.closed_on is not None:
        return []
    if not deals:  # the cell that was asked to vote
        return ["vote"] if case.is_open and case.concluded_on is not None and not is_deferred else []
    if case.is_open:
        if is_deferred:
            return ["resume", "act", "close"]
        names = ["hear"] if case.heard_on is None else ["conclude"] if case.concluded_on is None else ["vote"]
        names += ["decide"] if voted else []
        names += ["act", *(["defer"] if case.member_id else []), "hand-over"]
        return [*names, *(["ask-cell"] if case.member_id and case.unit_id != case.home_id else []), "close"]
    if case.published_on is None:
        return ["publish", *(["close"] if case.member_id else [])]
    if case.delivered_on is None:
        return ["deliver"]
    if not of_commune:
        return []
    return ["settle"] if under_appeal else ["lodge"]


@area.watched("/discipline/<int:case_id>", needs=Permission.DISCIPLINE_READ)
def show(actor: Actor, case_id: int) -> Any:
    """A case: steps, violations, votes, decision, appeals, what the law says; that it was read is on record."""
    case = queries.case(actor, case_id)
    actions.read_case(actor, case)
    return _page(actor, case)


def _page(actor: Actor, case: DisciplineCase, typed: tuple[str, DeedForm] | None = None, conflict: str = "") -> str:
    day = clock.today()
    acts, votes, appeals = queries.acts(case), queries.votes(case), queries.appeals(case)
    state = queries.state_of(actor, case, day)
    under_appeal = any(appeal.result is None for appeal in appeals)
    of_commune = queries.is_of_the_commune(actor)
    names: list[str] = []
    if actor.may(Permission.DISCIPLINE_KEEP):
        names = offered(case, queries.is_deferred(case, day), bool(votes), under_appeal, of_commune, queries.deals(actor, case))
    shown = {name: typed[1] if typed and typed[0] == name else STEPS[name].form(formdata=None, prefix=f"{name}-") for name in names}
    for form in shown.values():
        _offer(case, form)
        form.version.data = str(case.version)
    held = effect_queries.held_up(actor, case.member_id, day) if case.member_id else []
    return render_template(
        "discipline/show.html", case=case, name=queries.name_of(case), home=queries.unit_name(case.home_id), state=state, acts=acts,
        votes=votes, appeals=appeals, findings=effect_queries.findings(case, acts, votes, day), effects=held,
        limits=effect_queries.limits(case, acts, day) if case.is_open else [],
        forms=shown, steps=STEPS,
        stepper=_stepper(case, bool(votes)),
        expired=effect_queries.expired(case, acts, votes, day),
        others=queries.others_open(actor, case) if case.is_open else 0, inspection=queries.inspection_of(actor, case),
        readings=queries.readings(case),
        moves=queries.moves(case), conflict=conflict, is_open_form=typed[0] if typed else "",
        appeal_until=time.appeal_until(case.delivered_on) if case.delivered_on else None,
    )  # fmt: skip


def _offer(case: DisciplineCase, form: DeedForm) -> None:
    day = clock.today()
    offices = [(held.id, f"{label(held.title)} {label(held.body)}, {unit}") for held, unit in fact_queries.offices(case, day)]
    form.offer_forms(law.forms(fact_queries.of_case(case, day).subject, day), offices)


def _stepper(case: DisciplineCase, voted: bool) -> list[tuple[str, str, str]]:
    """The steps of a case: what is done, what is next; of one entered from its paper, those that the paper tells."""
    told = [
        (_("Lập vụ việc"), case.opened_on), (_("Nghe trình bày"), case.heard_on), (_("Kết luận"), case.concluded_on),
        (_("Biểu quyết"), voted), (_("Ký quyết định"), case.signed_on), (_("Công bố"), case.published_on), (_("Giao"), case.delivered_on),
    ]  # fmt: skip
    if case.is_from_paper:
        told = told[4:]
    steps: list[tuple[str, str, str]] = []
    for text, reached in told:
        state = "done" if reached else "todo" if case.closed_on or any(step[1] == "now" for step in steps) else "now"
        steps.append((text, state, fmt_date(reached) if isinstance(reached, dt.date) else ""))
    return steps


@area.post("/discipline/<int:case_id>/<step>", needs=Permission.DISCIPLINE_KEEP)
def act(actor: Actor, case_id: int, step: str) -> Any:
    """One deed of a case; the page again where it is refused."""
    case = queries.case(actor, case_id)
    if step not in STEPS:
        raise NotVisible(step)
    found = STEPS[step]
    form = found.form(prefix=f"{step}-")
    _offer(case, form)
    reader = actor.using(Permission.DISCIPLINE_READ)
    if not form.validate():
        return _again(reader, case, (step, form)), 422
    try:
        with db.session.begin_nested():
            found.do(actor, case, form.seen(), **form.values())
    except RuleBroken as refused:
        form.show(refused.findings)
        return _again(reader, queries.case(actor, case_id), (step, form)), 422
    except Conflict as stale:
        return _again(reader, queries.case(actor, case_id), (step, form), str(stale)), 409
    if step == "settle":
        _tell_leftover(case, form)
    return done(str(found.said), "discipline.show", case_id=case_id)


def _again(reader: Actor, case: DisciplineCase, typed: tuple[str, DeedForm], conflict: str = "") -> str:
    """The page with what was typed; it shows the case, so the reading is on record though the deed is not done."""
    audit.do_anyway(functools.partial(actions.read_case, reader, case))
    return _page(reader, case, typed, conflict)


def _tell_leftover(case: DisciplineCase, form: Any) -> None:
    """Say what an appeal does not give back by itself."""
    if form.result.data is Result.KEPT:
        return
    text = {
        Discipline.EXPULSION: _("Đã khôi phục tư cách và chi bộ; chức vụ, miễn sinh hoạt, sinh hoạt tạm thời phải ghi lại bằng tay."),
        Discipline.REMOVAL_FROM_OFFICE: _("Chức vụ không tự trở lại: nếu được phục hồi, hãy nhờ Ban Tổ chức ghi lại."),
        Discipline.DISSOLUTION: _("Tổ chức không tự lập lại: hãy nhờ Ban Tổ chức ghi việc thành lập."),
    }.get(case.form or Discipline.REPRIMAND)
    if text:
        flash(text, "warn")
