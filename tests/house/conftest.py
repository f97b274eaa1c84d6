"""What the guards look at: the code as trees, and an application that needs no database."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import Flask

import config
from partyreg import create_app

Source = dict[str, ast.Module]


@pytest.fixture(scope="session")
def source() -> Source:
    """Every module of the application by its path below `partyreg/`."""
    root = config.ROOT / "partyreg"
    return {path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(root.rglob("*.py"))}


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with an empty database that nobody asks."""
    folder: Path = tmp_path_factory.mktemp("bare")
    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "for tests only",
            "PARTYREG_DATABASE_URL": f"sqlite:///{folder / 'empty.db'}",
            "PARTYREG_INSTANCE": str(folder),
        }
    )
