"""Each command: what it does and says, and its exit status."""

from __future__ import annotations

import csv
import json
import socket
import sqlite3
from pathlib import Path

import pytest

from partyreg import cli, clock


def test_a_command_without_a_register_says_what_to_do(run, instance):
    for words in ("targets", "structure", "user list", "verify", "backup", "serve", "report", "export members x.csv"):
        done = run(*words.split())
        assert done.status == 1 and "run.py init" in done.err and done.out == ""
    assert not (instance / "partyreg.db").exists(), "asking makes no database"


@pytest.mark.parametrize(
    "words",
    [
        [], ["nothing"], ["targets", "--year", "x"], ["targets", "--on", "31/02/2026"], ["structure", "--body", "choir"], ["restore"],
        ["user", "add", "x", "--role", "king", "--unit", "u"], ["export", "meetings", "f.csv"], ["init", "--founded-on", "yesterday"],
    ],
)  # fmt: skip
def test_wrong_usage_is_2(run, words):
    done = run(*words)
    assert done.status == 2 and "usage:" in done.err and done.out == ""


@pytest.mark.parametrize("words", [["user", "add", "hoa"], ["user", "disable"], ["user", "reset"], ["report", "targets"]])
def test_a_missing_argument_is_2(run, small, words):
    done = run(*words)
    assert done.status == 2 and "usage:" in done.err and "thiếu" in done.err


def test_help_is_0(run):
    done = run("--help")
    assert done.status == 0
    named = "start init demo serve user targets structure report export backup restore verify".split()
    assert [line.split()[0] for line in done.out.splitlines() if line.startswith("    ") and line[4] != " "] == named


def test_init_makes_an_empty_register_once(run, instance):
    done = run("init", "--code", "xa-thu", "--name", "Đảng bộ xã Thử")
    assert done.status == 0 and "quantri" in done.out and "mật khẩu dùng một lần: " in done.out
    listed = run("user", "list")
    assert listed.status == 0 and "administrator (Đảng bộ xã Thử)" in listed.out
    again = run("init")
    assert again.status == 1 and "không khởi tạo lại" in again.err
    assert run("verify").status == 0
    assert not (instance / "demo.txt").exists()


def test_init_takes_a_typed_password(run, instance, monkeypatch):
    answers = iter(["ruong lua ban Bon xanh", "ruong lua ban Bon xanh", "ngan", "ngan", "mot hai ba bon nam", "khac han"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _text: next(answers))
    done = run("init")
    assert done.status == 0 and "mật khẩu" not in done.out
    for advice in ("14", "không giống nhau"):
        monkeypatch.setenv("PARTYREG_INSTANCE", str(instance / advice.split()[0]))
        refused = run("init")
        assert refused.status == 1 and advice in refused.err


def test_accounts(run, small):
    added = run("user", "add", "hoa.bon", "--role", "secretary", "--unit", "cb-1", "--full-name", "Lò Thị Hoa")
    assert added.status == 0 and "mật khẩu dùng một lần: " in added.out
    assert "secretary (Chi bộ số 1)" in next(line for line in run("user", "list").out.splitlines() if line.startswith("hoa.bon"))
    again = run("user", "add", "hoa.bon", "--role", "secretary", "--unit", "cb-1")
    assert again.status == 1 and "đã có người dùng" in again.err
    nowhere = run("user", "add", "hoa.he", "--role", "secretary", "--unit", "cb-99")
    assert nowhere.status == 1 and "cb-99" in nowhere.err
    assert "hoa.he" not in run("user", "list").out
    assert run("user", "reset", "hoa.bon").out.startswith("Mật khẩu mới, dùng một lần: ")
    assert run("user", "disable", "hoa.bon").status == 0
    assert "đã khóa" in next(line for line in run("user", "list").out.splitlines() if line.startswith("hoa.bon"))
    nobody = run("user", "reset", "nobody")
    assert nobody.status == 1 and "nobody" in nobody.err
    assert run("verify").status == 0


def test_targets_are_plain_json(run, small):
    found = json.loads(run("targets", "--year", "2026", "--unit", "cb-1", "--json").out)
    assert [one["no"] for one in found] == ["21a", "21b", "21c", "21d", "21e", "22", "23a", "23b", "24a", "25a", "25b"]
    names = {"no", "name", "part", "whole", "value", "threshold", "comparator", "met", "on", "period", "citation", "missing"}
    assert all(set(one) == names for one in found)
    admissions = next(one for one in found if one["no"] == "22")
    assert (admissions["part"], admissions["whole"], admissions["value"]) == (0, 3, 0.0)
    assert admissions["met"] is False and admissions["on"] == min(clock.today().isoformat(), "2026-12-31")
    read = run("targets", "--year", "2026")
    assert read.status == 0 and len(read.out.splitlines()) == 11 and "chưa đủ số liệu" in read.out
    assert run("targets", "--term", "--json").status == 0
    entered = json.loads(run("targets", "--year", "2026", "--entered", "--json").out)
    assert len(entered) == 32 and {(one["kind"], one["state"], one["value"]) for one in entered} == {("entered", "no_data", None)}
    assert "≥ 1.535 tấn" in run("targets", "--year", "2026", "--entered").out
    assert run("targets", "--entered", "--unit", "cb-1").status == 2
    for words in (["--year", "1800"], ["--unit", "cb-99"], ["--year", "2026", "--on", "2025-01-01"]):
        refused = run("targets", *words)
        assert refused.status == 1 and refused.err and not refused.out


def test_structure(run, small):
    found = json.loads(run("structure", "--unit", "cb-1", "--body", "cell_committee", "--json").out)
    assert found["total"] == 0 and found["women"] == {"count": 0, "of": 0, "percent": None}
    assert run("structure").status == 0


def test_reports(run, small, tmp_path):
    listed = run("report", "--list")
    assert listed.status == 0 and {"ratings", "targets"} <= {line.split()[0] for line in listed.out.splitlines()}
    for ending, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        file = tmp_path / f"r.{ending}"
        assert run("report", "targets", "--year", "2026", "--out", file).status == 0
        assert file.read_bytes().startswith(start)
    for words in (["targets", "--out", tmp_path / "r.doc"], ["nothing", "--out", tmp_path / "r.csv"]):
        refused = run("report", *words)
        assert refused.status == 1 and refused.err
    for ending, start in (("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
        file = tmp_path / f"year.{ending}"
        assert run("report", "year-end", "--year", "2026", "--out", file).status == 0
        assert file.read_bytes().startswith(start)
    assert "year-end" in listed.out
    refused = run("report", "year-end", "--out", tmp_path / "year.csv")
    assert refused.status == 1 and ".docx" in refused.err
    nowhere = run("report", "targets", "--out", tmp_path / "no" / "r.csv")
    assert nowhere.status == 1 and "r.csv" in nowhere.err


def test_export(run, small, tmp_path):
    done = run("export", "members", tmp_path / "m.csv")
    assert done.status == 0 and "6 đảng viên" in done.out
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 7
    assert "(0 đảng viên)" in run("export", "members", tmp_path / "m.xlsx", "--on", "2010-01-01").out
    refused = run("export", "members", tmp_path / "m.pdf")
    assert refused.status == 1 and ".xlsx" in refused.err


def test_an_older_or_newer_register_is_refused(run, small):
    with sqlite3.connect(small / "partyreg.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    newer = run("targets")
    assert newer.status == 1 and "phiên bản mới hơn" in newer.err


def test_a_bad_setting_is_named(run, monkeypatch):
    monkeypatch.setenv("PARTYREG_DATABASE_URL", "oracle+nothing://x")
    done = run("verify")
    assert done.status == 1 and "PARTYREG_DATABASE_URL" in done.err
    monkeypatch.setenv("PARTYREG_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2")
    done = run("verify")
    assert done.status == 1 and "Cơ sở dữ liệu" in done.err


def test_a_damaged_database_file_is_named(run, instance):
    instance.mkdir()
    (instance / "partyreg.db").write_bytes(b"this is no database, " * 500)
    done = run("verify")
    assert done.status == 1 and "not a database" in done.err


# -- the server -------------------------------------------------------------------------------------------------------


def test_a_taken_port_is_said_in_one_sentence(run, small, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("PARTYREG_PORT", port)
        done = run("serve")
    assert done.status == 1 and port in done.err and "PARTYREG_PORT" in done.err and len(done.err.splitlines()) == 1


@pytest.mark.parametrize("port", ["abc", "70000", "0"])
def test_a_port_that_is_none_is_said(run, small, monkeypatch, port):
    monkeypatch.setenv("PARTYREG_PORT", port)
    done = run("serve")
    assert done.status == 1 and "PARTYREG_PORT" in done.err


class FakeServer:
    """Instead of a server that never ends: it serves as long as `happens` lasts."""

    def __init__(self, happens=lambda: None) -> None:
        self.run = happens

    def close(self) -> None:
        """Nothing was opened."""


def test_start_on_an_empty_register_loads_the_demo_first(run, instance, monkeypatch):
    """The demo itself is tested with the seeds; here it is a small one."""
    from partyreg import access
    from partyreg.access import Role
    from partyreg.org import actions as org
    from partyreg.org.models import UnitKind
    from seeds import commune

    def load(today, password):
        actor = access.system("demo")
        org.found(actor, parent=None, kind=UnitKind.COMMUNE, code="muong-chien", name="Đảng bộ xã", founded_on=today)
        return [commune.Account("tochuc", "Ban Tổ chức", Role.ORGANISATION, "muong-chien", password or "random")]

    monkeypatch.setattr(commune, "load", load)
    monkeypatch.setattr(cli, "_listen", FakeServer)
    monkeypatch.setenv("PARTYREG_DEMO_PASSWORD", "ngan")
    weak = run("demo")
    assert weak.status == 1 and "14" in weak.err
    monkeypatch.setenv("PARTYREG_DEMO_PASSWORD", "ruong lua ban Bon xanh")
    done = run("start")
    assert done.status == 0
    order = [done.out.index(word) for word in ("Đang nạp", "tochuc", "ruong lua ban Bon xanh", "organisation", "http://127.0.0.1:8000")]
    assert order == sorted(order)
    assert (instance / "demo.txt").exists(), "the banner's mark"
    again = run("start")
    assert again.status == 0 and "Đang nạp" not in again.out and "http://127.0.0.1:8000" in again.out
    refused = run("demo")
    assert refused.status == 1 and "--replace" in refused.err
    replaced = run("demo", "--replace")
    assert replaced.status == 0 and "before-clear" in replaced.out


def test_a_demo_that_fails_leaves_the_register_as_it_was(run, small, monkeypatch):
    from seeds import commune

    def load(_today, _password):
        raise KeyboardInterrupt

    monkeypatch.setattr(commune, "load", load)
    assert run("demo", "--replace").status == 130
    assert "bithu.cb-2" in run("user", "list").out
    assert run("verify").status == 0

    def too_early(_today, _password):
        raise ValueError("the commune is founded on 2025-07-01")

    monkeypatch.setattr(commune, "load", too_early)
    refused = run("demo", "--replace")
    assert refused.status == 1 and "2025-07-01" in refused.err
    assert not (small / "demo.txt").exists()


def test_an_interrupt_is_no_traceback(run, small, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_listen", lambda: FakeServer(interrupted))
    done = run("serve")
    assert done.status == 130 and "Traceback" not in done.err


def test_the_banner_follows_the_mark(small):
    from tests.robust.register import opened

    for is_demo in (False, True):
        if is_demo:
            Path(small / "demo.txt").touch()
        with opened(small) as app:
            assert app.extensions["partyreg.is_demo"]() is is_demo
