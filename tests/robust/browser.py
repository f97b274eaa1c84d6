"""A plain browser of the standard library, and a real server to send it to."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

#: Imports the application once and forks a server for each line that it reads; it answers the server's process id.
FORKING = """
import os, sys
from partyreg.cli import main
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        os._exit(main(["serve"]))
    print(child, flush=True)
    os.waitpid(child, 0)
"""


class Page(NamedTuple):
    """What a server answered."""

    status: int
    text: str
    location: str

    def hidden(self, name: str) -> str:
        """The value of the form's field of that name."""
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.text) or re.search(rf'value="([^"]*)"[^>]*name="{name}"', self.text)
        assert found, f"the page has no field {name}"
        return unescape(found[1])


class Browser:
    """Keeps the cookie, nothing else."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie

    def get(self, path: str) -> Page:
        """The page at the path; redirections are not followed."""
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Page:
        """What the server answers to a form."""
        return self._ask("POST", path, urllib.parse.urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        for given in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = given.split(";")[0]
        return Page(answer.status, text, answer.headers.get("Location") or "")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(instance: Path, port: int) -> dict[str, str]:
    """Where a server of its own process finds this register."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PARTYREG_")}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return ours | {"PARTYREG_INSTANCE": str(instance), "PARTYREG_PORT": str(port), "PYTHONPATH": path, "PYTHONUTF8": "1"}


def wait_until_up(port: int, seconds: float = 60) -> None:
    """Returns when the server answers; raises TimeoutError when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if Browser(port).get("/healthz").status == 200:
                return
        time.sleep(0.02)
    raise TimeoutError("the server does not answer")


@contextlib.contextmanager
def serving(instance: Path) -> Iterator[int]:
    """`python -m partyreg serve` runs for as long as the block lasts; its port."""
    port = free_port()
    command = [sys.executable, "-m", "partyreg", "serve"]
    with subprocess.Popen(command, env=environment(instance, port), cwd=instance) as server:
        try:
            wait_until_up(port)
            yield port
        finally:
            server.terminate()
            server.wait(20)
