"""What we do with documents: issue, declare void, note one that was issued outside the register."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import sqlalchemy as sa

from .. import clock, papers
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date
from ..names import nfc
from ..org.models import Unit
from ..rulebook.finding import Finding, Severity
from . import queries
from .models import Document, DocumentFile, FileFormat

#: The kind of a paper of which only the number is known.
OUTSIDE = "outside"


def _refuse(code: str, field: str, message: str) -> RuleBroken:
    return RuleBroken([Finding(code=code, field=field, severity=Severity.BLOCK, message=message)])


@deed
def issue(
    actor: Actor, *, unit: Unit, issuer: Unit, kind: str, title: str, master: str, facts: dict[str, Any], issued_on: dt.date,
    signer: str | None = None, series: str | None = None, form_code: str | None = None, at_least: int = 0, is_binding: bool = False,
) -> Document:  # fmt: skip
    """The paper is issued: it has the next number of its series, and is kept as Word and PDF with their hashes.

    `at_least` numbers of the series were used before the register knew it; where that leaves a gap, the register notes it.
    The master reads the number as `number` and with its series as `sign`. Raises RuleBroken for a day to come, papers.MissingFact
    where the master asks for a fact that is not there.
    """
    _has_come(issued_on, "issued_on")
    number = _take_number(issuer, series, issued_on, at_least) if series else None
    document = Document(
        unit_id=unit.id, issuer_id=issuer.id, kind=kind, title=title, form_code=form_code, series=series,
        year=issued_on.year if series else None, number=number, issued_on=issued_on, signer=signer, is_binding=is_binding, version=1,
    )  # fmt: skip
    facts = {**facts, "number": number, "sign": document.sign}
    word = papers.render(master, facts, title=title, author=issuer.name, on=issued_on)
    pdf = papers.to_pdf(word, title)
    document.facts = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str)
    db.session.add(document)
    db.session.flush()
    for format, content in ((FileFormat.DOCX, word), (FileFormat.PDF, pdf)):
        db.session.add(DocumentFile(document_id=document.id, format=format, sha256=hashlib.sha256(content).hexdigest(), content=content))
    db.session.flush()
    return document


@deed
def void(actor: Actor, document: Document, version: int, reason: str) -> Document:
    """The document counts no more; it keeps its number and its files.

    Raises Conflict for a stale version, RuleBroken without a reason or where the document is void already, or binds.
    """
    if document.version != version:
        raise Conflict(_("Văn bản này vừa được người khác sửa. Hãy xem lại rồi làm lại."))
    if document.is_binding:
        text = _("Quyết định này đã có hiệu lực nên không hủy số. Muốn bỏ thì ra quyết định hủy ở trang hồ sơ kết nạp.")
        raise _refuse("document.binding", "reason", text)
    why = nfc(reason or "")
    if not why:
        raise _refuse("document.no_reason", "reason", _("Chưa ghi lý do hủy. Hãy ghi, vì số này ở lại trong sổ và người sau phải hiểu."))
    if document.voided_on is not None:
        raise _refuse("document.void_already", "reason", _("Văn bản này đã hủy rồi. Không cần hủy lần nữa."))
    document.voided_on, document.void_reason = clock.today(), why
    db.session.flush()
    return document


@deed
def note_outside(
    actor: Actor, *, unit: Unit, issuer: Unit, kind: str, title: str, series: str, number: int, issued_on: dt.date,
    signer: str | None = None, is_binding: bool = False,
) -> Document:  # fmt: skip
    """A number that was used outside the register is taken in its series; there is no file.

    Raises RuleBroken for a day to come, for no number, or one that is taken in the series of that year.
    """
    _has_come(issued_on, "issued_on")
    if number < 1:
        raise _refuse("document.no_number", "number", _("Số văn bản phải từ 1 trở lên. Hãy ghi số như trên văn bản."))
    _lock(issuer)
    if taken := _holder(issuer, series, issued_on.year, number):
        text = _("Số %(sign)s năm %(year)s đã cấp: “%(title)s”. Hãy xem lại số trên văn bản.",
                 sign=taken.sign, year=taken.year, title=taken.title)  # fmt: skip
        raise _refuse("document.number_taken", "number", text)
    row = _note(unit, issuer, kind, title, series, number, issued_on, signer)
    row.is_binding = is_binding
    db.session.flush()
    return row


def _note(
    unit: Unit, issuer: Unit, kind: str, title: str, series: str, number: int, issued_on: dt.date, signer: str | None = None,
) -> Document:  # fmt: skip
    row = Document(
        unit_id=unit.id, issuer_id=issuer.id, kind=kind, title=title, series=series, year=issued_on.year, number=number,
        issued_on=issued_on, signer=signer, is_outside=True, version=1,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _take_number(issuer: Unit, series: str, issued_on: dt.date, at_least: int) -> int:
    """The next number, nobody else's; where `at_least` leaves a gap, a line says up to where the numbers were used before."""
    _lock(issuer)
    if at_least > queries.last_number(issuer, series, issued_on.year):
        _note(issuer, issuer, OUTSIDE, str(_("Đã dùng đến số này ngoài sổ")), series, at_least, issued_on)
    return queries.next_number(issuer, series, issued_on.year)


def _lock(issuer: Unit) -> None:
    """Whoever numbers the issuer's papers at the same time waits; SQLite has one writer anyway."""
    db.session.get(Unit, issuer.id, with_for_update=True)


def _holder(issuer: Unit, series: str, year: int, number: int) -> Document | None:
    query = sa.select(Document).where(
        Document.issuer_id == issuer.id, Document.series == series, Document.year == year, Document.number == number
    )
    return db.session.scalar(query)


def _has_come(day: dt.date, field: str) -> None:
    if day > clock.today():
        text = _("Ngày %(day)s chưa đến. Văn bản chỉ được ghi ngày hôm nay hoặc trước đó.", day=fmt_date(day))
        raise _refuse("document.future", field, text)
