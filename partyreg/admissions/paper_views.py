"""The doors to the papers of a file: preview, issue, download as issued, declare void."""

from __future__ import annotations

from typing import Any

from flask import request

from .. import papers as office_papers
from ..access import Actor, Permission
from ..db import db
from ..documents import actions as document_actions
from ..documents import queries as documents
from ..documents.models import Document, FileFormat
from ..errors import Conflict, Forbidden, NotVisible, RuleBroken
from ..i18n import _
from ..web import done, download
from . import file_queries, paper_actions, papers
from .attempt import attempt
from .deed_forms import PaperForm, VoidForm
from .models import Admission
from .page_views import file_page
from .paper_shelf import file_name, own_ids, reaches, shelf
from .views import area


def _kind(actor: Actor, file: Admission, kind: str) -> papers.PaperKind:
    """The sort of paper. Raises NotVisible for one that there is not, Forbidden for one that is not the actor's to issue."""
    sort = papers.KINDS.get(kind)
    if sort is None:
        raise NotVisible("PaperKind")
    if not reaches(actor, sort.needs, file_queries.cell(file).path):
        raise Forbidden(sort.needs.value)
    return sort


def _document(actor: Actor, file: Admission, document_id: int) -> Document:
    """A paper of the file. Raises NotVisible."""
    found = next((one.document for one in file_queries.papers(actor, file) if one.document_id == document_id), None)
    if found is None:
        raise NotVisible("Document")
    return found


def _format(ending: str) -> FileFormat:
    if ending not in set(FileFormat):
        raise NotVisible("DocumentFile")
    return FileFormat(ending)


def looked_at(made: Document) -> Any:
    """The paper that a deed has just made, as it would be issued, in the form that was asked for; the deed itself is undone."""
    ending = _format(request.form["preview"])
    content, name = documents.content(made, ending), file_name(made)
    db.session.rollback()
    return download(content, name, ending.value)


@area.post("/admissions/<int:admission_id>/papers/<kind>", needs=Permission.ADMISSIONS_PREPARE)
def issue_paper(actor: Actor, admission_id: int, kind: str) -> Any:
    """The paper is issued: it has its number and is kept as it is; or it is only looked at, and nothing is kept."""
    file = file_queries.one(actor, admission_id)
    sort, form = _kind(actor, file, kind), PaperForm()
    own_ids(form, kind)
    if not form.validate():
        return file_page(actor, file, papers=shelf(actor, file, form, kind)), 422
    try:
        document = attempt(
            lambda: paper_actions.issue_paper(
                actor, file, form.seen, kind, issued_on=form.issued_on.data, signer=form.signer.data or None
            )
        )  # fmt: skip
    except RuleBroken as error:
        form.show(error.findings)
    except office_papers.MissingFact as error:
        form.general.append(_lacking(error))
    except Conflict as error:
        file = file_queries.one(actor, admission_id)
        form.version.data = str(file.version)
        return file_page(actor, file, papers=shelf(actor, file, form, kind), conflict=error), 409
    else:
        if "preview" in request.form:
            return looked_at(document)
        message = _("Đã ban hành “%(title)s”, số %(sign)s.", title=sort.title, sign=document.sign or _("không có"))
        return done(message, "admissions.show", admission_id=admission_id)
    file = file_queries.one(actor, admission_id)
    held = shelf(actor, file, form, kind)
    stands = any(one.form is form for one in held.offered)
    return file_page(actor, file, papers=held, problems=[] if stands else form.general), 422


@area.get("/admissions/<int:admission_id>/papers/<int:document_id>.<ending>", needs=Permission.ADMISSIONS_READ)
def download_paper(actor: Actor, admission_id: int, document_id: int, ending: str) -> Any:
    """The paper as it was issued."""
    file = file_queries.one(actor, admission_id)
    document = _document(actor, file, document_id)
    return download(documents.content(document, _format(ending)), file_name(document), ending)


@area.post("/admissions/<int:admission_id>/papers/<int:document_id>/void", needs=Permission.PAPERS_KEEP)
def void_paper(actor: Actor, admission_id: int, document_id: int) -> Any:
    """The paper counts no more; it keeps its number and its files."""
    file = file_queries.one(actor, admission_id)
    document, form = _document(actor, file, document_id), VoidForm()
    own_ids(form, document_id)
    if not form.validate():
        return file_page(actor, file, papers=shelf(actor, file, form, document_id)), 422
    try:
        attempt(lambda: document_actions.void(actor, document, form.seen, form.reason.data))
    except RuleBroken as error:
        form.show(error.findings)
        file = file_queries.one(actor, admission_id)
        return file_page(actor, file, papers=shelf(actor, file, form, document_id)), 422
    except Conflict as error:
        form.version.data = str(document.version)
        return file_page(actor, file, papers=shelf(actor, file, form, document_id), conflict=error), 409
    return done(_("Đã hủy văn bản. Số của văn bản vẫn giữ trong sổ."), "admissions.show", admission_id=admission_id)


def _lacking(error: office_papers.MissingFact) -> str:
    return _("Chưa ban hành được: hồ sơ còn thiếu “%(name)s”. Bổ sung vào hồ sơ rồi làm lại.", name=error.name)
