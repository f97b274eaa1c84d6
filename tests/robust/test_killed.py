"""The server is killed without warning while people save: what it acknowledged is there, and the register is sound."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from partyreg import clock, store
from partyreg.db import db
from partyreg.meetings.models import Meeting
from tests.robust.browser import FORKING, Browser, environment, free_port, wait_until_up
from tests.robust.register import Cell, application, build

CELLS, MEMBERS, ROUNDS = 8, 3, 10


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither fork nor SIGKILL")
def test_nothing_acknowledged_is_lost(tmp_path: Path):
    """Ten times: everybody saves meeting after meeting, the server is killed in the middle of it, and is started again."""
    cells = build(tmp_path, cells=CELLS, members=MEMBERS)
    port, checking = free_port(), application(tmp_path)
    acknowledged: set[tuple[int, dt.date]] = set()
    tokens: dict[str, tuple[str, str]] = {}
    command = [sys.executable, "-c", FORKING]
    with subprocess.Popen(
        command, env=environment(tmp_path, port), cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as forking:  # fmt: skip
        assert forking.stdin and forking.stdout
        answers = (line.strip() for line in forking.stdout)
        child = 0
        try:
            assert next(answers) == "ready"
            for number in range(ROUNDS):
                forking.stdin.write("\n")
                forking.stdin.flush()
                child = int(next(line for line in answers if line.isdigit()))
                wait_until_up(port)
                if not tokens:
                    tokens = {cell.code: _token(port, cell) for cell in cells}
                before = len(acknowledged)
                last = clock.today() - dt.timedelta(days=60 * number)
                _save_until_killed(child, port, cells, tokens, acknowledged, last, after=number * 0.003)
                child = 0
                assert len(acknowledged) > before
                with checking.app_context():
                    kept = {(unit, day) for unit, day in db.session.execute(sa.select(Meeting.unit_id, Meeting.held_on))}
                    assert acknowledged <= kept
                    assert store.verify(db.engine) == []
        finally:
            if child:
                os.kill(child, signal.SIGKILL)
            forking.stdin.close()
            forking.wait(20)
    print(f"{len(acknowledged)} meetings acknowledged, {len(kept)} kept")
    assert len(kept) <= len(acknowledged) + ROUNDS * CELLS, "at most the one under way of each secretary is unknown to her"


def _token(port: int, cell: Cell) -> tuple[str, str]:
    """The form's CSRF token and the cookie it belongs to; both outlive the server."""
    browser = Browser(port, cell.cookie)
    return browser.get(f"/meetings/new?unit={cell.code}").hidden("csrf_token"), browser.cookie


def _save_until_killed(
    server: int, port: int, cells: list[Cell], tokens: dict[str, tuple[str, str]], acknowledged: set[tuple[int, dt.date]],
    last: dt.date, *, after: float,
) -> None:  # fmt: skip
    """Each secretary saves meetings one after the other; so many seconds after some twenty of them the server is killed."""
    enough = threading.Event()
    before = len(acknowledged)

    def save(cell: Cell) -> None:
        token, cookie = tokens[cell.code]
        browser = Browser(port, cookie)
        for days in range(50):
            day = last - dt.timedelta(days=days)
            fields = {"csrf_token": token, "kind": "regular", "held_on": day.isoformat(), "chair_id": str(cell.chair_id)}
            try:
                page = browser.post(f"/meetings/new?unit={cell.code}", fields)
            except (OSError, http.client.HTTPException):
                return
            assert page.status == 302, page.text
            acknowledged.add((cell.unit_id, day))
            if len(acknowledged) >= before + 20:
                enough.set()

    with ThreadPoolExecutor(len(cells)) as crowd:
        jobs = [crowd.submit(save, cell) for cell in cells]
        enough.wait(30)
        time.sleep(after)
        os.kill(server, signal.SIGKILL)
        for job in jobs:
            job.result(60)
