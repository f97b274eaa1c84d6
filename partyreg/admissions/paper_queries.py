"""What we ask about the files of issued papers."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from ..db import db
from ..documents.models import DocumentFile, FileFormat


def hashes(ids: Iterable[int]) -> dict[int, dict[FileFormat, str]]:
    """The SHA-256 of every kept file of these documents, by document and format; the caller has been shown them."""
    wanted, found = list(ids), dict[int, dict[FileFormat, str]]()
    if not wanted:
        return found
    query = sa.select(DocumentFile.document_id, DocumentFile.format, DocumentFile.sha256).where(DocumentFile.document_id.in_(wanted))
    for document_id, format, sha256 in db.session.execute(query.order_by(DocumentFile.id)):
        found.setdefault(document_id, {})[format] = sha256
    return found
