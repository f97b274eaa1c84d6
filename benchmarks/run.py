"""One command that measures the pages and the meeting log beside the peers' baselines, interleaved in one run.

    .venv/bin/python -m benchmarks.run --peers FOLDER [--work FOLDER] [APP ...]

FOLDER holds the baselines (`bench.py`, `gen.py`, the hand-written floor, Django admin); --work keeps databases and the peers'
environment between runs. Quote ratios within one run only: absolute figures drift with the machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "benchmark-only-2026"  # noqa: S105 - of a throw-away register


def _register(folder: Path) -> dict[str, object]:
    """The demo commune in a throw-away instance; what the load asks of it."""
    os.environ.update(PARTYREG_INSTANCE=str(folder), PARTYREG_DEMO_PASSWORD=PASSWORD)
    os.environ.pop("PARTYREG_DATABASE_URL", None)
    from partyreg import access, create_app
    from partyreg.cli import main

    if not (folder / "partyreg.db").exists() and main(["demo"]):
        sys.exit("the demo could not be loaded")
    from partyreg.members import queries as members
    from partyreg.org import queries as units

    with create_app().app_context():
        actor = access.system("benchmark").using(access.Permission.MEMBERS_READ)
        day = dt.date(2030, 1, 1)
        rolls = {cell.code: members.roll(actor, cell, day) for cell in units.cells(actor, dt.date(2026, 1, 1))}
    code, roll = min(rolls.items(), key=lambda item: (abs(len(item[1]) - 27), item[0]))
    head = next(entry.member_id for entry in roll if entry.full and not entry.is_guest and not entry.is_away and not entry.abeyance)
    body = {"kind": "extraordinary", "unit": code, "chair_id": head, "notes": "Minutes of the monthly meeting, decisions and tasks."}
    body |= {f"status-{entry.member_id}": "present" for entry in roll if not entry.is_away and not entry.abeyance}
    print(f"meeting of {code}: {len(roll)} on the roll")
    return {
        "cmd": [str(Path(sys.executable).with_name("gunicorn")), "-w2", "-b", "127.0.0.1:{port}", "benchmarks.app:app"],
        "cwd": str(ROOT), "env": {"PARTYREG_INSTANCE": str(folder)},
        "login": "/sign-in", "user": {"username": "tochuc", "password": PASSWORD},
        "work": {"list": "/members", "cell": f"/members?unit={code}", "search": "/members?q=hoang", "detail": f"/members/{head}",
                 "dash": "/targets?year=2025", "xlsx": "/members/export.xlsx"},
        "post": {"form": f"/meetings/new?unit={code}", "action": f"/meetings/new?unit={code}", "expect": 302,
                 "body": f"held_on=@DATE@&{urlencode(body)}&csrf_token=@CSRF@"},
    }  # fmt: skip


def main() -> int:
    """Measure and print; the exit status of the peers' harness."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "partyreg-bench")
    parser.add_argument("apps", nargs="*", default=["hello", "raw", "django-admin", "partyreg"])
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    spec = args.work / "apps.json"
    spec.write_text(json.dumps({"partyreg": _register(args.work / "register")}), encoding="utf-8")
    env = {**os.environ, "BENCH_WORK": str(args.work), "BENCH_APPS": str(spec)}
    harness = args.peers / "bench.py"
    if not (args.work / "venv").exists():
        subprocess.run([sys.executable, str(harness), "setup"], check=True, env=env)
    return subprocess.run([sys.executable, str(harness), "run", *args.apps], check=False, env=env).returncode


if __name__ == "__main__":
    raise SystemExit(main())
