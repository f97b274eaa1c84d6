"""Who acts in a campaign, on which cell, and what a refusal said."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Permission, Role
from tests import make
from tests.make import ratings as made

TODAY = dt.date(2026, 11, 24)


def codes(caught) -> set[str]:
    return {finding.code for finding in caught.value.findings}


def fields(caught) -> set[str]:
    return {finding.field for finding in caught.value.findings}


def versions(unit) -> dict[int, int]:
    return {line.id: line.version for line in made.lines(unit)}


@pytest.fixture
def office(actor_):
    return actor_(Role.ORGANISATION, permission=Permission.RATINGS_DECIDE)


@pytest.fixture
def secretary(actor_, commune):
    return actor_(Role.SECRETARY, commune.bon, Permission.RATINGS_ENTER)


@pytest.fixture
def standing(actor_):
    return actor_(Role.STANDING, permission=Permission.RATINGS_RULE)


@pytest.fixture
def three(commune):
    return [make.member(unit=commune.bon, full_name=f"Lò Văn {name}") for name in ("An", "Bình", "Chung")]
