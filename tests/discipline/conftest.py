"""The one concerned."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from partyreg.db import db
from partyreg.members.models import Member
from tests import make


@pytest.fixture
def her(commune: SimpleNamespace) -> Member:
    """A full member of the cell of Bon."""
    made = make.member(unit=commune.bon, full_name="Lò Thị Đành")
    db.session.commit()
    return made
