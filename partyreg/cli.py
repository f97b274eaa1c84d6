"""The command line. Exit status: 0 done; 1 refused, the reason on stderr; 2 wrong usage. Acts as a named system actor."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from . import access, clock, create_app, schema, store
from .access import Permission, Role
from .db import db
from .errors import Conflict, NotVisible, RuleBroken

Command = Callable[[argparse.Namespace], int]


class Refused(Exception):
    """The command cannot be carried out; the message says why and what to do."""


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _actor(permission: Permission) -> access.Actor:
    return access.system("dòng lệnh").using(permission)


def _print(value: object) -> None:
    print(value, flush=True)


def _json(value: object) -> None:
    _print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


# -- the register -----------------------------------------------------------------------------------------------------


def _migrate() -> None:
    schema.upgrade(db.engine)


def _is_empty() -> bool:
    from .org.models import Unit

    return db.session.scalar(sa.select(Unit.id).limit(1)) is None


def init(args: argparse.Namespace) -> int:
    """An empty, migrated register with one administrator."""
    import datetime

    from .accounts import actions as accounts
    from .accounts.passwords import one_time
    from .org import actions as org
    from .org.models import UnitKind

    _migrate()
    if not _is_empty():
        raise Refused("Sổ đã có dữ liệu; không khởi tạo lại. Dùng `demo --replace` hoặc một thư mục instance khác.")
    actor = _actor(Permission.ACCOUNTS_MANAGE)
    root = org.found(
        actor, parent=None, kind=UnitKind.COMMUNE, code=args.code, name=args.name, founded_on=args.founded_on or datetime.date(2025, 7, 1)
    )
    password = one_time()
    user = accounts.add_user(actor, username=args.administrator, full_name="Quản trị", password=password)
    accounts.grant(actor, user, Role.ADMINISTRATOR, root, clock.today())
    db.session.commit()
    _print(f"Đã khởi tạo. Tài khoản quản trị: {args.administrator}  mật khẩu: {password}")
    return 0


def demo(args: argparse.Namespace) -> int:
    """The commune of the report."""
    from seeds import commune

    if args.replace:
        store.clear(db.engine)
    _migrate()
    if not _is_empty():
        raise Refused("Sổ đã có dữ liệu. Thêm --replace nếu thật sự muốn xóa hết và nạp dữ liệu minh họa.")
    accounts = commune.load(clock.today(), os.environ.get("PARTYREG_DEMO_PASSWORD") or None)
    db.session.commit()
    db.session.execute(sa.select(1))
    store.analyse(db.engine)
    _print("Đã nạp dữ liệu minh họa (toàn bộ người là hư cấu). Tài khoản:")
    for account in accounts:
        _print(f"  {account.username:24} {account.password:24} {account.role}")
    return 0


def serve(args: argparse.Namespace) -> int:
    """The server, waitress, until it is stopped."""
    from flask import current_app
    from waitress import create_server

    settings = current_app.config
    host, port = settings["PARTYREG_HOST"], int(settings["PARTYREG_PORT"])
    app = current_app._get_current_object()  # type: ignore[attr-defined] # the object behind Flask's proxy
    try:
        server = create_server(app, host=host, port=port, threads=16, ident="partyreg", channel_timeout=60)
    except OSError as error:
        raise Refused(f"Không mở được cổng {port} ({error.strerror}). Đặt PARTYREG_PORT thành cổng khác rồi chạy lại.") from None
    _print(f"Đang phục vụ tại http://{host}:{port}  (Ctrl+C để dừng)")
    server.run()
    return 0


def start(args: argparse.Namespace) -> int:
    """Migrate, load the demo commune into an empty register, serve: what `python3 run.py` does."""
    _migrate()
    if _is_empty():
        demo(argparse.Namespace(replace=False))
    db.session.close()
    return serve(args)


def backup(args: argparse.Namespace) -> int:
    """One consistent file, while the register is in use."""
    _print(store.backup(db.engine, Path(args.folder) if args.folder else store.backups()))
    return 0


def restore(args: argparse.Namespace) -> int:
    """The register is as the backup file says; what stood before is kept beside it."""
    kept = store.restore(db.engine, Path(args.file))
    _migrate()
    _print("Đã phục hồi." + (f" Bản trước khi phục hồi được giữ tại {kept}." if kept else ""))
    return 0


def verify(args: argparse.Namespace) -> int:
    """The audit chain, the constraints and what deeds keep are sound; 1 and the faults otherwise."""
    faults = store.verify(db.engine)
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        _print("Sổ nguyên vẹn: chuỗi nhật ký, ràng buộc và các số liệu dẫn xuất đều khớp.")
    return 1 if faults else 0


# -- figures ----------------------------------------------------------------------------------------------------------


def _unit(code: str | None, permission: Permission) -> Any:
    from .org import queries as units

    if not code:
        return None
    try:
        return units.by_code(_actor(permission), code)
    except NotVisible:
        raise Refused(f"Không có tổ chức mã “{code}”. Xem mã tại trang /units.") from None


def targets(args: argparse.Namespace) -> int:
    """Every target of a year."""
    from .targets import queries

    unit = _unit(args.unit, Permission.TARGETS_READ)
    actor = _actor(Permission.TARGETS_READ)
    year = args.year or clock.today().year
    found = queries.term_results_json(actor) if args.term else queries.results_json(actor, year, args.on, unit)
    if args.json:
        _json(found)
    else:
        for one in found:
            met = {True: "đạt", False: "chưa đạt", None: "chưa đủ số liệu"}[one["met"]]
            value = "–" if one["value"] is None else f"{one['value']:.2f} %".replace(".", ",")
            share = f"{one['part']:>5} / {one['whole']:<5} {value:>10}  {one['comparator']} {one['threshold']} %"
            _print(f"{one['no']:5} {share}  {met}  {one['name']}")
    return 0


def structure(args: argparse.Namespace) -> int:
    """The composition of a committee."""
    from .members.models import Body
    from .targets import structure as composition

    unit = _unit(args.unit, Permission.MEMBERS_READ)
    found = composition.structure(_actor(Permission.MEMBERS_READ), Body(args.body), args.on or clock.today(), unit)
    if args.json:
        _json(found)
    else:
        for line in composition.lines(found):
            _print(line)
    return 0


def report(args: argparse.Namespace) -> int:
    """A report as a file."""
    from .reports import queries

    if args.list or not args.name:
        for name, title in queries.names().items():
            _print(f"{name:12} {title}")
        return 0
    if not args.out:
        raise Refused("Thiếu --out FILE.xlsx (hoặc .csv).")
    out = Path(args.out)
    unit = _unit(args.unit, Permission.REPORTS_READ)
    try:
        content = queries.render(_actor(Permission.REPORTS_READ), args.name, args.year or clock.today().year, unit, out.suffix.lstrip("."))
    except ValueError as error:
        raise Refused(str(error)) from None
    out.write_bytes(content)
    _print(f"Đã ghi {out} ({len(content)} byte).")
    return 0


def export(args: argparse.Namespace) -> int:
    """The members on a day, as a file."""
    from .members import listing

    out = Path(args.file)
    ending = out.suffix.lstrip(".")
    if ending not in ("csv", "xlsx"):
        raise Refused("Tệp xuất phải có đuôi .xlsx hoặc .csv.")
    table = listing.table(_actor(Permission.MEMBERS_EXPORT), listing.Filters(on=args.on or clock.today()))
    out.write_bytes(getattr(table, ending)())
    _print(f"Đã ghi {out} ({len(table.rows)} đảng viên).")
    return 0


# -- users ------------------------------------------------------------------------------------------------------------


def user(args: argparse.Namespace) -> int:
    """Accounts: add, list, disable, reset."""
    from .accounts import actions, queries
    from .accounts.passwords import one_time

    actor = _actor(Permission.ACCOUNTS_MANAGE)
    if args.what == "list":
        for line in queries.listing(actor, clock.today()):
            state = "đã khóa" if line.is_disabled else "đang dùng"
            _print(f"{line.username:24} {state:10} {', '.join(f'{held.role} ({held.unit})' for held in line.grants)}")
        return 0
    if args.what == "add":
        if not args.role or not args.unit:
            raise Refused("Thiếu --role và --unit.")
        unit = _unit(args.unit, Permission.ACCOUNTS_MANAGE)
        password = one_time()
        made = actions.add_user(actor, username=args.name, full_name=args.full_name or args.name, password=password, must_change=True)
        actions.grant(actor, made, Role(args.role), unit, clock.today())
        _print(f"Đã thêm {made.username}, mật khẩu dùng một lần: {password}")
    else:
        known = queries.by_username(args.name or "")
        if known is None:
            raise Refused(f"Không có tài khoản “{args.name}”.")
        if args.what == "disable":
            actions.disable(actor, known)
            _print(f"Đã khóa {known.username}.")
        else:
            _print(f"Mật khẩu mới, dùng một lần: {actions.reset_password(actor, known)}")
    db.session.commit()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="partyreg - sổ đảng viên và tổ chức đảng của một đảng bộ xã")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    add("start", start, "migrate, load the demo into an empty register, serve (what run.py does without a command)")
    one = add("init", init, "an empty register with one administrator")
    one.add_argument("--code", default="dang-bo")
    one.add_argument("--name", default="Đảng bộ xã")
    one.add_argument("--founded-on", type=_day)
    one.add_argument("--administrator", default="quantri")
    add("demo", demo, "the commune of the report, all people invented").add_argument("--replace", action="store_true")
    add("serve", serve, "the server")
    one = add("user", user, "accounts")
    one.add_argument("what", choices=("add", "list", "disable", "reset"))
    one.add_argument("name", nargs="?")
    one.add_argument("--role", choices=[role.value for role in Role if role is not Role.SYSTEM])
    one.add_argument("--unit")
    one.add_argument("--full-name")
    one = add("targets", targets, "the targets of a year, computed from the records")
    one.add_argument("--year", type=int)
    one.add_argument("--on", type=_day)
    one.add_argument("--unit")
    one.add_argument("--term", action="store_true", help="the previous term 2020-2025 instead of a year")
    one.add_argument("--json", action="store_true")
    one = add("structure", structure, "the composition of a committee")
    one.add_argument("--body", default="executive", choices=("executive", "standing", "cell_committee", "inspection"))
    one.add_argument("--on", type=_day)
    one.add_argument("--unit")
    one.add_argument("--json", action="store_true")
    one = add("report", report, "a report as a file")
    one.add_argument("name", nargs="?")
    one.add_argument("--year", type=int)
    one.add_argument("--unit")
    one.add_argument("--out")
    one.add_argument("--list", action="store_true")
    one = add("export", export, "the members as a file")
    one.add_argument("what", choices=("members",))
    one.add_argument("file")
    one.add_argument("--on", type=_day)
    add("backup", backup, "one consistent file, while in use").add_argument("folder", nargs="?")
    add("restore", restore, "the register from a backup file").add_argument("file")
    add("verify", verify, "the audit chain, the constraints and what deeds keep")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; answers the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    args = _parser().parse_args(argv)
    app = create_app()
    with app.app_context():
        try:
            return int(args.run(args))
        except (Refused, RuleBroken, Conflict, store.StoreError) as refusal:
            db.session.rollback()
            print(refusal, file=sys.stderr)
        except OperationalError as error:
            print(f"Cơ sở dữ liệu chưa sẵn sàng: {error.orig}. Chạy `python3 run.py init` hoặc `demo` trước.", file=sys.stderr)
    return 1
