"""The commands that print figures - targets, structure, reports, lists - and how every command speaks."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

from . import access, clock
from .access import Permission
from .errors import NotVisible
from .org import queries as org
from .org.models import Unit

#: The report that is a pack of several files, each by its ending.
YEAR_END = "year-end"


class Refused(Exception):
    """The command cannot be carried out; the message says why and what to do."""


class Usage(Exception):
    """The command was called in a wrong way."""


def system_actor(permission: Permission) -> access.Actor:
    """Who acts when a command does, with the permission named."""
    return access.system("dòng lệnh").using(permission)


def say(value: object) -> None:
    """A line of output, seen at once."""
    print(value, flush=True)


def say_json(value: object) -> None:
    """A plain answer for other programs."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def unit_named(code: str, permission: Permission) -> Unit:
    """The unit of that code. Raises Refused for an unknown one."""
    try:
        return org.by_code(system_actor(permission), code)
    except NotVisible:
        raise Refused(f"Không có tổ chức mã “{code}”. Xem mã tại trang /units.") from None


def _below(args: argparse.Namespace, permission: Permission) -> Unit | None:
    return unit_named(args.unit, permission) if args.unit else None


def targets(args: argparse.Namespace) -> int:
    """Every target of a year."""
    from .targets import queries

    unit = _below(args, Permission.TARGETS_READ)
    actor = system_actor(Permission.TARGETS_READ)
    year = args.year or clock.today().year
    if args.entered:
        return _entered(actor, year, args)
    found = queries.term_results_json(actor) if args.term else queries.results_json(actor, year, args.on, unit)
    if args.json:
        say_json(found)
    else:
        for one in found:
            met = {True: "đạt", False: "chưa đạt", None: "chưa đủ số liệu"}[one["met"]]
            value = "–" if one["value"] is None else f"{one['value']:.2f} %".replace(".", ",")
            share = f"{one['part']:>5} / {one['whole']:<5} {value:>10}  {one['comparator']} {one['threshold']} %"
            say(f"{one['no']:5} {share}  {met}  {one['name']}")
    return 0


def _entered(actor: access.Actor, year: int, args: argparse.Namespace) -> int:
    """The targets that the office enters; they are the whole commune's."""
    from .targets import entry_queries

    if args.unit or args.term:
        raise Usage("--entered là số liệu cả xã của một năm, không dùng cùng --unit, --term")
    if args.json:
        say_json(entry_queries.entered_json(actor, year, args.on))
        return 0
    for one in entry_queries.entered(actor, year, args.on):
        state = {"met": "đạt", "not_met": "chưa đạt", "no_data": "chưa đủ số liệu", "not_due": "chưa đến hạn"}[one.state.value]
        say(f"{one.no:12} {one.value_text or '–':>20}  {one.rule_text or '–':24}  {state}  {one.label}")
    return 0


def structure(args: argparse.Namespace) -> int:
    """The composition of a committee."""
    from .members.models import Body
    from .targets import structure as composition

    unit = _below(args, Permission.MEMBERS_READ)
    found = composition.structure(system_actor(Permission.MEMBERS_READ), Body(args.body), args.on or clock.today(), unit)
    if args.json:
        say_json(found)
    else:
        for line in composition.lines(found):
            say(line)
    return 0


def report(args: argparse.Namespace) -> int:
    """A report as a file."""
    from .reports import queries

    if args.list or not args.name:
        for name, title in {**queries.names(), YEAR_END: "Báo cáo năm trọn bộ (.docx, .pdf, .xlsx)"}.items():
            say(f"{name:16} {title}")
        return 0
    if not args.out:
        raise Usage("thiếu --out FILE.xlsx (hoặc .csv; báo cáo year-end: .docx, .pdf, .xlsx)")
    out = Path(args.out)
    unit = _below(args, Permission.REPORTS_READ)
    actor, year = system_actor(Permission.REPORTS_READ), args.year or clock.today().year
    if args.name == YEAR_END:
        content = year_end(actor, year, args.on, unit, out.suffix.lstrip("."))
    else:
        content = queries.render(actor, args.name, year, unit, out.suffix.lstrip("."))
    out.write_bytes(content)
    say(f"Đã ghi {out} ({len(content)} byte).")
    return 0


def year_end(actor: access.Actor, year: int, on: dt.date | None, unit: Unit | None, ending: str) -> bytes:
    """The whole report of a year in one form. Raises Refused for another ending than .docx, .pdf or .xlsx."""
    from .reports import pack_actions, pack_book, pack_paper, pack_queries

    if ending.lower() not in ("docx", "pdf", "xlsx"):
        raise Refused("Báo cáo year-end chỉ có dạng .docx, .pdf và .xlsx.")
    pack = pack_queries.gather(actor, year, on, unit)
    if ending.lower() == "xlsx":
        return pack_book.workbook(pack)
    word = pack_actions.report(actor, pack)
    return word if ending.lower() == "docx" else pack_paper.pdf(word, pack)


def export(args: argparse.Namespace) -> int:
    """The members on a day, as a file."""
    from .members import listing

    out = Path(args.file)
    ending = out.suffix.lstrip(".")
    if ending not in ("csv", "xlsx"):
        raise Refused("Tệp xuất phải có đuôi .xlsx hoặc .csv.")
    table = listing.table(system_actor(Permission.MEMBERS_EXPORT), listing.Filters(on=args.on or clock.today()))
    out.write_bytes(getattr(table, ending)())
    say(f"Đã ghi {out} ({len(table.rows)} đảng viên).")
    return 0
