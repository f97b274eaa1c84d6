"""A register full of the first release's admissions comes up to the newest schema with nothing lost, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg import clock, schema
from partyreg.db import tune
from partyreg.rulebook.admission import regulation
from tests.house.test_schema import _planned, described, differences
from tests.postgres import fresh_database

FIRST = "202611240001"
NOW = dt.datetime(2026, 11, 24, 1, 0)  # noqa: DTZ001 - as both databases keep a moment
#: Whole and half votes of before: numbers as they stood in the file.
WHOLE = {
    "voted_on": dt.date(2026, 9, 3), "resolution_number": "05-NQ/CB", "full_members": 9, "not_counted": 1, "present": 8, "in_favour": 7,
    "against": 1, "blank": 0,
}  # fmt: skip
#: Person -> (step, standings as (standing, ended, exit), card, what else stood in the file, the step it comes to).
FILES: dict[str, tuple[str, list[tuple[str, bool, str | None]], str | None, dict[str, Any], str]] = {
    "draft": ("draft", [], None, {}, "draft"),
    "draft with a day only": ("draft", [], None, {"voted_on": dt.date(2026, 9, 3), "resolution_number": "06-NQ/CB"}, "draft"),
    "draft with a number only": ("draft", [], None, {"resolution_number": "07-NQ/CB"}, "draft"),
    "draft with a wrong count": ("draft", [], None, {**WHOLE, "present": 9, "blank": 1}, "draft"),
    "submitted": ("submitted", [], None, WHOLE, "submitted"),
    "submitted without the small numbers": (
        "submitted", [], None, {**WHOLE, "not_counted": None, "against": None, "blank": None, "resolution_number": None}, "submitted",
    ),
    "returned": ("returned", [], None, {**WHOLE, "in_favour": 0}, "returned"),
    "withdrawn": ("withdrawn", [], None, {}, "withdrawn"),
    "probationary": ("approved", [("probationary", False, None)], None, WHOLE, "probation"),
    "full": ("approved", [("probationary", True, None), ("full", False, None)], None, WHOLE, "recognised"),
    "full with a card": ("approved", [("probationary", True, None), ("full", False, None)], "010203040506", WHOLE, "closed"),
    "full and dead": ("approved", [("probationary", True, None), ("full", True, "died")], None, WHOLE, "closed"),
    "full and removed": ("approved", [("probationary", True, None), ("full", True, "removed")], None, WHOLE, "closed"),
    "removed": ("approved", [("probationary", True, "removed")], None, WHOLE, "removed"),
    "moved away": ("approved", [("probationary", True, "moved_away")], None, WHOLE, "moved"),
    "died on probation": ("approved", [("probationary", True, "died")], None, WHOLE, "closed"),
    "decided before the register": ("approved", [], None, WHOLE, "decided"),
}  # fmt: skip
UNCOUNTED = {"draft with a day only", "draft with a number only", "draft with a wrong count"}


class Register:
    """A database at the first release's schema, filled row by row without the models of today."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.files: dict[str, int] = {}
        schema.upgrade(engine, FIRST)
        self.tables = self._tables()
        with engine.begin() as connection:
            self._fill(connection)
        with engine.connect() as connection:
            self.before = {name: self.rows(connection, name) for name in self.tables}

    def _tables(self) -> dict[str, sa.Table]:
        metadata = sa.MetaData()
        metadata.reflect(self.engine)
        return {name: table for name, table in metadata.tables.items() if name != "alembic_version"}

    def rows(self, connection: sa.Connection, name: str) -> list[dict[str, Any]]:
        """Every row of a table in the order of its key."""
        table = self.tables[name]
        return [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()]

    def _insert(self, connection: sa.Connection, kind: str, /, **values: Any) -> int:
        table = self.tables[kind]
        return int(connection.execute(sa.insert(table).values(values).returning(table.c[next(iter(table.primary_key)).name])).scalar_one())

    def _fill(self, connection: sa.Connection) -> None:
        born = dt.date(2000, 1, 1)
        unit = self._insert(connection, "unit", kind="commune", code="xa", name="Xã", name_sort="x", path="/1/", founded_on=born, version=1)
        user = self._insert(
            connection, "user", username="bi.thu", full_name="Bí thư", password_hash="-", failures=0, must_change=False, version=1
        )
        for number, (name, (step, standings, card, facts, _to)) in enumerate(FILES.items()):
            person = self._insert(
                connection, "person", unit_id=unit, full_name=name, name_fold=f" {name}", name_sort=name, sex="female", born_on=born,
                ethnicity="Thái", qualification="none", theory="none", version=1,
            )  # fmt: skip
            if standings:
                decided = dt.date(2024, 1, 5)
                self._insert(connection, "member", id=person, card_number=card, decided_on=decided, version=1)
            for index, (standing, is_over, exit_) in enumerate(standings):
                begun = dt.date(2024 + index, 1, 15)
                over = begun.replace(year=begun.year + 1) if is_over else None
                self._insert(
                    connection, "standing_period", member_id=person, standing=standing, started_on=begun, ended_on=over, exit=exit_
                )
            approved = step == "approved"
            file = self.files[name] = self._insert(
                connection, "admission", person_id=person, unit_id=unit, step=step, opened_on=dt.date(2026, 7, 20 + number % 12),
                applied_on=dt.date(2026, 8, 1), certificate_on=dt.date(2026, 1, 9), certificate_number="112/GCN", check_abroad=False,
                in_hard_area=True, is_elder=False, consent_paper="12-CV", submitted_on=dt.date(2026, 9, 5), version=3, **facts,
                decided_on=dt.date(2026, 10, 1) if approved else None, decision_number=f"{number}-QĐ" if approved else None,
                decision_year=2026 if approved else None, signer="Lò Văn Pâng" if approved else None,
                ceremony_on=dt.date(2026, 10, 9) if standings else None,
            )  # fmt: skip
            self._insert(
                connection, "introducer", admission_id=file, kind="youth_union", resolution_number="3-NQ", resolved_on=born,
                is_replacement=False,
            )  # fmt: skip
            for from_step, to_step in ((None, "draft"), ("draft", "submitted"), ("submitted", step)):
                self._insert(
                    connection, "admission_move", admission_id=file, from_step=from_step, to_step=to_step, moved_at=NOW, user_id=user,
                    actor="Bí thư", reason="Vì sao",
                )  # fmt: skip


@pytest.fixture
def register(engine_name: str, database_url: Callable[[str], str], tmp_path: Path) -> Iterator[Register]:
    """The register of before, which knows what it held, come up to the newest schema."""
    if engine_name == "sqlite":
        url = f"sqlite:///{tmp_path / 'before.db'}"
    else:
        known = database_url(engine_name)
        url = fresh_database(known, f"upgrade_{known.rpartition('/')[2]}")
    engine = sa.create_engine(url)
    tune(engine)
    made = Register(engine)
    with clock.freeze(NOW.replace(tzinfo=dt.UTC)):
        schema.upgrade(engine)
    made.tables = made._tables()
    yield made
    engine.dispose()


def after(register: Register, name: str) -> list[dict[str, Any]]:
    with register.engine.connect() as connection:
        return register.rows(connection, name)


def of_file(register: Register, table: str, name: str) -> list[dict[str, Any]]:
    return [row for row in after(register, table) if row["admission_id"] == register.files[name]]


def test_every_file_stands_where_its_member_does(register):
    steps = {row["id"]: row["step"] for row in after(register, "admission")}
    assert {name: steps[key] for name, key in register.files.items()} == {name: to for name, (*_rest, to) in FILES.items()}


def test_no_row_and_no_fact_is_lost(register):
    moved = {"admission": set(WHOLE) | {"step"}, "admission_move": {"from_step", "to_step"}}
    for table, rows in register.before.items():
        now = {tuple(row[key.name] for key in register.tables[table].primary_key): row for row in after(register, table)}
        for row in rows:
            kept = now[tuple(row[key.name] for key in register.tables[table].primary_key)]
            assert {k: v for k, v in row.items() if k not in moved.get(table, ())}.items() <= kept.items(), (table, row)
        more = len(UNCOUNTED) if table == "admission_move" else 0
        assert len(now) == len(rows) + more, table


def test_a_vote_that_can_be_counted_moves_to_its_own_table(register):
    voted = {name for name, (*_rest, facts, _to) in FILES.items() if facts} - UNCOUNTED
    for name, (*_rest, facts, _to) in FILES.items():
        votes = of_file(register, "admission_vote", name)
        assert len(votes) == (name in voted), name
        for vote in votes:
            assert (vote["body"], vote["purpose"], vote["form"]) == ("cell", "admission", None)
            named = {"members": "full_members", "held_on": "voted_on", "number": "resolution_number"}
            zero = {"not_counted": 0, "against": 0, "blank": 0}
            for column in ("held_on", "members", "not_counted", "present", "in_favour", "against", "blank", "number"):
                was = facts[named.get(column, column)]
                assert vote[column] == (zero.get(column) if was is None else was), (name, column)


def test_a_vote_that_cannot_be_counted_stands_in_the_log_of_its_file(register):
    told = {name: of_file(register, "admission_move", name)[3:] for name in FILES}
    assert {name for name, moves in told.items() if moves} == UNCOUNTED
    (day,), (number,), (wrong,) = (told[name] for name in sorted(UNCOUNTED))
    assert (day["from_step"], day["to_step"], day["user_id"], day["moved_at"]) == ("draft", "draft", None, NOW)
    assert "2026-09-03" in day["reason"] and "06-NQ/CB" in day["reason"] and "có mặt –" in day["reason"]
    assert "07-NQ/CB" in number["reason"] and "ngày –" in number["reason"]
    for part in ("chính thức 9", "không tính 1", "có mặt 9", ", tán thành 7", "không tán thành 1", "phiếu trắng 1"):
        assert part in wrong["reason"], part
    assert all(len(one["reason"]) <= 500 for one in (day, number, wrong))


def test_the_log_calls_an_approval_a_decision(register):
    steps = [row["to_step"] for row in of_file(register, "admission_move", "full")]
    assert steps == ["draft", "submitted", "decided"]
    assert {row["to_step"] for row in after(register, "admission_move")} == {"draft", "submitted", "returned", "withdrawn", "decided"}


def test_a_file_keeps_the_regulation_of_the_day_on_which_it_was_opened(register):
    found = after(register, "admission")
    assert {row["instrument"] for row in found} == {"20-QĐ/TW", "208-QĐ/TW"}
    for row in found:
        cited = regulation(row["opened_on"])
        assert cited and row["instrument"] == cited.instrument
        assert row["started_on"] == row["opened_on"] and row["is_readmission"] is False


def test_what_was_upgraded_has_the_schema_of_what_is_new(register):
    with register.engine.connect() as connection:
        assert differences(described(connection), _planned(connection, schema.metadata())) == []
        connection.rollback()


def test_a_person_has_one_file_under_way_at_most(register):
    file = next(row for row in after(register, "admission") if row["id"] == register.files["probationary"])
    table = register.tables["admission"]
    with register.engine.connect() as connection:
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.insert(table).values({**file, "id": 999, "decision_number": "999-QĐ", "step": "listed"}))
        connection.rollback()
