"""The page of a cell's sheet in a campaign, shown again with what was typed when it cannot be saved."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from flask import render_template

from .. import audit
from ..access import Actor, Permission
from ..discipline.actions import read_case
from ..discipline.effect_queries import in_year
from ..errors import Conflict, RuleBroken
from ..i18n import _, label, said
from ..org.models import Unit
from ..rulebook.finding import Finding, Severity, judged, msg
from ..rulebook.rating import Level, RatingStep, SubjectFacts, subject_findings
from ..web import done
from . import campaign_forms as forms
from . import campaign_queries as queries
from . import sheet_actions as actions
from .campaign_models import RatingCampaign, RatingLine
from .facts_queries import facts
from .forms import short_labels
from .models import NotRated
from .queries import PAST_YEARS, reference_day


def digits() -> list[tuple[str, str]]:
    """The levels, each beginning with a digit, so that a digit typed in the list chooses it."""
    words = (_("Xuất sắc"), _("Tốt"), _("Hoàn thành"), _("Không hoàn thành"))
    return [(level.value, f"{number}. {text}") for number, (level, text) in enumerate(zip(Level, words, strict=True), 1)]


def beside(findings: Iterable[Finding]) -> tuple[dict[str, list[str]], list[Finding]]:
    """The findings of a form without a Form: those that name a field, by field, and the others."""
    placed: dict[str, list[str]] = {}
    general = []
    for one in findings:
        if one.field:
            placed.setdefault(one.field, []).append(said(one))
        else:
            general.append(one)
    return placed, general


def page(
    actor: Actor, given: RatingCampaign, unit: Unit, *, errors: Mapping[str, list[str]] | None = None, general: Iterable[Finding] = (),
    conflict: Conflict | None = None, typed: Mapping[str, str] | None = None, returning: Any = None, checking: Any = None,
) -> str:  # fmt: skip
    """The sheet, what each member's year was like, the ceilings, and what may be done with it now."""
    lines = queries.lines(actor, given, unit)
    ids = [line.member_id for line in lines if line.member_id is not None]
    in_cell = given.is_open and any(line.step in queries.IN_CELL for line in lines)
    meeting = next((line for line in lines if line.vote is not None), None)
    instead = forms.read_instead(typed) if typed else None
    return render_template(
        "ratings/campaign_sheet.html", campaign=given, unit=unit, year=given.year, lines=lines, meeting=meeting,
        facts=facts(actor, given.year, ids, reference_day(given.year)), past=range(given.year - PAST_YEARS, given.year),
        warnings={line.id: queries.findings(given, line, line.level) for line in lines}, ceilings=queries.ceilings(actor, given, instead),
        punished=_punished(actor, given, lines), moves=queries.moves(actor, given, unit), levels=digits(), names=dict(short_labels()),
        reasons=list(NotRated),
        errors=errors or {}, general=list(general),
        conflict=conflict, typed=typed or {}, may_enter=in_cell and actor.may(Permission.RATINGS_ENTER),
        at_check=given.is_open and any(line.step is RatingStep.CHECK for line in lines),
        at_decision=given.is_open and any(line.step is RatingStep.DECISION for line in lines),
        returning=returning or forms.ReturnForm(formdata=None), checking=checking or forms.CheckForm(formdata=None),
    )  # fmt: skip


def _punished(actor: Actor, given: RatingCampaign, lines: Iterable[RatingLine]) -> dict[int, list[Finding]]:
    """Line -> what a discipline of the year means for its level, for whoever may see the discipline; that she sees it is on record."""
    if not actor.may(Permission.DISCIPLINE_READ):
        return {}
    reader = actor.using(Permission.DISCIPLINE_READ)
    members = {line.member_id: line for line in lines if line.member_id is not None}
    found = {}
    for member_id, cases in in_year(reader, list(members), given.year).items():
        line, days = members[member_id], tuple(case.published_on for case in cases if case.published_on is not None)
        for case in cases:
            read_case(reader, case)
            audit.do_anyway(functools.partial(read_case, reader, case))  # of a refused sheet only this one is kept
        told = [
            judged("rating.disciplined", "level", Severity.WARN, msg("Bị %(form)s, công bố ngày %(on)s."), form=label(case.form).lower(),
                   on=case.published_on)
            for case in cases
        ]  # fmt: skip
        level = line.level if isinstance(line.level, Level) else None
        if level is not None:
            law = subject_findings(SubjectFacts(line.kind, level, disciplined_on=days), given.terms.day, given.terms.bands)
            told += [one for one in law if one.code == "rating.discipline"]
        found[line.id] = told
    return found


def save(actor: Actor, given: RatingCampaign, unit: Unit, sent: Mapping[str, str]) -> Any:
    """The sheet that was sent is saved at once; what cannot be comes back as it was typed, with the reason beside the field."""
    read = forms.read_sheet(sent, queries.lines(actor, given, unit))
    if read.wrong:
        errors = {name: [text] for name, text in read.wrong.items()}
        return page(actor, given, unit, errors=errors, typed=sent), 422
    try:
        count = actions.record_sheet(actor, given.year, unit, read.entries, read.minutes, read.versions)
    except RuleBroken as refused:
        placed, general = beside(refused.findings)
        return page(actor, given, unit, errors=placed, general=general, typed=sent), 422
    except Conflict as conflict:
        return page(actor, given, unit, conflict=conflict, typed=sent), 409
    return done(_("Đã lưu bảng xếp loại: %(count)s thay đổi.", count=count), "ratings.sheet", year=given.year, code=unit.code)
