"""The doors to the register of outgoing papers: a year and its series, one paper, its files, and the two deeds of its keeper."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import RuleBroken
from ..i18n import _, fmt_date, lazy
from ..org import queries as org
from ..org.models import UnitKind
from ..tables import Column, Row, Table
from ..web import Area, Page, done, download
from . import actions, queries
from .forms import OutsideForm, VoidForm
from .models import FileFormat

area = Area("documents", __name__)

_PAGE = 100
_COLUMNS = (
    ("number", lazy("Số")), ("day", lazy("Ngày")), ("title", lazy("Tên, trích yếu")), ("issuer", lazy("Nơi ban hành")),
    ("signer", lazy("Người ký")), ("form", lazy("Mẫu")), ("state", lazy("Ghi chú")),
)  # fmt: skip


@area.get("/papers", needs=Permission.PAPERS_KEEP)
def index(actor: Actor) -> Any:
    """The outgoing papers of a year, of all series or of one."""
    today = clock.today()
    years = sorted({*queries.years(actor), today.year}, reverse=True)
    year = request.args.get("year", today.year, type=int)
    year = year if year in years else today.year
    books = {f"{book.issuer.id}:{book.series}": book for book in queries.books(actor, year)}
    chosen = books.get(request.args.get("book", ""))
    lines = queries.series_list(actor, year, chosen.issuer.id, chosen.series) if chosen else queries.series_list(actor, year)
    page = Page(request.args.get("page", 1, type=int), _PAGE, len(lines))
    shown = lines[page.offset : page.offset + _PAGE]
    return render_template("documents/index.html", year=year, years=years, books=books, chosen=chosen, table=_table(shown), page=page)


def _table(lines: list[queries.Line]) -> Table:
    rows = [
        Row(
            (document.sign or _("không số"), document.issued_on, document.title, issuer.name, document.signer, document.form_code,
             _state(document)),
            url_for("documents.show", document_id=document.id),
        )
        for document, issuer in lines
    ]  # fmt: skip
    columns = [Column(key, str(words), "date" if key == "day" else "text") for key, words in _COLUMNS]
    return Table(_("Sổ văn bản đi"), columns, rows)


def _state(document: Any) -> str:
    if document.voided_on:
        return str(_("Đã hủy %(day)s: %(why)s", day=fmt_date(document.voided_on), why=document.void_reason))
    return str(_("Cấp ngoài sổ")) if document.is_outside else ""


@area.get("/papers/<int:document_id>", needs=Permission.PAPERS_KEEP)
def show(actor: Actor, document_id: int) -> Any:
    """One paper: what the register knows of it, its files, and whether it is void."""
    return _shown(queries.line(actor, document_id), VoidForm(formdata=None))


def _shown(line: queries.Line, form: VoidForm) -> str:
    document, issuer = line
    return render_template(
        "documents/show.html", document=document, issuer=issuer, hashes=queries.hashes(document), form=form, state=_state(document)
    )


@area.get("/papers/<int:document_id>.<any(docx, pdf):ending>", needs=Permission.PAPERS_KEEP)
def file(actor: Actor, document_id: int, ending: str) -> Any:
    """The paper as it was issued."""
    document = queries.one(actor, document_id)
    return download(queries.content(document, FileFormat(ending)), f"van-ban-{document.id}", ending)


@area.post("/papers/<int:document_id>/void", needs=Permission.PAPERS_KEEP)
def void(actor: Actor, document_id: int) -> Any:
    """The paper counts no more."""
    line = queries.line(actor, document_id)
    form = VoidForm()
    if not form.validate_on_submit():
        return _shown(line, form), 422
    try:
        actions.void(actor, line.document, form.seen, form.reason.data)
    except RuleBroken as broken:
        form.show(broken.findings)
        return _shown(line, form), 422
    return done(_("Đã hủy văn bản. Số của văn bản vẫn giữ trong sổ."), "documents.show", document_id=document_id)


@area.form("/papers/outside", needs=Permission.PAPERS_KEEP)
def outside(actor: Actor) -> Any:
    """A number that was used outside the register is taken."""
    today = clock.today()
    form = OutsideForm()
    units = [unit for unit in org.tree(actor, today) if unit.is_cell or unit.kind is UnitKind.COMMUNE]
    form.offer(units)
    if form.validate_on_submit():
        issuer = next(unit for unit in units if unit.code == form.issuer.data)
        try:
            noted = actions.note_outside(
                actor, unit=issuer, issuer=issuer, kind=actions.OUTSIDE, title=form.title.data, series=form.series.data,
                number=form.number.data, issued_on=form.issued_on.data, signer=form.signer.data,
            )  # fmt: skip
        except RuleBroken as broken:
            form.show(broken.findings)
        else:
            return done(_("Đã ghi số %(sign)s.", sign=noted.sign), "documents.index", year=noted.year)
    return render_template("documents/outside.html", form=form), 422 if form.is_submitted() else 200
