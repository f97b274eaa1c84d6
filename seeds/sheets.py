"""Enters the yearly ratings: the years before the register began from papers, later ones by campaign."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from partyreg import access, clock
from partyreg.access import Actor, Permission
from partyreg.org.models import Unit
from partyreg.ratings import actions, campaign_actions, campaign_queries, decision_actions, sheet_actions
from partyreg.ratings.campaign_models import RatingLine
from partyreg.ratings.decision_actions import Ruling
from partyreg.ratings.models import Level, NotRated
from partyreg.ratings.sheet_actions import Entry, Minutes
from partyreg.rulebook.rating import SubjectKind, proposed
from partyreg.rulebook.timeline import NotInForce

from .places import CELLS
from .plan import START, Plan, Year

Units = Mapping[str, Unit]
Ids = dict[str, int]


def _deciding() -> Actor:
    return access.system("demo").using(Permission.RATINGS_DECIDE)


def _entering() -> Actor:
    return access.system("demo").using(Permission.RATINGS_ENTER)


def enter_past(plan: Plan, units: Units, ids: Ids) -> None:
    """The years that were closed before the register began are in it."""
    for year in plan.years:
        if year.closed_on is not None and year.closed_on < START:
            actions.open_year(_deciding(), year.year, year.opened_on)
            _fill_and_close(year, units, ids)


def steps(plan: Plan, units: Units, ids: Ids) -> Iterator[tuple[dt.date, Callable[[], object]]]:
    """The campaigns since the register began: those of past years decided and closed, this year's with its sheets under way."""
    for year in plan.years:
        day = max(year.opened_on, START)
        if year.closed_on is None:
            yield day, partial(_open, year.year, day)
            for number, cell in enumerate(CELLS):
                yield min(plan.today, day + dt.timedelta(days=10)), partial(_under_way, year.year, number, units[cell.code])
        elif year.closed_on >= START:
            yield year.closed_on, partial(_open, year.year, year.closed_on)
            yield min(plan.today, year.closed_on + dt.timedelta(days=15)), partial(_decide_and_close, year, units, ids)


def _open(year: int, day: dt.date) -> None:
    """The campaign as the law of the day proposes it; before the law of points, a year whose levels are entered from papers."""
    try:
        terms = proposed(day, (SubjectKind.MEMBER, SubjectKind.ORGANISATION))
    except NotInForce:
        actions.open_year(_deciding(), year, day)
        return
    campaign_actions.open_campaign(_deciding(), year, dataclasses.replace(terms, order=f"{year % 100 + 15}-HD/ĐU", order_on=day))


def _lines(year: int, unit: Unit) -> list[RatingLine]:
    return campaign_queries.lines(_deciding(), campaign_queries.campaign(year), unit)


def _record(year: int, unit: Unit, answers: Mapping[int | None, Level | NotRated], held_on: dt.date) -> None:
    """The sheet with these answers, member id (None for the cell) -> answer; all who were there voted for it."""
    lines, entries = _lines(year, unit), {}
    count = max(3, sum(line.member_id is not None and line.not_rated is None for line in lines))
    for line in lines:
        answer = answers.get(line.member_id, line.law_reason or NotRated.OTHER)
        why = "Hội nghị chi bộ thống nhất." if line.law_reason or isinstance(answer, NotRated) else ""
        if isinstance(answer, NotRated):
            entries[line.id] = Entry(answer=answer, why=why)
        else:
            votes = {answer: count} if line.member_id is not None else {}
            entries[line.id] = Entry(answer, votes=votes, answer=answer, why=why)
    minutes = Minutes(held_on, f"{held_on.month:02d}-BC/CB", full_members=count, present=count)
    versions = {line.id: line.version for line in lines}
    sheet_actions.record_sheet(_entering(), year, unit, entries, minutes, versions)


def _under_way(year: int, number: int, unit: Unit) -> None:
    """Of five cells two have not begun; one has written, one has sent, and one got its sheet back."""
    if number % 5 < 2 or campaign_queries.of_year(year) is None:
        return
    lines = _lines(year, unit)
    answers: dict[int | None, Level | NotRated] = {line.member_id: line.not_rated or Level.GOOD for line in lines}
    _record(year, unit, answers, clock.today())
    if number % 5 > 2:
        sheet_actions.submit_sheet(_entering(), year, unit)
    if number % 5 == 4:
        sheet_actions.return_sheet(_deciding(), year, unit, "Bổ sung biên bản kiểm phiếu.")


def _decide_and_close(year: Year, units: Units, ids: Ids) -> None:
    """Every sheet of the campaign as it was in the cells' books, checked, decided and frozen."""
    if campaign_queries.of_year(year.year) is None:
        _fill_and_close(year, units, ids)
        return
    ruling = access.system("demo").using(Permission.RATINGS_RULE)
    for sheet in year.sheets:
        unit = units[sheet.cell]
        answers: dict[int | None, Level | NotRated] = {None: sheet.unit}
        for key, level, reason in sheet.members:
            if answer := level or reason:
                answers[ids[key]] = answer
        _record(year.year, unit, answers, clock.today())
        sheet_actions.submit_sheet(_entering(), year.year, unit)
        sheet_actions.check_sheet(_deciding(), year.year, unit, "Hồ sơ đầy đủ.")
        lines = _lines(year.year, unit)
        rulings = {
            line.id: Ruling(line.proposed, "Thành tích nổi trội." if line.proposed is Level.EXCELLENT else line.proposed_why or "")
            for line in lines
        }  # fmt: skip
        paper, versions = f"{year.year % 100 + 40}-QĐ/ĐU", {line.id: line.version for line in lines}
        decision_actions.decide_sheet(ruling, year.year, unit, rulings, paper, clock.today(), versions)
    campaign_actions.close_campaign(_deciding(), year.year, campaign_queries.campaign(year.year).version)


def _fill_and_close(year: Year, units: Units, ids: Ids) -> None:
    assert year.closed_on is not None  # noqa: S101 - asked by the callers
    entering = _entering()
    for sheet in year.sheets:
        levels: dict[int, Level | NotRated] = {}
        for key, level, reason in sheet.members:
            answer = level or reason
            if answer is not None:
                levels[ids[key]] = answer
        actions.enter_members(entering, year.year, units[sheet.cell], levels)
    actions.rate_units(_deciding(), year.year, {units[sheet.cell].id: sheet.unit for sheet in year.sheets})
    actions.close_year(_deciding(), year.year, year.closed_on)
