"""Who prepares, who checks, and who decides: three users, since nobody rules on what she had in hand."""

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
    """An officer of the organisation committee, at a door for checking."""
    return dataclasses.replace(actor_(Role.ORGANISATION, None, Permission.ADMISSIONS_CHECK), user_id=12, name="Ban Tổ chức")


@pytest.fixture
def standing(actor_):
    """One of the standing committee, at a door for deciding."""
    return dataclasses.replace(actor_(Role.STANDING, None, Permission.ADMISSIONS_DECIDE), user_id=13, name="Ban Thường vụ")
