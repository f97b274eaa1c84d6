"""The register as a whole: backup, restore, verify. A backup is always one SQLite file, whatever database serves."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import DatabaseError, OperationalError

from . import audit, clock, schema
from .db import db, read_only, tune
from .documents import queries as documents
from .members import queries as members
from .reports import pack_queries as packs

_BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside a database file
_NO_REGISTER = "Ở đây chưa có sổ. Chạy `python3 run.py init` (sổ trống) hoặc `python3 run.py demo` (dữ liệu minh họa) trước."


class StoreError(Exception):
    """The backup or restore cannot be done; the message says why and what to do."""


# -- what stands ------------------------------------------------------------------------------------------------------


def exists(engine: sa.Engine) -> bool:
    """Whether the database holds a register, of whatever version; a missing SQLite file is not made by asking."""
    if engine.dialect.name == "sqlite" and not Path(_file_of(engine)).exists():
        return False
    with _reading(engine) as connection:
        return sa.inspect(connection).has_table("audit_entry")


def require(engine: sa.Engine) -> None:
    """Raises StoreError unless the register is there and as new as this version of the program."""
    if not exists(engine):
        raise StoreError(_NO_REGISTER)
    with _reading(engine) as connection:
        have = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        is_empty = connection.scalar(sa.text("SELECT 1 FROM unit LIMIT 1")) is None
    if is_empty:
        raise StoreError(_NO_REGISTER)
    _must_be_known(str(have), "Sổ")
    if have != _scripts().get_current_head():
        raise StoreError("Sổ được làm bởi phiên bản cũ. Chạy `python3 run.py start` hoặc `serve` một lần để nâng cấp, rồi làm lại.")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).resolve().parent.parent / "migrations"))


def _must_be_known(revision: str, what: str) -> None:
    if revision not in {script.revision for script in _scripts().walk_revisions()}:
        raise StoreError(f"{what} được làm bởi phiên bản mới hơn ({revision}). Hãy cập nhật chương trình rồi làm lại.")


def mark_demo() -> bool:
    """Whether the register holds the invented commune: its first deed tells. The instance keeps the answer for every page's banner."""
    first = db.session.scalar(sa.select(audit.AuditEntry.actor).where(audit.AuditEntry.seq == 1))
    mark = Path(current_app.config["PARTYREG_INSTANCE"]) / "demo.txt"
    if first == "demo":
        mark.write_text("Dữ liệu minh họa: toàn bộ người trong sổ là hư cấu.\n", encoding="utf-8")
    else:
        mark.unlink(missing_ok=True)
    return first == "demo"


def _file_of(engine: sa.Engine) -> str:
    if not engine.url.database or engine.url.database == ":memory:":
        raise StoreError("Sổ đang nằm trong bộ nhớ, không có tệp để sao lưu.")
    return engine.url.database


# -- backup -----------------------------------------------------------------------------------------------------------


def backups() -> Path:
    """The folder where backups are kept."""
    folder = Path(current_app.config["PARTYREG_INSTANCE"]) / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _free_name(folder: Path, word: str) -> Path:
    stamp = clock.now().astimezone(clock.OFFICE_ZONE).strftime("%Y%m%d-%H%M%S")
    names = (folder / f"partyreg-{word}-{stamp}{suffix}.db" for suffix in ("", *(f"-{n}" for n in range(1, 1000))))
    return next(name for name in names if not name.exists())


def backup(engine: sa.Engine, folder: Path, word: str = "backup") -> Path:
    """One file with the whole register as of one moment, made while others work; its path.

    The file appears under its name only when it is whole, and only its owner can read it. Raises StoreError where there is no register.
    """
    if not exists(engine):
        raise StoreError(_NO_REGISTER)
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="partyreg-", suffix=".part", dir=folder)
    os.close(handle)
    part = Path(name)
    try:
        if engine.dialect.name == "sqlite":
            with contextlib.closing(sqlite3.connect(_file_of(engine), timeout=60, isolation_level=None)) as source:
                source.execute("VACUUM INTO ?", (str(part),))
        else:
            _copy_into_file(engine, part)
        _must_be_sound(part)
        with part.open("r+b") as written:
            os.fsync(written.fileno())
        target = _free_name(folder, word)
        part.rename(target)
    finally:
        for suffix in _BESIDE:
            Path(f"{part}{suffix}").unlink(missing_ok=True)
    return target


@contextlib.contextmanager
def _file_engine(file: Path) -> Iterator[sa.Engine]:
    """A SQLite file brought to the newest schema; when done, everything is in that one file."""
    engine = sa.create_engine(f"sqlite:///{file.as_posix()}")
    tune(engine)
    try:
        schema.upgrade(engine)
        yield engine
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    finally:
        engine.dispose()


def _copy_into_file(engine: sa.Engine, file: Path) -> None:
    with (
        _file_engine(file) as copy,
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as source,
        copy.begin() as into,
    ):
        _copy_rows(source, into)


def _copy_rows(source: sa.Connection, into: sa.Connection) -> None:
    """Every row of every table, parents first."""
    for table in schema.metadata().sorted_tables:
        key = list(table.primary_key.columns)
        up = [foreign.parent.name for foreign in table.foreign_keys if foreign.column.table is table]
        done: set[object] = {None}
        waiting: list[dict[str, object]] = []
        rows = source.execute(sa.select(table).order_by(*key).execution_options(yield_per=1000)).mappings()
        for batch in rows.partitions():
            waiting += [{str(name): value for name, value in row.items()} for row in batch]
            while ready := [row for row in waiting if all(row[column] in done for column in up)]:
                into.execute(sa.insert(table), ready)
                done |= {row["id"] for row in ready} if up else set()
                waiting = [row for row in waiting if up and row["id"] not in done]
        if waiting:
            raise StoreError(f"Bảng {table.name}: có dòng trỏ tới dòng không có. Chạy `verify` để biết dòng nào.")
        if into.dialect.name == "postgresql" and "id" in table.c:
            name = f'"{table.name}"'
            last = f"(SELECT coalesce(max(id), 0) + 1 FROM {name}), false"  # noqa: S608 - our own table names
            into.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})")


def _must_be_sound(file: Path) -> None:
    """Raises StoreError when the file is no whole register, or one of a newer version."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            whole = answer == "ok" and {"unit", "audit_entry", "alembic_version"} <= tables
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone() if whole else None
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{file.name} không phải bản sao lưu dùng được ({error}). Hãy chọn tệp khác.") from None
    if revision is None:
        raise StoreError(f"{file.name} không phải bản sao lưu nguyên vẹn của sổ này. Hãy chọn tệp khác.")
    _must_be_known(revision[0], file.name)


# -- restore ----------------------------------------------------------------------------------------------------------


def restore(engine: sa.Engine, file: Path) -> Path | None:
    """The register is as the backup says, in the newest schema; the path of what stood before, where anything did.

    Raises StoreError when the file is missing or no whole backup; then nothing is changed.
    """
    if not file.is_file():
        raise StoreError(f"Không có tệp {file}. Hãy kiểm tra lại đường dẫn.")
    _must_be_sound(file)
    kept = _keep(engine)
    if engine.dialect.name == "sqlite":
        engine.dispose()
        Path(_file_of(engine)).parent.mkdir(parents=True, exist_ok=True)
        with (
            contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source,
            contextlib.closing(sqlite3.connect(_file_of(engine), timeout=60)) as target,
        ):
            source.backup(target)  # all pages in one transaction: readers see the old register, then the new one
        schema.upgrade(engine)
    else:
        _restore_rows(engine, file)
    return kept


def _keep(engine: sa.Engine) -> Path | None:
    """A backup of what stands; a SQLite file too damaged for that is set aside as it is."""
    try:
        return backup(engine, backups(), "before-restore") if exists(engine) else None
    except (DatabaseError, sqlite3.DatabaseError, StoreError) as error:
        if engine.dialect.name != "sqlite" or isinstance(error, OperationalError | sqlite3.OperationalError):
            raise
    engine.dispose()
    kept = _free_name(backups(), "damaged")
    for suffix in _BESIDE:
        if (part := Path(f"{_file_of(engine)}{suffix}")).exists():
            part.rename(f"{kept}{suffix}")
    return kept


def _restore_rows(engine: sa.Engine, file: Path) -> None:
    """Through a copy in the newest schema; the backup itself stays as it is."""
    with tempfile.TemporaryDirectory(prefix="partyreg-restore-") as folder:
        work = Path(folder) / "work.db"
        work.write_bytes(file.read_bytes())
        schema.upgrade(engine)
        with _file_engine(work) as copy, copy.connect() as source, engine.begin() as into:
            tables = ", ".join(f'"{table.name}"' for table in schema.metadata().sorted_tables)
            into.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
            _copy_rows(source, into)


def clear(engine: sa.Engine) -> Path | None:
    """Nothing is left in the register; a backup of what stood, where anything did."""
    kept = backup(engine, backups(), "before-clear") if exists(engine) else None
    ours = {*schema.metadata().tables, "alembic_version"}
    standing = sa.MetaData()
    standing.reflect(engine, only=lambda name, _tables: name in ours)
    standing.drop_all(engine)
    return kept


def analyse(engine: sa.Engine) -> None:
    """The database has counted its tables anew, so that it plans its look-ups well."""
    db.session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


# -- verify -----------------------------------------------------------------------------------------------------------


def snapshot() -> None:
    """What the session reads from now on is one moment, whatever others write meanwhile; SQLite's sessions are always so."""
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


@contextlib.contextmanager
def _reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that waits for no writer."""
    token = read_only.set(True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        read_only.reset(token)


def verify(engine: sa.Engine) -> list[str]:
    """What is wrong with the register, one Vietnamese sentence each; empty when it is sound."""
    faults: list[str] = []
    if engine.dialect.name == "sqlite":
        try:
            with _reading(engine) as connection:
                faults += [f"Tệp dữ liệu hỏng: {row[0]}." for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
                faults += [f"Bảng {row[0]}, dòng {row[1]}: trỏ tới dòng không có ở bảng {row[2]}."
                           for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]  # fmt: skip
        except OperationalError:
            raise
        except DatabaseError as error:
            return [f"Tệp dữ liệu hỏng: {error.orig}."]
    try:
        faults += audit.verify()
    except ValueError as error:
        faults.append(f"Nhật ký có mục không đọc được: {error}.")
    return faults + _broken_checks() + members.keeper_faults() + documents.file_faults() + packs.pack_faults()


def _broken_checks() -> list[str]:
    """Rows that a CHECK forbids; SQLite's can be switched off by whoever writes past the application."""
    faults = []
    for table in schema.metadata().sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, sa.CheckConstraint):
                said = constraint.sqltext
                broken = sa.text(f"NOT ({said.text})") if isinstance(said, sa.TextClause) else sa.not_(said)
                count = db.session.scalar(sa.select(sa.func.count()).select_from(table).where(broken))
                if count:
                    faults.append(f"Bảng {table.name}: {count} dòng vi phạm ràng buộc {constraint.name}.")
    return faults
