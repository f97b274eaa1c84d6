"""Backup, restore and verify, on both databases."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from partyreg import clock, create_app, schema, store
from partyreg.db import db
from partyreg.org.models import Unit
from tests import make
from tests.conftest import SERVER
from tests.make.documents import document
from tests.postgres import fresh_database
from tests.robust.register import opened

Rows = dict[str, list[tuple[object, ...]]]


def rows(url: str) -> Rows:
    """Every row of every table of a register."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            tables = schema.metadata().sorted_tables
            return {
                table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))] for table in tables
            }
    finally:
        engine.dispose()


def file_url(file: Path) -> str:
    return f"sqlite:///{file.as_posix()}"


@pytest.fixture
def new_database(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Callable[[str], str]:
    """new_database("a"): the address of a database in which nothing is."""

    def address(name: str) -> str:
        if engine_name == "sqlite":
            return file_url(tmp_path / f"{name}.db")
        worker = getattr(request.config, "workerinput", {})
        server = worker.get("postgres") or request.config.stash[SERVER].url
        return fresh_database(server, f"cli_{worker.get('workerid', 'main')}_{name}")

    return address


def test_a_backup_restored_on_another_instance_equals(run, small, instance, new_database, monkeypatch, tmp_path):
    """File -> database -> backup -> another database: the rows are the same all along, and both verify."""
    original = rows(file_url(small / "partyreg.db"))
    first, second = new_database("first"), new_database("second")
    given = tmp_path / "given.db"
    shutil.copy(small / "partyreg.db", given)
    monkeypatch.setenv("PARTYREG_DATABASE_URL", first)
    done = run("restore", given)
    assert done.status == 0 and "được giữ" not in done.out, "there was nothing to keep"
    assert run("verify").status == 0
    assert rows(first) == original
    made = run("backup", tmp_path / "safe")
    assert made.status == 0
    backup = Path(made.out.strip())
    assert backup.parent == tmp_path / "safe" and backup.name.startswith("partyreg-backup-") and list(backup.parent.iterdir()) == [backup]
    assert rows(file_url(backup)) == original
    monkeypatch.setenv("PARTYREG_INSTANCE", str(tmp_path / "another"))
    monkeypatch.setenv("PARTYREG_DATABASE_URL", second)
    assert run("restore", backup).status == 0
    assert run("verify").status == 0
    assert rows(second) == original
    again = run("restore", backup)
    assert again.status == 0 and "before-restore" in again.out
    assert rows(second) == original
    added = run("user", "add", "moi.den", "--role", "reporting", "--unit", "cb-1")
    assert added.status == 0, "new rows get new numbers"
    assert run("demo").status == 1, "it is no empty register"


def test_a_broken_file_changes_nothing(run, small, new_database, monkeypatch, tmp_path):
    url = new_database("kept")
    monkeypatch.setenv("PARTYREG_DATABASE_URL", url)
    assert run("restore", small / "partyreg.db").status == 0
    before = rows(url)
    whole = (small / "partyreg.db").read_bytes()
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE unit (id INTEGER)")
    shutil.copy(small / "partyreg.db", tmp_path / "newer.db")
    with sqlite3.connect(tmp_path / "newer.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    broken = {
        "half.db": whole[: len(whole) // 2], "noise.db": bytes(range(256)) * 64, "empty.db": b"",
        "hole.db": whole[:8192] + b"\xff" * 8192 + whole[16384:],
    }  # fmt: skip
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    for name in (*broken, "other.db", "newer.db", "missing.db"):
        done = run("restore", tmp_path / name)
        assert done.status == 1 and name in done.err and len(done.err.splitlines()) == 1, name
    assert rows(url) == before
    assert run("verify").status == 0


def test_a_backup_while_somebody_writes_is_one_moment(run, small, tmp_path):
    """Each backup is whole and verifies, though meetings are logged all the time; it holds what was there when it was asked for."""
    stop, written = threading.Event(), []

    def write() -> None:
        with opened(small):
            root = db.session.get_one(Unit, 1)
            while not stop.is_set():
                make.member(unit=db.session.get_one(Unit, 2), full_name="Lò Văn Mới")
                db.session.commit()
                written.append(root.id)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 3:
            stop.wait(0.01)
        saved = []
        for _ in range(3):
            least = len(written)
            saved.append((least, Path(run("backup").out.strip())))
    finally:
        stop.set()
        writer.join()
    assert len({file for _, file in saved}) == 3
    for least, file in saved:
        found = rows(file_url(file))
        assert least <= sum("Lò Văn Mới" in row for row in found["person"]) <= len(written)
        assert 2 * len(found["member"]) == 2 * len(found["posting"]) == len(found["standing_period"])
        assert run("restore", file).status == 0
        assert run("verify").status == 0


def test_a_damaged_register_is_set_aside_by_restore(run, small, tmp_path):
    good = Path(run("backup", tmp_path).out.strip())
    (small / "partyreg.db").write_bytes(b"\0damaged" * 4096)
    assert run("verify").status == 1
    done = run("restore", good)
    assert done.status == 0 and "damaged" in done.out
    assert run("verify").status == 0


# -- verify -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE audit_entry SET payload = replace(payload, 'Lò', 'Cà') WHERE seq = 5", "số 5 (members.register_person)"),
        ("UPDATE audit_entry SET actor = 'ai đó' WHERE seq = 3", "số 3 ("),
        ("UPDATE audit_entry SET at = '2001-01-01 00:00:00.000000' WHERE seq = 4", "số 4 "),
        ("UPDATE audit_entry SET deed = 'org.edit' WHERE seq = 2", "số 2 (org.edit)"),
        ("DELETE FROM audit_entry WHERE seq = 6", "từ 6 đến 6"),
        ("DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)", "xóa ở cuối sổ"),
        ("UPDATE audit_entry SET at = 'hôm qua' WHERE seq = 4", "hôm qua"),
    ],
)
def test_the_audit_changed_by_hand_is_found_and_named(run, small, tampering, named):
    with sqlite3.connect(small / "partyreg.db") as connection:
        assert connection.execute(tampering).rowcount == 1
    done = run("verify")
    assert done.status == 1 and named in done.err, done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE unit SET path = 'x' WHERE id = 2", "path_has_slashes"),
        ("UPDATE person SET sex = 'x' WHERE id = 1", "person"),
        ("UPDATE posting SET unit_id = 999 WHERE id = 1", "posting"),
        ("UPDATE person SET unit_id = 3 WHERE id = 1", "Hồ sơ người số 1"),
    ],
)
def test_rows_that_the_schema_forbids_are_found(run, small, tampering, named):
    with sqlite3.connect(small / "partyreg.db") as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        assert connection.execute(tampering).rowcount == 1
    done = run("verify")
    assert done.status == 1 and named in done.err, done.err


def test_a_paper_changed_by_hand_is_found_and_named(run, small):
    with opened(small):
        document(unit=db.session.scalars(sa.select(Unit).order_by(Unit.id)).first())
        db.session.commit()
    assert run("verify").status == 0
    with sqlite3.connect(small / "partyreg.db") as connection:
        assert connection.execute("UPDATE document_file SET content = x'25504446' WHERE format = 'pdf'").rowcount == 1
    done = run("verify")
    assert done.status == 1 and "Văn bản số 1-QĐ/ĐU ngày 20/11/2026" in done.err and "tệp pdf" in done.err


def test_verify_does_not_wait_for_a_writer(small):
    with opened(small):
        db.session.scalar(sa.select(Unit.id).limit(1))  # this session has begun, as one that may write
        assert store.verify(db.engine) == []


def test_a_register_in_memory_has_no_backup(tmp_path):
    app = create_app({"PARTYREG_INSTANCE": str(tmp_path), "PARTYREG_DATABASE_URL": "sqlite://", "SECRET_KEY": "for tests only"})
    with app.app_context(), pytest.raises(store.StoreError, match="bộ nhớ"):
        store.backup(db.engine, tmp_path)


def test_names_of_backups_do_not_collide(small, tmp_path):
    with opened(small), clock.freeze(dt.date(2026, 11, 24)):
        made = [store.backup(db.engine, tmp_path).name for _ in range(3)]
    assert made == [f"partyreg-backup-20261124-080000{suffix}.db" for suffix in ("", "-1", "-2")]
