"""The command line in this process, on an instance of its own for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from partyreg import cli
from partyreg.db import db
from tests.make.meetings import meeting
from tests.robust.register import build, opened


class Done(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance without a register; every command of the test works on it."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("PARTYREG_INSTANCE", str(folder))
    for name in ("PARTYREG_DATABASE_URL", "PARTYREG_DEMO_PASSWORD", "PARTYREG_HOST", "PARTYREG_PORT"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def run(instance: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """run("user", "list"): how the command ended."""

    def command(*words: str | Path) -> Done:
        capsys.readouterr()
        status = cli.main([str(word) for word in words])
        return Done(status, *capsys.readouterr())

    return command


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("register")
    cells = build(folder, cells=2, members=3)
    with opened(folder):
        from partyreg.org.models import Unit

        meeting(unit=db.session.get_one(Unit, cells[0].unit_id), chair_id=cells[0].chair_id)
        db.session.commit()
    return folder


@pytest.fixture
def small(instance: Path, _made: Path) -> Path:
    """An instance with two cells of three members, a user `tochuc`, two secretaries and one meeting."""
    instance.mkdir()
    shutil.copy(_made / "partyreg.db", instance)
    return instance
