"""The papers of a file are issued: numbered in their series, kept as they were, and tied to the file."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import sqlalchemy as sa

from ..access import Actor
from ..audit import deed
from ..db import db
from ..documents import actions as documents
from ..documents.models import Document
from ..errors import RuleBroken
from ..i18n import _
from ..members.models import Member, Person
from ..org import queries as org
from ..rulebook.admission import VotingBody
from . import file_queries, papers
from .models import Admission, AdmissionPaper
from .moves import not_ahead, not_stale, refuse


@deed
def issue_paper(actor: Actor, file: Admission, version: int, kind: str, *, issued_on: dt.date, signer: str | None = None) -> Document:
    """A paper of the file is issued with its number and kept; a resolution of the cell gives its number to the vote behind it.

    Raises Conflict; RuleBroken at a step that has no such paper yet, for a day ahead, or while one of that kind stands that is
    not void.
    """
    not_stale(file, version)
    not_ahead(issued_on, "issued_on")
    file.version += 1  # whoever issues at the same time has a stale file
    db.session.flush()
    sort = papers.KINDS[kind]
    if sort.by_decision or file.step not in sort.steps:
        raise refuse("paper.not_now", "", _("Chưa đến bước, hoặc đã qua bước ban hành “%(title)s”."), title=sort.title)
    standing = [one.document for one in file_queries.papers(actor, file) if one.document.kind == kind]
    if any(one.voided_on is None for one in standing):
        text = _("“%(title)s” đã ban hành. Nếu sai, hủy bản đó (ghi lý do) rồi ban hành lại.")
        raise refuse("paper.issued", "", text, title=sort.title)
    if kind in papers.RESOLVES:
        return _resolution(actor, file, kind, issued_on, signer)
    return _issue(actor, file, kind, issued_on, signer)


def _resolution(actor: Actor, file: Admission, kind: str, issued_on: dt.date, signer: str | None) -> Document:
    """The resolution of the cell's last vote, which bears the number that the minutes have, or gives them its own.

    Raises RuleBroken for a day before the vote, or a number of the minutes that the cell's series has passed.
    """
    votes = file_queries.votes(actor, file, VotingBody.CELL, papers.RESOLVES[kind])
    if not votes:
        return _issue(actor, file, kind, issued_on, signer)  # which says what the file lacks
    vote = votes[-1]
    if issued_on < vote.held_on:
        text = _("Nghị quyết không thể ban hành trước ngày chi bộ biểu quyết (%(day)s).")
        raise refuse("paper.before_vote", "issued_on", text, day=vote.held_on)
    own = {one.document.sign for one in file_queries.papers(actor, file)}  # the number of a void one is written nowhere else
    written = papers.used_before(actor, file, kind) + 1 if vote.number and vote.number not in own else 0
    document = _issue(actor, file, kind, issued_on, signer, at_least=max(written - 1, 0))
    if written and document.number != written:
        text = _("Biên bản ghi nghị quyết số %(written)s nhưng sổ văn bản của chi bộ đã đến số %(last)s. Sửa số ở biểu quyết, "
                 "hoặc để trống cho sổ cấp số.")  # fmt: skip
        raise refuse("paper.number_passed", "", text, written=written, last=(document.number or 1) - 1)
    vote.number = document.sign
    db.session.flush()
    return document


def number_decision(
    actor: Actor, file: Admission, kind: str, *, issued_on: dt.date, signer: str, outside_number: str | None, reason: str | None = None
) -> Document:
    """The decision of a deed is issued, or, issued outside before, only holds its number. Raises RuleBroken for a number taken."""
    if not outside_number:
        return _issue(actor, file, kind, issued_on, signer, reason)
    series = papers.series_of(kind, issued_on) or ""
    written = re.fullmatch(r"\s*(\d{1,6})\s*(?:-\s*(.+?))?\s*", outside_number)
    if written is None or (written[2] and written[2] != series):
        text = _("Ghi số theo dạng 16 hoặc 16-%(series)s, như trên quyết định đã ban hành.")
        raise refuse("paper.number", "outside_number", text, series=series)
    number = int(written[1])
    if f"{number}-{series}" in _known(issued_on.year):
        text = _("Số %(sign)s năm %(year)s đã có trong sổ. Hãy xem lại số trên quyết định.")
        raise refuse("document.number_taken", "outside_number", text, sign=f"{number}-{series}", year=issued_on.year)
    try:
        document = documents.note_outside(
            actor, unit=file_queries.cell(file), issuer=org.root(), kind=kind, title=_subject(file, kind), series=series,
            number=number, issued_on=issued_on, signer=signer, is_binding=True,
        )  # fmt: skip
    except RuleBroken as refused:
        raise RuleBroken([dataclasses.replace(one, field="outside_number") for one in refused.findings]) from None
    return _tied(file, document)


def _issue(
    actor: Actor, file: Admission, kind: str, issued_on: dt.date, signer: str | None, reason: str | None = None, at_least: int = 0
) -> Document:
    sort = papers.KINDS[kind]
    cell = file_queries.cell(file)
    document = documents.issue(
        actor, unit=cell, issuer=cell if sort.by_cell else org.root(), kind=kind, title=_subject(file, kind), master=sort.master,
        facts=papers.facts_for(actor, file, kind, issued_on, signer, reason), issued_on=issued_on, signer=signer,
        series=papers.series_of(kind, issued_on), form_code=papers.form_code_of(file, kind, issued_on),
        at_least=_highest(kind, issued_on) if sort.by_decision else at_least, is_binding=sort.by_decision,
    )  # fmt: skip
    return _tied(file, document)


def _subject(file: Admission, kind: str) -> str:
    """What the register of outgoing papers says the paper is about: its title and whom it concerns."""
    return f"{papers.KINDS[kind].written}: {db.session.get_one(Person, file.person_id).full_name}"


def _tied(file: Admission, document: Document) -> Document:
    """The document belongs to the file."""
    db.session.add(AdmissionPaper(admission_id=file.id, document_id=document.id))
    db.session.flush()
    return document


def _known(year: int) -> list[str]:
    """The numbers of decisions of that year that the register knows from files and members, issued here or outside."""
    numbers = (
        sa.select(Admission.decision_number).where(Admission.decision_year == year),
        sa.select(Admission.ruling_number).where(Admission.ruling_year == year),
        sa.select(Member.decision_number).where(sa.extract("year", Member.decided_on) == year),
    )
    return [number for query in numbers for number in db.session.scalars(query) if number]


def _highest(kind: str, day: dt.date) -> int:
    """The highest number of that year in the decision's own series; 0 before the first. Other bodies' series do not count."""
    ours = re.compile(rf"(\d{{1,6}})(?:-{re.escape(papers.series_of(kind, day) or '')})?")
    found = [ours.fullmatch(number.strip()) for number in _known(day.year)]
    return max((int(one[1]) for one in found if one), default=0)
