"""What the migrations make is what the models say, CHECKs and partial indexes included, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from partyreg import schema
from partyreg.db import tune


def _plain(text: object) -> str:
    """SQL without what means nothing: blanks, quotes, outer brackets, the name of the schema."""
    plain = re.sub(r"\s+", " ", str(text)).replace('"', "").replace("planned.", "").strip()
    while plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1].strip()
    return plain


def described(connection: sa.Connection, where: str | None = None) -> set[str]:
    """One line for each column, key, constraint and index of a schema."""
    inspector = sa.inspect(connection)
    lines = set()
    for table in inspector.get_table_names(schema=where):
        if table == "alembic_version":
            continue
        for column in inspector.get_columns(table, schema=where):
            kind, empty = column["type"].compile(connection.dialect), column["nullable"]
            lines.add(f"{table}: column {column['name']} {kind} {'null' if empty else 'not null'}")
        key = inspector.get_pk_constraint(table, schema=where)
        lines.add(f"{table}: primary key {key['name']} {key['constrained_columns']}")
        for foreign in inspector.get_foreign_keys(table, schema=where):
            to = f"{foreign['referred_table']} {foreign['referred_columns']} {foreign['options']}"
            lines.add(f"{table}: foreign key {foreign['name']} {foreign['constrained_columns']} -> {to}")
        for unique in inspector.get_unique_constraints(table, schema=where):
            lines.add(f"{table}: unique {unique['name']} {unique['column_names']}")
        for check in inspector.get_check_constraints(table, schema=where):
            lines.add(f"{table}: check {check['name']} {_plain(check['sqltext'])}")
        for index in inspector.get_indexes(table, schema=where):
            condition = [_plain(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("_where")]
            lines.add(f"{table}: index {index['name']} {index['column_names']} {'unique' if index['unique'] else ''} {condition}")
    return lines


def differences(migrated: set[str], planned: set[str]) -> list[str]:
    """What stands in one schema only."""
    return [f"only migrated - {line}" for line in sorted(migrated - planned)] + [
        f"only in the models - {line}" for line in sorted(planned - migrated)
    ]


@pytest.fixture
def migrated(engine_name, database_url) -> Iterator[sa.Connection]:
    """A connection to the migrated database; whatever is made on it is undone."""
    engine = sa.create_engine(database_url(engine_name))
    tune(engine)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def _planned(migrated: sa.Connection, metadata: sa.MetaData) -> set[str]:
    """The schema that the models would make on the same kind of database."""
    if migrated.dialect.name == "postgresql":
        migrated.exec_driver_sql("CREATE SCHEMA planned")
        mapped = migrated.execution_options(schema_translate_map={None: "planned"})
        metadata.create_all(mapped, checkfirst=False)
        return described(migrated, "planned")
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        return described(connection)


def test_the_models_are_what_the_migrations_make(migrated):
    made = described(migrated)
    assert differences(made, _planned(migrated, schema.metadata())) == []
    for part in (": check ck_unit_root_is_a_commune", ": index uq_posting_open", ": unique uq_person_personal_number", ": foreign key "):
        assert any(part in line for line in made), part


@pytest.mark.parametrize(
    ("table", "fault"),
    [("unit", "ck_unit_root_is_a_commune"), ("posting", "uq_posting_open"), ("member_rating", "ck_member_rating_level_or_reason")],
)
def test_a_forgotten_constraint_would_be_found(migrated, table, fault):
    copy = sa.MetaData(naming_convention=schema.metadata().naming_convention)
    for one in schema.metadata().sorted_tables:
        one.to_metadata(copy)
    copied = copy.tables[table]
    copied.constraints = {c for c in copied.constraints if _name(c) != fault}
    copied.indexes = {index for index in copied.indexes if index.name != fault}
    found = differences(described(migrated), _planned(migrated, copy))
    assert len(found) == 1 and found[0].startswith("only migrated") and fault in found[0]


def _name(constraint: object) -> str:
    table = getattr(constraint, "table", None)
    name = str(getattr(constraint, "name", ""))
    return name if name.startswith("ck_") or table is None else f"ck_{table.name}_{name}"


def test_a_changed_condition_would_be_found(migrated):
    copy = sa.MetaData(naming_convention=schema.metadata().naming_convention)
    for one in schema.metadata().sorted_tables:
        one.to_metadata(copy)
    copy.tables["posting"].indexes = {index for index in copy.tables["posting"].indexes if index.name != "uq_posting_open"}
    columns = copy.tables["posting"].c
    sa.Index("uq_posting_open", columns.member_id, columns.kind, unique=True)
    assert len(differences(described(migrated), _planned(migrated, copy))) == 2


def test_there_is_one_newest_migration_and_the_database_has_it(migrated):
    script = ScriptDirectory.from_config(schema.configuration(migrated))
    heads = script.get_heads()
    assert len(heads) == 1
    assert migrated.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == list(heads)


def test_migrating_twice_changes_nothing(engine_name, database_url, migrated):
    before = described(migrated)
    migrated.rollback()
    engine = sa.create_engine(database_url(engine_name))
    tune(engine)
    schema.upgrade(engine)
    engine.dispose()
    assert described(migrated) == before


def test_every_constraint_and_index_has_a_name():
    for table in schema.metadata().sorted_tables:
        assert [c for c in table.constraints if c.name is None] == [], table.name
        assert all(index.name for index in table.indexes)
