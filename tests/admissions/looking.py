"""What the tests of the pages read from a page, and who looks at it."""

from __future__ import annotations

import re

import sqlalchemy as sa

from partyreg.access import Role
from partyreg.admissions.models import Admission, AdmissionVote
from partyreg.db import db

#: What a browser sends of a new candidate (introducers and helper are added by the tests that need them).
PERSON = {
    "full_name": "Quàng Thị Hoa", "sex": "female", "born_on": "08/03/2001", "ethnicity": "Thái", "schooling": "upper_secondary",
    "qualification": "none", "theory": "none", "personal_number": "014301000123", "residence": "Bản Bon",
}  # fmt: skip
LISTED = {**PERSON, "listed_on": "02/11/2026", "listing_number": "09-NQ/CB", "helper_id": "", "who_1": "", "who_2": ""}


def secretary_of(as_, unit):
    """The browser of the secretary of that cell."""
    return as_(Role.SECRETARY, unit, name="Bí thư bản Bon")


def officer_of(as_, name="Cán bộ Ban Tổ chức"):
    """The browser of an officer of the organisation committee."""
    return as_(Role.ORGANISATION, name=name)


def standing_of(as_):
    """The browser of one of the standing committee."""
    return as_(Role.STANDING, name="Ban Thường vụ")


def files():
    """Every file, in order of making."""
    return list(db.session.scalars(sa.select(Admission).order_by(Admission.id)))


def votes_of(file):
    """The votes of a file, in order of making."""
    return list(db.session.scalars(sa.select(AdmissionVote).where(AdmissionVote.admission_id == file.id).order_by(AdmissionVote.id)))


def refreshed(file):
    """The file as it is kept now."""
    db.session.expire_all()
    return db.session.get_one(Admission, file.id)


def error_of(page, field):
    """What stands beside a field."""
    found = re.search(rf'id="{field}-error">(.*?)</ul>', page, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]) if found else ""


def kept_of(page):
    """The hidden versions of a page's form."""
    return dict(re.findall(r'name="(version|candidate_version|roll_day)" value="([^"]*)"', page))


def doors_of(page):
    """The deeds that the page of a file offers, by the last part of their address."""
    return set(re.findall(r'<form method="post" action="/admissions/\d+/([\w-]+)"', page))
