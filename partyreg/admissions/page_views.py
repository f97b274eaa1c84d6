"""The page of one file: its way, what the law says of it today, its votes and papers, and what the actor may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import render_template, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import Conflict
from ..i18n import _, fmt_date, label
from ..members import queries as members
from ..members.models import Body, Title
from ..org import queries as org
from ..org.models import Unit
from ..rulebook import admission as law
from ..rulebook.admission import OPEN, Purpose, Step, VotingBody
from ..rulebook.finding import Finding, Severity, blocking
from ..rulebook.timeline import Citation, NotInForce
from . import file_queries, queries
from .actions import VOTES_AT
from .course import TONES, TURNS, stages
from .deed_forms import DeedForm
from .facts import WRITABLE, IntroducerLine, counted
from .models import Admission, AdmissionMove, AdmissionVote
from .offers import OFFERS, Offer
from .paper_shelf import Shelf, shelf
from .views import area


class Deed(NamedTuple):
    """A deed as the page shows it: its form, its door, and whether the actor's earlier hand bars her."""

    offer: Offer
    form: DeedForm
    url: str
    is_barred: bool
    is_open: bool


class VoteLine(NamedTuple):
    """A vote with what it needed: `votes/base, needed`, the article, and whether it was enough."""

    vote: AdmissionVote
    base: int
    needed: int | None
    findings: list[Finding]
    is_enough: bool
    url: str | None


@area.get("/admissions/<int:admission_id>", needs=Permission.ADMISSIONS_READ)
def show(actor: Actor, admission_id: int) -> Any:
    """One file, and the forms of what the actor may do with it now."""
    return file_page(actor, file_queries.one(actor, admission_id))


def file_page(
    actor: Actor, file: Admission, *, sent: DeedForm | None = None, problems: Sequence[Any] = (), conflict: Conflict | None = None,
    papers: Shelf | None = None,
) -> str:  # fmt: skip
    """The page of the file; the form that was `sent` and refused stands on it, open and filled."""
    reader, today = actor.using(Permission.ADMISSIONS_READ), clock.today()
    cell = file_queries.cell(file)
    votes, moves = file_queries.votes(reader, file), file_queries.moves(reader, file)
    found = _demanded(reader, file, today)
    blocks = blocking(found)
    deeds = _deeds(actor, file, cell, sent)
    if sent is not None and not any(one.form is sent for one in deeds) and papers is None:
        problems = [*problems, *sent.general, *(fault for field in sent for fault in field.errors)]
    prepares = may_prepare(actor, cell)
    return render_template(
        "admissions/show.html", file=file, person=file.person, unit=file.unit, cell=cell, tone=TONES.get(file.step, "neutral"),
        steps=stages(file, file.unit.kind.value, today, moves), turn=TURNS.get(file.step), term=queries.deadline(file, today),
        to_do=[one for one in found if one.severity is not Severity.OK], kept=[one for one in found if one.severity is Severity.OK],
        blocks=len(blocks), votes=[_vote_line(one, file, prepares) for one in votes],
        new_votes=_votes_at(file.step) if prepares else [], law=_law(file, moves, today),
        introducers=[introduced(one) for one in file_queries.introducers(reader, file, _vote_day(votes) or today)],
        helper=file_queries.helper_name(reader, file), reviews=file_queries.reviews(reader, file), moves=moves,
        last_return=_last_return(file, moves), deeds=deeds, problems=problems, conflict=conflict,
        mine=sent.typed if sent and conflict else {},
        shelf=papers or shelf(actor, file), may_edit=prepares and bool(WRITABLE.get(file.step)),
        is_member=file.step not in law.CANDIDATE and file.step not in _NEVER_MEMBER and actor.may(Permission.MEMBERS_READ),
    )  # fmt: skip


#: What whoever checks or decides looks at beside the demands of her own step: those of the step at which the cell handed in.
_CHECKS: Mapping[Step, Step] = {
    Step.SUBMITTED: Step.DRAFT, Step.COMMITTEE: Step.DRAFT, Step.DECIDING: Step.DRAFT, Step.PROPOSED: Step.PROBATION,
    Step.RULING: Step.PROBATION,
}  # fmt: skip


def _demanded(reader: Actor, file: Admission, today: dt.date) -> list[Finding]:
    """What the law demands before the file goes on; what the form of the step is there to say is not counted as lacking."""
    if file.step not in OPEN:
        return []
    handed_in = _CHECKS.get(file.step)
    checked = file_queries.findings(reader, file, today, handed_in) if handed_in else []
    said = {name for one in OFFERS if file.step in one.steps and one.look == "primary" for name in one.form(formdata=None).data}
    own = [
        one for one in file_queries.findings(reader, file, today) if one.severity is not Severity.BLOCK or one.field not in said
    ]  # fmt: skip
    return [*checked, *own]


_NEVER_MEMBER = (Step.DECIDED, Step.WITHDRAWN, Step.DECLINED, Step.CANCELLED, Step.MOVED)


def may_prepare(actor: Actor, cell: Unit) -> bool:
    """Whether the actor prepares files of that cell."""
    prepare = Permission.ADMISSIONS_PREPARE
    return actor.may(prepare) and actor.using(prepare).reach().covers(cell.path)


def _deeds(actor: Actor, file: Admission, cell: Unit, sent: DeedForm | None) -> list[Deed]:
    """What the actor may do now, each with its form; the one that was sent keeps what was typed."""
    today, found = clock.today(), list[Deed]()
    had_it = file_queries.hands(file).hold(actor)
    for offer in OFFERS:
        if not offer.stands(actor, file, cell.path):
            continue
        if offer.view == "close" and file_queries.is_member(file.person_id):
            continue
        if offer.view == "send_back" and any(one.offer.view == "give_back" for one in found):
            continue
        is_sent = sent is not None and sent.key == offer.key
        form = sent if is_sent and sent is not None else offer.form(formdata=None)
        if not is_sent:
            form.offer(org.destinations(today))
            form.propose(_usual(actor.using(offer.needs), file, offer, today))
        form.version.data = str(file.version) if not is_sent or not form.version.data else form.version.data
        form.hint(_hints(offer, file, today))
        url = url_for(offer.endpoint, admission_id=file.id)
        found.append(Deed(offer, form, url, offer.by_others and had_it, is_sent or not offer.is_folded))
    return found


def _usual(actor: Actor, file: Admission, offer: Offer, today: dt.date) -> dict[str, Any]:
    """What a committee's form starts from: today, how many sit in the body now, all of them present, the secretary signing."""
    body = Body.EXECUTIVE if file.step is Step.COMMITTEE else Body.STANDING
    if offer.view not in ("committee_votes", "not_carried", "decide", "decline", "recognise", "remove", "cancel"):
        return {}
    sitting = members.committee(actor, org.root(), today, (body, Body.EXECUTIVE))
    heads = len({one.person_id for one in sitting if one.body is body}) or None
    secretary = next((one.person.full_name for one in sitting if one.title is Title.SECRETARY), None)
    return {"decided_on": today, "held_on": today, "on": today, "members": heads, "present": heads, "signer": secretary}


def _hints(offer: Offer, file: Admission, today: dt.date) -> dict[str, str]:
    """What is said below the fields of a deed."""
    if offer.view == "hold_ceremony":
        term = queries.deadline(file, today)
        return {"ceremony_on": _("Hạn cuối: %(day)s", day=fmt_date(term.due))} if term else {}
    if offer.view in ("decide", "recognise", "remove"):
        return {"outside_number": _("Để trống thì sổ tự cấp số tiếp theo.")}
    if offer.view == "move_away":
        return {"to": _("Chi bộ trong xã tiếp tục làm hồ sơ; ngoài xã thì hồ sơ kết thúc ở đây.")}
    return {}


def _votes_at(step: Step) -> list[Purpose]:
    return [purpose for purpose, steps in VOTES_AT.items() if step in steps]


def _vote_day(votes: Sequence[AdmissionVote]) -> dt.date | None:
    return max((one.held_on for one in votes if one.body is VotingBody.CELL and one.purpose is Purpose.ADMISSION), default=None)


def _vote_line(vote: AdmissionVote, file: Admission, prepares: bool) -> VoteLine:
    facts = counted(vote)
    try:
        if vote.body is VotingBody.CELL:
            needed: int | None = law.votes_needed(vote.members, vote.held_on, vote.not_counted, purpose=vote.purpose)
            found = law.vote_findings(facts, vote.held_on, purpose=vote.purpose)
        else:
            needed = law.committee_votes_needed(vote.members, vote.held_on, vote.body, purpose=vote.purpose)
            found = law.committee_vote_findings(facts, vote.held_on, vote.body, purpose=vote.purpose)
    except (NotInForce, ValueError):
        needed, found = None, []
    editable = prepares and vote.body is VotingBody.CELL and vote.purpose in _votes_at(file.step)
    url = url_for("admissions.edit_vote", admission_id=file.id, vote_id=vote.id) if editable else None
    is_enough = needed is not None and vote.in_favour >= needed
    return VoteLine(vote, facts.base, needed, found, is_enough, url)


class LawLine(NamedTuple):
    """Which regulation governs the file: the one frozen when the way began, and today's where it is another one."""

    instrument: str
    since: dt.date
    today: Citation | None
    steps: list[tuple[Step, dt.date, str]]


def _law(file: Admission, moves: Sequence[AdmissionMove], today: dt.date) -> LawLine:
    now = law.regulation(today) if file.step in OPEN else None
    steps = [(one.to_step, one.day, one.instrument) for one in reversed(moves) if one.instrument]
    return LawLine(file.instrument, file.started_on, now if now and now.instrument != file.instrument else None, steps)


def _last_return(file: Admission, moves: Sequence[AdmissionMove]) -> AdmissionMove | None:
    """Why the file is back at the cell, when it is."""
    last = moves[0] if moves else None
    return last if last and file.step in (Step.LISTED, Step.RETURNED, Step.SENT_BACK) and last.from_step and last.reason else None


def introduced(one: IntroducerLine) -> tuple[str, str]:
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
