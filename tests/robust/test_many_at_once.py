"""All secretaries of the commune press the button in the same second."""

from __future__ import annotations

import collections
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from partyreg import clock, store
from partyreg.db import db
from partyreg.meetings.models import Meeting, MeetingAttendance
from tests.robust.browser import Browser, Page, serving
from tests.robust.register import Cell, build, opened

CELLS, MEMBERS = 33, 10


def test_33_secretaries_at_the_same_time(tmp_path):
    """Each sends her form twice at once, and then another form for the same day: 33 meetings, and no error page."""
    cells = build(tmp_path, cells=CELLS, members=MEMBERS)
    today = clock.today()
    gate = threading.Barrier(2 * CELLS)
    took: list[float] = []

    def submit(browser: Browser, cell: Cell, fields: dict[str, str]) -> Page:
        gate.wait(60)
        started = time.perf_counter()
        page = browser.post(f"/meetings/new?unit={cell.code}", fields)
        took.append(time.perf_counter() - started)
        return page

    with serving(tmp_path) as port, ThreadPoolExecutor(2 * CELLS) as crowd:
        jobs = []
        for cell in cells:
            browser = Browser(port, cell.cookie)
            form = browser.get(f"/meetings/new?unit={cell.code}")
            fields = {name: form.hidden(name) for name in ("csrf_token", "client_key", "roll")}
            fields |= {"kind": "regular", "held_on": today.isoformat(), "chair_id": str(cell.chair_id)}
            jobs += [(Browser(port, browser.cookie), cell, fields) for _twice in range(2)]
        pages = list(crowd.map(submit, *zip(*jobs, strict=True)))
        gate.reset()
        again = [(browser, cell, {**fields, "client_key": f"other-{n}"}) for n, (browser, cell, fields) in enumerate(jobs)]
        refused = list(crowd.map(submit, *zip(*again, strict=True)))

    assert collections.Counter(page.status for page in pages) == {302: 2 * CELLS}
    assert len({page.location for page in pages}) == CELLS, "both answers lead to the same meeting"
    assert {page.status for page in refused} == {409}
    first = sorted(took[: 2 * CELLS])
    print(f"66 submissions: median {statistics.median(first):.3f} s, p95 {first[int(len(first) * 0.95)]:.3f} s, max {first[-1]:.3f} s")
    with opened(tmp_path):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == CELLS
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MeetingAttendance)) == CELLS * MEMBERS
        assert store.verify(db.engine) == []
