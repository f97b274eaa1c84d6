"""Papers: a Word master filled with facts, and the same paper as PDF/A, made from that Word file so that both say the same.

The masters are the `.docx` files of `templates/papers`; the office changes their wording in Word. What stands in `{{ … }}` is a
fact. Nothing is left blank: a fact that is missing is an error that names it.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import functools
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

MASTERS = Path(__file__).resolve().parent.parent / "templates" / "papers"

#: Times New Roman is what the rules on papers ask for; where a machine has none, the typeface that comes with the program.
_FONTS = ("Times New Roman", "Noto Serif")
_PLAIN_SIZE = 14.0
_CELL_MARGIN = 5.4  # points, which Word takes where a table says nothing
_ON_ONE_PAGE = 20  # a table of so many rows is not torn; of a longer one no page has the head or the total alone
_NO_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_NO_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say

#: What no XML file can hold, and what means nothing on paper.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Image:
    """A picture that a fact is, as PNG, and how wide it is printed, in millimetres."""

    png: bytes
    width_mm: float


class MissingFact(LookupError):
    """The master asks for a fact that was not given; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Văn bản thiếu dữ kiện “{name}”.")
        self.name = name


# -- Word -------------------------------------------------------------------------------------------------------------


def render(master: str, facts: Mapping[str, Any], *, title: str = "", author: str = "", on: dt.date | None = None) -> bytes:
    """The Word file of a master filled with facts; its properties say title, issuer and day. The same facts give the same bytes.

    Raises MissingFact where the master asks for a fact that is not there, is None, or is an empty text.
    """
    paper = _master()(str(MASTERS / f"{master}.docx"))
    paper.render(_given(_placed(paper, facts)), jinja_env=_environment(), autoescape=True)
    _hold_together(paper.docx)
    day = dt.datetime.combine(on, dt.time(), dt.UTC) if on else _NO_DAY
    words = paper.docx.core_properties
    words.title, words.author, words.last_modified_by, words.comments, words.keywords = title[:255], author[:255], author[:255], "", ""
    words.created, words.modified, words.revision, words.language = day, day, 1, "vi-VN"
    out = io.BytesIO()
    paper.save(out)
    return _undated(out.getvalue())


def asked(master: str) -> frozenset[str]:
    """The names of the facts that a master asks for, those under a condition included."""
    return frozenset(_master()(str(MASTERS / f"{master}.docx")).get_undeclared_template_variables(_environment()))


@functools.cache
def _master() -> Any:
    """The class of a master in which every text is prepared once: 33 cells get the same paper with other facts."""
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]

    prepared = functools.lru_cache(maxsize=64)(functools.partial(DocxTemplate.patch_xml, None))

    class Master(DocxTemplate):
        def patch_xml(self, src_xml: str) -> Any:
            return prepared(src_xml)

    return Master


@functools.cache
def _environment() -> Any:
    """Jinja in a sandbox: a master is a file that people edit, and must reach nothing but its facts."""
    from jinja2 import Undefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import SandboxedEnvironment

    def refuse(self: Any, *_args: Any, **_kwargs: Any) -> Any:
        if issubclass(self._undefined_exception, SecurityError):
            raise SecurityError(self._undefined_message)
        raise MissingFact(self._undefined_name or "?")

    asked = ("__str__", "__iter__", "__len__", "__bool__", "__eq__", "__ne__", "__hash__", "__contains__", "__getattr__", "__getitem__",
             "__call__", "__add__", "__radd__", "__html__", "_fail_with_undefined_error")  # fmt: skip
    unknown = type("Unknown", (Undefined,), {"__slots__": (), **dict.fromkeys(asked, refuse)})
    made = SandboxedEnvironment(autoescape=True, undefined=unknown)
    made.from_string = functools.lru_cache(maxsize=64)(made.from_string)  # type: ignore[method-assign, assignment]
    return made


def _placed(paper: Any, value: Any) -> Any:
    """The facts with every picture as the Word file holds it."""
    if isinstance(value, Image):
        from docx.shared import Mm
        from docxtpl import InlineImage

        return InlineImage(paper, io.BytesIO(value.png), width=Mm(value.width_mm))
    if isinstance(value, Mapping):
        return {name: _placed(paper, one) for name, one in value.items()}
    return [_placed(paper, one) for one in value] if isinstance(value, list | tuple) else value


def _given(facts: Mapping[str, Any]) -> Json:
    """The facts without those that say nothing, so that whoever asks for one of these meets an unknown name."""

    def clean(value: Any) -> Any:
        if isinstance(value, Mapping):
            return _given(value)
        if isinstance(value, str):
            return _UNPRINTABLE.sub("", value)
        return [clean(one) for one in value] if isinstance(value, list | tuple) else value

    cleaned = {name: clean(value) for name, value in facts.items()}
    return {name: value for name, value in cleaned.items() if value is not None and value != ""}


def _hold_together(paper: Any) -> None:
    """The rows of each table that has a head stay on a page with the next one, as far as a reader wants them to."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for table in paper.element.body.xpath(".//w:tbl[w:tr/w:trPr/w:tblHeader]"):
        rows = table.tr_lst
        for row in rows[:-1] if len(rows) <= _ON_ONE_PAGE else [*rows[:3], *rows[-3:-1]]:
            for paragraph in row.iter(qn("w:p")):
                paragraph.get_or_add_pPr().keepNext_val = True
        for row in rows:
            if not row.xpath("./w:trPr/w:cantSplit"):
                row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def _undated(docx: bytes) -> bytes:
    """The same parts, without the moment at which they were packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in packed.namelist():
            part = zipfile.ZipInfo(name, _NO_MOMENT)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            again.writestr(part, packed.read(name))
    return out.getvalue()


# -- PDF --------------------------------------------------------------------------------------------------------------


def to_pdf(docx: bytes, title: str) -> bytes:
    """The paper as PDF/A-2b, read out of the Word file: the same words, layout, issuer and day. The same file gives the same bytes."""
    import typst

    paper = json.dumps({**layout(docx), "title": title}, ensure_ascii=False)
    made = typst.compile(_PAGE.encode(), format="pdf", font_paths=_typefaces(), sys_inputs={"paper": paper}, pdf_standards=["a-2b"])
    return bytes(made)


@functools.cache
def _typefaces() -> Any:
    import fontpkg_noto_serif  # type: ignore[import-untyped]
    import typst

    folder = str(Path(fontpkg_noto_serif.__file__).parent / "files")
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[folder])


def layout(docx: bytes) -> Json:
    """What stands in a Word file, in the terms of the page below: its page, its paragraphs and tables in order."""
    from docx import Document

    paper = Document(io.BytesIO(docx))
    section = paper.sections[0]
    sides = ("page_width", "page_height", "left_margin", "right_margin", "top_margin", "bottom_margin")
    day = paper.core_properties.created or _NO_DAY
    return {
        "page": {side: _points(getattr(section, side)) for side in sides},
        "is_numbered": "PAGE" in section.header._element.xml,
        "author": paper.core_properties.author,
        "day": [day.year, day.month, day.day],
        "fonts": _FONTS,
        "blocks": list(_blocks(paper, {})),
    }


def text_of(docx: bytes) -> str:
    """The words of a Word file, a line a paragraph, tables cell by cell."""
    return "\n".join(_lines(layout(docx)["blocks"]))


def _lines(blocks: Sequence[Json]) -> Iterator[str]:
    for block in blocks:
        if "rows" in block:
            for row in block["rows"]:
                for cell in row:
                    yield from _lines(cell["blocks"])
        else:
            yield "".join(run["text"] for run in block["runs"])


#: How paragraphs and runs look, by what the file says of them; the cells of a long table all say the same.
_Looks = dict[tuple[bytes, ...], Json]


def _blocks(holder: Any, looks: _Looks) -> Iterator[Json]:
    from docx.table import Table

    for part in holder.iter_inner_content():
        yield _table(part, looks) if isinstance(part, Table) else _paragraph(part, looks)


def _table(table: Any, looks: _Looks) -> Json:
    from docx.table import _Cell

    rows = [
        [{"span": cell.grid_span, "blocks": list(_blocks(_Cell(cell, table), looks))} for cell in row._tr.tc_lst] for row in table.rows
    ]  # fmt: skip
    is_ruled = "Grid" in (table.style.name if table.style is not None else "") or bool(table._tbl.xpath("./w:tblPr/w:tblBorders"))
    margin = table._tbl.xpath("./w:tblPr/w:tblCellMar/w:left/@w:w")
    heads = len(table._tbl.xpath("./w:tr[w:trPr/w:tblHeader]"))
    return {
        "widths": [_points(column.width) for column in table.columns], "is_ruled": is_ruled, "rows": rows, "heads": heads,
        "is_torn": len(rows) > _ON_ONE_PAGE or not heads,
        "margin": int(margin[0]) / 20 if margin else _CELL_MARGIN,
    }  # fmt: skip


def _paragraph(paragraph: Any, looks: _Looks) -> Json:
    from docx.text.hyperlink import Hyperlink

    said = _xml(paragraph._p.pPr)
    if (said,) not in looks:
        looks[said,] = _form(paragraph)
    parts = [run for part in paragraph.iter_inner_content() for run in (part.runs if isinstance(part, Hyperlink) else [part])]
    runs = [found for run in parts if (found := _run(paragraph, run, said, looks)) is not None]
    blank = {"text": "\u00a0", "size": 0.0, "bold": False, "italic": False, "underline": False}
    return {**looks[said,], "runs": runs or [{**blank, "size": _size(paragraph, None)}]}


def _xml(element: Any) -> bytes:
    from lxml import etree  # type: ignore[import-untyped]

    return etree.tostring(element) if element is not None else b""


def _form(paragraph: Any) -> Json:
    def form(name: str) -> Any:
        return next((value for one in _styled(paragraph, "paragraph_format") if (value := getattr(one, name)) is not None), None)

    spacing = form("line_spacing")
    return {
        "align": {0: "left", 1: "center", 2: "right", 3: "justify"}.get(form("alignment") or 0, "left"),
        "before": _points(form("space_before")), "after": _points(form("space_after")),
        "left": _points(form("left_indent")), "right": _points(form("right_indent")), "first": _points(form("first_line_indent")),
        "line": spacing if isinstance(spacing, float) else 1.0,
        "stays": bool(form("keep_with_next")), "opens_a_page": bool(form("page_break_before")),
    }  # fmt: skip


def _run(paragraph: Any, run: Any, said: bytes, looks: _Looks) -> Json | None:
    """The words of a run and how they look, or the picture that it holds; None for a run without either."""
    text = run.text
    if not text:
        return _picture(run)
    key = (said, _xml(run._r.rPr))
    if key not in looks:

        def is_set(name: str) -> bool:
            return bool(next((value for one in _styled(paragraph, "font", run) if (value := getattr(one, name)) is not None), False))

        looks[key] = {"size": _size(paragraph, run), **{name: is_set(name) for name in ("bold", "italic", "underline")}}
    return {"text": text.replace("\t", "\u2003"), **looks[key]}


def _picture(run: Any) -> Json | None:
    """The picture of a run inside an SVG, which is text and so can travel with the words; None where it has none."""
    found = run._r.xpath("./w:drawing/wp:inline")
    if not found:
        return None
    part = run.part.related_parts[found[0].graphic.graphicData.pic.blipFill.blip.embed]
    width, height = _points(found[0].extent.cx), _points(found[0].extent.cy)
    data = f"data:{part.content_type};base64,{base64.b64encode(part.blob).decode()}"
    size = f'width="{width}" height="{height}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="{data}"/></svg>'
    return {"picture": svg, "width": width, "text": "", "size": _PLAIN_SIZE}


def _size(paragraph: Any, run: Any) -> float:
    return next((one.size.pt for one in _styled(paragraph, "font", run) if one.size is not None), _PLAIN_SIZE)


def _styled(paragraph: Any, what: str, run: Any = None) -> Iterator[Any]:
    """Where a look may be set, the nearest first: the run and its style, the paragraph, its style and what that builds on."""
    if run is not None:
        yield run.font
    if what == "paragraph_format":
        yield paragraph.paragraph_format
    if run is not None and run._r.style is not None:  # the default style of characters says nothing
        yield from (getattr(style, what) for style in _based(run.style))
    yield from (getattr(style, what) for style in _of_paragraph(paragraph.part, paragraph._p.style))


def _based(style: Any) -> Iterator[Any]:
    while style is not None:
        yield style
        style = style.base_style


@functools.lru_cache(maxsize=8)
def _of_paragraph(part: Any, name: str | None) -> tuple[Any, ...]:
    """A paragraph's style and what it builds on; looking one up in the file is slow, and a paper has two or three."""
    from docx.enum.style import WD_STYLE_TYPE

    return tuple(_based(part.get_style(name, WD_STYLE_TYPE.PARAGRAPH)))


def _points(length: Any) -> float:
    return round(float(length.pt), 2) if length is not None else 0.0


#: One page for every paper. The words arrive as data, never as source, so nothing in them can be read as a command.
_PAGE = r"""
#let paper = json(bytes(sys.inputs.paper))
#let (year, month, day) = paper.day
#set document(title: paper.title, author: paper.author, date: datetime(year: year, month: month, day: day))
#set page(
  width: paper.page.page_width * 1pt, height: paper.page.page_height * 1pt,
  margin: (left: paper.page.left_margin * 1pt, right: paper.page.right_margin * 1pt,
           top: paper.page.top_margin * 1pt, bottom: paper.page.bottom_margin * 1pt),
  header: context if paper.is_numbered and counter(page).get().first() > 1 {
    align(center, text(size: 13pt, counter(page).display()))
  },
)
#set text(font: paper.fonts, lang: "vi", hyphenate: false, top-edge: 0.9em, bottom-edge: -0.25em)
#show regex("[\\d…]+-\\p{Lu}[\\p{Lu}/]*"): box // a paper's number and sign stay on one line
#let shown(run) = if "picture" in run {
  box(image(bytes(run.picture), format: "svg", width: run.width * 1pt)) // in a box, or the paragraph would leave it out
} else {
  let lines = run.text.split("\n").join(linebreak())
  let words = text(
    size: run.size * 1pt, weight: if run.bold { "bold" } else { "regular" }, style: if run.italic { "italic" } else { "normal" }, lines,
  )
  if run.underline { underline(offset: 0.22em, evade: false, words) } else { words }
}
#let paragraph(it) = block(
  width: 100%, above: it.before * 1pt, below: it.after * 1pt, inset: (left: it.left * 1pt, right: it.right * 1pt), sticky: it.stays,
  {
    let size = it.runs.first().size * 1pt
    set align(if it.align == "justify" { left } else if it.align == "center" { center } else if it.align == "right" { right } else { left })
    set par(
      justify: it.align == "justify", leading: (it.line - 1.0) * 1.15 * size, spacing: 0pt,
      first-line-indent: (amount: calc.max(it.first, 0) * 1pt, all: true), hanging-indent: calc.max(-it.first, 0) * 1pt,
    )
    par(it.runs.map(shown).join())
  },
)
#let blocks(list) = for it in list {
  if "rows" in it {
    let kind = if it.is_ruled { table } else { grid }
    let cells(rows) = rows.flatten().map(cell => kind.cell(colspan: cell.span, blocks(cell.blocks)))
    let head = if it.heads > 0 { (kind.header(..cells(it.rows.slice(0, it.heads))),) } else { () }
    block(width: 100%, above: 0pt, below: 0pt, breakable: it.is_ruled and it.is_torn, kind(
      columns: it.widths.map(width => width * 1pt), stroke: if it.is_ruled { 0.5pt } else { none },
      inset: (x: it.margin * 1pt, y: if it.is_ruled { 3pt } else { 0pt }), align: left,
      ..head, ..cells(it.rows.slice(it.heads)),
    ))
  } else { paragraph(it) }
}
#for it in paper.blocks {
  if it.at("opens_a_page", default: false) { pagebreak(weak: true) }
  blocks((it,))
}
"""
