"""What the tests of the deeds share: what a refusal says and that it changes nothing, the log of a file, the usual deeds."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import schema
from partyreg.admissions import ruling_actions
from partyreg.admissions.attempt import attempt
from partyreg.admissions.models import AdmissionMove
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, RuleBroken
from tests.make.admissions import STANDING

TODAY = dt.date(2026, 11, 24)
TOMORROW = TODAY + dt.timedelta(days=1)
SIGNER = "Lò Văn Pâng"


def rows():
    """Every row of every table but the audit's, as the database holds it."""
    connection = db.session.connection()
    return {
        table.name: sorted(map(repr, connection.execute(sa.select(table))))
        for table in schema.metadata().sorted_tables
        if not table.name.startswith("audit_")
    }


@contextlib.contextmanager
def changes_nothing():
    """The block leaves every row as it was."""
    db.session.flush()
    before = rows()
    yield
    after = rows()
    assert {name: after[name] for name in after if after[name] != before[name]} == {}


def refused(deed, *codes, field=None):
    """The deed is refused for these reasons and no others, at that field, in Vietnamese, and nothing of it stays."""
    with changes_nothing(), pytest.raises(RuleBroken) as refusal:
        attempt(deed)
    found = refusal.value.findings
    assert {one.code for one in found} == set(codes)
    assert all(one.blocks and not one.message.isascii() and "%(" not in one.message for one in found)
    if field is not None:
        assert field in {one.field for one in found}
    return found


def stale(deed):
    """The deed is refused since somebody else was faster, and nothing of it stays."""
    with changes_nothing(), pytest.raises(Conflict) as conflict:
        attempt(deed)
    return conflict.value


def moves(file):
    """The log of a file as (from, to, user, reason)."""
    rows = db.session.scalars(sa.select(AdmissionMove).where(AdmissionMove.admission_id == file.id).order_by(AdmissionMove.id))
    return [(one.from_step, one.to_step, one.user_id, one.reason) for one in rows]


def last_deed():
    """The name of the last deed on record."""
    return db.session.scalars(sa.select(AuditEntry.deed).order_by(AuditEntry.seq.desc())).first()


def ruling(deed, actor, file, **changed):
    """`decide`, `recognise` or `remove` by that actor, today and unanimously unless told."""
    facts = {"decided_on": TODAY, "signer": SIGNER, "counts": STANDING, "outside_number": "125", **changed}
    return deed(actor, file, file.version, **facts)


def decide(actor, file, **changed):
    """The standing committee decides to admit."""
    return ruling(ruling_actions.decide, actor, file, **changed)
