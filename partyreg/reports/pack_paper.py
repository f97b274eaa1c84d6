"""The pack as an official report: Word by the master `year_end_report`, and PDF/A from that Word file."""

from __future__ import annotations

import datetime as dt
import enum
import re
from decimal import Decimal
from typing import Any, NamedTuple

from .. import papers
from ..i18n import fmt_date, fmt_number, label
from ..org.models import Unit, UnitKind
from ..org.queries import committee_name, place_name
from ..ratings.models import Level
from ..rulebook.book import LAW
from ..tables import Table
from ..targets.measures import TERM
from .pack import Pack, Roster, Section, in_vietnamese
from .pack_book import roster_sheet
from .pack_section_queries import SHORT

#: The most names that a list on paper holds; a longer one stands in the workbook.
MOST_NAMED = 300
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII")
_MASTER = "year_end_report"
#: What the report may leave unsaid: a name under the signature that the register does not know.
OPTIONAL = frozenset({"signed_by"})
#: Numbers of columns that the master has a table for, in the report and in its annex.
_SHAPES, _ANNEX_SHAPES = range(4, 10), range(4, 6)


def word(pack: Pack, root: Unit, signer: str | None, today: dt.date) -> bytes:
    """The report as a Word file, dated `today`; `root` is the commune's organisation, `signer` whoever signs, where that is known."""
    with in_vietnamese():
        facts = _facts(pack, root, signer, today)
        return papers.render(_MASTER, facts, title=title(pack), author=_issuer(pack, root), on=today)


def pdf(docx: bytes, pack: Pack) -> bytes:
    """The same report as PDF/A."""
    return papers.to_pdf(docx, title(pack))


def title(pack: Pack) -> str:
    """What the report is called."""
    return f"Báo cáo công tác xây dựng Đảng năm {pack.year} – {pack.unit_name}"


class _Words(NamedTuple):
    """What a report says of the body that makes it: the sign of its number, for whom it is signed, where its copy is kept."""

    sign: str
    on_behalf: str
    keeper: str


_CELL = _Words("…-BC/CB", "T/M CHI BỘ", "chi bộ")
_WORDS = {
    UnitKind.COMMUNE: _Words("…-BC/ĐU", "T/M BAN THƯỜNG VỤ", "Văn phòng Đảng ủy"),
    UnitKind.SECTION: _Words("…-BC/ĐUBP", "T/M ĐẢNG ỦY BỘ PHẬN", "đảng ủy bộ phận"),
}


def _issuer(pack: Pack, root: Unit) -> str:
    return committee_name(root) if pack.is_commune else re.sub(r"^Đảng bộ\b", "Đảng ủy", pack.unit_name)


def _facts(pack: Pack, root: Unit, signer: str | None, today: dt.date) -> dict[str, Any]:
    superior = LAW.find("paper.superior", today)
    above = str(superior.value if superior else "") if pack.is_commune else committee_name(root)
    words = _WORDS.get(pack.kind, _CELL)
    gaps = sum(len(section.gaps) for section in pack.sections)
    before = dt.date.fromisoformat(pack.parameters["compared_with"])
    opening = [
        f"{_issuer(pack, root)} báo cáo công tác tổ chức xây dựng Đảng năm {pack.year}. Số liệu tính từ sổ đảng viên và tổ chức đảng "
        f"đến ngày {fmt_date(pack.day)}, so sánh với ngày {fmt_date(before)}; kết quả xếp loại so sánh với năm {pack.year - 1}.",
        f"Báo cáo có {gaps} chỗ chưa đủ số liệu, ghi rõ (chữ nghiêng) ở từng mục." if gaps else "Các mục của báo cáo đều đủ số liệu.",
    ]  # fmt: skip
    return {
        "superior": above.upper() or None, "organisation": _issuer(pack, root).upper(), "sign": words.sign,
        "place": place_name(root), "date_text": f"ngày {today.day:02d} tháng {today.month:02d} năm {today.year}",
        "about": f"công tác tổ chức xây dựng Đảng năm {pack.year}", "opening": opening,
        "sections": [_section(number, section) for number, section in enumerate(pack.sections)],
        "recipient": above or "Như trên", "keeper": words.keeper,
        "on_behalf": words.on_behalf, "signer_title": "BÍ THƯ", "signed_by": signer,
        "checked": f"Mã kiểm tra số liệu (SHA-256): {pack.sha256}",
        "annexes": [_annex(roster) for roster in pack.rosters],
    }  # fmt: skip


def _section(number: int, section: Section) -> dict[str, Any]:
    return {
        "title": f"{_ROMAN[number]}. {section.title}",
        "lines": [text.replace(" %", "\u00a0%") for text in (*(line.text for line in section.lines), *section.notes)],
        "gaps": list(section.gaps),
        "tables": [_table(table) for table in section.tables],
        "charts": [{"title": one.title, "image": papers.Image(one.png, 165), "text": one.text} for one in section.charts],
    }  # fmt: skip


def _table(table: Table) -> dict[str, Any]:
    rows = [[_words(cell, column.kind) for column, cell in zip(table.columns, row.cells, strict=True)] for row in table.rows]
    if table.totals and rows:
        keys = [column.key for column in table.columns]
        sums = {key: sum(row.cells[keys.index(key)] or 0 for row in table.rows) for key in table.totals}
        rows.append([" ", "Tổng cộng", *(_words(sums[key], "number") if key in sums else " " for key in keys[2:])])
    return _shaped(table.title, [str(column.label) for column in table.columns], rows, _SHAPES)


def _shaped(name: str, head: list[str], rows: list[list[str]], shapes: range) -> dict[str, Any]:
    """The master has a table for each number of columns; it shows none where there is no row."""
    if len(head) not in shapes:
        raise ValueError(f"{name}: the master has no table of {len(head)} columns")
    return {"title": name, "shape": str(len(head)) if rows else "0", "head": head, "rows": rows}


def _annex(roster: Roster) -> dict[str, Any]:
    """The shorter side of a list by name: those who count, or those who do not; nobody reads eight hundred names to find thirty."""
    counts = [row for row in roster.rows if row.in_part]
    rest = [row for row in roster.rows if not row.in_part]
    lacks = sum(row.lacks for row in rest)
    names_part = roster.goal is not None or roster.counts == "22" or len(counts) <= len(rest)
    shown = counts if names_part else rest
    if names_part:
        note = f"Tính vào tử số: {fmt_number(len(counts))}"
    else:
        note = f"Không tính vào tử số: {fmt_number(len(rest))}" + (f", trong đó {lacks} thiếu số liệu" if lacks else "")
    note += f"; danh sách đầy đủ của chỉ tiêu ở trang tính “{roster_sheet(roster.no)}” của tệp Excel."
    if len(shown) > MOST_NAMED:
        note, shown = f"{note} Danh sách dài hơn {MOST_NAMED} dòng nên không in ở đây.", []
    columns = [(at, roster.table.columns[at]) for at in roster.printed(counted=names_part)]
    head = ["STT", *(str(column.label) for _at, column in columns)]
    rows = [
        [str(number), *(_words(_short(row.cells[at]), column.kind) for at, column in columns)] for number, row in enumerate(shown, 1)
    ]  # fmt: skip
    name = roster.table.title.removeprefix(f"{roster.no} ")
    return {**_shaped(f"Chỉ tiêu {roster.no}: {name}" if roster.no != TERM else name, head, rows, _ANNEX_SHAPES), "note": note}


def _short(cell: Any) -> Any:
    return SHORT[cell] if isinstance(cell, Level) else cell


def _words(cell: Any, kind: str) -> str:
    """A cell as paper shows it; a dash where there is nothing, so that nobody takes it for forgotten."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, enum.Enum):
        return label(cell)
    if isinstance(cell, dt.date):
        return fmt_date(cell)
    if isinstance(cell, int | Decimal):
        return fmt_number(cell, 2 if kind == "percent" else 0)
    return str(cell)
