"""The migrated database (once a worker and engine), the application in one rolled-back transaction, and who acts."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import flask.testing
import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event

from partyreg import clock, create_app, schema
from partyreg.access import Actor, Grant, Permission, Role
from partyreg.db import db, tune
from partyreg.org.models import Unit, UnitKind
from tests import make
from tests.page import check_page
from tests.postgres import Server, fresh_database

SERVER = pytest.StashKey[Server]()
ENGINES = {"both": ["sqlite", "postgresql"], "sqlite": ["sqlite"], "postgresql": ["postgresql"]}
#: The day on which every test lives, unless it freezes another.
TODAY = dt.date(2026, 11, 24)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=sorted(ENGINES), default="both", help="the databases to test on")


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    if not is_worker and not config.option.collectonly and "postgresql" in ENGINES[config.getoption("--engine")]:
        config.stash[SERVER] = server = Server()
        server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(SERVER, None):
        server.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    if server := node.config.stash.get(SERVER, None):
        node.workerinput["postgres"] = server.url


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Any:
    """Coverage is counted on SQLite: what runs there runs the same on PostgreSQL, and counting costs half the time."""
    counting = sys.gettrace()
    if engine_of(item) == "postgresql" and item.config.getoption("--engine") == "both":
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(counting)


def engine_of(item: pytest.Item) -> str | None:
    """The database of a test; None for one that uses none."""
    return item.callspec.params.get("engine_name") if hasattr(item, "callspec") else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", ENGINES[metafunc.config.getoption("--engine")], scope="session")


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """database_url("sqlite") or ("postgresql"): this worker's own migrated database, made on first use."""
    worker = getattr(request.config, "workerinput", {})
    ready: dict[str, str] = {}

    def url(engine: str) -> str:
        if engine not in ready:
            if engine == "sqlite":
                made = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'partyreg.db'}"
            else:
                server = worker.get("postgres") or request.config.stash[SERVER].url
                made = fresh_database(server, f"test_{worker.get('workerid', 'main')}")
            migrated = sa.create_engine(made)
            tune(migrated)
            schema.upgrade(migrated)
            migrated.dispose()
            ready[engine] = made
        return ready[engine]

    return url


@pytest.fixture(scope="session")
def bytecode(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The compiled templates of this run, so that they are compiled once and not for each worker and engine."""
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent  # the run's own, in which each worker has its folder
    (shared := folder / "bytecode").mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(shared))


@pytest.fixture(scope="session")
def _apps() -> dict[str, Flask]:
    return {}


@pytest.fixture
def app(
    engine_name: str,
    database_url: Callable[[str], str],
    _apps: dict[str, Flask],
    bytecode: FileSystemBytecodeCache,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The application on a migrated database, in an outer transaction that is rolled back when the test ends."""
    if engine_name not in _apps:
        _apps[engine_name] = create_app(
            {
                "TESTING": True,
                "SECRET_KEY": "for tests only",
                "WTF_CSRF_ENABLED": False,
                "PARTYREG_DATABASE_URL": database_url(engine_name),
                "PARTYREG_INSTANCE": str(tmp_path_factory.mktemp("instance")),
                "PARTYREG_ARGON2_FAST": True,
            }
        )
        _apps[engine_name].jinja_env.bytecode_cache = bytecode
    made = _apps[engine_name]
    with clock.freeze(TODAY), made.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        db.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield made
        finally:
            db.session.close()
            outer.rollback()
            connection.close()
            db.sessionmaker.configure(bind=db.engine, join_transaction_mode="conditional_savepoint")


@pytest.fixture
def commune(app: Flask) -> SimpleNamespace:
    """The commune with two cells: `.root`, `.bon` (a village cell) and `.he` (another)."""
    root = make.unit(code="muong-chien", name="Đảng bộ xã Mường Chiên", kind=UnitKind.COMMUNE, parent=None)
    bon = make.unit(code="cb-bon", name="Chi bộ bản Bon", parent=root)
    he = make.unit(code="cb-he", name="Chi bộ bản Hé", parent=root)
    db.session.commit()
    return SimpleNamespace(root=root, bon=bon, he=he)


class Client(flask.testing.FlaskClient):
    """A browser: each request has an application context of its own, as in production, and each page is looked over."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """The response; a page that is no valid HTML, or has a field without a label, fails the test."""
        db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.expire_all()
        if response.mimetype == "text/html" and not response.content_encoding and response.status_code not in (301, 302, 303, 308):
            check_page(response.text)
        return response


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser in which nobody has signed in."""
    app.test_client_class = Client
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def as_(app: Flask, commune: SimpleNamespace) -> Callable[..., Client]:
    """as_(role, unit=None): a browser in which somebody with that role over that unit (the commune) has signed in."""

    def signed_in(role: Role, unit: Unit | None = None, *, person_id: int | None = None, name: str = "") -> Client:
        app.test_client_class = Client
        browser: Client = app.test_client()  # type: ignore[assignment]
        token = make.signed_in_user(role, unit or commune.root, person_id=person_id, name=name)
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return browser

    return signed_in


@pytest.fixture
def actor_(commune: SimpleNamespace) -> Callable[..., Actor]:
    """actor_(role, unit=None, permission=None): somebody with that role over that unit, and the permission named."""

    def actor(role: Role, unit: Unit | None = None, permission: Permission | None = None, *, member_id: int | None = None) -> Actor:
        grant = Grant(role, (unit or commune.root).path, dt.date(2020, 1, 1))
        return Actor(None, f"test {role}", (grant,), member_id, permission)

    return actor


class Count:
    """How many SQL statements ran inside the block: `.statements`."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def counting(app: Flask) -> Callable[[], contextlib.AbstractContextManager[Count]]:
    """counting(): a block whose SQL statements are counted (savepoints are the tests' own and do not count)."""

    @contextlib.contextmanager
    def block() -> Iterator[Count]:
        count = Count()

        def seen(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if "SAVEPOINT" not in statement:
                count.statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", seen)
        try:
            yield count
        finally:
            event.remove(db.engine, "before_cursor_execute", seen)

    return block
