"""A cell with three members and a secretary in office."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from partyreg import access
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Title
from tests import make


@pytest.fixture
def cell(commune):
    """The cell of Bon: `.unit`, members `.an` (the secretary), `.binh`, `.chi`, the commune and its other cell."""
    an, binh, chi = (make.member(unit=commune.bon, full_name=name) for name in ("Lò Văn An", "Lò Thị Bình", "Cà Văn Chi"))
    person = db.session.get_one(Person, an.id)
    members.appoint(
        access.system("test"), person, unit=commune.bon, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2020, 1, 1)
    )
    db.session.commit()
    return SimpleNamespace(unit=commune.bon, he=commune.he, root=commune.root, an=an.id, binh=binh.id, chi=chi.id)


@pytest.fixture
def secretary(as_, cell):
    """The browser of that cell's secretary."""
    return as_(access.Role.SECRETARY, cell.unit, name="Lò Văn An")
