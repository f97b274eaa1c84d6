"""The schema is made by migrations, on every database and in every test."""

from __future__ import annotations

import importlib
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from .db import Model

_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_TABLES = (
    "audit",
    "org.models",
    "workdays.models",
    "resolutions.models",
    "accounts.models",
    "members.models",
    "documents.models",
    "meetings.models",
    "admissions.models",
    "training.models",
    "ratings.models",
    "ratings.campaign_models",
    "inspections.models",
    "discipline.models",
    "staff.models",
    "staff.planning_models",
    "targets.models",
    "reports.models",
)


def metadata() -> sa.MetaData:
    """Every table of the application."""
    for module in _TABLES:
        importlib.import_module(f"partyreg.{module}")
    return Model.metadata


def configuration(connection: sa.Connection) -> Config:
    """Alembic's settings for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d%%(hour).2d%%(minute).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """The database has the schema of that revision, the newest unless told.

    On SQLite the copying of tables happens without foreign keys, which are checked after.
    """
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(configuration(connection), revision)
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"the migration would break references: {broken[:3]}")
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
