"""The year-end pack of the demo commune, and of the same commune grown to more members: seconds a stage, and the memory it took.

    .venv/bin/python -m benchmarks.year_end [--members 876 10000 100000] [--year 2025]

Each size runs in a process and a throw-away register of its own. Members are copied with their postings, standings and levels, so
that the figures grow and their shares stay.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

PASSWORD = "benchmark-only-2026"  # noqa: S105 - of a throw-away register
_COPIED = ("member", "standing_period", "posting", "member_rating")


def _demo(folder: Path) -> None:
    os.environ.update(PARTYREG_INSTANCE=str(folder), PARTYREG_DEMO_PASSWORD=PASSWORD)
    os.environ.pop("PARTYREG_DATABASE_URL", None)
    from partyreg.cli import main

    if main(["demo"]):
        sys.exit("the demo could not be loaded")


def grow(connection: sa.Connection, wanted: int) -> int:
    """The register has at least `wanted` members in all; how many it has. Nobody's deed, so nothing of it is in the audit."""
    from partyreg import schema

    tables = schema.metadata().tables
    person = tables["person"]
    members = connection.scalar(sa.select(sa.func.count()).select_from(tables["member"])) or 0
    step = (connection.scalar(sa.select(sa.func.max(person.c.id))) or 0) + 1
    for number in range(1, -(-wanted // members)):
        for table in (person, *(tables[name] for name in _COPIED)):
            key = "person_id" if "person_id" in table.c else "member_id"
            values: dict[str, Any] = {column.name: column for column in table.c if column.name not in _own_numbers(table)}
            if table.name in ("person", "member"):
                values["id"] = table.c.id + step * number
            else:
                values.pop("id")
                values[key] = table.c[key] + step * number
            own = table.c.id if table.name in ("person", "member") else table.c[key]
            chosen = sa.select(*(value.label(name) for name, value in values.items())).where(
                own < step, own.in_(sa.select(tables["member"].c.id))
            )
            connection.execute(sa.insert(table).from_select(list(values), chosen))
    return connection.scalar(sa.select(sa.func.count()).select_from(tables["member"])) or 0


def _own_numbers(table: sa.Table) -> set[str]:
    """Columns whose values nobody shares, such as a card's number; the copies have none."""
    keys: list[Any] = [*table.indexes, *(one for one in table.constraints if isinstance(one, sa.UniqueConstraint))]
    alone = [next(iter(one.columns)) for one in keys if len(one.columns) == 1 and (isinstance(one, sa.UniqueConstraint) or one.unique)]
    return {column.name for column in alone if column.nullable}


def measure(template: str, wanted: int, year: int) -> None:
    """Print the seconds of every stage for a register of that many members."""
    with tempfile.TemporaryDirectory(prefix="partyreg-year-end-") as work:
        folder = Path(work) / "register"
        shutil.copytree(template, folder)
        os.environ["PARTYREG_INSTANCE"] = str(folder)
        from partyreg import access, create_app, store
        from partyreg.access import Permission
        from partyreg.db import db
        from partyreg.reports import pack_actions, pack_book, pack_paper, pack_queries

        with create_app().app_context():
            with db.engine.begin() as connection:
                have = grow(connection, wanted)
            store.analyse(db.engine)
            actor = access.system("benchmark").using(Permission.REPORTS_READ)
            marks = [time.perf_counter()]
            pack = pack_queries.gather(actor, year)
            marks.append(time.perf_counter())
            book = pack_book.workbook(pack)
            marks.append(time.perf_counter())
            word = pack_actions.report(actor, pack)
            marks.append(time.perf_counter())
            pdf = pack_paper.pdf(word, pack)
            marks.append(time.perf_counter())
        stages = [f"{after - before:.1f}" for before, after in pairwise(marks)]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sizes = " + ".join(f"{len(content) // 1024}" for content in (book, word, pdf))
        named = ", ".join(f"{name} {took}" for name, took in zip(("figures", "workbook", "Word", "PDF"), stages, strict=True))
        print(f"{have:>7} members: {marks[-1] - marks[0]:.1f} s ({named}); {memory} MB; {sizes} KB", flush=True)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, nargs="+", default=[876, 10_000, 100_000])
    parser.add_argument("--year", type=int, default=2025)
    args = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="partyreg-year-end-") as work:
        template = Path(work) / "demo"
        loader = spawn.Process(target=_demo, args=(template,))
        loader.start()
        loader.join()
        for wanted in args.members:
            one = spawn.Process(target=measure, args=(str(template), wanted, args.year))
            one.start()
            one.join()
            if one.exitcode:
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
