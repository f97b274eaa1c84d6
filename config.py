"""Settings: from the environment, then `instance/partyreg.toml`, then the defaults below."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent


def instance() -> Path:
    """`PARTYREG_INSTANCE` (default `instance/` beside this file): the folder with database, secret key and backups."""
    return Path(os.environ.get("PARTYREG_INSTANCE", ROOT / "instance")).resolve()


def load(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The application's settings as a mapping.

    `PARTYREG_DATABASE_URL` - where the records are: `sqlite:///<instance>/partyreg.db`, or `postgresql+psycopg://...`.
    `PARTYREG_HOST`, `PARTYREG_PORT` - where the server listens: `127.0.0.1`, `8000`.
    `PARTYREG_DEMO_PASSWORD` - one password for all demo accounts; unset: random ones, printed once.
    `PARTYREG_LOCALE` - the language of pages that were asked for in none: `vi`.
    `PARTYREG_OFFLINE_DAYS` - for how many days a phone keeps the form of its cell to be filled without network: `14`.
    """
    folder = Path((overrides or {}).get("PARTYREG_INSTANCE") or instance())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings: dict[str, Any] = {
        "PARTYREG_INSTANCE": str(folder),
        "PARTYREG_DATABASE_URL": f"sqlite:///{(folder / 'partyreg.db').as_posix()}",
        "PARTYREG_HOST": "127.0.0.1",
        "PARTYREG_PORT": "8000",
        "PARTYREG_DEMO_PASSWORD": "",
        "PARTYREG_LOCALE": "vi",
        "PARTYREG_OFFLINE_DAYS": "14",
    }
    file = folder / "partyreg.toml"
    if file.exists():
        settings.update({name: str(value) for name, value in tomllib.loads(file.read_text(encoding="utf-8")).items()})
    settings.update({name: os.environ[name] for name in settings if name in os.environ})
    settings.update(
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5_000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="partyreg",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    settings.update(overrides or {})
    if "SECRET_KEY" not in settings:
        settings["SECRET_KEY"] = secret_key(folder)
    settings["SQLALCHEMY_ENGINES"] = {"default": {"url": settings["PARTYREG_DATABASE_URL"], **_pool(settings["PARTYREG_DATABASE_URL"])}}
    return settings


def _pool(url: str) -> dict[str, Any]:
    """Connections enough for the server's threads."""
    return {"pool_size": 16, "max_overflow": 48, "pool_timeout": 60} if url.startswith("postgresql") else {}


def secret_key(folder: Path) -> str:
    """The key that signs cookies: made once, readable by its owner only."""
    file = folder / "secret.key"
    if not file.exists():
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
                out.write(secrets.token_hex(32))
        except FileExistsError:
            pass
    return file.read_text(encoding="ascii")
