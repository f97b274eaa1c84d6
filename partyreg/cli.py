"""The command line. Exit status: 0 done; 1 refused, the reason on stderr; 2 wrong usage. Acts as a named system actor."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import errno
import getpass
import logging
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import ArgumentError, DBAPIError

from . import clock, create_app, schema, store
from .access import Permission, Role
from .cli_figures import Refused, Usage, export, report, say, structure, system_actor, targets, unit_named
from .db import db, read_only
from .errors import Conflict, RuleBroken

Command = Callable[[argparse.Namespace], int]


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” không phải ngày; ghi năm-tháng-ngày, ví dụ 2026-11-23") from None


# -- the register -----------------------------------------------------------------------------------------------------


def _is_empty() -> bool:
    from .org.models import Unit

    with db.engine.connect() as connection:  # not the session, which would stay and hold up the migration
        return connection.scalar(sa.select(Unit.id).limit(1)) is None


def _chosen_password() -> str | None:
    """What the administrator types at a keyboard; None when she leaves it to the program, or when there is no keyboard."""
    if not sys.stdin or not sys.stdin.isatty():
        return None
    password = getpass.getpass("Mật khẩu cho tài khoản quản trị (để trống: máy tự tạo): ")
    if password and getpass.getpass("Nhập lại: ") != password:
        raise Refused("Hai lần nhập không giống nhau. Hãy chạy lại.")
    return password or None


def init(args: argparse.Namespace) -> int:
    """An empty, migrated register with one administrator."""
    from .accounts import actions as accounts
    from .accounts.passwords import one_time
    from .org import actions as org
    from .org.models import UnitKind

    schema.upgrade(db.engine)
    if not _is_empty():
        raise Refused("Sổ đã có dữ liệu nên không khởi tạo lại. Dùng một thư mục khác (PARTYREG_INSTANCE) hoặc `demo --replace`.")
    chosen = _chosen_password()
    actor = system_actor(Permission.ACCOUNTS_MANAGE)
    day = args.founded_on or dt.date(2025, 7, 1)
    root = org.found(actor, parent=None, kind=UnitKind.COMMUNE, code=args.code, name=args.name, founded_on=day)
    password = chosen or one_time()
    user = accounts.add_user(actor, username=args.administrator, full_name="Quản trị", password=password, must_change=chosen is None)
    accounts.grant(actor, user, Role.ADMINISTRATOR, root, clock.today())
    db.session.commit()
    store.mark_demo()
    say(f"Đã khởi tạo sổ trống. Tài khoản quản trị: {user.username}" + ("" if chosen else f"  mật khẩu dùng một lần: {password}"))
    return 0


def demo(args: argparse.Namespace) -> int:
    """The commune of the report; when that fails, the register is as it was."""
    from seeds import commune

    from .accounts import passwords

    wanted = str(current_app.config["PARTYREG_DEMO_PASSWORD"]) or None
    if wanted and (faults := passwords.faults(wanted, username="", field="password")):
        raise RuleBroken(faults)
    kept = store.clear(db.engine) if args.replace else None
    schema.upgrade(db.engine)
    if not _is_empty():
        raise Refused("Sổ đã có dữ liệu. Thêm --replace nếu thật sự muốn thay tất cả bằng dữ liệu minh họa (bản cũ được sao lưu trước).")
    say("Đang nạp dữ liệu minh họa: 33 chi bộ, 876 đảng viên (khoảng 20 giây) ...")
    try:
        with _ticking():
            accounts = commune.load(clock.today(), wanted)
            db.session.commit()
    except BaseException as error:
        db.session.rollback()
        if kept:
            store.restore(db.engine, kept)
        if isinstance(error, ValueError):
            raise Refused(str(error)) from None
        raise
    store.analyse(db.engine)
    store.mark_demo()
    say("Đã nạp dữ liệu minh họa (toàn bộ người là hư cấu)." + (f" Bản trước đó được giữ tại {kept}." if kept else ""))
    say("Tài khoản:               mật khẩu:                vai trò:")
    for account in accounts:
        say(f"  {account.username:<22} {account.password:<24} {account.role}")
    return 0


@contextlib.contextmanager
def _ticking() -> Iterator[None]:
    """Inside the block a person at the screen sees a dot a second."""
    done = threading.Event()

    def tick() -> None:
        while not done.wait(1):
            print(".", end="", file=sys.stderr, flush=True)

    if not sys.stderr.isatty():
        yield
        return
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
        print(file=sys.stderr)


def _listen() -> Any:
    """waitress at the address of the settings, not yet serving. Raises Refused where that address cannot be had."""
    from waitress import create_server

    host, port = current_app.config["PARTYREG_HOST"], str(current_app.config["PARTYREG_PORT"])
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Refused(f"PARTYREG_PORT phải là số từ 1 đến 65535, không phải “{port}”.")
    app = current_app._get_current_object()  # type: ignore[attr-defined] # the object behind Flask's proxy
    limits = {"threads": 16, "channel_timeout": 60, "max_request_body_size": 8 * 1024 * 1024, "connection_limit": 500}
    try:
        return create_server(app, host=host, port=int(port), ident="partyreg", **limits)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(f"Cổng {port} đang có chương trình khác dùng. Đặt PARTYREG_PORT thành cổng khác rồi chạy lại.") from None
        raise Refused(f"Không mở được {host}:{port} ({error.strerror}). Hãy xem lại PARTYREG_HOST và PARTYREG_PORT.") from None
    except ValueError:
        raise Refused(f"Địa chỉ {host}:{port} không dùng được. Hãy xem lại PARTYREG_HOST và PARTYREG_PORT.") from None


def serve(args: argparse.Namespace) -> int:
    """The server, waitress, until it is stopped."""
    if not store.exists(db.engine):
        store.require(db.engine)
    schema.upgrade(db.engine)
    is_demo = store.mark_demo()
    db.session.close()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    server = _listen()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # waitress then lets the requests under way come to their end
    host, port = current_app.config["PARTYREG_HOST"], current_app.config["PARTYREG_PORT"]
    if is_demo:
        say("Sổ minh họa: tài khoản quantri, tochuc, thuongvu, kiemtra, baocao, dangvien, bithu.<mã chi bộ>; mật khẩu đã in lúc nạp")
        say("(quên mật khẩu: `python3 run.py user reset tochuc`).")
    say(f"Đang phục vụ tại http://{f'[{host}]' if ':' in host else host}:{port}  (Ctrl+C để dừng)")
    server.run()  # returns on Ctrl+C
    say("Đã dừng.")
    return 0


def start(args: argparse.Namespace) -> int:
    """Migrate, load the demo commune into an empty register, serve: what `python3 run.py` does."""
    schema.upgrade(db.engine)
    if _is_empty():
        _listen().close()  # a taken port is better known before the wait
        demo(argparse.Namespace(replace=False))
    db.session.close()
    return serve(args)


def backup(args: argparse.Namespace) -> int:
    """One consistent file, while the register is in use."""
    say(store.backup(db.engine, Path(args.folder) if args.folder else store.backups()))
    return 0


def restore(args: argparse.Namespace) -> int:
    """The register is as the backup file says; what stood before is kept beside it."""
    kept = store.restore(db.engine, Path(args.file))
    store.mark_demo()
    say("Đã phục hồi." + (f" Bản trước khi phục hồi được giữ tại {kept}." if kept else ""))
    return 0


def verify(args: argparse.Namespace) -> int:
    """The audit chain, the constraints and what deeds keep are sound; 1 and the faults otherwise."""
    store.snapshot()
    faults = store.verify(db.engine)
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        say("Sổ nguyên vẹn: chuỗi nhật ký, ràng buộc và các số liệu dẫn xuất đều khớp.")
    return 1 if faults else 0


# -- users ------------------------------------------------------------------------------------------------------------


def user(args: argparse.Namespace) -> int:
    """Accounts: add, list, disable, reset."""
    from .accounts import actions, queries
    from .accounts.passwords import one_time

    actor = system_actor(Permission.ACCOUNTS_MANAGE)
    if args.what != "list" and not args.name:
        raise Usage(f"user {args.what}: thiếu tên tài khoản")
    if args.what == "add" and not (args.role and args.unit):
        raise Usage("user add: thiếu --role hoặc --unit")
    if args.what == "list":
        for line in queries.listing(actor, clock.today()):
            state = "đã khóa" if line.is_disabled else "đang dùng"
            say(f"{line.username:24} {state:10} {', '.join(f'{held.role} ({held.unit})' for held in line.grants)}")
        return 0
    if args.what == "add":
        unit = unit_named(args.unit, Permission.ACCOUNTS_MANAGE)
        password = one_time()
        made = actions.add_user(actor, username=args.name, full_name=args.full_name or args.name, password=password, must_change=True)
        actions.grant(actor, made, Role(args.role), unit, clock.today())
        told = f"Đã thêm {made.username}, mật khẩu dùng một lần: {password}"
    else:
        known = queries.by_username(args.name)
        if known is None:
            raise Refused(f"Không có tài khoản “{args.name}”.")
        if args.what == "disable":
            actions.disable(actor, known)
            told = f"Đã khóa {known.username}."
        else:
            told = f"Mật khẩu mới, dùng một lần: {actions.reset_password(actor, known)}"
    db.session.commit()
    say(told)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="partyreg - sổ đảng viên và tổ chức đảng của một đảng bộ xã")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command, text: str, *, reads: bool = False, needs: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run, reads=reads, needs=needs, usage=sub)
        return sub

    add("start", start, "migrate, load the demo into an empty register, serve (what run.py does without a command)", needs=False)
    one = add("init", init, "an empty register with one administrator", needs=False)
    one.add_argument("--code", default="dang-bo")
    one.add_argument("--name", default="Đảng bộ xã")
    one.add_argument("--founded-on", type=_day)
    one.add_argument("--administrator", default="quantri")
    add("demo", demo, "the commune of the report, all people invented", needs=False).add_argument("--replace", action="store_true")
    add("serve", serve, "the server", needs=False)
    one = add("user", user, "accounts")
    one.add_argument("what", choices=("add", "list", "disable", "reset"))
    one.add_argument("name", nargs="?")
    one.add_argument("--role", choices=[role.value for role in Role if role is not Role.SYSTEM])
    one.add_argument("--unit")
    one.add_argument("--full-name")
    one = add("targets", targets, "the targets of a year, computed from the records", reads=True)
    one.add_argument("--year", type=int)
    one.add_argument("--on", type=_day)
    one.add_argument("--unit")
    one.add_argument("--term", action="store_true", help="the previous term 2020-2025 instead of a year")
    one.add_argument("--entered", action="store_true", help="the targets that the office enters by hand, instead of the computed ones")
    one.add_argument("--json", action="store_true")
    one = add("structure", structure, "the composition of a committee", reads=True)
    one.add_argument("--body", default="executive", choices=("executive", "standing", "cell_committee", "inspection"))
    one.add_argument("--on", type=_day)
    one.add_argument("--unit")
    one.add_argument("--json", action="store_true")
    one = add("report", report, "a report as a file", reads=True)
    one.add_argument("name", nargs="?")
    one.add_argument("--year", type=int)
    one.add_argument("--on", type=_day)
    one.add_argument("--unit")
    one.add_argument("--out")
    one.add_argument("--list", action="store_true")
    one = add("export", export, "the members as a file", reads=True)
    one.add_argument("what", choices=("members",))
    one.add_argument("file")
    one.add_argument("--on", type=_day)
    add("backup", backup, "one consistent file, while in use").add_argument("folder", nargs="?")
    add("restore", restore, "the register from a backup file", needs=False).add_argument("file")
    add("verify", verify, "the audit chain, the constraints and what deeds keep", reads=True)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; answers the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = _parser()
    try:
        args = parser.parse_args(argv)
        return _run(args)
    except Usage as wrong:
        print(f"{args.usage.format_usage()}{parser.prog}: {wrong}", file=sys.stderr)
        return 2
    except SystemExit as end:  # argparse has said what was wrong
        return end.code if isinstance(end.code, int) else 1
    except (Refused, RuleBroken, Conflict, store.StoreError) as refusal:
        print(refusal, file=sys.stderr)
    except (DBAPIError, sqlite3.Error) as error:
        print(f"Cơ sở dữ liệu không làm được việc này: {str(getattr(error, 'orig', error)).strip()}.", file=sys.stderr)
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"Không đọc hoặc ghi được {error.filename or 'tệp'}: {error.strerror or error}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Đã dừng.", file=sys.stderr)
        return 130
    return 1


def _run(args: argparse.Namespace) -> int:
    try:
        app = create_app()
    except (ArgumentError, ValueError) as error:
        raise Refused(f"Cấu hình không dùng được: {error}. Hãy xem lại PARTYREG_DATABASE_URL và partyreg.toml.") from None
    with app.app_context():
        token = read_only.set(args.reads)
        try:
            if args.needs:
                store.require(db.engine)
            return int(args.run(args))
        finally:
            db.session.close()
            db.engine.dispose()
            read_only.reset(token)
