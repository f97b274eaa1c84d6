"""The papers on the page of a file: those that can be issued now, and those that were issued."""

from __future__ import annotations

from typing import NamedTuple

from .. import clock
from ..access import Actor, Permission
from ..documents.models import Document
from ..names import fold
from . import file_queries, paper_queries, papers
from .deed_forms import PaperForm, VoidForm
from .models import Admission


class Offered(NamedTuple):
    """A paper that can be issued at the file's step, with its form; it is `is_open` when it was sent and refused."""

    kind: str
    title: str
    form: PaperForm
    is_open: bool


class Issued(NamedTuple):
    """A paper of the file: its document, its formats, the beginning of its hash, and the form that declares it void."""

    document: Document
    formats: list[str]
    mark: str
    form: VoidForm | None
    is_open: bool


class Shelf(NamedTuple):
    """All papers of a file."""

    offered: list[Offered]
    issued: list[Issued]


def shelf(actor: Actor, file: Admission, sent: PaperForm | VoidForm | None = None, on: str | int | None = None) -> Shelf:
    """The papers of the file as the actor may handle them; the form that was `sent` stands at the paper `on`."""
    reader = actor.using(Permission.ADMISSIONS_READ)
    kept = file_queries.papers(reader, file)
    hashes = paper_queries.hashes(one.document_id for one in kept)
    path = file_queries.cell(file).path
    valid = {one.document.kind for one in kept if one.document.voided_on is None}
    offered = []
    for kind, sort in papers.KINDS.items():
        if not sort.by_decision and file.step in sort.steps and kind not in valid and reaches(actor, sort.needs, path):
            form = sent if isinstance(sent, PaperForm) and on == kind else _paper_form(file, kind)
            offered.append(Offered(kind, str(sort.title), form, form is sent))
    keeps = reaches(actor, Permission.PAPERS_KEEP, path)
    issued = []
    for one in kept:
        document = one.document
        blank = _void_form(document) if keeps and document.voided_on is None and not document.is_binding else None
        void = sent if isinstance(sent, VoidForm) and on == document.id else blank
        files = hashes.get(document.id, {})
        mark = next(iter(files.values()), "")[:12]
        issued.append(Issued(document, [name.value for name in files], mark, void, void is not None and void is sent))
    return Shelf(offered, issued)


def reaches(actor: Actor, needs: Permission, path: str) -> bool:
    """Whether the actor may do that work in the unit at `path`."""
    return actor.may(needs) and actor.using(needs).reach().covers(path)


def own_ids(form: PaperForm | VoidForm, on: str | int) -> None:
    """The ids of the form's fields are its own among the papers of the page."""
    for field in form:
        field.id = f"{form.key}-{on}-{field.name}"
        field.label.field_id = field.id


def file_name(document: Document) -> str:
    """The name under which a paper is saved: its number and series, or its title, in plain letters."""
    return slug(f"{document.title} {document.sign or document.issued_on.isoformat()}")


def slug(text: str) -> str:
    """The text in lower-case letters, digits and hyphens."""
    return "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in fold(text)).split())[:80]


def _paper_form(file: Admission, kind: str) -> PaperForm:
    form = PaperForm(formdata=None, data={"issued_on": clock.today(), "version": file.version})
    own_ids(form, kind)
    return form


def _void_form(document: Document) -> VoidForm:
    form = VoidForm(formdata=None, data={"version": document.version})
    own_ids(form, document.id)
    return form
