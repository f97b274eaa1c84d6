"""A discipline of the year on the cell's sheet: for whoever may see it, with the rule, and on record as read."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Role
from partyreg.db import db
from partyreg.discipline import queries
from partyreg.members.models import Standing
from partyreg.rulebook.discipline import Decider
from tests import make
from tests.make import ratings as made
from tests.make.discipline import case, published

SHEET = "/ratings/2026/cb-bon"


@pytest.fixture
def her(commune):
    member = make.member(unit=commune.bon, full_name="Lò Thị Đành")
    make.member(unit=commune.bon, full_name="Lò Văn An", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 3, 1))
    db.session.commit()
    return member


def test_the_deciding_cells_secretary_and_the_commune_see_it(as_, commune, her):
    found = published(case(member=her, body=Decider.CELL), day=dt.date(2026, 6, 12))
    made.campaign()
    db.session.commit()
    page = as_(Role.SECRETARY, commune.bon, name="Lò Thị Bí").get(SHEET).text
    assert "Bị khiển trách, công bố ngày 12/06/2026." in page
    assert "khiển trách" in as_(Role.STANDING).get(SHEET).text
    assert [one.reader for one in queries.readings(found)][-1] == "Lò Thị Bí" and len(queries.readings(found)) == 2


def test_others_see_the_sheet_as_if_there_were_none(as_, commune, her):
    found = published(case(member=her, body=Decider.CELL))
    made.campaign()
    db.session.commit()
    assert "khiển trách" not in as_(Role.ORGANISATION).get(SHEET).text
    assert "khiển trách" not in as_(Role.SECRETARY, commune.bon, person_id=her.id).get(SHEET).text  # nor of her own
    assert queries.readings(found) == []


def test_what_is_proposed_above_the_most_is_warned_of_with_its_article(as_, commune, her):
    published(case(member=her, body=Decider.CELL))
    made.campaign()
    db.session.commit()
    secretary = as_(Role.SECRETARY, commune.bon)
    sent = {"voted_on": "21/11/2026", "paper": "05-BC/CB", "full_members": "1", "not_counted": "", "present": "1"}
    for line in made.lines(commune.bon):
        sent |= {f"self_level-{line.id}": "good", f"answer-{line.id}": "good", f"version-{line.id}": str(line.version),
                 f"score-{line.id}": "85", f"why-{line.id}": "Hội nghị thống nhất"}  # fmt: skip
        if line.member_id:
            sent[f"votes_good-{line.id}"] = "1"
    assert secretary.post(SHEET, data=sent).status_code == 302
    assert "mức cao nhất là" in secretary.get(SHEET).text


def test_a_refused_sheet_shows_it_on_record_too(as_, commune, her):
    found = published(case(member=her, body=Decider.CELL))
    made.campaign()
    db.session.commit()
    assert as_(Role.SECRETARY, commune.bon).post(SHEET, data={"voted_on": "31/02/2026"}).status_code == 422
    assert len(queries.readings(found)) == 1
