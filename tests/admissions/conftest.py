"""Who prepares, and who decides."""

from __future__ import annotations

import dataclasses

import pytest

from partyreg.access import Permission, Role


@pytest.fixture
def secretary(actor_, commune):
    """The secretary of the cell of Bon, at a door for preparing files."""
    actor = actor_(Role.SECRETARY, commune.bon, Permission.ADMISSIONS_PREPARE)
    return dataclasses.replace(actor, user_id=11, name="Bí thư bản Bon")


@pytest.fixture
def officer(actor_):
    """An officer of the organisation committee, at a door for deciding."""
    return dataclasses.replace(actor_(Role.ORGANISATION, None, Permission.ADMISSIONS_DECIDE), user_id=12, name="Ban Tổ chức")
