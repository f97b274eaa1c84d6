"""The register as a whole: backup, restore, verify. A backup is always one SQLite file, whatever database serves."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import DatabaseError

from . import audit, clock, schema
from .db import db, tune
from .members import queries as members


class StoreError(Exception):
    """The backup or restore cannot be done; the message says why and what to do."""


def backups() -> Path:
    """The folder where backups are kept."""
    folder = Path(current_app.config["PARTYREG_INSTANCE"]) / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _free_name(folder: Path, word: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = clock.now().astimezone(clock.OFFICE_ZONE).strftime("%Y%m%d-%H%M%S")
    names = (folder / f"partyreg-{word}-{stamp}{suffix}.db" for suffix in ("", *(f"-{n}" for n in range(1, 1000))))
    return next(name for name in names if not name.exists())


def backup(engine: sa.Engine, folder: Path, word: str = "backup") -> Path:
    """One file with the whole register as of one moment, made while others work; its path.

    The file appears under its name only when it is whole.
    """
    target = _free_name(folder, word)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    if engine.dialect.name == "sqlite":
        with contextlib.closing(sqlite3.connect(_file_of(engine), timeout=60, isolation_level=None)) as source:
            source.execute("VACUUM INTO ?", (str(part),))
    else:
        copy = sa.create_engine(f"sqlite:///{part.as_posix()}")
        tune(copy)
        schema.upgrade(copy)
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as source, copy.begin() as into:
            _copy_rows(source, into)
        with copy.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        copy.dispose()
    _must_be_sound(part)
    part.rename(target)
    return target


def _file_of(engine: sa.Engine) -> str:
    if not engine.url.database:
        raise StoreError("Sổ đang nằm trong bộ nhớ, không có tệp để sao lưu.")
    return engine.url.database


def _must_be_sound(file: Path) -> None:
    """Raises StoreError when the file is no whole register."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{file.name} không phải bản sao lưu dùng được ({error}). Hãy chọn tệp khác.") from None
    if answer != "ok" or not {"unit", "audit_entry", "alembic_version"} <= tables:
        raise StoreError(f"{file.name} không phải bản sao lưu nguyên vẹn của sổ này. Hãy chọn tệp khác.")


def _copy_rows(source: sa.Connection, into: sa.Connection) -> None:
    """Every row of every table, parents first."""
    for table in schema.metadata().sorted_tables:
        key = list(table.primary_key.columns)
        rows = source.execute(sa.select(table).order_by(*key).execution_options(yield_per=1000)).mappings()
        for batch in rows.partitions():
            into.execute(sa.insert(table), [dict(row) for row in batch])
        if into.dialect.name == "postgresql" and len(key) == 1 and key[0].autoincrement is not False and "id" in table.c:
            name = f'"{table.name}"'
            into.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 1) FROM {name}))")  # noqa: S608 - our own table names


def restore(engine: sa.Engine, file: Path) -> Path | None:
    """The register is as the backup says; the path of a backup of what stood before, where anything did.

    Raises StoreError when the file is missing or no whole backup; then nothing is changed.
    """
    if not file.is_file():
        raise StoreError(f"Không có tệp {file}. Hãy kiểm tra lại đường dẫn.")
    _must_be_sound(file)
    kept = backup(engine, backups(), "before-restore") if sa.inspect(engine).has_table("audit_entry") else None
    if engine.dialect.name == "sqlite":
        engine.dispose()
        Path(_file_of(engine)).parent.mkdir(parents=True, exist_ok=True)
        with (
            contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source,
            contextlib.closing(sqlite3.connect(_file_of(engine), timeout=60)) as target,
        ):
            source.backup(target)  # all pages in one transaction: readers see the old register, then the new one
    else:
        _restore_rows(engine, file)
    return kept


def _restore_rows(engine: sa.Engine, file: Path) -> None:
    work = file.with_suffix(".restoring")
    work.write_bytes(file.read_bytes())  # the copy is brought to the newest schema; the backup itself stays as it is
    try:
        copy = sa.create_engine(f"sqlite:///{work.as_posix()}")
        tune(copy)
        schema.upgrade(copy)
        schema.upgrade(engine)
        with copy.connect() as source, engine.begin() as into:
            tables = ", ".join(f'"{table.name}"' for table in schema.metadata().sorted_tables)
            into.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
            _copy_rows(source, into)
        copy.dispose()
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{work}{suffix}").unlink(missing_ok=True)


def clear(engine: sa.Engine) -> Path | None:
    """Nothing is left in the register; a backup of what stood, where anything did."""
    kept = None
    if sa.inspect(engine).has_table("audit_entry"):
        kept = backup(engine, backups(), "before-clear")
        schema.metadata().drop_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    return kept


def analyse(engine: sa.Engine) -> None:
    """The database has counted its tables anew, so that it plans its look-ups well."""
    db.session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def verify(engine: sa.Engine) -> list[str]:
    """What is wrong with the register, one Vietnamese sentence each; empty when it is sound."""
    faults: list[str] = []
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            try:
                faults += [f"Tệp dữ liệu hỏng: {row[0]}." for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
                faults += [f"Bảng {row[0]}, dòng {row[1]}: trỏ tới dòng không có ở bảng {row[2]}."
                           for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]  # fmt: skip
            except DatabaseError as error:
                return [f"Tệp dữ liệu hỏng: {error.orig}."]
    faults += audit.verify()
    for table in schema.metadata().sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, sa.CheckConstraint):
                broken = db.session.scalar(sa.select(sa.func.count()).select_from(table).where(sa.not_(constraint.sqltext)))
                if broken:
                    faults.append(f"Bảng {table.name}: {broken} dòng vi phạm ràng buộc {constraint.name}.")
    return faults + members.keeper_faults()
