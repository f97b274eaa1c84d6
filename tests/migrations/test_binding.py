"""Papers issued under the schema of before keep their word: a decision binds, whatever else may be declared void."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from partyreg import schema
from partyreg.db import tune
from tests.house.test_schema import _planned, described, differences
from tests.postgres import fresh_database

BEFORE = "202611240002"
DAY = dt.date(2026, 10, 1)
#: Kind of paper, whether it was void -> whether it binds.
PAPERS = {("decision", False): True, ("decision", True): False, ("cancel_decision", False): True, ("cell_resolution", False): False}


@pytest.fixture
def engine(engine_name: str, database_url: Callable[[str], str], tmp_path: Path):
    """A database of the schema before, with a paper of every sort and one who left."""
    known = database_url(engine_name)
    made = (
        f"sqlite:///{tmp_path / 'before.db'}" if engine_name == "sqlite" else fresh_database(known, f"binding_{known.rpartition('/')[2]}")
    )
    engine = sa.create_engine(made)
    tune(engine)
    schema.upgrade(engine, BEFORE)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    table = metadata.tables
    with engine.begin() as connection:
        unit = connection.execute(
            sa.insert(table["unit"])
            .values(kind="commune", code="xa", name="Xã", name_sort="x", path="/1/", founded_on=DAY, version=1)
            .returning(table["unit"].c.id)
        ).scalar_one()
        for number, (kind, is_void) in enumerate(PAPERS, start=1):
            void = {"voided_on": DAY, "void_reason": "Sai"} if is_void else {}
            connection.execute(
                sa.insert(table["document"]).values(
                    unit_id=unit, issuer_id=unit, kind=kind, title="Văn bản", series="QĐ/ĐU", year=2026, number=number, issued_on=DAY,
                    facts="{}", is_outside=False, version=1, **void,
                )
            )  # fmt: skip
        person = connection.execute(
            sa.insert(table["person"])
            .values(
                unit_id=unit, full_name="Lò Văn A", name_fold=" lo van a", name_sort="a", sex="male", born_on=dt.date(2000, 1, 1),
                ethnicity="Thái", qualification="none", theory="none", version=1,
            )
            .returning(table["person"].c.id)
        ).scalar_one()  # fmt: skip
        connection.execute(sa.insert(table["member"]).values(id=person, decided_on=DAY, version=1))
        connection.execute(
            sa.insert(table["standing_period"]).values(
                member_id=person, standing="probationary", started_on=DAY, ended_on=DAY, exit="removed", exit_paper="1-QĐ"
            )
        )
    yield engine
    engine.dispose()


def test_decisions_bind_and_ways_out_stay(engine):
    schema.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT kind, voided_on IS NOT NULL, is_binding FROM document")).all()
        assert {(kind, bool(is_void)): bool(binds) for kind, is_void, binds in found} == PAPERS
        assert connection.execute(sa.text("SELECT exit, exit_paper FROM standing_period")).all() == [("removed", "1-QĐ")]
        connection.execute(sa.text("UPDATE standing_period SET exit = 'cancelled'"))
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text("UPDATE standing_period SET exit = 'vanished'"))
        connection.rollback()
        assert differences(described(connection), _planned(connection, schema.metadata())) == []
        connection.rollback()
