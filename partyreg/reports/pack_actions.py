"""What we do with year-end packs: make one, remove one. A pack that was made never changes."""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa

from .. import clock
from ..access import Actor, Permission
from ..audit import deed
from ..db import db
from ..errors import RuleBroken
from ..i18n import _
from ..members import queries as members
from ..members.models import Body, Title
from ..org import queries as org
from ..org.models import Unit, UnitKind
from ..rulebook.finding import Finding, Severity
from . import pack_queries as queries
from .models import PackFormat, ReportPack, ReportPackFile
from .pack import Pack, canonical
from .pack_book import workbook
from .pack_paper import pdf, word


@deed
def make_pack(actor: Actor, year: int, on: dt.date | None = None, unit: Unit | None = None) -> ReportPack:
    """The report of the unit's year is kept as Word, PDF and workbook, with its lines, what they rest on, and their hash.

    Raises NotVisible for a unit beyond the actor's reach, RuleBroken for a year that has not begun or a day before it.
    """
    pack = queries.gather(actor, year, on, unit)
    made = ReportPack(
        unit_id=pack.unit_id, year=pack.year, day=pack.day, made_by_id=actor.user_id, made_by=actor.name, made_at=clock.now(),
        needs=f" {' '.join(pack.needs)} ", parameters=canonical(pack.parameters), lines=canonical(pack.lines),
        line_count=len(pack.lines), sha256=pack.sha256,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for form, content in files(actor, pack).items():
        db.session.add(ReportPackFile(pack_id=made.id, format=form, sha256=hashlib.sha256(content).hexdigest(), content=content))
    db.session.flush()
    return made


def files(actor: Actor, pack: Pack) -> dict[PackFormat, bytes]:
    """The pack in every form."""
    docx = report(actor, pack)
    return {PackFormat.DOCX: docx, PackFormat.PDF: pdf(docx, pack), PackFormat.XLSX: workbook(pack)}


def report(actor: Actor, pack: Pack) -> bytes:
    """The pack as the Word file of today, with the name of the secretary of today where the reader may see it."""
    root, today = org.root(), clock.today()
    unit = db.session.get_one(Unit, pack.unit_id)
    body = Body.EXECUTIVE if unit.kind is UnitKind.COMMUNE else Body.CELL_COMMITTEE
    heads = members.committee(actor.using(Permission.MEMBERS_READ), unit, today, (body,))
    signer = next((one.person.full_name for one in heads if one.title is Title.SECRETARY), None)
    return word(pack, root, signer, today)


@deed
def remove_pack(actor: Actor, found: ReportPack) -> None:
    """The pack and its files are gone; the audit keeps that it was there, with its hash. Raises RuleBroken for whoever did not make it."""
    if actor.user_id is None or found.made_by_id != actor.user_id:
        text = _("Báo cáo này do %(name)s lập. Chỉ người lập được xóa; hãy đề nghị người đó.", name=found.made_by)
        raise RuleBroken([Finding(code="report.not_hers", field="pack", severity=Severity.BLOCK, message=text)])
    for file in db.session.scalars(sa.select(ReportPackFile).where(ReportPackFile.pack_id == found.id)):
        db.session.delete(file)
    db.session.flush()
    db.session.delete(found)
    db.session.flush()
